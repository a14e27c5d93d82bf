//! The plan of a search as it is written: one type per TOML table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::Level;
use crate::paired::Better;
use crate::scenario::Month;
use crate::scenario::spec::AllianceSpec;

/// A plan of a search: which layouts there could be, what they may cost, and what is wanted of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchSpec {
    /// Short name; the results folder is named after it. Letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub name: String,
    /// One line: the question.
    #[serde(default)]
    pub title: String,
    /// The same line in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// Scenario: a folder with scenario.toml, or a TOML file; its path from the folder of the plan.
    pub scenario: String,
    /// The layout that candidates change: a file, the name of one in the scenario's folder `layouts`, several joined by `+`,
    /// or `base`.
    #[serde(default = "base")]
    pub baseline: String,
    /// Random seed of the runs; the scenario's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Replicates of each layout before any drops out (n₀).
    #[serde(default = "ten")]
    #[schemars(range(min = 5, max = 1000))]
    pub first_replicates: u32,
    /// Most replicates of a layout; a search that needs more ends without its promise.
    #[serde(default = "thousand")]
    #[schemars(range(min = 5, max = 100_000))]
    pub most_replicates: u32,
    /// Fresh replicates on which what was chosen is estimated again, numbered beyond those of the search.
    #[serde(default = "hundred")]
    #[schemars(range(min = 2, max = 100_000))]
    pub fresh_replicates: u32,
    /// Probability with which the best layout is to be chosen when it leads by `delta`.
    #[serde(default = "usual_confidence")]
    #[schemars(range(min = 0.5, max = 0.9999))]
    pub confidence: f64,
    /// Starts, where there are more layouts than can be run: the baseline and random ones.
    #[serde(default = "four")]
    #[schemars(range(min = 1, max = 100))]
    pub starts: u32,
    /// Values common to all runs, by key of the scenario.
    #[serde(default)]
    pub set: BTreeMap<String, Level>,
    /// What a layout can have that the baseline has not, or can lack.
    #[schemars(length(min = 1, max = 60))]
    pub candidates: Vec<CandidateSpec>,
    /// Which candidates go together.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub conditions: Vec<ConditionSpec>,
    /// What a layout may cost.
    #[serde(default)]
    pub budget: BudgetSpec,
    /// What is wanted: one objective, or several for a front.
    #[schemars(length(min = 1, max = 4))]
    pub objectives: Vec<ObjectiveSpec>,
    /// What must not be given up.
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub constraints: Vec<LimitSpec>,
    /// Draws of the parameters, over which those that are left are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<DrawsSpec>,
    /// Variants of the model, under which those that are left are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<VariantsSpec>,
}

/// A candidate: an alliance, a member of one, a zone that opens or closes. With several months or strengths it is one or none of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateSpec {
    /// Its name in conditions and tables: letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 40),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub id: String,
    /// An alliance of the scenario: one that is not active is added, an active one is removed, or changed where `from` or `strength` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alliance: Option<String>,
    /// A new alliance, written here as in a layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub define: Option<AllianceSpec>,
    /// A free-trade zone (its group) that joins the alliance, or leaves it where it is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A province that joins the alliance, or leaves it where it is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// A single zone or region that joins the alliance, or leaves it where it is a member, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Founding months of the alliance, one of which is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 60))]
    pub from: Vec<Month>,
    /// Strengths of the alliance, one of which is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 60))]
    pub strength: Vec<f64>,
    /// A zone, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Opening months of the zone, one of which is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 60))]
    pub open: Vec<Month>,
    /// Last months of the zone, one of which is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 60))]
    pub close: Vec<Month>,
    /// Where it is from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

/// A condition on which candidates a layout takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionSpec {
    /// At most so many of `of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 60))]
    pub at_most: Option<u32>,
    /// At least so many of `of`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 60))]
    pub at_least: Option<u32>,
    /// The candidates that are counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<String>,
    /// When this candidate is taken, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// … all of these are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// … none of these is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
}

