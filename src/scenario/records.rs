//! Records of CSV text with the exact line on which each begins, whatever the line endings.

use std::io::{BufRead, Read};

/// Longest row, in bytes.
const LONGEST_RECORD: u64 = 4 << 20;

/// What is wrong with a record, and whether reading ends there.
pub struct Wrong {
    /// Line on which the record begins.
    pub line: u64,
    /// What is wrong.
    pub what: String,
    /// Whether nothing can be read after it.
    pub last: bool,
}

/// Records of a CSV file with the exact line on which each begins.
pub struct Records<R> {
    reader: R,
    bytes: Vec<u8>,
    /// The cells of the record read last.
    pub cells: Vec<String>,
    line: u64,
}

impl<R: BufRead> Records<R> {
    /// Records of this text.
    pub const fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
            cells: Vec::new(),
            line: 0,
        }
    }

    /// Reads the next record into `cells` and says on which line it begins. Empty lines are skipped.
    pub fn next(&mut self) -> Result<Option<u64>, Wrong> {
        loop {
            self.bytes.clear();
            let start = self.line + 1;
            let mut open = false;
            loop {
                let from = self.bytes.len();
                let count = (&mut self.reader)
                    .take(LONGEST_RECORD)
                    .read_until(b'\n', &mut self.bytes);
                let count = count.map_err(|error| Wrong {
                    line: start,
                    what: format!("cannot be read: {error}"),
                    last: true,
                })?;
                self.line += u64::from(count > 0);
                for byte in &self.bytes[from..] {
                    open ^= *byte == b'"';
                }
                let long = self.bytes.len() as u64 >= LONGEST_RECORD;
                if long || (open && count == 0) {
                    let what = if open {
                        "a cell opens a quote that is not closed"
                    } else {
                        "the row is too long"
                    };
                    return Err(Wrong {
                        line: start,
                        what: what.to_owned(),
                        last: true,
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
            if !self.bytes.iter().all(u8::is_ascii_whitespace) {
                self.split().map_err(|what| Wrong {
                    line: start,
                    what,
                    last: false,
                })?;
                return Ok(Some(start));
            }
        }
    }

    fn split(&mut self) -> Result<(), String> {
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| "is not UTF-8 text: save the table as UTF-8".to_owned())?;
        if text.contains('"') {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .buffer_capacity(text.len().clamp(16, 1 << 16))
                .from_reader(text.as_bytes());
            let mut record = csv::StringRecord::new();
            reader
                .read_record(&mut record)
                .map_err(|error| format!("cannot be read: {error}"))?;
            fill(&mut self.cells, record.len(), record.iter());
        } else {
            let count = text.bytes().filter(|b| *b == b',').count() + 1;
            fill(&mut self.cells, count, text.split(','));
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
