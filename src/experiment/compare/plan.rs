//! What a request for a comparison comes to: layouts that are loaded, checked and fit to be compared.

use std::sync::Arc;

use crate::experiment::build::memory_problem_of_all;
use crate::experiment::request::{Compare, Interval};
use crate::measure::catalogue::{position, usual};
use crate::measure::{OUTCOMES, Value};
use crate::paired::MINIMUM_FOR_BCA;
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Month, Problem, Problems, layout_files, load};
use crate::texts::text;
use crate::world::memory::{self, MemoryEstimate, Recorded};

use super::comparison::{check_month, check_sides};
use super::{Comparison, LONGEST, Side, Target};

/// What is to be done.
#[derive(Debug)]
pub struct Plan {
    /// The request.
    pub request: Compare,
    /// What is compared.
    pub comparison: Arc<Comparison>,
    /// Replicates; with a target, those of the first stage.
    pub replicates: u32,
    /// The wanted width.
    pub target: Option<Target>,
    /// The slot of the outcome that the comparison is about: of the country, at the end.
    pub primary: Option<usize>,
    /// Positions of the outcomes that the summary shows.
    pub shown: Vec<usize>,
    /// Warnings about layouts and their graphs, each once.
    pub warnings: Vec<Problem>,
}

impl Plan {
    /// The wanted width in words.
    pub fn target_words(&self, target: &Target) -> String {
        let slot = &self.comparison.slots.list()[target.slot];
        let last = self.comparison.horizons.last().copied();
        let at = match slot.horizon {
            Some(t) if Some(t) != last => {
                format!("@{}", self.comparison.calendar().month(t))
            }
            _ => String::new(),
        };
        format!(
            "{}{at} ± {}",
            OUTCOMES[slot.outcome].name, target.half_width
        )
    }
}

/// A layout as it was named, loaded.
#[derive(Debug)]
pub struct Named {
    word: String,
    /// Its name.
    pub name: String,
    /// The scenario with it.
    pub loaded: Loaded,
}

/// A request that is checked: all but the worlds.
#[derive(Debug)]
pub struct Checked {
    /// The layouts, the baseline first.
    pub named: Vec<Named>,
    compared: Vec<usize>,
    shown: Vec<usize>,
    months: Vec<Month>,
    width: Option<Width>,
    primary: Option<usize>,
}

/// Loads and checks everything.
///
/// # Errors
/// All that is wrong with the request, the scenario, any layout, or with pairing them.
pub fn plan(asked: Compare, threads: u32) -> Result<Plan, Problems> {
    let checked = check(&asked, threads)?;
    built(asked, checked, threads)
}

