//! What is asked of an estimation, and what is found.

use crate::paired::Z_975;
use crate::scenario::Problems;

use super::curves::Point;
use super::gather::By;
use super::held::HoldOut;
use super::likelihood::groups::Mix;
use super::residuals::Residual;
use super::sandwich::Cluster;
use super::score::Score;
use super::terms::{Kind, Parameter, What};

/// A distance of a limit that is so many times that of the normal law, or less than one by this, is far from it.
const SKEWED: f64 = 1.5;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// Parameters to estimate, by key or short name; all without. Others keep the scenario's values.
    pub parameters: Option<Vec<String>>,
    /// What standard errors are clustered by.
    pub cluster: Cluster,
    /// Effects or frailties of items or places, where these are wanted.
    pub groups: Option<(By, Mix)>,
    /// How often clusters are drawn again; 0 for never.
    pub bootstrap: u32,
    /// Whether draws are of ℓ itself, by Markov chains, in the place of the normal law about its maximum.
    pub mcmc: bool,
    /// How many histories of the estimated model are simulated and estimated again; 0 for none.
    pub simulate: u32,
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
    /// The key of the scenario that ℓ is profiled over: it cannot be one that is estimated.
    pub grid: Option<String>,
}

/// A likelihood ratio test.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Twice the gain in ℓ over the null.
    pub lr: f64,
    /// P(at least as much under the null), with the null's border.
    pub p: Option<f64>,
    /// Its law under the null: `chi2`, `half_chi2`, `chi_bar2`, `drawn`, or `simulated`.
    pub law: &'static str,
}

/// Why data do not tell a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untold {
    /// No row at risk is exposed to it.
    Unexposed,
    /// Data tell these parameters only together, it among them.
    Together(Vec<String>),
    /// ℓ rises without end along these, it among them, so that it has no maximum.
    Endless(Vec<String>),
    /// ℓ is the same whatever it is.
    Flat,
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
    /// Why it is not identified.
    pub unidentified: Option<Untold>,
}

impl Term {
    /// Of a parameter of which nothing is told yet.
    pub const fn new(parameter: Parameter) -> Self {
        Self {
            parameter,
            estimate: None,
            se: None,
            clustered_se: None,
            independent: [None; 2],
            limits: [None; 2],
            test: None,
            unidentified: None,
        }
    }

    /// Whether a limit of the profile, where it is not at 0, is much nearer to the estimate than the normal law has it, or
    /// much farther.
    pub fn is_skewed(&self) -> bool {
        // A strength is a ratio of what is drawn.
        if self.parameter.kind() == Kind::Strength {
            return false;
        }
        let off = |limit: Option<f64>| {
            let (at, se, limit) = (
                self.estimate?,
                self.se?,
                limit.filter(|limit| *limit != 0.0)?,
            );
            let ratio = (limit - at).abs() / (Z_975 * se);
            Some(!(SKEWED.recip()..=SKEWED).contains(&ratio))
        };
        self.independent
            .iter()
            .any(|limit| off(*limit).unwrap_or(false))
    }

    /// Of a key of the scenario, at a value.
    pub fn of_key(key: &str, value: f64) -> Self {
        Self {
            estimate: Some(value),
            ..Self::new(Parameter {
                name: key.to_owned(),
                key: key.to_owned(),
                what: What::Grid,
                value,
                free: true,
            })
        }
    }

    /// The standard error to go by.
    pub fn error(&self) -> Option<f64> {
        self.clustered_se.or(self.se)
    }

    /// Estimate ∓ 1.96 standard errors.
    pub fn wald(&self) -> [Option<f64>; 2] {
        [-Z_975, Z_975].map(|z| Some(self.estimate? + z * self.error()?))
    }
}

/// The share of adoptions that a term, or all contagion, has.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The parameter; none for all contagion.
    pub parameter: Option<Parameter>,
    /// Its share of the adoptions.
    pub share: f64,
    /// 95 % limits.
    pub limits: [Option<f64>; 2],
    /// What these are from: `draws`, `bootstrap` or `profile`.
    pub interval: Option<&'static str>,
}

/// What came of the search for a maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was found.
    Found,
    /// There is none.
    Endless,
    /// The search stopped before it.
    Unended,
}

/// A model and how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// `estimated`, `no_contagion`, `constant_hazard`, `bass` or `cloglog`.
    pub model: &'static str,
    /// Parameters that were estimated.
    pub parameters: usize,
    /// ℓ.
    pub loglik: f64,
    /// What came of the search for its maximum.
    pub end: End,
    /// The test of the estimated model against this one.
    pub test: Option<Test>,
}

impl Fit {
    /// Akaike's criterion.
    pub fn aic(&self) -> f64 {
        2.0 * self.parameters as f64 - 2.0 * self.loglik
    }
}

