//! Why a line, a circle or an axis is there in one world and not in the other (model §7.3 to 7.5).

use std::collections::BTreeMap;

use crate::world::decimal::number;
use crate::world::{Bits, NEVER, PlaceId, World, Zone, ZoneId};

use super::cause::{Cause, Reason, sorted};
use super::chain::{Explorer, Next, Root, Step, Subject};
use super::names::{Item, Mechanism};
use super::probe::Credit;
use super::record::Record;

impl Explorer<'_> {
    /// A line: the difference of the flows y_ij, by adoption.
    pub(super) fn line(&mut self, ends: (PlaceId, PlaceId), from: u16, lead: usize) -> Step {
        let credits = self.credits(ends);
        let pair = self.pair;
        let months = self.in_both(lead, from, |r, t| r.line(ends, t));
        let mut sums: BTreeMap<Reason, f64> = BTreeMap::new();
        type Key = (Item, PlaceId, PlaceId);
        let list = |side: usize| -> BTreeMap<Key, &Credit> {
            let until = credits[side].iter().filter(|c| c.month <= from);
            until.map(|c| ((c.item, c.listener, c.source), c)).collect()
        };
        let (here, there) = (list(lead), list(1 - lead));
        let left = |side: usize, credit: Option<&&Credit>| {
            let keep = 1.0 - pair.worlds[side].line.forgetting;
            credit.map_or(0.0, |c| {
                c.credit * libm::pow(keep, f64::from(from - c.month))
            })
        };
        let keys = here.keys().chain(there.keys());
        let mut keys: Vec<Key> = keys.copied().collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let (item, listener, source) = key;
            let (one, other) = (here.get(&key), there.get(&key));
            let difference = left(lead, one) - left(1 - lead, other);
            let adopted = self.months(item, listener);
            let reason = if adopted[0] != adopted[1] {
                Reason::Holds(item, listener)
            } else if self.held_otherwise(item, source, adopted[0]) {
                Reason::Holds(item, source)
            } else {
                match heavier(one, other, difference > 0.0) {
                    Some(mechanism) => Reason::Link(listener, source, mechanism),
                    None if one.map(|c| c.credit) == other.map(|c| c.credit) => Reason::Rule,
                    None => Reason::Split(item, listener),
                }
            };
            if difference != 0.0 {
                *sums.entry(reason).or_insert(0.0) += difference;
            }
        }
        let total: f64 = sums.values().sum();
        let flow: f64 = here.values().map(|c| left(lead, Some(c))).sum();
        let causes = sums.into_iter().map(|(reason, difference)| Cause {
            reason,
            difference,
            share: difference / total,
            now: (flow > 0.0 && difference > 0.0).then(|| difference / flow),
            through: Vec::new(),
        });
        let causes = sorted(causes.collect());
        // Credit of a month counts in that month, from the state at the end of the one before.
        let next = match causes.first() {
            None => Next::Root(Root::Rule),
            Some(_) => self.leads_to(&causes, lead, 0..=from),
        };
        let mut step = self.made(Subject::Line(ends, from), lead, months, causes, next);
        step.month = from;
        step
    }

    fn held_otherwise(&self, item: Item, source: PlaceId, month: u16) -> bool {
        let holds = |r: &Record| {
            let fate = r.items.get(&item);
            month > 0 && fate.is_some_and(|f| f.holds(source, month - 1))
        };
        holds(&self.pair.records[0]) != holds(&self.pair.records[1])
    }

    /// Months in which something begins in both worlds: in the leading one the beginning that holds
    /// in `month`, in the other one the next.
    fn in_both(&self, lead: usize, month: u16, test: impl Fn(&Record, u16) -> bool) -> [u16; 2] {
        let last = self.pair.worlds[0].calendar.months;
        let [here, there] = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let began = (0..=month).rev().take_while(|&t| test(here, t)).last();
        let mut months = [NEVER; 2];
        months[lead] = began.unwrap_or(month);
        months[1 - lead] = (month..last).find(|&t| test(there, t)).unwrap_or(NEVER);
        months
    }

    /// A circle: the line that carries most of the weight that is missing in the other world.
    pub(super) fn circle(
        &mut self,
        zone: PlaceId,
        from: u16,
        ends: Option<(PlaceId, PlaceId)>,
        lead: usize,
    ) -> Step {
        let subject = Subject::Circle(zone, from, ends);
        let has = |r: &Record, t: u16| {
            r.circle(zone, t)
                .is_some_and(|set| ends.is_none_or(|(a, b)| set.has(a) && set.has(b)))
        };
        let months = self.in_both(lead, from, has);
        let mut step = self.made(subject, lead, months, Vec::new(), Next::Root(Root::Rule));
        step.month = from;
        let Some(before) = from.checked_sub(1) else {
            return step;
        };
        let world = self.pair.worlds[lead];
        let records = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let Some(here) = zone_at(world, zone) else {
            return step;
        };
        // The lines of both, in the catchment and with the open places of the world that has it.
        let lines = |r: &Record| -> Vec<(PlaceId, PlaceId)> { r.lines_at(before).collect() };
        let (with, without) = (lines(records[0]), lines(records[1]));
        let reached = reach(world, here, &with, None, before);
        let other = reach(world, here, &without, None, before);
        // Both formed: what counts is the two places, not the weight.
        let formed = records[1].circle(zone, from).is_some();
        let wanted = ends.filter(|_| formed);
        let weight = |set: &Bits| world.places.carried(set.iter());
        let gap = weight(&reached) - weight(&other);
        let mut causes = Vec::new();
        for &(a, b) in with.iter().filter(|line| !without.contains(line)) {
            let inside = |i: PlaceId| reached.has(i);
            if !inside(a) || !inside(b) {
                continue;
            }
            // What it adds to the other world's lines, and what is lost without it here.
            let more = reach(world, here, &without, Some((a, b)), before);
            let but: Vec<(PlaceId, PlaceId)> =
                with.iter().copied().filter(|l| *l != (a, b)).collect();
            let less = reach(world, here, &but, None, before);
            let gain = match wanted {
                Some((p, q)) => {
                    let count = |set: &Bits, base: &Bits| {
                        let new = |i: PlaceId| set.has(i) && !base.has(i);
                        i64::from(new(p)) + i64::from(new(q))
                    };
                    count(&more, &other).max(count(&reached, &less))
                }
                None => (weight(&more) - weight(&other)).max(weight(&reached) - weight(&less)),
            };
            let decimals = wanted.map_or(world.places.decimals, |_| 0);
            let difference = number(gain, decimals);
            causes.push(Cause {
                reason: Reason::Line(a, b),
                difference,
                share: match wanted {
                    None if gap > 0 => gain as f64 / gap as f64,
                    _ => difference.min(1.0),
                },
                now: None,
                through: Vec::new(),
            });
        }
        // Of equals, the line that formed last completed it.
        let formed = |cause: &Cause| match cause.reason {
            Reason::Line(a, b) => {
                let toggles = records[0].lines.get(&(a, b)).map_or(&[][..], Vec::as_slice);
                toggles.iter().rev().find(|t| **t <= before).copied()
            }
            _ => None,
        };
        causes.sort_by(|x, y| {
            let order = y.difference.total_cmp(&x.difference);
            order
                .then(formed(y).cmp(&formed(x)))
                .then(x.reason.cmp(&y.reason))
        });
        step.causes = causes;
        let open = |side: usize, i: PlaceId| {
            let places = &self.pair.worlds[side].places;
            places.is_open(i, before)
        };
        // A zone in it may be open here and not there.
        let mut inside = [zone].into_iter().chain(reached.iter());
        if let Some(cause) = step.causes.first() {
            step.next = self.way(cause.reason, lead, 0..=before);
        } else if let Some(i) = inside.find(|&i| open(lead, i) != open(1 - lead, i)) {
            step.next = Next::Root(Root::Opens(i));
        }
        step
    }

    /// An axis: the circles that light its segments.
    pub(super) fn axis(
        &mut self,
        corridor: u32,
        from: u16,
        ends: Option<(PlaceId, PlaceId)>,
        lead: usize,
    ) -> Step {
        let subject = Subject::Axis(corridor, from, ends);
        let has = |r: &Record, t: u16| {
            r.axis(corridor, t)
                .is_some_and(|set| ends.is_none_or(|(a, b)| set.has(a) && set.has(b)))
        };
        let months = self.in_both(lead, from, has);
        let mut step = self.made(subject, lead, months, Vec::new(), Next::Root(Root::Rule));
        step.month = from;
        let world = self.pair.worlds[lead];
        let [here, there] = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let number = self.pair.names.corridor_number(lead, corridor);
        let (Some(before), Some(number)) = (from.checked_sub(1), number) else {
            return step;
        };
        let Some(axis) = here.axis(corridor, from) else {
            return step;
        };
        let place = |z: &ZoneId| world.zones[*z].place;
        let on_axis = |zone: PlaceId| {
            let circle = here.circle(zone, before);
            circle.is_some_and(|set| set.iter().all(|i| axis.has(i)))
        };
        let mut dark: Vec<PlaceId> = Vec::new();
        let mut segments = 0;
        let mut other_places: Vec<PlaceId> = Vec::new();
        for segment in &world.corridors[number].segments {
            let zones = || segment.iter().map(place).filter(|&zone| on_axis(zone));
            let lit = |zone: PlaceId| there.circle(zone, before).is_some();
            if zones().next().is_some() && !segment.iter().map(place).any(lit) {
                segments += 1;
                dark.extend(zones());
            }
            let fuller = |zone: &PlaceId| self.fuller_by(*zone, before, ends, lead).is_some();
            other_places.extend(zones().filter(fuller));
        }
        let count = if dark.is_empty() {
            other_places.len()
        } else {
            segments
        };
        let (list, formed) = if dark.is_empty() {
            (other_places, true)
        } else {
            (dark, false)
        };
        step.causes = list
            .iter()
            .map(|&zone| Cause {
                share: 1.0 / count as f64,
                ..super::chain::whole(Reason::Circle(zone))
            })
            .collect();
        if let Some(&zone) = list.first() {
            step.next = if formed {
                self.fuller(zone, before, ends, lead)
            } else {
                self.leads_to(&step.causes, lead, 0..=before)
            };
            return step;
        }
        // The same circles: a line joins two of them.
        let joins = here
            .lines_at(before)
            .filter(|&(a, b)| axis.has(a) && axis.has(b) && !there.line((a, b), before));
        step.causes = joins
            .map(|(a, b)| super::chain::whole(Reason::Line(a, b)))
            .collect();
        let count = step.causes.len() as f64;
        step.causes.iter_mut().for_each(|c| c.share = 1.0 / count);
        if !step.causes.is_empty() {
            step.next = self.leads_to(&step.causes, lead, 0..=before);
        }
        step
    }

    /// A place that the circle of a zone, formed in both worlds, has more in the leading one: one of two
    /// `ends` if it can be.
    fn fuller_by(
        &self,
        zone: PlaceId,
        month: u16,
        ends: Option<(PlaceId, PlaceId)>,
        lead: usize,
    ) -> Option<PlaceId> {
        let [here, there] = [&self.pair.records[lead], &self.pair.records[1 - lead]];
        let (set, other) = (here.circle(zone, month)?, there.circle(zone, month)?);
        let more = |i: &PlaceId| set.has(*i) && !other.has(*i);
        let mut ends = ends.into_iter().flat_map(|(a, b)| [a, b]);
        let any = || set.iter().find(more);
        ends.find(more).or_else(any)
    }

    /// The circle of a zone that has a place more in the leading world.
    fn fuller(
        &self,
        zone: PlaceId,
        month: u16,
        ends: Option<(PlaceId, PlaceId)>,
        lead: usize,
    ) -> Next {
        let Some(more) = self.fuller_by(zone, month, ends, lead) else {
            return Next::Open;
        };
        let ends = (zone.min(more), zone.max(more));
        let both = |r: &Record, t: u16| {
            let has = |set: &Bits| set.has(ends.0) && set.has(ends.1);
            r.circle(zone, t).is_some_and(has)
        };
        match self.since(lead, month, both) {
            Some(from) => Next::Event(Subject::Circle(zone, from, Some(ends)), lead),
            None => Next::Open,
        }
    }
}

