//! The tables of a run but those of firms: every column with its unit, what it is, and what fills it.

use std::sync::Arc;

use crate::experiment::labels::every_month;
use crate::experiment::observe::{Places, Spillover};
use crate::experiment::outcomes;
use crate::measure::NationalRow;
use crate::model::point::Orientation;
use crate::model::{Innovation, StructureEvent};
use crate::store::schema::{Field, Schema};
use crate::store::{Column, ColumnDef};
use crate::world::NEVER;

use super::kept::{self, Kept, Rows, of_replicate};
use super::names::Names;

/// A column name from an id: lower-case letters, digits and `_`, cut to 32 characters.
pub(super) fn column_name(prefix: &str, id: &str) -> String {
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
pub(crate) fn mechanism_columns(mechanisms: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (n, mechanism) in mechanisms.iter().enumerate() {
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

/// A month of the country.
pub(crate) type NationalMonth = (u16, NationalRow);

/// The table `national`; `firms`: also the measures of firms.
pub(crate) fn national<'a>(firms: bool) -> Schema<'a, Kept<'a, Vec<NationalMonth>>> {
    of_replicate::<Vec<NationalMonth>>("national", "one row per replicate and month: the country")
        .date("month", "the month", |row| row.0)
        .all(kept::national(
            firms,
            |kept: &Kept<'a, Vec<NationalMonth>>| Box::new(kept.rows.iter().map(|row| &row.1)),
        ))
}

impl Rows for Places {
    fn count(&self) -> usize {
        self.month.len()
    }
}

/// The table `places` of a world with these domains.
pub(crate) fn places<'a>(domains: &[String], every: u16) -> Schema<'a, Kept<'a, Places>> {
    of_replicate::<Places>(
        "places",
        "one row per replicate, month and place: regions, and zones from their opening on",
    )
    .column(every_month(every), |kept| {
        kept.months(kept.rows.month.iter().copied())
    })
    .column(ColumnDef::text("place", "place id"), |kept| Column::Text {
        codes: kept.rows.place.iter().map(|p| Some(p.code())).collect(),
        ids: kept.names.places.clone(),
    })
    .column(
        ColumnDef::float("stock", "quality", "sum_k q_k * adopted"),
        |kept| Column::Float(std::mem::take(&mut kept.rows.stock)),
    )
    .all(domains.iter().enumerate().map(|(d, domain)| {
        let def = ColumnDef::int(
            &column_name("items_", domain),
            "innovations",
            "items of the domain that the place has",
        );
        Field::new(def, move |kept: &mut Kept<'a, Places>| {
            let items = kept.rows.items[d].iter();
            Column::Int(items.map(|n| Some(i64::from(*n))).collect())
        })
    }))
    .column(
        ColumnDef::int(
            "scale",
            "",
            "highest scale the place is on: 0 none, 1 point (has an item or is an \
             open zone), 2 line, 3 circle, 4 axis, 5 plane",
        ),
        |kept| {
            let scale = kept.rows.scale.iter();
            Column::Int(scale.map(|s| Some(i64::from(*s))).collect())
        },
    )
}

/// An innovation at the end of the run.
#[derive(Debug)]
pub(crate) struct InnovationRow {
    pub(super) id: String,
    pub(super) innovation: Innovation,
    pub(super) provincial: u16,
    pub(super) national: u16,
    /// Places that ever took it up.
    pub(super) ever: u32,
    /// First month in which 25, 50 and 75 % of the places that could adopt in it had taken it up.
    pub(super) first: [u16; 3],
}

impl InnovationRow {
    /// Months from implementation until a share of the places had it.
    fn months_to(&self, reach: usize) -> Option<i64> {
        let first = self.first[reach];
        (first != NEVER).then(|| i64::from(first - self.innovation.implemented))
    }
}