/// What histories of the estimated model say when they are estimated again.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// By history, what is told of each parameter; nothing where it is not identified, or there is no maximum.
    pub values: Vec<Vec<Option<f64>>>,
    /// By history, the value of the grid with the largest ℓ, and D at the estimate; none where there is no maximum.
    pub best: Vec<Option<(Option<f64>, f64)>>,
    /// What follows for a key of the grid.
    pub set: Option<Set>,
}

/// A point of a grid over which ℓ is profiled: the value, and ℓ.
pub type GridPoint = [f64; 2];

/// A key of the scenario that ℓ is profiled over.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// The key.
    pub key: String,
    /// Its values, with the largest ℓ at each.
    pub points: Vec<GridPoint>,
    /// Which is the first with the largest ℓ; none where ℓ does not depend on the key.
    pub best: Option<usize>,
}

/// ℓ of a grid that differs by less than this share is rounding.
const ROUNDING: f64 = 1e-9;

impl Grid {
    /// Of the largest ℓ at each value.
    pub fn new(key: String, points: Vec<GridPoint>) -> Self {
        let logliks = || points.iter().map(|of| of[1]);
        let most = logliks().fold(f64::NEG_INFINITY, f64::max);
        let least = logliks().fold(f64::INFINITY, f64::min);
        let flat = points.len() > 1 && most - least <= ROUNDING * (1.0 + most.abs());
        let best = logliks().position(|loglik| loglik == most);
        Self {
            best: best.filter(|_| !flat),
            key,
            points,
        }
    }

    /// The value with the largest ℓ.
    pub fn value(&self) -> Option<f64> {
        Some(self.points[self.best?][0])
    }

    /// Its row of the estimates where no set is known.
    pub fn term(&self) -> Term {
        match self.value() {
            Some(value) => Term::of_key(&self.key, value),
            None => Term {
                estimate: None,
                unidentified: Some(Untold::Flat),
                ..Term::of_key(&self.key, 0.0)
            },
        }
    }
}

/// The values of a grid that simulated histories do not tell from the estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// The key, as a row of the estimates: limits are missing where the set reaches that end of the grid.
    pub term: Term,
    /// The largest D of a value in the set.
    pub critical: f64,
    /// By value of the grid, whether it is in the set.
    pub inside: Vec<bool>,
}

impl Simulated {
    /// Histories without a maximum.
    pub fn failed(&self) -> usize {
        self.best.iter().filter(|best| best.is_none()).count()
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
    /// What rows are grouped by, and how groups differ.
    pub groups: Option<(By, Mix)>,
    /// The item, place or period of each group, the factor on its hazard, and whether it is the reference.
    pub effects: Vec<(usize, f64, bool)>,
    /// Fits to clusters drawn again, and draws of which the search did not end.
    pub bootstrap: Option<(usize, usize)>,
    /// What histories of the estimated model say when they are estimated again.
    pub simulated: Option<Simulated>,
    /// A key of the scenario that ℓ was profiled over.
    pub grid: Option<Grid>,
    /// What adoptions are owed to under the estimates.
    pub shares: Vec<Share>,
    /// Rows at risk: places, items and periods.
    pub rows: u64,
    /// Adoptions among them.
    pub adoptions: u64,
    /// Stretches of rows that the likelihood was gathered from.
    pub stretches: u64,
    /// Rows left out because a covariate is not known.
    pub without_covariate: u64,
    /// Draws of the parameters of `terms`, one row each: of the normal law about the estimates (Laplace), or of ℓ itself.
    pub draws: Vec<Vec<f64>>,
    /// Of draws of ℓ itself the largest R̂ of a parameter, and the least effective number of draws.
    pub mcmc: Option<(f64, f64)>,
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
    /// Names of periods from the first at risk on, where factors are of these.
    pub periods: Vec<String>,
    /// What is to be said of the data.
    pub warnings: Problems,
}

impl Estimates {
    /// What came of the search for the maximum.
    pub fn end(&self) -> End {
        self.fits.first().map_or(End::Unended, |fit| fit.end)
    }

    /// The parameters along which ℓ rises without end.
    pub fn endless(&self) -> Vec<&str> {
        let endless = |term: &&Term| matches!(term.unidentified, Some(Untold::Endless(_)));
        let terms = self.terms.iter().filter(endless);
        terms.map(|term| term.parameter.key.as_str()).collect()
    }

    /// The names of what factors are of.
    pub fn group_names(&self) -> &[String] {
        match self.groups {
            Some((By::Place, _)) => &self.names[1],
            Some((By::Period, _)) => &self.periods,
            _ => &self.names[0],
        }
    }
}
