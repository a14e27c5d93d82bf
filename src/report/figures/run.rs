//! The figures of a run.

use std::collections::BTreeMap;

use crate::report::chart::ink::SCALES;
use crate::report::chart::{
    Axis, Chart, Colour, Curves, Dots, Heat, Key, Mark, Panel, Row, Rows, Series, Stack,
};
use crate::report::interval::Mean;
use crate::report::lang::year;
use crate::scenario::tables::Kind;
use crate::scenario::{Month, Scenario};
use crate::world::World;

use super::moran::{Local, Quadrant, local};
use super::names::Names;
use super::run_data::{PlaceHistory, RunData};
use super::{Cell, Csv, Figure};

/// Titles of measures: name, English title, unit, Chinese title, unit, share.
type Words = (&'static str, &'static str, &'static str, &'static str, bool);

const GROWTH: [Words; 4] = [
    (
        "mean_stock",
        "Mean adopted stock",
        "平均制度创新存量",
        "quality-weighted items per region|按质量加权的项数/地区",
        false,
    ),
    (
        "coverage",
        "Places with at least one item",
        "至少采纳一项的地方",
        "share of places|占全部地方的比例",
        true,
    ),
    (
        "plane_share",
        "Plane share",
        "面的覆盖率",
        "share of weight|占全部权重的比例",
        true,
    ),
    (
        "spillover_share",
        "Adoptions credited to other places",
        "归功于其他地方的采纳",
        "share of the month's adoptions|占当月采纳的比例",
        true,
    ),
];

const STRUCTURES: [Words; 4] = [
    (
        "points",
        "Points: open zones",
        "点:已设立的片区",
        "zones|个",
        false,
    ),
    ("lines", "Lines", "线", "formed lines|条", false),
    ("circles", "Circles", "圈", "formed circles|个", false),
    ("axes", "Axes", "轴", "formed axes|条", false),
];

/// All figures of a run, in the order of the report.
pub fn run_figures(
    data: &RunData,
    scenario: Option<&Scenario>,
    world: Option<&World>,
    names: &Names,
) -> Vec<Figure> {
    let moran = match (world, &data.places) {
        (Some(world), Some(history)) => local(world, history),
        _ => Vec::new(),
    };
    vec![
        map(data, scenario, names),
        timeline(data, names),
        measures(
            data,
            names,
            "growth",
            &GROWTH,
            (
                names.lang.of("How the country fills", "全国如何铺开"),
                names
                    .lang
                    .of("S-curves of the run.", "本次运行的 S 形曲线。"),
            ),
        ),
        measures(
            data,
            names,
            "structures",
            &STRUCTURES,
            (
                names
                    .lang
                    .of("Points, lines, circles, axes", "点、线、圈、轴的数量"),
                names.lang.of(
                    "Structures that stand at the end of each month.",
                    "每月末存续的结构数量。",
                ),
            ),
        ),
        batches(data, scenario, names),
        credit(data, names),
        credit_shares(data, names),
        spillovers(data, scenario, names),
        inequality(data, names),
        moran_map(data, scenario, &moran, names),
    ]
}

/// What to do when a table was not kept.
fn without(names: &Names, table: &str, more: &str) -> String {
    match names.lang {
        super::super::Lang::En => format!(
            "The table `{table}` is not in this folder, so this figure cannot be drawn. Run the command at the bottom of this page again{more} and make the report again."
        ),
        super::super::Lang::Zh => format!(
            "本目录中没有数据表 `{table}`,无法绘制此图。请重新运行页末的命令{more},再生成报告。"
        ),
    }
}

fn default_tables(names: &Names) -> &'static str {
    names.lang.of(
        " without --tables (or with this table in its list)",
        "(不带 --tables,或在其列表中加入此表)",
    )
}

/// What is said when the scenario's files are not at hand.
pub fn without_scenario(names: &Names) -> String {
    names
        .lang
        .of(
            "The scenario that was run is not at hand, or its files have changed since, so names and positions of places are not known. Give it with `--scenario PATH`.",
            "找不到当时运行的情景,或其文件已被改动,因此不知道各地的名称和位置。请用 `--scenario 路径` 指明。",
        )
        .to_owned()
}

/// How many replicates, and what the bands are.
fn luck(names: &Names, replicates: usize) -> String {
    match names.lang {
        super::super::Lang::En => format!(
            "Line: mean of {replicates} replicates. Band: the middle 95 % of single replicates (luck only, not the uncertainty of parameters or of the model)."
        ),
        super::super::Lang::Zh => format!(
            "线:{replicates} 次重复的均值。色带:单次重复中间的 95 %(仅反映运气,不含参数与模型的不确定性)。"
        ),
    }
}

