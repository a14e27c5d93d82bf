//! Which job comes next, when others may be at work on the same ones.
//!
//! Alone, a worker takes what is left in order. Now and then it looks what others have finished or have in hand,
//! which costs little, and leaves that out. When it comes upon such a job it goes on in the middle of the
//! longest stretch that nobody is at: so workers keep apart and do not go one behind the other, however late they
//! see each other. What others have in hand is run at the end, when they have not finished it by then: they may
//! have died. Nobody waits for anybody, and what is run twice counts once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::store::{Folder, Found, Job, Shard, sha256};

use super::order::Order;
use super::runner::Progress;

/// How long it is not looked again, at least; alone, twice as long each time, up to [`ALONE`].
const LEAST: Duration = Duration::from_millis(20);
const ALONE: Duration = Duration::from_secs(1);
/// So many times longer than a look takes nobody looks again: than the shortest of the last few, as a processor
/// that is busy with others makes some of them long.
const COST: u32 = 50;
const LAST_FEW: usize = 3;

/// How a job is for this worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// It was not to be run when this worker began.
    Out,
    /// To be run.
    Left,
    /// Taken here, or done by others since.
    Gone,
}

/// The jobs of a session that are left.
pub struct Todo {
    order: Order,
    folder: Arc<Folder>,
    shard: Option<Shard>,
    /// What is done.
    found: Found,
    /// Name of the worker.
    own: String,
    progress: Arc<dyn Progress>,
    /// By position among the jobs.
    how: Vec<How>,
    /// What other workers have in hand; none when nobody else lives.
    others: Option<BTreeSet<usize>>,
    /// Where it goes on in the order, and up to where nothing is left.
    at: u64,
    first: u64,
    /// How often it has gone elsewhere.
    leaps: u32,
    looked: Option<Instant>,
    /// How long the last looks took, the last one first; 0 before there were as many.
    took: [Duration; LAST_FEW],
    pause: Duration,
}

impl Todo {
    /// Of jobs in order, those that are wanted, by position; `found` says what is done, `own` how the worker is
    /// called.
    pub fn new(
        order: Order,
        folder: Arc<Folder>,
        shard: Option<Shard>,
        (found, wanted): (Found, Vec<bool>),
        own: &str,
        progress: Arc<dyn Progress>,
    ) -> Self {
        let how = |wanted| if wanted { How::Left } else { How::Out };
        Self {
            order,
            folder,
            shard,
            found,
            own: own.to_owned(),
            progress,
            how: wanted.into_iter().map(how).collect(),
            others: None,
            at: 0,
            first: 0,
            leaps: 0,
            looked: None,
            took: [Duration::ZERO; LAST_FEW],
            pause: LEAST,
        }
    }

    /// Looks what others have done and have in hand.
    fn look(&mut self) {
        let began = Instant::now();
        // What cannot be read now is told by whoever has to read it.
        let done = self.found.read_on(&self.folder, self.shard, &self.own);
        for at in done.unwrap_or_default() {
            if self.how[at] == How::Left {
                self.how[at] = How::Gone;
                self.progress.elsewhere();
            }
        }
        self.others = self.found.in_hand(&self.folder, &self.own);
        let pause = match self.others {
            Some(_) => LEAST,
            None => (2 * self.pause).min(ALONE),
        };
        self.took.rotate_right(1);
        self.took[0] = began.elapsed();
        let shortest = self.took.into_iter().min().unwrap_or_default();
        self.pause = pause.max(COST * shortest);
        self.looked = Some(Instant::now());
    }

    /// The job at a place in the order and its position, if it may be taken: it is left, and nobody has it in
    /// hand.
    fn free(&self, at: u64) -> Option<(Job, usize)> {
        let job = self.order.at(self.folder.jobs(), at)?;
        let position = self.folder.jobs().at(job);
        let in_hand = || {
            self.others
                .as_ref()
                .is_some_and(|all| all.contains(&position))
        };
        (self.how[position] == How::Left && !in_hand()).then_some((job, position))
    }

    /// Whether a place in the order says nothing: it is of another shard, or was out from the beginning.
    fn is_out(&self, at: u64) -> bool {
        let job = self.order.at(self.folder.jobs(), at);
        job.is_none_or(|job| self.how[self.folder.jobs().at(job)] == How::Out)
    }

