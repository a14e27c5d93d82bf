//! Which region of the parameters gives something: a box, found by peeling (PRIM: Friedman and Fisher 1999, *Bump
//! hunting in high-dimensional data*, Statistics and Computing 9; for scenario discovery Bryant and Lempert 2010).
//!
//! From the box that holds all points, a tenth of the points in it is peeled off again and again, at the side of the
//! parameter where the share of hits among the rest becomes largest. Of all boxes on the way that one is taken whose
//! precision (share of hits among its points) and coverage (share of all hits that it holds) have the largest harmonic
//! mean; then each limit is let go that does not raise it, and each whose hits chance would give: limit by limit the
//! binomial probability (quasi-p) of at least as many hits among the points of the box, were their share that of the box
//! without the limit. As a limit is the best of all parameters' two ends, it has to pass 0.05 over their number.

use serde::Serialize;

use super::{ShapeError, check_length};
use crate::texts::text;

/// Part of the points of a box that is peeled off in a step: one in so many.
const PEEL: usize = 10;
/// Least number of points in a box, and of hits and of others in all, for a region to be looked for. A judgement.
pub const LEAST: usize = 5;

/// A limit of a box.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// Position of the parameter.
    pub parameter: usize,
    /// Its lower end; none where it is open.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// A region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// Its limits, in the order of the parameters.
    pub limits: Vec<Limit>,
    /// Points in it.
    pub points: usize,
    /// Hits in it.
    pub hits: usize,
    /// Hits in all.
    pub of: usize,
}

/// Ends by parameter; infinite where open.
#[derive(Clone)]
struct Bounds(Vec<[f64; 2]>);

/// Finds the region of hits. `columns` holds a value of each parameter for each point, NaN in all of a parameter that
/// has no order.
///
/// None where there are fewer than [`LEAST`] hits, or others, or where no box is better than all points.
///
/// # Errors
/// Columns of another length than `hit`.
pub fn region(columns: &[Vec<f64>], hit: &[bool]) -> Result<Option<Region>, ShapeError> {
    for (i, column) in columns.iter().enumerate() {
        check_length(|| text!("shape-column", i), column.len(), hit.len())?;
    }
    let all_hits = hit.iter().filter(|hit| **hit).count();
    if all_hits < LEAST || hit.len() - all_hits < LEAST {
        return Ok(None);
    }
    let open = Bounds(vec![[f64::NEG_INFINITY, f64::INFINITY]; columns.len()]);
    let inside = |bounds: &Bounds| -> Vec<usize> {
        let holds = |at: &usize| {
            let mut both = columns.iter().zip(&bounds.0);
            // A parameter without an order has no limits.
            both.all(|(column, [low, high])| !(column[*at] < *low || column[*at] > *high))
        };
        (0..hit.len()).filter(holds).collect()
    };
    // Twice the hits over points and hits in all: the harmonic mean of precision and coverage.
    let worth = |points: &[usize]| {
        let hits = points.iter().filter(|at| hit[**at]).count();
        2.0 * hits as f64 / (points.len() + all_hits) as f64
    };
    let (mut bounds, mut points) = (open.clone(), inside(&open));
    let (mut best, mut most) = (open.clone(), worth(&points));
    while let Some((next, rest)) = peeled(columns, hit, &bounds, &points) {
        (bounds, points) = (next, rest);
        if worth(&points) > most {
            (best, most) = (bounds.clone(), worth(&points));
        }
    }
    for parameter in 0..columns.len() {
        for end in 0..2 {
            let mut without = best.clone();
            without.0[parameter][end] = open.0[parameter][end];
            if worth(&inside(&without)) >= most {
                most = worth(&inside(&without));
                best = without;
            }
        }
    }
    let count = |bounds: &Bounds| {
        let points = inside(bounds);
        (points.iter().filter(|at| hit[**at]).count(), points.len())
    };
    let passes = 0.05 / (2 * columns.len()) as f64;
    loop {
        let (hits, points) = count(&best);
        let mut weakest: Option<(f64, Bounds)> = None;
        for (parameter, end) in (0..columns.len()).flat_map(|p| [(p, 0), (p, 1)]) {
            if best.0[parameter][end].is_infinite() {
                continue;
            }
            let mut without = best.clone();
            without.0[parameter][end] = open.0[parameter][end];
            let (all, of) = count(&without);
            let p = at_least(hits, points, all as f64 / of as f64);
            if weakest.as_ref().is_none_or(|(most, _)| p > *most) {
                weakest = Some((p, without));
            }
        }
        match weakest {
            Some((p, without)) if p > passes => best = without,
            _ => break,
        }
    }
    let points = inside(&best);
    let limits: Vec<Limit> = (best.0.iter().enumerate())
        .filter(|(_, ends)| ends.iter().any(|end| end.is_finite()))
        .map(|(parameter, [low, high])| Limit {
            parameter,
            low: Some(*low).filter(|low| low.is_finite()),
            high: Some(*high).filter(|high| high.is_finite()),
        })
        .collect();
    Ok((!limits.is_empty()).then(|| Region {
        limits,
        hits: points.iter().filter(|at| hit[**at]).count(),
        points: points.len(),
        of: all_hits,
    }))
}

