//! `pointplane compare --priors`, `--posterior`, `--variants` and `--break-even`: a comparison over draws of the
//! parameters, over variants of the model, or over the values of one parameter. Over draws and values of one parameter,
//! the look for these lies in the folder of the draws.

use std::path::{Path, PathBuf};

use crate::experiment::request::{BreakEven, Compare, Range, Request};
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::over::{compared_at, resolved};
use crate::experiment::sweep::summary::{LOOKS, make, worked_out};
use crate::experiment::{Came, Runner};
use crate::report::answer::{answered, main_slots};
use crate::shell::quote;
use crate::store::{Cell, Folder, ResultKind, StoreError};
use crate::texts::say;

use super::super::session::{Session, refused, warn};
use super::super::sweep::summary as shown;
use super::super::{Exit, lang, say, wrong};
use super::{Arguments, diffs};

/// Does the command.
pub fn run(arguments: &Arguments, request: Compare, runner: &Runner) -> Exit {
    let of = arguments.say;
    let request = match resolved(request) {
        Ok(request) => request,
        Err(problems) => return wrong(&problems, of.json),
    };
    let again = Request::Compare(request.clone()).command(arguments.ask.out.as_deref());
    let look = request
        .break_even
        .as_ref()
        .filter(|_| request.over.is_some());
    let Some(look) = look.map(|of| of.parameter.clone()) else {
        return match carried(arguments, &request, None, &again, runner) {
            Ok(dir) => told(arguments, &dir, &again),
            Err(exit) => exit,
        };
    };
    let draws = Compare {
        break_even: None,
        ..request.clone()
    };
    // What is wrong with the look is told before anything runs.
    let checked = runner.pool.install(|| compared_at(request.clone(), &[], 1));
    if let Err(problems) = checked {
        return wrong(&problems, of.json);
    }
    let done = carried(arguments, &draws, None, &again, runner).and_then(|dir| {
        let beside = dir.join(LOOKS).join(look);
        carried(arguments, &request, Some(beside), &again, runner)?;
        Ok(dir)
    });
    match done {
        Ok(dir) => told(arguments, &dir, &again),
        Err(exit) => exit,
    }
}

/// Carries a comparison out, in its own folder or in another; gives the folder.
///
/// # Errors
/// How the command ends; why has been told.
fn carried(
    arguments: &Arguments,
    request: &Compare,
    beside: Option<PathBuf>,
    again: &str,
    runner: &Runner,
) -> Result<PathBuf, Exit> {
    let Arguments { ask, work, say: of } = arguments;
    let look = request.break_even.as_ref();
    let look = look.and_then(|of| Some((of, of.range?)));
    let (mut work, mut more) = (work.clone(), Vec::new());
    let mut first = true;
    loop {
        let compared = |more: &[f64]| {
            let compared = || compared_at(request.clone(), more, work.threads());
            let compared = runner.pool.install(compared);
            compared.map_err(|problems| wrong(&problems, of.json))
        };
        let mut sweep = compared(&more)?;
        let dir = beside.clone();
        let dir = dir.unwrap_or_else(|| ask.dir(&sweep.plan.comparison));
        if first {
            if !of.quiet && beside.is_none() {
                warn(&sweep.plan.warnings);
                let scenario = &ask.model.scenario;
                say(&diffs::words(&sweep.plan.comparison, scenario, lang()));
            }
            if let Some((of_look, range)) = look.filter(|_| work.resume) {
                more = values_there(&dir, of_look, range, is_whole(&sweep))
                    .map_err(|error| refused("--out", true, of.json, &error.into()))?;
                sweep = compared(&more)?;
            }
        }
        let session = Session {
            kind: ResultKind::Sweep,
            work: &work,
            say: *of,
            dir,
            retry_failed: true,
            again: again.to_owned(),
            months: None,
            // Values between two others are points that nobody else asked for.
            extended: first,
            width: None,
        };
        first = false;
        let (done, exit) = session
            .carry_out(&sweep, runner)
            .map_err(|failure| refused("--out", work.resume, of.json, &failure))?;
        if !matches!(done.came, Came::There | Came::Made) {
            return Err(exit);
        }
        let between = |(_, range)| between(&session.dir, range, is_whole(&sweep));
        match look.map(between) {
            Some(Ok(next)) if !next.is_empty() => more.extend(next),
            Some(Err(error)) => return Err(refused("--out", false, of.json, &error.into())),
            _ => return Ok(session.dir),
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
fn values_there(
    dir: &Path,
    of: &BreakEven,
    range: Range,
    whole: bool,
) -> Result<Vec<f64>, StoreError> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let folder = Folder::open(dir)?;
    let asked = Request::of(folder.manifest());
    let same = |request: &Request| matches!(request, Request::Compare(compare) if compare.break_even.as_ref() == Some(of));
    if !asked.as_ref().is_some_and(same) {
        return Ok(Vec::new());
    }
    let first = range.values(whole);
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
fn between(dir: &Path, range: Range, whole: bool) -> Result<Vec<f64>, StoreError> {
    let folder = Folder::open(dir)?;
    let (_, summary) = worked_out(&folder)?;
    Ok(summary.between_signs(&main_slots(&summary), range.least(whole), whole))
}

/// Shows what came of it.
fn told(arguments: &Arguments, dir: &Path, again: &str) -> Exit {
    let of = arguments.say;
    let folder = Folder::open(dir);
    let made = folder.and_then(|folder| {
        let (manifest, summary, tables) = make(&folder)?;
        if of.json {
            return Ok(shown::json(dir, &manifest, &summary, tables));
        }
        if !of.quiet {
            let told = answered(&summary, &manifest, lang());
            let shown = dir.display().to_string();
            let head = say!(lang(), "tables-in", dir = shown);
            let folder = quote(&dir.to_string_lossy());
            let more = say!(lang(), "over-more", folder);
            let again = say!(lang(), "again", command = format!("{again} --resume"));
            say(&format!("\n{head}\n{more}\n{again}\n\n{told}"));
        }
        Ok(Exit::Done)
    });
    made.unwrap_or_else(|error| refused("--out", false, of.json, &error.into()))
}
