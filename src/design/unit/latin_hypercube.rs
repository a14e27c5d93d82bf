//! Latin hypercubes, plain and spread out.
//!
//! McKay, Beckman and Conover (1979), *A comparison of three methods for selecting values of input
//! variables in the analysis of output from a computer code*, Technometrics 21, 239–245: each
//! column is cut into n equal parts, each part is hit once, at a random place in it, and the parts
//! of the columns are matched at random. The maximin option looks for a large least distance
//! between points (Johnson, Moore and Ylvisaker 1990, *Minimax and maximin distance designs*,
//! J. Stat. Plan. Inference 26, 131–148): the best of several random hypercubes, then exchanges of
//! two cells of a column, as in Morris and Mitchell (1995), *Exploratory designs for computational
//! experiments*, taken when they push the closest points apart. It stays a Latin hypercube. The
//! number of trials depends on n only, not on a clock.

use std::convert::Infallible;

use rand::Rng;

use super::Draws;

/// The most rows that the maximin option takes: distances of all pairs are looked at.
pub const MAXIMIN_ROWS: usize = 10_000;
/// The most hypercubes that are tried as a start.
const STARTS: u32 = 10;
/// Work of the maximin option, in distances between two points.
const DISTANCES: usize = 30_000_000;

/// A random Latin hypercube of `n` rows and `k` columns (row-major); `start` tells apart those of
/// one seed.
fn hypercube(n: usize, k: usize, seed: u64, start: u32) -> Vec<f64> {
    let draws = Draws::new("latin-hypercube", seed);
    let mut cube = vec![0.0; n * k];
    let mut order: Vec<(u64, u32)> = Vec::with_capacity(n);
    for column in 0..k {
        order.clear();
        for row in 0..n as u32 {
            order.push((draws.stream(row, column as u32, 2 * start).next_u64(), row));
        }
        order.sort_unstable();
        for (part, (_, row)) in order.iter().enumerate() {
            let within = draws.uniform(*row, column as u32, 2 * start + 1);
            // The sum may round up to the next part, in the last one to 1.
            let next = (part as f64 + 1.0).next_down();
            cube[*row as usize * k + column] =
                ((part as f64 + within).min(next) / n as f64).min(1f64.next_down());
        }
    }
    cube
}

/// A random Latin hypercube (n × k, row-major).
pub fn latin_hypercube(n: usize, k: usize, seed: u64) -> Vec<f64> {
    hypercube(n, k, seed, 0)
}

/// A Latin hypercube under constraints: the smallest found hypercube of which at least `n` rows
/// satisfy `holds` is laid, and its first `n` such rows are kept, so that the rows follow the law
/// of the parameters given the constraints, as in every other design. Without a failing row it is
/// the plain hypercube. `start` tells apart the hypercubes of one seed.
///
/// `Ok(Err((accepted, tried)))` when the rows that hold are so few that the hypercube would have
/// more than `most` rows.
///
/// # Errors
///
/// Those of `holds`.
pub fn latin_hypercube_within<E>(
    (n, k): (usize, usize),
    (seed, start): (u64, u32),
    most: usize,
    holds: &impl Fn(&[f64]) -> Result<bool, E>,
) -> Result<Result<Vec<f64>, (usize, usize)>, E> {
    let mut size = n;
    loop {
        let cube = hypercube(size, k, seed, start);
        let mut kept = Vec::with_capacity(n * k);
        let mut accepted = 0;
        for row in cube.chunks_exact(k) {
            if holds(row)? {
                accepted += 1;
                if accepted <= n {
                    kept.extend_from_slice(row);
                }
            }
        }
        if accepted >= n {
            return Ok(Ok(kept));
        }
        if size >= most {
            return Ok(Err((accepted, size)));
        }
        // Towards the size that the share so far asks for, in bounded leaps.
        let needed = (n - accepted) as f64 * size as f64 / (accepted + 1) as f64;
        let next = size + (needed.ceil() as usize).clamp(1, 3 * size);
        size = next.min(most);
    }
}

/// A Latin hypercube with a large least distance between its points (n × k, row-major): the best
/// of up to 10 random ones, then exchanges. `n` at most [`MAXIMIN_ROWS`].
pub fn latin_hypercube_maximin(n: usize, k: usize, seed: u64) -> Vec<f64> {
    let Ok(cube) = spread_out::<Infallible>(
        (n, k),
        seed,
        |start| Ok(hypercube(n, k, seed, start)),
        &|_| Ok(true),
    );
    cube
}

