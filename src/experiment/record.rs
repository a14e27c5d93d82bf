//! Records a replicate into tables.

use std::sync::Arc;

use crate::measure::{National, NationalRow, Stock};
use crate::model::{Adoption, Innovation, Listener, Mechanisms, Shape, State, StructureEvent};
use crate::store::{Column, TableData};
use crate::world::{NEVER, World};

mod columns;
mod firms;

pub(super) use columns::national_columns;

use super::outcomes::Outcomes;
use super::standing::{is_kept, standings};
use firms::FirmRows;

/// Which tables are wanted, and how often places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Names of tables.
    pub tables: Vec<String>,
    /// Months between rows of `places`.
    pub every: u16,
}

impl Wanted {
    /// Whether table `name` is wanted.
    pub fn has(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table == name)
    }
}

/// Texts that all replicates share.
#[derive(Clone, Debug)]
pub struct Names {
    places: Arc<Vec<String>>,
    domains: Arc<Vec<String>>,
    mechanisms: Arc<Vec<String>>,
    orientations: Arc<Vec<String>>,
    kinds: Arc<Vec<String>>,
    events: Arc<Vec<String>>,
    ids: Arc<Vec<String>>,
    pairs: u32,
    zones: u32,
}

impl Names {
    /// The names of a world.
    pub fn new(world: &World) -> Self {
        let words = |list: &[&str]| Arc::new(list.iter().map(|w| (*w).to_owned()).collect());
        let id = |i: u32| &world.places.id[i as usize];
        let mut ids: Vec<String> = world
            .network
            .pairs
            .iter()
            .map(|(a, b)| format!("{}~{}", id(*a), id(*b)))
            .collect();
        ids.extend(world.zones.iter().map(|z| id(z.place).clone()));
        ids.extend(world.corridors.iter().map(|c| c.id.clone()));
        ids.push("plane".to_owned());
        Self {
            places: Arc::new(world.places.id.clone()),
            domains: Arc::new(world.domains.clone()),
            mechanisms: Arc::new(Mechanisms::new(world).names),
            orientations: words(&["direct", "indirect", "none"]),
            kinds: words(&["line", "circle", "axis", "plane"]),
            events: words(&["formed", "dissolved"]),
            pairs: world.network.pairs.len() as u32,
            zones: world.zones.len() as u32,
            ids: Arc::new(ids),
        }
    }

    /// The kind and the id of a structure.
    pub fn words(&self, shape: Shape) -> (&str, &str) {
        let (kind, id) = self.shape(shape);
        (&self.kinds[kind as usize], &self.ids[id as usize])
    }

    fn shape(&self, shape: Shape) -> (u32, u32) {
        match shape {
            Shape::Line(pair) => (0, pair),
            Shape::Circle(zone) => (1, self.pairs + zone),
            Shape::Axis(corridor) => (2, self.pairs + self.zones + corridor),
            Shape::Plane => (3, self.ids.len() as u32 - 1),
        }
    }
}

/// The id of an innovation: origin zone and serial number.
pub fn innovation_id(world: &World, innovation: &Innovation) -> String {
    format!(
        "{}.{}",
        world.places.id[innovation.origin as usize], innovation.serial
    )
}

/// Listens to a replicate and keeps what the wanted tables need. `MECHANISMS` splits every adoption
/// by mechanism, which only the table `adoptions` needs.
pub struct Recorder<'w, const MECHANISMS: bool> {
    wanted: &'w Wanted,
    names: &'w Names,
    world: &'w World,
    replicate: u32,
    stock: Stock,
    national: Option<National>,
    rows: Vec<(u16, NationalRow)>,
    place_rows: PlaceRows,
    ever: Vec<u32>,
    first: Vec<[u16; 3]>,
    reach: [u32; 3],
    adoptions: AdoptionRows,
    credit: Vec<(i32, u32, f64)>,
    structures: Vec<StructureRow>,
    outcomes: Outcomes,
    firms: FirmRows,
    /// Hears of the end of each month.
    tick: Option<&'w dyn Fn()>,
    done: Vec<TableData>,
}

