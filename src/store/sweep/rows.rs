//! The rows of the merged tables, a few thousand at a time, in the order of the runs.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::super::StoreError;
use super::super::atomic::{HashingWriter, Staged, stage};
use super::super::batch::{Column, TableData};
use super::super::column::TableDef;
use super::super::csv_table;
use super::super::manifest::Format;
use super::super::parquet_table::Pieces;
use super::gather::Scratch;
use super::merge::{MergedTable, Wanted};
use super::{RunKey, SlotEntry, State, SweepManifest};

/// Rows of a table that are in memory at a time.
const ROWS: usize = 1 << 16;

/// Where the rows of a table come from.
pub(super) struct Rows<'a, 'b> {
    pub(super) manifest: &'a SweepManifest,
    pub(super) wanted: &'a Wanted<'b>,
    pub(super) states: &'a [State],
    pub(super) errors: &'a BTreeMap<usize, String>,
    pub(super) scratch: &'a mut Scratch,
}

/// Takes pieces of a table.
type Take<'t> = dyn FnMut(&TableData) -> io::Result<()> + 't;

/// Writes a table, which is not yet published.
pub(super) fn write_table(
    dir: &Path,
    format: Format,
    def: &TableDef,
    rows: &mut Rows<'_, '_>,
) -> Result<(Staged, MergedTable), StoreError> {
    let file = format!("{}.{}", def.name, format.extension());
    let mut count = 0;
    let (staged, (bytes, sha256)) = stage(&dir.join(&file), |w| {
        let mut out = HashingWriter::new(w);
        match format {
            Format::Parquet => {
                let mut pieces = Pieces::new(def, &mut out)?;
                rows.table(&def.name, &mut |data| {
                    count += data.rows() as u64;
                    data.check(def)?;
                    pieces.add(data)
                })?;
                pieces.finish()?;
            }
            Format::Csv => {
                csv_table::write_header(def, &mut out)?;
                rows.table(&def.name, &mut |data| {
                    count += data.rows() as u64;
                    data.check(def)?;
                    csv_table::write_rows(data, &mut out)
                })?;
            }
        }
        Ok(out.finish())
    })?;
    Ok((
        staged,
        MergedTable {
            file,
            rows: count,
            bytes,
            sha256,
        },
    ))
}

impl Rows<'_, '_> {
    fn table(&mut self, name: &str, take: &mut Take<'_>) -> io::Result<()> {
        match name {
            "points" => take(self.wanted.points),
            "runs" => self.runs(take),
            "outcomes" => self.outcomes(take),
            "run_times" => self.times(take),
            _ => self.national(take),
        }
    }

    fn names(&self) -> Names {
        let index = self.wanted.index;
        Names {
            points: Arc::new(
                index
                    .points()
                    .iter()
                    .map(|point| point.id.clone())
                    .collect(),
            ),
            layouts: Arc::new(index.layouts().to_vec()),
            keys: Vec::new(),
        }
    }

    fn runs(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let all: Vec<usize> = (0..self.states.len()).collect();
        let index = self.wanted.index;
        let seed = i64::try_from(self.manifest.swept.seed).ok();
        for piece in all.chunks(ROWS) {
            let mut names = self.names();
            names.keys.extend(piece.iter().map(|&at| index.key(at)));
            let word = |at: &usize| match self.states[*at] {
                State::Done => Some("done"),
                State::Failed => Some("failed"),
                State::Left => Some("missing"),
            };
            let commands: Vec<String> = names
                .keys
                .iter()
                .map(|key| (self.wanted.command)(*key))
                .collect();
            let mut columns = names.columns();
            columns.push(Column::Int(vec![seed; piece.len()]));
            columns.push(Column::text(piece.iter().map(word)));
            columns.push(Column::text(
                piece
                    .iter()
                    .map(|at| self.errors.get(at).map(String::as_str)),
            ));
            columns.push(Column::text(
                commands.iter().map(|command| Some(command.as_str())),
            ));
            take(&TableData::new("runs", columns))?;
        }
        Ok(())
    }

