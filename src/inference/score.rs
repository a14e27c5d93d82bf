//! Held-out data: how well the model, fitted to a part of the history, foretells the rest, beside naive models:
//! a constant hazard, h = E_i · a, and those of [`naive`](super::naive).
//!
//! A row is a place, an item and a period at risk; p = 1 − exp(−h) is the chance of an adoption in it. The log score is
//! the mean of log p over rows with an adoption and of log(1 − p) over others, the Brier score the mean of (y − p)².
//! Log scores nearer to 0, and smaller Brier scores, are better.

use super::gather::{Piece, Setting};
use super::held::Rows;
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

/// Scores a model that `told` the hazard of parts of a piece of an item in which it is the same.
pub fn score(
    setting: &Setting<'_>,
    kept: &Rows,
    (model, parameters): (&'static str, usize),
    mut told: impl for<'a> FnMut(usize, &Piece<'a>, &mut dyn FnMut(f64, Piece<'a>)),
) -> Score {
    let others = kept.others();
    let (mut inside, mut outside) = (Part::default(), Part::default());
    let mut room = Room::default();
    for number in 0..setting.items.len() {
        setting.pieces(number, &mut room, |piece| {
            told(number, &piece, &mut |hazard, piece| {
                for (part, rows) in [(&mut inside, kept), (&mut outside, &others)] {
                    let (rows, adopts) = piece.part(number, rows);
                    part.add(hazard, rows, adopts);
                }
            });
        });
    }
    Score {
        model,
        parameters,
        inside,
        outside,
    }
}
