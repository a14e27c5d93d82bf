//! What runs at some points say of runs at any other: of each target the mean over luck and its variance, by a Gaussian
//! process each, and how luck moves the targets together.

use rayon::prelude::*;

use super::gp::Gp;

/// Fewest replicates of a point: of two, the variance says nearly nothing.
pub const FEWEST_REPLICATES: usize = 3;
/// The least variance of luck that is believed, as a share of its mean over the points: a few replicates may agree by
/// chance.
const LEAST_SHARE: f64 = 0.01;

/// The logarithm of the variance of luck where it has no part in a target.
const NO_LUCK: f64 = -600.0;

/// Points of the unit cube, and what was run there.
#[derive(Clone, Debug, Default)]
pub struct Bank {
    /// The points.
    pub points: Vec<Vec<f64>>,
    /// Values, `[point][replicate][target]`; NaN where a run has none. All points have the same replicates.
    pub runs: Vec<Vec<Vec<f64>>>,
}

impl Bank {
    /// The points at some positions.
    #[must_use]
    pub fn part(&self, positions: &[usize]) -> Self {
        Self {
            points: positions
                .iter()
                .map(|at| self.points[*at].clone())
                .collect(),
            runs: positions.iter().map(|at| self.runs[*at].clone()).collect(),
        }
    }

    /// With more points.
    pub fn add(&mut self, more: Self) {
        self.points.extend(more.points);
        self.runs.extend(more.runs);
    }

    /// The values of a target, all points and replicates that have one.
    pub fn values(&self, target: usize) -> impl Iterator<Item = f64> {
        let all = self.runs.iter().flatten().map(move |run| run[target]);
        all.filter(|value| value.is_finite())
    }
}

/// Mean, variance and number of values of a target at a point.
pub fn moments(runs: &[Vec<f64>], target: usize) -> (f64, f64, usize) {
    let values = || runs.iter().map(|run| run[target]).filter(|v| v.is_finite());
    let n = values().count();
    let mean = values().sum::<f64>() / n as f64;
    let squares: f64 = values().map(|v| (v - mean) * (v - mean)).sum();
    (mean, squares / (n as f64 - 1.0), n)
}

/// ψ(`x`), x > 0: recurrence and the asymptotic series (Abramowitz and Stegun 6.3.18).
pub fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 8.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let i = 1.0 / (x * x);
    sum + libm::log(x)
        - 0.5 / x
        - i * (1.0 / 12.0 - i * (1.0 / 120.0 - i * (1.0 / 252.0 - i / 240.0)))
}

/// What is told of a target at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Its mean over luck.
    pub mean: f64,
    /// Variance of what the emulator does not know of the mean.
    pub emulator: f64,
    /// Variance of one run, which is luck.
    pub luck: f64,
}

/// The emulator of a target.
#[derive(Clone, Debug)]
pub struct OfTarget {
    mean: Gp,
    log_variance: Gp,
    /// Roughness of the mean surface beyond what luck of so many replicates explains.
    rough: f64,
    /// The points that have values enough, by position in the bank.
    kept: Vec<usize>,
}

/// Emulators of all targets.
#[derive(Clone, Debug)]
pub struct Emulators {
    of: Vec<OfTarget>,
    /// Correlations of luck between targets, pooled over the points, row by row.
    correlations: Vec<f64>,
    /// Replicates of each point.
    pub replicates: usize,
    /// Points.
    pub points: usize,
}

