//! One innovation on a random graph, and the plain push loop over the same compressed rows that its run is measured against.

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
pub struct Plain<'w> {
    pub world: &'w World,
    thresholds: Vec<f32>,
    /// By slot.
    weights: Vec<f32>,
    /// What a link carries if all carry the same.
    pub alike: Option<f32>,
    pub origin: PlaceId,
    /// The month in which the origin has it.
    pub start: u16,
}

impl<'w> Plain<'w> {
    /// The innovation and the thresholds of the first replicate with this seed.
    pub fn new(world: &'w World, seed: u64) -> Self {
        let mut first = First::default();
        run(world, seed, 0, &mut first).unwrap();
        let innovation = first.0.expect("the innovation is implemented");
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
        let (first, rest) = weights.split_first().expect("there are links");
        Self {
            world,
            thresholds: thresholds.collect(),
            alike: rest.iter().all(|weight| weight == first).then_some(*first),
            weights,
            origin: innovation.first[0],
            start: innovation.implemented,
        }
    }

    /// What is left to the threshold of each place at the start, times `scale`. The origin never comes to it.
    pub fn left(&self, scale: f32) -> Vec<f32> {
        let mut left: Vec<f32> = self.thresholds.iter().map(|theta| theta * scale).collect();
        left[self.origin] = f32::INFINITY;
        left
    }

    /// The loop. Gives adoptions by month.
    pub fn run(&self) -> Vec<u32> {
        match self.alike {
            Some(alike) => self.push::<false>(alike),
            None => self.push::<true>(1.0),
        }
    }

    /// Month by month: push the new adopters to their listeners, then sweep all places, sixteen at a time. `WEIGHTED`
    /// reads a weight for each link; else all carry `alike`.
    fn push<const WEIGHTED: bool>(&self, alike: f32) -> Vec<u32> {
        let (network, months) = (&self.world.network, self.world.calendar.months);
        let mut left = self.left(if WEIGHTED { 1.0 } else { 1.0 / alike });
        let mut heard = vec![0f32; left.len()];
        let mut new = vec![self.origin];
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
pub fn world(places: u32, weighted: bool) -> World {
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

pub fn pool(threads: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads")
}

/// Adoptions by month in the model's run.
pub fn curve(world: &World) -> Vec<u32> {
    let mut curve = Curve::default();
    run(world, 1, 0, &mut curve).unwrap();
    curve.0
}

/// How far months of the model's run and of the loop are apart at most. The loop adds in 24 bits, so that now and then
/// a place adopts a month earlier or later: one in ten thousand of all.
///
/// # Panics
/// When they are further apart.
pub fn apart(model: &[u32], plain: &[u32]) -> u32 {
    let all: u32 = model.iter().sum();
    let months = model.iter().zip(plain).map(|(a, b)| a.abs_diff(*b));
    let most = months.max().expect("there are months");
    assert!(
        most <= all / 10_000 + 1 && all.abs_diff(plain.iter().sum()) <= all / 10_000 + 1,
        "the two disagree"
    );
    most
}
