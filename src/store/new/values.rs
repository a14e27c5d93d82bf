//! The tables of a sweep: rows made from the values that are kept of each run, a few thousand at a time, in
//! the order of the runs.

use std::io;
use std::sync::Arc;

use crate::store::StoreError;
use crate::store::batch::{Column, TableData};
use crate::store::column::{ColumnDef, Kind, TableDef};

use super::folder::Folder;
use super::job::{Job, State};
use super::manifest::{SlotEntry, Sweep};
use super::payload::from_bytes;
use super::scan::{Found, Payloads};

/// Rows of a table that are in memory at a time.
const ROWS: usize = 1 << 16;
/// Values of runs that are in memory at a time.
const VALUES: usize = 1 << 19;

/// The definition of the table `points`.
pub fn points_table(sweep: &Sweep) -> TableDef {
    let column = |name: &str, kind, what: &str| ColumnDef::new(name, kind, "", what);
    let mut all = vec![
        column("design_row", Kind::Int, "row of the design, from 0"),
        column("point", Kind::Text, "id of the point: made of its settings"),
        column(
            "block",
            Kind::Int,
            "block of a Saltelli design, trajectory of a Morris design",
        ),
        column(
            "role",
            Kind::Text,
            "in a Saltelli design A, B, AB or BA; in a Morris design start or step",
        ),
        column(
            "moved",
            Kind::Text,
            "the parameter that is taken from the other matrix, or that the step moves",
        ),
        column("direction", Kind::Int, "of a Morris step: 1 up, -1 down"),
    ];
    all.extend(sweep.parameters.iter().map(|parameter| {
        let kind = if parameter.text {
            Kind::Text
        } else {
            Kind::Float
        };
        ColumnDef::new(&parameter.column, kind, &parameter.unit, &parameter.what)
    }));
    all.push(column(
        "settings",
        Kind::Text,
        "the settings as --set takes them, in a row",
    ));
    TableDef::new("points", "one row per row of the design", all)
}

/// The table `outcomes`.
pub(super) fn outcomes_table() -> TableDef {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let mut columns = run_columns();
    columns.extend([
        text("outcome", "outcome, see `pointplane outcomes`"),
        text("group_kind", "national, or the kind of the group"),
        text("group", "the group; missing for the country"),
        ColumnDef::new(
            "horizon",
            Kind::Month,
            "",
            "month at whose end it is taken; missing for the month in which something first happens",
        ),
        ColumnDef::new(
            "value",
            Kind::Float,
            "",
            "its value, in the outcome's unit; missing when it never happens",
        ),
    ]);
    let what = "one row per run that is done and value";
    TableDef::new("outcomes", what, columns)
}

fn run_columns() -> Vec<ColumnDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    vec![
        text("point", "id of the point, see points"),
        text("layout", "layout"),
        ColumnDef::new("replicate", Kind::Int, "", "replicate: names the luck"),
    ]
}

/// The tables, in order.
pub(super) fn definitions(sweep: &Sweep) -> Vec<TableDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let with = |name: &str, what: &str, more: Vec<ColumnDef>| {
        let mut columns = run_columns();
        columns.extend(more);
        TableDef::new(name, what, columns)
    };
    let seed = ColumnDef::new("seed", Kind::Int, "", "names the luck of all replicates");
    let mut list = vec![
        points_table(sweep),
        with(
            "runs",
            "one row per run",
            vec![
                seed,
                text("status", "done, failed or missing"),
                text("error", "why it failed"),
                text(
                    "command",
                    "makes the run again; to be given in the folder of the plan",
                ),
            ],
        ),
        outcomes_table(),
        with(
            "run_times",
            "one row per finished run; the only table that a clock wrote",
            vec![ColumnDef::new("seconds", Kind::Float, "s", "wall time")],
        ),
    ];
    if let Some(monthly) = &sweep.monthly {
        let mut columns = vec![ColumnDef::new("month", Kind::Month, "", "month")];
        let measure = |name: &String| {
            ColumnDef::new(
                name,
                Kind::Float,
                "",
                format!("{name} at the end of the month, as in the table national of a run"),
            )
        };
        columns.extend(monthly.measures.iter().map(measure));
        list.push(with(
            "national",
            "one row per run that is done and month that is kept",
            columns,
        ));
    }
    list
}

