//! What the likelihood reads of a history, gathered from its stretches.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::hazard::Hazard;
use crate::scenario::tables::{Covariate, Scenario};
use crate::world::{PlaceId, World};

use super::exposure::{Exposures, units};
use super::held::Rows;
use super::likelihood::Likelihood;
use super::likelihood::groups::{Groups, Mix, NODES};
use super::replay::{ItemHistory, Room, replay};
use super::terms::Columns;
use super::told::{NEVER_COMES, Told};

/// Items that one thread replays at a time; what comes out does not depend on threads.
pub const ITEMS: usize = 32;
/// How many impossible adoptions are named.
const NAMED: usize = 5;

/// A history between the places of a world.
#[derive(Clone)]
pub struct Setting<'w> {
    world: &'w World,
    hazard: Hazard<'w>,
    columns: Columns,
    exposures: Exposures,
    /// The items.
    pub items: Vec<ItemHistory>,
    /// First and last period in which each place can adopt.
    open: Vec<[i32; 2]>,
    /// When replication by the centre is in force, by item; empty where it never is.
    national: Vec<i32>,
    /// The same of the province of the origin, and the places in it.
    provincial: Vec<(i32, Vec<bool>)>,
    /// What backwash leaves of readiness from a period on.
    readiness: Vec<(i32, Vec<f64>)>,
    cells: Cells,
}

/// What rows are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Their items.
    Item,
    /// Their places.
    Place,
}

/// Rows of one place and item in which nothing differs.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The place.
    pub place: usize,
    /// Where covariates are the same.
    pub cell: usize,
    /// The first of its periods.
    pub from: i32,
    /// Rows without an adoption.
    pub rows: f64,
    /// Period of the adoption, in one more row.
    pub adopts: Option<i32>,
    /// E_i.
    pub ready: f64,
    /// x by rate: E_i of the intrinsic one, E_i · φ(X_ik,m), E_i while a replication is in force.
    pub x: &'a [f64],
}

impl Piece<'_> {
    /// The rows of it, as one of an item, that count, and whether its adoption does.
    pub fn part(&self, item: usize, rows: &Rows) -> (f64, bool) {
        rows.part((item, self.place), self.from, self.rows, self.adopts)
    }
}

/// What was gathered, and counts of it.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// For the likelihood.
    pub likelihood: Likelihood,
    /// Rows at risk: places, items and periods.
    pub rows: u64,
    /// Adoptions among them.
    pub adoptions: u64,
    /// Stretches that they are told in.
    pub stretches: u64,
    /// Rows left out because a covariate is not known.
    pub without_covariate: u64,
    /// Adoptions that were not counted because they come after the item's last period.
    pub too_late: u64,
    /// Adoptions that were not counted because they come before the item's first period at risk.
    pub too_early: u64,
    /// Items in which nobody is at risk.
    pub idle: Vec<usize>,
    /// Adoptions that cannot happen: how many, and the first few (item, place, period).
    pub impossible: (u64, Vec<(usize, usize, i32)>),
}

impl<'w> Setting<'w> {
    /// The history of a scenario in its world, in which links never change and all places are there. The error is a place
    /// that hears more than can be counted.
    pub fn new(scenario: &Scenario, world: &'w World, columns: &Columns) -> Result<Self, PlaceId> {
        let by_layer = super::terms::by_layer(scenario);
        let open = |i| match world.places.is_open(i, 0) {
            true => [i32::MIN, i32::MAX],
            false => [NEVER_COMES, i32::MIN],
        };
        let told = Told {
            exposures: Exposures::new(world, by_layer)?,
            open: world.places.each().map(open).collect(),
            national: Vec::new(),
            provincial: Vec::new(),
            readiness: Vec::new(),
        };
        Ok(Self::of(scenario, world, columns, told))
    }

    /// The history of a scenario in its world, of which the engine has told the rest.
    pub fn of(scenario: &Scenario, world: &'w World, columns: &Columns, told: Told) -> Self {
        let canonical = world.places.canonical();
        let place = |at: u32| canonical[at as usize].index();
        let items = scenario.history.iter().flat_map(|history| &history.items);
        let items: Vec<ItemHistory> = items
            .map(|item| ItemHistory {
                domain: item.domain,
                quality: item.quality,
                risk: [item.first_risk, item.last],
                origin: item.origin.map(place),
                adoptions: item
                    .adoptions
                    .iter()
                    .map(|a| (place(a.place), a.time, a.until))
                    .collect(),
            })
            .collect();
        let first = items.iter().map(|item| item.risk[0]).min();
        let last = items.iter().map(|item| item.risk[1]).max();
        let periods = [first.unwrap_or(0), last.unwrap_or(0)];
        let mut open = told.open;
        let adopts = |i: usize| world.places.kind[i].adopts();
        let never = open.iter_mut().enumerate().filter(|(i, _)| !adopts(*i));
        never.for_each(|(_, open)| *open = [NEVER_COMES, i32::MIN]);
        Self {
            world,
            hazard: Hazard::new(world, &[]),
            columns: columns.clone(),
            exposures: told.exposures,
            open,
            national: told.national,
            provincial: told.provincial,
            readiness: told.readiness,
            cells: Cells::new(&scenario.covariates, &world.places.input, periods),
            items,
        }
    }

