//! Rows by hand, and the search against comparing all pairs.

use super::super::ground::keep_strongest;
use super::super::links::tests::{place, scenario};
use super::*;
use crate::scenario::tables::{Kind, Place};

/// Row of a place under a rule.
fn row_of(rule: &Rule<'_>, ground: &Ground<'_>, listener: PlaceId) -> Row {
    let mut row = Row::new();
    rule.candidates(ground, listener, &mut row);
    rule.keep(&mut row);
    row
}

/// Row of the first place under one rule, divided by its sum.
fn shares(places: Vec<Place>, spec: LinkSourceSpec) -> Row {
    let mut scenario = scenario(places, vec![vec![spec.clone()]]);
    scenario.industries = vec!["one".into(), "two".into()];
    let order: Vec<u32> = (0..scenario.places.len() as u32).collect();
    let ground = Ground::new(&scenario, &order);
    let row = row_of(
        &Rule::new(&ground, &spec).unwrap(),
        &ground,
        PlaceId::new(0),
    );
    let sum: f64 = row.iter().map(|&(_, weight)| weight).sum();
    row.iter().map(|&(c, weight)| (c, weight / sum)).collect()
}

/// Regions on the equator; a degree is 111.195080234 km.
fn on_equator(points: &[(f64, f64)]) -> Vec<Place> {
    let ids = ["a", "b", "c", "d", "e"];
    let regions = points.iter().zip(ids).map(|(&(lon, weight), id)| Place {
        weight,
        ..place(id, Kind::Region, lon, 0.0)
    });
    regions.collect()
}

fn assert_row(row: &Row, expected: &[(usize, f64)]) {
    assert_eq!(row.len(), expected.len(), "{row:?}");
    for (have, want) in row.iter().zip(expected) {
        assert_eq!(have.0.index(), want.0);
        assert!((have.1 - want.1).abs() < 1e-12, "{row:?} {expected:?}");
    }
}

#[test]
fn gravity_by_hand() {
    let places = on_equator(&[(0.0, 5.0), (1.0, 3.0), (-2.0, 8.0), (4.0, 20.0)]);
    let gravity = |alpha, gamma, max_km| {
        LinkSourceSpec::new(LinkRule::Gravity(GravitySpec {
            alpha,
            gamma,
            max_km,
        }))
    };
    let linear = gravity(1.0, 1.0, None);
    // 3/1, 8/2, 20/4 out of 12.
    let twelfths = [(1, 0.25), (2, 1.0 / 3.0), (3, 5.0 / 12.0)];
    assert_row(&shares(places.clone(), linear), &twelfths);
    let steep = LinkSourceSpec {
        k: Some(2),
        ..gravity(2.0, 3.0, None)
    };
    // 9/1, 64/8, 400/64: the last is the weakest.
    assert_row(
        &shares(places.clone(), steep),
        &[(1, 9.0 / 17.0), (2, 8.0 / 17.0)],
    );
    let near = gravity(1.0, 1.0, Some(223.0));
    assert_row(&shares(places, near), &[(1, 3.0 / 7.0), (2, 4.0 / 7.0)]);
}

#[test]
fn gravity_has_a_floor_of_one_km_and_does_not_overflow() {
    let mut places = on_equator(&[(0.0, 1.0), (0.0, 1.0), (1.0, 111.195_080_233_532_9)]);
    let plain = LinkSourceSpec::new(LinkRule::Gravity(GravitySpec {
        gamma: 1.0,
        ..GravitySpec::default()
    }));
    assert_row(&shares(places.clone(), plain), &[(1, 0.5), (2, 0.5)]);
    places[1].weight = 1e300;
    places[2].weight = 1e300;
    let huge = LinkSourceSpec::new(LinkRule::Gravity(GravitySpec {
        alpha: 5.0,
        gamma: 10.0,
        max_km: None,
    }));
    let row = shares(places, huge);
    assert_eq!(row[0], (PlaceId::new(1), 1.0));
    assert!(row[1].1 > 0.0 && row[1].1 < 1e-20);
}

