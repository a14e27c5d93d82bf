//! From names to numbers.
//!
//! The counter of a draw holds its name: process and block in word 0, serial number in word 1, the
//! mixed hashes of its one or two stable ids in words 2 and 3. The key holds seed and replicate.

use std::convert::Infallible;

use rand::rand_core::TryRng;
use sha2::{Digest, Sha256};

use super::philox4x32_10;

/// What a random number is for. The numbers are part of the names: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Process {
    /// Waiting for the next innovation of a zone, in units of its mean.
    Arrival = 1,
    /// Domain of an innovation.
    Domain = 2,
    /// Quality of an innovation.
    Quality = 3,
    /// Orientation of an innovation.
    Orientation = 4,
    /// Time to implementation of a pilot.
    Implementation = 5,
    /// Time to failure of a pilot.
    Failure = 6,
    /// Adoption threshold θ_ik.
    Threshold = 7,
    /// Time to abandonment of an adopted item.
    Abandonment = 8,
    /// Resamples of a bootstrap interval; no part of the model.
    Bootstrap = 9,
    /// Simulated suprema of a simultaneous band; no part of the model.
    Band = 10,
    /// Points of a sweep's design; no part of the model.
    Design = 11,
    /// Weights of a chi-bar-square; no part of the model.
    ChiBar = 12,
    /// Where in its step an adoption falls, for residuals; no part of the model.
    Residual = 13,
    /// Points, chains, resampling and checks of a calibration; no part of the model.
    Calibration = 15,
    /// What a count of a target misses of it, for the value of information; no part of the model.
    Information = 19,
    /// Where a search over layouts starts; no part of the model.
    Search = 40,
    /// Draws of the parameters about their estimates; no part of the model.
    Laplace = 30,
    /// Permutations of the links; no part of the model.
    Permutation = 31,
    /// Which items or places are held out; no part of the model.
    HeldOut = 32,
    /// Clusters of a history drawn again; no part of the model.
    Cluster = 33,
    /// How a region's firms fall on its industries and size classes.
    FirmCount = 20,
    /// Number of partners of a firm.
    FirmDegree = 21,
    /// Partners of a firm.
    FirmPartner = 22,
    /// Threshold θ_fd of a firm.
    FirmThreshold = 23,
    /// Whether a firm is in the table `sample`; no part of the model.
    FirmSample = 24,
}

/// The random numbers of one replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Luck {
    key: [u32; 2],
}