/// Loads and checks all but what is told of worlds.
///
/// # Errors
/// As [`plan`].
pub fn check(request: &Compare, threads: u32) -> Result<Checked, Problems> {
    let mut report = Report::default();
    let shown = shown(request, &mut report);
    let months = months(request, &mut report);
    let width = width(request, &mut report);
    let primary = primary(request, &mut report);
    let named = layouts(request, &mut report);
    let (Some(shown), Some(months), Some(width), Some(primary), Some((named, compared))) =
        (shown, months, width, primary, named)
    else {
        return Err(report.finish());
    };
    let (base, others) = named
        .split_first()
        .ok_or_else(|| Report::default().finish())?;
    let pairs: Vec<(&str, &Loaded)> = others
        .iter()
        .map(|n| (n.name.as_str(), &n.loaded))
        .collect();
    check_sides(
        (&base.name, &base.loaded),
        &pairs,
        text!("too-long-compare", most = LONGEST),
        &mut report,
    );
    let scenario = &base.loaded.scenario;
    let at = width.iter().filter_map(|w| w.month.as_ref());
    for month in months.iter().chain(at) {
        let problem = Problem::error("--horizon", "");
        check_month(*month, scenario, problem, &mut report);
    }
    let estimates: Vec<MemoryEstimate> = named
        .iter()
        .map(|n| memory::estimate(&n.loaded.scenario, recorded(request)))
        .collect();
    if let Some(all) = memory::together(&estimates)
        && let Some((key, problem)) = memory_problem_of_all(&base.loaded, &all, threads)
    {
        report.push(base.loaded.error(key, problem).room());
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    Ok(Checked {
        named,
        compared,
        shown,
        months,
        width,
        primary,
    })
}

/// Builds the worlds.
fn built(asked: Compare, checked: Checked, threads: u32) -> Result<Plan, Problems> {
    let (request, mut report) = (&asked, Report::default());
    let Checked {
        named,
        compared,
        mut shown,
        months,
        width,
        primary,
    } = checked;
    let base = named.first().ok_or_else(|| Report::default().finish())?;
    // Not a setting of the scenario: the resolved scenario stays the same when replicates are added.
    let replicates = match (&request.until_width, request.replicates) {
        (Some(width), _) => width.min_replicates,
        (None, Some(replicates)) => replicates,
        (None, None) => base.loaded.scenario.replicates,
    };
    let mut warnings: Vec<Problem> = Vec::new();
    let mut sides = Vec::new();
    for Named { name, loaded, .. } in named {
        let in_months = loaded.in_months();
        let build = |()| Side::build(name, loaded, threads, recorded(request), &mut warnings);
        match in_months.and_then(build) {
            Ok(side) => sides.push(side),
            Err(problems) => report.add(problems),
        }
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    if request.interval == Interval::Bca && (replicates as usize) < MINIMUM_FOR_BCA {
        let what = text!("bca-of-few", replicates, least = MINIMUM_FOR_BCA);
        warnings.push(Problem::warning("--interval", what));
    }
    let mut horizons = months;
    horizons.extend(width.iter().filter_map(|w| w.month));
    let mut comparison = Comparison::new(sides, compared, &horizons);
    comparison.every = request.every;
    let target = width.and_then(|wanted| {
        let horizon = match wanted.month {
            _ if !OUTCOMES[wanted.outcome].has_horizon() => None,
            Some(month) => Some(comparison.calendar().number(month)),
            None => comparison.horizons.last().copied(),
        };
        Some(Target {
            slot: comparison.slots.national(wanted.outcome, horizon)?,
            half_width: wanted.half_width,
            pilot: wanted.pilot,
            maximum: wanted.maximum,
        })
    });
    let primary = match primary {
        None => None,
        Some(outcome) => {
            let last = comparison.horizons.last().copied();
            let last = last.filter(|_| OUTCOMES[outcome].has_horizon());
            let slot = comparison.slots.national(outcome, last);
            if slot.is_none() {
                let problem = Problem::error("--primary", text!("about-firms"));
                let problem = problem.value(OUTCOMES[outcome].name);
                return Err(problem.allowed(text!("scenario-with-firms")).into());
            }
            if !shown.contains(&outcome) {
                shown.insert(0, outcome);
            }
            slot
        }
    };
    if request.outcomes.is_empty() && comparison.firms() {
        shown.extend((0..OUTCOMES.len()).filter(|at| OUTCOMES[*at].value.of_firms()));
    }
    Ok(Plan {
        request: asked,
        comparison: Arc::new(comparison),
        replicates,
        target,
        primary,
        shown,
        warnings,
    })
}

/// What is kept of a replicate beside its outcomes.
fn recorded(request: &Compare) -> Recorded {
    Recorded {
        places_every: request.every,
        ..Recorded::default()
    }
}

/// The layouts, each once, baseline first; and which of them are compared with it.
fn layouts(request: &Compare, report: &mut Report) -> Option<(Vec<Named>, Vec<usize>)> {
    let (scenario, sets) = (&request.model.scenario, request.model.sets());
    let mut named: Vec<Named> = Vec::new();
    let mut compared: Vec<usize> = Vec::new();
    let before = report.errors();
    let words = std::iter::once(&request.baseline).chain(&request.layouts);
    for (number, word) in words.enumerate() {
        if number > 0 && request.layouts[..number - 1].contains(word) {
            let problem = Problem::error("compare", text!("layout-named-twice")).value(word);
            report.push(problem);
            continue;
        }
        let found = if number > 0 && *word == request.baseline {
            (!named.is_empty()).then_some(0)
        } else {
            let layouts = layout_files(scenario, word);
            match load(scenario, &layouts, &sets) {
                Ok(loaded) => take(&mut named, word, loaded, report),
                Err(problems) => {
                    let option = if number == 0 { "--baseline" } else { "LAYOUT" };
                    report.add(problems.blaming(option));
                    None
                }
            }
        };
        if number > 0
            && let Some(at) = found
        {
            if compared.contains(&at) {
                let problem = Problem::error("compare", text!("layout-named-twice"));
                report.push(problem.value(word));
            } else {
                compared.push(at);
            }
        }
    }
    (report.errors() == before).then_some((named, compared))
}

/// Position of a layout in the list, to which it is added unless it is there.
fn take(named: &mut Vec<Named>, word: &str, loaded: Loaded, report: &mut Report) -> Option<usize> {
    let name = loaded.layout_name().to_owned();
    if let Some(at) = named.iter().position(|other| other.name == name) {
        let other = &named[at];
        let same =
            other.loaded.resolved() == loaded.resolved() && other.loaded.inputs == loaded.inputs;
        if !same {
            let what = text!("layout-same-name-as", name, other = other.word);
            report.push(Problem::error("compare", what).value(word));
            return None;
        }
        return Some(at);
    }
    named.push(Named {
        word: word.to_owned(),
        name,
        loaded,
    });
    Some(named.len() - 1)
}

fn shown(request: &Compare, report: &mut Report) -> Option<Vec<usize>> {
    let before = report.errors();
    let mut list = Vec::new();
    for name in &request.outcomes {
        match outcome(name, "--outcome", report) {
            Some(at) if !list.contains(&at) => list.push(at),
            _ => {}
        }
    }
    if list.is_empty() {
        list = usual().collect();
    }
    (report.errors() == before).then_some(list)
}

fn outcome(name: &str, option: &str, report: &mut Report) -> Option<usize> {
    let found = position(name);
    if found.is_none() {
        let problem = Problem::error(option, text!("no-outcome")).value(name);
        let nearest = report.near(name, OUTCOMES.iter().map(|outcome| outcome.name));
        report.push(problem.allowed(text!("outcomes-list")).nearest(nearest));
    }
    found
}

fn months(request: &Compare, report: &mut Report) -> Option<Vec<Month>> {
    let before = report.errors();
    let mut list = Vec::new();
    for text in &request.horizons {
        list.extend(month(text, "--horizon", report));
    }
    (report.errors() == before).then_some(list)
}

fn month(text: &str, option: &str, report: &mut Report) -> Option<Month> {
    match text.parse() {
        Ok(month) => Some(month),
        Err(_) => {
            let problem = Problem::error(option, text!("is-not-month")).value(text);
            report.push(problem.allowed(text!("month-example")));
            None
        }
    }
}

/// The outcome that the comparison is about: nothing wrong and none named is `Some(None)`.
fn primary(request: &Compare, report: &mut Report) -> Option<Option<usize>> {
    const OPTION: &str = "--primary";
    let Some(name) = &request.primary else {
        return Some(None);
    };
    let found = outcome(name, OPTION, report)?;
    if matches!(OUTCOMES[found].value, Value::AxisFormed) {
        let what = text!("by-corridor");
        report.push(Problem::error(OPTION, what).value(name));
        return None;
    }
    Some(Some(found))
}

/// A wanted width.
#[derive(Debug)]
struct Width {
    outcome: usize,
    month: Option<Month>,
    half_width: f64,
    pilot: u32,
    maximum: u32,
}

/// The wanted width: nothing wrong and none wanted is `Some(None)`.
fn width(request: &Compare, report: &mut Report) -> Option<Option<Width>> {
    const OPTION: &str = "--until-width";
    let Some(asked) = &request.until_width else {
        return Some(None);
    };
    let (pilot, maximum) = (asked.min_replicates, asked.max_replicates);
    let before = report.errors();
    if pilot > maximum {
        let what = text!("above-max-replicates");
        let problem = Problem::error("--min-replicates", what).value(pilot);
        report.push(problem.allowed(text!("from-2-to", most = maximum)));
    }
    let found = outcome(&asked.outcome, OPTION, report);
    let at = asked.month.as_ref();
    let month = at.and_then(|at| month(at, OPTION, report));
    if let Some(at) = found {
        let outcome = &OUTCOMES[at];
        if matches!(outcome.value, Value::AxisFormed) {
            let what = text!("by-corridor");
            report.push(Problem::error(OPTION, what).value(outcome.name));
        } else if month.is_some() && !outcome.has_horizon() {
            let what = text!("takes-no-horizon");
            report.push(Problem::error(OPTION, what).value(outcome.name));
        }
    }
    match found {
        Some(outcome) if report.errors() == before => Some(Some(Width {
            outcome,
            month,
            half_width: asked.half_width,
            pilot,
            maximum,
        })),
        _ => None,
    }
}
