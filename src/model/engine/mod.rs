//! The sealed part: what makes the model fast, and changes none of its results.
//!
//! The theory adds h_ik to H_ik in every month, for every innovation k and place i. That would be some hundred million
//! additions a run for the scenario of China, nearly all of them of what was added the month before. Here a pair (i, k) is
//! touched only when something happens to it:
//!
//! - [`fixed`]: exposures and hazards are whole numbers of ticks, so that sums are exact in any order, and what is worked
//!   out late or not at all differs in no bit;
//! - [`unit`]: what H_ik and θ_ik are counted in, so that a change of exposure is, where it can be, a change of rate;
//! - [`trend`]: the straight line that H_ik is on, and the month in which it meets θ_ik;
//! - [`row`]: one innovation over all places: exposures, lines, who is due;
//! - `hear` and `due`: adoptions reach those who listen, and who adopts is found, many at a time, a very large row in
//!   parts on all threads;
//! - [`weight`]: W_ij,d(t) of all links and domains now, changed only where something changes; [`holders`]: for which
//!   innovations such a change matters;
//! - [`share`] and [`credit`]: credit and flows in whole ticks; accounts by link, split by mechanism only when the parts of
//!   a weight change;
//! - [`fetch`]: reading ahead.

pub mod credit;
mod due;
pub(super) mod fetch;
pub mod fixed;
mod hear;
pub mod holders;
pub mod row;
pub(super) mod share;
pub mod trend;
pub mod unit;
pub mod weight;

use prefetch_index::prefetch_index;

use crate::world::{InnovationId, NEVER, PlaceId, World};

use super::hazard::{Hazard, Replicated};
use super::point::Innovation;
use hear::Boxes;
use holders::Holders;
pub use row::Draws;
use row::{Pairs, PairsMut, Row};
use trend::MonthEnd;
use weight::Weights;

/// Pairs whose link changed that are gathered before they are worked on.
const BATCH: usize = 1 << 14;

/// From so many places on, work on one innovation is done part by part, on all threads.
const LARGE: usize = 1 << 17;

/// Whether work on one innovation is divided over threads.
fn is_divided(world: &World) -> bool {
    world.places.len() >= LARGE && rayon::current_num_threads() > 1
}

/// The system has no memory for the pairs of places and innovations of a replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no memory for the pairs of places and innovations of a replicate, {bytes} bytes")]
pub struct OutOfMemory {
    /// Bytes that were asked for.
    pub bytes: usize,
}

/// H_ik of all innovations k and places i, and who is due. A replicate tells it what happens at the end of a month.
#[derive(Debug)]
pub struct Engine {
    /// A row per innovation, from its implementation on.
    rows: Vec<Option<Row>>,
    /// The pairs of the rows.
    pairs: Pairs,
    /// A month not after the first in which somebody adopts each innovation if nothing changes.
    first_due: Vec<u16>,
    /// The rows turned round.
    holders: Holders,
    /// Room to sort what is told in, by thread.
    boxes: Vec<Boxes>,
    /// Room for pairs whose link changed, and by how much: kept, as memory that comes and goes each month is dear where
    /// it goes back to the system at once, as on workers of Dask.
    changed: Vec<(InnovationId, PlaceId, i64)>,
    /// Innovations from this number on adopt when a history says so.
    pub told_from: usize,
}

impl Engine {
    /// Before anything is implemented.
    ///
    /// # Errors
    /// No memory for the pairs.
    pub fn new(world: &World, innovations: &[Innovation]) -> Result<Self, OutOfMemory> {
        let count = innovations.len();
        let implemented = innovations.iter().filter(|k| k.implemented != NEVER);
        Ok(Self {
            rows: vec![None; count],
            pairs: Pairs::new(count, implemented.count(), world.places.len())?,
            first_due: vec![NEVER; count],
            holders: Holders::new(world, innovations),
            boxes: Vec::new(),
            changed: Vec::new(),
            told_from: count,
        })
    }

    /// The row of innovation `k`, from its implementation on.
    #[inline(always)]
    pub fn row(&self, k: InnovationId) -> Option<&Row> {
        self.rows[k].as_ref()
    }

