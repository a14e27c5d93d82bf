//! Who runs what when. Whatever has been finished at any moment is spread evenly over points, layouts
//! and replicates: replicate 0 of all points comes before replicate 1 of any, a grid's points in an
//! order that visits all its corners early, and at each point all layouts, so that they are paired.

use crate::store::{Job, Jobs, Shard};

/// All jobs in order, and which of them are those of a shard, without a list of them.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    points: u32,
    /// Of each point.
    replicates: u32,
    layouts: u16,
    stride: u32,
    shard: Shard,
}

impl Order {
    /// The order of jobs. `scattered` for designs whose own order of points is not balanced.
    pub fn new(jobs: &Jobs, scattered: bool, shard: Shard) -> Self {
        let points = jobs.points().len() as u32;
        Self {
            points,
            replicates: jobs.replicates().len() as u32,
            layouts: jobs.layouts().len() as u16,
            stride: if scattered { stride(points) } else { 1 },
            shard,
        }
    }

    /// Number of all jobs.
    pub fn all(self) -> u64 {
        u64::from(self.points) * u64::from(self.replicates) * u64::from(self.layouts)
    }

    /// Layouts, which come one after the other.
    pub fn layouts(self) -> u64 {
        self.layouts.into()
    }

    /// The job at a place in the order; none when it is of another shard, or beyond the last one.
    pub fn at(self, jobs: &Jobs, at: u64) -> Option<Job> {
        if at >= self.all() {
            return None;
        }
        let (points, layouts) = (u64::from(self.points), u64::from(self.layouts));
        let (turn, layout) = (at / layouts, at % layouts);
        let (replicate, turn) = (turn / points, turn % points);
        // Shifted in each replicate, so that no shard has the same points, and no slow ones, always.
        let own = (turn + replicate) % u64::from(self.shard.of) == u64::from(self.shard.number);
        let point = (turn * u64::from(self.stride) % points) as u32;
        own.then(|| Job {
            point,
            layout: layout as u16,
            replicate: jobs.replicate(point, replicate as u32),
        })
    }

    /// This shard's jobs in order: all layouts of a replicate at a point one after the other.
    pub fn jobs(self, jobs: &Jobs) -> impl Iterator<Item = Job> {
        (0..self.all()).filter_map(move |at| self.at(jobs, at))
    }
}

/// A step through `points` that visits each once and leaps about by the golden section.
fn stride(points: u32) -> u32 {
    let divides = |a: u32, b: u32| {
        let (mut a, mut b) = (a, b);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let wanted = (f64::from(points) * 0.618_033_988_749_895) as u32;
    (wanted.max(1)..=points.max(1))
        .find(|step| divides(*step, points.max(1)) == 1)
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::PointRow;

    fn of(points: u32, layouts: usize, replicates: u32) -> Jobs {
        let row = |at| PointRow::new(vec![format!("a={at}")]);
        let layouts = (0..layouts).map(|at| format!("l{at}")).collect();
        Jobs::new((0..points).map(row).collect(), layouts, 5, replicates)
    }

    #[test]
    fn shards_share_out_all_jobs_evenly() {
        for (points, layouts, replicates) in [(1, 1, 1), (12, 3, 4), (7, 1, 5), (100, 2, 1)] {
            let jobs = of(points, layouts, replicates);
            for (of, scattered) in [(1, false), (3, true), (4, true), (12, false)] {
                let mut seen = BTreeSet::new();
                let mut counts = Vec::new();
                for number in 0..of {
                    let order = Order::new(&jobs, scattered, Shard { number, of });
                    counts.push(order.jobs(&jobs).count() as u64);
                    for job in order.jobs(&jobs) {
                        assert!(seen.insert(job));
                    }
                }
                assert_eq!(seen.len(), jobs.len());
                let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
                // At most one (point, replicate) apart in each replicate.
                assert!(
                    most - least <= u64::from(replicates) * layouts as u64,
                    "{counts:?}"
                );
            }
        }
    }

    #[test]
    fn any_beginning_of_the_order_is_balanced() {
        // A grid of 10 × 10: after 20 points each level of the first factor has been visited twice.
        let jobs = of(100, 1, 2);
        let order = Order::new(&jobs, true, Shard::ALL);
        let mut visits = [0; 10];
        for job in order.jobs(&jobs).take(20) {
            assert_eq!(job.replicate, 5);
            visits[job.point as usize / 10] += 1;
        }
        assert!(visits.iter().all(|n| (1..=3).contains(n)), "{visits:?}");
    }

    #[test]
    fn layouts_of_a_replicate_come_together() {
        let jobs = of(3, 2, 2);
        let order = Order::new(&jobs, false, Shard::ALL);
        let all: Vec<Job> = order.jobs(&jobs).collect();
        for (at, job) in all.iter().enumerate() {
            let expected = (at % 2, 5 + at / 6);
            assert_eq!(expected, (job.layout.into(), job.replicate as usize));
        }
    }
}
