//! Response curves of a sweep: the mean outcome against each parameter, over all that the others do.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::report::lang::Lang;
use crate::scenario::Month;
use crate::store::sweep::{Index, Merged, SweepManifest, read_outcomes, read_points};
use crate::store::{Column, StoreError};

use super::sweep::Question;
use super::{Cell, Csv, Figure};

/// The mean outcome in bins of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseCurve {
    /// What it is about.
    pub of: Question,
    /// Parameter with its unit.
    pub parameter: String,
    /// Mean of the parameter in the bin, mean outcome, its 95 % interval over points, points.
    pub bins: Vec<(f64, f64, f64, f64, usize)>,
}

/// Most bins. Fewer values of a parameter are bins of their own.
const BINS: usize = 10;
/// Outcomes of the country that have curves.
const OUTCOMES: usize = 3;
/// Most panels.
const PANELS: usize = 24;

/// The curves of the first outcomes of the country at their last horizon; none before the sweep is merged.
///
/// # Errors
/// Tables that are damaged.
pub fn curves(dir: &Path, manifest: &SweepManifest) -> Result<Vec<ResponseCurve>, StoreError> {
    let Some(merged) = Merged::load(dir)? else {
        return Ok(Vec::new());
    };
    let (rows, points) = read_points(dir, manifest)?;
    let first = first_rows(&points.columns);
    let places: Vec<Option<usize>> = rows
        .iter()
        .map(|row| first.get(row.id.as_str()).copied())
        .collect();
    let layouts = manifest.swept.layouts.clone();
    let index = Index::new(rows, layouts.clone(), manifest.replicates);
    // Mean over replicates by slot, layout and point.
    let slots = slots(manifest);
    let count = index.points().len();
    let mut sums = vec![vec![vec![(0.0, 0u32); count]; layouts.len()]; slots.len()];
    read_outcomes(dir, manifest, &index, &merged, &mut |at, values| {
        let key = index.key(at);
        for (slot, sums) in slots.iter().zip(&mut sums) {
            let value = values.get(*slot).copied().unwrap_or(f64::NAN);
            if value.is_finite() {
                let (sum, n) = &mut sums[usize::from(key.layout)][key.point as usize];
                *sum += value;
                *n += 1;
            }
        }
    })?;
    let def = crate::store::sweep::points_table(manifest);
    let mut curves = Vec::new();
    for (slot, sums) in slots.iter().zip(&sums) {
        let slot = &manifest.swept.slots[*slot];
        for parameter in manifest.parameters.iter().filter(|p| !p.text) {
            let column = def.columns.iter().position(|c| c.name == parameter.column);
            let Some(values) = column.and_then(|at| points.columns.get(at)) else {
                continue;
            };
            for (layout, sums) in layouts.iter().zip(sums) {
                let pairs: Vec<(f64, f64)> = sums
                    .iter()
                    .zip(&places)
                    .filter(|((_, n), _)| *n > 0)
                    .filter_map(|((sum, n), row)| {
                        Some((number(values, (*row)?)?, sum / f64::from(*n)))
                    })
                    .collect();
                let month = slot
                    .horizon
                    .map(|t| Month(manifest.swept.start + i32::from(t)));
                curves.push(ResponseCurve {
                    of: Question {
                        layout: layout.clone(),
                        outcome: slot.outcome.clone(),
                        horizon: month.map(|m| m.to_string()).unwrap_or_default(),
                        ..Question::default()
                    },
                    parameter: match parameter.unit.as_str() {
                        "" => parameter.key.clone(),
                        unit => format!("{} ({unit})", parameter.key),
                    },
                    bins: bins(pairs),
                });
            }
        }
    }
    Ok(curves)
}

/// The slots that are shown.
fn slots(manifest: &SweepManifest) -> Vec<usize> {
    let all = &manifest.swept.slots;
    let last = all.iter().filter_map(|slot| slot.horizon).max();
    let shown = |slot: &usize| {
        let slot = &all[*slot];
        slot.group.is_none() && (slot.horizon == last || slot.horizon.is_none())
    };
    (0..all.len()).filter(shown).take(OUTCOMES).collect()
}

/// The first row of each point in the table of points; a design may use one twice.
fn first_rows(columns: &[Column]) -> BTreeMap<&str, usize> {
    let mut first = BTreeMap::new();
    if let Some(ids) = columns.get(1) {
        for row in 0..ids.len() {
            first.entry(ids.text_at(row).unwrap_or("")).or_insert(row);
        }
    }
    first
}

fn number(column: &Column, row: usize) -> Option<f64> {
    match column {
        Column::Float(values) => values.get(row).copied().filter(|v| v.is_finite()),
        Column::Int(values) => values.get(row).copied().flatten().map(|v| v as f64),
        _ => None,
    }
}