    /// The same history over other links.
    #[must_use]
    pub fn over(&self, exposures: Exposures) -> Self {
        let mut over = self.clone();
        over.columns.resize(exposures.terms);
        over.exposures = exposures;
        over
    }

    /// What links carry.
    pub fn exposures(&self) -> &Exposures {
        &self.exposures
    }

    /// Whether links are the same, and places there, all the time, and nothing is replicated.
    pub fn is_plain(&self) -> bool {
        self.exposures.changes().is_empty()
            && self.national.is_empty()
            && self.readiness.is_empty()
            && self
                .open
                .iter()
                .all(|[from, to]| *from == i32::MIN || from > to)
    }

    /// First and last period in which each place can adopt; the first is after the last where it never can.
    pub fn open(&self) -> &[[i32; 2]] {
        &self.open
    }

    /// Number of places.
    pub fn places(&self) -> usize {
        self.open.len()
    }

    /// Which rate is where.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Number of rates.
    pub fn rates(&self) -> usize {
        self.columns.rates()
    }

    /// Adoptions of an item while the place is not open, though the item is at risk: place and period.
    pub fn closed<'a>(&'a self, item: &'a ItemHistory) -> impl Iterator<Item = (usize, i32)> + 'a {
        let [first, last] = item.risk;
        let adoptions = item.adoptions.iter().map(|a| (a.0, a.1));
        adoptions.filter(move |(place, time)| {
            let [from, to] = self.open[*place];
            let inside = (first..=last).contains(time);
            inside && from <= to && !(from..=to).contains(time)
        })
    }

