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
//! per cent         R = 100 d̄ / |x̄|, with the set of R that Fieller (1954), *Some problems in interval
//!                  estimation*, JRSS B 16, does not reject: |d̄ − ρ x̄| ≤ t_{n−1; 0.975} √((s² − 2 ρ s_xd + ρ² s_x²) / n)
//! ```
//!
//! The per cent take the baseline's mean for what it is, an estimate. The set is an interval when the t interval
//! of that mean leaves out 0; else a ratio to it means nothing, and there are no per cent.

use serde::Serialize;

use super::bootstrap::bca;
use super::moments::Moments;
use super::student::{t_quantile, two_sided_p};
use super::{DrawName, Stein};

/// Fewest replicates for which a BCa interval is given. With fewer the bootstrap knows too little of
/// the tails and covers less than t does. A judgement.
pub const MINIMUM_FOR_BCA: usize = 20;

/// How an interval was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Student's t on the differences: exact when they are normal.
    T,
    /// Bias-corrected and accelerated bootstrap of their mean.
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

/// Which interval is wanted. BCa is never taken unasked: at no number of replicates and no skewness that
/// was looked at does it cover more than t (top of `bootstrap.rs`; docs/model.md, section 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
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
    /// The difference in per cent of the size of the baseline's mean; missing when that is 0, and when its 95 % t
    /// interval holds 0.
    pub percent: Option<f64>,
    /// Lower end of its 95 % interval (Fieller).
    pub percent_low: Option<f64>,
    /// Upper end.
    pub percent_high: Option<f64>,
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
    /// Two-sided p of the paired t test of no difference (beside a BCa interval too; beside Stein's, the
    /// p that belongs to it); missing when all differences are equal (then there is nothing random to test: `mean` is the difference, possibly 0).
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
        percent: (of_x.mean != 0.0).then(|| 100.0 * of_d.mean / of_x.mean.abs()),
        percent_low: None,
        percent_high: None,
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
        if choice == Choice::Bca && n >= MINIMUM_FOR_BCA {
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
    let of_xd: f64 = x
        .iter()
        .zip(&d)
        .map(|(x, d)| (x - of_x.mean) * (d - of_d.mean))
        .sum::<f64>()
        / freedom;
    let ends = fieller(&of_x, &of_d, of_xd, n as f64);
    result.percent = result.percent.filter(|_| ends.is_some());
    (result.percent_low, result.percent_high) = ends.unzip();
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

/// The ends of the interval of 100 d̄ / |x̄|, from the moments of both and their covariance; `None` when the t
/// interval of x̄ holds 0.
fn fieller(of_x: &Moments, of_d: &Moments, covariance: f64, n: f64) -> Option<(f64, f64)> {
    let square = t_quantile(n - 1.0).powi(2) / n;
    let size = of_x.mean.abs();
    let mean = of_d.mean;
    let covariance = covariance * of_x.mean.signum();
    // The roots of a ρ² − 2 b ρ + c = 0.
    let a = size * size - square * of_x.variance;
    let b = mean * size - square * covariance;
    let c = mean * mean - square * of_d.variance;
    // Cauchy and Schwarz: never below 0 but for rounding.
    let root = (b * b - a * c).max(0.0).sqrt();
    let ends = (100.0 * (b - root) / a, 100.0 * (b + root) / a);
    (a > 0.0 && ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
}

impl Difference {
    /// The same with Stein's interval and its p, for replicates whose number was chosen by `stein`.
    ///
    /// When the pilot's differences were all equal and later ones are not, the differences are no
    /// normal ones and the pilot says nothing: then the interval stays as it is.
    #[must_use]
    pub fn with_stein(mut self, stein: &Stein) -> Self {
        if stein.sd > 0.0 || self.sd == Some(0.0) {
            let (low, high) = stein.interval(self.mean, self.n as u64);
            (self.low, self.high) = (Some(low), Some(high));
            self.p = stein.p(self.mean, self.n as u64);
            self.method = Method::Stein;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: DrawName = DrawName::new(1908, 1, 2);

    fn of(x: &[f64], y: &[f64]) -> Difference {
        difference(x, y, Choice::T, NAME).unwrap()
    }

    /// Student (1908), *The probable error of a mean*, Biometrika 6: additional hours of sleep of ten
    /// patients by two drugs. The paired and the Welch test as statistics texts print them (R's help of
    /// `t.test`): paired t = 4.0621, df 9, p = 0.002833, interval (0.70, 2.46); Welch t = 1.8608, df
    /// 17.776, interval (−0.2055, 3.3655).
    #[test]
    fn students_sleep() {
        let x = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let y = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let d = of(&x, &y);
        assert!((d.mean - 1.58).abs() < 1e-12 && d.n == 10);
        assert!((d.mean / d.standard_error.unwrap() - 4.0621).abs() < 5e-5);
        assert!((d.p.unwrap() - 0.002_833).abs() < 5e-7);
        assert!((d.low.unwrap() - 0.700_114_2).abs() < 1e-6);
        assert!((d.high.unwrap() - 2.459_885_8).abs() < 1e-6);
        assert!((d.unpaired_low.unwrap() + 0.205_483_2).abs() < 1e-6);
        assert!((d.unpaired_high.unwrap() - 3.365_483_2).abs() < 1e-6);
        assert!((d.correlation.unwrap() - 0.795_170_2).abs() < 1e-6);
        assert!((d.baseline - 0.75).abs() < 1e-12 && (d.layout - 2.33).abs() < 1e-12);
        // The hours by the first drug are not clear of 0: t interval −0.53 to 2.03.
        assert_eq!((d.percent, d.percent_low), (None, None));
        assert_eq!(d.method, Method::T);
    }

    /// var d = var x + var y − 2 r s_x s_y, so with r and the two variances the reduction is
    /// 1 / (1 − 2 r s_x s_y / (s_x² + s_y²)); and it is the squared ratio of the standard errors.
    #[test]
    fn variance_reduction_follows_from_the_correlation() {
        let x: Vec<f64> = (0..40).map(|i| (f64::from(i) * 1.7).sin() * 3.0).collect();
        let y: Vec<f64> = (0..40)
            .map(|i| (f64::from(i) * 1.7).sin() * 2.5 + (f64::from(i * i) * 0.9).cos())
            .collect();
        let d = of(&x, &y);
        let variance = |v: &[f64]| Moments::of(v).variance;
        let (of_x, of_y) = (variance(&x), variance(&y));
        let together = of_x + of_y;
        let shared = 2.0 * d.correlation.unwrap() * (of_x * of_y).sqrt();
        let reduction = d.variance_reduction.unwrap();
        assert!(reduction > 3.0, "{reduction}");
        assert!((reduction - 1.0 / (1.0 - shared / together)).abs() < 1e-9);
        let unpaired = (together / 40.0).sqrt();
        assert!((reduction - (unpaired / d.standard_error.unwrap()).powi(2)).abs() < 1e-9);
        assert!((d.mean - (d.layout - d.baseline)).abs() < 1e-12);
        assert!((d.sd.unwrap() - (together - shared).sqrt()).abs() < 1e-9);
    }

    /// A constant added to a layout moves the difference alone; to both, nothing; a scale scales;
    /// exchanging the worlds turns the sign; the order of replicates does not matter.
    #[test]
    fn invariances() {
        let x = [4.0, 7.0, 1.0, 9.0, 5.0, 2.0];
        let y = [6.0, 7.0, 3.0, 18.0, 4.0, 3.0];
        let d = of(&x, &y);
        let moved = of(&x, &y.map(|v| v + 8.0));
        assert_eq!(moved.mean, d.mean + 8.0);
        assert_eq!(moved.sd, d.sd);
        for (a, b) in [
            (moved.skewness, d.skewness),
            (moved.correlation, d.correlation),
        ] {
            assert!((a.unwrap() - b.unwrap()).abs() < 1e-12);
        }
        let both = of(&x.map(|v| v + 8.0), &y.map(|v| v + 8.0));
        assert_eq!((both.mean, both.low, both.p), (d.mean, d.low, d.p));
        let scaled = of(&x.map(|v| v * 4.0), &y.map(|v| v * 4.0));
        assert_eq!(scaled.low, d.low.map(|v| v * 4.0));
        assert_eq!(
            (scaled.p, scaled.variance_reduction),
            (d.p, d.variance_reduction)
        );
        let turned = of(&y, &x);
        assert_eq!((turned.mean, turned.low), (-d.mean, d.high.map(|v| -v)));
        assert_eq!(turned.skewness, d.skewness.map(|v| -v));
        let order = [3, 0, 5, 1, 4, 2];
        let other = of(&order.map(|i| x[i]), &order.map(|i| y[i]));
        assert!((other.low.unwrap() - d.low.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn equal_worlds_differ_by_exactly_nothing() {
        let x = [0.1, 0.7, 0.3];
        for choice in [Choice::T, Choice::Bca] {
            let d = difference(&x, &x, choice, NAME).unwrap();
            assert_eq!(
                (d.mean, d.sd, d.low, d.high),
                (0.0, Some(0.0), Some(0.0), Some(0.0))
            );
            assert_eq!((d.p, d.variance_reduction, d.skewness), (None, None, None));
            assert_eq!(d.correlation, Some(1.0));
            assert!(d.unpaired_low < Some(0.0) && d.unpaired_high > Some(0.0));
        }
        // The same difference everywhere, of a constant baseline.
        let d = of(&[0.1; 30], &[0.4; 30]);
        assert_eq!((d.low, d.high), (Some(0.4 - 0.1), Some(0.4 - 0.1)));
        assert_eq!((d.unpaired_low, d.unpaired_high), (d.low, d.high));
        assert_eq!(
            (d.p, d.correlation, d.standard_error),
            (None, None, Some(0.0))
        );
        assert_eq!(of(&[0.0; 3], &[1.0; 3]).percent, None);
    }

    #[test]
    fn few_replicates() {
        let one = of(&[2.0], &[5.0]);
        assert_eq!((one.n, one.mean, one.low, one.p), (1, 3.0, None, None));
        assert_eq!(
            (one.sd, one.unpaired_low, one.correlation),
            (None, None, None)
        );
        assert_eq!(difference(&[], &[], Choice::T, NAME), None);
        assert_eq!(difference(&[1.0], &[], Choice::T, NAME), None);
        let two = of(&[0.0, 0.0], &[1.0, 3.0]);
        assert!((two.high.unwrap() - 2.0 - 12.706_204_7).abs() < 1e-6);
        assert_eq!(two.correlation, None);
    }

    /// Whoever asks for BCa with fewer than 20 replicates gets t, and is told; skewed differences have t too.
    #[test]
    fn the_choice_of_the_interval() {
        let zero = vec![0.0; 40];
        let skewed: Vec<f64> = (0..40).map(|i| (f64::from(i) / 8.0).exp()).collect();
        let even: Vec<f64> = (0..40).map(f64::from).collect();
        let method = |y: &[f64], n: usize, choice| {
            difference(&zero[..n], &y[..n], choice, NAME).map(|d| d.method)
        };
        assert_eq!(method(&skewed, 40, Choice::T), Some(Method::T));
        assert_eq!(method(&even, 20, Choice::Bca), Some(Method::Bca));
        assert_eq!(method(&even, 19, Choice::Bca), Some(Method::T));

        let bca = difference(&zero, &skewed, Choice::Bca, NAME).unwrap();
        let t = difference(&zero, &skewed, Choice::T, NAME).unwrap();
        assert!(bca.skewness.unwrap() > 1.0);
        // A tail on the right: the interval reaches further there than to the left.
        assert!(bca.high.unwrap() - bca.mean > 1.1 * (bca.mean - bca.low.unwrap()));
        assert!(bca.high > t.high && bca.low > t.low);
        assert_eq!((bca.p, bca.mean), (t.p, t.mean));
    }

    /// Fieller's set is what the t test of d − ρ x does not reject: at both ends its t is the quantile. With a
    /// baseline that does not vary it is the interval of the difference over it; negative baselines count by size.
    #[test]
    fn per_cent_are_fiellers() {
        let x = [9.0, 12.0, 10.0, 14.0, 11.0, 8.0];
        let y = [10.5, 12.5, 12.0, 17.0, 11.5, 8.0];
        let d = of(&x, &y);
        for end in [d.percent_low.unwrap(), d.percent_high.unwrap()] {
            let rest: Vec<f64> = x
                .iter()
                .zip(&y)
                .map(|(x, y)| y - x - end / 100.0 * x)
                .collect();
            let test = of(&[0.0; 6], &rest);
            let t = test.mean / test.standard_error.unwrap();
            assert!((t.abs() - t_quantile(5.0)).abs() < 1e-9, "{t}");
        }
        assert!(d.percent_low < d.percent && d.percent < d.percent_high);
        let turned = of(&x.map(|v| -v), &y.map(|v| -v));
        assert_eq!(turned.percent, d.percent.map(|v| -v));
        assert!((turned.percent_low.unwrap() + d.percent_high.unwrap()).abs() < 1e-9);
        let constant = of(&[4.0; 6], &y);
        assert!((constant.percent_low.unwrap() - 25.0 * constant.low.unwrap()).abs() < 1e-9);
        assert!((constant.percent_high.unwrap() - 25.0 * constant.high.unwrap()).abs() < 1e-9);
        let same = of(&x, &x);
        assert_eq!((same.percent, same.percent_low), (Some(0.0), Some(0.0)));
        // Barely clear of 0: the interval is far wider than with the baseline taken as known.
        let near = of(&[0.5, 3.0, 1.0, 0.2], &[1.5, 3.5, 3.0, 0.9]);
        assert_eq!(near.percent, None);
        assert_eq!(of(&[2.0], &[3.0]).percent, Some(50.0));
    }

    /// Months in which something happens: whole numbers with many ties, one replicate far out.
    #[test]
    fn tied_months_have_sound_intervals() {
        let x = vec![24.0; 25];
        let mut y = x.clone();
        for lucky in [0.0, 3.0, 200.0] {
            y[7] = 24.0 - lucky;
            let d = difference(&x, &y, Choice::Bca, NAME).unwrap();
            let (low, high) = (d.low.unwrap(), d.high.unwrap());
            assert!(low <= d.mean && d.mean <= high && high <= 0.0, "{d:?}");
            assert_eq!(low < high, lucky > 0.0);
        }
    }

    #[test]
    fn stein_takes_the_place_of_t() {
        let x = [0.0; 12];
        let y: Vec<f64> = (0..12).map(|i| f64::from(i % 5)).collect();
        let stein = Stein::plan(&y[..5], 1.0, 100).unwrap();
        let d = of(&x, &y).with_stein(&stein);
        assert_eq!(d.method, Method::Stein);
        assert_eq!((d.low, d.high), {
            let (low, high) = stein.interval(d.mean, 12);
            (Some(low), Some(high))
        });
        // t = d̄ √N / s₀ with the pilot's degrees of freedom, not those of all.
        let t = d.mean * 12f64.sqrt() / Moments::of(&y[..5]).variance.sqrt();
        assert_eq!(d.p, Some(two_sided_p(t, 4.0)));
        assert_ne!(d.p, of(&x, &y).p);
        // p is 0.05 just where the interval ends at 0.
        let edge = stein.half_width(12);
        for (mean, significant) in [(edge * 0.999, false), (edge * 1.001, true)] {
            let (low, _) = stein.interval(mean, 12);
            let p = stein.p(mean, 12).unwrap();
            assert_eq!((low > 0.0, p < 0.05), (significant, significant), "{p}");
        }
        let blind = Stein::plan(&[0.0; 5], 1.0, 100).unwrap();
        assert_eq!(of(&x, &y).with_stein(&blind), of(&x, &y));
        assert_eq!(of(&x, &x).with_stein(&blind).method, Method::Stein);
        assert_eq!(Method::Stein.word(), "stein");
    }

    #[test]
    fn extreme_numbers_are_no_panic() {
        let tiny = of(&[0.0, 1e-200, 3e-200], &[1e-200, 0.0, 5e-200]);
        assert!(tiny.low.is_some_and(|v| v.is_finite()));
        let large = of(&[0.0, 1e200], &[1e200, 3e200]);
        assert_eq!(large.n, 2);
    }
}
