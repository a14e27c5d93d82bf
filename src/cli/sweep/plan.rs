//! `pointplane sweep plan`.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;

use crate::experiment::session::prepare;
use crate::experiment::sweep::{Plan, Sweep, values};
use crate::experiment::{Request, runner};
use crate::store::{Job, Prepared, Start};
use crate::texts::columns::left;
use crate::texts::{Lang, say};
use crate::world::memory;

use super::super::arguments::ThreadArgs;
use super::super::session::{refused, warn};
use super::super::status::time;
use super::super::{Exit, lang, print_json, say, wrapped};
use super::common::{self, Ask};

/// Arguments of `sweep plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep plan plan.toml --dry-run
  pointplane sweep plan plan.toml --out results/mine")]
pub struct Arguments {
    #[command(flatten)]
    ask: Ask,
    /// Write nothing: only say what the sweep costs
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print it as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What a sweep costs.
#[derive(Clone, Debug, Serialize)]
struct Cost {
    name: String,
    design: String,
    rows: u64,
    points: u64,
    layouts: Vec<String>,
    replicates: u32,
    runs: u64,
    values_per_run: usize,
    /// Wall time of the run that was measured.
    run_seconds: f64,
    threads: u32,
    seconds: f64,
    memory_bytes: u64,
    disk_bytes: u64,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let sweep = match common::read(&arguments.ask.plan, arguments.json) {
        Ok(sweep) => sweep,
        Err(exit) => return exit,
    };
    let threads = arguments.threads.threads();
    warn(&sweep.plan.warnings);
    if let Err(exit) = common::fits(&sweep, threads, arguments.json) {
        return exit;
    }
    let dir = arguments.ask.dir(&sweep);
    if !arguments.dry_run {
        match prepare(&sweep, &dir, Start::Join) {
            Ok((_, Prepared::Same | Prepared::Whole)) => {
                say(&say!(lang(), "plan-same", dir = dir.display().to_string()));
            }
            Ok(_) => say(&say!(
                lang(),
                "plan-points",
                path = dir.join("points.csv").display().to_string()
            )),
            Err(error) => return refused("--out", true, arguments.json, &error),
        }
    }
    let cost = cost(&sweep, threads);
    if arguments.json {
        return print_json(&cost);
    }
    say(&words(&sweep.plan, &cost, lang()));
    if !arguments.dry_run {
        let again = Request::Sweep(sweep.request.clone()).command(Some(&dir));
        let command = format!("{again} --resume");
        say(&say!(lang(), "plan-run", command));
    }
    Exit::Done
}

fn cost(sweep: &Sweep, threads: u32) -> Cost {
    let plan = &sweep.plan;
    let what = plan.sweep(&sweep.request.plan);
    // The dearest run that can be known: the first point of every layout would take too long here.
    let layout = (plan.comparison.sides.len() - 1) as u16;
    let job = Job {
        point: 0,
        layout,
        replicate: 0,
    };
    let (_, run_seconds) = runner::timed(|| values(plan, job));
    let estimates = common::memory(sweep);
    // A point's own world stands beside those of the layouts in each thread.
    let worlds = estimates.iter().map(|e| e.world_bytes).max().unwrap_or(0);
    let together = memory::together(&estimates).map_or(0, |e| e.bytes(threads as usize));
    let memory_bytes = together + worlds * u64::from(threads);
    let values = what.values();
    let runs = plan.runs();
    Cost {
        rows: what.rows,
        points: plan.points.len() as u64,
        layouts: plan
            .comparison
            .sides
            .iter()
            .map(|s| s.name.clone())
            .collect(),
        replicates: plan.document.spec.replicates,
        name: what.name,
        design: what.design,
        runs,
        values_per_run: values,
        run_seconds,
        threads,
        seconds: run_seconds * runs as f64 / f64::from(threads),
        memory_bytes,
        // Logs and tables: eight bytes a value in each, and what names the run.
        disk_bytes: runs * (2 * 8 * values as u64 + 200),
    }
}

fn words(plan: &Plan, cost: &Cost, lang: Lang) -> String {
    let mut text = String::new();
    let parameters: Vec<&str> = plan.parameters.iter().map(|p| p.key.as_str()).collect();
    let list = parameters.join(say!(lang, "list-comma"));
    let (design, points) = (&cost.design, cost.points);
    let n = parameters.len();
    let about = if cost.rows == cost.points {
        say!(lang, "plan-design", design, points, n, list)
    } else {
        let rows = cost.rows;
        say!(lang, "plan-design-rows", design, rows, points, n, list)
    };
    let runs = say!(
        lang,
        "plan-runs",
        runs = cost.runs,
        points,
        layouts = cost.layouts.len(),
        replicates = cost.replicates
    );
    let seconds = say!(
        lang,
        "plan-time",
        time = time(cost.seconds, lang),
        threads = cost.threads,
        run = time(cost.run_seconds, lang)
    );
    let lines = [
        (say!(lang, "plan-design-word"), about),
        (
            say!(lang, "plan-layouts-word"),
            cost.layouts.join(say!(lang, "list-comma")),
        ),
        (say!(lang, "plan-runs-word"), runs),
        (
            say!(lang, "plan-kept-word"),
            say!(lang, "plan-kept", values = cost.values_per_run),
        ),
        (say!(lang, "plan-time-word"), seconds),
        (
            say!(lang, "plan-memory-word"),
            memory::size(cost.memory_bytes),
        ),
        (
            say!(lang, "plan-disk-word"),
            say!(lang, "plan-disk", size = memory::size(cost.disk_bytes)),
        ),
    ];
    let _ = writeln!(
        text,
        "{}: {}",
        cost.name,
        plan.comparison.baseline().loaded.scenario.name
    );
    for (word, what) in lines {
        let lines = wrapped(&what, "           ", 90);
        let _ = write!(text, "  {}{}", left(word, 9), &lines[11..]);
    }
    text.trim_end().to_owned()
}
