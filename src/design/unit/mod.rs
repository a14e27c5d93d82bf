//! Designs on the open unit cube: rows of coordinates strictly between 0 and 1 (for `morris`
//! between 0 and 1 with both ends), row-major, one column per parameter.
//!
//! Every random number is named by (seed, design, row, column), so a row does not depend on how
//! many rows there are: the first rows of a larger random, Sobol, Saltelli or Morris design are the
//! smaller one. Columns are numbered in the order of the parameters.

mod latin_hypercube;
mod morris;
mod saltelli;
mod sobol;

pub use latin_hypercube::{
    MAXIMIN_ROWS, latin_hypercube, latin_hypercube_maximin, latin_hypercube_within, least_distance,
    spread_out,
};
pub use morris::{MAX_LEVELS, Step, Trajectories, morris};
pub use saltelli::{Blocks, part_of, rows_per_block, saltelli};
pub use sobol::{DIMENSIONS, Sobol, sobol};

use rand::Rng;

use crate::draw::{Luck, Process, Stream, id_hash};

/// The draws of one design under one seed.
#[derive(Clone, Copy, Debug)]
struct Draws {
    luck: Luck,
    design: u64,
}

impl Draws {
    fn new(design: &str, seed: u64) -> Self {
        Self {
            luck: Luck::new(seed, 0),
            design: id_hash(design),
        }
    }

    /// The words named by two numbers below 2^32 and a serial number.
    fn stream(self, high: u32, low: u32, serial: u32) -> Stream {
        let name = u64::from(high) << 32 | u64::from(low);
        self.luck.stream(Process::Design, self.design, name, serial)
    }

    /// A uniform draw strictly between 0 and 1.
    fn uniform(self, high: u32, low: u32, serial: u32) -> f64 {
        open(self.stream(high, low, serial).next_u64())
    }
}

/// Maps 64 bits to (0, 1): the middle of one of 2^52 equal parts, an exact number.
fn open(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// Independent uniform rows: plain Monte Carlo.
#[derive(Clone, Copy, Debug)]
pub struct Random(Draws);

impl Random {
    /// The sequence under `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Draws::new("random", seed))
    }

    /// Fills `row` with row number `index`.
    pub fn row(&self, index: u32, row: &mut [f64]) {
        for (column, value) in (0..).zip(row) {
            *value = self.0.uniform(index, column, 0);
        }
    }
}

/// The first `n` independent uniform rows of `k` columns (n × k, row-major).
pub fn random(n: u32, k: usize, seed: u64) -> Vec<f64> {
    let mut cube = vec![0.0; n as usize * k];
    let sequence = Random::new(seed);
    for (index, row) in (0..n).zip(cube.chunks_exact_mut(k.max(1))) {
        sequence.row(index, row);
    }
    cube
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_open_interval_has_no_ends() {
        assert_eq!(open(0), 0.5f64.powi(53));
        assert_eq!(open(u64::MAX), 1.0 - 0.5f64.powi(53));
    }

    /// Kolmogorov–Smirnov over all cells, and the correlation of two columns; a right generator
    /// would fail either for about one seed in a million (D > 2.69/√n, |r| > 4.9/√n).
    #[test]
    fn random_cells_are_uniform_and_columns_unrelated() {
        let (n, k) = (20_000u32, 5);
        let cube = random(n, k, 20_130_929);
        let mut cells = cube.clone();
        cells.sort_by(f64::total_cmp);
        let count = cells.len() as f64;
        let distance = cells
            .iter()
            .enumerate()
            .map(|(i, x)| {
                (x - i as f64 / count)
                    .abs()
                    .max((x - (i as f64 + 1.0) / count).abs())
            })
            .fold(0.0, f64::max);
        assert!(distance < 2.69 / count.sqrt(), "{distance}");
        let products: f64 = cube
            .chunks_exact(k)
            .map(|row| (row[1] - 0.5) * (row[2] - 0.5))
            .sum();
        let correlation = 12.0 * products / f64::from(n);
        assert!(
            correlation.abs() < 4.9 / f64::from(n).sqrt(),
            "{correlation}"
        );
    }

    proptest! {
        #[test]
        fn more_random_rows_and_columns_keep_the_first(
            n in 1..40u32, more in 0..40u32, k in 1..6usize, seed: u64,
        ) {
            let (few, many) = (random(n, k, seed), random(n + more, k + 1, seed));
            for (row, longer) in few.chunks_exact(k).zip(many.chunks_exact(k + 1)) {
                prop_assert_eq!(row, &longer[..k]);
            }
            prop_assert!(many.iter().all(|x| *x > 0.0 && *x < 1.0));
        }
    }
}
