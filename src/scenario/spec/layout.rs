//! The layout file as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::d;
use crate::scenario::Month;
use crate::scenario::month::MonthOrNever;

/// A layout: a small file laid over a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutSpec {
    /// Short name of the layout.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub layout: String,
    /// One line that describes what it changes.
    #[serde(default)]
    pub title: String,
    /// The same line in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// Another layout file in the same folder that is applied first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Alliances removed: ids, or `["*"]` for all active ones. Done first.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Alliances of the catalogue that become active.
    #[serde(default)]
    pub add: Vec<String>,
    /// New alliances, defined here and active.
    #[serde(default)]
    pub define: Vec<AllianceSpec>,
    /// Alliances merged into a new one with all their members; the old ones are removed.
    #[serde(default)]
    pub merge: Vec<MergeSpec>,
    /// New dates of alliances, by id.
    #[serde(default)]
    pub dates: BTreeMap<String, DatesSpec>,
    /// New strengths of alliances, by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub strengths: BTreeMap<String, f64>,
    /// Opening months of zones, by zone id: opens a candidate, or moves another zone's opening; `"never"`
    /// turns it into a candidate.
    #[serde(default)]
    pub open: BTreeMap<String, MonthOrNever>,
    /// Closing months of zones, by zone id: the month is the zone's last; `"never"` keeps it open.
    #[serde(default)]
    pub close: BTreeMap<String, MonthOrNever>,
    /// Any keys of the scenario, merged over it.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: toml::Table,
}

/// An alliance written in a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AllianceSpec {
    /// Stable id.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
    /// First month; from the start of the run when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Month>,
    /// Last month (included); to the end of the run when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Month>,
    /// Strength.
    #[serde(default = "d::strength")]
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "ω", "x-unit" = "weight"))]
    pub strength: f64,
    /// Exponent of the coordination cost.
    #[serde(default = "d::size_exponent")]
    #[schemars(range(min = 0.0, max = 5.0), extend("x-symbol" = "ζ"))]
    pub size_exponent: f64,
    /// Layer multipliers; 1 for a layer that is not named.
    #[serde(default)]
    #[schemars(extend("x-symbol" = "c_l"))]
    pub layers: BTreeMap<String, f64>,
    /// Member groups (free-trade zones), by id.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Member provinces, which take part through their linkage regions.
    #[serde(default)]
    pub provinces: Vec<String>,
    /// Members that are single zones or regions, by id.
    #[serde(default)]
    pub places: Vec<String>,
    /// When members join and leave, by id; others are members as long as there is the alliance.
    #[serde(default)]
    pub dates: BTreeMap<String, DatesSpec>,
}

/// Alliances merged into one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeSpec {
    /// Id of the new alliance.
    #[schemars(length(min = 1, max = 64))]
    pub id: String,
    /// The active alliances that it replaces. It takes the first one's strength, exponent and layers,
    /// and the earliest start and latest end, unless given here.
    #[schemars(length(min = 2, max = 1000))]
    pub of: Vec<String>,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
    /// First month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Month>,
    /// Last month (included).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Month>,
    /// Strength.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "ω", "x-unit" = "weight"))]
    pub strength: Option<f64>,
}

/// Dates of an alliance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatesSpec {
    /// First month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Month>,
    /// Last month (included).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Month>,
}
