//! Weighted sums of numbers of a run: objectives, and what constraints are about.

use crate::experiment::compare::Comparison;
use crate::experiment::targets::{Needs, StatisticSpec, gather, groups, term};
use crate::scenario::problem::Report;
use crate::scenario::{Document, Scenario};
use crate::store::Statistic;
use crate::texts::text;

use super::spec::{SearchSpec, TermSpec};

/// A weighted sum, by the positions of what is kept of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum(Vec<(f64, Statistic)>);

impl Sum {
    /// Its value in a run of which `kept` is kept; NaN where a number is missing.
    pub fn of(&self, kept: &[f64]) -> f64 {
        let terms = self.0.iter();
        terms
            .map(|(weight, statistic)| weight * statistic.of(|at| kept[at]))
            .sum()
    }

    /// The sum of these terms among what a sweep keeps; none where a group is not there.
    pub fn found(terms: &[TermSpec], comparison: &Comparison, kept: &[usize]) -> Option<Self> {
        let terms = terms.iter().map(|of| {
            let own = term(&statistic(of), comparison, kept)?;
            let statistic = Statistic {
                own,
                over: None,
                less: None,
            };
            Some((of.weight, statistic))
        });
        terms.collect::<Option<Vec<_>>>().map(Self)
    }
}

fn statistic(of: &TermSpec) -> StatisticSpec {
    StatisticSpec {
        outcome: of.outcome.clone(),
        at: of.at,
        since: of.since,
        group: of.group.clone(),
    }
}

/// The sums of a plan: of objectives, then of constraints, each with the table and its position there.
fn sums(spec: &SearchSpec) -> impl Iterator<Item = (&'static str, usize, &[TermSpec])> {
    let objectives = spec.objectives.iter().enumerate();
    let objectives = objectives.map(|(at, of)| ("objectives", at, &of.terms[..]));
    let limits = spec.constraints.iter().enumerate();
    objectives.chain(limits.map(|(at, of)| ("constraints", at, &of.terms[..])))
}

/// Checks the sums against the scenario, as far as no runs are needed, and gathers what runs have to keep.
pub fn needed(document: &Document<SearchSpec>, scenario: &Scenario, report: &mut Report) -> Needs {
    let mut needs = Needs::default();
    for (table, at, terms) in sums(&document.spec) {
        let at = at.to_string();
        for (number, of) in terms.iter().enumerate() {
            let number = number.to_string();
            let problem = |key: &'static str, what| {
                document.error(&[table, &at, "terms", &number, key], what)
            };
            if !of.weight.is_finite() {
                let problem = problem("weight", text!("is-not-finite"));
                report.push(problem.value(of.weight));
            }
            gather(&statistic(of), &problem, scenario, &mut needs, report);
        }
    }
    needs
}

/// Finds the sums among what is kept of a run; what is found only here is groups that are not there.
pub fn found(
    document: &Document<SearchSpec>,
    comparison: &Comparison,
    kept: &[usize],
    report: &mut Report,
) -> Option<Vec<Sum>> {
    let all = sums(&document.spec).map(|(table, at, terms)| {
        let found = Sum::found(terms, comparison, kept);
        if found.is_none() {
            let at = at.to_string();
            for (number, of) in terms.iter().enumerate() {
                let statistic = statistic(of);
                if term(&statistic, comparison, kept).is_none() {
                    let known = groups(&statistic, comparison);
                    let group = of.group.as_deref().unwrap_or_default();
                    let nearest = report.near(group, known.iter().map(String::as_str));
                    let keys = [table, &at, "terms", &number.to_string(), "group"];
                    let problem = document.error(&keys, text!("target-no-group")).value(group);
                    report.push(problem.allowed(known.join(", ")).nearest(nearest));
                }
            }
        }
        found
    });
    let all: Vec<Option<Sum>> = all.collect();
    all.into_iter().collect()
}
