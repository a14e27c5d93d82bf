//! Given items: innovations that a history brings, in place of those that zones make, or beside them.
//!
//! Who had an item before its first step at risk has it from then on. The places that can adopt are at risk to its last
//! step. What happened meanwhile is the history itself, which only a replay asks for.

use crate::draw::id_hash;
use crate::scenario::Scenario;
use crate::scenario::tables::{Adoption, Item};

use super::id::PlaceId;
use super::{Calendar, NEVER};

/// A given item between the places of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Stable id.
    pub id: String,
    /// Its hash: names the item's draws.
    pub hash: u64,
    /// d_k.
    pub domain: u32,
    /// q_k.
    pub quality: f64,
    /// The place that had it before all others, or the only first adopter.
    pub origin: Option<PlaceId>,
    /// First month in which places are at risk; [`NEVER`] where that is after the run.
    pub begin: u16,
    /// Last month of risk in the run; none where nobody is at risk in it.
    pub last: Option<u16>,
    /// Who has it at the end of the month before, and the month in which it gives it up, or [`NEVER`].
    pub first: Vec<(PlaceId, u16)>,
    /// Who had it, and has given it up by then.
    pub settled: Vec<PlaceId>,
    /// Adoptions from `begin` to `last`: the month, the place, and the month in which it gives the item up, or
    /// [`NEVER`]; in order.
    pub history: Vec<(u16, PlaceId, u16)>,
}

impl Given {
    /// Whether it spreads from the first month on, and its first adopters had it before the run.
    pub fn is_before(&self) -> bool {
        self.begin == 0
    }

    /// The month at whose end its first adopters have it: the one before the first at risk, or the first of the run.
    pub fn implemented(&self) -> u16 {
        match self.begin {
            NEVER => NEVER,
            begin => begin.saturating_sub(1),
        }
    }
}

/// Steps from the first of the run to a period of the history.
pub fn steps(scenario: &Scenario, calendar: &Calendar, period: i32) -> i32 {
    match scenario.numbered {
        true => period,
        false => period - calendar.period(0),
    }
}

/// The given items of a scenario, in order of their ids; `canonical` is the place at each input position.
pub fn given(scenario: &Scenario, calendar: &Calendar, canonical: &[PlaceId]) -> Vec<Given> {
    let items = scenario.history.iter().flat_map(|history| &history.items);
    let mut all: Vec<Given> = items
        .map(|item| one(scenario, calendar, canonical, item))
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn one(scenario: &Scenario, calendar: &Calendar, canonical: &[PlaceId], item: &Item) -> Given {
    let steps = |period: i32| steps(scenario, calendar, period);
    let months = i32::from(calendar.months);
    let from = steps(item.first_risk).max(0);
    let last = steps(item.last).min(months - 1);
    let place = |at: u32| canonical[at as usize];
    let ends = |adoption: &Adoption| adoption.until.map_or(i32::MAX, steps);
    let month = |steps: i32| if steps < months { steps as u16 } else { NEVER };
    let mut first: Vec<(PlaceId, u16)> = item
        .origin
        .map(|at| (place(at), NEVER))
        .into_iter()
        .collect();
    let (mut settled, mut history) = (Vec::new(), Vec::new());
    for adoption in &item.adoptions {
        let (time, until, at) = (steps(adoption.time), ends(adoption), place(adoption.place));
        if time >= from {
            if time <= last {
                history.push((time as u16, at, month(until)));
            }
        } else if until < from {
            settled.push(at);
        } else {
            first.push((at, month(until)));
        }
    }
    first.sort_unstable();
    settled.sort_unstable();
    history.sort_unstable();
    let only = match (first.as_slice(), settled.as_slice()) {
        ([(place, _)], []) => Some(*place),
        _ => None,
    };
    Given {
        id: item.id.clone(),
        hash: id_hash(&item.id),
        domain: item.domain as u32,
        quality: item.quality,
        origin: item.origin.map(place).or(only),
        begin: if from < months { from as u16 } else { NEVER },
        last: (from <= last).then_some(last as u16),
        first,
        settled,
        history,
    }
}
