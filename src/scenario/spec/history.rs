//! The keys of a history: who adopted what when, and what else data have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Given history: who adopted what when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistorySpec {
    /// CSV table of first adoptions: `place`, `item`, `time`, and `until` where a source ends: from then on it is
    /// not heard.
    pub adoptions: String,
    /// CSV table of items: `item`, `first_risk` and `last` (first and last period in which places are at risk),
    /// `origin` (a place that had it before), `domain`, `quality`, `name_en`, `name_zh`.
    pub items: String,
}

/// A covariate: E_i(t) = E_i · exp(effect · (x_i(t) − center)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CovariateSpec {
    /// Stable id, and the column of the table: lower-case letters, digits, `_`.
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// CSV table with the column, and `place`, `time` or both; several covariates may stand in one table.
    pub file: String,
    /// Effect on the logarithm of the hazard, per unit.
    #[serde(default)]
    #[schemars(range(min = -1e6, max = 1e6), extend("x-symbol" = "γ"))]
    pub effect: f64,
    /// Value at which the covariate changes nothing.
    #[serde(default)]
    #[schemars(range(min = -1e15, max = 1e15), extend("x-symbol" = "c"))]
    pub center: f64,
    /// What it acts on.
    #[serde(default)]
    pub acts_on: ActsOn,
}

/// What a covariate acts on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActsOn {
    /// The whole hazard.
    #[default]
    All,
    /// The intrinsic hazard only.
    Intrinsic,
}

/// Length of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A month; times are written `YYYY-MM`.
    #[default]
    Month,
    /// A quarter; times are written `YYYY-Q1`.
    Quarter,
    /// A year; times are written `YYYY`.
    Year,
    /// A day; times are written `YYYY-MM-DD`.
    Day,
}

impl Step {
    /// Whether it is a month.
    pub fn is_month(&self) -> bool {
        *self == Self::Month
    }

    /// Its word, as a scenario writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Day => "day",
        }
    }
}

/// What is done to the weights of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standardise {
    /// Divided by their sum over the sources of a listener.
    #[default]
    Row,
    /// Nothing: with weights of 1, exposure is a count of neighbours. Links from tables only.
    None,
}

impl Standardise {
    /// Whether rows are divided by their sums.
    pub fn is_row(&self) -> bool {
        *self == Self::Row
    }
}
