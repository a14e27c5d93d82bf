//! Why firms pull their government more, or have taken up more, in one world (model §7.7).
//!
//! - demand_id differs by ξ · the difference of the share of links whose partner took d up: a sum over the
//!   regions of the partners, exact.
//! - Uptake at a region: the mean cumulative hazard of its firms, but for what is the same in both worlds, is
//!   S = Σ_t stock_pd / stock_ref · (1 + χ · share), with the share over all links of the region's firms. Its
//!   difference is a sum over the innovations that the region holds in one world only (at the other world's
//!   share) and what the partners make of the stock of the world that leads.

use std::collections::BTreeMap;

use crate::world::{Firms, PlaceId};

use super::cause::{Cause, Reason, sorted};
use super::chain::{Explorer, Next, Root, Step, Subject, whole};
use super::names::Item;
use super::probe::Wanted;
use super::record::{Fate, Record};

impl Explorer<'_> {
    /// The firms at a place pull more at the end of a month.
    pub(super) fn pulled(&self, place: PlaceId, domain: u32, month: u16, lead: usize) -> Step {
        let of = |r: &Record| r.demand(domain, place, month + 1);
        let levels = self.pair.records.each_ref().map(of);
        let subject = Subject::Pull(place, domain, month);
        let Some((firms, seat)) = self.seated(place, lead) else {
            return self.level(subject, (lead, month), levels, Vec::new(), Next::Open);
        };
        let wanted = Wanted {
            told: Some((seat, domain, month)),
            ..Wanted::default()
        };
        let told = self.ask(&wanted).map(|answer| answer.told);
        let share = |n: usize, r: usize| told[n].get(r).copied().unwrap_or(0.0);
        let pull = firms.spec.demand_pull;
        let parts = PlaceId::each(0..firms.seat.len()).map(|r| {
            let part = pull * (share(lead, r.index()) - share(1 - lead, r.index()));
            (Reason::Uptake(r, domain), part)
        });
        let causes = shared(parts);
        let next = self.first_way(&causes, lead, month);
        self.level(subject, (lead, month), levels, causes, next)
    }

    /// The firms of a world, and the region whose firms are those of a place; none where it has no firms.
    fn seated(&self, place: PlaceId, world: usize) -> Option<(&Firms, PlaceId)> {
        let firms = self.pair.worlds[world].firms.as_ref()?;
        Some((firms, firms.seat[place]?))
    }

    /// Where the largest cause leads that leads anywhere.
    fn first_way(&self, causes: &[Cause], lead: usize, month: u16) -> Next {
        let positive = causes.iter().filter(|cause| cause.difference > 0.0);
        positive
            .map(|cause| self.way(cause.reason, lead, 0..=month))
            .find(|next| *next != Next::Open)
            .unwrap_or(Next::Open)
    }

    /// More of the firms at a region have taken a domain up at the end of a month.
    pub(super) fn taken_up(&self, place: PlaceId, domain: u32, month: u16, lead: usize) -> Step {
        let of = |r: &Record| r.uptake(domain, place, month);
        let levels = self.pair.records.each_ref().map(of);
        let subject = Subject::Uptake(place, domain, month);
        let Some((firms, region)) = self.seated(place, lead) else {
            return self.level(subject, (lead, month), levels, Vec::new(), Next::Open);
        };
        let spec = &firms.spec;
        let [here, there] = [lead, 1 - lead].map(|n| &self.pair.records[n]);
        // The share of links, from the demand that it makes; without demand pull it is not known.
        let share = |record: &Record, t: u16| match spec.demand_pull {
            pull if pull > 0.0 => (record.demand(domain, region, t) - 1.0) / pull,
            _ => 0.0,
        };
        let items = |record: &Record| -> Vec<Item> {
            let own = record.items.iter();
            let own = own.filter(|(_, f)| f.domain == domain && f.adopted(region) < month);
            own.map(|(item, _)| *item).collect()
        };
        let mut held = items(here);
        held.extend(items(there));
        held.sort_unstable();
        held.dedup();
        let stock = |record: &Record, item: &Item, t: u16| {
            let fate: Option<&Fate> = record.items.get(item);
            let fate = fate.filter(|f| f.domain == domain && f.holds(region, t - 1));
            fate.map_or(0.0, |f| f.quality / spec.stock_ref)
        };
        let mut parts: BTreeMap<Reason, f64> = BTreeMap::new();
        for t in 1..=month {
            let (now, other) = (share(here, t), share(there, t));
            let mut all = 0.0;
            for item in &held {
                let (own, others) = (stock(here, item, t), stock(there, item, t));
                all += own;
                let part = (own - others) * (1.0 + spec.partner_effect * other);
                *parts.entry(Reason::Holds(*item, region)).or_insert(0.0) += part;
            }
            let part = all * spec.partner_effect * (now - other);
            let partners = Reason::Partners(region, domain);
            *parts.entry(partners).or_insert(0.0) += part;
        }
        let causes = shared(parts.into_iter());
        if causes.first().is_some_and(|cause| cause.difference > 0.0) {
            let next = self.first_way(&causes, lead, month);
            return self.level(subject, (lead, month), levels, causes, next);
        }
        let factors = self
            .pair
            .worlds
            .map(|w| w.firms.as_ref().map(|f| &f.factor));
        if factors[0] != factors[1] {
            let causes = vec![whole(Reason::Parameters)];
            let next = Next::Root(Root::Place(region));
            return self.level(subject, (lead, month), levels, causes, next);
        }
        // Not the mean share but whose partners they are, or shares that nothing tells.
        let causes = vec![whole(Reason::Partners(region, domain))];
        let next = match month.checked_sub(1) {
            Some(before) => self.told_by(region, domain, before, lead),
            None => Next::Open,
        };
        self.level(subject, (lead, month), levels, causes, next)
    }

    /// The region of partners of which more have taken up.
    fn told_by(&self, region: PlaceId, domain: u32, month: u16, lead: usize) -> Next {
        let wanted = Wanted {
            told: Some((region, domain, month)),
            ..Wanted::default()
        };
        let told = self.ask(&wanted).map(|answer| answer.told);
        let regions = PlaceId::each(0..told[lead].len());
        let parts = regions.zip(told[lead].iter().zip(&told[1 - lead]));
        let parts = parts.map(|(r, (x, y))| (Reason::Uptake(r, domain), x - y));
        self.first_way(&shared(parts), lead, month)
    }

    fn level(
        &self,
        subject: Subject,
        (lead, month): (usize, u16),
        levels: [f64; 2],
        causes: Vec<Cause>,
        next: Next,
    ) -> Step {
        Step {
            levels: Some(levels),
            ..self.made(subject, lead, [month; 2], causes, next)
        }
    }
}

/// Causes with their shares, largest first; nothing of those that are 0.
pub(super) fn shared(parts: impl Iterator<Item = (Reason, f64)>) -> Vec<Cause> {
    let parts: Vec<(Reason, f64)> = parts.filter(|(_, part)| *part != 0.0).collect();
    let all: f64 = parts.iter().map(|(_, part)| part).sum();
    let cause = |(reason, difference): (Reason, f64)| Cause {
        difference,
        share: difference / all,
        ..whole(reason)
    };
    sorted(parts.into_iter().map(cause).collect())
}
