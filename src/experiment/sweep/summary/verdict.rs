//! Whether a question has an answer: an estimate, that nothing varies, or why there is neither.

use serde::Serialize;

use crate::sensitivity::{Morris, Regression, Sobol};

/// Rounding of a mean, in units of the largest value.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// What can be said of a question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Verdict {
    /// The indices of the design are estimated.
    Estimated,
    /// The outcome is the same at all points, two at least.
    DoesNotVary {
        /// The outcome.
        value: f64,
        /// Points.
        points: usize,
    },
    /// There is too little of something.
    NotEstimable {
        /// Of what.
        reason: Lacks,
        /// How many there are.
        have: usize,
        /// How many it takes.
        need: usize,
    },
}

/// Of what there is too little for an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lacks {
    /// Points of which all layouts are done in the same replicate, and have a value.
    WholePoints,
    /// Points for the regression: parameters (of texts their levels but one) and two.
    Points,
    /// Blocks of a Saltelli design without a missing value.
    Blocks,
    /// Trajectories of a Morris design whose effects are known.
    Trajectories,
}

impl Verdict {
    /// Of the outcomes at distinct points, NaN where there is none, and what was found of them with so many terms.
    pub(super) fn of(
        means: &[f64],
        terms: usize,
        (sobol, regression, morris): (Option<&Sobol>, Option<&Regression>, &[Morris]),
    ) -> Self {
        let known: Vec<f64> = means.iter().copied().filter(|y| y.is_finite()).collect();
        let lacks = |reason, have, need| Self::NotEstimable { reason, have, need };
        let Some(first) = known.first() else {
            return lacks(Lacks::WholePoints, 0, terms + 2);
        };
        let low = known.iter().fold(*first, |a, b| a.min(*b));
        let high = known.iter().fold(*first, |a, b| a.max(*b));
        if known.len() > 1 && high - low <= ROUNDING * low.abs().max(high.abs()) {
            let points = known.len();
            return Self::DoesNotVary {
                value: *first,
                points,
            };
        }
        if let Some(sobol) = sobol {
            let some = sobol.parameters.iter().any(|share| share.total.is_some());
            return match some {
                true => Self::Estimated,
                false => lacks(Lacks::Blocks, sobol.blocks, sobol.blocks.max(1) + 1),
            };
        }
        if let Some(regression) = regression {
            let some = regression.coefficients.iter().any(|c| c.src.is_some());
            return match some {
                true => Self::Estimated,
                false => lacks(Lacks::Points, regression.rows, terms + 2),
            };
        }
        let some = morris.iter().any(|effect| effect.mu_star.is_some());
        match some {
            true => Self::Estimated,
            false => lacks(Lacks::Trajectories, 0, 1),
        }
    }
}
