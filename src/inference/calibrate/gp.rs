//! A Gaussian process over the unit cube: one number, known with error at some points, told at any other with its variance.
//!
//! y = b₀ + b'x + f(x) + e, f with variance s² and the Matérn-5/2 correlation of r² = Σ ((x_j − x'_j) / ℓ_j)², e with variance
//! s²·g. b and s² are the generalised least squares and restricted likelihood values given ℓ and g (Santner, Williams and Notz
//! 2018, *The Design and Analysis of Computer Experiments*, §§3.3–3.4); ℓ and g maximise the restricted likelihood times weak
//! log-normal priors, by signs of the gradient (Rprop: Blum and Riedmiller 2013, *Optimization of Gaussian process
//! hyperparameters using Rprop*, ESANN).

use crate::inference::lower::{Lower, dot};

/// Evaluations of the likelihood.
const EVALUATIONS: usize = 45;
/// Points by which ℓ and g are found; with more points, every so many of them.
const MOST_FOR_LENGTHS: usize = 160;
/// Logarithms of the least and largest length.
const LENGTHS: [f64; 2] = [-3.0, 3.5];
/// Logarithms of the least and largest g.
const NUGGETS: [f64; 2] = [-14.0, 3.0];
/// Spread of the priors of log ℓ and log g.
const SPREADS: [f64; 2] = [1.2, 2.5];
/// Mean of the prior of log g.
const USUAL_NUGGET: f64 = -4.0;
const ROOT_5: f64 = 2.236_067_977_499_79;

/// A fitted process.
#[derive(Clone, Debug)]
pub struct Gp {
    data: Data,
    /// log ℓ_1 … log ℓ_p, log g.
    logs: Vec<f64>,
    solved: Option<Solved>,
    /// Of y: mean and standard deviation, by which it was scaled.
    scale: [f64; 2],
}

/// Points, and y scaled to mean 0 and variance 1.
#[derive(Clone, Debug)]
struct Data {
    p: usize,
    x: Vec<f64>,
    y: Vec<f64>,
    /// Columns of the trend.
    q: usize,
}

/// What predictions are made of.
#[derive(Clone, Debug)]
struct Solved {
    inverse_lengths: Vec<f64>,
    lower: Lower,
    /// L⁻¹ H, column by column.
    half: Vec<Vec<f64>>,
    /// Factor of H' C⁻¹ H.
    trend: Lower,
    coefficients: Vec<f64>,
    /// C⁻¹ (y − H b).
    weights: Vec<f64>,
    variance: f64,
}

/// A number at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Its mean.
    pub mean: f64,
    /// The variance of what the process does not know of it, without e.
    pub variance: f64,
}

/// The Matérn-5/2 correlation at the distance `r`, and −∂k/∂log ℓ_j over ((x_j − x'_j) / ℓ_j)².
fn matern(r: f64) -> (f64, f64) {
    let a = ROOT_5 * r;
    let e = libm::exp(-a);
    ((1.0 + a + a * a / 3.0) * e, 5.0 / 3.0 * (1.0 + a) * e)
}

impl Data {
    fn n(&self) -> usize {
        self.y.len()
    }

    fn at(&self, i: usize) -> &[f64] {
        &self.x[i * self.p..(i + 1) * self.p]
    }

    /// The trend at a point, column by column.
    fn trend(&self, x: &[f64], column: usize) -> f64 {
        match column {
            0 => 1.0,
            at => x[at - 1] - 0.5,
        }
    }

    fn column(&self, column: usize) -> Vec<f64> {
        (0..self.n())
            .map(|i| self.trend(self.at(i), column))
            .collect()
    }

