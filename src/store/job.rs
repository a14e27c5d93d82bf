//! Jobs: what is run. A job is a point, a layout and a replicate; `run` has one point and one layout,
//! `compare` one point, a sweep many of each.

use serde::Serialize;

use super::checksum::sha256;
use crate::design::Pool;

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Job {
    /// Position of its point among the distinct points.
    pub point: u32,
    /// Position of its layout.
    pub layout: u16,
    /// Number of its replicate: names its luck.
    pub replicate: u32,
}

/// A point: what is set besides the layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointRow {
    /// Its id: the first 16 hexadecimal digits of the SHA-256 of its settings, of a copy of its number too.
    pub id: String,
    /// What it sets: `key=value`, in the order of the plan's parameters.
    pub settings: Vec<String>,
}

impl PointRow {
    /// The point that these settings make.
    pub fn new(settings: Vec<String>) -> Self {
        Self::copy(settings, 0)
    }

    /// Copy `number` of the same, from 0: a draw that a sample has several times, each with replicates of its own.
    pub fn copy(settings: Vec<String>, number: u32) -> Self {
        let mut named = settings.join("\n");
        if number > 0 {
            named += &format!("\ncopy {number}");
        }
        let id = sha256(named.as_bytes())[..16].to_owned();
        Self { id, settings }
    }
}

/// A share of the jobs: `number` of `of`, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shard {
    /// Which share, from 0.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// The only share of one.
    pub const ALL: Self = Self { number: 0, of: 1 };
}

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum State {
    /// Not finished.
    #[default]
    Left,
    /// It failed.
    Failed,
    /// It is done.
    Done,
}

/// All jobs, in the order of the tables of a sweep: by point, then layout, then replicate. Numbers them and
/// finds them by their names.
#[derive(Clone, Debug)]
pub struct Jobs {
    points: Vec<PointRow>,
    /// Positions in `points`, by id.
    by_id: Vec<u32>,
    layouts: Vec<String>,
    first: u32,
    replicates: u32,
    /// Numbers of the replicates by point, where points do not have the same ones.
    numbers: Option<Vec<u32>>,
    /// Replicates that some point has.
    all: u32,
}

/// Which replicates the points of a sweep have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// All the same.
    #[default]
    Same,
    /// Each as many others, from a pool.
    Pool,
    /// Each those that come after those of the point before.
    Own,
}

impl Jobs {
    /// Of distinct points; `replicates` of each point and layout, numbered on from `first`.
    pub fn new(points: Vec<PointRow>, layouts: Vec<String>, first: u32, replicates: u32) -> Self {
        let mut by_id: Vec<u32> = (0..points.len() as u32).collect();
        by_id.sort_unstable_by_key(|&at| &points[at as usize].id);
        Self {
            points,
            by_id,
            layouts,
            first,
            replicates,
            numbers: None,
            all: replicates,
        }
    }

