//! Sobol sequences with nested uniform scrambling.
//!
//! The sequence of Sobol (1967) with the direction numbers of Joe and Kuo (2008), *Constructing
//! Sobol sequences with better two-dimensional projections*, SIAM J. Sci. Comput. 30, 2635–2654
//! (their set `new-joe-kuo-6`, which the crate `sobol` carries), in their Gray-code order. It is
//! scrambled as in Owen (1995), *Randomly permuted (t,m,s)-nets and (t,s)-sequences*, and Owen
//! (1998), *Scrambling Sobol' and Niederreiter–Xing points*, J. Complexity 14, 466–489: each binary
//! digit is flipped or not by a random bit that belongs to the digits before it. The points keep
//! their stratification and each of them is uniform on the cube. Burley (2020), *Practical
//! hash-based Owen scrambling*, JCGT 9(4), replaces these bits by a hash that mixes fast; here they
//! are the named draws themselves, one call of the generator for seven digits.

use rand::Rng;
use sobol::params::JoeKuoD6;

use super::Draws;
use crate::design::DesignError;

/// The most columns: those of the 1000-dimensional set of direction numbers.
pub const DIMENSIONS: usize = 1000;
/// Binary digits of the sequence: it repeats after 2^32 points.
const DIGITS: u32 = 32;
/// Digits that are scrambled by one call: the 127 nodes of a binary tree of this depth take 127 of
/// its 128 bits.
const AT_ONCE: u32 = 7;

/// A Sobol sequence under one name and seed.
#[derive(Clone, Debug)]
pub struct Sobol {
    /// Direction numbers by column and digit, the first digit on top.
    directions: Vec<Vec<u32>>,
    draws: Draws,
}

impl Sobol {
    /// The sequence of `columns` columns that the design `design` uses under `seed`.
    ///
    /// # Errors
    ///
    /// More than [`DIMENSIONS`] columns.
    pub fn new(design: &'static str, columns: usize, seed: u64) -> Result<Self, DesignError> {
        if columns > DIMENSIONS {
            return Err(DesignError::TooManyColumns {
                design,
                columns,
                most: DIMENSIONS,
            });
        }
        let numbers = JoeKuoD6::standard();
        Ok(Self {
            directions: sobol::Sobol::<u32>::init_direction_vals::<u32>(
                columns,
                DIGITS as usize,
                &numbers,
            ),
            draws: Draws::new(design, seed),
        })
    }

    /// The digits of one coordinate before scrambling, as a share of 2^32.
    fn digits(&self, index: u32, column: usize) -> u32 {
        let gray = index ^ (index >> 1);
        self.directions[column]
            .iter()
            .enumerate()
            .filter(|(digit, _)| gray >> digit & 1 == 1)
            .fold(0, |digits, (_, direction)| digits ^ direction)
    }

    /// Fills `row` with the first coordinates of point number `index`.
    pub fn row(&self, index: u32, row: &mut [f64]) {
        for (column, value) in row.iter_mut().enumerate() {
            *value = self.scrambled(self.digits(index, column), column as u32);
        }
    }

    /// Nested uniform scrambling of one coordinate, in (0, 1).
    fn scrambled(&self, digits: u32, column: u32) -> f64 {
        let mut out = 0u32;
        for (serial, above) in (0..).zip((0..DIGITS).step_by(AT_ONCE as usize)) {
            // The digits before this group, before scrambling, name its flips.
            let prefix = digits.checked_shr(DIGITS - above).unwrap_or(0);
            let mut stream = self.draws.stream(column, prefix, serial);
            let flips = u128::from(stream.next_u64()) << 64 | u128::from(stream.next_u64());
            let mut node = 1u32;
            for digit in above..(above + AT_ONCE).min(DIGITS) {
                let bit = digits >> (DIGITS - 1 - digit) & 1;
                out = out << 1 | (bit ^ (flips >> node & 1) as u32);
                node = node << 1 | bit;
            }
        }
        // What follows the last digit is uniform and unlike for every point.
        let rest = self.draws.stream(column, digits, DIGITS).next_u64();
        super::open(u64::from(out) << 32 | rest >> 32)
    }
}

