//! `pointplane calibrate`: parameters from aggregates (`docs/calibrate.md`).
//!
//! `prior` is the unit cube that points are taken from. `matching` runs waves: `emulator` says what runs tell of any other
//! point (`gp`, a Gaussian process), `observed` how far that is from the record, `region`
//! what is left. `posterior` draws inside it and weighs the draws anew by real runs. `check` is simulation-based
//! calibration. None of these knows a scenario: whatever gives numbers at points can stand behind [`Simulator`].

mod check;
mod diagnosis;
mod emulator;
mod gp;
mod matching;
mod observed;
mod plan;
mod posterior;
mod prior;
mod region;
mod runs;
mod spec;
mod tables;

pub use check::{Judged, RANKED, check};
pub use diagnosis::{Diagnosis, Direction, OfParameter, OfTarget, diagnosis};
pub use emulator::{Bank, Emulators, FEWEST_REPLICATES};
pub use matching::{
    Budget, Ending, MOST_POINTS, Matched, Simulator, Stopped, Wave, fitted_part, prior_points,
    waves,
};
pub use observed::{Observed, Seen};
pub use plan::{Calibration, Target, read};
pub use posterior::{Posterior, posterior};
pub use prior::{Parameter, Prior};
pub use region::CUTOFF;
pub use runs::Runs;
pub use spec::{CalibrationSpec, calibration_schema};
pub use tables::{Checked, POSTERIOR, check_table, tables, write_posterior};

#[cfg(test)]
mod tests;
