//! Credit in whole ticks (model 7.3 and 7.9): an adoption is 2⁴⁰ of them. What is compared with a threshold is then a
//! sum of whole numbers, and two sums that are equal on paper are equal.

use std::iter::zip;

use multiversion::multiversion;

use crate::model::hazard::Terms;
use crate::world::mechanism::TERMS;

/// Ticks of an adoption: 2⁴⁰.
pub const ADOPTION: i64 = 1 << 40;

/// Flows below this fade in double precision, which misses by less than ½: 2⁵⁰ ticks, 2¹⁰ adoptions.
const LARGE: i64 = 1 << 50;

/// Terms of a hazard, exposure and the others.
const ALL: usize = 1 + TERMS.len();

/// Flows that are worked on together.
pub const CHUNK: usize = 64;

/// What so many ticks are, in adoptions.
pub fn adoptions(ticks: i64) -> f64 {
    ticks as f64 / ADOPTION as f64
}

/// The ticks of an adoption that fall to exposure and to the other terms: x / h · 2⁴⁰ of each, rounded down; what
/// is left goes to those of which most was cut off, of equals to the first.
pub fn over_terms(terms: &Terms) -> (i64, [i64; TERMS.len()]) {
    if terms.others.iter().all(|term| *term == 0.0) {
        return (ADOPTION, [0; TERMS.len()]);
    }
    let all = terms.total();
    let term = |m: usize| {
        if m == 0 {
            terms.exposure
        } else {
            terms.others[m - 1]
        }
    };
    let exact: [f64; ALL] = std::array::from_fn(|m| term(m) / all * ADOPTION as f64);
    let ticks = exact.map(|exact| exact as i64);
    let left = ADOPTION - ticks.iter().sum::<i64>();
    let cut: [f64; ALL] = std::array::from_fn(|m| exact[m] - ticks[m] as f64);
    // Without branches, which nothing could foresee.
    let whole = |m: usize| {
        let before = |n: usize| cut[n] > cut[m] || (n < m && cut[n] == cut[m]);
        let before: i64 = (0..ALL).map(|n| i64::from(before(n))).sum();
        ticks[m] + i64::from(before < left)
    };
    (whole(0), std::array::from_fn(|m| whole(m + 1)))
}

/// Splits `ticks`, at most 2⁴⁰, over links in proportion to what is `heard` over each, whole numbers from 0 on that add up
/// to `all`, above 0 and below 2⁶². By largest remainders, of equals the first; `rests` has the remainders then, in all-ths
/// of a tick.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub fn over_links(ticks: i64, heard: &[i64], all: i64, parts: &mut [i64], rests: &mut [i64]) {
    over_links_plain(ticks, heard, all, parts, rests);
}

#[inline(always)]
fn over_links_plain(ticks: i64, heard: &[i64], all: i64, parts: &mut [i64], rests: &mut [i64]) {
    let per = ticks as f64 / all as f64;
    let mut left = ticks;
    for (&heard, (part, rest)) in zip(heard, zip(&mut *parts, &mut *rests)) {
        (*part, *rest) = quotient(heard as f64 * per, ticks.wrapping_mul(heard), all);
        left -= *part;
    }
    if left == 0 {
        return;
    }
    // Which remainder is the last that gets one: more than are left have one from `low` on, as each is below a tick; fewer
    // have one from `high` on.
    let (mut low, mut high) = (1, all);
    while high - low > 1 {
        let cut = low + (high - low) / 2;
        let count: i64 = rests.iter().map(|rest| i64::from(*rest >= cut)).sum();
        if count == left {
            for (part, rest) in zip(parts, rests) {
                *part += i64::from(*rest >= cut);
            }
            return;
        }
        if count > left {
            low = cut;
        } else {
            high = cut;
        }
    }
    // Equals.
    for (part, rest) in zip(&mut *parts, &*rests) {
        let above = i64::from(*rest >= high);
        *part += above;
        left -= above;
    }
    let equal = zip(parts, rests).filter(|(_, rest)| **rest == low);
    for (part, _) in equal.take(left as usize) {
        *part += 1;
    }
}

/// Lets flows of pairs fade to ⌊keep · flow⌋ and adds the credit of the month; `keep` is a fraction, its lower number at
/// most 10^18.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub fn fade(flows: &mut [i64], credit: &[i64; CHUNK], keep: (i64, i64)) {
    fade_plain(flows, credit, keep);
}

#[inline(always)]
fn fade_plain(flows: &mut [i64], credit: &[i64; CHUNK], keep: (i64, i64)) {
    let largest = flows.iter().fold(0, |largest, flow| largest | flow);
    if largest >= LARGE {
        return fade_large(flows, credit, keep);
    }
    let (above, below) = keep;
    let kept = above as f64 / below as f64;
    for (flow, credit) in zip(flows, credit) {
        let near = to_float(*flow) * kept;
        *flow = quotient(near, flow.wrapping_mul(above), below).0 + credit;
    }
}