    /// Takes the next job that is free.
    fn take(&mut self) -> Option<Job> {
        let end = self.order.all();
        let gone = |at: u64| {
            let left = |job| self.how[self.folder.jobs().at(job)] == How::Left;
            !self.order.at(self.folder.jobs(), at).is_some_and(left)
        };
        self.first = (self.first..end).find(|at| !gone(*at)).unwrap_or(end);
        self.at = (self.at..end).find(|at| !self.is_out(*at)).unwrap_or(end);
        let on = match self.free(self.at) {
            Some(_) => self.at,
            None if self.others.is_some() => self.elsewhere()?,
            None => (self.at..end)
                .chain(self.first..self.at)
                .find(|at| self.free(*at).is_some())?,
        };
        let (job, position) = self.free(on)?;
        self.how[position] = How::Gone;
        self.at = on + 1;
        Some(job)
    }

    /// A place within the longest stretch of jobs that are free, away from both of its ends.
    fn elsewhere(&mut self) -> Option<u64> {
        let (mut longest, mut from, mut long) = ((0, 0, 0), None, 0);
        for at in self.first..self.order.all() {
            if self.free(at).is_some() {
                let start = *from.get_or_insert(at);
                long += 1;
                if long > longest.2 {
                    longest = (start, at, long);
                }
            } else if !self.is_out(at) {
                (from, long) = (None, 0);
            }
        }
        let (start, last, long) = longest;
        if long < 2 {
            return (long == 1).then_some(start);
        }
        // Everyone goes to another place, and nobody needs to know of anybody.
        self.leaps += 1;
        let name = sha256(format!("{} {}", self.own, self.leaps).as_bytes());
        let drawn = u32::from_str_radix(&name[..8], 16).unwrap_or(0);
        let share = 0.25 + 0.5 * f64::from(drawn) / f64::from(u32::MAX);
        let at = start + ((last - start) as f64 * share) as u64;
        // With all layouts of a replicate, where there is more than one replicate.
        let whole = at.next_multiple_of(self.order.layouts());
        let at = if whole < last { whole } else { at };
        (at..=last).find(|at| self.free(*at).is_some())
    }
}

impl Iterator for Todo {
    type Item = Job;

    fn next(&mut self) -> Option<Job> {
        let due = |looked: Instant| looked.elapsed() >= self.pause;
        if self.looked.is_none_or(due) {
            self.look();
        }
        if let Some(job) = self.take() {
            return Some(job);
        }
        self.look();
        if let Some(job) = self.take() {
            return Some(job);
        }
        // What is left is in the hands of others, who may not come to its end.
        if let Some(in_hand) = &mut self.others {
            in_hand.clear();
        }
        self.take()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::super::runner::Unheard;
    use super::*;
    use crate::store::{
        Asked, Column, ColumnDef, End, Format, LayoutAsked, ResultKind, Start, State, TableData,
        TableDef, Worker,
    };

    fn asked(layouts: u32, replicates: u32) -> Asked {
        let layout = |at| LayoutAsked {
            name: format!("l{at}"),
            ..LayoutAsked::default()
        };
        Asked {
            kind: ResultKind::Comparison,
            request: serde_json::Value::Null,
            scenario: "s".into(),
            layout: String::new(),
            layouts: (0..layouts).map(layout).collect(),
            inputs: Vec::new(),
            seed: 1,
            first_replicate: 0,
            replicates,
            format: Format::Csv,
            tables: vec![TableDef::new("t", "", vec![ColumnDef::int("n", "", "")])],
            comparison: None,
            sweep: None,
        }
    }

    /// A worker that is at work, with what it has in hand.
    struct At {
        todo: Todo,
        worker: Worker,
        kept: Vec<Job>,
    }

    impl At {
        fn new(dir: &Path, asked: Asked) -> Self {
            let (folder, _) = Folder::prepare(dir, asked, Start::Join).unwrap();
            let folder = Arc::new(folder);
            let found = folder.scan(None).unwrap();
            let wanted = found.states().iter().map(|s| *s != State::Done).collect();
            let order = Order::new(folder.jobs(), false, Shard::ALL);
            let worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
            let (id, unheard) = (worker.id(), Arc::new(Unheard));
            let todo = Todo::new(order, folder, None, (found, wanted), id, unheard);
            Self {
                todo,
                worker,
                kept: Vec::new(),
            }
        }

        /// Takes a job as if there were always time to look before.
        fn take(&mut self) -> Option<Job> {
            self.todo.looked = None;
            self.took()
        }

        fn took(&mut self) -> Option<Job> {
            let job = self.todo.next()?;
            self.worker.took(job).unwrap();
            Some(job)
        }

        fn keep(&mut self, job: Job) {
            let rows = TableData::new("t", vec![Column::Int(Vec::new())]);
            let kept = self.todo.folder.encoder().encode(vec![rows]).unwrap();
            self.worker.keep(job, 0.1, Ok(kept)).unwrap();
            self.kept.push(job);
        }

        fn step(&mut self) -> bool {
            let job = self.take();
            job.into_iter().for_each(|job| self.keep(job));
            job.is_some()
        }
    }

    /// How often each job was run.
    fn ran(workers: &[At]) -> BTreeMap<Job, u32> {
        let mut all = BTreeMap::new();
        for job in workers.iter().flat_map(|at| &at.kept) {
            *all.entry(*job).or_default() += 1;
        }
        all
    }

    #[test]
    fn alone_everything_that_is_left_comes_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let mut at = At::new(dir.path(), asked(2, 10));
        for _ in 0..7 {
            assert!(at.step());
        }
        at.worker.end(End::Interrupted).unwrap();
        let mut next = At::new(dir.path(), asked(2, 10));
        while next.step() {}
        let all: Vec<Job> = at.kept.into_iter().chain(next.kept).collect();
        let jobs = next.todo.folder.jobs();
        let order = Order::new(jobs, false, Shard::ALL);
        assert_eq!(all, order.jobs(jobs).collect::<Vec<_>>());
    }