impl OfTarget {
    /// Of the runs at the points of a bank; `None` where too few points have enough values.
    fn fit(bank: &Bank, target: usize) -> Option<Self> {
        let all = bank.points.iter().zip(&bank.runs);
        let all = all.map(|(x, runs)| (x.as_slice(), moments(runs, target)));
        let (kept, found): (Vec<usize>, Vec<_>) = all
            .enumerate()
            .filter(|(_, (_, (.., n)))| *n >= FEWEST_REPLICATES)
            .unzip();
        let x: Vec<&[f64]> = found.iter().map(|(x, _)| *x).collect();
        let means: Vec<f64> = found.iter().map(|(_, (mean, ..))| *mean).collect();
        let pooled = found.iter().map(|(_, (_, variance, _))| variance);
        let pooled = pooled.sum::<f64>() / found.len() as f64;
        let least = LEAST_SHARE * pooled;
        // E log s² is below log σ² by log(ν/2) − ψ(ν/2), with ν = n − 1.
        let logs = found.iter().map(|(_, (_, variance, n))| {
            let half = (*n as f64 - 1.0) / 2.0;
            libm::log(variance.max(least)) + libm::log(half) - digamma(half)
        });
        let logs: Vec<f64> = match pooled > 0.0 {
            true => logs.collect(),
            // Luck has no part in it.
            false => vec![NO_LUCK; found.len()],
        };
        let mean = Gp::fit(&x, &means)?;
        let of_luck = found
            .iter()
            .map(|(_, (_, variance, n))| variance / *n as f64);
        let of_luck = of_luck.sum::<f64>() / found.len() as f64;
        Some(Self {
            rough: (mean.noise() - of_luck).max(0.0),
            mean,
            log_variance: Gp::fit(&x, &logs)?,
            kept,
        })
    }

    /// The same without a point of the bank.
    fn without(&self, position: usize) -> Option<Self> {
        let Ok(at) = self.kept.binary_search(&position) else {
            return Some(self.clone());
        };
        let kept = self.kept.iter().copied().filter(|kept| *kept != position);
        Some(Self {
            mean: self.mean.without(at)?,
            log_variance: self.log_variance.without(at)?,
            rough: self.rough,
            kept: kept.collect(),
        })
    }

    /// What it tells at a point.
    pub fn at(&self, x: &[f64]) -> Prediction {
        let mean = self.mean.told(x);
        Prediction {
            mean: mean.mean,
            emulator: mean.variance + self.rough,
            luck: self.luck(x),
        }
    }

    /// The mean at a point.
    pub fn mean(&self, x: &[f64]) -> f64 {
        self.mean.mean(x)
    }

    fn luck(&self, x: &[f64]) -> f64 {
        libm::exp(self.log_variance.mean(x))
    }

    /// Lengths of the mean's process; empty where it does not vary.
    pub fn lengths(&self) -> Vec<f64> {
        self.mean.lengths()
    }

    /// Errors of the mean at each point of an emulator without it, in standard units.
    pub fn left_out(&self) -> Vec<f64> {
        self.mean.left_out()
    }
}

impl Emulators {
    /// Of the runs at the points of a bank. The numbers of targets of which too few points have values are the error.
    ///
    /// # Errors
    /// Positions of these targets.
    pub fn fit(bank: &Bank) -> Result<Self, Vec<usize>> {
        let targets = bank.runs.first().and_then(|runs| runs.first());
        let targets = targets.map_or(0, Vec::len);
        let fit = |target| OfTarget::fit(bank, target);
        let fitted: Vec<Option<OfTarget>> = (0..targets).into_par_iter().map(fit).collect();
        let missing = fitted.iter().enumerate();
        let missing = missing.filter_map(|(at, of)| of.is_none().then_some(at));
        let missing: Vec<usize> = missing.collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let of: Vec<OfTarget> = fitted.into_iter().flatten().collect();
        Ok(Self {
            correlations: correlations(bank, &of),
            of,
            replicates: bank.runs.first().map_or(0, Vec::len),
            points: bank.points.len(),
        })
    }

    /// The same without the point at a position; the correlations stay.
    pub fn without(&self, position: usize) -> Option<Self> {
        let of = self.of.iter().map(|of| of.without(position));
        Some(Self {
            of: of.collect::<Option<_>>()?,
            ..self.clone()
        })
    }

    /// Of each target.
    pub fn of(&self) -> &[OfTarget] {
        &self.of
    }

    /// What is told at a point, target by target.
    pub fn at(&self, x: &[f64]) -> Vec<Prediction> {
        self.of.iter().map(|of| of.at(x)).collect()
    }

    /// The correlation of luck between two targets.
    pub fn correlation(&self, a: usize, b: usize) -> f64 {
        self.correlations[a * self.of.len() + b]
    }
}

