//! The likelihood of an event history under the additive hazard.
//!
//! ```text
//! h = E^all · (E^int · Σ_{m < I} a_m · x_m + Σ_{m ≥ I} a_m · x_m),   E^all, E^int = exp(Σ_q γ_q z_q), q acting on all or on
//!     the I intrinsic rates
//! ℓ = Σ_adoptions log(1 − exp(−h)) − Σ_other rows h
//! ```
//!
//! Within a *cell*, where covariates are the same, h is linear in x. So all rows without an adoption come in as one
//! total Σ x per cell, and only rows with an adoption one by one; equal ones with a count.
//!
//! With r = 1 − exp(−h), the derivatives of log r in h are (1 − r)/r and −(1 − r)/r². Where rows come in groups, each with
//! a factor of its own or a weight, ℓ is the sum of what [`groups`] says of each.

use rayon::prelude::*;

use super::matrix::Matrix;
use crate::scenario::spec::ActsOn;

pub mod groups;
mod quadrature;

use groups::{Groups, Mix};

/// Rows whose terms one thread adds up; what comes out does not depend on threads.
const ROWS: usize = 4096;

/// What the likelihood reads of a history. Parameters stand in one list: the rates a_m, then the effects γ_q, then the
/// variance of the factors of groups where these are drawn.
#[derive(Clone, Debug, Default)]
pub struct Likelihood {
    /// Number of rates, the intrinsic ones first.
    pub rates: usize,
    /// How many of them are intrinsic.
    pub intrinsic: usize,
    /// On what each covariate acts.
    pub effects: Vec<ActsOn>,
    /// z_q less its centre, `[cell · Q + q]`.
    pub covariates: Vec<f64>,
    /// Σ x over rows without an adoption, `[cell · M + m]`.
    pub totals: Vec<f64>,
    /// Rows with an adoption: x, `[row · M + m]`.
    pub adoptions: Vec<f64>,
    /// Their cells and how many are equal to each.
    pub counts: Vec<(u32, f64)>,
    /// Groups of rows, where these differ.
    pub groups: Option<Groups>,
}

/// ℓ with its derivatives.
#[derive(Clone, Debug)]
pub struct At {
    /// ℓ; −∞ where an adoption is impossible.
    pub value: f64,
    /// Its gradient.
    pub gradient: Vec<f64>,
    /// Its second derivatives.
    pub hessian: Matrix,
}

impl At {
    /// Of nothing.
    pub fn zero(n: usize) -> Self {
        Self {
            value: 0.0,
            gradient: vec![0.0; n],
            hessian: Matrix::zero(n),
        }
    }

    fn add(&mut self, other: &Self) {
        self.add_times(1.0, other);
    }

    /// Adds a multiple.
    pub fn add_times(&mut self, weight: f64, other: &Self) {
        self.value += weight * other.value;
        for (sum, more) in self.gradient.iter_mut().zip(&other.gradient) {
            *sum += weight * more;
        }
        let entries = self.hessian.entries.iter_mut().zip(&other.hessian.entries);
        entries.for_each(|(sum, more)| *sum += weight * more);
    }
}

/// A hazard with its derivatives.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// h.
    pub total: f64,
    /// Its gradient.
    pub gradient: Vec<f64>,
    /// The intrinsic part.
    intrinsic: f64,
}

/// E^all and E^all · E^int by cell.
pub struct Factors(Vec<[f64; 2]>);

impl Likelihood {
    /// Number of parameters.
    pub fn parameters(&self) -> usize {
        let drawn = self.variance().map_or(0, |_| 1);
        self.rates + self.effects.len() + drawn
    }

    /// The position of the variance of the factors of groups, where these are drawn.
    pub fn variance(&self) -> Option<usize> {
        let groups = self.groups.as_ref();
        let drawn = groups.is_some_and(|groups| groups.mix == Mix::Gamma);
        drawn.then(|| self.rates + self.effects.len())
    }

