//! Links by hand, and the small scenarios that the other tests of the world start from.

use super::*;
use crate::scenario::Month;
use crate::scenario::spec::{DomainSpec, LayerSpec, LinkRule};
use crate::scenario::tables::{Kind, LinkTable, Place};

/// A place of weight 1; zones and gateways open with the run; in no province.
pub(crate) fn place(id: &str, kind: Kind, lon: f64, lat: f64) -> Place {
    Place {
        kind,
        lon,
        lat,
        carries_weight: kind == Kind::Region,
        open: (kind != Kind::Region).then_some(Month::new(2000, 1)),
        ..Place::region(id, "", 1.0)
    }
}

/// Ten years from 2000-01; one domain that travels on all layers alike.
pub(crate) fn scenario(places: Vec<Place>, layers: Vec<Vec<LinkSourceSpec>>) -> Scenario {
    let named = |(layer, links)| LayerSpec {
        links,
        ..LayerSpec::table(&format!("layer{layer}"))
    };
    let layers: Vec<LayerSpec> = layers.into_iter().enumerate().map(named).collect();
    let share = 1.0 / layers.len() as f64;
    let shares: Vec<(&str, f64)> = layers.iter().map(|l| (l.id.as_str(), share)).collect();
    Scenario {
        places,
        domains: vec![DomainSpec::new("only", &shares)],
        layers,
        ..Scenario::new("tiny", Month::new(2000, 1), Month::new(2009, 12))
    }
}

/// Links (listener, source, weight) of the only source of layer 0.
pub(crate) fn table(links: &[(u32, u32, f64)]) -> LinkTable {
    LinkTable::new(0, links.iter().copied())
}

/// Regions a to d and a zone z that opens, at different points.
pub(crate) fn tiny() -> Scenario {
    let mut places: Vec<Place> = [("a", 0.0), ("b", 1.0), ("c", 2.0), ("d", 5.0)]
        .map(|(id, lon)| place(id, Kind::Region, lon, 0.0))
        .to_vec();
    places.push(place("z", Kind::Zone, 3.0, 0.0));
    scenario(places, vec![vec![LinkSourceSpec::new(LinkRule::table())]])
}

fn links(scenario: &Scenario) -> BaseLinks {
    base_links(scenario, &canonical_order(scenario)).unwrap()
}

/// Forty places of all kinds under every rule, on two layers; ids do not follow positions.
fn mixed() -> Scenario {
    let places = (0..40_u32).map(|i| {
        let kind = match i % 8 {
            0 | 1 => Kind::Zone,
            2 => Kind::SourceGateway,
            _ => Kind::Region,
        };
        let t = f64::from(i);
        let id = format!("p{:02}", i * 23 % 40);
        let mut place = place(&id, kind, (t * 7.7) % 11.0, (t * 3.1) % 9.0);
        place.weight = 0.1 + (t * 1.37) % 5.0;
        place.province = format!("province{}", i % 3);
        place.capital = kind == Kind::Region && (3..6).contains(&i);
        place.industries = vec![t % 4.0, t % 3.0, 0.7];
        place
    });
    let rules = [
        LinkRule::gravity(),
        LinkRule::decay(),
        LinkRule::similarity(),
        LinkRule::hierarchy(),
    ];
    let mut generated: Vec<LinkSourceSpec> = rules.map(LinkSourceSpec::new).to_vec();
    generated[1].share = 0.3;
    generated[2].k = Some(3);
    let mut scenario = scenario(
        places.collect(),
        vec![vec![LinkSourceSpec::new(LinkRule::table())], generated],
    );
    scenario.industries = ["x", "y", "z"].map(String::from).to_vec();
    let rows: Vec<(u32, u32, f64)> = (0..300_u32)
        .map(|e| (e * 7 % 40, e * 11 % 38, 0.1 + f64::from(e % 17)))
        .collect();
    scenario.link_tables = vec![table(&rows)];
    scenario
}

fn places<const N: usize>(numbers: [usize; N]) -> [PlaceId; N] {
    numbers.map(PlaceId::new)
}

#[test]
fn a_table_by_hand() {
    let mut scenario = tiny();
    // a hears b (twice) and z; itself does not count. c hears d at a vanishing weight.
    let rows = [
        (0, 1, 1.0),
        (0, 4, 2.0),
        (0, 1, 1.0),
        (0, 0, 9.0),
        (2, 3, 1e-300),
        (4, 2, 1e300),
    ];
    scenario.link_tables = vec![table(&rows)];
    let have = links(&scenario);
    assert_eq!(have.listener_start, [0, 2, 2, 3, 3, 4]);
    assert_eq!(have.source, places([1, 4, 3, 2]));
    assert_eq!(have.weight, [vec![0.5, 0.5, 1.0, 1.0]]);
    scenario.layers[0].links[0].k = Some(1);
    assert_eq!(links(&scenario).source, places([1, 3, 2]));
}

