//! Which rows of a history are kept to fit a model to, and which are held out to be foretold.

use crate::draw::{Luck, Process, id_hash};

/// What is held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HoldOut {
    /// A share of the items, drawn by name.
    Items(f64),
    /// A share of the places, drawn by name.
    Places(f64),
    /// The last periods.
    Last(i32),
}

/// Which rows count: those that are kept, or those that are held out.
#[derive(Clone, Debug)]
pub struct Rows {
    /// By item and by place, whether it is held out; those beyond the lists are not.
    items: Vec<bool>,
    places: Vec<bool>,
    /// Periods from this one on are held out.
    cut: i32,
    /// Whether those that are held out count.
    held: bool,
}

impl Rows {
    /// All rows.
    pub fn all() -> Self {
        Self {
            items: Vec::new(),
            places: Vec::new(),
            cut: i32::MAX,
            held: false,
        }
    }

    /// Those that are kept; `names` are the ids of items and the hashes of places, `last` the last period of all.
    pub fn kept(of: HoldOut, names: (&[&str], &[u64]), last: i32, seed: u64) -> Self {
        let (luck, name) = (Luck::fixed(seed), id_hash("held out"));
        let drawn = |share: f64, hash: u64| luck.uniform(Process::HeldOut, hash, name, 0) <= share;
        let mut rows = Self::all();
        match of {
            HoldOut::Items(share) => {
                let hashes = names.0.iter().map(|id| id_hash(id));
                rows.items = hashes.map(|hash| drawn(share, hash)).collect();
            }
            HoldOut::Places(share) => {
                rows.places = names.1.iter().map(|hash| drawn(share, *hash)).collect();
            }
            HoldOut::Last(periods) => rows.cut = last.saturating_sub(periods).saturating_add(1),
        }
        rows
    }

    /// Those that are held out.
    pub fn others(&self) -> Self {
        Self {
            held: true,
            ..self.clone()
        }
    }

    /// Of rows of an item and a place without an adoption, from a period on, and of an adoption after them: the rows
    /// that count, and whether the adoption does.
    pub fn part(
        &self,
        (item, place): (usize, usize),
        from: i32,
        rows: f64,
        adopts: Option<i32>,
    ) -> (f64, bool) {
        let held = |of: &[bool], at: usize| of.get(at).copied().unwrap_or(false);
        let whole = held(&self.items, item) || held(&self.places, place);
        let before = f64::from(self.cut.saturating_sub(from).max(0));
        let before = if whole { 0.0 } else { before.min(rows) };
        let adopts = adopts.map(|period| whole || period >= self.cut);
        match self.held {
            false => (before, adopts == Some(false)),
            true => (rows - before, adopts == Some(true)),
        }
    }
}
