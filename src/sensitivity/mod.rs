//! Reading a sweep: which parameter moves which outcome, and how sure are we?
//!
//! Numbers in, numbers out; an outcome is one number per point of the design, as a rule the mean over
//! the replicates of the point. Nothing here knows a file or a scenario.
//!
//! - [`sobol()`] of a `saltelli` design: shares of the variance, alone, with all others, in pairs.
//! - [`morris()`] of a `morris` design: mean and spread of elementary effects.
//! - [`regression()`] of any other design: standardised regression and partial rank correlation.
//! - [`tornado()`] of any design: the outcome where a parameter is low and where it is high.
//! - [`interactions()`]: pairs that do more together than their sum, where no Sobol index is at hand.
//! - [`region()`]: in which box of the parameters something holds, such as the other sign of an effect.
//! - [`luck_share()`]: how much of the variance between points is Monte Carlo noise of the replicates, which no
//!   parameter explains.
//!
//! A value that is missing is NaN. All sums have a fixed order, and resamples are drawn by name
//! ([`crate::paired::DrawName`]): the same numbers under the same name give the same bytes.

use crate::texts::{Text, spoken, text};
use serde::Serialize;
use thiserror::Error;

mod interactions;
mod least_squares;
mod luck;
mod morris;
mod region;
mod regression;
mod sobol;
mod tornado;

pub use interactions::{Interaction, Interactions, interactions};
pub use luck::{LuckShare, first_beyond_luck, luck_share, total_beyond_luck};
pub use morris::{Morris, elementary_effects, morris};
pub use region::{Limit, Region, region};
pub use regression::{Coefficient, RankCorrelation, Regression, Standing, regression};
pub use sobol::{Pair, Saltelli, Share, Sobol, sobol};
pub use tornado::{Bar, Scale, tornado};

/// An estimate with the ends of its 95 % interval, both missing where there are too few points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Estimate {
    fn new(value: f64, interval: Option<(f64, f64)>) -> Self {
        Self {
            value,
            low: interval.map(|ends| ends.0),
            high: interval.map(|ends| ends.1),
        }
    }

    /// Whether the interval holds `value`; `None` without interval.
    pub fn covers(&self, value: f64) -> Option<bool> {
        Some(self.low? <= value && value <= self.high?)
    }
}

/// Columns that do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// A column of another length than the first one.
    Length {
        /// Which column.
        what: Text,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A step of a trajectory that does not change one parameter that it had not changed before.
    Step {
        /// Number of the trajectory, from 0.
        trajectory: usize,
        /// Number of the step in it, from 0.
        step: usize,
    },
}

impl ShapeError {
    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Length {
                what,
                found,
                expected,
            } => text!("shape-length", what, found, expected),
            Self::Step { trajectory, step } => text!("shape-step", step, trajectory),
        }
    }
}

spoken!(ShapeError);

/// That a column has the length of the others.
fn check_length(what: impl Fn() -> Text, found: usize, expected: usize) -> Result<(), ShapeError> {
    if found == expected {
        return Ok(());
    }
    Err(ShapeError::Length {
        what: what(),
        found,
        expected,
    })
}

/// Sum of products in order.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// Mean; NaN without values.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
