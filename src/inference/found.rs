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
use super::terms::Parameter;

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
    /// What rows are grouped by, and how groups differ.
    pub groups: Option<(By, Mix)>,
    /// The item or place of each group, the factor on its hazard, and whether it is the reference.
    pub effects: Vec<(usize, f64, bool)>,
    /// Fits to clusters drawn again, and draws of which the search did not end.
    pub bootstrap: Option<(usize, usize)>,
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
