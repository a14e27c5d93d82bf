//! The maximum, and what is told of it: what data do not tell, errors, limits, tests, and simpler models.

use crate::paired::Z_975;
use crate::scenario::problem::{Report, some_of};
use crate::scenario::{Problem, Problems};
use crate::texts::text;

use super::again::{Again, again};
use super::boundary::{self, Part};
use super::checks::{NAMED, by};
use super::found::{Asked, Estimates, Fit, Term, Test};
use super::gather::{Gathered, Setting};
use super::laplace;
use super::likelihood::Likelihood;
use super::likelihood::groups::Mix;
use super::matrix::Matrix;
use super::maximise::{Maximum, maximise};
use super::profile::Profile;
use super::sandwich::{Cluster, clustered, of_groups};
use super::start::Start;
use super::terms::{Kind, Parameter, base};

/// Scaled information below this in a direction says nothing of it.
const FLAT: f64 = 1e-9;
/// A parameter with a larger part of such a direction belongs to it.
const IN_DIRECTION: f64 = 1e-3;

/// The search for estimates.
pub struct Search<'a> {
    gathered: &'a Gathered,
    /// The likelihood.
    pub l: &'a Likelihood,
    parameters: &'a [Parameter],
    seed: u64,
    /// Which parameters are estimated.
    pub free: Vec<bool>,
    /// Parameters that are asked for and that no row at risk was exposed to.
    idle: Vec<bool>,
    /// The maximum.
    pub best: Maximum,
    /// Directions that data do not tell, as parameters with a part in them.
    flat: Vec<Vec<usize>>,
    /// Parameters inside their bounds that data tell, and the inverse of their information.
    set: Vec<usize>,
    inverse: Option<Matrix>,
    /// What strengths are multiplied by.
    base: Option<usize>,
}

impl<'a> Search<'a> {
    /// Searches for the maximum of the likelihood of what was gathered.
    pub fn new(gathered: &'a Gathered, parameters: &'a [Parameter], seed: u64) -> Self {
        let l = &gathered.likelihood;
        let Start { at, free, idle } = Start::new(gathered, parameters);
        let best = maximise(l, &at, &free);
        let mut search = Self {
            gathered,
            l,
            parameters,
            seed,
            set: best.inside(l, &free),
            free,
            idle,
            best,
            flat: Vec::new(),
            inverse: None,
            base: base(parameters),
        };
        search.look_around();
        search
    }

    /// Finds what data do not tell, and inverts the information of the rest.
    fn look_around(&mut self) {
        if let Some(groups) = &self.l.groups {
            groups.flatten(self.l, &self.best.at, &mut self.best.of);
        }
        let information = self.best.of.hessian.part(&self.set, -1.0);
        let mut left_out = Vec::new();
        for direction in information.flat(FLAT) {
            let parts = direction.iter().enumerate();
            let most = parts.clone().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            left_out.extend(most.map(|(i, _)| self.set[i]));
            let inside = parts.filter(|(_, part)| part.abs() > IN_DIRECTION);
            self.flat.push(inside.map(|(i, _)| self.set[i]).collect());
        }
        self.set.retain(|i| !left_out.contains(i));
        self.inverse = self.best.of.hessian.part(&self.set, -1.0).inverse();
    }

    /// The parameters that data tell only together with this one.
    fn together(&self, i: usize) -> Option<Vec<String>> {
        if self.idle[i] {
            return Some(Vec::new());
        }
        let key = |&j: &usize| self.parameters[j].key.clone();
        let direction = self.flat.iter().find(|direction| direction.contains(&i));
        if let Some(direction) = direction {
            return Some(direction.iter().map(key).collect());
        }
        // A strength is a rate over β, which has no end where β is 0.
        let base = self.base.filter(|_| self.is_strength(i))?;
        let endless = self.best.at[base] <= 0.0 && self.best.at[i] > 0.0;
        (endless || self.idle[base]).then(|| [base, i].iter().map(key).collect())
    }

    fn is_strength(&self, i: usize) -> bool {
        self.parameters[i].kind() == Kind::Strength
    }

    /// What a rate is divided by to be told: β of a strength.
    fn unit(&self, i: usize) -> f64 {
        let base = self.base.filter(|_| self.is_strength(i));
        base.map_or(1.0, |base| self.best.at[base])
    }

