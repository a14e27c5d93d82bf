//! The firm layer against exact laws: take-up times, cell counts, the mean field, the network, and the
//! same bytes for any number of threads. (The slow firm-by-firm reference is in `reference.rs`.)

mod given;
mod laws;
mod network;
mod sameness;
