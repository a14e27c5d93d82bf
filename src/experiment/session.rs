//! A session: makes the results folder ready, runs the jobs that are left, makes the tables. The same for
//! everything that is an [`Experiment`]: a run, a comparison and a sweep differ in which jobs they choose
//! and in how they look at them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::scenario::BASE;
use crate::store::{
    Asked, End, Folder, Format, Found, Job, Kept, Make, Manifest, Payload, Prepared, Shard, Start,
    State, StoreError, TableData, Worker,
};
use crate::texts::{Text, spoken, text};
use crate::world::memory;

use super::order::Order;
use super::request::{EVERY, Model, Request, Run};
use super::runner::{Ended, Keep, Outcome, Progress, Runner, Unheard};
use super::todo::Todo;

/// What a job does: gives what is kept of it or why it failed. The second argument hears of the end of
/// each month.
pub type Work = Box<dyn Fn(Job, &dyn Fn()) -> Result<Payload, Text> + Send + Sync>;

/// Jobs, and how they are looked at.
pub trait Experiment: Sync {
    /// What is asked of the results folder, with so many replicates.
    fn asked(&self, replicates: u32) -> Asked;
    /// With how many replicates to begin; `there` is a folder that is perhaps gone on with.
    ///
    /// # Errors
    /// What is there and cannot be read, or cannot be gone on with.
    fn replicates(&self, there: Option<&Path>) -> Result<u32, Failure>;
    /// How many replicates it takes, as those say that are kept; asked when all are done. None when nobody
    /// wants to know.
    ///
    /// # Errors
    /// As [`Experiment::replicates`].
    fn needed(&self, _: &Folder, _: &Kept<'_>) -> Result<Option<Needed>, Failure> {
        Ok(None)
    }
    /// What a job does.
    fn work(&self, folder: &Folder) -> Work;
    /// Firms of the world that has most.
    fn most_firms(&self) -> f64;
    /// Whether the points' own order is not balanced.
    fn is_scattered(&self) -> bool {
        false
    }
    /// Of a comparison: its derived tables.
    ///
    /// # Errors
    /// What is kept and cannot be read.
    fn derive(&self, _: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
        Ok(Vec::new())
    }
}

/// How many replicates it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// Replicates of the pilot that says so.
    pub pilot: u32,
    /// How many it takes.
    pub needed: u32,
    /// Most that are taken.
    pub maximum: u32,
}

/// Where a session works, and on what.
#[derive(Clone, Debug)]
pub struct How {
    /// The results folder.
    pub dir: PathBuf,
    /// What may be there already.
    pub start: Start,
    /// A share of the jobs; the tables are then left to [`merge`]. All of them when none.
    pub shard: Option<Shard>,
    /// Whether jobs that failed are run again.
    pub retry_failed: bool,
    /// The command, word by word, for the manifest.
    pub command_line: Vec<String>,
}

/// Hears what a session does.
pub trait Watch: Progress {
    /// Something that is worth telling.
    fn tell(&self, news: &News<'_>);
}

impl Watch for Unheard {
    fn tell(&self, _: &News<'_>) {}
}

/// What a session tells.
#[derive(Debug)]
pub enum News<'a> {
    /// The folder is ready, and the jobs that are left begin.
    Begin(Begin<'a>),
    /// No job is run any more.
    Ran,
    /// How many replicates are needed, as a pilot says.
    Needed(Needed),
}

/// The folder is ready.
#[derive(Clone, Copy, Debug)]
pub struct Begin<'a> {
    /// The folder.
    pub folder: &'a Folder,
    /// What was found in it.
    pub prepared: Prepared,
    /// What is done; with a share, of that share.
    pub found: &'a Found,
    /// Jobs of this session's share.
    pub all: u64,
    /// Those that are left.
    pub left: u64,
}

/// Why an experiment does not go on.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The results folder.
    Store(#[from] StoreError),
    /// Fewer than two pairs of the pilot have a value, so it does not say how many replicates a width takes.
    NoPairs {
        /// The watched outcome.
        outcome: &'static str,
        /// The layout.
        layout: String,
        /// Pairs in which both have a value.
        pairs: usize,
        /// Replicates of the pilot.
        pilot: u32,
    },
}

impl Failure {
    /// The failure in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Store(error) => error.text(),
            Self::NoPairs {
                outcome,
                layout,
                pairs,
                pilot,
            } => text!("pilot-says-nothing", outcome, layout, pairs, pilot),
        }
    }
}

spoken!(Failure);

/// What came of a session.
#[derive(Debug)]
pub struct Done {
    /// How far it is.
    pub manifest: Manifest,
    /// What came of the jobs.
    pub outcome: Outcome,
    /// Jobs of this session's share that have failed, in this session or before.
    pub failed: u64,
    /// What that amounts to.
    pub came: Came,
}

