//! How many firms each cell has.
//!
//! A region has its share of the country's firms by weight, or a number per 1,000 people. They fall on
//! industries by the regional mix, share_g · (weight of the industry in the region), and on size
//! classes by the law of size. Fractions are rounded along the cells of a region with one draw of its
//! own: every cell has its expectation rounded up or down, on average exactly, and a region's total is
//! its own. So adding firms to one region changes nothing elsewhere.

use crate::draw::{Luck, Process, id_hash};
use crate::scenario::Scenario;
use crate::scenario::spec::PopulationSpec;
use crate::scenario::tables::{FirmLayer, GivenFirms, Kind};

use super::sizes::SizeClass;
use crate::world::{PlaceId, Places};

/// Cells that have firms, by place, industry, size class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cells {
    /// First firm of each cell, and the number of firms at the end.
    pub start: Vec<u32>,
    /// Place.
    pub place: Vec<PlaceId>,
    /// Position of the industry.
    pub industry: Vec<u16>,
    /// Position of the size class.
    pub size: Vec<u16>,
    /// Hash of the region's id.
    pub region_hash: Vec<u64>,
    /// Hash of industry and size class.
    pub code: Vec<u64>,
}

impl Cells {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.place.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.place.is_empty()
    }

    /// Number of firms.
    pub fn firms(&self) -> usize {
        self.start.last().copied().unwrap_or(0) as usize
    }

    /// Firms of cell `c`.
    pub fn range(&self, c: usize) -> std::ops::Range<usize> {
        self.start[c] as usize..self.start[c + 1] as usize
    }

    /// The cells that generated firms fall on.
    pub fn generated(
        scenario: &Scenario,
        layer: &FirmLayer,
        places: &Places,
        sizes: &[SizeClass],
        luck: Luck,
    ) -> Self {
        let mut cells = Self::default();
        let numbers = regional_firms(scenario, layer, places);
        for (i, firms) in places.each().zip(numbers).filter(|(_, firms)| *firms > 0) {
            let mix = mix(scenario, layer, places, i);
            let offset = luck.uniform(Process::FirmCount, places.hash[i], 0, 0);
            let (mut share, mut before) = (0.0, 0.0);
            for (g, part) in mix.iter().enumerate() {
                for (s, class) in sizes.iter().enumerate() {
                    share += part * class.share;
                    let last = g + 1 == mix.len() && s + 1 == sizes.len();
                    // The draw is in (0, 1]: with 0 in its place the last cell would lose a firm.
                    let upto = if last {
                        firms as f64
                    } else {
                        (share * firms as f64 - offset)
                            .ceil()
                            .clamp(before, firms as f64)
                    };
                    cells.add(layer, places, sizes, (i, g, s), (upto - before) as u64);
                    before = upto;
                }
            }
        }
        cells.end();
        cells
    }

    /// The cells of given firms, and the firms in the order of cells and ids.
    pub fn given(
        given: &GivenFirms,
        layer: &FirmLayer,
        places: &Places,
        sizes: usize,
    ) -> (Self, Vec<u32>) {
        let canonical = places.canonical();
        let key = |f: u32| {
            let f = f as usize;
            (
                canonical[given.region[f] as usize],
                given.industry[f],
                given.size[f],
            )
        };
        let mut order: Vec<u32> = (0..given.ids.len() as u32).collect();
        order.sort_unstable_by_key(|&f| (key(f), given.ids.name(f)));
        debug_assert!(given.size.iter().all(|s| usize::from(*s) < sizes));
        let classes = super::size_classes(&layer.spec);
        let mut cells = Self::default();
        for run in order.chunk_by(|a, b| key(*a) == key(*b)) {
            let (i, g, s) = key(run[0]);
            let at = (i, usize::from(g), usize::from(s));
            cells.add(layer, places, &classes, at, run.len() as u64);
        }
        cells.end();
        (cells, order)
    }

    fn add(
        &mut self,
        layer: &FirmLayer,
        places: &Places,
        sizes: &[SizeClass],
        (i, g, s): (PlaceId, usize, usize),
        firms: u64,
    ) {
        if firms == 0 {
            return;
        }
        if self.start.is_empty() {
            self.start.push(0);
        }
        let before = self.start[self.start.len() - 1];
        // The door keeps the country below 2³² firms.
        self.start.push(before.saturating_add(firms as u32));
        self.place.push(i);
        self.industry.push(g as u16);
        self.size.push(s as u16);
        self.region_hash.push(places.hash[i]);
        let code = format!("{} {}", layer.industries[g], sizes[s].id);
        self.code.push(id_hash(&code));
    }

    fn end(&mut self) {
        if self.start.is_empty() {
            self.start.push(0);
        }
    }
}

