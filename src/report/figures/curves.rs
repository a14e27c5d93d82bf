//! Response curves of a sweep: the mean outcome against each parameter, over all that the others do.

use std::collections::BTreeMap;
use std::path::Path;

use crate::experiment::sweep::summary::Swept;
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Panel, Series};
use crate::report::interval::Mean;
use crate::report::lang::Lang;
use crate::scenario::Month;
use crate::store::{Column, Folder, Manifest, StoreError, Sweep, points_table, read_outcomes};
use crate::texts::{say, text};

use super::comparison::axis_word;
use super::question::Question;
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

/// What a sweep does to an outcome over all of its points.
#[derive(Clone, Debug, PartialEq)]
pub struct Overall {
    /// What it is about: a layout against the baseline, or the only layout.
    pub of: Question,
    /// Mean over points of the mean over replicates, and the middle 95 % of the points.
    pub spread: Mean,
    /// Share of the variance between runs that lies between replicates of one point: luck. Of the paired
    /// difference from the baseline where it is held against one; `None` with one replicate.
    pub luck: Option<f64>,
}

/// Most bins. Fewer values of a parameter are bins of their own.
const BINS: usize = 10;
/// Outcomes of the country that have curves.
const OUTCOMES: usize = 3;
/// Most panels.
const PANELS: usize = 24;

/// The curves of the first outcomes of the country at their last horizon, and what is true of the first of them
/// over all points; none before the tables of the sweep are made.
///
/// # Errors
/// Tables that are damaged.
pub fn curves(
    dir: &Path,
    folder: &Folder,
    swept: Swept<'_>,
) -> Result<(Vec<ResponseCurve>, Vec<Overall>), StoreError> {
    let made = Manifest::load(dir)?.tables;
    let (Some(points), true) = (folder.points(), made.iter().all(|t| t.sha256.is_some())) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let (sweep, jobs, layouts) = (swept.sweep, folder.jobs(), swept.layouts);
    let first = first_rows(&points.columns);
    let rows = jobs.points().iter();
    let places: Vec<Option<usize>> = rows
        .map(|row| first.get(row.id.as_str()).copied())
        .collect();
    // Mean over replicates by slot, layout and point.
    let slots = slots(sweep);
    let count = jobs.points().len();
    let mut sums = vec![vec![vec![Sums::default(); count]; layouts.len()]; slots.len()];
    // Of the first slot each run by itself, so that layouts can be paired: [layout][point][replicate].
    let replicates = jobs.replicates().len();
    let mut single = vec![vec![f64::NAN; count * replicates]; layouts.len()];
    read_outcomes(dir, jobs, &mut |at, values| {
        let job = jobs.job(at);
        for (slot, sums) in slots.iter().zip(&mut sums) {
            let value = values.get(*slot).copied().unwrap_or(f64::NAN);
            if value.is_finite() {
                sums[usize::from(job.layout)][job.point as usize].add(value);
            }
        }
        if let Some(value) = slots.first().and_then(|slot| values.get(*slot)) {
            let run = job.point as usize * replicates + job.replicate as usize;
            if let Some(cell) = single[usize::from(job.layout)].get_mut(run) {
                *cell = *value;
            }
        }
    })?;
    let def = points_table(sweep);
    let question = |slot: usize, layout: &str, versus: &str| {
        let slot = &sweep.slots[slot];
        let month = slot.horizon;
        let month = month.map(|t| Month(sweep.start + i32::from(t)));
        Question {
            layout: layout.to_owned(),
            versus: versus.to_owned(),
            outcome: slot.outcome.clone(),
            horizon: month.map(|m| m.to_string()).unwrap_or_default(),
            ..Question::default()
        }
    };
    let overall = slots.first().map_or_else(Vec::new, |slot| {
        overall(layouts, &single, replicates, |layout, versus| {
            question(*slot, layout, versus)
        })
    });
    let mut curves = Vec::new();
    for (slot, sums) in slots.iter().zip(&sums) {
        let at = *slot;
        for parameter in sweep.parameters.iter().filter(|p| !p.text) {
            let column = def.columns.iter().position(|c| c.name == parameter.column);
            let Some(values) = column.and_then(|at| points.columns.get(at)) else {
                continue;
            };
            for (layout, sums) in layouts.iter().zip(sums) {
                let pairs: Vec<(f64, f64)> = sums
                    .iter()
                    .zip(&places)
                    .filter_map(|(sums, row)| Some((number(values, (*row)?)?, sums.mean()?)))
                    .collect();
                curves.push(ResponseCurve {
                    of: question(at, layout, ""),
                    parameter: match parameter.unit.as_str() {
                        "" => parameter.key.clone(),
                        unit => format!("{} ({unit})", parameter.key),
                    },
                    bins: bins(pairs),
                });
            }
        }
    }
    Ok((curves, overall))
}

/// Sums over the replicates of a point.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    n: u32,
    mean: f64,
    /// Sum of squared deviations from the mean (Welford 1962).
    squares: f64,
}

impl Sums {
    fn add(&mut self, value: f64) {
        self.n += 1;
        let step = value - self.mean;
        self.mean += step / f64::from(self.n);
        self.squares += step * (value - self.mean);
    }

    fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }
}

/// The share of the variance of single runs that lies within points.
fn luck(points: &[Sums]) -> Option<f64> {
    let some = || points.iter().filter(|sums| sums.n > 0);
    let n: f64 = some().map(|sums| f64::from(sums.n)).sum();
    let mean = some().map(|s| f64::from(s.n) * s.mean).sum::<f64>() / n;
    let between: f64 = some()
        .map(|s| f64::from(s.n) * (s.mean - mean).powi(2))
        .sum();
    let freedom: f64 = some().map(|s| f64::from(s.n) - 1.0).sum();
    let within = some().map(|s| s.squares).sum::<f64>() / freedom;
    let groups = some().count() as f64;
    // One-way analysis of variance with a random effect of the point (equal numbers of replicates).
    let size = n / groups;
    let of_points = ((between / (groups - 1.0) - within) / size).max(0.0);
    let share = within / (within + of_points);
    (freedom > 0.0 && groups > 1.0 && share.is_finite()).then_some(share)
}

/// `single` are the values of all runs of a layout, `[point][replicate]`, NaN where there is none.
fn overall(
    layouts: &[String],
    single: &[Vec<f64>],
    replicates: usize,
    question: impl Fn(&str, &str) -> Question,
) -> Vec<Overall> {
    let Some((base, others)) = single.split_first() else {
        return Vec::new();
    };
    let one = |of: Question, values: &[f64]| {
        let by_point = |values: &[f64]| {
            let mut sums = Sums::default();
            let known = values.iter().filter(|value| value.is_finite());
            known.for_each(|value| sums.add(*value));
            sums
        };
        let points: Vec<Sums> = values.chunks(replicates.max(1)).map(by_point).collect();
        let means: Vec<f64> = points.iter().filter_map(Sums::mean).collect();
        Some(Overall {
            of,
            spread: Mean::of(&means)?,
            luck: luck(&points),
        })
    };
    if others.is_empty() {
        return one(question(&layouts[0], ""), base).into_iter().collect();
    }
    // Differences of replicates with the same luck: what both have in common is not in them.
    let against = layouts[1..].iter().zip(others);
    let against = against.filter_map(|(layout, values)| {
        let pairs = values.iter().zip(base);
        let differences: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
        one(question(layout, &layouts[0]), &differences)
    });
    against.collect()
}

/// The slots that are shown.
fn slots(sweep: &Sweep) -> Vec<usize> {
    let all = &sweep.slots;
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
                    y: Axis::new(axis_word(lang, &curve.of.outcome)),
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
        title: say!(lang, "curves-title").to_owned(),
        caption: say!(lang, "curves-about").to_owned(),
        chart: if panels.is_empty() {
            Err(text!("curves-not-merged"))
        } else {
            Ok(Chart {
                legend: keys.collect(),
                panels: panels
                    .into_iter()
                    .take(PANELS)
                    .map(|(_, panel)| Panel::Curves(panel))
                    .collect(),
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

    #[test]
    fn luck_is_what_lies_within_points() {
        let point = |values: &[f64]| {
            let mut sums = Sums::default();
            values.iter().for_each(|v| sums.add(*v));
            sums
        };
        // Within: variance 2 in both. Between: 2 · (5² + 5²) / 1 = 100; of points: (100 − 2) / 2 = 49.
        let share = luck(&[point(&[-1.0, 1.0]), point(&[9.0, 11.0])]).unwrap();
        assert!((share - 2.0 / 51.0).abs() < 1e-12, "{share}");
        // One replicate of each says nothing of luck.
        assert_eq!(luck(&[point(&[1.0]), point(&[2.0])]), None);
        let layouts = ["a".to_owned(), "b".to_owned()];
        // Two replicates of each of three points; the last is missing in the baseline.
        let single = [
            vec![1.0, 11.0, 2.0, 32.0, f64::NAN, f64::NAN],
            vec![3.0, 13.0, 5.0, 37.0, 9.0, 9.0],
        ];
        let of = |layout: &str, versus: &str| Question {
            layout: layout.to_owned(),
            versus: versus.to_owned(),
            ..Question::default()
        };
        let found = overall(&layouts, &single, 2, of);
        assert_eq!(found.len(), 1);
        // The point that the baseline does not have is no pair.
        // Differences: 2 and 2, 3 and 5: means 2 and 4.
        assert_eq!((found[0].spread.n, found[0].spread.mean), (2, 3.0));
        // Within: (0 + 2) / 2 = 1; between: 2 · (1 + 1) / 1 = 4; of points: (4 − 1) / 2 = 1.5. The levels of
        // the baseline vary by hundreds within a point.
        assert!((found[0].luck.unwrap() - 0.4).abs() < 1e-12);
        let alone = overall(&layouts[..1], &single[..1], 2, of);
        assert_eq!(alone[0].spread.n, 2);
        assert!(alone[0].luck.unwrap() > 0.4);
        assert_eq!(
            (found[0].of.layout.as_str(), found[0].of.versus.as_str()),
            ("b", "a")
        );
    }
}