/// What a session amounts to.
#[derive(Debug)]
pub enum Came {
    /// What was asked was there, complete: nothing was done.
    There,
    /// The tables are made; those of a sweep perhaps without some runs that failed.
    Made,
    /// Jobs are left or have failed, or others do them; the tables are not made.
    Left,
    /// It broke off; what was finished before is kept.
    Broke(Failure),
}

/// Makes the results folder ready for an experiment, or joins what is there.
///
/// # Errors
/// Why the folder is not used.
pub fn prepare(
    experiment: &dyn Experiment,
    dir: &Path,
    start: Start,
) -> Result<(Folder, Prepared), Failure> {
    let there = (start != Start::Replace).then_some(dir);
    let asked = experiment.asked(experiment.replicates(there)?);
    Ok(Folder::prepare(dir, asked, start)?)
}

/// Carries an experiment out.
///
/// # Errors
/// Why the folder is not used: nothing was done then.
pub fn carry_out(
    experiment: &dyn Experiment,
    how: &How,
    runner: &Runner,
    watch: &Arc<dyn Watch>,
) -> Result<Done, Failure> {
    let (folder, prepared) = prepare(experiment, &how.dir, how.start)?;
    let mut session = Session {
        experiment,
        how,
        runner,
        watch,
        folder: Arc::new(folder),
        prepared,
        outcome: Outcome::default(),
        failed: 0,
        made: None,
    };
    if prepared == Prepared::Whole {
        return Ok(session.end(Came::There));
    }
    let came = session.go_on();
    Ok(session.end(came.unwrap_or_else(Came::Broke)))
}

/// Makes the tables of what is finished; of a comparison see [`merge_derived`].
///
/// # Errors
/// [`StoreError::Incomplete`], and what else [`Folder::merge`] tells.
pub fn merge(folder: &Folder) -> Result<Manifest, StoreError> {
    folder.merge(&Make {
        command: &|job| command(folder, job),
        ..Make::default()
    })
}

/// Makes the tables of what is finished, those too that an experiment derives from the others.
///
/// # Errors
/// As [`merge`].
pub fn merge_derived(
    experiment: &dyn Experiment,
    folder: &Folder,
    runner: &Runner,
) -> Result<Manifest, StoreError> {
    runner.pool.install(|| {
        folder.merge(&Make {
            command: &|job| command(folder, job),
            derive: &|kept| experiment.derive(kept),
        })
    })
}

/// The command that makes a run of a sweep again, to be given in the folder of its plan.
pub fn command(folder: &Folder, job: Job) -> String {
    let Some(sweep) = &folder.manifest().sweep else {
        return String::new();
    };
    let layout = &sweep.layout_words[usize::from(job.layout)];
    let layouts = layout.split('+').filter(|part| *part != BASE);
    let point = &folder.jobs().points()[job.point as usize];
    // What a variant sets itself holds, whatever the point says.
    let policies = sweep.policies(folder.jobs().layouts().len());
    let variant = (usize::from(job.layout) / policies).checked_sub(1);
    let fixed = variant.and_then(|at| sweep.fixed.get(at));
    let counts = |setting: &&String| {
        let key = setting.split_once('=').map_or("", |(key, _)| key);
        fixed.is_none_or(|fixed| fixed.iter().all(|of| of != key))
    };
    let settings = point.settings.iter().filter(counts);
    let run = Run {
        model: Model {
            scenario: PathBuf::from(&sweep.scenario),
            set: sweep.set.iter().chain(settings).cloned().collect(),
            seed: Some(folder.manifest().seed),
        },
        layouts: layouts.map(PathBuf::from).collect(),
        replicates: Some(1),
        first_replicate: Some(job.replicate),
        tables: Vec::new(),
        every: EVERY,
        format: Format::Parquet,
    };
    Request::Run(run).command(None)
}

struct Session<'a> {
    experiment: &'a dyn Experiment,
    how: &'a How,
    runner: &'a Runner,
    watch: &'a Arc<dyn Watch>,
    folder: Arc<Folder>,
    prepared: Prepared,
    outcome: Outcome,
    failed: u64,
    /// The manifest of the tables that were made here. Another session may be making them anew meanwhile.
    made: Option<Manifest>,
}

