//! The tornado: an outcome where a parameter is low and where it is high, whatever the others are.
//!
//! Low are the tenth of the points with the lowest values of a parameter, but at least five where there
//! are ten; high are those with the highest. Equal values stay together. A parameter with at most ten
//! values, each of two points or more on average, is low at its lowest value; the next one is added
//! only while that leaves fewer than five points (or fewer than a value has on average). The swing is
//! the mean outcome of the high points less that of the low ones. Its interval is Welch's (1947):
//! points independent of each other, variances that may differ.
//!
//! **Blocks.** Where points at both ends have the same values of all other parameters, as in a grid, what these do is
//! no noise: the swing is the mean over such blocks of the difference within a block, and its interval that of a t test
//! on these differences. So it is when at least half of the points of the smaller end have a partner.
//!
//! An interval takes five points at each end, or five blocks: with fewer it would be wider than anything that was
//! seen. A judgement.
//!
//! A parameter of categories has no order. Its low is the category with the least mean outcome, its
//! high the one with the greatest. Since these two were chosen among c, the interval has the level 1 −
//! 0.05 / (c (c − 1) / 2) of Bonferroni over all pairs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Estimate, ShapeError, check_length, mean};
use crate::paired::t_upper;
use crate::texts::text;

/// Fewest points at an end of a parameter with many values, and fewest for an interval. A judgement.
const FEW: usize = 5;

/// Most values of a parameter that is read level by level: with more, one level is less than a tenth. A
/// judgement.
const LEVELS: usize = 10;

/// How the values of a parameter are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Numbers.
    Ordered,
    /// Equal numbers are one category; their order means nothing.
    Categories,
}

/// One bar of the tornado.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Number of the parameter.
    pub parameter: usize,
    /// Points with outcome and value.
    pub points: usize,
    /// Mean value of the parameter at its low points. All from here is missing when the parameter has
    /// one value only.
    pub low_value: Option<f64>,
    /// Mean value at its high points.
    pub high_value: Option<f64>,
    /// Low points.
    pub low_points: usize,
    /// High points.
    pub high_points: usize,
    /// Mean outcome at the low points.
    pub outcome_at_low: Option<f64>,
    /// Mean outcome at the high points.
    pub outcome_at_high: Option<f64>,
    /// `outcome_at_high` − `outcome_at_low`, of blocks where the design has them; ends missing with fewer than five
    /// points at one of the two, or than five blocks.
    pub swing: Option<Estimate>,
    /// Whether the parameter was moved alone and moved nothing; the swing is 0 then.
    pub inert: bool,
}

impl Bar {
    /// That the parameter, moved alone, moves nothing: what its ends differ by is due to others.
    pub fn does_nothing(&mut self) {
        self.swing = Some(Estimate::new(0.0, Some((0.0, 0.0))));
        self.inert = true;
    }
}

/// The bars of all parameters, greatest size of the swing first (equal ones in the order of the
/// parameters), those without swing last. Each column is the values of a parameter, one per point. Of a
/// Saltelli design give the points A and B only.
///
/// # Errors
///
/// When columns differ in length.
pub fn tornado(columns: &[(Scale, Vec<f64>)], outcome: &[f64]) -> Result<Vec<Bar>, ShapeError> {
    for (i, (_, column)) in columns.iter().enumerate() {
        check_length(|| text!("shape-column", i), column.len(), outcome.len())?;
    }
    // Points with the same values of all parameters but one are of one block.
    let block = |parameter: usize, point: usize| -> Vec<u64> {
        let others = columns
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != parameter);
        let bits = |(_, (_, column)): (usize, &(Scale, Vec<f64>))| (column[point] + 0.0).to_bits();
        others.map(bits).collect()
    };
    let mut bars: Vec<Bar> = columns
        .iter()
        .enumerate()
        .map(|(parameter, (scale, column))| {
            bar(parameter, *scale, column, outcome, |point| {
                block(parameter, point)
            })
        })
        .collect();
    let size = |bar: &Bar| bar.swing.map_or(-1.0, |swing| swing.value.abs());
    bars.sort_by(|a, b| size(b).total_cmp(&size(a)));
    Ok(bars)
}

/// Value of the parameter, outcome, number of the point.
type At = (f64, f64, usize);

