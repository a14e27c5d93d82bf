//! What commands that run jobs have in common: threads, what is said while they run, and how they end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::experiment::session::{Begin, Needed};
use crate::experiment::{
    Came, Done, Ended, Experiment, Failure, How, News, Outcome, Progress, Runner, Watch, carry_out,
};
use crate::scenario::problem::Report;
use crate::scenario::{Problem, Problems};
use crate::store::{Job, Manifest, Prepared, ResultKind, Start, StoreError};

pub use crate::cluster::words::quote;

use super::arguments::{SayArgs, WorkArgs};
use super::progress::Bar;
use super::{Exit, say, signals, wrong};

/// The command, word by word.
pub fn command_line() -> Vec<String> {
    std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// Threads to run jobs on.
///
/// # Errors
/// How the command ends; that there are no such threads has been said.
pub fn runner(threads: u32) -> Result<Runner, Exit> {
    Runner::new(threads).map_err(|error| {
        say(&format!(
            "error: the system does not start {threads} threads ({error}): give fewer with --threads"
        ));
        Exit::Failed
    })
}

/// Says what is allowed but perhaps not meant.
pub fn warn(warnings: &[Problem]) {
    for warning in warnings {
        say(warning.to_string().trim_end());
    }
}

/// A command that carries an experiment out.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    /// What it is.
    pub kind: ResultKind,
    /// How it works.
    pub work: &'a WorkArgs,
    /// What it says.
    pub say: SayArgs,
    /// The results folder.
    pub dir: PathBuf,
    /// Whether jobs that failed are run again.
    pub retry_failed: bool,
    /// The command that asks the same.
    pub again: String,
    /// Months of a job, where months are counted and not jobs.
    pub months: Option<u16>,
    /// The wanted width, in words.
    pub width: Option<String>,
}

impl Session<'_> {
    /// Carries it out, and says how it went.
    ///
    /// # Errors
    /// Why the folder is not used.
    pub fn carry_out(
        &self,
        experiment: &dyn Experiment,
        runner: &Runner,
    ) -> Result<(Done, Exit), Failure> {
        let sweep = self.kind == ResultKind::Sweep;
        let from = match sweep || self.work.is_scheduled() {
            true => signals::From::Scheduler,
            false => signals::From::Person,
        };
        signals::watch(&runner.stop, from);
        let resumed = if sweep { Start::Join } else { Start::Resume };
        let how = How {
            dir: self.dir.clone(),
            start: self.work.start(resumed),
            shard: self.work.shard(),
            retry_failed: self.retry_failed,
            command_line: command_line(),
        };
        let terminal = Terminal {
            quiet: self.say.quiet,
            resumed: self.work.resume && !sweep,
            months: self.months,
            width: self.width.clone(),
            share: self.share(),
            bar: Mutex::new(None),
            begun: AtomicBool::new(false),
        };
        let watch: Arc<dyn Watch> = Arc::new(terminal);
        let done = carry_out(experiment, &how, runner, &watch)?;
        if !sweep {
            self.failures(&done.outcome, &done.manifest);
        }
        let exit = self.ended(&done, runner);
        Ok((done, exit))
    }

    /// `of shard I/N`, or nothing.
    fn share(&self) -> String {
        let shard = self.work.shard();
        shard.map_or_else(String::new, |of| {
            format!(" of shard {}/{}", of.number, of.of)
        })
    }

    /// Says which jobs failed, and why.
    fn failures(&self, outcome: &Outcome, manifest: &Manifest) {
        let name = |job: &Job| match manifest.layouts.get(usize::from(job.layout)) {
            Some(layout) if self.kind == ResultKind::Comparison => {
                format!("replicate {} of {}", job.replicate, layout.name)
            }
            _ => format!("replicate {}", job.replicate),
        };
        for (job, why) in &outcome.failures {
            say(&format!("error: {} failed: {why}", name(job)));
        }
        let more = outcome.failed - outcome.failures.len() as u64;
        if more > 0 {
            say(&format!("error: and {more} more failed"));
        }
    }

    /// How the command ends, and what is done about what is left.
    fn ended(&self, done: &Done, runner: &Runner) -> Exit {
        let (sweep, manifest) = (self.kind == ResultKind::Sweep, &done.manifest);
        let some = match manifest.jobs.done {
            0 => Exit::Failed,
            _ => Exit::Partly,
        };
        let (before, exit) = match (&done.came, done.outcome.ended) {
            (Came::There | Came::Made, _) => return Exit::Done,
            (Came::Broke(error), _) => {
                say(&format!("error: {error}"));
                ("", if sweep { Exit::Failed } else { some })
            }
            (Came::Left, Ended::Whole) if done.failed == 0 => {
                if !self.say.quiet {
                    say(&format!(
                        "what is to be run{} is done; when all is, make the tables with: pointplane merge {}",
                        self.share(),
                        quote(&self.dir.to_string_lossy())
                    ));
                }
                return Exit::Done;
            }
            (Came::Left, Ended::Whole) => {
                if sweep {
                    say(&format!(
                        "{} runs failed: `pointplane status` counts them, the table runs says why",
                        done.failed
                    ));
                    return Exit::Partly;
                }
                ("", some)
            }
            (Came::Left, Ended::TimeLimit) => ("stopped before the time limit; ", Exit::Partly),
            (Came::Left, Ended::Stopped) => {
                let exit = match runner.stop.is_at_once() {
                    true => Exit::Partly,
                    false => Exit::Interrupted,
                };
                (if sweep { "stopped; " } else { "" }, exit)
            }
        };
        if !sweep {
            say(&format!(
                "{} of {} replicates are kept in {}",
                manifest.replicates_done,
                manifest.replicates,
                self.dir.display()
            ));
        }
        if let Came::Broke(Failure::NoPairs { .. }) = done.came {
            // The same again would come to the same end.
            say("go on with them with --resume and a larger --min-replicates");
            return exit;
        }
        let what = if sweep {
            "go on with"
        } else {
            "complete it with"
        };
        let shard = self.work.shard();
        let shard = shard.map_or_else(String::new, |of| {
            format!(" --shard {}/{}", of.number, of.of)
        });
        say(&format!("{before}{what}: {}{shard} --resume", self.again));
        exit
    }
}

