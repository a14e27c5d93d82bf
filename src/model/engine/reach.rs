//! How far H_ik can get: an upper bound for each place, so that pairs which can never adopt are left out.
//!
//! H_ik(T) ≤ Σ_t h_ik at the largest exposure that place i can have (every source has the item, every
//! link carries all it ever can), with every replication from the first month in which it could come, and
//! with all the demand that firms could ever make.
//! Hazards never fall as exposure grows, and all is in whole ticks, so the bound is exact: leaving out the
//! pairs with θ_ik above it changes no history.

use multiversion::multiversion;

use crate::draw::LANES;
use crate::world::{NEVER, World};

use super::unit::Unit;
use crate::model::hazard::{Hazard, Replicated};
use crate::model::point::Innovation;

/// The bound for one innovation.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    hazard: Hazard<'a>,
    domain: usize,
    /// Largest exposure of each place in the innovation's domain, in ticks.
    largest: &'a [i64],
    unit: Unit,
    province: u32,
    when: When,
    /// Those replications that could come.
    replicated: Replicated,
    /// Where a rate is an exposure and what is added to it: what is added always, and what replications add.
    more: Option<(i64, [i64; 2])>,
}

/// The first months in which an innovation could be replicated, or [`NEVER`].
#[derive(Clone, Copy, Debug)]
pub struct FirstChance {
    /// By the province of its origin.
    pub provincial: u16,
    /// By the centre.
    pub national: u16,
}

/// When the H of an innovation grows.
#[derive(Clone, Copy, Debug)]
struct When {
    /// Month in which it is implemented.
    implemented: u16,
    /// The last month.
    last: u16,
    /// First month at whose end a replication could come into force outside the origin's province and in
    /// it, or [`NEVER`].
    chance: [u16; 2],
}

impl When {
    /// Months in which H grows, and those of them with replications, for a place that opens in month `open` and
    /// closes in month `close`.
    #[inline(always)]
    fn months(self, open: u16, close: u16, here: bool) -> [i64; 2] {
        let begin = self.implemented.max(open);
        let from = if here { self.chance[1] } else { self.chance[0] }.max(begin);
        let last = self.last.min(close);
        // `begin` + 1 … `last`, and `from` + 1 … `last`.
        [begin, from].map(|t| i64::from(last.saturating_sub(t)))
    }
}

impl<'a> Reach<'a> {
    /// The bound for an innovation from its implementation on, with the first months in which it could be
    /// replicated.
    pub fn new(world: &'a World, innovation: &Innovation, unit: Unit, first: FirstChance) -> Self {
        let n = world.places.len();
        let d = innovation.domain as usize;
        let FirstChance {
            provincial,
            national,
        } = first;
        let replicated = Replicated {
            provincial: provincial != NEVER,
            national: national != NEVER,
        };
        Self {
            hazard: Hazard::most(world),
            domain: d,
            largest: &world.largest_exposure[d * n..(d + 1) * n],
            unit,
            province: world.places.province[innovation.origin as usize],
            when: When {
                implemented: innovation.implemented,
                last: world.calendar.months.saturating_sub(1),
                chance: [national, national.min(provincial)],
            },
            replicated,
            more: unit.linear(replicated).map(|with| {
                let always = unit.linear(Replicated::default()).unwrap_or_default()[0];
                (always, with.map(|with| with - always))
            }),
        }
    }

    /// The most that H_ik can be at the end of the run, in ticks, for the places from `start` on.
    pub fn most(&self, start: usize) -> [i64; LANES] {
        let mut most = [0; LANES];
        let places = &self.hazard.world.places;
        let end = places.len().min(start + LANES);
        let (open, close) = (&places.open[start..end], &places.close[start..end]);
        let province = &places.province[start..end];
        if let Some(more) = self.more {
            let places = (open, close, province, &self.largest[start..end]);
            of_exposures(self.when, self.province, more, places, &mut most);
        } else {
            for (lane, most) in most[..end - start].iter_mut().enumerate() {
                let (i, here) = (start + lane, self.province == province[lane]);
                let rate = |replicated: Replicated| {
                    let largest = self.largest[i];
                    self.unit
                        .rate(&self.hazard, self.domain, i, largest, replicated.at(here))
                };
                let [all, with] = self.when.months(open[lane], close[lane], here);
                let before = rate(Replicated::default()) * (all - with);
                *most = before + rate(self.replicated) * with;
            }
        }
        most
    }
}

/// The same where a rate is an exposure and what is added to it.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
fn of_exposures(
    when: When,
    own: u32,
    more: (i64, [i64; 2]),
    places: (&[u16], &[u16], &[u32], &[i64]),
    most: &mut [i64; LANES],
) {
    of_exposures_plain(when, own, more, places, most);
}

#[inline(always)]
fn of_exposures_plain(
    when: When,
    own: u32,
    more: (i64, [i64; 2]),
    places: (&[u16], &[u16], &[u32], &[i64]),
    most: &mut [i64; LANES],
) {
    let (open, close, province, largest) = places;
    let places = open.iter().zip(close).zip(province.iter().zip(largest));
    for (most, ((&open, &close), (&province, &largest))) in most.iter_mut().zip(places) {
        let here = own == province;
        let [all, with] = when.months(open, close, here);
        let (always, more) = more;
        *most = (largest + always) * all + if here { more[1] } else { more[0] } * with;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::engine::trend::MOST_MONTHS;
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_bounds_alike() {
        let mut dice = Dice::new(3);
        // What all months can add stays below 2⁶².
        let limit = (1i64 << 60) / MOST_MONTHS as i64;
        for _ in 0..2000 {
            let month = |dice: &mut Dice| {
                let random = dice.bits() as u16 % 4096;
                dice.of(&[random, 0, 1, 4095, NEVER])
            };
            let when = When {
                implemented: month(&mut dice) % 4096,
                last: month(&mut dice) % 4096,
                chance: [month(&mut dice), month(&mut dice)],
            };
            let rate = |dice: &mut Dice| {
                let random = (dice.bits() >> dice.of(&[1, 20, 40])) as i64 % limit;
                dice.of(&[random, 0, 1, limit])
            };
            let more = (rate(&mut dice), [rate(&mut dice), rate(&mut dice)]);
            let length = dice.of(&[LANES, LANES, 1, 7, 63]);
            let open: Vec<u16> = (0..length).map(|_| month(&mut dice)).collect();
            let close: Vec<u16> = (0..length).map(|_| month(&mut dice)).collect();
            let province: Vec<u32> = (0..length).map(|_| dice.of(&[0, 1, 2, u32::MAX])).collect();
            let largest: Vec<i64> = (0..length).map(|_| rate(&mut dice)).collect();
            let places = (&open[..], &close[..], &province[..], &largest[..]);
            let own = dice.of(&[0, 1, u32::MAX]);
            let mut expected = [-1; LANES];
            for lane in 0..length {
                let here = own == province[lane];
                let [all, with] = when.months(open[lane], close[lane], here);
                let (always, more) = more;
                expected[lane] = (largest[lane] + always) * all + more[usize::from(here)] * with;
            }
            let mut most = [-1; LANES];
            of_exposures(when, own, more, places, &mut most);
            assert_eq!(most, expected);
            for (name, version) in
                versions!(|when: When,
                           own: u32,
                           more: (i64, [i64; 2]),
                           places: (&[u16], &[u16], &[u32], &[i64]),
                           most: &mut [i64; LANES]| {
                    of_exposures_plain(when, own, more, places, most)
                })
            {
                most.fill(-1);
                version(when, own, more, places, &mut most);
                assert_eq!(most, expected, "{name}");
            }
        }
    }
}
