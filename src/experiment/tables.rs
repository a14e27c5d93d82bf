//! The tables of a run: every column with its unit and what it is. One definition feeds the files and
//! `columns.csv`; `docs/results.md` names them all.

use crate::model::Mechanisms;
use crate::store::{ColumnDef, Kind, TableDef};
use crate::world::World;

use super::record::Wanted;

/// Names of the tables that `--tables` takes. `outcomes` is always written: the summary reads it. The
/// last three are those of [`FIRMS`].
pub const NAMES: [&str; 11] = [
    "national",
    "places",
    "innovations",
    "adoptions",
    "spillovers",
    "credit",
    "structures",
    "outcomes",
    "uptake",
    "benefit",
    "sample",
];

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

/// The tables that are written unless told otherwise: all but `adoptions`, which has a row for
/// every adoption and is by far the largest. With firms, those of [`FIRMS`] too.
pub const USUAL: [&str; 7] = [
    "national",
    "places",
    "innovations",
    "spillovers",
    "credit",
    "structures",
    "outcomes",
];

/// A column name from an id: lower-case letters, digits and `_`, cut to 32 characters.
pub fn column_name(prefix: &str, id: &str) -> String {
    let clean = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let mut name: String = prefix.chars().chain(id.chars().map(clean)).collect();
    name.truncate(32);
    name
}

/// Column names of the mechanisms, made unique where cutting made them equal.
pub fn mechanism_columns(mechanisms: &Mechanisms) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (n, mechanism) in mechanisms.names.iter().enumerate() {
        let mut name = column_name("c_", mechanism);
        let (whole, mut number) = (name.clone(), n);
        while names.contains(&name) {
            let tail = format!("_{number}");
            name = whole
                .chars()
                .take(32 - tail.len())
                .chain(tail.chars())
                .collect();
            number += 1;
        }
        names.push(name);
    }
    names
}

/// The definitions of the wanted tables, in the order of [`NAMES`].
pub fn definitions(world: &World, mechanisms: &Mechanisms, wanted: &Wanted) -> Vec<TableDef> {
    let firms = world.firms.is_some();
    let all = [
        national(firms),
        places(world, wanted.every),
        innovations(),
        adoptions(mechanisms),
        spillovers(),
        credit(),
        structures(),
        outcomes(),
        uptake(wanted.every),
        benefit(world, wanted.every),
        sample(),
    ];
    all.into_iter()
        .filter(|table| firms || !FIRMS.contains(&table.name.as_str()))
        .filter(|table| wanted.has(&table.name))
        .collect()
}

pub(super) fn text(name: &str, what: &str) -> ColumnDef {
    ColumnDef::new(name, Kind::Text, "", what)
}

pub(super) fn int(name: &str, unit: &str, what: &str) -> ColumnDef {
    ColumnDef::new(name, Kind::Int, unit, what)
}

pub(super) fn float(name: &str, unit: &str, what: &str) -> ColumnDef {
    ColumnDef::new(name, Kind::Float, unit, what)
}

pub(super) fn month(name: &str, what: &str) -> ColumnDef {
    ColumnDef::new(name, Kind::Month, "month", what)
}

pub(super) fn replicate() -> ColumnDef {
    int("replicate", "", "replicate number, from 0")
}

