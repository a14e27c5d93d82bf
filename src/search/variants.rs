//! What is left of a search, under variants of the model: what each layout changes there, and what it costs to choose another.

use crate::paired::{Choice, Difference, DrawName, difference};

use super::runs::Values;

/// A layout under a model.
#[derive(Clone, Debug, PartialEq)]
pub struct UnderModel {
    /// By how much it is better than the baseline in the objective; none where a value is missing.
    pub gain: Option<Difference>,
    /// By how much the best of all that are compared is better, by the means; NaN where a value is missing.
    pub regret: f64,
    /// Whether the mean slack of each constraint is within its tolerance.
    pub keeps: bool,
}

/// All layouts under a model.
#[derive(Clone, Debug, PartialEq)]
pub struct OfModel {
    /// The variant, as the plan names it; none of the scenario as it is.
    pub variant: Option<String>,
    /// Each layout, the baseline first.
    pub layouts: Vec<UnderModel>,
}

/// What is left, the baseline first, under the scenario as it is and then under each variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Under {
    /// Positions among all layouts of those that are compared, after the baseline.
    pub others: Vec<usize>,
    /// Each model.
    pub models: Vec<OfModel>,
}

impl OfModel {
    /// From the values of each layout, the baseline first, by replicate: the objective (more is better), then slacks.
    pub fn new(variant: Option<String>, values: &[Values], tolerances: &[f64], seed: u64) -> Self {
        let column = |of: &Values, at: usize| of.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let mean = |of: &Values, at: usize| column(of, at).iter().sum::<f64>() / of.len() as f64;
        let means: Vec<f64> = values.iter().map(|of| mean(of, 0)).collect();
        let best = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let layout = |(at, of): (usize, &Values)| {
            let [x, y] = [&values[0], of].map(|of| column(of, 0));
            let known = x.iter().chain(&y).all(|value| value.is_finite());
            let name = DrawName::new(seed, at as u64, 0);
            UnderModel {
                gain: known.then(|| difference(&x, &y, Choice::T, name)).flatten(),
                regret: best - means[at],
                keeps: (1..)
                    .zip(tolerances)
                    .all(|(c, tolerance)| mean(of, c) >= -tolerance),
            }
        };
        Self {
            variant,
            layouts: values.iter().enumerate().map(layout).collect(),
        }
    }
}

impl Under {
    /// The largest regret of a layout by its place, and the position of the model in which it is; none where a value is missing.
    pub fn most_regret(&self, place: usize) -> Option<(f64, usize)> {
        let regrets = self.models.iter().map(|of| of.layouts[place].regret);
        let mut most: Option<(f64, usize)> = None;
        for (at, regret) in regrets.enumerate() {
            if !regret.is_finite() {
                return None;
            }
            if most.is_none_or(|(known, _)| regret > known) {
                most = Some((regret, at));
            }
        }
        most
    }

    /// The place of the layout whose largest regret is least, among those that keep the constraints under every model.
    pub fn minimax(&self) -> Option<usize> {
        let places = 0..self.models.first()?.layouts.len();
        let keeps = |place: &usize| self.models.iter().all(|of| of.layouts[*place].keeps);
        let scored = places
            .filter(keeps)
            .filter_map(|place| Some((self.most_regret(place)?.0, place)));
        scored
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, place)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three layouts under two models: the second is best under the first and breaks the constraint under the other, where
    /// the third is best.
    #[test]
    fn regret_is_against_the_best_under_each_model() {
        let of = |variant: Option<&str>, rows: [[f64; 2]; 3]| {
            let values: Vec<Values> = rows
                .iter()
                .map(|row| vec![row.to_vec(), vec![row[0] + 1.0, row[1]]])
                .collect();
            OfModel::new(variant.map(str::to_owned), &values, &[0.1], 1)
        };
        let under = Under {
            others: vec![4, 7],
            models: vec![
                of(None, [[0.0, 0.0], [3.0, 0.0], [2.0, -0.05]]),
                of(Some("hill"), [[0.0, 0.0], [1.0, -0.2], [5.0, 0.0]]),
            ],
        };
        let regrets: Vec<f64> = under
            .models
            .iter()
            .flat_map(|of| of.layouts.iter().map(|l| l.regret))
            .collect();
        assert_eq!(regrets, [3.0, 0.0, 1.0, 5.0, 4.0, 0.0]);
        let gain = under.models[1].layouts[2].gain.unwrap();
        assert_eq!((gain.mean, gain.n), (5.0, 2));
        assert_eq!(under.most_regret(1), Some((4.0, 1)));
        assert_eq!(under.minimax(), Some(2));
        let keeps: Vec<bool> = under.models[1].layouts.iter().map(|of| of.keeps).collect();
        assert_eq!(keeps, [true, false, true]);
        let missing = of(None, [[0.0, 0.0], [f64::NAN, 0.0], [2.0, 0.0]]);
        assert!(missing.layouts[1].gain.is_none() && missing.layouts[1].regret.is_nan());
    }
}