/// The axis of the run's months.
fn calendar(data: &RunData) -> Axis {
    Axis {
        from: data.start.map(year),
        to: Some(year(data.month(data.months()))),
        ..Axis::years()
    }
}

/// Months at the start in which inequality says nothing yet, as almost nobody has adopted anything.
pub(super) const EARLY: usize = 24;

/// Leaves out the first months of a path of inequality that is not short.
pub(super) fn later<T>(list: Vec<T>) -> Vec<T> {
    let early = if list.len() > 2 * EARLY { EARLY } else { 0 };
    list.into_iter().skip(early).collect()
}

type Line = Vec<(f64, f64)>;
type Band = Vec<(f64, f64, f64)>;

/// Mean line and band of a measure through time.
pub(super) fn path(data: &RunData, values: &[Vec<f64>]) -> (Line, Band) {
    let mut line = Vec::with_capacity(values.len());
    let mut band = Vec::with_capacity(values.len());
    for (t, values) in values.iter().enumerate() {
        let x = year(data.month(t));
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        // A mean over other replicates than the month before would jump.
        match Mean::of(&known).filter(|_| known.len() == values.len()) {
            Some(mean) => {
                line.push((x, mean.mean));
                band.push((x, mean.low, mean.high));
            }
            None => {
                line.push((x, f64::NAN));
                band.push((x, f64::NAN, f64::NAN));
            }
        }
    }
    (line, band)
}

fn put(csv: &mut Csv, data: &RunData, name: &str, values: &[Vec<f64>]) {
    for (t, values) in values.iter().enumerate() {
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        if let Some(mean) = Mean::of(&known).filter(|_| known.len() == values.len()) {
            csv.row([
                Cell::from(data.month(t)),
                name.into(),
                mean.mean.into(),
                mean.low.into(),
                mean.high.into(),
            ]);
        }
    }
}

fn curves_csv() -> Csv {
    Csv::new(&["month", "measure", "mean", "low", "high"])
}

fn measures(
    data: &RunData,
    names: &Names,
    id: &str,
    list: &[Words],
    (title, about): (&str, &str),
) -> Figure {
    let mut csv = curves_csv();
    let chart = match &data.national {
        None => Err(without(names, "national", default_tables(names))),
        Some(national) => {
            let mut panels = Vec::new();
            for (measure, en, zh, units, share) in list {
                let Some(values) = national.get(measure) else {
                    continue;
                };
                let (line, band) = path(data, values);
                put(&mut csv, data, measure, values);
                let (unit_en, unit_zh) = units.split_once('|').unwrap_or((units, units));
                let unit = names.lang.of(unit_en, unit_zh);
                let y = if *share {
                    Axis::share(unit)
                } else {
                    Axis::new(unit)
                };
                panels.push(Panel::Curves(Curves {
                    title: names.lang.of(en, zh).to_owned(),
                    key: (*measure).to_owned(),
                    x: calendar(data),
                    y: y.starting(0.0),
                    series: vec![Series::line(Colour::Nth(0), line).with_band(band)],
                    rule: None,
                }));
            }
            Ok(Chart {
                legend: Vec::new(),
                panels,
            })
        }
    };
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption: format!("{about} {}", luck(names, data.replicates)),
        chart,
        data: csv,
    }
}

