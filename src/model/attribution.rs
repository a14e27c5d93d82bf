//! Attribution: an adoption is worth 1, split over the terms of h_ik in that month; the term β·φ(X) over its
//! sources j and over the parts of W in proportion to their part of X (model §7.3). Over terms and sources it is
//! split in whole ticks ([`super::engine::share`]).

use std::iter::zip;

use prefetch_index::prefetch_index;

use crate::world::mechanism::TERMS;
use crate::world::{InnovationId, LinkId, PlaceId, World};

use super::engine::fetch::fetch_run;
use super::engine::fixed::EXPOSURE;
use super::engine::share::{ADOPTION, adoptions, over_links, over_terms};
use super::event::{Adoption, Listener};
use super::hazard::Hazard;
use super::state::State;

/// Whether adoptions are followed to their sources.
pub(super) fn follows<L: Listener>(world: &World) -> bool {
    L::CREDIT || L::MECHANISMS || world.line.structures
}

/// Room to split credit in, kept from one adoption to the next.
#[derive(Clone, Debug)]
struct Room {
    /// What each link of the row carries now in ticks; 0 where its source does not have the innovation.
    heard: Vec<i64>,
    /// The credit of each link of the row in ticks.
    parts: Vec<i64>,
    /// What remained of it.
    rests: Vec<i64>,
    /// Credit by mechanism; empty where nobody asks for it.
    split: Vec<f64>,
}

impl Room {
    /// For so many mechanisms.
    fn new(mechanisms: usize) -> Self {
        Self {
            heard: Vec::new(),
            parts: Vec::new(),
            rests: Vec::new(),
            split: vec![0.0; mechanisms],
        }
    }
}

/// Splits the credit of the adoptions of month `t`, (innovation, place). Reads the state of the end of the previous month.
pub fn credit<L: Listener>(
    state: &mut State<'_>,
    adoptions: &[(InnovationId, PlaceId)],
    t: u16,
    listener: &mut L,
) {
    let mechanisms = state.mechanisms.len();
    let mut room = Room::new(if L::MECHANISMS { mechanisms } else { 0 });
    let follow = follows::<L>(state.world);
    for (n, &(k, i)) in adoptions.iter().enumerate() {
        if let Some(&(k, _)) = adoptions.get(n + 8) {
            prefetch_index(&state.innovations, k.index());
        }
        if follow && let Some(&(k, i)) = adoptions.get(n + 3) {
            fetch(state, k, i);
        }
        split(state, k, i, t, &mut room, listener);
    }
}

/// Has fetched what [`split`] of `k` and `i` reads.
#[inline(always)]
fn fetch(state: &State<'_>, k: InnovationId, i: PlaceId) {
    state.engine.fetch(k);
    let d = state.innovations[k].domain as usize;
    let links = state.world.network.row(i);
    state.weights.fetch_heard(d, links.clone());
    let from = d * state.world.network.len();
    fetch_run(&state.credit.open, from + links.start..from + links.end);
}

/// Splits the credit of the adoption of innovation `k` by place `i` in month `t`.
fn split<L: Listener>(
    state: &mut State<'_>,
    k: InnovationId,
    i: PlaceId,
    t: u16,
    room: &mut Room,
    listener: &mut L,
) {
    let world = state.world;
    let innovation = &state.innovations[k];
    let Some(row) = state.engine.row(k) else {
        return;
    };
    let d = innovation.domain as usize;
    let follow = follows::<L>(world);
    let Room {
        heard,
        parts,
        rests,
        split,
    } = room;
    if !follow && row.is_heard_only(false) && row.is_heard_only(true) {
        state.credit.month_adoptions += 1;
        state.credit.month_sources += i128::from(ADOPTION);
        let adoption = Adoption {
            innovation: k,
            place: i,
            month: t,
            main_source: None,
            mechanisms: &[],
        };
        return listener.adopted(world, innovation, &adoption);
    }
    let links = world.network.row(i);
    let here = innovation.is_at_home(world, i);
    let heard_only = row.is_heard_only(here);
    let (exposure, main) = if follow {
        // What the links carry adds up to the exposure, exactly.
        let sources = &world.network.source[links.clone()];
        let ticks = state.weights.heard(d, links.clone());
        for room in [&mut *heard, &mut *parts, &mut *rests] {
            room.resize(links.len().max(room.len()), 0);
        }
        row.heard(sources, ticks, heard)
    } else {
        (state.engine.exposure(world, k, i), None)
    };
    debug_assert_eq!(exposure, state.engine.exposure(world, k, i));
    let (to_sources, others) = if heard_only {
        (ADOPTION, [0; TERMS.len()])
    } else {
        let x = exposure as f64 * (innovation.quality / EXPOSURE);
        let hazard = Hazard::new(world, &state.demand).alone(&state.alone);
        over_terms(&hazard.terms(d, i, x, row.replicated.at(here)))
    };
    state.credit.month_adoptions += 1;
    state.credit.month_sources += i128::from(to_sources);
    for ((id, _), ticks) in zip(TERMS, others).filter(|(_, ticks)| *ticks != 0) {
        if let Some(m) = state.mechanisms.number(id) {
            state.credit.year[m] += adoptions(ticks);
            if L::MECHANISMS {
                split[m] = adoptions(ticks);
            }
        }
    }
    if to_sources > 0 && follow {
        let own = ..links.len();
        let parts = &mut parts[own];
        over_links(to_sources, &heard[own], exposure, parts, &mut rests[own]);
        let from = d * world.network.len();
        let open = from + links.start..from + links.end;
        let accounts = [
            state.credit.open.get_mut(open),
            state.structures.lines.credit.get_mut(links.clone()),
        ];
        for account in accounts.into_iter().flatten() {
            for (account, ticks) in account.iter_mut().zip(&*parts) {
                *account += ticks;
            }
        }
        if L::MECHANISMS {
            for (e, &ticks) in LinkId::each(links)
                .zip(&*parts)
                .filter(|(_, ticks)| **ticks != 0)
            {
                let credit = adoptions(ticks);
                let mut sum = 0.0;
                let (w, s, m) = (&state.weights, &state.structures, &state.mechanisms);
                let link = w.tied(world, s, m, e);
                w.parts(&link, d, |_, part| sum += part);
                w.parts(&link, d, |m, part| split[m] += credit * (part / sum));
            }
        }
    }
    listener.adopted(
        world,
        innovation,
        &Adoption {
            innovation: k,
            place: i,
            month: t,
            main_source: main.filter(|_| to_sources > 0),
            mechanisms: if L::MECHANISMS { split } else { &[] },
        },
    );
    if L::MECHANISMS {
        split.fill(0.0);
    }
}
