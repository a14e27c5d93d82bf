//! The exact special cases of the model (model page §7) as tests: the engine's oracles.
//!
//! Statistical ones fail by chance with probability at most 10⁻⁶ each (see `common::bounds`) over the
//! choice of the seed; seeds are fixed. The others are exact.

mod common;

#[path = "oracles/waiting.rs"]
mod waiting;

#[path = "oracles/curves.rs"]
mod curves;

#[path = "oracles/cascade.rs"]
mod cascade;

#[path = "oracles/monotone.rs"]
mod monotone;

#[path = "oracles/credit.rs"]
mod credit;

#[path = "oracles/sameness.rs"]
mod sameness;

#[path = "oracles/extremes.rs"]
mod extremes;

#[path = "oracles/coverage.rs"]
mod coverage;
