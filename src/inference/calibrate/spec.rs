//! The plan of a calibration as it is written: one type per TOML table.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::Level;
use crate::experiment::sweep::spec::ParameterSpec;
use crate::experiment::targets::TargetSpec;

/// A plan of a calibration: which scenario, what its parameters may be, what the record says, and how many runs it may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationSpec {
    /// Short name; the results folder is named after it. Letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub name: String,
    /// One line that describes the purpose of the calibration.
    #[serde(default)]
    pub title: String,
    /// The same line in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// Scenario: a folder with scenario.toml, or a TOML file; its path from the folder of the plan.
    pub scenario: String,
    /// The layout of history: a file, the name of one in the scenario's folder `layouts`, several joined by `+`, or `base`.
    #[serde(default = "base")]
    pub layout: String,
    /// Random seed of the runs, of points and of chains; the scenario's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: Option<u64>,
    /// Replicates of each point; all points share them.
    #[serde(default = "eight")]
    #[schemars(range(min = 3, max = 1000))]
    pub replicates: u32,
    /// Points of a wave; ten for each parameter, at least 40, unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 8, max = 2000))]
    pub points: Option<u32>,
    /// Most waves.
    #[serde(default = "four")]
    #[schemars(range(min = 1, max = 20))]
    pub waves: u32,
    /// Draws of the posterior; the model is run at each.
    #[serde(default = "two_hundred")]
    #[schemars(range(min = 20, max = 10_000))]
    pub draws: u32,
    /// Values common to all runs, by key of the scenario.
    #[serde(default)]
    pub set: BTreeMap<String, Level>,
    /// Parameters by key of the scenario, each with the distribution that is its prior.
    pub parameters: BTreeMap<String, ParameterSpec>,
    /// Conditions on the parameters, for example `line.circle_bonus < line.line_bonus`: a part of the prior.
    #[serde(default)]
    #[schemars(length(max = 100))]
    pub constraints: Vec<String>,
    /// Targets: numbers of the record.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub targets: Vec<TargetSpec>,
    /// A TOML file of targets, in place of a list of them; its path from the folder of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets_file: Option<String>,
}

/// The JSON Schema of a plan.
pub fn calibration_schema() -> serde_json::Value {
    schemars::schema_for!(CalibrationSpec).to_value()
}

fn base() -> String {
    crate::scenario::BASE.to_owned()
}

fn eight() -> u32 {
    8
}

fn four() -> u32 {
    4
}

fn two_hundred() -> u32 {
    200
}
