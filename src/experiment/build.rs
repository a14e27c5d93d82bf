//! From a checked scenario to its world: whether it fits into memory, and what is odd about its graph; and what of it
//! is asked of a results folder.

use std::collections::BTreeSet;

use crate::scenario::problem::{Report, some_of};
use crate::scenario::{Loaded, Problem, Problems};
use crate::store::{Input, LayoutAsked};
use crate::texts::{Text, text};
use crate::world::circles::never_form;
use crate::world::links::{self, BaseLinks};
use crate::world::memory::{self, MemoryEstimate};
use crate::world::{World, ZoneId, graph};

use super::given;

/// Builds the world of a loaded scenario; gives warnings about its graph.
///
/// # Errors
/// A scenario or a history that cannot be simulated, a world that does not fit in memory, or more links than can be counted.
pub fn build(
    loaded: &Loaded,
    threads: u32,
    recorded: memory::Recorded,
) -> Result<(World, Vec<Problem>), Problems> {
    loaded.simulated()?;
    let (base, mut warnings) = base(loaded, threads, recorded)?;
    let world = World::from_links(&loaded.scenario, base);
    given::check(loaded, &world)?;
    warnings.extend(doubts(loaded, &world));
    Ok((world, warnings))
}

/// Warnings about a world: what can never happen in it.
pub fn doubts(loaded: &Loaded, world: &World) -> Vec<Problem> {
    let circles = circles(loaded, world);
    circles
        .into_iter()
        .chain(given::unheard(loaded, world))
        .collect()
}

/// What a run of a world would be refused for.
///
/// # Errors
/// All of it.
pub fn refusals(loaded: &Loaded, world: &World) -> Result<(), Problems> {
    given::check(loaded, world)
}

/// A warning about zones whose circles can never form.
fn circles(loaded: &Loaded, world: &World) -> Option<Problem> {
    let never = never_form(world);
    let id = |zone: ZoneId| world.places.id[world.zones[zone].place].as_str();
    let told = never.iter().map(|never| match never.most {
        None => id(never.zone).to_owned(),
        Some(most) => format!("{} ({:.1} %)", id(never.zone), 100.0 * most),
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| {
        let needed = format!("{:.0} %", 100.0 * world.circle.circle_threshold);
        let (n, of) = (told.len(), world.zones.len());
        let what = text!("circles-never", n, of, list = some_of(&told, 10), needed);
        loaded.warning("circle", what)
    })
}

/// The links between places, once it is known that the whole world fits; warnings about the graph.
pub fn base(
    loaded: &Loaded,
    threads: u32,
    recorded: memory::Recorded,
) -> Result<(BaseLinks, Vec<Problem>), Problems> {
    let scenario = &loaded.scenario;
    let failed = |key: &str, what: Text| {
        let mut report = Report::default();
        report.push(loaded.error(key, what));
        report.finish()
    };
    let fail = |error: links::LinksError| failed("layers", error.text());
    if let Some((key, what)) = memory_problem(loaded, threads, recorded) {
        return Err(loaded.error(key, what).room().into());
    }
    let order = links::canonical_order(scenario);
    let base = links::base_links(scenario, &order).map_err(fail)?;
    let report = graph::check_graph(scenario, &base, &order).map_err(fail)?;
    let mut warnings = Vec::new();
    let named = |list: &[u32]| {
        let ids = list
            .iter()
            .map(|p| scenario.places[*p as usize].id.as_str());
        some_of(&ids.collect::<Vec<_>>(), 10)
    };
    if !report.islands.is_empty() {
        let n = report.islands.len();
        let what = text!("islands", n, list = named(&report.islands));
        warnings.push(loaded.warning("layers", what));
    }
    let islands: BTreeSet<u32> = report.islands.iter().copied().collect();
    // Items of a history begin anywhere.
    let from_zones = scenario.history.is_none();
    let unreachable = report.unreachable.iter().filter(|_| from_zones);
    let cut_off: Vec<u32> = unreachable
        .copied()
        .filter(|p| !islands.contains(p))
        .collect();
    if !cut_off.is_empty() {
        let n = cut_off.len();
        let what = text!("cut-off", n, list = named(&cut_off));
        warnings.push(loaded.warning("layers", what));
    }
    Ok((base, warnings))
}

/// Whether the memory that a scenario needs is there; the key that asks for it and a problem in words
/// when not.
fn memory_problem(
    loaded: &Loaded,
    threads: u32,
    recorded: memory::Recorded,
) -> Option<(&'static str, Text)> {
    let available = memory::available_memory(threads)?;
    let estimate = memory::estimate(&loaded.scenario, recorded);
    let at_a_time = threads.min(loaded.scenario.replicates) as usize;
    let problem = memory::memory_problem(&estimate, at_a_time, available)?;
    Some((memory_key(loaded, &estimate, at_a_time), problem))
}

/// The key that asks for most of the memory.
fn memory_key(loaded: &Loaded, estimate: &memory::MemoryEstimate, threads: usize) -> &'static str {
    let layer = loaded.scenario.firms.as_ref();
    if memory::is_for_sample(estimate, threads) {
        return "firms.sample";
    }
    match layer.filter(|_| memory::is_for_firms(estimate, threads)) {
        None => "layers",
        Some(layer) => layer.spec.population.key(),
    }
}

/// Whether what several worlds need together, with the replicates that run at a time, is there; of the same form.
pub fn memory_problem_of_all(
    base: &Loaded,
    all: &MemoryEstimate,
    threads: u32,
) -> Option<(&'static str, Text)> {
    let available = memory::available_memory(threads)?;
    let problem = memory::memory_problem(all, threads as usize, available)?;
    Some((memory_key(base, all, threads as usize), problem))
}

/// A layout of a results folder, by its name there.
pub fn layout_asked(name: &str, loaded: &Loaded) -> LayoutAsked {
    LayoutAsked {
        name: name.to_owned(),
        titles: loaded.scenario.layout_titles(),
        resolved: loaded.resolved(),
    }
}

/// The files that scenarios were read from, each once. One that changed between two readings stands
/// there with both checksums.
pub fn inputs<'l>(loaded: impl IntoIterator<Item = &'l Loaded>) -> Vec<Input> {
    let mut list: Vec<Input> = Vec::new();
    for file in loaded.into_iter().flat_map(|loaded| &loaded.inputs) {
        let input = Input {
            path: file.path.clone(),
            sha256: file.sha256.clone(),
        };
        if !list.contains(&input) {
            list.push(input);
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn inputs_of_several_layouts_are_named_once() {
        let of = |layout: &str| {
            let scenario = Path::new("scenarios/minimal");
            crate::scenario::load(
                scenario,
                &crate::scenario::layout_files(scenario, layout),
                &[],
            )
            .unwrap()
        };
        let (base, none) = (of("base"), of("none"));
        let one = inputs([&base]).len();
        assert_eq!(inputs([&base, &none, &base]).len(), one + 1);
        // A file that changed in between is seen.
        let mut changed = base.clone();
        changed.inputs[0].sha256 = "other".into();
        assert_eq!(inputs([&base, &changed]).len(), one + 1);
    }
}
