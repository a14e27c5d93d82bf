//! Rows of a table, taken in by several threads. A thread takes only rows in which nothing is wrong; every other row is
//! read again in the order of the file, by the one report. So messages, their order and their number are those of a
//! reading row by row.

use std::vec;

use rayon::prelude::*;

use super::cells::{At, Head, Record, Row, trimmed};
use super::doubts::{Doubts, More};
use super::loose::Loose;
use super::problem::{Problem, Report};
use super::splitter::{Splitter, Wrong};
use crate::texts::text;

/// Records that are split before the first of them is looked at.
pub const AT_A_TIME: usize = 16;
/// How many rows before it is taken what a row became is asked for.
const AHEAD: usize = 8;
/// Rows with a cell that is too long after which a table is not read further.
const MOST_LONG: u32 = 100;

/// What takes in the rows of a table.
pub trait Rows: Send + Sync {
    /// What a row becomes.
    type Item: Send;
    /// Whether rows may be taken by several threads at all.
    const PARALLEL: bool = true;

    /// Asks for memory that [`Self::quick`] will want for a row, some rows before.
    fn ask(&self, _: &Row<'_>) {}
    /// What a row becomes; nothing where something about it must be told, or waits for rows before it. Nothing is kept
    /// of what it reports.
    fn quick(&self, row: &Row<'_>, report: &mut Report) -> Option<Self::Item>;
    /// Asks for memory that [`Self::take`] will want for what a row became, some rows before.
    fn expect(&self, _: &Self::Item) {}
    /// Takes what a row became. Rows come in file order.
    fn take(&mut self, item: Self::Item, at: At, report: &mut Report);
    /// Takes any row, and reports what is wrong with it.
    fn row(&mut self, row: &Row<'_>, report: &mut Report);
}

/// Rows that are read one by one.
pub struct InOrder<F>(pub F);

impl<F: FnMut(&Row<'_>, &mut Report) + Send + Sync> Rows for InOrder<F> {
    type Item = ();
    const PARALLEL: bool = false;

    fn quick(&self, _: &Row<'_>, _: &mut Report) -> Option<()> {
        None
    }

    fn take(&mut self, (): (), _: At, _: &mut Report) {}

    fn row(&mut self, row: &Row<'_>, report: &mut Report) {
        (self.0)(row, report);
    }
}

/// What was read of a table.
#[derive(Debug, Default)]
pub struct Done {
    /// The header, when it has what is needed to read rows.
    pub head: Option<Head>,
    /// Whether every row was read, if only to its names.
    pub whole: bool,
    /// Names of rows that could not be read.
    pub loose: Loose,
}

/// A table while its rows are read.
pub struct Table {
    head: Head,
    doubts: Doubts,
    loose: Loose,
    /// Rows so far.
    number: u64,
    long: u32,
    /// Whether every row was read, if only to its names.
    pub whole: bool,
}

/// Whole records that are split by several threads, and the reading of more of them.
pub trait Blocks: Send {
    /// What is read at a time.
    type Block: Block;

    /// The next records, as long as none of them must be read by itself.
    fn block(&mut self) -> Option<Self::Block>;
    /// Room for the cells of a record.
    fn room(&mut self) -> &mut Splitter;
}

/// Whole records in pieces, one for a thread at a time.
pub trait Block: Send + Sync {
    /// A piece.
    type Piece<'a>: Piece
    where
        Self: 'a;

    /// Lines before it.
    fn line(&self) -> u64;
    /// Its pieces.
    fn pieces(&self) -> Vec<Self::Piece<'_>>;
}

/// A record at its place, with its cells where these can be told quickly.
pub type Found<'a> = (Spot, Option<Record<'a>>);

/// Some records.
pub trait Piece: Send + Sync {
    /// About how many records there are.
    fn about(&self) -> usize;
    /// Gives the records that are not blank, some at a time, each with its place; without its cells where these cannot
    /// be told so quickly. How many lines there are.
    fn records(&self, some: &mut dyn FnMut(&[Found<'_>])) -> u64;
    /// Splits the record at this place, on this line of the file.
    ///
    /// # Errors
    /// What is wrong with it.
    fn record(&self, spot: Spot, line: u64, room: &mut Splitter) -> Result<(), Wrong>;
}

/// Where a record lies in a piece, and its line there, from 1.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Where it begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// Its line.
    pub line: u32,
}

/// What one thread made of a piece.
struct Taken<T> {
    /// Rows with their lines.
    items: Vec<(u32, T)>,
    /// Rows that are to be read in order, and how many items come before each.
    left: Vec<(usize, Spot)>,
    /// What is doubted of the items.
    doubted: More,
    /// Lines of the piece.
    lines: u64,
}

impl Table {
    /// A table of this header.
    pub fn new(head: Head) -> Self {
        Self {
            doubts: Doubts::new(&head),
            head,
            loose: Loose::default(),
            number: 0,
            long: 0,
            whole: true,
        }
    }

    /// A record that cannot be split into cells for sure.
    pub fn lose(&mut self, record: Record<'_>) {
        self.number += 1;
        self.loose.add(record);
    }

    /// Takes the block, and those that follow it. Whether to go on.
    pub fn blocks<B: Blocks, T: Rows>(
        &mut self,
        first: B::Block,
        blocks: &mut B,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        // By one of the threads that share the work, so that none waits for a thread of another kind.
        rayon::scope(|_| {
            let mut next = Some(first);
            while let Some(block) = next {
                let pieces = block.pieces();
                let quick = || self.quick(&pieces, rows);
                let (taken, following) = rayon::join(quick, || blocks.block());
                next = following;
                let room = blocks.room();
                if !self.merge(&pieces, taken, block.line(), room, rows, report) {
                    return false;
                }
            }
            true
        })
    }

    /// Takes one block. Whether to go on.
    pub fn block<T: Rows>(
        &mut self,
        block: &impl Block,
        room: &mut Splitter,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        let pieces = block.pieces();
        let taken = self.quick(&pieces, rows);
        self.merge(&pieces, taken, block.line(), room, rows, report)
    }

    /// What threads can take of pieces.
    fn quick<T: Rows>(&self, pieces: &[impl Piece], rows: &T) -> Vec<Taken<T::Item>> {
        let pieces = pieces.par_iter();
        pieces.map(|piece| self.quick_of(piece, rows)).collect()
    }

    /// Takes what threads made of pieces that begin after so many lines. Whether to go on.
    fn merge<T: Rows>(
        &mut self,
        pieces: &[impl Piece],
        taken: Vec<Taken<T::Item>>,
        mut line: u64,
        room: &mut Splitter,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        for (piece, taken) in pieces.iter().zip(taken) {
            let lines = taken.lines;
            if !self.merge_of(piece, taken, line, room, rows, report) {
                return false;
            }
            line += lines;
        }
        true
    }

    /// What a thread can take of a piece.
    fn quick_of<T: Rows>(&self, piece: &impl Piece, rows: &T) -> Taken<T::Item> {
        let mut items = Vec::with_capacity(piece.about());
        let (mut left, mut doubted) = (Vec::new(), More::new());
        let mut aside = Report::aside();
        let lines = piece.records(&mut |some| {
            let all = some.iter().filter_map(|(_, cells)| *cells);
            all.for_each(|cells| rows.ask(&self.bare(cells)));
            for (spot, cells) in some {
                let item = cells.and_then(|cells| self.item(cells, rows, &mut aside, &mut doubted));
                match item {
                    Some(item) => items.push((spot.line, item)),
                    None => left.push((items.len(), *spot)),
                }
            }
        });
        Taken {
            items,
            left,
            doubted,
            lines,
        }
    }

    /// A row without its place.
    const fn bare<'a>(&'a self, cells: Record<'a>) -> Row<'a> {
        Row {
            head: &self.head,
            cells,
            line: 0,
            number: 0,
        }
    }

    /// What a record becomes, if nothing need be told of it.
    fn item<T: Rows>(
        &self,
        cells: Record<'_>,
        rows: &T,
        aside: &mut Report,
        doubted: &mut More,
    ) -> Option<T::Item> {
        let cells = self.without_tail(cells);
        if cells.len() != self.head.names.len() || self.is_header(cells) || is_empty(cells) {
            return None;
        }
        let row = self.bare(cells);
        if row.too_long().is_some() {
            return None;
        }
        let item = rows.quick(&row, aside);
        if !aside.is_empty() {
            *aside = Report::aside();
            return None;
        }
        if item.is_none() || !self.doubts.known(&row, doubted) {
            return None;
        }
        item
    }

    /// Takes what a thread made of a piece that begins after so many lines. Whether to go on.
    fn merge_of<T: Rows>(
        &mut self,
        piece: &impl Piece,
        taken: Taken<T::Item>,
        line: u64,
        room: &mut Splitter,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        self.doubts.add(taken.doubted);
        let mut items = taken.items.into_iter();
        let mut done = 0;
        for (before, spot) in taken.left {
            self.take(&mut items, before - done, line, rows, report);
            done = before;
            let line = line + u64::from(spot.line);
            if let Err(wrong) = piece.record(spot, line, room) {
                report.push(Problem::error(&*self.head.file, wrong.what).line(line));
                // Its names cannot be known.
                self.whole = false;
                if wrong.last {
                    return false;
                }
            }
            if !self.row(room.record(), line, rows, report) {
                return false;
            }
        }
        let left = items.len();
        self.take(&mut items, left, line, rows, report);
        true
    }

    /// Takes so many of what rows became.
    fn take<T: Rows>(
        &mut self,
        items: &mut vec::IntoIter<(u32, T::Item)>,
        count: usize,
        line: u64,
        rows: &mut T,
        report: &mut Report,
    ) {
        for _ in 0..count {
            let Some((on, item)) = items.next() else {
                return;
            };
            if let Some((_, later)) = items.as_slice().get(AHEAD) {
                rows.expect(later);
            }
            self.number += 1;
            let line = line + u64::from(on);
            let number = self.number;
            rows.take(item, At { line, number }, report);
        }
    }

    /// The cells but for empty ones behind the last column, as Excel leaves them.
    #[inline]
    fn without_tail<'a>(&self, mut cells: Record<'a>) -> Record<'a> {
        let needs = self.head.names.len();
        let most = needs + self.head.nameless;
        while (needs + 1..=most).contains(&cells.len())
            && cells.cell(cells.len() - 1).trim().is_empty()
        {
            cells = cells.first(cells.len() - 1);
        }
        cells
    }

    #[inline]
    fn is_header(&self, cells: Record<'_>) -> bool {
        let names = &self.head.names;
        let is = |at: usize| {
            names
                .get(at)
                .is_some_and(|name| trimmed(cells.cell(at)) == name)
        };
        cells.len() == names.len() && is(0) && (1..names.len()).all(is)
    }

    /// Takes a row in order, and reports what is wrong with it. Whether to go on.
    pub fn row(
        &mut self,
        cells: Record<'_>,
        line: u64,
        rows: &mut impl Rows,
        report: &mut Report,
    ) -> bool {
        if is_empty(cells) {
            return true;
        }
        self.number += 1;
        let problem = |what| {
            let mut problem = Problem::error(&*self.head.file, what).line(line);
            problem.row = Some(self.number);
            problem
        };
        let cells = self.without_tail(cells);
        if self.is_header(cells) {
            report.push(problem(text!("header-again")));
            return true;
        }
        let (has, needs) = (cells.len(), self.head.names.len());
        if has != needs {
            let wide = cells.cells().map(|cell| cell.matches('\u{ff0c}').count());
            let wide: usize = wide.sum();
            let hint = if wide > 0 && has + wide >= needs && has < needs {
                text!("row-full-width")
            } else if has > needs {
                text!("row-quote")
            } else {
                "".into()
            };
            report.push(problem(text!("row-length", has, needs, hint)));
            self.loose.add(cells);
            return true;
        }
        let row = Row {
            head: &self.head,
            cells,
            line,
            number: self.number,
        };
        if let Some(problem) = row.too_long() {
            report.push(problem);
            self.loose.add(cells);
            self.long += 1;
            // So a table of texts in the place of ids is not read to its end.
            self.whole &= self.long < MOST_LONG;
            return self.long < MOST_LONG;
        }
        self.doubts.see(&row);
        rows.row(&row, report);
        true
    }

    /// Tells what all rows together let doubt.
    pub fn finish(self, report: &mut Report) -> Done {
        self.doubts.tell(report);
        if self.number == 0 && self.whole {
            let what = text!("table-no-rows");
            report.push(Problem::warning(&*self.head.file, what).line(1));
        }
        Done {
            head: Some(self.head),
            whole: self.whole,
            loose: self.loose,
        }
    }
}

/// Whether every cell is empty.
#[inline]
fn is_empty(cells: Record<'_>) -> bool {
    cells.cells().all(|cell| trimmed(cell).is_empty())
}