/// Says what a session does.
struct Terminal {
    quiet: bool,
    /// Whether it is said what is there already.
    resumed: bool,
    months: Option<u16>,
    width: Option<String>,
    share: String,
    bar: Mutex<Option<Arc<Bar>>>,
    begun: AtomicBool,
}

impl Terminal {
    fn bar(&self) -> Option<Arc<Bar>> {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.clone()
    }

    fn begin(&self, begin: &Begin<'_>) {
        let Begin {
            folder, all, left, ..
        } = *begin;
        let first = !self.begun.swap(true, Ordering::Relaxed);
        let jobs = folder.jobs();
        for what in begin.found.damaged().iter().filter(|_| first) {
            say(&format!("warning: {what}"));
        }
        let bar = if let Some(sweep) = &folder.manifest().sweep {
            if !self.quiet {
                if begin.prepared == Prepared::Extended {
                    say(
                        "the sweep has other points or replicates than before: what is there is kept",
                    );
                }
                say(&format!(
                    "{}: {left} of {all} runs{} to do, in {}",
                    sweep.name,
                    self.share,
                    folder.dir().display()
                ));
            }
            Bar::new("runs", all, 1, all - left, self.quiet)
        } else {
            let layouts = jobs.layouts().len() as u64;
            let (of, done) = (all / layouts, all - left);
            if first && self.resumed && !self.quiet {
                let there = match self.share.as_str() {
                    "" => begin.found.replicates(jobs).len() as u64,
                    _ => done / layouts,
                };
                let share = &self.share;
                say(&format!(
                    "resuming: {there} of {of} replicates{share} are there"
                ));
            }
            match self.months {
                Some(months) => Bar::of_months(of, done, months.into(), self.quiet),
                None => Bar::new("replicates", of, layouts, done, self.quiet),
            }
        };
        if left > 0 {
            *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(bar));
        }
    }
}

impl Progress for Terminal {
    fn finished(&self) {
        if let Some(bar) = self.bar() {
            bar.finished();
        }
    }

    fn month(&self) {
        if let Some(bar) = self.bar() {
            bar.month();
        }
    }
}

impl Watch for Terminal {
    fn tell(&self, news: &News<'_>) {
        match news {
            News::Begin(begin) => self.begin(begin),
            News::Ran => {
                if let Some(bar) = self.bar() {
                    bar.done();
                }
            }
            News::Needed(Needed {
                pilot,
                needed,
                maximum,
            }) => {
                let words = self.width.as_deref().unwrap_or("the wanted width");
                if self.quiet {
                } else if needed < maximum {
                    say(&format!(
                        "{words}: after {pilot} replicates, {needed} are needed"
                    ));
                } else {
                    say(&format!(
                        "{words}: after {pilot} replicates, the maximum of {maximum} is taken"
                    ));
                }
            }
        }
    }
}

/// Says why the results folder cannot be used.
pub fn refused(resume: bool, json: bool, error: &Failure) -> Exit {
    let Failure::Store(error) = error else {
        say(&format!("error: {error}"));
        return Exit::Failed;
    };
    let advice = match error {
        StoreError::NotARun { .. } if resume => ": leave out --resume to begin one",
        _ => "",
    };
    if matches!(error, StoreError::Conflict { .. }) {
        say(&format!("error: {error}"));
        return Exit::Failed;
    }
    let mut report = Report::default();
    report.push(Problem::error("--out", format!("{error}{advice}")));
    let problems: Problems = report.finish();
    let exit = wrong(&problems, json);
    match error {
        StoreError::Io { .. } | StoreError::DiskFull { .. } => Exit::Failed,
        _ => exit,
    }
}

/// Where results go unless another folder is named.
pub fn results(name: &str) -> PathBuf {
    Path::new("results").join(name)
}
