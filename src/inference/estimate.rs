//! Estimation: checks, maximum, errors, intervals, tests.

use crate::draw::id_hash;
use crate::paired::Z_975;
use crate::scenario::problem::{Report, some_of};
use crate::scenario::tables::Kind as Place;
use crate::scenario::{Loaded, Problem, Problems};
use crate::texts::text;
use crate::world::World;

use super::boundary::{self, Part};
use super::curves::{Point, curves};
use super::extras::{permuted, scores};
use super::gather::{Gathered, Setting};
use super::held::HoldOut;
use super::laplace;
use super::likelihood::Likelihood;
use super::maximise::{Maximum, maximise};
use super::profile::Profile;
use super::residuals::{Residual, residuals};
pub use super::sandwich::Cluster;
use super::sandwich::clustered;
use super::score::Score;
use super::start::Start;
pub use super::terms::Kind;
use super::terms::{Parameter, by_layer, parameters};

/// Scaled information below this in a direction says nothing of it.
const FLAT: f64 = 1e-9;
/// A parameter with a larger part of such a direction belongs to it.
const IN_DIRECTION: f64 = 1e-3;
/// How many names a message lists.
const NAMED: usize = 10;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Parameters to estimate, by key or short name; all without. Others keep the scenario's values.
    pub parameters: Option<Vec<String>>,
    /// What standard errors are clustered by.
    pub cluster: Cluster,
    /// Whether residuals are wanted.
    pub residuals: bool,
    /// Whether curves are wanted.
    pub curves: bool,
    /// Whether profiles are wanted.
    pub profiles: bool,
    /// Permutations of the links that the test of contagion is held against.
    pub permutations: u32,
    /// What is held out, to be foretold.
    pub hold_out: Option<HoldOut>,
}

/// A likelihood ratio test.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Twice the gain in ℓ over the null.
    pub lr: f64,
    /// P(at least as much under the null), with the null's border.
    pub p: Option<f64>,
    /// Its law under the null: `chi2`, `half_chi2`, `chi_bar2`, or `drawn`.
    pub law: &'static str,
}

/// A parameter that was estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Which one.
    pub parameter: Parameter,
    /// Its estimate.
    pub estimate: Option<f64>,
    /// Standard error from the observed information; none at a border.
    pub se: Option<f64>,
    /// Standard error under clustering.
    pub clustered_se: Option<f64>,
    /// 95 % profile limits as if rows were independent.
    pub independent: [Option<f64>; 2],
    /// 95 % limits: the profile's, its deviance scaled by the ratio of variances under clustering.
    pub limits: [Option<f64>; 2],
    /// Whether data tell it from 0.
    pub test: Option<Test>,
    /// Why it is not identified: parameters that data tell only together; empty when nobody at risk was exposed.
    pub unidentified: Option<Vec<String>>,
}

impl Term {
    /// The standard error to go by.
    pub fn error(&self) -> Option<f64> {
        self.clustered_se.or(self.se)
    }

    /// Estimate ∓ 1.96 standard errors.
    pub fn wald(&self) -> [Option<f64>; 2] {
        [-Z_975, Z_975].map(|z| Some(self.estimate? + z * self.error()?))
    }
}

/// A model and how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// `estimated`, `no_contagion` or `constant_hazard`.
    pub model: &'static str,
    /// Parameters that were estimated.
    pub parameters: usize,
    /// ℓ.
    pub loglik: f64,
    /// The test of the estimated model against this one.
    pub test: Option<Test>,
}

impl Fit {
    /// Akaike's criterion.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters as f64 - 2.0 * self.loglik
    }
}

