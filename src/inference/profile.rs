//! Profile likelihood: the values v of a parameter at which 2 · (ℓ_max − max over the others of ℓ) is a given number.

use super::likelihood::Likelihood;
use super::maximise::{Maximum, maximise};

const STEPS: usize = 60;
/// Points of a curve on each side of the estimate.
const CURVE: u32 = 20;
/// A limit is found when it moves by less than this share.
const CLOSE: f64 = 1e-9;

/// The profile of one parameter.
#[derive(Clone, Copy)]
pub struct Profile<'a> {
    /// The likelihood.
    pub l: &'a Likelihood,
    /// Its maximum.
    pub best: &'a Maximum,
    /// Which parameters are estimated.
    pub free: &'a [bool],
    /// Which of them it is of.
    pub of: usize,
    /// The parameter that it is told in units of, where it is: then values are those of the ratio, under which its rate
    /// is a multiple of the other one, and ℓ stays concave.
    pub base: Option<usize>,
}

impl Profile<'_> {
    /// The maximum over the others at `value`, from another one.
    pub fn with(&self, value: f64, from: &Maximum) -> Maximum {
        if let Some(base) = self.base {
            return self.multiple(base, value, from);
        }
        let mut free = self.free.to_vec();
        free[self.of] = false;
        let mut start = from.at.clone();
        start[self.of] = value;
        // Where the others would be if ℓ were quadratic.
        let others = from.inside(self.l, &free);
        let by = value - from.at[self.of];
        let pull: Vec<f64> = others
            .iter()
            .map(|&j| by * from.of.hessian.at(j, self.of))
            .collect();
        if let Some(moves) = from.of.hessian.part(&others, -1.0).solve_lifted(&pull) {
            for (&j, step) in others.iter().zip(&moves) {
                let moved = start[j] + step;
                // Not onto a bound: the maximum is found from inside.
                start[j] = if self.l.bounded(j) && moved <= 0.0 {
                    start[j] / 2.0
                } else {
                    moved
                };
            }
        }
        let found = maximise(self.l, &start, &free);
        if found.of.value.is_finite() {
            return found;
        }
        start.clone_from(&from.at);
        start[self.of] = value;
        maximise(self.l, &start, &free)
    }

    /// The same where the parameter is `value` times another; its slope is that in the ratio.
    fn multiple(&self, base: usize, value: f64, from: &Maximum) -> Maximum {
        let merged = self.l.merged(self.of, base, value);
        let mut free = self.free.to_vec();
        free[self.of] = false;
        let mut start = from.at.clone();
        start[self.of] = 0.0;
        // A start at which no adoption is impossible.
        if free[base] && start[base] <= 0.0 {
            start[base] = self.best.at[base].max(1e-6);
        }
        let mut found = maximise(&merged, &start, &free);
        let scale = found.at[base];
        found.at[self.of] = value * scale;
        found.of = self.l.at(&found.at);
        found.of.gradient[self.of] *= scale;
        found
    }

    /// The value at a maximum.
    fn value(&self, at: &Maximum) -> f64 {
        let value = at.at[self.of];
        self.base.map_or(value, |base| value / at.at[base])
    }

    /// Values from half as far again below the lower limit to as far above the upper one, no rate below 0, with the
    /// deviance 2 · (ℓ_max − max over the others of ℓ) at each, in order. The estimate is among them.
    pub fn curve(&self, [low, high]: [f64; 2]) -> Vec<[f64; 2]> {
        let best = self.value(self.best);
        let far = |limit: f64| best + 1.5 * (limit - best);
        let floor = if self.l.bounded(self.of) {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        let side = |end: f64| {
            let (mut from, mut points) = (self.best.clone(), Vec::new());
            for step in 1..=CURVE {
                let value = best + (end - best) * f64::from(step) / f64::from(CURVE);
                let found = self.with(value, &from);
                if !found.of.value.is_finite() {
                    break;
                }
                let deviance = 2.0 * (self.best.of.value - found.of.value);
                points.push([value, deviance.max(0.0)]);
                from = found;
            }
            points
        };
        let below = far(low).max(floor);
        let mut points = if below < best {
            side(below)
        } else {
            Vec::new()
        };
        points.reverse();
        points.push([best, 0.0]);
        points.extend(side(far(high)));
        points
    }

    /// The limits at which the deviance is `critical`, from a standard error; a lower limit of a rate that the data do
    /// not tell from 0 is 0. `None` where there is none.
    pub fn limits(&self, se: f64, critical: f64) -> [Option<f64>; 2] {
        [
            self.limit(-1.0, se, critical),
            self.limit(1.0, se, critical),
        ]
    }

    fn limit(&self, side: f64, se: f64, critical: f64) -> Option<f64> {
        let best = self.value(self.best);
        let rate = self.l.bounded(self.of);
        let deviance = |found: &Maximum| (2.0 * (self.best.of.value - found.of.value)).max(0.0);
        // Inside the limit, and outside it.
        let (mut inner, mut outer) = (best, None);
        let mut v = best + side * critical.sqrt() * se;
        if rate && side < 0.0 {
            if best == 0.0 {
                return Some(0.0);
            }
            let at_0 = self.with(0.0, self.best);
            if deviance(&at_0) <= critical {
                return Some(0.0);
            }
            outer = Some(0.0);
            if v <= 0.0 {
                v = best * libm::exp(-critical.sqrt() * se / best).max(1e-3);
            }
        }
        let mut from = self.best.clone();
        for _ in 0..STEPS {
            let found = self.with(v, &from);
            if !found.of.value.is_finite() {
                return None;
            }
            let d = deviance(&found);
            if d < critical {
                inner = v;
            } else {
                outer = Some(v);
            }
            // √ of the deviance is nearly straight in the parameter.
            let root = d.sqrt();
            let slope = -found.of.gradient[self.of] / root;
            let newton = v - (root - critical.sqrt()) / slope;
            let between = |x: f64, end: f64| (inner.min(end)..=inner.max(end)).contains(&x);
            let next = match outer {
                None if newton.is_finite() && (newton - inner) * side > 0.0 => {
                    // Not too far at a time.
                    best + (newton - best).clamp(-4.0 * (v - best).abs(), 4.0 * (v - best).abs())
                }
                None => best + 2.0 * (v - best),
                Some(end) if newton.is_finite() && between(newton, end) && newton != end => newton,
                Some(end) if rate && end <= 0.0 => inner / 8.0,
                Some(end) if rate && inner > 0.0 => (inner * end).sqrt(),
                Some(end) => f64::midpoint(inner, end),
            };
            let closed = (next - v).abs() <= CLOSE * next.abs().max(1e-3 * se);
            from = found;
            v = next;
            if closed {
                return Some(v);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One rate: the deviance is known, and both limits meet it.
    #[test]
    fn limits_meet_the_deviance() {
        let l = Likelihood {
            rates: 1,
            intrinsic: 1,
            totals: vec![874.0],
            adoptions: vec![1.0],
            counts: vec![(0, 27.0)],
            ..Likelihood::default()
        };
        let best = maximise(&l, &[0.5], &[true]);
        let se = (-1.0 / best.of.hessian.at(0, 0)).sqrt();
        let profile = Profile {
            l: &l,
            best: &best,
            free: &[true],
            of: 0,
            base: None,
        };
        let [low, high] = profile.limits(se, 3.841_458_820_694_124);
        // Those of the lotteries of the US states, with 901 rows and 27 adoptions.
        assert!((low.unwrap() - 0.020_343_73).abs() < 1e-7, "{low:?}");
        assert!((high.unwrap() - 0.043_387_76).abs() < 1e-7, "{high:?}");
        // The curve is that of 27 · ln(1 − e^(−h)) − 874 · h, and passes the critical value at the limits.
        let [low, high] = [low.unwrap(), high.unwrap()];
        let value = |h: f64| 27.0 * (1.0 - (-h).exp()).ln() - 874.0 * h;
        let curve = profile.curve([low, high]);
        assert_eq!(curve.len(), 41);
        assert!(curve.windows(2).all(|two| two[0][0] < two[1][0]));
        for [h, deviance] in &curve {
            let expected = 2.0 * (value(best.at[0]) - value(*h));
            assert!((deviance - expected).abs() < 1e-8, "{h}");
            let outside = *h < low || *h > high;
            assert_eq!(*deviance > 3.841_458_820_694_124, outside, "{h}");
        }
    }
}
