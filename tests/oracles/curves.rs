//! Oracle 2: logistic and Bass curves on the complete graph with uniform weights.
//!
//! With A adopters of N places, each of the others adopts in the next month with
//! p(A) = 1 − exp(−h), h = η + β·q·A/(N − 1), independently (thresholds are memoryless), so
//! A is a Markov chain with binomial steps. Two tests follow:
//!
//! - exact: Σ_t [A(t+1) − A(t) − (N − A)·p(A)] is a martingale with variance Σ_t (N − A)·p·(1 − p);
//! - the curve: A/N stays near F(t+1) = G(F) = F + (1 − F)·p(F). Their distance has, to first order,
//!   the variance v(t+1) = v·G′² + (1 − F)·p·(1 − p)/N and, to second order, the mean
//!   b(t+1) = b·G′ + v·G″/2, both of order 1/N. A mean over K innovations lies farther than
//!   Z·√(v/K) + 2·|b| from F with probability 10⁻⁶ a month.

use pointplane::model::{self, Innovation, InnovationId, Listener, State};
use pointplane::scenario::Scenario;
use pointplane::world::{NEVER, World};

use crate::common::bounds::{Z, assert_z};
use crate::common::{month, plain, region, zone};

/// All places hear all others alike. Zone 0 is in province `a` with `seeds` regions.
fn complete(places: usize, seeds: usize, months: i32) -> Scenario {
    let mut all = vec![zone("z", "a", 0, 30)];
    all.extend(
        (1..places).map(|i| region(&format!("r{i:04}"), if i <= seeds { "a" } else { "b" })),
    );
    let pairs = (0..places).flat_map(|i| (0..places).map(move |j| (i, j, 3.0)));
    let mut scenario = plain(months, all, pairs.filter(|p| p.0 != p.1).collect());
    scenario.point.arrival_rate = 0.5;
    scenario.point.implementation_rate = 5.0;
    scenario
}

/// Adopters of every innovation at the end of every month.
#[derive(Default)]
struct Counts {
    innovations: Vec<Innovation>,
    adopters: Vec<Vec<u32>>,
}

impl Listener for Counts {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.innovations = innovations.to_vec();
        self.adopters = vec![Vec::new(); innovations.len()];
    }

    fn month_end(&mut self, _: &World, state: &State<'_>, _: u16) {
        let all = (0..).map(InnovationId::new);
        for (k, list) in all.zip(&mut self.adopters) {
            list.push(state.engine.row(k).map_or(0, |row| row.adopters));
        }
    }
}

/// Runs `replicates` and holds every curve against the law from `lag` months after implementation on,
/// for `span` months. Gives the mean curve and the mean start and β·q of the curves.
fn assert_curve(
    scenario: &Scenario,
    replicates: u32,
    eta: f64,
    lag: usize,
    span: usize,
) -> (Vec<f64>, f64, f64) {
    let world = World::new(scenario).expect("a world that fits in memory");
    let n = scenario.places.len() as f64;
    let chance = |a: f64, beta: f64| 1.0 - (-(eta + beta * a / (n - 1.0))).exp();
    let (mut surprise, mut variance) = (0.0, 0.0);
    let mut curves = 0.0;
    let mut sums = [(); 4].map(|()| vec![0.0; span + 1]);
    let (mut starts, mut rates) = (0.0, 0.0);
    for replicate in 0..replicates {
        let mut counts = Counts::default();
        model::run(&world, 3, replicate, &mut counts).unwrap();
        for (k, adopters) in counts.innovations.iter().zip(&counts.adopters) {
            let first = usize::from(k.implemented) + lag;
            if k.implemented == NEVER || first + span >= adopters.len() {
                continue;
            }
            let beta = scenario.line.beta * k.quality;
            let curve: Vec<f64> = adopters[first..].iter().map(|a| f64::from(*a)).collect();
            curves += 1.0;
            starts += curve[0] / n;
            rates += beta;
            let (mut law, mut spread, mut bias) = (curve[0] / n, 0.0, 0.0);
            let slope = beta * n / (n - 1.0);
            for t in 0..=span {
                let values = [curve[t] / n, law, spread, bias];
                for (sum, value) in sums.iter_mut().zip(values) {
                    sum[t] += value;
                }
                if t < span {
                    let p = chance(curve[t], beta);
                    surprise += curve[t + 1] - curve[t] - (n - curve[t]) * p;
                    variance += (n - curve[t]) * p * (1.0 - p);
                }
                let p = chance(law * n, beta);
                let first = (1.0 - p) * (1.0 + (1.0 - law) * slope);
                let second = -(1.0 - p) * slope * (2.0 + (1.0 - law) * slope);
                bias = bias * first + spread * second / 2.0;
                spread = spread * first * first + (1.0 - law) * p * (1.0 - p) / n;
                law += (1.0 - law) * p;
            }
        }
    }
    assert!(curves >= 20.0, "{curves} curves");
    assert_z("steps of the chain", surprise, 0.0, variance);
    let [seen, law, spread, bias] =
        sums.map(|s| s.iter().map(|x| x / curves).collect::<Vec<f64>>());
    for t in 0..=span {
        let bound = Z * (spread[t] / curves).sqrt() + 2.0 * bias[t].abs() + 1e-12;
        let off = (seen[t] - law[t]).abs();
        assert!(
            off < bound,
            "month {t}: {} for {}, bound {bound}",
            seen[t],
            law[t]
        );
    }
    (seen, starts / curves, rates / curves)
}

/// Logistic: a province of 60 adopts at once (its replication has a huge rate); then the rest
/// follows by exposure alone. In the limit of small steps F′ = β·q·F·(1 − F); with β·q ≈ 0.05 the
/// monthly recursion stays within 0.02 of the logistic through the same start.
#[test]
fn the_complete_graph_follows_the_logistic() {
    let mut scenario = complete(1000, 60, 150);
    scenario.line.beta = 0.1;
    scenario.line.provincial_rate = 1e6;
    scenario.circle.review_every = 1;
    scenario.circle.provincial_quality = 0.0;
    let (seen, start, rate) = assert_curve(&scenario, 2, 0.0, 2, 120);
    assert!(start > 0.06 && start < 0.08, "{start}");
    assert!(seen[120] > 0.9);
    for (t, seen) in seen.iter().enumerate() {
        let logistic = 1.0 / (1.0 + (1.0 / start - 1.0) * (-rate * t as f64).exp());
        assert!(
            (seen - logistic).abs() < 0.02,
            "month {t}: {seen} {logistic}"
        );
    }
}

/// Bass: national replication right after implementation, p = η and q = β·q_k:
/// F(t) = (1 − e^(−(p+q)t)) / (1 + (q/p)·e^(−(p+q)t)); the monthly recursion stays within 0.02.
#[test]
fn national_replication_gives_the_bass_curve() {
    let mut scenario = complete(1000, 0, 130);
    scenario.line.beta = 0.12;
    scenario.line.national_rate = 0.01;
    scenario.plane.evaluations = (0..130).map(month).collect();
    scenario.plane.national_quality = 0.0;
    scenario.plane.national_adopters = 0;
    let (seen, start, rate) = assert_curve(&scenario, 2, 0.01, 1, 100);
    assert!(start < 0.003 && seen[100] > 0.95, "{start} {}", seen[100]);
    for (t, seen) in seen.iter().enumerate() {
        let fall = (-(0.01 + rate) * t as f64).exp();
        let bass = (1.0 - fall) / (1.0 + rate / 0.01 * fall);
        assert!((seen - bass).abs() < 0.02, "month {t}: {seen} {bass}");
    }
}
