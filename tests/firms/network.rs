//! The generated network against what was asked for. Every Kolmogorov–Smirnov test fails by chance with
//! probability at most 10⁻⁶ (D > 2.69/√n; for discrete laws even less often).

use pointplane::scenario::Scenario;
use pointplane::scenario::spec::{FirmsSpec, PopulationSpec};
use pointplane::world::distance::great_circle_km;
use pointplane::world::firms::{Choice, Degree, RegionChoice, mix, size_classes};
use pointplane::world::{PlaceId, World};

use crate::common::{Dice, firms, plain, region, world, zone};

/// Twelve regions of unlike weight and mix, three industries.
fn scenario(spec: FirmsSpec) -> Scenario {
    let mut dice = Dice::new(77);
    let mut places = vec![zone("z", "p", 0, 0)];
    for r in 0..12 {
        let mut place = region(&format!("r{r:02}"), "p");
        place.lon = dice.within(100.0, 120.0);
        place.lat = dice.within(25.0, 40.0);
        place.weight = dice.within(1.0, 6.0);
        place.industries = vec![dice.within(0.2, 2.0), dice.within(0.2, 2.0)];
        places.push(place);
    }
    places[0].industries = vec![0.0; 2];
    let mut scenario = plain(3, places, vec![(1, 0, 1.0)]);
    // The third industry has no column: it is everywhere alike.
    scenario.industries = vec!["a".to_owned(), "b".to_owned()];
    let industries = [("a", 2.0), ("b", 1.0), ("c", 1.0)];
    let spec = FirmsSpec {
        population: PopulationSpec::Number { number: 60_000 },
        industries: industries
            .map(|(id, share)| firms::industry(id, share))
            .to_vec(),
        ..spec
    };
    firms::add(&mut scenario, spec);
    scenario
}

fn built(spec: FirmsSpec) -> (Scenario, World) {
    let scenario = scenario(spec);
    let world = world(&scenario);
    (scenario, world)
}

/// Largest distance of values that should be uniform in [0, 1) from that law, against its bound.
fn assert_uniform(what: &str, mut values: Vec<f64>) {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let far = |(i, u): (usize, &f64)| {
        (u - i as f64 / n)
            .abs()
            .max((u - (i as f64 + 1.0) / n).abs())
    };
    let distance = values.iter().enumerate().map(far).fold(0.0, f64::max);
    assert!(
        distance < 2.69 / n.sqrt(),
        "{what}: {distance} with {n} values"
    );
}

/// A value that is uniform when `at` is drawn with these probabilities.
fn spread(probability: &[f64], at: usize, dice: &mut Dice) -> f64 {
    let below: f64 = probability[..at].iter().sum();
    below + probability[at] * dice.unit()
}

