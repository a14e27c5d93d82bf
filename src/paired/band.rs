//! Bands around a mean difference path, its cumulative sum and its peak.
//!
//! ```text
//! pointwise     m_t ± t_{n−1; 0.975} s_t / √n          covers month t in 95 % of comparisons
//! simultaneous  m_t ± c s_t / √n                       covers the whole path in 95 % of them
//! cumulative    C_t = Σ_{u ≤ t} m_u,  variance Σ_{u,v ≤ t} s_uv / n,  pointwise
//! ```
//!
//! with s_uv the covariance of months u and v over replicates and c the critical value of the months that are in
//! the band: by a bootstrap of whole paths (`resampled.rs`), and with more than 200 replicates by simulation from the
//! correlation of the months (`supremum.rs`).
//!
//! **Which months are in the band** is fixed before anything is estimated: those in which at least max(10, n/4) of
//! the n replicates differ from 0. A mean of few replicates that differ among many that do not has a law which no
//! sample of this size tells, and one such month spoils the band of all. There is no band with fewer than 20
//! replicates. What both cover is in docs/model.md, section 11, and measured by `benches/coverage.rs`.

use serde::Serialize;

use super::moments::row;
use super::student::t_quantile;
use super::{DrawName, resampled, supremum};

/// Fewest replicates for which a simultaneous band is given. A judgement.
pub const MINIMUM_FOR_BAND: usize = 20;

/// Fewest of `replicates` that must differ from 0 in a month that is in the simultaneous band.
pub fn fewest_for_band(replicates: usize) -> usize {
    replicates.div_ceil(4).max(10)
}

/// The mean difference path with its bands: one entry per month, in the unit of the outcome. NaN is
/// missing: a month in which any replicate had no value; and all but the means with one replicate.
///
/// Where all replicates have the same difference the bands have no width. The simultaneous one is missing
/// with fewer than [`MINIMUM_FOR_BAND`] replicates, and in months in which fewer than
/// [`fewest_for_band`] of them differ from 0. Making it costs 2000 resamples of the paths or 4000
/// simulated paths: for 268 months about 0.1 s (a release build on one busy core).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// Replicates.
    pub replicates: usize,
    /// Mean difference.
    pub mean: Vec<f64>,
    /// Its standard error.
    pub standard_error: Vec<f64>,
    /// Lower edge of the pointwise 95 % band.
    pub low: Vec<f64>,
    /// Upper edge.
    pub high: Vec<f64>,
    /// Lower edge of the simultaneous 95 % band; missing in months that are not in it.
    pub sup_low: Vec<f64>,
    /// Upper edge.
    pub sup_high: Vec<f64>,
    /// Cumulative mean difference: the sum of the means up to this month; missing from the first month
    /// without a value on, as a sum with gaps is another quantity.
    pub cumulative: Vec<f64>,
    /// Lower edge of its pointwise 95 % band.
    pub cumulative_low: Vec<f64>,
    /// Upper edge.
    pub cumulative_high: Vec<f64>,
    /// Half the width of the simultaneous band in standard errors; NaN when no month that varies is in it.
    pub critical: f64,
    /// Index of the month with the largest mean difference in size, the first of equals; `None` when
    /// all are 0 or missing. Equal are those whose differences add up to the same, whatever their order: sums are kept
    /// to 106 bits, so those of whole numbers are exact.
    pub peak: Option<usize>,
}

impl Band {
    /// The mean difference in the month of the peak.
    pub fn peak_value(&self) -> Option<f64> {
        self.peak.and_then(|t| self.mean.get(t)).copied()
    }
}

/// What a [`PathAccumulator`](super::PathAccumulator) has gathered.
pub(super) struct Gathered<'a> {
    /// Replicates.
    pub replicates: usize,
    /// Mean of each month.
    pub mean: &'a [f64],
    /// Sum of each month in two numbers, the second what rounding cut off the first.
    pub sum: &'a [[f64; 2]],
    /// Packed lower triangle of the centred products.
    pub products: &'a [f64],
    /// Months in which a replicate had no value.
    pub missing: &'a [bool],
    /// Months whose values are not all equal (nor missing).
    pub varies: &'a [bool],
    /// Replicates whose value is not 0, by month.
    pub differ: &'a [usize],
    /// The paths, one after the other; empty when there are too many.
    pub paths: &'a [f64],
}

