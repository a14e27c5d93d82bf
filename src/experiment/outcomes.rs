//! Outcomes of a whole replicate in long form: what the summary is made of.

use crate::measure::outcome::OfRun;
use crate::measure::{OUTCOMES, Outcome, Told, Value};
use crate::world::World;

use super::observe::Spillover;

/// What the outcomes of a replicate are made of.
#[derive(Clone, Copy, Debug)]
pub struct Outcomes<'a> {
    /// The world.
    pub world: &'a World,
    /// Names of the mechanisms of credit.
    pub mechanisms: &'a [String],
    /// The country.
    pub told: Told<'a>,
    /// Innovations taken up by the centre, by evaluation month.
    pub batches: &'a [(u16, u32)],
    /// Year, mechanism and credit.
    pub credit: &'a [(i32, u32, f64)],
    /// Source, target and the credit between them.
    pub spillovers: &'a [Spillover],
    /// Of each domain, the share of firms that took it up; empty without firms.
    pub uptake: &'a [f64],
}

/// A row of the table `outcomes` of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Outcome.
    pub name: &'static str,
    /// Which one; none for the country.
    pub item: Option<String>,
    /// Value; NaN where there is none.
    pub value: f64,
}

impl Outcomes<'_> {
    /// The rows.
    pub fn rows(&self) -> Vec<Row> {
        let world = self.world;
        // Rows by item stand between those of the registry: by the place of each.
        let mut rows: Vec<(u16, Row)> = Vec::new();
        for outcome in OUTCOMES {
            if let Some(OfRun { place, name }) = outcome.of_run {
                let of = self.of(outcome).into_iter();
                rows.extend(of.map(|(item, value)| (place, Row { name, item, value })));
            }
        }
        let mut put = |place, name, item, value| rows.push((place, Row { name, item, value }));
        for (t, items) in self.batches {
            let month = world.calendar.name(*t);
            put(BATCHES, "national_batch", Some(month), f64::from(*items));
        }
        let mut credits = vec![0.0; self.mechanisms.len()];
        for (_, mechanism, credit) in self.credit {
            credits[*mechanism as usize] += credit;
        }
        for (name, credit) in self.mechanisms.iter().zip(credits) {
            put(CREDIT, "credit", Some(name.clone()), credit);
        }
        let mut given = vec![0.0; world.places.len()];
        for (source, _, credit) in self.spillovers {
            given[*source] += credit;
        }
        for (i, given) in given.iter().enumerate().filter(|(_, given)| **given > 0.0) {
            let place = world.places.id[i].clone();
            put(GIVEN, "spillover_given", Some(place), *given);
        }
        if let Some(firms) = &world.firms {
            for (domain, share) in world.domains.iter().zip(self.uptake) {
                put(SHARES, "uptake_share", Some(domain.clone()), *share);
            }
            put(FIRMS, "firms", None, firms.len() as f64);
            put(LINKS, "partner_links", None, firms.links() as f64);
        }
        rows.sort_by_key(|(place, _)| *place);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// An outcome over the run: item and value.
    fn of(&self, outcome: &Outcome) -> Vec<(Option<String>, f64)> {
        let Self { world, told, .. } = self;
        let last = told.rows.len().saturating_sub(1);
        match outcome.value {
            Value::AxisFormed => {
                let corridors = world.corridors.iter().enumerate();
                let of = corridors.map(|(c, corridor)| {
                    let value = outcome.value.of_corridor(told, c);
                    (Some(corridor.id.clone()), value)
                });
                of.collect()
            }
            Value::Firms(_) if world.firms.is_none() => Vec::new(),
            _ => vec![(None, outcome.value.of_country(told, last))],
        }
    }
}

/// Places of the rows that are by item, or that only a run has, among those of the registry.
const BATCHES: u16 = 200;
const CREDIT: u16 = 210;
const GIVEN: u16 = 220;
const SHARES: u16 = 420;
const FIRMS: u16 = 440;
const LINKS: u16 = 450;