    /// Σ E_i over rows without an adoption: their intrinsic x.
    pub fn unheard(&self) -> f64 {
        let rows = self.totals.chunks(self.rates.max(1));
        rows.map(|x| x[..self.intrinsic].iter().sum::<f64>()).sum()
    }

    /// Whether a parameter is not negative.
    pub fn bounded(&self, i: usize) -> bool {
        i < self.rates || self.variance() == Some(i)
    }

    /// The same with one rate a multiple of another: the first has no column of its own any more.
    #[must_use]
    pub fn merged(&self, m: usize, into: usize, factor: f64) -> Self {
        let mut merged = self.clone();
        let rates = self.rates;
        let join = |list: &mut Vec<f64>| {
            for x in list.chunks_mut(rates) {
                x[into] += factor * x[m];
                x[m] = 0.0;
            }
        };
        join(&mut merged.totals);
        join(&mut merged.adoptions);
        if let Some(groups) = &mut merged.groups {
            join(&mut groups.totals);
        }
        merged
    }

    /// The covariates of a cell.
    fn z(&self, cell: usize) -> &[f64] {
        let q = self.effects.len();
        &self.covariates[cell * q..(cell + 1) * q]
    }

    /// E of all cells.
    pub fn factors(&self, p: &[f64]) -> Factors {
        let cells = self.totals.len() / self.rates;
        let effects = &p[self.rates..self.rates + self.effects.len()];
        let of = |cell: usize| {
            let mut sums = [0.0; 2];
            for ((z, effect), acts) in self.z(cell).iter().zip(effects).zip(&self.effects) {
                sums[usize::from(*acts == ActsOn::Intrinsic)] += effect * z;
            }
            [libm::exp(sums[0]), libm::exp(sums[0] + sums[1])]
        };
        Factors((0..cells).map(of).collect())
    }

    /// h at x in a cell, into room that is kept from row to row.
    pub fn hazard(&self, p: &[f64], factors: &Factors, cell: usize, x: &[f64], into: &mut Hazard) {
        let [all, intrinsic] = factors.0[cell];
        into.intrinsic = 0.0;
        for m in 0..self.intrinsic {
            into.gradient[m] = x[m] * intrinsic;
            into.intrinsic += p[m] * into.gradient[m];
        }
        into.total = into.intrinsic;
        for m in self.intrinsic..self.rates {
            into.gradient[m] = x[m] * all;
            into.total += p[m] * into.gradient[m];
        }
        for (q, (z, acts)) in self.z(cell).iter().zip(&self.effects).enumerate() {
            into.gradient[self.rates + q] = z * match acts {
                ActsOn::All => into.total,
                ActsOn::Intrinsic => into.intrinsic,
            };
        }
    }

    /// Room for a hazard.
    pub fn room(&self) -> Hazard {
        Hazard {
            total: 0.0,
            gradient: vec![0.0; self.parameters()],
            intrinsic: 0.0,
        }
    }

    /// Adds `weight` times the second derivatives of a hazard: only effects have any.
    pub fn add_curvature(&self, weight: f64, cell: usize, hazard: &Hazard, into: &mut Matrix) {
        for (q, (z, acts)) in self.z(cell).iter().zip(&self.effects).enumerate() {
            let at = self.rates + q;
            let rates = match acts {
                ActsOn::All => self.rates,
                ActsOn::Intrinsic => self.intrinsic,
            };
            for m in 0..rates {
                let both = weight * z * hazard.gradient[m];
                *into.at_mut(m, at) += both;
                *into.at_mut(at, m) += both;
            }
            for (r, (other, acts_too)) in self.z(cell).iter().zip(&self.effects).enumerate() {
                let part = match (acts, acts_too) {
                    (ActsOn::All, ActsOn::All) => hazard.total,
                    _ => hazard.intrinsic,
                };
                *into.at_mut(at, self.rates + r) += weight * part * z * other;
            }
        }
    }

