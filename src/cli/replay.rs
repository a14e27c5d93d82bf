//! `pointplane replay`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::Came;
use crate::experiment::replay::{Effect, Plan, plan, read_effects};
use crate::experiment::request::{Replay, Request};
use crate::report::lang::significant;
use crate::scenario::BASE;
use crate::store::{Manifest, ResultKind};
use crate::texts::{Lang, say};

use super::arguments::{FormatArgs, ModelArgs, SayArgs, WorkArgs};
use super::session::{Session, refused, results, runner, warn};
use super::{Exit, lang, print_json, say, wrong};

/// Items and places that are told.
const TOLD: usize = 5;

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane replay scenarios/us-lotteries --layout compact
  pointplane replay scenarios/us-lotteries --layout compact --replicates 1000

Thresholds are drawn as the history leaves them possible, and the world of the layout runs with them.
Under the factual layout every replicate repeats the history. What single places would have done
depends on the coupling of thresholds between layouts, which no data tell: effects are stated under
the coupling that a place keeps its threshold. docs/inference.md has the method.")]
pub struct Arguments {
    #[command(flatten)]
    pub ask: Ask,
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    say: SayArgs,
}

/// What is asked of a replay, and where it goes.
#[derive(Debug, Args)]
pub struct Ask {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout under which the history is replayed: a file, or the name of one in the folder layouts/;
    /// several laid over each other are joined by + (repeatable)
    #[arg(long = "layout", value_name = "LAYOUT", required = true)]
    layouts: Vec<String>,
    /// Layout under which the history happened
    #[arg(long, value_name = "LAYOUT", default_value = BASE, overrides_with = "factual")]
    factual: String,
    /// Number of replicates [default: the scenario's]
    #[arg(long, value_name = "N", overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    replicates: Option<u32>,
    #[command(flatten)]
    format: FormatArgs,
    /// Results folder [default: results/NAME-replay]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    pub out: Option<PathBuf>,
}

impl Ask {
    /// What is asked, as data.
    pub fn request(&self) -> Replay {
        Replay {
            model: self.model.model(),
            factual: self.factual.clone(),
            layouts: self.layouts.clone(),
            replicates: self.replicates,
            format: self.format.format(),
        }
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let deadline = work.deadline();
    let request = ask.request();
    let again = Request::Replay(request.clone()).command(ask.out.as_deref());
    let mut runner = match runner(work.threads()) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    runner.deadline = deadline;
    let plan = match runner.pool.install(|| plan(request, work.threads())) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, of.json),
    };
    if !of.quiet {
        warn(&plan.warnings);
    }
    let name = &plan.replayed.sides[0].loaded.scenario.name;
    let session = Session {
        kind: ResultKind::Replay,
        work,
        say: *of,
        dir: ask
            .out
            .clone()
            .unwrap_or_else(|| results(&format!("{name}-replay"))),
        retry_failed: true,
        again,
        months: None,
        extended: true,
        width: None,
    };
    match session.carry_out(&plan, &runner) {
        Ok((done, exit)) => {
            let whole = matches!(done.came, Came::There | Came::Made);
            if whole && !of.quiet {
                match read_effects(&session.dir) {
                    Ok(effects) => {
                        let lines = words(&plan, &effects, &done.manifest, lang());
                        lines.iter().for_each(|line| say(line));
                        let path = session.dir.display().to_string();
                        say(&say!(lang(), "replay-written", path));
                        say(&say!(lang(), "again", command = session.again));
                    }
                    Err(error) => {
                        say(&say!(lang(), "error", error));
                        return Exit::Failed;
                    }
                }
            }
            if of.json {
                let answer = Answer {
                    dir: &session.dir,
                    manifest: &done.manifest,
                };
                let printed = print_json(&answer);
                return if whole { printed } else { exit };
            }
            if whole { Exit::Done } else { exit }
        }
        Err(failure) => refused("--out", work.resume, of.json, &failure),
    }
}

/// A difference with its interval; a sign always.
fn signed([mean, low, high]: [f64; 3], lang: Lang) -> String {
    let sign = |x: f64| match x > 0.0 {
        true => format!("+{}", significant(x, 3)),
        false => significant(x, 3),
    };
    let [mean, low, high] = [sign(mean), sign(low), sign(high)];
    say!(lang, "replay-interval", mean, low, high)
}

/// The effects in words.
fn words(plan: &Plan, effects: &[Effect], manifest: &Manifest, lang: Lang) -> Vec<String> {
    let factual = &plan.replayed.sides[0].name;
    let n = manifest.replicates;
    let mut lines = vec![say!(lang, "replay-head", layout = factual, n)];
    for side in &plan.replayed.sides[1..] {
        let of = |kind: &str| {
            let rows = effects.iter().filter(|e| e.layout == side.name);
            rows.filter(|e| e.kind == kind).collect::<Vec<_>>()
        };
        let Some(all) = of("all").first().copied() else {
            continue;
        };
        let (layout, adoptions) = (&side.name, all.factual);
        let adopters = signed(all.adopters, lang);
        let steps = signed(all.steps, lang);
        let changed = format!("{:.0}", 100.0 * all.changed);
        lines.push(say!(
            lang,
            "replay-all",
            layout,
            adoptions,
            adopters,
            steps,
            changed
        ));
        for (kind, head) in [
            ("item", say!(lang, "replay-items")),
            ("place", say!(lang, "replay-places")),
        ] {
            let mut rows = of(kind);
            rows.retain(|e| e.steps[0] != 0.0);
            rows.sort_by(|a, b| {
                b.steps[0]
                    .abs()
                    .total_cmp(&a.steps[0].abs())
                    .then(a.id.cmp(&b.id))
            });
            if rows.is_empty() {
                continue;
            }
            lines.push(format!("  {head}"));
            for e in rows.iter().take(TOLD) {
                lines.push(format!("    {}  {}", e.id, signed(e.steps, lang)));
            }
        }
    }
    lines.push(say!(lang, "replay-coupling").to_owned());
    lines
}
