//! What the engine says of a history that it is told.
//!
//! The engine runs along the history ([`Course::Told`]) in the scenario's own calendar, and a listener writes down what the
//! likelihood reads: what each link carries of each term in each period ([`Weights::parts_by`]), when the centre and the
//! provinces replicate each item, who takes part when, and what backwash leaves of readiness. In the weights that are
//! written down all strengths that are estimated are 1, so that exposures are those of the products in which the hazard is
//! linear. Lines, circles and axes form by the flows of the history, and these depend on parameters: they are those of
//! another scenario with the same links, at values of its own.

use crate::experiment::observe::no_memory;
use crate::model::engine::weight::Weights;
use crate::model::{Course, Innovation, InnovationId, Listener, Ranges, State, run_as};
use crate::scenario::LONGEST_RUN;
use crate::scenario::tables::{GatewayRole, Place, Scenario};
use crate::texts::{Text, text};
use crate::world::weight::{ByDomain, Makeup, add};
use crate::world::{LinkId, NEVER, PlaceId, World};

use super::exposure::{Exposures, ticks};
use super::terms::Columns;

/// A period that never comes.
pub const NEVER_COMES: i32 = i32::MAX;

/// A scenario in a calendar that covers its history.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The scenario: it begins with the first period at risk or before, and ends with the last or after.
    pub scenario: Scenario,
    /// The period of its month 0, as the history counts.
    pub zero: i32,
}

/// What the engine says of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// What links carry.
    pub exposures: Exposures,
    /// First and last period in which each place can adopt, as far as openings say.
    pub open: Vec<[i32; 2]>,
    /// First period in which replication by the centre is in force, by item in the order of the history.
    pub national: Vec<i32>,
    /// The same of replication by the province of the origin, and which places lie in it.
    pub provincial: Vec<(i32, Vec<bool>)>,
    /// What backwash leaves of the readiness of places from a period on.
    pub readiness: Vec<(i32, Vec<f64>)>,
}

impl Frame {
    /// Of a scenario with a history.
    ///
    /// # Errors
    /// More steps than a run can have.
    pub fn new(scenario: &Scenario) -> Result<Self, Text> {
        let step = scenario.step;
        let begin = step.first(scenario.start);
        let by = if scenario.numbered { begin } else { 0 };
        let items = || scenario.history.iter().flat_map(|history| &history.items);
        let first = items().map(|item| item.first_risk + by).min();
        let last = items().map(|item| item.last + by).max();
        let mut scenario = scenario.clone();
        if let Some(first) = first.filter(|first| *first < begin) {
            scenario.start = step.month(first);
        }
        if let Some(last) = last.filter(|last| *last > step.last(scenario.end)) {
            scenario.end = step.month(last);
        }
        let (from, to) = (step.first(scenario.start), step.last(scenario.end));
        let steps = i64::from(to) - i64::from(from) + 1;
        let covers = first.is_none_or(|first| from <= first) && last.is_none_or(|last| last <= to);
        if !covers || steps > i64::from(LONGEST_RUN) {
            return Err(text!("estimate-steps", most = LONGEST_RUN));
        }
        // Numbers count from the first step.
        let shift = if scenario.numbered { from - begin } else { 0 };
        count_from(&mut scenario, shift);
        // Innovations of zones are no part of a history.
        scenario.mandates.clear();
        let links = &mut scenario.gateway_links;
        links.retain(|link| link.role != GatewayRole::Source);
        scenario.places.iter_mut().for_each(|place| place.tasks = 0);
        let zero = if scenario.numbered { shift } else { from };
        Ok(Self { scenario, zero })
    }
}

/// Numbers the periods of a history, and of covariates by time, from this one on.
pub fn count_from(scenario: &mut Scenario, zero: i32) {
    for item in scenario.history.iter_mut().flat_map(|h| &mut h.items) {
        item.first_risk -= zero;
        item.last -= zero;
        for adoption in &mut item.adoptions {
            adoption.time -= zero;
            adoption.until = adoption.until.map(|until| until.saturating_sub(zero));
        }
    }
    let timed = scenario.covariates.iter_mut().filter(|c| c.by[1]);
    timed.for_each(|c| c.values.iter_mut().for_each(|value| value.1 -= zero));
}

/// Whether what the likelihood reads of a scenario has to be told by the engine: else links never change, and all places
/// are there all the time.
pub fn is_needed(scenario: &Scenario, columns: &Columns) -> bool {
    let step = scenario.step;
    let begin = step.first(scenario.start);
    let by = if scenario.numbered { begin } else { 0 };
    let items = scenario.history.iter().flat_map(|history| &history.items);
    let from = items.map(|item| item.first_risk + by).min();
    let from = from.map_or(begin, |first| first.min(begin));
    let later = |open| step.first(open) > from;
    let passing = |place: &Place| place.close.is_some() || place.open.is_some_and(later);
    scenario.line.structures
        || !scenario.alliances.is_empty()
        || super::terms::transit(scenario)
        || columns.provincial.is_some()
        || columns.national.is_some()
        || scenario.places.iter().any(passing)
        || super::terms::zones(scenario) && scenario.line.backwash > 0.0
}

/// Writes down what the engine does.
struct Writer<'a> {
    unit: &'a World,
    makeup: Makeup,
    columns: &'a Columns,
    zero: i32,
    exposures: Exposures,
    too_large: Option<PlaceId>,
    /// Number of each innovation among the given items.
    given: Vec<Option<u32>>,
    /// Month of replication by item of the world.
    national: Vec<u16>,
    provincial: Vec<(u16, Vec<bool>)>,
}

