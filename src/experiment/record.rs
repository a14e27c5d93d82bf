//! Records a replicate into the tables of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::measure::{Firsts, Told};
use crate::model::{Adoption, Innovation, InnovationId, Listener, OutOfMemory, State};
use crate::store::TableData;
use crate::store::schema::Schema;
use crate::world::{NEVER, PlaceId, World};

mod firms;
mod kept;
mod links;
mod names;
mod tables;

pub(super) use firms::{benefit, sample, uptake};
pub(super) use kept::national as national_fields;
pub(super) use links::links;
pub use names::Names;
pub(super) use tables::{
    abandonments, adoptions, credit, innovations, national, outcomes, places, spillovers,
    structures,
};

use super::observe::{Country, Observer, Places, Spillovers, Structures, observe};
use super::outcomes::Outcomes;
use firms::FirmRows;
use kept::Kept;
use links::LinkRows;
use tables::{AbandonmentRows, AdoptionRows, Credit, InnovationRow, StructureRow};

/// Which tables are wanted, and how often places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Names of tables.
    pub tables: Vec<String>,
    /// Months between rows of `places`.
    pub every: u16,
}

impl Wanted {
    /// These tables ([`super::tables::NAMES`]), with places once a year.
    pub fn of(tables: &[&str]) -> Self {
        Self {
            tables: tables.iter().map(|name| (*name).to_owned()).collect(),
            every: super::request::EVERY,
        }
    }

    /// Whether table `name` is wanted.
    pub fn has(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table == name)
    }
}

/// The id of an innovation: origin zone and serial number, or that of a given item.
pub fn innovation_id(world: &World, innovation: &Innovation) -> String {
    match (innovation.given, innovation.origin) {
        (None, Some(origin)) => format!("{}.{}", world.places.id[origin], innovation.serial),
        (given, _) => given.map_or_else(String::new, |g| world.given[g as usize].id.clone()),
    }
}

/// Runs one replicate and gives its tables; calls `tick` at the end of each month.
///
/// # Errors
/// No memory for the replicate.
pub fn record(
    world: &World,
    names: &Names,
    wanted: &Wanted,
    seed: u64,
    replicate: u32,
    tick: &dyn Fn(),
) -> Result<Vec<TableData>, OutOfMemory> {
    let every = wanted.every;
    let usual = (
        (Country::new(world), Firsts::new(world), Batches::new(world)),
        (Spillovers::default(), Credits::default()),
        (
            wanted
                .has("places")
                .then(|| Places::new(every, world.domains.len())),
            wanted.has("structures").then(Structures::default),
            wanted.has("innovations").then(|| Innovations::new(world)),
            wanted.has("abandonments").then(Abandonments::default),
        ),
        world.firms.as_ref().map(|_| FirmRows::new(wanted)),
        Ticks(tick),
    );
    // Every adoption is split by mechanism only where somebody wants to know.
    let (usual, adopted) = if wanted.has("adoptions") {
        let all = (usual, Adoptions::new(names));
        let (usual, adopted) = observe(world, seed, replicate, all)?;
        (usual, Some(adopted))
    } else {
        (observe(world, seed, replicate, usual)?, None)
    };
    let ((country, firsts, batches), (heard, credits), kept, firms, _) = usual;
    let (of_places, events, taken, abandoned) = kept;
    let uptakes = firms.as_ref().map_or(&[][..], FirmRows::shares);
    let of_run = Outcomes {
        world,
        mechanisms: &names.mechanisms,
        told: Told {
            rows: &country.0,
            firsts: &firsts,
        },
        batches: &batches.0,
        credit: &credits.0,
        spillovers: &heard.0,
        uptake: uptakes,
    }
    .rows();
    let mut tables = Tables {
        world,
        names,
        wanted,
        replicate,
        done: Vec::new(),
    };
    let months = country.0.into_iter().enumerate();
    let months = months.map(|(t, row)| (t as u16, row)).collect();
    tables.put(&national(world.firms.is_some()), months);
    if let Some(rows) = of_places {
        tables.put(&places(&world.domains, every), rows);
    }
    if let Some(rows) = taken {
        tables.put(&innovations(), rows.rows);
    }
    if let Some(rows) = adopted {
        tables.put(&adoptions(&names.mechanisms), rows.0);
    }
    if let Some(rows) = abandoned {
        tables.put(&abandonments(), rows.0);
    }
    tables.put(&spillovers(&names.unheard), heard.0);
    tables.put(&credit(&names.about_mechanisms), credits.0);
    if let Some(events) = events {
        let rows = events.0.iter().map(|event| StructureRow::new(names, event));
        tables.put(&structures(), rows.collect());
    }
    if wanted.has("links") {
        tables.put(&links(&world.domains), LinkRows::of(world));
    }
    tables.put(&outcomes(), of_run);
    if let (Some(rows), Some(firms)) = (firms, &world.firms) {
        let (of_uptake, of_benefit, of_sample) = rows.tables(world, firms);
        tables.put(&uptake(every), of_uptake);
        tables.put(&benefit(&world.domains, every), of_benefit);
        tables.put(&sample(), of_sample);
    }
    Ok(tables.done)
}

/// The tables of a replicate that are filled so far.
struct Tables<'w> {
    world: &'w World,
    names: &'w Names,
    wanted: &'w Wanted,
    replicate: u32,
    done: Vec<TableData>,
}

impl<'w> Tables<'w> {
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
}

/// Says that a month is over.
struct Ticks<'t>(&'t dyn Fn());

