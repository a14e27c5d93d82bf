//! The tables `[[layers.links]]`: the rules that make links, each with the keys that it takes.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::d;
use crate::scenario::tagged;

/// One source of links: a rule with what it takes. Keys that the rule does not use are an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = by_rule)]
pub struct LinkSourceSpec {
    /// The rule.
    #[serde(flatten)]
    pub rule: LinkRule,
    /// Weight of this source within the layer.
    #[serde(default = "d::one")]
    #[schemars(range(min = 1e-9, max = 1e9), extend("x-unit" = "weight"))]
    pub share: f64,
    /// How many strongest links each place keeps (every rule; `table` keeps all unless given).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000), extend("x-symbol" = "k", "x-unit" = "links"), extend("default" = 8))]
    pub k: Option<u32>,
}

fn by_rule(schema: &mut Schema) {
    let choice = tagged::flat(schema, "rule", "The rule that makes the links.");
    tagged::exclusive(schema, &choice);
}

/// How a source of links makes them (model §7.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum LinkRule {
    /// m_j^alpha / d_ij^gamma.
    Gravity(GravitySpec),
    /// exp(−d_ij / delta_km).
    Decay(DecaySpec),
    /// Cosine similarity of the industry profiles times exp(−d_ij / delta_km).
    Similarity(DecaySpec),
    /// Zone → own province by tier, same group, capital → province, gateway → zone.
    Hierarchy(HierarchySpec),
    /// A CSV table (`source`, `target`, `weight`; the target hears the source), GAL or GWT file.
    Table(TableSpec),
}

/// Keys of `gravity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline)]
pub struct GravitySpec {
    /// Exponent of the weight of the source.
    #[schemars(range(min = 0.0, max = 5.0), extend("x-symbol" = "α"))]
    pub alpha: f64,
    /// Exponent of distance (default: Disdier and Head 2008).
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "γ"))]
    pub gamma: f64,
    /// No links longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.1, max = 100_000.0), extend("x-unit" = "km"))]
    pub max_km: Option<f64>,
}

impl Default for GravitySpec {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            gamma: 0.9,
            max_km: None,
        }
    }
}

/// Keys of `decay` and of `similarity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline)]
pub struct DecaySpec {
    /// Distance at which the weight falls to 1/e.
    #[schemars(range(min = 0.1, max = 100_000.0), extend("x-symbol" = "δ", "x-unit" = "km"))]
    pub delta_km: f64,
    /// No links longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.1, max = 100_000.0), extend("x-unit" = "km"))]
    pub max_km: Option<f64>,
}

impl Default for DecaySpec {
    fn default() -> Self {
        Self {
            delta_km: 400.0,
            max_km: None,
        }
    }
}

/// Keys of `hierarchy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(inline)]
pub struct HierarchySpec {
    /// Weight of a zone of the own province for a linkage region.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub linkage: f64,
    /// The same for a radiation region.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub radiation: f64,
    /// The same for a hinterland region.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub hinterland: f64,
    /// Weight of another zone of the same group for a zone.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub same_group: f64,
    /// Weight of the province's capital for its other regions and its zones.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub capital: f64,
    /// Weight of a source gateway for the zones it is linked to (a gateway never adopts, so a link from it only
    /// dilutes the others).
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub gateway: f64,
}

impl Default for HierarchySpec {
    fn default() -> Self {
        Self {
            linkage: 1.0,
            radiation: 0.6,
            hinterland: 0.3,
            same_group: 1.0,
            capital: 0.5,
            gateway: 0.0,
        }
    }
}

/// Keys of `table`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct TableSpec {
    /// File with the links, `.csv`, `.parquet`, `.gal`, `.gwt` or `.kwt`.
    // Empty where the links are given in code.
    pub file: String,
}
