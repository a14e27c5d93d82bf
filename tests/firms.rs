//! The firm layer against exact laws: take-up times, cell counts, the mean field, the network, and the
//! same bytes for any number of threads. (The slow firm-by-firm reference is in `reference.rs`.)

mod common;
#[path = "firms/given.rs"]
mod given;
#[path = "firms/laws.rs"]
mod laws;
#[path = "firms/network.rs"]
mod network;
#[path = "firms/sameness.rs"]
mod sameness;
