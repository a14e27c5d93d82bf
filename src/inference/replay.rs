//! One item's history, replayed: each place at risk in stretches of periods in which its exposures are the same.
//!
//! Everybody reads the state at the end of the period before. A source that adopts in period t is heard from t + 1 on,
//! and until, and with, its `until`. Where what links carry changes in time, sources are heard through the links of the
//! period.

use super::exposure::Exposures;

/// A period that never comes.
const NEVER: i32 = i32::MAX;

/// An item between the places of a world.
#[derive(Clone, Debug)]
pub struct ItemHistory {
    /// Its domain.
    pub domain: usize,
    /// q_k.
    pub quality: f64,
    /// First period in which places are at risk, and last.
    pub risk: [i32; 2],
    /// Who had it from the beginning.
    pub origin: Option<usize>,
    /// Place, period, and period with which it ends to be a source, in order of time.
    pub adoptions: Vec<(usize, i32, Option<i32>)>,
}

/// Periods `from` to `to` in which a place at risk has the same exposures; in the last one it may adopt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// The place.
    pub place: usize,
    /// First period.
    pub from: i32,
    /// Last one.
    pub to: i32,
    /// Whether it adopts in the last one.
    pub adopts: bool,
    /// Exposures by term, without q_k.
    pub ticks: &'a [i64],
}

/// Room for a replay, kept from item to item.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Exposures, `[place · terms + term]`.
    ticks: Vec<i64>,
    /// First period of the stretch that each place is in; [`NEVER`] for one that is not at risk.
    since: Vec<i32>,
    /// Whether each place is heard; empty where links never change.
    heard: Vec<bool>,
}

/// Replays an item over places that can adopt in the first to the last period of `open`, in order of time. Adoptions of
/// others are not told.
pub fn replay(
    exposures: &Exposures,
    item: &ItemHistory,
    open: &[[i32; 2]],
    room: &mut Room,
    mut each: impl FnMut(Stretch<'_>),
) {
    let terms = exposures.terms;
    let [first, last] = item.risk;
    room.ticks.clear();
    room.ticks.resize(open.len() * terms, 0);
    room.since.clear();
    room.since.extend(open.iter().map(|&[from, to]| {
        let since = from.max(first);
        if since <= to.min(last) { since } else { NEVER }
    }));
    room.heard.clear();
    let later = exposures.changes();
    room.heard
        .resize(if later.is_empty() { 0 } else { open.len() }, false);
    // Changes of links before anybody is at risk are there from the beginning.
    let mut changed = later.partition_point(|change| change.from <= first);
    // Changes of what is heard: first period, source, sign.
    let mut changes: Vec<(i32, usize, i64)> = Vec::new();
    changes.extend(item.origin.map(|place| (first, place, 1)));
    for &(place, time, until) in &item.adoptions {
        let end = until.map_or(NEVER, |until| until.saturating_add(1));
        let from = time.saturating_add(1).max(first);
        if from < end {
            changes.push((from, place, 1));
            changes.push((end, place, -1));
        }
        if time < first {
            room.since[place] = NEVER;
        }
    }
    item.origin
        .into_iter()
        .for_each(|place| room.since[place] = NEVER);
    changes.retain(|&(from, ..)| from <= last);
    changes.sort_unstable();
    let events = item
        .adoptions
        .iter()
        .filter(|a| (first..=last).contains(&a.1));
    let mut events = events.map(|&(place, time, _)| (time, place)).peekable();
    let mut changes = changes.into_iter().peekable();
    loop {
        let next = changes.peek().map(|change| change.0);
        let links = later.get(changed).map(|change| change.from);
        let next = next
            .into_iter()
            .chain(events.peek().map(|event| event.0))
            .chain(links.filter(|from| *from <= last))
            .min();
        let Some(now) = next else {
            break;
        };
        let mut hear = |room: &mut Room, listener: usize, sign: i64, carried: &[i64]| {
            let since = room.since[listener];
            let ticks = &mut room.ticks[listener * terms..(listener + 1) * terms];
            if since < now {
                let end = open[listener][1];
                each(Stretch {
                    place: listener,
                    from: since,
                    to: end.min(now - 1),
                    adopts: false,
                    ticks,
                });
                room.since[listener] = if end < now { NEVER } else { now };
            }
            for (ticks, carried) in ticks.iter_mut().zip(carried) {
                *ticks += sign * carried;
            }
        };
        if links == Some(now) {
            for (source, listener, by) in &later[changed].links[item.domain] {
                if room.heard[*source as usize] {
                    hear(room, *listener as usize, 1, by);
                }
            }
            changed += 1;
        }
        while let Some((_, source, sign)) = changes.next_if(|change| change.0 == now) {
            for (listener, carried) in exposures.of(item.domain, source, changed) {
                hear(room, listener, sign, carried);
            }
            if let Some(heard) = room.heard.get_mut(source) {
                *heard = sign > 0;
            }
        }
        while let Some((_, place)) = events.next_if(|event| event.0 == now) {
            // One that cannot adopt now is not at risk.
            if room.since[place] > now || open[place][1] < now {
                continue;
            }
            each(Stretch {
                place,
                from: room.since[place],
                to: now,
                adopts: true,
                ticks: &room.ticks[place * terms..(place + 1) * terms],
            });
            room.since[place] = NEVER;
        }
    }
    for (place, open) in open.iter().enumerate() {
        if room.since[place] <= last.min(open[1]) {
            each(Stretch {
                place,
                from: room.since[place],
                to: last.min(open[1]),
                adopts: false,
                ticks: &room.ticks[place * terms..(place + 1) * terms],
            });
        }
    }
}
