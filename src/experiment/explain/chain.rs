//! The chain of events from what a layout changes to one that differs between two worlds.
//!
//! Each step is explained by its largest cause, which is the next step, until a cause is reached that
//! is not an event of the model but something that the layouts set: a *root*. Every step happens in
//! an earlier month than what it explains, or in the same month and lower in the model's order, so
//! the chain ends; a guard ends it anyway.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::model::OutOfMemory;
use crate::world::{NEVER, PlaceId, World};

use super::cause::{self, Cause, Reason, Side};
use super::names::{Item, Mechanism, Names};
use super::probe::{self, Credit, Track, Wanted};
use super::record::{Luck, Record};

/// Longest chain that is followed.
pub const LONGEST: usize = 100;
/// Most places whose hazards one run writes down.
const MOST_PAIRS: usize = 4096;

/// An event that is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An innovation is implemented.
    Implemented(Item),
    /// A place adopts.
    Adopted(Item, PlaceId),
    /// A place abandons.
    Abandoned(Item, PlaceId),
    /// The adoption is in one month in both worlds, but its credit is split otherwise.
    Split(Item, PlaceId),
    /// Two places have a line from this month on.
    Line((PlaceId, PlaceId), u16),
    /// The circle of a zone (its place) is formed from this month on; or it has both places.
    Circle(PlaceId, u16, Option<(PlaceId, PlaceId)>),
    /// The axis of a corridor is formed from this month on; or it has both places.
    Axis(u32, u16, Option<(PlaceId, PlaceId)>),
    /// A province replicates.
    Provincial(Item),
    /// The centre replicates.
    National(Item),
    /// The plane forms.
    Plane(u16),
    /// The firms at a place pull their government in a domain more, at the end of this month.
    Pull(PlaceId, u32, u16),
    /// More of the firms at a place have taken a domain up at the end of this month.
    Uptake(PlaceId, u32, u16),
}

/// Something that the layouts set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// When a place opens.
    Opens(PlaceId),
    /// What a zone brings forth: opening, tasks, capacities.
    Zone(PlaceId),
    /// An alliance, which a link (listener, source) uses.
    Alliance(Mechanism, PlaceId, PlaceId),
    /// Transit on a link (listener, source).
    Transit(PlaceId, PlaceId),
    /// Base links of a listener to a source.
    Links(PlaceId, PlaceId),
    /// Attributes of a place, or parameters.
    Place(PlaceId),
    /// Dates and thresholds of the country or a province.
    Rule,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To another event, in which the world with this number leads.
    Event(Subject, usize),
    /// To what the layouts set.
    Root(Root),
    /// Nowhere: no cause was found, or the chain is too long.
    Open,
}

/// A link of the chain.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is explained.
    pub subject: Subject,
    /// The world in which it is, or comes first.
    pub lead: usize,
    /// The month in which the worlds part over it.
    pub month: u16,
    /// Its months in both worlds, or [`NEVER`].
    pub months: [u16; 2],
    /// Adoptions: H_ik in both worlds at the end of that month.
    pub cumulative: Option<[f64; 2]>,
    /// Firms: demand_id or u_id in both worlds at the end of that month.
    pub levels: Option<[f64; 2]>,
    /// Why, largest first.
    pub causes: Vec<Cause>,
    /// Where the largest leads.
    pub next: Next,
}

/// Both worlds and what happened in them.
#[derive(Debug)]
pub struct Pair<'a> {
    /// The worlds, A and B, with the same places.
    pub worlds: [&'a World; 2],
    /// What happened.
    pub records: [Record; 2],
    /// Shared names.
    pub names: Names,
    /// Their luck.
    pub luck: Luck,
}

/// Follows chains; keeps what it has probed.
pub struct Explorer<'a> {
    /// The worlds.
    pub pair: &'a Pair<'a>,
    tracks: BTreeMap<(Item, PlaceId), [Track; 2]>,
    credits: BTreeMap<(PlaceId, PlaceId), [Vec<Credit>; 2]>,
    tick: &'a dyn Fn(),
    failed: Cell<Option<OutOfMemory>>,
}

impl<'a> Explorer<'a> {
    /// `tick` is called before each run of a world.
    pub fn new(pair: &'a Pair<'a>, tick: &'a dyn Fn()) -> Self {
        Self {
            pair,
            tracks: BTreeMap::new(),
            credits: BTreeMap::new(),
            tick,
            failed: Cell::default(),
        }
    }

    /// Why a world could not be run again; the chains mean nothing then.
    pub fn failed(&self) -> Option<OutOfMemory> {
        self.failed.get()
    }