/// Estimates of a scenario's parameters from its history.
#[derive(Clone, Debug)]
pub struct Estimates {
    /// The parameters that were asked for, in the order of the hazard.
    pub terms: Vec<Term>,
    /// The model and simpler ones.
    pub fits: Vec<Fit>,
    /// Clusters of the standard errors.
    pub cluster: Cluster,
    /// Rows at risk: places, items and periods.
    pub rows: u64,
    /// Adoptions among them.
    pub adoptions: u64,
    /// Stretches of rows that the likelihood was gathered from.
    pub stretches: u64,
    /// Rows left out because a covariate is not known.
    pub without_covariate: u64,
    /// Draws of the parameters of `terms` about their estimates (Laplace), one row each.
    pub draws: Vec<Vec<f64>>,
    /// Observed curves inside simulated bands, where they are wanted.
    pub curves: Vec<Point>,
    /// By parameter of `terms`, values and the deviance there, where profiles are wanted.
    pub profiles: Vec<(usize, [f64; 2])>,
    /// How well models foretell what is held out, where that is wanted.
    pub scores: Vec<Score>,
    /// Permutations of the links, and those of which the gain over no contagion is at least that of the links.
    pub permutations: Option<(u32, u32)>,
    /// Residuals of all places and items that were at risk, where they are wanted.
    pub residuals: Vec<Residual>,
    /// Ids of the items and, in canonical order, the places that residuals name.
    pub names: [Vec<String>; 2],
    /// What is to be said of the data.
    pub warnings: Problems,
}