    /// The slopes of what is told of a parameter in those of [`Self::set`].
    fn slopes(&self, i: usize) -> Vec<f64> {
        let unit = self.unit(i);
        let slope = |&j: &usize| match (j == i, self.base) {
            (true, _) => 1.0 / unit,
            // Of a/β in β.
            (false, Some(base)) if j == base && self.is_strength(i) => {
                -self.best.at[i] / (unit * unit)
            }
            (false, _) => 0.0,
        };
        self.set.iter().map(slope).collect()
    }

    /// The standard error of what is told of a parameter under a variance of [`Self::set`].
    fn root(&self, variance: Option<&Matrix>, i: usize) -> Option<f64> {
        if !self.set.contains(&i) {
            return None;
        }
        let slopes = self.slopes(i);
        let moved = variance?.times(&slopes);
        let variance: f64 = moved.iter().zip(&slopes).map(|(a, b)| a * b).sum();
        (variance > 0.0).then(|| variance.sqrt())
    }

    /// The estimates with all that is told of them.
    ///
    /// # Errors
    /// A single cluster.
    pub fn estimates(
        &self,
        setting: &Setting<'_>,
        asked: &Asked,
        mut report: Report,
    ) -> Result<Estimates, Problems> {
        let cluster = asked.cluster;
        if !self.best.done {
            report.push(Problem::warning("history", text!("no-convergence")));
        }
        let by_cluster = match &self.inverse {
            Some(v) if cluster != Cluster::None => {
                let found = match &self.l.groups {
                    Some(_) => of_groups(self.l, &self.best.at, &self.set, v),
                    None => clustered(setting, self.l, &self.best.at, &self.set, v, cluster),
                };
                let by = match cluster {
                    Cluster::Item => "item",
                    Cluster::Place => "place",
                    Cluster::None | Cluster::Both => "both",
                };
                let few = || {
                    let problem = Problem::error("--cluster", text!("too-few-clusters"));
                    problem.value(by).allowed(text!("other-clusters"))
                };
                Some(found.ok_or_else(few)?)
            }
            _ => None,
        };
        let estimated = || (0..self.parameters.len()).filter(|&i| self.parameters[i].free);
        let terms = estimated().map(|i| self.term(i, by_cluster.as_ref()));
        let mut terms: Vec<Term> = terms.collect();
        let again = self.again(setting, asked.bootstrap, cluster);
        if let Some(again) = &again {
            for (term, i) in terms.iter_mut().zip(estimated()) {
                if term.estimate.is_some() {
                    term.limits = again.limits(|p| self.told(p, i));
                }
            }
        }
        let draws = by_cluster
            .as_ref()
            .or(self.inverse.as_ref())
            .map(|covariance| {
                let at = &self.best.at;
                let bounded: Vec<bool> = (0..at.len()).map(|i| self.l.bounded(i)).collect();
                let all = laplace::draws(at, &self.set, covariance, &bounded, self.seed);
                let told = |row: &Vec<f64>| estimated().map(|i| self.told(row, i)).collect();
                all.iter().map(told).collect()
            });
        let draws: Vec<Vec<f64>> = draws.unwrap_or_default();
        let at_border = terms.iter().filter(|term| {
            term.parameter.kind() != Kind::Covariate && term.estimate.is_some_and(|at| at <= 0.0)
        });
        let at_border: Vec<&str> = at_border.map(|term| term.parameter.key.as_str()).collect();
        if !draws.is_empty() && !at_border.is_empty() {
            let (n, list) = (at_border.len(), some_of(&at_border, NAMED));
            report.push(Problem::warning("draws", text!("draws-at-border", n, list)));
        }
        Ok(Estimates {
            draws,
            curves: Vec::new(),
            profiles: Vec::new(),
            scores: Vec::new(),
            permutations: None,
            fits: self.fits(cluster),
            effects: self.effects(),
            groups: asked.groups,
            bootstrap: again.map(|again| (again.fits.len(), again.failed)),
            terms,
            cluster,
            rows: self.gathered.rows,
            adoptions: self.gathered.adoptions,
            stretches: self.gathered.stretches,
            without_covariate: self.gathered.without_covariate,
            residuals: Vec::new(),
            names: [Vec::new(), Vec::new()],
            warnings: report.finish(),
        })
    }

