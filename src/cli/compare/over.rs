//! `pointplane compare --priors`, `--posterior`, `--variants` and `--break-even`: a comparison over draws of the
//! parameters, over variants of the model, or over the values of one parameter.

use std::path::Path;

use crate::experiment::request::{BreakEven, Compare, Request};
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::over::compared_at;
use crate::experiment::sweep::summary::{make, worked_out};
use crate::experiment::{Came, Runner};
use crate::report::answer::{answered, main_slots};
use crate::store::{Cell, Folder, ResultKind, StoreError};
use crate::texts::say;

use super::super::session::{Session, refused, warn};
use super::super::sweep::summary as shown;
use super::super::{Exit, lang, say, wrong};
use super::{Arguments, diffs};

/// Does the command.
pub fn run(arguments: &Arguments, request: Compare, again: String, runner: &Runner) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let turning = request.break_even.clone();
    let (mut work, mut more) = (work.clone(), Vec::new());
    let mut first = true;
    loop {
        let compared = |more: &[f64]| {
            let compared = || compared_at(request.clone(), more, work.threads());
            runner.pool.install(compared)
        };
        let mut sweep = match compared(&more) {
            Ok(sweep) => sweep,
            Err(problems) => return wrong(&problems, of.json),
        };
        let dir = ask.dir(&sweep.plan.comparison);
        if first {
            if !of.quiet {
                warn(&sweep.plan.warnings);
                let scenario = &ask.model.scenario;
                say(&diffs::words(&sweep.plan.comparison, scenario, lang()));
            }
            if let Some(turning) = turning.as_ref().filter(|_| work.resume) {
                more = match values_there(&dir, turning, is_whole(&sweep)) {
                    Ok(there) => there,
                    Err(error) => return refused("--out", true, of.json, &error.into()),
                };
                sweep = match compared(&more) {
                    Ok(sweep) => sweep,
                    Err(problems) => return wrong(&problems, of.json),
                };
            }
            first = false;
        }
        let session = Session {
            kind: ResultKind::Sweep,
            work: &work,
            say: *of,
            dir,
            retry_failed: true,
            again: again.clone(),
            months: None,
            width: None,
        };
        let (done, exit) = match session.carry_out(&sweep, runner) {
            Ok(done) => done,
            Err(failure) => return refused("--out", work.resume, of.json, &failure),
        };
        if !matches!(done.came, Came::There | Came::Made) {
            return exit;
        }
        let between = |of| between(&session.dir, of, is_whole(&sweep));
        match turning.as_ref().map(between) {
            Some(Ok(next)) if !next.is_empty() => more.extend(next),
            Some(Err(error)) => return refused("--out", false, of.json, &error.into()),
            _ => return told(&session, exit),
        }
        // What is there is gone on with.
        work = work.resumed();
    }
}

/// Whether the parameter that is looked at takes whole numbers only.
fn is_whole(sweep: &Sweep) -> bool {
    sweep.plan.parameters.first().is_some_and(|of| of.whole)
}

/// Values between those of the first look that a folder has already, where it holds the same look; a folder of anything
/// else is told when it is opened for work.
fn values_there(dir: &Path, of: &BreakEven, whole: bool) -> Result<Vec<f64>, StoreError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let folder = Folder::open(dir)?;
    let asked = Request::of(folder.manifest());
    let same = |request: &Request| matches!(request, Request::Compare(compare) if compare.break_even.as_ref() == Some(of));
    if !asked.as_ref().is_some_and(same) {
        return Ok(Vec::new());
    }
    let first = of.values(whole);
    let new = |value: &f64| !first.contains(value);
    let values = folder
        .design()?
        .into_iter()
        .filter_map(|row| match row.values.first()? {
            Cell::Number(value) => Some(*value).filter(new),
            Cell::Text(_) => None,
        });
    Ok(values.collect())
}

/// Values between those at which an effect changes its sign.
fn between(dir: &Path, of: &BreakEven, whole: bool) -> Result<Vec<f64>, StoreError> {
    let folder = Folder::open(dir)?;
    let (_, summary) = worked_out(&folder)?;
    Ok(summary.between_signs(&main_slots(&summary), of.least(whole), whole))
}

/// Shows what came of it.
fn told(session: &Session<'_>, exit: Exit) -> Exit {
    let of = session.say;
    let folder = Folder::open(&session.dir);
    let made = folder.and_then(|folder| {
        let (manifest, summary, tables) = make(&folder)?;
        if of.json {
            return Ok(shown::json(&session.dir, &manifest, &summary, tables));
        }
        if !of.quiet {
            let told = answered(&summary, &manifest, lang());
            let dir = session.dir.display().to_string();
            let head = say!(lang(), "tables-in", dir);
            let more = say!(lang(), "over-more");
            let again = say!(lang(), "again", command = session.again);
            say(&format!("\n{head}\n{more}\n{again}\n\n{told}"));
        }
        Ok(exit)
    });
    made.unwrap_or_else(|error| refused("--out", false, of.json, &error.into()))
}
