//! Held-out data: how well the model, fitted to a part of the history, foretells the rest, beside naive models.
//!
//! - constant hazard: h = E_i · a;
//! - Bass (1969): h = E_i · (a + b · F), F the share of all places that have the item at the end of the period before;
//! - complementary log-log on the neighbours: h = E_i · exp(a + b · X), X the sum of the exposures.
//!
//! A row is a place, an item and a period at risk; p = 1 − exp(−h) is the chance of an adoption in it. The log score is
//! the mean of log p over rows with an adoption and of log(1 − p) over others, the Brier score the mean of (y − p)².
//! Log scores nearer to 0, and smaller Brier scores, are better.

use std::collections::BTreeMap;

use super::gather::{Piece, Setting};
use super::held::Rows;
use super::likelihood::adoption;
use super::replay::Room;

/// How well a model does on some rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// Rows.
    pub rows: f64,
    /// Those with an adoption.
    pub adoptions: f64,
    log: f64,
    brier: f64,
}

impl Part {
    fn add(&mut self, h: f64, rows: f64, adopts: bool) {
        let p = -libm::expm1(-h);
        if rows > 0.0 {
            self.rows += rows;
            self.log -= rows * h;
            self.brier += rows * p * p;
        }
        if adopts {
            self.rows += 1.0;
            self.adoptions += 1.0;
            self.log += libm::log(p);
            self.brier += (1.0 - p) * (1.0 - p);
        }
    }

    /// The sum of the log scores: ℓ of these rows.
    pub fn loglik(&self) -> f64 {
        self.log
    }

    /// Mean log score.
    pub fn log_score(&self) -> f64 {
        self.log / self.rows
    }

    /// Mean Brier score.
    pub fn brier(&self) -> f64 {
        self.brier / self.rows
    }
}

/// A model and how well it does on the rows that it was fitted to and on the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// `estimated`, `constant_hazard`, `bass` or `cloglog`.
    pub model: &'static str,
    /// Its parameters.
    pub parameters: usize,
    /// On the rows that it was fitted to.
    pub inside: Part,
    /// On those that were held out.
    pub outside: Part,
}

/// Scores a model whose hazard of a piece is `h`.
pub fn score(
    setting: &Setting<'_>,
    kept: &Rows,
    (model, parameters): (&'static str, usize),
    mut h: impl FnMut(&Piece<'_>) -> f64,
) -> Score {
    let others = kept.others();
    let (mut inside, mut outside) = (Part::default(), Part::default());
    let mut room = Room::default();
    for number in 0..setting.items.len() {
        setting.pieces(number, &mut room, |piece| {
            let hazard = h(&piece);
            for (part, rows) in [(&mut inside, kept), (&mut outside, &others)] {
                let (rows, adopts) = piece.part(number, rows);
                part.add(hazard, rows, adopts);
            }
        });
    }
    Score {
        model,
        parameters,
        inside,
        outside,
    }
}

/// The sum of the exposures of a piece, those in the terms of the setting, and E_i. With a linear response x over E_i is
/// the exposure.
fn exposure(setting: &Setting<'_>, piece: &Piece<'_>) -> (f64, f64) {
    let (columns, ready) = (setting.columns(), piece.ready);
    let terms = columns.intrinsic..columns.intrinsic + columns.terms;
    let heard: f64 = piece.x[terms].iter().sum();
    (if ready > 0.0 { heard / ready } else { 0.0 }, ready)
}

/// The complementary log-log model on the neighbours, fitted to the rows that are kept: its two parameters.
pub fn fit_cloglog(setting: &Setting<'_>, kept: &Rows) -> Option<[f64; 2]> {
    // Readiness without an adoption, and adoptions, at each exposure; E_i · n rows have the hazard of n.
    let mut cells: BTreeMap<u64, (f64, Vec<(f64, f64)>)> = BTreeMap::new();
    let mut room = Room::default();
    for number in 0..setting.items.len() {
        setting.pieces(number, &mut room, |piece| {
            let (rows, adopts) = piece.part(number, kept);
            let (x, ready) = exposure(setting, &piece);
            let cell = cells.entry(x.to_bits()).or_default();
            cell.0 += rows * ready;
            if adopts {
                match cell.1.iter_mut().find(|(of, _)| *of == ready) {
                    Some((_, count)) => *count += 1.0,
                    None => cell.1.push((ready, 1.0)),
                }
            }
        });
    }
    let adoptions: f64 = cells
        .values()
        .flat_map(|cell| &cell.1)
        .map(|(_, count)| count)
        .sum();
    let total: f64 = cells.values().map(|cell| cell.0).sum();
    if adoptions == 0.0 {
        return None;
    }
    // ℓ is concave in both.
    let mut p = [libm::log(adoptions / total.max(1.0)), 0.0];
    let at = |p: [f64; 2]| {
        let (mut value, mut gradient, mut curve) = (0.0, [0.0; 2], [0.0; 3]);
        for (x, (ready, adopters)) in &cells {
            let x = f64::from_bits(*x);
            let rate = libm::exp(p[0] + p[1] * x);
            let mut put = |value_of: f64, first: f64, second: f64| {
                value += value_of;
                gradient[0] += first;
                gradient[1] += first * x;
                curve[0] += second;
                curve[1] += second * x;
                curve[2] += second * x * x;
            };
            put(-ready * rate, -ready * rate, -ready * rate);
            for (ready, count) in adopters {
                let h = ready * rate;
                // d/dη of a function of h = e^η: h·f′, and h·f′ + h²·f″.
                let [of, first, second] = adoption(h);
                put(
                    count * of,
                    count * h * first,
                    count * (h * first + h * h * second),
                );
            }
        }
        (value, gradient, curve)
    };
    let mut now = at(p);
    for _ in 0..200 {
        let (_, g, c) = now;
        let det = c[0] * c[2] - c[1] * c[1];
        let step = match det > 1e-12 * c[0] * c[2] {
            true => [
                (-g[0] * c[2] + g[1] * c[1]) / det,
                (-g[1] * c[0] + g[0] * c[1]) / det,
            ],
            // One exposure alone tells no slope.
            false => [-g[0] / c[0], 0.0],
        };
        let mut share = 1.0;
        let next = loop {
            let to = [p[0] + share * step[0], p[1] + share * step[1]];
            let there = at(to);
            if there.0 >= now.0 || share < 1e-10 {
                break (to, there);
            }
            share /= 2.0;
        };
        let gain = next.1.0 - now.0;
        (p, now) = next;
        if gain < 1e-10 {
            break;
        }
    }
    now.0.is_finite().then_some(p)
}

/// The hazard of that model.
pub fn cloglog(setting: &Setting<'_>, p: [f64; 2], piece: &Piece<'_>) -> f64 {
    let (x, ready) = exposure(setting, piece);
    ready * libm::exp(p[0] + p[1] * x)
}
