//! One innovation on a random graph of 100,000 and of 1,000,000 places, ten links to each, against a plain push loop:
//! the same links, thresholds and months, on one thread; and two threads against one.

mod common;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::draw::{LANES, Luck, Process};
use pointplane::experiment::synthetic::{Shape, write};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, run};
use pointplane::scenario::load;
use pointplane::world::{PlaceId, World};
use prefetch_index::prefetch_index;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Counts adoptions by month.
#[derive(Default)]
struct Curve(Vec<u32>);

impl Listener for Curve {
    fn start(&mut self, world: &World, _: &[Innovation]) {
        self.0 = vec![0; usize::from(world.calendar.months)];
    }

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.0[usize::from(adoption.month)] += 1;
    }
}

/// Notes the innovation of the world.
#[derive(Default)]
struct First(Option<Innovation>);

impl Listener for First {
    fn implemented(&mut self, _: &World, innovation: &Innovation, _: InnovationId) {
        self.0 = Some(innovation.clone());
    }
}

/// What the plain loop needs: compressed rows, and for each place the threshold in units of what a link of weight 1 adds
/// to the hazard in a month.
struct Plain<'w> {
    world: &'w World,
    thresholds: Vec<f32>,
    /// By slot.
    weights: Vec<f32>,
    origin: PlaceId,
    start: u16,
}

impl<'w> Plain<'w> {
    fn new(world: &'w World, innovation: &Innovation, seed: u64) -> Self {
        let (luck, zone) = (Luck::new(seed, 0), world.zone_hash[0]);
        let rate = world.line.beta * innovation.quality;
        let hashes = world.places.hash.chunks(LANES);
        let thresholds = hashes.flat_map(|hashes| {
            let draws = luck.exponentials_of(Process::Threshold, hashes, zone, 1);
            let all = draws.into_iter().take(hashes.len());
            all.map(|draw| (draw / rate) as f32)
        });
        let mut weights = vec![0.0; world.network.len()];
        for (slot, weight) in world.network.slot.iter().zip(&world.network.layer_weight) {
            weights[*slot as usize] = *weight as f32;
        }
        Self {
            world,
            thresholds: thresholds.collect(),
            weights,
            origin: innovation.first[0],
            start: innovation.implemented,
        }
    }

    /// What a link carries if all carry the same.
    fn alike(&self) -> Option<f32> {
        let first = *self.weights.first()?;
        self.weights.iter().all(|w| *w == first).then_some(first)
    }

    /// Month by month: push the new adopters to their listeners, then sweep all places, sixteen at a time. `WEIGHTED`
    /// reads a weight for each link; else all carry `alike`. Gives adoptions by month.
    fn run<const WEIGHTED: bool>(&self, alike: f32) -> Vec<u32> {
        let (network, months) = (&self.world.network, self.world.calendar.months);
        let scale = if WEIGHTED { 1.0 } else { 1.0 / alike };
        let mut left: Vec<f32> = self.thresholds.iter().map(|theta| theta * scale).collect();
        let mut heard = vec![0f32; left.len()];
        let mut new = vec![self.origin];
        left[self.origin] = f32::INFINITY;
        let mut curve = vec![0; usize::from(months)];
        for t in self.start..months - 1 {
            for (n, &j) in new.iter().enumerate() {
                if let Some(&ahead) = new.get(n + 12) {
                    let slot = network.source_start[ahead] as usize;
                    prefetch_index(&network.heard_by, slot);
                    if WEIGHTED {
                        prefetch_index(&self.weights, slot);
                    }
                }
                let slots = network.audience(j);
                let listeners = &network.heard_by[slots.clone()];
                if WEIGHTED {
                    for (&i, weight) in listeners.iter().zip(&self.weights[slots]) {
                        heard[i] += weight;
                    }
                } else {
                    for &i in listeners {
                        heard[i] += 1.0;
                    }
                }
            }
            new.clear();
            let places = left.chunks_mut(16).zip(heard.chunks(16));
            for (start, (left, heard)) in (0..).step_by(16).zip(places) {
                let mut any = false;
                for (left, heard) in left.iter_mut().zip(heard) {
                    *left -= heard;
                    any |= *left <= 0.0;
                }
                if any {
                    for (i, left) in (start..).zip(left).filter(|(_, left)| **left <= 0.0) {
                        *left = f32::INFINITY;
                        new.push(PlaceId::new(i));
                    }
                }
            }
            curve[usize::from(t) + 1] = new.len() as u32;
        }
        curve
    }
}

/// A random graph. Where `weighted`, each link has a weight of its own.
fn world(places: u32, weighted: bool) -> World {
    let dir =
        std::env::temp_dir().join(format!("pointplane-bench-{}-{places}", std::process::id()));
    let shape = Shape {
        places,
        degree: 10,
        seed: 1,
    };
    write(&dir, shape).expect("the bench can write its graph");
    if weighted {
        let file = dir.join("links.csv");
        let links = std::fs::read_to_string(&file).expect("the bench can read its graph");
        let weighted = links.lines().enumerate().map(|(n, line)| {
            let ends = line.trim_end_matches(",1");
            match n {
                0 => format!("{line}\n"),
                _ => format!("{ends},{}\n", 1 + n % 7),
            }
        });
        std::fs::write(&file, weighted.collect::<String>()).expect("the bench can write its graph");
    }
    let loaded = load(&dir, &[], &[]).expect("the synthetic scenario is right");
    std::fs::remove_dir_all(&dir).expect("the bench can remove its graph");
    World::new(&loaded.scenario).expect("the graph fits")
}

fn pool(threads: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads")
}

fn curve(world: &World) -> Vec<u32> {
    let mut curve = Curve::default();
    run(world, 1, 0, &mut curve).unwrap();
    curve.0
}

fn against_plain(places: u32, weighted: bool, pairs: usize) {
    let world = world(places, weighted);
    let name = if weighted { "weighted links" } else { "links" };
    let mut first = First::default();
    run(&world, 1, 0, &mut first).unwrap();
    let innovation = first.0.expect("the innovation is implemented");
    let plain = Plain::new(&world, &innovation, 1);
    let push_loop = || match plain.alike() {
        Some(alike) => plain.run::<false>(alike),
        None => plain.run::<true>(1.0),
    };
    assert_eq!(plain.alike().is_none(), weighted);
    let (ours, theirs) = (curve(&world), push_loop());
    // The loop rounds to 24 bits: now and then a place adopts a month earlier or later.
    let all: u32 = ours.iter().sum();
    let apart = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
    println!(
        "contagion, {places} places, {name}: {all} adoptions; months differ by at most {apart:?}"
    );
    assert!(
        apart <= Some(all / 10_000 + 1) && all.abs_diff(theirs.iter().sum()) <= all / 10_000 + 1,
        "the two disagree"
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
