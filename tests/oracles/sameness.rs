//! Oracle 6 and its kin, all exact: what must not matter does not matter in any bit. Order of the
//! input, number of threads, shards, what is listened to, an unconnected zone, an alliance of nobody.

use pointplane::model;
use pointplane::scenario::tables::{Alliance, Kind, Member, Who};
use rayon::prelude::*;

use crate::common::history::{Adoptions, Event, History, history};
use crate::common::{Dice, alliance, place, reordered, world, worlds, zone};

/// Names the first event in which two histories differ.
fn assert_same(seed: u64, one: &[Event], other: &[Event]) {
    for (at, (a, b)) in one.iter().zip(other).enumerate() {
        assert_eq!(a, b, "world {seed}, event {at}");
    }
    assert_eq!(one.len(), other.len(), "world {seed}");
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let mut events = 0;
    for seed in 4000..4100 {
        let scenario = worlds::random(seed);
        let order = Dice::new(!seed).order(scenario.places.len());
        assert_ne!(scenario.places, reordered(&scenario, &order).places);
        let one = history(&world(&scenario), seed, 0);
        let other = history(&world(&reordered(&scenario, &order)), seed, 0);
        events += one.events.len();
        // Order of events, months, every credit and share: equal in every bit.
        assert_same(seed, &one.events, &other.events);
        assert!(one == other, "world {seed}: accounts differ");
    }
    assert!(events > 20_000, "{events} events");
}

#[test]
fn threads_and_shards_do_not_matter() {
    for seed in 5000..5006 {
        let world = world(&worlds::random(seed));
        let whole: Vec<History> = (0..24).map(|r| history(&world, seed, r)).collect();
        assert!(whole.windows(2).all(|w| w[0] != w[1]), "replicates differ");
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("a pool");
            let run = |replicates: &[u32]| -> Vec<History> {
                let each = replicates.par_iter().map(|r| history(&world, seed, *r));
                pool.install(|| each.collect())
            };
            let all: Vec<u32> = (0..24).collect();
            assert!(run(&all) == whole, "world {seed} on {threads} threads");
            for shard in 0..3 {
                let part: Vec<u32> = (0..24).filter(|r| r % 3 == shard).collect();
                for (replicate, history) in part.iter().zip(run(&part)) {
                    assert!(history == whole[*replicate as usize], "shard {shard}");
                }
            }
        }
    }
}

#[test]
fn listening_does_not_matter() {
    for seed in 6000..6100 {
        let world = world(&worlds::random(seed));
        let full = history(&world, seed, 1);
        let mut short = Adoptions::default();
        model::run(&world, seed, 1, &mut short).unwrap();
        let mut told = Vec::new();
        for event in full.events {
            match event {
                Event::Implemented(item, t, first) => {
                    told.extend(first.into_iter().map(|place| (item.clone(), place, t)));
                }
                Event::Adopted(item, place, t, ..) => told.push((item, place, t)),
                _ => {}
            }
        }
        assert_eq!(short.0, told, "world {seed}");
    }
}

/// The events that have nothing to do with `id`.
fn without(history: &History, id: &str) -> Vec<Event> {
    let other = |event: &&Event| {
        let (zone, place) = event.concerns();
        zone != Some(id) && place != Some(id)
    };
    history.events.iter().filter(other).cloned().collect()
}

/// A zone in a province of its own, far away, with no links, changes no other place's history. Its id
/// sorts first, so all numbers move. The centre alone connects it with others: where there are national
/// evaluations it only takes up (it has no tasks); where there are none it has innovations of its own.
#[test]
fn an_unconnected_zone_changes_no_other_history() {
    let mut own = 0;
    for seed in 7000..7100 {
        let mut scenario = worlds::random(seed);
        scenario.layers.iter_mut().for_each(|l| l.links.truncate(1));
        let inventive = seed % 2 == 0;
        if inventive {
            scenario.plane.evaluations.clear();
        }
        let before = history(&world(&scenario), seed, 2);
        let mut alone = zone("0alone", "elsewhere", 3, if inventive { 5 } else { 0 });
        (alone.lon, alone.lat) = (-60.0, -30.0);
        scenario.places.push(alone);
        let after = history(&world(&scenario), seed, 2);
        assert_same(seed, &without(&after, "0alone"), &before.events);
        assert_eq!(before.spillover, after.spillover, "world {seed}");
        own += after.events.len() - before.events.len();
    }
    assert!(own > 500, "the zones had only {own} events");
}

#[test]
fn an_alliance_of_zones_that_never_open_changes_nothing() {
    for seed in 8000..8050 {
        let mut scenario = worlds::random(seed);
        for id in ["n1", "n2"] {
            let mut candidate = place(id, Kind::Zone, "p0");
            candidate.tasks = 9;
            scenario.places.push(candidate);
        }
        let before = history(&world(&scenario), seed, 0);
        let members = ["n1", "n2"].map(|id| Member::from(Who::Group(id.to_owned())));
        scenario.alliances.push(Alliance {
            strength: 50.0,
            ..alliance("nobody", scenario.layers.len(), members.to_vec())
        });
        let mut after = history(&world(&scenario), seed, 0);
        // The new alliance has its own mechanism, which gets nothing.
        let at = after
            .names
            .iter()
            .position(|n| n == "alliance_nobody")
            .expect("it is named");
        for year in after.by_account.iter_mut().chain(&mut after.by_adoption) {
            assert_eq!(year.remove(at), 0.0);
        }
        after.names.remove(at);
        for event in &mut after.events {
            if let Event::Adopted(.., split) = event {
                assert_eq!(split.remove(at), 0.0);
            }
        }
        assert_same(seed, &before.events, &after.events);
        assert!(before == after, "world {seed}: accounts differ");
    }
}