/// Correlations of what luck adds to each target, over all points and replicates that have all values. Deviations are over
/// the standard deviation that the emulator tells, so that no point counts for more.
fn correlations(bank: &Bank, of: &[OfTarget]) -> Vec<f64> {
    let m = of.len();
    let sums = bank.points.par_iter().zip(&bank.runs).map(|(x, runs)| {
        let means: Vec<f64> = (0..m).map(|target| moments(runs, target).0).collect();
        let sd: Vec<f64> = of.iter().map(|of| of.luck(x).sqrt()).collect();
        let mut sums = vec![0.0; m * m];
        for run in runs.iter().filter(|run| run.iter().all(|v| v.is_finite())) {
            let away: Vec<f64> = (0..m).map(|k| (run[k] - means[k]) / sd[k]).collect();
            for a in 0..m {
                for b in 0..m {
                    sums[a * m + b] += away[a] * away[b];
                }
            }
        }
        sums
    });
    let sums: Vec<Vec<f64>> = sums.collect();
    let mut all = vec![0.0; m * m];
    for sums in &sums {
        all.iter_mut().zip(sums).for_each(|(all, one)| *all += one);
    }
    let root: Vec<f64> = (0..m).map(|k| all[k * m + k].sqrt()).collect();
    let scaled = (0..m * m).map(|at| {
        let (a, b) = (at / m, at % m);
        match (a == b, root[a] * root[b]) {
            (true, _) => 1.0,
            (false, scale) if scale > 0.0 => all[at] / scale,
            _ => 0.0,
        }
    });
    scaled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::unit::Sobol;
    use crate::inference::dice::Name;

    #[test]
    fn digamma_is_that_of_the_tables() {
        // ψ(1) = −γ, ψ(½) = −γ − 2 log 2, ψ(3) = 3/2 − γ.
        let gamma = 0.577_215_664_901_532_9;
        for (x, value) in [
            (1.0, -gamma),
            (0.5, -gamma - 2.0 * std::f64::consts::LN_2),
            (3.0, 1.5 - gamma),
        ] {
            assert!((digamma(x) - value).abs() < 1e-10, "{x}");
        }
    }

    /// 200 points of 8 replicates: the errors of the emulated mean and standard deviation of luck are small against
    /// luck itself, and the correlation is that of the noise, within four standard errors, 4·(1 − ρ²)/√1400.
    #[test]
    fn mean_luck_and_correlation_are_told() {
        let sobol = Sobol::new("sobol", 2, 1).unwrap();
        let name = Name::new(9, "test");
        let mut bank = Bank::default();
        let sd = |x: &[f64]| 0.5 + x[1];
        for at in 0..200 {
            let mut x = vec![0.0; 2];
            sobol.row(at, &mut x);
            let mut dice = name.dice(at.into(), 0);
            let runs = (0..8).map(|_| {
                let (a, b) = (dice.normal(), dice.normal());
                vec![4.0 * x[0] + sd(&x) * a, 2.0 * (0.6 * a + 0.8 * b)]
            });
            bank.runs.push(runs.collect());
            bank.points.push(x);
        }
        let emulators = Emulators::fit(&bank).unwrap();
        for x in [[0.2, 0.3], [0.5, 0.5], [0.8, 0.9]] {
            let told = emulators.at(&x);
            assert!(
                (told[0].mean - 4.0 * x[0]).abs() < 4.0 * (told[0].emulator.sqrt() + 0.02),
                "{told:?}"
            );
            assert!(
                (told[0].luck.sqrt() / sd(&x) - 1.0).abs() < 0.15,
                "{told:?}"
            );
            assert!((told[1].luck.sqrt() / 2.0 - 1.0).abs() < 0.1, "{told:?}");
        }
        let error = (1.0 - 0.36) / 1400_f64.sqrt();
        assert!((emulators.correlation(0, 1) - 0.6).abs() < 4.0 * error);
        assert_eq!(emulators.correlation(1, 1), 1.0);
    }

    #[test]
    fn a_target_without_values_is_named() {
        let points: Vec<Vec<f64>> = (0..8).map(|at| vec![f64::from(at) / 8.0]).collect();
        let runs = points.iter().map(|x| {
            (0..4)
                .map(|r| vec![x[0] + f64::from(r), f64::NAN])
                .collect()
        });
        let bank = Bank {
            runs: runs.collect(),
            points,
        };
        assert_eq!(Emulators::fit(&bank).err(), Some(vec![1]));
    }
}
