//! The answer on top of a report, in sentences.

use crate::experiment::sweep::summary::{About, Swept};
use crate::paired::Credible;
use crate::report::interval::Mean;
use crate::report::lang::{self, Lang, three, together};
use crate::report::sweep::{design_word, luck_percent, no_answer, used, whole_percent};
use crate::scenario::Month;
use crate::sensitivity::LuckShare;
use crate::store::Counts;
use crate::texts::say;

use super::comparison::ComparisonData;
use super::curves::Overall;
use super::question;
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
    let range = say!(lang, "range", low, high);
    format!("{at}{unit} ({range})")
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
    let range = say!(lang, "range", low = first, high = end);
    let some = if months.len() < data.replicates {
        say!(
            lang,
            "formed-some",
            some = months.len(),
            all = data.replicates
        )
    } else {
        String::new()
    };
    Some(format!("{middle} ({range}{some})"))
}

/// When the structures form, and which do not.
fn formed(data: &RunData, lang: Lang) -> String {
    let kinds = [
        ("line", say!(lang, "answer-line")),
        ("circle", say!(lang, "answer-circle")),
        ("axis", say!(lang, "answer-axis")),
        ("plane", say!(lang, "answer-plane")),
    ];
    let (mut form, mut never) = (Vec::new(), Vec::new());
    for (kind, name) in kinds {
        match when(data, kind, lang) {
            None => never.push(name),
            Some(when) => form.push(match kind {
                "line" => say!(lang, "answer-first-line", when),
                "circle" => say!(lang, "answer-first-circle", when),
                "axis" => say!(lang, "answer-first-axis", when),
                _ => say!(lang, "answer-plane-forms", when),
            }),
        }
    }
    if form.is_empty() {
        return say!(lang, "answer-nothing-forms").to_owned();
    }
    let form = form.join(say!(lang, "list-clauses"));
    if never.is_empty() {
        return say!(lang, "answer-forms", form);
    }
    let never = never.join(say!(lang, "answer-list-never"));
    say!(lang, "answer-forms-some", form, never)
}

/// The answer of a run.
pub fn run_answer(data: &RunData, lang: Lang) -> Vec<String> {
    let mut answer = Vec::new();
    let n = data.replicates;
    if let (Some(stock), Some(plane)) = (last(data, "mean_stock"), last(data, "plane_share")) {
        let end = data.name(data.months().saturating_sub(1));
        let (stock, plane) = (
            interval(&stock, 1.0, "", lang),
            interval(&plane, 100.0, " %", lang),
        );
        answer.push(say!(lang, "answer-run-end", end, stock, plane, n));
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
            answer.push(say!(lang, "answer-credit", share, theil, between));
        }
    }
    if let (Some(uptake), Some(benefit)) = (last(data, "uptake"), last(data, "benefit")) {
        let (uptake, benefit) = (
            interval(&uptake, 100.0, " %", lang),
            interval(&benefit, 1.0, "", lang),
        );
        answer.push(say!(lang, "answer-firms", uptake, benefit));
    }
    answer
}

/// Layouts that a sentence names; more would not be read.
const NAMED: usize = 6;

/// What the answer of a comparison does not show: whether a layout is better in everything.
pub fn comparison_answer(data: &ComparisonData, lang: Lang) -> Vec<String> {
    let told = data.pareto.iter().map(|points| {
        let on = points.iter().filter(|p| p.on_front);
        let on: Vec<&str> = on.map(|p| p.layout.as_str()).collect();
        if on.len() == points.len() {
            return say!(lang, "answer-trade-off").to_owned();
        }
        let list = on.join(say!(lang, "list-comma"));
        say!(lang, "answer-front", list)
    });
    told.collect()
}

