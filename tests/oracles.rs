//! The exact special cases of the model (model page §7) as tests: the engine's oracles.
//!
//! Statistical ones fail by chance with probability at most 10⁻⁶ each (see `common::bounds`) over the
//! choice of the seed; seeds are fixed. The others are exact.

mod cascade;
mod coverage;
mod credit;
mod curves;
mod extremes;
mod monotone;
mod sameness;
mod states;
mod threads;
mod ties;
mod waiting;
