//! The table `[firms]`: the micro layer (model §7.7).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::tagged;

/// Firms: how many, of which industries and sizes, who deals with whom, and what makes them take up
/// a domain's innovations. Without this table there are no firms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = tagged::closed)]
pub struct FirmsSpec {
    /// Whether there are firms; true wherever the table `[firms]` is written.
    pub enabled: bool,
    /// How many there are, or which.
    #[serde(flatten)]
    pub population: PopulationSpec,
    /// People for each unit of the places' column `weight`; used with `per_1000`.
    #[schemars(range(min = 1e-9, max = 1e12), extend("x-unit" = "people"))]
    pub people_per_weight: f64,
    /// Industries. Empty: those of the place tables, with equal shares; or a single one, `all`.
    #[schemars(length(max = 200))]
    pub industries: Vec<FirmIndustrySpec>,
    /// Least size of each size class, ascending.
    #[schemars(length(min = 1, max = 50), extend("x-unit" = "employees"))]
    pub size_bounds: Vec<u32>,
    /// Tail exponent of firm size, a Pareto law from the first bound on (default: Axtell 2001).
    #[schemars(range(min = 0.1, max = 10.0))]
    pub size_exponent: f64,
    /// Largest size.
    #[schemars(range(min = 2.0, max = 1e9), extend("x-unit" = "employees"))]
    pub largest: f64,
    /// Mean number of partners that a firm listens to; 0 for none.
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-unit" = "partners"))]
    pub partners: f64,
    /// Tail exponent of the number of partners, a discrete Pareto law (default: Fujiwara and Aoyama 2010).
    #[schemars(range(min = 0.5, max = 50.0))]
    pub degree_exponent: f64,
    /// Maximum number of partners of a firm; larger draws are truncated.
    #[schemars(range(min = 1, max = 10_000), extend("x-unit" = "partners"))]
    pub most_partners: u32,
    /// Gravity between regions: exponent of the weight of the partner's region.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub mass_exponent: f64,
    /// Gravity between regions: exponent of distance (default: Disdier and Head 2008).
    #[schemars(range(min = 0.0, max = 10.0))]
    pub distance_exponent: f64,
    /// Distance between partners of one region, and the least between two regions.
    #[schemars(range(min = 0.1, max = 10_000.0), extend("x-unit" = "km"))]
    pub near_km: f64,
    /// Of which industries its partners are.
    #[serde(flatten)]
    pub mixing: MixingSpec,
    /// A firm is chosen as partner in proportion to its size to this power.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub choice_exponent: f64,
    /// Hazard of taking up a domain at the stock `stock_ref`, factor agglomeration ½, fit 1, size 1.
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "α", "x-unit" = "per month"))]
    pub uptake_rate: f64,
    /// Stock of a domain's innovations in the region that counts as 1.
    #[schemars(range(min = 1e-6, max = 1e9), extend("x-symbol" = "stock_ref", "x-unit" = "quality"))]
    pub stock_ref: f64,
    /// Exponent of size in the hazard.
    #[schemars(range(min = -3.0, max = 3.0), extend("x-symbol" = "σ"))]
    pub size_effect: f64,
    /// Relative increase of the hazard when all partners have taken up the domain.
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-symbol" = "χ", "x-unit" = "share"))]
    pub partner_effect: f64,
    /// Demand pull: relative increase of a government's hazard when all partners of its firms have taken up
    /// the domain.
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-symbol" = "ξ", "x-unit" = "share"))]
    pub demand_pull: f64,
    /// Benefit per unit of weight where all firms have taken up the domain; 1 for domains not named.
    #[schemars(extend("x-symbol" = "γ_d", "x-unit" = "benefit"))]
    pub benefit: BTreeMap<String, f64>,
    /// Expected number of firms in the table `sample`; 0 for no such table.
    #[schemars(range(min = 0, max = 1_000_000), extend("x-unit" = "firms"))]
    pub sample: u32,
}

/// How many firms there are, or which. The first that is given holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(transform = tagged::by_keys)]
pub enum PopulationSpec {
    /// Those of a table.
    Table {
        /// CSV or Parquet table with the firms themselves: `id`, `region`, `industry`, `size`. Instead of
        /// `number` and `per_1000`.
        file: String,
        /// CSV or Parquet table with the partners of those firms: `firm`, `partner`. Needs `file`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        links: Option<String>,
    },
    /// So many, divided over the regions by weight.
    Number {
        /// Number of firms in the country, divided over the regions by weight. Instead of `per_1000`.
        #[schemars(range(min = 1, max = 4_000_000_000_i64), extend("x-unit" = "firms"))]
        number: u64,
    },
    /// In proportion to people.
    PerThousand {
        /// Firms per 1,000 people, where neither `file` nor `number` is given.
        #[serde(default = "usual_number")]
        #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "firms"))]
        per_1000: f64,
    },
}

impl PopulationSpec {
    /// The key that says how many firms there are.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Table { .. } => "firms.file",
            Self::Number { .. } => "firms.number",
            Self::PerThousand { .. } => "firms.per_1000",
        }
    }
}

fn usual_number() -> f64 {
    35.0
}

/// Of which industries the partners of a firm are. The first that is given holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(transform = tagged::by_keys)]
pub enum MixingSpec {
    /// By a table.
    Table {
        /// CSV table of input–output shares: `industry`, `partner`, `share`. Instead of `homophily`.
        io: String,
    },
    /// Its own, and all alike.
    Homophily {
        /// Share of partners that a firm draws from its own industry only; the others come from all industries.
        /// Without a table `io`.
        #[serde(default = "usual_homophily")]
        #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "share"))]
        homophily: f64,
    },
}

fn usual_homophily() -> f64 {
    0.4
}

/// An industry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirmIndustrySpec {
    /// Stable id. Where the place tables have a column `industry_<id>`, it is the industry's weight in
    /// each region, relative to the country.
    #[schemars(length(min = 1, max = 23), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
    /// Share of the country's firms.
    #[serde(default = "super::d::one")]
    #[schemars(range(min = 0.0, max = 1e9), extend("x-unit" = "weight"))]
    pub share: f64,
    /// How well each domain's innovations fit the industry; 1 for domains not named.
    #[serde(default)]
    #[schemars(extend("x-symbol" = "fit_gd"))]
    pub fit: BTreeMap<String, f64>,
}

impl Default for FirmsSpec {
    fn default() -> Self {
        Self {
            enabled: true,
            population: PopulationSpec::PerThousand {
                per_1000: usual_number(),
            },
            people_per_weight: 1.0,
            industries: Vec::new(),
            size_bounds: vec![1, 10, 50, 250, 1000],
            size_exponent: 1.059,
            largest: 100_000.0,
            partners: 10.0,
            degree_exponent: 1.35,
            most_partners: 1000,
            mass_exponent: 1.0,
            distance_exponent: 0.9,
            near_km: 50.0,
            mixing: MixingSpec::Homophily {
                homophily: usual_homophily(),
            },
            choice_exponent: 0.5,
            uptake_rate: 0.01,
            stock_ref: 10.0,
            size_effect: 0.1,
            partner_effect: 1.0,
            demand_pull: 0.5,
            benefit: BTreeMap::new(),
            sample: 100,
        }
    }
}

impl FirmsSpec {
    /// No firms: what a scenario without the table has.
    pub fn none() -> Self {
        Self {
            enabled: false,
            ..Self::default()
        }
    }

    /// Whether there are none.
    pub fn is_off(&self) -> bool {
        !self.enabled
    }
}
