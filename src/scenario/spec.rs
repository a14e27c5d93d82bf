//! The scenario file as it is written: one type per TOML table.
//!
//! These types are the one source of the file format: serde reads them, schemars makes the JSON
//! Schema that `pointplane schema` prints and that `check` holds a file against, and
//! `docs/scenario.md` lists them. `x-symbol` is the symbol on the model page, `x-unit` the unit.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Month, tagged};

mod firms;
mod history;
mod layout;
mod links;

pub use firms::{FirmIndustrySpec, FirmsSpec, MixingSpec, PopulationSpec};
pub use history::{ActsOn, CovariateSpec, HistorySpec, Standardise, Step};
pub use layout::{AllianceSpec, DatesSpec, LayoutSpec, MergeSpec};
pub use links::{DecaySpec, GravitySpec, HierarchySpec, LinkRule, LinkSourceSpec, TableSpec};

/// A scenario: the world, its calendar and every parameter of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSpec {
    /// Version of this file format; 1 for now.
    #[schemars(range(min = 1, max = 1))]
    pub format: u32,
    /// Short name; the results folder is named after it. Letters, digits, `-` and `_`.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    )]
    pub name: String,
    /// One line that describes the scenario.
    #[serde(default)]
    pub title: String,
    /// The same line in Chinese.
    #[serde(default)]
    pub title_zh: String,
    /// A scenario file that this one changes, in the same folder or, as `../NAME/FILE`, in one beside it,
    /// whose tables and layouts are then used. Tables of keys are merged key by key, arrays and values
    /// are replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// First month of the run.
    pub start: Month,
    /// Last month of the run (included).
    pub end: Month,
    /// Length of a step. Rates and ages are in steps, and a run has those from `start` to `end`.
    #[serde(default, skip_serializing_if = "Step::is_month")]
    #[schemars(extend("default" = "month"))]
    pub step: Step,
    /// Random seed of all replicates.
    #[serde(default = "d::seed")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_i64))]
    pub seed: u64,
    /// Default number of replicates of `run`.
    #[serde(default = "d::replicates")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replicates: u32,
    /// Where the places come from.
    pub places: PlacesSpec,
    /// Domains of innovation, in reporting order.
    #[schemars(length(min = 1, max = 64))]
    pub domains: Vec<DomainSpec>,
    /// The layers of links between places.
    #[schemars(length(min = 1, max = 32))]
    pub layers: Vec<LayerSpec>,
    /// The catalogue of alliances and which of them are active.
    #[serde(default)]
    pub alliances: AlliancesSpec,
    /// Corridors along which an axis can form.
    #[serde(default)]
    pub corridors: CorridorsSpec,
    /// Links of gateways.
    #[serde(default)]
    pub gateways: GatewaysSpec,
    /// Point scale: mandates, arrival, quality, piloting.
    #[serde(default)]
    pub point: PointSpec,
    /// Line scale: exposure, hazard, abandonment, formation of lines.
    #[serde(default)]
    pub line: LineSpec,
    /// Circle scale: catchments and provincial replication.
    #[serde(default)]
    pub circle: CircleSpec,
    /// Axis scale.
    #[serde(default)]
    pub axis: AxisSpec,
    /// Plane scale and national replication.
    #[serde(default)]
    pub plane: PlaneSpec,
    /// Given history: who adopted what when, to begin from, to estimate from and to replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<HistorySpec>,
    /// What else the hazard depends on, by place and time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub covariates: Vec<CovariateSpec>,
    /// Firms: the micro layer.
    #[serde(default = "FirmsSpec::none", skip_serializing_if = "FirmsSpec::is_off")]
    pub firms: FirmsSpec,
}

/// Files with places: regions, zones, candidates and gateways in any number of tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacesSpec {
    /// CSV files beside the scenario, read one after the other.
    #[schemars(length(min = 1, max = 100))]
    pub files: Vec<String>,
    /// Names of the areas of the place tables, for reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    pub areas: Vec<NamedSpec>,
    /// Names of the provinces of the place tables, for reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 1000))]
    pub provinces: Vec<NamedSpec>,
}

/// The names of an id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedSpec {
    /// The id that the place tables have.
    pub id: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
}

