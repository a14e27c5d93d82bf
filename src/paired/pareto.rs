//! Several aims at once: the Pareto front.

use super::Better;

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
