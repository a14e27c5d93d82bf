//! What a request for a replay comes to: layouts that are loaded, and a history that can happen.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::experiment::compare::{Side, refused};
use crate::experiment::request::{OF_DRAW, Replay};
use crate::experiment::sweep::Drawn;
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, layout_files, load};
use crate::texts::{Text, text};
use crate::world::memory::Recorded;
use crate::world::{Given, PlaceId, World};

use super::draws::Draws;
use super::history::{Replayed, impossible, told};

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The request.
    pub request: Replay,
    /// What is replayed.
    pub replayed: Arc<Replayed>,
    /// Draws of the parameters, if they are drawn.
    pub draws: Option<Arc<Draws>>,
    /// Replicates; of draws the runs of all of them.
    pub replicates: u32,
    /// Warnings about layouts and their graphs, each once.
    pub warnings: Vec<Problem>,
}

impl Plan {
    /// What is replayed in a run, and its replicate: at the parameters of the scenario, or of the draw of the run.
    ///
    /// # Errors
    /// Why there is no world at the draw.
    pub fn of_run(&self, run: u32) -> Result<(Arc<Replayed>, Option<usize>, u32), Text> {
        match &self.draws {
            None => Ok((Arc::clone(&self.replayed), None, run)),
            Some(draws) => {
                let (draw, replicate) = draws.drawn.run(run);
                Ok((self.at(Some(draw))?, Some(draw), replicate))
            }
        }
    }

    /// What is replayed at a draw of the parameters, or at those of the scenario.
    ///
    /// # Errors
    /// Why there is no world at the draw.
    pub fn at(&self, draw: Option<usize>) -> Result<Arc<Replayed>, Text> {
        match (&self.draws, draw) {
            (Some(draws), Some(draw)) => draws.at(draw, &self.replayed, &self.request),
            _ => Ok(Arc::clone(&self.replayed)),
        }
    }
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
    let drawn = match &request.posterior {
        Some(table) => {
            let sides = loaded.iter().map(|of| (of.name.as_str(), &of.loaded));
            let each = request.replicates.unwrap_or(OF_DRAW);
            let sides: Vec<_> = sides.collect();
            Some(Drawn::read(table, request.draws, each, &sides)?)
        }
        None => None,
    };
    let (mut sides, mut warnings): (Vec<Side>, Vec<Problem>) = (Vec::new(), Vec::new());
    let mut all_files = Vec::new();
    for Layout {
        name,
        files,
        loaded,
    } in loaded
    {
        all_files.push(files);
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
    let told = match told(factual) {
        Ok(told) => told,
        Err(error) => return Err(factual.loaded.error("layers", error).room().into()),
    };
    // At draws it may be possible.
    if let Some(what) = impossible(&factual.world, &told).filter(|_| drawn.is_none()) {
        report.push(factual.loaded.error("history", what));
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    // Without arrivals of zones and without firms nothing of it depends on the replicate.
    let arrivals = |world: &World| world.zones.iter().any(|zone| !zone.tasks.is_empty());
    let random = |side: &Side| arrivals(&side.world) || side.world.firms.is_some();
    let replicates = factual.loaded.scenario.replicates;
    Ok(Plan {
        replicates: match &drawn {
            Some(drawn) => drawn.runs(),
            None => request.replicates.unwrap_or(replicates),
        },
        draws: drawn.map(|drawn| Arc::new(Draws::new(drawn))),
        replayed: Arc::new(Replayed {
            ranges: (!random(factual)).then_some(told),
            sides,
            files: all_files,
        }),
        request,
        warnings,
    })
}

/// A layout as it is loaded.
struct Layout {
    name: String,
    files: Vec<PathBuf>,
    loaded: Loaded,
}

/// The layouts, the factual one first, each once.
fn layouts(request: &Replay, report: &mut Report) -> Vec<Layout> {
    let sets = request.model.sets();
    let mut list: Vec<Layout> = Vec::new();
    for word in std::iter::once(&request.factual).chain(&request.layouts) {
        let files = layout_files(&request.model.scenario, word);
        match load(&request.model.scenario, &files, &sets) {
            Ok(loaded) => {
                let name = loaded.layout_name().to_owned();
                if !list.iter().any(|other| other.name == name) {
                    list.push(Layout {
                        name,
                        files,
                        loaded,
                    });
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
    let Some((factual, others)) = list.split_first() else {
        return list;
    };
    if factual.loaded.scenario.history.is_none() {
        report.push(factual.loaded.error("history", text!("no-history")));
    }
    let others = others.iter().map(|of| (of.name.as_str(), &of.loaded));
    let others: Vec<(&str, &Loaded)> = others.collect();
    if let Err(problems) = refused((&factual.name, &factual.loaded), &others) {
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
