//! The rows of the merged tables, a few thousand at a time, in the order of the runs.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::super::StoreError;
use super::super::atomic::{HashingWriter, Staged, stage};
use super::super::batch::TableData;
use super::super::column::TableDef;
use super::super::csv_table;
use super::super::manifest::Format;
use super::super::parquet_table::Pieces;
use super::super::schema::Schema;
use super::gather::Scratch;
use super::merge::{MergedTable, Wanted};
use super::tables::{Kept, Piece, Run, national, outcomes, run_times, runs};
use super::{State, SweepManifest};

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

    /// An empty piece of a table.
    fn piece<R>(&self) -> Piece<R> {
        let index = self.wanted.index;
        let points = index.points().iter().map(|point| point.id.clone());
        Piece {
            points: Arc::new(points.collect()),
            layouts: Arc::new(index.layouts().to_vec()),
            rows: Vec::new(),
        }
    }

    fn runs(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let all: Vec<usize> = (0..self.states.len()).collect();
        let index = self.wanted.index;
        let seed = i64::try_from(self.manifest.swept.seed).ok();
        let (schema, mut piece) = (runs(), self.piece());
        for some in all.chunks(ROWS) {
            piece.rows.clear();
            piece.rows.extend(some.iter().map(|&at| {
                let key = index.key(at);
                let run = Run {
                    seed,
                    status: match self.states[at] {
                        State::Done => "done",
                        State::Failed => "failed",
                        State::Left => "missing",
                    },
                    error: self.errors.get(&at).map(String::as_str),
                    command: (self.wanted.command)(key),
                };
                (key, run)
            }));
            take(&schema.data(&mut piece))?;
        }
        Ok(())
    }

    fn times(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let (schema, mut piece) = (run_times(), self.piece());
        let (index, states) = (self.wanted.index, self.states);
        self.scratch.each(states.len(), &mut |at, values| {
            if states[at] != State::Left {
                piece.rows.push((index.key(at), values[0]));
            }
            give(&schema, &mut piece, 1, take)
        })?;
        take(&schema.data(&mut piece))
    }

    fn outcomes(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let slots = &swept.slots;
        let month = |t: u16| swept.start + i32::from(t);
        let (schema, mut piece) = (outcomes(), self.piece());
        let (index, states) = (self.wanted.index, self.states);
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                let values = slots.iter().zip(&record[1..=slots.len()]);
                piece.rows.extend(values.map(|(slot, value)| {
                    let kept = Kept {
                        slot,
                        horizon: slot.horizon.map(month),
                        value: *value,
                    };
                    (index.key(at), kept)
                }));
            }
            give(&schema, &mut piece, slots.len(), take)
        })?;
        take(&schema.data(&mut piece))
    }

    fn national(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let Some(monthly) = &swept.monthly else {
            return Ok(());
        };
        let first = 1 + swept.slots.len();
        let measures = monthly.measures.len();
        let (schema, mut piece) = (national(&monthly.measures), self.piece());
        let (index, states) = (self.wanted.index, self.states);
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                let values = record[first..].chunks_exact(measures);
                piece
                    .rows
                    .extend(monthly.months.iter().zip(values).map(|(t, values)| {
                        let month = swept.start + i32::from(*t);
                        (index.key(at), (month, values.to_vec()))
                    }));
            }
            give(&schema, &mut piece, monthly.months.len(), take)
        })?;
        take(&schema.data(&mut piece))
    }
}

/// Gives the rows away when there is no room for so many more.
fn give<R>(
    schema: &Schema<'_, Piece<R>>,
    piece: &mut Piece<R>,
    more: usize,
    take: &mut Take<'_>,
) -> io::Result<()> {
    if piece.rows.len() + more <= ROWS {
        return Ok(());
    }
    let data = schema.data(piece);
    piece.rows.clear();
    take(&data)
}
