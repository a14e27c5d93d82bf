//! The plan file as it is written: one type per TOML table. The JSON Schema of `pointplane schema --plan`
//! and the checks are made from these types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::design::{Distribution, Kind, Level};
use crate::scenario::{Month, Setting};

use super::level::{setting, text_of};
use super::variants::{Tagged, one_table};

/// A plan: which scenario, which layouts, which points of its parameter space, how many replicates, and
/// what is kept of each run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSpec {
    /// Short name; the sweep's folder is named after it. Letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub name: String,
    /// One line that describes the purpose of the sweep.
    #[serde(default)]
    pub title: String,
    /// The same line in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// Scenario: a folder with scenario.toml, or a TOML file; its path from the folder of the plan.
    pub scenario: String,
    /// Layouts, each run at every point: files, names of files in the scenario's folder `layouts`,
    /// several of these joined by `+`, or `base` for the scenario as it is.
    #[serde(default = "base")]
    #[schemars(length(min = 1, max = 100))]
    pub layouts: Vec<String>,
    /// The layout that the others are compared with; the first one unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// Replicates of each point and layout. All points and layouts use common random numbers.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replicates: u32,
    /// Whether each point has replicates of its own, taken from a pool of at least 50, in place of the same ones at
    /// all points: what all points share of their luck is then small. For designs whose points are draws of the
    /// parameters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pool: bool,
    /// Random seed of all replicates; the scenario's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Outcomes to keep, see `pointplane outcomes`; a few usual ones unless given.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub outcomes: Vec<String>,
    /// Months at whose end outcomes are measured, in addition to the end of the run.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub horizons: Vec<Month>,
    /// Kinds of groups for which outcomes are kept as well.
    #[serde(default)]
    #[schemars(length(max = 5))]
    pub groups: Vec<GroupsSpec>,
    /// Monthly measures to keep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monthly: Option<MonthlySpec>,
    /// Format of the merged tables.
    #[serde(default)]
    pub format: FormatSpec,
    /// Values common to all points, by key of the scenario.
    #[serde(default)]
    pub set: BTreeMap<String, Level>,
    /// The design.
    pub design: DesignSpec,
    /// Parameters of the design, by key of the scenario; of a list they are the columns of its file.
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterSpec>,
}

impl PlanSpec {
    /// What is set for all points, with the seed.
    pub(super) fn sets(&self) -> Vec<Setting> {
        let set = self.set.iter().map(|(key, level)| setting(key, level));
        let seed = self.seed.map(|seed| Setting::whole("seed", seed));
        set.chain(seed).collect()
    }

    /// What is set for all points, each as `--set` takes it.
    pub(super) fn set_words(&self) -> Vec<String> {
        let set = self.set.iter();
        set.map(|(key, level)| format!("{key}={}", text_of(level)))
            .collect()
    }
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
    /// Months between rows, counted from the first month of the run (`run --every` counts from January); the last month of the run always has one.
    #[serde(default = "twelve")]
    #[schemars(range(min = 1, max = 4000), extend("x-unit" = "months"))]
    pub every: u32,
    /// Measures: columns of the table `national`.
    #[schemars(length(min = 1, max = 100))]
    pub measures: Vec<String>,
}

/// Which points are visited: a kind of design with what it takes, and what all kinds have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DesignSpec {
    /// What all kinds have.
    #[serde(flatten)]
    pub own: AnyDesign,
    /// `kind`, and what the kind takes: a [`Kind`].
    #[serde(flatten)]
    pub given: toml::Table,
}

/// What all kinds of designs have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnyDesign {
    /// Random seed of the design; it is independent of that of the model.
    #[serde(default = "one_seed")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: u64,
    /// Conditions on the parameters of a point, for example `line.circle_bonus < line.line_bonus`.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub constraints: Vec<String>,
}

impl JsonSchema for DesignSpec {
    fn schema_name() -> Cow<'static, str> {
        "DesignSpec".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let of = Tagged {
            what: "Which points are visited.",
            tag: KIND,
            about: "Kind of design.",
            required: true,
        };
        one_table::<Kind, AnyDesign>(&of, generator)
    }
}

/// The key that names the kind of a design.
pub const KIND: &str = "kind";
/// The key that names the distribution of a parameter.
pub const DISTRIBUTION: &str = "distribution";

/// How a parameter varies: a distribution with what it takes, or for a grid its levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterSpec {
    /// Levels, and what every parameter has.
    #[serde(flatten)]
    pub own: AnyParameter,
    /// `distribution`, and what it takes: a [`Distribution`].
    #[serde(flatten)]
    pub given: toml::Table,
}

/// The levels of a parameter of a grid, and what every parameter has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AnyParameter {
    /// Grid: the levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<Level>>,
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

impl JsonSchema for ParameterSpec {
    fn schema_name() -> Cow<'static, str> {
        "ParameterSpec".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let of = Tagged {
            what: "How a parameter varies: a distribution, or for a grid its levels.",
            tag: DISTRIBUTION,
            about: "Distribution.",
            required: false,
        };
        one_table::<Distribution, AnyParameter>(&of, generator)
    }
}

/// Keys of a [`ParameterSpec`], by which its table is known below dotted keys.
pub fn parameter_keys() -> Vec<String> {
    let schema = schemars::schema_for!(ParameterSpec).to_value();
    let keys = schema["properties"].as_object();
    keys.into_iter()
        .flatten()
        .map(|(key, _)| key.clone())
        .collect()
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