/// A stable id as 64 bits: the first eight bytes of its SHA-256.
pub fn id_hash(id: &str) -> u64 {
    let digest = Sha256::digest(id.as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// A 64-bit bijection (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
#[inline(always)]
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Maps 64 random bits to (0, 1]: never 0, so its logarithm is finite.
#[inline(always)]
fn unit(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 * (1.0 / (1u64 << 53) as f64)
}

impl Luck {
    /// The random numbers of replicate `replicate` under `seed`.
    pub const fn new(seed: u64, replicate: u32) -> Self {
        // Replicates of one seed get unlike keys through the generator itself.
        let word = philox4x32_10(
            [replicate, 0x706f_696e, 0x7470_6c61, 0x6e65_0001],
            [seed as u32, (seed >> 32) as u32],
        );
        Self {
            key: [word[0], word[1]],
        }
    }

    /// The random numbers of what stays fixed over all replicates of `seed`. Replicates have smaller numbers.
    pub const fn fixed(seed: u64) -> Self {
        Self::new(seed, u32::MAX)
    }

    /// Word 0 of the counter of a process' first block.
    #[inline(always)]
    pub(super) fn start(process: Process) -> u32 {
        (process as u32) << 16
    }

    /// Words 2 and 3 of the counter: the mixed hashes of ids.
    #[inline(always)]
    pub(super) fn ids(first: u64, second: u64) -> u64 {
        mix(first.wrapping_add(mix(second ^ 0x9E37_79B9_7F4A_7C15)))
    }

    /// Seed and replicate.
    pub(super) fn key(self) -> [u32; 2] {
        self.key
    }

    /// The stream named by a process, up to two id hashes and a serial number.
    #[inline(always)]
    pub fn stream(self, process: Process, first: u64, second: u64, serial: u32) -> Stream {
        let ids = Self::ids(first, second);
        Stream {
            key: self.key,
            counter: [Self::start(process), serial, ids as u32, (ids >> 32) as u32],
            words: [0; 4],
            used: 4,
        }
    }

    /// A uniform draw in (0, 1].
    #[inline(always)]
    pub fn uniform(self, process: Process, first: u64, second: u64, serial: u32) -> f64 {
        let stream = self.stream(process, first, second, serial);
        let word = philox4x32_10(stream.counter, stream.key);
        unit(u64::from(word[0]) << 32 | u64::from(word[1]))
    }

    /// The four words of one block of a stream; blocks are numbered from 0 and stay below 2¹⁶.
    #[inline(always)]
    pub fn words(
        self,
        process: Process,
        first: u64,
        second: u64,
        serial: u32,
        block: u32,
    ) -> [u32; 4] {
        let stream = self.stream(process, first, second, serial);
        let [start, a, b, c] = stream.counter;
        philox4x32_10([start + block, a, b, c], stream.key)
    }

    /// An Exponential(1) draw by inversion, so that a draw moves the same way in every world.
    #[inline(always)]
    pub fn exponential(self, process: Process, first: u64, second: u64, serial: u32) -> f64 {
        -libm::log(self.uniform(process, first, second, serial))
    }
}

/// An endless stream of words under one name, for distributions that need more than one
/// (implements the generator trait of `rand`).
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    counter: [u32; 4],
    words: [u32; 4],
    used: usize,
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        if self.used == 4 {
            self.words = philox4x32_10(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        self.used += 1;
        Ok(self.words[self.used - 1])
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let high = u64::from(self.try_next_u32()?);
        Ok(high << 32 | u64::from(self.try_next_u32()?))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            let word = self.try_next_u32()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn a_stream_starts_with_its_uniform() {
        let luck = Luck::new(7, 3);
        let mut stream = luck.stream(Process::Quality, 11, 13, 2);
        assert_eq!(
            unit(stream.next_u64()),
            luck.uniform(Process::Quality, 11, 13, 2)
        );
        let first = stream.next_u64();
        assert_ne!(first, stream.next_u64());
    }

    #[test]
    fn every_part_of_a_name_matters() {
        let luck = Luck::new(1, 0);
        let base = luck.uniform(Process::Threshold, 1, 2, 3);
        for other in [
            Luck::new(2, 0).uniform(Process::Threshold, 1, 2, 3),
            Luck::new(1, 1).uniform(Process::Threshold, 1, 2, 3),
            luck.uniform(Process::Abandonment, 1, 2, 3),
            luck.uniform(Process::Threshold, 2, 1, 3),
            luck.uniform(Process::Threshold, 1, 3, 3),
            luck.uniform(Process::Threshold, 1, 2, 4),
        ] {
            assert_ne!(base, other);
        }
    }

    /// Kolmogorov–Smirnov distance of 100,000 named exponentials; with a fixed seed the test is
    /// deterministic, and a right generator would fail for one seed in a million (D > 2.69/√n).
    #[test]
    fn named_exponentials_follow_their_law() {
        let luck = Luck::new(20_130_929, 0);
        let n = 100_000u32;
        let mut draws: Vec<f64> = (0..n)
            .map(|i| {
                luck.exponential(
                    Process::Threshold,
                    u64::from(i % 400),
                    u64::from(i / 4000),
                    i % 17 + i,
                )
            })
            .collect();
        draws.sort_by(f64::total_cmp);
        let distance = draws
            .iter()
            .enumerate()
            .map(|(i, x)| {
                let law = 1.0 - libm::exp(-x);
                (law - i as f64 / f64::from(n))
                    .abs()
                    .max((law - (i as f64 + 1.0) / f64::from(n)).abs())
            })
            .fold(0.0, f64::max);
        assert!(distance < 2.69 / f64::from(n).sqrt(), "{distance}");
    }
}
