//! Records of CSV text as cells.

use memchr::{memchr, memchr_iter};

use super::cells::{Record, Span};
use super::encoding;
use crate::texts::Text;

/// Text after a record that shows its encoding better, in bytes.
pub const SAMPLE: usize = 1 << 14;

/// What is wrong with a record, and whether reading ends there.
pub struct Wrong {
    /// Line on which the record begins.
    pub line: u64,
    /// What is wrong.
    pub what: Text,
    /// Whether nothing can be read after it.
    pub last: bool,
    /// Whether the record is there all the same.
    pub read: bool,
}

/// Splits records into cells.
pub struct Splitter {
    /// What stands between the cells.
    pub separator: u8,
    /// The text of the record split last, where that is not the record itself.
    text: String,
    spans: Vec<Span>,
    /// What splits records with quotes, once there is one.
    quoted: Option<csv_core::Reader>,
    unquoted: Vec<u8>,
    ends: Vec<usize>,
    told: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Self::by(b',')
    }
}

impl Splitter {
    /// Splits by this separator.
    pub fn by(separator: u8) -> Self {
        Self {
            separator,
            text: String::new(),
            spans: Vec::new(),
            quoted: None,
            unquoted: Vec::new(),
            ends: Vec::new(),
            told: false,
        }
    }

    /// Splits by another separator from now on.
    pub fn separate_by(&mut self, separator: u8) {
        self.separator = separator;
        self.quoted = None;
    }

    /// Whether a record has nothing in it.
    pub fn is_blank(&self, record: &[u8]) -> bool {
        let blank = |b: &u8| b.is_ascii_whitespace() || *b == self.separator;
        record.iter().all(blank)
    }

    /// Whether a record is the first that is not UTF-8.
    pub fn is_news(&self, record: &[u8]) -> bool {
        !self.told && std::str::from_utf8(record).is_err()
    }

    /// The cells of the record split last by [`Self::split_any`].
    pub fn record(&self) -> Record<'_> {
        Record {
            text: &self.text,
            spans: &self.spans,
        }
    }

    /// Splits a record whose text is known to be UTF-8.
    pub fn split<'a>(&'a mut self, record: &'a str) -> Record<'a> {
        if memchr(b'"', record.as_bytes()).is_none() {
            self.spans.clear();
            spans(record, self.separator, &mut self.spans);
            return Record {
                text: record,
                spans: &self.spans,
            };
        }
        self.unquote(record);
        self.record()
    }

    /// Splits a record into `text` and `spans`. When it is the first that is not UTF-8, that is an error, told with
    /// what comes after it: more text than one row shows the encoding better.
    pub fn split_any(&mut self, record: &[u8], after: &[u8], line: u64) -> Result<(), Wrong> {
        let text = String::from_utf8_lossy(record);
        if text.contains('"') {
            self.unquote(&text);
        } else {
            self.plain(&text);
        }
        if matches!(text, std::borrow::Cow::Owned(_)) && !self.told {
            self.told = true;
            let after = &after[..after.len().min(SAMPLE)];
            return Err(Wrong {
                line,
                what: encoding::not_utf8(&[record, after].concat()),
                last: false,
                read: true,
            });
        }
        Ok(())
    }

    /// Room for the text and the cells of a record.
    pub fn room(&mut self) -> (&mut String, &mut Vec<Span>) {
        self.text.clear();
        self.spans.clear();
        (&mut self.text, &mut self.spans)
    }

    /// Splits a text without quotes.
    pub fn plain(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.spans.clear();
        spans(text, self.separator, &mut self.spans);
    }

    fn unquote(&mut self, record: &str) {
        let cells = memchr_iter(self.separator, record.as_bytes()).count() + 1;
        self.ends.resize(cells.max(self.ends.len()), 0);
        self.unquoted
            .resize(record.len().max(self.unquoted.len()), 0);
        let (mut written, mut count) = (0, 0);
        let separator = self.separator;
        let reader = self.quoted.get_or_insert_with(|| reader(separator));
        reader.reset();
        // The text, and then its end.
        for input in [record.as_bytes(), &[]] {
            let (output, ends) = (&mut self.unquoted[written..], &mut self.ends[count..]);
            let (result, _, out, new) = reader.read_record(input, output, ends);
            written += out;
            count += new;
            if result == csv_core::ReadRecordResult::Record {
                break;
            }
        }
        let starts = std::iter::once(0).chain(self.ends[..count].iter().copied());
        self.spans.clear();
        self.spans.extend(
            starts
                .zip(&self.ends[..count])
                .map(|(from, to)| (from as u32, *to as u32)),
        );
        self.text.clear();
        self.text
            .push_str(&String::from_utf8_lossy(&self.unquoted[..written]));
    }
}

fn reader(separator: u8) -> csv_core::Reader {
    csv_core::ReaderBuilder::new().delimiter(separator).build()
}

/// Where the cells of a record without quotes lie.
fn spans(text: &str, separator: u8, spans: &mut Vec<Span>) {
    let mut from = 0;
    for to in memchr_iter(separator, text.as_bytes()) {
        spans.push((from, to as u32));
        from = to as u32 + 1;
    }
    spans.push((from, text.len() as u32));
}
