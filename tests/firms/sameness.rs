//! The same bits for any number of threads and any order of the input, and luck that stays in its place.

use pointplane::draw::Luck;
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::{FirmsSpec, PopulationSpec};
use pointplane::scenario::tables::Kind;
use pointplane::world::World;

use crate::common::history::history;
use crate::common::{Dice, firms, month, plain, region, reordered, world, worlds, zone};

fn scenario(seed: u64) -> Scenario {
    let mut scenario = worlds::random(seed);
    firms::random(&mut Dice::new(seed + 1000), &mut scenario);
    // A block and a bit more, so that there is something to divide.
    if let Some(layer) = &mut scenario.firms {
        layer.spec.population = PopulationSpec::Number { number: 70_000 };
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
        let world = world(&scenario);
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
    let order = dice.order(scenario.places.len());
    let [one, other] = [&scenario, &reordered(&scenario, &order)].map(world);
    assert!(firms::uptake(&one, 1, 0) == firms::uptake(&other, 1, 0));
}

#[test]
fn firms_added_to_one_region_move_no_draw_elsewhere() {
    let mut scenario = worlds::random(12);
    firms::random(&mut Dice::new(12), &mut scenario);
    if let Some(layer) = &mut scenario.firms {
        layer.spec.population = PopulationSpec::PerThousand {
            per_1000: 300_000.0,
        };
        layer.spec.partner_effect = 0.0;
        layer.spec.demand_pull = 0.0;
        layer.spec.uptake_rate = 0.02;
    }
    let mut grown = scenario.clone();
    let mut regions = grown.places.iter_mut().filter(|p| p.kind == Kind::Region);
    let first = regions.next().expect("a region");
    first.weight *= 3.0;
    let id = first.id.clone();
    let [world, larger] = [&scenario, &grown].map(world);
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

/// Two countries apart, z with a and y with b: no link between places, and partners only within a region.
fn apart() -> Scenario {
    let mut b = region("b", "pb");
    b.lon = 90.0;
    let places = vec![
        zone("z", "pz", 0, 8),
        region("a", "pa"),
        zone("y", "py", 0, 8),
        b,
    ];
    let mut scenario = plain(60, places, vec![(1, 0, 1.0), (3, 2, 1.0)]);
    scenario.point.arrival_rate = 0.3;
    scenario.point.implementation_rate = 0.5;
    scenario.line.beta = 0.5;
    firms::add(
        &mut scenario,
        FirmsSpec {
            population: PopulationSpec::Number { number: 600 },
            partners: 4.0,
            distance_exponent: 10.0,
            mass_exponent: 0.0,
            near_km: 1.0,
            uptake_rate: 0.05,
            stock_ref: 1.0,
            demand_pull: 3.0,
            ..FirmsSpec::default()
        },
    );
    scenario
}

#[test]
fn what_a_layout_changes_in_one_region_leaves_the_unconnected_one_as_it_was() {
    let base = apart();
    let mut layout = base.clone();
    layout.places[0].open = Some(month(20));
    let [one, other] = [&base, &layout].map(world);
    let cell = |world: &World, f: usize| firms::of(world).cells.place[firms::of(world).cell_of(f)];
    for (f, list) in firms::partners(firms::of(&one)).iter().enumerate() {
        assert!(list.iter().all(|g| cell(&one, *g) == cell(&one, f)));
    }
    assert_eq!(
        firms::partners(firms::of(&one)),
        firms::partners(firms::of(&other))
    );
    for replicate in 0..3 {
        let seen = |world: &World, region: &str| {
            let uptake = firms::uptake(world, 4, replicate);
            let own = format!("{region}.");
            let months = uptake
                .months
                .into_iter()
                .filter(|((id, _), _)| id.starts_with(&own));
            let places = uptake
                .places
                .into_iter()
                .filter(|((_, id, _), _)| id == region);
            (months.collect::<Vec<_>>(), places.collect::<Vec<_>>())
        };
        let (untouched, touched) = (seen(&one, "b"), seen(&one, "a"));
        assert!(untouched.0.len() > 50 && touched.0.len() > 50);
        assert!(untouched == seen(&other, "b"), "replicate {replicate}");
        assert!(touched != seen(&other, "a"), "replicate {replicate}");
    }
}
