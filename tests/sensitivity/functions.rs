//! Functions with known indices, points for them, and the check of means over seeds.

use pointplane::draw::{Luck, Process, Stream};
use pointplane::sensitivity::Saltelli;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::common::bounds::Z;

/// The draws of simulated sweep number `serial` in the test with this seed.
pub fn stream(seed: u64, serial: u32) -> Stream {
    Luck::new(seed, serial).stream(Process::Quality, 0, 0, 0)
}

/// A uniform number in (0, 1).
pub fn uniform(stream: &mut Stream) -> f64 {
    (f64::from(stream.next_u32()) + 0.5) / (1_u64 << 32) as f64
}

/// A standard normal number.
pub fn normal(stream: &mut Stream) -> f64 {
    StandardNormal.sample(stream)
}

/// Ishigami and Homma (1990), a = 7, b = 0.1, on the unit cube.
pub fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u
        .iter()
        .map(|u| (2.0 * u - 1.0) * std::f64::consts::PI)
        .collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// a of Sobol's g function in most of the literature.
pub const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

/// Sobol's g function (Saltelli and Sobol 1995).
pub fn g(u: &[f64]) -> f64 {
    u.iter()
        .zip(G)
        .map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a))
        .product()
}

/// Outcomes of a Saltelli design.
pub struct Outcomes {
    pub a: Vec<f64>,
    pub b: Vec<f64>,
    pub ab: Vec<Vec<f64>>,
    pub ba: Vec<Vec<f64>>,
}

impl Outcomes {
    pub fn with_pairs(&self) -> Saltelli<'_> {
        Saltelli {
            a: &self.a,
            b: &self.b,
            ab: &self.ab,
            ba: &self.ba,
        }
    }

    pub fn without_pairs(&self) -> Saltelli<'_> {
        Saltelli {
            ba: &[],
            ..self.with_pairs()
        }
    }
}

/// A Saltelli design of `n` blocks with independent points; `f` may draw luck of its own.
pub fn saltelli(
    n: usize,
    k: usize,
    mut f: impl FnMut(&[f64], &mut Stream) -> f64,
    stream: &mut Stream,
) -> Outcomes {
    let mut outcomes = Outcomes {
        a: Vec::new(),
        b: Vec::new(),
        ab: vec![Vec::new(); k],
        ba: vec![Vec::new(); k],
    };
    for _ in 0..n {
        let a: Vec<f64> = (0..k).map(|_| uniform(stream)).collect();
        let b: Vec<f64> = (0..k).map(|_| uniform(stream)).collect();
        outcomes.a.push(f(&a, stream));
        outcomes.b.push(f(&b, stream));
        for i in 0..k {
            let (mut ab, mut ba) = (a.clone(), b.clone());
            (ab[i], ba[i]) = (b[i], a[i]);
            outcomes.ab[i].push(f(&ab, stream));
            outcomes.ba[i].push(f(&ba, stream));
        }
    }
    outcomes
}

/// That the mean of an estimate over independent seeds is the known value: a z test with the standard
/// deviation over these seeds, plus `bias` for what an estimator of a ratio is off by at this size.
pub fn assert_mean(what: &str, estimates: &[f64], truth: f64, bias: f64) {
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    let variance = estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    println!("{what}: {mean:.5} for {truth:.5}, standard error {error:.5}");
    assert!(
        (mean - truth).abs() <= Z * error + bias,
        "{what}: {mean} for {truth}, standard error {error}"
    );
}

/// That a coverage measured in `trials` is that of a law between `least` and `most`.
pub fn assert_between(what: &str, hits: u32, trials: u32, least: f64, most: f64) {
    let (share, trials) = (f64::from(hits) / f64::from(trials), f64::from(trials));
    println!("{what}: {share:.4} of {trials}");
    let chance = |law: f64| Z * (law * (1.0 - law) / trials).sqrt();
    assert!(
        share > least - chance(least),
        "{what}: {share} under {least}"
    );
    assert!(share < most + chance(most), "{what}: {share} over {most}");
}
