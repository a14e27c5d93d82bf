//! Outcomes of a whole replicate in long form: what the summary is made of.

use crate::measure::outcome::OfRun;
use crate::measure::{Firsts, NationalRow, OUTCOMES, Outcome, Told, Value};
use crate::model::{State, StructureEvent};
use crate::world::{Network, World};

/// Gathers the outcomes of a replicate.
#[derive(Clone, Debug)]
pub struct Outcomes {
    firsts: Firsts,
    /// Innovations taken up by the centre, by evaluation month.
    batches: Vec<(u16, u32)>,
    /// Credit by mechanism over the run.
    credit: Vec<f64>,
    /// The national row of each month.
    rows: Vec<NationalRow>,
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

impl Outcomes {
    /// Nothing yet.
    pub fn new(world: &World) -> Self {
        Self {
            firsts: Firsts::new(world),
            batches: world.evaluations.iter().map(|t| (*t, 0)).collect(),
            credit: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// A structure event.
    pub fn structure(&mut self, event: &StructureEvent) {
        self.firsts.structure(event);
    }

    /// An innovation is taken up by the centre in month `t`.
    pub fn national(&mut self, t: u16) {
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.0 == t) {
            batch.1 += 1;
        }
    }

    /// The national row of the next month.
    pub fn month(&mut self, row: &NationalRow) {
        self.rows.push(*row);
    }

    /// Credit of mechanism `m` in a year.
    pub fn credit(&mut self, m: usize, credit: f64) {
        if self.credit.len() <= m {
            self.credit.resize(m + 1, 0.0);
        }
        self.credit[m] += credit;
    }

    /// The rows; `heard` are the links with credit.
    pub fn rows(
        &self,
        world: &World,
        mechanisms: &[String],
        network: &Network,
        heard: &[usize],
        state: &State<'_>,
    ) -> Vec<Row> {
        // Rows by item stand between those of the registry: by the place of each.
        let mut rows: Vec<(u16, Row)> = Vec::new();
        for outcome in OUTCOMES {
            if let Some(OfRun { place, name }) = outcome.of_run {
                let of = self.of(outcome, world).into_iter();
                rows.extend(of.map(|(item, value)| (place, Row { name, item, value })));
            }
        }
        let mut put = |place, name, item, value| rows.push((place, Row { name, item, value }));
        for (t, items) in &self.batches {
            let month = world.calendar.month(*t).to_string();
            put(BATCHES, "national_batch", Some(month), f64::from(*items));
        }
        for (name, credit) in mechanisms.iter().zip(&self.credit) {
            put(CREDIT, "credit", Some(name.clone()), *credit);
        }
        let mut given = vec![0.0; world.places.len()];
        for &e in heard {
            given[network.source[e] as usize] += state.credit.of_link(e);
        }
        for (i, given) in given.iter().enumerate().filter(|(_, given)| **given > 0.0) {
            let place = world.places.id[i].clone();
            put(GIVEN, "spillover_given", Some(place), *given);
        }
        if let Some(firms) = &state.firms {
            for (d, domain) in world.domains.iter().enumerate() {
                put(SHARES, "uptake_share", Some(domain.clone()), firms.share(d));
            }
            put(FIRMS, "firms", None, firms.firms.len() as f64);
            put(LINKS, "partner_links", None, firms.firms.links() as f64);
        }
        rows.sort_by_key(|(place, _)| *place);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// An outcome over the run: item and value.
    fn of(&self, outcome: &Outcome, world: &World) -> Vec<(Option<String>, f64)> {
        let told = Told {
            rows: &self.rows,
            firsts: &self.firsts,
        };
        let last = self.rows.len().saturating_sub(1);
        match outcome.value {
            Value::AxisFormed => {
                let corridors = world.corridors.iter().enumerate();
                let of = corridors.map(|(c, corridor)| {
                    let value = outcome.value.of_corridor(&told, c);
                    (Some(corridor.id.clone()), value)
                });
                of.collect()
            }
            Value::Firms(_) if world.firms.is_none() => Vec::new(),
            _ => vec![(None, outcome.value.of_country(&told, last))],
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
