//! The ends of the parameters' ranges: nothing overflows (tests check arithmetic), nothing is negative.

use std::collections::BTreeSet;

use pointplane::scenario::spec::Response;
use pointplane::scenario::tables::{Alliance, Who};
use pointplane::world::World;

use crate::common::history::{Event, history};
use crate::common::{alliance, plain, region, world, worlds, zone};

/// 1,000 groups at the largest strength and multiplier and without coordination cost: whoever hears
/// all of them has an exposure of 10⁷. One zone hears them all and never adopts.
#[test]
fn the_strongest_alliance_overflows_nothing() {
    let ids: Vec<String> = (0..1000).map(|i| format!("z{i:03}")).collect();
    let mut places: Vec<_> = ids.iter().map(|id| zone(id, "p", 0, 0)).collect();
    places[0].tasks = 3;
    places[7].environment = 0.0;
    places.push(region("r", "p"));
    let mut scenario = plain(30, places, Vec::new());
    scenario.line.beta = 1e6;
    scenario.line.abandonment_rate = 10.0;
    for place in &mut scenario.places {
        place.platform = 0.5;
    }
    scenario.alliances.push(Alliance {
        strength: 100.0,
        layers: vec![100.0],
        ..alliance(
            "all",
            1,
            ids.iter()
                .cloned()
                .map(|id| Who::Group(id).into())
                .collect(),
        )
    });
    let world = World::new(&scenario).expect("a million links");
    let history = history(&world, 1, 0);
    // Month after month: the origin, then all delegates but the one that takes nothing up.
    let implemented = |e: &&Event| matches!(e, Event::Implemented(..));
    let items = history.events.iter().filter(implemented).count();
    assert!(items > 0);
    assert_eq!(history.adopted(), items * 998);
}

/// Shares are never written as −0: an empty sum of floats is.
#[test]
fn no_share_is_negative() {
    let mut shares = 0;
    for seed in 9000..9040 {
        let world = world(&worlds::random(seed));
        for event in history(&world, seed, 0).events {
            if let Event::Structure(.., share) | Event::Month(_, share) = event {
                assert!(share.is_sign_positive(), "world {seed}: {event:?}");
                shares += 1;
            }
        }
    }
    assert!(shares > 2000);
}

/// Those who cannot adopt any more hear links that gain weight between the adoption and the abandonment of their
/// source. With rates as extreme as they can be, nothing comes of it.
#[test]
fn nobody_takes_an_item_up_twice() {
    let mut adoptions = 0;
    for seed in 8100..8300 {
        let mut scenario = worlds::random(seed);
        scenario.line.response = Response::Hill;
        scenario.line.hill_exponent = 1.0;
        scenario.line.x0 = 0.2;
        scenario.line.beta = 1e5;
        scenario.line.line_bonus = 5.0;
        scenario.line.abandonment_rate = 0.2;
        let world = world(&scenario);
        let mut taken_up = BTreeSet::new();
        for event in history(&world, seed, 0).events {
            if let Event::Adopted(item, place, ..) = event {
                adoptions += 1;
                assert!(
                    taken_up.insert((item, place.clone())),
                    "world {seed}: {place}"
                );
            }
        }
    }
    assert!(adoptions > 2000, "{adoptions} adoptions");
}
