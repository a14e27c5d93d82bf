//! A comparison over more than luck: over draws of the parameters, over variants of the model, or both. It is a sweep
//! over the layouts of the comparison, whose points are the draws. Each draw meets a few replicates of a pool, and all
//! layouts and variants of a draw meet the same.

use std::path::PathBuf;
use std::sync::Arc;

use crate::design::{Kind, LEAST_EACH, Level, Pool};
use crate::experiment::compare::{Checked, check};
use crate::experiment::request::{Compare, OF_DRAW, Over, Request};
use crate::measure::OUTCOMES;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Loaded, Problem, Problems};
use crate::store::Format;
use crate::texts::text;

use super::Sweep;
pub use super::break_even::resolved;
use super::break_even::{centre, is_whole};
use super::made::{BREAK_EVEN, VARIANTS, grid, named, posterior};
use super::read::{check_plan, dotted};
use super::spec::{FormatSpec, GroupsSpec, MonthlySpec, ParameterSpec, PlanSpec, VariesSpec};

/// Loads and checks everything.
///
/// # Errors
/// All that is wrong with the request, the scenario, any layout, or with pairing them; then all that is wrong with what
/// the parameters are drawn from, with the variants and with the targets.
pub fn compared(request: Compare, threads: u32) -> Result<Sweep, Problems> {
    compared_at(request, &[], threads)
}

/// The same with more values of the parameter whose break-even values are looked for.
///
/// # Errors
/// As [`compared`].
pub fn compared_at(request: Compare, more: &[f64], threads: u32) -> Result<Sweep, Problems> {
    let request = resolved(request)?;
    let given = request.clone();
    let problems = |problems: Problems| Problems {
        problems: named(
            problems.problems,
            given.posterior(),
            given.break_even.as_ref(),
        ),
        ..problems
    };
    laid(request, more, threads).map_err(problems)
}

