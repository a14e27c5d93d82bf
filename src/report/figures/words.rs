//! The answer on top of a report: three sentences with intervals, and one on firms where there are any.

use crate::report::interval::Mean;
use crate::report::lang::{self, Lang, three, together};
use crate::scenario::Month;

use super::comparison::{ComparisonData, EffectRow};
use super::curves::Overall;
use super::run_data::RunData;
use super::sweep::SweepData;

/// A number of an answer: no more than three significant digits, also of thousands.
fn number(value: f64) -> String {
    lang::number(three(value))
}

/// The same with its sign.
fn signed(value: f64) -> String {
    lang::signed(three(value))
}

/// A mean with its 95 % interval.
fn interval(mean: &Mean, scale: f64, unit: &str, lang: Lang) -> String {
    let Some(half) = mean.half_width else {
        return format!("{}{unit}", number(mean.mean * scale));
    };
    let ends = [0.0, -half, half].map(|h| (mean.mean + h) * scale);
    let [at, low, high] = together(ends, false);
    format!("{at}{unit} ({low} {} {high})", lang.of("to", "至"))
}

fn last(data: &RunData, measure: &str) -> Option<Mean> {
    let values = data.national.as_ref()?.get(measure)?.last()?;
    let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    Mean::of(&known)
}

/// When the first structure of a kind forms: median month, earliest and latest; none when it never does.
fn when(data: &RunData, kind: &str, lang: Lang) -> Option<String> {
    let key = (kind.to_owned(), String::new());
    let months: &[Month] = data.first.get(&key).map_or(&[], |months| months);
    let (first, end) = (months.first()?, months.last()?);
    let middle = months[(months.len() - 1) / 2];
    let some = if months.len() < data.replicates {
        match lang {
            Lang::En => format!(", in {} of {} replicates", months.len(), data.replicates),
            Lang::Zh => format!("，{} 次中的 {} 次", data.replicates, months.len()),
        }
    } else {
        String::new()
    };
    Some(format!(
        "{middle} ({first} {} {end}{some})",
        lang.of("to", "至")
    ))
}

/// When the structures form, and which do not.
fn formed(data: &RunData, lang: Lang) -> String {
    let kinds = [
        ("line", lang.of("line", "线")),
        ("circle", lang.of("circle", "圈")),
        ("axis", lang.of("axis", "轴")),
        ("plane", lang.of("plane", "面")),
    ];
    let (mut form, mut never) = (Vec::new(), Vec::new());
    for (kind, name) in kinds {
        match (when(data, kind, lang), lang, kind) {
            (None, ..) => never.push(name),
            (Some(when), Lang::En, "plane") => form.push(format!("the plane in {when}")),
            (Some(when), Lang::En, _) => form.push(format!("the first {name} in {when}")),
            (Some(when), Lang::Zh, "plane") => form.push(format!("面形成于 {when}")),
            (Some(when), Lang::Zh, _) => form.push(format!("首个{name}形成于 {when}")),
        }
    }
    match lang {
        _ if form.is_empty() => lang
            .of(
                "No line, circle, axis or plane forms.",
                "线、圈、轴、面均未形成。",
            )
            .to_owned(),
        Lang::En => {
            let none = if never.is_empty() {
                String::new()
            } else {
                format!("; no {} forms", never.join(" and no "))
            };
            let form = form.join(", ");
            format!("Formation: {form} (median month, earliest to latest replicate){none}.")
        }
        Lang::Zh => {
            let none = if never.is_empty() {
                String::new()
            } else {
                format!("；{}未形成", never.join("、"))
            };
            let form = form.join("，");
            format!("{form}（中位月份，括号内为最早至最晚）{none}。")
        }
    }
}

