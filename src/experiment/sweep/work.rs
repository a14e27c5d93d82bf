//! A worker: runs what is left of a shard and keeps each run as soon as it is finished.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::experiment::compare::observe_in;
use crate::store::StoreError;
use crate::store::sweep::{Index, Record, RunKey, Shard, State, SweepManifest, Worker};

use super::{Order, Plan, Point, Run};

/// How long a worker that is told to stop at once waits for the runs in hand.
const GRACE: Duration = Duration::from_secs(3);
/// How much longer than the longest run so far the next one may take.
const LONGER: f64 = 1.3;

/// Hears how a sweep gets on.
pub trait Progress {
    /// A run is finished and kept.
    fn finished(&self, failed: bool);
}

/// What a worker may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Threads.
    pub threads: u32,
    /// When it has to have ended.
    pub deadline: Option<Instant>,
    /// Whether runs that failed are run again.
    pub retry_failed: bool,
}

/// How a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything that it was to do is done or has failed.
    Whole,
    /// It stopped before its time limit.
    TimeLimit,
    /// It was told to stop, [`STOP`] or [`STOP_AT_ONCE`].
    Stopped,
}

/// Told to stop: the runs in hand are finished.
pub const STOP: u8 = 1;
/// Told to stop within seconds: runs in hand are given up when they take longer.
pub const STOP_AT_ONCE: u8 = 2;

enum Message {
    Took(RunKey),
    Finished(Record),
}

/// What the threads share.
struct Shared {
    plan: Arc<Plan>,
    index: Arc<Index>,
    /// Runs that are not wanted, by position.
    settled: Vec<bool>,
    order: Mutex<Order>,
    closed: AtomicBool,
}

/// Runs what is left of a shard. `states` say what is done. `stop` is looked at several times a second.
///
/// # Errors
/// A run that could not be kept; what was kept before stays.
#[expect(
    clippy::too_many_arguments,
    reason = "each is one thing that a worker needs"
)]
pub fn work(
    plan: &Arc<Plan>,
    index: &Arc<Index>,
    manifest: &SweepManifest,
    dir: &Path,
    shard: Shard,
    states: &[State],
    limits: Limits,
    stop: &AtomicU8,
    progress: &dyn Progress,
) -> Result<Ended, StoreError> {
    let settled = |state: &State| match state {
        State::Left => false,
        State::Failed => !limits.retry_failed,
        State::Done => true,
    };
    let shared = Arc::new(Shared {
        plan: Arc::clone(plan),
        index: Arc::clone(index),
        settled: states.iter().map(settled).collect(),
        order: Mutex::new(Order::new(index, plan.is_scattered(), shard)),
        closed: AtomicBool::new(false),
    });
    let mut worker = Worker::begin(dir, manifest, shard, limits.threads)?;
    let (sender, receiver) = sync_channel(4 * limits.threads as usize);
    for number in 0..limits.threads {
        let (shared, sender) = (Arc::clone(&shared), sender.clone());
        std::thread::Builder::new()
            .name(format!("run-{number}"))
            .spawn(move || shared.runs(&sender))
            .map_err(|e| StoreError::thread(dir, e))?;
    }
    drop(sender);
    let ended = keep(
        &mut worker,
        &shared,
        manifest,
        &receiver,
        limits.deadline,
        stop,
        progress,
    );
    shared.closed.store(true, Ordering::Relaxed);
    worker.end(index, manifest)?;
    ended
}

/// Keeps what the threads finish, and says when to stop.
fn keep(
    worker: &mut Worker,
    shared: &Shared,
    manifest: &SweepManifest,
    receiver: &Receiver<Message>,
    deadline: Option<Instant>,
    stop: &AtomicU8,
    progress: &dyn Progress,
) -> Result<Ended, StoreError> {
    let mut longest = 0.0_f64;
    let mut ended = Ended::Whole;
    let mut told: Option<Instant> = None;
    loop {
        match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(Message::Took(key)) => worker.took(&shared.index, key)?,
            Ok(Message::Finished(record)) => {
                longest = longest.max(record.seconds);
                let failed = record.result.is_err();
                worker.keep(&shared.index, manifest, record)?;
                progress.finished(failed);
            }
            Err(RecvTimeoutError::Timeout) => worker.tick()?,
            // All threads have ended.
            Err(RecvTimeoutError::Disconnected) => return Ok(ended),
        }
        let now = Instant::now();
        let word = stop.load(Ordering::Relaxed);
        if word != 0 && told.is_none() {
            told = Some(now);
            ended = Ended::Stopped;
        }
        let left = deadline.map(|deadline| deadline.saturating_duration_since(now));
        if left.is_some_and(|left| left.as_secs_f64() < LONGER * longest + 2.0)
            && ended == Ended::Whole
        {
            ended = Ended::TimeLimit;
        }
        if ended != Ended::Whole {
            shared.closed.store(true, Ordering::Relaxed);
        }
        let late = word == STOP_AT_ONCE && told.is_some_and(|at| at.elapsed() >= GRACE);
        if late || left.is_some_and(|left| left < Duration::from_secs(1)) {
            return Ok(ended);
        }
    }
}

impl Shared {
    /// A thread: takes a point and replicate, runs its layouts, until there are none or it is told to
    /// stop.
    fn runs(&self, sender: &SyncSender<Message>) {
        while let Some(run) = self.take() {
            for layout in 0..self.index.layouts().len() as u16 {
                let key = run.key(layout);
                if self.closed.load(Ordering::Relaxed) {
                    return;
                }
                if self.settled[self.index.at(key)] {
                    continue;
                }
                // The receiver is gone only when nobody wants to know.
                if sender.send(Message::Took(key)).is_err() {
                    return;
                }
                let record = run_one(&self.plan, key);
                if sender.send(Message::Finished(record)).is_err() {
                    return;
                }
            }
        }
    }

    fn take(&self) -> Option<Run> {
        if self.closed.load(Ordering::Relaxed) {
            return None;
        }
        let mut order = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        order.next(|key| !self.settled[self.index.at(key)])
    }
}

/// Runs one run. Whatever goes wrong in it is in the record.
pub fn run_one(plan: &Plan, key: RunKey) -> Record {
    let began = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| values(plan, key)))
        .unwrap_or_else(|panic| Err(format!("the program failed: {}", words_of(&*panic))));
    Record {
        key,
        seconds: began.elapsed().as_secs_f64(),
        result,
    }
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say why")
}

/// The values that are kept of a run.
fn values(plan: &Plan, key: RunKey) -> Result<Vec<f64>, String> {
    let side = usize::from(key.layout);
    let world = Point::new(plan, key.point).world(side)?;
    let observed = observe_in(&plan.comparison, side, &world, key.replicate);
    let mut values: Vec<f64> = plan
        .kept
        .iter()
        .map(|slot| observed.values[*slot])
        .collect();
    if let Some((months, measures)) = &plan.monthly {
        for row in months.iter().map(|t| &observed.rows[usize::from(*t)]) {
            values.extend(measures.iter().map(|measure| measure.value.of_month(row)));
        }
    }
    Ok(values)
}