fn laid(request: Compare, more: &[f64], threads: u32) -> Result<Sweep, Problems> {
    let mut report = Report::default();
    enough(&request, &mut report);
    let targets = match (&request.value_of_information, request.draws()) {
        (Some(path), Some(_)) => Document::read(path, &[], &mut report),
        _ => None,
    };
    let checked = match check(&request, threads) {
        Ok(checked) if report.errors() == 0 => checked,
        Ok(_) => return Err(report.finish()),
        Err(problems) => {
            report.add(problems);
            return Err(report.finish());
        }
    };
    let document = match (request.draws(), &request.break_even) {
        (Some(Over::Priors { plan, .. }), _) => Document::read(plan, &dotted(), &mut report),
        (Some(Over::Posterior { table, draws }), _) => posterior(table, *draws, &mut report),
        (None, Some(_)) => grid(BREAK_EVEN, &mut report),
        (None, None) => grid(VARIANTS, &mut report),
    };
    let Some(mut document) = document.filter(|_| report.errors() == 0) else {
        return Err(report.finish());
    };
    ask(&mut document, &request, &checked, &mut report);
    if let Some((of, range)) = request
        .break_even
        .as_ref()
        .and_then(|of| Some((of, of.range?)))
    {
        // The others are at the centre of the posterior, where there is one.
        if let Some(Over::Posterior { table, .. }) = &request.over {
            let centre = centre(table, &request.model, &of.parameter, &mut report);
            document.spec.set.extend(centre);
        }
        let values = range.values(is_whole(&of.parameter)).into_iter();
        let values = values.chain(more.iter().copied());
        let levels = values.map(Level::Number).collect();
        let varies = Some(VariesSpec::Levels { levels });
        let parameter = ParameterSpec {
            varies,
            column: None,
        };
        let parameters = &mut document.spec.parameters;
        parameters.insert(of.parameter.clone(), parameter);
        document.text = toml::to_string(&document.spec).unwrap_or_default();
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let mut plan = check_plan(document, targets, threads, report)?;
    let look = request.break_even.as_ref();
    plan.warnings = named(plan.warnings, request.posterior(), look);
    let sides = checked.named.iter();
    let sides = sides.map(|side| (side.name.as_str(), &side.loaded));
    not_set_twice(&plan.parameters, sides, look.is_some())?;
    Ok(Sweep {
        request: Request::Compare(request),
        plan: Arc::new(plan),
    })
}

/// Whether there are enough replicates of a draw, and enough draws for these.
fn enough(request: &Compare, report: &mut Report) {
    let Some(over) = request.draws() else {
        if let Some(targets) = &request.value_of_information
            && request.over.is_none()
        {
            let problem = Problem::error("--value-of-information", text!("information-of-draws"));
            report.push(
                problem
                    .value(targets.display())
                    .allowed("--priors, --posterior"),
            );
        }
        return;
    };
    let each = request.replicates.unwrap_or(OF_DRAW);
    enough_of_each(each, report);
    let least = Pool::new(each.max(LEAST_EACH)).points();
    if let Over::Priors { draws, .. } = over
        && *draws < least
    {
        let problem = Problem::error("--draws", text!("pool-points")).value(draws);
        report.push(problem.allowed(text!("range-least", least)));
    }
}

/// Whether there are enough replicates of a draw.
pub(super) fn enough_of_each(each: u32, report: &mut Report) {
    if each < LEAST_EACH {
        let problem = Problem::error("--replicates", text!("pool-replicates")).value(each);
        report.push(problem.allowed(text!("range-least", least = LEAST_EACH)));
    }
}

/// Makes the plan that of the comparison: its scenario, layouts, variants and outcomes, as many draws as are asked for.
fn ask(
    document: &mut Document<PlanSpec>,
    request: &Compare,
    checked: &Checked,
    report: &mut Report,
) {
    let spec = &mut document.spec;
    // The plan's own title is of its own layouts.
    (spec.title, spec.title_zh) = Default::default();
    spec.scenario = request.model.scenario.to_string_lossy().into_owned();
    spec.layouts = vec![request.baseline.clone()];
    let others = request
        .layouts
        .iter()
        .filter(|word| **word != request.baseline);
    spec.layouts.extend(others.cloned());
    spec.baseline = Some(request.baseline.clone());
    spec.variants = request.variants.clone();
    let base = checked.named.first().map(|named| &named.loaded.scenario);
    let (drawn, look) = (request.draws().is_some(), request.break_even.is_some());
    let usual = match base {
        Some(base) if !drawn => base.replicates,
        _ => OF_DRAW,
    };
    // Beside draws, --replicates is of each draw.
    let asked = request
        .replicates
        .filter(|_| !(look && request.over.is_some()));
    spec.replicates = asked.unwrap_or(usual);
    (spec.first_replicate, spec.pool) = (0, drawn);
    spec.seed = request.model.seed;
    spec.format = match request.format {
        Format::Csv => FormatSpec::Csv,
        Format::Parquet => FormatSpec::Parquet,
    };
    let mut sides = checked.named.iter();
    let firms = sides.any(|named| named.loaded.scenario.firms.is_some());
    spec.outcomes = (OUTCOMES.iter())
        .filter(|outcome| firms || !outcome.value.of_firms())
        .map(|outcome| outcome.name.to_owned())
        .collect();
    spec.horizons = request
        .horizons
        .iter()
        .filter_map(|month| month.parse().ok())
        .collect();
    spec.groups = vec![GroupsSpec::Area, GroupsSpec::Membership];
    // Paths of the main measures, of each year.
    spec.monthly = drawn.then(|| MonthlySpec {
        every: 12,
        measures: (OUTCOMES.iter())
            .filter(|outcome| outcome.compared && outcome.monthly.is_some())
            .filter(|outcome| firms || !outcome.value.of_firms())
            .map(|outcome| outcome.name.to_owned())
            .collect(),
    });
    for written in &request.model.set {
        let (key, value) = written.split_once('=').unwrap_or((written, ""));
        let parsed: Result<toml::Table, _> = format!("value = {value}").parse();
        let value = parsed.ok().and_then(|mut table| table.remove("value"));
        let value =
            value.unwrap_or_else(|| toml::Value::String(written[key.len()..].replacen('=', "", 1)));
        match value.try_into() {
            Ok(level) => {
                spec.set.insert(key.trim().to_owned(), level);
            }
            Err(_) => report.push(Problem::error("--set", text!("set-of-draws")).value(written)),
        }
    }
    if let Some(Over::Priors { draws, .. }) = request.draws() {
        spec.design.kind = Kind::Random { points: *draws };
    }
    document.folder = PathBuf::from(".");
    document.text = toml::to_string(&document.spec).unwrap_or_default();
}

/// Refuses a parameter that is drawn or varied and that a layout or the command line sets: one of the two would not
/// count.
pub(super) fn not_set_twice<'l>(
    parameters: &[super::Parameter],
    sides: impl Iterator<Item = (&'l str, &'l Loaded)> + Clone,
    varied: bool,
) -> Result<(), Problems> {
    let mut report = Report::default();
    for parameter in parameters {
        for (layout, loaded) in sides.clone() {
            if loaded.is_overlaid(&parameter.key) {
                let at = loaded.set_at(&parameter.key).unwrap_or_default();
                let (what, instead) = match varied {
                    true => (text!("varied-and-set", layout), text!("varied-or-set")),
                    false => (text!("drawn-and-set", layout), text!("drawn-or-set")),
                };
                let problem = Problem::error(at, what).key(&parameter.key);
                report.push(problem.allowed(instead));
            }
        }
    }
    match report.errors() {
        0 => Ok(()),
        _ => Err(report.finish()),
    }
}
