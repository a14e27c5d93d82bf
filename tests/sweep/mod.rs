//! Sweeps as their user meets them: whatever is killed, copied, torn, filled up, added or started twice,
//! the merged tables are those of a run on one thread that nothing happened to, byte for byte.

mod copies;
mod extending;
mod failing;
pub mod fixture;
mod full_disk;
mod killed;
mod memory;
mod replacing;
mod shards;
mod signals;
mod status;
mod wrong;
