//! `pointplane status`, and `pointplane sweep status`, which is the same.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::store::{Folder, ResultKind, Standing};

use super::session::refused;
use super::{Exit, print, print_json};

/// Arguments of `status`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane status results/sensitivity
  watch -n 30 pointplane status results/sensitivity")]
pub struct Arguments {
    /// Results folder of a run, a comparison or a sweep
    dir: PathBuf,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let status = Folder::open(&arguments.dir).and_then(|folder| Ok((folder.status()?, folder)));
    match status {
        Ok((status, _)) if arguments.json => print_json(&status),
        Ok((status, folder)) => print(&words(&folder, &status)),
        Err(error) => refused(false, arguments.json, &error.into()),
    }
}

fn words(folder: &Folder, status: &Standing) -> String {
    let manifest = folder.manifest();
    let (name, go_on) = match (&manifest.sweep, manifest.kind) {
        (Some(sweep), _) => (&sweep.name, "sweep run"),
        (None, ResultKind::Comparison) => (&manifest.scenario, "compare"),
        (None, _) => (&manifest.scenario, "run"),
    };
    let mut text = String::new();
    let share = |n: u64| 100.0 * n as f64 / status.runs.max(1) as f64;
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{name}: {} runs", status.runs);
    for (word, n) in [
        ("done", status.done),
        ("failed", status.failed),
        ("running", status.running),
        ("left", status.left),
    ] {
        let _ = writeln!(text, "  {word:<8}{n:>10}  {:>5.1} %", share(n));
    }
    match status.seconds_left {
        _ if status.left == 0 => {}
        Some(seconds) => {
            let _ = writeln!(text, "  about {} left", time(seconds));
        }
        None => {
            let _ = writeln!(
                text,
                "  no worker is at it; go on with `pointplane {go_on} … --resume`"
            );
        }
    }
    if status.others > 0 {
        let _ = writeln!(
            text,
            "  besides, {} runs of points or replicates that are no longer asked for",
            status.others
        );
    }
    for path in &status.damaged {
        let _ = writeln!(
            text,
            "  {path}: what was only there is run again with --resume"
        );
    }
    for path in &status.foreign {
        let _ = writeln!(text, "  {path} is of something else and does not count");
    }
    if status.shards.len() > 1 {
        let _ = writeln!(
            text,
            "\n  {:<12}{:>10}{:>10}{:>10}{:>10}",
            "shard", "done", "failed", "running", "threads"
        );
        for shard in &status.shards {
            let of = &shard.workers;
            let _ = writeln!(
                text,
                "  {:<12}{:>10}{:>10}{:>10}{:>10}",
                shard.shard, of.done, of.failed, of.running, of.threads
            );
        }
    }
    text
}

/// A time in words.
pub fn time(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{:.0} ms", s * 1000.0),
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}