fn bar(
    parameter: usize,
    scale: Scale,
    column: &[f64],
    outcome: &[f64],
    block: impl Fn(usize) -> Vec<u64>,
) -> Bar {
    let mut points: Vec<At> = column
        .iter()
        .zip(outcome)
        .enumerate()
        .filter(|(_, (x, y))| x.is_finite() && y.is_finite())
        .map(|(point, (x, y))| (*x, *y, point))
        .collect();
    // Stable: points of one value keep the order of the design.
    points.sort_by(|a, b| (a.0 + 0.0).total_cmp(&(b.0 + 0.0)));
    let levels: Vec<&[At]> = points.chunk_by(|a, b| a.0 == b.0).collect();
    let mut bar = Bar {
        parameter,
        points: points.len(),
        low_value: None,
        high_value: None,
        low_points: 0,
        high_points: 0,
        outcome_at_low: None,
        outcome_at_high: None,
        swing: None,
        inert: false,
    };
    if levels.len() < 2 {
        return bar;
    }
    let (low, high, tail) = match scale {
        Scale::Ordered => {
            let (low, high) = ends(&levels, points.len());
            (&points[..low], &points[points.len() - high..], 0.025)
        }
        Scale::Categories => {
            let outcome = |level: &[At]| mean_of(level, |point| point.1);
            let (mut low, mut high) = (levels[0], levels[0]);
            for level in &levels {
                if outcome(level) < outcome(low) {
                    low = level;
                }
                // So that two categories with one mean are two.
                if outcome(level) >= outcome(high) {
                    high = level;
                }
            }
            let pairs = levels.len() * (levels.len() - 1) / 2;
            (low, high, 0.025 / pairs as f64)
        }
    };
    let (at_low, at_high) = (mean_of(low, |p| p.1), mean_of(high, |p| p.1));
    bar.low_value = Some(mean_of(low, |p| p.0));
    bar.high_value = Some(mean_of(high, |p| p.0));
    (bar.low_points, bar.high_points) = (low.len(), high.len());
    (bar.outcome_at_low, bar.outcome_at_high) = (Some(at_low), Some(at_high));
    let within = differences(low, high, block);
    let (swing, half) = match &within {
        Some(within) => (mean_of(within, |of| *of), paired_half_width(within, tail)),
        None => (at_high - at_low, half_width(low, high, tail)),
    };
    let interval = half.map(|half| (swing - half, swing + half));
    bar.swing = Some(Estimate::new(swing, interval));
    bar
}

/// How many points are low and how many high, of `n` sorted ones with at least two levels.
fn ends(levels: &[&[At]], n: usize) -> (usize, usize) {
    let average = n / levels.len();
    let wanted = if levels.len() <= LEVELS && average >= 2 {
        average.min(FEW)
    } else {
        n.div_ceil(10).max(FEW).min(n / 2)
    };
    // Whole levels from the outside in; the two ends never meet.
    let (mut from, mut to) = (1, levels.len() - 1);
    let (mut low, mut high) = (levels[0].len(), levels[to].len());
    while from < to {
        if low < wanted && (low <= high || high >= wanted) {
            low += levels[from].len();
            from += 1;
        } else if high < wanted {
            to -= 1;
            high += levels[to].len();
        } else {
            break;
        }
    }
    (low, high)
}

fn mean_of<T>(points: &[T], part: impl Fn(&T) -> f64) -> f64 {
    let first = part(&points[0]);
    // From the first value: the mean of equal values is exact.
    first + points.iter().map(|p| part(p) - first).sum::<f64>() / points.len() as f64
}

/// The differences within blocks, in the order of the points of the low end; `None` where fewer than half of the points
/// of the smaller end have a partner, or there is one block only. Points of one block at one end are taken together.
fn differences(low: &[At], high: &[At], block: impl Fn(usize) -> Vec<u64>) -> Option<Vec<f64>> {
    let mut blocks: BTreeMap<Vec<u64>, (usize, [Vec<f64>; 2])> = BTreeMap::new();
    for (end, points) in [low, high].into_iter().enumerate() {
        for (_, y, point) in points {
            let entry = blocks
                .entry(block(*point))
                .or_insert((*point, Default::default()));
            entry.1[end].push(*y);
        }
    }
    let both = blocks
        .into_values()
        .filter(|(_, ends)| ends.iter().all(|end| !end.is_empty()));
    let mut both: Vec<(usize, [Vec<f64>; 2])> = both.collect();
    both.sort_by_key(|(point, _)| *point);
    let partners = |end: usize| both.iter().map(|(_, ends)| ends[end].len()).sum::<usize>();
    let enough = 2 * partners(0) >= low.len().min(high.len())
        && 2 * partners(1) >= low.len().min(high.len());
    let of = |(_, [low, high]): &(usize, [Vec<f64>; 2])| mean(high) - mean(low);
    (enough && both.len() > 1).then(|| both.iter().map(of).collect())
}

/// Half the width of the t interval of the mean of differences.
fn paired_half_width(differences: &[f64], tail: f64) -> Option<f64> {
    let n = differences.len() as f64;
    if differences.len() < FEW {
        return None;
    }
    let center = mean(differences);
    let equal = differences.iter().all(|of| *of == differences[0]);
    let squares: f64 = differences.iter().map(|of| (of - center).powi(2)).sum();
    let error = if equal {
        0.0
    } else {
        (squares / (n - 1.0) / n).sqrt()
    };
    Some(t_upper(tail, n - 1.0) * error)
}

/// Half the width of Welch's interval of the difference of two means.
fn half_width(low: &[At], high: &[At], tail: f64) -> Option<f64> {
    let square = |points: &[At]| {
        let outcomes: Vec<f64> = points.iter().map(|p| p.1).collect();
        let center = mean(&outcomes);
        let equal = outcomes.iter().all(|y| *y == outcomes[0]);
        let squares: f64 = outcomes.iter().map(|y| (y - center).powi(2)).sum();
        let n = points.len() as f64;
        if equal { 0.0 } else { squares / (n - 1.0) / n }
    };
    if low.len() < FEW || high.len() < FEW {
        return None;
    }
    let (a, b) = (square(low), square(high));
    if a + b == 0.0 {
        return Some(0.0);
    }
    // Shares first: squares of variances may be too small for a number.
    let (share_a, share_b) = (a / (a + b), b / (a + b));
    let freedom = 1.0
        / (share_a * share_a / (low.len() - 1) as f64
            + share_b * share_b / (high.len() - 1) as f64);
    Some(t_upper(tail, freedom) * (a + b).sqrt())
}
