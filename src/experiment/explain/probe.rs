//! Runs a world again and writes down, month by month, what made up the exposure of chosen places
//! to chosen innovations, and the credit that flowed between two places.

use std::collections::BTreeMap;

use crate::model::engine::fixed::EXPOSURE;
use crate::model::firm::FirmState;
use crate::model::hazard::Hazard;
use crate::model::{self, Listener, OutOfMemory, State};
use crate::world::{LinkId, NEVER, PlaceId, World};

use super::names::{Item, Mechanism, Names};
use super::record::{Luck, Record};

/// A number over time: from each month on, until the next entry; 0 before the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps(Vec<(u16, f64)>);

impl Steps {
    /// Its value in a month.
    pub fn at(&self, month: u16) -> f64 {
        let after = self.0.partition_point(|(t, _)| *t <= month);
        after.checked_sub(1).map_or(0.0, |n| self.0[n].1)
    }

    fn set(&mut self, month: u16, value: f64) {
        self.0.push((month, value));
    }
}

/// What the hazard h_ik of a place was made of, by the month in which it acted, until the place
/// adopted.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// W_ij · R_j by source that had the innovation and part of W_ij.
    pub parts: BTreeMap<(PlaceId, Mechanism), Steps>,
    /// First month in which the hazard counts: after the implementation and the place's opening.
    pub begins: u16,
    /// First month in which the place's province had replicated it.
    pub provincial: u16,
    /// First month in which the centre had replicated it.
    pub national: u16,
    last: Vec<((PlaceId, Mechanism), f64)>,
    ended: bool,
}

impl Default for Track {
    fn default() -> Self {
        Self {
            parts: BTreeMap::new(),
            begins: NEVER,
            provincial: NEVER,
            national: NEVER,
            last: Vec::new(),
            ended: false,
        }
    }
}

impl Track {
    fn put(&mut self, month: u16, now: Vec<((PlaceId, Mechanism), f64)>) {
        if now == self.last {
            return;
        }
        let value = |list: &[((PlaceId, Mechanism), f64)], key| {
            let at = list.binary_search_by_key(&key, |(known, _)| *known);
            at.map_or(0.0, |n| list[n].1)
        };
        for &(key, y) in &now {
            if value(&self.last, key) != y {
                self.parts.entry(key).or_default().set(month, y);
            }
        }
        for &(key, _) in &self.last {
            if value(&now, key) == 0.0 {
                self.parts.entry(key).or_default().set(month, 0.0);
            }
        }
        self.last = now;
    }
}

/// Credit of one adoption to one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Credit {
    /// What was adopted.
    pub item: Item,
    /// Who adopted.
    pub listener: PlaceId,
    /// Who got the credit.
    pub source: PlaceId,
    /// When.
    pub month: u16,
    /// How much, of 1.
    pub credit: f64,
    /// W_ij · R_j by part.
    pub parts: Vec<(Mechanism, f64)>,
}

/// What a run is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Places by innovation.
    pub pairs: BTreeMap<Item, Vec<PlaceId>>,
    /// Two places whose line is asked for.
    pub line: Option<(PlaceId, PlaceId)>,
    /// A region, domain and month: which of its firms' partners have taken up by its end.
    pub told: Option<(PlaceId, u32, u16)>,
}

/// What it answers.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// A track for each pair asked for.
    pub tracks: BTreeMap<(Item, PlaceId), Track>,
    /// Credits between the two places, by month.
    pub credits: Vec<Credit>,
    /// Of all links of the firms of the region asked for, the share whose partner is at each place and took
    /// the domain up.
    pub told: Vec<f64>,
}

/// Runs a replicate of a world and answers.
///
/// # Errors
/// No memory for the replicate.
pub fn probe(
    world: &World,
    side: usize,
    names: &Names,
    record: &Record,
    luck: &Luck,
    wanted: &Wanted,
) -> Result<Answer, OutOfMemory> {
    let mut answer = Answer::default();
    for (&item, places) in &wanted.pairs {
        for &i in places {
            answer.tracks.insert((item, i), Track::default());
        }
    }
    let mut line = BTreeMap::new();
    for (i, j) in wanted.line.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
        for (&item, fate) in &record.items {
            let month = fate.adopted(i);
            if month != NEVER && !fate.first.contains(&i) {
                line.entry(month)
                    .or_insert_with(Vec::new)
                    .push((item, i, j));
            }
        }
    }
    let mut listener = Probe {
        side,
        names,
        record,
        line,
        told: wanted.told,
        answer,
    };
    let course = luck.course(side);
    model::run_as(world, luck.seed, luck.replicate, course, &mut listener)?;
    Ok(listener.answer)
}

struct Probe<'a> {
    side: usize,
    names: &'a Names,
    record: &'a Record,
    /// (innovation, listener, source) of the adoptions asked for, by month.
    line: BTreeMap<u16, Vec<(Item, PlaceId, PlaceId)>>,
    told: Option<(PlaceId, u32, u16)>,
    answer: Answer,
}

