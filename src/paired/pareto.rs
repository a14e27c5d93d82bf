//! Several aims at once: the Pareto front, of numbers that are known and of means over replicates.
//!
//! A mean over replicates is uncertain, and so is which of two is better. So a layout counts as dominated only where
//! that is clear of noise: another layout is better in at least one criterion and worse in none, where *better* in a
//! criterion is that the 95 % t interval of the paired difference leaves out 0, or that all differences are equal and
//! not 0, and *no worse* is better or the same in all replicates. (An intersection–union test: each criterion at its
//! own level, none at a smaller one.)

use serde::Serialize;

use super::chances::resampled_means;
use super::difference::{Choice, difference};
use super::{Better, DrawName};

/// How a layout stands to the front.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Front {
    /// Whether no other layout dominates it clear of noise. One with missing values is not on the front.
    pub on_front: bool,
    /// Share of resamples of the replicates in whose means no other layout is as good in every criterion and better
    /// in one; missing with one replicate.
    pub probability: Option<f64>,
}

/// The front of the means of `values[criterion][layout][replicate]` (the same replicates in the same order; what is
/// known has the same value in all).
///
/// The probability is about means: with more replicates it goes to 0 or 1, but for layouts that are equal.
pub fn front(values: &[Vec<Vec<f64>>], better: &[Better], name: DrawName) -> Vec<Front> {
    let layouts = values.first().map_or(0, Vec::len);
    let whole = |layout: usize| {
        values.iter().all(|criterion| {
            let of = criterion.get(layout).map_or(&[][..], Vec::as_slice);
            !of.is_empty() && of.iter().all(|value| value.is_finite())
        })
    };
    // Of the second over the first.
    let standing = |criterion: usize, first: usize, second: usize| {
        let [x, y] = [first, second].map(|layout| &values[criterion][layout]);
        if x == y {
            return Some(false);
        }
        let of = difference(x, y, Choice::T, name)?;
        let ends = [
            better[criterion].gain(of.low?),
            better[criterion].gain(of.high?),
        ];
        ends.iter().all(|end| *end > 0.0).then_some(true)
    };
    let dominated = |layout: usize| {
        (0..layouts)
            .filter(|other| *other != layout && whole(*other))
            .any(|other| {
                let all = (0..better.len()).map(|criterion| standing(criterion, layout, other));
                let all: Option<Vec<bool>> = all.collect();
                all.is_some_and(|all| all.contains(&true))
            })
    };
    let compared: Vec<usize> = (0..layouts).filter(|layout| whole(*layout)).collect();
    let columns: Vec<&[f64]> = compared
        .iter()
        .flat_map(|layout| values.iter().map(|criterion| criterion[*layout].as_slice()))
        .collect();
    let (mut on, mut resamples) = (vec![0u32; compared.len()], 0u32);
    resampled_means(&columns, name, |means| {
        let points: Vec<Vec<f64>> = means.chunks(better.len()).map(<[f64]>::to_vec).collect();
        for (count, on_front) in on.iter_mut().zip(pareto(&points, better)) {
            *count += u32::from(on_front);
        }
        resamples += 1;
    });
    (0..layouts)
        .map(|layout| {
            let at = compared.iter().position(|known| *known == layout);
            Front {
                on_front: at.is_some() && !dominated(layout),
                probability: at
                    .filter(|_| resamples > 0)
                    .map(|at| f64::from(on[at]) / f64::from(resamples)),
            }
        })
        .collect()
}

