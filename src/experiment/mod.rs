//! Runs the way from scenario to tables many times: jobs side by side, observed and kept.
//!
//! A *job* is (point, layout, replicate). Whatever is done is an [`session::Experiment`], a choice of jobs and
//! of what is kept of each: a run ([`run`]), a comparison ([`compare`]), a sweep ([`sweep`]), a replay ([`replay`]). What a user asks
//! is data ([`request`]). One way through: a plan is made of a request; [`session`] makes the results folder
//! ready, runs the jobs that are left and makes the tables; [`order`] says which job comes when, `todo` which
//! of them are left while others work too, [`runner`] runs them side by side, each under the observers ([`observe`]) that keep what is wanted of it.

pub mod build;
pub mod compare;
pub mod explain;
mod given;
mod labels;
pub mod observe;
pub mod order;
pub mod origin;
pub mod outcomes;
pub mod record;
pub mod replay;
pub mod request;
pub mod run;
pub mod runner;
pub mod session;
mod simulate;
mod standing;
pub mod sweep;
pub mod synthetic;
pub mod tables;
pub mod targets;
mod todo;

pub use order::Order;
pub use record::Wanted;
pub use request::Request;
pub use runner::{Ended, Keep, Outcome, Progress, Runner, Stop};
pub use session::{Came, Done, Experiment, Failure, How, News, Watch, carry_out};
pub use simulate::{Tables, simulate};
