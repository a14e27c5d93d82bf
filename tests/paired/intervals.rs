//! Intervals of one number: t, unpaired, BCa.

use pointplane::paired::{Choice, Difference, DrawName, Method, difference};
use statrs::distribution::{ContinuousCDF, Normal};

use super::luck::{assert_coverage, assert_undercovers, normal, stream};

fn covers(d: &Difference, truth: f64) -> bool {
    d.low.is_some_and(|low| low <= truth) && d.high.is_some_and(|high| truth <= high)
}

/// Two worlds that share most of their luck: correlation 0.9, difference 0.3, n = 6. The paired t
/// interval is exact. The unpaired one knows nothing of the shared luck and is far too wide; where the
/// worlds share nothing it is the one that fits (Welch's covered 95.39 % of 4,000,000 simulated by another program).
#[test]
fn t_covers_and_pairing_sharpens() {
    let trials = 20_000;
    let (mut paired, mut unpaired, mut apart) = (0, 0, 0);
    let mut reduction = Vec::new();
    for serial in 0..trials {
        let mut luck = stream(1, serial);
        let (mut x, mut y, mut z) = ([0.0; 6], [0.0; 6], [0.0; 6]);
        for r in 0..6 {
            let shared = normal(&mut luck) * 0.9_f64.sqrt();
            x[r] = shared + normal(&mut luck) * 0.1_f64.sqrt();
            y[r] = shared + normal(&mut luck) * 0.1_f64.sqrt() + 0.3;
            z[r] = normal(&mut luck) + 0.3;
        }
        let name = DrawName::new(1, 0, 0);
        let d = difference(&x, &y, Choice::T, name).unwrap();
        assert_eq!(d.method, Method::T);
        paired += u32::from(covers(&d, 0.3));
        unpaired += u32::from(d.unpaired_low <= Some(0.3) && Some(0.3) <= d.unpaired_high);
        reduction.push(d.variance_reduction.unwrap());
        let d = difference(&x, &z, Choice::T, name).unwrap();
        apart += u32::from(d.unpaired_low <= Some(0.3) && Some(0.3) <= d.unpaired_high);
    }
    assert_coverage("paired t", paired, trials, 0.95, 0);
    assert!(unpaired > trials * 999 / 1000, "{unpaired}");
    assert_coverage("unpaired, nothing shared", apart, trials, 0.9539, 4_000_000);
    // (1 + 1) / (0.1 + 0.1) = 10 in the population; the median of samples is near.
    reduction.sort_by(f64::total_cmp);
    let median = reduction[trials as usize / 2];
    assert!((8.0..13.0).contains(&median), "{median}");
}

/// p is uniform where nothing differs: it is below 0.05 in 5 %, and exactly when t does not cover 0.
#[test]
fn p_agrees_with_the_interval() {
    let trials = 10_000;
    let mut rejected = 0;
    for serial in 0..trials {
        let mut luck = stream(2, serial);
        let y: Vec<f64> = (0..5).map(|_| normal(&mut luck)).collect();
        let d = difference(&[0.0; 5], &y, Choice::T, DrawName::new(2, 0, 0)).unwrap();
        let small = d.p.unwrap() < 0.05;
        assert_eq!(small, !covers(&d, 0.0), "{d:?}");
        rejected += u32::from(small);
    }
    assert_coverage("p < 0.05", rejected, trials, 0.05, 0);
}

/// What the BCa interval of a skewed mean covers. It is less than 95 %: with 20 or 30 replicates the
/// sample knows little of a long tail, and no bootstrap can add it. So the law here is not 95 % but what
/// another implementation, `scipy.stats.bootstrap` 1.17.1 with 1999 resamples, covered in 20,000 simulated
/// samples; also on each side, where forgetting the acceleration shows first. Beside them: t, which covers
/// about as much at 20 exponential differences, and misses the true mean on one side more unevenly.
#[test]
fn bca_covers_what_bca_covers() {
    let trials = 2500;
    for (what, seed, n, truth, law, draw) in [
        (
            "exponential",
            3,
            20,
            1.0,
            [0.9101, 0.0272, 0.0627],
            exponential as fn(f64) -> f64,
        ),
        (
            "lognormal",
            4,
            30,
            0.5_f64.exp(),
            [0.892_05, 0.025_75, 0.0822],
            f64::exp,
        ),
    ] {
        let (mut covered, mut below, mut above, mut above_t) = (0, 0, 0, 0);
        for serial in 0..trials {
            let mut luck = stream(seed, serial);
            let y: Vec<f64> = (0..n).map(|_| draw(normal(&mut luck))).collect();
            let x = vec![0.0; n];
            let name = DrawName::new(seed, u64::from(serial), 0);
            let d = difference(&x, &y, Choice::Bca, name).unwrap();
            assert_eq!(d.method, Method::Bca);
            covered += u32::from(covers(&d, truth));
            below += u32::from(Some(truth) < d.low);
            above += u32::from(d.high < Some(truth));
            let d = difference(&x, &y, Choice::T, name).unwrap();
            above_t += u32::from(d.high < Some(truth));
        }
        assert_coverage(what, covered, trials, law[0], 20_000);
        assert_coverage("mean below the interval", below, trials, law[1], 20_000);
        assert_coverage("mean above the interval", above, trials, law[2], 20_000);
        assert!(above < above_t, "{above} {above_t}");
        assert_undercovers(what, covered, trials, 0.95);
    }
}

/// An exponential number from a normal one.
fn exponential(z: f64) -> f64 {
    -Normal::standard().sf(z).ln()
}
