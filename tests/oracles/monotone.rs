//! Oracle 4: without structural bonuses, express links, failure and abandonment, one more alliance or
//! link that leaves the other weights as they are never delays any adoption, in any replicate.
//! Exact: exposures and hazards are whole ticks, so rounding cannot turn the comparison round.

use pointplane::scenario::Scenario;
use pointplane::scenario::tables::{Alliance, GatewayLink, GatewayRole, Kind, Member, Who};

use crate::common::history::history;
use crate::common::{Dice, alliance, world, worlds};

/// A random world in which more hearing can only speed things up. In every third one zones draw on the regions around
/// them: openings are the same on both sides.
fn monotone(seed: u64) -> Scenario {
    let mut scenario = match seed.is_multiple_of(3) {
        true => worlds::washed(seed),
        false => worlds::random(seed),
    };
    let line = &mut scenario.line;
    (line.line_bonus, line.circle_bonus, line.axis_bonus) = (0.0, 0.0, 0.0);
    (line.express, line.abandonment_rate) = (0.0, 0.0);
    scenario.point.failure_rate = 0.0;
    scenario
}

/// Compares both worlds in several replicates; returns how many adoptions come earlier or are new.
fn gains(what: &str, less: &Scenario, more: &Scenario) -> usize {
    let worlds = [less, more].map(world);
    let mut gains = 0;
    for replicate in 0..3 {
        let [less, more] = [0, 1].map(|w: usize| history(&worlds[w], 77, replicate).adoptions());
        for (key, month) in &less {
            let with = more.get(key);
            assert!(
                with.is_some_and(|with| with <= month),
                "{what}, replicate {replicate}: {key:?} in month {month}, with more in {with:?}"
            );
        }
        gains += more.len() - less.len();
        gains += less
            .iter()
            .filter(|(key, month)| more[*key] < **month)
            .count();
    }
    gains
}

#[test]
fn an_alliance_never_delays_an_adoption() {
    let mut all = 0;
    for seed in 1000..1150 {
        let less = monotone(seed);
        let dice = &mut Dice::new(!seed);
        let mut members: Vec<Member> = less
            .places
            .iter()
            .filter(|p| p.kind == Kind::Zone)
            .map(|p| Who::Group(p.group.clone().unwrap_or_else(|| p.id.clone())).into())
            .chain([
                Who::Province("p0".to_owned()).into(),
                Who::Province("p1".to_owned()).into(),
            ])
            .filter(|_| dice.chance(0.7))
            .collect();
        members.sort();
        members.dedup();
        let mut more = less.clone();
        more.alliances.push(Alliance {
            from: dice.chance(0.5).then(|| crate::common::month(20)),
            to: dice.chance(0.5).then(|| crate::common::month(40)),
            strength: dice.within(0.05, 1.0),
            size_exponent: dice.within(0.0, 2.0),
            ..alliance("zz", less.layers.len(), members)
        });
        all += gains(&format!("world {seed}"), &less, &more);
    }
    assert!(all > 1000, "the alliances changed only {all} adoptions");
}

#[test]
fn a_link_that_leaves_other_weights_never_delays_an_adoption() {
    let mut all = [0, 0];
    for seed in 2000..2150 {
        let mut less = monotone(seed);
        let dice = &mut Dice::new(!seed);
        // A place that hears nobody on a layer gets its first links there.
        less.layers.iter_mut().for_each(|l| l.links.truncate(1));
        let mut more = less.clone();
        let deaf = dice.whole(0, less.places.len() - 1) as u32;
        for table in &mut less.link_tables {
            table.links.retain(|link| link.listener != deaf);
        }
        all[0] += gains(&format!("row of world {seed}"), &less, &more);
        // A transit gateway serves one more zone and has one more port of entry.
        let less = more.clone();
        let places = &less.places;
        let of = |kind| (0..places.len()).filter(move |&i: &usize| places[i].kind == kind);
        let gateway = of(Kind::TransitGateway).next().expect("a gateway") as u32;
        for (kind, role) in [
            (Kind::Zone, GatewayRole::Serves),
            (Kind::Region, GatewayRole::Entry),
        ] {
            let places: Vec<usize> = of(kind).collect();
            let place = places[dice.whole(0, places.len() - 1)] as u32;
            let is_it = |l: &GatewayLink| (l.role, l.place) == (role, place);
            if !more.gateway_links.iter().any(is_it) {
                more.gateway_links.push(GatewayLink {
                    gateway,
                    role,
                    place,
                    share: 1.0,
                });
            }
        }
        all[1] += gains(&format!("transit of world {seed}"), &less, &more);
    }
    assert!(
        all[0] > 500 && all[1] > 100,
        "changed only {all:?} adoptions"
    );
}
