//! `pointplane compare --priors` and `--posterior`: a comparison over draws of the parameters.

use crate::experiment::request::{Compare, Over};
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
pub fn run(
    arguments: &Arguments,
    request: Compare,
    over: &Over,
    again: String,
    runner: &Runner,
) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let compared = runner
        .pool
        .install(|| compared(request, over, work.threads()));
    let compared = match compared {
        Ok(compared) => compared,
        Err(problems) => return wrong(&problems, of.json),
    };
    let (at_center, sweep) = (&compared.at_center, &compared.sweep);
    if !of.quiet {
        warn(&sweep.plan.warnings);
        let scenario = &at_center.request.model.scenario;
        say(&diffs::words(at_center, scenario, lang()));
    }
    let session = Session {
        kind: ResultKind::Sweep,
        work,
        say: *of,
        dir: ask.dir(at_center),
        retry_failed: true,
        again,
        months: None,
        width: None,
    };
    let (done, exit) = match session.carry_out(sweep, runner) {
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
