//! Firms: cells of equal firms and who listens to whom (model §7.7).
//!
//! A cell is a (region, industry, size class). Firms stand cell by cell, so a firm is a number, and
//! what is equal for a whole cell is kept once. Per firm 8 bytes are kept (partners 2, cell 2, start of
//! its row 4), per link 4. Everything is cut into blocks of 2¹⁵ firms, so that inside a block two bytes
//! name a firm and what a month touches of it stays in the cache.

mod audience;
mod choice;
mod degree;
mod population;
mod sizes;

use rayon::prelude::*;

use crate::draw::{Luck, Process, id_hash};
use crate::scenario::Scenario;
use crate::scenario::spec::FirmsSpec;

use super::{PlaceId, Places};
pub use audience::Rows;
pub use choice::{Choice, RegionChoice};
pub use degree::Degree;
pub use population::{Cells, expected_firms, mix, regional_firms};
pub use sizes::{SizeClass, size_classes};

/// Firms in a block.
pub const BLOCK: usize = 1 << 15;
/// Firms in a chunk: the smallest run of which it is known when somebody in it is due.
pub const CHUNK: usize = 5;

/// The firms of a world, fixed during a run.
#[derive(Clone, Debug)]
pub struct Firms {
    /// Parameters.
    pub spec: FirmsSpec,
    /// Ids of the industries.
    pub industries: Vec<String>,
    /// Size classes.
    pub sizes: Vec<SizeClass>,
    /// Cells that have firms, by place, industry, size class.
    pub cells: Cells,
    /// Number of partners of each firm.
    pub partners: Vec<u16>,
    /// Cell of each firm, counted from its block's first cell.
    pub cell: Vec<u16>,
    /// First cell of each block.
    pub first_cell: Vec<u32>,
    /// Who listens to whom, by block.
    pub rows: Vec<Rows>,
    /// Links of the firms of each place.
    pub place_links: Vec<u64>,
    /// The region whose firms a place has: a region itself, a zone's host; none for others and where no
    /// firm is.
    pub seat: Vec<Option<PlaceId>>,
    /// What hazards have in common, `[domain · cells + cell]`: α · (½ + F_p) · fit_gd · size_s^σ.
    pub factor: Vec<f64>,
    /// γ_d.
    pub benefit: Vec<f64>,
    /// Hash of each domain's id: names thresholds.
    pub domain_hash: Vec<u64>,
    /// Hash of each firm's id and the id, where the user gave the firms.
    pub given: Option<(Vec<u64>, Vec<Box<str>>)>,
    /// Firms of the table `sample`, ascending.
    pub sample: Vec<u32>,
}

impl Firms {
    /// The firms of a checked scenario; none where the layer is off.
    pub fn new(scenario: &Scenario, places: &Places) -> Option<Self> {
        let layer = scenario.firms.as_ref()?;
        let luck = Luck::fixed(scenario.seed);
        let sizes = size_classes(&layer.spec);
        let (cells, given) = match &layer.given {
            None => (
                Cells::generated(scenario, layer, places, &sizes, luck),
                None,
            ),
            Some(given) => {
                let (cells, order) = Cells::given(given, layer, places, sizes.len());
                (cells, Some((given, order)))
            }
        };
        let mut firms = Self {
            factor: factors(scenario, places, &cells, &sizes, &layer.industries),
            benefit: of_domains(scenario, &layer.spec.benefit),
            domain_hash: scenario.domains.iter().map(|d| id_hash(&d.id)).collect(),
            spec: layer.spec.clone(),
            industries: layer.industries.clone(),
            sizes,
            partners: Vec::new(),
            cell: Vec::new(),
            first_cell: Vec::new(),
            rows: Vec::new(),
            place_links: vec![0; places.len()],
            seat: Vec::new(),
            given: given.as_ref().map(|(given, order)| {
                let id = |f: &u32| given.ids.name(*f);
                (
                    order.iter().map(|f| id_hash(id(f))).collect(),
                    order.iter().map(|f| id(f).into()).collect(),
                )
            }),
            sample: Vec::new(),
            cells,
        };
        firms.number_cells();
        let sent = match given {
            None => {
                let choice = Choice::new(scenario, places, &firms);
                audience::generated(&mut firms, &choice, luck)
            }
            Some((given, order)) => audience::given(&mut firms, &given.links, &order),
        };
        firms.rows = audience::rows(sent, firms.len());
        for (c, place) in firms.cells.place.iter().enumerate() {
            let of_cell = firms.cells.range(c);
            let links: u64 = firms.partners[of_cell].iter().map(|k| u64::from(*k)).sum();
            firms.place_links[*place] += links;
        }
        firms.seat = seats(scenario, places, &firms.cells);
        firms.sample = firms.sampled(luck);
        Some(firms)
    }

    /// Number of firms.
    pub fn len(&self) -> usize {
        self.cells.firms()
    }

    /// Whether there is no firm.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of links.
    pub fn links(&self) -> u64 {
        self.place_links.iter().sum()
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        self.len().div_ceil(BLOCK)
    }

    /// The firms of a block.
    pub fn block(&self, b: usize) -> std::ops::Range<usize> {
        b * BLOCK..((b + 1) * BLOCK).min(self.len())
    }

    /// The cell of firm `f`.
    #[inline(always)]
    pub fn cell_of(&self, f: usize) -> usize {
        self.first_cell[f / BLOCK] as usize + usize::from(self.cell[f])
    }

