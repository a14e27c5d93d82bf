//! What firms took up, gathered from the table `uptake` in one pass.

use std::collections::BTreeMap;
use std::path::Path;

use crate::scenario::Month;
use crate::store::{Column, StoreError, read_table_parts};

/// By what firms are told apart, as the columns are called.
pub const BY: [&str; 4] = ["industry", "size_class", "region", "domain"];

/// Firms that took something up, and firms, over all domains: the first over the second is a mean share.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Taken {
    /// Sum over cells and domains of the firms that took it up.
    pub took: f64,
    /// Sum over cells and domains of the firms.
    pub firms: f64,
}

impl Taken {
    /// Adds firms.
    pub fn add(&mut self, other: Self) {
        self.took += other.took;
        self.firms += other.firms;
    }

    /// The mean share.
    pub fn share(self) -> f64 {
        self.took / self.firms
    }
}

/// What firms took up, by month and replicate.
pub type ByTime = BTreeMap<(Month, i64), Taken>;

/// The uptake of firms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uptake {
    /// For each of [`BY`]: by label.
    pub by: [BTreeMap<String, ByTime>; 4],
}

impl Uptake {
    /// Reads the table.
    ///
    /// # Errors
    /// A table that is damaged.
    pub fn read(dir: &Path) -> Result<Self, StoreError> {
        let mut found = Self::default();
        let columns = [
            "replicate",
            "month",
            "industry",
            "size_class",
            "region",
            "domain",
            "share",
            "firms",
        ];
        read_table_parts(dir, "uptake", &columns, &mut |part| {
            let [
                Column::Int(replicates),
                Column::Month(months),
                labels @ ..,
                Column::Float(shares),
                Column::Int(firms),
            ] = part
            else {
                return;
            };
            found.part(replicates, months, labels, (shares, firms));
        })?;
        Ok(found)
    }

    fn part(
        &mut self,
        replicates: &[Option<i64>],
        months: &[Option<i32>],
        labels: &[Column],
        (shares, firms): (&[f64], &[Option<i64>]),
    ) {
        for (by, column) in self.by.iter_mut().zip(labels) {
            let Column::Text { codes, ids } = column else {
                continue;
            };
            // Counted by the codes of the part: there are millions of rows and few texts.
            let mut sums: Vec<ByTime> = vec![BTreeMap::new(); ids.len()];
            for (row, code) in codes.iter().enumerate() {
                let (Some(code), Some(replicate), Some(month)) =
                    (code, replicates[row], months[row])
                else {
                    continue;
                };
                let firms = firms[row].unwrap_or(0) as f64;
                let took = shares[row] * firms;
                let at = (Month(month), replicate);
                let sum = sums[*code as usize].entry(at).or_default();
                sum.add(Taken { took, firms });
            }
            for (id, sums) in ids.iter().zip(sums) {
                for (at, sum) in sums {
                    let of = by.entry(id.clone()).or_default();
                    of.entry(at).or_default().add(sum);
                }
            }
        }
    }

    /// The month that was kept in which the share of all firms is nearest to a half: where groups differ most
    /// plainly. At the end nearly all may have taken up everything.
    pub fn middle(&self) -> Option<Month> {
        let mut months: BTreeMap<Month, Taken> = BTreeMap::new();
        for taken in self.by[3].values() {
            for ((month, _), taken) in taken {
                months.entry(*month).or_default().add(*taken);
            }
        }
        let off = |taken: Taken| (taken.share() - 0.5).abs();
        let known = months.into_iter().filter(|(_, taken)| taken.firms > 0.0);
        let best = known.min_by(|a, b| off(a.1).total_cmp(&off(b.1)));
        best.map(|(month, _)| month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_weighted_by_firms() {
        let text = |list: [&str; 4]| Column::text(list.into_iter().map(Some));
        let labels = [
            text(["a", "a", "b", "a"]),
            text(["s", "s", "s", "s"]),
            text(["r", "r", "r", "r"]),
            text(["x", "x", "x", "y"]),
        ];
        let mut uptake = Uptake::default();
        let months = [Some(3), Some(5), Some(5), Some(5)];
        let firms = [Some(10), Some(10), Some(30), Some(10)];
        let shares = [1.0, 0.5, 0.1, 0.0];
        uptake.part(&[Some(0); 4], &months, &labels, (&shares, &firms));
        let at = (Month(5), 0);
        // Industry a: 5 of 10 in domain x, none of 10 in y.
        assert_eq!(uptake.by[0]["a"][&at].share(), 0.25);
        assert!((uptake.by[3]["x"][&at].share() - 8.0 / 40.0).abs() < 1e-12);
        assert!((uptake.by[2]["r"][&at].firms - 50.0).abs() < 1e-12);
        // All firms: 16 % in month 5, all of them in month 3.
        assert_eq!(uptake.middle(), Some(Month(5)));
    }
}
