//! `pointplane sweep merge`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::store::sweep::{Merged, Wanted, merge};
use crate::texts::say;

use super::super::session::quote;
use super::super::{Exit, lang, print_json, say};
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
        say(&say!(lang(), "merged-damaged", what = damaged));
    }
    for foreign in &merged.foreign {
        say(&say!(lang(), "merged-foreign", path = foreign));
    }
    let folder = quote(&dir.to_string_lossy());
    if merged.complete {
        if !quiet {
            say(&say!(
                lang(),
                "merged-all",
                runs,
                dir = dir.display().to_string()
            ));
            say(&say!(lang(), "merged-read", folder));
        }
    } else {
        say(&say!(
            lang(),
            "merged-some",
            done,
            runs,
            failed,
            missing,
            dir = dir.display().to_string()
        ));
        if failed > 0 {
            say(say!(lang(), "merged-failed"));
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
