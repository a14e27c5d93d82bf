//! The command line: arguments in, library calls, words out.
//!
//! Results go to files, words to standard error, what a program wants to read (`--json`, schema,
//! diff, completions) to standard output. Exit codes: 0 done, 1 failed while running, 2 wrong input,
//! 3 partly done, 130 interrupted.

mod arguments;
mod calibrate;
mod check;
mod cite;
mod compare;
mod completions;
mod diff;
mod estimate;
mod explain;
mod figures;
mod front;
mod given;
mod hand_over;
mod merge;
mod new;
mod odd;
mod outcomes;
mod package;
mod plain;
mod progress;
mod replay;
mod report;
mod run;
mod schema;
mod script;
mod search;
mod session;
mod signals;
mod slurm;
mod staged;
mod status;
mod summary;
mod sweep;
mod synthetic;
mod usage;

use std::borrow::Cow;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::{Parser, Subcommand, ValueEnum};
use rayon::ThreadPoolBuilder;

use crate::scenario::Problems;
use crate::texts::{self, Lang, Text, columns};
use hand_over::Engine;

pub use front::{Front, Shown, Terminal};
pub use signals::From as StopFrom;

use front::{front, speaking_to};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Failed while running.
    Failed,
    /// Wrong input.
    Wrong,
    /// Partly done.
    Partly,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// Its number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Wrong => 2,
            Self::Partly => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Simulates how institutional innovations spread between free-trade zones, and what a different
/// alliance of zones would change.
#[derive(Debug, Parser)]
#[command(
    name = "pointplane",
    version = env!("POINTPLANE_VERSION"),
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed while running, 2 wrong input, 3 partly done, 130 interrupted.

Examples:
  pointplane run scenarios/china
  pointplane run scenarios/china --layout northeast --replicates 50 \\
    --out results/northeast
  pointplane compare scenarios/china \\
    --baseline existing northeast yangtze-belt
  pointplane sweep run scenarios/china/sweeps/sensitivity.toml
  pointplane check scenarios/china scenarios/china/layouts/northeast.toml
  pointplane diff existing northeast --scenario scenarios/china
  pointplane explain scenarios/china existing northeast --since 2024-01
  pointplane report results/china --open"
)]
struct Arguments {
    /// Language of messages [default: that of the locale; of documents: en]
    #[arg(long, value_enum, global = true, overrides_with = "lang")]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a scenario and write its tables
    Run(run::Arguments),
    /// Compare layouts with a baseline under common random numbers: what changes, for whom, when, how surely
    Compare(Box<compare::Arguments>),
    /// Vary parameters and layouts over many runs, on one machine or a cluster
    Sweep(sweep::Arguments),
    /// Show the progress of a run, a comparison or a sweep, also while others work on it
    Status(status::Arguments),
    /// Make the tables from what workers have finished
    Merge(merge::Arguments),
    /// Write the scripts that run it as a Slurm job array, and submit them
    #[command(long_about = slurm::Submit::ABOUT)]
    Slurm(slurm::Arguments),
    /// Write the scripts that run it under PBS, Grid Engine, GNU parallel, srun or mpirun
    #[command(long_about = script::To::ABOUT)]
    Script(script::Arguments),
    /// List the outcomes that layouts are compared by, with their definitions
    Outcomes(outcomes::Arguments),
    /// Check scenario and layout files and report every problem at once
    Check(check::Arguments),
    /// List exactly what differs between two scenarios or layouts
    Diff(diff::Arguments),
    /// Explain where and why two layouts diverge in one replicate, and how that reaches a place
    Explain(explain::Arguments),
    /// Estimate parameters from who adopted what when: exact maximum likelihood, with limits and tests
    Estimate(estimate::Arguments),
    /// Find the parameters under which the model gives the numbers of a record, or say which it cannot give
    Calibrate(calibrate::Arguments),
    /// Find the best of many layouts, under a budget and with a stated chance of being right
    Search(search::Arguments),
    /// Replay the actual history under another layout: what would have happened to it
    Replay(replay::Arguments),
    /// Make a report of results: one page to open in a browser, mail and print
    Report(report::Arguments),
    /// Make the figures of a report for a paper: SVG, PNG or PDF, one column or a page wide
    Figures(figures::Arguments),
    /// Print how results are cited: an entry for BibTeX, a sentence in English and in Chinese
    Cite(cite::Arguments),
    /// Make a replication package: what the results were made from, the results, a README, a script that makes them again
    Package(package::Arguments),
    /// Describe a scenario by the ODD protocol, with its numbers, for the appendix of a paper
    Odd(odd::Arguments),
    /// Print the JSON Schema of scenario or layout files, for editors
    Schema(schema::Arguments),
    /// Start a new scenario: a small one with comments, to be edited
    New(new::Arguments),
    /// Make a synthetic world: a random graph with a link file, for speed and scale
    Synthetic(synthetic::Arguments),
    /// Print a completion script for a shell
    Completions(completions::Arguments),
}

