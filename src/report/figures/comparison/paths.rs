//! Through time: responses with their bands, levels of all layouts.

use crate::measure::measures;
use crate::report::chart::{Axis, Chart, Colour, Curves, Panel, Series};
use crate::report::lang::year;
use crate::scenario::Month;
use crate::texts::say;

use super::super::names::Names;
use super::super::run::{later, path, since, within};
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::data::{ComparisonData, shown};
use super::{axis_word, is_share, no_table, outcome_word};

/// Line, band and single marks of a series.
type Parts = (
    Vec<(f64, f64)>,
    Vec<(f64, f64, f64)>,
    Vec<(f64, f64, f64, f64)>,
);

/// A path; of inequality from where places have something.
pub(super) fn drawn(
    data: &ComparisonData,
    colour: Colour,
    measure: &str,
    (mut line, mut band, mut marks): Parts,
) -> Series {
    if measure.starts_with("theil") {
        let (from, _) = data.settled();
        line = later(line, from, |p| p.0);
        band = later(band, from, |p| p.0);
        marks = later(marks, from, |p| p.0);
    }
    Series {
        marks,
        ..Series::line(colour, line).with_band(band)
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
        None => Err(no_table("responses")),
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
                        // A line where there is a band; else points.
                        let marks = path.iter().filter(|(_, _, low, _)| low.is_nan());
                        let mark = |(m, d, ..): &(Month, f64, f64, f64)| {
                            (year(*m), *d, f64::NAN, f64::NAN)
                        };
                        let marks = marks.map(mark).collect();
                        let line = path.iter().map(|(m, d, low, _)| {
                            (year(*m), if low.is_nan() { f64::NAN } else { *d })
                        });
                        let line = line.collect();
                        // Shares differ by less than 1: a band for all months together may reach beyond.
                        let share = is_share(outcome);
                        let end = |end: f64| if share { within(end, -1.0) } else { end };
                        let band = path.iter().map(|(m, _, l, h)| (year(*m), end(*l), end(*h)));
                        let band = band.collect();
                        let colour = data.colour(layout);
                        Some(drawn(data, colour, outcome, (line, band, marks)))
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
        title: say!(lang, "responses-title").to_owned(),
        caption: say!(
            lang,
            "responses-about",
            baseline = data.baseline,
            replicates = data.replicates
        ) + &since,
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
        None => Err(no_table("national")),
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
                        let colour = data.colour(layout);
                        Some(drawn(data, colour, measure, (line, band, Vec::new())))
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
        title: say!(lang, "levels-title").to_owned(),
        caption: say!(lang, "levels-about", replicates = data.replicates) + &since,
        chart,
        data: csv,
    }
}
