//! Named random numbers of chains, and of a calibration: points, resampling, checks.

use rand::Rng;

use crate::draw::{Luck, Process, Stream, id_hash};
use crate::normal::quantile;

/// What random numbers are for, under a seed. Streams of one name differ by two numbers, and each is
/// read no further than 2¹⁷ draws.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    luck: Luck,
    hash: u64,
}

impl Name {
    /// The random numbers for `what`.
    pub fn new(seed: u64, what: &str) -> Self {
        Self {
            luck: Luck::fixed(seed),
            hash: id_hash(what),
        }
    }

    /// The stream with these numbers.
    pub fn dice(self, first: u64, serial: u32) -> Dice {
        let stream = self.luck;
        Dice(stream.stream(Process::Calibration, self.hash, first, serial))
    }
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Dice(Stream);

impl Dice {
    /// Uniform in (0, 1), both ends left out.
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        quantile(self.uniform())
    }

    /// One of 0, …, `n` − 1.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    }
}
