//! `pointplane compare --priors`, `--posterior` and `--variants`: a comparison over draws of the parameters and over
//! variants of the model.

use crate::experiment::request::Compare;
use crate::experiment::sweep::over::compared;
use crate::experiment::{Came, Runner};
use crate::report::answer::Answer;
use crate::store::{Folder, ResultKind};
use crate::texts::say;

use super::super::session::{Session, refused, warn};
use super::super::sweep::summary as shown;
use super::super::{Exit, lang, say, wrong};
use super::{Arguments, diffs};

/// Does the command.
pub fn run(arguments: &Arguments, request: Compare, again: String, runner: &Runner) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let compared = runner.pool.install(|| compared(request, work.threads()));
    let sweep = match compared {
        Ok(sweep) => sweep,
        Err(problems) => return wrong(&problems, of.json),
    };
    if !of.quiet {
        warn(&sweep.plan.warnings);
        let scenario = &ask.model.scenario;
        say(&diffs::words(&sweep.plan.comparison, scenario, lang()));
    }
    let session = Session {
        kind: ResultKind::Sweep,
        work,
        say: *of,
        dir: ask.dir(&sweep.plan.comparison),
        retry_failed: true,
        again,
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
    let folder = Folder::open(&session.dir);
    let made = folder.and_then(|folder| {
        let (manifest, summary, tables) = crate::experiment::sweep::summary::make(&folder)?;
        if of.json {
            return Ok(shown::json(&session.dir, &manifest, &summary, tables));
        }
        if !of.quiet {
            let answer = Answer::of_draws(&summary, &manifest, lang());
            let told = answer
                .map(|answer| answer.words(lang()))
                .unwrap_or_default();
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
