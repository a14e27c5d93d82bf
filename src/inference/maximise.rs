//! The maximum of a likelihood whose rates are not negative: Newton's steps on the parameters inside their bounds, an
//! active set at 0 (Nocedal and Wright, *Numerical Optimization*, §16.5), steps halved until ℓ does not fall.

use super::likelihood::{At, Likelihood};

const STEPS: usize = 500;
/// Steps end with one that gains less than half of this; what is left then is about its square.
const GAIN: f64 = 1e-10;

/// A maximum.
#[derive(Clone, Debug)]
pub struct Maximum {
    /// Where it is.
    pub at: Vec<f64>,
    /// ℓ and its derivatives there.
    pub of: At,
    /// Whether the steps ended by themselves.
    pub done: bool,
}

impl Maximum {
    /// The parameters of `free` that are inside their bounds.
    pub fn inside(&self, l: &Likelihood, free: &[bool]) -> Vec<usize> {
        let inside = |i: &usize| free[*i] && (!l.bounded(*i) || self.at[*i] > 0.0);
        (0..self.at.len()).filter(inside).collect()
    }
}

/// Maximises over the parameters that are `free`, from `start`; without a step where ℓ is not finite there.
pub fn maximise(l: &Likelihood, start: &[f64], free: &[bool]) -> Maximum {
    let mut p = start.to_vec();
    let mut at = l.at(&p);
    if !at.value.is_finite() {
        return Maximum {
            at: p,
            of: at,
            done: false,
        };
    }
    for _ in 0..STEPS {
        let bounded = |i: usize| l.bounded(i) && p[i] <= 0.0;
        // Those at 0 that want to leave it.
        let mut set: Vec<usize> = (0..p.len())
            .filter(|&i| free[i] && !(bounded(i) && at.gradient[i] <= 0.0))
            .collect();
        let step = loop {
            let gradient: Vec<f64> = set.iter().map(|&i| at.gradient[i]).collect();
            let Some(step) = at.hessian.part(&set, -1.0).solve_lifted(&gradient) else {
                return Maximum {
                    at: p,
                    of: at,
                    done: false,
                };
            };
            let stays: Vec<bool> = set
                .iter()
                .zip(&step)
                .map(|(&i, s)| bounded(i) && *s < 0.0)
                .collect();
            if !stays.contains(&true) {
                break step;
            }
            let mut stays = stays.iter();
            set.retain(|_| stays.next() == Some(&false));
        };
        let gain: f64 = set
            .iter()
            .zip(&step)
            .map(|(&i, s)| at.gradient[i] * s)
            .sum();
        // As far as the first bound at most.
        let mut length = 1.0_f64;
        let mut hit = None;
        for (&i, s) in set.iter().zip(&step) {
            if l.bounded(i) && p[i] + length * s < 0.0 {
                length = p[i] / -s;
                hit = Some(i);
            }
        }
        let slack = 1e-12 * (1.0 + at.value.abs());
        let full = length;
        let (moved, found) = loop {
            let mut moved = p.clone();
            for (&i, s) in set.iter().zip(&step) {
                moved[i] += length * s;
                if l.bounded(i) {
                    moved[i] = moved[i].max(0.0);
                }
            }
            if let Some(i) = hit.filter(|_| length == full) {
                moved[i] = 0.0;
            }
            let found = l.at(&moved);
            if found.value >= at.value - slack {
                break (moved, found);
            }
            length /= 2.0;
            if length < 1e-12 {
                return Maximum {
                    at: p,
                    of: at,
                    done: gain < 1e-6,
                };
            }
        };
        (p, at) = (moved, found);
        if gain < GAIN && hit.is_none() {
            return Maximum {
                at: p,
                of: at,
                done: true,
            };
        }
    }
    Maximum {
        at: p,
        of: at,
        done: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One rate: the hazard is log of rows over rows without an adoption.
    #[test]
    fn a_single_rate_has_a_closed_form() {
        let l = Likelihood {
            rates: 1,
            intrinsic: 1,
            totals: vec![873.0],
            adoptions: vec![1.0],
            counts: vec![(0, 27.0)],
            ..Likelihood::default()
        };
        let found = maximise(&l, &[0.5], &[true]);
        let rate = libm::log(900.0 / 873.0);
        assert!(found.done && (found.at[0] - rate).abs() < 1e-12);
    }

    /// A second rate that would be negative stays at exactly 0.
    #[test]
    fn a_rate_that_data_push_down_is_0() {
        let l = Likelihood {
            rates: 2,
            intrinsic: 1,
            totals: vec![100.0, 80.0],
            adoptions: vec![1.0, 0.1, 1.0, 0.0],
            counts: vec![(0, 5.0), (0, 5.0)],
            ..Likelihood::default()
        };
        let found = maximise(&l, &[0.05, 0.3], &[true; 2]);
        assert!(found.done && found.at[1] == 0.0 && found.of.gradient[1] < 0.0);
        assert!(found.of.gradient[0].abs() < 1e-8);
    }
}
