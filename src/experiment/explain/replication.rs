//! Why a province or the centre replicates in other months (model §7.4, 7.6).

use std::collections::BTreeMap;

use crate::world::{NEVER, PlaceId, World, Zone};

use super::cause::{Cause, Reason};
use super::chain::{Explorer, Next, Root, Step, Subject, first, whole};
use super::firms::shared;
use super::names::Item;
use super::record::{Fate, Record};

impl Explorer<'_> {
    pub(super) fn provincial(&mut self, item: Item) -> Step {
        let of = |r: &Record| r.items.get(&item).map_or(NEVER, |f| f.provincial);
        let months = self.pair.records.each_ref().map(of);
        let lead = first(months).unwrap_or(0);
        let subject = Subject::Provincial(item);
        if let Some(step) = self.too_young(subject, item, months, lead) {
            return step;
        }
        let first_zone = |world: &World| {
            let province = world.places.province[item.origin?] as usize;
            Some(world.province_first[province])
        };
        let [a, b] = self.pair.worlds.map(first_zone);
        let root = match item.origin {
            Some(origin) if a != b => Root::Opens(self.eldest(origin, lead)),
            _ => Root::Rule,
        };
        self.made(
            subject,
            lead,
            months,
            vec![whole(Reason::Rule)],
            Next::Root(root),
        )
    }

    /// The zone whose opening sets the months of review of the origin's province.
    fn eldest(&self, origin: PlaceId, lead: usize) -> PlaceId {
        let world = self.pair.worlds[lead];
        let same = |z: &&Zone| world.places.same_province(origin, z.place);
        let zones = world.zones.iter().filter(same);
        zones.min_by_key(|z| z.open).map_or(origin, |z| z.place)
    }

    pub(super) fn national(&mut self, item: Item) -> Step {
        let of = |r: &Record| r.items.get(&item).map_or(NEVER, |f| f.national);
        let months = self.pair.records.each_ref().map(of);
        let lead = first(months).unwrap_or(0);
        let subject = Subject::National(item);
        if let Some(step) = self.too_young(subject, item, months, lead) {
            return step;
        }
        let [here, there] = [lead, 1 - lead].map(|n| self.pair.records[n].items.get(&item));
        let needed = self.pair.worlds[1 - lead].plane.national_adopters as usize;
        // A closed zone counts as no adopter.
        let counts = |n: usize, fate: &Fate, i: PlaceId, month: u16| {
            fate.holds(i, month) && self.pair.worlds[n].places.is_open(i, month)
        };
        let adopters = |n: usize, fate: &Fate, month: u16| -> Vec<PlaceId> {
            let holders = fate.holders(month);
            holders.filter(|&i| counts(n, fate, i, month)).collect()
        };
        if let (Some(here), Some(there), Some(before)) = (here, there, months[lead].checked_sub(1))
            && adopters(1 - lead, there, before).len() < needed
        {
            let mut more = adopters(lead, here, before);
            more.retain(|&i| !counts(1 - lead, there, i, before));
            more.sort_by_key(|&i| (here.adopted(i), i));
            let count = more.len() as f64;
            let causes: Vec<Cause> = more
                .iter()
                .map(|&i| Cause {
                    share: 1.0 / count,
                    ..whole(if there.holds(i, before) {
                        Reason::Opens(i)
                    } else {
                        Reason::Holds(item, i)
                    })
                })
                .collect();
            let next = match causes.first() {
                Some(cause) => self.way(cause.reason, lead, 0..=before),
                None => Next::Root(Root::Rule),
            };
            return self.made(subject, lead, months, causes, next);
        }
        if let (Some(here), Some(there), Some(before)) = (here, there, months[lead].checked_sub(1))
            && self.pair.worlds[lead].firms.is_some()
        {
            let causes = self.measured([here, there], item, lead, before);
            if causes.first().is_some_and(|cause| cause.difference > 0.0) {
                let next = self.leads_to(&causes, lead, 0..=before);
                return self.made(subject, lead, months, causes, next);
            }
        }
        let rule = vec![whole(Reason::Rule)];
        self.made(subject, lead, months, rule, Next::Root(Root::Rule))
    }

    /// Why the measured effect q_k · (mean uptake over the adopters that have firms) differs at the end of a
    /// month: by adopter, exactly.
    fn measured(&self, fates: [&Fate; 2], item: Item, lead: usize, month: u16) -> Vec<Cause> {
        let Some(firms) = &self.pair.worlds[lead].firms else {
            return Vec::new();
        };
        let parts = |fate: &Fate, n: usize| -> BTreeMap<PlaceId, f64> {
            let (world, record) = (self.pair.worlds[n], &self.pair.records[n]);
            let with_firms = |i: &PlaceId| {
                let places = &world.places;
                firms.seat[*i].is_some() && places.is_open(*i, month)
            };
            let adopters: Vec<PlaceId> = fate.holders(month).filter(with_firms).collect();
            let each = fate.quality / adopters.len().max(1) as f64;
            let of = |i: PlaceId| (i, each * record.uptake(fate.domain, i, month));
            adopters.into_iter().map(of).collect()
        };
        let here = parts(fates[0], lead);
        let there = parts(fates[1], 1 - lead);
        let mut places: Vec<PlaceId> = here.keys().chain(there.keys()).copied().collect();
        places.sort_unstable();
        places.dedup();
        let part = |i: PlaceId| match (here.get(&i), there.get(&i)) {
            (Some(now), Some(other)) => (Reason::Uptake(i, fates[0].domain), now - other),
            (now, other) => {
                let of = |part: Option<&f64>| part.copied().unwrap_or(0.0);
                (Reason::Holds(item, i), of(now) - of(other))
            }
        };
        shared(places.into_iter().map(part))
    }

    /// Where the other world does not have the innovation long enough, or another one under its name.
    fn too_young(
        &self,
        subject: Subject,
        item: Item,
        months: [u16; 2],
        lead: usize,
    ) -> Option<Step> {
        let age = self.pair.worlds[1 - lead].circle.replication_age;
        let old = |fate: &Fate| {
            let months = months[lead].checked_sub(fate.implemented);
            months.is_some_and(|months| u32::from(months) >= age)
        };
        let [here, there] = [lead, 1 - lead].map(|n| self.pair.records[n].items.get(&item));
        if !there.is_some_and(old) {
            let Some(origin) = item.origin else {
                return Some(self.end(subject, lead, months, Root::Rule));
            };
            let next = self.held(item, origin, lead);
            let cause = whole(Reason::Holds(item, origin));
            return Some(self.made(subject, lead, months, vec![cause], next));
        }
        if here.map(|f| f.quality) != there.map(|f| f.quality) {
            let root = Next::Root(item.origin.map_or(Root::Rule, Root::Zone));
            return Some(self.made(subject, lead, months, vec![whole(Reason::Parameters)], root));
        }
        None
    }
}
