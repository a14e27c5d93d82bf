//! What exactly differs between two scenarios, and that all else is equal.

mod change;
mod columns;
mod parts;
pub mod words;

use std::collections::BTreeMap;

pub use change::{Change, Diff, How, RowChange, TableDiff};
use columns::{alliance_columns, corridor_columns, place_columns};
use parts::{Parts, id_of, parts};

use super::ids::Ids;
use super::load::Loaded;
use super::tables::{
    Alliance, Corridor, GatewayLink, GatewayRole, Mandate, Place, Scenario, TableLink,
};

/// States what differs between two scenarios: keys, places, links of files, alliances, corridors,
/// gateway links, later tasks and observed batches, matched by their ids.
pub fn diff(a: &Loaded, b: &Loaded) -> Diff {
    let (pa, pb) = (parts(a), parts(b));
    let (keys, equal_keys) = changes(&pa.keys, &pb.keys);
    let mut tables = vec![places(&pa, &pb)];
    tables.push(links(&pa, &pb));
    let row = |side: &Parts<'_>, alliance: &Alliance| alliance_columns(alliance, &side.layers);
    tables.push(rows(
        "alliances",
        (&pa, pa.alliances),
        (&pb, pb.alliances),
        |_, x| x.id.clone(),
        row,
    ));
    let row = |side: &Parts<'_>, corridor: &Corridor| corridor_columns(corridor, side);
    tables.push(rows(
        "corridors",
        (&pa, pa.corridors),
        (&pb, pb.corridors),
        |_, x| x.id.clone(),
        row,
    ));
    tables.push(rows(
        "gateway links",
        (&pa, pa.gateway_links),
        (&pb, pb.gateway_links),
        |side, link| {
            let role = match link.role {
                GatewayRole::Serves => "serves",
                GatewayRole::Entry => "entry",
                GatewayRole::Source => "source",
            };
            format!(
                "{} {role} {}",
                id_of(side, link.gateway),
                id_of(side, link.place)
            )
        },
        |_, link| {
            let GatewayLink {
                gateway: _,
                role: _,
                place: _,
                share,
            } = link;
            vec![("share".to_owned(), share.to_string())]
        },
    ));
    tables.push(rows(
        "mandates",
        (&pa, pa.mandates),
        (&pb, pb.mandates),
        |side, mandate| format!("{} {}", id_of(side, mandate.zone), mandate.month),
        |_, mandate| {
            let Mandate {
                zone: _,
                month: _,
                tasks,
            } = mandate;
            vec![("tasks".to_owned(), tasks.to_string())]
        },
    ));
    tables.push(rows(
        "observed batches",
        (&pa, pa.observed),
        (&pb, pb.observed),
        |_, (month, _)| month.to_string(),
        |_, (_, items)| vec![("items".to_owned(), items.to_string())],
    ));
    Diff {
        a: title(a),
        b: title(b),
        keys,
        equal_keys,
        tables,
    }
}

fn title(loaded: &Loaded) -> String {
    let Scenario { name, layout, .. } = &loaded.scenario;
    if layout.is_empty() {
        name.clone()
    } else {
        format!("{name} with {layout}")
    }
}

