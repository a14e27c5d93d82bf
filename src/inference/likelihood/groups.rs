//! Rows in groups, those of an item or of a place, of which each has a factor u on its whole hazard, or a weight.
//!
//! With S(u) = Σ_adoptions log(1 − exp(−u h)) − u T, T the sum of h over the other rows of the group, a group adds
//!
//! - S(1) where groups do not differ;
//! - max_u S(u) where u is a fixed effect: it is maximised out, so derivatives in the other parameters are those of S at
//!   the maximum, less S_θz S_zθ / S_zz in the second, z = log u. One group is the reference, with u = 1;
//! - log E[exp S(u)] where u is a frailty, Gamma with mean 1 and variance v, by Gauss and Hermite's rule about the mode
//!   in z. Its derivatives are means over the nodes: E[S_θ], and E[S_θθ] + Var[S_θ]. Without an adoption it is
//!   −log(1 + v T)/v.
//!
//! What effects of all groups take up whole, as the level of a rate that only some of them have, is exactly flat then:
//! what rounding leaves of it is put to 0.
//!
//! A group with a fixed effect that has no adoption, or nothing but adoptions at the first chance, adds 0 at u = 0 or ∞.

use rayon::prelude::*;

use super::quadrature::{constant, excess, hermite, slopes};
use super::{At, Factors, Hazard, Likelihood, adoption};
use crate::inference::matrix::Matrix;

/// Groups whose terms one thread adds up; what comes out does not depend on threads.
const AT_ONCE: usize = 8;
/// Nodes about the mode of each frailty.
pub const NODES: usize = 30;
/// Below this variance ℓ is taken as straight in it.
const SMALL: f64 = 1e-5;
/// A second derivative of which effects leave less than this share is 0.
const TAKEN_UP: f64 = 1e-9;

/// How groups differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mix {
    /// They do not.
    #[default]
    Alike,
    /// Each has a factor that is estimated.
    Fixed,
    /// Each has a factor that is drawn from a Gamma law with mean 1.
    Gamma,
}

/// The groups.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// How they differ.
    pub mix: Mix,
    /// Which item or place each of them is, ascending.
    pub which: Vec<u32>,
    /// Where the adoptions of each begin; one more than there are groups.
    pub rows: Vec<usize>,
    /// Where the totals of each begin; one more than there are groups.
    pub sums: Vec<usize>,
    /// The cell of each total.
    pub cells: Vec<u32>,
    /// Σ x over rows without an adoption, `[total · M + m]`.
    pub totals: Vec<f64>,
    /// How often each counts; empty where all count once.
    pub weights: Vec<f64>,
    /// The group whose fixed effect is 1.
    pub reference: Option<usize>,
    /// Nodes and the logarithms of their weights.
    pub nodes: Vec<[f64; 2]>,
}

/// A group at some parameters.
struct Group<'a> {
    l: &'a Likelihood,
    /// Its adoptions: cell, count, hazard.
    adoptions: Vec<(usize, f64, Hazard)>,
    /// T, with its derivatives.
    rest: At,
}

/// S at some z, and its derivatives in z.
struct Along {
    value: f64,
    slope: f64,
    curve: f64,
}

impl Groups {
    /// Puts in what the mix needs: the nodes, and the reference.
    pub fn ready(&mut self, mix: Mix, rates: usize, nodes: usize) {
        self.mix = mix;
        match mix {
            Mix::Alike => {}
            Mix::Gamma => self.nodes = hermite(nodes),
            Mix::Fixed => {
                let finite = |g: &usize| self.is_finite(*g, rates);
                self.reference = (0..self.which.len()).find(finite);
            }
        }
    }

    /// How many fixed effects are estimated.
    pub fn effects(&self, rates: usize) -> usize {
        let finite = |g: &usize| self.is_finite(*g, rates) && self.reference != Some(*g);
        match self.mix {
            Mix::Fixed => (0..self.which.len()).filter(finite).count(),
            Mix::Alike | Mix::Gamma => 0,
        }
    }

    /// Whether a fixed effect of a group is neither 0 nor infinite.
    pub fn is_finite(&self, g: usize, rates: usize) -> bool {
        let sums = self.sums[g] * rates..self.sums[g + 1] * rates;
        self.rows[g] < self.rows[g + 1] && self.totals[sums].iter().any(|x| *x > 0.0)
    }

