//! Where and why two worlds part: the decomposition adds up on random worlds, and chains are what
//! hand-made worlds make them.

mod chains;
mod given;
mod sums;

use pointplane::experiment::explain::chain::Pair;
use pointplane::experiment::explain::names::{Item, Names};
use pointplane::experiment::explain::record::{Luck, Record};
use pointplane::experiment::explain::view::{Chain, Explanation};
use pointplane::experiment::explain::{Request, explain};
use pointplane::scenario::{Diff, Scenario};
use pointplane::world::{PlaceId, World};

use crate::common::world;

pub fn pair<'a>(a: &'a World, b: &'a World, luck: (u64, u32)) -> Pair<'a> {
    let worlds = [a, b];
    let names = Names::new(worlds);
    let luck = Luck {
        seed: luck.0,
        replicate: luck.1,
        thresholds: None,
    };
    let records = [0, 1].map(|n| Record::of(worlds[n], n, &names, &luck).unwrap());
    Pair {
        worlds,
        records,
        names,
        luck,
    }
}

/// The diff is not what these tests are about.
pub fn no_diff() -> Diff {
    Diff {
        a: String::new(),
        b: String::new(),
        keys: Vec::new(),
        equal_keys: 0,
        tables: Vec::new(),
    }
}

/// Explains two scenarios, to a place by id.
pub fn explained(a: &Scenario, b: &Scenario, place: Option<&str>, request: Request) -> Explanation {
    let worlds = [world(a), world(b)];
    let request = Request {
        place: place.and_then(|id| worlds[0].places.named(id)),
        ..request
    };
    let [one, other] = &worlds;
    explain([a, b], [one, other], &no_diff(), &request, &|| ()).expect("a known innovation")
}

/// The events of a chain in short: event, places, innovation.
pub fn short(chain: &Chain) -> Vec<String> {
    let step = |s: &pointplane::experiment::explain::view::StepRow| {
        let mut words = vec![s.event.to_owned()];
        words.extend(
            [&s.place, &s.other_place]
                .into_iter()
                .flatten()
                .map(|p| p.id.clone()),
        );
        words.extend(s.innovation.clone());
        words.join(" ")
    };
    chain.steps.iter().map(step).collect()
}

pub fn chain<'a>(explanation: &'a Explanation, name: &str) -> &'a Chain {
    let found = explanation.chains.iter().find(|c| c.name == name);
    found.unwrap_or_else(|| panic!("no chain {name}: {explanation:#?}"))
}

/// Places by id in the canonical order.
pub fn at(world: &World, id: &str) -> PlaceId {
    world.places.named(id).expect(id)
}

pub fn item(world: &World, zone: &str, serial: u32) -> Item {
    Item::of_zone(at(world, zone), serial)
}

#[test]
fn the_page_names_every_table_and_column() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.md");
    let text = std::fs::read_to_string(page).expect("docs/explain.md");
    let calendar = world(&crate::common::worlds::random(0)).calendar;
    for table in pointplane::experiment::explain::tables::definitions(calendar) {
        assert!(
            text.contains(&format!("### `{}`", table.name)),
            "{}",
            table.name
        );
        for column in table.columns {
            assert!(
                text.contains(&format!("`{}`", column.name)),
                "{}",
                column.name
            );
        }
    }
}
