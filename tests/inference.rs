//! Estimates of event histories: the reference results of the histories beside the repository, and what else
//! estimation promises.

mod calibrate;
mod further;
mod histories;
mod promises;
mod recovery;
mod replay;
mod twinsir;