/// The bands.
pub(super) fn bands(of: &Gathered<'_>, name: DrawName) -> Band {
    let months = of.mean.len();
    let n = of.replicates as f64;
    // Of means: products / (n − 1) / n. Without a second replicate everything but the mean is NaN.
    let several = of.replicates > 1;
    let divisor = if several { (n - 1.0) * n } else { f64::NAN };
    let quantile = if several {
        t_quantile(n - 1.0)
    } else {
        f64::NAN
    };
    let in_band = |t: usize| {
        of.replicates >= MINIMUM_FOR_BAND && of.differ[t] >= fewest_for_band(of.replicates)
    };
    let moving: Vec<usize> = (0..months)
        .filter(|t| in_band(*t) && of.varies[*t] && of.products[row(*t) + t] > 0.0)
        .collect();
    let critical = critical(of, &moving, name);

    let blank = vec![f64::NAN; months];
    let mut band = Band {
        replicates: of.replicates,
        mean: blank.clone(),
        standard_error: blank.clone(),
        low: blank.clone(),
        high: blank.clone(),
        sup_low: blank.clone(),
        sup_high: blank.clone(),
        cumulative: blank.clone(),
        cumulative_low: blank.clone(),
        cumulative_high: blank,
        critical,
        peak: None,
    };
    let mut largest = [0.0; 2];
    let mut sum = 0.0;
    let mut sum_of_products = 0.0;
    let whole = of.missing.iter().position(|missing| *missing);
    let whole = whole.unwrap_or(months);
    for t in 0..months {
        if of.missing[t] || of.replicates == 0 {
            continue;
        }
        let mean = of.mean[t];
        let products = if of.varies[t] {
            of.products[row(t) + t]
        } else {
            0.0
        };
        let error = (products / divisor).sqrt();
        band.mean[t] = mean;
        band.standard_error[t] = error;
        (band.low[t], band.high[t]) = (mean - quantile * error, mean + quantile * error);
        if in_band(t) {
            // A month that does not vary has no width, even if none does and there is no critical value.
            let half = if error == 0.0 { 0.0 } else { critical * error };
            (band.sup_low[t], band.sup_high[t]) = (mean - half, mean + half);
        }
        // Means of the same sum can differ by rounding.
        let [high, low] = of.sum[t];
        let size = if high < 0.0 {
            [-high, -low]
        } else {
            [high, low]
        };
        if size > largest {
            largest = size;
            band.peak = Some(t);
        }

        if t > whole {
            continue;
        }
        sum += mean;
        if of.varies[t] {
            let earlier: f64 = (0..t)
                .filter(|u| of.varies[*u])
                .map(|u| of.products[row(t) + u])
                .sum();
            sum_of_products += 2.0 * earlier + products;
        }
        let half = quantile * (sum_of_products.max(0.0) / divisor).sqrt();
        band.cumulative[t] = sum;
        (band.cumulative_low[t], band.cumulative_high[t]) = (sum - half, sum + half);
    }
    band
}

/// The critical value of the months `moving`.
fn critical(of: &Gathered<'_>, moving: &[usize], name: DrawName) -> f64 {
    if !of.paths.is_empty() {
        let paths = standardised(of, moving);
        return resampled::critical(&paths, of.replicates, moving.len(), name);
    }
    let root = |t: usize| of.products[row(t) + t].sqrt();
    let mut correlation = Vec::with_capacity(row(moving.len()));
    for (i, &t) in moving.iter().enumerate() {
        let products = &of.products[row(t)..];
        correlation.extend(
            moving[..i]
                .iter()
                .map(|&u| products[u] / (root(t) * root(u))),
        );
        correlation.push(1.0);
    }
    supremum::critical(
        &correlation,
        moving.len(),
        of.replicates.saturating_sub(1),
        name,
    )
}