/// The answer of a run.
pub fn run_answer(data: &RunData, lang: Lang) -> Vec<String> {
    let mut answer = Vec::new();
    let n = data.replicates;
    if let (Some(stock), Some(plane)) = (last(data, "mean_stock"), last(data, "plane_share")) {
        let end = data.month(data.months().saturating_sub(1));
        let (stock, plane) = (
            interval(&stock, 1.0, "", lang),
            interval(&plane, 100.0, " %", lang),
        );
        answer.push(match lang {
            Lang::En => format!("At the end, in {end}, a region holds a stock of {stock} quality-weighted innovations on average, and the plane covers {plane} of the weight of the country (95 % intervals of the mean of {n} replicates)."),
            Lang::Zh => format!("期末（{end}），各地区平均拥有按质量加权的制度创新存量 {stock}；面覆盖全国权重的 {plane}（{n} 次重复均值的 95 % 置信区间）。"),
        });
    }
    if data.structures.is_some() {
        answer.push(formed(data, lang));
    }
    if let (Some(credit), Some(theil), Some(between)) = (
        &data.credit,
        last(data, "theil"),
        last(data, "theil_between"),
    ) {
        let sum = |r: usize, alliance: bool| -> f64 {
            credit
                .iter()
                .filter(|(name, _)| !alliance || name.starts_with("alliance_"))
                .flat_map(|(_, by)| by.values())
                .map(|values| values.get(r).copied().unwrap_or(0.0))
                .sum()
        };
        let shares: Vec<f64> = (0..n)
            .map(|r| sum(r, true) / sum(r, false))
            .filter(|s| s.is_finite())
            .collect();
        if let Some(share) = Mean::of(&shares) {
            let share = interval(&share, 100.0, " %", lang);
            let (theil, between) = (
                interval(&theil, 1.0, "", lang),
                interval(&between, 1.0, "", lang),
            );
            answer.push(match lang {
                Lang::En => format!("Alliances are credited with {share} of all adoptions, which is an account and not an effect; inequality of the stock over regions ends at a Theil index of {theil}, of which {between} lies between areas."),
                Lang::Zh => format!("全部采纳中有 {share} 归功于联盟（这是记账，不是效应）；期末地区间存量的泰尔指数为 {theil}，其中区域之间为 {between}。"),
            });
        }
    }
    if let (Some(uptake), Some(benefit)) = (last(data, "uptake"), last(data, "benefit")) {
        let (uptake, benefit) = (
            interval(&uptake, 100.0, " %", lang),
            interval(&benefit, 1.0, "", lang),
        );
        answer.push(match lang {
            Lang::En => format!("By then {uptake} of the firms have taken a domain up (mean over domains, weighted by size and region), which is worth a benefit of {benefit}."),
            Lang::Zh => format!("届时已采用某领域的企业占 {uptake}（各领域均值，按企业规模与地区权重加权），企业收益为 {benefit}。"),
        });
    }
    answer
}

fn percent(effect: &EffectRow, lang: Lang) -> String {
    match effect.percent() {
        Some([at, low, high]) if low.is_finite() => {
            let [at, low, high] = together([at, low, high], true);
            format!("{at} % ({low} {} {high})", lang.of("to", "至"))
        }
        Some([at, ..]) => format!("{} %", signed(at)),
        None => signed(effect.difference),
    }
}

/// Layouts that a sentence names; more would not be read.
const NAMED: usize = 6;

fn sentence(data: &ComparisonData, outcome: &str, lang: Lang) -> Option<String> {
    sentence_at(data, outcome, data.horizon(), lang)
}