    /// Cells that have firms in block `b`.
    pub fn cells_of(&self, b: usize) -> std::ops::Range<usize> {
        let last = self.block(b).end - 1;
        self.first_cell[b] as usize..self.cell_of(last) + 1
    }

    /// The firms that listen to firm `f`.
    #[inline(always)]
    pub fn audience(&self, f: usize) -> &[u32] {
        self.rows[f / BLOCK].of(f % BLOCK)
    }

    /// The name of firm `f`'s draws: two hashes and its number. Generated firms: region, industry with
    /// size class, number within the cell from 1. Given firms: their id.
    #[inline(always)]
    pub fn name(&self, f: usize, cell: usize) -> (u64, u64, u32) {
        match &self.given {
            None => {
                let number = f - self.cells.start[cell] as usize + 1;
                (
                    self.cells.region_hash[cell],
                    self.cells.code[cell],
                    number as u32,
                )
            }
            Some((hash, _)) => (hash[f], 0, 0),
        }
    }

    /// The id of firm `f` in tables: region, industry, size class and number, or the user's.
    pub fn id(&self, places: &Places, f: usize) -> String {
        if let Some((_, ids)) = &self.given {
            return ids[f].to_string();
        }
        let c = self.cell_of(f);
        format!(
            "{}.{}.{}.{}",
            places.id[self.cells.place[c]],
            self.industries[usize::from(self.cells.industry[c])],
            self.sizes[usize::from(self.cells.size[c])].id,
            f - self.cells.start[c] as usize + 1
        )
    }

    /// Bytes of the lists that have an entry per firm or link.
    pub fn bytes(&self) -> usize {
        let rows: usize = self.rows.iter().map(Rows::bytes).sum();
        self.len() * 4 + rows
    }

    fn number_cells(&mut self) {
        let n = self.len();
        self.cell = vec![0; n];
        self.first_cell = vec![0; self.blocks()];
        for c in 0..self.cells.len() {
            let firms = self.cells.range(c);
            for b in firms.start / BLOCK..=(firms.end - 1) / BLOCK {
                let from = firms.start.max(b * BLOCK);
                let to = firms.end.min((b + 1) * BLOCK);
                if from == b * BLOCK {
                    self.first_cell[b] = c as u32;
                }
                // At most as many cells as firms, so it fits.
                let local = (c as u32 - self.first_cell[b]) as u16;
                self.cell[from..to].fill(local);
            }
        }
    }

    /// Each firm is in the sample with the same probability, by a draw of its own.
    fn sampled(&self, luck: Luck) -> Vec<u32> {
        let share = f64::from(self.spec.sample) / self.len().max(1) as f64;
        if share <= 0.0 {
            return Vec::new();
        }
        let of_block = |b: usize| {
            self.block(b).filter(move |&f| {
                let (first, second, serial) = self.name(f, self.cell_of(f));
                luck.uniform(Process::FirmSample, first, second, serial) <= share
            })
        };
        (0..self.blocks())
            .into_par_iter()
            .flat_map_iter(of_block)
            .map(|f| f as u32)
            .collect()
    }
}

/// One number per domain; 1 where it is not named.
fn of_domains(scenario: &Scenario, named: &std::collections::BTreeMap<String, f64>) -> Vec<f64> {
    let of = |id: &String| named.get(id).copied().unwrap_or(1.0);
    scenario.domains.iter().map(|d| of(&d.id)).collect()
}

/// α · (½ + F_p) · fit_gd · size_s^σ, `[domain · cells + cell]`.
fn factors(
    scenario: &Scenario,
    places: &Places,
    cells: &Cells,
    sizes: &[SizeClass],
    industries: &[String],
) -> Vec<f64> {
    let Some(layer) = &scenario.firms else {
        return Vec::new();
    };
    let spec = &layer.spec;
    let fits: Vec<Vec<f64>> = industries
        .iter()
        .map(|id| {
            let known = spec.industries.iter().find(|industry| industry.id == *id);
            known.map_or_else(
                || vec![1.0; scenario.domains.len()],
                |industry| of_domains(scenario, &industry.fit),
            )
        })
        .collect();
    let of = |d: usize, c: usize| {
        let place = places.input[cells.place[c]] as usize;
        let agglomeration = 0.5 + scenario.places[place].factor;
        let fit = fits[usize::from(cells.industry[c])][d];
        let size = libm::pow(sizes[usize::from(cells.size[c])].size, spec.size_effect);
        spec.uptake_rate * agglomeration * fit * size
    };
    let pairs = (0..scenario.domains.len()).flat_map(|d| (0..cells.len()).map(move |c| (d, c)));
    pairs.map(|(d, c)| of(d, c)).collect()
}

fn seats(scenario: &Scenario, places: &Places, cells: &Cells) -> Vec<Option<PlaceId>> {
    let mut has = vec![false; places.len()];
    for place in &cells.place {
        has[*place] = true;
    }
    let host = |i: PlaceId| {
        let host = scenario.places[places.input[i] as usize].host.as_ref()?;
        places.named(host)
    };
    let seat = |i| if places.is_zone(i) { host(i) } else { Some(i) };
    let seats = places.each().map(seat);
    seats.map(|seat| seat.filter(|seat| has[*seat])).collect()
}
