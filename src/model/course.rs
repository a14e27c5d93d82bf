//! What decides when places adopt given items: draws, their history, or thresholds that the history leaves possible
//! (abduction).
//!
//! Under a history and parameters a threshold is known up to a range. With u the uniform that names it, one that adopts
//! in month t has
//!
//! - θ = H(t − 1) − ln(1 − u · (1 − e^(−h_t))), rounded into (H(t − 1), H(t)] in ticks;
//!
//! one that has not adopted at the end of the item's observation has θ = H(end) − ln u. The same with the hazard of
//! abandonment since the adoption: θ is kept as months and the hazard under which they are known, so that the months
//! are as told where the hazard is the same, and θ over the hazard where another layout has another one. Both follow the
//! law of θ given the history, and the uniforms are those of the thresholds that are drawn.

use std::sync::Arc;

use crate::draw::{LANES, Luck, Process};
use crate::world::{Given, NEVER, PlaceId, World};

use super::engine::fixed::threshold_ticks;
use super::engine::unit::Unit;
use super::line;

/// What decides when places adopt given items.
#[derive(Clone, Debug, Default)]
pub enum Course {
    /// Thresholds are drawn.
    #[default]
    Drawn,
    /// They adopt when the history says; what that says of thresholds is written down.
    Told(Ranges),
    /// Thresholds are those that a history leaves possible.
    Conditioned(Arc<Thresholds>),
}

/// What a history says of the thresholds of each given item.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    items: Vec<Option<Range>>,
    /// The first adoption that cannot happen: its month, its item by number, its place.
    pub impossible: Option<(u16, usize, PlaceId)>,
    /// Adoptions that can.
    pub adoptions: u64,
}

/// What a history says of the thresholds of an item.
#[derive(Clone, Debug)]
struct Range {
    unit: Unit,
    /// θ is above this, by place, in ticks.
    low: Vec<i64>,
    /// And at most this; the largest number where it did not adopt.
    high: Vec<i64>,
}

/// Thresholds of given items that a history leaves possible.
#[derive(Clone, Debug)]
pub struct Thresholds {
    items: Vec<Known>,
}

/// Thresholds of an item.
#[derive(Clone, Debug)]
pub struct Known {
    unit: Unit,
    /// In ticks of this unit, by place.
    ticks: Vec<i64>,
    /// Ticks per unit of θ, by place.
    per_theta: Vec<f64>,
    /// Months from the adoption to the abandonment: infinite where it never comes, no number where nothing says.
    stays: Vec<f64>,
    /// The hazard of abandonment per month under which they are known; 0 where they are months under any.
    hazard: Vec<f64>,
}

impl Ranges {
    /// Of a world, before its first month.
    pub fn new(world: &World) -> Self {
        Self {
            items: vec![None; world.given.len()],
            ..Self::default()
        }
    }

    /// The log likelihood of the history at the parameters of its world: Σ log(1 − e^(−h)) over adoptions less the hazard
    /// of all before them, and of those that never adopted; −∞ where an adoption cannot happen.
    pub fn loglik(&self, world: &World) -> f64 {
        if self.impossible.is_some() {
            return f64::NEG_INFINITY;
        }
        let mut sum = 0.0;
        for range in self.items.iter().flatten() {
            for (i, (&low, &high)) in world.places.each().zip(range.low.iter().zip(&range.high)) {
                let per_theta = range.unit.per_theta_of(world, i);
                if !per_theta.is_finite() {
                    continue;
                }
                sum -= low as f64 / per_theta;
                if high != i64::MAX {
                    sum += libm::log(-libm::expm1(-((high - low) as f64) / per_theta));
                }
            }
        }
        sum
    }

    fn of(&mut self, g: usize, unit: Unit, places: usize) -> &mut Range {
        self.items[g].get_or_insert_with(|| Range {
            unit,
            low: vec![0; places],
            high: vec![i64::MAX; places],
        })
    }

    /// Writes down an adoption of item `g` in month `t` and what it says of a threshold, if it can happen.
    pub(super) fn adopted(
        &mut self,
        (g, t, i): (usize, u16, PlaceId),
        unit: Unit,
        places: usize,
        range: Option<[i64; 2]>,
    ) {
        let Some([low, high]) = range else {
            self.impossible.get_or_insert((t, g, i));
            return;
        };
        self.adoptions += 1;
        let of = self.of(g, unit, places);
        (of.low[i], of.high[i]) = (low, high);
    }