/// A row of `structures`; `kind` and `id` are positions in the lists of names.
#[derive(Clone, Copy, Debug)]
struct StructureRow {
    month: u16,
    kind: u32,
    id: u32,
    formed: bool,
    size: u32,
    weight_share: f64,
}

#[derive(Debug, Default)]
struct PlaceRows {
    month: Vec<u16>,
    place: Vec<u32>,
    stock: Vec<f64>,
    items: Vec<Vec<u32>>,
    scale: Vec<u8>,
}

#[derive(Debug, Default)]
struct AdoptionRows {
    innovation: Vec<u32>,
    place: Vec<u32>,
    month: Vec<u16>,
    source: Vec<Option<u32>>,
    credit: Vec<Vec<f64>>,
}

impl<'w, const MECHANISMS: bool> Recorder<'w, MECHANISMS> {
    /// Records replicate `replicate`.
    pub fn new(world: &'w World, names: &'w Names, wanted: &'w Wanted, replicate: u32) -> Self {
        let can = world
            .places
            .open
            .iter()
            .filter(|open| **open != NEVER)
            .count();
        let share = |percent: usize| (can * percent).div_ceil(100) as u32;
        Self {
            wanted,
            names,
            world,
            replicate,
            stock: Stock::new(world),
            national: None,
            rows: Vec::new(),
            place_rows: PlaceRows {
                items: vec![Vec::new(); world.domains.len()],
                ..PlaceRows::default()
            },
            ever: Vec::new(),
            first: Vec::new(),
            reach: [share(25), share(50), share(75)],
            adoptions: AdoptionRows {
                credit: vec![Vec::new(); names.mechanisms.len()],
                ..AdoptionRows::default()
            },
            credit: Vec::new(),
            structures: Vec::new(),
            outcomes: Outcomes::new(world),
            firms: FirmRows::default(),
            tick: None,
            done: Vec::new(),
        }
    }

    /// Calls `tick` at the end of each month.
    #[must_use]
    pub fn telling(mut self, tick: &'w dyn Fn()) -> Self {
        self.tick = Some(tick);
        self
    }

    /// The finished tables, after the replicate has run.
    pub fn tables(self) -> Vec<TableData> {
        self.done
    }

    fn takes_up(&mut self, k: u32, month: u16) {
        let ever = &mut self.ever[k as usize];
        *ever += 1;
        for (first, reach) in self.first[k as usize].iter_mut().zip(self.reach) {
            if *ever >= reach && *first == NEVER {
                *first = month;
            }
        }
    }

    fn months(&self, months: impl Iterator<Item = u16>) -> Column {
        let calendar = self.world.calendar;
        Column::Month(
            months
                .map(|t| (t != NEVER).then(|| calendar.month(t).0))
                .collect(),
        )
    }

    fn put(&mut self, table: &str, rows: usize, mut columns: Vec<Column>) {
        if self.wanted.has(table) {
            columns.insert(0, Column::Int(vec![Some(i64::from(self.replicate)); rows]));
            self.done.push(TableData::new(table, columns));
        }
    }

    fn place_month(&mut self, state: &State<'_>, t: u16) {
        let (rows, stock) = (&mut self.place_rows, &self.stock);
        standings(self.world, state, stock, t, |i, scale| {
            rows.scale.push(scale);
            rows.month.push(t);
            rows.place.push(i as u32);
            rows.stock.push(stock.of(i));
            for (column, items) in rows.items.iter_mut().zip(stock.items(i)) {
                column.push(*items);
            }
        });
    }
}

