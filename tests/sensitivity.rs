//! Do the readings of a sweep say what is known of functions whose indices are known?
//!
//! Checks against a law fail by chance with probability at most 10⁻⁶ each over the choice of the seed
//! (see `common/bounds.rs`); seeds are fixed.

#[allow(dead_code)]
#[path = "common/bounds.rs"]
mod bounds;

#[path = "sensitivity/functions.rs"]
mod functions;

#[path = "sensitivity/sobol_indices.rs"]
mod sobol_indices;

#[path = "sensitivity/elementary.rs"]
mod elementary;

#[path = "sensitivity/regressions.rs"]
mod regressions;

#[path = "sensitivity/tables.rs"]
mod tables;

#[path = "sensitivity/odd.rs"]
mod odd;
