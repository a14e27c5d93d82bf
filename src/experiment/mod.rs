//! Runs the way from scenario to tables many times: jobs side by side, observed and kept.
//!
//! A *job* is (point, layout, replicate). [`order`] says which comes when, [`runner`] runs them and hands
//! each to whoever keeps it; a run, a comparison ([`compare`]) and a sweep ([`sweep`]) are choices of jobs.

pub mod build;
pub mod compare;
pub mod explain;
mod labels;
pub mod observe;
pub mod order;
pub mod outcomes;
pub mod record;
pub mod replicates;
pub mod request;
pub mod runner;
mod standing;
pub mod sweep;
pub mod synthetic;
pub mod tables;

pub use crate::store::sweep::{Index as Jobs, RunKey as Job, Shard};
pub use order::Order;
pub use record::Wanted;
pub use replicates::run_replicates;
pub use runner::{Ended, Keep, Outcome, Progress, Session, Stop};
