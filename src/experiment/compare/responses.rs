//! `responses` and `peaks`: the monthly path of the difference of each national measure.

use rayon::prelude::*;

use crate::paired::{Band, PathAccumulator};
use crate::store::{Column, Store, StoreError, TableData};

use super::Comparison;
use super::catalogue::measures;
use super::derive::draw_name;
use super::parts::NATIONAL_TABLE;

/// Most bytes of accumulators held at a time. One takes months² numbers, whatever the number of
/// replicates; when all do not fit, the parts are read again for the next ones.
const ROOM: usize = 128 << 20;

/// Longest run whose layouts can be compared, in months: the band of one path of it takes 46 MB.
pub const LONGEST: u16 = 2400;

/// The two tables.
///
/// # Errors
/// Parts that cannot be read.
pub(super) fn tables(
    comparison: &Comparison,
    store: &Store,
    replicates: &[u32],
) -> Result<[TableData; 2], StoreError> {
    let months = usize::from(comparison.calendar().months);
    let all = measures(comparison.firms());
    let paths: Vec<(usize, usize)> = (0..comparison.layouts.len())
        .flat_map(|n| (0..all.len()).map(move |measure| (n, measure)))
        .collect();
    let at_a_time = (ROOM / (months * months * size_of::<f64>()).max(1)).max(1);
    let mut bands = Vec::with_capacity(paths.len());
    for block in paths.chunks(at_a_time) {
        let mut sums: Vec<_> = block.iter().map(|_| PathAccumulator::new(months)).collect();
        for &replicate in replicates {
            let columns = store.part_columns(replicate, NATIONAL_TABLE, all)?;
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
    let name = |n: usize| Some(comparison.sides[comparison.layouts[n]].name.as_str());
    let start = comparison.calendar().start;
    let rows = || {
        paths
            .iter()
            .flat_map(|path| (0..months).map(move |t| (path, t)))
    };
    let column = |f: fn(&Band) -> &Vec<f64>| {
        Column::Float(
            bands
                .iter()
                .flat_map(|band| f(band).iter().copied())
                .collect(),
        )
    };
    let responses = vec![
        Column::text(rows().map(|((n, _), _)| name(*n))),
        Column::text(rows().map(|((_, measure), _)| Some(all[*measure]))),
        Column::Month(rows().map(|(_, t)| Some(start.0 + t as i32)).collect()),
        column(|band| &band.mean),
        column(|band| &band.standard_error),
        column(|band| &band.low),
        column(|band| &band.high),
        column(|band| &band.sup_low),
        column(|band| &band.sup_high),
        column(|band| &band.cumulative),
        column(|band| &band.cumulative_low),
        column(|band| &band.cumulative_high),
    ];
    let at_peak = |f: fn(&Band) -> &Vec<f64>| {
        let value = |band: &Band| band.peak.and_then(|t| f(band).get(t).copied());
        Column::Float(
            bands
                .iter()
                .map(|band| value(band).unwrap_or(f64::NAN))
                .collect(),
        )
    };
    let peaks = vec![
        Column::text(paths.iter().map(|(n, _)| name(*n))),
        Column::text(paths.iter().map(|(_, measure)| Some(all[*measure]))),
        Column::Month(
            bands
                .iter()
                .map(|band| band.peak.map(|t| start.0 + t as i32))
                .collect(),
        ),
        at_peak(|band| &band.mean),
        at_peak(|band| &band.sup_low),
        at_peak(|band| &band.sup_high),
        Column::Float(bands.iter().map(|band| band.critical).collect()),
        Column::Int(
            bands
                .iter()
                .map(|band| Some(band.replicates as i64))
                .collect(),
        ),
    ];
    Ok([
        TableData::new("responses", responses),
        TableData::new("peaks", peaks),
    ])
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
