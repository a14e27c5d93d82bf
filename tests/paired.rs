//! Does a 95 % interval cover in 95 % of comparisons? Simulated comparisons with a known difference.
//!
//! Checks against a law fail by chance with probability at most 10⁻⁶ each over the choice of the seed
//! (see `common::bounds`); seeds are fixed.

mod bands;
mod draws;
mod families;
mod intervals;
mod luck;
mod screening;
mod stopping;
