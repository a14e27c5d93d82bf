//! `responses` and `peaks`: the monthly path of the difference of each national measure.

use rayon::prelude::*;

use crate::measure::measures;
use crate::paired::{Band, PathAccumulator};
use crate::store::schema::Schema;
use crate::store::{Column, Kept, StoreError, TableData};

use super::Comparison;
use super::effects::LAYOUT;
use super::interval::draw_name;
use super::parts::NATIONAL_TABLE;

const MEASURE: &str = "measure of the table national";

/// Most bytes of accumulators held at a time. One takes about months² / 2 numbers, whatever the number of
/// replicates; when all do not fit, the parts are read again for the next ones.
const ROOM: usize = 128 << 20;

/// The two tables.
///
/// # Errors
/// What is kept and cannot be read.
pub(super) fn tables(
    comparison: &Comparison,
    kept: &Kept<'_>,
    replicates: &[u32],
) -> Result<[TableData; 2], StoreError> {
    let months = usize::from(comparison.calendar().months);
    let all = measures(comparison.firms());
    let all: Vec<&'static str> = all.iter().map(|measure| measure.name).collect();
    let paths: Vec<(usize, usize)> = (0..comparison.layouts.len())
        .flat_map(|n| (0..all.len()).map(move |measure| (n, measure)))
        .collect();
    let at_a_time = (ROOM / PathAccumulator::bytes(months).max(1)).max(1);
    let mut bands = Vec::with_capacity(paths.len());
    for block in paths.chunks(at_a_time) {
        let mut sums: Vec<_> = block.iter().map(|_| PathAccumulator::new(months)).collect();
        for &replicate in replicates {
            let columns = kept.columns(replicate, NATIONAL_TABLE, &all)?;
            let columns: Vec<Vec<f64>> = columns.into_iter().map(numbers).collect();
            sums.par_iter_mut()
                .zip(block)
                .for_each(|(sum, (n, measure))| {
                    let of = |side: usize| {
                        let column = &columns[*measure];
                        column
                            .get(side * months..(side + 1) * months)
                            .unwrap_or_default()
                    };
                    let (x, y) = (of(0), of(comparison.layouts[*n]));
                    let path: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
                    sum.push(&path);
                });
        }
        let done: Vec<Band> = sums
            .into_par_iter()
            .zip(block)
            .map(|(sum, (n, measure))| {
                let series = format!("{}|path", all[*measure]);
                sum.finish(draw_name(comparison, comparison.layouts[*n], &series))
            })
            .collect();
        bands.extend(done);
    }
    let start = comparison.calendar().start;
    let of_paths = || {
        paths.iter().zip(&bands).map(|((n, measure), band)| Path {
            layout: &comparison.sides[comparison.layouts[*n]].name,
            measure: all[*measure],
            start: start.0,
            band,
        })
    };
    let rows = of_paths().flat_map(|path| (0..months).map(move |t| Response { path, t }));
    Ok([
        responses().data(&mut rows.collect::<Vec<_>>()),
        peaks().data(&mut of_paths().collect::<Vec<_>>()),
    ])
}

/// The path of a measure under a layout: a row of `peaks`.
#[derive(Clone, Copy)]
pub(super) struct Path<'r> {
    layout: &'r str,
    measure: &'static str,
    /// First month of the run.
    start: i32,
    band: &'r Band,
}

impl Path<'_> {
    /// A value in the month of the peak; NaN without one.
    fn at_peak(&self, of: fn(&Band) -> &Vec<f64>) -> f64 {
        let value = |t| of(self.band).get(t).copied();
        self.band.peak.and_then(value).unwrap_or(f64::NAN)
    }
}

/// A month of a path: a row of `responses`.
#[derive(Clone, Copy)]
pub(super) struct Response<'r> {
    path: Path<'r>,
    t: usize,
}

impl Response<'_> {
    fn of(&self, of: fn(&Band) -> &Vec<f64>) -> f64 {
        of(self.path.band).get(self.t).copied().unwrap_or(f64::NAN)
    }
}

/// The table `responses`.
pub(super) fn responses<'r>() -> Schema<'r, [Response<'r>]> {
    Schema::<[Response<'r>]>::new(
        "responses",
        "one row per layout, national measure and month: the path of the difference",
    )
    .text("layout", LAYOUT, |r| Some(r.path.layout))
    .text("outcome", MEASURE, |r| Some(r.path.measure))
    .month("month", "the month", |r| Some(r.path.start + r.t as i32))
    .float(
        "difference",
        "",
        "mean paired difference in the month",
        |r| r.of(|band| &band.mean),
    )
    .float("standard_error", "", "its standard error", |r| {
        r.of(|band| &band.standard_error)
    })
    .float(
        "low",
        "",
        "lower end of the 95 % t interval of this month alone",
        |r| r.of(|band| &band.low),
    )
    .float("high", "", "upper end", |r| r.of(|band| &band.high))
    .float(
        "sup_low",
        "",
        "lower end of the 95 % band, simultaneous over all its months; missing \
             in months in which fewer than a quarter of the replicates, or than ten, \
             differ, and with fewer than 20 replicates",
        |r| r.of(|band| &band.sup_low),
    )
    .float("sup_high", "", "upper end", |r| r.of(|band| &band.sup_high))
    .float(
        "cumulative",
        "",
        "sum of the differences up to the month; missing from the first month on \
             in which one is missing",
        |r| r.of(|band| &band.cumulative),
    )
    .float(
        "cumulative_low",
        "",
        "lower end of its 95 % t interval",
        |r| r.of(|band| &band.cumulative_low),
    )
    .float("cumulative_high", "", "upper end", |r| {
        r.of(|band| &band.cumulative_high)
    })
}

/// The table `peaks`.
pub(super) fn peaks<'r>() -> Schema<'r, [Path<'r>]> {
    Schema::<[Path<'r>]>::new(
        "peaks",
        "one row per layout and national measure: the month with the largest \
             difference",
    )
    .text("layout", LAYOUT, |r| Some(r.layout))
    .text("outcome", MEASURE, |r| Some(r.measure))
    .month(
        "peak_month",
        "month of the largest mean difference in absolute value; missing when nothing differs",
        |r| r.band.peak.map(|t| r.start + t as i32),
    )
    .float("peak", "", "mean difference in that month", |r| {
        r.at_peak(|band| &band.mean)
    })
    .float("sup_low", "", "lower end of the band there", |r| {
        r.at_peak(|band| &band.sup_low)
    })
    .float("sup_high", "", "upper end", |r| {
        r.at_peak(|band| &band.sup_high)
    })
    .float(
        "critical",
        "",
        "critical value of the band, in standard errors",
        |r| r.band.critical,
    )
    .int("replicates", "", "pairs of replicates", |r| {
        Some(r.band.replicates as i64)
    })
}

fn numbers(column: Column) -> Vec<f64> {
    match column {
        Column::Float(values) => values,
        Column::Int(values) => {
            let number = |v: Option<i64>| v.map_or(f64::NAN, |v| v as f64);
            values.into_iter().map(number).collect()
        }
        Column::Text { .. } | Column::Month(_) => Vec::new(),
    }
}
