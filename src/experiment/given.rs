//! Whether what a history gives can be simulated in its world.

use crate::scenario::problem::{Problems, Report, some_of};
use crate::scenario::{Loaded, Problem};
use crate::texts::text;
use crate::world::ticks::LARGEST_EXPOSURE;
use crate::world::{LinkId, NEVER, PlaceId, World};

/// How many of a kind a message names.
const NAMED: usize = 10;

/// Checks given items, covariates and weights that are taken as they are.
///
/// # Errors
/// First adopters that are not there, items of which none spreads in the run, values of covariates that are not known,
/// and exposures that are too large; all at once.
pub fn check(loaded: &Loaded, world: &World) -> Result<(), Problems> {
    let mut report = Report::default();
    let all = [
        outside(loaded, world),
        absent(loaded, world),
        unknown(loaded, world),
        too_large(loaded, world),
    ];
    all.into_iter()
        .flatten()
        .for_each(|problem| report.push(problem));
    match report.errors() {
        0 => Ok(()),
        _ => Err(report.finish()),
    }
}

/// Items that nobody can be the first to adopt: a warning.
pub fn unheard(loaded: &Loaded, world: &World) -> Option<Problem> {
    let scenario = &loaded.scenario;
    let alone = |d: usize| {
        let own = scenario
            .domains
            .get(d)
            .and_then(|domain| domain.intrinsic_rate);
        own.unwrap_or(scenario.line.intrinsic_rate) > 0.0
    };
    let in_run = world.given.iter().filter(|item| item.last.is_some());
    let silent = in_run.filter(|item| item.first.is_empty() && item.origin.is_none());
    let silent = silent.filter(|item| !alone(item.domain as usize));
    let silent: Vec<&str> = silent.map(|item| item.id.as_str()).collect();
    let n = silent.len();
    (n > 0).then(|| {
        let what = text!("items-unheard", n, list = some_of(&silent, NAMED));
        loaded.warning("history", what)
    })
}

/// Items of which none has anybody at risk in the run.
fn outside(loaded: &Loaded, world: &World) -> Option<Problem> {
    let (given, calendar) = (&world.given, world.calendar);
    let none = !given.is_empty() && given.iter().all(|item| item.last.is_none());
    none.then(|| {
        let (from, to) = (calendar.name(0), calendar.name(calendar.months - 1));
        let what = match loaded.scenario.numbered {
            true => text!("items-outside-numbered", from, last = calendar.months - 1),
            false => text!("items-outside", from, to),
        };
        loaded.error("history", what)
    })
}

/// First adopters that are not open when they have an item.
fn absent(loaded: &Loaded, world: &World) -> Option<Problem> {
    let mut absent = Vec::new();
    for item in world.given.iter().filter(|item| item.begin != NEVER) {
        let there = |i: PlaceId| world.places.is_open(i, item.implemented());
        let firsts = item.first.iter().map(|(place, _)| *place);
        let not = firsts.filter(|i| !there(*i));
        absent.extend(not.map(|i| format!("{} {}", world.places.id[i], item.id)));
    }
    let n = absent.len();
    (n > 0).then(|| {
        let what = text!("first-adopters-absent", n, list = some_of(&absent, NAMED));
        loaded.error("history", what)
    })
}

/// Values of covariates that a run needs and that are not known.
fn unknown(loaded: &Loaded, world: &World) -> Option<Problem> {
    let covariates = world.covariates.as_ref()?;
    let (mut n, mut list) = (0u64, Vec::new());
    for (id, i, t) in covariates.unknown(&world.places, world.calendar.months) {
        n += 1;
        if list.len() < NAMED {
            let (place, period) = (&world.places.id[i], world.calendar.name(t));
            list.push(format!("{id} {place} {period}"));
        }
    }
    (n > 0).then(|| {
        let what = text!("covariates-unknown", n, list = list.join(", "));
        loaded.error("covariates", what)
    })
}

/// A place that hears more than can be counted.
fn too_large(loaded: &Loaded, world: &World) -> Option<Problem> {
    let layers = &loaded.scenario.layers;
    if layers
        .iter()
        .all(|layer| layer.standardise.is_row() && layer.coefficient.is_none())
    {
        return None;
    }
    let network = &world.network;
    let too_large = |e: &LinkId| {
        let most = LARGEST_EXPOSURE / network.row(network.listener[*e]).len() as f64;
        let base = network.base_links(e.index());
        let radiation = world.places.radiation[network.source[*e]];
        let carried = |of: &Vec<f64>| of.iter().zip(base).map(|(a, w)| a * w).sum::<f64>();
        world
            .carried
            .iter()
            .any(|of| carried(of) * radiation > most)
    };
    let found = LinkId::each(0..network.len()).find(too_large)?;
    let place = &world.places.id[network.listener[found]];
    Some(loaded.error("layers", text!("exposure-too-large", place)))
}
