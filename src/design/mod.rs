//! Designs: which points of the parameter space a sweep visits.
//!
//! Pure mathematics: it knows no scenario, no file and, of the house, only [`crate::draw`] and, for what it
//! refuses, [`crate::texts`]. A design
//! is laid out on the unit cube ([`mod@unit`]), stretched to the parameters by the quantiles of their
//! [`Distribution`]s, and thinned by [`Constraint`]s; [`points()`] does all of it. The same call
//! gives the same points for ever, whatever else is drawn: every random number is named by the
//! seed, the design, the row and the column.
//!
//! A larger `random`, `sobol`, `saltelli` or `morris` design starts with the rows of the smaller
//! one, so a finished sweep can be extended. Grids and Latin hypercubes are laid anew.

pub mod constraint;
mod distribution;
mod error;
mod grid;
mod kind;
mod level;
mod points;
mod pool;
mod role;
mod sieve;
pub mod unit;

pub use constraint::{Constraint, ConstraintError, ParseError};
pub use distribution::Distribution;
pub use error::{DesignError, SpecProblem};
pub use grid::{grid_size, steps};
pub use kind::{Kind, Spec};
pub use level::{Level, nearest_the_mean};
pub use points::{distinct_trajectories, listed, points};
pub use pool::{LEAST_EACH, Pool};
pub use role::{Part, Point, Role};

/// The most points of a design.
pub const MAX_POINTS: usize = 1_000_000;
/// The most values of a design, points times parameters. Points of the largest design take about
/// 400 MB of memory.
pub const MAX_VALUES: usize = 10_000_000;
