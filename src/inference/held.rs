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

#[cfg(test)]
mod tests {
    use super::*;

    /// An item, or a place, is kept or held out as a whole, whatever the other is; and by its name, so that others beside
    /// it change nothing. Of the last periods rows are cut in two.
    #[test]
    fn what_is_held_out_is_held_out_whole() {
        let ids: Vec<String> = (0..40).map(|n| format!("item{n}")).collect();
        let items: Vec<&str> = ids.iter().map(String::as_str).collect();
        let places: Vec<u64> = ids.iter().map(|id| id_hash(id)).collect();
        let mut counts = [0, 0];
        for (which, of) in [HoldOut::Items(0.3), HoldOut::Places(0.3)]
            .into_iter()
            .enumerate()
        {
            let kept = Rows::kept(of, (&items, &places), 9, 1);
            let (others, fewer) = (
                kept.others(),
                Rows::kept(of, (&items[..9], &places[..9]), 9, 1),
            );
            for at in 0..40 {
                let pair = |other: usize| if which == 0 { (at, other) } else { (other, at) };
                let parts = |other: usize| {
                    [&kept, &others].map(|rows| rows.part(pair(other), 2, 5.0, Some(7)))
                };
                let [inside, outside] = parts(0);
                let (all, nothing) = ((5.0, true), (0.0, false));
                assert!([inside, outside] == [all, nothing] || [inside, outside] == [nothing, all]);
                assert!((1..40).all(|other| parts(other) == [inside, outside]));
                if at < 9 {
                    assert_eq!(fewer.part(pair(0), 2, 5.0, Some(7)), inside);
                }
                counts[which] += usize::from(outside == all);
            }
        }
        // Both ways some are held out, and the same share of the same names.
        assert!(
            counts[0] == counts[1] && (4..25).contains(&counts[0]),
            "{counts:?}"
        );
        let kept = Rows::kept(HoldOut::Last(3), (&items, &places), 9, 1);
        assert_eq!(kept.part((0, 0), 2, 7.0, Some(9)), (5.0, false));
        assert_eq!(kept.others().part((0, 0), 2, 7.0, Some(9)), (2.0, true));
    }
}
