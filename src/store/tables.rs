//! The tables of a sweep: each column with what fills it.

use std::sync::Arc;

use super::table::column::{ColumnDef, Kind, TableDef};
use super::table::data::Column;
use super::table::schema::{Field, Schema};

use super::job::Job;
use super::manifest::{SlotEntry, Sweep};
use super::points::points_table;

/// Some rows of a table: of which run each is, and what it says.
pub(super) struct Piece<R> {
    pub(super) points: Arc<Vec<String>>,
    pub(super) layouts: Arc<Vec<String>>,
    pub(super) rows: Vec<(Job, R)>,
}

/// A table of which each row begins with its run.
fn of_runs<'a, R: 'a>(name: &str, what: &str) -> Schema<'a, Piece<R>> {
    Schema::<Piece<R>>::new(name, what)
        .column(
            ColumnDef::text("point", "id of the point, see points"),
            |piece| Column::Text {
                codes: piece.rows.iter().map(|(job, _)| Some(job.point)).collect(),
                ids: Arc::clone(&piece.points),
            },
        )
        .column(ColumnDef::text("layout", "layout"), |piece| {
            let layout = |(job, _): &(Job, R)| Some(u32::from(job.layout));
            Column::Text {
                codes: piece.rows.iter().map(layout).collect(),
                ids: Arc::clone(&piece.layouts),
            }
        })
        .column(
            ColumnDef::int("replicate", "", "replicate: names the luck"),
            |piece| {
                let replicate = |(job, _): &(Job, R)| Some(i64::from(job.replicate));
                Column::Int(piece.rows.iter().map(replicate).collect())
            },
        )
}

impl<'a, R: 'a> Schema<'a, Piece<R>> {
    fn said(
        self,
        name: &str,
        what: &str,
        value: impl Fn(&R) -> Option<&str> + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::text(name, what), move |piece| {
            Column::text(piece.rows.iter().map(|(_, row)| value(row)))
        })
    }

    fn number(self, def: ColumnDef, value: impl Fn(&R) -> f64 + Send + Sync + 'a) -> Self {
        self.column(def, move |piece| {
            Column::Float(piece.rows.iter().map(|(_, row)| value(row)).collect())
        })
    }

    fn date(
        self,
        name: &str,
        what: &str,
        value: impl Fn(&R) -> Option<i32> + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::new(name, Kind::Month, "", what), move |piece| {
            Column::Month(piece.rows.iter().map(|(_, row)| value(row)).collect())
        })
    }
}

/// What is said of a run.
pub(super) struct Run<'a> {
    pub(super) seed: Option<i64>,
    pub(super) status: &'static str,
    pub(super) error: Option<&'a str>,
    pub(super) command: String,
}

/// The table `runs`.
pub(super) fn runs<'a>() -> Schema<'a, Piece<Run<'a>>> {
    of_runs::<Run<'a>>("runs", "one row per run")
        .column(
            ColumnDef::int("seed", "", "random seed of all replicates"),
            |piece| Column::Int(piece.rows.iter().map(|(_, run)| run.seed).collect()),
        )
        .said("status", "done, failed or missing", |run| Some(run.status))
        .said("error", "why it failed", |run| run.error)
        .said(
            "command",
            "makes the run again; to be given in the folder of the plan",
            |run| Some(&run.command),
        )
}

/// A value that is kept of a run.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) slot: &'a SlotEntry,
    pub(super) horizon: Option<i32>,
    pub(super) value: f64,
}

/// The table `outcomes`.
pub(super) fn outcomes<'a>() -> Schema<'a, Piece<Kept<'a>>> {
    of_runs::<Kept<'a>>("outcomes", "one row per run that is done and value")
        .said("outcome", "outcome, see `pointplane outcomes`", |kept| {
            Some(&kept.slot.outcome)
        })
        .said("group_kind", "national, or the kind of the group", |kept| {
            Some(&kept.slot.group_kind)
        })
        .said("group", "the group; missing for the country", |kept| {
            kept.slot.group.as_deref()
        })
        .date(
            "horizon",
            "month at whose end it is taken; missing for the month in which something first happens",
            |kept| kept.horizon,
        )
        .number(
            ColumnDef::float(
                "value",
                "",
                "its value, in the outcome's unit; missing when it never happens",
            ),
            |kept| kept.value,
        )
}

/// The table `run_times`.
pub(super) fn run_times<'a>() -> Schema<'a, Piece<f64>> {
    of_runs::<f64>(
        "run_times",
        "one row per finished run; the only table that a clock wrote",
    )
    .number(ColumnDef::float("seconds", "s", "wall time"), |seconds| {
        *seconds
    })
}

/// A month that is kept of a run: calendar month, and the values of the measures.
pub(super) type Month = (i32, Vec<f64>);

/// The table `national` of a plan that keeps these measures.
pub(super) fn national<'a>(measures: &[String]) -> Schema<'a, Piece<Month>> {
    let columns = measures.iter().enumerate().map(|(at, name)| {
        let what = format!("{name} at the end of the month, as in the table national of a run");
        Field::new(
            ColumnDef::float(name, "", &what),
            move |piece: &mut Piece<Month>| {
                let value = |(_, (_, values)): &(Job, Month)| values[at];
                Column::Float(piece.rows.iter().map(value).collect())
            },
        )
    });
    of_runs::<Month>(
        "national",
        "one row per run that is done and month that is kept",
    )
    .date("month", "month", |row| Some(row.0))
    .all(columns)
}

/// The tables, in order.
pub(super) fn definitions(sweep: &Sweep) -> Vec<TableDef> {
    let mut list = vec![
        points_table(&sweep.parameters),
        runs().def(),
        outcomes().def(),
        run_times().def(),
    ];
    let monthly = sweep.monthly.as_ref();
    list.extend(monthly.map(|monthly| national(&monthly.measures).def()));
    list
}
