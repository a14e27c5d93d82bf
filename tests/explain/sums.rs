//! Random worlds: the contributions of an adoption add up to its cumulative hazard, which meets the
//! threshold in the month of adoption and not before; causes add up to the difference; chains end.

use std::collections::BTreeMap;

use pointplane::draw::{Luck, Process};
use pointplane::experiment::explain::cause::{self, Reason, Side};
use pointplane::experiment::explain::chain::{Explorer, Next, Pair, Subject, first};
use pointplane::experiment::explain::names::Item;
use pointplane::experiment::explain::probe::{Answer, Wanted, probe};
use pointplane::experiment::explain::{Request, explain};
use pointplane::scenario::tables::Kind;
use pointplane::scenario::{Month, Scenario};
use pointplane::world::{NEVER, PlaceId};

use super::{no_diff, pair};
use crate::common::{Dice, firms, month, world, worlds};

/// Worlds from this seed on have an intrinsic hazard.
const HEARD: u64 = 60;

/// A random world under two layouts: alliances dropped or changed, zones opened, closed or moved, and
/// now and then other parameters.
fn layouts(seed: u64) -> [Scenario; 2] {
    let mut a = if seed < HEARD {
        worlds::random(seed)
    } else {
        worlds::unheard(seed)
    };
    // Every third world has firms, which pull their governments.
    if seed.is_multiple_of(3) {
        firms::random(&mut Dice::new(seed + 500), &mut a);
    }
    let mut b = a.clone();
    let dice = &mut Dice::new(seed ^ 0xBEEF);
    let what = dice.whole(0, 4);
    if what == 0 || what == 4 {
        b.alliances.clear();
    }
    if what == 1 || what == 4 {
        let zones = b.places.iter_mut().filter(|p| p.kind == Kind::Zone);
        if let Some(zone) = zones.skip(1).find(|p| p.open != Some(month(0))) {
            zone.open = Some(month(dice.whole(0, 30) as i32));
            zone.tasks += 2;
        }
    }
    if what == 2 {
        let zones = b.places.iter_mut().filter(|p| p.kind == Kind::Zone);
        if let Some(zone) = zones.filter(|p| p.open.is_some()).nth(1) {
            zone.open = dice.chance(0.5).then(|| month(dice.whole(0, 40) as i32));
            let later = zone
                .open
                .map(|open| Month(open.0 + dice.whole(1, 30) as i32));
            zone.close = later.filter(|_| dice.chance(0.5));
        }
    }
    if what == 3 {
        for place in &mut b.places {
            if dice.chance(0.2) {
                place.environment = dice.unit();
            }
        }
        b.line.national_rate *= 1.5;
        b.line.intrinsic_rate *= 1.5;
    }
    [a, b]
}

/// All tracks of both worlds.
fn tracks(pair: &Pair<'_>, pairs: &BTreeMap<Item, Vec<PlaceId>>) -> [Answer; 2] {
    let wanted = Wanted {
        pairs: pairs.clone(),
        ..Wanted::default()
    };
    [0, 1].map(|n| {
        let record = &pair.records[n];
        probe(pair.worlds[n], n, &pair.names, record, &pair.luck, &wanted).unwrap()
    })
}

