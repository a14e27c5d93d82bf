//! The actual history under another layout: it is repeated under its own, and the law of what differs is the exact one.

use std::collections::BTreeMap;
use std::sync::Arc;

use pointplane::draw::Luck;
use pointplane::model::{
    Adoption, Course, Innovation, InnovationId, Listener, Ranges, Silent, Thresholds, run, run_as,
};
use pointplane::scenario::Scenario;
use pointplane::scenario::spec::Response;
use pointplane::scenario::tables::{Adoption as Given, History, Item};
use pointplane::world::{PlaceId, World};

use crate::common::{Dice, alliance, firms, plain, region, world, worlds};

/// When given items are adopted and given up, by item and place.
#[derive(Debug, Default, PartialEq)]
struct Dates {
    adopted: BTreeMap<(String, String), u16>,
    abandoned: BTreeMap<(String, String), u16>,
}

fn key(world: &World, innovation: &Innovation, place: PlaceId) -> Option<(String, String)> {
    let item = world.given[innovation.given? as usize].id.clone();
    Some((item, world.places.id[place].clone()))
}

impl Listener for Dates {
    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let key = key(world, innovation, adoption.place);
        self.adopted.extend(key.map(|key| (key, adoption.month)));
    }

    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        _: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        let key = key(world, innovation, place);
        self.abandoned.extend(key.map(|key| (key, month)));
    }
}

/// What the history of a world says of thresholds in a replicate.
fn ranges(world: &World, seed: u64, replicate: u32) -> Ranges {
    let course = Course::Told(Ranges::new(world));
    match run_as(world, seed, replicate, course, &mut Silent).unwrap() {
        Course::Told(ranges) => ranges,
        other => panic!("{other:?}"),
    }
}

fn thresholds(factual: &World, to: &World, seed: u64, replicate: u32) -> Arc<Thresholds> {
    let ranges = ranges(factual, seed, replicate);
    assert_eq!(ranges.impossible, None);
    Arc::new(ranges.thresholds(factual, to, Luck::new(seed, replicate)))
}

/// What happens to given items in a replicate under thresholds that the history of `factual` leaves possible.
fn replayed(factual: &World, to: &World, seed: u64, replicate: u32) -> Dates {
    let course = Course::Conditioned(thresholds(factual, to, seed, replicate));
    let mut dates = Dates::default();
    run_as(to, seed, replicate, course, &mut dates).unwrap();
    dates
}

/// The scenario with the history that a replicate of it makes.
fn with_its_history(scenario: &Scenario, world: &World, seed: u64, replicate: u32) -> Scenario {
    let mut dates = Dates::default();
    run(world, seed, replicate, &mut dates).unwrap();
    let mut scenario = scenario.clone();
    let first = if scenario.numbered {
        0
    } else {
        scenario.start.0
    };
    let positions: BTreeMap<String, u32> = (0..)
        .zip(&scenario.places)
        .map(|(at, p)| (p.id.clone(), at))
        .collect();
    for item in scenario
        .history
        .iter_mut()
        .flat_map(|history| &mut history.items)
    {
        let from = item.first_risk.max(first);
        item.adoptions.retain(|adoption| adoption.time < from);
        let until = |place: &String| dates.abandoned.get(&(item.id.clone(), place.clone()));
        // First adopters that gave it up by chance have done so in this history.
        for adoption in &mut item.adoptions {
            let place = &scenario.places[adoption.place as usize].id;
            adoption.until = until(place)
                .map(|t| first + i32::from(*t))
                .or(adoption.until);
        }
        let later = dates.adopted.iter().filter(|((id, _), _)| *id == item.id);
        let later = later.map(|((_, place), t)| Given {
            place: positions[place],
            time: first + i32::from(*t),
            until: until(place).map(|t| first + i32::from(*t)),
        });
        item.adoptions.extend(later);
    }
    scenario
}

#[test]
fn every_replicate_repeats_the_history_under_its_own_layout() {
    let (mut adoptions, mut abandonments, mut possible) = (0, 0, 0);
    for seed in 0..60 {
        let mut scenario = worlds::given(seed + 20_000);
        // An origin may give its item up by chance; a history cannot say that of it.
        for item in scenario
            .history
            .iter_mut()
            .flat_map(|history| &mut history.items)
        {
            if let Some(place) = item.origin.take() {
                let time = item.first_risk - 1;
                item.adoptions.retain(|adoption| adoption.place != place);
                item.adoptions.insert(
                    0,
                    Given {
                        place,
                        time,
                        until: None,
                    },
                );
            }
        }
        let scenario = with_its_history(&scenario, &world(&scenario), seed, 1);
        let world = world(&scenario);
        for replicate in 0..4 {
            let ranges = ranges(&world, seed + 5, replicate);
            // Innovations of zones are other ones in each replicate, and with them the lines.
            if ranges.impossible.is_some() {
                continue;
            }
            possible += 1;
            let dates = replayed(&world, &world, seed + 5, replicate);
            let of = |g: usize| world.given[g].history.iter().map(move |event| (g, event));
            for (g, (month, place, until)) in (0..world.given.len()).flat_map(of) {
                let key = (world.given[g].id.clone(), world.places.id[*place].clone());
                assert_eq!(dates.adopted.get(&key), Some(month), "world {seed} {key:?}");
                let until = Some(*until).filter(|until| *until < world.calendar.months);
                assert_eq!(
                    dates.abandoned.get(&key).copied(),
                    until,
                    "world {seed} {key:?}"
                );
                abandonments += usize::from(until.is_some());
            }
            let told = world
                .given
                .iter()
                .map(|given| given.history.len())
                .sum::<usize>();
            assert_eq!(dates.adopted.len(), told, "world {seed}");
            adoptions += told;
        }
    }
    println!("{adoptions} adoptions, {abandonments} abandonments, {possible} replicates");
    assert!(adoptions > 3000 && abandonments > 100 && possible > 150);
}