    fn times(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let (mut names, mut seconds) = (self.names(), Vec::new());
        let (index, states) = (self.wanted.index, self.states);
        let mut give = |names: &mut Names, seconds: &mut Vec<f64>| {
            let mut columns = names.columns();
            names.keys.clear();
            columns.push(Column::Float(std::mem::take(seconds)));
            take(&TableData::new("run_times", columns))
        };
        self.scratch.each(states.len(), &mut |at, values| {
            if states[at] != State::Left {
                names.keys.push(index.key(at));
                seconds.push(values[0]);
            }
            if names.keys.len() == ROWS {
                give(&mut names, &mut seconds)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut seconds)
    }

    fn outcomes(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let slots = &swept.slots;
        let per_run = slots.len().max(1);
        let (mut names, mut values) = (self.names(), Vec::new());
        let (index, states) = (self.wanted.index, self.states);
        let text = |get: &dyn Fn(&SlotEntry) -> Option<String>, runs: usize| -> Column {
            let texts: Vec<Option<String>> = slots.iter().map(get).collect();
            Column::text((0..runs).flat_map(|_| texts.iter().map(Option::as_deref)))
        };
        let mut give = |names: &mut Names, values: &mut Vec<f64>| {
            let runs = values.len() / per_run;
            let mut columns = names.columns();
            names.keys.clear();
            columns.push(text(&|slot| Some(slot.outcome.clone()), runs));
            columns.push(text(&|slot| Some(slot.group_kind.clone()), runs));
            columns.push(text(&|slot| slot.group.clone(), runs));
            let months: Vec<Option<i32>> = slots
                .iter()
                .map(|slot| slot.horizon.map(|t| swept.start + i32::from(t)))
                .collect();
            columns.push(Column::Month(
                (0..runs).flat_map(|_| months.iter().copied()).collect(),
            ));
            columns.push(Column::Float(std::mem::take(values)));
            take(&TableData::new("outcomes", columns))
        };
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                names
                    .keys
                    .extend(std::iter::repeat_n(index.key(at), slots.len()));
                values.extend_from_slice(&record[1..=slots.len()]);
            }
            if values.len() + slots.len() > ROWS {
                give(&mut names, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut values)
    }

    fn national(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let Some(monthly) = &swept.monthly else {
            return Ok(());
        };
        let first = 1 + swept.slots.len();
        let measures = monthly.measures.len();
        let mut names = self.names();
        let mut months: Vec<Option<i32>> = Vec::new();
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); measures];
        let (index, states) = (self.wanted.index, self.states);
        let mut give =
            |names: &mut Names, months: &mut Vec<Option<i32>>, values: &mut Vec<Vec<f64>>| {
                let mut columns = names.columns();
                names.keys.clear();
                columns.push(Column::Month(std::mem::take(months)));
                columns.extend(
                    values
                        .iter_mut()
                        .map(|column| Column::Float(std::mem::take(column))),
                );
                take(&TableData::new("national", columns))
            };
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                for (m, t) in monthly.months.iter().enumerate() {
                    names.keys.push(index.key(at));
                    months.push(Some(swept.start + i32::from(*t)));
                    let row = &record[first + m * measures..];
                    values
                        .iter_mut()
                        .zip(row)
                        .for_each(|(column, value)| column.push(*value));
                }
            }
            if months.len() + monthly.months.len() > ROWS {
                give(&mut names, &mut months, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut months, &mut values)
    }
}

/// The columns that name the run of each row.
struct Names {
    points: Arc<Vec<String>>,
    layouts: Arc<Vec<String>>,
    keys: Vec<RunKey>,
}

impl Names {
    fn columns(&self) -> Vec<Column> {
        let keys = || self.keys.iter();
        vec![
            Column::Text {
                codes: keys().map(|key| Some(key.point)).collect(),
                ids: Arc::clone(&self.points),
            },
            Column::Text {
                codes: keys().map(|key| Some(u32::from(key.layout))).collect(),
                ids: Arc::clone(&self.layouts),
            },
            Column::Int(keys().map(|key| Some(i64::from(key.replicate))).collect()),
        ]
    }
}
