//! Worlds without regions, whose zones carry the weight: states that innovate and adopt.

use pointplane::scenario::Scenario;
use pointplane::scenario::tables::{Kind, Place};

use crate::common::history::{Event, history};
use crate::common::{plain, region, world, zone};

/// Three states in one province: `a` innovates, `b` adopts the month after, `c` opens in month 40 and hears nobody.
fn states(weights: [f64; 3]) -> Scenario {
    let states = [("a", 0, 1), ("b", 0, 0), ("c", 40, 0)];
    let places = states
        .into_iter()
        .zip(weights)
        .map(|((id, open, tasks), weight)| Place {
            weight,
            carries_weight: true,
            ..zone(id, "p", open, tasks)
        });
    let mut scenario = plain(80, places.collect(), vec![(1, 0, 1.0)]);
    scenario.point.arrival_rate = 2.0;
    scenario.point.implementation_rate = 2.0;
    scenario.line.beta = 1e6;
    scenario.line.structures = true;
    scenario.line.line_threshold = 0.75;
    scenario.line.forgetting = 0.0;
    scenario.circle.circle_threshold = 0.85;
    scenario
}

/// The structure events of a replicate: name, months after the item is implemented, whether it forms, share of
/// all weight; and the month in which it is implemented.
fn events(scenario: &Scenario) -> (Vec<(String, u16, bool, f64)>, u16) {
    let world = world(scenario);
    let events = history(&world, 1, 0).events;
    let implemented = events.iter().find_map(|event| match event {
        Event::Implemented(_, month, _) => Some(*month),
        _ => None,
    });
    let start = implemented.expect("one item");
    let structures = events.into_iter().filter_map(|event| match event {
        Event::Structure(name, month, formed, _, share) => {
            Some((name, month - start, formed, share))
        }
        _ => None,
    });
    (structures.collect(), start)
}

#[test]
fn circles_form_where_zones_carry_the_weight() {
    // In the last world a has enough weight alone, but a circle needs a line.
    for weights in [[6.0, 3.0, 1.0], [6.0, 3.0, 3.0], [57.0, 3.0, 4.0]] {
        let (events, start) = events(&states(weights));
        assert!(0 < start && start < 30, "{start}");
        let share = (weights[0] + weights[1]) / weights.iter().sum::<f64>();
        let mut expected = vec![
            ("line a b".to_owned(), 1, true, share),
            ("circle a".to_owned(), 2, true, share),
            ("circle b".to_owned(), 2, true, share),
        ];
        // With the third state in the catchment, 9 of 12 are less than 0.85, and 9 of 10 are not.
        if share < 0.85 {
            expected.push(("circle a".to_owned(), 41 - start, false, share));
            expected.push(("circle b".to_owned(), 41 - start, false, share));
        }
        assert_eq!(events, expected);
    }
}

/// Without the column all zones count in measures, as there is nothing else, and none in catchments.
#[test]
fn zones_do_not_carry_weight_unless_the_scenario_says_so() {
    let mut scenario = states([6.0, 3.0, 1.0]);
    for place in &mut scenario.places {
        place.carries_weight = false;
    }
    let (events, _) = events(&scenario);
    assert_eq!(events, [("line a b".to_owned(), 1, true, 0.9)]);
}

#[test]
fn what_counts_is_what_carries_weight() {
    let counted = |scenario: &Scenario| {
        let places = world(scenario).places;
        assert_eq!(places.id, ["a", "b", "c", "r"][..places.len()]);
        (places.counts, places.carries)
    };
    let mut scenario = states([6.0, 3.0, 1.0]);
    scenario.places[1].carries_weight = false;
    let one_less = vec![true, false, true];
    assert_eq!(counted(&scenario), (one_less.clone(), one_less));
    scenario.places[0].carries_weight = false;
    scenario.places[2].carries_weight = false;
    assert_eq!(counted(&scenario), (vec![true; 3], vec![false; 3]));
    scenario.places.push(region("r", "p"));
    let region = vec![false, false, false, true];
    assert_eq!(counted(&scenario), (region.clone(), region));
    assert_eq!(scenario.places[3].kind, Kind::Region);
}