#[test]
fn sources_count_by_share_and_layers_stay_apart() {
    let mut scenario = tiny();
    scenario.link_tables = vec![table(&[(0, 1, 3.0), (0, 2, 1.0), (1, 2, 4.0)])];
    let nearest = LinkSourceSpec {
        share: 3.0,
        k: Some(1),
        ..LinkSourceSpec::new(LinkRule::decay())
    };
    let both = vec![
        vec![LinkSourceSpec::new(LinkRule::table()), nearest.clone()],
        vec![nearest],
    ];
    scenario.layers = super::tests::scenario(Vec::new(), both).layers;
    let have = links(&scenario);
    // a: (0.75, 0.25) + 3·(1, 0) over 4. b: 1·c + 3·a over 4; a and c are equally near to b.
    assert_eq!(have.row(PlaceId::new(0)), 0..2);
    assert_eq!(have.source[..4], places([1, 2, 0, 2]));
    assert_eq!(have.weight[0][..4], [0.9375, 0.0625, 0.75, 0.25]);
    assert_eq!(have.weight[1][..4], [1.0, 0.0, 1.0, 0.0]);
}

#[test]
fn rows_add_up_to_one() {
    let have = links(&mixed());
    let mut full = 0;
    for listener in PlaceId::each(0..40) {
        for weight in &have.weight {
            let sum: f64 = weight[have.row(listener)].iter().sum();
            full += usize::from(sum > 0.0);
            assert!(sum == 0.0 || (sum - 1.0).abs() < 1e-12, "{sum}");
        }
    }
    assert_eq!(full, 2 * 35, "all but the gateways hear somebody");
}

#[test]
fn the_order_of_the_input_changes_no_bit() {
    let straight = mixed();
    let mut turned = straight.clone();
    let new: Vec<u32> = (0..40).map(|position| position * 17 % 40).collect();
    for (position, place) in straight.places.iter().enumerate() {
        turned.places[new[position] as usize] = place.clone();
    }
    turned.link_tables[0].links.reverse();
    for link in &mut turned.link_tables[0].links {
        link.listener = new[link.listener as usize];
        link.source = new[link.source as usize];
    }
    assert_ne!(straight.places, turned.places);
    let (one, other) = (links(&straight), links(&turned));
    assert_eq!(one.listener_start, other.listener_start);
    assert_eq!(one.source, other.source);
    let bits =
        |l: &BaseLinks| -> Vec<u64> { l.weight.concat().iter().map(|w| w.to_bits()).collect() };
    assert_eq!(bits(&one), bits(&other));
}

#[test]
fn a_candidate_that_does_not_open_changes_no_other_row() {
    let without = mixed();
    let mut with = without.clone();
    let zone = Place {
        open: Some(Month(without.end.0 + 1)),
        province: "province1".into(),
        weight: 1e6,
        ..place("p055", Kind::Zone, 5.0, 4.0)
    };
    with.places.push(zone);
    with.link_tables[0]
        .links
        .extend(table(&[(3, 40, 5.0), (40, 3, 5.0)]).links);
    let (small, large) = (links(&without), links(&with));
    let order = canonical_order(&with);
    let own = PlaceId::new(order.iter().position(|&p| p == 40).unwrap());
    assert!(large.row(own).is_empty());
    let old = |i: &PlaceId| PlaceId::new(i.index() - usize::from(*i > own));
    let sources: Vec<PlaceId> = large.source.iter().map(old).collect();
    assert_eq!(sources, small.source);
    assert_eq!(large.weight, small.weight);
    // Opened within the run it is heard, from the next month on.
    with.places[40].open = Some(without.end);
    assert!(!links(&with).source.contains(&own));
    with.places[40].open = Some(Month(without.end.0 - 1));
    assert!(links(&with).source.contains(&own));
}

#[test]
fn a_large_table_is_quick() {
    let n = 100_000_u32;
    let regions = (0..n).map(|i| place(&format!("{:06}", i * 7 % n), Kind::Region, 0.0, 0.0));
    let mut scenario = scenario(
        regions.collect(),
        vec![vec![LinkSourceSpec::new(LinkRule::table())]],
    );
    let rows: Vec<(u32, u32, f64)> = (0..10 * n)
        .map(|e| (e % n, (e / n * 7919 + e * 31 + 1) % n, 1.0))
        .collect();
    scenario.link_tables = vec![table(&rows)];
    let before = std::time::Instant::now();
    let have = links(&scenario);
    assert!(before.elapsed().as_secs() < 20, "{:?}", before.elapsed());
    for listener in PlaceId::each(0..n as usize) {
        let sum: f64 = have.weight[0][have.row(listener)].iter().sum();
        assert!((sum - 1.0).abs() < 1e-12, "{listener:?}: {sum}");
    }
    assert!(have.source.len() > 990_000, "{}", have.source.len());
}