/// The probability of at least so many hits among so many points, each a hit with probability `share`.
fn at_least(hits: usize, points: usize, share: f64) -> f64 {
    if share >= 1.0 {
        return 1.0;
    }
    let (log, log_not) = (libm::log(share), libm::log1p(-share));
    let choose = |k: usize| {
        let [n, k] = [points, k].map(|of| of as f64);
        libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
    };
    let of = |k: usize| libm::exp(choose(k) + k as f64 * log + (points - k) as f64 * log_not);
    (hits..=points).map(of).sum()
}

/// The box with a tenth of its points peeled off where the share of hits among the rest is largest; the first of equals.
/// An end lies between the last value that is peeled off and the first that is kept.
fn peeled(
    columns: &[Vec<f64>],
    hit: &[bool],
    bounds: &Bounds,
    points: &[usize],
) -> Option<(Bounds, Vec<usize>)> {
    let off = points.len().div_ceil(PEEL);
    let mut best: Option<(f64, Bounds, Vec<usize>)> = None;
    for (parameter, column) in columns.iter().enumerate() {
        let mut values: Vec<f64> = points.iter().map(|at| column[*at]).collect();
        if values.iter().any(|value| value.is_nan()) {
            continue;
        }
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len() - 1;
        // Equal values go together.
        let below = values.iter().position(|v| *v > values[off.min(last) - 1]);
        let above = values
            .iter()
            .rposition(|v| *v < values[last + 1 - off.min(last)]);
        let ends = [
            below.map(|first| (0, (values[first - 1] + values[first]) / 2.0)),
            above.map(|last| (1, (values[last] + values[last + 1]) / 2.0)),
        ];
        for (end, value) in ends.into_iter().flatten() {
            let mut next = bounds.clone();
            next.0[parameter][end] = value;
            let [low, high] = next.0[parameter];
            let kept = |at: &&usize| low <= column[**at] && column[**at] <= high;
            let rest: Vec<usize> = points.iter().filter(kept).copied().collect();
            if rest.len() < LEAST {
                continue;
            }
            let hits = rest.iter().filter(|at| hit[**at]).count();
            let share = hits as f64 / rest.len() as f64;
            if best.as_ref().is_none_or(|(most, ..)| share > *most) {
                best = Some((share, next, rest));
            }
        }
    }
    best.map(|(_, bounds, rest)| (bounds, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of 20 × 20 points and a third parameter that does nothing.
    fn grid() -> Vec<Vec<f64>> {
        let of = |value: &dyn Fn(usize) -> f64| (0..400).map(value).collect();
        vec![
            of(&|at| (at / 20) as f64),
            of(&|at| (at % 20) as f64),
            of(&|at| ((at * 7919) % 400) as f64),
        ]
    }

    #[test]
    fn a_corner_is_found_with_its_limits() {
        let columns = grid();
        let hit: Vec<bool> = (0..400)
            .map(|at| columns[0][at] < 6.0 && columns[1][at] >= 12.0)
            .collect();
        let found = region(&columns, &hit).unwrap().unwrap();
        assert_eq!((found.points, found.hits, found.of), (48, 48, 48));
        let [first, second] = found.limits[..] else {
            panic!("{found:?}");
        };
        assert_eq!((first.parameter, second.parameter), (0, 1));
        assert_eq!((first.low, first.high), (None, Some(5.5)));
        assert_eq!((second.low, second.high), (Some(11.5), None));
    }

    /// Hits that follow no parameter: of 200 sets of 104 points over twelve parameters, a region is found in no more than
    /// one in 20 (fixed numbers, so no false alarm).
    #[test]
    fn chance_gives_a_region_in_few_of_many_sets() {
        let mut state = 1u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut found = 0;
        for set in 0..200 {
            let columns: Vec<Vec<f64>> = (0..12)
                .map(|_| (0..104).map(|_| next()).collect())
                .collect();
            let share = [0.08, 0.2, 0.4][set % 3];
            let hit: Vec<bool> = (0..104).map(|_| next() < share).collect();
            found += usize::from(region(&columns, &hit).unwrap().is_some());
        }
        assert!(found <= 10, "{found} of 200");
    }

    #[test]
    fn tails_of_the_binomial() {
        // 2 of 3 at 1/2: 4/8; 0 of 3: 1; 3 of 3 at 1/4: 1/64.
        for (hits, share, p) in [(2, 0.5, 0.5), (0, 0.5, 1.0), (3, 0.25, 1.0 / 64.0)] {
            assert!((at_least(hits, 3, share) - p).abs() < 1e-12);
        }
        assert_eq!(at_least(2, 3, 1.0), 1.0);
    }

    #[test]
    fn nothing_is_found_in_too_few_hits_or_where_all_are() {
        let columns = grid();
        let few: Vec<bool> = (0..400).map(|at| at < LEAST - 1).collect();
        assert_eq!(region(&columns, &few).unwrap(), None);
        assert_eq!(region(&columns, &[true; 400]).unwrap(), None);
        assert!(region(&columns, &[true; 3]).is_err());
        // A parameter without an order is left alone.
        let unordered = vec![vec![f64::NAN; 400], columns[1].clone()];
        let hit: Vec<bool> = columns[1].iter().map(|v| *v >= 15.0).collect();
        let found = region(&unordered, &hit).unwrap().unwrap();
        assert_eq!(found.limits.len(), 1);
        assert_eq!((found.points, found.hits), (100, 100));
    }
}