/// A domain of innovation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainSpec {
    /// Stable id; column names are made from it: lower-case letters, digits, `_`.
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
    /// Share of the domain that travels on each layer; the shares add up to 1.
    #[schemars(extend("x-symbol" = "a_dl", "x-unit" = "share"))]
    pub affinity: BTreeMap<String, f64>,
    /// Share of a zone's innovations in this domain where the place table has no `mix_<domain>` columns.
    #[serde(default = "d::one")]
    #[schemars(range(min = 0.0, max = 1e6), extend("x-unit" = "weight"))]
    pub share: f64,
    /// Hazard of adopting its innovations unheard, in place of `line.intrinsic_rate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "α_d", "x-unit" = "per month"))]
    pub intrinsic_rate: Option<f64>,
}

/// A layer of links, made from one or several sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerSpec {
    /// Stable id; column names are made from it: lower-case letters, digits, `_`.
    #[schemars(length(min = 1, max = 20), regex(pattern = r"^[a-z][a-z0-9_]*$"))]
    pub id: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Chinese name.
    #[serde(default)]
    pub name_zh: String,
    /// Where the links of this layer come from. Each source is row-standardised, weighted by its
    /// `share`, added up, and the sum is row-standardised again.
    #[schemars(length(min = 1, max = 20))]
    pub links: Vec<LinkSourceSpec>,
    /// What is done to its weights.
    #[serde(default, skip_serializing_if = "Standardise::is_row")]
    #[schemars(extend("default" = "row"))]
    pub standardise: Standardise,
    /// The layer's own coefficient; all layers have one or none. Then each layer's exposure counts by itself, in place
    /// of `line.beta` times all together, and the affinities of a domain need not add up to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "b_m", "x-unit" = "per month"))]
    pub coefficient: Option<f64>,
}

/// The catalogue of alliances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = tagged::closed)]
pub struct AlliancesSpec {
    /// Its tables.
    #[serde(flatten)]
    pub tables: Option<AllianceTables>,
    /// Ids of the active alliances; the others are only a catalogue for layouts.
    pub active: Vec<String>,
    /// Multiplies the strength of every alliance, so that the strengths of a table can be varied together.
    #[serde(skip_serializing_if = "d::is_one")]
    #[schemars(range(min = 0.0, max = 1000.0), extend("x-unit" = "factor"), extend("default" = 1.0))]
    pub strength_factor: f64,
}

/// The tables of alliances.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = tagged::by_keys)]
pub struct AllianceTables {
    /// CSV table of alliances: `id`, `name_en`, `name_zh`, `from`, `to`, `strength`, `size_exponent`, `c_<layer>`.
    pub file: String,
    /// CSV table of members: `alliance`, `member_kind` (`group`, `province` or `place`), `member`; `from` and `to` where members join and leave.
    pub members: String,
}

/// Corridors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(transform = tagged::closed)]
pub struct CorridorsSpec {
    /// Their tables.
    #[serde(flatten)]
    pub tables: Option<CorridorTables>,
}

/// The tables of corridors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = tagged::by_keys)]
pub struct CorridorTables {
    /// CSV table of corridors: `id`, `name_en`, `name_zh`, `c_<layer>`.
    pub file: String,
    /// CSV table of segments: `corridor`, `segment`, `order`, `member_kind` (`place`, `province`,
    /// `agglomeration`), `member`; several rows may name one segment.
    pub segments: String,
}

/// Gateways and the places they are linked to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaysSpec {
    /// CSV table: `gateway`, `role` (`serves` or `entry` for transit, `source` for a source), `place`
    /// (a place id, or a group id for all its zones), `share` (of a source's provisions).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// Layer on which transit travels; needed where there is a transit gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transit_layer: Option<String>,
    /// Strength of a transit link, both ways.
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "κ", "x-unit" = "weight"))]
    pub transit_strength: f64,
}

/// Point scale (model §7.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PointSpec {
    /// CSV table of tasks added later: `place` (a zone id, or a group id to divide them over its zones
    /// by mandate), `month`, `tasks`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandates: Option<String>,
    /// Rate at which each open task turns into an innovation.
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "μ", "x-unit" = "per month"))]
    pub arrival_rate: f64,
    /// Mean quality where leadership is 0.
    #[schemars(range(min = 0.001, max = 0.999), extend("x-unit" = "quality"))]
    pub quality_base: f64,
    /// Mean quality rises by this from leadership 0 to 1.
    #[schemars(range(min = 0.0, max = 0.998), extend("x-unit" = "quality"))]
    pub quality_gain: f64,
    /// Concentration (a + b) of the Beta distribution of quality.
    #[schemars(range(min = 0.01, max = 10_000.0))]
    pub quality_concentration: f64,
    /// Share of innovations that serve industry directly, where the place table has no column.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "share"))]
    pub direct_share: f64,
    /// Share of innovations that serve industry indirectly, where the place table has no column.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-unit" = "share"))]
    pub indirect_share: f64,
    /// Hazard of implementation at full platform support.
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "π", "x-unit" = "per month"))]
    pub implementation_rate: f64,
    /// Hazard of failure while piloting, at quality 0 and no tolerance (昙花一现).
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "δ₀", "x-unit" = "per month"))]
    pub failure_rate: f64,
    /// Fault tolerance (容错免责): lowers failure and abandonment.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-symbol" = "τ", "x-unit" = "share"))]
    pub tolerance: f64,
}