/// The maximin option over any family of designs: `lay` lays start number 0, 1, …; the best is
/// improved by exchanges after which both rows satisfy `holds`.
///
/// # Errors
///
/// Those of `lay` and `holds`.
pub fn spread_out<E>(
    (n, k): (usize, usize),
    seed: u64,
    mut lay: impl FnMut(u32) -> Result<Vec<f64>, E>,
    holds: &impl Fn(&[f64]) -> Result<bool, E>,
) -> Result<Vec<f64>, E> {
    let pairs = (n * n / 2).max(1);
    let starts = (DISTANCES / 2 / pairs).clamp(1, STARTS as usize) as u32;
    let mut best = lay(0)?;
    let mut distance = least_distance(&best, k);
    for start in 1..starts {
        let other = lay(start)?;
        let least = least_distance(&other, k);
        if least > distance {
            (best, distance) = (other, least);
        }
    }
    if n > 2 && k > 1 {
        let trials = (DISTANCES / 4 / n).min(200 * n);
        let mut spread = Spread::new(best, k);
        let draws = Draws::new("maximin", seed);
        for trial in 0..trials as u32 {
            spread.exchange(draws, trial, holds)?;
        }
        best = spread.cube;
    }
    Ok(best)
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The least Euclidean distance between two rows of `k` columns; infinite for fewer than two.
pub fn least_distance(cube: &[f64], k: usize) -> f64 {
    let rows: Vec<&[f64]> = cube.chunks_exact(k.max(1)).collect();
    let mut least = f64::INFINITY;
    for (at, row) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            least = least.min(squared(row, other));
        }
    }
    least.sqrt()
}

/// A design that is being spread out, with the nearest other row of each row.
struct Spread {
    cube: Vec<f64>,
    k: usize,
    /// Squared distance to the nearest other row, and its number.
    nearest: Vec<(f64, usize)>,
}

impl Spread {
    fn new(cube: Vec<f64>, k: usize) -> Self {
        let rows = cube.len() / k;
        let mut spread = Self {
            cube,
            k,
            nearest: Vec::with_capacity(rows),
        };
        for row in 0..rows {
            let nearest = spread.nearest_to(row, spread.row(row), row);
            spread.nearest.push(nearest);
        }
        spread
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.cube[row * self.k..][..self.k]
    }

    /// The row nearest to `point`, `skip` and `also` left out.
    fn nearest_to(&self, skip: usize, point: &[f64], also: usize) -> (f64, usize) {
        let mut nearest = (f64::INFINITY, skip);
        for (row, values) in self.cube.chunks_exact(self.k).enumerate() {
            let distance = squared(point, values);
            if distance < nearest.0 && row != skip && row != also {
                nearest = (distance, row);
            }
        }
        nearest
    }

    /// One trial: swaps a cell of one of the two closest rows with the same cell of another row,
    /// unless some pair would then be as close as the closest now.
    fn exchange<E>(
        &mut self,
        draws: Draws,
        trial: u32,
        holds: &impl Fn(&[f64]) -> Result<bool, E>,
    ) -> Result<(), E> {
        let mut closest = 0;
        for (row, nearest) in self.nearest.iter().enumerate() {
            if nearest.0 < self.nearest[closest].0 {
                closest = row;
            }
        }
        let (least, partner) = self.nearest[closest];
        let mut stream = draws.stream(trial, 0, 0);
        // A multiply takes a word to 0..count.
        let mut below =
            |count: usize| ((u128::from(stream.next_u64()) * count as u128) >> 64) as usize;
        let one = if below(2) == 0 { closest } else { partner };
        let column = below(self.k);
        let other = below(self.nearest.len());
        if other == closest || other == partner {
            return Ok(());
        }
        let (mut a, mut b) = (self.row(one).to_vec(), self.row(other).to_vec());
        std::mem::swap(&mut a[column], &mut b[column]);
        let near_a = self.nearest_to(one, &a, other);
        let near_b = self.nearest_to(other, &b, one);
        let between = squared(&a, &b);
        if near_a.0.min(near_b.0).min(between) <= least || !holds(&a)? || !holds(&b)? {
            return Ok(());
        }
        self.cube[one * self.k..][..self.k].copy_from_slice(&a);
        self.cube[other * self.k..][..self.k].copy_from_slice(&b);
        for row in 0..self.nearest.len() {
            let stale = [one, other].contains(&row) || [one, other].contains(&self.nearest[row].1);
            if stale {
                self.nearest[row] = self.nearest_to(row, self.row(row), row);
            } else {
                for moved in [one, other] {
                    let distance = squared(self.row(row), self.row(moved));
                    if distance < self.nearest[row].0 {
                        self.nearest[row] = (distance, moved);
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
