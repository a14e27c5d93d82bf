//! Records of CSV text with the exact line on which each begins, whatever the line endings.

use std::io::{BufRead, Read};

use super::encoding;
use crate::texts::{Text, text};

/// Longest row, in bytes.
const LONGEST_RECORD: u64 = 4 << 20;

/// How often the rest of a quote that is not closed is read again.
const MOST_OPEN: u32 = 20;

/// What is wrong with a record, and whether reading ends there.
pub struct Wrong {
    /// Line on which the record begins.
    pub line: u64,
    /// What is wrong.
    pub what: Text,
    /// Whether nothing can be read after it.
    pub last: bool,
    /// Whether the record is there in `cells` all the same.
    pub read: bool,
}

/// Records of a CSV file with the exact line on which each begins.
pub struct Records<R> {
    reader: R,
    bytes: Vec<u8>,
    /// Bytes that are read before those of the reader, from `next_ahead`.
    ahead: Vec<u8>,
    next_ahead: usize,
    /// The cells of the record read last.
    pub cells: Vec<String>,
    /// What stands between the cells.
    pub separator: u8,
    line: u64,
    open: u32,
    told: bool,
}

impl<R: BufRead> Records<R> {
    /// Records of this text.
    pub const fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
            ahead: Vec::new(),
            next_ahead: 0,
            cells: Vec::new(),
            separator: b',',
            line: 0,
            open: 0,
            told: false,
        }
    }

    /// Appends a line to `bytes`; gives how many bytes it has.
    fn line(&mut self) -> std::io::Result<usize> {
        if self.next_ahead < self.ahead.len() {
            let rest = &self.ahead[self.next_ahead..];
            let end = rest.iter().position(|b| *b == b'\n');
            let count = end.map_or(rest.len(), |end| end + 1);
            self.bytes.extend_from_slice(&rest[..count]);
            self.next_ahead += count;
            return Ok(count);
        }
        (&mut self.reader)
            .take(LONGEST_RECORD)
            .read_until(b'\n', &mut self.bytes)
    }

    /// Reads the next record into `cells` and says on which line it begins. Empty lines are skipped.
    pub fn next(&mut self) -> Result<Option<u64>, Wrong> {
        loop {
            self.bytes.clear();
            let start = self.line + 1;
            let mut open = false;
            loop {
                let from = self.bytes.len();
                let count = self.line().map_err(|error| Wrong {
                    line: start,
                    what: text!("cannot-read", error),
                    last: true,
                    read: false,
                })?;
                self.line += u64::from(count > 0);
                for byte in &self.bytes[from..] {
                    open ^= *byte == b'"';
                }
                let long = self.bytes.len() as u64 >= LONGEST_RECORD;
                if open && (long || count == 0) {
                    return Err(self.unclosed(start));
                }
                if long {
                    return Err(Wrong {
                        line: start,
                        what: text!("row-too-long"),
                        last: true,
                        read: false,
                    });
                }
                if !open {
                    break;
                }
            }
            if self.bytes.is_empty() {
                return Ok(None);
            }
            while self
                .bytes
                .last()
                .is_some_and(|b| matches!(b, b'\n' | b'\r'))
            {
                self.bytes.pop();
            }
            let separator = self.separator;
            let blank = |b: &u8| b.is_ascii_whitespace() || *b == separator;
            if !self.bytes.iter().all(blank) {
                return self.split(start).map(|()| Some(start));
            }
        }
    }

    /// Separates the record read last, and those that follow, by another character.
    pub fn separate_by(&mut self, separator: char) {
        self.separator = u8::try_from(separator).unwrap_or(b',');
        // The record has been split before, so it can be split again.
        let _ = self.split(0);
    }

    /// A quote that is not closed: the row is lost, but what comes after its first line is read.
    fn unclosed(&mut self, start: u64) -> Wrong {
        self.open += 1;
        let end = self.bytes.iter().position(|b| *b == b'\n');
        let last = self.open > MOST_OPEN || end.is_none();
        if let Some(end) = end {
            let mut ahead = self.bytes.split_off(end + 1);
            ahead.extend_from_slice(&self.ahead[self.next_ahead..]);
            self.ahead = ahead;
            self.next_ahead = 0;
            self.line = start;
        }
        let text = String::from_utf8_lossy(&self.bytes).replace('"', "");
        let separator = char::from(self.separator);
        self.cells = text
            .trim_end()
            .split(separator)
            .map(str::to_owned)
            .collect();
        Wrong {
            line: start,
            what: text!("quote-open"),
            last,
            read: false,
        }
    }

    fn split(&mut self, line: u64) -> Result<(), Wrong> {
        let bytes = &self.bytes;
        let text = String::from_utf8_lossy(bytes);
        let foreign = matches!(text, std::borrow::Cow::Owned(_));
        let separator = char::from(self.separator);
        if text.contains('"') {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(self.separator)
                .buffer_capacity(text.len().clamp(16, 1 << 16))
                .from_reader(text.as_bytes());
            let mut record = csv::StringRecord::new();
            reader.read_record(&mut record).map_err(|error| Wrong {
                line,
                what: text!("cannot-read", error = Text::foreign(error)),
                last: false,
                read: false,
            })?;
            fill(&mut self.cells, record.len(), record.iter());
        } else {
            let count = text.matches(separator).count() + 1;
            fill(&mut self.cells, count, text.split(separator));
        }
        if foreign && !self.told {
            self.told = true;
            // More text than one row shows the encoding better.
            let mut sample = bytes.clone();
            sample.extend_from_slice(self.reader.fill_buf().unwrap_or_default());
            return Err(Wrong {
                line,
                what: encoding::not_utf8(&sample),
                last: false,
                read: true,
            });
        }
        Ok(())
    }
}

fn fill<'a>(cells: &mut Vec<String>, count: usize, texts: impl Iterator<Item = &'a str>) {
    cells.resize(count, String::new());
    for (cell, text) in cells.iter_mut().zip(texts) {
        cell.clear();
        cell.push_str(text);
    }
}