/// Bins of about as many points each, one for each value when there are few.
fn bins(mut pairs: Vec<(f64, f64)>) -> Vec<(f64, f64, f64, f64, usize)> {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut values: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    values.dedup();
    let parts: Vec<&[(f64, f64)]> = if values.len() <= BINS {
        pairs.chunk_by(|a, b| a.0 == b.0).collect()
    } else {
        pairs.chunks(pairs.len().div_ceil(BINS)).collect()
    };
    let one = |part: &[(f64, f64)]| {
        let x = part.iter().map(|pair| pair.0).sum::<f64>() / part.len() as f64;
        let mean = Mean::of(&part.iter().map(|pair| pair.1).collect::<Vec<_>>())?;
        let half = mean.half_width.unwrap_or(f64::NAN);
        Some((x, mean.mean, mean.mean - half, mean.mean + half, part.len()))
    };
    parts.into_iter().filter_map(one).collect()
}

/// The figure.
pub fn response_curves(curves: &[ResponseCurve], lang: Lang) -> Figure {
    let mut csv = Csv::new(&[
        "layout",
        "outcome",
        "horizon",
        "parameter",
        "value",
        "mean",
        "low",
        "high",
        "points",
    ]);
    let mut layouts: Vec<&str> = Vec::new();
    let mut panels: Vec<((String, &str), Curves)> = Vec::new();
    for curve in curves {
        for (x, mean, low, high, points) in &curve.bins {
            csv.row([
                Cell::from(curve.of.layout.as_str()),
                curve.of.outcome.as_str().into(),
                curve.of.horizon.as_str().into(),
                curve.parameter.as_str().into(),
                (*x).into(),
                (*mean).into(),
                (*low).into(),
                (*high).into(),
                (*points).into(),
            ]);
        }
        if !layouts.contains(&curve.of.layout.as_str()) {
            layouts.push(&curve.of.layout);
        }
        let colour = layouts
            .iter()
            .position(|l| *l == curve.of.layout)
            .unwrap_or(0);
        let bare = Question {
            layout: String::new(),
            ..curve.of.clone()
        };
        let key = (bare.words(lang), curve.parameter.as_str());
        let line = curve.bins.iter().map(|bin| (bin.0, bin.1)).collect();
        let band = curve.bins.iter().map(|bin| (bin.0, bin.2, bin.3)).collect();
        let colour = if colour == 0 {
            Colour::Grey
        } else {
            Colour::Nth(colour - 1)
        };
        let series = Series::line(colour, line).with_band(band);
        match panels.iter_mut().find(|(known, _)| *known == key) {
            Some((_, panel)) => panel.series.push(series),
            None => panels.push((
                key.clone(),
                Curves {
                    title: key.0,
                    key: String::new(),
                    x: Axis::new(curve.parameter.clone()),
                    y: Axis::new(""),
                    series: vec![series],
                    rule: None,
                },
            )),
        }
    }
    let keys = layouts.iter().enumerate().map(|(n, layout)| {
        Key::new(
            *layout,
            if n == 0 {
                Colour::Grey
            } else {
                Colour::Nth(n - 1)
            },
        )
    });
    Figure {
        id: "curves".to_owned(),
        title: lang.of("Response curves", "响应曲线").to_owned(),
        caption: lang
            .of(
                "Mean outcome of the points in each bin of a parameter (one bin for each value when there are few); band: 95 % t interval of that mean over points, which holds what all other parameters do, as far as the design varies them independently. The baseline is grey. A curve is an average over the ranges that were swept.",
                "各参数分组内各点结果的均值(取值较少时每个取值一组);色带:该均值在各点间的 95 % t 置信区间,包含其他参数在设计中独立变动的影响。基准为灰色。曲线是所扫描范围上的平均。",
            )
            .to_owned(),
        chart: if panels.is_empty() {
            Err(lang
                .of(
                    "The outcomes of this sweep are not merged: `pointplane sweep merge DIR` does it.",
                    "本次扫描的结果尚未合并:请运行 `pointplane sweep merge 目录`。",
                )
                .to_owned())
        } else {
            Ok(Chart {
                legend: keys.collect(),
                panels: panels.into_iter().take(PANELS).map(|(_, panel)| Panel::Curves(panel)).collect(),
            })
        },
        data: csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_bins_of_their_own() {
        let found = bins(vec![(1.0, 4.0), (0.0, 1.0), (1.0, 6.0), (0.0, 3.0)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0, found[0].1, found[0].4), (0.0, 2.0, 2));
        assert_eq!((found[1].0, found[1].1, found[1].4), (1.0, 5.0, 2));
        let many = bins((0..100).map(|n| (f64::from(n), 1.0)).collect());
        assert_eq!(many.len(), BINS);
        assert!(bins(Vec::new()).is_empty());
    }
}
