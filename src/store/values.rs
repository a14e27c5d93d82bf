//! The tables of a sweep: rows made from the values that are kept of each run, a few thousand at a time, in
//! the order of the runs.

use std::io;
use std::sync::Arc;

use super::error::StoreError;
use super::table::TableData;
use super::table::schema::Schema;

use super::folder::Folder;
use super::folder::{Found, Payloads};
use super::job::{Job, State};
use super::manifest::Sweep;
use super::payload::from_bytes;
use super::tables::{Kept, Piece, Run, national, outcomes, run_times, runs};
use crate::texts::text;

/// Rows of a table that are in memory at a time.
const ROWS: usize = 1 << 13;
/// Values of runs that are in memory at a time.
const VALUES: usize = 1 << 16;

/// Takes the values of each run, none for one that is not done.
type Each<'t> = dyn FnMut(usize, Option<&[f64]>) -> io::Result<()> + 't;

/// Takes pieces of a table.
pub(super) type Take<'t> = dyn FnMut(&TableData) -> io::Result<()> + 't;

/// Where the rows come from.
pub(super) struct Rows<'a, 'f> {
    pub(super) folder: &'a Folder,
    pub(super) sweep: &'a Sweep,
    pub(super) found: &'f Found,
    pub(super) payloads: &'a mut Payloads<'f>,
    /// The command that makes a run again.
    pub(super) command: &'a dyn Fn(Job) -> String,
}

impl Rows<'_, '_> {
    /// Gives the rows of a table, piece by piece.
    pub(super) fn table(&mut self, name: &str, take: &mut Take<'_>) -> io::Result<()> {
        match name {
            "points" => self.folder.points().map_or(Ok(()), take),
            "runs" => self.runs(take),
            "outcomes" => self.outcomes(take),
            "run_times" => self.times(take),
            _ => self.national(take),
        }
    }

    /// An empty piece of a table.
    fn piece<R>(&self) -> Piece<R> {
        let jobs = self.folder.jobs();
        Piece {
            points: Arc::new(jobs.points().iter().map(|point| point.id.clone()).collect()),
            layouts: Arc::new(jobs.layouts().to_vec()),
            rows: Vec::new(),
        }
    }

    fn runs(&self, take: &mut Take<'_>) -> io::Result<()> {
        let states = self.found.states();
        let seed = i64::try_from(self.folder.manifest().seed).ok();
        let (schema, mut piece) = (runs(), self.piece());
        for first in (0..states.len()).step_by(ROWS) {
            piece.rows.clear();
            piece
                .rows
                .extend((first..states.len().min(first + ROWS)).map(|at| {
                    let job = self.folder.jobs().job(at);
                    let run = Run {
                        seed,
                        status: match states[at] {
                            State::Done => "done",
                            State::Failed => "failed",
                            State::Left => "missing",
                        },
                        error: self.found.error(at),
                        command: (self.command)(job),
                    };
                    (job, run)
                }));
            take(&schema.data(&mut piece))?;
        }
        Ok(())
    }

    fn times(&self, take: &mut Take<'_>) -> io::Result<()> {
        let (schema, mut piece) = (run_times(), self.piece());
        for (at, state) in self.found.states().iter().enumerate() {
            if *state != State::Left {
                let seconds = self.found.places[at].seconds;
                piece.rows.push((self.folder.jobs().job(at), seconds));
            }
            give(&schema, &mut piece, 1, take)?;
        }
        take(&schema.data(&mut piece))
    }

    fn outcomes(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let (jobs, slots, start) = (self.folder.jobs(), &self.sweep.slots, self.sweep.start);
        let month = |t: u16| start + i32::from(t);
        let (schema, mut piece) = (outcomes(), self.piece());
        self.each(&mut |at, values| {
            if let Some(values) = values {
                let job = jobs.job(at);
                piece
                    .rows
                    .extend(slots.iter().zip(values).map(|(slot, value)| {
                        let kept = Kept {
                            slot,
                            horizon: slot.horizon.map(month),
                            value: *value,
                        };
                        (job, kept)
                    }));
            }
            give(&schema, &mut piece, slots.len(), take)
        })?;
        take(&schema.data(&mut piece))
    }

    fn national(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let Some(monthly) = &self.sweep.monthly else {
            return Ok(());
        };
        let (jobs, start) = (self.folder.jobs(), self.sweep.start);
        let first = self.sweep.slots.len();
        let measures = monthly.measures.len();
        let (schema, mut piece) = (national(&monthly.measures), self.piece());
        self.each(&mut |at, values| {
            if let Some(values) = values {
                let job = jobs.job(at);
                let rows = monthly
                    .months
                    .iter()
                    .zip(values[first..].chunks_exact(measures));
                piece.rows.extend(rows.map(|(t, values)| {
                    let month = start + i32::from(*t);
                    (job, (month, values.to_vec()))
                }));
            }
            give(&schema, &mut piece, monthly.months.len(), take)
        })?;
        take(&schema.data(&mut piece))
    }

    /// Gives the values of each run in order, none for one that is not done. The logs are read in their own
    /// order, for many runs at a time.
    fn each(&mut self, each: &mut Each<'_>) -> io::Result<()> {
        let (found, width) = (self.found, self.sweep.values());
        let at_a_time = (VALUES / width.max(1)).max(1);
        for first in (0..found.states.len()).step_by(at_a_time) {
            let piece = first..found.states.len().min(first + at_a_time);
            let mut done: Vec<usize> = piece
                .clone()
                .filter(|at| found.states[*at] == State::Done)
                .collect();
            done.sort_unstable_by_key(|at| (found.places[*at].file, found.places[*at].at));
            let mut values = vec![f64::NAN; piece.len() * width];
            for at in done {
                let (_, bytes) = self.payloads.part(at, 0)?;
                let kept = from_bytes(&bytes);
                if kept.len() != width {
                    return Err(StoreError::Data {
                        table: "outcomes".into(),
                        why: text!("values-instead", is = kept.len(), should = width),
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