impl Session<'_> {
    fn go_on(&mut self) -> Result<Came, Failure> {
        loop {
            self.run()?;
            let sweep = self.folder.manifest().sweep.is_some();
            if self.how.shard.is_some() || self.outcome.ended != Ended::Whole {
                return Ok(Came::Left);
            }
            // The tables of a sweep say what has failed; without all jobs the others cannot be made.
            let found = self.folder.overview()?;
            if !sweep && !found.is_whole() {
                return Ok(Came::Left);
            }
            let needed = match self
                .experiment
                .needed(&self.folder, &self.folder.kept(&found))
            {
                // What is kept was changed since: it is to be run again.
                Err(Failure::Store(StoreError::Damaged { .. })) => return Ok(Came::Left),
                needed => needed?,
            };
            if let Some(needed) = needed {
                self.watch.tell(&News::Needed(needed));
            }
            match needed {
                Some(Needed { needed, .. }) if needed > self.folder.manifest().replicates => {
                    let asked = self.experiment.asked(needed);
                    let dir = &self.how.dir;
                    let (folder, prepared) = Folder::prepare(dir, asked, Start::Join)?;
                    (self.folder, self.prepared) = (Arc::new(folder), prepared);
                }
                _ => match merge_derived(self.experiment, &self.folder, self.runner) {
                    Err(StoreError::Incomplete { .. }) => return Ok(Came::Left),
                    made => {
                        self.made = Some(made?);
                        return Ok(Came::Made);
                    }
                },
            }
        }
    }

    /// Runs the jobs that are left.
    fn run(&mut self) -> Result<(), StoreError> {
        let (experiment, folder, jobs) = (self.experiment, &self.folder, self.folder.jobs());
        let shard = self.how.shard.unwrap_or(Shard::ALL);
        let order = Order::new(jobs, experiment.is_scattered(), shard);
        let found = folder.scan(self.how.shard)?;
        let retry = self.how.retry_failed;
        let wants = |state| state == State::Left || state == State::Failed && retry;
        let wanted: Vec<bool> = found.states().iter().map(|state| wants(*state)).collect();
        let count = |counts: &dyn Fn(usize) -> bool| {
            order.jobs(jobs).filter(|job| counts(jobs.at(*job))).count() as u64
        };
        let left = count(&|at| wanted[at]);
        self.watch.tell(&News::Begin(Begin {
            folder,
            prepared: self.prepared,
            found: &found,
            all: count(&|_| true),
            left,
        }));
        let states = found.states();
        self.failed = count(&|at| states[at] == State::Failed && !wanted[at]);
        if left == 0 {
            self.watch.tell(&News::Ran);
            return Ok(());
        }
        let threads = self.runner.threads();
        let mut worker = folder.worker(shard, threads, self.how.command_line.clone())?;
        let at_a_time = memory::at_a_time(experiment.most_firms(), threads as usize);
        let progress: Arc<dyn Progress> = self.watch.clone();
        let todo = Todo::new(
            order,
            Arc::clone(&self.folder),
            self.how.shard,
            (found, wanted),
            worker.id(),
            Arc::clone(&progress),
        );
        let work = experiment.work(folder);
        let ran = self
            .runner
            .run(todo, at_a_time, work, &mut worker, &progress);
        self.watch.tell(&News::Ran);
        let ended = worker.end(match &ran {
            Ok(outcome) if outcome.ended == Ended::Whole => End::Whole,
            Ok(_) => End::Interrupted,
            Err(_) => End::Failed,
        });
        self.outcome = ran?;
        self.failed += self.outcome.failed;
        ended
    }

    /// Says how far it is.
    fn end(self, came: Came) -> Done {
        let standing = match (&came, self.made) {
            (Came::Made, Some(made)) => Ok(made),
            (Came::There | Came::Made, _) => Manifest::load(&self.how.dir),
            // A sweep's own manifest says how far it is when its tables are made.
            (Came::Broke(_), _) if self.folder.manifest().sweep.is_some() => self.folder.standing(),
            (Came::Left | Came::Broke(_), _) => self.folder.settle(),
        };
        let (manifest, came) = match (standing, came) {
            (Ok(manifest), came) => (manifest, came),
            // The first error is the one to tell; what is kept is kept, although it cannot be written down.
            (Err(error), came) => {
                let kept = self.folder.standing();
                let manifest = kept.unwrap_or_else(|_| self.folder.manifest().clone());
                let came = match came {
                    Came::Broke(first) => Came::Broke(first),
                    _ => Came::Broke(error.into()),
                };
                (manifest, came)
            }
        };
        Done {
            manifest,
            outcome: self.outcome,
            failed: self.failed,
            came,
        }
    }
}

impl Keep<Payload> for Worker {
    fn took(&mut self, job: Job) -> Result<(), StoreError> {
        Worker::took(self, job)
    }

    fn keep(
        &mut self,
        job: Job,
        seconds: f64,
        result: Result<Payload, Text>,
    ) -> Result<(), StoreError> {
        // What is kept of a job is the same in all languages.
        let result = result.map_err(|why| why.to_string());
        Worker::keep(self, job, seconds, result)
    }

    fn tick(&mut self) -> Result<(), StoreError> {
        Worker::tick(self)
    }
}