    /// Calls `each` for the pieces of an item, by its number; gives the rows and adoptions that are left out as a covariate
    /// of theirs is not known.
    pub fn pieces(&self, number: usize, room: &mut Room, mut each: impl FnMut(Piece<'_>)) -> u64 {
        let mut left_out = 0;
        let item = &self.items[number];
        let columns = &self.columns;
        let mut x = vec![0.0; self.rates()];
        let unheard = columns.of_domain[item.domain];
        let terms = columns.intrinsic..columns.intrinsic + columns.terms;
        let national = self.national.get(number).copied().unwrap_or(NEVER_COMES);
        let provincial = self.provincial.get(number);
        replay(&self.exposures, item, &self.open, room, |stretch| {
            let environment = self.world.places.environment[PlaceId::new(stretch.place)];
            let here = provincial.filter(|(_, home)| home.get(stretch.place) == Some(&true));
            let provincial = here.map_or(NEVER_COMES, |(from, _)| *from);
            let cells = &self.cells.of_place[stretch.place];
            let mut at = cells.partition_point(|cell| cell.0 <= stretch.from) - 1;
            let mut left = self.readiness.partition_point(|of| of.0 <= stretch.from);
            let mut from = stretch.from;
            loop {
                let end = cells.get(at + 1).map_or(i32::MAX, |next| next.0 - 1);
                let mut to = end.min(stretch.to);
                // What else changes on the way.
                for next in [national, provincial] {
                    if from < next && next <= to {
                        to = next - 1;
                    }
                }
                if let Some((next, _)) = self.readiness.get(left)
                    && *next <= to
                {
                    to = next - 1;
                }
                let of = left.checked_sub(1).map(|at| &self.readiness[at].1);
                let ready = of.map_or(environment, |of| environment * of[stretch.place]);
                x[unheard] = ready;
                for (x, ticks) in x[terms.clone()].iter_mut().zip(stretch.ticks) {
                    *x = ready * self.hazard.response(item.quality * units(*ticks));
                }
                for (column, begins) in [
                    (columns.provincial, provincial),
                    (columns.national, national),
                ] {
                    if let Some(column) = column {
                        x[column] = if begins <= from { ready } else { 0.0 };
                    }
                }
                let adopts = stretch.adopts && to == stretch.to;
                let rows = i64::from(to) - i64::from(from) + 1;
                match cells[at].1 {
                    None => left_out += rows as u64,
                    Some(cell) => each(Piece {
                        place: stretch.place,
                        cell: cell as usize,
                        from,
                        rows: (rows - i64::from(adopts)) as f64,
                        adopts: adopts.then_some(to),
                        ready,
                        x: &x,
                    }),
                }
                if to == stretch.to {
                    break;
                }
                from = to + 1;
                at += usize::from(to == end);
                let next = self.readiness.get(left);
                left += usize::from(next.is_some_and(|next| next.0 == from));
            }
        });
        left_out
    }

    /// Gathers all. An adoption is impossible where x is 0 for every rate that is `possible`.
    pub fn gather(&self, scenario: &Scenario, possible: &[bool]) -> Gathered {
        self.gather_of(scenario, possible, &Rows::all())
    }

    /// Gathers the rows that are kept.
    pub fn gather_of(&self, scenario: &Scenario, possible: &[bool], kept: &Rows) -> Gathered {
        let rates = self.rates();
        let cells = self.cells.values.len() / self.cells.covariates.max(1);
        let cells = if self.cells.covariates == 0 { 1 } else { cells };
        let parts: Vec<(Gathered, Vec<f64>)> = (0..self.items.len().div_ceil(ITEMS))
            .into_par_iter()
            .map(|n| {
                let mut part = Gathered::default();
                let mut totals = vec![0.0; cells * rates];
                let mut room = Room::default();
                let last = self.items.len().min((n + 1) * ITEMS);
                for number in n * ITEMS..last {
                    self.gather_item(number, possible, kept, &mut room, &mut part, &mut totals);
                }
                (part, totals)
            })
            .collect();
        let mut all = Gathered::default();
        let l = &mut all.likelihood;
        (l.rates, l.intrinsic) = (rates, self.columns.intrinsic);
        l.effects = scenario.covariates.iter().map(|c| c.spec.acts_on).collect();
        l.covariates.clone_from(&self.cells.values);
        l.totals = vec![0.0; cells * rates];
        for (part, totals) in parts {
            for (sum, more) in l.totals.iter_mut().zip(totals) {
                *sum += more;
            }
            l.adoptions.extend(part.likelihood.adoptions);
            l.counts.extend(part.likelihood.counts);
            all.rows += part.rows;
            all.adoptions += part.adoptions;
            all.stretches += part.stretches;
            all.without_covariate += part.without_covariate;
            all.too_late += part.too_late;
            all.too_early += part.too_early;
            all.idle.extend(part.idle);
            all.impossible.0 += part.impossible.0;
            all.impossible.1.extend(part.impossible.1);
        }
        all.impossible.1.truncate(NAMED);
        equal_together(l);
        all
    }

    fn gather_item(
        &self,
        number: usize,
        possible: &[bool],
        kept: &Rows,
        room: &mut Room,
        part: &mut Gathered,
        totals: &mut [f64],
    ) {
        let item = &self.items[number];
        let rates = self.rates();
        let before = part.rows;
        let left_out = self.pieces(number, room, |piece| {
            let (rows, adopts) = piece.part(number, kept);
            part.stretches += 1;
            part.rows += rows as u64 + u64::from(adopts);
            if rows > 0.0 {
                let totals = &mut totals[piece.cell * rates..(piece.cell + 1) * rates];
                for (total, x) in totals.iter_mut().zip(piece.x) {
                    *total += rows * x;
                }
            }
            if let Some(period) = piece.adopts.filter(|_| adopts) {
                part.adoptions += 1;
                let mut carried = piece.x.iter().zip(possible);
                if !carried.any(|(x, possible)| *possible && *x > 0.0) {
                    part.impossible.0 += 1;
                    if part.impossible.1.len() < NAMED {
                        part.impossible.1.push((number, piece.place, period));
                    }
                }
                part.likelihood.adoptions.extend_from_slice(piece.x);
                part.likelihood.counts.push((piece.cell as u32, 1.0));
            }
        });
        part.without_covariate += left_out;
        let late = item.adoptions.iter().filter(|a| a.1 > item.risk[1]);
        part.too_late += late.count() as u64;
        let early = item.adoptions.iter().filter(|a| a.1 < item.risk[0]);
        part.too_early += early.count() as u64;
        if part.rows == before && left_out == 0 {
            part.idle.push(number);
        }
    }
}

impl Setting<'_> {
    /// What was gathered with its rows in groups that differ as `mix` says.
    pub fn grouped(&self, whole: &Gathered, by: By, mix: Mix) -> Likelihood {
        let rates = self.rates();
        /// By group: totals by cell, and adoptions: cell and x.
        type Found = BTreeMap<u32, (BTreeMap<u32, Vec<f64>>, Vec<(u32, Vec<f64>)>)>;
        let mut found = Found::new();
        let mut room = Room::default();
        for number in 0..self.items.len() {
            self.pieces(number, &mut room, |piece| {
                let group = match by {
                    By::Item => number,
                    By::Place => piece.place,
                };
                let of = found.entry(group as u32).or_default();
                let cell = piece.cell as u32;
                if piece.rows > 0.0 {
                    let total = of.0.entry(cell).or_insert_with(|| vec![0.0; rates]);
                    for (total, x) in total.iter_mut().zip(piece.x) {
                        *total += piece.rows * x;
                    }
                }
                if piece.adopts.is_some() {
                    of.1.push((cell, piece.x.to_vec()));
                }
            });
        }
        let mut l = Likelihood {
            adoptions: Vec::new(),
            counts: Vec::new(),
            ..whole.likelihood.clone()
        };
        let mut groups = Groups {
            rows: vec![0],
            sums: vec![0],
            ..Groups::default()
        };
        for (group, (totals, adoptions)) in found {
            groups.which.push(group);
            for (cell, x) in adoptions {
                l.adoptions.extend(x);
                l.counts.push((cell, 1.0));
            }
            for (cell, x) in totals {
                groups.cells.push(cell);
                groups.totals.extend(x);
            }
            groups.rows.push(l.counts.len());
            groups.sums.push(groups.cells.len());
        }
        groups.ready(mix, rates, NODES);
        l.groups = Some(groups);
        l
    }
}