    /// The factor and what follows from it, with the residual sum.
    fn solve(&self, logs: &[f64]) -> Option<Solved> {
        let (n, p) = (self.n(), self.p);
        let inverse_lengths: Vec<f64> = logs[..p].iter().map(|log| libm::exp(-log)).collect();
        let nugget = libm::exp(logs[p]) + 1e-9;
        let mut c = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..i {
                c[i * n + j] = matern(distance(self.at(i), self.at(j), &inverse_lengths)).0;
            }
            c[i * n + i] = 1.0 + nugget;
        }
        let lower = Lower::factor(c, n)?;
        let half: Vec<Vec<f64>> = (0..self.q)
            .map(|at| lower.solve(&self.column(at)))
            .collect();
        let y = lower.solve(&self.y);
        let q = self.q;
        let normal = (0..q * q).map(|at| dot(&half[at / q], &half[at % q]));
        let trend = Lower::factor(normal.collect(), q)?;
        let right: Vec<f64> = half.iter().map(|column| dot(column, &y)).collect();
        let coefficients = trend.solve_back(&trend.solve(&right));
        let mut rest = y;
        for (column, b) in half.iter().zip(&coefficients) {
            rest.iter_mut().zip(column).for_each(|(r, h)| *r -= b * h);
        }
        let variance = dot(&rest, &rest) / (n - q) as f64;
        Some(Solved {
            inverse_lengths,
            weights: lower.solve_back(&rest),
            lower,
            half,
            trend,
            coefficients,
            variance,
        })
    }

    /// The logarithm of the restricted likelihood times the priors, and its gradient.
    fn value(&self, logs: &[f64]) -> Option<(f64, Vec<f64>)> {
        let (n, p, q) = (self.n(), self.p, self.q);
        let solved = self.solve(logs)?;
        let Solved { variance, .. } = solved;
        if variance <= 0.0 {
            return None;
        }
        let mut value = -0.5
            * ((n - q) as f64 * libm::log(variance)
                + solved.lower.log_det()
                + solved.trend.log_det());
        let projected = solved.projected();
        let mut gradient = vec![0.0; p + 1];
        let a = &solved.weights;
        for i in 0..n {
            for j in 0..i {
                let (x, y) = (self.at(i), self.at(j));
                let slope = matern(distance(x, y, &solved.inverse_lengths)).1;
                // Both halves of the symmetric matrix; ½ stands before.
                let weight = (a[i] * a[j] / variance - projected[i * n + j]) * slope;
                for k in 0..p {
                    let apart = (x[k] - y[k]) * solved.inverse_lengths[k];
                    gradient[k] += weight * apart * apart;
                }
            }
        }
        let nugget = libm::exp(logs[p]);
        let diagonal = (0..n).map(|i| a[i] * a[i] / variance - projected[i * n + i]);
        gradient[p] = 0.5 * nugget * diagonal.sum::<f64>();
        for (k, log) in logs.iter().enumerate() {
            let (mean, spread) = self.prior(k);
            let z = (log - mean) / spread;
            value -= 0.5 * z * z;
            gradient[k] -= z / spread;
        }
        Some((value, gradient))
    }

    /// Mean and spread of the prior of a logarithm. In more dimensions points are farther apart.
    fn prior(&self, k: usize) -> (f64, f64) {
        match k < self.p {
            true => (0.5 * libm::log(self.p as f64), SPREADS[0]),
            false => (USUAL_NUGGET, SPREADS[1]),
        }
    }

    /// The logarithms that maximise [`Data::value`].
    fn logs(&self) -> Vec<f64> {
        let all = 0..=self.p;
        let mut logs: Vec<f64> = all.map(|k| self.prior(k).0).collect();
        let (mut best, mut best_logs) = (f64::NEG_INFINITY, logs.clone());
        let mut steps = vec![0.4; logs.len()];
        let mut before = vec![0.0; logs.len()];
        for _ in 0..EVALUATIONS {
            let Some((value, gradient)) = self.value(&logs) else {
                break;
            };
            if value > best {
                (best, best_logs) = (value, logs.clone());
            }
            for k in 0..logs.len() {
                let [least, most] = if k < self.p { LENGTHS } else { NUGGETS };
                let turned = gradient[k] * before[k];
                if turned > 0.0 {
                    steps[k] = (steps[k] * 1.2_f64).min(1.5);
                } else if turned < 0.0 {
                    steps[k] *= 0.5;
                }
                before[k] = if turned < 0.0 { 0.0 } else { gradient[k] };
                if turned >= 0.0 && gradient[k] != 0.0 {
                    logs[k] = (logs[k] + steps[k] * gradient[k].signum()).clamp(least, most);
                }
            }
            if steps.iter().all(|step| *step < 5e-3) {
                break;
            }
        }
        best_logs
    }

    /// Without some of the points.
    fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.n()).filter(|i| keep(*i)).collect();
        let x = kept.iter().flat_map(|i| self.at(*i).iter().copied());
        Self {
            p: self.p,
            q: self.q,
            x: x.collect(),
            y: kept.iter().map(|i| self.y[*i]).collect(),
        }
    }
}

fn distance(x: &[f64], y: &[f64], inverse_lengths: &[f64]) -> f64 {
    let mut sum = 0.0;
    for ((x, y), inverse) in x.iter().zip(y).zip(inverse_lengths) {
        let apart = (x - y) * inverse;
        sum += apart * apart;
    }
    sum.sqrt()
}

