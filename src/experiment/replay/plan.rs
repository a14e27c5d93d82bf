//! What a request for a replay comes to: layouts that are loaded, and a history that can happen.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::experiment::compare::{Side, refused};
use crate::experiment::observe::no_memory;
use crate::experiment::request::Replay;
use crate::model::{Course, Ranges, Silent, run_as};
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, layout_files, load};
use crate::texts::{Text, text};
use crate::world::memory::Recorded;
use crate::world::{Given, PlaceId, World};

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// The request.
    pub request: Replay,
    /// What is replayed.
    pub replayed: Arc<Replayed>,
    /// Replicates.
    pub replicates: u32,
    /// Warnings about layouts and their graphs, each once.
    pub warnings: Vec<Problem>,
}

/// A history and layouts.
#[derive(Debug)]
pub struct Replayed {
    /// The layouts: the factual one first, and then those that are asked for.
    pub sides: Vec<Side>,
    /// What the history says of thresholds, where it says the same in all replicates.
    pub ranges: Option<Ranges>,
}

impl Replayed {
    /// The world in which the history happened.
    pub fn factual(&self) -> &World {
        &self.sides[0].world
    }

    /// The seed of all replicates.
    pub fn seed(&self) -> u64 {
        self.sides[0].loaded.scenario.seed
    }

    /// What the history says of thresholds in a replicate.
    ///
    /// # Errors
    /// No memory for it.
    pub fn ranges(&self, replicate: u32) -> Result<Ranges, crate::model::OutOfMemory> {
        match &self.ranges {
            Some(ranges) => Ok(ranges.clone()),
            None => ranges(self.factual(), self.seed(), replicate),
        }
    }
}

/// What the history of a world says of thresholds in a replicate.
fn ranges(world: &World, seed: u64, replicate: u32) -> Result<Ranges, crate::model::OutOfMemory> {
    let course = Course::Told(Ranges::new(world));
    Ok(match run_as(world, seed, replicate, course, &mut Silent)? {
        Course::Told(ranges) => ranges,
        Course::Drawn | Course::Conditioned(_) => Ranges::new(world),
    })
}

/// The first adoption of the history of a world that cannot happen, in words.
pub(super) fn impossible(world: &World, told: &Ranges) -> Option<Text> {
    let (month, g, place) = told.impossible?;
    let (item, place) = (&world.given[g].id, &world.places.id[place]);
    let period = world.calendar.name(month);
    Some(text!("replay-impossible", item, place, period))
}

/// Loads and checks everything, and tells the history once.
///
/// # Errors
/// All that is wrong with the request, the scenario or any layout; a scenario without a history; the first adoption of it
/// that cannot happen.
pub fn plan(request: Replay, threads: u32) -> Result<Plan, Problems> {
    let mut report = Report::default();
    let loaded = layouts(&request, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let (mut sides, mut warnings): (Vec<Side>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (name, loaded) in loaded {
        match Side::build(name, loaded, threads, Recorded::default(), &mut warnings) {
            Ok(side) => sides.push(side),
            Err(problems) => report.add(problems),
        }
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    same_items(&sides, &mut report);
    let factual = &sides[0];
    let seed = factual.loaded.scenario.seed;
    let told = match ranges(&factual.world, seed, 0) {
        Ok(told) => told,
        Err(error) => {
            let problem = factual.loaded.error("layers", no_memory(error)).room();
            return Err(problem.into());
        }
    };
    if let Some(what) = impossible(&factual.world, &told) {
        report.push(factual.loaded.error("history", what));
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    // Without arrivals of zones and without firms nothing of it depends on the replicate.
    let arrivals = |world: &World| world.zones.iter().any(|zone| !zone.tasks.is_empty());
    let drawn = |side: &Side| arrivals(&side.world) || side.world.firms.is_some();
    let replicates = factual.loaded.scenario.replicates;
    Ok(Plan {
        replicates: request.replicates.unwrap_or(replicates),
        replayed: Arc::new(Replayed {
            ranges: (!drawn(factual)).then_some(told),
            sides,
        }),
        request,
        warnings,
    })
}

/// The layouts, the factual one first, each once.
fn layouts(request: &Replay, report: &mut Report) -> Vec<(String, Loaded)> {
    let sets = request.model.sets();
    let mut list: Vec<(String, Loaded)> = Vec::new();
    for word in std::iter::once(&request.factual).chain(&request.layouts) {
        let files = layout_files(&request.model.scenario, word);
        match load(&request.model.scenario, &files, &sets) {
            Ok(loaded) => {
                let name = loaded.layout_name().to_owned();
                if !list.iter().any(|(other, _)| *other == name) {
                    list.push((name, loaded));
                }
            }
            // What is wrong with the scenario itself is told once.
            Err(problems) if list.is_empty() => {
                report.add(problems);
                return list;
            }
            Err(problems) => report.add(problems),
        }
    }
    let Some(((base, factual), others)) = list.split_first() else {
        return list;
    };
    if factual.scenario.history.is_none() {
        report.push(factual.error("history", text!("no-history")));
    }
    let others: Vec<(&str, &Loaded)> = others.iter().map(|(n, l)| (n.as_str(), l)).collect();
    if let Err(problems) = refused((base, factual), &others) {
        report.add(problems);
    }
    list
}

/// Says which layouts change the history itself.
fn same_items(sides: &[Side], report: &mut Report) {
    let Some((factual, others)) = sides.split_first() else {
        return;
    };
    let of = |side: &Side| -> Vec<_> {
        let items = side.world.given.iter();
        items.map(|item| data(&side.world, item)).collect()
    };
    for side in others {
        if of(side) != of(factual) || side.loaded.scenario.step != factual.loaded.scenario.step {
            let what = text!("replay-other-history", layout = side.name);
            report.push(side.loaded.error("history", what));
        }
    }
}

/// What of an item is data, with places by their ids.
fn data(world: &World, item: &Given) -> impl PartialEq + use<> {
    let id = |place: &PlaceId| world.places.id[*place].clone();
    let first = item.first.iter().map(|(place, until)| (id(place), *until));
    let settled = item.settled.iter().map(id);
    let history = item.history.iter();
    let history = history.map(|(month, place, until)| (*month, id(place), *until));
    (
        (item.id.clone(), item.domain, item.quality.to_bits()),
        (item.begin, item.last, item.origin.as_ref().map(id)),
        first.collect::<BTreeSet<_>>(),
        settled.collect::<BTreeSet<_>>(),
        history.collect::<BTreeSet<_>>(),
    )
}