/// The row of each listener in a month: (source, layer, bits of the weight), of weights above 0.
fn rows_in(links: &BaseLinks, month: u16) -> Vec<Vec<(PlaceId, usize, u64)>> {
    let layers = links.weight.len();
    let mut weight = links.weight.clone();
    for epoch in links.epochs.iter().filter(|epoch| epoch.month <= month) {
        for (n, &entry) in epoch.entries.iter().enumerate() {
            for (layer, weight) in weight.iter_mut().enumerate() {
                weight[entry as usize] = epoch.weight[n * layers + layer];
            }
        }
    }
    let entry = |e: usize| {
        let weights = weight.iter().enumerate();
        let weights = weights.filter(move |(_, weights)| weights[e] > 0.0);
        weights.map(move |(layer, weights)| (links.source[e], layer, weights[e].to_bits()))
    };
    let listeners = PlaceId::each(0..links.listener_start.len() - 1);
    listeners
        .map(|listener| links.row(listener).flat_map(entry).collect())
        .collect()
}

#[test]
fn each_epoch_has_the_rows_of_those_who_take_part_alone() {
    let mut moving = mixed();
    for (i, place) in moving.places.iter_mut().enumerate() {
        let month = |n: usize| Month(moving.start.0 + (n * 17 % 70) as i32);
        match (place.kind, i % 5) {
            (Kind::Region, _) | (_, 0) => {}
            (Kind::Zone, 1 | 2) => {
                place.open = Some(month(i));
                place.close = Some(Month(month(i).0 + 1 + (i * 7 % 60) as i32));
            }
            (_, 3) => place.open = Some(month(i + 3)),
            (Kind::Zone, _) => place.close = Some(month(i + 9)),
            _ => place.open = None,
        }
    }
    let calendar = super::super::Calendar::of(&moving);
    let all = links(&moving);
    assert!(all.epochs.len() > 10, "{}", all.epochs.len());
    let (mut kinds, mut displaced) = (std::collections::BTreeSet::new(), 0);
    for month in 0..calendar.months {
        // The same places, of which those that take part now do so in all months, and the others never.
        let mut still = moving.clone();
        for place in &mut still.places {
            let span = super::super::ground::span(place, &calendar);
            let there = span.is_some_and(|span| span.has(month));
            place.open = there
                .then_some(still.start)
                .filter(|_| place.kind != Kind::Region);
            place.close = None;
        }
        let rows = rows_in(&all, month);
        assert_eq!(rows, rows_in(&links(&still), 0), "month {month}");
        kinds.insert(rows.concat().len());
        displaced += all.source.len()
            - rows
                .iter()
                .map(|row| row.chunk_by(|a, b| a.0 == b.0).count())
                .sum::<usize>();
    }
    assert!(kinds.len() > 5 && displaced > 1000, "{kinds:?} {displaced}");
}

#[test]
fn a_zone_is_heard_from_the_month_after_its_opening_to_that_of_its_closing() {
    let mut scenario = tiny();
    scenario.link_tables = vec![table(&[(0, 1, 1.0), (0, 4, 3.0), (4, 0, 1.0)])];
    let month = |n| Month(scenario.start.0 + n);
    scenario.places[4].open = Some(month(5));
    scenario.places[4].close = Some(month(8));
    let all = links(&scenario);
    let of = |weight: f64| weight.to_bits();
    let [b, z] = places([1, 4]);
    let alone = [(b, 0, of(1.0))];
    let both = [(b, 0, of(0.25)), (z, 0, of(0.75))];
    for (month, own) in [
        (0, &alone[..]),
        (5, &alone),
        (6, &both),
        (8, &both),
        (9, &alone),
    ] {
        let rows = rows_in(&all, month);
        assert_eq!(rows[0], own, "month {month}");
        assert_eq!(rows[4].is_empty(), own.len() == 1, "month {month}");
    }
    // What opens in the last month, or closes in the first, takes part in none.
    for (open, close) in [(119, None), (-3, Some(-1)), (-3, Some(0))] {
        scenario.places[4].open = Some(month(open));
        scenario.places[4].close = close.map(month);
        let all = links(&scenario);
        assert_eq!((all.source.as_slice(), all.epochs.len()), (&[b][..], 0));
    }
}
