//! From a choice to the layout file that makes it, over the baseline.

use std::collections::BTreeMap;

use crate::scenario::month::MonthOrNever;
use crate::scenario::spec::{AllianceSpec, DatesSpec, LayoutSpec};
use crate::scenario::tables::{Alliance, Member, Who};

use super::space::{Act, Space};

/// What the id of an alliance ends with whose members or strength are other ones than in the catalogue.
const CHANGED: &str = "-changed";

/// The layout of a choice, by this name; `layers` are the ids of the scenario's layers.
pub fn layout(space: &Space, choice: &[u8], name: &str, layers: &[String]) -> LayoutSpec {
    let mut spec = LayoutSpec {
        layout: name.to_owned(),
        title: space.words(choice),
        ..LayoutSpec::default()
    };
    for (at, seat) in space.seats.iter().enumerate() {
        let Some(standing) = space.standing(at, choice).filter(|of| of.touched) else {
            continue;
        };
        let id = seat.alliance.id.clone();
        let now = standing.alliance;
        let dated = now.from != seat.alliance.from;
        let other = now.members != seat.alliance.members || now.strength != seat.alliance.strength;
        match (seat.active, standing.on) {
            (true, false) => spec.drop.push(id),
            (false, false) => {}
            // It is written anew: a layout cannot change its members.
            _ if other || seat.defined.is_some() => {
                let written = match seat.defined {
                    Some(_) => id,
                    None => format!("{id}{CHANGED}"),
                };
                if seat.active {
                    spec.drop.push(seat.alliance.id.clone());
                }
                spec.define.push(written_anew(now, written, layers));
            }
            (active, true) => {
                if !active {
                    spec.add.push(id.clone());
                }
                if dated {
                    let dates = DatesSpec {
                        from: now.from,
                        to: None,
                    };
                    spec.dates.insert(id, dates);
                }
            }
        }
    }
    for (candidate, option) in space.candidates.iter().zip(choice) {
        let Some(at) = usize::from(*option).checked_sub(1) else {
            continue;
        };
        let (months, zone, month) = match &candidate.act {
            Act::Open(zone, list) => (&mut spec.open, zone, list[at]),
            Act::Close(zone, list) => (&mut spec.close, zone, list[at]),
            Act::Alliance(..) | Act::Member(..) => continue,
        };
        months.insert(space.zones[*zone].id.clone(), MonthOrNever(Some(month)));
    }
    spec
}

fn written_anew(alliance: Alliance, id: String, layers: &[String]) -> AllianceSpec {
    let [mut groups, mut provinces, mut places] = [const { Vec::new() }; 3];
    let mut dates = BTreeMap::new();
    for Member { who, from, to } in alliance.members {
        if from.is_some() || to.is_some() {
            dates.insert(who.name().to_owned(), DatesSpec { from, to });
        }
        match who {
            Who::Group(name) => groups.push(name),
            Who::Province(name) => provinces.push(name),
            Who::Place(name) => places.push(name),
        }
    }
    let layers = layers.iter().cloned().zip(alliance.layers);
    AllianceSpec {
        id,
        name_en: alliance.name_en,
        name_zh: alliance.name_zh,
        from: alliance.from,
        to: alliance.to,
        strength: alliance.strength,
        size_exponent: alliance.size_exponent,
        layers: layers.filter(|(_, by)| *by != 1.0).collect(),
        groups,
        provinces,
        places,
        dates,
    }
}

/// The text of a layout file: what it changes, and nothing else.
pub fn text(spec: &LayoutSpec) -> String {
    let mut table = toml::Table::try_from(spec).unwrap_or_default();
    let is_empty = |value: &toml::Value| match value {
        toml::Value::Array(list) => list.is_empty(),
        toml::Value::Table(table) => table.is_empty(),
        toml::Value::String(text) => text.is_empty(),
        _ => false,
    };
    table.retain(|_, value| {
        if let toml::Value::Array(list) = value {
            let tables = list.iter_mut().filter_map(toml::Value::as_table_mut);
            tables.for_each(|table| table.retain(|_, value| !is_empty(value)));
        }
        !is_empty(value)
    });
    toml::to_string(&table).unwrap_or_default()
}
