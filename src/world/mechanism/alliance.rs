//! Alliances A: for delegates i, j of two different member groups while A is active,
//!
//! W^A_ij,d(t) = ω · Σ_l a_dl·c_l · (n_A − 1)^(−ζ) / (delegates of j's group),   n_A = groups with a delegate.
//!
//! A member that joins or leaves has delegates in the months of its membership only.

use crate::scenario::Scenario;
use crate::scenario::tables::Member;
use crate::world::{Calendar, NEVER, PlaceId, Places};

use crate::texts::words;

use super::{Channel, Kind, Mechanism, Terms, always};

/// Alliances, one by one.
pub const MECHANISM: Mechanism = Mechanism {
    name: "alliance_",
    each: Some(|world| world.alliances.iter().map(|a| a.id.clone()).collect()),
    about: "alliance_<id>",
    there: always,
    kind: Kind::Links,
    label: words("{}", "{}"),
    way: words("alliance {}", "联盟 {}"),
    cause: words("", ""),
};

/// An alliance as the model sees it.
#[derive(Clone, Debug)]
pub struct Alliance {
    /// Stable id.
    pub id: String,
    /// First month.
    pub from: u16,
    /// Last month, included.
    pub to: u16,
    /// ω.
    pub strength: f64,
    /// ζ.
    pub size_exponent: f64,
    /// Delegates of each group: places that open during the run, ascending.
    pub groups: Vec<Vec<PlaceId>>,
    /// First and last month of each group as a member.
    pub spans: Vec<Span>,
}

/// First and last month.
pub type Span = (u16, u16);

impl Alliance {
    /// ω · (n_A − 1)^(−ζ) / (delegates of j's group); 0 with fewer than two groups, or without a delegate.
    fn term(&self, groups: usize, delegates: usize) -> f64 {
        if groups < 2 || delegates == 0 {
            return 0.0;
        }
        self.strength * libm::pow((groups - 1) as f64, -self.size_exponent) / delegates as f64
    }

    /// The delegates of a group in a month: places that take part, while it is a member.
    fn delegates(&self, places: &Places, group: usize, month: u16) -> usize {
        let (first, last) = self.spans[group];
        if month < first || month > last {
            return 0;
        }
        let there = |i: &&PlaceId| places.takes_part(**i, month);
        self.groups[group].iter().filter(there).count()
    }

    /// n_A in a month: groups with a delegate.
    pub fn with_delegates(&self, places: &Places, month: u16) -> usize {
        let all = 0..self.groups.len();
        all.filter(|g| self.delegates(places, *g, month) > 0).count()
    }

    /// What members hear of a delegate of `group` in month `month`.
    pub fn value(&self, places: &Places, group: u32, month: u16) -> f64 {
        if month < self.from || month > self.to {
            return 0.0;
        }
        let groups = self.with_delegates(places, month);
        self.term(groups, self.delegates(places, group as usize, month))
    }

    /// The largest that this can ever be: regions are delegates from the start, zones come and go.
    pub fn most(&self, places: &Places, group: u32) -> f64 {
        let always = self.groups[group as usize].iter();
        let always = always.filter(|i| !places.is_zone(**i)).count();
        let fewest = always.max(1);
        let few = self.term(2, fewest);
        few.max(self.term(self.groups.len().max(2), fewest))
    }
}

/// The alliances, and the links between their delegates.
pub fn join(
    scenario: &Scenario,
    calendar: &Calendar,
    places: &Places,
    terms: &mut Terms,
) -> Vec<Alliance> {
    let mut alliances = Vec::new();
    for (a, alliance) in (0..).zip(&scenario.alliances) {
        let members = alliance.members.iter();
        let groups: Vec<Vec<PlaceId>> = members.map(|m| delegates(scenario, places, m)).collect();
        let spans = alliance.members.iter().map(|m| span(m, calendar));
        let spans: Vec<Span> = spans.collect();
        let mut when: Vec<Span> = spans.clone();
        when.sort_unstable();
        when.dedup();
        for (g, heard) in groups.iter().enumerate() {
            // One for those who hear in the same months.
            for hears in &when {
                let channel = Channel::Alliance {
                    alliance: a,
                    group: g as u32,
                    hears: *hears,
                };
                let channel = terms.channel(scenario, channel, &alliance.layers);
                let others = groups.iter().zip(&spans).enumerate();
                let others = others.filter(|(h, (_, span))| *h != g && *span == hears);
                for (_, (hearing, _)) in others {
                    for &i in hearing {
                        let others = heard.iter().filter(|j| **j != i);
                        terms.links.extend(others.map(|&j| (i, j, channel)));
                    }
                }
            }
        }
        let over = alliance.to.is_some_and(|month| calendar.until(month) < 0);
        let strength = alliance.strength * scenario.alliance_strength_factor;
        alliances.push(Alliance {
            id: alliance.id.clone(),
            from: alliance.from.map_or(0, |month| calendar.number(month)),
            to: match alliance.to {
                None => NEVER,
                Some(_) if over => 0,
                Some(month) => calendar.last_number(month),
            },
            strength: if over { 0.0 } else { strength },
            size_exponent: alliance.size_exponent,
            groups,
            spans,
        });
    }
    alliances
}

/// The months in which a member is one; none in the run as a first month after the last.
fn span(member: &Member, calendar: &Calendar) -> Span {
    let first = member.from.map_or(0, |month| calendar.number(month));
    match member.to {
        None => (first, NEVER),
        Some(month) if calendar.until(month) < 0 => (1, 0),
        Some(month) => (first, calendar.last_number(month)),
    }
}

/// The places that speak for a member, of those that open in the run.
fn delegates(scenario: &Scenario, places: &Places, member: &Member) -> Vec<PlaceId> {
    let speaks = |i: &PlaceId| {
        let row = &scenario.places[places.input[*i] as usize];
        places.open[*i] != NEVER && member.who.speaks(row)
    };
    places.each().filter(speaks).collect()
}
