//! What commands that run jobs have in common: threads, failures, the words of a results folder.

use std::path::Path;

use crate::experiment::{Job, Outcome, Session};
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem};
use crate::store::{Input, RunFacts, Store, StoreError};
use crate::texts::{say, text};

pub use crate::cluster::words::quote;

use super::{Exit, lang, say, wrong};

/// The command, word by word.
pub fn command_line() -> Vec<String> {
    std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// The files that scenarios were read from, each once. One that changed between two readings stands
/// there with both checksums.
pub fn inputs<'l>(loaded: impl IntoIterator<Item = &'l Loaded>) -> Vec<Input> {
    let mut list: Vec<Input> = Vec::new();
    for file in loaded.into_iter().flat_map(|loaded| &loaded.inputs) {
        let input = Input {
            path: file.path.clone(),
            sha256: file.sha256.clone(),
        };
        if !list.contains(&input) {
            list.push(input);
        }
    }
    list
}

/// Opens a results folder, to begin in it or to complete what is there.
pub fn open(dir: &Path, facts: RunFacts, resume: bool, force: bool) -> Result<Store, StoreError> {
    if resume {
        Store::resume(dir, facts)
    } else {
        Store::create(dir, facts, force)
    }
}

/// So many threads to run jobs on.
///
/// # Errors
/// How the command ends; that there are no such threads has been said.
pub fn session(threads: u32) -> Result<Session, Exit> {
    Session::new(threads).map_err(|error| {
        say(&say!(
            lang(),
            "threads-none",
            threads,
            error = error.to_string()
        ));
        Exit::Failed
    })
}

/// Says how much is there of what is resumed.
pub fn say_resuming(store: &Store, replicates: u32) {
    let torn = match store.discarded().len() {
        0 => String::new(),
        torn => say!(lang(), "resuming-damaged", n = torn),
    };
    say(&say!(
        lang(),
        "resuming",
        some = store.finished().len(),
        all = replicates,
        torn
    ));
}

/// Says which jobs failed, why, and what is done about it; `name` names one.
pub fn say_failed(outcome: &Outcome, name: &dyn Fn(Job) -> String) {
    for (job, why) in &outcome.failures {
        say(&say!(lang(), "job-failed", job = name(*job), why));
    }
    let more = outcome.failed - outcome.failures.len() as u64;
    if more > 0 {
        say(&say!(lang(), "more-failed", more));
    }
}

/// Says why the results folder cannot be used.
pub fn refused(resume: bool, json: bool, error: &StoreError) -> Exit {
    let advice = match error {
        StoreError::NotARun { .. } if resume => text!("without-resume"),
        _ => "".into(),
    };
    let mut report = Report::default();
    report.push(Problem::error(
        "--out",
        text!("refused-advice", error = error.to_string(), advice),
    ));
    let exit = wrong(&report.finish(), json);
    match error {
        StoreError::Io { .. } | StoreError::DiskFull { .. } => Exit::Failed,
        _ => exit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_of_several_layouts_are_named_once() {
        let of = |layout: &str| {
            let scenario = Path::new("scenarios/minimal");
            crate::scenario::load(
                scenario,
                &crate::scenario::layout_files(scenario, layout),
                &[],
            )
            .unwrap()
        };
        let (base, none) = (of("base"), of("none"));
        let one = inputs([&base]).len();
        assert_eq!(inputs([&base, &none, &base]).len(), one + 1);
        // A file that changed in between is seen.
        let mut changed = base.clone();
        changed.inputs[0].sha256 = "other".into();
        assert_eq!(inputs([&base, &changed]).len(), one + 1);
    }
}