/// Puts equal rows with an adoption together, in a canonical order.
fn equal_together(l: &mut Likelihood) {
    let rates = l.rates;
    let x = |row: u32| &l.adoptions[row as usize * rates..(row as usize + 1) * rates];
    let cell = |row: u32| l.counts[row as usize].0;
    let order = |a: &u32, b: &u32| {
        let mut pairs = x(*a).iter().zip(x(*b));
        let differs = pairs.find_map(|(a, b)| Some(a.total_cmp(b)).filter(|order| order.is_ne()));
        cell(*a)
            .cmp(&cell(*b))
            .then(differs.unwrap_or(std::cmp::Ordering::Equal))
    };
    let mut rows: Vec<u32> = (0..l.counts.len() as u32).collect();
    rows.par_sort_unstable_by(order);
    let (mut adoptions, mut counts) = (Vec::new(), Vec::new());
    for equal in rows.chunk_by(|a, b| order(a, b).is_eq()) {
        adoptions.extend_from_slice(x(equal[0]));
        counts.push((cell(equal[0]), equal.len() as f64));
    }
    (l.adoptions, l.counts) = (adoptions, counts);
}

/// Where covariates are the same.
#[derive(Clone)]
struct Cells {
    /// Number of covariates.
    covariates: usize,
    /// First period and cell of each run of periods, by place; none where a covariate is not known.
    of_place: Vec<Vec<(i32, Option<u32>)>>,
    /// z less its centre, `[cell · Q + q]`.
    values: Vec<f64>,
}

impl Cells {
    /// Those of places in canonical order, over all periods.
    fn new(covariates: &[Covariate], input: &[u32], [first, last]: [i32; 2]) -> Self {
        let mut numbers: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
        let mut values = Vec::new();
        let mut cell_of = |place: u32, period: i32| -> Option<u32> {
            let mut z = Vec::with_capacity(covariates.len());
            for covariate in covariates {
                let place = if covariate.by[0] { place } else { 0 };
                let period = if covariate.by[1] { period } else { 0 };
                let found = covariate
                    .values
                    .binary_search_by_key(&(place, period), |value| (value.0, value.1));
                // As one number, whatever its sign is at 0.
                z.push(covariate.values[found.ok()?].2 - covariate.spec.center + 0.0);
            }
            let next = numbers.len() as u32;
            let bits = z.iter().map(|z| z.to_bits()).collect();
            let number = *numbers.entry(bits).or_insert(next);
            if number == next {
                values.extend(z);
            }
            Some(number)
        };
        // Values act in their own period: something can change in it, and in the one after it.
        let starts = |place: u32| {
            let mut starts = vec![first];
            for covariate in covariates.iter().filter(|covariate| covariate.by[1]) {
                let place = if covariate.by[0] { place } else { 0 };
                let from = covariate.values.partition_point(|value| value.0 < place);
                let of_place = covariate.values[from..].iter();
                let periods = of_place
                    .take_while(|value| value.0 == place)
                    .map(|value| value.1);
                starts.extend(periods.flat_map(|period| [period, period + 1]));
            }
            starts.retain(|period| (first..=last).contains(period));
            starts.sort_unstable();
            starts.dedup();
            starts
        };
        let of_place = input.iter().map(|&place| {
            let mut runs: Vec<(i32, Option<u32>)> = Vec::new();
            for period in starts(place) {
                let cell = cell_of(place, period);
                if runs.last().is_none_or(|run| run.1 != cell) {
                    runs.push((period, cell));
                }
            }
            // What comes before the first period is never asked for.
            runs.iter_mut().take(1).for_each(|run| run.0 = i32::MIN);
            runs
        });
        Self {
            covariates: covariates.len(),
            of_place: of_place.collect(),
            values,
        }
    }
}
