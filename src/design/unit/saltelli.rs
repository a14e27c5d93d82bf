//! The design for variance-based sensitivity indices.
//!
//! Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), *Variance based sensitivity
//! analysis of model output*, Comput. Phys. Commun. 181, 259–270: two independent matrices A and B,
//! and for each column i the matrix AB_i, which is A with column i from B. Saltelli (2002), *Making
//! best use of model evaluations to compute sensitivity indices*, adds BA_i, B with column i from
//! A, for second-order indices. A and B are the first and the last k columns of a scrambled Sobol
//! sequence in 2k columns; its first point is kept, since scrambling has moved it from the corner
//! (Owen 2020, *On dropping the first Sobol' point*).

use super::Sobol;
use crate::design::{DesignError, Part};

/// Rows of one block: A, B, AB_1, …, AB_k and, for second order, BA_1, …, BA_k.
pub fn rows_per_block(k: usize, second_order: bool) -> usize {
    2 + k * if second_order { 2 } else { 1 }
}

/// What row `row` of a block is.
pub fn part_of(row: usize, k: usize) -> Part {
    match row {
        0 => Part::A,
        1 => Part::B,
        row if row < 2 + k => Part::Ab(row - 2),
        row => Part::Ba(row - 2 - k),
    }
}

/// The endless sequence of blocks under one seed.
#[derive(Clone, Debug)]
pub struct Blocks {
    sequence: Sobol,
    k: usize,
    second_order: bool,
}

impl Blocks {
    /// The blocks for `k` parameters.
    ///
    /// # Errors
    ///
    /// More parameters than half the columns of a Sobol sequence.
    pub fn new(k: usize, seed: u64, second_order: bool) -> Result<Self, DesignError> {
        let sequence = Sobol::new("saltelli", k.saturating_mul(2), seed)?;
        Ok(Self {
            sequence,
            k,
            second_order,
        })
    }

    /// Block number `index`: its rows one after the other, k columns each.
    pub fn block(&self, index: u32) -> Vec<f64> {
        let k = self.k;
        let mut both = vec![0.0; 2 * k];
        self.sequence.row(index, &mut both);
        let (a, b) = both.split_at(k);
        let mut rows = Vec::with_capacity(k * rows_per_block(k, self.second_order));
        rows.extend_from_slice(a);
        rows.extend_from_slice(b);
        let mut mixed = |base: &[f64], other: &[f64]| {
            for column in 0..k {
                let at = rows.len();
                rows.extend_from_slice(base);
                rows[at + column] = other[column];
            }
        };
        mixed(a, b);
        if self.second_order {
            mixed(b, a);
        }
        rows
    }
}

/// The first `n` blocks for `k` parameters, (n · [`rows_per_block`]) × k, row-major. Best balanced
/// for n a power of two.
///
/// # Errors
///
/// More parameters than half the columns of a Sobol sequence.
pub fn saltelli(n: u32, k: usize, seed: u64, second_order: bool) -> Result<Vec<f64>, DesignError> {
    let blocks = Blocks::new(k, seed, second_order)?;
    Ok((0..n).flat_map(|index| blocks.block(index)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Each mixed row differs from its base in its own column only, where it has the other's.
        #[test]
        fn rows_are_what_their_part_says(n in 1..6u32, k in 1..9usize, second: bool, seed: u64) {
            let cube = saltelli(n, k, seed, second).expect("fits");
            let per_block = rows_per_block(k, second);
            prop_assert_eq!(cube.len(), n as usize * per_block * k);
            for block in cube.chunks_exact(per_block * k) {
                let rows: Vec<&[f64]> = block.chunks_exact(k).collect();
                let mut seen = Vec::new();
                for (row, values) in rows.iter().enumerate() {
                    let part = part_of(row, k);
                    let (base, other, moved) = match part {
                        Part::A => (rows[0], rows[1], None),
                        Part::B => (rows[1], rows[0], None),
                        Part::Ab(column) => (rows[0], rows[1], Some(column)),
                        Part::Ba(column) => (rows[1], rows[0], Some(column)),
                    };
                    for column in 0..k {
                        let from = if moved == Some(column) { other } else { base };
                        prop_assert_eq!(values[column], from[column]);
                    }
                    prop_assert!(!seen.contains(&part));
                    seen.push(part);
                }
            }
        }

        #[test]
        fn more_blocks_keep_the_first(n in 1..20u32, more in 0..20u32, second: bool, seed: u64) {
            let few = saltelli(n, 3, seed, second).expect("fits");
            let many = saltelli(n + more, 3, seed, second).expect("fits");
            prop_assert_eq!(&few[..], &many[..few.len()]);
        }
    }

    #[test]
    fn too_many_parameters_are_an_error() {
        assert!(Blocks::new(500, 1, true).is_ok());
        assert!(Blocks::new(501, 1, true).is_err());
        assert!(Blocks::new(usize::MAX, 1, true).is_err());
    }

    /// First-order effects of y = x₁ + 2 x₂ are 1/5 and 4/5 (variances 1/12 and 4/12), by the
    /// estimator of Saltelli et al. (2010), table 2 (b): V_i = mean(f(B) (f(AB_i) − f(A))).
    #[test]
    fn the_estimator_finds_known_indices() {
        let (n, k) = (1024u32, 2);
        let cube = saltelli(n, k, 7, false).expect("fits");
        let y: Vec<f64> = cube
            .chunks_exact(k)
            .map(|row| row[0] + 2.0 * row[1])
            .collect();
        let mut effect = [0.0; 2];
        for block in y.chunks_exact(rows_per_block(k, false)) {
            for (column, sum) in effect.iter_mut().enumerate() {
                *sum += block[1] * (block[2 + column] - block[0]) / f64::from(n);
            }
        }
        let variance = 5.0 / 12.0;
        assert!((effect[0] / variance - 0.2).abs() < 0.02, "{effect:?}");
        assert!((effect[1] / variance - 0.8).abs() < 0.02, "{effect:?}");
    }
}