    /// Writes down that a place has not adopted item `g` by the end of its observation.
    pub(super) fn stayed(&mut self, g: usize, unit: Unit, places: usize, i: PlaceId, low: i64) {
        self.of(g, unit, places).low[i] = low;
    }

    /// Thresholds that are possible in the world `from` of the history, by the uniforms of a replicate, for the same
    /// items in the world `to`. Of places that are only there nothing is known.
    pub fn thresholds(&self, from: &World, to: &World, luck: Luck) -> Thresholds {
        let named = |i: PlaceId| from.places.named(&to.places.id[i]);
        let same: Vec<Option<PlaceId>> = to.places.each().map(named).collect();
        let of = |(g, given): (usize, &Given)| {
            let range = self.items[g].as_ref();
            let unit = range.map(|range| range.unit);
            let unit = unit.unwrap_or_else(|| Unit::of(from, given.domain as usize, given.quality));
            let uniform =
                |process, i: PlaceId| luck.uniform(process, to.places.hash[i], given.hash, 0);
            let stays = stays(from, given);
            let mut known = Known {
                unit,
                ticks: Vec::with_capacity(same.len()),
                per_theta: Vec::with_capacity(same.len()),
                stays: Vec::with_capacity(same.len()),
                hazard: Vec::with_capacity(same.len()),
            };
            for (i, there) in to.places.each().zip(&same) {
                let per_theta = match there {
                    Some(there) => unit.per_theta_of(from, *there),
                    None => unit.per_theta_of(to, i),
                };
                let said = range.zip(*there).map(|(of, at)| [of.low[at], of.high[at]]);
                let [low, high] = said.unwrap_or([0, i64::MAX]);
                let u = uniform(Process::Threshold, i);
                known.ticks.push(within(u, low, high, per_theta));
                known.per_theta.push(per_theta);
                let said = there.map_or(Stays::Unsaid, |at| stays[at]);
                let u = || uniform(Process::Abandonment, i);
                known.stays.push(said.months(u));
                known.hazard.push(said.hazard());
            }
            known
        };
        Thresholds {
            items: from.given.iter().enumerate().map(of).collect(),
        }
    }
}

/// What a history says of the months from an adoption to the abandonment.
#[derive(Clone, Copy, Debug)]
enum Stays {
    /// Nothing.
    Unsaid,
    /// So many; infinite where it never comes.
    Months(f64),
    /// More than so many, under a hazard per month.
    Longer(f64, f64),
    /// More than so many and at most one more, under a hazard per month.
    Ends(f64, f64),
}

impl Stays {
    /// The months, with a uniform where they are not known; no number where nothing is said.
    fn months(self, u: impl Fn() -> f64) -> f64 {
        match self {
            Self::Unsaid => f64::NAN,
            Self::Months(months) => months,
            Self::Longer(months, hazard) => months - libm::log(u()) / hazard,
            Self::Ends(months, hazard) => {
                let part = -libm::log1p(u() * libm::expm1(-hazard)) / hazard;
                months + part.clamp(f64::EPSILON * (months + 1.0), 1.0)
            }
        }
    }

    /// The hazard under which these months are known; 0 where they are data.
    fn hazard(self) -> f64 {
        match self {
            Self::Unsaid | Self::Months(_) => 0.0,
            Self::Longer(_, hazard) | Self::Ends(_, hazard) => hazard,
        }
    }
}

/// What the history of an item says of abandonment, by place.
fn stays(world: &World, given: &Given) -> Vec<Stays> {
    let mut all = vec![Stays::Unsaid; world.places.len()];
    let end = world.calendar.months.saturating_sub(1);
    for &(place, until) in &given.first {
        let months = if until == NEVER {
            f64::INFINITY
        } else {
            f64::from(until)
        };
        all[place] = Stays::Months(months);
    }
    for &(month, place, until) in &given.history {
        let hazard = line::abandonment(world, given.quality, place);
        // A place that closes gives up nothing after its last month.
        let end = end.min(world.places.close[place]).max(month);
        all[place] = match until {
            NEVER if hazard > 0.0 => Stays::Longer(f64::from(end - month), hazard),
            // Without a hazard the history says nothing of the threshold.
            NEVER => Stays::Unsaid,
            until if hazard > 0.0 => Stays::Ends(f64::from(until - month - 1), hazard),
            until => Stays::Months(f64::from(until - month)),
        };
    }
    all
}

