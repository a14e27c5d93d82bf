//! Which layout is best: how often, and what it costs to choose another.

use serde::Serialize;

use super::best::{Best, Chosen};
use super::chances::resampled_means;
use super::student::Z_975;
use super::{Better, DrawName};

/// How one layout stands among all, in one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rank {
    /// Mean over replicates, in the unit of the outcome.
    pub mean: f64,
    /// Share of the replicates in which the layout is best; k layouts that tie for the best share
    /// the replicate, 1/k each. The shares of all layouts add up to 1.
    pub best_probability: f64,
    /// Lower end of its 95 % interval, Wilson (1927), *Probable inference, the law of succession,
    /// and statistical inference*, JASA 22. With shared replicates a little too wide.
    pub best_low: f64,
    /// Upper end.
    pub best_high: f64,
    /// Mean over replicates of (best of all layouts − this layout), ≥ 0, in the unit of the
    /// outcome: what a planner who chooses this layout loses on average against one who knows the
    /// replicate's luck.
    pub expected_regret: f64,
    /// Share of resamples of the replicates in which the layout's mean is the best of all; ties are shared. Missing
    /// with one replicate. With more replicates it goes to 0 or 1, but for layouts that are equal.
    pub mean_best: Option<f64>,
}

/// Ranks layouts by `values[layout][replicate]` (finite, the same replicates in the same order).
///
/// `name` names the resamples. `best_probability` is about one world (how often is it best), not about means: more replicates
/// narrow its interval and do not drive it to 0 or 1. `None` without a layout or replicate, or
/// when layouts have unequal numbers of replicates.
pub fn ranking(values: &[Vec<f64>], better: Better, name: DrawName) -> Option<Vec<Rank>> {
    let n = values.first()?.len();
    if n == 0 || values.iter().any(|layout| layout.len() != n) {
        return None;
    }
    let mut best = Best::new(values.len());
    for replicate in 0..n {
        best.see(values.iter().map(|layout| better.gain(layout[replicate])));
    }
    let mut of_means = Best::new(values.len());
    let columns: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
    resampled_means(&columns, name, |means| {
        of_means.see(means.iter().map(|mean| better.gain(*mean)));
    });
    let of_means = of_means.found();
    let ranks = values.iter().zip(best.found()?).enumerate();
    let rank = |(at, (layout, chosen)): (usize, (&Vec<f64>, Chosen))| {
        let best_probability = chosen.best.min(1.0);
        let (best_low, best_high) = wilson(best_probability, n);
        Rank {
            mean: layout.iter().sum::<f64>() / n as f64,
            best_probability,
            best_low,
            best_high,
            expected_regret: chosen.regret,
            mean_best: of_means.as_ref().map(|of| of[at].best),
        }
    };
    Some(ranks.map(rank).collect())
}

/// Wilson's 95 % interval of a probability of which the share `share` was seen in `n` trials.
fn wilson(share: f64, n: usize) -> (f64, f64) {
    let n = n as f64;
    let square = Z_975 * Z_975 / n;
    let middle = (share + square / 2.0) / (1.0 + square);
    let half = (square * (share * (1.0 - share) + square / 4.0)).sqrt() / (1.0 + square);
    // The exact limits at the ends, which rounding would miss.
    let low = if share == 0.0 { 0.0 } else { middle - half };
    let high = if share == 1.0 { 1.0 } else { middle + half };
    (low.max(0.0), high.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: DrawName = DrawName::new(6, 3, 4);

    /// Newcombe (1998), *Two-sided confidence intervals for the single proportion*, Statistics in
    /// Medicine 17, table I, method 3 (score without continuity correction).
    #[test]
    fn wilson_intervals_are_the_published_ones() {
        for (seen, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(f64::from(seen) / n as f64, n);
            assert!((l - low).abs() < 6e-5 && (h - high).abs() < 6e-5, "{l} {h}");
        }
        assert_eq!(wilson(1.0, 7).1, 1.0);
    }

    #[test]
    fn ties_are_shared_and_regret_is_paired() {
        let values = [
            vec![3.0, 1.0, 2.0, 5.0],
            vec![3.0, 2.0, 1.0, 5.0],
            vec![0.0, 2.0, 0.0, 5.0],
        ];
        let ranks = ranking(&values, Better::Higher, NAME).unwrap();
        let shares: Vec<f64> = ranks.iter().map(|r| r.best_probability * 4.0).collect();
        let third = 1.0 / 3.0;
        for (got, want) in shares.iter().zip([1.5 + third, 1.0 + third, 0.5 + third]) {
            assert!((got - want).abs() < 1e-12, "{shares:?}");
        }
        assert_eq!(
            ranks.iter().map(|r| r.expected_regret).collect::<Vec<_>>(),
            [0.25, 0.25, 1.25]
        );
        assert_eq!(ranks[0].mean, 2.75);
        assert!(
            ranks
                .iter()
                .all(|r| r.best_low < r.best_probability && r.best_probability < r.best_high)
        );

        let mean_best: f64 = ranks.iter().filter_map(|rank| rank.mean_best).sum();
        assert!((mean_best - 1.0).abs() < 1e-9, "{mean_best}");

        // Turning the sign and the direction changes nothing but the means.
        let turned: Vec<Vec<f64>> = values
            .iter()
            .map(|layout| layout.iter().map(|v| -v).collect())
            .collect();
        let lower = ranking(&turned, Better::Lower, NAME).unwrap();
        for (a, b) in ranks.iter().zip(&lower) {
            assert_eq!(a.best_probability, b.best_probability);
            assert_eq!(a.expected_regret, b.expected_regret);
            assert_eq!(a.mean_best, b.mean_best);
        }
    }

    #[test]
    fn one_layout_is_always_best() {
        let rank = ranking(&[vec![1.0, 2.0]], Better::Lower, NAME).unwrap()[0];
        assert_eq!((rank.best_probability, rank.best_high), (1.0, 1.0));
        assert_eq!(rank.expected_regret, 0.0);
        assert_eq!(rank.mean_best, Some(1.0));
        let of = |values: &[Vec<f64>]| ranking(values, Better::Lower, NAME);
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[vec![]]), None);
        assert_eq!(of(&[vec![1.0], vec![1.0, 2.0]]), None);
        // One replicate is the best without doubt only by itself.
        let one = of(&[vec![1.0], vec![2.0]]).unwrap();
        assert_eq!((one[0].best_probability, one[0].mean_best), (1.0, None));
    }
}
