//! Where and why two worlds diverge: the same scenario under two layouts, one replicate, common random numbers.
//!
//! [`plan`](mod@plan) loads and checks what is asked; [`record`] runs both worlds and writes down what
//! happened; [`parting`] finds what only one of them has; [`chain`] follows an event back to what the layouts set, with [`cause`], `structure`,
//! `replication` and `firms` for the reasons of single events, `way` for where a cause leads, and [`probe`] for
//! the numbers under them; [`spread`] counts how the difference grows; [`view`] and [`tables`] put it
//! into ids and tables.

pub mod cause;
pub mod chain;
mod firms;
pub mod names;
pub mod parting;
pub mod plan;
pub mod probe;
pub mod record;
mod replication;
pub mod root;
pub mod spread;
mod structure;
pub mod tables;
pub mod view;
mod way;

use std::sync::Arc;

use crate::experiment::observe::no_memory;
use crate::model::{OutOfMemory, Thresholds};
use crate::scenario::problem::Report;
use crate::scenario::{Diff, Problem, Problems, Scenario};
use crate::texts::text;
use crate::world::{NEVER, PlaceId, World};

use chain::{Explorer, Pair, Subject, first};
use names::{Item, Names};
use parting::{Happening, partings};
use record::{Luck, Record};
use view::{Explanation, View};

pub use plan::{Plan, plan};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Replicate number.
    pub replicate: u32,
    /// The place to which the difference is followed.
    pub place: Option<PlaceId>,
    /// The innovation whose difference at that place is followed; the first to differ when none.
    pub innovation: Option<Item>,
    /// Only what differs from this month on is followed.
    pub since: u16,
    /// By world, thresholds of given items that a history leaves possible; none where they are drawn.
    pub thresholds: Option<[Arc<Thresholds>; 2]>,
}

/// Refuses two layouts whose places are not the same: a chain goes from place to place.
pub fn same_places(a: &Scenario, b: &Scenario, report: &mut Report) {
    let places = |s: &Scenario| {
        let mut ids: Vec<_> = s
            .places
            .iter()
            .map(|p| (p.id.clone(), p.kind as u8))
            .collect();
        ids.sort();
        ids
    };
    if places(a) != places(b) {
        let what = text!("explain-places");
        report.push(Problem::error("L0 L1", what).allowed(text!("explain-same-places")));
    }
}

/// Refuses two worlds whose firms are not the same: a chain goes from firms to the same firms.
pub fn same_firms(worlds: [&World; 2], report: &mut Report) {
    let [a, b] = worlds.map(|world| {
        let firms = world.firms.as_ref()?;
        Some((
            &firms.cells,
            &firms.industries,
            &firms.partners,
            &world.domains,
            // Causes are told with one set of parameters.
            [
                firms.spec.demand_pull,
                firms.spec.partner_effect,
                firms.spec.stock_ref,
            ],
        ))
    });
    if a != b {
        let what = text!("explain-firms");
        report.push(Problem::error("L0 L1", what).allowed(text!("explain-same-firms")));
    }
}

/// Explains where two worlds part. `tick` is called before each run of a world.
///
/// # Errors
/// When neither world has the innovation that is asked for; no memory for a replicate.
pub fn explain(
    scenarios: [&Scenario; 2],
    worlds: [&World; 2],
    diff: &Diff,
    request: &Request,
    tick: &dyn Fn(),
) -> Result<Explanation, Problems> {
    let names = Names::new(worlds);
    let luck = Luck {
        seed: scenarios[0].seed,
        replicate: request.replicate,
        thresholds: request.thresholds.clone(),
    };
    let record = |side: usize| {
        tick();
        Record::of(worlds[side], side, &names, &luck).map_err(unmade)
    };
    let records = [record(0)?, record(1)?];
    let pair = Pair {
        worlds,
        records,
        names,
        luck,
    };
    if let Some(item) = request.innovation
        && !pair.records.iter().any(|r| r.items.contains_key(&item))
    {
        let what = text!("explain-no-innovation");
        let id = pair.names.item_id(worlds[0], item);
        let mut report = Report::default();
        report.push(Problem::error("--innovation", what).value(id));
        return Err(report.finish());
    }
    let only = partings(&pair.records[0].events(), &pair.records[1].events());
    let mut explorer = Explorer::new(&pair, tick);
    let view = View::new(&pair, scenarios, diff);
    let mut explanation = view.explanation(request, &only);
    let mut add = |name: &'static str, subject: Subject, lead: usize| {
        let steps = explorer.chain(subject, lead);
        explanation.chains.push(view.chain(name, &steps));
    };
    let from = only.partition_point(|(event, _)| event.month < request.since);
    let only = &only[from..];
    if let Some(&(event, side)) = only.first() {
        add("first", subject(event.what, event.month), side);
    }
    let adoption = only
        .iter()
        .find(|(event, _)| matches!(event.what, Happening::Adopted(..)));
    if let Some(&(event, side)) = adoption
        && only.first().is_none_or(|(first, _)| *first != event)
    {
        add("first_adoption", subject(event.what, event.month), side);
    }
    if let Some(place) = request.place {
        let chosen = at_place(&pair, place, request);
        if let Some((item, lead)) = chosen {
            let subject = match item.origin == Some(place) {
                true => Subject::Implemented(item),
                false => Subject::Adopted(item, place),
            };
            add("place", subject, lead);
        }
    }
    match explorer.failed() {
        Some(error) => Err(unmade(error)),
        None => Ok(explanation),
    }
}

/// The scenario is right, but a replicate of it finds no memory.
fn unmade(error: OutOfMemory) -> Problems {
    let problem = Problem::error("--replicate", no_memory(error));
    problem.room().into()
}

fn subject(what: Happening, month: u16) -> Subject {
    match what {
        Happening::Implemented(item) => Subject::Implemented(item),
        Happening::Adopted(item, place) => Subject::Adopted(item, place),
        Happening::Abandoned(item, place) => Subject::Abandoned(item, place),
        Happening::Line(ends, _) => Subject::Line(ends, month),
        Happening::Circle(zone, _) => Subject::Circle(zone, month, None),
        Happening::Axis(corridor, _) => Subject::Axis(corridor, month, None),
        Happening::Provincial(item) => Subject::Provincial(item),
        Happening::National(item) => Subject::National(item),
        Happening::Plane(_) => Subject::Plane(month),
    }
}

/// The first innovation whose months differ at a place, with the world that leads; of equals, the
/// one whose origin and serial number come first.
fn at_place(pair: &Pair<'_>, place: PlaceId, request: &Request) -> Option<(Item, usize)> {
    let wanted = request.innovation;
    let [a, b] = &pair.records;
    let items = a
        .items
        .keys()
        .chain(b.items.keys().filter(|k| !a.items.contains_key(k)));
    items
        .filter(|item| wanted.is_none_or(|wanted| **item == wanted))
        .filter_map(|item| {
            let of = |r: &Record| r.items.get(item).map_or(NEVER, |f| f.adopted(place));
            let months = [of(a), of(b)];
            first(months).map(|lead| (months[lead], *item, lead))
        })
        .filter(|(month, ..)| *month >= request.since)
        .min()
        .map(|(_, item, lead)| (item, lead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replicate_without_memory_is_no_wrong_input() {
        assert!(unmade(OutOfMemory { bytes: 1 }).is_room());
    }
}
