//! One innovation on a random graph of 100,000 and of 1,000,000 places, ten links to each, against a plain push loop:
//! the same links, thresholds and months, on one thread; and two threads against one.

mod common;
#[path = "common/plain.rs"]
mod plain;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use plain::{Plain, apart, curve, pool, world};
use rayon::ThreadPool;

fn against_plain(places: u32, weighted: bool, pairs: usize) {
    let world = world(places, weighted);
    let name = if weighted { "weighted links" } else { "links" };
    let plain = Plain::new(&world, 1);
    let push_loop = || plain.run();
    assert_eq!(plain.alike.is_none(), weighted);
    let (ours, theirs) = (curve(&world), push_loop());
    let (all, apart) = (ours.iter().sum::<u32>(), apart(&ours, &theirs));
    println!(
        "contagion, {places} places, {name}: {all} adoptions; months differ by at most {apart}"
    );
    let [one, two] = [pool(1), pool(2)];
    let model = |pool: &ThreadPool| pool.install(|| seconds(|| curve(&world)));
    let [whole, bare, ratio] = in_turn(pairs, || model(&one), || seconds(push_loop));
    println!(
        "contagion, {places} places, {name}: model {:.1} ms, plain push loop {:.1} ms, ratio {ratio:.2} (median of {pairs} pairs)",
        whole * 1e3,
        bare * 1e3
    );
    let [double, single, ratio] = in_turn(pairs, || model(&two), || model(&one));
    println!(
        "contagion, {places} places, {name}: two threads {:.1} ms, one {:.1} ms, ratio {ratio:.2}",
        double * 1e3,
        single * 1e3
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let small = world(20_000, false);
    criterion.bench_function("contagion/20k", |b| b.iter(|| curve(&small)));
    for (name, places, weighted, pairs) in [
        ("plain/100k", 100_000, false, 31),
        ("plain/million", 1_000_000, false, 9),
        ("weighted/100k", 100_000, true, 31),
        ("weighted/million", 1_000_000, true, 9),
    ] {
        if asked(name) {
            against_plain(places, weighted, pairs);
        }
    }
    criterion.final_summary();
}
