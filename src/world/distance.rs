//! The search for the places that pull strongest on one place, by their distances on the globe (`globe.rs`).
//!
//! The search never looks at all pairs unless it must: a k-d tree over the points is opened
//! best-first, and a branch whose largest possible pull cannot enter the k strongest stays closed.
//! What it finds is exactly what comparing all pairs finds, whatever the shape of the tree.
//! Memory: about 70 bytes per place, none per pair.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::id::PlaceId;
use crate::globe::km_of_chord;
pub use crate::globe::{EARTH_RADIUS_KM, Spot, great_circle_km};

/// Places in one leaf of a [`Tree`].
const LEAF: usize = 8;

/// How strongly a place pulls on a listener, as the logarithm of a weight (−∞: not at all), falling
/// or constant in distance.
pub trait Pull {
    /// Pull of `place` on `listener` over `km`.
    fn of(&self, listener: PlaceId, place: PlaceId, km: f64) -> f64;
    /// At least the pull of every place of `branch` (see [`Tree::branch_max`]) from `km` on; equal
    /// to it where all places of the branch have the same attributes.
    fn at_most(&self, listener: PlaceId, branch: usize, km: f64) -> f64;
}

/// A k-d tree over the points of some places.
#[derive(Clone, Debug)]
pub struct Tree {
    spots: Vec<Spot>,
    members: Vec<PlaceId>,
    branches: Vec<Branch>,
}

/// A node of the tree: the smallest box around its places, in parallel to the axes.
#[derive(Clone, Copy, Debug)]
struct Branch {
    low: [f64; 3],
    high: [f64; 3],
    first: u32,
    end: u32,
    /// Two children, this one and the next; 0 for a leaf.
    child: u32,
    /// The first of its places.
    least: PlaceId,
}

impl Branch {
    /// Distance in km below which no place of this branch lies from `spot`. Made a hair smaller
    /// than computed, because asin and ln need not be monotone in the last bit; exact where all
    /// places of the branch lie on one point.
    fn km_at_least(&self, spot: Spot) -> f64 {
        let gap = |axis: usize| {
            let at = spot.0[axis];
            (self.low[axis] - at).max(at - self.high[axis]).max(0.0)
        };
        let (x, y, z) = (gap(0), gap(1), gap(2));
        let km = km_of_chord(x * x + y * y + z * z);
        if self.low == self.high {
            km
        } else {
            km * (1.0 - 1e-12)
        }
    }
}

/// A candidate: more is a larger pull, then a smaller place number.
#[derive(Clone, Copy, Debug)]
struct Ranked {
    pull: f64,
    place: PlaceId,
    branch: u32,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_pull = self.pull.total_cmp(&other.pull);
        by_pull.then(other.place.cmp(&self.place))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

impl Tree {
    /// A tree over `members`, numbers of places whose points are `spots[member]`.
    pub fn new(spots: Vec<Spot>, members: Vec<PlaceId>) -> Self {
        let mut tree = Self {
            spots,
            members,
            branches: Vec::new(),
        };
        if !tree.members.is_empty() {
            let root = tree.branch(0, tree.members.len());
            tree.branches.push(root);
            let mut open = 0;
            while open < tree.branches.len() {
                tree.split(open);
                open += 1;
            }
        }
        tree
    }

    /// The box around the members `first..end`.
    fn branch(&self, first: usize, end: usize) -> Branch {
        let mut branch = Branch {
            low: [f64::INFINITY; 3],
            high: [f64::NEG_INFINITY; 3],
            first: first as u32,
            end: end as u32,
            child: 0,
            least: self.members[first],
        };
        for &place in &self.members[first..end] {
            branch.least = branch.least.min(place);
            for (axis, at) in self.spots[place].0.into_iter().enumerate() {
                branch.low[axis] = branch.low[axis].min(at);
                branch.high[axis] = branch.high[axis].max(at);
            }
        }
        branch
    }

    /// Halves a branch that is too large for a leaf, across its longest side.
    fn split(&mut self, index: usize) {
        let branch = self.branches[index];
        let (first, end) = (branch.first as usize, branch.end as usize);
        if end - first <= LEAF {
            return;
        }
        let side = |axis: usize| branch.high[axis] - branch.low[axis];
        let mut axis = 0;
        for other in 1..3 {
            if side(other) > side(axis) {
                axis = other;
            }
        }
        let half = (end - first) / 2;
        let spots = &self.spots;
        let at = |place: PlaceId| spots[place].0[axis];
        self.members[first..end]
            .select_nth_unstable_by(half, |&a, &b| at(a).total_cmp(&at(b)).then(a.cmp(&b)));
        self.branches[index].child = self.branches.len() as u32;
        let (left, right) = (
            self.branch(first, first + half),
            self.branch(first + half, end),
        );
        self.branches.push(left);
        self.branches.push(right);
    }

