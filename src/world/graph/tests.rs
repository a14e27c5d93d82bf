//! Parts, islands and reach of small graphs by hand.

use super::super::links::tests::{place, scenario, table, tiny};
use super::super::links::{base_links, canonical_order};
use super::*;
use crate::scenario::Month;
use crate::scenario::spec::{LinkRule, LinkSourceSpec};
use crate::scenario::tables::{Corridor, GatewayLink, Member, Segment};

fn report(scenario: &Scenario) -> GraphReport {
    let order = canonical_order(scenario);
    check_graph(scenario, &base_links(scenario, &order).unwrap(), &order).unwrap()
}

/// `tiny` where b hears z, c hears b, and a and d hear each other.
fn two_parts() -> Scenario {
    let mut scenario = tiny();
    let links = [(1, 4, 1.0), (2, 1, 1.0), (0, 3, 1.0), (3, 0, 1.0)];
    scenario.link_tables = vec![table(&links)];
    scenario
}

fn alliance(members: &[Member]) -> Alliance {
    Alliance {
        id: "all".into(),
        name_en: String::new(),
        name_zh: String::new(),
        from: None,
        to: None,
        strength: 0.3,
        size_exponent: 0.5,
        layers: vec![1.0],
        members: members.to_vec(),
    }
}

#[test]
fn parts_islands_and_places_out_of_reach() {
    let mut scenario = two_parts();
    let found = report(&scenario);
    assert_eq!(found.islands, [4]);
    assert_eq!(found.unreachable, [0, 3]);
    assert_eq!(found.components, 2);
    assert_eq!(found.row_sum_deviation, 0.0);
    // Candidates spread nothing and are not asked to be reached.
    scenario.places[4].open = None;
    let found = report(&scenario);
    assert_eq!(found.islands, [1]);
    assert_eq!(found.unreachable, [0, 1, 2, 3]);
    // A layer that no domain travels on carries nothing.
    let mut silent = two_parts();
    silent.domains[0].affinity.clear();
    assert_eq!(report(&silent).components, 5);
    assert_eq!(report(&silent).unreachable, [0, 1, 2, 3]);
}

#[test]
fn alliances_reach_the_linkage_regions_of_a_province() {
    let mut scenario = two_parts();
    scenario.places[0].province = "p".into();
    scenario.places[0].tier = Tier::Linkage;
    let members = [Who::Group("z".into()), Who::Province("p".into())].map(Member::from);
    scenario.alliances = vec![alliance(&members)];
    assert_eq!(report(&scenario).unreachable, [0_u32; 0]);
    assert_eq!(report(&scenario).components, 1);
    let end = scenario.end;
    let start = scenario.start;
    let check = |change: &dyn Fn(&mut Alliance)| {
        let mut changed = scenario.clone();
        change(&mut changed.alliances[0]);
        assert_eq!(report(&changed).unreachable, [0, 3]);
    };
    check(&|a| a.strength = 0.0);
    check(&|a| a.layers = vec![0.0]);
    check(&|a| a.from = Some(Month(end.0 + 1)));
    check(&|a| a.to = Some(Month(start.0 - 1)));
    check(&|a| a.members.truncate(1));
    check(&|a| a.members[1] = Who::Group("nobody".into()).into());
}

#[test]
fn transit_reaches_the_regions_of_entry() {
    let mut scenario = two_parts();
    scenario
        .places
        .push(place("t", Kind::TransitGateway, 9.0, 9.0));
    let link = |role, place| GatewayLink {
        gateway: 5,
        role,
        place,
        share: 0.0,
    };
    scenario.gateway_links = vec![link(GatewayRole::Serves, 4), link(GatewayRole::Entry, 3)];
    assert_eq!(
        report(&scenario).unreachable,
        [0, 3],
        "no layer for transit"
    );
    scenario.gateways.transit_layer = Some("layer0".into());
    assert_eq!(report(&scenario).unreachable, [0_u32; 0]);
    let mut closed = scenario.clone();
    closed.places[5].open = Some(Month(scenario.end.0 + 1));
    assert_eq!(report(&closed).unreachable, [0, 3]);
    scenario.gateway_links.pop();
    assert_eq!(report(&scenario).unreachable, [0, 3], "no entry");
}

#[test]
fn zones_of_a_corridor_are_one_part() {
    let mut scenario = two_parts();
    scenario.places.push(place("y", Kind::Zone, 9.0, 9.0));
    assert_eq!(report(&scenario).components, 3);
    scenario.corridors = vec![Corridor {
        id: "river".into(),
        name_en: String::new(),
        name_zh: String::new(),
        layers: vec![1.0],
        segments: vec![Segment {
            id: "all".into(),
            places: vec![2, 4, 5],
        }],
    }];
    assert_eq!(report(&scenario).components, 2);
    scenario.line.structures = false;
    assert_eq!(report(&scenario).components, 3);
}

#[test]
fn rows_that_do_not_add_up_are_seen() {
    let scenario = two_parts();
    let order = canonical_order(&scenario);
    let mut base = base_links(&scenario, &order).unwrap();
    base.weight[0][1] = 0.75;
    let found = check_graph(&scenario, &base, &order).unwrap();
    assert_eq!(found.row_sum_deviation, 0.25);
}

#[test]
fn a_long_chain_is_checked_in_linear_time() {
    let n = 300_000_u32;
    let mut places: Vec<_> = (0..n)
        .map(|i| place(&format!("{i:06}"), Kind::Region, 0.0, 0.0))
        .collect();
    places[0] = place("000000", Kind::Zone, 0.0, 0.0);
    let mut scenario = scenario(places, vec![vec![LinkSourceSpec::new(LinkRule::table())]]);
    let chain: Vec<_> = (1..n)
        .filter(|i| i % 100_000 > 0)
        .map(|i| (i, i - 1, 1.0))
        .collect();
    scenario.link_tables = vec![table(&chain)];
    let found = report(&scenario);
    assert_eq!(found.components, 3);
    assert_eq!(found.islands, [0, 100_000, 200_000]);
    assert_eq!(found.unreachable.len(), 200_000);
}