/// The part of a link's weight that differs most between two credits; none when it is the same.
fn heavier(one: Option<&&Credit>, other: Option<&&Credit>, more: bool) -> Option<Mechanism> {
    let of = |credit: Option<&&Credit>, wanted: Mechanism| {
        let parts = credit.map_or(&[][..], |c| &c.parts);
        let part = parts.iter().find(|(m, _)| *m == wanted);
        part.map_or(0.0, |(_, y)| *y)
    };
    let parts = one.into_iter().chain(other).flat_map(|c| &c.parts);
    let mut best: Option<(f64, Mechanism)> = None;
    for &(mechanism, _) in parts {
        let gap = of(one, mechanism) - of(other, mechanism);
        let gap = if more { gap } else { -gap };
        // Parts of an equal link are equal but for the rounding of its sum.
        if gap > 1e-9 && best.is_none_or(|(most, _)| gap > most) {
            best = Some((gap, mechanism));
        }
    }
    best.map(|(_, mechanism)| mechanism)
}

fn zone_at(world: &World, place: PlaceId) -> Option<&Zone> {
    let at = world.zones.binary_search_by_key(&place, |z| z.place).ok()?;
    world.zones.get(at)
}

/// The places reached from a zone over lines inside its catchment, with one line more.
fn reach(
    world: &World,
    zone: &Zone,
    lines: &[(PlaceId, PlaceId)],
    more: Option<(PlaceId, PlaceId)>,
    month: u16,
) -> Bits {
    let places = &world.places;
    let inside = |i: PlaceId| zone.catchment.has(i) && places.is_open(i, month);
    let mut near: BTreeMap<PlaceId, Vec<PlaceId>> = BTreeMap::new();
    for &(a, b) in lines.iter().chain(&more) {
        if inside(a) && inside(b) {
            near.entry(a).or_default().push(b);
            near.entry(b).or_default().push(a);
        }
    }
    let mut reached = Bits::new(places.len());
    reached.put(zone.place);
    let mut todo = vec![zone.place];
    while let Some(i) = todo.pop() {
        for &j in near.get(&i).into_iter().flatten() {
            if !reached.has(j) {
                reached.put(j);
                todo.push(j);
            }
        }
    }
    reached
}
