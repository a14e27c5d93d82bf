//! What is equal on paper is equal (model page 7.9): sums that are compared with a threshold are whole numbers.

use pointplane::scenario::Scenario;
use pointplane::scenario::tables::{Corridor, Kind, Place, Segment};

use crate::common::history::{Event, History, history};
use crate::common::{month, place, plain, region, reordered, world, zone};

const PAIRS: usize = 60;

/// Structures on, and everybody adopts in the month after the one that it hears.
fn at_once(months: i32, places: Vec<Place>, links: Vec<(usize, usize, f64)>) -> Scenario {
    let mut scenario = plain(months, places, links);
    scenario.point.arrival_rate = 2.0;
    scenario.point.implementation_rate = 2.0;
    scenario.line.beta = 1e6;
    scenario.line.structures = true;
    scenario.line.forgetting = 0.0;
    scenario
}

fn run(scenario: &Scenario) -> History {
    history(&world(scenario), 1, 0)
}

/// The structures that form or dissolve, with month and share.
fn structures(history: &History, kind: &str) -> Vec<(String, u16, bool, f64)> {
    let told = |event: &Event| match event {
        Event::Structure(name, t, formed, _, share) if name.starts_with(kind) => {
            Some((name.clone(), *t, *formed, *share))
        }
        _ => None,
    };
    history.events.iter().filter_map(told).collect()
}

/// Pairs of a zone that innovates once and a region that hears nobody else; each zone is heard otherwise.
#[test]
fn a_credit_to_one_source_is_exactly_one() {
    let mut places = Vec::new();
    for pair in 0..PAIRS {
        let zone = zone(&format!("z{pair:02}"), "p", 0, 1);
        // 1/x · x is not 1 in floats for some of them.
        let radiation = 1.0 / (pair as f64 + 1.3);
        places.push(Place { radiation, ..zone });
        places.push(region(&format!("r{pair:02}"), "p"));
    }
    let links = (0..PAIRS)
        .map(|pair| (2 * pair + 1, 2 * pair, 1.0))
        .collect();
    let mut scenario = at_once(60, places, links);
    let mut lines = |threshold: f64| {
        scenario.line.line_threshold = threshold;
        let history = run(&scenario);
        assert_eq!(history.adopted(), PAIRS);
        assert_eq!(history.spillover.len(), PAIRS);
        assert!(history.spillover.values().all(|credit| *credit == 1.0));
        structures(&history, "line")
    };
    let exact = lines(1.0);
    assert_eq!(exact.len(), PAIRS);
    assert_eq!(lines(1.0 - 1e-9), exact);
    assert!(lines(1.0 + 1e-9).is_empty());
}

/// A zone that opens late hears three that have the item by then, all alike: a third of 2⁴⁰ ticks is no whole number,
/// and the one that is left goes to the smallest id, in whatever order they stand.
#[test]
fn of_equal_sources_the_smaller_id_gets_the_tick_that_is_left() {
    let places = vec![
        zone("a", "p", 0, 1),
        region("b", "p"),
        region("c", "p"),
        zone("d", "p", 40, 0),
    ];
    let links = vec![
        (1, 0, 1.0),
        (2, 0, 1.0),
        (3, 0, 1.0),
        (3, 1, 1.0),
        (3, 2, 1.0),
    ];
    let scenario = at_once(60, places, links);
    let third = (1u64 << 40) / 3;
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let history = run(&reordered(&scenario, &order));
        let credit = |source: &str| history.spillover[&("d".to_owned(), source.to_owned())];
        let ticks = ["a", "b", "c"].map(|source| credit(source) * 2f64.powi(40));
        assert_eq!(ticks, [third + 1, third, third].map(|ticks| ticks as f64));
    }
}

/// y is 1, and ¼ a month later: at half of 0.5, so the line stays a month more. Or it is 0.3, rounded down to ticks: below
/// half of 0.6.
#[test]
fn forgetting_rounds_down() {
    let places = vec![zone("a", "p", 0, 1), region("b", "p")];
    let mut scenario = at_once(60, places, vec![(1, 0, 1.0)]);
    for (forgetting, threshold, months) in [
        (0.75, 0.5, 2),
        (0.75, 0.5 + 1e-9, 1),
        (0.5, 0.25, 4),
        (0.7, 0.6, 1),
        (0.7, 0.6 - 1e-9, 2),
    ] {
        scenario.line.forgetting = forgetting;
        scenario.line.line_threshold = threshold;
        let lines = structures(&run(&scenario), "line");
        let stood: Vec<_> = lines
            .iter()
            .map(|line| (line.1 - lines[0].1, line.2))
            .collect();
        assert_eq!(
            stood,
            [(0, true), (months, false)],
            "{forgetting} {threshold}"
        );
    }
}

/// A zone and a region that hears it have x and y tenths of all weight; thresholds of (x + y)/10 are met, whatever the
/// floats add up to, and nothing above is.
#[test]
fn circles_and_the_plane_form_exactly_at_their_thresholds() {
    let mut inexact = 0;
    for (x, y) in (1..9).flat_map(|x| (1..10 - x).map(move |y| (x, y))) {
        let tenths = |n: i32| f64::from(n) / 10.0;
        let weights = [x, y, 10 - x - y].map(tenths);
        let sums = (weights[0] + weights[1], weights.iter().sum::<f64>());
        inexact += usize::from(sums.0 / sums.1 < tenths(x + y));
        let places = vec![
            Place {
                weight: weights[0],
                carries_weight: true,
                ..zone("a", "p", 0, 1)
            },
            Place {
                weight: weights[1],
                ..region("b", "p")
            },
            Place {
                weight: weights[2],
                ..region("c", "p")
            },
        ];
        let mut scenario = at_once(60, places, vec![(1, 0, 1.0)]);
        scenario.line.line_threshold = 1.0;
        scenario.axis.min_segments = 1;
        scenario.corridors.push(Corridor {
            id: "along".to_owned(),
            name_en: String::new(),
            name_zh: String::new(),
            layers: vec![1.0],
            segments: vec![Segment {
                id: "all".to_owned(),
                places: vec![0],
            }],
        });
        let share = tenths(x + y);
        for (circle, plane, formed) in [
            (share, share, [1, 1]),
            (share + 1e-9, share, [0, 0]),
            (share, share + 1e-9, [1, 0]),
        ] {
            scenario.circle.circle_threshold = circle;
            scenario.plane.plane_threshold = plane;
            let history = run(&scenario);
            let told = ["circle", "plane"].map(|kind| structures(&history, kind));
            assert_eq!(
                told.each_ref().map(Vec::len),
                formed,
                "{x} {y} {circle} {plane}"
            );
            assert!(told.iter().flatten().all(|event| event.3 == share));
        }
    }
    assert!(inexact > 0, "floats would do");
}

/// Gateways stand in no catchment and count nowhere: their weights change nothing, however fine.
#[test]
fn weights_that_do_not_count_change_no_unit() {
    let mut places = vec![zone("a", "p", 0, 1), region("b", "p")];
    let gateway = Place {
        weight: 1e-12,
        open: Some(month(0)),
        ..place("g", Kind::SourceGateway, "")
    };
    places.push(gateway);
    let world = world(&plain(12, places, Vec::new()));
    assert_eq!(
        (world.places.whole, world.places.decimals),
        (vec![0, 1, 0], 0)
    );
    assert_eq!(world.places.all, 1);
}
