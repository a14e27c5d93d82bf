//! Do the readings of a sweep say what is known of functions whose indices are known?
//!
//! Checks against a law fail by chance with probability at most 10⁻⁶ each over the choice of the seed
//! (see `common::bounds`); seeds are fixed.

mod elementary;
mod functions;
mod odd;
mod regressions;
mod sobol_indices;
mod tables;
