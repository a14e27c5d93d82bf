//! Many Exponential(1) draws at once, in the vectors that the processor has.

use multiversion::multiversion;

use super::philox::{MULTIPLIER, WEYL};
use super::stream::{Luck, Process};

/// Draws that are worked out at once.
pub const LANES: usize = 64;

/// A word of 32 bits.
const WORD: u64 = u32::MAX as u64;

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
        let (mut serials, mut ids) = ([0; LANES], [0; LANES]);
        let mut last = None;
        for (lane, (first, second, serial)) in names.take(LANES).enumerate() {
            let id = match last {
                Some((name, id)) if name == (first, second) => id,
                _ => Self::ids(first, second),
            };
            last = Some(((first, second), id));
            (serials[lane], ids[lane]) = (serial, id);
        }
        let mut draws = [0.0; LANES];
        lanes(Self::start(process), &serials, &ids, self.key(), &mut draws);
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
        let mut ids = [0; LANES];
        for (id, first) in ids.iter_mut().zip(firsts) {
            *id = *first;
        }
        mixed(second, &mut ids);
        let mut draws = [0.0; LANES];
        let serials = [serial; LANES];
        lanes(Self::start(process), &serials, &ids, self.key(), &mut draws);
        draws
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn mixed(second: u64, ids: &mut [u64; LANES]) {
    mixed_plain(second, ids);
}

#[inline(always)]
fn mixed_plain(second: u64, ids: &mut [u64; LANES]) {
    for id in ids {
        *id = Luck::ids(*id, second);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2", "x86_64+sse4.1"))]
fn lanes(
    start: u32,
    serials: &[u32; LANES],
    ids: &[u64; LANES],
    key: [u32; 2],
    draws: &mut [f64; LANES],
) {
    lanes_plain(start, serials, ids, key, draws);
}

#[inline(always)]
fn lanes_plain(
    start: u32,
    serials: &[u32; LANES],
    ids: &[u64; LANES],
    key: [u32; 2],
    draws: &mut [f64; LANES],
) {
    for lane in 0..LANES {
        let counter = [
            start.into(),
            serials[lane].into(),
            ids[lane],
            ids[lane] >> 32,
        ];
        let [high, low] = first_words(counter, key);
        draws[lane] = -ln(unit(high, low));
    }
}

/// The first two words of [`super::philox4x32_10`]. A word is the lower half of 64 bits, the upper half of a
/// counter's may be anything: vectors multiply that without moving words about.
#[inline(always)]
fn first_words(counter: [u64; 4], key: [u32; 2]) -> [u64; 2] {
    let mut c = counter;
    let mut k = key;
    for _ in 0..10 {
        let a = u64::from(MULTIPLIER[0]) * (c[0] & WORD);
        let b = u64::from(MULTIPLIER[1]) * (c[2] & WORD);
        let [k0, k1] = k.map(u64::from);
        c = [(b >> 32) ^ c[1] ^ k0, b, (a >> 32) ^ c[3] ^ k1, a];
        k = [k[0].wrapping_add(WEYL[0]), k[1].wrapping_add(WEYL[1])];
    }
    [c[0] & WORD, c[1] & WORD]
}

/// Maps 64 random bits to (0, 1], as single draws are, without a conversion that vectors lack.
#[inline(always)]
fn unit(high: u64, low: u64) -> f64 {
    // The upper 53 bits plus one, over 2⁵³. All is exact.
    let bits = number(high) * f64::from(1u32 << 21) + number(low >> 11) + 1.0;
    bits * (0.5 / TWO_52)
}

/// A whole number below 2⁵², through the fraction of 2⁵².
#[inline(always)]
fn number(bits: u64) -> f64 {
    f64::from_bits(bits | TWO_52.to_bits()) - TWO_52
}

/// The natural logarithm of a positive normal number: argument reduction and polynomial of FreeBSD's
/// `e_log.c` (Sun Microsystems 1993), without its special cases. Less than one unit in the last place off.
#[inline(always)]
fn ln(x: f64) -> f64 {
    const ROOT_HALF: u64 = 0x3FE6_A09E_0000_0000;
    const FRACTION: u64 = (1 << 52) - 1;
    // x = 2^k · (1 + f) with 1 + f between √½ and √2; k through the fraction of 2⁵².
    let bits = x.to_bits() + (1.0f64.to_bits() - ROOT_HALF);
    let k = number(bits >> 52) - 1023.0;
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
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_draws_the_same() {
        let mut dice = Dice::new(7);
        for _ in 0..1000 {
            let mut firsts = [0; LANES];
            for first in &mut firsts {
                let random = dice.bits();
                *first = dice.of(&[random, random, 0, 1, u64::MAX, WORD, WORD + 1]);
            }
            let random = dice.bits();
            let second = dice.of(&[random, 0, u64::MAX]);
            let mut ids = firsts;
            mixed(second, &mut ids);
            assert_eq!(ids, firsts.map(|first| Luck::ids(first, second)));
            for (name, version) in
                versions!(|second: u64, ids: &mut [u64; LANES]| { mixed_plain(second, ids) })
            {
                let mut result = firsts;
                version(second, &mut result);
                assert_eq!(result, ids, "{name}");
            }

            let serials: [u32; LANES] = std::array::from_fn(|_| {
                let random = dice.bits() as u32;
                dice.of(&[random, 0, u32::MAX])
            });
            let start = dice.bits() as u32;
            let key = [dice.bits() as u32, dice.of(&[0, u32::MAX])];
            let mut draws = [0.0; LANES];
            lanes(start, &serials, &ids, key, &mut draws);
            let expected = draws.map(f64::to_bits);
            for (name, version) in
                versions!(|start: u32,
                           serials: &[u32; LANES],
                           ids: &[u64; LANES],
                           key: [u32; 2],
                           draws: &mut [f64; LANES]| {
                    lanes_plain(start, serials, ids, key, draws)
                })
            {
                let mut draws = [0.0; LANES];
                version(start, &serials, &ids, key, &mut draws);
                assert_eq!(draws.map(f64::to_bits), expected, "{name}");
            }
        }
    }

    /// Logarithms of the smallest and largest draws, and of all that are close to a power of 2.
    #[test]
    fn every_instruction_set_takes_the_same_logarithms() {
        let mut inputs = vec![[0, 0], [WORD, WORD], [0, 1 << 11], [WORD, WORD - (1 << 11)]];
        for power in 0..32 {
            for off in [-2i64, -1, 0, 1] {
                inputs.push([((1i64 << power) + off) as u64 & WORD, 0]);
                inputs.push([0, (((1i64 << power) + off) as u64) & WORD]);
            }
        }
        let of = |[high, low]: [u64; 2]| -ln(unit(high, low));
        for chunk in inputs.chunks(LANES) {
            let mut words = [[0; 2]; LANES];
            words[..chunk.len()].copy_from_slice(chunk);
            for (name, version) in versions!(|words: &[[u64; 2]; LANES]| -> [f64; LANES] {
                let mut draws = [0.0; LANES];
                for (draw, [high, low]) in draws.iter_mut().zip(words) {
                    *draw = -ln(unit(*high, *low));
                }
                draws
            }) {
                let draws = version(&words);
                for (draw, words) in draws.into_iter().zip(words) {
                    assert_eq!(draw.to_bits(), of(words).to_bits(), "{name}: {words:?}");
                }
            }
        }
    }

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
        assert_eq!(-ln(unit(WORD, WORD)), 0.0);
        assert!((-ln(unit(0, 0)) - 53.0 * std::f64::consts::LN_2).abs() < 1e-14);
    }
}
