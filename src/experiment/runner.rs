//! Runs jobs side by side and hands each to whoever keeps it, as soon as it is finished.
//!
//! A *job* is (point, layout, replicate). A run, a comparison and a sweep differ in which jobs they
//! want, in what a job gives, and in who keeps it; how jobs are run is the same and is here: order,
//! threads, what stops them, what fails, and memory that does not grow with their number.

use std::any::Any;
use std::iter::Peekable;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::store::{Job, StoreError};
use crate::texts::{Text, text};

/// How long jobs in hand may take when everything is to stop at once.
const GRACE: Duration = Duration::from_secs(3);
/// How much longer than the longest job so far the next one may take.
const LONGER: f64 = 1.3;
/// Most failures that are remembered in words.
const TOLD: usize = 10;

/// Keeps what jobs give. All calls come from one thread.
pub trait Keep<P> {
    /// A job is begun.
    ///
    /// # Errors
    /// What keeps it from being written down; no further job is begun then.
    fn took(&mut self, job: Job) -> Result<(), StoreError>;
    /// A job is finished, after so many seconds: what it gave, or why it failed.
    ///
    /// # Errors
    /// As [`Keep::took`].
    fn keep(&mut self, job: Job, seconds: f64, result: Result<P, Text>) -> Result<(), StoreError>;
    /// Several times a second, while nothing is finished.
    ///
    /// # Errors
    /// As [`Keep::took`].
    fn tick(&mut self) -> Result<(), StoreError>;
}

