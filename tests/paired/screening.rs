//! Is the best layout chosen as often as promised? Simulated searches whose best layout is known.

use pointplane::draw::Stream;
use pointplane::paired::{Fate, Limits, Race};

use super::luck::{normal, stream};
use crate::common::bounds::Z;

/// Searches of each kind.
const SEARCHES: u32 = 500;
const CONFIDENCE: f64 = 0.95;

fn limits(most: usize) -> Limits {
    Limits {
        confidence: CONFIDENCE,
        first: 10,
        deltas: vec![1.0],
        tolerances: vec![],
        most,
        left: 1,
    }
}

/// Searches among layouts with these means; noise of each replicate is shared with standard deviation `shared`, and own
/// with 1. Gives the race, and how many runs it took.
fn search(means: &[f64], shared: f64, luck: &mut Stream, limits: Limits) -> (Race, usize) {
    let mut race = Race::new(means.len(), limits);
    let (mut done, mut runs) = (0, 0);
    while let Some(next) = race.next() {
        let open = race.open();
        for _ in done..next {
            let all = shared * normal(luck);
            for &at in &open {
                race.add(at, &[means[at] + all + normal(luck)]);
                runs += 1;
            }
        }
        race.look();
        done = next;
    }
    (race, runs)
}

/// Share of searches that end well: within `near` of the best mean. And the mean number of runs.
fn well(seed: u64, means: &[f64], shared: f64, near: f64) -> (f64, f64) {
    let best = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (mut good, mut runs) = (0, 0);
    for serial in 0..SEARCHES {
        let (race, took) = search(means, shared, &mut stream(seed, serial), limits(10_000));
        assert!(race.is_decided());
        good += u32::from(means[race.best().unwrap()] >= best - near);
        runs += took;
    }
    let all = f64::from(SEARCHES);
    (f64::from(good) / all, runs as f64 / all)
}

/// What a share of searches can fall below a promised probability by luck, with probability 10⁻⁶ at most.
fn slack(promised: f64) -> f64 {
    Z * (promised * (1.0 - promised) / f64::from(SEARCHES)).sqrt()
}

/// The slippage configuration, where the best leads all others by exactly δ, is the least favourable one. A right procedure
/// fails this with probability below 10⁻⁶ each.
#[test]
fn the_best_is_chosen_as_often_as_promised() {
    for k in [2, 8, 64] {
        let mut means = vec![0.0; k];
        means[k / 2] = 1.0;
        let (good, runs) = well(61, &means, 3.0, 0.0);
        let per = runs / k as f64;
        println!("slippage, {k} layouts: chosen in {good:.3}, {per:.1} replicates each");
        assert!(good >= CONFIDENCE - slack(CONFIDENCE), "{k}: {good}");
        // Spread means: easier, and cheaper.
        let spread: Vec<f64> = (0..k).map(|at| at as f64).collect();
        let (easier, fewer) = well(62, &spread, 3.0, 0.0);
        let per_spread = fewer / k as f64;
        println!("a lead of δ each, {k} layouts: {easier:.3}, {per_spread:.1} each");
        assert!(easier >= CONFIDENCE - slack(CONFIDENCE), "{k}: {easier}");
        assert!(fewer <= runs * 1.02);
    }
}

/// Nothing is promised where leads are smaller than δ: what happens there is measured, for the documentation. A layout
/// within δ of the best is chosen in most searches all the same; the best itself is not.
#[test]
fn smaller_leads_are_another_matter() {
    for (what, means) in [
        ("half of δ", vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]),
        (
            "all within δ",
            (0..8).map(|at| f64::from(at) / 8.0).collect(),
        ),
        (
            "half within δ, half far behind",
            (0..8)
                .map(|at| f64::from(at % 4) / 4.0 - f64::from(at / 4) * 2.0)
                .collect(),
        ),
    ] {
        let (exact, runs) = well(63, &means, 3.0, 0.0);
        let (near, _) = well(63, &means, 3.0, 0.999);
        println!(
            "{what}: best in {exact:.3}, within δ in {near:.3}, {:.1} each",
            runs / 8.0
        );
        assert!(near >= exact);
        // By chance alone it would be one of eight.
        assert!(exact > 0.2 && exact < CONFIDENCE, "{what}: {exact}");
    }
}

