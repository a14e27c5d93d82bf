//! The figures of a run.

mod batches;
mod credit;
mod firms;
mod growth;
mod places;
mod space;

use crate::measure::outcome::Figure as Drawn;
use crate::report::chart::Axis;
use crate::report::interval::Mean;
use crate::report::lang::{Lang, year};
use crate::scenario::{Month, Scenario};
use crate::texts::{Text, say, text};
use crate::world::World;

use super::moran::local;
use super::names::Names;
use super::run_data::RunData;
use super::{Cell, Csv, Figure};
use batches::batches;
use credit::{credit, credit_shares};
use firms::firms;
use growth::{inequality, measures, timeline};
pub use places::places_table;
pub use space::{alliance_ids, painted};
pub(super) use space::{alliance_keys, bonds, bounds, dots, land, map_key, zones};
use space::{map, moran_map, spillovers};

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
    let mut figures = vec![
        map(data, scenario, names),
        timeline(data, names),
        measures(
            data,
            names,
            Drawn::Growth,
            "growth",
            (
                say!(names.lang, "growth-title"),
                say!(names.lang, "growth-about"),
            ),
        ),
        measures(
            data,
            names,
            Drawn::Structures,
            "structures",
            (
                say!(names.lang, "structures-title"),
                say!(names.lang, "structures-about"),
            ),
        ),
        batches(data, scenario, names),
        credit(data, names),
        credit_shares(data, names),
        spillovers(data, scenario, names),
        inequality(data, names),
        moran_map(data, scenario, &moran, names),
    ];
    figures.extend(firms(data, scenario, names));
    figures
}

/// What is said of a figure whose table is not there: it was not kept, or was taken away.
pub(super) fn without(table: &str) -> Text {
    text!("run-no-table", table)
}

/// What is said when the scenario's files are not at hand.
pub(super) fn without_scenario() -> Text {
    text!("run-no-scenario")
}

/// How many replicates, and what the bands are.
pub(super) fn luck(names: &Names, replicates: usize) -> String {
    say!(names.lang, "run-luck", replicates)
}

/// The end of an interval as far as it can be: a share is from 0 (a difference of shares from −1) to 1. NaN,
/// without an interval, stays.
pub(super) fn within(end: f64, least: f64) -> f64 {
    if end.is_nan() {
        end
    } else {
        end.clamp(least, 1.0)
    }
}

/// The axis of the run's months.
pub(super) fn calendar(data: &RunData) -> Axis {
    Axis {
        from: data.start.map(year),
        to: Some(year(data.month(data.months()))),
        ..Axis::years()
    }
}

/// Months at the start in which inequality says little, as almost nobody has adopted anything.
pub(super) const EARLY: i32 = 24;

/// The month from which paths of inequality are drawn: that in which half of the places have something
/// (`covered`; never: the middle), in a run of more than four years not before two have passed, and at the
/// latest the middle of the run. `None` draws all.
pub(super) fn settled(
    start: Option<Month>,
    months: usize,
    covered: Option<Month>,
) -> Option<Month> {
    let start = start?;
    let middle = Month(start.0 + months as i32 / 2);
    let two_years = match months as i32 > 2 * EARLY {
        true => Month(start.0 + EARLY),
        false => start,
    };
    let from = covered.unwrap_or(middle).max(two_years).min(middle);
    (from > start).then_some(from)
}

/// The first month in which half of the places have something, in the mean over replicates.
fn covered(data: &RunData) -> Option<Month> {
    let means = data.means("coverage");
    means
        .iter()
        .position(|share| *share >= 0.5)
        .map(|t| data.month(t))
}

/// A path without what lies before a month.
pub(super) fn later<T>(list: Vec<T>, from: Option<Month>, x: impl Fn(&T) -> f64) -> Vec<T> {
    let from = from.map_or(f64::NEG_INFINITY, year);
    list.into_iter().filter(|at| x(at) >= from).collect()
}

/// Whether a share goes from nearly nothing to nearly all within a year: then its curve shows nothing, and it is no
/// headline.
pub(in super::super) fn sudden(line: &[(f64, f64)]) -> bool {
    let full = line.iter().position(|p| p.1 >= 0.95);
    full.is_some_and(|full| {
        let low = line[..full].iter().rev().find(|p| p.1 <= 0.05);
        low.is_some_and(|low| line[full].0 - low.0 <= 1.0 + 1e-9)
    })
}

/// What a caption says of it; empty when all is drawn. `known`: whether it is known when half of the places
/// have something.
pub(super) fn since(from: Option<Month>, known: bool, lang: Lang) -> String {
    match (from, known) {
        (None, _) => String::new(),
        (Some(month), true) => say!(lang, "inequality-since", month),
        (Some(month), false) => say!(lang, "inequality-since-years", month),
    }
}

pub(super) type Line = Vec<(f64, f64)>;

pub(super) type Band = Vec<(f64, f64, f64)>;

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

pub(super) fn put(csv: &mut Csv, data: &RunData, name: &str, values: &[Vec<f64>]) {
    for (t, values) in values.iter().enumerate() {
        let known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        if let Some(mean) = Mean::of(&known).filter(|_| known.len() == values.len()) {
            csv.row([
                Cell::from(data.name(t)),
                name.into(),
                mean.mean.into(),
                mean.low.into(),
                mean.high.into(),
            ]);
        }
    }
}

pub(super) fn curves_csv() -> Csv {
    Csv::new(&["month", "measure", "mean", "low", "high"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inequality_is_drawn_when_half_have_something() {
        let start = Some(Month::new(2013, 1));
        // Two years at least, in a run that is not short.
        let from = |months, covered| settled(start, months, covered);
        assert_eq!(from(240, start), Some(Month::new(2015, 1)));
        assert_eq!(
            from(240, None),
            Some(Month::new(2023, 1)),
            "never: the middle"
        );
        let early = Some(Month::new(2014, 6));
        assert_eq!(from(240, early), Some(Month::new(2015, 1)));
        let late = Some(Month::new(2019, 6));
        assert_eq!(from(240, late), late);
        // A short run is drawn from where half have something; half of a path at least.
        let soon = Some(Month::new(2014, 3));
        assert_eq!(from(36, soon), soon);
        assert_eq!(from(36, late), Some(Month::new(2014, 7)));
        assert_eq!(from(36, start), None);
        let cut = later(vec![(2013.0, 9.0), (2014.5, 1.0)], soon, |p| p.0);
        assert_eq!(cut.len(), 1);
    }

    #[test]
    fn what_goes_from_nothing_to_all_in_a_year_is_sudden() {
        let line = |values: &[f64]| -> Line {
            let at = values.iter().enumerate();
            at.map(|(n, y)| (2013.0 + n as f64 / 2.0, *y)).collect()
        };
        assert!(sudden(&line(&[0.0, 0.04, 0.5, 0.97, 0.9])));
        assert!(
            !sudden(&line(&[0.0, 0.04, 0.5, 0.9, 0.97])),
            "it takes longer"
        );
        assert!(!sudden(&line(&[0.0, 0.3, 0.6])), "it never is nearly all");
        assert!(!sudden(&line(&[0.5, 0.97])), "it never was nearly nothing");
        assert!(!sudden(&[]));
    }

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
