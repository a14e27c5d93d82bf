//! Where a cause leads: to an earlier event, or to what the layouts set.

use std::ops::RangeInclusive;

use crate::world::mechanism::{Force, Id, Kind, Tie};
use crate::world::{Bits, PlaceId};

use super::cause::{Cause, Reason};
use super::chain::{Explorer, Next, Root, Subject, first};
use super::names::{Item, Mechanism};
use super::record::Record;

impl Explorer<'_> {
    /// Where the largest of some causes leads, if it speaks for the world that leads.
    pub(super) fn leads_to(
        &self,
        causes: &[Cause],
        lead: usize,
        months: RangeInclusive<u16>,
    ) -> Next {
        match causes.first() {
            Some(cause) if cause.difference > 0.0 => self.way(cause.reason, lead, months),
            _ => Next::Open,
        }
    }

    /// Where a reason leads, for what happened in these months.
    pub(super) fn way(&self, reason: Reason, lead: usize, months: RangeInclusive<u16>) -> Next {
        let (start, end) = (*months.start(), *months.end());
        // The hazard of a month comes from the end of the month before.
        let ends = start.saturating_sub(1)..=end.saturating_sub(1);
        match reason {
            Reason::Holds(item, source) => self.held(item, source, lead),
            Reason::Link(listener, source, mechanism) => {
                self.link(listener, source, mechanism, lead, ends)
            }
            Reason::Term(id, item) => self.term(id, item),
            Reason::Opens(place) => Next::Root(Root::Opens(place)),
            Reason::Split(item, place) => Next::Event(Subject::Split(item, place), lead),
            Reason::Line(a, b) => {
                let line = |r: &Record, t: u16| r.line((a, b), t);
                match self.since(lead, end, line) {
                    Some(from) => Next::Event(Subject::Line((a, b), from), lead),
                    None => Next::Open,
                }
            }
            Reason::Circle(zone) => {
                let circle = |r: &Record, t: u16| r.circle(zone, t).is_some();
                match self.since(lead, end, circle) {
                    Some(from) => Next::Event(Subject::Circle(zone, from, None), lead),
                    None => Next::Open,
                }
            }
            Reason::Demand(place, domain) | Reason::Partners(place, domain) => {
                let more = |t: &u16| self.more(lead, |r| r.demand(domain, place, *t));
                match (start.max(1)..=end).find(more) {
                    Some(t) => Next::Event(Subject::Pull(place, domain, t - 1), lead),
                    None => Next::Open,
                }
            }
            Reason::Uptake(place, domain) => {
                let more = |t: &u16| self.more(lead, |r| r.uptake(domain, place, *t));
                match (start..=end).find(more) {
                    Some(t) => Next::Event(Subject::Uptake(place, domain, t), lead),
                    None => Next::Open,
                }
            }
            Reason::Parameters | Reason::Rule => Next::Root(Root::Rule),
        }
    }

    /// Whether something is more in the world that leads.
    fn more(&self, lead: usize, of: impl Fn(&Record) -> f64) -> bool {
        of(&self.pair.records[lead]) > of(&self.pair.records[1 - lead])
    }

    /// The event by which `place` has the innovation in other months.
    pub(super) fn held(&self, item: Item, place: PlaceId, lead: usize) -> Next {
        let months = self.months(item, place);
        match first(months) {
            Some(lead) if self.is_first(item, place) => {
                Next::Event(Subject::Implemented(item), lead)
            }
            Some(lead) => Next::Event(Subject::Adopted(item, place), lead),
            None => Next::Event(Subject::Abandoned(item, place), lead),
        }
    }

    /// Where a term of h_ik comes from: the event from which on it is in force.
    fn term(&self, id: Id, item: Item) -> Next {
        match id.get().kind {
            Kind::Term(Force::Province, _) => Next::Event(Subject::Provincial(item), 0),
            Kind::Term(Force::Country, _) => Next::Event(Subject::National(item), 0),
            _ => match first(self.implemented(item)) {
                Some(lead) => Next::Event(Subject::Implemented(item), lead),
                None => Next::Root(Root::Rule),
            },
        }
    }

    /// Where a difference in what `listener` hears of `source` through a mechanism comes from.
    fn link(
        &self,
        listener: PlaceId,
        source: PlaceId,
        mechanism: Mechanism,
        lead: usize,
        ends: RangeInclusive<u16>,
    ) -> Next {
        let both = (listener.min(source), listener.max(source));
        let line = |r: &Record, t: u16| r.line(both, t);
        let has = |set: Option<&Bits>| set.is_some_and(|s| s.has(listener) && s.has(source));
        match mechanism.id.get().kind {
            Kind::Links if mechanism.id == Id::Transit => {
                Next::Root(Root::Transit(listener, source))
            }
            Kind::Links => Next::Root(Root::Alliance(mechanism, listener, source)),
            Kind::Base | Kind::Term(..) => Next::Root(Root::Links(listener, source)),
            Kind::Tie(Tie::Line, _) => match self.within(lead, ends, line) {
                Some(from) => Next::Event(Subject::Line(both, from), lead),
                None => Next::Root(Root::Links(listener, source)),
            },
            Kind::Tie(Tie::Circle, _) => {
                for zone in self.pair.records[lead].circle_zones() {
                    let test = |r: &Record, t: u16| has(r.circle(zone, t));
                    if let Some(from) = self.within(lead, ends.clone(), test) {
                        return Next::Event(Subject::Circle(zone, from, Some(both)), lead);
                    }
                }
                Next::Root(Root::Links(listener, source))
            }
            Kind::Tie(Tie::Axis, _) => {
                for corridor in 0..self.pair.names.corridors.len() as u32 {
                    let test = |r: &Record, t: u16| has(r.axis(corridor, t));
                    if let Some(from) = self.within(lead, ends.clone(), test) {
                        return Next::Event(Subject::Axis(corridor, from, Some(both)), lead);
                    }
                }
                Next::Root(Root::Links(listener, source))
            }
        }
    }

    /// The month since which only the leading world has something that only it has in one of these
    /// months.
    fn within(
        &self,
        lead: usize,
        months: RangeInclusive<u16>,
        test: impl Fn(&Record, u16) -> bool,
    ) -> Option<u16> {
        let [here, there] = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let found = months
            .into_iter()
            .find(|&t| test(here, t) && !test(there, t))?;
        self.since(lead, found, test)
    }

    /// The month since which only the leading world has something that only it has in `month`.
    pub(super) fn since(
        &self,
        lead: usize,
        month: u16,
        test: impl Fn(&Record, u16) -> bool,
    ) -> Option<u16> {
        let [here, there] = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let only = |t: u16| test(here, t) && !test(there, t);
        (0..=month).rev().take_while(|&t| only(t)).last()
    }
}
