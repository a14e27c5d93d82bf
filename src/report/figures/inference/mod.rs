//! Figures of what leads from data to parameters and back: estimations, calibrations, replays.

mod calibration;
mod estimation;
mod replay;

pub use calibration::calibration_figures;
pub use estimation::estimation_figures;
pub use replay::{ReplayData, replay_figures};

use crate::report::chart::{Colour, Mark};

/// A filled mark with its interval.
pub(super) fn mark(colour: Colour, [at, low, high]: [f64; 3]) -> Mark {
    Mark {
        colour,
        at,
        low,
        high,
        hollow: false,
    }
}
