//! Mean, variance and skewness of a sample; where the rows of a packed matrix of products start.

/// Mean, variance and third moment of a sample.
pub(super) struct Moments {
    /// Mean.
    pub mean: f64,
    /// Variance with divisor n − 1; exactly 0 when all values are equal, and with fewer than two.
    pub variance: f64,
    /// Σ (v − mean)² and Σ (v − mean)³, each over n.
    second: f64,
    third: f64,
}

impl Moments {
    /// Of values, at least one.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        if let Some(first) = values.first()
            && values.iter().all(|value| value == first)
        {
            // The mean of equal values without the rounding of their sum.
            return Self {
                mean: *first,
                variance: 0.0,
                second: 0.0,
                third: 0.0,
            };
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let cubes: f64 = values.iter().map(|value| (value - mean).powi(3)).sum();
        Self {
            mean,
            variance: squares / (n - 1.0),
            second: squares / n,
            third: cubes / n,
        }
    }

    /// g₁; 0 where all values are equal.
    pub fn skewness(&self) -> f64 {
        let skewness = self.third / (self.second * self.second.sqrt());
        if skewness.is_finite() { skewness } else { 0.0 }
    }
}

/// Where row `t` of a packed lower triangle starts.
pub(super) fn row(t: usize) -> usize {
    t * (t + 1) / 2
}
