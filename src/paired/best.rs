//! Which of several is best, how often, and what it costs to choose another.

use serde::Serialize;

/// How often a choice is best and what it costs not to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Chosen {
    /// Share of cases in which it is best; k choices that tie for the best share the case, 1/k each.
    pub best: f64,
    /// Expected regret: the mean over cases of how much better the best one is there.
    pub regret: f64,
    /// Regret in the case where it is largest.
    pub most: f64,
}

/// Choices by their gains in each case, for example a replicate or a draw (more is better): none without a case.
pub(super) struct Best {
    /// Sums so far.
    of: Vec<Chosen>,
    cases: usize,
}

impl Best {
    /// Before the first case.
    pub(super) fn new(choices: usize) -> Self {
        Self {
            of: vec![Chosen::default(); choices],
            cases: 0,
        }
    }

    /// One more case.
    pub(super) fn see(&mut self, gains: impl Iterator<Item = f64> + Clone) {
        let top = gains.clone().fold(f64::NEG_INFINITY, f64::max);
        let ties = gains.clone().filter(|gain| *gain == top).count() as f64;
        for (of, gain) in self.of.iter_mut().zip(gains) {
            if gain == top {
                of.best += 1.0 / ties;
            }
            of.regret += top - gain;
            of.most = of.most.max(top - gain);
        }
        self.cases += 1;
    }

    /// What came of all cases.
    pub(super) fn found(self) -> Option<Vec<Chosen>> {
        let cases = self.cases as f64;
        let mean = |of: Chosen| Chosen {
            best: of.best / cases,
            regret: of.regret / cases,
            ..of
        };
        (self.cases > 0).then(|| self.of.into_iter().map(mean).collect())
    }
}

/// Choices by their gains at each draw (more is better), `gains[choice][draw]`; draws at which one is unknown are
/// left out. None without a draw.
pub fn choices(gains: &[Vec<f64>]) -> Option<Vec<Chosen>> {
    let mut best = Best::new(gains.len());
    for draw in 0..gains.first()?.len() {
        let of = gains.iter().map(|of| of[draw]);
        if of.clone().all(f64::is_finite) {
            best.see(of);
        }
    }
    best.found()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_by_hand() {
        let gains = [vec![0.0, 0.0, 0.0, 0.0], vec![1.0, -3.0, 0.0, f64::NAN]];
        let found = choices(&gains).unwrap();
        assert_eq!(found[0].best, 0.5);
        assert_eq!(found[1].best, 0.5);
        assert!((found[0].regret - 1.0 / 3.0).abs() < 1e-15 && found[0].most == 1.0);
        assert!((found[1].regret - 1.0).abs() < 1e-15 && found[1].most == 3.0);
        assert_eq!(choices(&[]), None);
    }
}
