//! How sure an effect is over what is not known: draws of the parameters and luck together.
//!
//! The spread of D̄_k over draws holds the noise of the replicates that each draw met. Shrunk towards the mean by
//! c = √(V_parameters / (V_parameters + V_interaction/R)), with R values a draw, it is that of the parameters
//! alone (a posterior mean would shrink by c², and its spread be too narrow). The error that all draws share,
//! s² = V_luck/P + V_interaction/N with N values in P replicates, is added to both ends of the quantiles, as
//! independent errors are: in squares.

use serde::Serialize;

use super::student::Z_975;
use super::two_way::{Met, TwoWay};

/// What draws of the parameters say of an effect.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Credible {
    /// m, the mean over draws and replicates.
    pub mean: f64,
    /// The effect at each draw, shrunk; NaN of a draw without a value.
    #[serde(skip)]
    pub effects: Vec<f64>,
    /// Credible interval of the effect: over parameters, with the error of m.
    pub credible: [f64; 2],
    /// Luck interval: the error of m alone, as if the parameters were known.
    pub luck: [f64; 2],
    /// Predictive interval: of one history at unknown parameters.
    pub predictive: [f64; 2],
    /// Shares of the variance of one history: parameters, luck, interaction; none where nothing
    /// varies.
    pub shares: Option<[f64; 3]>,
    /// Share of draws whose effect is above 0.
    pub above_zero: f64,
    /// Draws that have a value.
    pub draws: usize,
    /// Replicates that some draw meets.
    pub replicates: usize,
}

impl Credible {
    /// Of values that [`TwoWay::fit`] takes, with intervals of 95 %.
    pub fn of(values: &Met) -> Option<Self> {
        Self::at(values, Z_975, 0.025)
    }

    /// The same of what cannot be below 0: nor do the intervals of its mean reach below it.
    #[must_use]
    pub fn not_negative(mut self) -> Self {
        for end in self.credible.iter_mut().chain(&mut self.luck) {
            *end = end.max(0.0);
        }
        self
    }

    /// The same; `z` is the normal quantile of the level, and `tail` the probability below an interval.
    fn at(values: &Met, z: f64, tail: f64) -> Option<Self> {
        let fit = TwoWay::fit(values)?;
        let each = fit.n as f64 / fit.k as f64;
        let shrink = match fit.parameters + fit.interaction / each {
            0.0 => 1.0,
            spread => (fit.parameters / spread).sqrt(),
        };
        let shrunk = fit
            .draws
            .iter()
            .map(|of| fit.mean + shrink * (of - fit.mean));
        let effects: Vec<f64> = shrunk.collect();
        let half = z * error(&fit);
        let both = [tail, 1.0 - tail];
        let [low, high] = both.map(|share| quantile(&effects, share));
        let all = fit.parameters + fit.luck + fit.interaction;
        let parts = [fit.parameters, fit.luck, fit.interaction];
        let known = effects.iter().filter(|e| e.is_finite());
        let all_values: Vec<f64> = values.values().collect();
        Some(Self {
            mean: fit.mean,
            credible: widened(fit.mean, [low, high], half),
            luck: [fit.mean - half, fit.mean + half],
            predictive: both.map(|share| quantile(&all_values, share)),
            shares: (all > 0.0).then(|| parts.map(|part| part / all)),
            above_zero: known.clone().filter(|e| **e > 0.0).count() as f64 / known.count() as f64,
            effects,
            draws: fit.k,
            replicates: fit.p,
        })
    }
}

/// Effects in per cent of a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percent {
    /// The mean over draws.
    pub mean: f64,
    /// Its credible interval.
    pub credible: [f64; 2],
    /// Its luck interval.
    pub luck: [f64; 2],
}

