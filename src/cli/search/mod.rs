//! `pointplane search`.

mod words;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::Runner;
use crate::experiment::build::inputs;
use crate::experiment::sweep::{Halt, Sweep};
use crate::search::{Forecast, Found, Runs, Search, Stage, find, layout_files, read, tables};
use crate::shell::quote;
use crate::store::{ABOUT, About, COLUMNS, Input, Plain, StoreError, write_plain};
use crate::texts::{say, text};

use super::arguments::WorkArgs;
use super::plain::write_beside;
use super::session::{in_time, results, warn};
use super::staged::{PLAN, Words, carry, clear, free, put};
use super::{Exit, lang, say, wrong};

/// Arguments of `search`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane search scenarios/minimal/search.toml
  pointplane search scenarios/minimal/search.toml --dry-run
  pointplane search scenarios/minimal/search.toml --resume

A plan names a scenario, what a layout may have that the baseline has not (alliances, members, months,
strengths, zones), which of these go together, what they may cost, and what is wanted. Layouts are run on
common random numbers and drop out as replicates come in; what is chosen is estimated again on fresh
replicates. Writes layouts.csv, chosen.csv, front.csv, synergy.csv, regret.csv, the files of the chosen
layouts in chosen/, and summary.md (summary.zh.md). docs/search.md says what is promised, and what is not.")]
pub struct Arguments {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Folder of the search [default: results/NAME-search]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// Only say how many layouts there are and what it takes
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: WorkArgs,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// What searches write into their folder, but for the plan, layouts and runs.
const WRITTEN: [&str; 11] = [
    ABOUT,
    "layouts.csv",
    "chosen.csv",
    "front.csv",
    "synergy.csv",
    "contributions.csv",
    "regret.csv",
    "variants.csv",
    COLUMNS,
    "summary.md",
    "summary.zh.md",
];

/// The folder of the files of chosen layouts.
const CHOSEN: &str = "chosen";

/// What is said of a folder that is not free.
const WORDS: Words = Words {
    exists: |path| text!("search-exists", path),
    other: |path| text!("search-other", path),
    other_plan: |path| text!("search-other-plan", path),
};

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let work = &arguments.work;
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    let of = runner
        .pool
        .install(|| read(&arguments.plan, work.threads()));
    let of = match of {
        Ok(of) => of,
        Err(problems) => return wrong(&problems, false),
    };
    let dir = arguments
        .out
        .clone()
        .unwrap_or_else(|| results(&format!("{}-search", of.document.spec.name)));
    if arguments.dry_run {
        let forecast = Forecast::of(&of, work.threads());
        let lines = words::forecast(&of, &forecast, lang());
        lines.iter().for_each(|line| say(line));
        return Exit::Done;
    }
    if let Err(exit) = free(&dir, work, &of.document.text, &WORDS) {
        return exit;
    }
    if !arguments.quiet {
        warn(&of.warnings);
        say(&words::head(&of, lang()));
    }
    match search(arguments, &of, &dir, &runner) {
        Ok(()) => Exit::Done,
        Err(Halt::Carry(exit)) => exit,
        Err(Halt::Problems(problems)) => wrong(&problems, false),
        Err(Halt::Store(error)) => {
            say(&say!(lang(), "error", error));
            Exit::Failed
        }
    }
}

fn search(
    arguments: &Arguments,
    of: &Search,
    dir: &Path,
    runner: &Runner,
) -> Result<(), Halt<Exit>> {
    let (work, quiet) = (&arguments.work, arguments.quiet);
    put(&dir.join(PLAN), &of.document.text)?;
    clear(dir, &WRITTEN)?;
    let plan = quote(&arguments.plan.to_string_lossy());
    let again = format!(
        "pointplane search {plan} --out {}",
        quote(&dir.to_string_lossy())
    );
    // Stages are told, their sweeps are not.
    let mut carry = |sweep: &Sweep, dir: &Path| carry(work, true, &again, sweep, dir, runner);
    let mut hear = |stage: &Stage| {
        if !quiet {
            say(&words::stage(stage, lang()));
        }
    };
    let mut runs = Runs {
        search: of,
        dir: dir.to_path_buf(),
        threads: work.threads(),
        carry: &mut carry,
        hear: &mut hear,
        runs: 0,
    };
    let found = find(&mut runs)?;
    write(arguments, dir, of, &found)?;
    if !quiet {
        say("");
        let lines = words::summary(of, &found, lang());
        lines.iter().for_each(|line| say(line));
        say("");
        let path = dir.display().to_string();
        say(&say!(lang(), "search-written", path));
    }
    Ok(())
}

fn write(arguments: &Arguments, dir: &Path, of: &Search, found: &Found) -> Result<(), StoreError> {
    let all = tables(of, found);
    write_plain(dir, &all)?;
    let chosen = dir.join(CHOSEN);
    // Layouts of an earlier search are not of this one.
    let old: Vec<String> = found
        .layouts
        .iter()
        .map(|of| format!("{}.toml", of.named.name))
        .collect();
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    clear(&chosen, &old)?;
    crate::experiment::sweep::make(&chosen)?;
    let files = layout_files(&chosen, of, found)?;
    let files = files.iter().map(|file| format!("{CHOSEN}/{file}"));
    let spec = &of.document.spec;
    let titles = [spec.title.as_str(), spec.title_zh.as_str()];
    let path = arguments.plan.display().to_string();
    let mut made_from = vec![Input::of(path, of.document.text.as_bytes())];
    let sides = of.plan.comparison.sides.iter();
    made_from.extend(inputs(sides.map(|side| &side.loaded)));
    let draws = spec.draws.as_ref();
    let draws = draws.map(|draws| of.document.folder.join(&draws.file));
    made_from.extend(draws.and_then(|path| Input::read(&path)));
    let command = format!(
        "pointplane search {}",
        quote(&arguments.plan.to_string_lossy())
    );
    let name = (spec.name.as_str(), titles);
    let about = About::new(Plain::Search, name, of.seed, None, command, made_from);
    write_beside(dir, about, &all, files.collect(), |lang| {
        words::summary(of, found, lang)
    })
}