fn changes(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> (Vec<Change>, u64) {
    let mut changes = Vec::new();
    let mut equal = 0;
    let only_b = b.keys().filter(|key| !a.contains_key(*key));
    let mut keys: Vec<&String> = a.keys().chain(only_b).collect();
    keys.sort();
    for key in keys {
        let (a, b) = (a.get(key), b.get(key));
        if a == b {
            equal += 1;
        } else {
            changes.push(Change {
                key: key.clone(),
                a: a.cloned(),
                b: b.cloned(),
            });
        }
    }
    (changes, equal)
}

/// Compares two tables row by row, matched by id. Rows with one id are numbered.
fn rows<T>(
    table: &str,
    (side_a, a): (&Parts<'_>, &[T]),
    (side_b, b): (&Parts<'_>, &[T]),
    id: impl Fn(&Parts<'_>, &T) -> String,
    columns: impl Fn(&Parts<'_>, &T) -> Vec<(String, String)>,
) -> TableDiff {
    let index = |side: &Parts<'_>, list: &[T]| {
        let mut rows: BTreeMap<(String, usize), usize> = BTreeMap::new();
        let mut last: BTreeMap<String, usize> = BTreeMap::new();
        for (position, row) in list.iter().enumerate() {
            let id = id(side, row);
            let number = last.entry(id.clone()).and_modify(|n| *n += 1).or_insert(0);
            rows.insert((id, *number), position);
        }
        rows
    };
    let (in_a, in_b) = (index(side_a, a), index(side_b, b));
    let mut diff = TableDiff {
        table: table.to_owned(),
        ..TableDiff::default()
    };
    for (id, at) in &in_a {
        let Some(there) = in_b.get(id) else {
            diff.note(How::Removed, || id.0.clone(), Vec::new());
            continue;
        };
        let of_a = columns(side_a, &a[*at]).into_iter().collect();
        let of_b = columns(side_b, &b[*there]).into_iter().collect();
        let (changes, _) = changes(&of_a, &of_b);
        if changes.is_empty() {
            diff.equal += 1;
        } else {
            diff.note(How::Changed, || id.0.clone(), changes);
        }
    }
    for id in in_b.keys().filter(|id| !in_a.contains_key(*id)) {
        diff.note(How::Added, || id.0.clone(), Vec::new());
    }
    diff
}

fn ids(places: &[Place]) -> Ids {
    let mut ids = Ids::default();
    for place in places {
        // The places of a checked scenario have different ids.
        let _ = ids.insert(&place.id);
    }
    ids
}

fn places(a: &Parts<'_>, b: &Parts<'_>) -> TableDiff {
    let mut diff = TableDiff {
        table: "places".to_owned(),
        ..TableDiff::default()
    };
    let in_b = ids(b.places);
    let in_a = ids(a.places);
    let same_columns = a.industries == b.industries && a.domains == b.domains;
    for place in a.places {
        let there = in_b.get(&place.id);
        let Some(there) = there.and_then(|at| b.places.get(at as usize)) else {
            diff.note(How::Removed, || place.id.clone(), Vec::new());
            continue;
        };
        if same_columns && place == there {
            diff.equal += 1;
            continue;
        }
        let of_a = place_columns(place, a).into_iter().collect();
        let of_b = place_columns(there, b).into_iter().collect();
        let (changes, _) = changes(&of_a, &of_b);
        if changes.is_empty() {
            diff.equal += 1;
        } else {
            diff.note(How::Changed, || place.id.clone(), changes);
        }
    }
    for place in b.places {
        if in_a.get(&place.id).is_none() {
            diff.note(How::Added, || place.id.clone(), Vec::new());
        }
    }
    diff
}

/// Compares the links of files, layer by layer and source by source.
fn links(a: &Parts<'_>, b: &Parts<'_>) -> TableDiff {
    let mut diff = TableDiff {
        table: "links of files".to_owned(),
        ..TableDiff::default()
    };
    let mut common = ids(a.places);
    for place in b.places {
        // Only the places that the first scenario lacks are new.
        let _ = common.insert(&place.id);
    }
    let mut tables: BTreeMap<(&str, usize), [Vec<TableLink>; 2]> = BTreeMap::new();
    for (side, second) in [(a, 0), (b, 1)] {
        let position: Vec<u32> = side
            .places
            .iter()
            .map(|place| common.get(&place.id).unwrap_or(u32::MAX))
            .collect();
        for table in side.link_tables {
            let layer = side.layers.get(table.layer).copied().unwrap_or("");
            let list = &mut tables.entry((layer, table.source)).or_default()[second];
            list.extend(table.links.iter().map(|link| TableLink {
                listener: position[link.listener as usize],
                source: position[link.source as usize],
                weight: link.weight,
            }));
            list.sort_unstable_by_key(|link| (link.listener, link.source));
        }
    }
    for ((layer, source), [of_a, of_b]) in tables {
        let id = |link: &TableLink| {
            format!(
                "{layer} {source}: {} hears {}",
                common.name(link.listener),
                common.name(link.source)
            )
        };
        let (mut left, mut right) = (of_a.iter().peekable(), of_b.iter().peekable());
        loop {
            let key = |link: &&TableLink| (link.listener, link.source);
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(x), Some(y)) => key(x).cmp(&key(y)),
            };
            match order {
                std::cmp::Ordering::Less => {
                    if let Some(link) = left.next() {
                        diff.note(How::Removed, || id(link), Vec::new());
                    }
                }
                std::cmp::Ordering::Greater => {
                    if let Some(link) = right.next() {
                        diff.note(How::Added, || id(link), Vec::new());
                    }
                }
                std::cmp::Ordering::Equal => {
                    if let (Some(x), Some(y)) = (left.next(), right.next()) {
                        if x.weight == y.weight {
                            diff.equal += 1;
                        } else {
                            let change = Change {
                                key: "weight".to_owned(),
                                a: Some(x.weight.to_string()),
                                b: Some(y.weight.to_string()),
                            };
                            diff.note(How::Changed, || id(x), vec![change]);
                        }
                    }
                }
            }
        }
    }
    diff
}
