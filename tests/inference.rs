//! Estimates of event histories: the reference results of the histories beside the repository, and what else
//! estimation promises.

mod calibrate;
mod compared;
mod further;
mod histories;
mod periods;
mod promises;
mod recovery;
mod replay;
mod ring;
mod simulated;
mod twinsir;
