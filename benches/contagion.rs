//! One innovation on a random graph of a million places and ten million links, against a plain push
//! loop over the same compressed rows.

mod common;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::draw::{Luck, Process};
use pointplane::experiment::synthetic::{Shape, write};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, run};
use pointplane::scenario::load;
use pointplane::world::World;

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

/// The plain loop: thresholds, then month by month push and sweep. Exposure, hazard and threshold in
/// three arrays; sources are pushed once. Gives adoptions by month.
fn plain(world: &World, beta: f64, quality: f64, zone: usize, start: u16, seed: u64) -> Vec<u32> {
    let n = world.places.len();
    let luck = Luck::new(seed, 0);
    let theta: Vec<f64> = (0..n)
        .map(|i| {
            luck.exponential(
                Process::Threshold,
                world.places.hash[i],
                world.zone_hash[0],
                1,
            )
        })
        .collect();
    let weights: Vec<f64> = {
        let network = &world.network;
        let mut by_slot = vec![0.0; network.len()];
        for e in 0..network.len() {
            by_slot[network.slot[e] as usize] = network.layer_weight[e];
        }
        by_slot
    };
    let months = world.calendar.months;
    let clock = std::time::Instant::now();
    let mut exposure = vec![0.0f64; n];
    let mut hazard = vec![0.0f64; n];
    let mut adopted = vec![false; n];
    let mut new = vec![zone as u32];
    adopted[zone] = true;
    let mut curve = vec![0; usize::from(months)];
    for t in start..months {
        for &j in &new {
            let audience = world.network.audience(j as usize);
            for (&i, w) in world.network.heard_by[audience.clone()]
                .iter()
                .zip(&weights[audience])
            {
                exposure[i as usize] += w;
            }
        }
        new.clear();
        if t + 1 == months {
            break;
        }
        for i in 0..n {
            if !adopted[i] {
                hazard[i] += beta * quality * exposure[i];
                if hazard[i] >= theta[i] {
                    adopted[i] = true;
                    new.push(i as u32);
                }
            }
        }
        curve[usize::from(t) + 1] = new.len() as u32;
    }
    PLAIN.with(|cell| cell.set(clock.elapsed().as_secs_f64()));
    curve
}

thread_local! {
    /// Seconds of the last plain loop without its thresholds and weights.
    static PLAIN: std::cell::Cell<f64> = const { std::cell::Cell::new(0.0) };
}

/// Notes the innovation of the world.
#[derive(Default)]
struct First(Option<Innovation>);

impl Listener for First {
    fn implemented(&mut self, _: &World, innovation: &Innovation, _: InnovationId) {
        self.0 = Some(innovation.clone());
    }
}

fn world(places: u32) -> World {
    let dir =
        std::env::temp_dir().join(format!("pointplane-bench-{}-{places}", std::process::id()));
    write(
        &dir,
        Shape {
            places,
            degree: 10,
            seed: 1,
        },
    )
    .expect("the bench can write its graph");
    let loaded = load(&dir, &[], &[]).expect("the synthetic scenario is right");
    std::fs::remove_dir_all(&dir).expect("the bench can remove its graph");
    World::new(&loaded.scenario).expect("the graph fits")
}

fn against_plain(places: u32, pairs: usize) {
    let world = world(places);
    let mut first = First::default();
    run(&world, 1, 0, &mut first);
    let innovation = first.0.expect("the innovation is implemented");
    let (quality, origin) = (innovation.quality, innovation.origin as usize);
    let plain = || {
        plain(
            &world,
            world.line.beta,
            quality,
            origin,
            innovation.implemented,
            1,
        )
    };
    let mut curve = Curve::default();
    run(&world, 1, 0, &mut curve);
    let reference = plain();
    let (ours, theirs): (u32, u32) = (curve.0.iter().sum(), reference.iter().sum());
    let saturated = |curve: &[u32]| {
        let all: u32 = curve.iter().sum();
        let mut so_far = 0;
        curve.iter().position(|n| {
            so_far += n;
            f64::from(so_far) >= 0.99 * f64::from(all)
        })
    };
    println!(
        "contagion, {places} places: {ours} adoptions (plain loop {theirs}), 99 % by month {:?} ({:?})",
        saturated(&curve.0),
        saturated(&reference)
    );
    assert!(
        ours.abs_diff(theirs) <= ours / 100_000 + 1,
        "the two loops disagree"
    );
    let [whole, bare, ratio] = in_turn(
        pairs,
        || seconds(|| run(&world, 1, 0, &mut Curve::default())),
        || seconds(plain),
    );
    println!(
        "contagion, {places} places: model {:.0} ms, plain push loop {:.0} ms with its thresholds and weights, ratio {ratio:.2}",
        whole * 1e3,
        bare * 1e3
    );
    let [_, loop_only, ratio] = in_turn(
        pairs,
        || seconds(|| run(&world, 1, 0, &mut Curve::default())),
        || {
            plain();
            PLAIN.with(std::cell::Cell::get)
        },
    );
    println!(
        "contagion, {places} places: against the push loop alone ({:.0} ms), ratio {ratio:.2}",
        loop_only * 1e3
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let small = world(20_000);
    criterion.bench_function("contagion/20k", |b| {
        b.iter(|| run(&small, 1, 0, &mut Curve::default()))
    });
    if asked("plain/100k") {
        against_plain(100_000, 9);
    }
    if asked("plain/million") {
        against_plain(1_000_000, 7);
    }
    criterion.final_summary();
}
