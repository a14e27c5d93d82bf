//! Runs the way from scenario to tables many times: replicates in parallel, recorded and kept.

pub mod compare;
pub mod explain;
mod labels;
pub mod outcomes;
pub mod record;
pub mod replicates;
mod standing;
pub mod sweep;
pub mod synthetic;
pub mod tables;

pub use outcomes::Outcomes;
pub use record::{Recorder, Wanted};
pub use replicates::{Ended, Progress, run_replicates};
