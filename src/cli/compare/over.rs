//! `pointplane compare --priors`, `--posterior` and `--variants`: a comparison over draws of the parameters and over
//! variants of the model.

use std::path::Path;

use crate::experiment::request::{BreakEven, Compare};
use crate::experiment::sweep::over::compared_at;
use crate::experiment::sweep::summary::make;
use crate::experiment::{Came, Runner};
use crate::report::answer::{Answer, main_slots, turning_words};
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
    let mut more = match &turning {
        Some(of) => values_there(arguments, of),
        None => Vec::new(),
    };
    let mut work = work.clone();
    loop {
        let compared = runner
            .pool
            .install(|| compared_at(request.clone(), &more, work.threads()));
        let sweep = match compared {
            Ok(sweep) => sweep,
            Err(problems) => return wrong(&problems, of.json),
        };
        let begun = work.resume && turning.is_some() && !arguments.work.resume;
        if !of.quiet && !begun {
            warn(&sweep.plan.warnings);
            let scenario = &ask.model.scenario;
            say(&diffs::words(&sweep.plan.comparison, scenario, lang()));
        }
        let session = Session {
            kind: ResultKind::Sweep,
            work: &work,
            say: *of,
            dir: ask.dir(&sweep.plan.comparison),
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
        let next = turning.as_ref().map(|of| between(&session.dir, of));
        match next {
            Some(Ok(next)) if !next.is_empty() => more.extend(next),
            Some(Err(error)) => return refused("--out", false, of.json, &error.into()),
            _ => return told(&session, exit),
        }
        // What is there is gone on with.
        work = work.resumed();
    }
}

/// Values of the parameter that an interrupted look has already.
fn values_there(arguments: &Arguments, of: &BreakEven) -> Vec<f64> {
    let dir = arguments.ask.out.clone().filter(|_| arguments.work.resume);
    let folder = dir.and_then(|dir| Folder::open(&dir).ok());
    let rows = folder.and_then(|folder| folder.design().ok());
    let first = of.values();
    let values =
        rows.unwrap_or_default()
            .into_iter()
            .filter_map(|row| match row.values.first()? {
                Cell::Number(value) => Some(*value).filter(|value| !first.contains(value)),
                Cell::Text(_) => None,
            });
    values.collect()
}

/// Values between those at which an effect changes its sign.
fn between(dir: &Path, of: &BreakEven) -> Result<Vec<f64>, StoreError> {
    let folder = Folder::open(dir)?;
    let (_, summary, _) = make(&folder)?;
    Ok(summary.between_signs(&main_slots(&summary), of.least()))
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
            let answer = Answer::of_draws(&summary, &manifest, lang());
            let told = match answer {
                Some(answer) => answer.words(lang()),
                None => turning_words(&summary, &manifest, lang()),
            };
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
