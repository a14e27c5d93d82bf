//! How sure an order of means is: the share of resamples of the replicates in which it holds.
//!
//! A percentile bootstrap over replicates (Efron 1979): what is shared by the layouts of a replicate stays shared. The
//! share is an approximation to how sure the order is, as good as the mean is normal.

use rand::Rng;

use super::DrawName;
use super::bootstrap::RESAMPLES;
use crate::draw::Process;

/// Most units that are resampled. Of more replicates those that follow each other are joined to this many means,
/// whose mean has the same law.
const UNITS: usize = 200;

/// Shows `each` the resampled means of the columns (as many finite values each, the same replicates in the same
/// order), resample by resample. Nothing is shown with fewer than two replicates or columns of other lengths.
pub(super) fn resampled_means(columns: &[&[f64]], name: DrawName, mut each: impl FnMut(&[f64])) {
    let n = columns.first().map_or(0, |column| column.len());
    if n < 2 || columns.iter().any(|column| column.len() != n) {
        return;
    }
    let units = n.min(UNITS);
    // Unit after unit, the columns of each together; sums, so that units of unlike size weigh what they have.
    let mut sums = vec![0.0; units * columns.len()];
    let mut sizes = vec![0.0; units];
    for replicate in 0..n {
        let unit = replicate * units / n;
        sizes[unit] += 1.0;
        for (at, column) in columns.iter().enumerate() {
            sums[unit * columns.len() + at] += column[replicate];
        }
    }
    let mut means = vec![0.0; columns.len()];
    for serial in 0..RESAMPLES {
        let mut stream = name.stream(Process::Bootstrap, serial);
        means.fill(0.0);
        let mut size = 0.0;
        for _ in 0..units {
            let unit = ((u64::from(stream.next_u32()) * units as u64) >> 32) as usize;
            size += sizes[unit];
            let of = &sums[unit * columns.len()..];
            for (mean, sum) in means.iter_mut().zip(of) {
                *mean += sum;
            }
        }
        means.iter_mut().for_each(|mean| *mean /= size);
        each(&means);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: DrawName = DrawName::new(1979, 1, 2);

    /// Means of resamples vary about the mean as the standard error says: their variance has a standard error of 3 %
    /// by the number of resamples and of 10 % by that of 200 units, so that 0.5 to 1.5 have a false-alarm rate below
    /// 1e-6. What columns share they share in every resample.
    #[test]
    fn resamples_vary_as_means_do() {
        for n in [40, 1000] {
            let mut luck = NAME.stream(Process::Band, n);
            let x: Vec<f64> = (0..n).map(|_| f64::from(luck.next_u32())).collect();
            let y: Vec<f64> = x.iter().map(|x| x + 3.0).collect();
            let mut means = Vec::new();
            resampled_means(&[&x, &y], NAME, |both| {
                assert!((both[1] - both[0] - 3.0).abs() < 1e-3);
                means.push(both[0]);
            });
            let moments = super::super::moments::Moments::of(&x);
            let found = super::super::moments::Moments::of(&means);
            let ratio = found.variance / (moments.variance / f64::from(n));
            assert!((0.5..1.5).contains(&ratio), "{n}: {ratio}");
            assert_eq!(means.len(), RESAMPLES as usize);
        }
        resampled_means(&[&[1.0]], NAME, |_| panic!("one replicate"));
        resampled_means(&[&[1.0, 2.0], &[1.0]], NAME, |_| panic!("unlike lengths"));
        resampled_means(&[], NAME, |_| panic!("nothing"));
    }
}
