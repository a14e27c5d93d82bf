//! Many layouts at once: Holm's adjustment, and how often a layout is best.

use pointplane::paired::{Better, Choice, DrawName, difference, holm, ranking};

use super::luck::{assert_coverage, normal, stream};

/// Eight layouts against one baseline; the tests depend on each other through the baseline's luck.
/// Layouts 0 … `different` − 1 differ by 1 standard deviation. Returns the share of comparisons with any
/// false rejection at 5 %, with Holm and without, and the true rejections with Holm and Bonferroni.
fn family(seed: u64, different: usize, trials: u32) -> (u32, u32, u32, u32) {
    let (mut with, mut without, mut found, mut bonferroni) = (0, 0, 0, 0);
    for serial in 0..trials {
        let mut luck = stream(seed, serial);
        let x: Vec<f64> = (0..12).map(|_| normal(&mut luck)).collect();
        let p: Vec<Option<f64>> = (0..8)
            .map(|layout| {
                let shift = f64::from(layout < different) * 2.0;
                let y: Vec<f64> = x.iter().map(|_| normal(&mut luck) + shift).collect();
                let d = difference(&x, &y, Choice::T, DrawName::new(seed, 0, 0));
                d.and_then(|d| d.p)
            })
            .collect();
        let adjusted = holm(&p);
        let small = |p: &Option<f64>| p.is_some_and(|p| p <= 0.05);
        with += u32::from(adjusted[different..].iter().any(small));
        without += u32::from(p[different..].iter().any(small));
        found += adjusted[..different].iter().filter(|p| small(p)).count() as u32;
        bonferroni += p[..different]
            .iter()
            .flatten()
            .filter(|p| **p <= 0.05 / 8.0)
            .count() as u32;
    }
    (with, without, found, bonferroni)
}

/// Holm keeps the probability of any false rejection at 5 %: checked from above, because under dependence
/// it is less. Unadjusted tests are wrong in about a fourth of the comparisons.
#[test]
fn holm_keeps_the_familywise_error() {
    let trials = 10_000;
    let limit = 0.05 + crate::common::bounds::Z * (0.05f64 * 0.95 / f64::from(trials)).sqrt();
    for (seed, different) in [(31, 0), (32, 5)] {
        let (with, without, found, bonferroni) = family(seed, different, trials);
        let share = |count: u32| f64::from(count) / f64::from(trials);
        println!(
            "{different} differ: {} with Holm, {} without",
            share(with),
            share(without)
        );
        assert!(share(with) < limit, "{}", share(with));
        assert!(share(with) > 0.02, "{}", share(with));
        assert!(share(without) > 0.09, "{}", share(without));
        assert_eq!(found > bonferroni, different > 0);
    }
}

/// Three layouts of which each is best with probability 1/3: the Wilson interval of the first at n = 60
/// covers with the probability that the binomial law gives.
#[test]
fn wilson_covers_the_probability_of_being_best() {
    let trials = 10_000;
    let n = 60;
    let mut covered = 0;
    for serial in 0..trials {
        let mut luck = stream(33, serial);
        let values: Vec<Vec<f64>> = (0..3)
            .map(|_| (0..n).map(|_| normal(&mut luck)).collect())
            .collect();
        let rank = ranking(&values, Better::Lower, DrawName::new(33, 0, 0)).unwrap()[0];
        covered += u32::from(rank.best_low <= 1.0 / 3.0 && 1.0 / 3.0 <= rank.best_high);
    }
    // P(13 ≤ K ≤ 27) of the binomial law with n = 60 and p = 1/3: the counts whose interval covers.
    let mut probability = (2.0f64 / 3.0).powi(n);
    let mut law = 0.0;
    for k in 0..=n {
        let share = f64::from(k) / f64::from(n);
        let square = 1.959_964f64.powi(2) / f64::from(n);
        // Wilson's interval is the set of p with |share − p| ≤ z √(p (1 − p) / n).
        if (share - 1.0 / 3.0).powi(2) <= square * 2.0 / 9.0 {
            law += probability;
        }
        probability *= f64::from(n - k) / f64::from(k + 1) / 2.0;
    }
    assert_coverage("Wilson", covered, trials, law, 0);
}