/// What a layout may cost. What is not given has no limit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSpec {
    /// Most coordination: pairs of member groups, over the years of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0), extend("x-unit" = "pair-years"))]
    pub pair_years: Option<f64>,
    /// The same as a multiple of what the baseline has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0))]
    pub pair_years_times: Option<f64>,
    /// Most candidates that are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 60))]
    pub changes: Option<u32>,
    /// Highest price, see the next two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<f64>,
    /// Price of a pair-year beyond those of the baseline; fewer give it back.
    #[schemars(range(min = 0.0))]
    pub per_pair_year: f64,
    /// Price of a zone that opens and is a candidate in the baseline.
    #[schemars(range(min = 0.0))]
    pub per_zone: f64,
}

/// A number of a run with its weight in a sum.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermSpec {
    /// Outcome, see `pointplane outcomes`.
    pub outcome: String,
    /// Month at whose end it is taken; not of a month in which something first happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Month>,
    /// Month at whose end the window begins: what it was then is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Month>,
    /// Group of places, as kind and id: `area:east`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its weight in the sum.
    #[serde(default = "one")]
    pub weight: f64,
}

/// Which direction is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// More of it.
    #[default]
    More,
    /// Less of it.
    Less,
}

impl Want {
    /// As the statistics of pairs take it.
    pub fn better(self) -> Better {
        match self {
            Self::More => Better::Higher,
            Self::Less => Better::Lower,
        }
    }

    /// The value with its sign such that more is better.
    pub fn gain(self, value: f64) -> f64 {
        match self {
            Self::More => value,
            Self::Less => -value,
        }
    }
}

/// An objective: a weighted sum of numbers of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveSpec {
    /// Its name in the tables: small letters, digits and `_`.
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// What is summed.
    #[schemars(length(min = 1, max = 20))]
    pub terms: Vec<TermSpec>,
    /// Whether more or less of it is wanted.
    #[serde(default)]
    pub want: Want,
    /// The smallest lead that matters, in the unit of the sum: the promise is for leads of at least this.
    pub delta: f64,
}

/// A constraint: a weighted sum of numbers of a run that has a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitSpec {
    /// Its name in the tables: small letters, digits and `_`.
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// What is summed.
    #[schemars(length(min = 1, max = 20))]
    pub terms: Vec<TermSpec>,
    /// What the limit is of: the difference from the baseline, or the sum itself.
    #[serde(default)]
    pub of: Against,
    /// Upper limit of its mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Lower limit of its mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// How far a mean may be from the limit, on either side, for it not to matter how it is judged.
    pub tolerance: f64,
}

/// What a limit is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The difference from the baseline.
    #[default]
    Difference,
    /// The sum itself.
    Level,
}

/// Draws of the parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawsSpec {
    /// A CSV table with a column for each parameter and a row for each draw, as `pointplane calibrate` writes it; its path from the folder of the plan.
    pub file: String,
    /// How many rows to take, from the first; all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "rows"))]
    pub rows: Option<u32>,
    /// Replicates of each draw.
    #[serde(default = "four")]
    #[schemars(range(min = 4, max = 1000))]
    pub replicates: u32,
    /// Most fresh pairs of a draw of the parameters and a replicate at which those that are left are screened once more, for the
    /// largest mean over both. A draw is a row of the table, any as likely as any other.
    #[serde(default = "two_hundred")]
    #[schemars(range(min = 2, max = 100_000), extend("x-unit" = "pairs"))]
    pub pairs: u32,
    /// How many layouts are left for the draws.
    #[serde(default = "twenty")]
    #[schemars(range(min = 2, max = 20))]
    pub layouts: u32,
}

/// Variants of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantsSpec {
    /// Layout files that change the model and not the policy, such as another response: files, or names of ones in the
    /// scenario's folder `layouts`.
    #[schemars(length(min = 1, max = 50))]
    pub files: Vec<String>,
    /// How many layouts are compared, the last that are left.
    #[serde(default = "twenty")]
    #[schemars(range(min = 2, max = 20))]
    pub layouts: u32,
}

/// The JSON Schema of a plan.
pub fn search_schema() -> serde_json::Value {
    schemars::schema_for!(SearchSpec).to_value()
}

fn base() -> String {
    crate::scenario::BASE.to_owned()
}

fn one() -> f64 {
    1.0
}

fn four() -> u32 {
    4
}

fn ten() -> u32 {
    10
}

fn twenty() -> u32 {
    20
}

fn two_hundred() -> u32 {
    200
}

fn hundred() -> u32 {
    100
}

fn thousand() -> u32 {
    1000
}

fn usual_confidence() -> f64 {
    0.95
}
