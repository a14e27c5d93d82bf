//! The actual history under another layout: thresholds that the history leaves possible, and what would have happened to
//! it (`docs/inference.md`).
//!
//! A job is a replicate of a layout. In it the history is told to the world in which it happened, which says between what
//! the threshold of each place and item lies ([`crate::model::Ranges`]); thresholds are drawn there; and the world of the
//! layout runs with them. Where parameters are drawn, a job is a run of a draw: each draw meets a few replicates, and all
//! this is at its parameters (`draws`). `history` has a history with its worlds, [`plan`] is made of a request, `observe` does a job, `effects` makes the tables at the end from
//! what was kept, and `work` puts these together as an experiment.

mod draws;
mod effects;
mod history;
mod observe;
mod paths;
pub mod plan;
mod work;

pub use effects::{Effect, OverDraws, read_effects};
pub use observe::{Change, observe};
pub use paths::PATHS;
pub use plan::{Plan, plan};