/// The same for flows of any size. They stay below 2⁶³ ticks.
#[cold]
fn fade_large(flows: &mut [i64], credit: &[i64; CHUNK], (above, below): (i64, i64)) {
    for (flow, credit) in zip(flows, credit) {
        let kept = i128::from(*flow) * i128::from(above) / i128::from(below);
        *flow = (kept as i64).saturating_add(*credit);
    }
}

const TWO_52: f64 = (1u64 << 52) as f64;

/// A whole number from 0 to below 2⁵² as a float: its bits are the lowest of those of 2⁵² and it.
#[inline(always)]
fn to_float(whole: i64) -> f64 {
    f64::from_bits(whole as u64 | TWO_52.to_bits()) - TWO_52
}

/// Quotient and remainder of a product, of which only the lowest 64 bits are known, by `by`, above 0 and below 2⁶²; the
/// quotient is below 2⁵¹, and `near` less than ½ from it. To the nearest whole number it is the quotient or one more, so
/// the remainder is less than `by` from 0, and its 64 bits are all of it.
#[inline(always)]
fn quotient(near: f64, product: i64, by: i64) -> (i64, i64) {
    let nearest = ((near + TWO_52).to_bits() ^ TWO_52.to_bits()) as i64;
    let rest = product.wrapping_sub(nearest.wrapping_mul(by));
    let more = rest >> 63;
    (nearest + more, rest + (by & more))
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;
    use crate::vectors::{Dice, versions};

    /// Over exposure and the first two of the other terms.
    fn terms([exposure, first, second]: [f64; 3]) -> [i64; 3] {
        let mut others = [0.0; TERMS.len()];
        others[..2].copy_from_slice(&[first, second]);
        let (to_sources, others) = over_terms(&Terms { exposure, others });
        assert!(others[2..].iter().all(|ticks| *ticks == 0));
        [to_sources, others[0], others[1]]
    }

    #[test]
    fn an_adoption_is_split_over_its_terms() {
        assert_eq!(terms([0.3, 0.0, 0.0]), [ADOPTION, 0, 0]);
        assert_eq!(terms([0.0, 0.0, 1e-300]), [0, 0, ADOPTION]);
        assert_eq!(terms([0.1, 0.1, 0.0]), [ADOPTION / 2, ADOPTION / 2, 0]);
        // 2⁴⁰ = 3 · 366503875925 + 1
        let third = ADOPTION / 3;
        assert_eq!(terms([0.7; 3]), [third + 1, third, third]);
        // 2 · 2⁴⁰ / 3 = 733007751850.67
        assert_eq!(terms([0.5, 0.0, 0.25]), [2 * third + 1, 0, third]);
        let mut dice = Dice::new(7);
        for _ in 0..20_000 {
            let one = |dice: &mut Dice| {
                let share = (dice.bits() >> 11) as f64 / (1u64 << 53) as f64;
                dice.of(&[0.0, share, 1e-12 * share, 1e6 * share, 0.25])
            };
            let all = [one(&mut dice), one(&mut dice), one(&mut dice)];
            let sum: f64 = all.iter().sum();
            if sum > 0.0 {
                let ticks = terms(all);
                assert_eq!(ticks.iter().sum::<i64>(), ADOPTION, "{all:?}");
                for (ticks, term) in ticks.iter().zip(all) {
                    let exact = term / sum * ADOPTION as f64;
                    assert!((*ticks as f64 - exact).abs() <= 1.0, "{all:?}");
                    assert!(*ticks == 0 || term > 0.0, "{all:?}");
                }
            }
        }
    }

    /// What links carry: few have the item, some carry alike, some next to nothing, some as much as there is.
    fn heard(dice: &mut Dice) -> Vec<i64> {
        let links = 1 + dice.bits() % dice.of(&[4, 20, 40, 100]);
        let bits = dice.of(&[8, 20, 40, 50, 55]);
        let alike = (dice.bits() >> (64 - bits)) as i64;
        let one = |_| {
            let random = (dice.bits() >> (64 - bits)) as i64;
            dice.of(&[0, 0, random, random, alike, 1])
        };
        (0..links).map(one).collect()
    }

    /// The same in plain: sorted remainders, in numbers that hold all of it.
    fn largest_remainders(ticks: i64, heard: &[i64], all: i64) -> Vec<i64> {
        let product = |heard: &i64| i128::from(ticks) * i128::from(*heard);
        let all = i128::from(all);
        let mut parts: Vec<i64> = heard.iter().map(|h| (product(h) / all) as i64).collect();
        let mut order: Vec<usize> = (0..heard.len()).collect();
        order.sort_by_key(|e| (Reverse(product(&heard[*e]) % all), *e));
        let left = ticks - parts.iter().sum::<i64>();
        for e in &order[..left as usize] {
            parts[*e] += 1;
        }
        parts
    }

    #[test]
    fn ticks_are_split_by_largest_remainders() {
        let of = |ticks, heard: &[i64]| {
            let (mut parts, mut rests) = (vec![-1; heard.len()], vec![-1; heard.len()]);
            over_links(ticks, heard, heard.iter().sum(), &mut parts, &mut rests);
            parts
        };
        assert_eq!(of(ADOPTION, &[0, 77, 0]), [0, ADOPTION, 0]);
        // Of equals the first.
        assert_eq!(of(7, &[5, 5, 0, 5]), [3, 2, 0, 2]);
        assert_eq!(of(8, &[5, 5, 0, 5]), [3, 3, 0, 2]);
        assert_eq!(of(1, &[1, 3, 3]), [0, 1, 0]);
        assert_eq!(of(0, &[1, 3, 3]), [0, 0, 0]);
        let largest = (1i64 << 62) - 1;
        assert_eq!(of(ADOPTION, &[largest - 1, 1]), [ADOPTION, 0]);
        let mut dice = Dice::new(8);
        let mut left = 0;
        for _ in 0..20_000 {
            let heard = heard(&mut dice);
            let all = heard.iter().sum();
            let ticks = dice.bits() as i64 & (ADOPTION - 1);
            let ticks = dice.of(&[ADOPTION, ticks, ticks >> 30]);
            if all > 0 {
                let expected = largest_remainders(ticks, &heard, all);
                assert_eq!(of(ticks, &heard), expected, "{ticks} {heard:?}");
                assert_eq!(expected.iter().sum::<i64>(), ticks);
                left += usize::from(!expected.contains(&ticks));
            }
        }
        assert!(left > 10_000, "{left}");
    }

    #[test]
    fn every_instruction_set_splits_alike() {
        let mut dice = Dice::new(9);
        for _ in 0..4000 {
            let heard = heard(&mut dice);
            let all = heard.iter().sum::<i64>();
            let ticks = dice.of(&[ADOPTION, ADOPTION - 1, 1, 12345]);
            if all == 0 {
                continue;
            }
            let expected = largest_remainders(ticks, &heard, all);
            for (name, version) in
                versions!(|ticks: i64,
                           heard: &[i64],
                           all: i64,
                           parts: &mut [i64],
                           rests: &mut [i64]| {
                    over_links_plain(ticks, heard, all, parts, rests)
                })
            {
                let (mut parts, mut rests) = (vec![-1; heard.len()], vec![-1; heard.len()]);
                version(ticks, &heard, all, &mut parts, &mut rests);
                assert_eq!(parts, expected, "{name}");
            }
        }
    }

    #[test]
    fn every_instruction_set_fades_alike_and_rounds_down() {
        let mut dice = Dice::new(10);
        let unit = 10i64.pow(18);
        for n in 0..4000 {
            let length = dice.of(&[CHUNK, CHUNK, 1, 7, 63]);
            let large = n % 4 == 0;
            let one = |dice: &mut Dice| {
                let random = (dice.bits() >> dice.of(&[14, 20, 50])) as i64;
                let more = if large { i64::MAX - random } else { LARGE - 1 };
                dice.of(&[0, 0, random, ADOPTION, 3 * ADOPTION, more])
            };
            let mut flows: Vec<i64> = (0..length).map(|_| one(&mut dice)).collect();
            let credit: [i64; CHUNK] =
                std::array::from_fn(|_| dice.of(&[0, 0, 1, ADOPTION, ADOPTION / 3]));
            let random = (dice.bits() % unit as u64) as i64;
            let keep = dice.of(&[
                (97, 100),
                (1, 1),
                (0, 1),
                (9, 10),
                (unit - 1, unit),
                (1, unit),
                (random, unit),
            ]);
            let before = flows.clone();
            fade(&mut flows, &credit, keep);
            for ((flow, before), credit) in flows.iter().zip(&before).zip(credit) {
                let kept = i128::from(*before) * i128::from(keep.0) / i128::from(keep.1);
                let exact = (kept + i128::from(credit)).min(i128::from(i64::MAX));
                assert_eq!(i128::from(*flow), exact, "{before} {keep:?}");
            }
            for (name, version) in versions!(
                |flows: &mut [i64], credit: &[i64; CHUNK], keep: (i64, i64)| {
                    fade_plain(flows, credit, keep)
                }
            ) {
                let mut some = before.clone();
                version(&mut some, &credit, keep);
                assert_eq!(some, flows, "{name}");
            }
        }
    }
}