    /// The chain that ends in `subject`, from it back to its root.
    pub fn chain(&mut self, subject: Subject, lead: usize) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        let mut now = Some((subject, lead));
        while let Some((subject, lead)) = now {
            let mut step = self.step(subject, lead);
            now = match step.next {
                Next::Event(next, lead) => Some((next, lead)),
                _ => None,
            };
            let known = |next: Subject| steps.iter().any(|s| s.subject == next);
            if steps.len() + 1 >= LONGEST || now.is_some_and(|(next, _)| known(next)) {
                (step.next, now) = (Next::Open, None);
            }
            steps.push(step);
        }
        steps
    }

    /// Explains one event.
    pub fn step(&mut self, subject: Subject, lead: usize) -> Step {
        match subject {
            Subject::Implemented(item) => {
                let months = self.implemented(item);
                let lead = first(months).unwrap_or(lead);
                self.end(
                    subject,
                    lead,
                    months,
                    item.origin.map_or(Root::Rule, Root::Zone),
                )
            }
            Subject::Adopted(item, place) => self.adopted(item, place),
            Subject::Split(item, place) => self.split(item, place, lead),
            Subject::Abandoned(item, place) => {
                let of = |r: &Record| r.items.get(&item).map_or(NEVER, |f| f.abandoned(place));
                let months = [of(&self.pair.records[0]), of(&self.pair.records[1])];
                let lead = first(months).unwrap_or(lead);
                let adopted = self.months(item, place);
                if adopted[0] == adopted[1] {
                    return self.end(subject, lead, months, Root::Place(place));
                }
                let cause = whole(Reason::Holds(item, place));
                let next = self.held(item, place, lead);
                self.made(subject, lead, months, vec![cause], next)
            }
            Subject::Line(ends, from) => self.line(ends, from, lead),
            Subject::Circle(zone, from, ends) => self.circle(zone, from, ends, lead),
            Subject::Axis(corridor, from, ends) => self.axis(corridor, from, ends, lead),
            Subject::Provincial(item) => self.provincial(item),
            Subject::National(item) => self.national(item),
            Subject::Plane(month) => {
                let mut months = [NEVER; 2];
                months[lead] = month;
                self.made(subject, lead, months, Vec::new(), Next::Open)
            }
            Subject::Pull(place, domain, month) => self.pulled(place, domain, month, lead),
            Subject::Uptake(place, domain, month) => self.taken_up(place, domain, month, lead),
        }
    }

    /// A step that ends in a root.
    pub(super) fn end(&self, subject: Subject, lead: usize, months: [u16; 2], root: Root) -> Step {
        self.made(subject, lead, months, Vec::new(), Next::Root(root))
    }

    /// A step whose month is that of the world that leads.
    pub(super) fn made(
        &self,
        subject: Subject,
        lead: usize,
        months: [u16; 2],
        causes: Vec<Cause>,
        next: Next,
    ) -> Step {
        Step {
            subject,
            lead,
            month: months[lead],
            months,
            cumulative: None,
            levels: None,
            causes,
            next,
        }
    }

    /// Months in which a place takes an innovation up in both worlds.
    pub fn months(&self, item: Item, place: PlaceId) -> [u16; 2] {
        let of = |r: &Record| r.items.get(&item).map_or(NEVER, |f| f.adopted(place));
        [of(&self.pair.records[0]), of(&self.pair.records[1])]
    }

    /// Months in which an innovation is implemented in both worlds.
    pub(super) fn implemented(&self, item: Item) -> [u16; 2] {
        let of = |r: &Record| r.items.get(&item).map_or(NEVER, |f| f.implemented);
        self.pair.records.each_ref().map(of)
    }

    /// Whether a place has an innovation from its implementation on.
    pub(super) fn is_first(&self, item: Item, place: PlaceId) -> bool {
        let mut fates = self.pair.records.iter().filter_map(|r| r.items.get(&item));
        fates.any(|fate| fate.first.contains(&place))
    }

    fn adopted(&mut self, item: Item, place: PlaceId) -> Step {
        let subject = Subject::Adopted(item, place);
        let months = self.months(item, place);
        let lead = first(months).unwrap_or(0);
        let month = months[lead];
        self.probe(item, place, month);
        let mut step = self.made(subject, lead, months, Vec::new(), Next::Open);
        if let Some([here, there]) = self.sides(item, place, lead) {
            let from = cause::first_month([here.track, there.track]);
            step.causes = cause::causes(here, there, item, place, from..=month);
            let mut cumulative = [0.0; 2];
            cumulative[lead] = here.cumulative(place, month);
            cumulative[1 - lead] = there.cumulative(place, month);
            step.cumulative = Some(cumulative);
            step.next = match step.causes.first() {
                Some(cause) if cause.reason == Reason::Parameters => Next::Root(Root::Place(place)),
                _ => self.leads_to(&step.causes, lead, from..=month),
            };
        }
        step
    }

    /// One adoption in the same month in both worlds, with its credit split otherwise.
    fn split(&mut self, item: Item, place: PlaceId, lead: usize) -> Step {
        let months = self.months(item, place);
        let month = months[lead];
        self.probe(item, place, month);
        let subject = Subject::Split(item, place);
        let mut step = self.made(subject, lead, months, Vec::new(), Next::Open);
        if let Some([here, there]) = self.sides(item, place, lead) {
            let causes = cause::causes(here, there, item, place, month..=month);
            let all: f64 = causes.iter().map(|c| c.difference.abs()).sum();
            let mut causes = cause::ranked(causes, |cause| cause.difference.abs());
            for cause in &mut causes {
                cause.share = cause.difference.abs() / all;
            }
            let more = causes.first().is_some_and(|c| c.difference > 0.0);
            let leader = if more { lead } else { 1 - lead };
            if let Some(cause) = causes.first_mut() {
                // What is less here is more there.
                let size = cause.difference.abs();
                let signed = std::mem::replace(&mut cause.difference, size);
                step.next = self.leads_to(std::slice::from_ref(cause), leader, month..=month);
                cause.difference = signed;
            }
            step.causes = causes;
        }
        step
    }

    /// What both worlds know of a pair, the leading one first.
    fn sides(&self, item: Item, place: PlaceId, lead: usize) -> Option<[Side<'_>; 2]> {
        let tracks = self.tracks.get(&(item, place))?;
        let side = |n: usize| Side {
            world: self.pair.worlds[n],
            record: &self.pair.records[n],
            fate: self.pair.records[n].items.get(&item),
            track: &tracks[n],
        };
        Some([side(lead), side(1 - lead)])
    }

    /// Makes sure that the hazards of a pair are known, and those of the places that part before it.
    fn probe(&mut self, item: Item, place: PlaceId, month: u16) {
        if self.tracks.contains_key(&(item, place)) {
            return;
        }
        let places = &self.pair.worlds[0].places;
        let mut earlier: Vec<(u16, PlaceId)> = places
            .each()
            .filter(|&i| i != place && !self.is_first(item, i))
            .filter_map(|i| {
                let months = self.months(item, i);
                let parts = months[0].min(months[1]);
                (first(months).is_some() && parts < month).then_some((parts, i))
            })
            .collect();
        earlier.sort_unstable();
        // The last ones are the likelier causes.
        let skip = earlier.len().saturating_sub(MOST_PAIRS - 1);
        let mut list: Vec<PlaceId> = earlier.drain(skip..).map(|(_, i)| i).collect();
        list.push(place);
        list.retain(|i| !self.tracks.contains_key(&(item, *i)));
        let wanted = Wanted {
            pairs: BTreeMap::from([(item, list)]),
            ..Wanted::default()
        };
        let [a, b] = self.ask(&wanted);
        let (mut a, mut b) = (a.tracks, b.tracks);
        for (key, track) in std::mem::take(&mut a) {
            let other = b.remove(&key).unwrap_or_default();
            self.tracks.insert(key, [track, other]);
        }
    }

    /// Credits on a pair of places in both worlds.
    pub(super) fn credits(&mut self, ends: (PlaceId, PlaceId)) -> [Vec<Credit>; 2] {
        if let Some(known) = self.credits.get(&ends) {
            return known.clone();
        }
        let wanted = Wanted {
            line: Some(ends),
            ..Wanted::default()
        };
        let credits = self.ask(&wanted).map(|answer| answer.credits);
        self.credits.insert(ends, credits.clone());
        credits
    }

    pub(super) fn ask(&self, wanted: &Wanted) -> [probe::Answer; 2] {
        let pair = self.pair;
        [0, 1].map(|side| {
            (self.tick)();
            let (world, record) = (pair.worlds[side], &pair.records[side]);
            let answer = probe::probe(world, side, &pair.names, record, &pair.luck, wanted);
            answer.unwrap_or_else(|error| {
                self.failed.set(Some(error));
                probe::Answer::default()
            })
        })
    }
}

/// The world in which something comes first; none when the months are equal.
pub fn first(months: [u16; 2]) -> Option<usize> {
    match months[0].cmp(&months[1]) {
        std::cmp::Ordering::Less => Some(0),
        std::cmp::Ordering::Greater => Some(1),
        std::cmp::Ordering::Equal => None,
    }
}

/// A cause that is all there is.
pub(super) fn whole(reason: Reason) -> Cause {
    Cause {
        reason,
        difference: 1.0,
        share: 1.0,
        now: None,
        through: Vec::new(),
    }
}
