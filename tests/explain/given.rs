//! Given items: hazards add up to what meets the thresholds, and causes to the difference of two worlds.

use std::collections::BTreeMap;

use pointplane::draw::{Luck, Process};
use pointplane::experiment::explain::cause::{self, Side};
use pointplane::experiment::explain::chain::{Explorer, Next, Subject, first};
use pointplane::experiment::explain::names::Item;
use pointplane::experiment::explain::probe::{Wanted, probe};
use pointplane::scenario::Scenario;
use pointplane::world::{NEVER, PlaceId};

use super::pair;
use crate::common::{Dice, world, worlds};

/// A random world with a history under two layouts: without alliances, with other rates or other readiness.
fn layouts(seed: u64) -> [Scenario; 2] {
    let a = worlds::given(seed + 31_000);
    let mut b = a.clone();
    let dice = &mut Dice::new(seed ^ 0xFACE);
    match dice.whole(0, 2) {
        0 => b.alliances.clear(),
        1 => {
            b.line.intrinsic_rate *= 1.5;
            b.line.beta *= 1.2;
        }
        _ => {
            for place in &mut b.places {
                if dice.chance(0.2) {
                    place.environment = dice.unit();
                }
            }
        }
    }
    [a, b]
}

#[test]
fn causes_of_given_items_add_up_and_their_chains_end() {
    let (mut adoptions, mut differing, mut rooted) = (0, 0, 0);
    for seed in 0..60 {
        let [a, b] = layouts(seed);
        let (a, b) = (world(&a), world(&b));
        let pair = pair(&a, &b, (seed, 2));
        let luck = Luck::new(seed, 2);
        let mut pairs: BTreeMap<Item, Vec<PlaceId>> = BTreeMap::new();
        let given = pair.records[0].items.iter();
        for (&item, fate) in given.filter(|(item, _)| item.given.is_some()) {
            let other = &pair.records[1].items[&item];
            let adopts = |i: &PlaceId| fate.adopted(*i).min(other.adopted(*i)) != NEVER;
            let places = a.places.each().filter(|i| !fate.first.contains(i));
            pairs.insert(item, places.filter(adopts).collect());
        }
        let answers = [0, 1].map(|n| {
            let wanted = Wanted {
                pairs: pairs.clone(),
                ..Wanted::default()
            };
            let (world, record) = (pair.worlds[n], &pair.records[n]);
            probe(world, n, &pair.names, record, &pair.luck, &wanted).unwrap()
        });
        let mut explorer = Explorer::new(&pair, &|| ());
        for (&item, places) in &pairs {
            let hash = a.given[item.given.unwrap() as usize].hash;
            for &i in places {
                let theta = luck.exponential(Process::Threshold, a.places.hash[i], hash, 0);
                let side = |n: usize| Side {
                    world: pair.worlds[n],
                    record: &pair.records[n],
                    fate: pair.records[n].items.get(&item),
                    track: &answers[n].tracks[&(item, i)],
                };
                let months = [0, 1].map(|n| side(n).fate.map_or(NEVER, |f| f.adopted(i)));
                let slack = 1e-9 * (1.0 + theta);
                for n in [0, 1].into_iter().filter(|&n| months[n] != NEVER) {
                    adoptions += 1;
                    let now = side(n).cumulative(i, months[n]);
                    assert!(now >= theta - slack, "{seed} {item:?} {i:?}: {now} {theta}");
                    // Before the first month nothing has been heard.
                    if let Some(before) = months[n].checked_sub(1) {
                        let before = side(n).cumulative(i, before);
                        assert!(before < theta + slack, "{seed} {item:?}: {before} {theta}");
                    }
                }
                let Some(lead) = first(months) else { continue };
                differing += 1;
                let (here, there) = (side(lead), side(1 - lead));
                let from = cause::first_month([here.track, there.track]);
                let causes = cause::causes(here, there, item, i, from..=months[lead]);
                let [now, then] = [here, there].map(|side| side.cumulative(i, months[lead]));
                let sum: f64 = causes.iter().map(|c| c.difference).sum();
                let difference = now - then;
                assert!(
                    (sum - difference).abs() < 1e-7 * difference.abs() + 1e-12,
                    "{seed} {item:?} {i:?}: {sum} {difference}"
                );
                let chain = explorer.chain(Subject::Adopted(item, i), 0);
                assert!(chain.windows(2).all(|two| two[1].month <= two[0].month));
                let end = chain.last().map(|step| step.next);
                rooted += u32::from(matches!(end, Some(Next::Root(_))));
            }
        }
    }
    assert!(
        adoptions > 500 && differing > 100,
        "{adoptions} {differing}"
    );
    assert!(2 * rooted > differing, "{rooted} of {differing}");
}
