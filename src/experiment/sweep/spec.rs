//! The plan file as it is written: one type per TOML table. The JSON Schema of `pointplane schema --plan`
//! and the checks are made from these types.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::design::{Distribution, Kind, Level};
use crate::scenario::{Month, Setting, tagged};

use super::level::{setting, text_of};

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
    /// Variants of the model: layout files that change the model and not the policy, such as another response. All
    /// layouts are run under each as well, and compared with the baseline under the same one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub variants: Vec<String>,
    /// Replicates of each point and layout. All points and layouts use common random numbers.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replicates: u32,
    /// Number of the first replicate; the others are numbered on from it. Replicates of the same number meet the same
    /// luck in all sweeps of a seed.
    #[serde(default, skip_serializing_if = "is_zero")]
    #[schemars(range(min = 0, max = 1_000_000), extend("default" = 0))]
    pub first_replicate: u32,
    /// Whether each point has replicates of its own, taken from a pool of at least 50, in place of the same ones at
    /// all points: what all points share of their luck is then small. For designs whose points are draws of the
    /// parameters.
    #[serde(default)]
    pub pool: bool,
    /// Whether each point has replicates of its own, numbered on from those of the point before: each is then a draw of
    /// the parameters and of luck. For designs whose points are draws of the parameters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(extend("default" = false))]
    pub own_replicates: bool,
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
    #[schemars(length(max = 6))]
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
    pub fn sets(&self) -> Vec<Setting> {
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
    /// Provinces that innovations come from: how many of these are implemented, and taken up by the province or the centre.
    Origin,
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

/// Which points are visited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = by_kind)]
pub struct DesignSpec {
    /// The kind of design with what it takes.
    #[serde(flatten)]
    pub kind: Kind,
    /// Random seed of the design; it is independent of that of the model.
    #[serde(default = "one_seed")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: u64,
    /// Conditions on the parameters of a point, for example `line.circle_bonus < line.line_bonus`.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub constraints: Vec<String>,
}

fn by_kind(schema: &mut Schema) {
    let choice = tagged::flat(schema, "kind", "Kind of design.");
    tagged::exclusive(schema, &choice);
}

/// How a parameter varies: a distribution, or for a grid its levels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = tagged::closed)]
pub struct ParameterSpec {
    /// How; nothing for a column of a list.
    #[serde(flatten)]
    pub varies: Option<VariesSpec>,
    /// Its column in the tables; its key with `_` for `.` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub column: Option<String>,
}

/// How a parameter varies. The first that is given holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(transform = by_distribution)]
pub enum VariesSpec {
    /// By a distribution.
    Distribution(Distribution),
    /// Over these levels.
    Levels {
        /// Grid: the levels.
        levels: Vec<Level>,
    },
    /// Over evenly spaced levels.
    Steps {
        /// Grid: first of evenly spaced levels.
        from: f64,
        /// Grid: last of evenly spaced levels.
        to: f64,
        /// Grid: how many evenly spaced levels.
        #[schemars(range(min = 2, max = 1_000_000), extend("x-unit" = "levels"))]
        steps: u32,
    },
}

/// The key that names the distribution of a parameter.
pub const DISTRIBUTION: &str = "distribution";

/// Keys of a distribution that is not named are not refused here: what is missing beside them depends on the design.
fn by_distribution(schema: &mut Schema) {
    let list = schema.get_mut("anyOf").and_then(Json::as_array_mut);
    let Some((first, others)) = list.and_then(|list| list.split_first_mut()) else {
        return;
    };
    let Ok(first) = <&mut Schema>::try_from(first) else {
        return;
    };
    let choice = tagged::flat(first, DISTRIBUTION, "Distribution.");
    let keys = others
        .iter()
        .filter_map(|one| one["properties"].as_object());
    let keys: Vec<String> = keys.flat_map(|all| all.keys().cloned()).collect();
    tagged::rule(schema, DISTRIBUTION, &keys, &[]);
    tagged::by_keys(schema);
    tagged::exclusive(schema, &choice);
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

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn twelve() -> u32 {
    12
}

fn one_seed() -> u64 {
    1
}
