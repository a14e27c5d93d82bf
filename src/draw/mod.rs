//! Named random numbers: one draw, one name (model §7.8).
//!
//! Each random quantity is a pure function of (seed, replicate, process, stable ids). Nothing is
//! drawn "next": two worlds that share a name share its value, whatever else differs between them.

mod beta;
mod many;
mod philox;
mod stream;

pub use beta::beta;
pub use many::LANES;
pub use philox::philox4x32_10;
pub use stream::{Luck, Process, Stream, id_hash};
