//! Cox–Snell residuals: under the model, the cumulative hazard of each place and item up to its adoption is
//! Exponential(1), and that of those that have not adopted is censored.
//!
//! An adoption falls somewhere in its step. With H the cumulative hazard before the step, h that of the step and u a
//! named uniform draw, the residual is H − log(1 − u·(1 − exp(−h))), exactly Exponential(1) under the model.

use rayon::prelude::*;

use crate::draw::{Luck, Process, id_hash};

use super::gather::{ITEMS, Setting};
use super::likelihood::Likelihood;
use super::replay::Room;

/// The residual of a place and an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// The item, in the order of the history.
    pub item: usize,
    /// The place, in canonical order.
    pub place: usize,
    /// Whether it adopted while at risk; else the residual is censored.
    pub adopted: bool,
    /// The cumulative hazard over all its rows.
    pub hazard: f64,
    /// The residual.
    pub residual: f64,
}

/// The residuals at `p` of all that were at risk, item by item.
pub fn residuals(
    setting: &Setting<'_>,
    l: &Likelihood,
    p: &[f64],
    items: &[&str],
    places: &[u64],
    seed: u64,
) -> Vec<Residual> {
    let (factors, luck) = (l.factors(p), Luck::fixed(seed));
    let parts = (0..items.len().div_ceil(ITEMS))
        .into_par_iter()
        .map(|part| {
            let mut list: Vec<Residual> = Vec::new();
            let (mut room, mut hazard) = (Room::default(), l.room());
            let last = items.len().min((part + 1) * ITEMS);
            let numbers = part * ITEMS..last;
            for (number, item) in numbers.clone().zip(&items[numbers]) {
                let name = id_hash(item);
                // Hazard of all rows, of those before the adoption, and of the adoption.
                let mut sums: Vec<Option<(f64, Option<f64>)>> = vec![None; places.len()];
                setting.pieces(number, &mut room, |piece| {
                    l.hazard(p, &factors, piece.cell, piece.x, &mut hazard);
                    let sum = sums[piece.place].get_or_insert((0.0, None));
                    sum.0 += piece.rows * hazard.total;
                    sum.1 = piece.adopts.map(|_| hazard.total);
                });
                for (place, sum) in sums.into_iter().enumerate() {
                    let Some((before, step)) = sum else {
                        continue;
                    };
                    let within = |h: f64| {
                        let u = luck.uniform(Process::Residual, name, places[place], 0);
                        -libm::log1p(u * libm::expm1(-h))
                    };
                    list.push(Residual {
                        item: number,
                        place,
                        adopted: step.is_some(),
                        hazard: before + step.unwrap_or(0.0),
                        residual: before + step.map_or(0.0, within),
                    });
                }
            }
            list
        });
    parts.collect::<Vec<_>>().concat()
}
