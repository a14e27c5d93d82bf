//! One large replicate is the same on any number of threads, among which its months are divided.

use pointplane::experiment::synthetic::{Shape, write};
use pointplane::model::{Adoption, Innovation, InnovationId, Listener, State, run};
use pointplane::scenario::{Setting, load};
use pointplane::world::{PlaceId, World};

/// Who adopts when, and what everybody has heard in the end.
#[derive(Debug, Default, PartialEq)]
struct History(Vec<(u16, PlaceId)>, Vec<i64>);

impl Listener for History {
    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.0.push((adoption.month, adoption.place));
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let row = state.engine.row(InnovationId::new(0)).unwrap();
        let open = world.places.each().filter(|&i| row.can_adopt(i));
        self.1 = open
            .map(|i| state.engine.exposure(world, InnovationId::new(0), i))
            .collect();
    }
}

fn synthetic(weights: &str, change: &str) -> World {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("synthetic");
    let shape = Shape {
        places: 140_000,
        degree: 4,
        seed: 4,
    };
    write(&dir, shape).unwrap();
    let file = dir.join("links.csv");
    let links = std::fs::read_to_string(&file).unwrap();
    // Listeners whose number ends with 1 hear their sources of unequal weight.
    let links = links.replace("1,1\n", weights);
    std::fs::write(&file, links).unwrap();
    let changes: Vec<Setting> = change.split_whitespace().map(Setting::from).collect();
    let loaded = load(&dir, &[], &changes).unwrap();
    World::new(&loaded.scenario).unwrap()
}

#[test]
fn any_number_of_threads_gives_the_same_history() {
    for (weights, change) in [
        ("1,1\n", ""),
        ("1,3\n", ""),
        ("1,3\n", "line.abandonment_rate=2.0 point.tolerance=0.0"),
        ("1,3\n", "line.response=hill line.x0=0.2"),
    ] {
        let world = synthetic(weights, change);
        let of = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            pool.build().unwrap().install(|| {
                let mut history = History::default();
                run(&world, 7, 0, &mut history).unwrap();
                history
            })
        };
        let one = of(1);
        assert!(one.0.len() > 100_000, "{change}: {} adopt", one.0.len());
        for threads in [2, 3, 8] {
            assert!(of(threads) == one, "{change}, {threads} threads");
        }
    }
}