/// What of a sweep is not in its answer: runs that are not done, points and blocks that lack one.
fn left_out(data: &SweepData<'_>, lang: Lang) -> Option<String> {
    let mut told: Vec<String> = partial(&data.jobs, lang).into_iter().collect();
    let first = data.first();
    let shares = data.overall.iter().map(|one| one.luck);
    let shares = shares.chain(first.map(|first| first.luck));
    if let Some(LuckShare {
        points, dropped, ..
    }) = shares.max_by_key(|share| share.dropped)
        && dropped > 0
    {
        let points = points + dropped;
        told.push(say!(lang, "answer-points-left-out", dropped, points));
    }
    if let Some(sobol) = first.and_then(|first| first.sobol.as_ref())
        && sobol.dropped > 0
    {
        let (dropped, blocks) = (sobol.dropped, sobol.blocks + sobol.dropped);
        told.push(say!(lang, "answer-blocks-left-out", dropped, blocks));
    }
    if let Some(summary) = data.summary() {
        told.extend(used(summary, data.replicates, lang));
        if let Some(first) = first
            && let Some(why) = no_answer(summary, first, lang)
        {
            let why = why.join(say!(lang, "list-semicolon"));
            let about = question::words(&data.swept.about(first.asked), lang);
            told.push(say!(lang, "answer-no-index", about, why));
        }
    }
    (!told.is_empty()).then(|| told.join(say!(lang, "sentence-space")))
}

/// How many runs of a sweep are done, if not all are.
pub fn partial(jobs: &Counts, lang: Lang) -> Option<String> {
    let Counts {
        all: runs,
        done,
        failed,
        missing,
        ..
    } = *jobs;
    (done < runs).then(|| say!(lang, "answer-partial", done, runs, failed, missing))
}

/// The answer of a sweep: what of it is left out, what was run, what matters most for the first outcome, and what
/// the layouts do over all points.
pub fn sweep_answer(data: &SweepData<'_>, lang: Lang) -> Vec<String> {
    let SweepData {
        points, replicates, ..
    } = data;
    let Swept { sweep, layouts, .. } = data.swept;
    let (parameters, layouts) = (sweep.parameters.len(), layouts.len());
    let Counts {
        all: runs, done, ..
    } = data.jobs;
    let kind = design_word(&sweep.design, lang);
    let some = match done < runs {
        true => say!(lang, "answer-sweep-done", done),
        false => String::new(),
    };
    let mut answer: Vec<String> = left_out(data, lang).into_iter().collect();
    answer.push(say!(
        lang,
        "answer-sweep",
        parameters,
        points,
        kind,
        layouts,
        replicates,
        runs,
        some
    ));
    answer.extend(strongest(data, lang));
    if let Some(told) = over(&data.overall, lang) {
        answer.push(told);
        return answer;
    }
    let parts: Vec<String> = data
        .overall
        .iter()
        .take(NAMED)
        .map(|one| {
            let sign = one.of.versus.is_some();
            let [at, low, high] =
                together([one.spread.mean, one.spread.low, one.spread.high], sign);
            let range = say!(lang, "range", low, high);
            let layout = one.of.layout;
            match one.other_sign {
                None => format!("{layout} {at} ({range})"),
                Some(share) => {
                    let share = number(100.0 * share);
                    say!(lang, "answer-other-sign", layout, at, range, share)
                }
            }
        })
        .collect();
    if let Some(first) = data.overall.first() {
        let outcome = super::comparison::outcome_word(lang, first.of.outcome);
        let list = parts.join(say!(lang, "list-semicolon"));
        let luck = luck(&data.overall, lang);
        let told = match first.of.versus {
            None => say!(lang, "answer-points", outcome, list),
            Some(versus) => say!(lang, "answer-points-versus", versus, outcome, list),
        };
        answer.push(told + &luck);
    }
    answer
}

