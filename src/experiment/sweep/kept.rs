//! What of each run is kept: outcomes, months, groups.

use std::collections::BTreeSet;

use crate::experiment::compare::{Comparison, Of, Slot};
use crate::measure::catalogue::{position, usual};
use crate::measure::{OUTCOMES, Outcome, measures as all_measures};
use crate::scenario::problem::Report;
use crate::scenario::{Document, Month};
use crate::texts::text;

use super::spec::{GroupsSpec, PlanSpec};

/// Positions of the outcomes that are kept.
pub fn outcomes(document: &Document<PlanSpec>, report: &mut Report) -> Option<Vec<usize>> {
    let before = report.errors();
    let mut list = Vec::new();
    for (at, name) in document.spec.outcomes.iter().enumerate() {
        match position(name) {
            Some(found) => list.push(found),
            None => {
                let nearest = report.near(name, OUTCOMES.iter().map(|outcome| outcome.name));
                let problem = document.error(&["outcomes", &at.to_string()], text!("no-outcome"));
                let problem = problem.value(name).allowed(text!("outcomes-list"));
                report.push(problem.nearest(nearest));
            }
        }
    }
    if document.spec.outcomes.is_empty() {
        list = usual().collect();
    }
    list.sort_unstable();
    list.dedup();
    (report.errors() == before).then_some(list)
}

/// Months between rows, and the measures, in the order of the table `national`.
pub type Measures = Option<(u32, Vec<&'static Outcome>)>;

/// The monthly measures that are kept, if any.
pub fn measures(document: &Document<PlanSpec>, report: &mut Report) -> Option<Measures> {
    let Some(monthly) = &document.spec.monthly else {
        return Some(None);
    };
    let before = report.errors();
    let all = all_measures(true);
    let names: Vec<&str> = all.iter().map(|measure| measure.name).collect();
    let mut list = Vec::new();
    for (at, name) in monthly.measures.iter().enumerate() {
        match names.iter().position(|known| known == name) {
            Some(found) => list.push(found),
            None => {
                let nearest = report.near(name, names.iter().copied());
                let at = at.to_string();
                let problem = document.error(&["monthly", "measures", &at], text!("no-measure"));
                report.push(
                    problem
                        .value(name)
                        .allowed(names.join(", "))
                        .nearest(nearest),
                );
            }
        }
    }
    list.sort_unstable();
    list.dedup();
    let list = list.into_iter().map(|at| all[at]).collect();
    (report.errors() == before).then_some(Some((monthly.every, list)))
}

/// Names of outcomes and measures among these that only firms have.
pub fn of_firms(outcomes: &[usize], measures: &[&'static Outcome]) -> Vec<&'static str> {
    let outcomes = outcomes.iter().map(|at| &OUTCOMES[*at]);
    let all = outcomes.chain(measures.iter().copied());
    let of_firms = all.filter(|outcome| outcome.value.of_firms());
    of_firms.map(|outcome| outcome.name).collect()
}

/// Month numbers of the rows that are kept of a run of `length` months: every so many, and the last.
pub fn months(length: u16, every: u32) -> Vec<u16> {
    let last = length.saturating_sub(1);
    let mut months: Vec<u16> = (0..=last)
        .filter(|t| (u32::from(*t) + 1) % every == 0)
        .collect();
    if months.last() != Some(&last) {
        months.push(last);
    }
    months
}

/// Positions of the slots that a plan keeps, at its own horizons and the last month.
pub fn slots(
    comparison: &Comparison,
    outcomes: &[usize],
    groups: &[GroupsSpec],
    horizons: &[Month],
) -> Vec<usize> {
    let calendar = comparison.calendar();
    let own = |t: u16| {
        let mut own = horizons.iter();
        Some(&t) == comparison.horizons.last() || own.any(|month| calendar.month(t) == *month)
    };
    let words: BTreeSet<&str> = groups
        .iter()
        .map(|kind| match kind {
            GroupsSpec::Province => "province",
            GroupsSpec::Area => "area",
            GroupsSpec::Tier => "tier",
            GroupsSpec::Corridor => "corridor",
            GroupsSpec::Membership => "membership",
            GroupsSpec::Origin => "origin",
        })
        .collect();
    let wanted = |slot: &Slot| {
        let (kind, ..) = slot.group(&comparison.groups);
        let group = match slot.of {
            Of::Nation | Of::Axis(_) => true,
            Of::Group(_) => words.contains(kind),
        };
        outcomes.contains(&slot.outcome) && group && slot.horizon.is_none_or(own)
    };
    let slots = comparison.slots.list().iter().enumerate();
    slots
        .filter(|(_, slot)| wanted(slot))
        .map(|(at, _)| at)
        .collect()
}