/// Takes the values of each run, none for one that is not done.
type Each<'t> = dyn FnMut(usize, Option<&[f64]>) -> io::Result<()> + 't;

/// Takes pieces of a table.
pub(super) type Take<'t> = dyn FnMut(&TableData) -> io::Result<()> + 't;

/// Where the rows come from.
pub(super) struct Rows<'a> {
    pub(super) folder: &'a Folder,
    pub(super) sweep: &'a Sweep,
    pub(super) found: &'a Found,
    /// The command that makes a run again.
    pub(super) command: &'a dyn Fn(Job) -> String,
}

impl Rows<'_> {
    /// Gives the rows of a table, piece by piece.
    pub(super) fn table(&self, name: &str, take: &mut Take<'_>) -> io::Result<()> {
        match name {
            "points" => self.folder.points().map_or(Ok(()), take),
            "runs" => self.runs(take),
            "outcomes" => self.outcomes(take),
            "run_times" => self.times(take),
            _ => self.national(take),
        }
    }

    fn names(&self) -> Names {
        let jobs = self.folder.jobs();
        Names {
            points: Arc::new(jobs.points().iter().map(|point| point.id.clone()).collect()),
            layouts: Arc::new(jobs.layouts().to_vec()),
            jobs: Vec::new(),
        }
    }

    fn runs(&self, take: &mut Take<'_>) -> io::Result<()> {
        let states = self.found.states();
        let seed = i64::try_from(self.folder.manifest().seed).ok();
        for first in (0..states.len()).step_by(ROWS) {
            let piece = first..states.len().min(first + ROWS);
            let mut names = self.names();
            names
                .jobs
                .extend(piece.clone().map(|at| self.folder.jobs().job(at)));
            let word = |at: usize| match states[at] {
                State::Done => Some("done"),
                State::Failed => Some("failed"),
                State::Left => Some("missing"),
            };
            let commands: Vec<String> = names.jobs.iter().map(|job| (self.command)(*job)).collect();
            let mut columns = names.columns();
            columns.push(Column::Int(vec![seed; piece.len()]));
            columns.push(Column::text(piece.clone().map(word)));
            columns.push(Column::text(piece.map(|at| self.found.error(at))));
            columns.push(Column::text(commands.iter().map(|c| Some(c.as_str()))));
            take(&TableData::new("runs", columns))?;
        }
        Ok(())
    }

    fn times(&self, take: &mut Take<'_>) -> io::Result<()> {
        let states = self.found.states();
        let (mut names, mut seconds) = (self.names(), Vec::new());
        let mut give = |names: &mut Names, seconds: &mut Vec<f64>| {
            let mut columns = names.columns();
            names.jobs.clear();
            columns.push(Column::Float(std::mem::take(seconds)));
            take(&TableData::new("run_times", columns))
        };
        for (at, state) in states.iter().enumerate() {
            if *state != State::Left {
                names.jobs.push(self.folder.jobs().job(at));
                seconds.push(self.found.places[at].seconds);
            }
            if names.jobs.len() == ROWS {
                give(&mut names, &mut seconds)?;
            }
        }
        give(&mut names, &mut seconds)
    }

    fn outcomes(&self, take: &mut Take<'_>) -> io::Result<()> {
        let slots = &self.sweep.slots;
        let per_run = slots.len().max(1);
        let (mut names, mut values) = (self.names(), Vec::new());
        let text = |get: &dyn Fn(&SlotEntry) -> Option<String>, runs: usize| -> Column {
            let texts: Vec<Option<String>> = slots.iter().map(get).collect();
            Column::text((0..runs).flat_map(|_| texts.iter().map(Option::as_deref)))
        };
        let mut give = |names: &mut Names, values: &mut Vec<f64>| {
            let runs = values.len() / per_run;
            let mut columns = names.columns();
            names.jobs.clear();
            columns.push(text(&|slot| Some(slot.outcome.clone()), runs));
            columns.push(text(&|slot| Some(slot.group_kind.clone()), runs));
            columns.push(text(&|slot| slot.group.clone(), runs));
            let months: Vec<Option<i32>> = slots
                .iter()
                .map(|slot| slot.horizon.map(|t| self.sweep.start + i32::from(t)))
                .collect();
            columns.push(Column::Month(
                (0..runs).flat_map(|_| months.iter().copied()).collect(),
            ));
            columns.push(Column::Float(std::mem::take(values)));
            take(&TableData::new("outcomes", columns))
        };
        self.each(&mut |at, kept| {
            if let Some(kept) = kept {
                let job = self.folder.jobs().job(at);
                names.jobs.extend(std::iter::repeat_n(job, slots.len()));
                values.extend_from_slice(&kept[..slots.len()]);
            }
            if values.len() + slots.len() > ROWS {
                give(&mut names, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut values)
    }

    fn national(&self, take: &mut Take<'_>) -> io::Result<()> {
        let Some(monthly) = &self.sweep.monthly else {
            return Ok(());
        };
        let first = self.sweep.slots.len();
        let measures = monthly.measures.len();
        let mut names = self.names();
        let mut months: Vec<Option<i32>> = Vec::new();
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); measures];
        let mut give =
            |names: &mut Names, months: &mut Vec<Option<i32>>, values: &mut Vec<Vec<f64>>| {
                let mut columns = names.columns();
                names.jobs.clear();
                columns.push(Column::Month(std::mem::take(months)));
                let all = values.iter_mut();
                columns.extend(all.map(|column| Column::Float(std::mem::take(column))));
                take(&TableData::new("national", columns))
            };
        self.each(&mut |at, kept| {
            if let Some(kept) = kept {
                for (m, t) in monthly.months.iter().enumerate() {
                    names.jobs.push(self.folder.jobs().job(at));
                    months.push(Some(self.sweep.start + i32::from(*t)));
                    let row = &kept[first + m * measures..];
                    let columns = values.iter_mut().zip(row);
                    columns.for_each(|(column, value)| column.push(*value));
                }
            }
            if months.len() + monthly.months.len() > ROWS {
                give(&mut names, &mut months, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut months, &mut values)
    }

    /// Gives the values of each run in order, none for one that is not done. The logs are read in their own
    /// order, for many runs at a time.
    fn each(&self, each: &mut Each<'_>) -> io::Result<()> {
        let (found, width) = (self.found, self.sweep.values());
        let at_a_time = (VALUES / width.max(1)).max(1);
        let mut payloads = Payloads::new(self.folder, found);
        for first in (0..found.states.len()).step_by(at_a_time) {
            let piece = first..found.states.len().min(first + at_a_time);
            let mut done: Vec<usize> = piece
                .clone()
                .filter(|at| found.states[*at] == State::Done)
                .collect();
            done.sort_unstable_by_key(|at| (found.places[*at].file, found.places[*at].at));
            let mut values = vec![f64::NAN; piece.len() * width];
            for at in done {
                let (_, bytes) = payloads.part(at, 0)?;
                let kept = from_bytes(&bytes);
                if kept.len() != width {
                    return Err(StoreError::Data {
                        table: "outcomes".to_owned(),
                        why: format!("{} values instead of {width}", kept.len()),
                    }
                    .into());
                }
                let start = (at - first) * width;
                values[start..start + width].copy_from_slice(&kept);
            }
            for at in piece {
                let start = (at - first) * width;
                let kept = &values[start..start + width];
                each(at, (found.states[at] == State::Done).then_some(kept))?;
            }
        }
        Ok(())
    }
}

/// The columns that name the run of each row.
struct Names {
    points: Arc<Vec<String>>,
    layouts: Arc<Vec<String>>,
    jobs: Vec<Job>,
}

impl Names {
    fn columns(&self) -> Vec<Column> {
        let jobs = || self.jobs.iter();
        vec![
            Column::Text {
                codes: jobs().map(|job| Some(job.point)).collect(),
                ids: Arc::clone(&self.points),
            },
            Column::Text {
                codes: jobs().map(|job| Some(u32::from(job.layout))).collect(),
                ids: Arc::clone(&self.layouts),
            },
            Column::Int(jobs().map(|job| Some(i64::from(job.replicate))).collect()),
        ]
    }
}
