//! Firms: a run against random increments, and how cost and memory grow with the number of firms.
//!
//! The bound is what the machine can do at best without any model: as many random increments as firms
//! are told of partners that took up, one for each (take-up, listener), into an array with an entry for
//! every firm and domain. Both sides run on the same number of threads.
//!
//! `cargo bench --bench firms` runs 50 thousand to 5 million firms in turn with the increments;
//! `POINTPLANE_FIRMS=50000000 cargo bench --bench firms -- nation` one size, once. What is found is
//! written as CSV to standard output, for the plot in `docs/performance.md`.

mod common;

use std::path::Path;
use std::time::Instant;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::draw::Luck;
use pointplane::model::firm::FirmState;
use pointplane::scenario::{Scenario, Setting, load};
use pointplane::world::{Firms, PlaceId, World};
use rayon::prelude::*;

/// Months of a run.
const MONTHS: usize = 120;

/// The China scenario with so many firms.
fn scenario(firms: u64) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/china-firms");
    let sets = [
        Setting::whole("firms.number", firms),
        Setting::whole("firms.sample", 0),
    ];
    let loaded = load(&folder, &[], &sets);
    loaded.expect("the shipped scenario is right").scenario
}

/// 120 months in which the stock of every region grows by a fifth of the reference a month. Gives
/// take-ups and how many listeners were told. All of a run of the firm layer: thresholds, months.
fn run(firms: &Firms, stock_ref: f64) -> (u64, u64) {
    let mut state = FirmState::new(firms, Luck::new(1, 0));
    let (domains, places) = (firms.domain_hash.len(), firms.seat.len());
    let mut taken = 0;
    for _ in 0..MONTHS {
        for d in 0..domains {
            for i in PlaceId::each(0..places) {
                state.change(d, i, stock_ref / 40.0, 1);
            }
        }
        taken += state.month();
    }
    (taken, state.told)
}

/// `count` random increments into an array with an entry for each firm and domain, divided over the
/// threads by parts of the array, so that they need no locks.
fn increments(array: &mut [u64], count: u64) {
    let threads = rayon::current_num_threads();
    let part = array.len().div_ceil(threads);
    array
        .par_chunks_mut(part)
        .enumerate()
        .for_each(|(n, part)| {
            // SplitMix64 in its counter form: no step waits for the one before.
            let mut counter = 0x9E37_79B9_7F4A_7C15u64.wrapping_mul(n as u64 + 1);
            for _ in 0..count / threads as u64 {
                counter = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let x = (counter ^ (counter >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                let at = ((x >> 32) * part.len() as u64) >> 32;
                part[at as usize] += 1;
            }
        });
}

/// One line of the table.
fn measure(number: u64, pairs: usize) {
    let scenario = scenario(number);
    let start = Instant::now();
    let world = World::new(&scenario).expect("it fits");
    let built = start.elapsed().as_secs_f64();
    let firms = world.firms.as_ref().expect("the firm layer is on");
    let stock_ref = firms.spec.stock_ref;
    let mut counts = (0, 0);
    let mut once = || seconds(|| counts = run(firms, stock_ref));
    // With one pair the two stand one after the other and never at the same time in memory.
    let (ours, floor, ratio, counts) = if pairs == 1 {
        let ours = once();
        let told = counts.1;
        let mut array = vec![0u64; firms.len() * firms.domain_hash.len()];
        array.fill(1);
        let floor = seconds(|| increments(&mut array, told));
        (ours, floor, ours / floor, counts)
    } else {
        once();
        let told = counts.1;
        let mut array = vec![1u64; firms.len() * firms.domain_hash.len()];
        let mut last = counts;
        let [ours, floor, ratio] = in_turn(
            pairs,
            || seconds(|| last = run(firms, stock_ref)),
            || seconds(|| increments(&mut array, told)),
        );
        (ours, floor, ratio, last)
    };
    let all = (firms.len() * firms.domain_hash.len()) as f64;
    println!(
        "{},{},{},{:.3},{},{},{:.3},{:.3},{:.3},{:.3},{:.1}",
        rayon::current_num_threads(),
        firms.len(),
        firms.links(),
        built,
        counts.0,
        counts.1,
        counts.0 as f64 / all,
        ours,
        floor,
        ratio,
        ours * 1e9 / counts.1 as f64,
    );
}

fn head() {
    println!(
        "threads,firms,links,build_s,take_ups,increments,share_taken,run_s,increments_s,ratio,ns_per_increment"
    );
}

fn on_threads(threads: usize, work: impl FnOnce() + Send) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(work);
}

fn main() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if asked("growth") {
        head();
        for threads in [1, cores] {
            for number in [50_000, 160_000, 500_000, 1_600_000, 5_000_000] {
                let pairs = if number > 1_000_000 { 3 } else { 7 };
                on_threads(threads, || measure(number, pairs));
            }
        }
    }
    if let Some(number) = std::env::var("POINTPLANE_FIRMS")
        .ok()
        .and_then(|n| n.parse().ok())
        && asked("nation")
    {
        head();
        on_threads(cores, || measure(number, 1));
    }
    if asked("steps") {
        let world = World::new(&scenario(1_000_000)).expect("it fits");
        let firms = world.firms.as_ref().expect("the firm layer is on");
        let mut criterion = Criterion::default().sample_size(10).configure_from_args();
        criterion.bench_function("firms/thresholds", |b| {
            b.iter(|| FirmState::new(firms, Luck::new(1, 0)));
        });
        criterion.final_summary();
    }
}
