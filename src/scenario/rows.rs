//! Rows of a table, taken in by several threads. A thread takes only rows in which nothing is wrong; every other row is
//! read again in the order of the file, by the one report. So messages, their order and their number are those of a
//! reading row by row.

use std::sync::Arc;
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
pub trait Rows: Send {
    /// What a row becomes.
    type Item: Send;
    /// What several threads read rows with, while those before them are taken.
    type Quick: Quick<Item = Self::Item>;
    /// Whether rows may be taken by several threads at all.
    const PARALLEL: bool = true;

    /// What rows are read with, as far as it is known now.
    fn quick(&self) -> Self::Quick;
    /// Asks for memory that [`Self::take`] will want for what a row became, some rows before.
    fn expect(&self, _: &Self::Item) {}
    /// Takes what a row became. Rows come in file order.
    fn take(&mut self, item: Self::Item, at: At, report: &mut Report);
    /// Takes any row, and reports what is wrong with it.
    fn row(&mut self, row: &Row<'_>, report: &mut Report);
}

/// Reads rows in which nothing is wrong, wherever they stand in a table.
pub trait Quick: Send + Sync {
    /// What a row becomes.
    type Item: Send;

    /// Asks for memory that [`Self::item`] will want for a row, some rows before.
    fn ask(&self, _: &Row<'_>) {}
    /// What a row becomes; nothing where something about it must be told, or waits for rows before it. Nothing is kept
    /// of what it reports.
    fn item(&self, row: &Row<'_>, report: &mut Report) -> Option<Self::Item>;
}

/// Rows that are read one by one.
pub struct InOrder<F>(pub F);

/// Reads no row.
pub struct Nothing;

impl Quick for Nothing {
    type Item = ();

    fn item(&self, _: &Row<'_>, _: &mut Report) -> Option<()> {
        None
    }
}

impl<F: FnMut(&Row<'_>, &mut Report) + Send> Rows for InOrder<F> {
    type Item = ();
    type Quick = Nothing;
    const PARALLEL: bool = false;

    fn quick(&self) -> Nothing {
        Nothing
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
    head: Arc<Head>,
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

/// What threads read rows with.
struct Reader<Q> {
    head: Arc<Head>,
    /// What was doubted until now. What has been since is doubted again, and found to be known.
    doubts: Doubts,
    rows: Q,
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

impl<Q: Quick> Reader<Q> {
    /// What threads can take of a block.
    fn read(&self, block: &impl Block) -> Vec<Taken<Q::Item>> {
        let pieces = block.pieces();
        let pieces = pieces.par_iter();
        pieces.map(|piece| self.read_piece(piece)).collect()
    }

    /// What a thread can take of a piece.
    fn read_piece(&self, piece: &impl Piece) -> Taken<Q::Item> {
        let mut items = Vec::with_capacity(piece.about());
        let (mut left, mut doubted) = (Vec::new(), More::new());
        let mut aside = Report::aside();
        let lines = piece.records(&mut |some| {
            let all = some.iter().filter_map(|(_, cells)| *cells);
            all.for_each(|cells| self.rows.ask(&self.bare(cells)));
            for (spot, cells) in some {
                let item = cells.and_then(|cells| self.item(cells, &mut aside, &mut doubted));
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
    fn bare<'a>(&'a self, cells: Record<'a>) -> Row<'a> {
        Row {
            head: &self.head,
            cells,
            line: 0,
            number: 0,
        }
    }

    /// What a record becomes, if nothing need be told of it.
    fn item(&self, cells: Record<'_>, aside: &mut Report, doubted: &mut More) -> Option<Q::Item> {
        let cells = without_tail(&self.head, cells);
        if cells.len() != self.head.names.len() || is_header(&self.head, cells) || is_empty(cells) {
            return None;
        }
        let row = self.bare(cells);
        if row.too_long().is_some() {
            return None;
        }
        let item = self.rows.item(&row, aside);
        if !aside.is_empty() {
            *aside = Report::aside();
            return None;
        }
        if item.is_none() || !self.doubts.known(&row, doubted) {
            return None;
        }
        item
    }
}

impl Table {
    /// A table of this header.
    pub fn new(head: Head) -> Self {
        Self {
            doubts: Doubts::new(&head),
            head: Arc::new(head),
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

    /// What threads read rows with now.
    fn reader<T: Rows>(&self, rows: &T) -> Reader<T::Quick> {
        Reader {
            head: Arc::clone(&self.head),
            doubts: self.doubts.clone(),
            rows: rows.quick(),
        }
    }

    /// Takes the block, and those that follow it: while rows of one are read, those of the one before are taken, and the
    /// next is fetched. Whether to go on.
    pub fn blocks<B: Blocks, T: Rows>(
        &mut self,
        first: B::Block,
        blocks: &mut B,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        // By one of the threads that share the work, so that none waits for a thread of another kind.
        rayon::scope(|_| {
            let (mut next, mut before) = (Some(first), None::<(B::Block, Vec<_>)>);
            loop {
                let Some(block) = next.take() else {
                    let last = before.is_none_or(|(block, taken)| {
                        self.merge(&block, taken, blocks.room(), rows, report)
                    });
                    return last;
                };
                let reader = self.reader(rows);
                let (taken, on) = rayon::join(
                    || reader.read(&block),
                    || {
                        next = blocks.block();
                        before.take().is_none_or(|(block, taken)| {
                            self.merge(&block, taken, blocks.room(), rows, report)
                        })
                    },
                );
                if !on {
                    return false;
                }
                before = Some((block, taken));
            }
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
        let taken = self.reader(rows).read(block);
        self.merge(block, taken, room, rows, report)
    }

    /// Takes what threads made of a block. Whether to go on.
    fn merge<T: Rows>(
        &mut self,
        block: &impl Block,
        taken: Vec<Taken<T::Item>>,
        room: &mut Splitter,
        rows: &mut T,
        report: &mut Report,
    ) -> bool {
        let mut line = block.line();
        for (piece, taken) in block.pieces().iter().zip(taken) {
            let lines = taken.lines;
            if !self.merge_of(piece, taken, line, room, rows, report) {
                return false;
            }
            line += lines;
        }
        true
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
        let cells = without_tail(&self.head, cells);
        if is_header(&self.head, cells) {
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
            // No reader is left.
            head: Arc::into_inner(self.head),
            whole: self.whole,
            loose: self.loose,
        }
    }
}

/// The cells but for empty ones behind the last column, as Excel leaves them.
#[inline]
fn without_tail<'a>(head: &Head, mut cells: Record<'a>) -> Record<'a> {
    let needs = head.names.len();
    let most = needs + head.nameless;
    while (needs + 1..=most).contains(&cells.len()) && cells.cell(cells.len() - 1).trim().is_empty()
    {
        cells = cells.first(cells.len() - 1);
    }
    cells
}

/// Whether a record is the header once more.
#[inline]
fn is_header(head: &Head, cells: Record<'_>) -> bool {
    let names = &head.names;
    let is = |at: usize| {
        names
            .get(at)
            .is_some_and(|name| trimmed(cells.cell(at)) == name)
    };
    cells.len() == names.len() && is(0) && (1..names.len()).all(is)
}

/// Whether every cell is empty.
#[inline]
fn is_empty(cells: Record<'_>) -> bool {
    cells.cells().all(|cell| trimmed(cell).is_empty())
}
