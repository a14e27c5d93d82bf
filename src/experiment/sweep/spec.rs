//! The plan file as it is written: one type per TOML table. The JSON Schema of `pointplane schema --plan`
//! and the checks are made from these types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::design::Level;
use crate::scenario::Month;

/// A plan: which scenario, which layouts, which points of its parameter space, how many replicates, and
/// what is kept of each run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSpec {
    /// Short name; the sweep's folder is called so. Letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub name: String,
    /// One line that says what the sweep is for.
    #[serde(default)]
    pub title: String,
    /// Scenario: a folder with scenario.toml, or a TOML file; its path from the folder of the plan.
    pub scenario: String,
    /// Layouts, each run at every point: files, names of files in the scenario's folder `layouts`,
    /// several of these joined by `+`, or `base` for the scenario as it is.
    #[serde(default = "base")]
    #[schemars(length(min = 1, max = 100))]
    pub layouts: Vec<String>,
    /// The layout that the others are held against; the first one unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Replicates of each point and layout. All points and layouts meet the same luck.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replicates: u32,
    /// Names the luck of all replicates; the scenario's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Outcomes to keep, see `pointplane outcomes`; a few usual ones unless given.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub outcomes: Vec<String>,
    /// Months at whose end outcomes are taken, besides the end of the run.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub horizons: Vec<Month>,
    /// Kinds of groups that outcomes are also kept by.
    #[serde(default)]
    #[schemars(length(max = 5))]
    pub groups: Vec<GroupsSpec>,
    /// Monthly measures to keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly: Option<MonthlySpec>,
    /// Format of the merged tables.
    #[serde(default)]
    pub format: FormatSpec,
    /// Values that all points have, by key of the scenario.
    #[serde(default)]
    pub set: BTreeMap<String, Scalar>,
    /// The design.
    pub design: DesignSpec,
    /// Parameters of the design, by key of the scenario; of a list they are the columns of its file.
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterSpec>,
}

/// The JSON Schema of a plan.
pub fn plan_schema() -> serde_json::Value {
    schemars::schema_for!(PlanSpec).to_value()
}

/// Kinds of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupsSpec {
    /// Places of each province.
    Province,
    /// Places of each statistical area.
    Area,
    /// Regions of each standing.
    Tier,
    /// Places on each corridor.
    Corridor,
    /// Places that a layout touches directly, and all others.
    Membership,
}

/// Formats of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormatSpec {
    /// Apache Parquet.
    #[default]
    Parquet,
    /// Comma-separated text.
    Csv,
}

/// Monthly measures that are kept of every run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthlySpec {
    /// Months between rows; the last month of the run always has one.
    #[serde(default = "twelve")]
    #[schemars(range(min = 1, max = 4000), extend("x-unit" = "months"))]
    pub every: u32,
    /// Measures: columns of the table `national`.
    #[schemars(length(min = 1, max = 100))]
    pub measures: Vec<String>,
}

/// Which points are visited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DesignSpec {
    /// Kind of design.
    pub kind: DesignKind,
    /// `random`, `latin-hypercube`, `sobol`: how many points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "points"))]
    pub points: Option<u32>,
    /// `saltelli`: how many blocks of parameters + 2 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "blocks"))]
    pub base_points: Option<u32>,
    /// `saltelli`: also the points that second-order indices need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_order: Option<bool>,
    /// `latin-hypercube`: spread the points out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximin: Option<bool>,
    /// `morris`: how many trajectories of parameters + 1 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "trajectories"))]
    pub trajectories: Option<u32>,
    /// `morris`: levels of each parameter, an even number (default 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 1000), extend("x-unit" = "levels"))]
    pub levels: Option<u32>,
    /// `list`: CSV table with a column for each parameter and a row for each point; its path from the
    /// folder of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Names the random numbers of the design; they have nothing to do with those of the model.
    #[serde(default = "one_seed")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: u64,
    /// Conditions on the parameters of a point, for example `line.circle_bonus < line.line_bonus`.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub constraints: Vec<String>,
}

/// Kinds of designs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DesignKind {
    /// Every combination of levels.
    Grid,
    /// The rows of a CSV table.
    List,
    /// Independent random points.
    Random,
    /// Each parameter's range in as many parts as points, each part hit once.
    LatinHypercube,
    /// The Owen-scrambled Sobol sequence.
    Sobol,
    /// For Sobol indices.
    Saltelli,
    /// For elementary effects.
    Morris,
}

/// How a parameter varies: a distribution, or for a grid its levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ParameterSpec {
    /// Distribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distribution: Option<DistributionSpec>,
    /// Least value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// `triangular`: most likely value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<f64>,
    /// `normal`: mean before it is cut off at `min` and `max`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// `normal`: standard deviation before it is cut off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sd: Option<f64>,
    /// `discrete`: the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<Scalar>>,
    /// `discrete`: their weights, all alike unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<f64>>,
    /// Grid: the levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<Scalar>>,
    /// Grid: first of evenly spaced levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Grid: last of evenly spaced levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Grid: how many evenly spaced levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 1_000_000), extend("x-unit" = "levels"))]
    pub steps: Option<u32>,
    /// Its column in the tables; its key with `_` for `.` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub column: Option<String>,
}

/// Keys of a [`ParameterSpec`], by which its table is known below dotted keys.
pub const PARAMETER_KEYS: [&str; 13] = [
    "distribution",
    "min",
    "max",
    "mode",
    "mean",
    "sd",
    "values",
    "weights",
    "levels",
    "from",
    "to",
    "steps",
    "column",
];

/// Distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DistributionSpec {
    /// Every value from `min` to `max` alike.
    Uniform,
    /// The logarithm is uniform from `min` to `max`.
    LogUniform,
    /// Normal with `mean` and `sd`, cut off at `min` and `max` where given.
    Normal,
    /// Rising from `min` to `mode`, falling to `max`.
    Triangular,
    /// One of `values`.
    Discrete,
}

/// A number, a text, true or false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scalar(pub Level);

impl JsonSchema for Scalar {
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string", "boolean"] })
    }
}

fn base() -> Vec<String> {
    vec![crate::scenario::BASE.to_owned()]
}

fn one() -> u32 {
    1
}

fn twelve() -> u32 {
    12
}

fn one_seed() -> u64 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_a_parameter_are_those_of_its_type() {
        let schema = schemars::schema_for!(ParameterSpec).to_value();
        let keys = schema["properties"].as_object().unwrap().keys();
        assert!(keys.eq(PARAMETER_KEYS));
    }
}