/// Response of the hazard to exposure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// x.
    Linear,
    /// x^n / (x^n + x₀^n): complex contagion.
    Hill,
    /// 1 when x ≥ x₀, else 0.
    Threshold,
}

/// Line scale (model §7.3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LineSpec {
    /// Contagion: hazard at full exposure, full environment.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "β", "x-unit" = "per month"))]
    pub beta: f64,
    /// Response of the hazard to exposure.
    #[schemars(extend("x-symbol" = "φ"))]
    pub response: Response,
    /// Exposure at half response (`hill`) or at the threshold.
    #[schemars(range(min = 1e-9, max = 1e6), extend("x-symbol" = "x₀", "x-unit" = "exposure"))]
    pub x0: f64,
    /// Exponent of `hill`.
    #[schemars(range(min = 0.1, max = 50.0), extend("x-symbol" = "n"))]
    pub hill_exponent: f64,
    /// Hazard of adopting unheard, without links or replication; 0 for none. A domain may have its own.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "α", "x-unit" = "per month"), extend("default" = 0.0))]
    #[serde(skip_serializing_if = "d::is_zero")]
    pub intrinsic_rate: f64,
    /// Backwash: what an open zone at no distance draws from the readiness of a region with F = 0 that does not host
    /// it, as a logarithm; 0 for none.
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "χ", "x-unit" = "log points"), extend("default" = 0.0))]
    #[serde(skip_serializing_if = "d::is_zero")]
    pub backwash: f64,
    /// Distance at which backwash falls to 1/e.
    #[schemars(range(min = 0.1, max = 1e5), extend("x-symbol" = "ρ", "x-unit" = "km"), extend("default" = 100.0))]
    #[serde(skip_serializing_if = "d::is_usual_km")]
    pub backwash_km: f64,
    /// Hazard added once an innovation is replicated in the own province.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "η_prov", "x-unit" = "per month"))]
    pub provincial_rate: f64,
    /// Hazard added once an innovation is replicated nationally.
    #[schemars(range(min = 0.0, max = 1e6), extend("x-symbol" = "η", "x-unit" = "per month"))]
    pub national_rate: f64,
    /// Hazard of abandoning an adopted item, at quality 0, no platform, no tolerance (急刹车).
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "δ₁", "x-unit" = "per month"))]
    pub abandonment_rate: f64,
    /// Bonus of a link on a formed line, as a share.
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "b_line", "x-unit" = "share"))]
    pub line_bonus: f64,
    /// Bonus of a link within one circle, as a share.
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "b_circle", "x-unit" = "share"))]
    pub circle_bonus: f64,
    /// Bonus of a link on one axis, as a share.
    #[schemars(range(min = 0.0, max = 100.0), extend("x-symbol" = "b_axis", "x-unit" = "share"))]
    pub axis_bonus: f64,
    /// Express link between zones on one formed axis.
    #[schemars(range(min = 0.0, max = 10.0), extend("x-symbol" = "w_axis", "x-unit" = "weight"))]
    pub express: f64,
    /// Rate at which the flow on a link is forgotten.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-symbol" = "ψ", "x-unit" = "per month"))]
    pub forgetting: f64,
    /// Flow at which a line forms; it dissolves below half of it.
    #[schemars(range(min = 1e-9, max = 1e9), extend("x-symbol" = "θ_line", "x-unit" = "adoptions"))]
    pub line_threshold: f64,
    /// Whether lines, and with them circles and axes, form at all. Off for studies of contagion alone.
    pub structures: bool,
}

