//! Adoptions reach those who listen to the adopters.

use std::iter::zip;

use rayon::prelude::*;

use crate::model::hazard::Hazard;
use crate::world::{InnovationId, NEVER, PlaceId, World};

use super::fetch::fetch_run;
use super::row::{BLOCK, CHUNK, Carried};
use super::trend::MonthEnd;
use super::weight::Weights;
use super::{Engine, is_divided};

/// Adopters of one innovation that are worth sorting what they tell.
const MANY: usize = 1 << 9;

/// Listeners that are told at a time, more by one audience: bounds the memory of boxes.
const AT_A_TIME: usize = 1 << 21;

/// How many adopters ahead their rows are fetched, and the pairs of their audiences.
const ROWS_AHEAD: usize = 8;
const PAIRS_AHEAD: usize = 3;

/// What links carry at the end of a month.
#[derive(Clone, Copy)]
struct Links<'a> {
    world: &'a World,
    weights: &'a Weights<'a>,
}

impl<'a> Links<'a> {
    /// Who listens to place `j`, and what they hear of what it has of domain `d`.
    #[inline(always)]
    fn audience(self, d: usize, j: PlaceId) -> (&'a [PlaceId], Carried<'a>) {
        let slots = self.world.network.audience(j);
        let carried = match self.world.alike[d] {
            Some(ticks) => Carried::Alike(ticks),
            None => Carried::Each(&self.weights.domain(d)[slots.clone()]),
        };
        (&self.world.network.heard_by[slots], carried)
    }

    /// Has it fetched.
    #[inline(always)]
    fn fetch(self, d: usize, j: PlaceId) {
        let slots = self.world.network.audience(j);
        fetch_run(&self.world.network.heard_by, slots.clone());
        if self.world.alike[d].is_none() {
            self.weights.fetch(d, slots);
        }
    }
}

/// What is told to the places of each [`BLOCK`].
#[derive(Debug, Default)]
pub struct Boxes {
    /// The listeners, counted from the first place of the block.
    listeners: Vec<Vec<u16>>,
    /// What each hears, in ticks; empty where all hear the same.
    ticks: Vec<Vec<i64>>,
}

impl Boxes {
    /// Sorts what is told by adopters of an innovation of domain `d`.
    fn fill(&mut self, links: Links<'_>, d: usize, adopters: &[(InnovationId, PlaceId)]) {
        let blocks = links.world.places.len().div_ceil(BLOCK);
        self.listeners.resize_with(blocks, Vec::new);
        self.ticks.resize_with(blocks, Vec::new);
        self.listeners.iter_mut().for_each(Vec::clear);
        self.ticks.iter_mut().for_each(Vec::clear);
        for (n, (_, j)) in adopters.iter().enumerate() {
            if let Some((_, j)) = adopters.get(n + ROWS_AHEAD) {
                links.fetch(d, *j);
            }
            let (listeners, carried) = links.audience(d, *j);
            for i in listeners {
                self.listeners[i.index() / BLOCK].push((i.index() % BLOCK) as u16);
            }
            if let Carried::Each(ticks) = carried {
                for (i, ticks) in zip(listeners, ticks) {
                    self.ticks[i.index() / BLOCK].push(*ticks);
                }
            }
        }
    }

    /// What is told to block `b`.
    fn told(&self, alike: Option<i64>, b: usize) -> (&[u16], Carried<'_>) {
        let carried = alike.map_or(Carried::Each(&self.ticks[b]), Carried::Alike);
        (&self.listeners[b], carried)
    }
}

impl Engine {
    /// Adds places to the exposures to what they took up, or takes them out (`SIGN` −1).
    pub(super) fn hear<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        weights: &Weights<'_>,
        list: &[(InnovationId, PlaceId)],
        end: &MonthEnd,
    ) {
        let world = hazard.world;
        let links = Links { world, weights };
        if !is_divided(world) {
            return self.hear_in_turn::<SIGN>(hazard, links, list, end);
        }
        for of_one in list.chunk_by(|one, next| one.0 == next.0) {
            if of_one.len() < MANY {
                self.hear_in_turn::<SIGN>(hazard, links, of_one, end);
            } else {
                self.hear_sorted::<SIGN>(hazard, links, of_one, end);
            }
        }
    }

    /// The same for many adopters of one innovation: what they tell is sorted by blocks of places first, so that what is
    /// written to stays in the cache. Sums are exact, so the order does not matter.
    fn hear_sorted<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        links: Links<'_>,
        mut list: &[(InnovationId, PlaceId)],
        end: &MonthEnd,
    ) {
        let k = list[0].0;
        let Some(row) = &self.rows[k] else { return };
        let (d, threads) = (row.domain as usize, rayon::current_num_threads());
        self.boxes.resize_with(threads, Boxes::default);
        while !list.is_empty() {
            let mut told = 0;
            let mut more = |(_, j): &(InnovationId, PlaceId)| {
                let before = told;
                told += links.world.network.audience(*j).len();
                before < AT_A_TIME
            };
            let now = list.iter().take_while(|adopter| more(adopter)).count();
            let (now, later) = list.split_at(now);
            list = later;
            let share = |n: usize| now.len() * n / threads;
            let boxes = self.boxes.par_iter_mut().enumerate();
            boxes.for_each(|(n, boxes)| boxes.fill(links, d, &now[share(n)..share(n + 1)]));
            let (boxes, alike) = (&self.boxes, links.world.alike[d]);
            let parts = self.pairs.of_mut(k).parts().enumerate();
            let due = parts.map(|(b, mut part)| {
                let told = boxes.iter().map(|boxes| boxes.listeners[b].len()).sum();
                part.fetch_if_many(told);
                let hear = |boxes: &Boxes| {
                    let (listeners, carried) = boxes.told(alike, b);
                    part.fetch_each(&listeners[..listeners.len().min(CHUNK)]);
                    row.hear::<SIGN>(&mut part, hazard, listeners, carried, end)
                };
                boxes.iter().map(hear).fold(NEVER, u16::min)
            });
            let due = due.reduce(|| NEVER, u16::min);
            self.first_due[k] = due.min(self.first_due[k]);
        }
    }

    fn hear_in_turn<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        links: Links<'_>,
        list: &[(InnovationId, PlaceId)],
        end: &MonthEnd,
    ) {
        let Self {
            rows,
            pairs,
            first_due,
            ..
        } = self;
        for (n, &(k, i)) in list.iter().enumerate() {
            if let Some(&(k, i)) = list.get(n + ROWS_AHEAD)
                && let Some(row) = &rows[k]
            {
                if k != list[n + ROWS_AHEAD - 1].0 {
                    pairs.fetch_first(k);
                }
                links.fetch(row.domain as usize, i);
            }
            if let Some(&(k, i)) = list.get(n + PAIRS_AHEAD) {
                let network = &links.world.network;
                let audience = network.audience(i);
                pairs.fetch_all(k, &network.heard_by[audience]);
            }
            if let Some(row) = &rows[k] {
                let (listeners, carried) = links.audience(row.domain as usize, i);
                let mut at = pairs.of_mut(k);
                let due = row.hear::<SIGN>(&mut at, hazard, listeners, carried, end);
                let first = &mut first_due[k];
                *first = due.min(*first);
            }
        }
    }
}
