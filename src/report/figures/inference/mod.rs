//! Figures of what leads from data to parameters and back: estimations, calibrations, replays.

mod calibration;
mod estimation;
mod replay;

pub use calibration::calibration_figures;
pub use estimation::estimation_figures;
pub use replay::{ReplayData, replay_figures};

use std::collections::BTreeMap;

use crate::report::chart::{Colour, Mark};

use super::Figure;

/// Figures, and by their ids what each shows.
pub type Told = (Vec<Figure>, BTreeMap<String, String>);

/// Figures with what they show; of one without a chart nothing is said.
fn told(list: Vec<(Figure, String)>) -> Told {
    let drawn = list.iter().filter(|(figure, _)| figure.chart.is_ok());
    let findings = drawn.map(|(figure, finding)| (figure.id.clone(), finding.clone()));
    let findings = findings.collect();
    (
        list.into_iter().map(|(figure, _)| figure).collect(),
        findings,
    )
}

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
