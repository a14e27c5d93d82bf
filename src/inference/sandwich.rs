//! Variances that allow for rows which belong together: V · Σ_c s_c s_c' · V · K/(K − 1), s_c the score of the rows of
//! cluster c of K, V the inverse information (Cameron, Gelbach and Miller 2011, *JBES* 29, for two ways at once: that of
//! items plus that of places less that of their pairs).

use rayon::prelude::*;

use super::gather::{ITEMS, Setting};
use super::likelihood::{Likelihood, adoption};
use super::matrix::Matrix;
use super::replay::Room;

/// What rows are clustered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cluster {
    /// Nothing: rows are independent.
    #[default]
    None,
    /// Items.
    Item,
    /// Places.
    Place,
    /// Both.
    Both,
}

/// Sums of squares of scores over clusters of one kind, and how many there are.
#[derive(Clone, Debug)]
struct Sums {
    squares: Matrix,
    clusters: u64,
}

impl Sums {
    fn new(n: usize) -> Self {
        Self {
            squares: Matrix::zero(n),
            clusters: 0,
        }
    }

    fn cluster(&mut self, score: &[f64]) {
        self.squares.add_outer(1.0, score);
        self.clusters += 1;
    }

    fn add(&mut self, other: &Self) {
        self.squares.add(&other.squares);
        self.clusters += other.clusters;
    }

    /// None of fewer than two clusters.
    fn variance(&self, v: &Matrix) -> Option<Matrix> {
        if self.clusters < 2 {
            return None;
        }
        let k = self.clusters as f64;
        let mut variance = self.squares.between(v);
        variance
            .entries
            .iter_mut()
            .for_each(|entry| *entry *= k / (k - 1.0));
        Some(variance)
    }
}

/// The same of a likelihood whose groups are the clusters.
pub fn of_groups(l: &Likelihood, p: &[f64], set: &[usize], v: &Matrix) -> Option<Matrix> {
    let mut sums = Sums::new(set.len());
    let groups = l.groups.as_ref()?;
    for (score, _) in groups.each(l, p) {
        let score: Vec<f64> = set.iter().map(|&i| score[i]).collect();
        sums.cluster(&score);
    }
    sums.variance(v)
}

/// The variance of the parameters of `set` at `p`, `v` being the inverse information of these; none of fewer than two
/// clusters.
pub fn clustered(
    setting: &Setting<'_>,
    l: &Likelihood,
    p: &[f64],
    set: &[usize],
    v: &Matrix,
    by: Cluster,
) -> Option<Matrix> {
    let n = set.len();
    let places = setting.places();
    let factors = l.factors(p);
    let by_place = matches!(by, Cluster::Place | Cluster::Both);
    let parts: Vec<([Sums; 2], Vec<f64>, Vec<bool>)> = (0..setting.items.len().div_ceil(ITEMS))
        .into_par_iter()
        .map(|part| {
            let mut sums = [Sums::new(n), Sums::new(n)];
            let mut of_places = vec![0.0; if by_place { places * n } else { 0 }];
            let mut there = vec![false; if by_place { places } else { 0 }];
            let mut room = Room::default();
            let mut hazard = l.room();
            let mut pairs = vec![0.0; places * n];
            let mut seen: Vec<usize> = Vec::new();
            let mut at_risk = vec![false; places];
            let last = setting.items.len().min((part + 1) * ITEMS);
            for number in part * ITEMS..last {
                setting.pieces(number, &mut room, |piece| {
                    l.hazard(p, &factors, piece.cell, piece.x, &mut hazard);
                    let slope = match piece.adopts {
                        Some(_) => adoption(hazard.total)[1],
                        None => 0.0,
                    };
                    if !at_risk[piece.place] {
                        at_risk[piece.place] = true;
                        seen.push(piece.place);
                    }
                    let score = &mut pairs[piece.place * n..(piece.place + 1) * n];
                    for (score, &i) in score.iter_mut().zip(set) {
                        *score += (slope - piece.rows) * hazard.gradient[i];
                    }
                });
                if seen.is_empty() {
                    continue;
                }
                seen.sort_unstable();
                let mut of_item = vec![0.0; n];
                for place in seen.drain(..) {
                    let score = &mut pairs[place * n..(place + 1) * n];
                    of_item
                        .iter_mut()
                        .zip(&*score)
                        .for_each(|(sum, s)| *sum += s);
                    if by_place {
                        sums[1].cluster(score);
                        there[place] = true;
                        let of_place = &mut of_places[place * n..(place + 1) * n];
                        of_place
                            .iter_mut()
                            .zip(&*score)
                            .for_each(|(sum, s)| *sum += s);
                    }
                    score.fill(0.0);
                    at_risk[place] = false;
                }
                sums[0].cluster(&of_item);
            }
            (sums, of_places, there)
        })
        .collect();
    let mut items = Sums::new(n);
    let mut pairs = Sums::new(n);
    let mut of_places = vec![0.0; if by_place { places * n } else { 0 }];
    let mut there = vec![false; if by_place { places } else { 0 }];
    for ([of_items, of_pairs], scores, at_risk) in &parts {
        items.add(of_items);
        pairs.add(of_pairs);
        of_places
            .iter_mut()
            .zip(scores)
            .for_each(|(sum, s)| *sum += s);
        there
            .iter_mut()
            .zip(at_risk)
            .for_each(|(there, more)| *there |= more);
    }
    let mut of_all_places = Sums::new(n);
    for (score, _) in of_places
        .chunks(n.max(1))
        .zip(&there)
        .filter(|(_, there)| **there)
    {
        of_all_places.cluster(score);
    }
    match by {
        Cluster::None => Some(v.clone()),
        Cluster::Item => items.variance(v),
        Cluster::Place => of_all_places.variance(v),
        Cluster::Both => {
            let mut variance = items.variance(v)?;
            variance.add(&of_all_places.variance(v)?);
            variance.subtract(&pairs.variance(v)?);
            Some(variance)
        }
    }
}