#[test]
fn decay_by_hand_and_far_beyond_its_reach() {
    let places = on_equator(&[(0.0, 1.0), (1.0, 1.0), (3.0, 1.0)]);
    let degree = 111.195_080_233_532_9;
    let decay = |delta_km| {
        LinkSourceSpec::new(LinkRule::Decay(DecaySpec {
            delta_km,
            max_km: None,
        }))
    };
    let ratio = f64::exp(-2.0);
    let expected = [(1, 1.0 / (1.0 + ratio)), (2, ratio / (1.0 + ratio))];
    assert_row(&shares(places.clone(), decay(degree)), &expected);
    // exp(−1112) is no number; the nearest place is heard all the same.
    assert_eq!(shares(places, decay(0.1))[0], (PlaceId::new(1), 1.0));
}

#[test]
fn similarity_by_hand() {
    let mut places = on_equator(&[(0.0, 1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]);
    let profiles = [
        [3.0, 4.0],
        [30.0, 40.0],
        [1.0, 0.0],
        [0.0, 0.0],
        [0.0, 1e300],
    ];
    for (place, profile) in places.iter_mut().zip(profiles) {
        place.industries = profile.to_vec();
    }
    // Cosines 1, 0.6, none and 0.8 at one distance.
    let expected = [(1, 1.0 / 2.4), (2, 0.25), (4, 1.0 / 3.0)];
    assert_row(
        &shares(places.clone(), LinkSourceSpec::new(LinkRule::similarity())),
        &expected,
    );
    places[0].industries = vec![0.0, 0.0];
    assert_row(
        &shares(places, LinkSourceSpec::new(LinkRule::similarity())),
        &[],
    );
}

#[test]
fn search_with_each_rule_equals_comparing_all_pairs() {
    let places: Vec<Place> = (0..300_u32)
        .map(|i| {
            let t = f64::from(i);
            let (lon, lat) = ((t * 0.754_877_666).fract(), (t * 0.569_840_291).fract());
            let mut region = place(
                &format!("{i:03}"),
                Kind::Region,
                80.0 + 40.0 * lon,
                20.0 + 30.0 * lat,
            );
            region.weight = f64::from(1 + i * i % 97);
            region.industries = vec![f64::from(i % 3), f64::from(i % 5)];
            region
        })
        .collect();
    for rule in [
        LinkRule::gravity(),
        LinkRule::decay(),
        LinkRule::similarity(),
    ] {
        let few = LinkSourceSpec {
            k: Some(6),
            ..LinkSourceSpec::new(rule.clone())
        };
        let all = LinkSourceSpec {
            k: Some(1000),
            ..LinkSourceSpec::new(rule.clone())
        };
        let mut world = scenario(places.clone(), vec![vec![few.clone(), all.clone()]]);
        world.industries = vec!["one".into(), "two".into()];
        let order: Vec<u32> = (0..300).collect();
        let ground = Ground::new(&world, &order);
        let (few, all) = (
            Rule::new(&ground, &few).unwrap(),
            Rule::new(&ground, &all).unwrap(),
        );
        for listener in PlaceId::each(0..300) {
            let found = row_of(&few, &ground, listener);
            let mut compared = row_of(&all, &ground, listener);
            keep_strongest(&mut compared, 6);
            assert_eq!(found, compared, "{rule:?} {listener:?}");
        }
    }
}

#[test]
fn ties_go_to_the_smaller_number() {
    let of = |(i, weight)| (PlaceId::new(i), weight);
    let mut row = [(9, 1.0), (4, 2.0), (7, 1.0), (2, 1.0), (5, 0.5)]
        .map(of)
        .to_vec();
    keep_strongest(&mut row, 3);
    assert_eq!(row, [(2, 1.0), (4, 2.0), (7, 1.0)].map(of));
    let places = on_equator(&[(0.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (1.0, 1.0), (-2.0, 1.0)]);
    let two = LinkSourceSpec {
        k: Some(3),
        ..LinkSourceSpec::new(LinkRule::gravity())
    };
    let kept = shares(places, two).into_iter().map(|(i, _)| i);
    assert!(kept.eq([1, 2, 3].map(PlaceId::new)));
}
