//! Why a place adopts in other months in two worlds.
//!
//! Both worlds have the same threshold θ_ik. Place i adopts first in the world whose cumulative hazard
//! H_ik reaches it first. So at that month the difference ΔH = H_ik − H'_ik of the two is what has to
//! be explained, and it is a sum over months of differences of h_ik, which are sums over causes:
//!
//! - *holds*: source j has k in one world and not in the other: all of the influence of j on i;
//! - *link*: j has k in both, but a part of W_ij (or R_j) differs;
//! - *provincial*, *national* and other terms of h_ik: in force in one and not in the other;
//! - *demand*: demand_id differs: firms pull their government more in one world;
//! - *opens*: place i itself is open in one and not in the other (it opens or closes in another month): all of h_ik;
//! - *parameters*: E_i, q_k, β, η or φ differ.
//!
//! With the linear response the exposure term is a sum over sources, and the split is exact. With
//! `hill` or `threshold` the difference of the exposure terms, φ(X) − φ(X'), is split in proportion to
//! the differences of the parts of X. In all cases the causes add up to ΔH.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::iter::zip;
use std::ops::RangeInclusive;

use crate::model::hazard::{Hazard, Replicated};
use crate::scenario::spec::Response;
use crate::world::mechanism::{Id, TERMS};
use crate::world::{NEVER, PlaceId, World};

use super::names::{Item, Mechanism};
use super::probe::Track;
use super::record::{Fate, Record};

/// Causes below this part of the whole are the rounding of weights.
const NOISE: f64 = 1e-9;

/// A reason why something is otherwise in the other world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The place (first) has the innovation in other months.
    Holds(Item, PlaceId),
    /// What a place (first) hears of another one (second) through a mechanism.
    Link(PlaceId, PlaceId, Mechanism),
    /// A term of h_ik beside exposure: provincial replication, for example.
    Term(Id, Item),
    /// The place opens or closes in another month.
    Opens(PlaceId),
    /// Attributes of the place, of the innovation, or parameters.
    Parameters,
    /// The firms at a place pull their government in a domain.
    Demand(PlaceId, u32),
    /// The firms at a place took a domain up.
    Uptake(PlaceId, u32),
    /// The partners of the firms at a place took a domain up.
    Partners(PlaceId, u32),
    /// An adoption whose credit goes to others in another split.
    Split(Item, PlaceId),
    /// A line between two places.
    Line(PlaceId, PlaceId),
    /// The circle of a zone (its place).
    Circle(PlaceId),
    /// The rule itself: dates or thresholds.
    Rule,
}

/// A reason with its size.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// What.
    pub reason: Reason,
    /// Its part of the difference between the worlds, in the unit of what is explained.
    pub difference: f64,
    /// The same over the whole difference; shares add up to 1 and can be negative or above 1.
    pub share: f64,
    /// Share of h_ik in the deciding month, in the world that leads, that comes from this source (for a
    /// link: through this mechanism) or replication; for a line the share of its flow. It says how much
    /// the place listens there, and does not add up: a source can be among the causes in two ways.
    pub now: Option<f64>,
    /// Through which mechanisms: part of `now` each, largest difference first.
    pub through: Vec<(Mechanism, f64)>,
}

/// What a world knows of (i, k).
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The world.
    pub world: &'a World,
    /// What happened in it.
    pub record: &'a Record,
    /// The innovation there, if it exists.
    pub fate: Option<&'a Fate>,
    /// What the hazard was made of.
    pub track: &'a Track,
}