/// The first `n` points of the scrambled Sobol sequence in `k` columns (n × k, row-major). Best
/// balanced for n a power of two.
///
/// # Errors
///
/// More than [`DIMENSIONS`] columns.
pub fn sobol(n: u32, k: usize, seed: u64) -> Result<Vec<f64>, DesignError> {
    let sequence = Sobol::new("sobol", k, seed)?;
    let mut cube = vec![0.0; n as usize * k];
    for (index, row) in (0..n).zip(cube.chunks_exact_mut(k.max(1))) {
        sequence.row(index, row);
    }
    Ok(cube)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first ten points in three dimensions as Joe and Kuo print them for their program, and
    /// coordinates of SciPy's `qmc.Sobol(40, scramble=False)` (the same direction numbers), which
    /// are multiples of 1/1024.
    #[test]
    fn the_unscrambled_sequence_is_the_published_one() {
        let sequence = Sobol::new("sobol", 40, 1).expect("40 columns");
        let at = |index, column| f64::from(sequence.digits(index, column)) / 2f64.powi(32);
        let published = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        for (index, row) in (0..).zip(published) {
            assert_eq!([0, 1, 2].map(|column| at(index, column)), row);
        }
        for (index, row) in [
            (5, [896.0, 896.0, 128.0, 640.0, 384.0]),
            (100, [424.0, 904.0, 712.0, 344.0, 136.0]),
            (1023, [1.0, 191.0, 871.0, 327.0, 715.0]),
        ] {
            assert_eq!(
                [0, 4, 9, 19, 39].map(|column| at(index, column) * 1024.0),
                row
            );
        }
    }

    #[test]
    fn columns_beyond_the_direction_numbers_are_an_error() {
        assert_eq!(
            sobol(2, DIMENSIONS, 1).expect("just fits").len(),
            2 * DIMENSIONS
        );
        let error = sobol(2, DIMENSIONS + 1, 1).expect_err("one too many");
        assert!(error.to_string().contains("1001"), "{error}");
        // The last point of the sequence has a row like any other.
        let mut row = [0.0; 3];
        Sobol::new("sobol", 3, 1)
            .expect("3 columns")
            .row(u32::MAX, &mut row);
        assert!(row.iter().all(|x| *x > 0.0 && *x < 1.0));
    }

    /// Over seeds each coordinate of each point is uniform: mean 1/2, variance 1/12. Each number of a
    /// right scrambling is off for about one set of seeds in a million (4.9 standard errors).
    #[test]
    fn each_scrambled_point_is_uniform_over_seeds() {
        let n = 4000u32;
        let mut sequence = Sobol::new("sobol", 3, 0).expect("3 columns");
        for (index, column) in [(0, 0), (1, 1), (7, 2)] {
            let (mut sum, mut squares) = (0.0, 0.0);
            for seed in 0..n {
                let mut row = [0.0; 3];
                sequence.draws = Draws::new("sobol", u64::from(seed));
                sequence.row(index, &mut row);
                sum += row[column] - 0.5;
                squares += (row[column] - 0.5).powi(2);
            }
            let n = f64::from(n);
            assert!((sum / n).abs() < 4.9 / (12.0 * n).sqrt(), "{sum}");
            // Var((U − ½)²) = 1/180.
            let error = (squares / n - 1.0 / 12.0).abs();
            assert!(error < 4.9 / (180.0 * n).sqrt(), "{error}");
        }
    }

    /// Scrambled nets integrate smooth functions far better than random points: error of order
    /// n^(−3/2) against n^(−1/2) (Owen 1997). For n = 4096 the ratio is above 100 in this example.
    #[test]
    fn scrambled_points_integrate_better_than_random_ones() {
        let (n, k) = (4096u32, 3);
        // Its integral over the cube is 1.
        let value = |row: &[f64]| row.iter().map(|x| 0.5 + x).product::<f64>();
        let error = |cube: &[f64]| {
            (cube.chunks_exact(k).map(value).sum::<f64>() / f64::from(n) - 1.0).powi(2)
        };
        let (mut scrambled, mut random) = (0.0, 0.0);
        for seed in 0..20 {
            scrambled += error(&sobol(n, k, seed).expect("3 columns"));
            random += error(&super::super::random(n, k, seed));
        }
        assert!(random / scrambled > 100.0 * 100.0, "{random} / {scrambled}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Any 2^m points in a row that start at a multiple of 2^m put one point into each of 2^m
        /// equal intervals of every column.
        #[test]
        fn every_column_is_a_net(m in 0..9u32, start in 0..4u32, column in 0..DIMENSIONS, seed: u64) {
            let sequence = Sobol::new("sobol", column + 1, seed).expect("fits");
            let n = 1u32 << m;
            let mut hit = vec![false; n as usize];
            for index in start * n..(start + 1) * n {
                let u = sequence.scrambled(sequence.digits(index, column), column as u32);
                let cell = (u * f64::from(n)) as usize;
                prop_assert!(!hit[cell]);
                hit[cell] = true;
            }
        }

        /// The first two columns are a (0,2)-sequence: 2^m points put one point into every
        /// rectangle of 2^a × 2^(m−a) equal ones.
        #[test]
        fn the_first_two_columns_are_a_net(m in 0..9u32, start in 0..4u32, seed: u64) {
            let sequence = Sobol::new("sobol", 2, seed).expect("fits");
            let n = 1u32 << m;
            for a in 0..=m {
                let mut hit = vec![false; n as usize];
                for index in start * n..(start + 1) * n {
                    let mut row = [0.0; 2];
                    sequence.row(index, &mut row);
                    let cell = ((row[0] * f64::from(1 << a)) as usize) << (m - a)
                        | (row[1] * f64::from(1 << (m - a))) as usize;
                    prop_assert!(!hit[cell]);
                    hit[cell] = true;
                }
            }
        }

        #[test]
        fn more_points_and_columns_keep_the_first(
            n in 1..60u32, more in 0..60u32, k in 1..9usize, seed: u64,
        ) {
            let few = sobol(n, k, seed).expect("fits");
            let many = sobol(n + more, k + 1, seed).expect("fits");
            for (row, longer) in few.chunks_exact(k).zip(many.chunks_exact(k + 1)) {
                prop_assert_eq!(row, &longer[..k]);
            }
        }
    }
}