    /// For each branch, the largest `value` of its places.
    pub fn branch_max(&self, value: impl Fn(PlaceId) -> f64) -> Vec<f64> {
        let mut largest = vec![f64::NEG_INFINITY; self.branches.len()];
        for (index, branch) in self.branches.iter().enumerate().rev() {
            let child = branch.child as usize;
            largest[index] = if child > 0 {
                f64::max(largest[child], largest[child + 1])
            } else {
                let members = &self.members[branch.first as usize..branch.end as usize];
                members
                    .iter()
                    .fold(f64::NEG_INFINITY, |max, &place| max.max(value(place)))
            };
        }
        largest
    }

    /// The `k` places within `max_km` that pull strongest on `listener`, itself excepted, whichever of the places
    /// that do not stay (`stays`) are there: the `k` strongest of those that stay, and all that do not and pull
    /// stronger than the last of these. Of equal pulls the smaller place number is the stronger. `found` is
    /// replaced by (place, pull), ascending by place; places that do not pull at all are left out.
    pub fn strongest(
        &self,
        listener: PlaceId,
        k: usize,
        max_km: f64,
        pull: &impl Pull,
        stays: impl Fn(PlaceId) -> bool,
        found: &mut Vec<(PlaceId, f64)>,
    ) {
        found.clear();
        let spot = self.spots[listener];
        let mut open = BinaryHeap::new();
        let mut best: BinaryHeap<Reverse<Ranked>> = BinaryHeap::new();
        let mut passing: Vec<Ranked> = Vec::new();
        let enter = |open: &mut BinaryHeap<Ranked>, index: usize| {
            let branch = &self.branches[index];
            let km = branch.km_at_least(spot);
            let most = pull.at_most(listener, index, km);
            if km <= max_km && most > f64::NEG_INFINITY {
                open.push(Ranked {
                    pull: most,
                    place: branch.least,
                    branch: index as u32,
                });
            }
        };
        if k > 0 && !self.branches.is_empty() {
            enter(&mut open, 0);
        }
        while let Some(next) = open.pop() {
            if best.len() >= k && best.peek().is_some_and(|worst| next < worst.0) {
                break;
            }
            let branch = &self.branches[next.branch as usize];
            if branch.child > 0 {
                enter(&mut open, branch.child as usize);
                enter(&mut open, branch.child as usize + 1);
                continue;
            }
            for &place in &self.members[branch.first as usize..branch.end as usize] {
                let km = spot.km_to(self.spots[place]);
                if place == listener || km > max_km {
                    continue;
                }
                let pull = pull.of(listener, place, km);
                if pull > f64::NEG_INFINITY {
                    let ranked = Ranked {
                        pull,
                        place,
                        branch: 0,
                    };
                    if !stays(place) {
                        let worst = best.peek().filter(|_| best.len() >= k);
                        if worst.is_none_or(|worst| ranked > worst.0) {
                            passing.push(ranked);
                        }
                        continue;
                    }
                    best.push(Reverse(ranked));
                    if best.len() > k {
                        best.pop();
                    }
                }
            }
        }
        if let Some(Reverse(worst)) = best.peek().filter(|_| best.len() >= k) {
            passing.retain(|ranked| ranked > worst);
        }
        let all = best.iter().map(|kept| &kept.0).chain(&passing);
        found.extend(all.map(|ranked| (ranked.place, ranked.pull)));
        found.sort_unstable_by_key(|&(place, _)| place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pull of −km; `at_most` is exact in the distance.
    struct Near;

    impl Pull for Near {
        fn of(&self, _: PlaceId, _: PlaceId, km: f64) -> f64 {
            -km
        }
        fn at_most(&self, _: PlaceId, _: usize, km: f64) -> f64 {
            -km
        }
    }

    /// Equal pull of all places.
    struct Equal;

    impl Pull for Equal {
        fn of(&self, _: PlaceId, _: PlaceId, _: f64) -> f64 {
            0.0
        }
        fn at_most(&self, _: PlaceId, _: usize, _: f64) -> f64 {
            0.0
        }
    }

    fn places(numbers: std::ops::Range<usize>) -> Vec<PlaceId> {
        PlaceId::each(numbers).collect()
    }

    /// Points spread over a country-sized rectangle, some of them twice.
    fn scattered(n: u32) -> Vec<Spot> {
        (0..n)
            .map(|i| {
                let t = f64::from(i - i % 5 / 4);
                Spot::new(
                    75.0 + (t * 0.754_877_666).fract() * 60.0,
                    18.0 + (t * 0.569_840_291).fract() * 35.0,
                )
            })
            .collect()
    }

    #[test]
    fn search_finds_what_comparing_all_pairs_finds() {
        let spots = scattered(500);
        let mut members = places(0..500);
        members.retain(|i| i.index() % 7 != 3);
        let tree = Tree::new(spots.clone(), members.clone());
        let mut found = Vec::new();
        for (k, max_km) in [
            (1, f64::INFINITY),
            (9, f64::INFINITY),
            (9, 200.0),
            (600, 1e5),
        ] {
            for listener in PlaceId::each(0..500) {
                let mut all: Vec<(PlaceId, f64)> = members
                    .iter()
                    .filter(|&&place| place != listener)
                    .map(|&place| (place, spots[listener].km_to(spots[place])))
                    .filter(|&(_, km)| km <= max_km)
                    .map(|(place, km)| (place, -km))
                    .collect();
                all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                all.truncate(k);
                all.sort_by_key(|&(place, _)| place);
                tree.strongest(listener, k, max_km, &Near, |_| true, &mut found);
                assert_eq!(found, all, "{listener:?}, k {k}, within {max_km}");
            }
        }
    }

    #[test]
    fn whoever_is_there_the_strongest_are_found() {
        let spots = scattered(300);
        let tree = Tree::new(spots.clone(), places(0..300));
        let stays = |place: PlaceId| !place.index().is_multiple_of(3);
        let mut found = Vec::new();
        for (k, max_km) in [
            (1, f64::INFINITY),
            (7, f64::INFINITY),
            (7, 300.0),
            (250, 1e5),
        ] {
            for listener in PlaceId::each(0..300) {
                tree.strongest(listener, k, max_km, &Near, stays, &mut found);
                for there in 0..4 {
                    // Of those that pass, a part that is another one each time.
                    let is_there =
                        |place: &PlaceId| stays(*place) || place.index() / 3 % 4 == there;
                    let strongest = |list: Vec<(PlaceId, f64)>| {
                        let mut list: Vec<(PlaceId, f64)> = list
                            .into_iter()
                            .filter(|(place, _)| is_there(place))
                            .collect();
                        list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                        list.truncate(k);
                        list
                    };
                    let own = spots[listener];
                    let all = PlaceId::each(0..300).filter(|&place| place != listener);
                    let all = all.map(|place| (place, own.km_to(spots[place])));
                    let all = all.filter(|&(_, km)| km <= max_km);
                    let all = all.map(|(place, km)| (place, -km)).collect();
                    assert_eq!(
                        strongest(found.clone()),
                        strongest(all),
                        "{listener:?} {k} {there}"
                    );
                }
            }
        }
    }

    #[test]
    fn ties_go_to_the_smaller_number_without_looking_at_all_pairs() {
        let n = 40_000;
        let heap = Tree::new(vec![Spot::new(100.0, 30.0); n], places(0..n));
        let wide = Tree::new(scattered(n as u32), places(0..n));
        let mut found = Vec::new();
        for listener in PlaceId::each(0..n) {
            let skips = usize::from(listener.index() < 3);
            for tree in [&heap, &wide] {
                tree.strongest(listener, 3, f64::INFINITY, &Equal, |_| true, &mut found);
                let found = found.iter().map(|&(place, _)| place);
                let first = PlaceId::each(0..3 + skips).filter(|&p| p != listener);
                assert!(found.eq(first), "{listener:?}");
            }
        }
    }

    #[test]
    fn an_empty_tree_and_no_wish_find_nothing() {
        let first = PlaceId::new(0);
        let mut found = vec![(PlaceId::new(9), 9.0)];
        Tree::new(scattered(3), Vec::new()).strongest(first, 5, 1e9, &Near, |_| true, &mut found);
        assert_eq!(found, []);
        Tree::new(scattered(3), places(0..3)).strongest(first, 0, 1e9, &Near, |_| true, &mut found);
        assert_eq!(found, []);
    }
}
