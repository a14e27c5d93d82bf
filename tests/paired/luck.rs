//! Numbers for simulated comparisons, and the check of a coverage.

use pointplane::draw::{Luck, Process, Stream};
use rand_distr::{Distribution, StandardNormal};

use crate::common::bounds::Z;

/// The draws of simulated comparison number `serial` in the test with this seed.
pub fn stream(seed: u64, serial: u32) -> Stream {
    Luck::new(seed, serial).stream(Process::Quality, 0, 0, 0)
}

/// A standard normal number.
pub fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

/// Share of `hits` in `trials`, checked against the coverage that the law gives. With `reference` ≠ 0
/// that coverage was itself simulated, in so many trials.
pub fn assert_coverage(what: &str, hits: u32, trials: u32, law: f64, reference: u32) {
    let (share, trials) = (f64::from(hits) / f64::from(trials), f64::from(trials));
    let mut variance = law * (1.0 - law) / trials;
    if reference > 0 {
        variance += law * (1.0 - law) / f64::from(reference);
    }
    let z = (share - law) / variance.sqrt();
    println!("{what}: {share:.4} of {trials}, law {law:.4}, z = {z:.2}");
    assert!(z.abs() < Z, "{what}: {share:.4}, law {law:.4}, z = {z:.2}");
}

/// That a coverage is below `law`, beyond chance.
pub fn assert_undercovers(what: &str, hits: u32, trials: u32, law: f64) {
    let (share, trials) = (f64::from(hits) / f64::from(trials), f64::from(trials));
    let z = (share - law) / (law * (1.0 - law) / trials).sqrt();
    println!("{what}: {share:.4} of {trials}, z = {z:.2}");
    assert!(
        z < -Z,
        "{what}: {share:.4} is not below {law:.4}, z = {z:.2}"
    );
}
