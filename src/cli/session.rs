//! What commands that run replicates have in common: threads, Ctrl-C, the words of a results folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use clap::ValueEnum;

use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem};
use crate::store::{Format, Input, RunFacts, Store, StoreError};

pub use crate::cluster::words::quote;

use super::{Exit, say, wrong};

/// File formats on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated text.
    Csv,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Parquet => Self::Parquet,
            FileFormat::Csv => Self::Csv,
        }
    }
}

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

/// All cores.
pub fn cores() -> u32 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as u32)
}

/// Opens a results folder, to begin in it or to complete what is there.
pub fn open(dir: &Path, facts: RunFacts, resume: bool, force: bool) -> Result<Store, StoreError> {
    if resume {
        Store::resume(dir, facts)
    } else {
        Store::create(dir, facts, force)
    }
}

/// Does the work on so many threads.
pub fn with_threads<T: Send>(threads: u32, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new()
        .num_threads(threads as usize)
        .build()
    {
        Ok(pool) => pool.install(work),
        Err(error) => {
            say(&format!(
                "warning: no pool of {threads} threads ({error}); using the usual one"
            ));
            work()
        }
    }
}

/// Says how much is there of what is resumed.
pub fn say_resuming(store: &Store, replicates: u32) {
    let torn = match store.discarded().len() {
        0 => String::new(),
        torn => format!(", {torn} damaged"),
    };
    say(&format!(
        "resuming: {} of {replicates} replicates are there{torn}",
        store.finished().len()
    ));
}

/// Set by the first Ctrl-C (or SIGTERM); the second ends the process at once.
pub fn interrupts() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let presses = AtomicU32::new(0);
    let flag = stop.clone();
    let handler = move || {
        flag.store(true, Ordering::Relaxed);
        if presses.fetch_add(1, Ordering::Relaxed) > 0 {
            say("stopped at once: finished replicates are kept; complete them with --resume");
            std::process::exit(130);
        }
        say("interrupted: finishing what is in hand; press Ctrl-C again to stop at once");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        say(&format!("warning: Ctrl-C will not be handled: {error}"));
    }
    stop
}

/// Says why the results folder cannot be used.
pub fn refused(resume: bool, json: bool, error: &StoreError) -> Exit {
    let advice = match error {
        StoreError::NotARun { .. } if resume => ": leave out --resume to begin one",
        _ => "",
    };
    let mut report = Report::default();
    report.push(Problem::error("--out", format!("{error}{advice}")));
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
