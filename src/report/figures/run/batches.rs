//! National replication in batches, simulated and observed.

use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::report::lang::year;
use crate::scenario::Scenario;
use crate::texts::say;

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
        None => Err(without("national")),
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
                    y: Axis::count(say!(lang, "batches-axis")),
                    series,
                    rule: None,
                })
            };
            let mut legend = vec![Key::new(say!(lang, "batches-simulated"), Colour::Nth(0))];
            if !seen.is_empty() {
                legend.push(Key {
                    name: say!(lang, "batches-observed").to_owned(),
                    colour: crate::report::chart::ink::INK,
                    hollow: true,
                });
            }
            Ok(Chart {
                legend,
                panels: vec![
                    panel(
                        say!(lang, "batches-cumulative"),
                        vec![
                            Series::line(Colour::Nth(0), line).with_band(band),
                            rings(seen),
                        ],
                    ),
                    panel(
                        say!(lang, "batches-each"),
                        vec![plain(marks), rings(seen_marks)],
                    ),
                ],
            })
        }
    };
    let fit = say!(lang, "batches-history");
    Figure {
        id: "batches".to_owned(),
        title: say!(lang, "batches-title").to_owned(),
        caption: luck(names, data.replicates) + fit,
        chart,
        data: csv,
    }
}
