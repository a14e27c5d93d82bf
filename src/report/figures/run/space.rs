//! Where: the static map, spillovers between provinces, local Moran statistics.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use crate::report::chart::ink::SCALES;
use crate::report::chart::{Chart, Colour, Dot, Dots, Heat, Key, Panel};
use crate::report::lang::{Lang, number};
use crate::scenario::Scenario;
use crate::scenario::tables::Kind;

use super::super::moran::{Local, Quadrant};
use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{default_tables, without, without_scenario};

/// Provinces that are shown in the matrix.
pub(super) const PROVINCES: usize = 40;

/// Months of the static map.
pub(super) const MAPS: usize = 4;

pub(super) fn spillovers(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["source_province", "target_province", "adoptions"]);
    let chart = match (&data.spillovers, scenario) {
        (None, _) => Err(without(names, "spillovers", default_tables(names))),
        (_, None) => Err(without_scenario(names)),
        (Some(flows), Some(scenario)) => {
            let abroad = lang.of("(gateways)", "（境外口岸）");
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
                        "归功的采纳数：行为来源，列为采纳方",
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
            Lang::En => format!(
                "Adoptions in the column's province that are credited to places in the row's, over the whole run, mean of {} replicates. Provinces are ordered by what they give (rows) and take (columns). Flows inside a province are left out here; they are in the data. Credit is an account, not an effect.",
                data.replicates
            ),
            Lang::Zh => format!(
                "列所在省的采纳中归功于行所在省的数量，全程合计，{} 次重复的均值。行按给出、列按获得的多少排序。省内流量未画出，见数据。{}贡献额是记账，不是效应。",
                data.replicates,
                if names.provinces_named() {
                    ""
                } else {
                    "省份以省会（或直辖市）之名标示，括号内为情景中的代码。"
                }
            ),
        },
        chart,
        data: csv,
    }
}

/// West, south, east and north end of the regions and zones, with a little air.
pub(in super::super) fn bounds(scenario: &Scenario) -> [f64; 4] {
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
pub(super) fn radius(weight: f64, heaviest: f64) -> f64 {
    1.3 + 6.0 * (weight / heaviest).sqrt()
}

/// Regions on a map, heavy ones at the back.
pub(in super::super) fn dots(
    scenario: &Scenario,
    ids: &[String],
    look: impl Fn(usize) -> Option<(RGBColor, String)>,
) -> Vec<Dot> {
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
            let (colour, words) = look(*known.get(p.id.as_str())?)?;
            Some(Dot {
                lon: p.lon,
                lat: p.lat,
                radius: radius(p.weight, heaviest),
                colour,
                words,
            })
        })
        .collect()
}

pub(super) fn map(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
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
                let colour = |n: usize| {
                    let name = names.place(&history.ids[n]).to_owned();
                    Some((SCALES[usize::from(history.scale[at][n])], name))
                };
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
            Lang::En => format!(
                "Regions as points sized by weight; colour: median over {} replicates of the highest scale. No boundaries are drawn. The map shows the model with these parameters, not observed adoption.",
                data.replicates
            ),
            Lang::Zh => format!(
                "点为地区，大小表示权重；颜色为 {} 次重复中最高尺度的中位数。不绘制边界。图示为给定参数下的模型结果，并非实际采纳情况。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

/// The scales with their colours.
pub(super) fn scale_legend(names: &Names) -> Vec<Key> {
    let words = [
        names.lang.of("none", "无"),
        names.lang.of("point", "点"),
        names.lang.of("line", "线"),
        names.lang.of("circle", "圈"),
        names.lang.of("axis", "轴"),
        names.lang.of("plane", "面"),
    ];
    let key = |(name, colour): (&str, RGBColor)| Key {
        name: name.to_owned(),
        colour,
        hollow: false,
    };
    words.into_iter().zip(SCALES).map(key).collect()
}

pub(super) fn moran_map(
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
            let mut agreed = vec![f64::NAN; history.ids.len()];
            for one in found {
                agreed[one.place] = one.agreement;
            }
            let word = |class| match class {
                Quadrant::HighHigh => lang.of("high among high", "高—高"),
                Quadrant::LowLow => lang.of("low among low", "低—低"),
                Quadrant::HighLow => lang.of("high among low", "高—低"),
                Quadrant::LowHigh => lang.of("low among high", "低—高"),
                Quadrant::Unclear => lang.of("replicates do not agree", "各次重复不一致"),
            };
            let colour = |n: usize| {
                let class = classes[n]?;
                let share = number(100.0 * agreed[n]);
                let words = format!(
                    "{}\n{} ({} {share} %)",
                    names.place(&history.ids[n]),
                    word(class),
                    lang.of("agreement", "一致比例"),
                );
                Some((paint(class).rgb(), words))
            };
            let key = |class| Key::new(word(class), paint(class));
            Ok(Chart {
                legend: vec![
                    key(Quadrant::HighHigh),
                    key(Quadrant::LowLow),
                    key(Quadrant::HighLow),
                    key(Quadrant::LowHigh),
                    key(Quadrant::Unclear),
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
            .of("Local Moran: like among like?", "局部莫兰图：同类相聚吗？")
            .to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Stock of each region at the end against the mean, and the same for those whom it hears (W: mean of the layers). A class is shown where at least 95 % of {} replicates agree. This is agreement over luck, not a permutation test: it says nothing of significance in data.",
                data.replicates
            ),
            Lang::Zh => format!(
                "期末各地区存量与均值相比，及其所听取对象（W 为各层均值）与均值相比。{} 次重复中至少 95 % 一致时才标出类别。这是运气意义上的一致，不是置换检验，不表示数据中的显著性。",
                data.replicates
            ),
        },
        chart,
        data: csv,
    }
}

pub(super) fn word(class: Quadrant) -> &'static str {
    match class {
        Quadrant::HighHigh => "high_high",
        Quadrant::LowLow => "low_low",
        Quadrant::HighLow => "high_low",
        Quadrant::LowHigh => "low_high",
        Quadrant::Unclear => "unclear",
    }
}

pub(super) fn paint(class: Quadrant) -> Colour {
    match class {
        Quadrant::HighHigh => Colour::Nth(1),
        Quadrant::LowLow => Colour::Nth(0),
        Quadrant::HighLow => Colour::Nth(4),
        Quadrant::LowHigh => Colour::Nth(5),
        Quadrant::Unclear => Colour::Grey,
    }
}