/// The standardised deviation paths of the months `moving`, one after the other.
fn standardised(of: &Gathered<'_>, moving: &[usize]) -> Vec<f64> {
    let freedom = (of.replicates - 1) as f64;
    let scale: Vec<f64> = moving
        .iter()
        .map(|t| (of.products[row(*t) + t] / freedom).sqrt())
        .collect();
    let paths = of.paths.chunks_exact(of.mean.len());
    paths
        .flat_map(|path| {
            let one = moving.iter().zip(&scale);
            one.map(|(t, scale)| (path[*t] - of.mean[*t]) / scale)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::PathAccumulator;
    use super::*;

    const NAME: DrawName = DrawName::new(3, 1, 4);

    fn band(paths: &[Vec<f64>]) -> Band {
        let mut gathered = PathAccumulator::new(paths[0].len());
        paths.iter().for_each(|path| gathered.push(path));
        gathered.finish(NAME)
    }

    fn waves(n: usize) -> Vec<Vec<f64>> {
        (0..n)
            .map(|r| {
                (0..6)
                    .map(|t| ((r * r) as f64 * 0.37 + t as f64).sin() * (t as f64 + 1.0))
                    .collect()
            })
            .collect()
    }

    /// Each month, and each cumulative month, has the interval of its numbers alone.
    #[test]
    fn months_are_paired_differences() {
        let paths = waves(23);
        let band = band(&paths);
        for t in 0..6 {
            let zero = vec![0.0; 23];
            let of = |values: Vec<f64>| {
                let d = crate::paired::difference(&zero, &values, crate::paired::Choice::T, NAME);
                let d = d.unwrap();
                (d.mean, d.low.unwrap(), d.high.unwrap())
            };
            let month = of(paths.iter().map(|p| p[t]).collect());
            let so_far = of(paths.iter().map(|p| p[..=t].iter().sum()).collect());
            for (got, want) in [
                (band.mean[t], month.0),
                (band.low[t], month.1),
                (band.high[t], month.2),
                (band.cumulative[t], so_far.0),
                (band.cumulative_low[t], so_far.1),
                (band.cumulative_high[t], so_far.2),
            ] {
                assert!((got - want).abs() < 1e-10, "{t}: {got} {want}");
            }
            let half = band.critical * band.standard_error[t];
            assert!((band.sup_high[t] - band.mean[t] - half).abs() < 1e-12);
            assert!(band.sup_low[t] < band.low[t] && band.high[t] < band.sup_high[t]);
        }
    }

    /// Constant months have no width and do not count; missing months have nothing.
    #[test]
    fn constant_and_missing_months() {
        let plain = band(&waves(22));
        let paths: Vec<Vec<f64>> = waves(22)
            .into_iter()
            .enumerate()
            .map(|(r, wave)| {
                let mut path = vec![0.0, 0.1, if r == 4 { f64::NAN } else { 50.0 }];
                path.extend(wave);
                path
            })
            .collect();
        let band = band(&paths);
        assert_eq!(band.critical, plain.critical);
        assert_eq!(
            (band.mean[1], band.low[1], band.sup_high[1]),
            (0.1, 0.1, 0.1)
        );
        assert!(band.low[0] == 0.0 && band.sup_low[0].is_nan());
        assert_eq!((band.cumulative[1], band.cumulative_high[1]), (0.1, 0.1));
        for column in [&band.mean, &band.low, &band.sup_low, &band.cumulative] {
            assert!(column[2].is_nan());
        }
        assert_eq!(band.sup_low[3..], plain.sup_low[..]);
        // A sum over months with a gap is none.
        for column in [
            &band.cumulative,
            &band.cumulative_low,
            &band.cumulative_high,
        ] {
            assert!(column[..2].iter().all(|v| v.is_finite()));
            assert!(column[2..].iter().all(|v| v.is_nan()));
        }
        assert!(band.peak.is_some_and(|t| t > 2));
        assert_eq!(band.peak_value(), plain.peak_value());
    }

    /// A month is in the band when max(10, n/4) replicates differ from 0 there, and those outside do not widen it.
    #[test]
    fn months_in_which_few_differ_are_not_in_the_band() {
        for (n, least) in [(20, 10), (40, 10), (41, 11), (200, 50), (204, 51)] {
            assert_eq!(fewest_for_band(n), least);
            let with = |differ: usize| {
                let paths = waves(n).into_iter().enumerate().map(|(r, mut path)| {
                    path.push(if r < differ { 1.0 + r as f64 } else { 0.0 });
                    path
                });
                band(&paths.collect::<Vec<_>>())
            };
            let (out, inside) = (with(least - 1), with(least));
            assert!(out.sup_low[6].is_nan() && out.low[6].is_finite(), "{n}");
            assert!(inside.sup_low[6] < inside.mean[6] && inside.mean[6] < inside.sup_high[6]);
            assert_eq!(out.critical, band(&waves(n)).critical);
        }
    }

    #[test]
    fn nothing_differs() {
        let band = band(&vec![vec![0.0; 4]; 30]);
        assert_eq!(
            (&band.low[..], &band.high[..]),
            (&[0.0; 4][..], &[0.0; 4][..])
        );
        assert!(
            band.sup_low
                .iter()
                .chain(&band.sup_high)
                .all(|edge| edge.is_nan())
        );
        assert_eq!(band.cumulative_low, [0.0; 4]);
        assert_eq!((band.peak, band.peak_value()), (None, None));
        assert!(band.critical.is_nan());
    }

    #[test]
    fn few_replicates() {
        let one = band(&waves(1));
        assert_eq!(one.mean, waves(1)[0]);
        assert!(one.low[0].is_nan() && one.sup_low[3].is_nan() && one.cumulative_low[5].is_nan());
        assert_eq!(one.peak, Some(5));
        let none = PathAccumulator::new(2).finish(NAME);
        assert!(none.mean[0].is_nan() && none.peak.is_none());
        // No band below 20, and then one.
        let few = band(&waves(MINIMUM_FOR_BAND - 1));
        assert!(few.critical.is_nan() && few.sup_low.iter().all(|edge| edge.is_nan()));
        assert!(few.low.iter().all(|edge| edge.is_finite()));
        let enough = band(&waves(MINIMUM_FOR_BAND));
        assert!(enough.sup_low.iter().all(|edge| edge.is_finite()));
    }

    /// With more replicates than are resampled the band is the sup-t: about as wide where paths are normal enough.
    #[test]
    fn many_replicates_have_the_sup_t() {
        let (fewer, more) = (band(&waves(200)), band(&waves(201)));
        assert!(
            (fewer.critical / more.critical - 1.0).abs() < 0.06,
            "{} {}",
            fewer.critical,
            more.critical
        );
    }

    /// The first of months whose differences add up to the same, though their means are rounded otherwise.
    #[test]
    fn equal_peaks() {
        let columns = [
            // 0.6 each, but 0.6000000000000001 in this order.
            [0.0, 0.0, 0.0],
            [0.3, 0.2, 0.1],
            [0.1, 0.2, 0.3],
            [-0.2, -0.3, -0.1],
        ];
        let peak = |order: &[usize]| {
            let path = |r: usize| order.iter().map(|column| columns[*column][r]).collect();
            band(&(0..3).map(path).collect::<Vec<Vec<f64>>>()).peak
        };
        assert_eq!(peak(&[0, 1, 2, 3]), Some(1));
        assert_eq!(peak(&[0, 2, 1, 3]), Some(1));
        assert_eq!(peak(&[3, 0, 2, 1]), Some(0));
        // Whole numbers over many replicates: 40 replicates, all months add up to 40 · 41 / 2.
        let turned = |r: usize| (0..7).map(|t| ((r * 7 + t * 13) % 40 + 1) as f64).collect();
        let paths: Vec<Vec<f64>> = (0..40).map(turned).collect();
        assert_eq!(band(&paths).peak, Some(0));
    }

    /// Scaling by powers of two is exact; the same paths under another name move only the critical value.
    #[test]
    fn invariances() {
        let plain = band(&waves(40));
        let scaled: Vec<Vec<f64>> = waves(40)
            .into_iter()
            .map(|path| path.into_iter().map(|v| v * -4.0).collect())
            .collect();
        let scaled = band(&scaled);
        assert_eq!(scaled.critical, plain.critical);
        for t in 0..6 {
            assert_eq!(scaled.sup_low[t], plain.sup_high[t] * -4.0);
            assert_eq!(scaled.cumulative_low[t], plain.cumulative_high[t] * -4.0);
        }
        let mut gathered = PathAccumulator::new(6);
        waves(40).iter().for_each(|path| gathered.push(path));
        let renamed = gathered.finish(DrawName::new(3, 1, 5));
        assert_eq!(renamed.low, plain.low);
        assert_ne!(renamed.critical, plain.critical);
        assert!((renamed.critical / plain.critical - 1.0).abs() < 0.06);
    }
}