/// What common random numbers save: the same search on independent replicates.
#[test]
fn without_pairs_it_takes_many_times_the_runs() {
    let mut means = vec![0.0; 8];
    means[3] = 1.0;
    let (good, paired) = well(64, &means, 3.0, 0.0);
    // Own noise alone, as large as shared and own together.
    let scale = (1.0f64 + 9.0).sqrt();
    let scaled: Vec<f64> = means.iter().map(|mean| mean / scale).collect();
    let (mut hits, mut runs) = (0, 0);
    for serial in 0..SEARCHES {
        let of = Limits {
            deltas: vec![1.0 / scale],
            ..limits(10_000)
        };
        let (race, took) = search(&scaled, 0.0, &mut stream(64, serial), of);
        hits += u32::from(race.best() == Some(3));
        runs += took;
    }
    let unpaired = runs as f64 / f64::from(SEARCHES);
    println!(
        "unpaired: {:.1} times the runs; chosen {good:.3} and {hits}",
        unpaired / paired
    );
    // The variance of a difference is 10 times as large; the first ten replicates are more than pairs need.
    assert!(unpaired > 4.0 * paired && unpaired < 11.0 * paired);
}

/// The best one breaks the constraint by 2 ε, the next best keeps it by 2 ε: the next best is chosen as often as promised.
/// A right procedure fails with probability below 10⁻⁶.
#[test]
fn a_constraint_takes_its_part_of_the_error() {
    let (means, slacks) = ([3.0, 1.5, 0.0, 0.0], [-1.0, 1.0, 1.0, -1.0]);
    let mut good = 0;
    for serial in 0..SEARCHES {
        let mut luck = stream(65, serial);
        let of = Limits {
            tolerances: vec![0.5],
            ..limits(10_000)
        };
        let mut race = Race::new(4, of);
        let mut done = 0;
        while let Some(next) = race.next() {
            for at in race.open() {
                for _ in done..next {
                    let values = [
                        means[at] + normal(&mut luck),
                        slacks[at] + normal(&mut luck),
                    ];
                    race.add(at, &values);
                }
            }
            race.look();
            done = next;
        }
        assert!(race.is_decided());
        let infeasible = race.runners()[0].fate == Fate::Infeasible(0);
        good += u32::from(race.best() == Some(1) && infeasible);
    }
    let good = f64::from(good) / f64::from(SEARCHES);
    println!("with a constraint: {good:.3}");
    assert!(good >= CONFIDENCE - slack(CONFIDENCE), "{good}");
}

/// Of 40 layouts of one mean the winner looks better than it is on its own replicates, and not on fresh ones: the mean of 500
/// fresh estimates is within 4.9 standard errors of the truth (false alarm below 10⁻⁶), that of the search's own is not.
#[test]
fn a_winner_is_lucky_on_its_own_replicates_only() {
    let means = vec![0.0; 40];
    let (mut own, mut fresh) = (Vec::new(), Vec::new());
    for serial in 0..SEARCHES {
        let mut luck = stream(66, serial);
        let (race, _) = search(&means, 0.0, &mut luck, limits(20));
        let best = race.best().unwrap();
        own.push(race.runners()[best].mean(0));
        let again = (0..20)
            .map(|_| means[best] + normal(&mut luck))
            .sum::<f64>();
        fresh.push(again / 20.0);
    }
    let in_errors = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, mean / (variance / n).sqrt())
    };
    let ((biased, far), (unbiased, near)) = (in_errors(&own), in_errors(&fresh));
    println!("own {biased:.3} ({far:.1} standard errors), fresh {unbiased:.3} ({near:.1})");
    assert!(near.abs() < Z && far > 5.0 * Z, "{near} {far}");
}
