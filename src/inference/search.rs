//! The maximum, and what is told of it: what data do not tell, errors, limits. `nulls` has simpler models and tests.

use crate::paired::Z_975;
use crate::scenario::problem::{Report, some_of};
use crate::scenario::{Problem, Problems};
use crate::texts::text;

use super::again::{Again, Drawn, again};
use super::chains::agree;
use super::checks::{NAMED, by};
use super::endless::endless;
use super::found::{Asked, End, Estimates, Term, Untold};
use super::gather::{By, Gathered, Setting};
use super::laplace;
use super::likelihood::Likelihood;
use super::likelihood::groups::Mix;
use super::markov::{self, Markov};
use super::matrix::Matrix;
use super::maximise::{Maximum, maximise};
use super::profile::Profile;
use super::sandwich::{Cluster, clustered, of_groups};
use super::shares::Spread;
use super::start::Start;
use super::terms::{Kind, Parameter, Told, base};

/// Scaled information below this in a direction says nothing of it.
const FLAT: f64 = 1e-9;
/// A parameter with a larger part of such a direction belongs to it.
const IN_DIRECTION: f64 = 1e-3;

/// The search for estimates.
pub struct Search<'a> {
    pub(super) gathered: &'a Gathered,
    /// The likelihood.
    pub l: &'a Likelihood,
    pub(super) parameters: &'a [Parameter],
    pub(super) seed: u64,
    /// Which parameters are estimated.
    pub free: Vec<bool>,
    /// Parameters that are asked for and that no row at risk was exposed to.
    idle: Vec<bool>,
    /// The maximum.
    pub best: Maximum,
    /// Directions that data do not tell, as parameters with a part in them.
    pub(super) flat: Vec<Vec<usize>>,
    /// Directions along which ℓ rises without end.
    pub(super) endless: Vec<Vec<usize>>,
    /// Parameters inside their bounds that data tell, and the inverse of their information.
    pub(super) set: Vec<usize>,
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
            endless: endless(l, &best, &free),
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
        let endless: Vec<usize> = self.endless.iter().flatten().copied().collect();
        self.set.retain(|i| !endless.contains(i));
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

    /// Why data do not tell a parameter; nothing where they do.
    fn untold(&self, i: usize) -> Option<Untold> {
        if self.idle[i] {
            return Some(Untold::Unexposed);
        }
        let key = |&j: &usize| self.parameters[j].key.clone();
        let of = |directions: &[Vec<usize>]| -> Option<Vec<String>> {
            let direction = directions.iter().find(|direction| direction.contains(&i))?;
            Some(direction.iter().map(key).collect())
        };
        if let Some(keys) = of(&self.endless) {
            return Some(Untold::Endless(keys));
        }
        if let Some(keys) = of(&self.flat) {
            return Some(Untold::Together(keys));
        }
        // A strength is a rate over β, which has no end where β is 0.
        let base = self.base.filter(|_| self.is_strength(i))?;
        let endless = self.best.at[base] <= 0.0 && self.best.at[i] > 0.0;
        let keys = || Untold::Together([base, i].iter().map(key).collect());
        (endless || self.idle[base]).then(keys)
    }

    /// What came of the search for the maximum.
    pub(super) fn end(&self) -> End {
        match self.best.done {
            _ if !self.endless.is_empty() => End::Endless,
            true => End::Found,
            false => End::Unended,
        }
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

    /// The parameters that data tell, those at 0 among them, and their information; nothing where none is at 0, or ℓ is not
    /// concave there.
    fn border(&self) -> Option<(Vec<usize>, Matrix)> {
        let set = self.varying();
        if set.len() == self.set.len() {
            return None;
        }
        let information = self.best.of.hessian.part(&set, -1.0);
        let known = information.flat(FLAT).is_empty();
        known.then_some((set, information))
    }

    /// The parameters that data tell: inside their bounds, or rates at 0.
    fn varying(&self) -> Vec<usize> {
        let stands = |i: usize| {
            let rate = i < self.l.rates && self.free[i] && self.best.at[i] <= 0.0;
            rate && self.untold(i).is_none()
        };
        let all = 0..self.free.len();
        all.filter(|i| self.set.contains(i) || stands(*i)).collect()
    }

    /// Draws of ℓ itself: parameters that data tell, those at 0 too; the others stay. None where there is none.
    fn chains(&self) -> Option<Markov> {
        let set = self.varying();
        let scale = |&i: &usize| {
            let variance = self.set.iter().position(|of| *of == i);
            let variance = variance.zip(self.inverse.as_ref()).map(|(k, v)| v.at(k, k));
            // Where it stands at 0, how sharply ℓ falls there.
            let fall = -self.best.of.gradient[i];
            let curve = self.best.of.hessian.at(i, i).abs().sqrt();
            variance.map_or_else(|| fall.max(curve).recip(), f64::sqrt)
        };
        let scale: Vec<f64> = set.iter().map(scale).collect();
        let some = !set.is_empty();
        some.then(|| markov::draws(self.l, &self.best.at, &set, &scale, self.seed))
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
        match self.end() {
            End::Found => {}
            End::Unended => report.push(Problem::warning("history", text!("no-convergence"))),
            End::Endless => {
                let along = self.endless.iter().flatten();
                let along: Vec<&str> = along.map(|&i| self.parameters[i].key.as_str()).collect();
                let list = some_of(&along, NAMED);
                report.push(Problem::warning("history", text!("no-maximum", list)));
            }
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
        let at = &self.best.at;
        let bounded: Vec<bool> = (0..at.len()).map(|i| self.l.bounded(i)).collect();
        let covariance = by_cluster.as_ref().or(self.inverse.as_ref());
        // Rates at 0 vary too, where rows are independent and ℓ is rounded there.
        let border = by_cluster.is_none().then(|| self.border()).flatten();
        let chains = asked.mcmc.then(|| self.chains()).flatten();
        let mcmc = chains.as_ref().map(|of| (of.r_hat, of.effective));
        let rows = match (chains, &border) {
            (Some(chains), _) => chains.draws,
            (None, Some((set, information))) => {
                let about = (&self.best.of.gradient[..], information);
                laplace::at_border(at, set, about, &bounded, self.seed)
            }
            (None, None) => covariance.map_or_else(Vec::new, |covariance| {
                laplace::draws(at, &self.set, covariance, &bounded, self.seed)
            }),
        };
        if let Some((r_hat, effective)) = mcmc
            && !agree((r_hat, effective))
        {
            let (r, n) = (format!("{r_hat:.2}"), format!("{effective:.0}"));
            report.push(Problem::warning("--mcmc", text!("mcmc-apart", r, n)));
        }
        if !asked.mcmc && by_cluster.is_none() && asked.groups.is_none() {
            let odd = terms.iter().filter(|term| term.is_skewed());
            let odd: Vec<&str> = odd.map(|term| term.parameter.key.as_str()).collect();
            if !odd.is_empty() {
                let (n, list) = (odd.len(), some_of(&odd, NAMED));
                report.push(Problem::warning(
                    "draws",
                    text!("draws-not-normal", n, list),
                ));
            }
        }
        let told = |row: &Vec<f64>| estimated().map(|i| self.told(row, i)).collect();
        let draws: Vec<Vec<f64>> = rows.iter().map(told).collect();
        let at_border = terms.iter().filter(|term| {
            let rate = !matches!(term.parameter.kind(), Kind::Covariate | Kind::Frailty);
            rate && term.estimate.is_some_and(|at| at <= 0.0)
        });
        let at_border: Vec<&str> = at_border.map(|term| term.parameter.key.as_str()).collect();
        let stand = mcmc.is_none() && border.is_none();
        if !draws.is_empty() && !at_border.is_empty() && stand {
            let (n, list) = (at_border.len(), some_of(&at_border, NAMED));
            report.push(Problem::warning("draws", text!("draws-at-border", n, list)));
        }
        let spread = Spread {
            l: self.l,
            parameters: self.parameters,
            free: &self.free,
            best: &self.best,
            terms: &terms,
            draws: &rows,
            border: border.is_some() || mcmc.is_some(),
            again: again.as_ref().map(|again| &again.fits[..]),
        };
        let shares = spread.shares(|i| self.profile(i));
        Ok(Estimates {
            shares,
            grid: None,
            draws,
            mcmc,
            curves: Vec::new(),
            profiles: Vec::new(),
            scores: Vec::new(),
            permutations: None,
            fits: self.fits(setting, cluster),
            effects: self.effects(),
            groups: asked.groups,
            simulated: None,
            bootstrap: again.map(|again| (again.fits.len(), again.failed)),
            terms,
            cluster,
            rows: self.gathered.rows,
            adoptions: self.gathered.adoptions,
            stretches: self.gathered.stretches,
            without_covariate: self.gathered.without_covariate,
            residuals: Vec::new(),
            names: [Vec::new(), Vec::new()],
            periods: Vec::new(),
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
        let of = match cluster {
            _ if draws == 0 => return None,
            Cluster::Both => Drawn::Pairs(setting.places()),
            _ => Drawn::Groups,
        };
        let by = by(cluster).unwrap_or(By::Pair);
        let grouped = match &self.l.groups {
            Some(_) => self.l.clone(),
            None => setting.grouped(self.gathered, by, Mix::Alike),
        };
        let (at, free) = (&self.best.at, &self.free);
        Some(again(&grouped, of, (at, free), draws, self.seed))
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
        let mut term = Term {
            unidentified: self.untold(i),
            ..Term::new(self.parameters[i].clone())
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

    /// What is told of the parameters that are estimated; nothing of one that data do not tell.
    pub fn values(&self) -> Told {
        let told = |i: usize| match self.untold(i) {
            Some(_) => None,
            None => Some(self.told(&self.best.at, i)),
        };
        self.values_of(told)
    }

    /// The same without contagion, with ℓ there; none where no contagion is estimated, or adoptions are impossible then.
    pub fn values_without(&self) -> Option<(f64, Told)> {
        let tested = self.contagion();
        if tested.is_empty() {
            return None;
        }
        let null = self.without(&tested, self.unheard())?;
        let told = |i: usize| Some(self.told(&null.at, i));
        Some((null.of.value, self.values_of(told)))
    }

    fn values_of(&self, told: impl Fn(usize) -> Option<f64>) -> Told {
        let estimated = (0..self.parameters.len()).filter(|&i| self.parameters[i].free);
        estimated
            .map(|i| (self.parameters[i].clone(), told(i)))
            .collect()
    }
}