    fn group<'a>(&self, l: &'a Likelihood, p: &[f64], factors: &Factors, g: usize) -> Group<'a> {
        let mut hazard = l.room();
        let adoptions = (self.rows[g]..self.rows[g + 1]).map(|row| {
            let (cell, count) = l.counts[row];
            let x = &l.adoptions[row * l.rates..(row + 1) * l.rates];
            l.hazard(p, factors, cell as usize, x, &mut hazard);
            (cell as usize, count, hazard.clone())
        });
        let adoptions = adoptions.collect();
        let mut rest = At::zero(l.parameters());
        for sum in self.sums[g]..self.sums[g + 1] {
            let cell = self.cells[sum] as usize;
            let x = &self.totals[sum * l.rates..(sum + 1) * l.rates];
            l.hazard(p, factors, cell, x, &mut hazard);
            rest.value += hazard.total;
            for (sum, slope) in rest.gradient.iter_mut().zip(&hazard.gradient) {
                *sum += slope;
            }
            l.add_curvature(1.0, cell, &hazard, &mut rest.hessian);
        }
        Group { l, adoptions, rest }
    }

    /// What a group adds, with its derivatives, and its factor: estimated, or its mean given the history.
    fn of(&self, l: &Likelihood, p: &[f64], factors: &Factors, g: usize) -> (At, f64) {
        let group = self.group(l, p, factors, g);
        let nothing = || At::zero(l.parameters());
        if group
            .adoptions
            .iter()
            .any(|(.., hazard)| hazard.total.is_nan() || hazard.total <= 0.0)
        {
            let mut at = nothing();
            at.value = f64::NEG_INFINITY;
            return (at, f64::NAN);
        }
        match self.mix {
            Mix::Fixed if self.reference != Some(g) && !self.is_finite(g, l.rates) => {
                let empty = self.rows[g] == self.rows[g + 1];
                (nothing(), if empty { 0.0 } else { f64::INFINITY })
            }
            Mix::Fixed if self.reference != Some(g) => group.fixed(),
            Mix::Alike | Mix::Fixed => (group.at(0.0), 1.0),
            Mix::Gamma => {
                let asked = l.variance().map_or(0.0, |at| p[at]);
                let v = asked.max(SMALL);
                let (mut at, mean) = match group.adoptions.is_empty() {
                    true => group.never(v),
                    false => group.drawn(v, &self.nodes),
                };
                let slope = l.variance().map_or(0.0, |i| at.gradient[i]);
                at.value -= (v - asked) * slope;
                (at, mean)
            }
        }
    }

    /// ℓ and its derivatives.
    pub fn at(&self, l: &Likelihood, p: &[f64], factors: &Factors) -> At {
        let n = self.which.len();
        let parts: Vec<At> = (0..n.div_ceil(AT_ONCE))
            .into_par_iter()
            .map(|part| {
                let mut at = At::zero(l.parameters());
                for g in part * AT_ONCE..n.min((part + 1) * AT_ONCE) {
                    let weight = self.weights.get(g).copied().unwrap_or(1.0);
                    if weight > 0.0 {
                        at.add_times(weight, &self.of(l, p, factors, g).0);
                    }
                }
                at
            })
            .collect();
        let mut at = At::zero(l.parameters());
        parts.iter().for_each(|part| at.add_times(1.0, part));
        at
    }

    /// Puts to 0 what effects take up whole of the second derivatives.
    pub fn flatten(&self, l: &Likelihood, p: &[f64], at: &mut At) {
        if self.mix != Mix::Fixed {
            return;
        }
        let (n, factors) = (l.parameters(), &l.factors(p));
        let mut alike = vec![0.0; n];
        for g in 0..self.which.len() {
            let (own, factor) = self.of(l, p, factors, g);
            if own.value.is_finite() && factor > 0.0 && factor.is_finite() {
                let group = self.group(l, p, factors, g).at(libm::log(factor));
                (0..n).for_each(|i| alike[i] += group.hessian.at(i, i).abs());
            }
        }
        for (i, alike) in alike.into_iter().enumerate() {
            if at.hessian.at(i, i).abs() <= TAKEN_UP * alike {
                for j in 0..n {
                    *at.hessian.at_mut(i, j) = 0.0;
                    *at.hessian.at_mut(j, i) = 0.0;
                }
            }
        }
    }

    /// The score of each group, and its factor.
    pub fn each(&self, l: &Likelihood, p: &[f64]) -> Vec<(Vec<f64>, f64)> {
        let factors = l.factors(p);
        let all = (0..self.which.len()).into_par_iter();
        all.map(|g| {
            let (at, factor) = self.of(l, p, &factors, g);
            (at.gradient, factor)
        })
        .collect()
    }
}

