//! A number of a run that answers to a number of a record.

use serde::{Deserialize, Serialize};

/// A number that is kept of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Position of its slot.
    pub at: usize,
    /// Position of the slot of what is taken away: the number at the begin of its window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<usize>,
    /// What a month that never comes counts as: the length of the run. None of a number that can be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub never: Option<f64>,
}

impl Term {
    fn of(&self, kept: &impl Fn(usize) -> f64) -> f64 {
        let value = kept(self.at);
        let value = match self.never {
            Some(never) if value.is_nan() => never,
            _ => value,
        };
        self.since.map_or(value, |since| value - kept(since))
    }
}

/// A statistic of a run, by the positions of slots.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statistic {
    /// Its own number.
    pub own: Term,
    /// What that is divided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Term>,
    /// What is taken away from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less: Option<Term>,
}

impl Statistic {
    /// Its value in a run whose slots hold `kept`; NaN where there is none.
    pub fn of(&self, kept: impl Fn(usize) -> f64) -> f64 {
        let mut value = self.own.of(&kept);
        if let Some(over) = &self.over {
            value /= over.of(&kept);
        }
        if let Some(less) = &self.less {
            value -= less.of(&kept);
        }
        if value.is_finite() { value } else { f64::NAN }
    }

    /// The positions of the slots that it reads.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        let terms = [Some(self.own), self.over, self.less].into_iter().flatten();
        terms.flat_map(|term| [Some(term.at), term.since]).flatten()
    }
}
