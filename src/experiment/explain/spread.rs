//! How the difference between two worlds spreads, month by month.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::world::{NEVER, PlaceId};

use super::chain::{Pair, first};
use super::names::Item;
use super::parting::{Event, Happening};

/// What newly differs in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Adoptions of the month in A, origins not counted, that B has later or never.
    pub earlier_a: u32,
    /// Adoptions of the month in B, origins not counted, that A has later or never.
    pub earlier_b: u32,
    /// Innovations implemented in other months, that part in this month.
    pub implemented: u32,
    /// Events of lines, circles, axes and the plane that only one world has in this month.
    pub structures: u32,
    /// Replications by provinces and the centre that only one world has in this month.
    pub replications: u32,
    /// Places whose first differing adoption or implementation is in this month.
    pub places: u32,
    /// Adoptions so far in B less those in A.
    pub lead_b: i64,
}

/// Where a place first differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The month in which the worlds part there.
    pub month: u16,
    /// The place.
    pub place: PlaceId,
    /// The innovation.
    pub item: Item,
    /// Its months in both worlds.
    pub months: [u16; 2],
}

/// Counts by month, for the months with an event that only one world has; and where each place first differs, in order.
pub fn spread(pair: &Pair<'_>, only: &[(Event, usize)]) -> (BTreeMap<u16, Spread>, Vec<Reached>) {
    let mut months: BTreeMap<u16, Spread> = BTreeMap::new();
    let mut reached: BTreeMap<PlaceId, Reached> = BTreeMap::new();
    let mut lead: BTreeMap<u16, i64> = BTreeMap::new();
    for &(event, side) in only {
        let row = months.entry(event.month).or_default();
        let (item, place) = match event.what {
            Happening::Implemented(item) => match item.origin {
                Some(origin) => (item, origin),
                None => continue,
            },
            Happening::Adopted(item, place) => (item, place),
            Happening::Abandoned(..) => continue,
            Happening::Provincial(_) | Happening::National(_) => {
                row.replications += 1;
                continue;
            }
            _ => {
                row.structures += 1;
                continue;
            }
        };
        let origin = matches!(event.what, Happening::Implemented(_));
        if !origin {
            *lead.entry(event.month).or_insert(0) += if side == 0 { -1 } else { 1 };
        }
        let taken = [0, 1].map(|n: usize| {
            let fate = pair.records[n].items.get(&item);
            fate.map_or(NEVER, |f| f.adopted(place))
        });
        if first(taken) != Some(side) {
            continue;
        }
        match (origin, side) {
            (true, _) => row.implemented += 1,
            (false, 0) => row.earlier_a += 1,
            (false, _) => row.earlier_b += 1,
        }
        // Events come by month, so the first one seen is the first.
        if let std::collections::btree_map::Entry::Vacant(entry) = reached.entry(place) {
            row.places += 1;
            entry.insert(Reached {
                month: event.month,
                place,
                item,
                months: taken,
            });
        }
    }
    let mut sum = 0;
    for (month, row) in &mut months {
        sum += lead.get(month).copied().unwrap_or(0);
        row.lead_b = sum;
    }
    let mut reached: Vec<Reached> = reached.into_values().collect();
    reached.sort_by_key(|r| (r.month, r.item, r.place));
    (months, reached)
}
