//! `pointplane sweep merge`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::store::sweep::{Merged, Wanted, merge};

use super::super::session::quote;
use super::super::{Exit, print_json, say};
use super::common::{self, Opened};

/// Arguments of `sweep merge`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep merge results/sensitivity

It may be given at any time, also while workers are at it: it takes what is finished. The files of the
workers are kept, so that points and replicates can be added. The tables do not depend on how many
workers there were, on what became of them, or on the order of their files.
Exit codes: 0 every run is done, 3 some failed or are missing.")]
pub struct Arguments {
    /// Folder of the sweep
    dir: PathBuf,
    /// Say nothing but problems
    #[arg(long)]
    quiet: bool,
    /// Print what was merged as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    match common::open(&arguments.dir, arguments.json) {
        Ok(opened) => merge_and_say(&opened, &arguments.dir, arguments.quiet, arguments.json),
        Err(exit) => exit,
    }
}

/// Merges, and says what came of it.
pub fn merge_and_say(opened: &Opened, dir: &Path, quiet: bool, json: bool) -> Exit {
    let Opened {
        manifest,
        index,
        points,
    } = opened;
    let command = |key| common::command(manifest, index, key);
    let wanted = Wanted {
        index,
        points,
        command: &command,
    };
    let merged = match merge(dir, manifest, &wanted) {
        Ok(merged) => merged,
        Err(error) => return common::refused(&error, json),
    };
    let Merged {
        runs,
        done,
        failed,
        missing,
        ..
    } = merged;
    for damaged in &merged.damaged {
        say(&format!(
            "warning: {damaged}: set aside; --resume runs again what was only in it"
        ));
    }
    for foreign in &merged.foreign {
        say(&format!(
            "warning: {foreign} is of another sweep: left alone"
        ));
    }
    let folder = quote(&dir.to_string_lossy());
    if merged.complete {
        if !quiet {
            say(&format!(
                "all {runs} runs are done; the tables are in {}",
                dir.display()
            ));
            say(&format!(
                "read them with: pointplane sweep summary {folder}"
            ));
        }
    } else {
        say(&format!(
            "{done} of {runs} runs are done, {failed} failed, {missing} are missing; the tables in {} hold what is there",
            dir.display()
        ));
        if failed > 0 {
            say(
                "the table runs says why they failed and how to make each again; --retry-failed tries once more",
            );
        }
    }
    if json {
        let exit = print_json(&merged);
        if exit != Exit::Done {
            return exit;
        }
    }
    if merged.complete {
        Exit::Done
    } else {
        Exit::Partly
    }
}