impl Group<'_> {
    /// S and its derivatives in z, less k · (e^z − 1 − z).
    fn along(&self, z: f64, k: f64) -> Along {
        let u = libm::exp(z);
        let mut along = Along {
            value: -u * self.rest.value - k * excess(z),
            slope: -u * self.rest.value - k * libm::expm1(z),
            curve: -u * self.rest.value - k * u,
        };
        for (_, count, hazard) in &self.adoptions {
            let h = u * hazard.total;
            let [value, first, second] = adoption(h);
            along.value += count * value;
            along.slope += count * first * h;
            along.curve += count * (second * h * h + first * h);
        }
        along
    }

    /// Where that is largest: it is concave in z.
    fn mode(&self, k: f64) -> (f64, Along) {
        let mut z = 0.0;
        let mut now = self.along(z, k);
        for _ in 0..200 {
            let mut step = (-now.slope / now.curve).clamp(-2.0, 2.0);
            let mut next = self.along(z + step, k);
            while next.value.is_nan() || next.value < now.value - 1e-12 * (1.0 + now.value.abs()) {
                step /= 2.0;
                if step.abs() < 1e-14 {
                    return (z, now);
                }
                next = self.along(z + step, k);
            }
            z += step;
            now = next;
            if step.abs() < 1e-12 {
                break;
            }
        }
        (z, now)
    }

    /// S at z with its derivatives in the parameters.
    fn at(&self, z: f64) -> At {
        let u = libm::exp(z);
        let mut at = At::zero(self.l.parameters());
        at.add_times(-u, &self.rest);
        for (cell, count, hazard) in &self.adoptions {
            let [value, first, second] = adoption(u * hazard.total);
            at.value += count * value;
            for (sum, slope) in at.gradient.iter_mut().zip(&hazard.gradient) {
                *sum += count * first * u * slope;
            }
            let (l, into) = (self.l, &mut at.hessian);
            into.add_outer(count * second * u * u, &hazard.gradient);
            l.add_curvature(count * first * u, *cell, hazard, into);
        }
        at
    }

    /// With the factor that makes S largest.
    fn fixed(&self) -> (At, f64) {
        let (z, along) = self.mode(0.0);
        let u = libm::exp(z);
        let mut at = self.at(z);
        let mut cross: Vec<f64> = self.rest.gradient.iter().map(|slope| -u * slope).collect();
        for (_, count, hazard) in &self.adoptions {
            let h = u * hazard.total;
            let [_, first, second] = adoption(h);
            for (sum, slope) in cross.iter_mut().zip(&hazard.gradient) {
                *sum += count * (second * h + first) * u * slope;
            }
        }
        at.hessian.add_outer(-1.0 / along.curve, &cross);
        (at, u)
    }

    /// Where nobody adopted: log E[e^(−uT)] = −log(1 + vT)/v.
    fn never(&self, v: f64) -> (At, f64) {
        let (t, n) = (self.rest.value, self.l.parameters());
        let y = v * t;
        let mut at = At::zero(n);
        at.value = -libm::log1p(y) / v;
        let share = 1.0 / (1.0 + y);
        for (sum, slope) in at.gradient.iter_mut().zip(&self.rest.gradient) {
            *sum = -share * slope;
        }
        for (sum, of) in at
            .hessian
            .entries
            .iter_mut()
            .zip(&self.rest.hessian.entries)
        {
            *sum = -share * of;
        }
        at.hessian.add_outer(v * share * share, &self.rest.gradient);
        let own = n - 1;
        // Of log(1 + y)/y and its slopes, near 0 by their series.
        let [first, second] = match y < 1e-3 {
            true => [
                0.5 - y * (2.0 / 3.0 - y * (0.75 - 0.8 * y)),
                -2.0 / 3.0 + y * (1.5 - 2.4 * y),
            ],
            false => {
                let log = libm::log1p(y);
                [
                    (log - y * share) / (y * y),
                    (2.0 * y * share + y * y * share * share - 2.0 * log) / (y * y * y),
                ]
            }
        };
        at.gradient[own] = t * t * first;
        *at.hessian.at_mut(own, own) = t * t * t * second;
        for (i, slope) in self.rest.gradient.iter().enumerate().take(own) {
            let both = t * slope * share * share;
            *at.hessian.at_mut(i, own) = both;
            *at.hessian.at_mut(own, i) = both;
        }
        (at, share)
    }

    /// With a factor that is drawn with variance v.
    fn drawn(&self, v: f64, nodes: &[[f64; 2]]) -> (At, f64) {
        let (k, n) = (1.0 / v, self.l.parameters());
        let own = n - 1;
        let (mode, along) = self.mode(k);
        let scale = (-2.0 / along.curve).sqrt();
        let points: Vec<f64> = nodes.iter().map(|[x, _]| mode + scale * x).collect();
        let logs = points.iter().zip(nodes).map(|(z, [x, weight])| {
            let here = self.along(*z, k).value;
            weight + x * x + here
        });
        let logs: Vec<f64> = logs.collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let [first, second] = slopes(k);
        let mut at = At::zero(n);
        let mut mean = 0.0;
        let mut spread = Matrix::zero(n);
        for (z, weight) in points.into_iter().zip(weights) {
            let mut here = self.at(z);
            // The density of z has derivatives in v too.
            let a = first - excess(z);
            here.gradient[own] = -k * k * a;
            *here.hessian.at_mut(own, own) = k * k * k * (2.0 * a + k * second);
            at.add_times(weight, &here);
            spread.add_outer(weight, &here.gradient);
            mean += weight * libm::exp(z);
        }
        at.hessian.add(&spread);
        let slope = at.gradient.clone();
        at.hessian.add_outer(-1.0, &slope);
        at.value = constant(k) + libm::log(scale) + most + libm::log(sum);
        (at, mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::spec::ActsOn;

    /// Four groups of two cells, an intrinsic and another rate, a covariate; one never adopts.
    fn example(mix: Mix, nodes: usize) -> Likelihood {
        let mut groups = Groups {
            which: vec![0, 1, 2, 3],
            rows: vec![0, 3, 5, 5, 9],
            sums: vec![0, 2, 3, 4, 6],
            cells: vec![0, 1, 0, 1, 0, 1],
            totals: vec![20.0, 6.0, 5.0, 9.0, 12.0, 1.5, 8.0, 2.0, 0.5, 0.2, 1.0, 1.5],
            ..Groups::default()
        };
        groups.ready(mix, 2, nodes);
        Likelihood {
            rates: 2,
            intrinsic: 1,
            effects: vec![ActsOn::All],
            covariates: vec![0.5, -1.0],
            totals: vec![40.0, 12.0, 25.0, 9.0],
            adoptions: vec![
                1.0, 0.0, 1.0, 1.0, 1.0, 0.5, 1.0, 2.0, 1.0, 0.0, 1.0, 0.3, 1.0, 1.2, 1.0, 0.1,
                1.0, 3.0,
            ],
            counts: vec![
                (0, 1.0),
                (0, 2.0),
                (1, 1.0),
                (1, 1.0),
                (0, 1.0),
                (0, 1.0),
                (0, 3.0),
                (1, 1.0),
                (1, 2.0),
            ],
            groups: Some(groups),
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        for (mix, p) in [
            (Mix::Alike, vec![0.05, 0.2, 0.3]),
            (Mix::Fixed, vec![0.05, 0.2, 0.3]),
            (Mix::Gamma, vec![0.05, 0.2, 0.3, 0.7]),
            (Mix::Gamma, vec![0.05, 0.2, 0.3, 0.02]),
        ] {
            let l = example(mix, NODES);
            let at = l.at(&p);
            for i in 0..p.len() {
                let e = 1e-5;
                let moved = |by: f64| {
                    let mut moved = p.clone();
                    moved[i] += by;
                    l.at(&moved)
                };
                let (up, down) = (moved(e), moved(-e));
                let slope = (up.value - down.value) / (2.0 * e);
                let found = at.gradient[i];
                assert!(
                    (slope - found).abs() < 2e-6 * (1.0 + slope.abs()),
                    "{mix:?} {i}: {slope} {found}"
                );
                for j in 0..p.len() {
                    let second = (up.gradient[j] - down.gradient[j]) / (2.0 * e);
                    let found = at.hessian.at(i, j);
                    assert!(
                        (second - found).abs() < 2e-5 * (1.0 + second.abs()),
                        "{mix:?} {i} {j}: {second} {found}"
                    );
                }
            }
        }
    }

    /// Doubling the nodes must not move ℓ by 10⁻⁶, at variances from small to larger than any that is plausible.
    #[test]
    fn nodes_are_enough() {
        for v in [1e-5, 0.01, 0.3, 1.0, 3.0] {
            let p = [0.05, 0.2, 0.3, v];
            let [few, many] = [NODES, 2 * NODES].map(|n| example(Mix::Gamma, n).at(&p).value);
            assert!((few - many).abs() < 1e-6, "{v}: {few} {many}");
        }
    }

    /// Against the integral itself by the trapezoidal rule in z, on a grid that is fine and wide enough.
    #[test]
    fn a_frailty_is_integrated_out() {
        let l = example(Mix::Gamma, NODES);
        let (groups, v) = (l.groups.as_ref().unwrap(), 0.6);
        let p = [0.05, 0.2, 0.3, v];
        let factors = l.factors(&p);
        let mut whole = 0.0;
        for g in 0..4 {
            let group = groups.group(&l, &p, &factors, g);
            let step = 0.01;
            let density = |z: f64| libm::exp(constant(1.0 / v) + group.along(z, 1.0 / v).value);
            let sum: f64 = (-4000..2000).map(|n| density(f64::from(n) * step)).sum();
            whole += libm::log(sum * step);
        }
        let found = l.at(&p).value;
        assert!((found - whole).abs() < 1e-7, "{found} {whole}");
    }

    /// With an intrinsic rate alone a fixed effect has a closed form: the hazard of each group is the logarithm of its rows
    /// over those without an adoption. The rate is that of the reference.
    #[test]
    fn effects_of_groups_have_a_closed_form() {
        let mut groups = Groups {
            which: vec![0, 1, 2, 3],
            rows: vec![0, 0, 1, 2, 3],
            sums: vec![0, 1, 2, 3, 3],
            cells: vec![0, 0, 0],
            totals: vec![30.0, 90.0, 60.0],
            ..Groups::default()
        };
        groups.ready(Mix::Fixed, 1, 0);
        assert_eq!((groups.reference, groups.effects(1)), (Some(1), 1));
        let l = Likelihood {
            rates: 1,
            intrinsic: 1,
            totals: vec![180.0],
            adoptions: vec![1.0, 1.0, 1.0],
            counts: vec![(0, 10.0), (0, 40.0), (0, 3.0)],
            groups: Some(groups),
            ..Likelihood::default()
        };
        let found = crate::inference::maximise::maximise(&l, &[0.2], &[true]);
        let [first, second] = [libm::log(100.0 / 90.0), libm::log(100.0 / 60.0)];
        assert!(found.done && (found.at[0] - first).abs() < 1e-10);
        let factors: Vec<f64> = l
            .groups
            .as_ref()
            .unwrap()
            .each(&l, &found.at)
            .into_iter()
            .map(|of| of.1)
            .collect();
        // One that nobody adopts, and one that all adopt at the first chance.
        assert_eq!(
            (factors[0], factors[1], factors[3]),
            (0.0, 1.0, f64::INFINITY)
        );
        assert!((factors[2] - second / first).abs() < 1e-8, "{factors:?}");
    }

    /// Without variance a frailty is none, and the slope there is ½ Σ (S″ + S′²), in u.
    #[test]
    fn without_variance_groups_are_alike() {
        let plain = example(Mix::Alike, NODES);
        let drawn = example(Mix::Gamma, NODES);
        let (p, of) = ([0.05, 0.2, 0.3], drawn.at(&[0.05, 0.2, 0.3, 0.0]));
        assert!((plain.at(&p).value - of.value).abs() < 1e-7);
        let factors = plain.factors(&p);
        let groups = plain.groups.as_ref().unwrap();
        let slope = |g: usize| {
            let at = groups.group(&plain, &p, &factors, g).along(0.0, 0.0);
            // S″ in u is that in z less the slope.
            (at.curve - at.slope + at.slope * at.slope) / 2.0
        };
        let wanted: f64 = (0..4).map(slope).sum();
        assert!(
            (of.gradient[3] / wanted - 1.0).abs() < 1e-3,
            "{} {wanted}",
            of.gradient[3]
        );
    }
}