impl Side<'_> {
    fn quality(&self) -> f64 {
        self.fate.map_or(0.0, |fate| fate.quality)
    }

    fn exposure(&self, place: PlaceId, quality: f64, heard: f64) -> f64 {
        let hazard = Hazard::new(self.world, &[]);
        let none = Replicated::default();
        hazard.terms(0, place, quality * heard, none).exposure
    }

    /// demand_id in a month.
    fn demand(&self, place: PlaceId, month: u16) -> f64 {
        let of = |fate: &Fate| self.record.demand(fate.domain, place, month);
        self.fate.map_or(1.0, of)
    }

    /// Whether h_ik counts in a month: the last one of a place is that in which it closes.
    fn counts(&self, place: PlaceId, month: u16) -> bool {
        self.track.begins <= month && self.world.places.close[place] >= month
    }

    /// The terms beside exposure in a month, but for demand.
    fn others(&self, place: PlaceId, month: u16) -> [f64; TERMS.len()] {
        let Some(fate) = self.fate.filter(|_| self.counts(place, month)) else {
            return [0.0; TERMS.len()];
        };
        let replicated = Replicated {
            provincial: self.track.provincial <= month,
            national: self.track.national <= month,
        };
        let hazard = Hazard::new(self.world, &[]).alone(self.record.alone(month));
        let d = fate.domain as usize;
        hazard.terms(d, place, 0.0, replicated).others
    }

    /// h_ik in a month and X_ik / q_k; (0, 0) before the hazard counts.
    pub fn hazard(&self, place: PlaceId, month: u16) -> (f64, f64) {
        let (bare, heard) = self.bare(place, month);
        (bare * self.demand(place, month), heard)
    }

    /// The same but for demand.
    fn bare(&self, place: PlaceId, month: u16) -> (f64, f64) {
        if !self.counts(place, month) {
            return (0.0, 0.0);
        }
        let heard = self.track.parts.values().map(|steps| steps.at(month)).sum();
        let exposure = self.exposure(place, self.quality(), heard);
        let others = self.others(place, month).into_iter();
        (others.fold(exposure, |sum, term| sum + term), heard)
    }

    /// H_ik at the end of a month. Past the month of adoption it means nothing.
    pub fn cumulative(&self, place: PlaceId, month: u16) -> f64 {
        (0..=month).map(|t| self.hazard(place, t).0).sum()
    }

    fn holds(&self, source: PlaceId, month: u16) -> bool {
        self.fate.is_some_and(|fate| fate.is_heard(source, month))
    }
}

/// Splits the difference of H_ik over `months` between the world that leads and the other one.
/// Largest first, of equals in the order of [`Reason`]. `months` ends with the month of adoption.
pub fn causes(
    lead: Side<'_>,
    other: Side<'_>,
    item: Item,
    place: PlaceId,
    months: RangeInclusive<u16>,
) -> Vec<Cause> {
    let last = *months.end();
    let mut sums: BTreeMap<Reason, f64> = BTreeMap::new();
    let mut through: BTreeMap<(Reason, Mechanism), f64> = BTreeMap::new();
    // The other world's response, or the leading one's where k is not there.
    let base = if other.fate.is_some() { other } else { lead };
    for t in months {
        let open = |side: Side<'_>| side.world.places.takes_part(place, t);
        if open(lead) != open(other) {
            let part = lead.hazard(place, t).0 - other.hazard(place, t).0;
            add(&mut sums, Reason::Opens(place), part);
            continue;
        }
        let counts = |side: Side<'_>| side.track.begins <= t && open(side);
        if !counts(lead) && !counts(other) {
            continue;
        }
        let (heard, heard_other) = (lead.bare(place, t).1, other.bare(place, t).1);
        // All terms are multiplied by demand: the other world's, and its difference stands alone.
        let demand = if counts(other) { other } else { lead }.demand(place, t);
        if counts(lead)
            && counts(other)
            && let Some(fate) = lead.fate
        {
            let part = (lead.demand(place, t) - demand) * lead.bare(place, t).0;
            // Without firms it is readiness that differs.
            let reason = match lead.world.firms {
                Some(_) => Reason::Demand(place, fate.domain),
                None => Reason::Parameters,
            };
            add(&mut sums, reason, part);
        }
        // What differs although the exposure is the same.
        if other.fate.is_some() && lead.fate.is_some() {
            let part = lead.exposure(place, lead.quality(), heard)
                - base.exposure(place, base.quality(), heard);
            add(&mut sums, Reason::Parameters, part * demand);
        }
        let slope = slope(base, place, heard, heard_other) * demand;
        let keys = lead.track.parts.keys().chain(other.track.parts.keys());
        let mut keys: Vec<(PlaceId, Mechanism)> = keys.copied().collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (source, mechanism) = key;
            let y = |side: Side<'_>| side.track.parts.get(&key).map_or(0.0, |s| s.at(t));
            let part = slope * (y(lead) - y(other));
            if part == 0.0 {
                continue;
            }
            let reason = if lead.holds(source, t) == other.holds(source, t) {
                Reason::Link(place, source, mechanism)
            } else {
                Reason::Holds(item, source)
            };
            add(&mut sums, reason, part);
            *through.entry((reason, mechanism)).or_insert(0.0) += part;
        }
        let both = zip(lead.others(place, t), other.others(place, t));
        for ((id, _), (now, then)) in zip(TERMS, both) {
            let reason = if now > 0.0 && then > 0.0 {
                Reason::Parameters
            } else {
                Reason::Term(id, item)
            };
            add(&mut sums, reason, (now - then) * demand);
        }
    }
    let total: f64 = sums.values().sum();
    // Weights are whole ticks: what is equal in both worlds can differ by less than one.
    sums.retain(|_, part| part.abs() > NOISE * total.abs());
    let now = now(lead, place, last);
    let list = sums.into_iter().map(|(reason, difference)| {
        let mut parts: Vec<(Mechanism, f64, f64)> = through
            .range((reason, *Mechanism::ALL.start())..=(reason, *Mechanism::ALL.end()))
            .map(|(&(_, m), &part)| (m, part, now.of(reason, Some(m))))
            .collect();
        parts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Cause {
            reason,
            difference,
            share: difference / total,
            now: now.has(reason).then(|| now.of(reason, None)),
            through: parts.into_iter().map(|(m, _, now)| (m, now)).collect(),
        }
    });
    sorted(list.collect())
}

