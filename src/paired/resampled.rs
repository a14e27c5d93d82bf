//! The critical value of a simultaneous band by a bootstrap of whole paths.
//!
//! The sup-t of `supremum.rs` takes paths to be normal. Differences are not: in a month in which few
//! places have parted they are skewed and many are 0, and with 20 or 50 replicates the sup-t then covers
//! too little. So here the law of the largest t statistic is that of resamples of the paths themselves
//! (bootstrap-t; Efron and Tibshirani 1993, *An introduction to the bootstrap*, section 12.5, over all
//! months), smoothed so that no resample is of equal values (Silverman and Young 1987, *The bootstrap: to
//! smooth or not to smooth?*, Biometrika 74). With z_r the standardised deviation path of replicate r,
//! (d_rt − m_t) / s_t,
//!
//! ```text
//! z*_k = z_i ± h z_j,   i and j uniform on 1 … n, either sign with probability ½,   k = 1 … n,   h = 0.35
//! c    = 0.95 quantile over resamples of max_t |mean_k z*_kt| √n / sd_k(z*_kt)
//! ```
//!
//! so that the noise has mean 0 and the dependence of the paths. h is a judgement: of 0.3 to 0.45 it kept the
//! coverage of the bands of `scenarios/minimal` closest to 0.95 at 20 and 50 replicates. What it covers there and
//! where it was not chosen is in docs/model.md, section 11 (`benches/coverage.rs`).

use rand::Rng;

use super::DrawName;
use super::student::{simulated_quantile, t_upper};
use crate::draw::Process;

/// Most replicates whose paths are kept and resampled. With more, the mean is nearly normal.
pub(super) const MOST_RESAMPLED: usize = 200;

/// Resamples; (resamples + 1) · 0.95 is whole.
const RESAMPLES: u32 = 1999;

/// h.
const SMOOTH: f64 = 0.35;

/// The 95 % critical value of the standardised deviation paths of `n` replicates, `months` numbers each, one after the
/// other; at least the pointwise t quantile of one month. NaN without months. Time: 2000 · n · T additions.
pub(super) fn critical(paths: &[f64], n: usize, months: usize, name: DrawName) -> f64 {
    if months == 0 || n < 2 {
        return f64::NAN;
    }
    let (count, freedom) = (n as f64, (n - 1) as f64);
    let path = |word: u32| {
        let at = ((u64::from(word) * n as u64) >> 32) as usize;
        &paths[at * months..(at + 1) * months]
    };
    let mut found: Vec<f64> = Vec::with_capacity(RESAMPLES as usize);
    let (mut sums, mut squares) = (vec![0.0; months], vec![0.0; months]);
    for serial in 0..RESAMPLES {
        let mut stream = name.stream(Process::Band, serial);
        sums.fill(0.0);
        squares.fill(0.0);
        for _ in 0..n {
            let one = path(stream.next_u32());
            let word = stream.next_u32();
            let weight = if word & 1 == 0 { SMOOTH } else { -SMOOTH };
            let pairs = one.iter().zip(path(word));
            for ((sum, square), (z, noise)) in sums.iter_mut().zip(&mut squares).zip(pairs) {
                let value = z + weight * noise;
                *sum += value;
                *square += value * value;
            }
        }
        let largest = sums.iter().zip(&squares).map(|(sum, square)| {
            let of_mean = sum * sum / count;
            of_mean * freedom / (square - of_mean).max(f64::MIN_POSITIVE)
        });
        found.push(largest.fold(0.0, f64::max).sqrt());
    }
    found.sort_by(f64::total_cmp);
    simulated_quantile(&found, 0.95).max(t_upper(0.025, freedom))
}
