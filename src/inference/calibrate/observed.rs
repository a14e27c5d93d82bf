//! What was observed, and how far from it a prediction is.

use crate::inference::lower::Lower;
use crate::normal::cdf;

use super::emulator::{Emulators, Prediction};

/// What is known of a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen {
    /// Its value.
    Value(f64),
    /// That it is between two bounds, either of which may be infinite.
    Between(f64, f64),
}

/// A target as it was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// What is known of it.
    pub seen: Seen,
    /// Variance of the error of observation and of the discrepancy of the model, s² + d².
    pub noise: f64,
}

impl Observed {
    /// How far the record is from a mean: beyond the bound that is missed, or 0 between them.
    fn apart(&self, mean: f64) -> f64 {
        match self.seen {
            Seen::Value(value) => value - mean,
            Seen::Between(least, most) => (least - mean).max(mean - most).max(0.0),
        }
    }

    /// Variance of the record about an emulated mean.
    fn spread(&self, of: &Prediction, replicates: usize) -> f64 {
        of.emulator + of.luck * (1.0 + 1.0 / replicates as f64) + self.noise
    }

    /// |z − μ| / √(V_emulator + V_luck·(1 + 1/R) + s² + d²).
    pub fn implausibility(&self, of: &Prediction, replicates: usize) -> f64 {
        let spread = self.spread(of, replicates).max(f64::MIN_POSITIVE);
        self.apart(of.mean).abs() / spread.sqrt()
    }
}

/// The second largest of the implausibilities, the largest of a single one.
pub fn second_largest(all: impl Iterator<Item = f64>) -> f64 {
    let (mut first, mut second, mut n) = (0.0, 0.0, 0);
    for value in all {
        n += 1;
        if value > first {
            (first, second) = (value, first);
        } else if value > second {
            second = value;
        }
    }
    if n > 1 { second } else { first }
}

/// The second-largest implausibility at a point.
pub fn implausibility(emulators: &Emulators, observed: &[Observed], x: &[f64]) -> f64 {
    let all = emulators.of().iter().zip(observed);
    second_largest(
        all.map(|(of, observed)| observed.implausibility(&of.at(x), emulators.replicates)),
    )
}

/// log N(z; μ, Σ(1 + 1/R) + V_emulator + S + D) of the targets with a value; bounds add the logarithm of the probability to
/// be between them, each by itself.
pub fn log_likelihood(
    emulators: &Emulators,
    observed: &[Observed],
    predictions: &[Prediction],
) -> f64 {
    let mut log = 0.0;
    let mut valued = Vec::with_capacity(observed.len());
    for (at, (observed, of)) in observed.iter().zip(predictions).enumerate() {
        match observed.seen {
            Seen::Value(_) => valued.push(at),
            Seen::Between(least, most) => {
                let sd = observed
                    .spread(of, emulators.replicates)
                    .max(f64::MIN_POSITIVE)
                    .sqrt();
                let (low, high) = ((least - of.mean) / sd, (most - of.mean) / sd);
                // In the tail in which probabilities keep their digits.
                let p = match low > 0.0 {
                    true => cdf(-low) - cdf(-high),
                    false => cdf(high) - cdf(low),
                };
                log += libm::log(p.max(1e-300));
            }
        }
    }
    let m = valued.len();
    if m == 0 {
        return log;
    }
    let mut square = vec![0.0; m * m];
    let runs = 1.0 + 1.0 / emulators.replicates as f64;
    for (i, &a) in valued.iter().enumerate() {
        for (j, &b) in valued[..=i].iter().enumerate() {
            let root = (predictions[a].luck * predictions[b].luck).sqrt();
            square[i * m + j] = match a == b {
                true => observed[a].spread(&predictions[a], emulators.replicates),
                false => emulators.correlation(a, b) * root * runs,
            };
        }
    }
    let Some(lower) = Lower::factor(square, m) else {
        return f64::NEG_INFINITY;
    };
    let apart: Vec<f64> = valued
        .iter()
        .map(|&at| observed[at].apart(predictions[at].mean))
        .collect();
    let scaled = lower.solve(&apart);
    let squares: f64 = scaled.iter().map(|z| z * z).sum();
    log - 0.5 * (squares + lower.log_det() + m as f64 * LOG_2_PI)
}

const LOG_2_PI: f64 = 1.837_877_066_409_345_3;

#[cfg(test)]
mod tests {
    use super::*;

    fn told(mean: f64, luck: f64) -> Prediction {
        Prediction {
            mean,
            emulator: 1.0,
            luck,
        }
    }

    #[test]
    fn implausibility_is_distance_over_all_that_is_not_known() {
        let value = Observed {
            seen: Seen::Value(10.0),
            noise: 4.0,
        };
        // 1 + 4·(1 + 1/4) + 4 = 10.
        assert!((value.implausibility(&told(0.0, 4.0), 4) - 10.0_f64.sqrt()).abs() < 1e-12);
        let bound = Observed {
            seen: Seen::Between(10.0, f64::INFINITY),
            noise: 4.0,
        };
        assert!((bound.implausibility(&told(0.0, 4.0), 4) - 10.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(bound.implausibility(&told(11.0, 4.0), 4), 0.0);
        assert_eq!(second_largest([4.0, 1.0, 3.0].into_iter()), 3.0);
        assert_eq!(second_largest([4.0, 4.0].into_iter()), 4.0);
        assert_eq!(second_largest([4.0].into_iter()), 4.0);
    }
}
