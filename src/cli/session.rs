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
use crate::shell::quote;
use crate::store::{Job, Manifest, Prepared, ResultKind, Start, StoreError};
use crate::texts::{Text, say, text};

use super::arguments::{SayArgs, WorkArgs};
use super::front::{command_line, front};
use super::progress::Bar;
use super::{Exit, lang, say, signals, wrong};

/// Threads for each core beyond which more only wait for each other.
const PER_CORE: u32 = 4;

/// Threads to run jobs on.
///
/// # Errors
/// How the command ends; that there are no such threads has been said.
pub fn runner(threads: u32) -> Result<Runner, Exit> {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let most = cores.saturating_mul(PER_CORE);
    if threads > most {
        say(&say!(lang(), "threads-fewer", threads, most, cores));
    }
    let threads = threads.min(most);
    Runner::new(threads).map_err(|error| {
        let error = Text::foreign(error);
        say(&say!(lang(), "threads-none", threads, error));
        Exit::Failed
    })
}

/// A runner for the work of a command, all of which has to end in time.
///
/// # Errors
/// How the command ends; why has been said.
pub fn in_time(work: &WorkArgs) -> Result<Runner, Exit> {
    let deadline = work.deadline();
    let mut runner = runner(work.threads())?;
    runner.deadline = deadline;
    Ok(runner)
}

/// Says what is allowed but perhaps not meant.
pub fn warn(warnings: &[Problem]) {
    front().problems(&Problems::of(warnings));
    for warning in warnings {
        say(warning.told(lang()).trim_end());
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
    /// Whether it is told that there are other points than before.
    pub extended: bool,
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
        front().begins(&runner.stop, from);
        let resumed = if sweep { Start::Join } else { Start::Resume };
        let how = How {
            dir: self.dir.clone(),
            start: self.work.start(resumed),
            shard: self.work.shard(),
            retry_failed: self.retry_failed,
            command_line: command_line(),
        };
        let telling = Telling {
            quiet: self.say.quiet,
            resumed: self.work.resume && !sweep,
            months: self.months,
            width: self.width.clone(),
            extended: self.extended,
            share: self.share(),
            bar: Mutex::new(None),
            begun: AtomicBool::new(false),
        };
        let watch: Arc<dyn Watch> = Arc::new(telling);
        let done = carry_out(experiment, &how, runner, &watch)?;
        if !sweep {
            self.failures(&done.outcome, &done.manifest);
        }
        if matches!(done.came, Came::There) && !self.say.quiet {
            let dir = self.dir.display().to_string();
            say(&say!(lang(), "nothing-to-resume", dir));
        }
        let exit = self.ended(&done, runner);
        Ok((done, exit))
    }

    /// `of shard I/N`, or nothing.
    fn share(&self) -> String {
        let shard = self.work.shard();
        shard.map_or_else(String::new, |of| {
            let shard = format!("{}/{}", of.number, of.of);
            say!(lang(), "of-shard", shard)
        })
    }

    /// Says which jobs failed, and why.
    fn failures(&self, outcome: &Outcome, manifest: &Manifest) {
        let name = |job: &Job| match manifest.layouts.get(usize::from(job.layout)) {
            Some(layout) if matches!(self.kind, ResultKind::Comparison | ResultKind::Replay) => {
                say!(
                    lang(),
                    "job-replicate-of",
                    replicate = job.replicate,
                    layout = layout.name
                )
            }
            _ => say!(lang(), "job-replicate", replicate = job.replicate),
        };
        for (job, why) in &outcome.failures {
            say(&say!(lang(), "job-failed", job = name(job), why));
        }
        let more = outcome.failed - outcome.failures.len() as u64;
        if more > 0 {
            say(&say!(lang(), "more-failed", more));
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
                say(&say!(lang(), "error", error));
                ("", some)
            }
            (Came::Left, Ended::Whole) if done.failed == 0 => {
                if !self.say.quiet {
                    say(&say!(
                        lang(),
                        "share-done",
                        share = self.share(),
                        folder = quote(&self.dir.to_string_lossy())
                    ));
                }
                return Exit::Done;
            }
            (Came::Left, Ended::Whole) => {
                if sweep {
                    say(&say!(lang(), "runs-failed", n = done.failed));
                    return Exit::Partly;
                }
                ("", some)
            }
            (Came::Left, Ended::TimeLimit) => (say!(lang(), "stopped-time"), Exit::Partly),
            (Came::Left, Ended::Stopped) => {
                let exit = match runner.stop.is_at_once() {
                    true => Exit::Partly,
                    false => Exit::Interrupted,
                };
                (if sweep { say!(lang(), "stopped") } else { "" }, exit)
            }
        };
        if !sweep {
            say(&say!(
                lang(),
                "kept-in",
                some = manifest.replicates_done,
                all = manifest.replicates,
                dir = self.dir.display().to_string()
            ));
        }
        if let Came::Broke(Failure::NoPairs { .. }) = done.came {
            // The same again would come to the same end.
            say(say!(lang(), "go-on-min"));
            return exit;
        }
        let shard = self.work.shard();
        let shard = shard.map_or_else(String::new, |of| {
            format!(" --shard {}/{}", of.number, of.of)
        });
        let command = format!("{}{shard} --resume", self.again);
        let go_on = match sweep {
            true => say!(lang(), "go-on-with", command),
            false => say!(lang(), "complete-with", command),
        };
        say(&format!("{before}{go_on}"));
        exit
    }
}

