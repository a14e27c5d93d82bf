//! Draws of the parameters in replicates: are the components of variance right, and does the credible interval
//! cover the effect at parameters that nobody knows?

use pointplane::paired::{Credible, Met, TwoWay};

use super::luck::{assert_coverage, normal, stream};

/// A two-way layout: draws, replicates in the pool, replicates of a draw, variances of parameters, luck,
/// interaction.
struct Layout {
    draws: usize,
    pool: usize,
    each: usize,
    variances: [f64; 3],
}

const MEAN: f64 = 10.0;

impl Layout {
    /// Values of a set, NaN where a draw does not meet a replicate; each replicate is met as often as any other.
    fn values(&self, luck: &mut impl FnMut() -> f64) -> Vec<f64> {
        let [parameters, of_luck, both] = self.variances.map(f64::sqrt);
        let effects: Vec<f64> = (0..self.pool).map(|_| of_luck * luck()).collect();
        let mut values = vec![f64::NAN; self.draws * self.pool];
        let mut next = 0;
        for draw in 0..self.draws {
            let effect = MEAN + parameters * luck();
            for _ in 0..self.each {
                // Each round through the pool takes larger steps, so that draws of two rounds share replicates.
                let (round, turn) = (next / self.pool, next % self.pool);
                let replicate = (turn * (2 * round + 1) + round) % self.pool;
                values[draw * self.pool + replicate] = effect + effects[replicate] + both * luck();
                next += 1;
            }
        }
        values
    }
}

/// 2,000 sets each of: 200 draws that meet 4 of 53 replicates, with much and with little interaction; 64 draws that
/// meet all of 4. Means of the components are within five standard errors of the truth (a false alarm in 6·10⁻⁷).
/// The credible interval holds the effect at parameters drawn anew at its level; the luck interval, which is all
/// that a comparison at fixed parameters can give, in less than six of ten.
#[test]
fn credible_intervals_cover_what_luck_intervals_do_not() {
    let sets = 2000;
    let layouts = [
        (200, 53, 4, [1.0, 1.0, 1.0]),
        (200, 53, 4, [1.0, 0.2, 3.0]),
        (64, 4, 4, [1.0, 0.05, 0.2]),
    ];
    for (seed, (draws, pool, each, variances)) in layouts.into_iter().enumerate() {
        let layout = Layout {
            draws,
            pool,
            each,
            variances,
        };
        let (mut credible, mut luck) = (0, 0);
        let mut found: [Vec<f64>; 3] = Default::default();
        for serial in 0..sets {
            let mut stream = stream(40 + seed as u64, serial);
            let mut draw = || normal(&mut stream);
            let values = layout.values(&mut draw);
            let fit = TwoWay::fit(&Met::new(&values, pool)).unwrap();
            let components = [fit.parameters, fit.luck, fit.interaction];
            for (all, component) in found.iter_mut().zip(components) {
                all.push(component);
            }
            let over = Credible::of(&Met::new(&values, pool)).unwrap();
            let effect = MEAN + variances[0].sqrt() * draw();
            let holds = |ends: [f64; 2]| u32::from(ends[0] <= effect && effect <= ends[1]);
            credible += holds(over.credible);
            luck += holds(over.luck);
        }
        assert_coverage("credible", credible, sets, 0.95, 0);
        assert!(luck < sets * 6 / 10, "{luck}");
        for (all, truth) in found.iter().zip(variances) {
            let n = all.len() as f64;
            let mean = all.iter().sum::<f64>() / n;
            let squares: f64 = all.iter().map(|x| (x - mean) * (x - mean)).sum();
            let error = (squares / (n - 1.0) / n).sqrt();
            assert!(
                (mean - truth).abs() < 5.0 * error,
                "{mean} ± {error}, not {truth}"
            );
        }
    }
}
