//! Many Exponential(1) draws at once, in the vectors that the processor has.

use multiversion::multiversion;

use super::philox4x32_10;
use super::stream::{Luck, Process};

/// Draws that are worked out at once.
pub const LANES: usize = 64;

/// 2⁵².
const TWO_52: f64 = (1u64 << 52) as f64;

impl Luck {
    /// The Exponential(1) draws of names (two hashes and a serial number), at most [`LANES`] of them; what
    /// lies beyond the names is no draw. The same as [`Luck::exponential`], but that the logarithm is not
    /// the system's: they can differ in the last place.
    pub fn exponentials(
        self,
        process: Process,
        names: impl Iterator<Item = (u64, u64, u32)>,
    ) -> [f64; LANES] {
        let mut counters = [[0; LANES]; 3];
        let mut last = None;
        for (lane, (first, second, serial)) in names.take(LANES).enumerate() {
            let ids = match last {
                Some((name, ids)) if name == (first, second) => ids,
                _ => Self::ids(first, second),
            };
            last = Some(((first, second), ids));
            for (word, value) in counters
                .iter_mut()
                .zip([serial, ids as u32, (ids >> 32) as u32])
            {
                word[lane] = value;
            }
        }
        let mut draws = [0.0; LANES];
        lanes(Self::start(process), &counters, self.key(), &mut draws);
        draws
    }

    /// The Exponential(1) draws that are named by each of the first hashes, at most [`LANES`] of them, with
    /// one second hash and one serial number; as those of [`Luck::exponentials`].
    pub fn exponentials_of(
        self,
        process: Process,
        firsts: &[u64],
        second: u64,
        serial: u32,
    ) -> [f64; LANES] {
        let mut names = [0; LANES];
        let count = firsts.len().min(LANES);
        names[..count].copy_from_slice(&firsts[..count]);
        let mut counters = [[serial; LANES]; 3];
        ids(&names, second, &mut counters);
        let mut draws = [0.0; LANES];
        lanes(Self::start(process), &counters, self.key(), &mut draws);
        draws
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn ids(firsts: &[u64; LANES], second: u64, counters: &mut [[u32; LANES]; 3]) {
    let [_, low, high] = counters;
    for lane in 0..LANES {
        let ids = Luck::ids(firsts[lane], second);
        (low[lane], high[lane]) = (ids as u32, (ids >> 32) as u32);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn lanes(start: u32, counters: &[[u32; LANES]; 3], key: [u32; 2], draws: &mut [f64; LANES]) {
    let [serial, low, high] = counters;
    for lane in 0..LANES {
        let word = philox4x32_10([start, serial[lane], low[lane], high[lane]], key);
        draws[lane] = -ln(unit(word[0], word[1]));
    }
}

/// Maps 64 random bits to (0, 1], as single draws are, without a conversion that vectors lack.
#[inline(always)]
fn unit(high: u32, low: u32) -> f64 {
    // The upper 53 bits plus one, over 2⁵³. All is exact.
    let bits = f64::from(high) * f64::from(1u32 << 21) + f64::from(low >> 11) + 1.0;
    bits * (0.5 / TWO_52)
}

/// The natural logarithm of a positive normal number: argument reduction and polynomial of FreeBSD's
/// `e_log.c` (Sun Microsystems 1993), without its special cases. Less than one unit in the last place off.
#[inline(always)]
fn ln(x: f64) -> f64 {
    const ROOT_HALF: u64 = 0x3FE6_A09E_0000_0000;
    const FRACTION: u64 = (1 << 52) - 1;
    // x = 2^k · (1 + f) with 1 + f between √½ and √2; k through the fraction of 2⁵².
    let bits = x.to_bits() + (1.0f64.to_bits() - ROOT_HALF);
    let k = f64::from_bits((bits >> 52) | TWO_52.to_bits()) - (TWO_52 + 1023.0);
    let f = f64::from_bits((bits & FRACTION) + ROOT_HALF) - 1.0;
    let half = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = 0.222_221_984_321_497_84 + w * 0.153_138_376_992_093_73;
    let even = w * (0.399_999_999_994_094_2 + w * even);
    let odd = 0.181_835_721_616_180_5 + w * 0.147_981_986_051_165_86;
    let odd = z * (0.666_666_666_666_673_5 + w * (0.285_714_287_436_623_9 + w * odd));
    let small = s * (half + (odd + even)) + k * 1.908_214_929_270_587_7e-10;
    small - half + f + k * 0.693_147_180_369_123_8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_draws_are_the_single_ones() {
        let luck = Luck::new(5, 2);
        let name = |n: u32| (u64::from(n / 50), 7 ^ u64::from(n / 9), n);
        for from in (0..64_000).step_by(LANES) {
            let names = (from..from + LANES as u32).map(name);
            let many = luck.exponentials(Process::FirmThreshold, names.clone());
            for (many, (first, second, serial)) in many.into_iter().zip(names) {
                let one = luck.exponential(Process::FirmThreshold, first, second, serial);
                assert!(many.to_bits().abs_diff(one.to_bits()) <= 1, "{many} {one}");
            }
            let firsts: Vec<u64> = (0..40).map(|n| u64::from(from) << 20 | n).collect();
            let many = luck.exponentials_of(Process::Threshold, &firsts, 9, from);
            for (many, first) in many.into_iter().zip(firsts) {
                let one = luck.exponential(Process::Threshold, first, 9, from);
                assert!(many.to_bits().abs_diff(one.to_bits()) <= 1, "{many} {one}");
            }
        }
        assert_eq!(-ln(unit(u32::MAX, u32::MAX)), 0.0);
        assert!((-ln(unit(0, 0)) - 53.0 * 2f64.ln()).abs() < 1e-14);
    }
}
