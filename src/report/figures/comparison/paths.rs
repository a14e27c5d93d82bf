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

/// Whether layouts cover each other in a panel: whether at the end the line of one lies in the band of another.
fn cover(series: &[Series]) -> bool {
    let end = |s: &Series| s.line.last().map(|p| p.1).filter(|y| y.is_finite());
    let band = |s: &Series| s.band.last().map(|p| (p.1, p.2));
    let covers = |(n, one): (usize, &Series)| {
        let others = series.iter().enumerate().filter(move |(m, _)| *m != n);
        let inside = |(_, other): (usize, &Series)| match (end(one), band(other)) {
            (Some(y), Some((low, high))) => low <= y && y <= high,
            _ => false,
        };
        others.into_iter().any(inside)
    };
    series.iter().enumerate().any(covers)
}

pub(super) fn levels(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let (from, known) = data.settled();
    let since = since(from, known, lang);
    let mut csv = Csv::new(&["layout", "measure", "month", "mean", "low", "high"]);
    let mut apart = false;
    let chart = match &data.levels {
        None => Err(no_table("national")),
        Some(levels) => {
            // The paths of a run want a calendar and nothing else.
            let calendar = RunData {
                start: data.start,
                ..RunData::default()
            };
            let there = |measure: &&str| levels.keys().any(|(_, known)| known == measure);
            let measures: Vec<&str> = shown(measures(true)).into_iter().filter(there).collect();
            let all: Vec<&String> = std::iter::once(&data.baseline)
                .chain(&data.layouts)
                .collect();
            let mut drawn_of = |measure: &str| -> Vec<Series> {
                let series = all.iter().filter_map(|layout| {
                    let values = levels.get(&((*layout).clone(), measure.to_owned()))?;
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
                series.collect()
            };
            let drawn: Vec<(&str, Vec<Series>)> = measures
                .iter()
                .map(|measure| (*measure, drawn_of(measure)))
                .collect();
            apart = all.len() > 2 && drawn.iter().any(|(_, series)| cover(series));
            let panels = drawn.into_iter().flat_map(|(measure, series)| {
                let unit = axis_word(lang, measure);
                let axis = match is_share(measure) {
                    true => Axis::share(unit),
                    false => Axis::new(unit),
                };
                let word = outcome_word(lang, measure);
                let panel = |title: String, y: Axis, series| {
                    Panel::Curves(Curves {
                        title,
                        key: measure.to_owned(),
                        x: Axis::years(),
                        y: y.starting(0.0),
                        series,
                        rule: None,
                    })
                };
                if !apart {
                    return vec![panel(word.to_owned(), axis, series)];
                }
                // All against the same axis.
                let ends = series.iter().flat_map(|s| s.line.iter().map(|p| p.1));
                let bands = series.iter().flat_map(|s| s.band.iter().map(|p| p.2));
                let ends = ends.chain(bands).filter(|end| end.is_finite());
                let axis = axis.ending(1.04 * ends.fold(0.0, f64::max));
                let base = series.iter().find(|s| s.colour == Colour::Grey).cloned();
                let others = series.into_iter().filter(|s| s.colour != Colour::Grey);
                let facets = others.map(|one| {
                    let name = data.layouts.iter().find(|l| data.colour(l) == one.colour);
                    let name = name.map_or("", String::as_str);
                    let both = base.iter().cloned().chain([one]).collect();
                    panel(format!("{word} · {name}"), axis.clone(), both)
                });
                facets.collect()
            });
            let panels: Vec<Panel> = panels.collect();
            Ok(Chart {
                panels,
                legend: data.legend(lang, true),
            })
        }
    };
    Figure {
        id: "levels".to_owned(),
        title: say!(lang, "levels-title").to_owned(),
        caption: say!(lang, "levels-about", replicates = data.replicates)
            + if apart {
                say!(lang, "levels-apart")
            } else {
                ""
            }
            + &since,
        chart,
        data: csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_that_cover_each_other_get_panels_of_their_own() {
        let of = |end: f64, half: f64| {
            Series::line(Colour::Grey, vec![(2020.0, 0.0), (2021.0, end)])
                .with_band(vec![(2020.0, 0.0, 0.0), (2021.0, end - half, end + half)])
        };
        assert!(!cover(&[of(1.0, 0.2), of(2.0, 0.3)]));
        assert!(cover(&[of(1.0, 0.2), of(2.0, 1.1)]));
        assert!(!cover(&[of(1.0, 0.2)]));
        let month = |year: i32| Month::new(year, 1);
        let levels = |half: f64| -> ComparisonData {
            let of = |layout: &str, end: f64| {
                let key = (layout.to_owned(), "mean_stock".to_owned());
                (key, vec![vec![0.0; 3], vec![end - half, end, end + half]])
            };
            ComparisonData {
                baseline: "base".to_owned(),
                layouts: vec!["one".to_owned(), "two".to_owned()],
                replicates: 3,
                levels: Some([of("base", 5.0), of("one", 6.0), of("two", 7.0)].into()),
                start: Some(month(2020)),
                ..ComparisonData::default()
            }
        };
        let titles = |half: f64| -> Vec<String> {
            let figure = levels_figure(&levels(half));
            let panels = figure.chart.unwrap().panels.into_iter();
            let titles = panels.map(|panel| match panel {
                Panel::Curves(curves) => {
                    let both = curves.series.len();
                    format!("{} {both}", curves.title)
                }
                _ => panic!("curves"),
            });
            titles.collect()
        };
        assert_eq!(titles(0.1), ["mean stock 3"]);
        assert_eq!(titles(2.0), ["mean stock · one 2", "mean stock · two 2"]);
    }

    fn levels_figure(data: &ComparisonData) -> Figure {
        levels(data, &Names::default())
    }
}