    /// What is told of a parameter at a point of the likelihood: a strength as its rate over β.
    fn told(&self, p: &[f64], i: usize) -> f64 {
        let base = self.base.filter(|_| self.is_strength(i));
        base.map_or(p[i], |base| match p[i] {
            0.0 => 0.0,
            of => of / p[base],
        })
    }

    /// The model fitted to clusters that are drawn again.
    fn again(&self, setting: &Setting<'_>, draws: u32, cluster: Cluster) -> Option<Again> {
        let by = by(cluster).filter(|_| draws > 0)?;
        let grouped = match &self.l.groups {
            Some(_) => self.l.clone(),
            None => setting.grouped(self.gathered, by, Mix::Alike),
        };
        Some(again(&grouped, &self.best.at, &self.free, draws, self.seed))
    }

    /// The factor of each group: an item or a place, and whether it is the reference.
    fn effects(&self) -> Vec<(usize, f64, bool)> {
        let Some(groups) = &self.l.groups else {
            return Vec::new();
        };
        let each = groups.each(self.l, &self.best.at);
        let which = groups.which.iter().enumerate().zip(each);
        which
            .map(|((g, which), (_, factor))| (*which as usize, factor, groups.reference == Some(g)))
            .collect()
    }

    fn term(&self, i: usize, by_cluster: Option<&Matrix>) -> Term {
        let unidentified = self.together(i);
        let mut term = Term {
            parameter: self.parameters[i].clone(),
            estimate: None,
            se: None,
            clustered_se: None,
            independent: [None; 2],
            limits: [None; 2],
            test: None,
            unidentified,
        };
        if term.unidentified.is_some() {
            return term;
        }
        term.estimate = Some(self.told(&self.best.at, i));
        term.se = self.root(self.inverse.as_ref(), i);
        term.clustered_se = self.root(by_cluster, i);
        let profile = self.profile(i);
        // Where it stands at 0, how sharply ℓ falls there.
        let curve = -self.best.of.hessian.at(i, i);
        let unit = self.unit(i);
        let own = || curve.abs().sqrt().recip() / if unit > 0.0 { unit } else { 1.0 };
        let scale = term.se.unwrap_or_else(own);
        let critical = Z_975 * Z_975;
        term.independent = profile.limits(scale, critical);
        let ratio = term
            .clustered_se
            .zip(term.se)
            .map(|(c, se)| (c / se) * (c / se));
        term.limits = match (by_cluster, ratio) {
            (None, _) => term.independent,
            (Some(_), Some(ratio)) => profile.limits(scale, critical * ratio),
            (Some(_), None) => [None; 2],
        };
        let ratio = if by_cluster.is_some() {
            ratio
        } else {
            Some(1.0)
        };
        let null = profile.with(0.0, &self.best);
        term.test = self.test(&null, &[i], ratio);
        term
    }

    /// The profiles of the parameters that data tell, about their limits.
    pub fn profiles(&self, terms: &[Term]) -> Vec<(usize, [f64; 2])> {
        let mut all = Vec::new();
        for (number, term) in terms.iter().enumerate() {
            let at = self
                .parameters
                .iter()
                .position(|p| p.key == term.parameter.key);
            let limits = term.independent[0].zip(term.independent[1]);
            if let (Some(at), Some((low, high))) = (at, limits) {
                let curve = self.profile(at).curve([low, high]);
                all.extend(curve.into_iter().map(|point| (number, point)));
            }
        }
        all
    }

