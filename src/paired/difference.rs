//! The paired difference of one outcome between a layout and the baseline.
//!
//! With d_r = y_r − x_r over replicates r = 1 … n:
//!
//! ```text
//! mean             d̄ = Σ d_r / n = ȳ − x̄
//! standard error   s / √n,  s² = Σ (d_r − d̄)² / (n − 1) = s_x² + s_y² − 2 s_xy
//! t interval       d̄ ± t_{n−1; 0.975} s / √n
//! unpaired         d̄ ± t_{ν; 0.975} √((s_x² + s_y²) / n),  ν = (n − 1) (s_x² + s_y²)² / (s_x⁴ + s_y⁴)
//!                  (Welch 1947; what independent runs of the two layouts would have given)
//! variance reduction   (s_x² + s_y²) / s²: how many times more independent runs the same width needs
//! skewness         g₁ = m₃ / m₂^{3/2}, moments about the mean with divisor n
//! ```

use serde::Serialize;

use super::bootstrap::bca;
use super::student::{t_quantile, two_sided_p};
use super::{DrawName, Stein};

/// Fewest replicates for which a BCa interval is given. With fewer the bootstrap knows too little of
/// the tails and covers less than t does. A judgement.
pub const MINIMUM_FOR_BCA: usize = 20;

/// Skewness of the differences above which [`Choice::Auto`] takes the BCa interval. A judgement.
const SKEWED: f64 = 1.0;

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Student's t on the differences: exact when they are normal.
    T,
    /// Bias-corrected and accelerated bootstrap of their mean, for skewed differences.
    Bca,
    /// Stein's two-stage interval: exact for normal differences whose number was chosen by a pilot.
    Stein,
}

impl Method {
    /// The word in the tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::Bca => "bca",
            Self::Stein => "stein",
        }
    }
}

/// Which interval is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// BCa when there are at least [`MINIMUM_FOR_BCA`] replicates and the skewness of the
    /// differences is above 1 or below −1; else t.
    Auto,
    /// Always t.
    T,
    /// BCa when there are at least [`MINIMUM_FOR_BCA`] replicates; else t.
    Bca,
}

/// The paired difference of one outcome; all values but p, skewness, correlation and variance
/// reduction are in the unit of the outcome. With one replicate all that is optional is missing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Replicates.
    pub n: usize,
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean of the layout.
    pub layout: f64,
    /// Mean of the differences layout − baseline.
    pub mean: f64,
    /// Standard deviation of the differences.
    pub sd: Option<f64>,
    /// Standard error of the mean difference.
    pub standard_error: Option<f64>,
    /// Lower end of the 95 % interval of the mean difference.
    pub low: Option<f64>,
    /// Upper end. When all differences are equal, both ends are the difference itself.
    pub high: Option<f64>,
    /// How the interval was made.
    pub method: Method,
    /// Skewness of the differences; missing when all are equal.
    pub skewness: Option<f64>,
    /// Correlation of layout and baseline over replicates; missing when one of them is constant.
    pub correlation: Option<f64>,
    /// Lower end of the unpaired 95 % interval.
    pub unpaired_low: Option<f64>,
    /// Upper end.
    pub unpaired_high: Option<f64>,
    /// Variance reduction by pairing; missing when all differences are equal (it has no bound then).
    pub variance_reduction: Option<f64>,
    /// Two-sided p of the paired t test of no difference; missing when all differences are equal
    /// (then there is nothing random to test: `mean` is the difference, possibly 0).
    pub p: Option<f64>,
}

/// Compares `y` (a layout) with `x` (the baseline): one finite value per replicate, the same
/// replicates in the same order. `name` names the resamples of a BCa interval. `None` without
/// replicates, or when the numbers of replicates differ.
pub fn difference(x: &[f64], y: &[f64], choice: Choice, name: DrawName) -> Option<Difference> {
    if x.is_empty() || x.len() != y.len() {
        return None;
    }
    let n = x.len();
    let d: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
    let (of_x, of_y, of_d) = (Moments::of(x), Moments::of(y), Moments::of(&d));
    let mut result = Difference {
        n,
        baseline: of_x.mean,
        layout: of_y.mean,
        mean: of_d.mean,
        sd: None,
        standard_error: None,
        low: None,
        high: None,
        method: Method::T,
        skewness: None,
        correlation: None,
        unpaired_low: None,
        unpaired_high: None,
        variance_reduction: None,
        p: None,
    };
    if n < 2 {
        return Some(result);
    }
    let freedom = (n - 1) as f64;
    let together = of_x.variance + of_y.variance;

    let sd = of_d.variance.sqrt();
    let standard_error = sd / (n as f64).sqrt();
    result.sd = Some(sd);
    result.standard_error = Some(standard_error);
    let half = t_quantile(freedom) * standard_error;
    (result.low, result.high) = (Some(of_d.mean - half), Some(of_d.mean + half));
    if of_d.variance > 0.0 {
        let skewness = of_d.skewness();
        result.skewness = Some(skewness);
        result.variance_reduction = Some(together / of_d.variance);
        result.p = Some(two_sided_p(of_d.mean / standard_error, freedom));
        let bootstrap = match choice {
            Choice::Auto => skewness.abs() > SKEWED,
            Choice::T => false,
            Choice::Bca => true,
        };
        if bootstrap && n >= MINIMUM_FOR_BCA {
            let (low, high) = bca(&d, name);
            (result.low, result.high) = (Some(low), Some(high));
            result.method = Method::Bca;
        }
    }

    if of_x.variance > 0.0 && of_y.variance > 0.0 {
        let products: f64 = x
            .iter()
            .zip(y)
            .map(|(x, y)| (x - of_x.mean) * (y - of_y.mean))
            .sum();
        let correlation = products / freedom / of_x.variance.sqrt() / of_y.variance.sqrt();
        result.correlation = Some(correlation.clamp(-1.0, 1.0));
    }
    let unpaired = if together > 0.0 {
        // Shares first: squares of variances may be too small for a number.
        let (a, b) = (of_x.variance / together, of_y.variance / together);
        t_quantile(freedom / (a * a + b * b)) * (together / n as f64).sqrt()
    } else {
        0.0
    };
    result.unpaired_low = Some(of_d.mean - unpaired);
    result.unpaired_high = Some(of_d.mean + unpaired);
    Some(result)
}

impl Difference {
    /// The difference in percent of the size of the baseline's mean; `None` when that is 0.
    pub fn percent(&self) -> Option<f64> {
        (self.baseline != 0.0).then(|| 100.0 * self.mean / self.baseline.abs())
    }

    /// The same with Stein's interval, for replicates whose number was chosen by `stein`.
    ///
    /// When the pilot's differences were all equal and later ones are not, the differences are no
    /// normal ones and the pilot says nothing: then the interval stays as it is.
    #[must_use]
    pub fn with_stein(mut self, stein: &Stein) -> Self {
        if stein.sd > 0.0 || self.sd == Some(0.0) {
            let (low, high) = stein.interval(self.mean, self.n as u64);
            (self.low, self.high) = (Some(low), Some(high));
            self.method = Method::Stein;
        }
        self
    }
}

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
    fn skewness(&self) -> f64 {
        let skewness = self.third / self.second.powf(1.5);
        if skewness.is_finite() { skewness } else { 0.0 }
    }
}