/// Hears how jobs get on; called from any thread.
pub trait Progress: Send + Sync {
    /// A job is finished and kept, or has failed.
    fn finished(&self);
    /// A month of a job is done.
    fn month(&self) {}
    /// Somebody else has finished a job that was to be run here.
    fn elsewhere(&self) {
        self.finished();
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unheard;

impl Progress for Unheard {
    fn finished(&self) {}
}

/// The word to stop, from whoever may give it: a key, a scheduler.
#[derive(Debug, Default)]
pub struct Stop(AtomicU8);

/// Replicates that are begun are finished, with all their layouts.
const SOON: u8 = 1;
/// Within seconds: jobs in hand are given up when they take longer.
const AT_ONCE: u8 = 2;

impl Stop {
    /// Stops when the replicates that are begun are done, with all their layouts. Gives whether it was
    /// told before.
    pub fn soon(&self) -> bool {
        self.0.fetch_max(SOON, Ordering::Relaxed) != 0
    }

    /// Stops within seconds: jobs in hand are given up when they take longer.
    pub fn at_once(&self) {
        self.0.fetch_max(AT_ONCE, Ordering::Relaxed);
    }

    /// Whether it is to stop.
    pub fn is_told(&self) -> bool {
        self.word() != 0
    }

    /// Whether it is to stop within seconds.
    pub fn is_at_once(&self) -> bool {
        self.word() == AT_ONCE
    }

    fn word(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs jobs: the threads, and what may end jobs before they are done.
#[derive(Debug)]
pub struct Runner {
    /// The threads. A job with very many firms divides its months over all of them.
    pub pool: ThreadPool,
    /// When everything has to have ended.
    pub deadline: Option<Instant>,
    /// The word to stop.
    pub stop: Arc<Stop>,
}

impl Runner {
    /// On so many threads, without a time limit.
    ///
    /// # Errors
    /// Threads that the system does not start.
    pub fn new(threads: u32) -> Result<Self, ThreadPoolBuildError> {
        let name = |number| format!("job-{number}");
        let pool = ThreadPoolBuilder::new().num_threads(threads as usize);
        Ok(Self {
            pool: pool.thread_name(name).build()?,
            deadline: None,
            stop: Arc::default(),
        })
    }

    /// Number of threads.
    pub fn threads(&self) -> u32 {
        self.pool.current_num_threads() as u32
    }

    /// Runs `jobs` in their order, those of one replicate at a point one after the other, each by `work` on
    /// one of `at_a_time` threads. `work` gives what is kept of a job or why it failed, and calls its second
    /// argument at the end of each month; when it panics the job has failed. Nothing but what `keep` keeps
    /// grows with the number of jobs.
    ///
    /// # Errors
    /// The first job that could not be kept. Jobs in hand are finished, and kept if that can be.
    pub fn run<P, W>(
        &self,
        jobs: impl Iterator<Item = Job> + Send + 'static,
        at_a_time: usize,
        work: W,
        keep: &mut impl Keep<P>,
        progress: &Arc<dyn Progress>,
    ) -> Result<Outcome, StoreError>
    where
        P: Send + 'static,
        W: Fn(Job, &dyn Fn()) -> Result<P, Text> + Send + Sync + 'static,
    {
        let shared = Arc::new(Shared {
            hand: Mutex::new(Hand {
                jobs: jobs.peekable(),
                begun: None,
            }),
            closed: AtomicU8::new(self.stop.word()),
        });
        let at_a_time = at_a_time.clamp(1, self.pool.current_num_threads());
        let (sender, receiver) = sync_channel(2 * at_a_time);
        let (threads, heard) = (Arc::clone(&shared), Arc::clone(progress));
        // Handed out singly, one to a thread at most: a thread that waits for the firms of its job helps
        // with those of others, but begins none. Threads that are given up end with the process.
        self.pool.spawn_broadcast(move |thread| {
            if thread.index() < at_a_time {
                threads.run(&work, &sender, &*heard);
            }
        });
        let outcome = hear(&shared, &receiver, keep, self, &**progress);
        shared.close(AT_ONCE);
        outcome
    }
}

/// What ended the jobs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ended {
    /// Every job was run.
    #[default]
    Whole,
    /// The time limit.
    TimeLimit,
    /// The word to stop.
    Stopped,
}

/// What came of jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What ended them.
    pub ended: Ended,
    /// How many failed.
    pub failed: u64,
    /// The first of them, and why.
    pub failures: Vec<(Job, Text)>,
}

enum Message<P> {
    Took(Job),
    Finished(Job, f64, Result<P, Text>),
}

/// What the threads share.
struct Shared<I: Iterator<Item = Job>> {
    hand: Mutex<Hand<I>>,
    /// Whether no further replicate is begun ([`SOON`]), or no further job ([`AT_ONCE`]).
    closed: AtomicU8,
}

struct Hand<I: Iterator<Item = Job>> {
    jobs: Peekable<I>,
    /// Point and replicate of the latest job.
    begun: Option<(u32, u32)>,
}

impl<I: Iterator<Item = Job>> Shared<I> {
    fn close(&self, how: u8) {
        self.closed.fetch_max(how, Ordering::Relaxed);
    }

    fn take(&self) -> Option<Job> {
        // A thread that panicked while it held the jobs left them sound: every change is one step.
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = hand.begun;
        let job = match self.closed.load(Ordering::Relaxed) {
            0 => hand.jobs.next(),
            SOON => hand
                .jobs
                .next_if(|job| Some((job.point, job.replicate)) == begun),
            _ => None,
        }?;
        hand.begun = Some((job.point, job.replicate));
        Some(job)
    }

    fn is_through(&self) -> bool {
        let mut hand = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        hand.jobs.peek().is_none()
    }

    /// A thread: takes one job after the other, until there are none or it is told to stop.
    fn run<P>(
        &self,
        work: &impl Fn(Job, &dyn Fn()) -> Result<P, Text>,
        sender: &SyncSender<Message<P>>,
        progress: &dyn Progress,
    ) {
        while let Some(job) = self.take() {
            // The receiver is gone only when nobody wants to know.
            if sender.send(Message::Took(job)).is_err() {
                return;
            }
            let (result, seconds) = timed(|| work(job, &|| progress.month()));
            if sender
                .send(Message::Finished(job, seconds, result))
                .is_err()
            {
                return;
            }
        }
    }
}

/// What a job gives or why it failed, by a panic too, and the seconds that it took.
pub fn timed<P>(work: impl FnOnce() -> Result<P, Text>) -> (Result<P, Text>, f64) {
    let began = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(work));
    let result = done.unwrap_or_else(|panic| Err(failure(&*panic)));
    (result, began.elapsed().as_secs_f64())
}

fn failure(panic: &(dyn Any + Send)) -> Text {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
    let why = said.map_or_else(|| text!("it-does-not-say"), Text::foreign);
    text!("program-failed", why)
}

/// Keeps what the threads finish, and says when to stop.
fn hear<P, I: Iterator<Item = Job>>(
    shared: &Shared<I>,
    receiver: &Receiver<Message<P>>,
    keep: &mut impl Keep<P>,
    runner: &Runner,
    progress: &dyn Progress,
) -> Result<Outcome, StoreError> {
    let mut longest = 0.0_f64;
    let mut outcome = Outcome::default();
    let mut told: Option<Instant> = None;
    let mut wrong: Option<StoreError> = None;
    loop {
        let kept = match receiver.recv_timeout(Duration::from_millis(100)) {
            Ok(Message::Took(job)) => keep.took(job),
            Ok(Message::Finished(job, seconds, result)) => {
                longest = longest.max(seconds);
                if let Err(why) = &result {
                    outcome.failed += 1;
                    if outcome.failures.len() < TOLD {
                        outcome.failures.push((job, why.clone()));
                    }
                }
                let kept = keep.keep(job, seconds, result);
                if kept.is_ok() {
                    progress.finished();
                }
                kept
            }
            Err(RecvTimeoutError::Timeout) => keep.tick(),
            // All threads have ended: perhaps told to stop, and there was nothing left.
            Err(RecvTimeoutError::Disconnected) => {
                if shared.is_through() {
                    outcome.ended = Ended::Whole;
                } else if outcome.ended == Ended::Whole && runner.stop.word() != 0 {
                    outcome.ended = Ended::Stopped;
                }
                break;
            }
        };
        if let Err(error) = kept {
            shared.close(AT_ONCE);
            wrong.get_or_insert(error);
        }
        let now = Instant::now();
        let word = runner.stop.word();
        if word != 0 {
            shared.close(word);
            if outcome.ended == Ended::Whole {
                outcome.ended = Ended::Stopped;
            }
        }
        let left = runner.deadline.map(|at| at.saturating_duration_since(now));
        if left.is_some_and(|left| left.as_secs_f64() < LONGER * longest + 2.0) {
            shared.close(AT_ONCE);
            if outcome.ended == Ended::Whole {
                outcome.ended = Ended::TimeLimit;
            }
        }
        let late = word == AT_ONCE && now - *told.get_or_insert(now) >= GRACE;
        if late || left.is_some_and(|left| left < Duration::from_secs(1)) {
            break;
        }
    }
    wrong.map_or(Ok(outcome), Err)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::super::order::Order;
    use super::*;
    use crate::store::{Jobs, PointRow, Shard};

    /// Remembers what it is told; fails from a number of kept jobs on.
    #[derive(Default)]
    struct Kept {
        took: Vec<Job>,
        done: Vec<(Job, Result<u32, Text>)>,
        full_after: Option<usize>,
    }

    impl Keep<u32> for Kept {
        fn took(&mut self, job: Job) -> Result<(), StoreError> {
            self.took.push(job);
            Ok(())
        }

        fn keep(&mut self, job: Job, _: f64, result: Result<u32, Text>) -> Result<(), StoreError> {
            if self.full_after.is_some_and(|most| self.done.len() >= most) {
                let path = "log".into();
                return Err(StoreError::DiskFull { path });
            }
            self.done.push((job, result));
            Ok(())
        }

        fn tick(&mut self) -> Result<(), StoreError> {
            Ok(())
        }
    }

    fn jobs(layouts: usize, replicates: u32) -> impl Iterator<Item = Job> + Send {
        let layouts = (0..layouts).map(|at| format!("l{at}")).collect();
        let jobs = Jobs::new(vec![PointRow::new(Vec::new())], layouts, 0, replicates);
        let order = Order::new(&jobs, false, Shard::ALL);
        (0..order.all()).filter_map(move |at| order.at(&jobs, at))
    }

    fn unheard() -> Arc<dyn Progress> {
        Arc::new(Unheard)
    }

    #[test]
    fn every_job_is_run_once_and_one_thread_runs_them_in_order() {
        for threads in [1, 3] {
            let mut kept = Kept::default();
            let runner = Runner::new(threads).unwrap();
            let work = |job: Job, _: &dyn Fn()| Ok(10 * job.replicate + u32::from(job.layout));
            let all = jobs(3, 20);
            let outcome = runner.run(all, 8, work, &mut kept, &unheard()).unwrap();
            assert_eq!(outcome, Outcome::default());
            let all: Vec<Job> = jobs(3, 20).collect();
            if threads == 1 {
                assert_eq!(kept.took, all);
            }
            kept.done
                .sort_by_key(|(job, _)| (job.replicate, job.layout));
            let expected = |job: &Job| (*job, work(*job, &|| {}));
            assert_eq!(kept.done, all.iter().map(expected).collect::<Vec<_>>());
        }
    }

    #[test]
    fn told_to_stop_before_it_begins_it_runs_nothing_and_says_so() {
        let mut kept = Kept::default();
        let runner = Runner::new(2).unwrap();
        runner.stop.soon();
        let jobs = jobs(1, 20);
        let work = |job: Job, _: &dyn Fn()| Ok(job.replicate);
        let outcome = runner.run(jobs, 2, work, &mut kept, &unheard()).unwrap();
        assert_eq!((outcome.ended, kept.took.len()), (Ended::Stopped, 0));
    }

    #[test]
    fn a_job_that_panics_or_fails_has_failed_and_the_rest_is_kept() {
        let mut kept = Kept::default();
        let runner = Runner::new(2).unwrap();
        let work = |job: Job, _: &dyn Fn()| match job.replicate {
            3 => panic!("on purpose, in job {}", job.replicate),
            5 => Err("no world".into()),
            r => Ok(r),
        };
        let jobs = jobs(1, 20);
        let mut outcome = runner.run(jobs, 2, work, &mut kept, &unheard()).unwrap();
        assert_eq!((outcome.ended, outcome.failed), (Ended::Whole, 2));
        outcome.failures.sort_by_key(|(job, _)| job.replicate);
        let told: Vec<(u32, String)> = outcome
            .failures
            .iter()
            .map(|(job, why)| (job.replicate, why.to_string()))
            .collect();
        let words = "the program failed: on purpose, in job 3";
        assert_eq!(told, [(3, words.into()), (5, "no world".into())]);
        assert_eq!(kept.done.len(), 20);
    }

    /// Told to stop soon while the first of two layouts runs: the second is run too, and no more.
    #[test]
    fn replicates_that_are_begun_are_finished_with_all_their_layouts() {
        for threads in [1, 2] {
            let mut kept = Kept::default();
            let runner = Runner::new(threads).unwrap();
            let stop = Arc::clone(&runner.stop);
            let work = move |job: Job, _: &dyn Fn()| {
                if job.replicate == 2 && job.layout == 0 {
                    assert!(!stop.soon());
                    std::thread::sleep(Duration::from_millis(400));
                }
                std::thread::sleep(Duration::from_millis(10));
                Ok(job.replicate)
            };
            let jobs = jobs(3, 1000);
            let outcome = runner.run(jobs, 2, work, &mut kept, &unheard()).unwrap();
            assert_eq!(outcome.ended, Ended::Stopped);
            let last = kept
                .done
                .iter()
                .map(|(job, _)| job.replicate)
                .max()
                .unwrap();
            assert!((2..500).contains(&last), "{last}");
            assert_eq!(kept.done.len(), 3 * (last as usize + 1));
        }
    }

    #[test]
    fn told_to_stop_when_there_is_nothing_left_is_whole() {
        let mut kept = Kept::default();
        let runner = Runner::new(1).unwrap();
        let stop = Arc::clone(&runner.stop);
        let work = move |job: Job, _: &dyn Fn()| {
            if job.replicate == 4 {
                stop.soon();
            }
            Ok(0)
        };
        let jobs = jobs(1, 5);
        let outcome = runner.run(jobs, 1, work, &mut kept, &unheard()).unwrap();
        assert_eq!((outcome.ended, kept.done.len()), (Ended::Whole, 5));
    }

    #[test]
    fn a_job_that_takes_long_is_given_up_at_once_and_before_the_time_limit() {
        for at_once in [true, false] {
            let mut kept = Kept::default();
            let mut runner = Runner::new(2).unwrap();
            let stop = Arc::clone(&runner.stop);
            let began = Instant::now();
            if !at_once {
                runner.deadline = Some(began + Duration::from_secs(4));
            }
            let work = move |job: Job, _: &dyn Fn()| {
                if job.replicate == 1 {
                    if at_once {
                        stop.at_once();
                    }
                    std::thread::sleep(Duration::from_secs(60));
                }
                Ok(0)
            };
            let jobs = jobs(1, 2);
            let outcome = runner.run(jobs, 2, work, &mut kept, &unheard()).unwrap();
            let ended = match at_once {
                true => Ended::Stopped,
                false => Ended::TimeLimit,
            };
            assert_eq!((outcome.ended, kept.done.len()), (ended, 1));
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "{:?}",
                began.elapsed()
            );
        }
    }

    #[test]
    fn what_cannot_be_kept_ends_it_and_is_told() {
        let mut kept = Kept {
            full_after: Some(3),
            ..Kept::default()
        };
        let runner = Runner::new(2).unwrap();
        let ran = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ran);
        let work = move |_: Job, _: &dyn Fn()| {
            count.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(1));
            Ok(0)
        };
        let jobs = jobs(1, 1_000_000);
        let error = runner
            .run(jobs, 2, work, &mut kept, &unheard())
            .unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
        assert_eq!(kept.done.len(), 3);
        assert!(ran.load(Ordering::Relaxed) < 1000);
    }
}