    fn profile(&self, of: usize) -> Profile<'_> {
        Profile {
            l: self.l,
            best: &self.best,
            free: &self.free,
            of,
            base: self.base.filter(|_| self.is_strength(of)),
        }
    }

    /// The test of the maximum against `null`, where the parameters `tested` are 0. The ratio of variances under
    /// clustering scales it; without one there is no p.
    fn test(&self, null: &Maximum, tested: &[usize], ratio: Option<f64>) -> Option<Test> {
        let lr = 2.0 * (self.best.of.value - null.of.value);
        if !lr.is_finite() {
            return None;
        }
        let lr = lr.max(0.0);
        // Tested ones, and nuisances at 0, among all that data tell.
        let mut about: Vec<(usize, Part)> = tested
            .iter()
            .map(|&i| {
                (
                    i,
                    if self.l.bounded(i) {
                        Part::Rate
                    } else {
                        Part::Effect
                    },
                )
            })
            .collect();
        let mut set: Vec<usize> = tested.to_vec();
        let flat: Vec<usize> = self.flat.iter().flatten().copied().collect();
        for i in (0..self.free.len()).filter(|&i| self.free[i] && !tested.contains(&i)) {
            if flat.contains(&i) && !self.set.contains(&i) {
                continue;
            }
            set.push(i);
            if self.l.bounded(i) && null.at[i] <= 0.0 {
                about.push((i, Part::Nuisance));
            }
        }
        let parts: Vec<Part> = about.iter().map(|(_, part)| *part).collect();
        let p = ratio.and_then(|ratio| {
            let v = null.of.hessian.part(&set, -1.0).inverse();
            let at = |i: usize| set.iter().position(|j| *j == i);
            let positions: Option<Vec<usize>> = about.iter().map(|(i, _)| at(*i)).collect();
            let v = v?.part(&positions?, 1.0);
            boundary::tail(lr / ratio, &parts, &v, self.seed)
        });
        let law = boundary::law(&parts);
        Some(Test { lr, p, law })
    }

    /// The model, itself without contagion, and a constant hazard.
    fn fits(&self, cluster: Cluster) -> Vec<Fit> {
        let groups = self
            .l
            .groups
            .as_ref()
            .map_or(0, |of| of.effects(self.l.rates));
        let told = |free: &[bool]| free.iter().filter(|free| **free).count() + groups;
        let mut fits = vec![Fit {
            model: "estimated",
            parameters: (self.set.len() + groups).max(told(&self.free) - self.flat.len()),
            loglik: self.best.of.value,
            test: None,
        }];
        let contagion = |i: &usize| self.free[*i] && spread(self.parameters[*i].kind());
        let tested: Vec<usize> = (0..self.free.len()).filter(contagion).collect();
        let mut without = |model, tested: &[usize], start: Vec<f64>, test: bool| {
            let mut free = self.free.clone();
            tested.iter().for_each(|&i| free[i] = false);
            let null = maximise(self.l, &start, &free);
            if !null.of.value.is_finite() {
                return;
            }
            let ratio = (cluster == Cluster::None).then_some(1.0);
            fits.push(Fit {
                model,
                parameters: told(&free),
                loglik: null.of.value,
                test: test.then(|| self.test(&null, tested, ratio)).flatten(),
            });
        };
        if !tested.is_empty() {
            let mut start = self.best.at.clone();
            tested.iter().for_each(|&i| start[i] = 0.0);
            let plain = self.plain_rate();
            let unheard = start[..self.l.intrinsic].iter_mut().enumerate();
            unheard
                .filter(|(i, _)| self.free[*i])
                .for_each(|(_, rate)| *rate = rate.max(plain));
            without("no_contagion", &tested, start, true);
        }
        let unheard = 0..self.l.intrinsic;
        if unheard.clone().any(|i| self.free[i]) {
            // The variance of frailties stays: it is no part of the hazard.
            let others = (0..self.free.len())
                .filter(|&i| self.free[i] && !unheard.contains(&i) && self.l.variance() != Some(i));
            let others: Vec<usize> = others.collect();
            let mut start = vec![0.0; self.free.len()];
            start[..self.l.intrinsic].fill(self.plain_rate());
            if let Some(at) = self.l.variance() {
                start[at] = self.best.at[at].max(0.1);
            }
            without("constant_hazard", &others, start, false);
        }
        fits
    }

    /// Adoptions by unit of readiness at risk; 0 where no intrinsic rate is estimated.
    fn plain_rate(&self) -> f64 {
        match self.free[..self.l.intrinsic].contains(&true) {
            true => self.gathered.adoptions as f64 / self.l.unheard().max(1.0),
            false => 0.0,
        }
    }
}

/// Whether a term of the hazard is one of contagion.
const fn spread(kind: Kind) -> bool {
    matches!(kind, Kind::Contagion | Kind::Strength)
}
