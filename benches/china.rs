//! One replicate of the China scenario against its floor, at both scales, and two threads against one.
//!
//! The floor is what no such model can do without: (a) drawing every threshold θ_ik once and (b)
//! adding each adoption once into its listeners' exposure, over the same arrays, with no model around.

mod common;

use std::path::Path;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::draw::{LANES, Luck, Process};
use pointplane::experiment::record::{Names, record};
use pointplane::experiment::{Wanted, tables};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, State, run};
use pointplane::scenario::{Scenario, load};
use pointplane::world::{NEVER, PlaceId, World};
use rayon::prelude::*;

/// What the floor needs of a replicate.
#[derive(Default)]
struct History {
    /// Zone hash, serial number and domain of each implemented innovation.
    rows: Vec<Option<(u64, u32, usize)>>,
    /// (innovation, place) in the order in which the model takes them up.
    taken_up: Vec<(InnovationId, PlaceId)>,
    /// Bytes of the replicate's state at its end.
    bytes: usize,
    /// W · R in ticks by domain and slot, at the end.
    weights: Vec<Vec<i64>>,
}

impl Listener for History {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        self.rows = vec![None; innovations.len()];
    }

    fn implemented(&mut self, _: &World, innovation: &Innovation, k: InnovationId) {
        let zone = innovation.name;
        self.rows[k] = Some((zone, innovation.serial, innovation.domain as usize));
        self.taken_up.push((k, innovation.first[0]));
    }

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.taken_up.push((adoption.innovation, adoption.place));
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        self.bytes = state.bytes();
        let domains = 0..world.domains.len();
        self.weights = domains.map(|d| state.weights.domain(d).to_vec()).collect();
    }
}

/// (a) Every threshold, once, one at a time.
fn thresholds(world: &World, history: &History, luck: Luck, room: &mut [i64]) {
    let n = world.places.len();
    for (k, row) in history.rows.iter().enumerate() {
        let Some((zone, serial, _)) = *row else {
            continue;
        };
        for (i, theta) in room[k * n..(k + 1) * n].iter_mut().enumerate() {
            if world.places.open[i] != NEVER {
                let hash = world.places.hash[i];
                let draw = luck.exponential(Process::Threshold, hash, zone, serial);
                *theta = (draw * (1u64 << 44) as f64) as i64;
            }
        }
    }
}

/// (a) Every threshold, once, many at a time, as the model draws them.
fn thresholds_at_once(world: &World, history: &History, luck: Luck, room: &mut [i64]) {
    let n = world.places.len();
    for (k, row) in history.rows.iter().enumerate() {
        let Some((zone, serial, _)) = *row else {
            continue;
        };
        let hashes = world.places.hash.chunks(LANES);
        for (theta, hashes) in room[k * n..(k + 1) * n].chunks_mut(LANES).zip(hashes) {
            let draws = luck.exponentials_of(Process::Threshold, hashes, zone, serial);
            for (theta, draw) in theta.iter_mut().zip(draws) {
                *theta = (draw * (1u64 << 44) as f64) as i64;
            }
        }
    }
}

/// (b) Every adoption, once, into its listeners' exposure.
fn exposures(world: &World, history: &History, room: &mut [i64]) {
    let n = world.places.len();
    for &(k, j) in &history.taken_up {
        let Some((_, _, domain)) = history.rows[k] else {
            continue;
        };
        let row = &mut room[k.index() * n..(k.index() + 1) * n];
        let audience = world.network.audience(j);
        let weights = &history.weights[domain][audience.clone()];
        for (&i, weight) in world.network.heard_by[audience].iter().zip(weights) {
            row[i] += weight;
        }
    }
}

fn scenario(path: &str) -> Scenario {
    match load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), &[], &[]) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{problems}"),
    }
}

fn wanted() -> Wanted {
    Wanted {
        tables: tables::USUAL.map(String::from).to_vec(),
        every: 12,
    }
}

fn against_floor(name: &str, path: &str, pairs: usize) {
    let scenario = scenario(path);
    let world = World::new(&scenario).expect("the scenario fits");
    let mut history = History::default();
    run(&world, scenario.seed, 0, &mut history).unwrap();
    let luck = Luck::new(scenario.seed, 0);
    let names = Names::new(&world);
    let wanted = wanted();
    let mut room = vec![0i64; history.rows.len() * world.places.len()];
    let whole = || seconds(|| record(&world, &names, &wanted, scenario.seed, 0, &|| {}).unwrap());
    let [time, floor, ratio] = in_turn(pairs, whole, || {
        seconds(|| {
            thresholds(&world, &history, luck, &mut room);
            exposures(&world, &history, &mut room);
        })
    });
    let [_, at_once, ratio_at_once] = in_turn(pairs, whole, || {
        seconds(|| {
            thresholds_at_once(&world, &history, luck, &mut room);
            exposures(&world, &history, &mut room);
        })
    });
    let implemented = history.rows.iter().flatten().count();
    println!(
        "{name}: {} places, {implemented} innovations, {} links, {} adoptions, state {:.0} MB",
        world.places.len(),
        world.network.len(),
        history.taken_up.len(),
        history.bytes as f64 / 1e6
    );
    println!(
        "{name}: replicate with all measures {:.1} ms, floor {:.1} ms, ratio {ratio:.2} (median of {pairs} pairs)",
        time * 1e3,
        floor * 1e3
    );
    println!(
        "{name}: with thresholds drawn many at a time, floor {:.1} ms, ratio {ratio_at_once:.2}",
        at_once * 1e3
    );
}

fn threads() {
    let scenario = scenario("scenarios/china");
    let world = World::new(&scenario).expect("the scenario fits");
    let (names, wanted) = (Names::new(&world), wanted());
    let pool = |n| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .expect("threads")
    };
    let (one, two) = (pool(1), pool(2));
    let all = |pool: &rayon::ThreadPool| {
        seconds(|| {
            pool.install(|| {
                (0..64u32).into_par_iter().with_max_len(1).for_each(|r| {
                    std::hint::black_box(record(&world, &names, &wanted, 1, r, &|| {}).unwrap());
                });
            })
        })
    };
    let [single, double, ratio] = in_turn(3, || all(&one), || all(&two));
    println!(
        "china, 64 replicates: one thread {single:.2} s, two {double:.2} s, {ratio:.2} times as fast"
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let scenario = scenario("scenarios/china");
    let world = World::new(&scenario).expect("the scenario fits");
    let (names, wanted) = (Names::new(&world), wanted());
    criterion.bench_function("china/replicate", |b| {
        b.iter(|| record(&world, &names, &wanted, scenario.seed, 0, &|| {}).unwrap());
    });
    criterion.bench_function("china/world", |b| b.iter(|| World::new(&scenario)));
    if asked("floor/china") {
        against_floor("china", "scenarios/china", 15);
    }
    if asked("floor/county") {
        against_floor("china-county", "scenarios/china/county.toml", 3);
    }
    if asked("threads") {
        threads();
    }
    criterion.final_summary();
}
