//! The tables of a run: which there are. Each is declared with what fills it in [`super::record`].

use crate::model::Mechanisms;
use crate::store::TableDef;
use crate::world::World;

use super::labels::in_steps;
use super::record::{self, Wanted};

/// Names of the tables that `--tables` takes. `outcomes` is always written: the summary reads it. The
/// last three are those of [`FIRMS`].
pub const NAMES: [&str; 13] = [
    "national",
    "places",
    "innovations",
    "adoptions",
    "abandonments",
    "spillovers",
    "credit",
    "structures",
    "links",
    "outcomes",
    "uptake",
    "benefit",
    "sample",
];

/// The table that `all` leaves out: it is the same in all replicates.
pub const ON_REQUEST: &str = "links";

/// The tables that only a scenario with firms has.
pub const FIRMS: [&str; 3] = ["uptake", "benefit", "sample"];

/// Names of the tables that a scenario can have; `firms`: whether it has firms.
pub fn names(firms: bool) -> &'static [&'static str] {
    &NAMES[..if firms {
        NAMES.len()
    } else {
        NAMES.len() - FIRMS.len()
    }]
}

/// The tables that are written by default: all but `adoptions` and `abandonments`, which have a row for
/// each and are by far the largest, and [`ON_REQUEST`]. With firms, those of [`FIRMS`] too.
pub const USUAL: [&str; 7] = [
    "national",
    "places",
    "innovations",
    "spillovers",
    "credit",
    "structures",
    "outcomes",
];

/// The definitions of the wanted tables, in the order of [`NAMES`].
pub fn definitions(world: &World, mechanisms: &Mechanisms, wanted: &Wanted) -> Vec<TableDef> {
    let firms = world.firms.is_some();
    let all = [
        record::national(firms).def(),
        record::places(&world.domains, wanted.every).def(),
        record::innovations().def(),
        record::adoptions(&mechanisms.names).def(),
        record::abandonments().def(),
        record::spillovers(&mechanisms.unheard()).def(),
        record::credit(&mechanisms.about).def(),
        record::structures().def(),
        record::links(&world.domains).def(),
        record::outcomes().def(),
        record::uptake(wanted.every).def(),
        record::benefit(&world.domains, wanted.every).def(),
        record::sample().def(),
    ];
    all.into_iter()
        .filter(|table| firms || !FIRMS.contains(&table.name.as_str()))
        .filter(|table| wanted.has(&table.name))
        .map(|table| in_steps(world.calendar.step, table))
        .collect()
}