impl Probe<'_> {
    /// Adds W_ij · R_j of link `e` by part; the parts of a link share its rounded weight in
    /// proportion, as they share its credit.
    fn link(&self, state: &State<'_>, e: LinkId, d: usize, mut add: impl FnMut(Mechanism, f64)) {
        let world = state.world;
        let ticks = state.weights.domain(d)[world.network.slot[e] as usize];
        if ticks == 0 {
            return;
        }
        let (w, s, m) = (&state.weights, &state.structures, &state.mechanisms);
        let mut sum = 0.0;
        let link = w.tied(world, s, m, e);
        w.parts(&link, d, |_, part| sum += part);
        let unit = ticks as f64 / EXPOSURE / sum;
        w.parts(&link, d, |number, part| {
            if part > 0.0 {
                add(self.names.mechanism(self.side, number), part * unit);
            }
        });
    }
}

impl Probe<'_> {
    /// What is heard in month `next`, as the state before it says.
    fn heard(&mut self, world: &World, state: &State<'_>, next: u16) {
        let mut tracks = std::mem::take(&mut self.answer.tracks);
        for (&(item, place), track) in &mut tracks {
            let Some(fate) = self.record.items.get(&item) else {
                continue;
            };
            let Some(row) = state.engine.row(fate.id) else {
                continue;
            };
            if track.ended || !world.places.takes_part(place, next) {
                continue;
            }
            if fate.adopted(place) < next {
                track.ended = true;
                continue;
            }
            track.begins = track.begins.min(next);
            let here = item.is_at_home(world, place);
            let replicated = row.replicated.at(here);
            if replicated.provincial {
                track.provincial = track.provincial.min(next);
            }
            if replicated.national {
                track.national = track.national.min(next);
            }
            let mut now: Vec<((PlaceId, Mechanism), f64)> = Vec::new();
            for e in LinkId::each(world.network.row(place)) {
                let j = world.network.source[e];
                if row.has(j) {
                    self.link(state, e, fate.domain as usize, |mechanism, y| {
                        add(&mut now, (j, mechanism), y);
                    });
                }
            }
            now.sort_by_key(|(key, _)| *key);
            track.put(next, now);
        }
        self.answer.tracks = tracks;
    }
}

impl Listener for Probe<'_> {
    fn before(&mut self, world: &World, state: &State<'_>) {
        self.heard(world, state, 0);
    }

    /// The state at the end of a month makes the hazards of the next one.
    fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
        let next = month + 1;
        self.heard(world, state, next);
        let mut answer = std::mem::take(&mut self.answer);
        for &(item, listener, source) in self.line.get(&next).into_iter().flatten() {
            if let Some(credit) = self.credit(state, item, listener, source, next) {
                answer.credits.push(credit);
            }
        }
        if let (Some((region, domain, at)), Some(firms)) = (self.told, &state.firms)
            && at == month
        {
            answer.told = told(firms, region, domain as usize);
        }
        self.answer = answer;
    }
}

/// Shares of the links of the firms at `region` whose partner, at each place, took `domain` up.
fn told(state: &FirmState<'_>, region: PlaceId, domain: usize) -> Vec<f64> {
    let firms = state.firms;
    let place = |f: usize| firms.cells.place[firms.cell_of(f)];
    let mut links = vec![0u64; firms.seat.len()];
    for f in (0..firms.len()).filter(|&f| state.has(domain, f)) {
        let own = firms.audience(f).iter();
        let own = own.filter(|listener| place(**listener as usize) == region);
        links[place(f)] += own.count() as u64;
    }
    let all = firms.place_links[region].max(1) as f64;
    links.into_iter().map(|n| n as f64 / all).collect()
}

impl Probe<'_> {
    /// The credit that the adoption of `item` by `listener` in `month` gives to `source` (model §7.3).
    fn credit(
        &self,
        state: &State<'_>,
        item: Item,
        listener: PlaceId,
        source: PlaceId,
        month: u16,
    ) -> Option<Credit> {
        let world = state.world;
        let fate = self.record.items.get(&item)?;
        let row = state.engine.row(fate.id)?;
        let e = world.network.link(listener, source)?;
        let exposure = state.engine.exposure(world, fate.id, listener);
        if !row.has(source) || exposure == 0 {
            return None;
        }
        let x = exposure as f64 * (fate.quality / EXPOSURE);
        let here = item.is_at_home(world, listener);
        let hazard = Hazard::new(world, &state.demand).alone(&state.alone);
        let terms = hazard.terms(fate.domain as usize, listener, x, row.replicated.at(here));
        let mut parts = Vec::new();
        self.link(state, e, fate.domain as usize, |mechanism, y| {
            add(&mut parts, mechanism, y);
        });
        let heard: f64 = parts.iter().map(|(_, y)| y).sum();
        let credit = terms.exposure / terms.total() * heard / (exposure as f64 / EXPOSURE);
        (credit > 0.0).then_some(Credit {
            item,
            listener,
            source,
            month,
            credit,
            parts,
        })
    }
}

/// Adds to the last entry when it has the same key (the parts of a link come by mechanism).
fn add<K: PartialEq>(list: &mut Vec<(K, f64)>, key: K, value: f64) {
    match list.iter_mut().rev().find(|(known, _)| *known == key) {
        Some((_, sum)) => *sum += value,
        None => list.push((key, value)),
    }
}
