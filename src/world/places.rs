//! Places and zones as arrays in canonical order.

use std::collections::BTreeMap;

use crate::draw::id_hash;
use crate::scenario::Scenario;
use crate::scenario::tables::{Kind, Place, Tier};

use super::decimal::whole;
use super::id::PlaceId;
use super::{Calendar, NEVER};

/// The places of a world; every list has one entry per place, in canonical order.
#[derive(Clone, Debug)]
pub struct Places {
    /// Ids, ascending.
    pub id: Vec<String>,
    /// Position of each place in [`Scenario::places`].
    pub input: Vec<u32>,
    /// Hash of the id: names the place's draws.
    pub hash: Vec<u64>,
    /// What each is.
    pub kind: Vec<Kind>,
    /// m_i.
    pub weight: Vec<f64>,
    /// Whether the weight counts in catchments: that of regions, and of zones of which the scenario says so.
    pub carries: Vec<bool>,
    /// Whether the weight counts in measures and in the plane: the same, but that of all zones where no place
    /// carries weight.
    pub counts: Vec<bool>,
    /// m_i of those that count, as a whole number of 10^−`decimals`; 0 of others.
    pub whole: Vec<i64>,
    /// The sum of these.
    pub all: i64,
    /// What these are counted in.
    pub decimals: i32,
    /// E_i.
    pub environment: Vec<f64>,
    /// R_i.
    pub radiation: Vec<f64>,
    /// S_i.
    pub platform: Vec<f64>,
    /// Degrees east and north.
    pub position: Vec<(f64, f64)>,
    /// Province number; provinces are numbered in id order.
    pub province: Vec<u32>,
    /// Ids of the provinces.
    pub provinces: Vec<String>,
    /// The places of each province, ascending.
    pub of_province: Vec<Vec<PlaceId>>,
    /// Area number; areas are numbered in id order.
    pub area: Vec<u32>,
    /// Ids of the areas.
    pub areas: Vec<String>,
    /// Standing of regions.
    pub tier: Vec<Tier>,
    /// First month in which the place can hold an item: 0 for a region, the opening month of a zone,
    /// `NEVER` for a gateway or a zone that never opens.
    pub open: Vec<u16>,
    /// Month in which the place closes: at its end it is closed; `NEVER` for one that stays.
    pub close: Vec<u16>,
}

impl Places {
    /// Sorts the places by id and numbers their provinces and areas.
    pub fn new(scenario: &Scenario, calendar: &Calendar) -> Self {
        let rows = &scenario.places;
        let input = super::links::canonical_order(scenario);
        let of = |f: &dyn Fn(&Place) -> f64| -> Vec<f64> {
            input.iter().map(|&i| f(&rows[i as usize])).collect()
        };
        let (province, provinces) = numbered(&input, rows, |p| &p.province);
        let mut of_province = vec![Vec::new(); provinces.len()];
        for (i, province) in province.iter().enumerate() {
            of_province[*province as usize].push(PlaceId::new(i));
        }
        let (area, areas) = numbered(&input, rows, |p| &p.area);
        let sorted = || input.iter().map(|&i| &rows[i as usize]);
        let carried = rows.iter().any(|p| p.carries_weight);
        let counts = |p: &Place| p.carries_weight || !carried && p.kind == Kind::Zone;
        let months = |p: &Place| match p.kind {
            Kind::Region => (0, NEVER),
            Kind::Zone => calendar.open_and_close(p).unwrap_or((NEVER, NEVER)),
            Kind::SourceGateway | Kind::TransitGateway => (NEVER, NEVER),
        };
        let counted = of(&|p| if counts(p) { p.weight } else { 0.0 });
        let (whole, decimals) = whole(&counted);
        Self {
            all: whole.iter().sum(),
            whole,
            decimals,
            id: sorted().map(|p| p.id.clone()).collect(),
            hash: sorted().map(|p| id_hash(&p.id)).collect(),
            kind: sorted().map(|p| p.kind).collect(),
            weight: of(&|p| p.weight),
            carries: sorted().map(|p| p.carries_weight).collect(),
            counts: sorted().map(counts).collect(),
            environment: of(&|p| p.environment),
            radiation: of(&|p| p.radiation),
            platform: of(&|p| p.platform),
            position: sorted().map(|p| (p.lon, p.lat)).collect(),
            tier: sorted().map(|p| p.tier).collect(),
            open: sorted().map(|p| months(p).0).collect(),
            close: sorted().map(|p| months(p).1).collect(),
            input,
            province,
            provinces,
            of_province,
            area,
            areas,
        }
    }

