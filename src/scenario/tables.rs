//! The checked scenario: what is behind the door. Rows of the CSV tables as typed values, every
//! reference known to resolve, every number known to lie in its range.

use std::sync::Arc;

use super::Month;
use super::ids::Ids;
use super::spec::{
    AxisSpec, CircleSpec, CovariateSpec, DomainSpec, FirmsSpec, GatewaysSpec, LayerSpec, LineSpec,
    PlaneSpec, PointSpec, Step,
};

/// A scenario with its layout applied, checked, ready to be made into a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Short name.
    pub name: String,
    /// One line in English.
    pub title: String,
    /// One line in Chinese.
    pub title_zh: String,
    /// Name of the layout laid over it; empty when none is.
    pub layout: String,
    /// Title of that layout in English; empty without one.
    pub layout_title: String,
    /// Title of that layout in Chinese; empty without one.
    pub layout_title_zh: String,
    /// First month.
    pub start: Month,
    /// Last month, included.
    pub end: Month,
    /// Length of a step of the history.
    pub step: Step,
    /// Random seed of all replicates.
    pub seed: u64,
    /// Replicates unless told otherwise.
    pub replicates: u32,
    /// Places in input order.
    pub places: Vec<Place>,
    /// Domains in reporting order.
    pub domains: Vec<DomainSpec>,
    /// Layers with their link sources.
    pub layers: Vec<LayerSpec>,
    /// Industries of the place table, in column order.
    pub industries: Vec<String>,
    /// Links read from files: one list for each (layer, source) whose rule is `table`, in order.
    pub link_tables: Vec<LinkTable>,
    /// Active alliances, in id order.
    pub alliances: Vec<Alliance>,
    /// Multiplies the strength of every alliance.
    pub alliance_strength_factor: f64,
    /// Corridors in file order.
    pub corridors: Vec<Corridor>,
    /// Links of gateways.
    pub gateway_links: Vec<GatewayLink>,
    /// Tasks added after opening.
    pub mandates: Vec<Mandate>,
    /// Observed national batches: month and items.
    pub observed: Vec<(Month, u32)>,
    /// Gateway parameters.
    pub gateways: GatewaysSpec,
    /// Point parameters.
    pub point: PointSpec,
    /// Line parameters.
    pub line: LineSpec,
    /// Circle parameters.
    pub circle: CircleSpec,
    /// Axis parameters.
    pub axis: AxisSpec,
    /// Plane parameters.
    pub plane: PlaneSpec,
    /// Who adopted what when, where that is given.
    pub history: Option<History>,
    /// Covariates of the hazard.
    pub covariates: Vec<Covariate>,
    /// Whether times of the history and the covariates are whole numbers of steps from `start` on, and no dates.
    pub numbered: bool,
    /// The firm layer, where it is on.
    pub firms: Option<FirmLayer>,
}

impl Scenario {
    /// The title of its layout, in English and in Chinese.
    pub fn layout_titles(&self) -> [String; 2] {
        [self.layout_title.clone(), self.layout_title_zh.clone()]
    }
}

/// The firm layer as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct FirmLayer {
    /// Its parameters.
    pub spec: FirmsSpec,
    /// Ids of the industries; at least one.
    pub industries: Vec<String>,
    /// Input–output shares of the table `io`, `[industry · G + partner's industry]`.
    pub io: Option<Vec<f64>>,
    /// Firms of the user's table.
    pub given: Option<Arc<GivenFirms>>,
}

/// Firms and their partners from the user's tables; every list has one entry per firm.
#[derive(Clone, Debug, Default)]
pub struct GivenFirms {
    /// Ids.
    pub ids: Ids,
    /// Position of its region in [`Scenario::places`].
    pub region: Vec<u32>,
    /// Position of its industry.
    pub industry: Vec<u16>,
    /// Size class.
    pub size: Vec<u16>,
    /// (firm, partner), by position.
    pub links: Vec<(u32, u32)>,
}

