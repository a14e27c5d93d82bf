//! Oracles 1 and 7: waiting times and the mandate process.

use std::collections::BTreeMap;

use pointplane::model::{self, Innovation, Listener};
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::Response;
use pointplane::scenario::tables::{GatewayLink, GatewayRole, Kind, Mandate};
use pointplane::world::{NEVER, World};

use crate::common::bounds::{assert_chi_square, assert_z};
use crate::common::history::Adoptions;
use crate::common::{link_table, month, place, plain, region, world, zone};

/// One zone and `listeners` regions that hear it and nothing else.
fn star(listeners: usize, months: i32) -> Scenario {
    let mut places = vec![zone("z", "p", 0, 12)];
    places.extend((0..listeners).map(|i| region(&format!("r{i}"), "q")));
    let links = (1..=listeners).map(|i| (i, 0, 1.0)).collect();
    let mut scenario = plain(months, places, links);
    scenario.point.arrival_rate = 0.5;
    scenario.point.implementation_rate = 0.5;
    scenario
}

/// Waiting times of all (innovation, listener) pairs against the geometric law of their hazards.
fn assert_geometric(what: &str, scenario: &Scenario, hazard: impl Fn(f64) -> f64) {
    let world = world(scenario);
    let months = usize::from(world.calendar.months);
    let listeners = scenario.places.len() - 1;
    let mut starts = Starts::default();
    model::run(&world, 5, 0, &mut starts).unwrap();
    let mut adoptions = Adoptions::default();
    model::run(&world, 5, 0, &mut adoptions).unwrap();
    let mut start = BTreeMap::new();
    let mut expected = vec![0.0; months + 1];
    let mut counts = vec![0u64; months + 1];
    for k in starts.0.iter().filter(|k| k.implemented != NEVER) {
        start.insert(k.serial, k.implemented);
        // First trial in the month after the implementation; the last cell is for no adoption.
        let p = 1.0 - (-hazard(k.quality)).exp();
        let trials = months - 1 - usize::from(k.implemented);
        let mut left = listeners as f64;
        for cell in &mut expected[1..=trials] {
            *cell += left * p;
            left *= 1.0 - p;
        }
        expected[months] += left;
        counts[months] += listeners as u64;
    }
    assert!(start.len() >= 8, "{what}: {} innovations", start.len());
    for ((origin, serial), place, t) in &adoptions.0 {
        if place != origin {
            counts[usize::from(t - start[serial])] += 1;
            counts[months] -= 1;
        }
    }
    assert_chi_square(what, &counts, &expected);
}

/// Innovations as known from the start.
#[derive(Default)]
struct Starts(Vec<Innovation>);

impl Listener for Starts {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.0.extend_from_slice(innovations);
    }
}

/// Oracle 1: constant exposure, so the month of adoption is geometric with p = 1 − exp(−h). With the
/// `threshold` response h = E·β whatever the quality: one law for all 12,000 or so pairs.
#[test]
fn constant_exposure_gives_geometric_waiting() {
    let mut scenario = star(1200, 60);
    scenario.line.response = Response::Threshold;
    scenario.line.x0 = 0.1;
    scenario.line.beta = 0.08;
    assert_geometric("threshold", &scenario, |_| 0.08);
    for place in &mut scenario.places {
        place.environment = 0.5;
    }
    assert_geometric("threshold, half environment", &scenario, |_| 0.04);
}

/// Oracle 1 where the hazard depends on the innovation's quality and on the source's radiation:
/// h_k = E·β·φ(q_k·R). The cells add up unlike geometric laws, which only narrows the statistic.
#[test]
fn constant_exposure_follows_quality_and_radiation() {
    let mut scenario = star(1200, 60);
    scenario.point.quality_concentration = 4.0;
    scenario.places[0].radiation = 0.7;
    scenario.line.beta = 0.2;
    assert_geometric("linear", &scenario, |q| 0.2 * (q * 0.7));
    scenario.line.response = Response::Hill;
    scenario.line.x0 = 0.3;
    scenario.line.hill_exponent = 3.0;
    let hill = |x: f64| x.powi(3) / (x.powi(3) + 0.3f64.powi(3));
    assert_geometric("hill", &scenario, |q| 0.2 * hill(q * 0.7));
}

/// The intrinsic hazard alone: geometric with p = 1 − exp(−E·α_d) from the month after the implementation on, whoever has
/// the item; in both units in which hazards are counted, and beside exposure.
#[test]
fn unheard_places_adopt_by_the_intrinsic_hazard() {
    let mut scenario = star(1200, 60);
    scenario.line.intrinsic_rate = 0.03;
    scenario.line.beta = 0.0;
    assert_geometric("no contagion", &scenario, |_| 0.03);
    scenario.link_tables = vec![link_table(0, Vec::new())];
    scenario.line.beta = 0.5;
    assert_geometric("no links", &scenario, |_| 0.03);
    scenario.domains[0].intrinsic_rate = Some(0.05);
    assert_geometric("own rate", &scenario, |_| 0.05);
    let mut scenario = star(1200, 60);
    scenario.line.beta = 0.1;
    scenario.line.intrinsic_rate = 0.02;
    assert_geometric("beside exposure", &scenario, |q| 0.1 * q + 0.02);
}