/// Firms of each place, in canonical order.
pub fn regional_firms(scenario: &Scenario, layer: &FirmLayer, places: &Places) -> Vec<u64> {
    let row = |i: PlaceId| &scenario.places[places.input[i] as usize];
    let weight = |i: PlaceId| match row(i).kind {
        Kind::Region => row(i).weight,
        _ => 0.0,
    };
    let number = match layer.spec.population {
        PopulationSpec::PerThousand { per_1000 } => {
            let each = per_weight(layer, per_1000);
            return places
                .each()
                .map(|i| (weight(i) * each).round() as u64)
                .collect();
        }
        PopulationSpec::Number { number } => number,
        // Those are not generated.
        PopulationSpec::Table { .. } => 0,
    };
    let all: f64 = places.each().map(weight).sum();
    let (mut share, mut before) = (0.0, 0);
    places
        .each()
        .map(|i| {
            share += weight(i) / all;
            let upto = ((share * number as f64).round() as u64).min(number);
            upto - std::mem::replace(&mut before, upto)
        })
        .collect()
}

fn per_weight(layer: &FirmLayer, per_1000: f64) -> f64 {
    per_1000 * layer.spec.people_per_weight / 1000.0
}

/// How many firms a scenario will have, before any is made.
pub fn expected_firms(scenario: &Scenario, layer: &FirmLayer) -> f64 {
    if let Some(given) = &layer.given {
        return given.ids.len() as f64;
    }
    match layer.spec.population {
        PopulationSpec::Number { number } => number as f64,
        PopulationSpec::PerThousand { per_1000 } => {
            let regions = scenario.places.iter().filter(|p| p.kind == Kind::Region);
            regions
                .map(|p| p.weight * per_weight(layer, per_1000))
                .sum()
        }
        // They are counted above.
        PopulationSpec::Table { .. } => 0.0,
    }
}

/// Shares of the industries among the firms of place `i`; they add up to 1.
pub fn mix(scenario: &Scenario, layer: &FirmLayer, places: &Places, i: PlaceId) -> Vec<f64> {
    let place = &scenario.places[places.input[i] as usize];
    let share = national_shares(layer);
    let weight = |g: usize| {
        let id = &layer.industries[g];
        let column = scenario.industries.iter().position(|known| known == id);
        column.map_or(1.0, |column| place.industries[column])
    };
    let weights: Vec<f64> = (0..share.len()).map(|g| share[g] * weight(g)).collect();
    let all: f64 = weights.iter().sum();
    if all > 0.0 {
        weights.iter().map(|w| w / all).collect()
    } else {
        share
    }
}

/// Shares of the industries in the country, as they are written; they add up to 1.
pub fn national_shares(layer: &FirmLayer) -> Vec<f64> {
    let share = |id: &String| {
        let known = layer.spec.industries.iter().find(|known| known.id == *id);
        known.map_or(1.0, |known| known.share)
    };
    let shares: Vec<f64> = layer.industries.iter().map(share).collect();
    let all: f64 = shares.iter().sum();
    shares.iter().map(|share| share / all).collect()
}
