//! What is left of a search, over draws of the parameters: which is best how often, and what it costs to choose another.

use crate::paired::{Chosen, Credible, Met, choices};

use super::runs::Values;

/// A layout over draws of the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct OfLayout {
    /// What it changes of the objective, more is better: mean, intervals. None where it has too few values.
    pub gain: Option<Credible>,
    /// How often it is best, and its regret, among all that are compared, the baseline included.
    pub chosen: Option<Chosen>,
    /// Whether the mean slack of each constraint is within its tolerance.
    pub keeps: bool,
}

/// What is left, the baseline first.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// Each layout.
    pub layouts: Vec<OfLayout>,
    /// Position of the one with the largest mean among those that keep the constraints.
    pub best: Option<usize>,
    /// Position of the one whose largest regret is least, among these.
    pub minimax: Option<usize>,
    /// Draws that have a value.
    pub draws: usize,
}

/// From the values of each layout, the baseline first, by draw, then replicate of the pool: the objective (more is better), then
/// slacks.
pub fn over(values: &[Values], pool: usize, tolerances: &[f64]) -> Over {
    let Some(base) = values.first() else {
        return Over {
            layouts: Vec::new(),
            best: None,
            minimax: None,
            draws: 0,
        };
    };
    let gains: Vec<Option<Credible>> = values
        .iter()
        .map(|of| {
            let both = of.iter().zip(base);
            let differences: Vec<f64> = both.map(|(of, base)| of[0] - base[0]).collect();
            Credible::of(&Met::new(&differences, pool))
        })
        .collect();
    let draws = base.len() / pool.max(1);
    let effects: Vec<Vec<f64>> = gains
        .iter()
        .map(|of| match of {
            Some(of) => of.effects.clone(),
            None => vec![f64::NAN; draws],
        })
        .collect();
    let chosen = choices(&effects);
    let keeps = |of: &Values| {
        tolerances.iter().enumerate().all(|(at, tolerance)| {
            let known = of.iter().map(|row| row[1 + at]).filter(|v| v.is_finite());
            let n = known.clone().count() as f64;
            known.sum::<f64>() / n >= -tolerance
        })
    };
    let layouts: Vec<OfLayout> = gains
        .into_iter()
        .zip(values)
        .enumerate()
        .map(|(at, (gain, of))| OfLayout {
            gain,
            chosen: chosen.as_ref().map(|all| all[at]),
            keeps: keeps(of),
        })
        .collect();
    let top = |score: &dyn Fn(&OfLayout) -> Option<f64>| {
        let mut best: Option<(usize, f64)> = None;
        for (at, of) in layouts.iter().enumerate().filter(|(_, of)| of.keeps) {
            if let Some(score) = score(of)
                && best.is_none_or(|(_, known)| score > known)
            {
                best = Some((at, score));
            }
        }
        best.map(|(at, _)| at)
    };
    Over {
        best: top(&|of| of.gain.as_ref().map(|gain| gain.mean)),
        minimax: top(&|of| of.chosen.map(|chosen| -chosen.most)),
        draws: effects[0]
            .iter()
            .filter(|effect| effect.is_finite())
            .count(),
        layouts,
    }
}