fn item(id: &str, origin: Option<u32>, last: i32, adoptions: Vec<Given>) -> Item {
    Item {
        id: id.to_owned(),
        name_en: String::new(),
        name_zh: String::new(),
        origin,
        domain: 0,
        quality: 1.0,
        first_risk: 0,
        last,
        adoptions,
    }
}

/// A place that adopts unheard in month 4 has θ in (4α, 5α]. At 1.5 times the rate it adopts in month 2 if θ ≤ 4.5α, else
/// in month 3. One that has not adopted in six months has θ > 6α, and adopts by month 5 with probability 1 − e^(−3α).
/// Of 40,000 named draws a right share is further off than z standard errors once in a million seeds.
#[test]
fn what_would_have_been_has_its_exact_law() {
    let (alpha, months) = (0.3, 6);
    let of = |rate: f64| {
        let mut scenario = plain(months, vec![region("a", "p"), region("b", "p")], Vec::new());
        scenario.line.intrinsic_rate = rate;
        scenario.numbered = true;
        let adoption = Given {
            place: 0,
            time: 4,
            until: None,
        };
        let items = (0..200).map(|n| item(&format!("i{n}"), None, months - 1, vec![adoption]));
        scenario.history = Some(History {
            items: items.collect(),
            ..History::default()
        });
        world(&scenario)
    };
    let (factual, faster) = (of(alpha), of(1.5 * alpha));
    let (mut second, mut third, mut late, n) = (0u32, 0u32, 0u32, 200 * 200);
    for replicate in 0..200 {
        let dates = replayed(&factual, &faster, 9, replicate);
        for ((_, place), month) in dates.adopted {
            match (place.as_str(), month) {
                ("a", 2) => second += 1,
                ("a", 3) => third += 1,
                ("b", month) => {
                    assert!(month >= 4, "{month}");
                    late += 1;
                }
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(second + third, n);
    let share = |hits: u32, p: f64| {
        let off = (f64::from(hits) - f64::from(n) * p) / (f64::from(n) * p * (1.0 - p)).sqrt();
        assert!(
            off.abs() < crate::common::bounds::Z,
            "{hits} of {n}, not {p}"
        );
    };
    share(
        second,
        (1.0 - (-alpha / 2.0_f64).exp()) / (1.0 - (-alpha).exp()),
    );
    share(late, 1.0 - (-3.0 * alpha).exp());
}

/// A place that adopts in month 0 and gives up in month 8 has θ in (7δ, 8δ], δ its hazard of abandonment: at twice the
/// hazard it gives up in month 4, at half of it in month 15 or 16, without one never. One that has it to the end, month
/// 23, has θ > 23δ: at twice the hazard it gives up after month 11, if at all. A history without a hazard says only when
/// places give up.
#[test]
fn abandonment_keeps_its_threshold_under_another_hazard() {
    let of = |rate: f64| {
        let mut scenario = plain(24, vec![region("a", "p"), region("b", "p")], Vec::new());
        scenario.line.intrinsic_rate = 0.3;
        scenario.line.abandonment_rate = rate;
        // A platform keeps what it has.
        scenario
            .places
            .iter_mut()
            .for_each(|place| place.platform = 0.0);
        scenario.numbered = true;
        let at = |place, until| Given {
            place,
            time: 0,
            until,
        };
        let items = (0..50).map(|n| Item {
            quality: 0.5,
            ..item(
                &format!("i{n}"),
                None,
                23,
                vec![at(0, Some(8)), at(1, None)],
            )
        });
        scenario.history = Some(History {
            items: items.collect(),
            ..History::default()
        });
        world(&scenario)
    };
    let [once, twice, half, none] = [0.1, 0.2, 0.05, 0.0].map(of);
    let given_up = |from: &World, to: &World, place: &str| -> Vec<Option<u16>> {
        let dates = replayed(from, to, 4, 0);
        let all = dates.adopted.keys().filter(|(_, id)| id == place);
        all.map(|key| dates.abandoned.get(key).copied()).collect()
    };
    assert_eq!(given_up(&once, &once, "a"), [Some(8); 50]);
    assert_eq!(given_up(&once, &once, "b"), [None; 50]);
    assert_eq!(given_up(&once, &twice, "a"), [Some(4); 50]);
    let later = given_up(&once, &half, "a");
    assert!(later.len() == 50 && later.iter().all(|t| [Some(15), Some(16)].contains(t)));
    assert_eq!(given_up(&once, &none, "a"), [None; 50]);
    let late: Vec<u16> = given_up(&once, &twice, "b").into_iter().flatten().collect();
    assert!(!late.is_empty() && late.iter().all(|t| *t > 11), "{late:?}");
    assert_eq!(given_up(&none, &twice, "a"), [Some(8); 50]);
    assert!(given_up(&none, &twice, "b").iter().any(Option::is_some));
}

/// Demand of firms moves the hazards of governments, by other draws in each replicate; the history is repeated still.
#[test]
fn a_history_beside_firms_is_repeated() {
    let mut ranges_seen = Vec::new();
    let mut scenario = plain(
        24,
        ["a", "b", "c"].map(|id| region(id, "p")).to_vec(),
        vec![(1, 0, 1.0), (2, 1, 1.0)],
    );
    scenario.line.intrinsic_rate = 0.02;
    scenario.numbered = true;
    firms::random(&mut Dice::new(3), &mut scenario);
    if let Some(layer) = &mut scenario.firms {
        layer.spec.demand_pull = 3.0;
    }
    let at = |place, time| Given {
        place,
        time,
        until: None,
    };
    scenario.history = Some(History {
        items: vec![item("i", Some(0), 23, vec![at(1, 9), at(2, 20)])],
        ..History::default()
    });
    let world = world(&scenario);
    for replicate in 0..6 {
        let dates = replayed(&world, &world, 8, replicate);
        let months: Vec<u16> = dates.adopted.values().copied().collect();
        assert_eq!(months, [9, 20]);
        ranges_seen.push(format!("{:?}", ranges(&world, 8, replicate)));
    }
    ranges_seen.dedup();
    assert!(ranges_seen.len() > 1);
}

/// Without bonuses and abandonment, an alliance more never delays an adoption of the history.
#[test]
fn an_alliance_more_never_delays_the_history() {
    let mut earlier = 0;
    for seed in 0..40 {
        let mut scenario = worlds::given(seed + 21_000);
        scenario.line.abandonment_rate = 0.0;
        scenario.line.structures = false;
        scenario.line.response = Response::Linear;
        scenario.plane.evaluations.clear();
        for item in scenario
            .history
            .iter_mut()
            .flat_map(|history| &mut history.items)
        {
            item.adoptions
                .iter_mut()
                .for_each(|adoption| adoption.until = None);
        }
        let scenario = with_its_history(&scenario, &world(&scenario), seed, 0);
        let mut allied = scenario.clone();
        let mut provinces: Vec<_> = scenario
            .places
            .iter()
            .map(|place| place.province.clone())
            .collect();
        provinces.sort();
        provinces.dedup();
        provinces.retain(|province| !province.is_empty());
        let members = provinces
            .into_iter()
            .map(|province| pointplane::scenario::tables::Who::Province(province).into());
        let mut more = alliance("zz", 0, members.collect());
        more.layers = vec![1.0; scenario.layers.len()];
        allied.alliances.push(more);
        let (factual, allied) = (world(&scenario), world(&allied));
        if ranges(&factual, seed, 0).impossible.is_some() {
            continue;
        }
        let [was, is] = [&factual, &allied].map(|to| replayed(&factual, to, seed, 0).adopted);
        for (key, month) in was {
            let now = is.get(&key).copied().unwrap_or(u16::MAX);
            assert!(now <= month, "world {seed} {key:?}: {now} after {month}");
            earlier += usize::from(now < month);
        }
    }
    assert!(earlier > 50, "{earlier}");
}

/// An adoption of which nobody was heard, without intrinsic hazard, is the first that cannot happen.
#[test]
fn an_impossible_history_is_named_by_its_first_event() {
    let places = ["a", "b", "c"].map(|id| region(id, "p")).to_vec();
    let mut scenario = plain(12, places, vec![(1, 0, 1.0)]);
    scenario.numbered = true;
    let at = |place, time| Given {
        place,
        time,
        until: None,
    };
    let adoptions = [at(1, 2), at(2, 5), at(0, 7)];
    let items = vec![item("i", Some(0), 11, adoptions[..2].to_vec())];
    scenario.history = Some(History {
        items,
        ..History::default()
    });
    let world = world(&scenario);
    let ranges = ranges(&world, 1, 0);
    let c = world.places.named("c").unwrap();
    assert_eq!((ranges.impossible, ranges.adoptions), (Some((5, 0, c)), 1));
}