/// What holds over the distributions of the parameters, where the points are draws of them.
fn over(overall: &[Overall<'_>], lang: Lang) -> Option<String> {
    let first = overall.first()?;
    let all = overall.iter().take(NAMED);
    let all: Vec<_> = all.filter_map(|one| Some((one.of, one.over?))).collect();
    let sign = first.of.versus.is_some();
    let one = |(of, over): &(About<'_>, &Credible)| {
        let [low, high] = over.credible;
        let [from, to] = over.luck;
        let [at, low, high] = together([over.mean, low, high], sign);
        let [_, from, to] = together([over.mean, from, to], sign);
        let (range, luck) = (
            say!(lang, "range", low, high),
            say!(lang, "range", low = from, high = to),
        );
        let (layout, share) = (of.layout, whole_percent(over.above_zero));
        match sign {
            false => say!(lang, "answer-over-one", layout, at, range, luck),
            true => say!(lang, "answer-over-effect", layout, at, range, luck, share),
        }
    };
    let list: Vec<String> = all.iter().map(one).collect();
    let list = list.join(say!(lang, "list-semicolon"));
    let shares = all.iter().filter_map(|(of, over)| {
        let [parameters, luck, both] = over.shares?.map(whole_percent);
        let layout = of.layout;
        Some(say!(
            lang,
            "answer-over-share",
            layout,
            parameters,
            luck,
            both
        ))
    });
    let shares: Vec<String> = shares.collect();
    let outcome = super::comparison::outcome_word(lang, first.of.outcome);
    let told = match first.of.versus {
        None => say!(lang, "answer-over", outcome, list),
        Some(versus) => say!(lang, "answer-over-versus", versus, outcome, list),
    };
    let shares = shares.join(say!(lang, "list-semicolon"));
    let shares = say!(lang, "answer-over-shares", list = shares);
    (!all.is_empty()).then(|| told + say!(lang, "sentence-space") + &shares)
}

/// How much of the variance between points is Monte Carlo noise: of the outcome itself, or of what the layouts change.
fn luck(overall: &[Overall<'_>], lang: Lang) -> String {
    let shares = overall
        .iter()
        .take(NAMED)
        .filter_map(|one| Some((one.of, number(luck_percent(one.luck)?))));
    let shares: Vec<_> = shares.collect();
    match shares.first() {
        None => String::new(),
        Some((of, share)) if of.versus.is_none() => say!(lang, "answer-luck", share),
        Some(_) => {
            let shares = shares.iter();
            let shares = shares.map(|(of, share)| format!("{} {share} %", of.layout));
            let list: Vec<String> = shares.collect();
            let list = list.join(say!(lang, "list-semicolon"));
            say!(lang, "answer-luck-versus", list)
        }
    }
}

/// The sentence on the strongest parameter, by the best measure that the design allows. Intervals are spoken of when
/// there are any.
fn strongest(data: &SweepData<'_>, lang: Lang) -> Option<String> {
    let swing = data.by_swing(lang);
    let has = |[_, low, high]: [f64; 3]| low.is_finite() && high.is_finite();
    let words = |found: [f64; 3], sign| {
        if !has(found) {
            return if sign {
                signed(found[0])
            } else {
                number(found[0])
            };
        }
        let [at, low, high] = together(found, sign);
        format!("{at} ({})", say!(lang, "range", low, high))
    };
    let intervals = |some: bool| match some {
        true => say!(lang, "answer-intervals"),
        false => "",
    };
    let measured = data
        .by_variance(lang)
        .map(|found| (found, say!(lang, "answer-by-variance"), false))
        .or_else(|| {
            let found = data.by_effects(lang)?;
            Some((found, say!(lang, "answer-by-effects"), false))
        })
        .or_else(|| {
            let found = data.by_regression(lang)?;
            Some((found, say!(lang, "answer-by-regression"), true))
        });
    let Some(((outcome, parameter, found), measure, sign)) = measured else {
        let (outcome, parameter, found) = swing?;
        let (swing, intervals) = (words(found, true), intervals(has(found)));
        return Some(say!(
            lang,
            "answer-swing",
            parameter,
            outcome,
            swing,
            intervals
        ));
    };
    let value = words(found, sign);
    let swing = swing.filter(|(_, same, _)| *same == parameter);
    Some(match swing {
        None => {
            let intervals = intervals(has(found));
            say!(
                lang,
                "answer-strongest",
                parameter,
                outcome,
                measure,
                value,
                intervals
            )
        }
        Some((.., of_swing)) => {
            let swing = words(of_swing, true);
            let intervals = intervals(has(found) || has(of_swing));
            say!(
                lang,
                "answer-strongest-swing",
                parameter,
                outcome,
                measure,
                value,
                swing,
                intervals
            )
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
                    "By then 50.0 % (50.0 to 50.0) of firms",
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