fn timeline(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "scale",
        "item",
        "replicates",
        "of",
        "earliest",
        "median",
        "latest",
    ]);
    let mut rows = Vec::new();
    let mut add = |label: String, kind: &str, item: &str, colour: usize, months: &[Month]| {
        let middle = months.get(months.len().saturating_sub(1) / 2).copied();
        csv.row([
            Cell::from(kind),
            item.into(),
            months.len().into(),
            data.replicates.into(),
            months.first().copied().into(),
            middle.into(),
            months.last().copied().into(),
        ]);
        let at = |month: Option<Month>| month.map_or(f64::NAN, year);
        let some = match months.len() {
            all if all == data.replicates => String::new(),
            some => format!(" ({some}/{})", data.replicates),
        };
        rows.push(Row {
            label: label + &some,
            marks: vec![Mark {
                colour: Colour::Nth(colour),
                at: at(middle),
                low: at(months.first().copied()),
                high: at(months.last().copied()),
                hollow: false,
            }],
        });
    };
    if let Some(national) = &data.national {
        let first = |measure: &str, enough: f64| -> Vec<Month> {
            let Some(values) = national.get(measure) else {
                return Vec::new();
            };
            let mut months: Vec<Month> = (0..data.replicates)
                .filter_map(|r| {
                    let reached = |at: &Vec<f64>| at.get(r).is_some_and(|v| *v >= enough);
                    values.iter().position(reached).map(|t| data.month(t))
                })
                .collect();
            months.sort_unstable();
            months
        };
        add(
            lang.of("Point: first zone opens", "点:首个片区设立").into(),
            "point",
            "",
            0,
            &first("points", 1.0),
        );
        add(
            lang.of("Half of places have an item", "半数地方采纳至少一项")
                .into(),
            "half_covered",
            "",
            5,
            &first("coverage", 0.5),
        );
    }
    let of = |kind: &str, id: &str| -> Vec<Month> {
        let key = (kind.to_owned(), id.to_owned());
        data.first.get(&key).cloned().unwrap_or_default()
    };
    if data.structures.is_some() {
        add(
            lang.of("Line: first", "线:首条").into(),
            "line",
            "",
            5,
            &of("line", ""),
        );
        add(
            lang.of("Circle: first", "圈:首个").into(),
            "circle",
            "",
            4,
            &of("circle", ""),
        );
        for (_, id) in data
            .first
            .keys()
            .filter(|(kind, id)| kind == "axis" && !id.is_empty())
        {
            let label = format!("{}{}", lang.of("Axis: ", "轴:"), names.corridor(id));
            add(label, "axis", id, 1, &of("axis", id));
        }
        if !data.first.contains_key(&("axis".to_owned(), String::new())) {
            add(lang.of("Axis: first", "轴:首条").into(), "axis", "", 1, &[]);
        }
        add(
            lang.of("Plane", "面").into(),
            "plane",
            "",
            2,
            &of("plane", ""),
        );
    }
    let chart = if data.structures.is_none() || data.national.is_none() {
        Err(without(names, "structures", default_tables(names)))
    } else {
        Ok(Chart::plain(Panel::Rows(Rows {
            title: String::new(),
            x: calendar(data),
            rows,
            rule: None,
            bars: false,
        })))
    };
    Figure {
        id: "timeline".to_owned(),
        title: lang
            .of("When the five scales form", "五个尺度何时形成")
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Dot: median month over the replicates in which it formed; bar: earliest to latest of {} replicates. In brackets: in how many replicates it formed, where that is not all. A structure may dissolve and form again; this is its first month. The dates are those of the model with these parameters, not a forecast.",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "圆点:在形成该结构的重复中月份的中位数;横条:{} 次重复中最早至最晚。括号内:并非全部重复都形成时的次数。结构可能消失后再形成,这里是首次。日期取决于模型与参数,不是预测。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

fn batches(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let observed = scenario.map_or(&[][..], |s| &s.observed);
    let mut csv = Csv::new(&[
        "month",
        "simulated_mean",
        "simulated_low",
        "simulated_high",
        "observed",
        "cumulative_mean",
        "cumulative_low",
        "cumulative_high",
        "cumulative_observed",
    ]);
    let chart = match data
        .national
        .as_ref()
        .and_then(|n| n.get("replicated_national"))
    {
        None => Err(without(names, "national", default_tables(names))),
        Some(values) => {
            let mut so_far = vec![0.0; data.replicates];
            let (mut line, mut band, mut marks) = (Vec::new(), Vec::new(), Vec::new());
            let (mut seen, mut seen_marks, mut seen_sum) = (Vec::new(), Vec::new(), 0.0);
            for (t, of_month) in values.iter().enumerate() {
                let (month, x) = (data.month(t), year(data.month(t)));
                so_far
                    .iter_mut()
                    .zip(of_month)
                    .for_each(|(sum, v)| *sum += v);
                let (Some(now), Some(sum)) = (Mean::of(of_month), Mean::of(&so_far)) else {
                    continue;
                };
                line.push((x, sum.mean));
                band.push((x, sum.low, sum.high));
                let real = observed
                    .iter()
                    .find(|(m, _)| *m == month)
                    .map(|(_, items)| f64::from(*items));
                if let Some(items) = real {
                    seen_sum += items;
                    seen.push((x, seen_sum, f64::NAN, f64::NAN));
                    seen_marks.push((x, items, f64::NAN, f64::NAN));
                }
                if now.mean > 0.0 || real.is_some() {
                    marks.push((x, now.mean, now.low, now.high));
                    let cumulative = real.map(|_| seen_sum);
                    csv.row([
                        Cell::from(month),
                        now.mean.into(),
                        now.low.into(),
                        now.high.into(),
                        real.into(),
                        sum.mean.into(),
                        sum.low.into(),
                        sum.high.into(),
                        cumulative.into(),
                    ]);
                }
            }
            let plain = |marks| Series {
                marks,
                ..Series::line(Colour::Nth(0), Vec::new())
            };
            let rings = |marks| Series {
                observed: true,
                ..plain(marks)
            };
            let panel = |title: &str, series| {
                Panel::Curves(Curves {
                    title: title.to_owned(),
                    key: String::new(),
                    x: calendar(data),
                    y: Axis::new(lang.of("innovations", "项")).starting(0.0),
                    series,
                    rule: None,
                })
            };
            let mut legend = vec![Key::new(lang.of("simulated", "模拟"), Colour::Nth(0))];
            if !seen.is_empty() {
                legend.push(Key {
                    name: lang.of("observed", "实际").to_owned(),
                    colour: crate::report::chart::ink::INK,
                    hollow: true,
                });
            }
            Ok(Chart {
                legend,
                panels: vec![
                    panel(
                        lang.of("Replicated nationally, cumulative", "全国复制推广,累计"),
                        vec![
                            Series::line(Colour::Nth(0), line).with_band(band),
                            rings(seen),
                        ],
                    ),
                    panel(
                        lang.of("Each batch", "各批次"),
                        vec![plain(marks), rings(seen_marks)],
                    ),
                ],
            })
        }
    };
    let fit = lang.of(
        " Observed counts are one history: compare them with the band, not with the mean. That they lie in the band does not validate the model.",
        "实际数是一次历史:请与色带而非均值相比。落在色带内并不意味着模型得到验证。",
    );
    Figure {
        id: "batches".to_owned(),
        title: lang
            .of("National replication in batches", "全国分批复制推广")
            .to_owned(),
        caption: luck(names, data.replicates) + fit,
        chart,
        data: csv,
    }
}

/// Mechanisms in the order of the credit that they have, the most first, with their colours.
fn mechanisms(credit: &BTreeMap<String, BTreeMap<i64, Vec<f64>>>) -> Vec<(&str, f64)> {
    let sum = |by_year: &BTreeMap<i64, Vec<f64>>| by_year.values().flatten().sum::<f64>();
    let mut list: Vec<(&str, f64)> = credit
        .iter()
        .map(|(name, by)| (name.as_str(), sum(by)))
        .collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    list.retain(|(_, sum)| *sum > 0.0);
    list
}

/// Mechanisms that have an area of their own; the rest is added up.
const AREAS: usize = 7;

fn credit(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["year", "mechanism", "adoptions_mean", "low", "high"]);
    let chart = match &data.credit {
        None => Err(without(names, "credit", default_tables(names))),
        Some(credit) => {
            let order = mechanisms(credit);
            let mut years: Vec<i64> = credit.values().flat_map(|by| by.keys().copied()).collect();
            years.sort_unstable();
            years.dedup();
            let mean = |name: &str, year: &i64| -> f64 {
                let values = credit.get(name).and_then(|by| by.get(year));
                values.map_or(0.0, |v| {
                    v.iter().sum::<f64>() / data.replicates.max(1) as f64
                })
            };
            for (name, _) in &order {
                for year in &years {
                    let values = credit.get(*name).and_then(|by| by.get(year));
                    if let Some(mean) = values.and_then(|values| Mean::of(values)) {
                        csv.row([
                            Cell::from(year.to_string()),
                            (*name).into(),
                            mean.mean.into(),
                            mean.low.into(),
                            mean.high.into(),
                        ]);
                    }
                }
            }
            let (mut layers, mut legend) = (Vec::new(), Vec::new());
            for (n, (name, _)) in order.iter().take(AREAS).enumerate() {
                let colour = Colour::Nth(n);
                layers.push((colour.rgb(), years.iter().map(|y| mean(name, y)).collect()));
                legend.push(Key::new(names.mechanism(name), colour));
            }
            if order.len() > AREAS {
                let rest = |y: &i64| order[AREAS..].iter().map(|(name, _)| mean(name, y)).sum();
                layers.push((Colour::Grey.rgb(), years.iter().map(rest).collect()));
                legend.push(Key::new(lang.of("all others", "其他"), Colour::Grey));
            }
            Ok(Chart {
                legend,
                panels: vec![Panel::Stack(Stack {
                    title: String::new(),
                    key: String::new(),
                    x: Axis::years(),
                    y: Axis::new(lang.of("adoptions in the year", "当年采纳数")).starting(0.0),
                    xs: years.iter().map(|y| *y as f64).collect(),
                    layers,
                })],
            })
        }
    };
    Figure {
        id: "credit".to_owned(),
        title: lang
            .of(
                "What adoptions responded to, through time",
                "采纳归功于何种机制(逐年)",
            )
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Mean over {} replicates of the credit of each calendar year; the first and last year may be parts of a year. {CREDIT_EN}",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "{} 次重复中各日历年贡献额的均值;首末年可能不足一年。{CREDIT_ZH}",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

const CREDIT_EN: &str = "Each adoption is worth 1 and is split over the terms of its hazard in that month. Credit is an account, not a causal effect: without a mechanism some of its adoptions would come all the same, later. For effects, compare layouts.";
const CREDIT_ZH: &str = "每次采纳计 1,按当月风险率各项的比例分摊。贡献额是记账,不是因果效应:没有某一机制时,部分采纳仍会经由其他途径较晚发生。要看效应,请比较布局。";

fn credit_shares(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["mechanism", "share_mean", "low", "high"]);
    let chart = match &data.credit {
        None => Err(without(names, "credit", default_tables(names))),
        Some(credit) => {
            let total = |name: Option<&str>, r: usize| -> f64 {
                credit
                    .iter()
                    .filter(|(known, _)| name.is_none_or(|name| name == known.as_str()))
                    .flat_map(|(_, by)| by.values())
                    .map(|values| values.get(r).copied().unwrap_or(0.0))
                    .sum()
            };
            let all: Vec<f64> = (0..data.replicates).map(|r| total(None, r)).collect();
            let rows = mechanisms(credit)
                .into_iter()
                .filter_map(|(name, _)| {
                    let share = |r: usize| total(Some(name), r) / all[r];
                    let shares: Vec<f64> = (0..data.replicates)
                        .map(share)
                        .filter(|s| s.is_finite())
                        .collect();
                    let mean = Mean::of(&shares)?;
                    let half = mean.half_width.unwrap_or(f64::NAN);
                    let (low, high) = (mean.mean - half, mean.mean + half);
                    csv.row([Cell::from(name), mean.mean.into(), low.into(), high.into()]);
                    let colour = if name.starts_with("alliance_") {
                        Colour::Nth(1)
                    } else {
                        Colour::Nth(0)
                    };
                    Some(Row {
                        label: names.mechanism(name).to_owned(),
                        marks: vec![Mark {
                            colour,
                            at: mean.mean,
                            low,
                            high,
                            hollow: false,
                        }],
                    })
                })
                .collect();
            Ok(Chart {
                legend: vec![
                    Key::new(lang.of("alliance", "联盟"), Colour::Nth(1)),
                    Key::new(lang.of("other mechanism", "其他机制"), Colour::Nth(0)),
                ],
                panels: vec![Panel::Rows(Rows {
                    title: String::new(),
                    x: Axis::share(
                        lang.of("share of all adoptions of the run", "占全部采纳的比例"),
                    )
                    .starting(0.0),
                    rows,
                    rule: Some(0.0),
                    bars: true,
                })],
            })
        }
    };
    Figure {
        id: "credit-shares".to_owned(),
        title: lang
            .of("Credit by mechanism, whole run", "各机制的贡献份额(全程)")
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Bar: mean over {} replicates of the share of all adoptions; line: 95 % t interval of that mean. {CREDIT_EN}",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "条:{} 次重复中占全部采纳份额的均值;线:该均值的 95 % t 置信区间。{CREDIT_ZH}",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

/// Provinces that are shown in the matrix.
const PROVINCES: usize = 40;

fn spillovers(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["source_province", "target_province", "adoptions"]);
    let chart = match (&data.spillovers, scenario) {
        (None, _) => Err(without(names, "spillovers", default_tables(names))),
        (_, None) => Err(without_scenario(names)),
        (Some(flows), Some(scenario)) => {
            let abroad = lang.of("(gateways)", "(境外口岸)");
            let province: BTreeMap<&str, &str> = scenario
                .places
                .iter()
                .map(|p| {
                    (
                        p.id.as_str(),
                        if p.province.is_empty() {
                            abroad
                        } else {
                            &p.province
                        },
                    )
                })
                .collect();
            let mut between: BTreeMap<(&str, &str), f64> = BTreeMap::new();
            let (mut given, mut taken): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) =
                Default::default();
            for ((source, target), credit) in flows {
                let of = |id: &String| province.get(id.as_str()).copied().unwrap_or("?");
                let (from, to) = (of(source), of(target));
                *between.entry((from, to)).or_default() += credit;
                if from != to {
                    *given.entry(from).or_default() += credit;
                    *taken.entry(to).or_default() += credit;
                }
            }
            for ((from, to), credit) in &between {
                csv.row([Cell::from(*from), (*to).into(), (*credit).into()]);
            }
            let ordered = |by: &BTreeMap<&str, f64>| -> Vec<String> {
                let mut list: Vec<_> = by.iter().map(|(p, sum)| (p.to_string(), *sum)).collect();
                list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                list.into_iter().take(PROVINCES).map(|(p, _)| p).collect()
            };
            let (rows, columns) = (ordered(&given), ordered(&taken));
            let value = |from: &String, to: &String| {
                let key = (from.as_str(), to.as_str());
                // What stays inside a province would outshine all else.
                if from == to {
                    f64::NAN
                } else {
                    between.get(&key).copied().unwrap_or(0.0)
                }
            };
            let values: Vec<Vec<f64>> = rows
                .iter()
                .map(|from| columns.iter().map(|to| value(from, to)).collect())
                .collect();
            let most = values
                .iter()
                .flatten()
                .copied()
                .filter(|v| v.is_finite())
                .fold(0.0, f64::max);
            let shown =
                |list: Vec<String>| list.iter().map(|p| names.province(p).to_owned()).collect();
            Ok(Chart::plain(Panel::Heat(Heat {
                title: String::new(),
                label: lang
                    .of(
                        "Adoptions credited, from row to column",
                        "归功的采纳数:行为来源,列为采纳方",
                    )
                    .to_owned(),
                rows: shown(rows),
                columns: shown(columns),
                values,
                most: if most > 0.0 { most } else { 1.0 },
                texts: Vec::new(),
            })))
        }
    };
    Figure {
        id: "spillovers".to_owned(),
        title: lang
            .of("Spillovers between provinces", "省际溢出")
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Adoptions in the column's province that are credited to places in the row's, over the whole run, mean of {} replicates. Provinces are ordered by what they give (rows) and take (columns). Flows inside a province are left out here; they are in the data. Credit is an account, not an effect.",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "列所在省的采纳中归功于行所在省的数量,全程合计,{} 次重复的均值。行按给出、列按获得的多少排序。省内流量未画出,见数据。贡献额是记账,不是效应。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

fn inequality(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = curves_csv();
    let chart = match &data.national {
        None => Err(without(names, "national", default_tables(names))),
        Some(national) => {
            let mut series = |measure: &str, colour: Colour| {
                let values = national.get(measure).map_or(&[][..], |v| v);
                put(&mut csv, data, measure, values);
                let (line, band) = path(data, values);
                Series::line(colour, later(line)).with_band(later(band))
            };
            let theil = vec![
                series("theil", Colour::Grey),
                series("theil_within", Colour::Nth(0)),
                series("theil_between", Colour::Nth(1)),
            ];
            let others = [
                (
                    lang.of("Gini coefficient of the stock", "存量的基尼系数"),
                    "gini",
                    vec![series("gini", Colour::Nth(0))],
                    Some(0.0),
                ),
                (
                    lang.of("Moran's I of the stock", "存量的莫兰指数 I"),
                    "moran",
                    vec![series("moran", Colour::Nth(0))],
                    None,
                ),
            ];
            let panel = |title: &str, key: &str, unit: &str, series, from| {
                Panel::Curves(Curves {
                    title: title.to_owned(),
                    key: key.to_owned(),
                    x: calendar(data),
                    y: Axis {
                        from,
                        ..Axis::new(unit)
                    },
                    series,
                    rule: Some(0.0),
                })
            };
            let mut panels = vec![panel(
                lang.of(
                    "Theil's T of the stock over regions",
                    "地区间存量的泰尔指数",
                ),
                "theil|theil_within|theil_between",
                lang.of("nats, weighted", "加权"),
                theil,
                Some(0.0),
            )];
            panels.extend(others.map(|(title, key, series, from)| {
                panel(title, key, lang.of("index", "指数"), series, from)
            }));
            Ok(Chart {
                legend: vec![
                    Key::new(
                        lang.of("Theil, all regions", "泰尔指数(全部地区)"),
                        Colour::Grey,
                    ),
                    Key::new(lang.of("within areas", "区域内"), Colour::Nth(0)),
                    Key::new(lang.of("between areas", "区域间"), Colour::Nth(1)),
                ],
                panels,
            })
        }
    };
    Figure {
        id: "inequality".to_owned(),
        title: lang.of("Inequality within and between areas", "区域内与区域间的不平等").to_owned(),
        caption: luck(names, data.replicates)
            + lang.of(
                " Theil's T is the sum of its parts within and between areas. The first two years are in the data and not drawn: almost nobody has anything then.",
                "泰尔指数等于区域内与区域间两部分之和。最初两年几乎各地都没有采纳,只在数据中给出,未画出。",
            ),
        chart,
        data: csv,
    }
}

/// West, south, east and north end of the regions and zones, with a little air.
fn bounds(scenario: &Scenario) -> [f64; 4] {
    let own = |kind| matches!(kind, Kind::Region | Kind::Zone);
    let mut ends = [
        f64::INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NEG_INFINITY,
    ];
    for place in scenario.places.iter().filter(|place| own(place.kind)) {
        ends = [
            ends[0].min(place.lon),
            ends[1].min(place.lat),
            ends[2].max(place.lon),
            ends[3].max(place.lat),
        ];
    }
    let air = ((ends[2] - ends[0]).max(ends[3] - ends[1]) * 0.03).max(0.1);
    [ends[0] - air, ends[1] - air, ends[2] + air, ends[3] + air]
}

/// A dot's radius, by the root of its weight.
fn radius(weight: f64, heaviest: f64) -> f64 {
    1.3 + 6.0 * (weight / heaviest).sqrt()
}

/// Regions on a map, heavy ones at the back.
fn dots(
    scenario: &Scenario,
    ids: &[String],
    colour: impl Fn(usize) -> Option<plotters::style::RGBColor>,
) -> Vec<(f64, f64, f64, plotters::style::RGBColor)> {
    let known: BTreeMap<&str, usize> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| (id.as_str(), n))
        .collect();
    let mut regions: Vec<_> = scenario
        .places
        .iter()
        .filter(|p| p.kind == Kind::Region)
        .collect();
    if regions.is_empty() {
        regions = scenario
            .places
            .iter()
            .filter(|p| p.kind == Kind::Zone)
            .collect();
    }
    regions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
    let heaviest = regions.first().map_or(1.0, |p| p.weight);
    regions
        .iter()
        .filter_map(|p| {
            let colour = colour(*known.get(p.id.as_str())?)?;
            Some((p.lon, p.lat, radius(p.weight, heaviest), colour))
        })
        .collect()
}

/// Months of the static map.
const MAPS: usize = 4;

fn map(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["month", "place", "name", "stock", "scale"]);
    let chart = match (&data.places, scenario) {
        (None, _) => Err(without(names, "places", default_tables(names))),
        (_, None) => Err(without_scenario(names)),
        (Some(history), Some(scenario)) => {
            let last = history.months.len().saturating_sub(1);
            let mut picked: Vec<usize> = (1..=MAPS).map(|n| last * n / MAPS).collect();
            picked.dedup();
            let panels = picked.iter().map(|&at| {
                for (n, id) in history.ids.iter().enumerate() {
                    csv.row([
                        Cell::from(history.months[at]),
                        id.as_str().into(),
                        names.place(id).into(),
                        history.stock[at][n].into(),
                        usize::from(history.scale[at][n]).into(),
                    ]);
                }
                let colour = |n: usize| Some(SCALES[usize::from(history.scale[at][n])]);
                Panel::Dots(Dots {
                    title: history.months[at].to_string(),
                    dots: dots(scenario, &history.ids, colour),
                    bounds: bounds(scenario),
                })
            });
            let panels = panels.collect();
            Ok(Chart {
                legend: scale_legend(names),
                panels,
            })
        }
    };
    Figure {
        id: "map".to_owned(),
        title: lang
            .of("Highest scale of each region", "各地区达到的最高尺度")
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Regions as points sized by weight; colour: median over {} replicates of the highest scale. No boundaries are drawn. The map shows the model with these parameters, not observed adoption.",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "点为地区,大小表示权重;颜色为 {} 次重复中最高尺度的中位数。不绘制边界。图示为给定参数下的模型结果,并非实际采纳情况。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

/// The scales with their colours.
fn scale_legend(names: &Names) -> Vec<Key> {
    let words = [
        names.lang.of("none", "无"),
        names.lang.of("point", "点"),
        names.lang.of("line", "线"),
        names.lang.of("circle", "圈"),
        names.lang.of("axis", "轴"),
        names.lang.of("plane", "面"),
    ];
    let key = |(name, colour): (&str, plotters::style::RGBColor)| Key {
        name: name.to_owned(),
        colour,
        hollow: false,
    };
    words.into_iter().zip(SCALES).map(key).collect()
}

fn moran_map(
    data: &RunData,
    scenario: Option<&Scenario>,
    found: &[Local],
    names: &Names,
) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["place", "name", "local_moran", "class", "agreement"]);
    let chart = match (&data.places, scenario) {
        (None, _) => Err(without(names, "places", default_tables(names))),
        (_, None) => Err(without_scenario(names)),
        (Some(history), Some(scenario)) => {
            let mut classes: Vec<Option<Quadrant>> = vec![None; history.ids.len()];
            for one in found {
                classes[one.place] = Some(one.quadrant);
                let id = &history.ids[one.place];
                csv.row([
                    Cell::from(id.as_str()),
                    names.place(id).into(),
                    one.index.into(),
                    word(one.quadrant).into(),
                    one.agreement.into(),
                ]);
            }
            let colour = |n: usize| classes[n].map(|class| paint(class).rgb());
            let key = |class, en, zh| Key::new(lang.of(en, zh), paint(class));
            Ok(Chart {
                legend: vec![
                    key(Quadrant::HighHigh, "high among high", "高—高"),
                    key(Quadrant::LowLow, "low among low", "低—低"),
                    key(Quadrant::HighLow, "high among low", "高—低"),
                    key(Quadrant::LowHigh, "low among high", "低—高"),
                    key(
                        Quadrant::Unclear,
                        "replicates do not agree",
                        "各次重复不一致",
                    ),
                ],
                panels: vec![Panel::Dots(Dots {
                    title: String::new(),
                    dots: dots(scenario, &history.ids, colour),
                    bounds: bounds(scenario),
                })],
            })
        }
    };
    Figure {
        id: "local-moran".to_owned(),
        title: lang
            .of("Local Moran: like among like?", "局部莫兰图:同类相聚吗?")
            .to_owned(),
        caption: match lang {
            super::super::Lang::En => format!(
                "Stock of each region at the end against the mean, and the same for those whom it hears (W: mean of the layers). A class is shown where at least 95 % of {} replicates agree. This is agreement over luck, not a permutation test: it says nothing of significance in data.",
                data.replicates
            ),
            super::super::Lang::Zh => format!(
                "期末各地区存量与均值相比,及其所听取对象(W 为各层均值)与均值相比。{} 次重复中至少 95 % 一致时才标出类别。这是运气意义上的一致,不是置换检验,不表示数据中的显著性。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

fn word(class: Quadrant) -> &'static str {
    match class {
        Quadrant::HighHigh => "high_high",
        Quadrant::LowLow => "low_low",
        Quadrant::HighLow => "high_low",
        Quadrant::LowHigh => "low_high",
        Quadrant::Unclear => "unclear",
    }
}

fn paint(class: Quadrant) -> Colour {
    match class {
        Quadrant::HighHigh => Colour::Nth(1),
        Quadrant::LowLow => Colour::Nth(0),
        Quadrant::HighLow => Colour::Nth(4),
        Quadrant::LowHigh => Colour::Nth(5),
        Quadrant::Unclear => Colour::Grey,
    }
}

/// The table of places: stock at the end, the months of the scales, what they gave and took.
pub fn places_table(
    history: &PlaceHistory,
    data: &RunData,
    scenario: Option<&Scenario>,
    names: &Names,
) -> Csv {
    let lang = names.lang;
    let heads = [
        lang.of("id", "代码"),
        lang.of("name", "名称"),
        lang.of("province", "省份"),
        lang.of("stock at the end", "期末存量"),
        lang.of("point by", "点"),
        lang.of("line by", "线"),
        lang.of("circle by", "圈"),
        lang.of("axis by", "轴"),
        lang.of("plane by", "面"),
        lang.of("credit given", "给出的贡献"),
        lang.of("credit taken", "获得的贡献"),
    ];
    let mut csv = Csv::new(&heads);
    let (mut given, mut taken): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) = Default::default();
    for ((source, target), credit) in data.spillovers.iter().flatten() {
        *given.entry(source).or_default() += credit;
        *taken.entry(target).or_default() += credit;
    }
    let province: BTreeMap<&str, &str> = scenario
        .iter()
        .flat_map(|s| &s.places)
        .map(|p| (p.id.as_str(), p.province.as_str()))
        .collect();
    let last = history.stock.last();
    for (n, id) in history.ids.iter().enumerate() {
        let reached = history.reached.get(n).copied().unwrap_or_default();
        let rounded = |value: Option<f64>| Cell::from(value.map(|v| (v * 100.0).round() / 100.0));
        let mut cells = vec![
            Cell::from(id.as_str()),
            names.place(id).into(),
            names
                .province(province.get(id.as_str()).copied().unwrap_or(""))
                .into(),
            rounded(last.map(|stock| stock[n])),
        ];
        cells.extend(reached.map(Cell::from));
        cells.push(rounded(
            data.spillovers
                .as_ref()
                .map(|_| given.get(id.as_str()).copied().unwrap_or(0.0)),
        ));
        cells.push(rounded(
            data.spillovers
                .as_ref()
                .map(|_| taken.get(id.as_str()).copied().unwrap_or(0.0)),
        ));
        csv.row(cells);
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_some_replicates_only_is_no_line() {
        let data = RunData {
            start: Some(Month::new(2020, 1)),
            replicates: 2,
            ..RunData::default()
        };
        let (line, band) = path(&data, &[vec![1.0, 3.0], vec![1.0, f64::NAN]]);
        assert_eq!(line[0], (2020.0, 2.0));
        assert!(line[1].1.is_nan());
        assert_eq!(band[0], (2020.0, 1.0, 3.0));
        assert!(band[1].1.is_nan());
    }
}