impl PartialEq for GivenFirms {
    fn eq(&self, other: &Self) -> bool {
        self.ids.names().eq(other.ids.names())
            && self.region == other.region
            && self.industry == other.industry
            && self.size == other.size
            && self.links == other.links
    }
}

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A pilot-zone area (片区): a point.
    Zone,
    /// A city, prefecture or county.
    Region,
    /// A rule source or benchmark zone abroad; never adopts.
    SourceGateway,
    /// A transit port; never adopts.
    TransitGateway,
}

impl Kind {
    /// Whether places of this kind can adopt.
    pub fn adopts(self) -> bool {
        matches!(self, Self::Zone | Self::Region)
    }
}

/// Standing of a region within its province.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// 联动: linkage.
    Linkage,
    /// 辐射: radiation.
    Radiation,
    /// Hinterland.
    Hinterland,
}

/// A row of a place table. Columns have the fields' names; `kind` is `zone`, `region`,
/// `source_gateway` or `transit_gateway`.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Stable id: names every draw of this place.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// m_i > 0: people or GDP, in any one unit.
    pub weight: f64,
    /// Whether the weight counts in measures, catchments and the plane: always for a region, never for a gateway.
    pub carries_weight: bool,
    /// Province; empty for a gateway.
    pub province: String,
    /// Statistical area of the country (for inequality between areas); may be empty.
    pub area: String,
    /// Urban agglomerations, `|`-separated in the file.
    pub agglomerations: Vec<String>,
    /// Regions only; `hinterland` when empty.
    pub tier: Tier,
    /// Whether this region is the capital of its province (`capital` = 1).
    pub capital: bool,
    /// Zones: id of the region that hosts it; may be empty.
    pub host: Option<String>,
    /// Zones: the free-trade zone it belongs to; its own id when empty.
    pub group: Option<String>,
    /// Opening month of a zone (empty: a candidate), transit gateway, or month a source comes into force.
    pub open: Option<Month>,
    /// Month in which a layout closes the zone, its last.
    pub close: Option<Month>,
    /// F_i 要素集聚.
    pub factor: f64,
    /// S_i 平台支撑.
    pub platform: f64,
    /// L_i 创新引领.
    pub leadership: f64,
    /// E_i 环境吸引.
    pub environment: f64,
    /// R_i 全域辐射.
    pub radiation: f64,
    /// f_i 多头管理.
    pub friction: f64,
    /// M_z: tasks of a zone at its opening.
    pub tasks: u32,
    /// Provisions of a source gateway.
    pub provisions: u32,
    /// Domain mix of a zone, one weight per domain (columns `mix_<domain>`); the domains' `share` when empty.
    pub mix: Option<Vec<f64>>,
    /// Shares of innovations that serve industry directly and indirectly (`direct_share`, `indirect_share`).
    pub orientation: Option<(f64, f64)>,
    /// Industry profile, one weight per industry (columns `industry_<id>`).
    pub industries: Vec<f64>,
}

impl Place {
    /// The free-trade zone that a zone belongs to: its group, or itself.
    pub fn free_trade_zone(&self) -> &str {
        self.group.as_deref().unwrap_or(&self.id)
    }
}

/// Who adopted what when. Times are periods, counted in steps from wherever the tables count them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Items in file order.
    pub items: Vec<Item>,
    /// The table of adoptions, as messages name it.
    pub file: String,
}

/// What spreads.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Stable id.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
    /// Position in [`Scenario::places`] of a place that had it before all others.
    pub origin: Option<u32>,
    /// Position of its domain.
    pub domain: usize,
    /// q_k.
    pub quality: f64,
    /// First period in which places are at risk.
    pub first_risk: i32,
    /// Last one.
    pub last: i32,
    /// First adoptions, in order of time, then of the file.
    pub adoptions: Vec<Adoption>,
}

/// A place's first adoption of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Position in [`Scenario::places`].
    pub place: u32,
    /// Period.
    pub time: i32,
    /// Period from whose end on the place is not heard any more.
    pub until: Option<i32>,
}

/// A covariate with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// Its keys.
    pub spec: CovariateSpec,
    /// Whether it differs between places, and over time.
    pub by: [bool; 2],
    /// (place, period, value) in ascending order, 0 where it does not differ by it; those that are not known are not
    /// there.
    pub values: Vec<(u32, i32, f64)>,
}