#[test]
fn contributions_add_up_to_the_hazard_that_meets_the_threshold() {
    let (mut adoptions, mut differing, mut kinds) = (0, 0, BTreeMap::new());
    for seed in 0..HEARD + 30 {
        let [a, b] = layouts(seed);
        let (a, b) = (world(&a), world(&b));
        let pair = pair(&a, &b, (seed, 3));
        let luck = Luck::new(seed, 3);
        let mut pairs: BTreeMap<Item, Vec<PlaceId>> = BTreeMap::new();
        for record in &pair.records {
            for (&item, fate) in &record.items {
                let list = pairs.entry(item).or_default();
                let all = a.places.each();
                list.extend(all.filter(|&i| Some(i) != item.origin && fate.adopted(i) != NEVER));
                list.sort_unstable();
                list.dedup();
            }
        }
        let answers = tracks(&pair, &pairs);
        for (&item, places) in &pairs {
            let hash = a.places.hash[item.origin.unwrap()];
            for &i in places {
                let own = a.places.hash[i];
                let theta = luck.exponential(Process::Threshold, own, hash, item.serial);
                let side = |n: usize| Side {
                    world: pair.worlds[n],
                    record: &pair.records[n],
                    fate: pair.records[n].items.get(&item),
                    track: &answers[n].tracks[&(item, i)],
                };
                let months = [0, 1].map(|n| side(n).fate.map_or(NEVER, |f| f.adopted(i)));
                for n in [0, 1].into_iter().filter(|&n| months[n] != NEVER) {
                    adoptions += 1;
                    let (now, before) = (
                        side(n).cumulative(i, months[n]),
                        side(n).cumulative(i, months[n] - 1),
                    );
                    let slack = 1e-9 * (1.0 + theta);
                    // Thresholds are cut to whole ticks; a hazard is capped far above any of them.
                    assert!(now >= theta - slack, "{seed} {item:?} {i:?}: {now} {theta}");
                    assert!(
                        before < theta + slack,
                        "{seed} {item:?} {i:?}: {before} {theta}"
                    );
                }
                let Some(lead) = first(months) else { continue };
                differing += 1;
                let (here, there) = (side(lead), side(1 - lead));
                let from = cause::first_month([here.track, there.track]);
                let causes = cause::causes(here, there, item, i, from..=months[lead]);
                let difference =
                    here.cumulative(i, months[lead]) - there.cumulative(i, months[lead]);
                assert!(there.cumulative(i, months[lead]) < theta + 1e-9);
                let sum: f64 = causes.iter().map(|c| c.difference).sum();
                assert!(
                    (sum - difference).abs() < 1e-7 * difference.abs() + 1e-12,
                    "{seed} {item:?} {i:?}: {sum} {difference}"
                );
                assert!(difference > 0.0);
                let shares: f64 = causes.iter().map(|c| c.share).sum();
                assert!((shares - 1.0).abs() < 1e-6);
                for cause in &causes {
                    let now = cause.now.unwrap_or(0.0);
                    assert!((0.0..=1.0 + 1e-9).contains(&now), "{cause:#?}");
                    let through: f64 = cause.through.iter().map(|(_, now)| now).sum();
                    assert!(through <= now + 1e-9, "{cause:#?}");
                }
                let kind = match causes[0].reason {
                    Reason::Term(id, _) => format!("{id:?}"),
                    reason => format!("{reason:?}"),
                };
                let kind = kind.split(['(', ' ']).next().unwrap_or("").to_owned();
                *kinds.entry(kind).or_insert(0) += 1;
            }
        }
    }
    assert!(
        adoptions > 2000 && differing > 200,
        "{adoptions} {differing}"
    );
    for kind in [
        "Holds",
        "Link",
        "Provincial",
        "National",
        "Intrinsic",
        "Opens",
        "Parameters",
        "Demand",
    ] {
        assert!(kinds.contains_key(kind), "{kind} never led: {kinds:?}");
    }
}

#[test]
fn chains_go_back_in_time_and_end_in_what_the_layouts_set() {
    let (mut chains, mut open, mut kinds) = (0, 0, BTreeMap::new());
    for seed in 0..HEARD + 20 {
        let [a, b] = layouts(seed);
        let (a, b) = (world(&a), world(&b));
        let pair = pair(&a, &b, (seed, 3));
        let mut explorer = Explorer::new(&pair, &|| ());
        let mut subjects = Vec::new();
        for &item in pair.records[0]
            .items
            .keys()
            .chain(pair.records[1].items.keys())
        {
            for i in a.places.each() {
                let months = explorer.months(item, i);
                if first(months).is_some() && Some(i) != item.origin {
                    subjects.push(Subject::Adopted(item, i));
                }
            }
        }
        let skip = (subjects.len() / 12).max(1);
        for &subject in subjects.iter().step_by(skip) {
            let chain = explorer.chain(subject, 0);
            chains += 1;
            for two in chain.windows(2) {
                assert!(two[1].month <= two[0].month, "{seed}: {two:#?}");
            }
            let last = chain.last().expect("a step");
            if last.next == Next::Open {
                open += 1;
                *kinds
                    .entry(format!("open: {:?}", last.subject))
                    .or_insert(0) += 1;
            }
            for step in &chain {
                let kind = format!("{:?}", step.subject);
                let kind = kind.split('(').next().unwrap_or("").to_owned();
                *kinds.entry(kind).or_insert(0) += 1;
                let shares: f64 = step.causes.iter().map(|c| c.share).sum();
                if let (Subject::Line(..), false) = (step.subject, step.causes.is_empty()) {
                    assert!((shares - 1.0).abs() < 1e-6, "{step:#?}");
                }
            }
        }
    }
    assert!(chains > 200, "{chains}");
    assert_eq!(open, 0, "of {chains}: {kinds:#?}");
    for kind in [
        "Implemented",
        "Adopted",
        "Line",
        "Circle",
        "Axis",
        "National",
        "Pull",
        "Uptake",
    ] {
        assert!(kinds.contains_key(kind), "no {kind}: {kinds:#?}");
    }
}

#[test]
fn a_world_against_itself_never_parts() {
    for seed in 0..20 {
        let scenario = worlds::random(seed);
        let (a, b) = (world(&scenario), world(&scenario));
        let request = Request::default();
        let two = [&scenario, &scenario];
        let found = explain(two, [&a, &b], &no_diff(), &request, &|| ()).expect("no problem");
        assert_eq!(found.partings, 0);
        assert!(found.chains.is_empty() && found.spread.is_empty() && found.reached.is_empty());
        assert_eq!(found.first_month, None);
    }
}
