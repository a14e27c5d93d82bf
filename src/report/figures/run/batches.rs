//! National replication in batches, simulated and observed.

use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::report::lang::year;
use crate::scenario::Scenario;

use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{calendar, luck, without};

pub(super) fn batches(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
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
        None => Err(without(names, "national")),
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
                    y: Axis::count(lang.of("innovations", "项")),
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
                        lang.of("Replicated nationally, cumulative", "全国复制推广，累计"),
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
        "实际数是一次历史：请与色带而非均值相比。落在色带内并不意味着模型得到验证。",
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
