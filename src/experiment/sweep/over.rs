//! A comparison over draws of the parameters: a sweep whose points are the draws, over the layouts of the comparison.
//! Each draw meets a few replicates of a pool, and all layouts of a draw meet the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::design::{Kind, LEAST_EACH, Pool};
use crate::experiment::compare;
use crate::experiment::request::{Compare, OF_DRAW, Over, Request};
use crate::measure::OUTCOMES;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Problem, Problems};
use crate::texts::text;

use super::read::{check_plan, dotted};
use super::spec::{GroupsSpec, PlanSpec};
use super::{Plan, Sweep};

/// A comparison over draws, checked.
#[derive(Debug)]
pub struct Compared {
    /// The layouts at the scenario's own parameters.
    pub at_center: compare::Plan,
    /// What is run.
    pub sweep: Sweep,
}

/// Loads and checks everything.
///
/// # Errors
/// All that is wrong with the request, the scenario, any layout, or with pairing them; then all that is wrong with what
/// the parameters are drawn from.
pub fn compared(request: Compare, over: &Over, threads: u32) -> Result<Compared, Problems> {
    let mut report = Report::default();
    enough(&request, over, &mut report);
    let at_center = match compare::plan(request.clone(), threads) {
        Ok(plan) if report.errors() == 0 => plan,
        Ok(_) => return Err(report.finish()),
        Err(problems) => {
            report.add(problems);
            return Err(report.finish());
        }
    };
    let document = match over {
        Over::Priors { plan, .. } => Document::read(plan, &dotted(), &mut report),
        Over::Posterior { table } => posterior(table, &mut report),
    };
    let Some(mut document) = document.filter(|_| report.errors() == 0) else {
        return Err(report.finish());
    };
    let firms = at_center.comparison.firms();
    ask(&mut document, &request, over, firms, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let plan = check_plan(document, threads, report)?;
    not_set_twice(&plan, &at_center)?;
    let sweep = Sweep {
        request: Request::Compare(request),
        plan: Arc::new(plan),
    };
    Ok(Compared { at_center, sweep })
}

/// Whether there are enough replicates of a draw, and enough draws for these.
fn enough(request: &Compare, over: &Over, report: &mut Report) {
    let each = request.replicates.unwrap_or(OF_DRAW);
    if each < LEAST_EACH {
        let problem = Problem::error("--replicates", text!("pool-replicates")).value(each);
        report.push(problem.allowed(text!("range-least", least = LEAST_EACH)));
    }
    let least = Pool::new(each.max(LEAST_EACH)).points();
    if let Over::Priors { draws, .. } = over
        && *draws < least
    {
        let problem = Problem::error("--draws", text!("pool-points")).value(draws);
        report.push(problem.allowed(text!("range-least", least)));
    }
}

/// A plan whose design is the rows of a table of draws.
fn posterior(table: &Path, report: &mut Report) -> Option<Document<PlanSpec>> {
    let file = toml::Value::String(table.to_string_lossy().into_owned());
    let text = format!(
        "name = \"posterior\"\nscenario = \"\"\n[design]\nkind = \"list\"\ndraws = true\nfile = {file}\n"
    );
    Document::of(text, "--posterior", PathBuf::from("."), &dotted(), report)
}

/// Makes the plan that of the comparison: its scenario, layouts and outcomes, as many draws as are asked for.
fn ask(
    document: &mut Document<PlanSpec>,
    request: &Compare,
    over: &Over,
    firms: bool,
    report: &mut Report,
) {
    let spec = &mut document.spec;
    spec.scenario = request.model.scenario.to_string_lossy().into_owned();
    spec.layouts = vec![request.baseline.clone()];
    let others = request
        .layouts
        .iter()
        .filter(|word| **word != request.baseline);
    spec.layouts.extend(others.cloned());
    spec.baseline = Some(request.baseline.clone());
    spec.replicates = request.replicates.unwrap_or(OF_DRAW);
    spec.pool = true;
    spec.seed = request.model.seed;
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
    spec.monthly = None;
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
    if let Over::Priors { draws, .. } = over {
        spec.design.kind = Kind::Random { points: *draws };
    }
    document.folder = PathBuf::from(".");
    document.text = toml::to_string(&document.spec).unwrap_or_default();
}

/// Refuses a parameter that is drawn and that a layout or the command line sets: one of the two would not count.
fn not_set_twice(plan: &Plan, at_center: &compare::Plan) -> Result<(), Problems> {
    let mut report = Report::default();
    for parameter in &plan.parameters {
        for side in &at_center.comparison.sides {
            if side.loaded.is_overlaid(&parameter.key) {
                let at = side.loaded.set_at(&parameter.key).unwrap_or_default();
                let what = text!("drawn-and-set", layout = side.name);
                let problem = Problem::error(at, what).key(&parameter.key);
                report.push(problem.allowed(text!("drawn-or-set")));
            }
        }
    }
    match report.errors() {
        0 => Ok(()),
        _ => Err(report.finish()),
    }
}