/// Says what a session does.
struct Telling {
    quiet: bool,
    /// Whether it is said what is there already.
    resumed: bool,
    months: Option<u16>,
    width: Option<String>,
    extended: bool,
    share: String,
    bar: Mutex<Option<Arc<Bar>>>,
    begun: AtomicBool,
}

impl Telling {
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
            say(&say!(lang(), "warning", what));
        }
        let bar = if let Some(sweep) = &folder.manifest().sweep {
            if !self.quiet {
                if begin.prepared == Prepared::Extended && self.extended {
                    say(say!(lang(), "sweep-extended"));
                }
                say(&say!(
                    lang(),
                    "sweep-todo",
                    name = sweep.name,
                    todo = left,
                    all,
                    share = self.share,
                    dir = folder.dir().display().to_string()
                ));
            }
            Bar::new(say!(lang(), "bar-runs"), all, 1, all - left, self.quiet)
        } else {
            let layouts = jobs.layouts().len() as u64;
            let (of, done) = (all / layouts, all - left);
            if first && self.resumed && !self.quiet {
                let there = match self.share.as_str() {
                    "" => begin.found.replicates(jobs).len() as u64,
                    _ => done / layouts,
                };
                let share = &self.share;
                say(&say!(lang(), "resuming", some = there, all = of, share));
            }
            match self.months {
                Some(months) => Bar::of_months(of, done, months.into(), self.quiet),
                None => Bar::new(
                    say!(lang(), "bar-replicates"),
                    of,
                    layouts,
                    done,
                    self.quiet,
                ),
            }
        };
        if left > 0 {
            *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(bar));
        }
    }
}

impl Progress for Telling {
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

    fn elsewhere(&self) {
        if let Some(bar) = self.bar() {
            bar.elsewhere();
        }
    }
}

impl Watch for Telling {
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
                let Some(target) = self.width.as_deref().filter(|_| !self.quiet) else {
                    return;
                };
                say(&if needed < maximum {
                    say!(lang(), "width-needed", target, pilot, needed)
                } else {
                    say!(lang(), "width-maximum", target, pilot, most = maximum)
                });
            }
        }
    }
}

/// Says why the results folder cannot be used, which the argument `name` named.
pub fn refused(name: &str, resume: bool, json: bool, error: &Failure) -> Exit {
    let failed = |error: Text| {
        say(&say!(lang(), "error", error));
        Exit::Failed
    };
    let Failure::Store(error) = error else {
        return failed(error.text());
    };
    let advice = match error {
        StoreError::NotARun { .. } if resume => text!("without-resume"),
        _ => "".into(),
    };
    if matches!(error, StoreError::Conflict { .. }) {
        return failed(error.text());
    }
    let mut report = Report::default();
    report.push(Problem::error(name, text!("refused-advice", error, advice)));
    let exit = wrong(&report.finish(), json);
    match error {
        StoreError::Io { .. } | StoreError::DiskFull { .. } => Exit::Failed,
        _ => exit,
    }
}

/// Where results go unless another folder is named.
pub fn results(name: &str) -> PathBuf {
    Path::new("results").join(name)
}
