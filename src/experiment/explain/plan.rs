//! What a request for an explanation comes to: two layouts that are loaded and fit to be explained, and what is
//! followed.

use std::ops::Range;
use std::path::Path;

use crate::experiment::build::{build, inputs};
use crate::experiment::compare::refused;
use crate::experiment::request::{self, Explain};
use crate::scenario::problem::Report;
use crate::scenario::tables::{Kind, Place};
use crate::scenario::{BASE, Loaded, Month, Problem, Problems, diff, layout_files, load};
use crate::store::{self, Asked, LayoutAsked, ResultKind, StoreError};
use crate::texts::{Text, text};
use crate::world::memory::Recorded;
use crate::world::{PlaceId, World};

use super::names::Item;
use super::tables;
use super::view::Explanation;
use super::{Request, explain, same_firms, same_places};

/// Replicates have these numbers.
const REPLICATES: Range<i64> = 0..1_000_000;

/// What is to be explained.
#[derive(Debug)]
pub struct Plan {
    /// The request.
    pub request: Explain,
    /// Warnings about the layouts and their graphs, each once.
    pub warnings: Vec<Problem>,
    loaded: [Loaded; 2],
    worlds: [World; 2],
    followed: Request,
}

/// Loads and checks what a request names, and makes both worlds.
///
/// # Errors
/// All that is wrong with the scenario, its layouts and settings, with explaining these two, with what is to be
/// followed; a world that does not fit in memory.
pub fn plan(request: Explain) -> Result<Plan, Problems> {
    let model = &request.model;
    let mut report = Report::default();
    let replicate = replicate(request.replicate, &mut report);
    let loaded = request.layouts.each_ref().map(|layout| {
        let files = layout_files(&model.scenario, layout);
        load(&model.scenario, &files, &model.sets())
    });
    let [Ok(a), Ok(b)] = loaded else {
        let wrong = loaded.into_iter().filter_map(Result::err);
        wrong.for_each(|problems| report.add(problems));
        return Err(report.finish());
    };
    let [name_a, name_b] = &request.layouts;
    if let Err(problems) = refused((name_a, &a), &[(name_b, &b)]) {
        report.add(problems);
    } else {
        same_places(&a.scenario, &b.scenario, &mut report);
    }
    let place = place(request.place.as_deref(), &a, &mut report);
    let item = innovation(request.innovation.as_deref(), &a, &mut report);
    let since = since(request.since.as_deref(), &a, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    for side in [&a, &b] {
        let followed = [side.in_months(), side.explained()];
        let wrong = followed.into_iter().filter_map(Result::err);
        wrong.for_each(|problems| report.add(problems));
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let (world_a, mut warnings) = build(&a, 1, Recorded::default())?;
    let (world_b, more) = build(&b, 1, Recorded::default())?;
    same_firms([&world_a, &world_b], &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    for warning in more {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    let at = |position: usize| -> Option<PlaceId> {
        let places = &world_a.places;
        places
            .each()
            .find(|i| places.input[*i] as usize == position)
    };
    let followed = Request {
        replicate,
        place: place.and_then(at),
        innovation: item.and_then(|(zone, serial)| at(zone).map(|origin| Item { origin, serial })),
        since,
    };
    Ok(Plan {
        request,
        warnings,
        loaded: [a, b],
        worlds: [world_a, world_b],
        followed,
    })
}

impl Plan {
    /// Explains where the two worlds part. `tick` is called before each run of a world.
    ///
    /// # Errors
    /// When neither world has the innovation that is asked for; no memory for a replicate.
    pub fn explain(&self, tick: &dyn Fn()) -> Result<Explanation, Problems> {
        let [a, b] = &self.loaded;
        let scenarios = [&a.scenario, &b.scenario];
        let worlds = self.worlds.each_ref();
        explain(scenarios, worlds, &diff(a, b), &self.followed, tick)
    }

    /// Writes the tables of an explanation into a results folder, like those of a run.
    ///
    /// # Errors
    /// Why the folder is not used; those of writing.
    pub fn publish(
        &self,
        dir: &Path,
        found: &Explanation,
        command_line: Vec<String>,
        force: bool,
    ) -> Result<(), StoreError> {
        let [a, b] = &self.loaded;
        let layout = format!("{} {}", named(&found.a), named(&found.b));
        let asked = Asked {
            kind: ResultKind::Explanation,
            format: self.request.format,
            request: request::Request::Explain(self.request.clone()).value(),
            scenario: found.scenario.clone(),
            layouts: vec![LayoutAsked {
                name: layout.clone(),
                resolved: b.resolved(),
                ..LayoutAsked::default()
            }],
            layout,
            inputs: inputs([a, b]),
            seed: found.seed,
            first_replicate: found.replicate,
            replicates: 1,
            tables: tables::definitions(),
            comparison: None,
            sweep: None,
        };
        store::publish(dir, asked, tables::tables(found), command_line, force).map(drop)
    }
}

fn named(layout: &str) -> &str {
    if layout.is_empty() { BASE } else { layout }
}

fn replicate(asked: i64, report: &mut Report) -> u32 {
    if REPLICATES.contains(&asked) {
        return asked as u32;
    }
    let problem = Problem::error("--replicate", text!("no-replicate")).value(asked);
    report.push(problem.allowed(text!("from-0-to-n", most = REPLICATES.end - 1)));
    0
}

/// Position of the place in [`crate::scenario::Scenario::places`].
fn place(asked: Option<&str>, loaded: &Loaded, report: &mut Report) -> Option<usize> {
    let asked = asked?.trim();
    let places = &loaded.scenario.places;
    if let Some(found) = places.iter().position(|p| p.id == asked) {
        return adopts(places[found].kind, asked, report).then_some(found);
    }
    let named = |p: &Place| p.name_zh == asked || p.name_en.to_lowercase() == asked.to_lowercase();
    let found: Vec<usize> = (0..places.len()).filter(|&i| named(&places[i])).collect();
    match found[..] {
        [one] => return adopts(places[one].kind, asked, report).then_some(one),
        [] => {
            let known = places.iter().flat_map(|p| [&p.id, &p.name_en, &p.name_zh]);
            let nearest = report.near(asked, known.map(String::as_str).filter(|n| !n.is_empty()));
            let problem = Problem::error("--place", text!("no-place-named")).value(asked);
            report.push(problem.nearest(nearest));
        }
        _ => {
            let ids: Vec<&str> = found.iter().map(|&i| places[i].id.as_str()).collect();
            let problem = Problem::error("--place", text!("places-same-name")).value(asked);
            report.push(problem.allowed(text!("one-id", ids = ids.join(", "))));
        }
    }
    None
}

fn adopts(kind: Kind, asked: &str, report: &mut Report) -> bool {
    let can = matches!(kind, Kind::Zone | Kind::Region);
    if !can {
        let problem = Problem::error("--place", text!("gateway-never-adopts")).value(asked);
        report.push(problem.allowed(text!("zone-or-region")));
    }
    can
}

/// Position of the origin zone and serial number.
fn innovation(asked: Option<&str>, loaded: &Loaded, report: &mut Report) -> Option<(usize, u32)> {
    let asked = asked?.trim();
    let places = &loaded.scenario.places;
    let wrong = |what: Text| {
        let problem = Problem::error("--innovation", what).value(asked);
        problem.allowed(text!("innovation-form"))
    };
    let split = asked.rsplit_once('.');
    let Some((zone, serial)) = split.and_then(|(z, n)| Some((z, n.parse::<u32>().ok()?))) else {
        report.push(wrong(text!("not-an-innovation")));
        return None;
    };
    let zones = || places.iter().filter(|p| p.kind == Kind::Zone);
    let found = places
        .iter()
        .position(|p| p.kind == Kind::Zone && p.id == zone);
    if found.is_none() {
        let nearest = report.near(zone, zones().map(|p| p.id.as_str()));
        report.push(wrong(text!("no-zone")).nearest(nearest));
    }
    found.map(|zone| (zone, serial))
}

/// Number of the month from which on differences are followed.
fn since(asked: Option<&str>, loaded: &Loaded, report: &mut Report) -> u16 {
    let Some(asked) = asked else {
        return 0;
    };
    let (start, end) = (loaded.scenario.start, loaded.scenario.end);
    match asked.trim().parse::<Month>() {
        Ok(month) if month >= start && month <= end => {
            u16::try_from(month.since(start)).unwrap_or(0)
        }
        _ => {
            let problem = Problem::error("--since", text!("not-a-month-of-run")).value(asked);
            report.push(problem.allowed(text!("months-from-to", start, end)));
            0
        }
    }
}
