//! The same bits for any number of threads and any order of the input, and luck that stays in its place.

use pointplane::draw::Luck;
use pointplane::scenario::Scenario;
use pointplane::scenario::tables::Kind;
use pointplane::world::World;

use crate::common::history::history;
use crate::common::{Dice, firms, reordered, worlds};

fn scenario(seed: u64) -> Scenario {
    let mut scenario = worlds::random(seed);
    firms::random(&mut Dice::new(seed + 1000), &mut scenario);
    // A block and a bit more, so that there is something to divide.
    if let Some(layer) = &mut scenario.firms {
        layer.spec.number = Some(70_000);
    }
    scenario
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(work)
}

#[test]
fn threads_change_nothing() {
    let scenario = scenario(3);
    let run = || {
        let world = World::new(&scenario).expect("a small world");
        let partners = firms::partners(firms::of(&world));
        (partners, firms::uptake(&world, 9, 2), history(&world, 9, 2))
    };
    let one = on_threads(1, run);
    assert!(one.1.months.len() > 10_000);
    for threads in [2, 8] {
        assert!(on_threads(threads, run) == one, "{threads} threads");
    }
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let mut scenario = worlds::random(8);
    let dice = &mut Dice::new(8);
    firms::random(dice, &mut scenario);
    let world = World::new(&scenario).expect("a small world");
    let order = dice.order(scenario.places.len());
    let other = World::new(&reordered(&scenario, &order)).expect("a small world");
    assert!(firms::uptake(&world, 1, 0) == firms::uptake(&other, 1, 0));
}

#[test]
fn firms_added_to_one_region_move_no_draw_elsewhere() {
    let mut scenario = worlds::random(12);
    firms::random(&mut Dice::new(12), &mut scenario);
    if let Some(layer) = &mut scenario.firms {
        layer.spec.number = None;
        layer.spec.per_1000 = Some(300_000.0);
        layer.spec.partner_effect = 0.0;
        layer.spec.demand_pull = 0.0;
        layer.spec.uptake_rate = 0.02;
    }
    let mut grown = scenario.clone();
    let mut regions = grown.places.iter_mut().filter(|p| p.kind == Kind::Region);
    let first = regions.next().expect("a region");
    first.weight *= 3.0;
    let id = first.id.clone();
    let [world, larger] = [&scenario, &grown].map(|s| World::new(s).expect("a small world"));
    let seen = |world: &World| {
        let layer = firms::of(world);
        let mut state = firms::stocked(world, Luck::new(2, 0), 1.0);
        for _ in 0..6 {
            state.month();
        }
        let of = |f: usize| {
            (
                layer.id(&world.places, f),
                layer.partners[f],
                state.has(0, f),
            )
        };
        (0..layer.len()).map(of).collect::<Vec<_>>()
    };
    let (before, after) = (seen(&world), seen(&larger));
    assert!(after.len() > before.len());
    let elsewhere = |list: Vec<(String, u16, bool)>| {
        let own = format!("{id}.");
        list.into_iter()
            .filter(|(firm, ..)| !firm.starts_with(&own))
            .collect::<Vec<_>>()
    };
    let (before, after) = (elsewhere(before), elsewhere(after));
    assert!(before.iter().any(|firm| firm.2) && before.iter().any(|firm| !firm.2));
    assert_eq!(before, after);
}
