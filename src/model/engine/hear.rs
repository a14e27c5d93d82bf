//! Adoptions reach those who listen to the adopters.

use rayon::prelude::*;

use crate::model::hazard::Hazard;
use crate::model::id::InnovationId;
use crate::world::{NEVER, World};

use super::fetch::fetch_run;
use super::row::{Carried, PairsMut, Row};
use super::trend::MonthEnd;
use super::weight::Weights;
use super::{Engine, parts};

/// Adopters of one innovation that are worth dividing their audiences over the threads.
const MANY: usize = 1 << 9;

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
    fn audience(self, d: usize, j: usize) -> (&'a [u32], Carried<'a>) {
        let slots = self.world.network.audience(j);
        let carried = match self.world.alike[d] {
            Some(ticks) => Carried::Alike(ticks),
            None => Carried::Each(&self.weights.domain(d)[slots.clone()]),
        };
        (&self.world.network.heard_by[slots], carried)
    }

    /// Has it fetched.
    #[inline(always)]
    fn fetch(self, d: usize, j: usize) {
        let slots = self.world.network.audience(j);
        fetch_run(&self.world.network.heard_by, slots.clone());
        if self.world.alike[d].is_none() {
            self.weights.fetch(d, slots);
        }
    }
}

impl Engine {
    /// Adds places to the exposures to what they took up, or takes them out (`SIGN` −1).
    pub(super) fn hear<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        weights: &Weights<'_>,
        list: &[(InnovationId, u32)],
        end: &MonthEnd<'_>,
    ) {
        let world = hazard.world;
        let links = Links { world, weights };
        if parts(world) == 1 {
            return self.hear_in_turn::<SIGN>(hazard, links, list, end);
        }
        for of_one in list.chunk_by(|one, next| one.0 == next.0) {
            let k = of_one[0].0.index();
            match &self.rows[k] {
                Some(row) if of_one.len() >= MANY && row.is_linear() => {
                    let parts = self.pairs.of_mut(k).parts(parts(world)).into_par_iter();
                    let part = |part| hear_part::<SIGN>(row, part, hazard, links, of_one, end);
                    let due = parts.map(part).reduce(|| NEVER, u16::min);
                    self.first_due[k] = due.min(self.first_due[k]);
                }
                _ => self.hear_in_turn::<SIGN>(hazard, links, of_one, end),
            }
        }
    }

    fn hear_in_turn<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        links: Links<'_>,
        list: &[(InnovationId, u32)],
        end: &MonthEnd<'_>,
    ) {
        let Self {
            rows,
            pairs,
            first_due,
            ..
        } = self;
        for (n, &(k, i)) in list.iter().enumerate() {
            if let Some(&(k, i)) = list.get(n + ROWS_AHEAD)
                && let Some(row) = &rows[k.index()]
            {
                if k != list[n + ROWS_AHEAD - 1].0 {
                    pairs.fetch_first(k.index());
                }
                links.fetch(row.domain as usize, i as usize);
            }
            if let Some(&(k, i)) = list.get(n + PAIRS_AHEAD) {
                let network = &links.world.network;
                let audience = network.audience(i as usize);
                pairs.fetch_all(k.index(), &network.heard_by[audience]);
            }
            if let Some(row) = &rows[k.index()] {
                let (listeners, carried) = links.audience(row.domain as usize, i as usize);
                let mut at = pairs.of_mut(k.index());
                let due = row.hear::<SIGN>(&mut at, hazard, listeners, carried, end);
                let first = &mut first_due[k.index()];
                *first = due.min(*first);
            }
        }
    }
}

/// Lets those listeners hear who are in a part of a row.
fn hear_part<const SIGN: i64>(
    row: &Row,
    mut part: PairsMut<'_>,
    hazard: &Hazard<'_>,
    links: Links<'_>,
    adopters: &[(InnovationId, u32)],
    end: &MonthEnd<'_>,
) -> u16 {
    let (d, places) = (row.domain as usize, part.places());
    let mut due = NEVER;
    for (n, &(_, j)) in adopters.iter().enumerate() {
        if let Some(&(_, j)) = adopters.get(n + ROWS_AHEAD) {
            links.fetch(d, j as usize);
        }
        let (listeners, carried) = links.audience(d, j as usize);
        // They are in order.
        let before = |bound: usize| listeners.partition_point(|i| (*i as usize) < bound);
        let own = before(places.start)..before(places.end);
        let carried = match carried {
            Carried::Each(ticks) => Carried::Each(&ticks[own.clone()]),
            alike => alike,
        };
        let first = row.hear::<SIGN>(&mut part, hazard, &listeners[own], carried, end);
        due = first.min(due);
    }
    due
}
