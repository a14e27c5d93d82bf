//! Draws and luck: which replicates of a pool each point meets.
//!
//! Where every point met the same few replicates, what all points share of their luck would fall with the number of
//! these, however many points there are. From a pool each point meets a few others: the replicates stand in rounds, in
//! each round in another order, and the points take theirs one after the other. So each replicate is met as often as
//! any other, up to once, and two points that share none are linked by others.

use crate::draw::{Luck, Process, id_hash};

use rand::Rng;

/// Least number of replicates in a pool.
const LEAST: u32 = 50;
/// Least number of replicates that a point meets: with fewer, its own luck is hardly told from that of all.
pub const LEAST_EACH: u32 = 4;
/// How many points each replicate has to meet.
const MEETS: u32 = 4;

/// A pool of replicates, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Replicates of a point.
    each: u32,
}

impl Pool {
    /// The pool of points that meet so many replicates each.
    pub const fn new(each: u32) -> Self {
        Self { each }
    }

    /// How many replicates it has: whole rounds of points use it up.
    pub const fn size(self) -> u32 {
        LEAST.next_multiple_of(self.each)
    }

    /// Points that it takes at least, so that each replicate meets enough of them.
    pub const fn points(self) -> u32 {
        MEETS * (self.size() / self.each)
    }

    /// The replicates of so many points, point by point. More points leave those of the first as they are.
    pub fn replicates(self, points: usize) -> Vec<u32> {
        let (size, each) = (self.size() as usize, self.each as usize);
        let rounds = (points * each).div_ceil(size);
        let all = (0..rounds).flat_map(|round| shuffled(self.size(), round as u64));
        all.take(points * each).collect()
    }
}

/// The replicates in the order of a round: every order is as likely as any other (Fisher and Yates).
fn shuffled(size: u32, round: u64) -> Vec<u32> {
    let mut stream = Luck::new(0, 0).stream(Process::Design, id_hash("pool"), round, 0);
    let mut list: Vec<u32> = (0..size).collect();
    for last in (1..list.len()).rev() {
        // Below 2⁶⁴ / 10⁶, so that no order is more likely by more than that.
        let other = (stream.next_u64() % (last as u64 + 1)) as usize;
        list.swap(last, other);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether all points are linked through replicates that they share.
    fn connected(each: usize, replicates: &[u32], size: u32) -> bool {
        let mut of: Vec<u32> = (0..size).collect();
        fn root(of: &[u32], mut at: u32) -> u32 {
            while of[at as usize] != at {
                at = of[at as usize];
            }
            at
        }
        for point in replicates.chunks(each) {
            for pair in point.windows(2) {
                let [a, b] = [pair[0], pair[1]].map(|at| root(&of, at));
                of[a as usize] = b;
            }
        }
        (0..size).all(|at| root(&of, at) == root(&of, 0))
    }

    #[test]
    fn replicates_are_balanced_and_linked_and_stay_when_points_are_added() {
        for each in LEAST_EACH..=60 {
            let pool = Pool::new(each);
            let least = pool.points() as usize;
            assert!(pool.size() >= LEAST && pool.size().is_multiple_of(each));
            let many = pool.replicates(3 * least + 1);
            for points in [least, least + 1, 2 * least + 3, 3 * least + 1] {
                let all = pool.replicates(points);
                assert_eq!(all, many[..points * each as usize]);
                let mut met = vec![0; pool.size() as usize];
                all.iter().for_each(|at| met[*at as usize] += 1);
                let (fewest, most) = (met.iter().min().unwrap(), met.iter().max().unwrap());
                assert!(*fewest >= MEETS && most - fewest <= 1, "{each} {points}");
                assert!(
                    connected(each as usize, &all, pool.size()),
                    "{each} {points}"
                );
            }
            for point in many.chunks(each as usize) {
                let mut of = point.to_vec();
                of.sort_unstable();
                of.dedup();
                assert_eq!(of.len(), each as usize);
            }
        }
        assert_eq!((Pool::new(4).size(), Pool::new(4).points()), (52, 52));
        assert_eq!((Pool::new(60).size(), Pool::new(60).points()), (60, 4));
    }
}
