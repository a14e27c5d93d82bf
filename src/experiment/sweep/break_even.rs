//! Where break-even values are looked for, and where the other parameters are meanwhile.

use std::path::Path;

use crate::design::{Distribution, Level, nearest_the_mean};
use crate::experiment::request::{BreakEven, Compare, Model, Over, Range};
use crate::scenario::problem::Report;
use crate::scenario::{Document, ParameterRow, Problem, Problems, Takes, load, parameter_table};
use crate::texts::{Text, text};

use super::made::{BREAK_EVEN, posterior};
use super::parameters::{matches, rows_of};
use super::read::dotted;
use super::spec::{PlanSpec, VariesSpec};

/// Probability below and above the range of a parameter whose distribution has no end.
const TAIL: f64 = 0.025;

/// Whether a parameter takes whole numbers only.
pub fn is_whole(parameter: &str) -> bool {
    let table = parameter_table();
    let mut rows = table.iter();
    rows.any(|row| matches(&row.key, parameter) && row.takes == Takes::Whole)
}

/// The request with a range for its break-even values: where none was given, that of the priors, or of the draws of the
/// posterior.
///
/// # Errors
/// That the range is none, or that the parameter is not drawn.
pub fn resolved(mut request: Compare) -> Result<Compare, Problems> {
    let Some(of) = &mut request.break_even else {
        return Ok(request);
    };
    let mut report = Report::default();
    if of.range.is_none() {
        of.range = match &request.over {
            Some(Over::Priors { plan, .. }) => {
                let document: Option<Document<PlanSpec>> =
                    Document::read(plan, &dotted(), &mut report);
                document.and_then(|document| of_priors(&document.spec, of, plan, &mut report))
            }
            Some(Over::Posterior { table, .. }) => {
                of_posterior(table, of, &rows_at(&request.model), &mut report)
            }
            None => {
                report.push(wrong(of, text!("range-of-no-draws")).allowed("KEY=FROM..TO"));
                None
            }
        };
    }
    if let Some(Range { from, to }) = of.range
        && from >= to
    {
        report.push(wrong(of, text!("range-backwards")).allowed("KEY=FROM..TO"));
    }
    match report.errors() {
        0 => Ok(request),
        _ => Err(report.finish()),
    }
}

fn wrong(of: &BreakEven, what: impl Into<Text>) -> Problem {
    Problem::error(BREAK_EVEN, what).value(of.words())
}

/// That a parameter is not among those that are drawn.
fn not_drawn<'k>(
    of: &BreakEven,
    file: &Path,
    known: impl Iterator<Item = &'k str>,
    report: &mut Report,
) {
    let known: Vec<&str> = known.collect();
    let nearest = report.near(&of.parameter, known.iter().copied());
    let problem = wrong(
        of,
        text!("range-not-drawn", file = file.display().to_string()),
    );
    let allowed = text!("range-drawn-or", keys = known.join(", "));
    report.push(problem.allowed(allowed).nearest(nearest));
}

/// From the least to the largest value that the priors give; of a distribution without an end to its quantile.
fn of_priors(spec: &PlanSpec, of: &BreakEven, plan: &Path, report: &mut Report) -> Option<Range> {
    let varies = spec.parameters.get(&of.parameter);
    let varies = varies.and_then(|parameter| parameter.varies.as_ref());
    let ends = match varies {
        Some(VariesSpec::Distribution(distribution)) => ends(distribution),
        Some(VariesSpec::Steps { from, to, .. }) => Some([*from, *to]),
        Some(VariesSpec::Levels { levels }) => ends_of(levels.iter().filter_map(Level::number)),
        None => None,
    };
    match ends {
        Some([from, to]) => Some(Range { from, to }),
        None => {
            not_drawn(of, plan, spec.parameters.keys().map(String::as_str), report);
            None
        }
    }
}

fn ends(distribution: &Distribution) -> Option<[f64; 2]> {
    let (low, high) = distribution.span()?;
    let end = |end: f64, share| match end.is_finite() {
        true => Some(end),
        false => distribution.quantile(share, false).number(),
    };
    Some([end(low, TAIL)?, end(high, 1.0 - TAIL)?])
}

fn ends_of(values: impl Iterator<Item = f64> + Clone) -> Option<[f64; 2]> {
    let low = values.clone().reduce(f64::min)?;
    Some([low, values.reduce(f64::max)?])
}

/// Keys and rows of a table of draws.
fn draws(
    table: &Path,
    known: &[ParameterRow],
    report: &mut Report,
) -> Option<(Vec<String>, Vec<Vec<Level>>)> {
    let document = posterior(table, None, report)?;
    let name = table.to_string_lossy();
    let (parameters, rows) = super::list::read(&document, &name, None, known, report)?;
    let keys = parameters.into_iter().map(|parameter| parameter.key);
    Some((keys.collect(), rows))
}

/// The parameters of a scenario. What is wrong with it is told when it is checked.
fn rows_at(model: &Model) -> Vec<ParameterRow> {
    let loaded = load(&model.scenario, &[], &model.sets());
    let table = parameter_table();
    match loaded {
        Ok(loaded) => rows_of(&loaded.scenario, table),
        Err(_) => table,
    }
}

fn of_posterior(
    table: &Path,
    of: &BreakEven,
    known: &[ParameterRow],
    report: &mut Report,
) -> Option<Range> {
    let (keys, rows) = draws(table, known, report)?;
    let at = keys.iter().position(|key| *key == of.parameter);
    let values = |at: usize| rows.iter().filter_map(move |row| row[at].number());
    match at.and_then(|at| ends_of(values(at))) {
        Some([from, to]) => Some(Range { from, to }),
        None => {
            not_drawn(of, table, keys.iter().map(String::as_str), report);
            None
        }
    }
}

/// The draw nearest the mean of all, in standard deviations: its values of all parameters but one.
pub fn centre(table: &Path, model: &Model, but: &str, report: &mut Report) -> Vec<(String, Level)> {
    let Some((keys, rows)) = draws(table, &rows_at(model), report) else {
        return Vec::new();
    };
    let row = nearest_the_mean(&rows).map_or(&[][..], |at| &rows[at]);
    let values = keys.into_iter().zip(row.iter().cloned());
    values.filter(|(key, _)| key != but).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_without_an_end_is_looked_at_to_its_quantile() {
        let normal = Distribution::Normal {
            mean: 1.0,
            sd: 2.0,
            min: Some(0.0),
            max: None,
        };
        let [low, high] = ends(&normal).unwrap();
        assert_eq!(low, 0.0);
        assert!(high > 4.0 && high < 6.0, "{high}");
    }
}