impl Solved {
    /// C⁻¹ − C⁻¹ H (H' C⁻¹ H)⁻¹ H' C⁻¹, row by row.
    fn projected(&self) -> Vec<f64> {
        let n = self.lower.n;
        let mut inverse = self.lower.inverse();
        let q = self.half.len();
        // Rows of C⁻¹ H (L of the trend)⁻ᵀ.
        let columns: Vec<Vec<f64>> = self.half.iter().map(|h| self.lower.solve_back(h)).collect();
        let rows: Vec<Vec<f64>> = (0..n)
            .map(|i| {
                let row: Vec<f64> = (0..q).map(|at| columns[at][i]).collect();
                self.trend.solve(&row)
            })
            .collect();
        for i in 0..n {
            for j in 0..n {
                inverse[i * n + j] -= dot(&rows[i], &rows[j]);
            }
        }
        inverse
    }
}

impl Gp {
    /// Fits the process to `y` at the points `x` of the unit cube, all of one length; `None` with fewer than four points,
    /// with values that are not finite, or where the numbers do not allow it.
    pub fn fit(x: &[&[f64]], y: &[f64]) -> Option<Self> {
        let (n, p) = (y.len(), x.first()?.len());
        if n < 4 || y.iter().any(|y| !y.is_finite()) {
            return None;
        }
        let mean = y.iter().sum::<f64>() / n as f64;
        let spread = y.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n as f64;
        let spread = spread.sqrt();
        let flat = spread <= 1e-12 * (1.0 + mean.abs());
        let scale = if flat { 1.0 } else { spread };
        let data = Data {
            p,
            x: x.iter().flat_map(|x| x.iter().copied()).collect(),
            y: y.iter().map(|y| (y - mean) / scale).collect(),
            // A slope for each parameter where there are points enough to tell them.
            q: if n >= 2 * (p + 2) { p + 1 } else { 1 },
        };
        let scale = [mean, scale];
        if flat {
            return Some(Self {
                data,
                logs: Vec::new(),
                solved: None,
                scale,
            });
        }
        let every = n.div_ceil(MOST_FOR_LENGTHS);
        let logs = data.part(|i| i % every == 0).logs();
        let solved = data.solve(&logs)?;
        Some(Self {
            data,
            logs,
            solved: Some(solved),
            scale,
        })
    }

    /// The same process without the point at a position.
    pub fn without(&self, position: usize) -> Option<Self> {
        let data = self.data.part(|i| i != position);
        let solved = match self.solved {
            Some(_) => Some(data.solve(&self.logs)?),
            None => None,
        };
        Some(Self {
            data,
            solved,
            ..self.clone()
        })
    }

    /// The mean at a point.
    pub fn mean(&self, x: &[f64]) -> f64 {
        match &self.solved {
            None => self.scale[0],
            Some(solved) => self.of(solved, x).0,
        }
    }

    /// Mean, and the correlations with the points.
    fn of(&self, solved: &Solved, x: &[f64]) -> (f64, Vec<f64>) {
        let near = |i| matern(distance(self.data.at(i), x, &solved.inverse_lengths)).0;
        let near: Vec<f64> = (0..self.data.n()).map(near).collect();
        let trend = solved.coefficients.iter().enumerate();
        let trend: f64 = trend.map(|(at, b)| b * self.data.trend(x, at)).sum();
        let mean = trend + dot(&near, &solved.weights);
        (self.scale[0] + self.scale[1] * mean, near)
    }

    /// Mean and variance at a point.
    pub fn told(&self, x: &[f64]) -> Told {
        let Some(solved) = &self.solved else {
            return Told {
                mean: self.scale[0],
                variance: 0.0,
            };
        };
        let (mean, near) = self.of(solved, x);
        let v = solved.lower.solve(&near);
        let short = solved.half.iter().enumerate();
        let short: Vec<f64> = short
            .map(|(at, half)| self.data.trend(x, at) - dot(half, &v))
            .collect();
        let u = solved.trend.solve(&short);
        let share = (1.0 - dot(&v, &v) + dot(&u, &u)).max(0.0);
        Told {
            mean,
            variance: share * solved.variance * self.scale[1] * self.scale[1],
        }
    }

    /// The variance of e.
    pub fn noise(&self) -> f64 {
        let of = self.solved.as_ref().zip(self.logs.last());
        of.map_or(0.0, |(solved, log)| {
            libm::exp(*log) * solved.variance * self.scale[1] * self.scale[1]
        })
    }

    /// The lengths ℓ; empty where y does not vary.
    pub fn lengths(&self) -> Vec<f64> {
        let logs = self.logs.iter().take(self.data.p);
        logs.map(|log| libm::exp(*log)).collect()
    }