/// Languages on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

/// The language in which this command speaks.
fn lang() -> Lang {
    front().lang()
}

/// The language that the environment asks for (POSIX: the first of these that is set and not empty).
fn of_locale() -> Lang {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut set = named.filter_map(std::env::var_os).filter(|v| !v.is_empty());
    let locale = set.next().unwrap_or_default();
    Lang::of_locale(&locale.to_string_lossy())
}

/// The program: a command on the words, the streams and the signals of this process.
pub fn main() -> ExitCode {
    program(std::env::args_os().collect()).code().into()
}

/// The same on other words, of which the first is the program's name.
pub fn program(words: Vec<OsString>) -> Exit {
    signals::survive_limits();
    let lang = usage::asked(words.iter().cloned()).unwrap_or_else(of_locale);
    call(words, Arc::new(Terminal { lang }))
}

/// Reads the words of a command, of which the first is the program's name, and does it for whoever gave it.
pub fn call(words: Vec<OsString>, front: Arc<dyn Front>) -> Exit {
    let told = words.iter();
    let told = told.map(|word| word.to_string_lossy().into_owned());
    speaking_to(front, told.collect(), || {
        match Arguments::try_parse_from(words) {
            Ok(arguments) => done(arguments),
            Err(error) => usage_error(&error),
        }
    })
}

fn done(arguments: Arguments) -> Exit {
    let asked = arguments.lang.map(Lang::from);
    // A document is in English unless its language is named, wherever it is made.
    let document = asked.unwrap_or_default();
    if !matches!(
        arguments.command,
        Command::Run(_) | Command::Compare(_) | Command::Replay(_)
    ) {
        front().threads();
    }
    match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Sweep(arguments) => sweep::run(&arguments),
        Command::Status(arguments) => status::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Slurm(arguments) => slurm::run(&arguments),
        Command::Script(arguments) => script::run(&arguments),
        Command::Outcomes(arguments) => outcomes::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Estimate(arguments) => estimate::run(&arguments),
        Command::Calibrate(arguments) => calibrate::run(&arguments),
        Command::Search(arguments) => search::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Report(arguments) => report::run(&arguments, document),
        Command::Figures(arguments) => figures::run(&arguments, document),
        Command::Cite(arguments) => cite::run(&arguments),
        Command::Package(arguments) => package::run(&arguments, document),
        Command::Odd(arguments) => odd::run(&arguments, document),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Synthetic(arguments) => synthetic::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
    }
}

/// Starts the threads of what is not done on those of a runner. Where the system starts none, this thread does it all:
/// rayon would end the program, as it would on a second try.
fn shared_threads() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let gate = Mutex::new(());
    let all_start = std::thread::scope(|scope| {
        // They wait, so that all are there at once.
        let _closed = gate.lock();
        let mut threads = (0..cores).map(|_| {
            let wait = || drop(gate.lock());
            std::thread::Builder::new()
                .spawn_scoped(scope, wait)
                .is_ok()
        });
        threads.all(|starts| starts)
    });
    let pool = ThreadPoolBuilder::new();
    let _ = match all_start {
        true => pool.build_global(),
        false => pool.num_threads(1).use_current_thread().build_global(),
    };
}

/// Help, or what is wrong with the arguments.
fn usage_error(error: &clap::Error) -> Exit {
    match usage::told(error, lang()) {
        Some(told) if lang() != Lang::En => say(&told),
        // In colours. Help that was asked for is no error; a reader that has gone away is none either.
        _ if front().is_watched() => {
            let _ = error.print();
        }
        _ if error.use_stderr() => say(error.to_string().trim_end()),
        _ => return print(&error.to_string()),
    }
    match error.use_stderr() {
        true => {
            front().problems(&usage::problem(error).into());
            Exit::Wrong
        }
        false => Exit::Done,
    }
}

