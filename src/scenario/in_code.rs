//! Scenarios that are built in code rather than read. What files must keep to is then up to the caller: nothing behind
//! the door is checked again.

use super::Month;
use super::spec::{
    AxisSpec, CircleSpec, DecaySpec, DomainSpec, GatewaysSpec, GravitySpec, HierarchySpec,
    LayerSpec, LineSpec, LinkRule, LinkSourceSpec, PlaneSpec, PointSpec, Standardise, Step,
    TableSpec,
};
use super::tables::{Kind, LinkTable, Place, Scenario, TableLink, Tier};

impl Scenario {
    /// A scenario of no place, layer and domain yet, from the month `start` to the month `end`, which is the last one;
    /// seed 1, and every parameter at its default.
    pub fn new(name: &str, start: Month, end: Month) -> Self {
        Self {
            name: name.to_owned(),
            title: String::new(),
            title_zh: String::new(),
            layout: String::new(),
            layout_title: String::new(),
            layout_title_zh: String::new(),
            start,
            end,
            step: Step::Month,
            seed: 1,
            replicates: 1,
            places: Vec::new(),
            domains: Vec::new(),
            layers: Vec::new(),
            industries: Vec::new(),
            link_tables: Vec::new(),
            alliances: Vec::new(),
            alliance_strength_factor: 1.0,
            corridors: Vec::new(),
            gateway_links: Vec::new(),
            mandates: Vec::new(),
            observed: Vec::new(),
            gateways: GatewaysSpec::default(),
            point: PointSpec::default(),
            line: LineSpec::default(),
            circle: CircleSpec::default(),
            axis: AxisSpec::default(),
            plane: PlaneSpec::default(),
            history: None,
            covariates: Vec::new(),
            numbered: false,
            firms: None,
        }
    }

    /// Adds a place, whose id no other may have, and gives its position.
    pub fn place(&mut self, place: Place) -> u32 {
        self.places.push(place);
        self.places.len() as u32 - 1
    }

    /// Adds a layer with links (listener, source, weight > 0), by position of the places. The weights of a listener
    /// are divided by their sum.
    pub fn layer(
        &mut self,
        id: &str,
        links: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> &mut Self {
        let table = LinkTable::new(self.layers.len(), links);
        self.link_tables.push(table);
        self.layers.push(LayerSpec::table(id));
        self
    }

    /// Adds a domain; `affinity` says which share of it travels on each layer and adds up to 1.
    pub fn domain(&mut self, id: &str, affinity: &[(&str, f64)]) -> &mut Self {
        self.domains.push(DomainSpec::new(id, affinity));
        self
    }
}

impl Place {
    /// A zone of a province that opens in the month `open` with so many reform tasks: capacities of one half, no
    /// friction, weight 1, which is not counted in measures.
    pub fn zone(id: &str, province: &str, open: Month, tasks: u32) -> Self {
        Self {
            open: Some(open),
            tasks,
            ..Self::of(Kind::Zone, id, province, 1.0)
        }
    }

    /// A region of a province: hinterland, capacities of one half, no friction. Its weight, people or output, is
    /// counted in measures.
    pub fn region(id: &str, province: &str, weight: f64) -> Self {
        Self::of(Kind::Region, id, province, weight)
    }

    fn of(kind: Kind, id: &str, province: &str, weight: f64) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            name_en: String::new(),
            name_zh: String::new(),
            lon: 0.0,
            lat: 0.0,
            weight,
            carries_weight: kind == Kind::Region,
            province: province.to_owned(),
            area: String::new(),
            agglomerations: Vec::new(),
            tier: Tier::Hinterland,
            capital: false,
            host: None,
            group: None,
            open: None,
            close: None,
            factor: 0.5,
            platform: 0.5,
            leadership: 0.5,
            environment: 0.5,
            radiation: 0.5,
            friction: 0.0,
            tasks: 0,
            provisions: 0,
            mix: None,
            orientation: None,
            industries: Vec::new(),
        }
    }
}

impl LinkTable {
    /// The links (listener, source, weight) of a layer's first source.
    pub fn new(layer: usize, links: impl IntoIterator<Item = (u32, u32, f64)>) -> Self {
        let link = |(listener, source, weight)| TableLink {
            listener,
            source,
            weight,
        };
        Self {
            layer,
            source: 0,
            links: links.into_iter().map(link).collect(),
        }
    }
}

impl LayerSpec {
    /// A layer whose links are a table.
    pub fn table(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name_en: String::new(),
            name_zh: String::new(),
            links: vec![LinkSourceSpec::new(LinkRule::table())],
            standardise: Standardise::Row,
            coefficient: None,
        }
    }
}

impl LinkSourceSpec {
    /// Links by a rule, with all of the layer's weight and as many links as the rule keeps by default.
    pub fn new(rule: LinkRule) -> Self {
        Self {
            rule,
            share: 1.0,
            k: None,
        }
    }
}

impl LinkRule {
    /// `gravity` with its defaults.
    pub fn gravity() -> Self {
        Self::Gravity(GravitySpec::default())
    }

    /// `decay` with its defaults.
    pub fn decay() -> Self {
        Self::Decay(DecaySpec::default())
    }

    /// `similarity` with its defaults.
    pub fn similarity() -> Self {
        Self::Similarity(DecaySpec::default())
    }

    /// `hierarchy` with its defaults.
    pub fn hierarchy() -> Self {
        Self::Hierarchy(HierarchySpec::default())
    }

    /// `table`, with links that are given in code.
    pub fn table() -> Self {
        Self::Table(TableSpec::default())
    }
}

impl DomainSpec {
    /// A domain and the shares of it that travel on layers.
    pub fn new(id: &str, affinity: &[(&str, f64)]) -> Self {
        let of = |(layer, share): &(&str, f64)| ((*layer).to_owned(), *share);
        Self {
            id: id.to_owned(),
            name_en: String::new(),
            name_zh: String::new(),
            affinity: affinity.iter().map(of).collect(),
            share: 1.0,
            intrinsic_rate: None,
        }
    }
}
