//! Records of CSV text with the exact line on which each begins, whatever the line endings: one by one, or blocks of
//! whole records to be split by several threads.

use std::io::{ErrorKind, Read};

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memrchr};

use super::cells::{Record, Span};
use super::rows::{self, AT_A_TIME, Spot};
use super::splitter::{SAMPLE, Splitter, Wrong};
use crate::texts::{Text, text};

/// Longest row, in bytes.
const LONGEST_RECORD: usize = 4 << 20;
/// How often the rest of a quote that is not closed is read again.
const MOST_OPEN: u32 = 20;
/// How much is read at a time.
const READ: usize = 1 << 16;
/// Bytes of a block, few enough that what is made of it is still near when it is taken. A record in it is shorter than
/// the longest.
const BLOCK: usize = LONGEST_RECORD / 4;
/// Bytes of a piece of a block, which one thread splits.
const PIECE: usize = 1 << 15;

/// Records of a CSV file.
pub struct Records<R> {
    reader: R,
    /// What was read and not yet taken begins at `at`.
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
    /// The record read last.
    record: Vec<u8>,
    /// Its cells.
    pub last: Splitter,
    /// Lines before `at`.
    line: u64,
    open: u32,
    /// Bytes of a block, and of a piece of it.
    sizes: (usize, usize),
}

