//! Records a replicate into tables.

use crate::measure::{National, NationalRow, Stock};
use crate::model::{Adoption, Innovation, Listener, State, StructureEvent};
use crate::store::TableData;
use crate::store::schema::Schema;
use crate::world::{NEVER, World};

mod firms;
mod kept;
mod names;
mod tables;

pub(super) use firms::{benefit, sample, uptake};
pub(super) use kept::national as national_fields;
pub use names::Names;
pub(super) use tables::{
    adoptions, credit, innovations, national, outcomes, places, spillovers, structures,
};

use super::outcomes::Outcomes;
use super::standing::{is_kept, standings};
use firms::FirmRows;
use kept::Kept;
use tables::{AdoptionRows, InnovationRow, PlaceRows, StructureRow};

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
    tick: Option<&'w (dyn Fn() + Sync)>,
    done: Vec<TableData>,
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
    pub fn telling(mut self, tick: &'w (dyn Fn() + Sync)) -> Self {
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

    /// Fills a table, if it is wanted.
    fn put<R>(&mut self, schema: &Schema<'_, Kept<'w, R>>, rows: R) {
        if self.wanted.has(schema.name()) {
            self.done.push(schema.data(&mut Kept {
                world: self.world,
                names: self.names,
                replicate: self.replicate,
                rows,
            }));
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
            self.outcomes.month(&row);
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
        use std::mem::take;
        let network = &world.network;
        let firms = self.world.firms.as_ref();
        let rows = take(&mut self.rows);
        self.put(&national(firms.is_some()), rows);
        let rows = take(&mut self.place_rows);
        self.put(&places(&world.domains, self.wanted.every), rows);
        let all = &state.innovations;
        if self.wanted.has("innovations") {
            let rows = (0..all.len()).map(|k| InnovationRow {
                id: innovation_id(world, &all[k]),
                innovation: all[k].clone(),
                provincial: state.provincial[k],
                national: state.national[k],
                ever: self.ever[k],
                first: self.first[k],
            });
            let rows = rows.collect();
            self.put(&innovations(), rows);
        }
        if MECHANISMS && self.wanted.has("adoptions") {
            let ids = all.iter().map(|k| innovation_id(world, k)).collect();
            let rows = AdoptionRows {
                ids: std::sync::Arc::new(ids),
                ..take(&mut self.adoptions)
            };
            self.put(&adoptions(&self.names.mechanisms), rows);
        }
        let heard: Vec<usize> = (0..network.len())
            .filter(|&e| state.credit.of_link(e) > 0.0)
            .collect();
        if self.wanted.has("spillovers") {
            let links = heard.iter().map(|&e| {
                let (source, target) = (network.source[e], network.listener[e]);
                (source, target, state.credit.of_link(e))
            });
            self.put(&spillovers(), links.collect());
        }
        let rows = take(&mut self.credit);
        self.put(&credit(), rows);
        let rows = take(&mut self.structures);
        self.put(&structures(), rows);
        let rows = self
            .outcomes
            .rows(world, &self.names.mechanisms, network, &heard, state);
        self.put(&outcomes(), rows);
        if let Some(firms) = firms {
            let rows = take(&mut self.firms);
            let (of_uptake, of_benefit, of_sample) = rows.tables(self.world, firms);
            self.put(&uptake(self.wanted.every), of_uptake);
            self.put(&benefit(&world.domains, self.wanted.every), of_benefit);
            self.put(&sample(), of_sample);
        }
    }
}