    /// The errors at each point of the process without it, over their standard deviations (Dubrule 1983, *Cross validation of
    /// kriging in a unique neighborhood*), ℓ and g as they are.
    pub fn left_out(&self) -> Vec<f64> {
        let Some(solved) = &self.solved else {
            return vec![0.0; self.data.n()];
        };
        let projected = solved.projected();
        let n = self.data.n();
        let error = |i: usize| {
            let own = projected[i * n + i].max(1e-300);
            solved.weights[i] / (solved.variance * own).sqrt()
        };
        (0..n).map(error).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::unit::Sobol;

    fn cube(n: u32, p: usize) -> Vec<Vec<f64>> {
        let sobol = Sobol::new("sobol", p, 5).unwrap();
        let row = |at| {
            let mut row = vec![0.0; p];
            sobol.row(at, &mut row);
            row
        };
        (0..n).map(row).collect()
    }

    fn fitted(points: &[Vec<f64>], f: impl Fn(&[f64]) -> f64) -> Gp {
        let x: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        let y: Vec<f64> = x.iter().map(|x| f(x)).collect();
        Gp::fit(&x, &y).unwrap()
    }

    fn bent(x: &[f64]) -> f64 {
        3.0 + 2.0 * x[0] + libm::sin(5.0 * x[1]) + x[0] * x[2]
    }

    #[test]
    fn a_smooth_function_is_told_between_its_points() {
        let gp = fitted(&cube(60, 3), bent);
        for x in cube(90, 3).iter().skip(60) {
            let told = gp.told(x);
            assert!((told.mean - bent(x)).abs() < 0.05, "{told:?} {}", bent(x));
            assert_eq!(told.mean, gp.mean(x));
            assert!(told.variance < 0.01, "{told:?}");
        }
        // The third coordinate bends least.
        let lengths = gp.lengths();
        assert!(
            lengths[1] < lengths[0] && lengths[1] < lengths[2],
            "{lengths:?}"
        );
    }

    #[test]
    fn errors_of_points_left_out_are_those_of_a_process_without_them() {
        let points = cube(40, 3);
        let gp = fitted(&points, bent);
        let told = gp.left_out();
        for at in [0, 17, 39] {
            let without = gp.without(at).unwrap();
            let other = without.told(&points[at]);
            // s² is found anew without the point: the errors agree up to that ratio, which is near 1.
            let scale =
                without.solved.as_ref().unwrap().variance / gp.solved.as_ref().unwrap().variance;
            let sd = ((other.variance + without.noise()) / scale).sqrt();
            let error = (bent(&points[at]) - other.mean) / sd;
            assert!(
                (error - told[at]).abs() < 1e-3 * (1.0 + told[at].abs()),
                "{error} {}",
                told[at]
            );
        }
    }

    /// The gradient against differences of the value.
    #[test]
    fn the_gradient_is_that_of_the_likelihood() {
        let gp = fitted(&cube(25, 3), bent);
        let at = vec![0.3, -0.2, 0.8, -3.0];
        let (_, gradient) = gp.data.value(&at).unwrap();
        for k in 0..at.len() {
            let moved = |by: f64| {
                let mut at = at.clone();
                at[k] += by;
                gp.data.value(&at).unwrap().0
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!(
                (slope - gradient[k]).abs() < 1e-4 * (1.0 + slope.abs()),
                "{k}: {slope} {}",
                gradient[k]
            );
        }
    }

    /// Errors with a known spread: 400 points, four standard errors of a variance.
    #[test]
    fn noise_is_told_from_the_function() {
        let name = crate::inference::dice::Name::new(3, "noise");
        let points = cube(400, 2);
        let mut dice = name.dice(0, 0);
        let noise: Vec<f64> = points.iter().map(|_| 0.3 * dice.normal()).collect();
        let x: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        let y: Vec<f64> = x
            .iter()
            .zip(&noise)
            .map(|(x, e)| 2.0 * x[0] - libm::cos(3.0 * x[1]) + e)
            .collect();
        let gp = Gp::fit(&x, &y).unwrap();
        let expected = 0.09;
        let error = expected * (2.0_f64 / 400.0).sqrt();
        // ℓ and g are found at 134 of them.
        assert!(
            (gp.noise() - expected).abs() < 4.0 * error * 3.0_f64.sqrt(),
            "{}",
            gp.noise()
        );
    }

    #[test]
    fn what_does_not_vary_is_told_as_it_is() {
        let gp = fitted(&cube(10, 2), |_| 7.0);
        let told = gp.told(&[0.2, 0.9]);
        assert_eq!((told.mean, told.variance, gp.noise()), (7.0, 0.0, 0.0));
        assert!(Gp::fit(&[&[0.5][..]], &[1.0]).is_none());
    }
}
