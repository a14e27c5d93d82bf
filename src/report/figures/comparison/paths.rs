//! Through time: responses with their bands, levels of all layouts.

use crate::measure::measures;
use crate::report::chart::{Axis, Chart, Colour, Curves, Panel, Series};
use crate::report::lang::{Lang, year};

use super::super::names::Names;
use super::super::run::{later, path, since, within};
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::data::{ComparisonData, shown};
use super::{axis_word, is_share, no_table, outcome_word};

/// A path; of inequality from where places have something.
pub(super) fn drawn(
    data: &ComparisonData,
    colour: Colour,
    measure: &str,
    line: Vec<(f64, f64)>,
    band: Vec<(f64, f64, f64)>,
) -> Series {
    if measure.starts_with("theil") {
        let (from, _) = data.settled();
        Series::line(colour, later(line, from, |p| p.0)).with_band(later(band, from, |p| p.0))
    } else {
        Series::line(colour, line).with_band(band)
    }
}

pub(super) fn paths(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let (from, known) = data.settled();
    let since = since(from, known, lang);
    let mut csv = Csv::new(&[
        "layout",
        "outcome",
        "month",
        "difference",
        "sup_low",
        "sup_high",
    ]);
    let chart = match &data.responses {
        None => Err(no_table(lang, "responses")),
        Some(responses) => {
            let there = |measure: &&str| responses.keys().any(|(_, known)| known == measure);
            let panels = shown(measures(true))
                .into_iter()
                .filter(there)
                .map(|outcome| {
                    let series = data.layouts.iter().filter_map(|layout| {
                        let path = responses.get(&(layout.clone(), outcome.to_owned()))?;
                        for (month, difference, low, high) in path {
                            csv.row([
                                Cell::from(layout.as_str()),
                                outcome.into(),
                                (*month).into(),
                                (*difference).into(),
                                (*low).into(),
                                (*high).into(),
                            ]);
                        }
                        let line = path.iter().map(|(m, d, _, _)| (year(*m), *d)).collect();
                        // Shares differ by less than 1: a band for all months together may reach beyond.
                        let share = is_share(outcome);
                        let end = |end: f64| if share { within(end, -1.0) } else { end };
                        let band = path.iter().map(|(m, _, l, h)| (year(*m), end(*l), end(*h)));
                        let band = band.collect();
                        Some(drawn(data, data.colour(layout), outcome, line, band))
                    });
                    Panel::Curves(Curves {
                        title: outcome_word(lang, outcome).to_owned(),
                        key: outcome.to_owned(),
                        x: Axis::years(),
                        y: Axis::new(format!("Δ {}", axis_word(lang, outcome))),
                        series: series.collect(),
                        rule: Some(0.0),
                    })
                });
            Ok(Chart {
                panels: panels.collect(),
                legend: data.legend(lang, false),
            })
        }
    };
    Figure {
        id: "responses".to_owned(),
        title: lang
            .of("When: paths of the differences", "何时：差异的时间路径")
            .to_owned(),
        caption: match lang {
            Lang::En => {
                format!(
                    "Mean paired difference from {} in each month, {} replicates. Band: 95 % sup-t, which holds for all months of a line together. Luck only. A difference before a layout's first date comes from a new zone in the network, which is fixed from the first month: an artefact, not anticipation. Bands of shares are drawn as far as shares can differ (−1 to 1).",
                    data.baseline, data.replicates
                ) + &since
            }
            Lang::Zh => {
                format!(
                    "各月与 {} 的平均配对差，{} 次重复。色带：95 % sup-t 同时置信带，对整条线的所有月份同时成立。仅反映运气。布局首个日期之前的差异源于新片区从第一个月起就在固定的网络中：是设定所致，不是预期效应。比例之差的色带只画 −1 至 1 之内的部分。",
                    data.baseline, data.replicates
                ) + &since
            }
        },
        chart,
        data: csv,
    }
}

pub(super) fn levels(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let (from, known) = data.settled();
    let since = since(from, known, lang);
    let mut csv = Csv::new(&["layout", "measure", "month", "mean", "low", "high"]);
    let chart = match &data.levels {
        None => Err(no_table(lang, "national")),
        Some(levels) => {
            // The paths of a run want a calendar and nothing else.
            let calendar = RunData {
                start: data.start,
                ..RunData::default()
            };
            let there = |measure: &&str| levels.keys().any(|(_, known)| known == measure);
            let panels = shown(measures(true))
                .into_iter()
                .filter(there)
                .map(|measure| {
                    let all = std::iter::once(&data.baseline).chain(&data.layouts);
                    let series = all.filter_map(|layout| {
                        let values = levels.get(&(layout.clone(), measure.to_owned()))?;
                        let (line, band) = path(&calendar, values);
                        for (t, ((_, mean), (_, low, high))) in line.iter().zip(&band).enumerate() {
                            csv.row([
                                Cell::from(layout.as_str()),
                                measure.into(),
                                calendar.month(t).into(),
                                (*mean).into(),
                                (*low).into(),
                                (*high).into(),
                            ]);
                        }
                        Some(drawn(data, data.colour(layout), measure, line, band))
                    });
                    let unit = axis_word(lang, measure);
                    let axis = if is_share(measure) {
                        Axis::share(unit)
                    } else {
                        Axis::new(unit)
                    };
                    Panel::Curves(Curves {
                        title: outcome_word(lang, measure).to_owned(),
                        key: measure.to_owned(),
                        x: Axis::years(),
                        y: axis.starting(0.0),
                        series: series.collect(),
                        rule: None,
                    })
                });
            Ok(Chart {
                panels: panels.collect(),
                legend: data.legend(lang, true),
            })
        }
    };
    Figure {
        id: "levels".to_owned(),
        title: lang.of("Levels of all layouts", "各布局的水平").to_owned(),
        caption: match lang {
            Lang::En => {
                format!(
                    "Line: mean of {} replicates; band: the middle 95 % of single replicates; the baseline in grey. Overlapping bands do not mean that layouts are alike: replicates are paired, so look at the differences above.",
                    data.replicates
                ) + &since
            }
            Lang::Zh => {
                format!(
                    "线：{} 次重复的均值；色带：单次重复中间的 95 %；基准为灰色。色带重叠并不表示布局无差别：重复是配对的，请看上面的差异图。",
                    data.replicates
                ) + &since
            }
        },
        chart,
        data: csv,
    }
}
