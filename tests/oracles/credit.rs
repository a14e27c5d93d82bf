//! Oracle 5: credits add up, whatever the structures, alliances, replications and abandonments.

use std::collections::BTreeMap;

use pointplane::scenario::Scenario;

use crate::common::history::{Event, history};
use crate::common::{world, worlds};

fn assert_near(what: &str, a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        "{what}: {a} and {b}"
    );
}

#[test]
fn credits_add_up() {
    add_up(
        (3000..3200).map(|seed| (seed, worlds::random(seed))),
        [10_000, 10],
    );
}

#[test]
fn credits_add_up_where_places_adopt_unheard() {
    add_up(
        (3200..3300).map(|seed| (seed, worlds::unheard(seed))),
        [5_000, 5],
    );
}

/// Σ sources + provincial + national + intrinsic = Σ mechanisms = adoptions. There are more than so many
/// adoptions, and at least so many worlds in which every mechanism has credit.
fn add_up(worlds: impl Iterator<Item = (u64, Scenario)>, [some, least]: [usize; 2]) {
    let (mut adoptions, mut full) = (0, 0);
    for (seed, scenario) in worlds {
        let world = world(&scenario);
        let history = history(&world, seed, 9);
        let what = |part: &str| format!("world {seed}: {part}");
        let names = &history.names;
        // What comes from no source stands behind the rest.
        let unheard = names.iter().position(|n| n == "provincial");
        let unheard = unheard.expect("a mechanism");
        let is_last = ["provincial", "national", "intrinsic"];
        assert!(
            names[unheard..]
                .iter()
                .all(|n| is_last.contains(&n.as_str()))
        );
        // What each place owes to its sources, from its own adoptions.
        let mut owed: BTreeMap<&str, f64> = BTreeMap::new();
        for event in &history.events {
            if let Event::Adopted(item, place, _, main, split) = event {
                assert_eq!(split.len(), names.len());
                assert!(split.iter().all(|part| (0.0..=1.0 + 1e-9).contains(part)));
                assert_near(
                    &what(&format!("{item:?} at {place}")),
                    split.iter().sum(),
                    1.0,
                );
                let from_no_source: f64 = split[unheard..].iter().sum();
                *owed.entry(place).or_default() += 1.0 - from_no_source;
                let heard = split[..unheard].iter().any(|part| *part > 0.0);
                assert_eq!(main.is_some(), heard, "{event:?}");
                assert_ne!(main.as_ref(), Some(place));
            }
        }
        let by_mechanism = history.by_mechanism();
        let count = history.adopted() as f64;
        let from_no_source: f64 = by_mechanism[unheard..].iter().sum();
        let sources: f64 = history.spillover.values().sum();
        assert_eq!(history.adopted(), history.month_adoptions as usize);
        assert_near(&what("mechanisms"), by_mechanism.iter().sum(), count);
        assert_near(&what("sources"), sources + from_no_source, count);
        assert_near(&what("months"), history.to_sources, sources);
        assert_eq!(history.by_account.len(), history.by_adoption.len());
        assert!(history.by_account.len() > 4);
        for (a, b) in history.by_account.iter().zip(&history.by_adoption) {
            for (name, (a, b)) in names.iter().zip(a.iter().zip(b)) {
                assert_near(&what(name), *a, *b);
            }
        }
        let mut rows: BTreeMap<&str, f64> = owed.keys().map(|p| (*p, 0.0)).collect();
        for ((target, source), credit) in &history.spillover {
            assert!(*credit > 0.0 && target != source);
            *rows.entry(target).or_default() += credit;
        }
        for (place, credit) in rows {
            let own = owed.get(place).copied().unwrap_or(0.0);
            assert_near(&what(&format!("row of {place}")), credit, own);
        }
        adoptions += history.adopted();
        full += usize::from(
            names
                .iter()
                .zip(&by_mechanism)
                .all(|(n, c)| *c > 0.0 || n.starts_with("base") || n.starts_with("alliance")),
        );
    }
    assert!(adoptions > some, "{adoptions} adoptions");
    assert!(
        full >= least,
        "only {full} worlds with credit to every mechanism"
    );
}