impl Writer<'_> {
    /// The weights of month `month`.
    fn weights(&mut self, world: &World, state: &State<'_>, month: u16) {
        if month > 0 && !self.unit.weights_change() {
            return;
        }
        let (network, channels) = (&world.network, &self.unit.terms.channels);
        let formed = |c: u32| state.structures.axes[c as usize].formed;
        let values = Weights::channels(self.unit, month, &formed);
        let terms = self.columns.terms;
        let mut now = vec![0; terms];
        for e in LinkId::each(0..network.len()) {
            let link = state
                .weights
                .tied(world, &state.structures, &state.mechanisms, e);
            for (block, domains) in self.makeup.blocks() {
                let mut carried = vec![ByDomain::default(); terms];
                let weights = &state.weights;
                weights.parts_by(&self.makeup, &values, &link, block, |part, by_domain| {
                    add(&mut carried[self.columns.term(part, channels)], by_domain);
                });
                if month == 0 {
                    let put = self.exposures.put(self.unit, e, domains, &carried);
                    self.too_large = self.too_large.or(put.err());
                    continue;
                }
                let slot = network.slot[e] as usize;
                for (n, d) in domains.enumerate() {
                    for (now, carried) in now.iter_mut().zip(&carried) {
                        match ticks(self.unit, e, carried[n]) {
                            Ok(ticks) => *now = ticks,
                            Err(place) => self.too_large = Some(place),
                        }
                    }
                    if self.exposures.last(d, slot) != now {
                        let from = self.zero + i32::from(month);
                        let link = (slot, network.source[e].index());
                        self.exposures.change(from, d, link, &now);
                    }
                }
            }
        }
    }
}

impl Listener for Writer<'_> {
    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        self.given = innovations.iter().map(|k| k.given).collect();
        for k in innovations {
            if let Some(g) = k.given {
                let home = world.places.each().map(|i| k.is_at_home(world, i));
                self.provincial[g as usize].1 = home.collect();
            }
        }
    }

    fn before(&mut self, world: &World, state: &State<'_>) {
        self.weights(world, state, 0);
    }

    fn provincial(&mut self, _: &World, k: InnovationId, month: u16) {
        if let Some(g) = self.given[k.index()] {
            self.provincial[g as usize].0 = month;
        }
    }

    fn national(&mut self, _: &World, k: InnovationId, month: u16) {
        if let Some(g) = self.given[k.index()] {
            self.national[g as usize] = month;
        }
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
        if month + 1 < world.calendar.months {
            self.weights(world, state, month + 1);
        }
    }
}

/// What went wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A place hears more than can be counted.
    TooLarge(PlaceId),
    /// There is no memory for the run.
    Memory(Text),
}

/// Tells the engine the history of `real`, which has the links and dates of `unit`, of which the weights are written down.
///
/// # Errors
/// A place that hears more than can be counted; no memory.
pub fn tell(unit: &World, real: &World, columns: &Columns, frame: &Frame) -> Result<Told, Fault> {
    let (items, zero) = (unit.given.len(), frame.zero);
    let mut writer = Writer {
        unit,
        makeup: unit.plain_makeup(),
        columns,
        zero,
        exposures: Exposures::silent(unit, columns.terms),
        too_large: None,
        given: Vec::new(),
        national: vec![NEVER; items],
        provincial: vec![(NEVER, Vec::new()); items],
    };
    let course = Course::Told(Ranges::new(real));
    run_as(real, frame.scenario.seed, 0, course, &mut writer)
        .map_err(|error| Fault::Memory(no_memory(error)))?;
    if let Some(place) = writer.too_large {
        return Err(Fault::TooLarge(place));
    }
    // From the month after it on.
    let from = |month: u16| match month {
        NEVER => NEVER_COMES,
        month => zero + i32::from(month) + 1,
    };
    let places = &unit.places;
    let open = |i: PlaceId| {
        let open = places.open[i];
        // Month 0 takes a place that opens in it as open.
        let first = match open {
            0 => i32::MIN,
            NEVER => NEVER_COMES,
            open => zero + i32::from(open) + 1,
        };
        let close = places.close[i];
        let last = match close {
            NEVER => i32::MAX,
            close => zero + i32::from(close),
        };
        [first, last]
    };
    let mut readiness: Vec<(i32, Vec<f64>)> = Vec::new();
    if let Some(backwash) = &unit.backwash {
        for month in 0..unit.calendar.months {
            let left = backwash.factors(&unit.zones, month.checked_sub(1));
            if readiness.last().is_none_or(|last| last.1 != left) {
                readiness.push((zero + i32::from(month), left));
            }
        }
    }
    // Items of the world stand in order of their ids.
    let history = frame.scenario.history.iter().flat_map(|h| &h.items);
    let number = |id: &str| {
        unit.given
            .binary_search_by(|given| given.id.as_str().cmp(id))
    };
    let numbers: Vec<usize> = history.filter_map(|item| number(&item.id).ok()).collect();
    let of = |g: &usize| writer.provincial[*g].clone();
    Ok(Told {
        exposures: writer.exposures,
        open: places.each().map(open).collect(),
        national: numbers.iter().map(|g| from(writer.national[*g])).collect(),
        provincial: numbers
            .iter()
            .map(of)
            .map(|(month, home)| (from(month), home))
            .collect(),
        readiness,
    })
}
