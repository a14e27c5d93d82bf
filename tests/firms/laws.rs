//! When firms take up. Every statistical test fails by chance with probability at most 10⁻⁶.

use pointplane::draw::Luck;
use pointplane::model::firm::CLOCK;
use pointplane::scenario::spec::{FirmsSpec, PopulationSpec};
use pointplane::world::World;

use crate::common::bounds::{assert_chi_square, assert_z};
use crate::common::{firms, plain, region, world, zone};

/// A world with one region, all firms of one size class.
fn one_region(months: i32, spec: FirmsSpec) -> World {
    let places = vec![zone("z", "p", 0, 0), region("r", "p")];
    let mut scenario = plain(months, places, vec![(1, 0, 1.0)]);
    let spec = FirmsSpec {
        size_bounds: vec![1],
        size_effect: 0.0,
        stock_ref: 1.0,
        ..spec
    };
    firms::add(&mut scenario, spec);
    world(&scenario)
}

#[test]
fn without_partners_waiting_times_are_exact() {
    let world = one_region(
        60,
        FirmsSpec {
            population: PopulationSpec::Number { number: 40_000 },
            partners: 0.0,
            uptake_rate: 0.03,
            ..FirmsSpec::default()
        },
    );
    let layer = firms::of(&world);
    assert_eq!(
        (layer.len(), layer.cells.len(), layer.links()),
        (40_000, 1, 0)
    );
    let mut state = firms::stocked(&world, Luck::new(11, 0), 0.5);
    let (mut counts, mut expected) = (Vec::new(), Vec::new());
    let (mut hazard, mut taken) = (0.0f64, 0);
    for month in 0..60 {
        // The stock grows half-way: the law must follow it.
        if month == 30 {
            for i in world.places.each() {
                state.change(0, i, 0.75, 1);
            }
        }
        let before = (-hazard).exp();
        let stock = if month < 30 { 0.5 } else { 1.25 };
        // α · (½ + F) · stock / stock_ref, with F = 1, in whole ticks.
        hazard += (0.03 * 1.5 * stock * CLOCK).round() / CLOCK;
        expected.push(40_000.0 * (before - (-hazard).exp()));
        counts.push(state.month());
        assert_eq!(f64::from(state.clock(0, 0)) / CLOCK, hazard);
        taken += counts[month];
    }
    assert_eq!(u64::from(state.taken(0, 0)), taken);
    counts.push(40_000 - taken);
    expected.push(40_000.0 * (-hazard).exp());
    assert_chi_square("months of take-up", &counts, &expected);
}