/// Pilots: two competing hazards a = π·S and b = δ₀·(1 − q)·(1 − τ) from birth on. A pilot born at
/// time x is implemented in month m with probability a/(a+b)·[e^(−(a+b)(m−x)) − e^(−(a+b)(m+1−x))]
/// (from x instead of m in its first month), and fails with b/(a+b) times the same.
#[test]
fn pilots_end_by_competing_hazards() {
    let places = (0..60)
        .map(|i| {
            let mut zone = zone(&format!("z{i}"), "p", 0, 60);
            zone.platform = 0.4;
            zone
        })
        .collect();
    let mut scenario = plain(48, places, Vec::new());
    scenario.point.arrival_rate = 0.05;
    scenario.point.implementation_rate = 0.3;
    scenario.point.failure_rate = 0.4;
    scenario.point.tolerance = 0.25;
    scenario.point.quality_concentration = 3.0;
    let world = world(&scenario);
    let mut starts = Starts::default();
    model::run(&world, 11, 0, &mut starts).unwrap();
    let end = 48;
    // Cells by months from birth to the end: implemented, failed, and still piloting.
    let mut counts = vec![0u64; 2 * end + 1];
    let mut expected = vec![0.0; 2 * end + 1];
    for k in &starts.0 {
        let (a, b) = (0.3 * 0.4, 0.4 * (1.0 - k.quality) * 0.75);
        let born = usize::from(k.born_month());
        for m in born..end {
            let left = |at: usize| (-(a + b) * (at as f64 - k.born).max(0.0)).exp();
            let p = left(m) - left(m + 1);
            expected[m - born] += p * a / (a + b);
            expected[end + m - born] += p * b / (a + b);
        }
        expected[2 * end] += (-(a + b) * (end as f64 - k.born)).exp();
        assert!(k.implemented == NEVER || k.failed == NEVER);
        counts[match (k.implemented, k.failed) {
            (NEVER, NEVER) => 2 * end,
            (NEVER, failed) => end + usize::from(failed) - born,
            (implemented, _) => usize::from(implemented) - born,
        }] += 1;
    }
    assert!(starts.0.len() > 3000);
    assert_chi_square("pilots", &counts, &expected);
}

/// Counts births by age `age` over replicates.
fn births(world: &World, zone: &str, until: f64, replicates: u32) -> f64 {
    let mut count = 0;
    for replicate in 0..replicates {
        let mut starts = Starts::default();
        model::run(world, 23, replicate, &mut starts).unwrap();
        count += starts
            .0
            .iter()
            .filter(|k| world.places.id[k.first[0]] == zone && k.born < until)
            .count();
    }
    count as f64
}

/// Oracle 7: E[arrivals by age a] = M·(1 − exp(−μ(1 − f)·a)). Every task is taken after an
/// Exponential(μ(1 − f)) time of its own (a pure death process), so the count is a sum of
/// independent Bernoulli draws, whose variance makes the z-test. Tasks given later add their own sum.
#[test]
fn mandates_are_worked_off_exponentially() {
    const REPLICATES: u32 = 1500;
    let mut late = zone("late", "p", 9, 30);
    late.friction = 0.4;
    let mut more = zone("more", "p", -7, 20);
    more.friction = 0.2;
    let mut empty = zone("sourced", "p", 3, 0);
    empty.friction = 0.1;
    let mut source = place("s", Kind::SourceGateway, "");
    source.open = Some(month(12));
    source.provisions = 50;
    let places = vec![late, more, empty, source];
    let mut scenario = plain(40, places, Vec::new());
    scenario.point.arrival_rate = 0.06;
    scenario.mandates = vec![Mandate {
        zone: 1,
        month: month(15),
        tasks: 25,
    }];
    scenario.gateway_links = vec![GatewayLink {
        gateway: 3,
        role: GatewayRole::Source,
        place: 2,
        share: 0.5,
    }];
    let world = world(&scenario);
    // Zone, rate, and its tasks by the month in which they are given.
    type Given = &'static [(f64, f64)];
    let cases: [(&str, f64, Given); 3] = [
        ("late", 0.06 * 0.6, &[(9.0, 30.0)]),
        ("more", 0.06 * 0.8, &[(0.0, 20.0), (15.0, 25.0)]),
        ("sourced", 0.06 * 0.9, &[(12.0, 25.0)]),
    ];
    for (zone, rate, given) in cases {
        for until in [9.5, 12.0, 15.0, 15.75, 22.0, 40.0] {
            let (mut mean, mut variance) = (0.0, 0.0);
            for (from, tasks) in given.iter().filter(|g| g.0 < until) {
                let p = 1.0 - (-rate * (until - from)).exp();
                mean += tasks * p;
                variance += tasks * p * (1.0 - p);
            }
            let runs = f64::from(REPLICATES);
            let seen = births(&world, zone, until, REPLICATES);
            if mean == 0.0 {
                assert_eq!(seen, 0.0, "{zone} by {until}");
            } else {
                let what = format!("arrivals at {zone} by month {until}");
                assert_z(&what, seen, runs * mean, runs * variance);
            }
        }
    }
}
