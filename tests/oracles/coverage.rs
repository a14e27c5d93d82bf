//! Does the 95 % interval of a paired difference cover the truth? Comparisons of two layouts whose true
//! difference follows from oracles 1 and 7, simulated many times with the engine.
//!
//! The number of comparisons that cover is binomial. A right interval leaves the bound with probability
//! at most 10⁻⁶ over the choice of the seed, up to what the interval lacks itself: with 20 replicates of
//! sums of many independent draws the t interval covers 95 % to within a few thousandths.

use pointplane::draw::id_hash;
use pointplane::model::{self, Adoption, Innovation, Listener};
use pointplane::paired::{Choice, DrawName, difference};
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::Response;
use pointplane::world::World;

use crate::common::bounds::assert_z;
use crate::common::{month, plain, region, world, zone};

const MONTHS: i32 = 36;
const COMPARISONS: u32 = 1500;
const REPLICATES: u32 = 20;

/// Counts births and adoptions in the run.
#[derive(Default)]
struct Counts {
    born: f64,
    adoptions: f64,
}

impl Listener for Counts {
    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        let born = |k: &&Innovation| k.born_month() < world.calendar.months;
        self.born = innovations.iter().filter(born).count() as f64;
    }

    fn adopted(&mut self, _: &World, _: &Innovation, _: &Adoption<'_>) {
        self.adoptions += 1.0;
    }
}

/// One zone with 12 tasks and ten regions that hear it alone, each with the same hazard whatever the
/// quality (oracle 1).
fn star(beta: f64) -> Scenario {
    let mut places = vec![zone("z", "p", 0, 12)];
    places.extend((0..10).map(|i| region(&format!("r{i}"), "q")));
    let mut scenario = plain(MONTHS, places, (1..=10).map(|i| (i, 0, 1.0)).collect());
    scenario.point.arrival_rate = 0.3;
    scenario.point.implementation_rate = 0.6;
    scenario.line.response = Response::Threshold;
    scenario.line.x0 = 0.1;
    scenario.line.beta = beta;
    scenario
}

/// Expected adoptions of [`star`]: arrivals are Exponential(a) from the opening on for each task, pilots
/// last Exponential(b), and an item implemented in month m has T − 1 − m months to be adopted in.
fn expected_adoptions(beta: f64) -> f64 {
    let (a, b) = (0.3, 0.6);
    let by = |x: f64| 1.0 - (b * (-a * x).exp() - a * (-b * x).exp()) / (b - a);
    let months = f64::from(MONTHS);
    (0..MONTHS)
        .map(|m| {
            let m = f64::from(m);
            let implemented = by(m + 1.0) - by(m);
            120.0 * implemented * (1.0 - (-beta * (months - 1.0 - m)).exp())
        })
        .sum()
}

/// Simulates comparisons of two worlds and counts those whose interval covers `truth`; gives the mean
/// variance reduction too.
fn covered(a: &World, b: &World, outcome: fn(&Counts) -> f64, truth: f64) -> (u32, f64) {
    let value = |world: &World, replicate: u32| {
        let mut counts = Counts::default();
        model::run(world, 20_130_929, replicate, &mut counts).unwrap();
        outcome(&counts)
    };
    let (mut hits, mut reduction) = (0, 0.0);
    for comparison in 0..COMPARISONS {
        let replicates = || comparison * REPLICATES..(comparison + 1) * REPLICATES;
        let x: Vec<f64> = replicates().map(|r| value(a, r)).collect();
        let y: Vec<f64> = replicates().map(|r| value(b, r)).collect();
        let name = DrawName::new(1, id_hash("coverage"), u64::from(comparison));
        let found = difference(&x, &y, Choice::T, name).expect("as many values");
        let (low, high) = (found.low.expect("an end"), found.high.expect("an end"));
        hits += u32::from(low <= truth && truth <= high);
        reduction += found.variance_reduction.unwrap_or(1.0);
    }
    (hits, reduction / f64::from(COMPARISONS))
}

fn assert_covers(what: &str, hits: u32) {
    let n = f64::from(COMPARISONS);
    assert_z(what, f64::from(hits), 0.95 * n, n * 0.95 * 0.05);
}

/// A layout with twice the contagion, oracle 1: the interval covers, the truth of another contagion is
/// not covered as often, and pairing is worth something.
#[test]
fn intervals_cover_the_effect_of_contagion() {
    let worlds = [0.03, 0.06].map(|beta| world(&star(beta)));
    let truth = expected_adoptions(0.06) - expected_adoptions(0.03);
    let (hits, reduction) = covered(&worlds[0], &worlds[1], |c| c.adoptions, truth);
    assert_covers("contagion", hits);
    assert!(reduction > 1.2, "variance reduction {reduction}");
    let other = expected_adoptions(0.065) - expected_adoptions(0.03);
    let (wrong, _) = covered(&worlds[0], &worlds[1], |c| c.adoptions, other);
    assert!(f64::from(wrong) < 0.5 * f64::from(COMPARISONS), "{wrong}");
}

/// A layout that opens a second zone, oracle 7: M·(1 − exp(−μ·a)) more births.
#[test]
fn intervals_cover_the_births_of_a_zone_that_opens() {
    let closed = {
        let mut places = vec![zone("a", "p", 0, 40), zone("b", "p", 0, 60)];
        places[1].open = None;
        let mut scenario = plain(MONTHS, places, Vec::new());
        scenario.point.arrival_rate = 0.05;
        scenario
    };
    let mut open = closed.clone();
    open.places[1].open = Some(month(12));
    let worlds = [closed, open].map(|s| world(&s));
    let truth = 60.0 * (1.0 - f64::exp(-0.05 * 24.0));
    let (hits, reduction) = covered(&worlds[0], &worlds[1], |c| c.born, truth);
    assert_covers("births", hits);
    assert!(reduction > 1.5, "variance reduction {reduction}");
}