/// The table `innovations`.
pub(crate) fn innovations<'a>() -> Schema<'a, Kept<'a, Vec<InnovationRow>>> {
    of_replicate::<Vec<InnovationRow>>("innovations", "one row per replicate and innovation")
        .column(
            ColumnDef::text("innovation", "innovation id: origin zone and serial number"),
            |kept| Column::Text {
                codes: (0..kept.rows.len() as u32).map(Some).collect(),
                ids: Arc::new(kept.rows.iter().map(|row| row.id.clone()).collect()),
            },
        )
        .column(ColumnDef::text("origin", "origin zone"), |kept| {
            let origins = kept.rows.iter().map(|row| row.innovation.origin);
            Column::Text {
                codes: origins
                    .map(|origin| origin.map(|place| place.code()))
                    .collect(),
                ids: Arc::clone(&kept.names.places),
            }
        })
        .whole("serial", "", "serial number at the origin, from 1", |row| {
            Some(i64::from(row.innovation.serial))
        })
        .code(
            "domain",
            "domain",
            |names| &names.domains,
            |row| row.innovation.domain,
        )
        .number("quality", "quality", "q_k in (0, 1)", |row| {
            row.innovation.quality
        })
        .code(
            "orientation",
            "serves industry: direct, indirect or none",
            |names| &names.orientations,
            |row| match row.innovation.orientation {
                Orientation::Direct => 0,
                Orientation::Indirect => 1,
                Orientation::None => 2,
            },
        )
        .date("born", "month of birth", |row| row.innovation.born_month())
        .date(
            "implemented",
            "month of implementation; missing when never",
            |row| row.innovation.implemented,
        )
        .date(
            "failed",
            "month in which the pilot failed; missing when never",
            |row| row.innovation.failed,
        )
        .date(
            "replicated_provincial",
            "month of provincial replication; missing when never",
            |row| row.provincial,
        )
        .date(
            "replicated_national",
            "month of national replication; missing when never",
            |row| row.national,
        )
        .whole(
            "adopters",
            "places",
            "places that ever took it up, origin included",
            |row| Some(i64::from(row.ever)),
        )
        .whole(
            "months_to_25",
            "months",
            "from implementation to the first month in which 25 % of the places that \
             can adopt in it had ever taken it up; missing when not by the end",
            |row| row.months_to(0),
        )
        .whole("months_to_50", "months", "the same for 50 %", |row| {
            row.months_to(1)
        })
        .whole("months_to_75", "months", "the same for 75 %", |row| {
            row.months_to(2)
        })
}

/// Adoptions, column by column: there are very many.
#[derive(Debug, Default)]
pub(crate) struct AdoptionRows {
    /// Ids of innovations.
    pub(super) ids: Arc<Vec<String>>,
    pub(super) innovation: Vec<u32>,
    pub(super) place: Vec<u32>,
    pub(super) month: Vec<u16>,
    pub(super) source: Vec<Option<u32>>,
    /// By mechanism.
    pub(super) credit: Vec<Vec<f64>>,
}

impl Rows for AdoptionRows {
    fn count(&self) -> usize {
        self.month.len()
    }
}

/// The table `adoptions` of a world with these mechanisms of credit.
pub(crate) fn adoptions<'a>(mechanisms: &[String]) -> Schema<'a, Kept<'a, AdoptionRows>> {
    let columns = mechanism_columns(mechanisms).into_iter().zip(mechanisms);
    of_replicate::<AdoptionRows>(
        "adoptions",
        "one row per replicate and adoption, origins not counted",
    )
    .column(ColumnDef::text("innovation", "innovation id"), |kept| {
        Column::Text {
            codes: kept.rows.innovation.iter().map(|k| Some(*k)).collect(),
            ids: kept.rows.ids.clone(),
        }
    })
    .column(ColumnDef::text("place", "place that adopted"), |kept| {
        Column::Text {
            codes: kept.rows.place.iter().map(|p| Some(*p)).collect(),
            ids: kept.names.places.clone(),
        }
    })
    .column(ColumnDef::month("month", "month of adoption"), |kept| {
        kept.months(kept.rows.month.iter().copied())
    })
    .column(
        ColumnDef::text(
            "main_source",
            "source with the largest part of the exposure; missing when all was \
             replication",
        ),
        |kept| Column::Text {
            codes: std::mem::take(&mut kept.rows.source),
            ids: kept.names.places.clone(),
        },
    )
    .all(columns.enumerate().map(|(m, (column, name))| {
        let what = format!("credit to mechanism {name}; the row's credits add up to 1");
        Field::new(
            ColumnDef::float(&column, "share", &what),
            move |kept: &mut Kept<'a, AdoptionRows>| {
                Column::Float(std::mem::take(&mut kept.rows.credit[m]))
            },
        )
    }))
}

#[derive(Debug, Default)]
pub(crate) struct AbandonmentRows {
    /// Ids of innovations.
    pub(super) ids: Arc<Vec<String>>,
    pub(super) innovation: Vec<u32>,
    pub(super) place: Vec<u32>,
    pub(super) month: Vec<u16>,
}

impl Rows for AbandonmentRows {
    fn count(&self) -> usize {
        self.month.len()
    }
}