    /// Number of places N.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// The places, in order.
    pub fn each(&self) -> impl DoubleEndedIterator<Item = PlaceId> + ExactSizeIterator + Clone {
        PlaceId::each(0..self.len())
    }

    /// The place with this id.
    pub fn named(&self, id: &str) -> Option<PlaceId> {
        let at = self.id.binary_search_by(|known| known.as_str().cmp(id));
        at.map(PlaceId::new).ok()
    }

    /// Whether there is no place.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// Whether place `i` can hold an item at the end of month `t`: a region, or a zone that has opened and not
    /// closed.
    #[inline(always)]
    pub fn is_open(&self, i: PlaceId, t: u16) -> bool {
        self.open[i] <= t && t < self.close[i]
    }

    /// Whether the H of place `i` grows in month `t`: it was open at the end of the month before.
    #[inline(always)]
    pub fn is_open_before(&self, i: PlaceId, t: u16) -> bool {
        self.open[i] < t && t <= self.close[i]
    }

    /// Whether place `i` takes part in month `t`: it was open at the end of the month before (in month 0, when
    /// nothing has spread, at the end of that month).
    #[inline(always)]
    pub fn takes_part(&self, i: PlaceId, t: u16) -> bool {
        self.is_open(i, t.saturating_sub(1))
    }

    /// The place at each input position.
    pub fn canonical(&self) -> Vec<PlaceId> {
        let mut canonical = vec![PlaceId::new(0); self.len()];
        for i in self.each() {
            canonical[self.input[i] as usize] = i;
        }
        canonical
    }

    /// Whether place `i` is a zone.
    pub fn is_zone(&self, i: PlaceId) -> bool {
        self.kind[i] == Kind::Zone
    }

    /// Whether place `i` has a province.
    pub fn in_province(&self, i: PlaceId) -> bool {
        !self.provinces[self.province[i] as usize].is_empty()
    }

    /// Weight that a set of places carries in catchments, as [`Places::whole`] counts it.
    pub fn carried(&self, set: impl Iterator<Item = PlaceId>) -> i64 {
        set.filter(|&i| self.carries[i])
            .map(|i| self.whole[i])
            .sum()
    }

    /// Weight of a set of places in the plane, as [`Places::whole`] counts it.
    pub fn counted(&self, set: impl Iterator<Item = PlaceId>) -> i64 {
        set.map(|i| self.whole[i]).sum()
    }

    /// Share of all weight that a set of places has; 0 where there is none.
    pub fn share(&self, set: impl Iterator<Item = PlaceId>) -> f64 {
        share(self.counted(set), self.all)
    }

    /// Whether two places lie in one province; a place without a province is in none.
    pub fn same_province(&self, i: PlaceId, j: PlaceId) -> bool {
        self.province[i] == self.province[j] && self.in_province(i)
    }

    /// Where the places stand on the globe.
    pub fn spots(&self) -> Vec<super::distance::Spot> {
        let spot = |&(lon, lat): &(f64, f64)| super::distance::Spot::new(lon, lat);
        self.position.iter().map(spot).collect()
    }
}

/// A part of a whole; 0 of nothing.
pub fn share(part: i64, whole: i64) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn numbered<'a>(
    input: &[u32],
    rows: &'a [Place],
    key: impl Fn(&'a Place) -> &'a String,
) -> (Vec<u32>, Vec<String>) {
    let mut numbers: BTreeMap<&str, u32> = rows.iter().map(|p| (key(p).as_str(), 0)).collect();
    for (n, number) in numbers.values_mut().enumerate() {
        *number = n as u32;
    }
    let each = input
        .iter()
        .map(|&i| numbers[key(&rows[i as usize]).as_str()])
        .collect();
    (each, numbers.keys().map(|k| (*k).to_owned()).collect())
}
