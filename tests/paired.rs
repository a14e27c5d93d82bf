//! Does a 95 % interval cover in 95 % of comparisons? Simulated comparisons with a known difference.
//!
//! Checks against a law fail by chance with probability at most 10⁻⁶ each over the choice of the seed
//! (see `common/bounds.rs`); seeds are fixed.

#[allow(dead_code)]
#[path = "common/bounds.rs"]
mod bounds;

#[path = "paired/luck.rs"]
mod luck;

#[path = "paired/intervals.rs"]
mod intervals;

#[path = "paired/bands.rs"]
mod bands;

#[path = "paired/stopping.rs"]
mod stopping;

#[path = "paired/families.rs"]
mod families;
