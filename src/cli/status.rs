//! `pointplane status`, and `pointplane sweep status`, which is the same.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::experiment::Request;
use crate::store::{Folder, ResultKind, Standing};
use crate::texts::columns::{left, right};
use crate::texts::{Lang, say};

use super::session::refused;
use super::{Exit, lang, print, print_json};

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
        Ok((status, folder)) => print(&words(&folder, &status, lang())),
        Err(error) => refused("DIR", false, arguments.json, &error.into()),
    }
}

fn words(folder: &Folder, status: &Standing, lang: Lang) -> String {
    let manifest = folder.manifest();
    // A comparison over draws or models is kept as a sweep.
    let compared = matches!(Request::of(manifest), Some(Request::Compare(_)));
    let (name, go_on) = match (&manifest.sweep, manifest.kind) {
        (Some(sweep), _) if compared => (&sweep.name, "compare"),
        (Some(sweep), _) => (&sweep.name, "sweep run"),
        (None, ResultKind::Comparison) => (&manifest.scenario, "compare"),
        (None, ResultKind::Replay) => (&manifest.scenario, "replay"),
        (None, _) => (&manifest.scenario, "run"),
    };
    let mut text = String::new();
    let share = |n: u64| 100.0 * n as f64 / status.all.max(1) as f64;
    // Writing to a String cannot fail.
    let runs = status.all;
    let _ = writeln!(text, "{}", say!(lang, "status-head", name, runs));
    let title = manifest.sweep.as_ref();
    let title = title.map_or("", |sweep| lang.name("", &sweep.title, &sweep.title_zh));
    if !title.is_empty() {
        let _ = writeln!(text, "  {title}");
    }
    let [done, failed, running] = [
        say!(lang, "status-done"),
        say!(lang, "status-failed"),
        say!(lang, "status-running"),
    ];
    for (word, n) in [
        (done, status.done),
        (failed, status.failed),
        (running, status.running),
        (say!(lang, "status-left"), status.missing - status.running),
    ] {
        let word = left(word, 8);
        let _ = writeln!(text, "  {word}{n:>10}  {:>5.1} %", share(n));
    }
    match status.seconds_left {
        _ if status.missing == 0 => {}
        Some(seconds) => {
            let time = time(seconds, lang);
            let _ = writeln!(text, "  {}", say!(lang, "status-time", time));
        }
        None if status.shards.iter().any(|shard| shard.workers.threads > 0) => {}
        None => {
            let nobody = say!(lang, "status-nobody", command = go_on);
            let _ = writeln!(text, "  {nobody}");
        }
    }
    if status.others > 0 {
        let n = status.others;
        let _ = writeln!(text, "  {}", say!(lang, "status-others", n));
    }
    for path in &status.damaged {
        let _ = writeln!(text, "  {}", say!(lang, "status-damaged", path));
    }
    for path in &status.foreign {
        let _ = writeln!(text, "  {}", say!(lang, "status-foreign", path));
    }
    if status.shards.len() > 1 {
        let _ = writeln!(
            text,
            "\n  {}{}{}{}{}",
            left(say!(lang, "status-shard"), 12),
            right(done, 10),
            right(failed, 10),
            right(running, 10),
            right(say!(lang, "status-threads"), 10)
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
pub fn time(seconds: f64, lang: Lang) -> String {
    let of = |value: f64, digits: usize| format!("{value:.digits$}");
    match seconds {
        s if s < 1.0 => say!(lang, "time-milliseconds", n = of(s * 1000.0, 0)),
        s if s < 100.0 => say!(lang, "time-seconds", n = of(s, 0)),
        s if s < 6000.0 => say!(lang, "time-minutes", n = of(s / 60.0, 0)),
        s if s < 172_800.0 => say!(lang, "time-hours", n = of(s / 3600.0, 1)),
        s => say!(lang, "time-days", n = of(s / 86_400.0, 1)),
    }
}
