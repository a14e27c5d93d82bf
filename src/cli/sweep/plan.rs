//! `pointplane sweep plan`.

use std::fmt::Write as _;

use clap::Args;

use crate::experiment::session::prepare;
use crate::experiment::sweep::{Cost, Plan};
use crate::report::lang::titled;
use crate::report::sweep::design_word;
use crate::store::{Prepared, Start};
use crate::texts::columns::left;
use crate::texts::{Lang, say};
use crate::world::memory;

use super::super::arguments::ThreadArgs;
use super::super::session::{refused, warn};
use super::super::status::time;
use super::super::{Exit, lang, print_json, say, wrapped};
use super::common::Ask;

/// Arguments of `sweep plan`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep plan plan.toml --dry-run
  pointplane sweep plan plan.toml --out results/mine")]
pub struct Arguments {
    #[command(flatten)]
    ask: Ask,
    /// Write nothing: only estimate the cost of the sweep
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print it as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let threads = arguments.threads.threads();
    let sweep = match arguments.ask.read(threads, arguments.json) {
        Ok(sweep) => sweep,
        Err(exit) => return exit,
    };
    warn(&sweep.plan.warnings);
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
    let cost = sweep.cost(threads);
    if arguments.json {
        return print_json(&cost);
    }
    say(&words(&sweep.plan, &cost, lang()));
    if !arguments.dry_run {
        let again = sweep.request.command(Some(&dir));
        let command = format!("{again} --resume");
        say(&say!(lang(), "plan-run", command));
    }
    Exit::Done
}

fn words(plan: &Plan, cost: &Cost, lang: Lang) -> String {
    let mut text = String::new();
    let parameters: Vec<&str> = plan.parameters.iter().map(|p| p.key.as_str()).collect();
    let list = parameters.join(say!(lang, "list-comma"));
    let (design, points) = (design_word(&plan.kind, lang), cost.points);
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
    let sides = plan.comparison.sides.iter();
    let layouts: Vec<String> = sides
        .map(|side| titled(lang, &side.name, &side.loaded.scenario.layout_titles()))
        .collect();
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
            layouts.join(say!(lang, "list-semicolon")),
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
    let spec = &plan.document.spec;
    let title = lang.name("", &spec.title, &spec.title_zh);
    if !title.is_empty() {
        let _ = write!(text, "{}", wrapped(title, "  ", 90));
    }
    for (word, what) in lines {
        let lines = wrapped(&what, "           ", 90);
        let _ = write!(text, "  {}{}", left(word, 9), &lines[11..]);
    }
    text.trim_end().to_owned()
}