fn sentence_at(
    data: &ComparisonData,
    outcome: &str,
    at: Option<Month>,
    lang: Lang,
) -> Option<String> {
    let layouts = data.layouts.iter().take(NAMED);
    let parts: Vec<String> = layouts
        .filter_map(|layout| {
            let effect = data.effect_at(layout, outcome, ("national", ""), at)?;
            Some(format!("{layout} {}", percent(effect, lang)))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(lang.of("; ", "；")))
}

/// The answer of a comparison.
pub fn comparison_answer(data: &ComparisonData, lang: Lang) -> Vec<String> {
    let end = data.horizon().map(|m| m.to_string()).unwrap_or_default();
    let base = &data.baseline;
    let mut answer = Vec::new();
    if let Some(stock) = sentence(data, "mean_stock", lang) {
        answer.push(match lang {
            Lang::En => format!("Against {base}, in {end} the mean stock of innovations changes by: {stock} (95 % intervals of the paired mean, {} replicates).", data.replicates),
            Lang::Zh => format!("与 {base} 相比，{end} 平均制度创新存量的变化：{stock}（配对均值的 95 % 置信区间，{} 次重复）。", data.replicates),
        });
    }
    if let Some(gap) = sentence(data, "theil_between", lang) {
        answer.push(match lang {
            Lang::En => format!(
                "The gap between areas (Theil between; less is more equal) changes by: {gap}."
            ),
            Lang::Zh => format!("区域之间差距（泰尔指数组间部分，越小越均衡）的变化：{gap}。"),
        });
    }
    if let Some(all) = sentence(data, "theil", lang) {
        let front = data.pareto.as_ref().map(|points| {
            let on: Vec<&str> = points.iter().filter(|p| p.on_front).map(|p| p.layout.as_str()).collect();
            match lang {
                Lang::En if on.len() == points.len() => " No layout beats another in stock, equality and coordination cost at once: the choice is a trade-off.".to_owned(),
                Lang::En => format!(" On the front of stock, equality and coordination: {}.", on.join(", ")),
                Lang::Zh if on.len() == points.len() => "没有一种布局在存量、公平与协调成本上同时占优：这是取舍。".to_owned(),
                Lang::Zh => format!("处于存量、公平、协调成本前沿的是：{}。", on.join("、")),
            }
        });
        answer.push(match lang {
            Lang::En => format!(
                "Inequality of all regions (Theil) changes by: {all}.{}",
                front.unwrap_or_default()
            ),
            Lang::Zh => format!(
                "全部地区不平等（泰尔指数）的变化：{all}。{}",
                front.unwrap_or_default()
            ),
        });
    }
    // By the end all firms may have taken up whatever the layout, so the months of `--horizon` are told too.
    for month in data.horizons() {
        let of = |outcome| sentence_at(data, outcome, Some(month), lang);
        if let (Some(uptake), Some(benefit)) = (of("uptake"), of("benefit")) {
            answer.push(match lang {
                Lang::En => format!("In {month} uptake by firms (the share that took a domain up, in per cent of that of {base}) changes by: {uptake}; the benefit to firms by: {benefit}."),
                Lang::Zh => format!("{month} 企业采用（已采用某领域的企业比例，以占 {base} 该比例的百分比计）的变化：{uptake}；企业收益的变化：{benefit}。"),
            });
        }
    }
    answer
}

/// The word of a design.
fn design(name: &str, lang: Lang) -> &str {
    let zh = match name {
        "grid" => "全因子网格",
        "list" => "列表",
        "random" => "随机抽样",
        "latin-hypercube" => "拉丁超立方",
        "sobol" => "索博尔序列",
        "saltelli" => "萨尔泰利",
        "morris" => "莫里斯",
        name => name,
    };
    lang.of(name, zh)
}

fn counted(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The answer of a sweep: what was run, what matters most for the first outcome, and what the layouts do over
/// all points.
pub fn sweep_answer(data: &SweepData, lang: Lang) -> Vec<String> {
    let to = lang.of("to", "至");
    let SweepData {
        points,
        parameters,
        layouts,
        replicates,
        ..
    } = data;
    let runs = points * *layouts as u64 * u64::from(*replicates);
    let kind = design(&data.design, lang);
    let mut answer = vec![match lang {
        Lang::En => format!(
            "{parameters} parameters were varied over {points} points (design: {kind}), with {layouts} and {replicates} of each: {runs} runs on the same luck.",
            layouts = counted(*layouts as u64, "layout"),
            replicates = counted(u64::from(*replicates), "replicate"),
        ),
        Lang::Zh => format!(
            "{parameters} 个参数在 {points} 个点上变动（设计：{kind}），{layouts} 种布局，各 {replicates} 次重复：共 {runs} 次运行，运气相同。"
        ),
    }];
    answer.extend(strongest(data, lang));
    let parts: Vec<String> = data
        .overall
        .iter()
        .take(NAMED)
        .map(|one| {
            let sign = !one.of.versus.is_empty();
            let [at, low, high] =
                together([one.spread.mean, one.spread.low, one.spread.high], sign);
            format!("{} {at} ({low} {to} {high})", one.of.layout)
        })
        .collect();
    if let Some(first) = data.overall.first() {
        let outcome = super::comparison::outcome_word(lang, &first.of.outcome);
        let list = parts.join(lang.of("; ", "；"));
        let versus = &first.of.versus;
        let luck = luck(&data.overall, lang);
        answer.push(match (lang, versus.is_empty()) {
            (Lang::En, true) => format!("Over the points, {outcome} is: {list} (mean, and the middle 95 % of the points).{}", luck),
            (Lang::En, false) => format!("Against {versus}, the layouts change {outcome} by: {list} (mean over the points, and the middle 95 % of the points).{}", luck),
            (Lang::Zh, true) => format!("各点上{outcome}为：{list}（均值，及各点的中间 95 %）。{}", luck),
            (Lang::Zh, false) => format!("与 {versus} 相比，各布局使{outcome}变化：{list}（各点均值，及各点的中间 95 %）。{}", luck),
        });
    }
    answer
}

/// How much of the variance between single runs is luck: of the outcome itself, or of what the layouts change.
fn luck(overall: &[Overall], lang: Lang) -> String {
    let share = |one: &Overall| one.luck.map(|share| number(100.0 * share));
    let against = overall.iter().take(NAMED).filter_map(|one| {
        let share = share(one)?;
        (!one.of.versus.is_empty()).then(|| format!("{} {share} %", one.of.layout))
    });
    let against: Vec<String> = against.collect();
    match (lang, overall.first().and_then(share)) {
        (_, None) => String::new(),
        (Lang::En, Some(share)) if against.is_empty() => format!(
            " Luck makes {share} % of the variance of the outcome between single runs, the parameters the rest."
        ),
        (Lang::Zh, Some(share)) if against.is_empty() => {
            format!("单次运行之间结果的方差中运气占 {share} %，其余来自参数。")
        }
        (Lang::En, _) => format!(
            " Of the variance of these differences between single pairs of runs, luck makes: {}; the parameters make the rest.",
            against.join("; ")
        ),
        (Lang::Zh, _) => format!(
            "单对运行之间这些差异的方差中，运气占：{}；其余来自参数。",
            against.join("；")
        ),
    }
}

/// The sentence on the strongest parameter, by the best measure that the design allows.
fn strongest(data: &SweepData, lang: Lang) -> Option<String> {
    let to = lang.of("to", "至");
    let swing = data.by_swing(lang);
    let words = |[at, low, high]: [f64; 3], sign| {
        if !(low.is_finite() && high.is_finite()) {
            return if sign { signed(at) } else { number(at) };
        }
        let [at, low, high] = together([at, low, high], sign);
        format!("{at} ({low} {to} {high})")
    };
    let measured = data
        .by_variance(lang)
        .map(|found| {
            (
                found,
                ["its total Sobol index is", "其索博尔总效应指数为"],
                false,
            )
        })
        .or_else(|| {
            let found = data.by_effects(lang)?;
            Some((
                found,
                [
                    "its mean absolute elementary effect is",
                    "其基本效应绝对值的均值为",
                ],
                false,
            ))
        })
        .or_else(|| {
            let found = data.by_regression(lang)?;
            Some((
                found,
                [
                    "its standardised regression coefficient is",
                    "其标准化回归系数为",
                ],
                true,
            ))
        });
    let Some(((outcome, parameter, value), [en, zh], sign)) = measured else {
        let (outcome, parameter, value) = swing?;
        let value = words(value, true);
        return Some(match lang {
            Lang::En => format!(
                "`{parameter}` matters most for {outcome}: from its low to its high values it moves it by {value} (95 % interval)."
            ),
            Lang::Zh => format!(
                "`{parameter}` 对 {outcome} 的影响最大：从低值到高值使其变化 {value}（95 % 置信区间）。"
            ),
        });
    };
    let value = words(value, sign);
    let moved = swing
        .filter(|(_, same, _)| *same == parameter)
        .map(|(.., swing)| {
            let swing = words(swing, true);
            match lang {
                Lang::En => format!(", and from its low to its high values it moves it by {swing}"),
                Lang::Zh => format!("，从低值到高值使其变化 {swing}"),
            }
        });
    let moved = moved.unwrap_or_default();
    Some(match lang {
        Lang::En => format!(
            "`{parameter}` matters most for {outcome}: {en} {value}{moved} (95 % intervals)."
        ),
        Lang::Zh => {
            format!("`{parameter}` 对 {outcome} 的影响最大：{zh} {value}{moved}（95 % 置信区间）。")
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn firms_are_in_the_answer_when_there_are_any() {
        let end = |values: [f64; 3]| vec![vec![0.0; 3], values.to_vec()];
        let mut national = BTreeMap::from([
            ("mean_stock", end([3.0, 4.0, 5.0])),
            ("plane_share", end([0.1, 0.1, 0.1])),
        ]);
        let mut data = RunData {
            start: Some(Month(24_180)),
            replicates: 3,
            national: Some(national.clone()),
            ..RunData::default()
        };
        assert_eq!(run_answer(&data, Lang::En).len(), 1);
        national.insert("uptake", end([0.5, 0.5, 0.5]));
        national.insert("benefit", end([20.0, 20.0, 20.0]));
        data.national = Some(national);
        for (lang, words) in [
            (
                Lang::En,
                [
                    "By then 50.0 % (50.0 to 50.0) of the firms",
                    "a benefit of 20.0",
                ],
            ),
            (
                Lang::Zh,
                ["企业占 50.0 % (50.0 至 50.0)", "企业收益为 20.0"],
            ),
        ] {
            let answer = run_answer(&data, lang);
            let last = answer.last().expect("a sentence");
            assert!(words.iter().all(|w| last.contains(w)), "{last}");
        }
    }
}