/// Which points (one per layout; one value per criterion, in the order of `better`) are on the
/// Pareto front: no other point is at least as good in every criterion and better in one.
///
/// Equal points are on the front together. A point with a missing value (NaN), or with another
/// number of values than there are criteria, is not on the front and shuts nobody out.
pub fn pareto(points: &[Vec<f64>], better: &[Better]) -> Vec<bool> {
    let comparable =
        |point: &[f64]| point.len() == better.len() && point.iter().all(|value| !value.is_nan());
    let dominates = |a: &[f64], b: &[f64]| {
        let mut strictly = false;
        for ((a, b), better) in a.iter().zip(b).zip(better) {
            let (a, b) = (better.gain(*a), better.gain(*b));
            if a < b {
                return false;
            }
            strictly |= a > b;
        }
        strictly
    };
    points
        .iter()
        .map(|point| {
            comparable(point)
                && !points
                    .iter()
                    .any(|other| comparable(other) && dominates(other, point))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_of_efficiency_and_inequality() {
        let better = [Better::Higher, Better::Lower];
        let points = [
            vec![1.0, 0.1],      // most equal
            vec![3.0, 0.4],      // most efficient
            vec![2.0, 0.2],      // between
            vec![2.0, 0.3],      // worse than the one before
            vec![3.0, 0.4],      // equal to the second
            vec![9.0, f64::NAN], // missing
            vec![9.0],           // incomplete
        ];
        assert_eq!(
            pareto(&points, &better),
            [true, true, true, false, true, false, false]
        );
        let other_way = [Better::Lower, Better::Higher];
        assert_eq!(
            pareto(&points[..5], &other_way),
            [true, true, false, true, true]
        );
    }

    const NAME: DrawName = DrawName::new(6, 1, 2);

    /// By hand: b is better than a by 1 ± a little in both; c is worse than b by less than its noise in one.
    #[test]
    fn within_noise_is_not_dominated() {
        let better = [Better::Higher, Better::Lower];
        let noise: Vec<f64> = (0..20)
            .map(|i| f64::from(i * 7 % 20) / 10.0 - 0.95)
            .collect();
        let of = |shift: f64, scale: f64| -> Vec<f64> {
            noise.iter().map(|noise| shift + scale * noise).collect()
        };
        let base = vec![0.0; 20];
        let values = vec![
            vec![base.clone(), of(1.0, 0.1), of(0.99, -1.0)],
            vec![base.clone(), of(-1.0, 0.1), of(-1.0, 0.1)],
        ];
        let found = front(&values, &better, NAME);
        assert_eq!(
            found.iter().map(|f| f.on_front).collect::<Vec<_>>(),
            [false, true, true]
        );
        assert_eq!(found[0].probability, Some(0.0));
        // The same second criterion: one of the two is ahead in each resample.
        let [b, c] = [1, 2].map(|at| found[at].probability.unwrap());
        assert!((b + c - 1.0).abs() < 0.01 && b > 0.3 && c > 0.3, "{b} {c}");
        // Their point estimates alone would call c dominated.
        let points: Vec<Vec<f64>> = [(1.0, -1.0), (0.99, -1.0)]
            .map(|(x, y)| vec![x, y])
            .to_vec();
        assert_eq!(pareto(&points, &better), [true, false]);
        // Equal layouts are on the front together; a criterion that is known needs no interval.
        let known = vec![
            values[0].clone(),
            vec![vec![2.0; 20], vec![1.0; 20], vec![1.0; 20]],
        ];
        let found = front(&known, &better, NAME);
        assert_eq!(
            found.iter().map(|f| f.on_front).collect::<Vec<_>>(),
            [false, true, true]
        );
        let equal = vec![vec![base.clone(), base.clone()]; 2];
        let found = front(&equal, &better, NAME);
        assert!(
            found
                .iter()
                .all(|f| f.on_front && f.probability == Some(1.0))
        );
    }

    #[test]
    fn one_replicate_and_missing_values() {
        let better = [Better::Higher];
        let one = front(&[vec![vec![1.0], vec![2.0]]], &better, NAME);
        assert!(one.iter().all(|f| f.on_front && f.probability.is_none()));
        let values = [vec![vec![1.0, 2.0], vec![f64::NAN, 2.0]]];
        let missing = front(&values, &better, NAME);
        assert_eq!(
            (missing[0].on_front, missing[0].probability),
            (true, Some(1.0))
        );
        assert_eq!((missing[1].on_front, missing[1].probability), (false, None));
        assert_eq!(front(&[], &[], NAME), []);
    }

    /// Two layouts that do not differ but for luck: one is called dominated in both criteria clear of noise in less than
    /// 5 % of comparisons (independent criteria: 2 · 0.025² of them), where point estimates would in half.
    #[test]
    fn luck_does_not_dominate() {
        let better = [Better::Higher, Better::Higher];
        let (mut shown, mut points) = (0, 0);
        for serial in 0..300 {
            let mut stream = DrawName::new(8, serial, 0).stream(crate::draw::Process::Band, 0);
            let mut draw = || -> Vec<f64> {
                let one = || rand::Rng::next_u32(&mut stream);
                std::iter::repeat_with(one)
                    .map(f64::from)
                    .take(12)
                    .collect()
            };
            let values = [vec![draw(), draw()], vec![draw(), draw()]];
            let found = front(&values, &better, NAME);
            shown += u32::from(found.iter().any(|f| !f.on_front));
            let mean = |of: &Vec<f64>| of.iter().sum::<f64>();
            let of = |layout: usize| values.iter().map(|c| mean(&c[layout])).collect();
            points += u32::from(pareto(&[of(0), of(1)], &better).contains(&false));
        }
        assert!(shown <= 10, "{shown}");
        assert!(points > 100, "{points}");
    }

    #[test]
    fn few_points_and_criteria() {
        assert_eq!(pareto(&[], &[Better::Higher]), [false; 0]);
        assert_eq!(pareto(&[vec![1.0]], &[Better::Higher]), [true]);
        assert_eq!(pareto(&[vec![], vec![]], &[]), [true, true]);
        let line = [vec![1.0], vec![2.0], vec![2.0]];
        assert_eq!(pareto(&line, &[Better::Higher]), [false, true, true]);
        assert_eq!(pareto(&line, &[Better::Lower]), [true, false, false]);
    }
}