/// Links read from a file.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkTable {
    /// Position of the layer.
    pub layer: usize,
    /// Position of the source within the layer.
    pub source: usize,
    /// Rows: the listener hears the source.
    pub links: Vec<TableLink>,
}

/// A row of a link table; positions in [`Scenario::places`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TableLink {
    /// Who hears (i).
    pub listener: u32,
    /// Who is heard (j).
    pub source: u32,
    /// Weight, positive, before row-standardisation.
    pub weight: f64,
}

/// An active alliance.
#[derive(Clone, Debug, PartialEq)]
pub struct Alliance {
    /// Stable id.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
    /// First month; the start of the run when empty.
    pub from: Option<Month>,
    /// Last month, included; the end of the run when empty.
    pub to: Option<Month>,
    /// ω.
    pub strength: f64,
    /// ζ.
    pub size_exponent: f64,
    /// c_l, one per layer.
    pub layers: Vec<f64>,
    /// Members in id order.
    pub members: Vec<Member>,
}

/// A member of an alliance, and when it is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// Who.
    pub who: Who,
    /// First month as a member; as long as there is the alliance when empty.
    pub from: Option<Month>,
    /// Last month as a member, included.
    pub to: Option<Month>,
}

/// Who is a member of an alliance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// A free-trade zone: its delegates are its open zones.
    Group(String),
    /// A province: its delegates are its linkage regions.
    Province(String),
    /// A single zone or region.
    Place(String),
}

impl Who {
    /// Its id.
    pub fn name(&self) -> &str {
        match self {
            Self::Group(name) | Self::Province(name) | Self::Place(name) => name,
        }
    }

    /// Whether a place speaks for it, while the place is open.
    pub fn speaks(&self, place: &Place) -> bool {
        match self {
            Self::Group(group) => place.kind == Kind::Zone && place.free_trade_zone() == group,
            Self::Province(province) => {
                place.kind == Kind::Region
                    && place.tier == Tier::Linkage
                    && place.province == *province
            }
            Self::Place(id) => place.kind.adopts() && place.id == *id,
        }
    }
}

impl From<Who> for Member {
    /// A member as long as there is the alliance.
    fn from(who: Who) -> Self {
        Self {
            who,
            from: None,
            to: None,
        }
    }
}

/// A corridor.
#[derive(Clone, Debug, PartialEq)]
pub struct Corridor {
    /// Stable id.
    pub id: String,
    /// English name.
    pub name_en: String,
    /// Chinese name.
    pub name_zh: String,
    /// c_l, one per layer.
    pub layers: Vec<f64>,
    /// Segments in order.
    pub segments: Vec<Segment>,
}

/// A segment of a corridor.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Stable id within the corridor.
    pub id: String,
    /// Positions in [`Scenario::places`] of the regions and zones in it, ascending.
    pub places: Vec<u32>,
}

/// What a gateway does for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayRole {
    /// A zone that a transit port serves.
    Serves,
    /// A region where its goods enter the country.
    Entry,
    /// A zone that tries out a source's provisions.
    Source,
}

/// A link of a gateway; positions in [`Scenario::places`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GatewayLink {
    /// The gateway.
    pub gateway: u32,
    /// What it does.
    pub role: GatewayRole,
    /// The zone or region.
    pub place: u32,
    /// Source: the place's share of the provisions.
    pub share: f64,
}

/// Tasks added to a zone after its opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Position of the zone in [`Scenario::places`].
    pub zone: u32,
    /// When.
    pub month: Month,
    /// How many.
    pub tasks: u32,
}

/// What a kind is called in the place table.
pub const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Zone => "zone",
        Kind::Region => "region",
        Kind::SourceGateway => "source_gateway",
        Kind::TransitGateway => "transit_gateway",
    }
}

/// What a tier is called in the place table.
pub const fn tier_word(tier: Tier) -> &'static str {
    match tier {
        Tier::Linkage => "linkage",
        Tier::Radiation => "radiation",
        Tier::Hinterland => "hinterland",
    }
}
