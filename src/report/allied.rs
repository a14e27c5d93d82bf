//! The alliances of a layout as a map shows them: who their delegates are, and in which months.

use crate::scenario::tables::{Alliance, Kind, Member, Place};
use crate::scenario::{Month, Scenario};

/// An alliance with the places that can be its delegates.
#[derive(Clone, Debug)]
pub struct Allied<'s> {
    /// The alliance.
    pub alliance: &'s Alliance,
    /// Numbers of the delegates of each member: the zones of a group, the linkage regions of a province, a single place.
    pub groups: Vec<Vec<usize>>,
}

/// The alliances of a scenario in order.
pub fn allied(scenario: &Scenario) -> Vec<Allied<'_>> {
    let of = |member: &Member| {
        let places = scenario.places.iter().enumerate();
        let of = places.filter(|(_, place)| member.who.speaks(place));
        of.map(|(n, _)| n).collect()
    };
    let alliances = scenario.alliances.iter();
    let all = alliances.map(|alliance| Allied {
        alliance,
        groups: alliance.members.iter().map(of).collect(),
    });
    all.collect()
}

impl Allied<'_> {
    /// The delegates that take part in a month, by member; nothing before the alliance begins and after it ends, and
    /// while fewer than two members have one: then nobody listens to anybody.
    pub fn at(&self, places: &[Place], month: Month) -> Vec<Vec<usize>> {
        let begun = self.alliance.from.is_none_or(|from| from <= month);
        let ended = self.alliance.to.is_some_and(|to| to < month);
        let open = |n: &usize| {
            let place = &places[*n];
            let open = place.open.is_some_and(|open| open <= month);
            let stays = place.close.is_none_or(|close| month < close);
            place.kind == Kind::Region || open && stays
        };
        let members = self.groups.iter().zip(&self.alliance.members);
        let members = members.filter(|(_, member)| {
            member.from.is_none_or(|from| from <= month) && member.to.is_none_or(|to| month <= to)
        });
        let open = |(group, _): (&Vec<usize>, _)| group.iter().copied().filter(open).collect();
        let mut groups: Vec<Vec<usize>> = members.map(open).collect();
        groups.retain(|group| !group.is_empty());
        match begun && !ended && groups.len() > 1 {
            true => groups,
            false => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alliance_is_there_from_its_month_on() {
        let loaded = crate::scenario::load("scenarios/minimal".as_ref(), &[], &[]).unwrap();
        let scenario = &loaded.scenario;
        let mut seen = 0;
        for one in allied(scenario) {
            let places = &scenario.places;
            let from = one.alliance.from.unwrap_or(scenario.start);
            let month = (0..400).map(|n| Month(from.0 + n));
            let mut first = month.filter(|month| !one.at(places, *month).is_empty());
            if let Some(first) = first.next() {
                assert!(
                    one.at(places, Month(from.0 - 1)).is_empty() || one.alliance.from.is_none()
                );
                let groups = one.at(places, first);
                let open =
                    |n: &usize| places[*n].kind == Kind::Region || places[*n].open <= Some(first);
                assert!(groups.len() > 1 && groups.iter().flatten().all(open));
                seen += 1;
            }
            if let Some(to) = one.alliance.to {
                assert!(one.at(places, Month(to.0 + 1)).is_empty());
            }
        }
        assert!(seen > 0, "no alliance of the scenario ever has two members");
    }
}
