//! Who runs what when. Whatever has been finished at any moment is spread evenly over points, layouts
//! and replicates: replicate 0 of all points comes before replicate 1 of any, a grid's points in an
//! order that visits all its corners early, and at each point all layouts, so that they are paired.

use crate::store::sweep::{Index, RunKey, Shard, State};

/// All layouts of a point in a replicate: what a thread takes at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Position of the point.
    pub point: u32,
    /// The replicate.
    pub replicate: u32,
}

/// The runs of a shard that are to be done, in order, without a list of them.
#[derive(Clone, Debug)]
pub struct Order {
    points: u32,
    replicates: u32,
    layouts: u16,
    stride: u32,
    shard: Shard,
    next: u64,
}

impl Order {
    /// The order of a sweep's runs. `scattered` for designs whose own order is not balanced.
    pub fn new(index: &Index, scattered: bool, shard: Shard) -> Self {
        let points = index.points().len() as u32;
        Self {
            points,
            replicates: index.replicates(),
            layouts: index.layouts().len() as u16,
            stride: if scattered { stride(points) } else { 1 },
            shard,
            next: 0,
        }
    }

    /// The next of this shard's (point, replicate) of which a run is wanted.
    pub fn next(&mut self, wanted: impl Fn(RunKey) -> bool) -> Option<Run> {
        let all = u64::from(self.points) * u64::from(self.replicates);
        while self.next < all {
            let replicate = (self.next / u64::from(self.points)) as u32;
            let turn = (self.next % u64::from(self.points)) as u32;
            self.next += 1;
            // Shifted in each replicate, so that no shard has the same points, and no slow ones, always.
            if (u64::from(turn) + u64::from(replicate)) % u64::from(self.shard.of)
                != u64::from(self.shard.number)
            {
                continue;
            }
            let point = (u64::from(turn) * u64::from(self.stride) % u64::from(self.points)) as u32;
            let run = Run { point, replicate };
            if (0..self.layouts).any(|layout| wanted(run.key(layout))) {
                return Some(run);
            }
        }
        None
    }

    /// How many runs of this shard are wanted, by their states.
    pub fn count(&self, index: &Index, states: &[State], wanted: impl Fn(State) -> bool) -> u64 {
        let mut order = self.clone();
        order.next = 0;
        let mut count = 0;
        while let Some(run) = order.next(|key| wanted(states[index.at(key)])) {
            let keys = (0..self.layouts).map(|layout| run.key(layout));
            count += keys.filter(|key| wanted(states[index.at(*key)])).count() as u64;
        }
        count
    }
}

impl Run {
    /// The run of a layout.
    pub fn key(self, layout: u16) -> RunKey {
        RunKey {
            point: self.point,
            layout,
            replicate: self.replicate,
        }
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
    use crate::store::sweep::PointRow;

    fn index(points: u32, layouts: usize, replicates: u32) -> Index {
        let row = |at| PointRow::new(vec![format!("a={at}")]);
        let layouts = (0..layouts).map(|at| format!("l{at}")).collect();
        Index::new((0..points).map(row).collect(), layouts, replicates)
    }

    #[test]
    fn shards_share_out_all_runs_evenly() {
        for (points, layouts, replicates) in [(1, 1, 1), (12, 3, 4), (7, 1, 5), (100, 2, 1)] {
            let index = index(points, layouts, replicates);
            for (of, scattered) in [(1, false), (3, true), (4, true), (12, false)] {
                let mut seen = BTreeSet::new();
                let mut counts = Vec::new();
                for number in 0..of {
                    let mut order = Order::new(&index, scattered, Shard { number, of });
                    let states = vec![State::Left; index.len()];
                    counts.push(order.count(&index, &states, |_| true));
                    while let Some(run) = order.next(|_| true) {
                        assert!(seen.insert((run.replicate, run.point)));
                    }
                }
                assert_eq!(seen.len() as u32, points * replicates);
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
        let index = index(100, 1, 2);
        let mut order = Order::new(&index, true, Shard { number: 0, of: 1 });
        let mut visits = [0; 10];
        for _ in 0..20 {
            let run = order.next(|_| true).unwrap();
            assert_eq!(run.replicate, 0);
            visits[run.point as usize / 10] += 1;
        }
        assert!(visits.iter().all(|n| (1..=3).contains(n)), "{visits:?}");
    }

    #[test]
    fn runs_that_are_done_are_left_out() {
        let index = index(3, 2, 2);
        let mut states = vec![State::Done; index.len()];
        let key = RunKey {
            point: 1,
            layout: 1,
            replicate: 1,
        };
        states[index.at(key)] = State::Left;
        let mut order = Order::new(&index, false, Shard { number: 0, of: 1 });
        let left = |state| state == State::Left;
        assert_eq!(order.count(&index, &states, left), 1);
        let run = order.next(|key| left(states[index.at(key)]));
        assert_eq!(
            run,
            Some(Run {
                point: 1,
                replicate: 1
            })
        );
        assert_eq!(order.next(|key| left(states[index.at(key)])), None);
    }
}
