//! Intervals over replicates.

use serde::Serialize;

use crate::paired::t_quantile;

/// A mean over replicates with its 95 % t interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// Replicates that have a value.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Half the width of the 95 % interval of the mean; `None` with fewer than two replicates.
    pub half_width: Option<f64>,
    /// The 2.5 % point of the replicates (the nearest replicate; the lowest of fewer than 20).
    pub low: f64,
    /// The 97.5 % point of the replicates.
    pub high: f64,
}

impl Mean {
    /// Mean and interval of values, one per replicate; `None` without any.
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        if n == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        let half_width = (n > 1).then(|| {
            let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
            let deviation = (squares / (n - 1) as f64).sqrt();
            t_quantile((n - 1) as f64) * deviation / (n as f64).sqrt()
        });
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted[((n - 1) as f64 * share).round() as usize];
        Some(Self {
            n,
            mean,
            half_width,
            low: at(0.025),
            high: at(0.975),
        })
    }
}

/// Middle and range of months in which something happened, over the replicates where it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct When {
    /// Replicates in which it happened.
    pub happened: usize,
    /// All replicates.
    pub of: usize,
    /// Median month number (the lower of the two middle ones).
    pub median: Option<u32>,
    /// Earliest month number.
    pub earliest: Option<u32>,
    /// Latest month number.
    pub latest: Option<u32>,
}

impl When {
    /// From one month number per replicate; NaN where it never happened.
    pub fn of(values: &[f64]) -> Self {
        let mut months: Vec<u32> = values
            .iter()
            .filter(|v| v.is_finite())
            .map(|v| *v as u32)
            .collect();
        months.sort_unstable();
        Self {
            happened: months.len(),
            of: values.len(),
            median: months.get(months.len().saturating_sub(1) / 2).copied(),
            earliest: months.first().copied(),
            latest: months.last().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_months() {
        let mean = Mean::of(&[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((mean.n, mean.mean), (3, 2.0));
        assert_eq!((mean.low, mean.high), (1.0, 3.0));
        assert!((mean.half_width.unwrap() - 4.302_652_7 / 3f64.sqrt()).abs() < 1e-6);
        assert_eq!(Mean::of(&[5.0]).unwrap().half_width, None);
        assert_eq!(Mean::of(&[]), None);
        let when = When::of(&[7.0, f64::NAN, 3.0, 5.0]);
        assert_eq!((when.happened, when.of, when.median), (3, 4, Some(5)));
        assert_eq!((when.earliest, when.latest), (Some(3), Some(7)));
    }
}