impl Listener for Ticks<'_> {
    fn month_end(&mut self, _: &World, _: &State<'_>, _: u16) {
        (self.0)();
    }
}

impl Observer for Ticks<'_> {}

/// Innovations taken up by the centre, by evaluation month.
struct Batches(Vec<(u16, u32)>);

impl Batches {
    fn new(world: &World) -> Self {
        Self(world.evaluations.iter().map(|t| (*t, 0)).collect())
    }
}

impl Listener for Batches {
    fn national(&mut self, _: &World, _: InnovationId, month: u16) {
        if let Some(batch) = self.0.iter_mut().find(|batch| batch.0 == month) {
            batch.1 += 1;
        }
    }
}

impl Observer for Batches {}

/// Credit by year and mechanism.
#[derive(Default)]
struct Credits(Vec<Credit>);

impl Listener for Credits {
    const CREDIT: bool = true;

    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        let calendar = world.calendar;
        if calendar.ends_year(t) || t + 1 == calendar.months {
            let credits = state.credit.year.iter().enumerate();
            let rows = credits.map(|(m, credit)| (calendar.year(t), m as u32, *credit));
            self.0.extend(rows);
        }
    }
}

impl Observer for Credits {}

/// How far each innovation comes.
struct Innovations {
    /// Places that ever took it up.
    ever: Vec<u32>,
    /// Those of them that are not closed.
    open: Vec<u32>,
    /// First month in which 25, 50 and 75 % of the places that could adopt in it had taken it up.
    first: Vec<[u16; 3]>,
    /// Those taken up in the month.
    month: Vec<InnovationId>,
    /// What the zones that close have taken up, by place.
    of_closing: BTreeMap<PlaceId, Vec<InnovationId>>,
    rows: Vec<InnovationRow>,
}

impl Innovations {
    fn new(world: &World) -> Self {
        let closing = world.zones.iter().filter(|zone| zone.close != NEVER);
        Self {
            ever: Vec::new(),
            open: Vec::new(),
            first: Vec::new(),
            month: Vec::new(),
            of_closing: closing.map(|zone| (zone.place, Vec::new())).collect(),
            rows: Vec::new(),
        }
    }

    fn takes_up(&mut self, k: InnovationId, place: PlaceId) {
        self.ever[k] += 1;
        self.open[k] += 1;
        self.month.push(k);
        if let Some(list) = self.of_closing.get_mut(&place) {
            list.push(k);
        }
    }
}

impl Listener for Innovations {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.ever = vec![0; innovations.len()];
        self.open = vec![0; innovations.len()];
        self.first = vec![[NEVER; 3]; innovations.len()];
    }

    fn implemented(&mut self, _: &World, innovation: &Innovation, k: InnovationId) {
        for &first in &innovation.first {
            self.takes_up(k, first);
        }
    }

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.takes_up(adoption.innovation, adoption.place);
    }

    fn month_end(&mut self, world: &World, _: &State<'_>, t: u16) {
        for zone in world.zones.iter().filter(|zone| zone.close == t) {
            for k in self.of_closing.remove(&zone.place).into_iter().flatten() {
                self.open[k] -= 1;
            }
            // With fewer places, any of them may have come to a share.
            self.month = InnovationId::each(0..self.open.len()).collect();
        }
        let places = &world.places;
        let can = places.each().filter(|i| places.is_open(*i, t)).count();
        let reach = [25, 50, 75].map(|percent| (can * percent).div_ceil(100) as u32);
        for k in self.month.drain(..) {
            for (first, reach) in self.first[k].iter_mut().zip(reach) {
                if self.open[k] > 0 && self.open[k] >= reach && *first == NEVER {
                    *first = t;
                }
            }
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let all = state.innovations.iter().enumerate();
        let rows = all.map(|(k, innovation)| InnovationRow {
            id: innovation_id(world, innovation),
            innovation: innovation.clone(),
            provincial: state.provincial[k],
            national: state.national[k],
            ever: self.ever[k],
            first: self.first[k],
        });
        self.rows = rows.collect();
    }
}

impl Observer for Innovations {}

/// Every adoption, with its credit by mechanism.
struct Adoptions(AdoptionRows);

impl Adoptions {
    fn new(names: &Names) -> Self {
        Self(AdoptionRows {
            credit: vec![Vec::new(); names.mechanisms.len()],
            ..AdoptionRows::default()
        })
    }
}

impl Listener for Adoptions {
    const MECHANISMS: bool = true;

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        let rows = &mut self.0;
        rows.innovation.push(adoption.innovation.code());
        rows.place.push(adoption.place.code());
        rows.month.push(adoption.month);
        rows.source.push(adoption.main_source.map(PlaceId::code));
        for (column, credit) in rows.credit.iter_mut().zip(adoption.mechanisms) {
            column.push(*credit);
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let ids = state.innovations.iter().map(|k| innovation_id(world, k));
        self.0.ids = Arc::new(ids.collect());
    }
}

impl Observer for Adoptions {}

/// Every abandonment.
#[derive(Default)]
struct Abandonments(AbandonmentRows);

impl Listener for Abandonments {
    fn abandoned(
        &mut self,
        _: &World,
        _: &Innovation,
        k: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        self.0.innovation.push(k.code());
        self.0.place.push(place.code());
        self.0.month.push(month);
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let ids = state.innovations.iter().map(|k| innovation_id(world, k));
        self.0.ids = Arc::new(ids.collect());
    }
}

impl Observer for Abandonments {}