    /// The rows of all that is implemented.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().flatten()
    }

    /// Σ_j W_ij,d · R_j · 1\[k adopted at j\] in ticks, of an innovation that is implemented and a place that can still
    /// adopt it.
    pub fn exposure(&self, world: &World, k: InnovationId, i: PlaceId) -> i64 {
        let row = self.row(k);
        row.map_or(0, |row| row.exposure(&self.pairs, k, world, i))
    }

    /// Innovation `k` is implemented: its thresholds come. Its origin still has to take it up.
    pub fn implement(
        &mut self,
        hazard: &Hazard<'_>,
        draws: Draws<'_>,
        k: InnovationId,
        innovation: &Innovation,
        end: &MonthEnd,
    ) {
        let at = self.pairs.add(k);
        let (row, due) = Row::new(hazard, at, draws, innovation, end);
        self.rows[k] = Some(row);
        self.first_due[k] = due;
    }

    /// Places take up innovations, (innovation, place): those who listen to them hear of it.
    pub fn take_up(
        &mut self,
        hazard: &Hazard<'_>,
        weights: &Weights<'_>,
        list: &[(InnovationId, PlaceId)],
        end: &MonthEnd,
    ) {
        if is_divided(hazard.world) {
            for of_one in list.chunk_by(|one, next| one.0 == next.0) {
                let k = of_one[0].0;
                for (_, i) in of_one {
                    self.holders.adopt(*i, k);
                }
                if let Some(row) = &mut self.rows[k] {
                    row.adopt_many(of_one);
                }
            }
        } else {
            self.adopt_in_turn(list);
        }
        self.hear::<1>(hazard, weights, list, end);
    }

    fn adopt_in_turn(&mut self, list: &[(InnovationId, PlaceId)]) {
        for (n, &(k, i)) in list.iter().enumerate() {
            if let Some(&(k, i)) = list.get(n + 8) {
                self.holders.fetch(i, k);
                if let Some(row) = &self.rows[k] {
                    row.fetch_set(i);
                }
            }
            self.holders.adopt(i, k);
            if let Some(row) = &mut self.rows[k] {
                row.adopt(i);
            }
        }
    }

    /// Places give innovations up, (innovation, place): those who listen to them hear of them no more.
    pub fn give_up(
        &mut self,
        hazard: &Hazard<'_>,
        weights: &Weights<'_>,
        list: &[(InnovationId, PlaceId)],
        end: &MonthEnd,
    ) {
        for &(k, i) in list {
            self.holders.abandon(i, k);
            if let Some(row) = &mut self.rows[k] {
                row.abandon(i);
            }
        }
        self.hear::<-1>(hazard, weights, list, end);
    }

    /// Weights have changed, for those who had innovations until now.
    pub fn change_weights(&mut self, hazard: &Hazard<'_>, weights: &Weights<'_>, end: &MonthEnd) {
        // Gathered first, so that what they need can be fetched ahead.
        let mut pairs = std::mem::take(&mut self.changed);
        for (d, changes) in weights.changes.iter().enumerate() {
            for j in changes.sources.iter() {
                for (i, by) in changes.of(j) {
                    let found = |k| pairs.push((k, i, by));
                    self.holders.between(d, j, i, found);
                    if pairs.len() >= BATCH {
                        self.expose(hazard, &pairs, end);
                        pairs.clear();
                    }
                }
            }
        }
        self.expose(hazard, &pairs, end);
        pairs.clear();
        self.changed = pairs;
    }

    /// Replications of innovation `k` come into force.
    pub fn replicate(
        &mut self,
        hazard: &Hazard<'_>,
        k: InnovationId,
        now: Replicated,
        end: &MonthEnd,
    ) {
        self.turn(k, |row, at| row.replicate(at, hazard, now, end));
    }

    /// Place `i` opens: from now on its H grows.
    pub fn open(&mut self, hazard: &Hazard<'_>, i: PlaceId, end: &MonthEnd) {
        for k in InnovationId::each(0..self.rows.len()) {
            self.turn(k, |row, at| row.open(at, hazard, i, end));
        }
    }

    /// Place `i` closes: what it has stays there, but it counts as an adopter of nothing and takes nothing up any more.
    pub fn close(&mut self, i: PlaceId) {
        self.holders.close(i);
        let numbers = InnovationId::each(0..self.rows.len());
        for (k, row) in numbers.zip(&mut self.rows) {
            if let Some(row) = row {
                row.close(self.pairs.of_mut(k), i);
            }
        }
    }

    /// Places adopt innovation `k` in month `t` because a history says so: calls `range` with what that says of each
    /// threshold ([`Row::told_by_history`]).
    pub fn tell(
        &mut self,
        hazard: &Hazard<'_>,
        k: InnovationId,
        t: u16,
        places: &[PlaceId],
        mut range: impl FnMut(PlaceId, Option<[i64; 2]>),
    ) {
        let mut at = self.pairs.of_mut(k);
        if let Some(row) = &self.rows[k] {
            for &i in places {
                range(i, row.told_by_history(&mut at, hazard, i, t));
            }
        }
    }

    /// H_ik of place `i` at the end of month `t`, in ticks, where thresholds are 0; none where it cannot adopt in it.
    pub fn reached(
        &mut self,
        hazard: &Hazard<'_>,
        k: InnovationId,
        i: PlaceId,
        t: u16,
    ) -> Option<i64> {
        let at = self.pairs.of_mut(k);
        let row = self.rows[k].as_ref()?;
        row.reached(&at, hazard, i, t).map(|[_, high]| high)
    }

    /// Month `t` is the last in which places adopt innovation `k`: calls `told` for those who could have, with their
    /// H_ik in ticks, where thresholds are 0.
    pub fn end(
        &mut self,
        hazard: &Hazard<'_>,
        k: InnovationId,
        t: u16,
        told: impl FnMut(PlaceId, i64),
    ) {
        if let Some(row) = &mut self.rows[k] {
            row.end(self.pairs.of_mut(k), hazard, t, told);
            self.first_due[k] = NEVER;
        }
    }

    /// The demand that firms make is no longer that of `before` but that of `now`.
    pub fn pull(&mut self, before: &Hazard<'_>, now: &Hazard<'_>, end: &MonthEnd) {
        for k in InnovationId::each(0..self.rows.len()) {
            self.turn(k, |row, at| row.pull(at, before, now, end));
        }
    }

    /// Bytes of the rows.
    pub fn bytes(&self) -> usize {
        self.rows().map(Row::bytes).sum::<usize>() + self.pairs.bytes()
    }

    /// Leaves the memory to the next replicate on this thread.
    pub fn leave(self) {
        self.pairs.leave();
    }

    /// Has fetched who has innovation `k`.
    #[inline(always)]
    pub fn fetch(&self, k: InnovationId) {
        if let Some(row) = &self.rows[k] {
            row.fetch_sets();
        }
    }

    /// Lets something happen to the row of innovation `k` that gives the month to which its first month has
    /// to be lowered, or [`NEVER`].
    fn turn(&mut self, k: InnovationId, happen: impl FnOnce(&mut Row, PairsMut<'_>) -> u16) {
        if let Some(row) = &mut self.rows[k] {
            let first = &mut self.first_due[k];
            *first = happen(row, self.pairs.of_mut(k)).min(*first);
        }
    }

    /// Adds ticks to the exposures of pairs (innovation, place, ticks).
    fn expose(
        &mut self,
        hazard: &Hazard<'_>,
        list: &[(InnovationId, PlaceId, i64)],
        end: &MonthEnd,
    ) {
        let Self {
            rows,
            pairs,
            first_due,
            ..
        } = self;
        for (n, &(k, i, by)) in list.iter().enumerate() {
            if let Some(&(k, i, _)) = list.get(n + 12) {
                prefetch_index(&*rows, k.index());
                pairs.fetch(k, i);
            }
            if let Some(row) = &rows[k] {
                let due = row.expose(&mut pairs.of_mut(k), hazard, i.index(), by, end);
                first_due[k] = due.min(first_due[k]);
            }
        }
    }
}