/// A text without what moves the cursor of a terminal, changes its colours or the direction of what is shown;
/// line ends and tabs stay.
fn cleaned(text: &str) -> Cow<'_, str> {
    let bad = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}')
    };
    match text.contains(bad) {
        true => text.replace("\r\n", "\n").replace(bad, "\u{fffd}").into(),
        false => text.into(),
    }
}

/// Prints what a program wants to read, without what names in files could do to a terminal.
fn print(text: &str) -> Exit {
    match front().print(&cleaned(text)) {
        Ok(()) => Exit::Done,
        Err(error) => {
            say(&texts::say!(lang(), "cannot-print", error));
            Exit::Failed
        }
    }
}

/// Says a line to whoever gave the command, cleaned in the same way.
fn say(line: &str) {
    front().say(&cleaned(line));
}

/// Text in lines of at most `wide` columns, each after `indent`.
fn wrapped(text: &str, indent: &str, wide: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    columns::wrapped(&words.join(" "), indent.len(), indent.len(), wide)
}

/// Prints a value as JSON on standard output.
fn print_json(value: &impl serde::Serialize) -> Exit {
    match serde_json::to_string_pretty(value) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => {
            let error = Text::foreign(error);
            say(&texts::say!(lang(), "cannot-print-json", error));
            Exit::Failed
        }
    }
}

/// Reports what is wrong with an input, or that it does not fit on this machine.
fn wrong(problems: &Problems, json: bool) -> Exit {
    front().problems(problems);
    if json {
        let _ = print_json(problems);
    } else {
        say(problems.told(lang()).trim_end());
    }
    match problems.is_room() {
        true => Exit::Failed,
        false => Exit::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::request::Request;

    #[test]
    fn nothing_that_moves_a_terminal_is_left() {
        assert_eq!(
            cleaned("a\u{1b}[31mb\u{9b}c\r\nd\te\u{202e}f"),
            "a\u{fffd}[31mb\u{fffd}c\nd\te\u{fffd}f"
        );
        assert_eq!(cleaned("北京 ✓\n"), "北京 ✓\n");
    }

    /// What a command asks, read from its words.
    fn request(words: &str) -> Request {
        let words = words.split(' ').map(|word| word.trim_matches('\''));
        let arguments = Arguments::try_parse_from(words).unwrap_or_else(|e| panic!("{e}"));
        match arguments.command {
            Command::Run(run) => Request::Run(run.ask.request()),
            Command::Compare(compare) => Request::Compare(compare.ask.request()),
            other => panic!("{other:?}"),
        }
    }

    /// A request is told as the command that asks it, and stands in JSON.
    #[test]
    fn a_request_is_told_as_the_command_that_asks_it() {
        for words in [
            "pointplane run scenarios/china",
            "pointplane run s --layout a --layout b+c --set line.beta=0.1 --set x=y --seed 7 \
             --first-replicate 3 --replicates 50 --tables national,credit --every 3 --format csv",
            "pointplane compare s --baseline base none",
            "pointplane compare s --baseline a b c --replicates 9 --outcome theil --outcome gini --horizon \
             2020-12 --interval bca --every 12 --set a=1 --seed 4",
            "pointplane compare s --baseline a b --until-width 'theil@2020-12=0.1' --min-replicates 20 \
             --max-replicates 1000 --format csv",
            "pointplane compare s --baseline a b --priors p.toml --draws 60 --break-even line.beta=0.01..0.2 \
             --value-of-information t.csv",
            "pointplane compare s --baseline a b --posterior p.csv --draws 60 --replicates 5 --break-even line.beta",
        ] {
            let request = request(words);
            assert_eq!(request.command(None), words);
            let json = serde_json::to_string(&request).unwrap();
            assert_eq!(
                serde_json::from_str::<Request>(&json).unwrap(),
                request,
                "{json}"
            );
        }
        let usual =
            request("pointplane run s --every 12 --format parquet --threads 3 --quiet --resume");
        assert_eq!(
            usual.command(Some("out dir".as_ref())),
            "pointplane run s --out 'out dir'"
        );
    }
}