/// Estimates what is asked, by exact maximum likelihood.
///
/// # Errors
/// What the likelihood does not have, parameters that are not there, and adoptions that cannot happen; all at once.
pub fn estimate(loaded: &Loaded, asked: &Asked) -> Result<Estimates, Problems> {
    let mut report = Report::default();
    unfit(loaded, &mut report);
    let parameters = parameters(loaded, asked.parameters.as_deref(), &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let scenario = &loaded.scenario;
    let world = World::new(scenario).map_err(|error| loaded.error("layers", error.text()))?;
    let setting = Setting::new(scenario, &world, by_layer(scenario)).map_err(|place| {
        let what = text!("exposure-too-large", place = world.places.id[place]);
        loaded.error("layers", what)
    })?;
    let rates = setting.rates();
    let possible: Vec<bool> = parameters[..rates]
        .iter()
        .map(|p| p.free || p.value > 0.0)
        .collect();
    let gathered = setting.gather(scenario, &possible);
    doubts(loaded, &world, &gathered, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let search = Search::new(&gathered, &parameters, scenario.seed);
    let mut found = search.estimates(&setting, asked.cluster, report)?;
    let items = scenario.history.iter().flat_map(|history| &history.items);
    let items: Vec<&str> = items.map(|item| item.id.as_str()).collect();
    let hashes: Vec<u64> = world.places.id.iter().map(|id| id_hash(id)).collect();
    if asked.residuals {
        let at = &search.best.at;
        found.residuals = residuals(&setting, search.l, at, &items, &hashes, scenario.seed);
    }
    if asked.curves {
        let terms = found.terms.iter();
        let at: Vec<_> = terms.map(|t| (&t.parameter, t.estimate)).collect();
        match curves(loaded, &at) {
            Ok(curves) => found.curves = curves,
            Err(why) => {
                let warning = Problem::warning("--curves", text!("no-curves", why));
                found.warnings.problems.push(warning);
            }
        }
    }
    if let Some(of) = asked.hold_out {
        found.scores = scores(scenario, &setting, &parameters, of, (&items, &hashes));
    }
    if asked.profiles {
        found.profiles = search.profiles(&found.terms);
    }
    if asked.permutations > 0 {
        let own = (search.best.of.value, asked.permutations);
        found.permutations = permuted(scenario, &setting, &parameters, own, &hashes);
    }
    let items = items.into_iter().map(str::to_owned);
    found.names = [items.collect(), world.places.id.clone()];
    Ok(found)
}

/// Reports what of a scenario the likelihood does not have.
fn unfit(loaded: &Loaded, report: &mut Report) {
    let scenario = &loaded.scenario;
    if scenario.history.is_none() {
        report.push(loaded.error("history", text!("no-history")));
    }
    let mut not_yet = |wrong: bool, key: &str, what| {
        if wrong {
            report.push(loaded.error(key, what));
        }
    };
    not_yet(scenario.firms.is_some(), "firms", text!("estimate-firms"));
    not_yet(
        scenario.line.structures,
        "line.structures",
        text!("estimate-structures"),
    );
    not_yet(
        !scenario.alliances.is_empty(),
        "alliances.active",
        text!("estimate-alliances"),
    );
    let transit = scenario
        .places
        .iter()
        .any(|place| place.kind == Place::TransitGateway);
    not_yet(transit, "gateways", text!("estimate-gateways"));
    let passing = |place: &&crate::scenario::tables::Place| {
        let open = place.open.is_none_or(|open| open <= scenario.start);
        !open || place.close.is_some()
    };
    let passing: Vec<&str> = scenario
        .places
        .iter()
        .filter(passing)
        .map(|place| place.id.as_str())
        .collect();
    let list = some_of(&passing, NAMED);
    not_yet(
        !passing.is_empty(),
        "places",
        text!("estimate-passing", list),
    );
    let history = scenario.history.iter().flat_map(|history| &history.items);
    let candidate = |place: u32| {
        let place = &scenario.places[place as usize];
        (place.kind == Place::Zone && place.open.is_none()).then_some(place.id.as_str())
    };
    let named = history.flat_map(|item| item.adoptions.iter().map(|a| a.place).chain(item.origin));
    let mut candidates: Vec<&str> = named.filter_map(candidate).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let list = some_of(&candidates, NAMED);
    not_yet(
        !candidates.is_empty(),
        "history",
        text!("estimate-candidates", list),
    );
    let zones = scenario
        .places
        .iter()
        .any(|place| place.kind == Place::Zone);
    let reviews = zones && scenario.circle.review_every > 0 && scenario.line.provincial_rate > 0.0;
    not_yet(reviews, "circle.review_every", text!("estimate-provincial"));
    let backwash = zones && scenario.line.backwash > 0.0;
    not_yet(backwash, "line.backwash", text!("estimate-backwash"));
    let national = !scenario.plane.evaluations.is_empty() && scenario.line.national_rate > 0.0;
    not_yet(national, "plane.evaluations", text!("estimate-national"));
    for domain in scenario
        .domains
        .iter()
        .filter(|domain| domain.intrinsic_rate.is_some())
    {
        let key = format!("domains.{}.intrinsic_rate", domain.id);
        not_yet(true, &key, text!("estimate-by-domain"));
    }
}

/// Reports what of the data cannot be, and what is perhaps not meant.
fn doubts(loaded: &Loaded, world: &World, gathered: &Gathered, report: &mut Report) {
    let items = loaded
        .scenario
        .history
        .iter()
        .flat_map(|history| &history.items);
    let items: Vec<&str> = items.map(|item| item.id.as_str()).collect();
    let (n, first) = &gathered.impossible;
    if *n > 0 {
        let named = |&(item, place, period): &(usize, usize, i32)| {
            let place = &world.places.id[crate::world::PlaceId::new(place)];
            format!("{} {place} {period}", items[item])
        };
        let list = first.iter().map(named).collect::<Vec<_>>().join(", ");
        report.push(loaded.error("history", text!("impossible-adoptions", n = *n, list)));
    } else if gathered.adoptions == 0 {
        let rows = gathered.rows;
        report.push(loaded.error("history", text!("no-adoption-at-risk", rows)));
    }
    let mut doubt = |n: u64, what| {
        if n > 0 {
            report.push(loaded.warning("history", what));
        }
    };
    let idle: Vec<&str> = gathered.idle.iter().map(|item| items[*item]).collect();
    let n = idle.len();
    doubt(
        n as u64,
        text!("items-idle", n, list = some_of(&idle, NAMED)),
    );
    let file = loaded
        .scenario
        .history
        .as_ref()
        .map(|history| &history.file);
    let file = file.map_or("history", String::as_str);
    for (n, what) in [
        (
            gathered.too_early,
            text!("adoptions-too-early", n = gathered.too_early),
        ),
        (
            gathered.too_late,
            text!("adoptions-too-late", n = gathered.too_late),
        ),
    ] {
        if n > 0 {
            report.push(Problem::warning(file, what));
        }
    }
    let mut doubt = |n: u64, what| {
        if n > 0 {
            report.push(loaded.warning("history", what));
        }
    };
    let n = gathered.without_covariate;
    doubt(n, text!("rows-without-covariate", n));
}

/// The search for estimates.
struct Search<'a> {
    gathered: &'a Gathered,
    l: &'a Likelihood,
    parameters: &'a [Parameter],
    seed: u64,
    free: Vec<bool>,
    /// Parameters that are asked for and that no row at risk was exposed to.
    idle: Vec<bool>,
    best: Maximum,
    /// Directions that data do not tell, as parameters with a part in them.
    flat: Vec<Vec<usize>>,
    /// Parameters inside their bounds that data tell, and the inverse of their information.
    set: Vec<usize>,
    inverse: Option<super::matrix::Matrix>,
}

impl<'a> Search<'a> {
    fn new(gathered: &'a Gathered, parameters: &'a [Parameter], seed: u64) -> Self {
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
        };
        search.look_around();
        search
    }

    /// Finds what data do not tell, and inverts the information of the rest.
    fn look_around(&mut self) {
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
        let direction = self.flat.iter().find(|direction| direction.contains(&i))?;
        let key = |&j: &usize| self.parameters[j].key.clone();
        Some(direction.iter().map(key).collect())
    }

    /// The root of the entry of a parameter in a variance of [`Self::set`].
    fn root(&self, variance: Option<&super::matrix::Matrix>, i: usize) -> Option<f64> {
        let at = self.set.iter().position(|j| *j == i)?;
        let variance = variance?.at(at, at);
        (variance > 0.0).then(|| variance.sqrt())
    }

    fn estimates(
        &self,
        setting: &Setting<'_>,
        cluster: Cluster,
        mut report: Report,
    ) -> Result<Estimates, Problems> {
        if !self.best.done {
            report.push(Problem::warning("history", text!("no-convergence")));
        }
        let by_cluster = match &self.inverse {
            Some(v) if cluster != Cluster::None => {
                let found = clustered(setting, self.l, &self.best.at, &self.set, v, cluster);
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
        let asked = (0..self.parameters.len()).filter(|&i| self.parameters[i].free);
        let terms: Vec<Term> = asked.map(|i| self.term(i, by_cluster.as_ref())).collect();
        let draws = by_cluster
            .as_ref()
            .or(self.inverse.as_ref())
            .map(|covariance| {
                let (at, rates) = (&self.best.at, self.l.rates);
                let all = laplace::draws(at, &self.set, covariance, rates, self.seed);
                let asked = |row: &Vec<f64>| {
                    let of = row.iter().zip(self.parameters);
                    of.filter(|(_, p)| p.free)
                        .map(|(value, _)| *value)
                        .collect()
                };
                all.iter().map(asked).collect()
            });
        let draws: Vec<Vec<f64>> = draws.unwrap_or_default();
        let at_border = terms.iter().filter(|term| {
            term.parameter.kind != Kind::Covariate && term.estimate.is_some_and(|at| at <= 0.0)
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

    fn term(&self, i: usize, by_cluster: Option<&super::matrix::Matrix>) -> Term {
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
        term.estimate = Some(self.best.at[i]);
        term.se = self.root(self.inverse.as_ref(), i);
        term.clustered_se = self.root(by_cluster, i);
        let profile = self.profile(i);
        // Where it stands at 0, how sharply ℓ falls there.
        let curve = -self.best.of.hessian.at(i, i);
        let scale = term.se.unwrap_or_else(|| curve.abs().sqrt().recip());
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
    fn profiles(&self, terms: &[Term]) -> Vec<(usize, [f64; 2])> {
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
                    if i < self.l.rates {
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
            if i < self.l.rates && null.at[i] <= 0.0 {
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
        let told = |free: &[bool]| free.iter().filter(|free| **free).count();
        let mut fits = vec![Fit {
            model: "estimated",
            parameters: self.set.len().max(told(&self.free) - self.flat.len()),
            loglik: self.best.of.value,
            test: None,
        }];
        let contagion = |i: &usize| self.free[*i] && self.parameters[*i].kind == Kind::Contagion;
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
            start[0] = start[0].max(self.plain_rate());
            without("no_contagion", &tested, start, true);
        }
        if self.free[0] {
            let others: Vec<usize> = (1..self.free.len()).filter(|&i| self.free[i]).collect();
            let mut start = vec![0.0; self.free.len()];
            start[0] = self.plain_rate();
            without("constant_hazard", &others, start, false);
        }
        fits
    }

    /// Adoptions by unit of readiness at risk; 0 where the intrinsic rate is not estimated.
    fn plain_rate(&self) -> f64 {
        let total: f64 = self.l.totals.iter().step_by(self.l.rates).sum();
        match self.free[0] {
            true => self.gathered.adoptions as f64 / total.max(1.0),
            false => 0.0,
        }
    }
}
