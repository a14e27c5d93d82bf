//! Distributions of parameters, as quantile functions, and what can be wrong with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Level;
use super::level::{EXACT, problems_of_levels};
use crate::normal::{cdf, quantile};
use crate::texts::{Text, text};

/// The least share of a normal distribution that `min` and `max` may leave.
const LEAST_MASS: f64 = 1e-9;

/// How a parameter varies. A design asks for quantiles, so every design works with every
/// distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "distribution", rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Distribution {
    /// Every value from `min` to `max` alike; for whole numbers every one of `min`, …, `max`.
    Uniform {
        /// Least value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// The logarithm is uniform: a range over orders of magnitude.
    LogUniform {
        /// Least value, above 0.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// Normal, cut off at `min` and `max` where given: the density between them is scaled up to 1,
    /// nothing is heaped at the ends.
    Normal {
        /// Mean before cutting off.
        mean: f64,
        /// Standard deviation before cutting off.
        sd: f64,
        /// Least value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// Largest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// The density rises from `min` to `mode` and falls to `max`, both in a straight line.
    Triangular {
        /// Least value.
        min: f64,
        /// Most likely value.
        mode: f64,
        /// Largest value.
        max: f64,
    },
    /// One of a list: numbers, texts or flags.
    Discrete {
        /// The values, in the order in which a rising quantile meets them.
        values: Vec<Level>,
        /// Their weights; all alike unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weights: Option<Vec<f64>>,
    },
}

impl Distribution {
    /// The value below which the share `u` (0 to 1) of the distribution lies. Never falls as `u`
    /// rises. With `whole` it is a whole number: uniform over `min`, …, `max` with equal weights,
    /// else rounded to the nearest (so the two ends get half a step's weight).
    ///
    /// At 0 and 1 it is the end of the support, infinite for a normal distribution without one.
    /// The distribution must have no [`problems`](Self::problems).
    pub fn quantile(&self, u: f64, whole: bool) -> Level {
        let u = u.clamp(0.0, 1.0);
        let (least, most) = self.span().unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let value = match *self {
            Self::Uniform { min, max } if whole => min + (u * (max - min + 1.0)).floor(),
            Self::Uniform { min, max } => min + u * (max - min),
            Self::LogUniform { min, max } => {
                let (low, high) = (libm::log(min), libm::log(max));
                libm::exp(low + u * (high - low))
            }
            Self::Normal { mean, sd, min, max } => normal(u, mean, sd, min, max),
            Self::Triangular { min, mode, max } => triangular(u, min, mode, max),
            Self::Discrete {
                ref values,
                ref weights,
            } => return values[chosen(u, values.len(), weights.as_deref())].clone(),
        };
        let value = if whole { value.round() } else { value };
        // Rounding neither misses the ends nor passes them, as exp(ln max) may.
        Level::Number(if u == 0.0 || value < least {
            least
        } else if u == 1.0 || value > most {
            most
        } else {
            value
        })
    }

    /// The least and largest number that it can give, infinite where nothing bounds it; `None` for
    /// texts and flags.
    pub fn span(&self) -> Option<(f64, f64)> {
        match self {
            Self::Uniform { min, max }
            | Self::LogUniform { min, max }
            | Self::Triangular { min, max, .. } => Some((*min, *max)),
            Self::Normal { min, max, .. } => Some((
                min.unwrap_or(f64::NEG_INFINITY),
                max.unwrap_or(f64::INFINITY),
            )),
            Self::Discrete { values, .. } => {
                let numbers = || values.iter().filter_map(Level::number);
                numbers().next()?;
                Some((
                    numbers().fold(f64::INFINITY, f64::min),
                    numbers().fold(f64::NEG_INFINITY, f64::max),
                ))
            }
        }
    }

    /// Everything that is wrong with it, as key and message; `whole` for a parameter that takes
    /// whole numbers only. Nothing when all is well.
    pub fn problems(&self, whole: bool) -> Vec<(&'static str, Text)> {
        let mut problems = Problems {
            whole,
            found: Vec::new(),
        };
        match self {
            Self::Uniform { min, max } => {
                if problems.numbers(&[("min", *min), ("max", *max)]) {
                    problems.rising(*min, *max);
                }
            }
            Self::LogUniform { min, max } => {
                if problems.numbers(&[("min", *min), ("max", *max)]) {
                    if *min <= 0.0 {
                        problems.say("min", text!("log-not-above-0", min));
                    }
                    problems.rising(*min, *max);
                }
            }
            Self::Normal { mean, sd, min, max } => {
                let ends: Vec<(&'static str, f64)> = [("min", *min), ("max", *max)]
                    .into_iter()
                    .filter_map(|(key, end)| Some((key, end?)))
                    .collect();
                // Only the ends must be whole: mean and sd describe the curve.
                let sound = problems.finite("mean", *mean) & problems.finite("sd", *sd);
                if problems.numbers(&ends) & sound {
                    problems.normal(*mean, *sd, *min, *max);
                }
            }
            Self::Triangular { min, mode, max } => {
                if problems.numbers(&[("min", *min), ("mode", *mode), ("max", *max)])
                    && problems.rising(*min, *max)
                    && !(*min..=*max).contains(mode)
                {
                    problems.say("mode", text!("mode-outside", mode, min, max));
                }
            }
            Self::Discrete { values, weights } => {
                problems.found = problems_of_levels(values, "values", whole);
                if let Some(weights) = weights {
                    problems.weights(values.len(), weights);
                }
            }
        }
        problems.found
    }
}

/// The quantile of a normal distribution cut off at `min` and `max`.
fn normal(u: f64, mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> f64 {
    let low = min.map_or(f64::NEG_INFINITY, |min| (min - mean) / sd);
    let high = max.map_or(f64::INFINITY, |max| (max - mean) / sd);
    // Probabilities near 0 are kept exactly and those near 1 are not: an upper tail is mirrored.
    if low > 0.0 {
        let (from, to) = (cdf(-low), cdf(-high));
        mean - sd * quantile(from + u * (to - from))
    } else {
        let (from, to) = (cdf(low), cdf(high));
        mean + sd * quantile(from + u * (to - from))
    }
}

/// The quantile of a triangular distribution (Johnson, Kotz and Balakrishnan 1995, *Continuous
/// univariate distributions* 2, §26.9).
fn triangular(u: f64, min: f64, mode: f64, max: f64) -> f64 {
    let range = max - min;
    let rising = (mode - min) / range;
    if u <= rising {
        (min + range * (u * rising).sqrt()).min(mode)
    } else {
        (max - range * ((1.0 - u) * (1.0 - rising)).sqrt()).max(mode)
    }
}

/// Which of `count` values the share `u` falls on; never one of weight 0.
fn chosen(u: f64, count: usize, weights: Option<&[f64]>) -> usize {
    let Some(weights) = weights else {
        return ((u * count as f64) as usize).min(count - 1);
    };
    let target = u * weights.iter().sum::<f64>();
    let (mut below, mut last) = (0.0, 0);
    for (at, weight) in weights
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight > 0.0)
    {
        below += weight;
        last = at;
        if below > target {
            break;
        }
    }
    last
}

struct Problems {
    whole: bool,
    found: Vec<(&'static str, Text)>,
}

impl Problems {
    fn say(&mut self, key: &'static str, message: Text) {
        self.found.push((key, message));
    }

    fn finite(&mut self, key: &'static str, value: f64) -> bool {
        if !value.is_finite() {
            self.say(key, text!("no-finite-number", value));
        }
        value.is_finite()
    }

    /// Whether all are numbers that the parameter can take.
    fn numbers(&mut self, keys: &[(&'static str, f64)]) -> bool {
        let before = self.found.len();
        for &(key, value) in keys {
            if self.finite(key, value)
                && self.whole
                && (value.fract() != 0.0 || value.abs() > EXACT)
            {
                self.say(key, text!("whole-numbers-only", value));
            }
        }
        self.found.len() == before
    }

    /// Whether `min` is below `max` by a finite range.
    fn rising(&mut self, min: f64, max: f64) -> bool {
        if min >= max {
            self.say("max", text!("max-not-above", max, min));
            return false;
        }
        self.finite("max", max - min)
    }

    fn normal(&mut self, mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) {
        if sd <= 0.0 {
            self.say("sd", text!("sd-not-above-0", sd));
            return;
        }
        if let (Some(min), Some(max)) = (min, max)
            && !self.rising(min, max)
        {
            return;
        }
        let low = min.map_or(f64::NEG_INFINITY, |min| (min - mean) / sd);
        let high = max.map_or(f64::INFINITY, |max| (max - mean) / sd);
        let mass = if low > 0.0 {
            cdf(-low) - cdf(-high)
        } else {
            cdf(high) - cdf(low)
        };
        if mass < LEAST_MASS {
            let key = if min.is_some_and(|min| min > mean) || max.is_none() {
                "min"
            } else {
                "max"
            };
            self.say(key, text!("normal-cut", mean, sd));
        }
    }

    fn weights(&mut self, values: usize, weights: &[f64]) {
        if weights.len() != values {
            let what = text!("weights-count", weights = weights.len(), values);
            self.say("weights", what);
        }
        let wrong: Vec<f64> = weights
            .iter()
            .copied()
            .filter(|weight| !(weight.is_finite() && *weight >= 0.0))
            .collect();
        if let Some(first) = wrong.first() {
            self.say("weights", text!("not-a-weight", value = first));
        } else if !weights.is_empty() {
            let sum: f64 = weights.iter().sum();
            if sum <= 0.0 || !sum.is_finite() {
                self.say("weights", text!("weights-sum", sum));
            }
        }
    }
}

#[cfg(test)]
mod tests;