#[test]
fn without_partner_effect_cells_are_binomial() {
    const SEEDS: u32 = 4000;
    const FIRMS: usize = 60;
    // Partners are there, but do not count.
    let world = one_region(
        12,
        FirmsSpec {
            population: PopulationSpec::Number {
                number: FIRMS as u64,
            },
            partners: 4.0,
            most_partners: 20,
            partner_effect: 0.0,
            uptake_rate: 0.04,
            ..FirmsSpec::default()
        },
    );
    assert!(firms::of(&world).links() > 100);
    let mut counts = vec![0u64; FIRMS + 1];
    for replicate in 0..SEEDS {
        let mut state = firms::stocked(&world, Luck::new(5, replicate), 1.0);
        for _ in 0..12 {
            state.month();
        }
        counts[state.taken(0, 0) as usize] += 1;
    }
    let p = 1.0 - (-(0.04f64 * 1.5 * CLOCK).round() / CLOCK * 12.0).exp();
    let mut probability = (1.0 - p).powi(FIRMS as i32);
    let expected: Vec<f64> = (0..=FIRMS)
        .map(|k| {
            let now = probability;
            probability *= (FIRMS - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            now * f64::from(SEEDS)
        })
        .collect();
    assert_chi_square("firms that took up", &counts, &expected);
}

#[test]
fn a_mixed_network_follows_the_mean_field() {
    // 1 − U(t) = (1 − U(t − 1)) · exp(−b · (1 + χ · U(t − 1))): a firm with many partners drawn from all
    // sees the country's share.
    const FIRMS: u64 = 20_000;
    let world = one_region(
        40,
        FirmsSpec {
            population: PopulationSpec::Number { number: FIRMS },
            partners: 400.0,
            degree_exponent: 50.0,
            most_partners: 500,
            partner_effect: 6.0,
            uptake_rate: 0.01,
            ..FirmsSpec::default()
        },
    );
    let mut state = firms::stocked(&world, Luck::new(3, 0), 1.0);
    let base = (0.015 * CLOCK).round() / CLOCK;
    let (mut field, mut variance) = (0.0f64, 0.0f64);
    for month in 0..40 {
        let stay = (-base * (1.0 + 6.0 * field)).exp();
        // Small deviations are carried on by the slope of the recursion; chance adds that of the month.
        let slope = stay * (1.0 + (1.0 - field) * 6.0 * base);
        variance = slope * slope * variance + (1.0 - field) * stay * (1.0 - stay) / FIRMS as f64;
        field = 1.0 - (1.0 - field) * stay;
        state.month();
        let share = f64::from(state.taken(0, 0)) / FIRMS as f64;
        // 5.7 standard deviations in 40 months: by chance with probability below 10⁻⁶. Finite K adds a
        // bias of the order of half the variance of the cumulative hazard, (6 · 0.6)² · ¼ / 400 / 2.
        let bound = 5.7 * variance.sqrt() + 0.004;
        assert!(
            (share - field).abs() < bound,
            "month {month}: {share}, {field}, {bound}"
        );
    }
    assert!(field > 0.85, "{field}");
    assert!(variance.sqrt() < 0.006, "{variance}");
}

#[test]
fn sizes_weigh_and_fit_speeds_up() {
    let places = vec![zone("z", "p", 0, 0), region("r", "p")];
    let mut scenario = plain(10, places, vec![(1, 0, 1.0)]);
    let mut fast = firms::industry("fast", 1.0);
    fast.fit.insert("d".to_owned(), 2.0);
    let spec = FirmsSpec {
        population: PopulationSpec::Number { number: 50_000 },
        industries: vec![firms::industry("slow", 3.0), fast],
        partners: 0.0,
        uptake_rate: 0.02,
        stock_ref: 1.0,
        ..FirmsSpec::default()
    };
    firms::add(&mut scenario, spec);
    let world = world(&scenario);
    let layer = firms::of(&world);
    let mut state = firms::stocked(&world, Luck::new(4, 0), 1.0);
    for _ in 0..10 {
        state.month();
    }
    let (mut taken, mut all) = (0.0, 0.0);
    let (mut seen, mut mean, mut variance) = (0.0, 0.0, 0.0);
    for c in 0..layer.cells.len() {
        let class = &layer.sizes[usize::from(layer.cells.size[c])];
        let n = layer.cells.range(c).len() as f64;
        let fit = [1.0, 2.0][usize::from(layer.cells.industry[c])];
        let hazard = 0.02 * 1.5 * fit * class.size.powf(0.1) * 10.0;
        let p = 1.0 - f64::exp(-hazard);
        taken += f64::from(state.taken(0, c)) * class.size;
        all += n * class.size;
        seen += f64::from(state.taken(0, c));
        mean += n * p;
        variance += n * p * (1.0 - p);
    }
    assert_z("firms that took up", seen, mean, variance);
    let i = world.places.named("r").expect("the region");
    let uptake = state.uptake(0, i).expect("it has firms");
    assert!((uptake - taken / all).abs() < 1e-12);
    // The zone has no host, so it has no firms and no demand of its own.
    let z = world.places.named("z").expect("the zone");
    assert_eq!(state.uptake(0, z), None);
    assert!((state.benefit(3.0, i) - 3.0 * uptake).abs() < 1e-12);
}
