//! What the layouts set, in the words of the checked diff.

use crate::scenario::diff_words::noun;
use crate::scenario::{Change, Diff, How, RowChange};
use crate::texts::{Text, text};
use crate::world::{PlaceId, World};

use super::chain::{Pair, Root};

/// How many items are named.
const NAMED: usize = 3;

/// A root in words.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RootWords {
    /// What kind of thing the layouts set: `opening`, `zone`, `alliance`, `transit`, `links`,
    /// `place`, `rule`.
    pub kind: &'static str,
    /// The items of the diff that it comes from; the first ones.
    pub items: Vec<Text>,
    /// What a reader may not expect of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// Names the items of the diff that a root comes from.
pub fn words(root: Root, pair: &Pair<'_>, diff: &Diff) -> RootWords {
    let id = |place: PlaceId| pair.worlds[0].places.id[place].as_str();
    let changed = |place: PlaceId| rows(diff, "places", |row| row.id == id(place));
    let all_places = || rows(diff, "places", |_| true);
    let keys = |prefixes: &[&str]| keys(diff, prefixes);
    let (kind, mut items) = match root {
        Root::Opens(place) => ("opening", changed(place)),
        Root::Zone(zone) => {
            let of = |row: &RowChange| row.id.starts_with(&format!("{} ", id(zone)));
            let given = |row: &RowChange| row.id.ends_with(&format!(" {}", id(zone)));
            let mut items = changed(zone);
            items.extend(rows(diff, "mandates", of));
            items.extend(rows(diff, "gateway links", given));
            items.extend(keys(&["point.", "domains"]));
            ("zone", items)
        }
        Root::Alliance(alliance, listener, source) => {
            let alliance = pair.names.which(alliance);
            let mut items = rows(diff, "alliances", |row| row.id == alliance);
            if items.is_empty() {
                // The same alliance, with other delegates.
                items = zones_of(pair, alliance)
                    .into_iter()
                    .flat_map(changed)
                    .collect();
            }
            let ends = [listener, source].into_iter().flat_map(changed);
            if items.is_empty() {
                items.extend(ends);
            }
            ("alliance", items)
        }
        Root::Transit(listener, source) => {
            let mut items = rows(diff, "gateway links", |_| true);
            items.extend(keys(&["gateways."]));
            items.extend([listener, source].into_iter().flat_map(changed));
            if items.is_empty() {
                items = all_places();
            }
            ("transit", items)
        }
        Root::Links(listener, source) => {
            let mut items = changed(source);
            items.extend(rows(diff, "links of files", |row| {
                row.id
                    .ends_with(&format!(": {} hears {}", id(listener), id(source)))
            }));
            if items.is_empty() {
                // Whom else the listener hears in other months.
                items = hears_otherwise(pair, listener)
                    .into_iter()
                    .flat_map(changed)
                    .collect();
            }
            items.extend(changed(listener));
            items.extend(keys(&["layers", "domains"]));
            if items.is_empty() {
                items = all_places();
            }
            ("links", items)
        }
        Root::Place(place) => {
            let mut items = changed(place);
            items.extend(keys(&["line.", "point.", "circle.", "plane.", "firms."]));
            ("place", items)
        }
        Root::Rule => {
            let mut items = keys(&["line.", "circle.", "axis.", "plane.", "firms."]);
            items.extend(rows(diff, "corridors", |_| true));
            ("rule", items)
        }
    };
    if items.is_empty() {
        items = everything(diff);
    }
    let more = items.len().saturating_sub(NAMED);
    items.truncate(NAMED);
    if more > 0 {
        items.push(text!("items-more", more));
    }
    let note = standing(root, pair);
    RootWords { kind, items, note }
}

/// A zone that is open in other months takes part in the rows of W in these (model §7.1).
fn standing(root: Root, pair: &Pair<'_>) -> Option<Text> {
    let Root::Links(listener, source) = root else {
        return None;
    };
    let mut zones = hears_otherwise(pair, listener);
    zones.extend(Some(source).filter(|i| dated_otherwise(pair, *i)));
    let zone = &pair.worlds[0].places.id[*zones.first()?];
    Some(text!("root-standing", zone))
}

/// Whether a place opens or closes in another month in the other world.
fn dated_otherwise(pair: &Pair<'_>, i: PlaceId) -> bool {
    let [a, b] = pair.worlds.map(|world| &world.places);
    (a.open[i], a.close[i]) != (b.open[i], b.close[i])
}

/// All items of a diff, but the name of the layout.
pub fn everything(diff: &Diff) -> Vec<Text> {
    let mut items = keys(diff, &[""]);
    for table in &diff.tables {
        items.extend(rows(diff, &table.table, |_| true));
    }
    items
}

fn keys(diff: &Diff, prefixes: &[&str]) -> Vec<Text> {
    diff.keys
        .iter()
        .filter(|change| prefixes.iter().any(|p| change.key.starts_with(p)))
        .filter(|change| change.key != "layout")
        .map(Change::text)
        .collect()
}

fn rows(diff: &Diff, table: &str, wanted: impl Fn(&RowChange) -> bool) -> Vec<Text> {
    let tables = diff.tables.iter().filter(|t| t.table == table);
    let list = tables.flat_map(|t| &t.rows).filter(|row| wanted(row));
    list.map(|row| {
        let (what, id) = (noun(table, 2), &row.id);
        match row.how {
            How::Added => text!("root-only-b", what, id),
            How::Removed => text!("root-only-a", what, id),
            How::Changed => {
                let columns = row.columns.iter().map(Change::text);
                let together = |first, second| text!("and-too", first, second);
                let changes = columns.reduce(together).unwrap_or_else(|| "".into());
                text!("root-changed", what, id, changes)
            }
        }
    })
    .collect()
}

/// Delegates of an alliance in one of the worlds only, or from other months.
fn zones_of(pair: &Pair<'_>, alliance: &str) -> Vec<PlaceId> {
    let of = |world: &World| -> Vec<PlaceId> {
        let found = world.alliances.iter().find(|a| a.id == alliance);
        found.map_or_else(Vec::new, |a| a.groups.concat())
    };
    let mut list = of(pair.worlds[0]);
    list.extend(of(pair.worlds[1]));
    list.sort_unstable();
    list.dedup();
    list.retain(|&i| dated_otherwise(pair, i));
    list
}

/// Zones that a place hears in other months because they open or close in others.
fn hears_otherwise(pair: &Pair<'_>, listener: PlaceId) -> Vec<PlaceId> {
    let hears = |world: &World, source: PlaceId| world.network.link(listener, source).is_some();
    let [a, b] = pair.worlds;
    let places = a.places.each();
    places
        .filter(|&i| dated_otherwise(pair, i) && (hears(a, i) || hears(b, i)))
        .collect()
}