    /// ℓ and its derivatives.
    pub fn at(&self, p: &[f64]) -> At {
        let factors = self.factors(p);
        if let Some(groups) = &self.groups {
            return groups.at(self, p, &factors);
        }
        let rows = self.counts.len();
        let mut parts: Vec<At> = (0..rows.div_ceil(ROWS))
            .into_par_iter()
            .map(|n| self.of_adoptions(p, &factors, n * ROWS..rows.min((n + 1) * ROWS)))
            .collect();
        parts.push(self.of_totals(p, &factors));
        let mut at = At::zero(self.parameters());
        parts.iter().for_each(|part| at.add(part));
        at
    }

    fn of_adoptions(&self, p: &[f64], factors: &Factors, rows: std::ops::Range<usize>) -> At {
        let mut at = At::zero(self.parameters());
        let mut hazard = self.room();
        for row in rows {
            let (cell, count) = self.counts[row];
            let cell = cell as usize;
            let x = &self.adoptions[row * self.rates..(row + 1) * self.rates];
            self.hazard(p, factors, cell, x, &mut hazard);
            if hazard.total.is_nan() || hazard.total <= 0.0 {
                at.value = f64::NEG_INFINITY;
                return at;
            }
            let [value, first, second] = adoption(hazard.total);
            at.value += count * value;
            for (sum, slope) in at.gradient.iter_mut().zip(&hazard.gradient) {
                *sum += count * first * slope;
            }
            at.hessian.add_outer(count * second, &hazard.gradient);
            self.add_curvature(count * first, cell, &hazard, &mut at.hessian);
        }
        at
    }

    fn of_totals(&self, p: &[f64], factors: &Factors) -> At {
        let mut at = At::zero(self.parameters());
        let mut hazard = self.room();
        for (cell, x) in self.totals.chunks(self.rates).enumerate() {
            self.hazard(p, factors, cell, x, &mut hazard);
            at.value -= hazard.total;
            for (sum, slope) in at.gradient.iter_mut().zip(&hazard.gradient) {
                *sum -= slope;
            }
            self.add_curvature(-1.0, cell, &hazard, &mut at.hessian);
        }
        at
    }
}

/// log(1 − exp(−h)) with its first and second derivative.
pub fn adoption(h: f64) -> [f64; 3] {
    let r = -libm::expm1(-h);
    let first = (1.0 - r) / r;
    [libm::log(r), first, -first / r]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cells, an intrinsic and two other rates, a covariate of each kind.
    fn example() -> Likelihood {
        Likelihood {
            rates: 3,
            intrinsic: 1,
            effects: vec![ActsOn::All, ActsOn::Intrinsic],
            covariates: vec![0.5, -1.0, -0.2, 0.7],
            totals: vec![40.0, 12.0, 3.0, 25.0, 9.0, 7.5],
            adoptions: vec![1.0, 0.0, 0.0, 1.0, 1.0, 0.25, 1.0, 0.5, 2.0],
            counts: vec![(0, 3.0), (0, 1.0), (1, 2.0)],
            groups: None,
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let l = example();
        let p = [0.05, 0.2, 0.1, 0.3, -0.4];
        let at = l.at(&p);
        for i in 0..p.len() {
            let moved = |by: f64| {
                let mut moved = p;
                moved[i] += by;
                l.at(&moved)
            };
            let e = 1e-5;
            let (up, down) = (moved(e), moved(-e));
            let slope = (up.value - down.value) / (2.0 * e);
            assert!(
                (slope - at.gradient[i]).abs() < 1e-6 * (1.0 + slope.abs()),
                "{i}"
            );
            for j in 0..p.len() {
                let second = (up.gradient[j] - down.gradient[j]) / (2.0 * e);
                let found = at.hessian.at(i, j);
                assert!(
                    (second - found).abs() < 1e-5 * (1.0 + second.abs()),
                    "{i} {j}"
                );
            }
        }
    }

    #[test]
    fn an_adoption_without_hazard_is_impossible() {
        let l = example();
        assert_eq!(l.at(&[0.0, 0.2, 0.1, 0.0, 0.0]).value, f64::NEG_INFINITY);
    }
}