impl<R: Read> Records<R> {
    /// Records of this text.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            at: 0,
            ended: false,
            record: Vec::new(),
            last: Splitter::default(),
            line: 0,
            open: 0,
            sizes: (BLOCK, PIECE),
        }
    }

    /// The same with blocks and pieces of other sizes.
    #[cfg(test)]
    pub fn in_sizes(self, block: usize, piece: usize) -> Self {
        let sizes = (block, piece);
        Self { sizes, ..self }
    }

    /// Reads more, if there is more.
    fn more(&mut self) -> std::io::Result<()> {
        if self.at >= READ {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let before = self.buffer.len();
        self.buffer.resize(before + READ, 0);
        let count = loop {
            match self.reader.read(&mut self.buffer[before..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer
            .truncate(before + count.as_ref().map_or(0, |count| *count));
        self.ended = count? == 0;
        Ok(())
    }

    /// Goes to the next record, whose cells are then in `last`, and says on which line it begins. Empty lines are
    /// skipped.
    pub fn next(&mut self) -> Result<Option<u64>, Wrong> {
        loop {
            let start = self.line + 1;
            let wrong = |what: Text, last: bool| Wrong {
                line: start,
                what,
                last,
                read: false,
            };
            let (mut scanned, mut open, mut lines) = (0, false, 0);
            let length = loop {
                let rest = &self.buffer[self.at..];
                match memchr2(b'"', b'\n', &rest[scanned..]) {
                    Some(found) => {
                        let quote = rest[scanned + found] == b'"';
                        scanned += found + 1;
                        open ^= quote;
                        lines += u64::from(!quote);
                        if !quote && !open {
                            break scanned;
                        }
                    }
                    None => scanned = rest.len(),
                }
                let all = scanned == rest.len();
                let long = scanned >= LONGEST_RECORD;
                if open && (long || all && self.ended) {
                    return Err(self.unclosed(start, scanned));
                }
                if long {
                    return Err(wrong(text!("row-too-long"), true));
                }
                if all && self.ended {
                    lines += u64::from(scanned > 0 && rest[scanned - 1] != b'\n');
                    break scanned;
                }
                if all {
                    let read = self.more();
                    read.map_err(|error| wrong(text!("cannot-read", error), true))?;
                }
            };
            if length == 0 {
                return Ok(None);
            }
            let record = trimmed(&self.buffer[self.at..self.at + length]);
            self.record.clear();
            self.record.extend_from_slice(record);
            self.at += length;
            self.line += lines;
            if !self.last.is_blank(&self.record) {
                if self.last.is_news(&self.record) {
                    // What cannot be read is told when it is needed.
                    while self.buffer.len() - self.at < SAMPLE && !self.ended {
                        self.ended |= self.more().is_err();
                    }
                }
                let after = &self.buffer[self.at..];
                let split = self.last.split_any(&self.record, after, start);
                return split.map(|()| Some(start));
            }
        }
    }

    /// Separates the record read last, and those that follow, by another character.
    pub fn separate_by(&mut self, separator: u8) {
        self.last.separate_by(separator);
        // What is not UTF-8 in it has been told.
        let _ = self.last.split_any(&self.record, &[], 0);
    }

    /// A quote that is not closed: the row is lost, but what comes after its first line is read.
    fn unclosed(&mut self, start: u64, length: usize) -> Wrong {
        self.open += 1;
        let record = &self.buffer[self.at..self.at + length];
        let end = memchr(b'\n', record);
        let last = self.open > MOST_OPEN || end.is_none();
        let first = &record[..end.map_or(length, |end| end + 1)];
        let text = String::from_utf8_lossy(first).replace('"', "");
        self.last.plain(text.trim_end());
        self.at += first.len();
        self.line = start;
        Wrong {
            line: start,
            what: text!("quote-open"),
            last,
            read: false,
        }
    }

    /// Takes whole records, if there are some before a record that is too long, or a quote that is not closed.
    /// Without any, [`Self::next`] goes on, and tells what cannot be read.
    fn whole(&mut self) -> Option<Block> {
        let (block_size, piece_size) = self.sizes;
        self.buffer.reserve(block_size + SAMPLE + READ);
        while !self.ended && self.buffer.len() - self.at < block_size + SAMPLE {
            self.more().ok()?;
        }
        let rest = &self.buffer[self.at..];
        let rest = &rest[..rest.len().min(block_size)];
        let mut ends = Vec::new();
        let mut end = 0;
        if memchr(b'"', rest).is_none() {
            end = memrchr(b'\n', rest).map_or(0, |at| at + 1);
            let mut from = piece_size;
            while let Some(at) = rest[..end].get(from..).and_then(|rest| memchr(b'\n', rest)) {
                ends.push(from + at + 1);
                from += at + 1 + piece_size;
            }
        } else {
            for record in record_ends(rest) {
                end = record;
                if end - ends.last().copied().unwrap_or(0) >= piece_size {
                    ends.push(end);
                }
            }
        }
        if end == 0 {
            return None;
        }
        if ends.last() != Some(&end) {
            ends.push(end);
        }
        let line = self.line;
        self.line += memchr_iter(b'\n', &rest[..end]).count() as u64;
        let tail = self.buffer[self.at + end..].to_vec();
        let bytes = std::mem::replace(&mut self.buffer, tail);
        let start = std::mem::take(&mut self.at);
        Some(Block {
            bytes,
            start,
            ends,
            line,
            separator: self.last.separator,
        })
    }
}

/// Whole records of a file.
pub struct Block {
    bytes: Vec<u8>,
    /// Where they begin in `bytes`.
    start: usize,
    /// Where pieces of whole records end, from there.
    ends: Vec<usize>,
    /// Lines before it.
    line: u64,
    separator: u8,
}

impl<R: Read + Send> rows::Blocks for Records<R> {
    type Block = Block;

    fn block(&mut self) -> Option<Block> {
        self.whole()
    }

    fn room(&mut self) -> &mut Splitter {
        &mut self.last
    }
}

impl rows::Block for Block {
    type Piece<'a> = Piece<'a>;

    fn line(&self) -> u64 {
        self.line
    }

    fn pieces(&self) -> Vec<Piece<'_>> {
        let bytes = &self.bytes[self.start..];
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let pieces = starts.zip(&self.ends);
        let piece = |(from, to): (usize, &usize)| Piece {
            bytes: &bytes[from..*to],
            after: &bytes[*to..],
            separator: self.separator,
        };
        pieces.map(piece).collect()
    }
}

/// Some records of a block.
pub struct Piece<'a> {
    bytes: &'a [u8],
    /// What comes after it, as far as it was read.
    after: &'a [u8],
    separator: u8,
}

impl rows::Piece for Piece<'_> {
    fn about(&self) -> usize {
        self.bytes.len() / record_length(self.bytes, false).max(8) + 1
    }

    fn records(&self, some: &mut dyn FnMut(&[rows::Found<'_>])) -> u64 {
        let text = std::str::from_utf8(self.bytes).ok();
        let quotes = memchr(b'"', self.bytes).is_some();
        if let Some(text) = text.filter(|_| !quotes) {
            return plain_records(text, self.separator, some);
        }
        let mut splitters: Vec<_> = (0..AT_A_TIME)
            .map(|_| Splitter::by(self.separator))
            .collect();
        let (mut from, mut lines) = (0, 0);
        while from < self.bytes.len() {
            let mut records = Vec::with_capacity(AT_A_TIME);
            for splitter in &mut splitters {
                while from < self.bytes.len() {
                    let length = record_length(&self.bytes[from..], quotes);
                    let record = trimmed(&self.bytes[from..from + length]);
                    let (begins, to) = (from, from + record.len());
                    from += length;
                    let line = lines + 1;
                    lines += 1;
                    if quotes {
                        lines += memchr_iter(b'\n', record).count() as u32;
                    }
                    if !splitter.is_blank(record) {
                        let cells = text.map(|text| splitter.split(&text[begins..to]));
                        let from = begins;
                        records.push((Spot { from, to, line }, cells));
                        break;
                    }
                }
            }
            some(&records);
        }
        u64::from(lines)
    }

    fn record(&self, spot: Spot, line: u64, room: &mut Splitter) -> Result<(), Wrong> {
        let record = &self.bytes[spot.from..spot.to];
        if !room.is_news(record) {
            return room.split_any(record, &[], line);
        }
        // What follows its line ending.
        let rest = &self.bytes[spot.to..];
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        let after = [&rest[end..], self.after].concat();
        room.split_any(record, &after, line)
    }
}

/// Gives the records of a text without quotes that are not blank, some at a time. How many lines there are.
fn plain_records(text: &str, separator: u8, some: &mut dyn FnMut(&[rows::Found<'_>])) -> u64 {
    let bytes = text.as_bytes();
    let splitter = Splitter::by(separator);
    // Where records lie, and where their cells end in `spans`.
    let mut records: Vec<(Spot, usize)> = Vec::with_capacity(AT_A_TIME);
    let mut spans: Vec<Span> = Vec::new();
    let (mut from, mut cell, mut line) = (0, 0, 0);
    let mut mark = |at: usize, ends: bool| {
        if !ends {
            spans.push(((cell - from) as u32, (at - from) as u32));
            cell = at + 1;
            return;
        }
        line += 1;
        let record = trimmed(&bytes[from..at]);
        let to = from + record.len();
        if splitter.is_blank(record) {
            spans.truncate(records.last().map_or(0, |(_, end)| *end));
        } else {
            spans.push(((cell - from) as u32, (to - from) as u32));
            records.push((Spot { from, to, line }, spans.len()));
        }
        (from, cell) = (at + 1, at + 1);
        if records.len() == AT_A_TIME || at == bytes.len() {
            let mut start = 0;
            let found = records.drain(..).map(|(spot, end)| {
                let spans = &spans[std::mem::replace(&mut start, end)..end];
                let text = &text[spot.from..spot.to];
                (spot, Some(Record { text, spans }))
            });
            some(&found.collect::<Vec<_>>());
            spans.clear();
        }
    };
    each_mark(bytes, separator, |at| mark(at, bytes[at] == b'\n'));
    // What is left over, and a last record without its line end.
    let ended = bytes.last().is_none_or(|last| *last == b'\n');
    mark(bytes.len(), true);
    u64::from(line - u32::from(ended))
}

/// Calls `mark` for each line end and separator, in order. Eight bytes are looked at together: a byte of `x` is 0 just
/// where `!(((x & 0x7f…) + 0x7f…) | x | 0x7f…)` has its highest bit.
#[inline(always)]
fn each_mark(bytes: &[u8], separator: u8, mut mark: impl FnMut(usize)) {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const LOW: u64 = EACH * 0x7f;
    let zeros = |x: u64| !(((x & LOW) + LOW) | x | LOW);
    let (line, cell) = (EACH * u64::from(b'\n'), EACH * u64::from(separator));
    let (words, rest) = bytes.as_chunks();
    for (n, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let mut marks = zeros(word ^ line) | zeros(word ^ cell);
        while marks != 0 {
            mark(n * 8 + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    }
    let before = bytes.len() - rest.len();
    for (n, byte) in rest.iter().enumerate() {
        if *byte == b'\n' || *byte == separator {
            mark(before + n);
        }
    }
}

/// The length of the first record of a text of whole records.
fn record_length(bytes: &[u8], quotes: bool) -> usize {
    if !quotes {
        return memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1);
    }
    record_ends(bytes).next().unwrap_or(bytes.len())
}

/// Where records end in a text that begins with one: behind the line ends outside quotes.
fn record_ends(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut open = false;
    memchr2_iter(b'"', b'\n', bytes).filter_map(move |at| {
        let quote = bytes[at] == b'"';
        open ^= quote;
        (!quote && !open).then_some(at + 1)
    })
}

/// A record without its line ending.
fn trimmed(mut record: &[u8]) -> &[u8] {
    while let [rest @ .., b'\n' | b'\r'] = record {
        record = rest;
    }
    record
}