    /// Turn by turn, at any speed and whenever they come: who sees each other at once does nothing twice.
    #[test]
    fn workers_that_see_each_other_do_nothing_twice() {
        for (layouts, replicates) in [(1, 200), (3, 60), (40, 3)] {
            for speeds in [&[1, 1][..], &[1, 7], &[3, 1, 1], &[1, 1, 1, 1, 5]] {
                let dir = tempfile::tempdir().unwrap();
                let mut workers = vec![At::new(dir.path(), asked(layouts, replicates))];
                let mut going = true;
                while going {
                    going = false;
                    let come = workers.len();
                    for (at, speed) in workers.iter_mut().zip(speeds) {
                        going |= (0..*speed).filter(|_| at.step()).count() > 0;
                    }
                    if come < speeds.len() && workers[come - 1].kept.len() > 5 {
                        workers.push(At::new(dir.path(), asked(layouts, replicates)));
                    }
                }
                let ran = ran(&workers);
                assert_eq!(ran.len() as u32, layouts * replicates);
                assert!(ran.values().all(|times| *times == 1), "{speeds:?} {ran:?}");
                assert!(workers.iter().all(|at| at.kept.len() > 5), "{speeds:?}");
            }
        }
    }

    /// Who sees others late only (as over a network) runs few jobs twice: the stretches that they are at are apart.
    #[test]
    fn workers_that_see_each_other_late_do_little_twice() {
        let dir = tempfile::tempdir().unwrap();
        let mut workers: Vec<At> = (0..3).map(|_| At::new(dir.path(), asked(1, 600))).collect();
        // A look at every twentieth job.
        let mut going = true;
        for turn in 0.. {
            if !going {
                break;
            }
            going = false;
            for (number, at) in workers.iter_mut().enumerate() {
                let looks = (turn + 7 * number).is_multiple_of(20);
                at.todo.looked = (!looks).then(Instant::now);
                at.todo.pause = Duration::from_secs(3600);
                let job = at.took();
                going |= job.is_some();
                job.into_iter().for_each(|job| at.keep(job));
            }
        }
        let ran = ran(&workers);
        assert_eq!(ran.len(), 600);
        let twice: u32 = ran.values().map(|times| times - 1).sum();
        assert!(twice < 60, "{twice} of 600");
    }

    /// What others have in hand comes last, and is run when they do not come to its end.
    #[test]
    fn what_others_have_in_hand_comes_last() {
        let dir = tempfile::tempdir().unwrap();
        let [mut one, mut other] = [(); 2].map(|()| At::new(dir.path(), asked(1, 20)));
        let slow = [one.take().unwrap(), one.take().unwrap()];
        for _ in 0..18 {
            assert!(other.step());
        }
        assert!(slow.iter().all(|job| !other.kept.contains(job)));
        // One is finished in time.
        one.keep(slow[1]);
        assert_eq!(other.take(), Some(slow[0]));
        other.keep(slow[0]);
        assert!(!other.step() && !one.step());
        assert_eq!(other.todo.folder.scan(None).unwrap().counts().done, 20);
    }
}
