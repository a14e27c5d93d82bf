//! Alliances A: for delegates i, j of two different member groups while A is active,
//!
//! W^A_ij,d(t) = ω · Σ_l a_dl·c_l · (n_A − 1)^(−ζ) / (delegates of j's group),   n_A = groups with a delegate.

use crate::scenario::Scenario;
use crate::scenario::tables::{Kind as PlaceKind, Member, Tier};
use crate::world::ground::group_of;
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
}

impl Alliance {
    /// ω · (n_A − 1)^(−ζ) / (delegates of j's group); 0 with fewer than two groups, or without a delegate.
    fn term(&self, groups: usize, delegates: usize) -> f64 {
        if groups < 2 || delegates == 0 {
            return 0.0;
        }
        self.strength * libm::pow((groups - 1) as f64, -self.size_exponent) / delegates as f64
    }

    /// What is heard of a delegate of `group` in month `month`; delegates are the places that take part.
    pub fn value(&self, places: &Places, group: u32, month: u16) -> f64 {
        if month < self.from || month > self.to {
            return 0.0;
        }
        let there = |i: &&PlaceId| places.takes_part(**i, month);
        let delegates = |group: &[PlaceId]| group.iter().filter(there).count();
        let groups = self.groups.iter().filter(|g| delegates(g) > 0).count();
        self.term(groups, delegates(&self.groups[group as usize]))
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
        for (g, heard) in groups.iter().enumerate() {
            let channel = Channel::Alliance {
                alliance: a,
                group: g as u32,
            };
            let channel = terms.channel(scenario, channel, &alliance.layers);
            for (_, hearing) in groups.iter().enumerate().filter(|(h, _)| *h != g) {
                for &i in hearing {
                    let others = heard.iter().filter(|j| **j != i);
                    terms.links.extend(others.map(|&j| (i, j, channel)));
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
        });
    }
    alliances
}

/// The places that speak for a member: its zones that open, or a province's linkage regions.
fn delegates(scenario: &Scenario, places: &Places, member: &Member) -> Vec<PlaceId> {
    let speaks = |i: &PlaceId| {
        let row = &scenario.places[places.input[*i] as usize];
        places.open[*i] != NEVER
            && match member {
                Member::Group(group) => row.kind == PlaceKind::Zone && group_of(row) == group,
                Member::Province(province) => {
                    row.kind == PlaceKind::Region
                        && row.tier == Tier::Linkage
                        && row.province == *province
                }
            }
    };
    places.each().filter(speaks).collect()
}