/// Effects in per cent of a level, draw by draw: the mean over draws, and its intervals.
///
/// Both with the values that they were made of; the error that all draws share is that of effect − ρ·level, with ρ the ratio of
/// their means. None where the level's own credible interval holds 0.
pub fn percent(
    (effect, effects): (&Credible, &Met),
    (level, levels): (&Credible, &Met),
) -> Option<Percent> {
    if level.credible[0] <= 0.0 && level.credible[1] >= 0.0 {
        return None;
    }
    let ratio = effect.mean / level.mean;
    let apart = effects.with(levels, |effect, level| effect - ratio * level);
    let shared = TwoWay::fit(&apart)?;
    let half = 100.0 * Z_975 * error(&shared) / level.mean.abs();
    let each = effect.effects.iter().zip(&level.effects);
    let each: Vec<f64> = each
        .map(|(effect, level)| 100.0 * effect / level.abs())
        .collect();
    let known = each.iter().filter(|of| of.is_finite());
    let mean = known.clone().sum::<f64>() / known.count() as f64;
    let [low, high] = [0.025, 0.975].map(|share| quantile(&each, share));
    Some(Percent {
        mean,
        credible: widened(mean, [low, high], half),
        luck: [mean - half, mean + half],
    })
}

/// Quantiles, their distances from the mean combined in squares with half the width of an independent error.
fn widened(mean: f64, [low, high]: [f64; 2], half: f64) -> [f64; 2] {
    let [below, above] = [mean - low, high - mean].map(|by| libm::hypot(by.max(0.0), half));
    [mean - below, mean + above]
}

/// s: the error that all draws share.
fn error(fit: &TwoWay) -> f64 {
    (fit.luck / fit.p as f64 + fit.interaction / fit.n as f64).sqrt()
}

/// A quantile of what is known, at (n + 1)·share in order (type 6 of Hyndman and Fan 1996): the next draw is below it
/// with this probability, as far as n draws reach.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    known.sort_unstable_by(f64::total_cmp);
    let Some(last) = known.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = (share * (last + 2) as f64 - 1.0).clamp(0.0, last as f64);
    let low = at as usize;
    let high = last.min(low + 1);
    known[low] + (at - low as f64) * (known[high] - known[low])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Additive: draws 0, 10, 20 and luck −1, 1: no interaction, so nothing is shrunk.
        let values = [-1.0, 1.0, 9.0, 11.0, 19.0, 21.0];
        let found = Credible::at(&Met::new(&values, 2), 2.0, 0.25).unwrap();
        assert_eq!(found.effects, [0.0, 10.0, 20.0]);
        assert_eq!(found.mean, 10.0);
        let [parameters, luck, interaction] = found.shares.unwrap();
        assert!((parameters - 100.0 / 102.0).abs() < 1e-12 && interaction < 1e-12);
        assert!((luck - 2.0 / 102.0).abs() < 1e-12);
        // s² = 2/2: s = 1; quartiles 0 and 20.
        let half = 104f64.sqrt();
        for (got, expected) in found.credible.iter().zip([10.0 - half, 10.0 + half]) {
            assert!((got - expected).abs() < 1e-12);
        }
        let luck = found.luck;
        assert!((luck[0] - 8.0).abs() < 1e-12 && (luck[1] - 12.0).abs() < 1e-12);
        assert_eq!(found.predictive, [0.5, 19.5]);
        assert_eq!(found.above_zero, 2.0 / 3.0);
    }

    #[test]
    fn what_is_not_negative_has_no_negative_limit() {
        let found = Credible::at(&Met::new(&[0.0, 1.0, 0.0, 3.0], 2), 2.0, 0.25).unwrap();
        assert!(found.credible[0] < 0.0 && found.luck[0] < 0.0);
        let bounded = found.clone().not_negative();
        assert_eq!([bounded.credible[0], bounded.luck[0]], [0.0; 2]);
        assert_eq!(bounded.credible[1], found.credible[1]);
    }

    #[test]
    fn percent_by_hand() {
        // Everything doubles at one draw and triples at the other, whatever the luck.
        let levels = [10.0, 11.0, 20.0, 22.0];
        let effects = [10.0, 11.0, 40.0, 44.0];
        let [levels, effects] = [levels, effects].map(|values| Met::new(&values, 2));
        let of = |values: &Met| Credible::of(values).unwrap();
        let effect = (&of(&effects), &effects);
        let Percent {
            mean,
            credible: [low, high],
            ..
        } = percent(effect, (&of(&levels), &levels)).unwrap();
        assert!(
            (mean - 150.0).abs() < 1.0 && low < 104.0 && high > 196.0,
            "{mean} {low} {high}"
        );
        let levels = Met::new(&[-1.0, -1.0, 1.0, 1.0], 2);
        assert_eq!(percent(effect, (&of(&levels), &levels)), None);
    }
}