pub(super) fn national(firms: bool) -> TableDef {
    let mut table = TableDef::new(
        "national",
        "one row per replicate and month: the country",
        vec![
            replicate(),
            month("month", "the month"),
            int("born", "innovations", "innovations born in the month"),
            int(
                "implemented",
                "innovations",
                "innovations implemented at their origin in the month",
            ),
            int("failed", "innovations", "pilots that failed in the month"),
            int(
                "replicated_provincial",
                "innovations",
                "innovations that a province took up in the month",
            ),
            int(
                "replicated_national",
                "innovations",
                "innovations that the centre took up in the month",
            ),
            int(
                "adoptions",
                "adoptions",
                "adoptions in the month, origins not counted",
            ),
            int("abandonments", "adoptions", "items abandoned in the month"),
            float(
                "mean_stock",
                "quality",
                "weight-mean over regions of sum_k q_k * adopted",
            ),
            float(
                "coverage",
                "share",
                "places with at least one item over places that can adopt",
            ),
            int("points", "zones", "open zones"),
            int(
                "lines",
                "lines",
                "formed lines: y_ij >= theta_line, until below theta_line / 2",
            ),
            int(
                "circles",
                "circles",
                "formed circles: reached weight >= theta_circle of the catchment's",
            ),
            int(
                "clusters",
                "clusters",
                "groups of circles that share a place",
            ),
            int("axes", "axes", "formed axes"),
            float(
                "plane_share",
                "share",
                "weight on an axis or a cluster connected to one, as of the end of the month before, over all weight",
            ),
            int("plane", "", "1 when plane_share >= theta_plane"),
            float(
                "spillover_share",
                "share",
                "credit to sources over all credit of the month; missing without adoptions",
            ),
            float(
                "theil",
                "",
                "Theil T of the stock over regions, weighted: sum (m s / M mu) ln(s / mu)",
            ),
            float("theil_within", "", "part of theil within areas"),
            float("theil_between", "", "part of theil between areas"),
            float(
                "gini",
                "",
                "weighted Gini coefficient of the stock over regions",
            ),
            float(
                "moran",
                "",
                "Moran's I of the stock over regions, W the mean of the layers; missing when all are equal or none hears another",
            ),
        ],
    );
    if firms {
        table.columns.push(float(
            "uptake",
            "share",
            "weight-mean over regions of the mean over domains of the size-weighted share of firms that took up",
        ));
        table.columns.push(float(
            "benefit",
            "benefit",
            "sum over regions of weight * sum_d gamma_d * (size-weighted share of firms that took d up)",
        ));
    }
    table
}

/// When rows are there, said in numbers.
fn periods(every: u16) -> String {
    format!("the month: the last of every {every} calendar months (--every) and of the run")
}

fn uptake(every: u16) -> TableDef {
    TableDef::new(
        "uptake",
        "one row per replicate, month, cell with firms (region, industry, size class) and domain",
        vec![
            replicate(),
            month("month", &periods(every)),
            text("region", "place id"),
            text("industry", "industry id"),
            text("size_class", "from_ and the least size"),
            text("domain", "domain"),
            float(
                "share",
                "share",
                "firms of the cell that took the domain up over all its firms",
            ),
            int("firms", "firms", "firms of the cell"),
        ],
    )
}

fn benefit(world: &World, every: u16) -> TableDef {
    let mut columns = vec![
        replicate(),
        month("month", &periods(every)),
        text("region", "place id"),
        float("benefit", "benefit", "weight * sum_d gamma_d * uptake_d"),
    ];
    for domain in &world.domains {
        columns.push(float(
            &column_name("uptake_", domain),
            "share",
            "size-weighted share of the region's firms that took the domain up",
        ));
    }
    TableDef::new(
        "benefit",
        "one row per replicate, month and region",
        columns,
    )
}

fn sample() -> TableDef {
    TableDef::new(
        "sample",
        "one row per replicate, sampled firm, domain and month: a panel with its true hazards",
        vec![
            replicate(),
            text(
                "firm",
                "firm id: region.industry.size class.number, or the user's",
            ),
            text("region", "place id"),
            text("industry", "industry id"),
            text("size_class", "from_ and the least size"),
            float("size", "employees", "mean size of the class"),
            int("partners", "firms", "number of partners"),
            text("domain", "domain"),
            month("month", "the month"),
            float(
                "partner_share",
                "share",
                "partners that had taken the domain up by the end of the month before; missing without partners",
            ),
            float(
                "hazard",
                "per month",
                "h_fd of the month; missing once it had taken up",
            ),
            int(
                "took_up",
                "",
                "1 in the month in which it takes the domain up",
            ),
            int("taken", "", "1 from that month on"),
        ],
    )
}

