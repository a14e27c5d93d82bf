//! What a request for an explanation comes to: two layouts that are loaded and fit to be explained, and what is
//! followed.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::experiment::build::{build, inputs};
use crate::experiment::compare::refused;
use crate::experiment::replay;
use crate::experiment::request::{self, Explain};
use crate::model::Thresholds;
use crate::scenario::problem::Report;
use crate::scenario::tables::{Kind, Place};
use crate::scenario::{BASE, Loaded, Problem, Problems, diff, layout_files, load};
use crate::store::{self, Asked, LayoutAsked, ResultKind, StoreError};
use crate::texts::{Text, text};
use crate::world::memory::Recorded;
use crate::world::{Calendar, PlaceId, World};

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
    let mut report = Report::default();
    let replicate = replicate(request.replicate, &mut report);
    let ([a, b], replayed) = match request.replay {
        true => {
            let of = conditioned(&request, replicate)?;
            (of.loaded, Some((of.worlds, of.thresholds)))
        }
        false => (loaded(&request, &mut report)?, None),
    };
    let [name_a, name_b] = &request.layouts;
    if let Err(problems) = refused((name_a, &a), &[(name_b, &b)]) {
        report.add(problems);
    } else {
        same_places(&a.scenario, &b.scenario, &mut report);
    }
    let place = place(request.place.as_deref(), &a, &mut report);
    let asked = request.innovation.as_deref();
    let wanted = asked.and_then(|asked| innovation(asked, &a, &mut report));
    let since = since(request.since.as_deref(), &a, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let ([world_a, world_b], thresholds, mut warnings, more) = match replayed {
        Some((worlds, thresholds)) => (worlds, Some(thresholds), Vec::new(), Vec::new()),
        None => {
            let (world_a, warnings) = build(&a, 1, Recorded::default())?;
            let (world_b, more) = build(&b, 1, Recorded::default())?;
            ([world_a, world_b], None, warnings, more)
        }
    };
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
        innovation: wanted.and_then(|wanted| match wanted {
            Innovation::OfZone(zone, serial) => Some(Item::of_zone(at(zone)?, serial)),
            Innovation::Given(id) => {
                // Both worlds name it by its position in the first, where the first has it.
                let g = world_a.given.iter().position(|item| item.id == id)?;
                let origin = world_a.given[g].origin;
                let given = u32::try_from(g).ok();
                Some(Item {
                    origin,
                    serial: 0,
                    given,
                })
            }
        }),
        since,
        thresholds,
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
            tables: tables::definitions(self.worlds[0].calendar),
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
    let can = kind.adopts();
    if !can {
        let problem = Problem::error("--place", text!("gateway-never-adopts")).value(asked);
        report.push(problem.allowed(text!("zone-or-region")));
    }
    can
}

/// An innovation as it is asked for.
enum Innovation {
    /// Of the zone at this position among the places, with its serial number.
    OfZone(usize, u32),
    /// A given item, by its id.
    Given(String),
}

/// The innovation that is asked for.
fn innovation(asked: &str, loaded: &Loaded, report: &mut Report) -> Option<Innovation> {
    let asked = asked.trim();
    let history = loaded.scenario.history.iter();
    let items: Vec<&str> = history
        .flat_map(|h| h.items.iter().map(|item| item.id.as_str()))
        .collect();
    if items.contains(&asked) {
        return Some(Innovation::Given(asked.to_owned()));
    }
    let places = &loaded.scenario.places;
    let wrong = |what: Text| {
        let problem = Problem::error("--innovation", what).value(asked);
        problem.allowed(text!("innovation-form"))
    };
    let split = asked.rsplit_once('.');
    let Some((zone, serial)) = split.and_then(|(z, n)| Some((z, n.parse::<u32>().ok()?))) else {
        let nearest = report.near(asked, items.iter().copied());
        report.push(wrong(text!("not-an-innovation")).nearest(nearest));
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
    found.map(|zone| Innovation::OfZone(zone, serial))
}

/// Number of the month from which on differences are followed.
fn since(asked: Option<&str>, loaded: &Loaded, report: &mut Report) -> u16 {
    let Some(asked) = asked else {
        return 0;
    };
    let calendar = Calendar::of(&loaded.scenario);
    let asked = asked.trim();
    if let Some(number) = (0..calendar.months).find(|t| calendar.name(*t) == asked) {
        return number;
    }
    let [start, end] = [0, calendar.months.saturating_sub(1)].map(|t| calendar.name(t));
    let problem = Problem::error("--since", text!("not-a-month-of-run")).value(asked);
    report.push(problem.allowed(text!("months-from-to", start, end)));
    0
}

/// The two layouts, loaded.
fn loaded(request: &Explain, report: &mut Report) -> Result<[Loaded; 2], Problems> {
    let model = &request.model;
    let loaded = request.layouts.each_ref().map(|layout| {
        let files = layout_files(&model.scenario, layout);
        load(&model.scenario, &files, &model.sets())
    });
    match loaded {
        [Ok(a), Ok(b)] => Ok([a, b]),
        loaded => {
            let wrong = loaded.into_iter().filter_map(Result::err);
            wrong.for_each(|problems| report.add(problems));
            Err(std::mem::take(report).finish())
        }
    }
}

/// The history and what would have happened to it, in a replicate.
struct Conditioned {
    loaded: [Loaded; 2],
    worlds: [World; 2],
    thresholds: [Arc<Thresholds>; 2],
}

/// Both sides of a replay.
fn conditioned(request: &Explain, replicate: u32) -> Result<Conditioned, Problems> {
    let [factual, layout] = &request.layouts;
    let asked = request::Replay {
        model: request.model.clone(),
        factual: factual.clone(),
        layouts: vec![layout.clone()],
        posterior: request.posterior.clone(),
        draws: None,
        replicates: None,
        format: request.format,
    };
    let wrong = |option: &str, what: Text| Problems::from(Problem::error(option, what));
    let plan = replay::plan(asked, 1)?;
    let draw = match &plan.draws {
        None => None,
        Some(draws) => {
            let all = draws.drawn.len();
            let problem = match request.draw {
                None => Problem::error("--draw", text!("explain-which-draw")),
                Some(draw) => Problem::error("--draw", text!("no-draw")).value(draw),
            };
            let known = request.draw.map(|draw| draw as usize);
            let Some(draw) = known.filter(|draw| *draw < all) else {
                return Err(problem.allowed(text!("from-0-to-n", most = all - 1)).into());
            };
            Some(draw)
        }
    };
    let replayed = plan.at(draw).map_err(|what| wrong("--draw", what))?;
    let [a, b] = match &replayed.sides[..] {
        [a, b] => [a, b],
        _ => return Err(wrong("L1", text!("explain-same-layout"))),
    };
    let thresholds = |side| replayed.thresholds(side, replicate);
    let thresholds = [thresholds(0), thresholds(1)];
    let [Ok(of_a), Ok(of_b)] = thresholds else {
        let what = thresholds.into_iter().find_map(Result::err);
        return Err(wrong("--replicate", what.unwrap_or_else(|| "".into())));
    };
    Ok(Conditioned {
        loaded: [a.loaded.clone(), b.loaded.clone()],
        worlds: [a.world.clone(), b.world.clone()],
        thresholds: [of_a, of_b],
    })
}