impl<const MECHANISMS: bool> Listener for Recorder<'_, MECHANISMS> {
    const MECHANISMS: bool = MECHANISMS;
    const CREDIT: bool = true;

    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        self.national = Some(National::new(world, innovations));
        self.ever = vec![0; innovations.len()];
        self.first = vec![[NEVER; 3]; innovations.len()];
    }

    fn implemented(&mut self, _: &World, innovation: &Innovation, k: u32) {
        self.stock.change(innovation.origin as usize, innovation, 1);
        self.takes_up(k, innovation.implemented);
        if let Some(national) = &mut self.national {
            national.month.implemented += 1;
        }
    }

    fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        self.stock.change(adoption.place as usize, innovation, 1);
        self.takes_up(adoption.innovation, adoption.month);
        if MECHANISMS && self.wanted.has("adoptions") {
            let rows = &mut self.adoptions;
            rows.innovation.push(adoption.innovation);
            rows.place.push(adoption.place);
            rows.month.push(adoption.month);
            rows.source.push(adoption.main_source);
            for (column, credit) in rows.credit.iter_mut().zip(adoption.mechanisms) {
                column.push(*credit);
            }
        }
    }

    fn abandoned(&mut self, _: &World, innovation: &Innovation, _: u32, place: u32, _: u16) {
        self.stock.change(place as usize, innovation, -1);
        if let Some(national) = &mut self.national {
            national.month.abandonments += 1;
        }
    }

    fn provincial(&mut self, _: &World, _: u32, _: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_provincial += 1;
        }
    }

    fn national(&mut self, _: &World, _: u32, month: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_national += 1;
        }
        self.outcomes.national(month);
    }

    fn structure(&mut self, _: &World, event: &StructureEvent) {
        let (kind, id) = self.names.shape(event.shape);
        self.outcomes.structure(event);
        if self.wanted.has("structures") {
            let row = StructureRow {
                month: event.month,
                kind,
                id,
                formed: event.formed,
                size: event.size,
                weight_share: event.weight_share,
            };
            self.structures.push(row);
        }
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        if let Some(national) = &mut self.national {
            let row = national.row(world, state, &self.stock, t);
            self.outcomes.month(t, &row);
            self.rows.push((t, row));
        }
        let last = t + 1 == world.calendar.months;
        let month = world.calendar.month(t);
        if self.wanted.has("places") && is_kept(world, self.wanted.every, t) {
            self.place_month(state, t);
        }
        if let Some(firms) = &state.firms {
            if self.wanted.has("sample") {
                self.firms.sample(world, firms);
            }
            let ends = is_kept(world, self.wanted.every, t);
            if (self.wanted.has("uptake") || self.wanted.has("benefit")) && ends {
                self.firms.month(world, firms, t);
            }
        }
        if let Some(tick) = self.tick {
            tick();
        }
        if month.month() == 12 || last {
            for (m, credit) in state.credit.year.iter().enumerate() {
                self.credit.push((month.year(), m as u32, *credit));
                self.outcomes.credit(m, *credit);
            }
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let network = &world.network;
        let outcomes = std::mem::replace(&mut self.outcomes, Outcomes::new(world));
        self.national_table();
        self.places_table();
        self.innovations_table(world, state);
        self.adoptions_table(world, state);
        let heard: Vec<usize> = (0..network.len())
            .filter(|&e| state.credit.of_link(e) > 0.0)
            .collect();
        if self.wanted.has("spillovers") {
            let of = |list: &[u32]| heard.iter().map(|&e| Some(list[e])).collect::<Vec<_>>();
            let (sources, targets) = (of(&network.source), of(&network.listener));
            let places = &self.names.places;
            let columns = vec![
                Column::Text {
                    codes: sources,
                    ids: places.clone(),
                },
                Column::Text {
                    codes: targets,
                    ids: places.clone(),
                },
                Column::Float(heard.iter().map(|&e| state.credit.of_link(e)).collect()),
            ];
            self.put("spillovers", heard.len(), columns);
        }
        let credit = std::mem::take(&mut self.credit);
        self.put(
            "credit",
            credit.len(),
            vec![
                Column::Int(credit.iter().map(|row| Some(i64::from(row.0))).collect()),
                Column::Text {
                    codes: credit.iter().map(|row| Some(row.1)).collect(),
                    ids: self.names.mechanisms.clone(),
                },
                Column::Float(credit.iter().map(|row| row.2).collect()),
            ],
        );
        self.structures_table();
        let columns = outcomes.columns(world, &self.names.mechanisms, network, &heard, state);
        let rows = columns.first().map_or(0, Column::len);
        self.put("outcomes", rows, columns);
        if let Some(firms) = &world.firms {
            self.uptake_table(firms);
            self.benefit_table(firms);
            self.sample_table(firms);
        }
    }
}