/// Circle scale (model §7.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CircleSpec {
    /// Reach of a catchment beyond the own province.
    #[schemars(range(min = 0.0, max = 20_100.0), extend("x-symbol" = "r_c", "x-unit" = "km"))]
    pub radius_km: f64,
    /// Share of the catchment's weight that makes a circle.
    #[schemars(range(min = 1e-6, max = 1.0), extend("x-symbol" = "θ_circle", "x-unit" = "share"))]
    pub circle_threshold: f64,
    /// Months between provincial reviews, counted from the opening of the province's first zone; 0 for none.
    #[schemars(range(min = 0, max = 1200), extend("x-unit" = "months"))]
    pub review_every: u32,
    /// Months between the implementation of an innovation and its earliest provincial or national replication.
    #[schemars(range(min = 0, max = 1200), extend("x-symbol" = "a_rep", "x-unit" = "months"))]
    pub replication_age: u32,
    /// Lowest quality that a province replicates.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-symbol" = "q*_prov", "x-unit" = "quality"))]
    pub provincial_quality: f64,
}

/// Axis scale (model §7.5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AxisSpec {
    /// Minimum number of joined segments of an axis; a shorter corridor needs all of its own.
    #[schemars(range(min = 1, max = 1000), extend("x-symbol" = "a_min", "x-unit" = "segments"))]
    pub min_segments: u32,
}

/// Plane scale (model §7.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaneSpec {
    /// Share of all weight at which the plane is formed.
    #[schemars(range(min = 1e-6, max = 1.0), extend("x-symbol" = "θ_plane", "x-unit" = "share"))]
    pub plane_threshold: f64,
    /// Months in which the centre evaluates, in order.
    #[schemars(length(max = 2000))]
    pub evaluations: Vec<Month>,
    /// Lowest quality that the centre replicates.
    #[schemars(range(min = 0.0, max = 1.0), extend("x-symbol" = "q*", "x-unit" = "quality"))]
    pub national_quality: f64,
    /// Minimum number of adopting places for national replication.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("x-symbol" = "m_rep", "x-unit" = "places"))]
    pub national_adopters: u32,
    /// CSV table of observed batches to show beside the simulated ones: `month`, `items`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
}

mod d {
    pub fn seed() -> u64 {
        1
    }
    pub fn replicates() -> u32 {
        20
    }
    pub fn one() -> f64 {
        1.0
    }
    pub fn is_one(number: &f64) -> bool {
        *number == 1.0
    }
    pub fn is_usual_km(km: &f64) -> bool {
        *km == 100.0
    }
    pub fn is_zero(number: &f64) -> bool {
        *number == 0.0
    }
    pub fn strength() -> f64 {
        0.3
    }
    pub fn size_exponent() -> f64 {
        0.5
    }
}

impl Default for AlliancesSpec {
    fn default() -> Self {
        Self {
            tables: None,
            active: Vec::new(),
            strength_factor: 1.0,
        }
    }
}

impl Default for GatewaysSpec {
    fn default() -> Self {
        Self {
            links: None,
            transit_layer: None,
            transit_strength: 0.2,
        }
    }
}

impl Default for PointSpec {
    fn default() -> Self {
        Self {
            mandates: None,
            arrival_rate: 0.03,
            quality_base: 0.3,
            quality_gain: 0.4,
            quality_concentration: 6.0,
            direct_share: 0.43,
            indirect_share: 0.56,
            implementation_rate: 0.25,
            failure_rate: 0.05,
            tolerance: 0.3,
        }
    }
}

impl Default for LineSpec {
    fn default() -> Self {
        Self {
            beta: 0.05,
            response: Response::Linear,
            x0: 0.2,
            hill_exponent: 2.0,
            intrinsic_rate: 0.0,
            backwash: 0.0,
            backwash_km: 100.0,
            provincial_rate: 0.05,
            national_rate: 0.08,
            abandonment_rate: 0.004,
            line_bonus: 0.3,
            circle_bonus: 0.2,
            axis_bonus: 0.2,
            express: 0.1,
            forgetting: 0.03,
            line_threshold: 2.0,
            structures: true,
        }
    }
}

impl Default for CircleSpec {
    fn default() -> Self {
        Self {
            radius_km: 300.0,
            circle_threshold: 0.4,
            review_every: 12,
            replication_age: 6,
            provincial_quality: 0.5,
        }
    }
}

impl Default for AxisSpec {
    fn default() -> Self {
        Self { min_segments: 3 }
    }
}

impl Default for PlaneSpec {
    fn default() -> Self {
        Self {
            plane_threshold: 0.5,
            evaluations: Vec::new(),
            national_quality: 0.7,
            national_adopters: 5,
            observed: None,
        }
    }
}