#[test]
fn partners_are_others_and_distinct() {
    for (partners, most) in [(10.0, 1000), (300.0, 5000)] {
        let (_, world) = built(FirmsSpec {
            population: PopulationSpec::Number { number: 60_000 },
            partners,
            most_partners: most,
            ..FirmsSpec::default()
        });
        let layer = firms::of(&world);
        let mut of = firms::partners(layer);
        for (f, list) in of.iter_mut().enumerate() {
            assert_eq!(list.len(), usize::from(layer.partners[f]));
            assert!(!list.contains(&f));
            list.sort_unstable();
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let links: usize = of.iter().map(Vec::len).sum();
        assert_eq!(links as u64, layer.links());
        assert!((links as f64 / 60_000.0 / partners - 1.0).abs() < 0.05);
    }
}

#[test]
fn degrees_follow_their_law() {
    let spec = FirmsSpec::default();
    let (_, world) = built(spec.clone());
    let law = Degree::new(spec.partners, spec.degree_exponent, spec.most_partners);
    let layer = firms::of(&world);
    let n = layer.len() as f64;
    let mut seen = vec![0u32; 1002];
    for k in &layer.partners {
        seen[usize::from(*k)] += 1;
    }
    let (mut below, mut distance) = (0.0, 0.0f64);
    for (k, seen) in seen.iter().enumerate() {
        below += f64::from(*seen);
        let asked = 1.0 - law.at_least(k as u32 + 1);
        distance = distance.max((below / n - asked).abs());
    }
    assert!(distance < 2.69 / n.sqrt(), "{distance}");
    // The tail is heavy: some firms have hundreds of partners.
    assert!(seen[300..].iter().sum::<u32>() > 50);
}

#[test]
fn cells_follow_mix_and_size() {
    let (scenario, world) = built(FirmsSpec::default());
    let (layer, asked) = (
        firms::of(&world),
        scenario.firms.as_ref().expect("it is on"),
    );
    let sizes = size_classes(&asked.spec);
    let weight: f64 = scenario.places[1..].iter().map(|p| p.weight).sum();
    let mut all = 0;
    let places = world.places.each().zip(&world.places.id);
    for (i, id) in places.filter(|(_, id)| *id != "z") {
        let row = scenario
            .places
            .iter()
            .find(|p| p.id == *id)
            .expect("a region");
        let mix = mix(&scenario, asked, &world.places, i);
        let (a, b) = (2.0 * row.industries[0], row.industries[1]);
        assert!((mix[1] - b / (a + b + 1.0)).abs() < 1e-12);
        let firms = 60_000.0 * row.weight / weight;
        let mut here = 0.0;
        for c in (0..layer.cells.len()).filter(|c| layer.cells.place[*c] == i) {
            let (g, s) = (layer.cells.industry[c], layer.cells.size[c]);
            let expected = firms * mix[usize::from(g)] * sizes[usize::from(s)].share;
            let n = layer.cells.range(c).len() as f64;
            // Rounded up or down, and so was the region's total.
            assert!((n - expected).abs() < 2.0, "{n} {expected}");
            here += n;
        }
        assert!((here - firms).abs() <= 1.0);
        all += here as usize;
    }
    assert_eq!(all, 60_000);
}

#[test]
fn distances_and_industries_follow_gravity_and_mix() {
    let (scenario, world) = built(FirmsSpec {
        partners: 4.0,
        most_partners: 50,
        ..FirmsSpec::default()
    });
    let layer = firms::of(&world);
    let choice = Choice::new(&scenario, &world.places, layer);
    let dice = &mut Dice::new(5);
    let laws: Vec<(RegionChoice, Vec<usize>)> = choice
        .regions
        .iter()
        .map(|&p| {
            let mut near: Vec<usize> = (0..choice.regions.len()).collect();
            let to = |r: &usize| km(&world, p, choice.regions[*r]);
            near.sort_by(|a, b| to(a).total_cmp(&to(b)));
            (choice.region(p), near)
        })
        .collect();
    // The law itself, by the formula.
    let (p, q) = (choice.regions[0], choice.regions[1]);
    let row = |i: PlaceId| &scenario.places[world.places.input[i] as usize];
    let ratio = laws[0].0.share[1] / laws[0].0.share[0];
    let km = km(&world, p, q).max(50.0);
    let asked = row(q).weight / km.powf(0.9) / (row(p).weight / 50f64.powf(0.9));
    assert!((ratio / asked - 1.0).abs() < 1e-9);
    let region_of = |f: usize| {
        let place = layer.cells.place[layer.cell_of(f)];
        choice.regions.binary_search(&place).expect("it has firms")
    };
    let industry_of = |f: usize| usize::from(layer.cells.industry[layer.cell_of(f)]);
    let (mut distances, mut industries) = (Vec::new(), Vec::new());
    let mut own = 0.0;
    for (f, list) in firms::partners(layer).iter().enumerate() {
        for partner in list {
            let (law, near) = &laws[region_of(f)];
            let r = region_of(*partner);
            let shares: Vec<f64> = near.iter().map(|r| law.share[*r]).collect();
            let at = near.iter().position(|other| *other == r).expect("a region");
            distances.push(spread(&shares, at, dice));
            let shares = choice.industry_shares(industry_of(f), r);
            industries.push(spread(&shares, industry_of(*partner), dice));
            own += f64::from(u8::from(industry_of(f) == industry_of(*partner)));
        }
    }
    let links = distances.len() as f64;
    assert_uniform("distance", distances);
    assert_uniform("industry", industries);
    // Homophily: 0.4, and of the others again those of the own industry, about 0.4 + 0.6 · Σ share².
    let alike = own / links;
    assert!((0.55..0.70).contains(&alike), "{alike}");
}

#[test]
fn input_output_shares_are_met_where_the_mix_is_the_countrys() {
    let mut scenario = scenario(FirmsSpec::default());
    for place in &mut scenario.places {
        place.industries = vec![1.0; 2];
    }
    let io = vec![0.1, 0.7, 0.2, 0.5, 0.0, 0.5, 0.3, 0.3, 0.4];
    if let Some(layer) = &mut scenario.firms {
        layer.io = Some(io.clone());
    }
    let world = world(&scenario);
    let layer = firms::of(&world);
    let industry_of = |f: usize| usize::from(layer.cells.industry[layer.cell_of(f)]);
    let dice = &mut Dice::new(6);
    let mut values = Vec::new();
    for (f, list) in firms::partners(layer).iter().enumerate() {
        let g = industry_of(f);
        for partner in list {
            assert!(io[g * 3 + industry_of(*partner)] > 0.0);
            values.push(spread(&io[g * 3..g * 3 + 3], industry_of(*partner), dice));
        }
    }
    assert_uniform("industry", values);
}

/// Great-circle distance of two places.
fn km(world: &World, i: PlaceId, j: PlaceId) -> f64 {
    let ((a, b), (c, d)) = (world.places.position[i], world.places.position[j]);
    great_circle_km(a, b, c, d)
}