fn places(world: &World, every: u16) -> TableDef {
    // Said in numbers: a run with another `--every` has other columns and cannot be resumed as this.
    let months = periods(every);
    let mut columns = vec![
        replicate(),
        month("month", &months),
        text("place", "place id"),
        float("stock", "quality", "sum_k q_k * adopted"),
    ];
    for domain in &world.domains {
        columns.push(int(
            &column_name("items_", domain),
            "innovations",
            "items of the domain that the place has",
        ));
    }
    columns.push(int(
        "scale",
        "",
        "highest scale the place is on: 0 none, 1 point (has an item or is an open zone), 2 line, 3 circle, 4 axis, 5 plane",
    ));
    TableDef::new(
        "places",
        "one row per replicate, month and place that can adopt",
        columns,
    )
}

fn innovations() -> TableDef {
    TableDef::new(
        "innovations",
        "one row per replicate and innovation",
        vec![
            replicate(),
            text("innovation", "innovation id: origin zone and serial number"),
            text("origin", "origin zone"),
            int("serial", "", "serial number at the origin, from 1"),
            text("domain", "domain"),
            float("quality", "quality", "q_k in (0, 1)"),
            text("orientation", "serves industry: direct, indirect or none"),
            month("born", "month of birth"),
            month("implemented", "month of implementation; missing when never"),
            month(
                "failed",
                "month in which the pilot failed; missing when never",
            ),
            month(
                "replicated_provincial",
                "month of provincial replication; missing when never",
            ),
            month(
                "replicated_national",
                "month of national replication; missing when never",
            ),
            int(
                "adopters",
                "places",
                "places that ever took it up, origin included",
            ),
            int(
                "months_to_25",
                "months",
                "from implementation until 25 % of the places that can adopt had taken it up; missing when not by the end",
            ),
            int("months_to_50", "months", "the same for 50 %"),
            int("months_to_75", "months", "the same for 75 %"),
        ],
    )
}

fn adoptions(mechanisms: &Mechanisms) -> TableDef {
    let mut columns = vec![
        replicate(),
        text("innovation", "innovation id"),
        text("place", "place that adopted"),
        month("month", "month of adoption"),
        text(
            "main_source",
            "source with the largest part of the exposure; missing when all was replication",
        ),
    ];
    for (column, name) in mechanism_columns(mechanisms).iter().zip(&mechanisms.names) {
        columns.push(float(
            column,
            "share",
            &format!("credit to mechanism {name}; the row's credits add up to 1"),
        ));
    }
    TableDef::new(
        "adoptions",
        "one row per replicate and adoption, origins not counted",
        columns,
    )
}

fn spillovers() -> TableDef {
    TableDef::new(
        "spillovers",
        "one row per replicate, source and target with credit between them: the spillover matrix",
        vec![
            replicate(),
            text("source", "place that was heard"),
            text("target", "place that adopted"),
            float(
                "credit",
                "adoptions",
                "credit over the whole run; a target's credits add up to its adoptions less provincial and national credit",
            ),
        ],
    )
}

fn credit() -> TableDef {
    TableDef::new(
        "credit",
        "one row per replicate, year and mechanism",
        vec![
            replicate(),
            int("year", "year", "calendar year"),
            text(
                "mechanism",
                "base_<layer>, line, circle, axis (with express), alliance_<id>, transit, provincial, national",
            ),
            float(
                "credit",
                "adoptions",
                "credit in the year; a year's credits add up to its adoptions",
            ),
        ],
    )
}

fn structures() -> TableDef {
    TableDef::new(
        "structures",
        "one row per replicate and structure event",
        vec![
            replicate(),
            month("month", "month of the event"),
            text("kind", "line, circle, axis or plane"),
            text("id", "two places joined by ~, zone, corridor, or plane"),
            text("event", "formed or dissolved"),
            int("size", "places", "places in it (axis: segments)"),
            float("weight_share", "share", "its share of all weight"),
        ],
    )
}

fn outcomes() -> TableDef {
    TableDef::new(
        "outcomes",
        "one row per replicate and outcome of the whole run; what the summary is made of",
        vec![
            replicate(),
            text("outcome", "what"),
            text(
                "item",
                "which one: a mechanism, corridor, batch month, place; missing for the country",
            ),
            float(
                "value",
                "",
                "value; months are counted from the start of the run, from 0; missing when it never came",
            ),
        ],
    )
}