    /// The same with other replicates of the points.
    pub fn numbered(self, numbering: Numbering) -> Self {
        let pool = Pool::new(self.replicates);
        let (numbers, all) = match numbering {
            Numbering::Same => (None, self.replicates),
            Numbering::Pool => (Some(pool.replicates(self.points.len())), pool.size()),
            Numbering::Own => {
                let all = self.replicates.saturating_mul(self.points.len() as u32);
                (Some((self.first..).take(all as usize).collect()), all)
            }
        };
        Self {
            numbers,
            all,
            ..self
        }
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.points.len() * self.layouts.len() * self.replicates as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The distinct points.
    pub fn points(&self) -> &[PointRow] {
        &self.points
    }

    /// Names of the layouts.
    pub fn layouts(&self) -> &[String] {
        &self.layouts
    }

    /// Numbers of the replicates of each point and layout; where points have others, as many.
    pub fn replicates(&self) -> std::ops::Range<u32> {
        self.first..self.first.saturating_add(self.replicates)
    }

    /// Replicates that some point has, counted from the first.
    pub fn pool(&self) -> u32 {
        self.all
    }

    /// The number of replicate `turn`, from 0, of a point.
    pub fn replicate(&self, point: u32, turn: u32) -> u32 {
        match &self.numbers {
            None => self.first.saturating_add(turn),
            Some(all) => all[(point * self.replicates + turn) as usize],
        }
    }

    /// Which of a point's replicates one is, from 0; none when it has no such one.
    fn turn(&self, point: u32, replicate: u32) -> Option<u32> {
        match &self.numbers {
            None => {
                let turn = replicate.checked_sub(self.first);
                turn.filter(|turn| *turn < self.replicates)
            }
            Some(_) => (0..self.replicates).find(|t| self.replicate(point, *t) == replicate),
        }
    }

    /// Position of a job that is one of these.
    pub fn at(&self, job: Job) -> usize {
        let pair = job.point as usize * self.layouts.len() + usize::from(job.layout);
        let turn = self.turn(job.point, job.replicate).unwrap_or_default();
        pair * self.replicates as usize + turn as usize
    }

    /// The job at a position.
    pub fn job(&self, at: usize) -> Job {
        let replicates = self.replicates.max(1) as usize;
        let (pair, replicate) = (at / replicates, at % replicates);
        let layouts = self.layouts.len().max(1);
        let point = (pair / layouts) as u32;
        Job {
            point,
            layout: (pair % layouts) as u16,
            replicate: self.replicate(point, replicate as u32),
        }
    }

    /// Position of the job of these names; none when it is not one of these.
    pub fn find(&self, point: &str, layout: &str, replicate: u32) -> Option<usize> {
        let point = self
            .by_id
            .binary_search_by_key(&point, |&at| &self.points[at as usize].id)
            .ok()?;
        let layout = self.layouts.iter().position(|name| name == layout)?;
        let point = self.by_id[point];
        self.turn(point, replicate).map(|_| {
            self.at(Job {
                point,
                layout: layout as u16,
                replicate,
            })
        })
    }

    /// Point id and layout name of a job; none when it is not one of these.
    pub fn names(&self, job: Job) -> Option<(&str, &str)> {
        let point = self.points.get(job.point as usize)?;
        let layout = self.layouts.get(usize::from(job.layout))?;
        let replicate = self.turn(job.point, job.replicate);
        replicate.map(|_| (&point.id[..], &layout[..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(id: &str) -> PointRow {
        PointRow {
            id: id.to_owned(),
            settings: Vec::new(),
        }
    }

    #[test]
    fn jobs_from_a_pool_are_found_by_their_names() {
        let points: Vec<PointRow> = (0..60).map(|n| point(&format!("p{n}"))).collect();
        let jobs = Jobs::new(points, vec!["x".into(), "y".into()], 0, 4).numbered(Numbering::Pool);
        assert_eq!((jobs.len(), jobs.pool()), (480, 52));
        for at in 0..jobs.len() {
            let job = jobs.job(at);
            assert_eq!(jobs.at(job), at);
            let (point, layout) = jobs.names(job).unwrap();
            assert_eq!(jobs.find(point, layout, job.replicate), Some(at));
        }
        // Both layouts meet the same luck; a replicate that the point does not have is none of its jobs.
        let of = |layout: usize| (4 * layout..4 * layout + 4).map(|at| jobs.job(at).replicate);
        let own: Vec<u32> = of(0).collect();
        assert!(of(1).eq(own.iter().copied()));
        let other = (0..52).find(|r| !own.contains(r)).unwrap();
        assert_eq!(jobs.find("p0", "x", other), None);
    }

    #[test]
    fn each_point_may_have_the_replicates_after_those_of_the_one_before() {
        let points: Vec<PointRow> = (0..3).map(|n| point(&format!("p{n}"))).collect();
        let jobs = Jobs::new(points, vec!["x".into(), "y".into()], 70, 2).numbered(Numbering::Own);
        let replicates: Vec<u32> = (0..jobs.len()).map(|at| jobs.job(at).replicate).collect();
        assert_eq!(replicates, [70, 71, 70, 71, 72, 73, 72, 73, 74, 75, 74, 75]);
        assert_eq!(jobs.find("p1", "y", 73), Some(7));
        assert_eq!(jobs.find("p1", "y", 71), None);
    }

    #[test]
    fn jobs_are_found_by_their_names_whatever_the_order_of_points() {
        let points = vec![point("c"), point("a"), point("b")];
        let jobs = Jobs::new(points, vec!["x".into(), "y".into()], 5, 3);
        assert_eq!(jobs.len(), 18);
        for at in 0..jobs.len() {
            let job = jobs.job(at);
            assert!((5..8).contains(&job.replicate));
            assert_eq!(jobs.at(job), at);
            let (point, layout) = jobs.names(job).unwrap();
            assert_eq!(jobs.find(point, layout, job.replicate), Some(at));
        }
        let job = jobs.job(0);
        for other in [
            Job { point: 3, ..job },
            Job { layout: 2, ..job },
            Job {
                replicate: 4,
                ..job
            },
            Job {
                replicate: 8,
                ..job
            },
        ] {
            assert_eq!(jobs.names(other), None);
        }
        assert_eq!(jobs.find("d", "x", 5), None);
        assert_eq!(jobs.find("a", "z", 5), None);
        assert_eq!(jobs.find("a", "x", 4), None);
        assert_eq!(jobs.find("a", "x", 8), None);
    }
}