/// Largest difference first; of equals, in the order of the reasons.
pub fn sorted(causes: Vec<Cause>) -> Vec<Cause> {
    ranked(causes, |cause| cause.difference)
}

/// Largest first; of those that are equal but for rounding, in the order of the reasons.
pub fn ranked(mut causes: Vec<Cause>, size: fn(&Cause) -> f64) -> Vec<Cause> {
    let largest = causes.iter().map(|c| size(c).abs()).fold(0.0, f64::max);
    let rank = |cause: &Cause| Reverse((size(cause) / largest / NOISE).round() as i64);
    causes.sort_by_key(|cause| (rank(cause), cause.reason));
    causes
}

fn add(sums: &mut BTreeMap<Reason, f64>, reason: Reason, part: f64) {
    if part != 0.0 {
        *sums.entry(reason).or_insert(0.0) += part;
    }
}

/// (φ(X) − φ(X')) / (X − X') in the units of the hazard and of what is heard.
fn slope(base: Side<'_>, place: PlaceId, heard: f64, heard_other: f64) -> f64 {
    let of = |heard: f64| base.exposure(place, base.quality(), heard);
    if base.world.line.response == Response::Linear {
        return of(1.0);
    }
    let gap = heard - heard_other;
    // Equal but for rounding: equal responses.
    if gap.abs() <= 1e-12 * (heard + heard_other) {
        0.0
    } else {
        (of(heard) - of(heard_other)) / gap
    }
}

/// Shares of the hazard in one month, as the credit splits it.
struct Now<'a> {
    side: Side<'a>,
    month: u16,
    hazard: f64,
    heard: f64,
    demand: f64,
    others: [f64; TERMS.len()],
}

fn now(side: Side<'_>, place: PlaceId, month: u16) -> Now<'_> {
    let (hazard, heard) = side.hazard(place, month);
    let demand = side.demand(place, month);
    Now {
        side,
        month,
        hazard,
        heard,
        demand,
        others: side.others(place, month).map(|term| term * demand),
    }
}

impl Now<'_> {
    fn has(&self, reason: Reason) -> bool {
        self.hazard > 0.0 && !matches!(reason, Reason::Parameters | Reason::Opens(_))
    }

    fn of(&self, reason: Reason, through: Option<Mechanism>) -> f64 {
        let others = self.others.iter();
        // What is left of nothing may be less than nothing by rounding.
        let exposure = others.fold(self.hazard, |rest, term| rest - term).max(0.0);
        let of = |source: PlaceId, wanted: Option<Mechanism>| {
            if self.heard == 0.0 {
                return 0.0;
            }
            let parts = &self.side.track.parts;
            let parts =
                parts.range((source, *Mechanism::ALL.start())..=(source, *Mechanism::ALL.end()));
            let heard: f64 = parts
                .filter(|((_, m), _)| wanted.is_none_or(|wanted| *m == wanted))
                .map(|(_, steps)| steps.at(self.month))
                .sum();
            heard / self.heard * exposure / self.hazard
        };
        if self.hazard == 0.0 {
            return 0.0;
        }
        match reason {
            Reason::Holds(_, source) => of(source, through),
            Reason::Link(_, source, mechanism) => of(source, Some(mechanism)),
            Reason::Term(id, _) => {
                let terms = zip(TERMS, self.others);
                let own = terms.filter(|((term, _), _)| *term == id);
                own.map(|(_, term)| term).sum::<f64>() / self.hazard
            }
            Reason::Demand(..) => 1.0 - 1.0 / self.demand,
            _ => 0.0,
        }
    }
}

/// First month, in either world, in which the hazard of (i, k) counts.
pub fn first_month(tracks: [&Track; 2]) -> u16 {
    let first = tracks.iter().map(|t| t.begins).min().unwrap_or(NEVER);
    if first == NEVER { 0 } else { first }
}