/// A threshold in ticks above `low` and at most `high`, by the law of Exponential(1) between them.
fn within(u: f64, low: i64, high: i64, per_theta: f64) -> i64 {
    if !per_theta.is_finite() {
        return i64::MAX;
    }
    let beyond = match high {
        i64::MAX => -libm::log(u),
        _ => {
            let hazard = (high - low) as f64 / per_theta;
            -libm::log1p(u * libm::expm1(-hazard))
        }
    };
    let ticks = (beyond * per_theta).ceil() as i64;
    low.saturating_add(ticks.max(1)).min(high)
}

impl Thresholds {
    /// Those of an item by its number.
    pub(super) fn of(&self, g: u32) -> &Known {
        &self.items[g as usize]
    }
}

impl Known {
    /// The thresholds of the places from `start` on, in ticks of `unit`.
    pub(super) fn ticks(
        &self,
        start: usize,
        unit: &Unit,
        per_theta: &[f64; LANES],
        ticks: &mut [i64; LANES],
    ) {
        let end = self.ticks.len().min(start + LANES);
        let mut theta = [0.0; LANES];
        for (lane, at) in (start..end).enumerate() {
            theta[lane] = self.ticks[at] as f64 / self.per_theta[at];
        }
        threshold_ticks(&theta, per_theta, ticks);
        // What is counted alike is taken as it is, without rounding.
        for (lane, at) in (start..end).enumerate() {
            if *unit == self.unit && per_theta[lane].to_bits() == self.per_theta[at].to_bits() {
                ticks[lane] = self.ticks[at];
            }
        }
    }

    /// Months from the adoption of a place to its abandonment under a hazard per month; infinite where it never comes,
    /// none where nothing says.
    pub(super) fn stays(&self, i: PlaceId, hazard: f64) -> Option<f64> {
        let (stays, under) = (self.stays[i], self.hazard[i]);
        // What is the same is taken as it is, without rounding.
        let months = match under > 0.0 && under.to_bits() != hazard.to_bits() {
            true if hazard > 0.0 => stays * under / hazard,
            true => f64::INFINITY,
            false => stays,
        };
        Some(months).filter(|_| !stays.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 20,000 named uniforms: thresholds lie in their range, and follow the law of Exponential(1) between its ends
    /// and beyond. A right law is further off than D > 2.69/√n once in a million seeds; the seed is fixed.
    #[test]
    fn thresholds_follow_their_law_given_the_history() {
        let (luck, n, per) = (Luck::new(7, 0), 20_000u32, (1u64 << 40) as f64);
        for (low, high) in [(0.0, 0.7), (0.3, 0.5), (1.2, f64::INFINITY)] {
            let ends = [low, high].map(|end: f64| match end.is_finite() {
                true => (end * per) as i64,
                false => i64::MAX,
            });
            let mut draws: Vec<f64> = (0..n)
                .map(|serial| {
                    let u = luck.uniform(Process::Threshold, 3, 5, serial);
                    let ticks = within(u, ends[0], ends[1], per);
                    assert!(ends[0] < ticks && ticks <= ends[1]);
                    ticks as f64 / per
                })
                .collect();
            draws.sort_by(f64::total_cmp);
            let law = |x: f64| (1.0 - (low - x).exp()) / (1.0 - (low - high).exp());
            let distance = draws.iter().enumerate().map(|(at, x)| {
                let share = at as f64 / f64::from(n);
                (law(*x) - share)
                    .abs()
                    .max((law(*x) - share - 1.0 / f64::from(n)).abs())
            });
            assert!(distance.fold(0.0, f64::max) < 2.69 / f64::from(n).sqrt());
        }
        assert_eq!(within(1.0, 4, 5, 1e300), 5);
        assert_eq!(within(1e-16, 4, 5, 1e-300), 5);
        assert_eq!(within(0.5, 0, i64::MAX, f64::INFINITY), i64::MAX);
    }
}