/// The table `abandonments`.
pub(crate) fn abandonments<'a>() -> Schema<'a, Kept<'a, AbandonmentRows>> {
    of_replicate::<AbandonmentRows>(
        "abandonments",
        "one row per replicate and abandonment, those of origins too",
    )
    .column(ColumnDef::text("innovation", "innovation id"), |kept| {
        Column::Text {
            codes: kept.rows.innovation.iter().map(|k| Some(*k)).collect(),
            ids: kept.rows.ids.clone(),
        }
    })
    .column(ColumnDef::text("place", "place that abandoned"), |kept| {
        Column::Text {
            codes: kept.rows.place.iter().map(|p| Some(*p)).collect(),
            ids: kept.names.places.clone(),
        }
    })
    .column(ColumnDef::month("month", "month of abandonment"), |kept| {
        kept.months(kept.rows.month.iter().copied())
    })
}

/// The table `spillovers`; `unheard` names the mechanisms that come from no source.
pub(crate) fn spillovers<'a>(unheard: &str) -> Schema<'a, Kept<'a, Vec<Spillover>>> {
    of_replicate::<Vec<Spillover>>(
        "spillovers",
        "one row per replicate, source and target with credit between them: the \
             spillover matrix",
    )
    .code(
        "source",
        "place that was heard",
        |names| &names.places,
        |row| row.0.code(),
    )
    .code(
        "target",
        "place that adopted",
        |names| &names.places,
        |row| row.1.code(),
    )
    .number(
        "credit",
        "adoptions",
        &format!(
            "credit over the whole run; a target's credits add up to its adoptions less {unheard} credit"
        ),
        |row| row.2,
    )
}

/// Year, mechanism and credit.
pub(super) type Credit = (i32, u32, f64);

/// The table `credit`; `about` names the mechanisms.
pub(crate) fn credit<'a>(about: &str) -> Schema<'a, Kept<'a, Vec<Credit>>> {
    of_replicate::<Vec<Credit>>("credit", "one row per replicate, year and mechanism")
        .whole("year", "year", "calendar year", |row| {
            Some(i64::from(row.0))
        })
        .code("mechanism", about, |names| &names.mechanisms, |row| row.1)
        .number(
            "credit",
            "adoptions",
            "credit in the year; a year's credits add up to its adoptions",
            |row| row.2,
        )
}

/// A structure event; `kind` and `id` are positions in the lists of names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StructureRow {
    pub(super) month: u16,
    pub(super) kind: u32,
    pub(super) id: u32,
    pub(super) formed: bool,
    pub(super) size: u32,
    pub(super) weight_share: f64,
}

impl StructureRow {
    pub(super) fn new(names: &Names, event: &StructureEvent) -> Self {
        let (kind, id) = names.shape(event.shape);
        Self {
            month: event.month,
            kind,
            id,
            formed: event.formed,
            size: event.size,
            weight_share: event.weight_share,
        }
    }
}

/// The table `structures`.
pub(crate) fn structures<'a>() -> Schema<'a, Kept<'a, Vec<StructureRow>>> {
    of_replicate::<Vec<StructureRow>>("structures", "one row per replicate and structure event")
        .date("month", "month of the event", |row| row.month)
        .code(
            "kind",
            "line, circle, axis or plane",
            |names| &names.kinds,
            |row| row.kind,
        )
        .code(
            "id",
            "two places joined by ~, zone, corridor, or plane",
            |names| &names.ids,
            |row| row.id,
        )
        .code(
            "event",
            "formed or dissolved",
            |names| &names.events,
            |row| u32::from(!row.formed),
        )
        .whole("size", "places", "places in it (axis: segments)", |row| {
            Some(i64::from(row.size))
        })
        .number("weight_share", "share", "its share of all weight", |row| {
            row.weight_share
        })
}

/// The table `outcomes`.
pub(crate) fn outcomes<'a>() -> Schema<'a, Kept<'a, Vec<outcomes::Row>>> {
    of_replicate::<Vec<outcomes::Row>>(
        "outcomes",
        "one row per replicate and outcome of the whole run; what the summary is \
             made of",
    )
    .column(ColumnDef::text("outcome", "what"), |kept| {
        Column::text(kept.rows.iter().map(|row| Some(row.name)))
    })
    .column(
        ColumnDef::text(
            "item",
            "which one: a mechanism, corridor, batch month, place; missing for the \
             country",
        ),
        |kept| Column::text(kept.rows.iter().map(|row| row.item.as_deref())),
    )
    .number(
        "value",
        "",
        "value; months are counted from the start of the run, from 0; missing \
             when it never came",
        |row| row.value,
    )
}
