//! CSV tables with a column contract: required and optional columns, unknown ones refused, every
//! cell read with its range, every problem with file, line, row and column.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::sync::Arc;

use super::Month;
use super::files::TextFile;
use super::problem::{Problem, Report, shortened};

/// Most columns of a table.
const MOST_COLUMNS: usize = 2000;
/// Longest row, in bytes.
const LONGEST_RECORD: u64 = 4 << 20;
/// Longest id, in characters.
const LONGEST_ID: usize = 64;

/// What columns a table may have. Columns `note…` and `source_…` are commentary and never read.
#[derive(Clone, Debug, Default)]
pub struct Contract<'a> {
    /// Columns that must be there.
    pub required: &'a [&'a str],
    /// Columns that may be there.
    pub optional: &'a [&'a str],
    /// More columns that may be there, made of the scenario's layers or domains.
    pub named: Vec<String>,
    /// A beginning with which any column may be there.
    pub prefix: Option<&'a str>,
}

/// The header of a table.
#[derive(Debug)]
pub struct Head {
    /// The file as the user would name it.
    pub file: Arc<str>,
    columns: BTreeMap<String, usize>,
    /// Names in file order.
    pub names: Vec<String>,
}

impl Head {
    /// Whether the table has the column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

/// A range of numbers that a cell may hold.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// Least number; not itself allowed when `above`.
    pub least: f64,
    /// Greatest number.
    pub most: f64,
    /// Whether the number must be above `least`.
    pub above: bool,
    /// Unit, in words.
    pub unit: &'static str,
}

impl Range {
    /// From `least` to `most`, both allowed.
    pub const fn new(least: f64, most: f64, unit: &'static str) -> Self {
        let above = false;
        Self {
            least,
            most,
            above,
            unit,
        }
    }

    /// Above `least`, up to `most`.
    pub const fn above(least: f64, most: f64, unit: &'static str) -> Self {
        let above = true;
        Self {
            least,
            most,
            above,
            unit,
        }
    }

    /// Whether the number lies in the range; NaN never does.
    pub fn holds(&self, number: f64) -> bool {
        number <= self.most && number >= self.least && !(self.above && number <= self.least)
    }

    /// The range in words.
    pub fn words(&self) -> String {
        let (least, most) = (self.least, self.most);
        let range = if self.above {
            format!("above {least}, at most {most}")
        } else {
            format!("{least} to {most}")
        };
        if self.unit.is_empty() {
            range
        } else {
            format!("{range} ({})", self.unit)
        }
    }
}

/// A row of a table.
#[derive(Debug)]
pub struct Row<'a> {
    head: &'a Head,
    cells: &'a [String],
    /// Line in the file on which the row begins.
    pub line: u64,
    /// Row number from 1, without the header.
    pub number: u64,
}

impl Row<'_> {
    /// The cell, without white space around it; empty when the table lacks the column.
    pub fn text(&self, column: &str) -> &str {
        let position = self.head.columns.get(column);
        position
            .and_then(|position| self.cells.get(*position))
            .map_or("", |cell| cell.trim())
    }

    /// Whether the table has the column.
    pub fn has(&self, column: &str) -> bool {
        self.head.has(column)
    }

    /// An error in a cell.
    pub fn error(&self, column: &str, what: impl Into<String>) -> Problem {
        let value = shortened(self.text(column));
        let mut problem = Problem::error(&*self.head.file, what).line(self.line);
        problem.row = Some(self.number);
        problem.column = Some(column.to_owned());
        if !value.is_empty() {
            problem.value = Some(format!("\"{value}\""));
        }
        problem
    }

    /// A warning about a cell.
    pub fn warning(&self, column: &str, what: impl Into<String>) -> Problem {
        Problem {
            severity: super::problem::Severity::Warning,
            ..self.error(column, what)
        }
    }

    /// An error in the header.
    pub fn head_error(&self, what: impl Into<String>) -> Problem {
        Problem::error(&*self.head.file, what).line(1)
    }

    /// The columns that begin so, in file order.
    pub fn columns_with<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = &'b str> {
        let names = self.head.names.iter().map(String::as_str);
        names.filter(move |name| name.starts_with(prefix) && self.has(name))
    }

    /// The number in a cell; `None` when the cell is empty or wrong (which is reported).
    pub fn number(&self, column: &str, range: Range, report: &mut Report) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(number) if range.holds(number) => Some(number),
            Ok(number) => {
                let what = if number.is_finite() {
                    "out of range"
                } else {
                    "must be a finite number"
                };
                report.push(self.error(column, what).allowed(range.words()));
                None
            }
            Err(_) => {
                let what = if text.contains(',') {
                    "not a number (write 1234.5, without separators)"
                } else {
                    "not a number"
                };
                report.push(self.error(column, what).allowed(range.words()));
                None
            }
        }
    }

    /// The whole number in a cell, from `least` to `most`; `None` when it is empty or wrong.
    pub fn whole(&self, column: &str, least: u32, most: u32, report: &mut Report) -> Option<u32> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<u32>() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            parsed => {
                let what = match (parsed, text.parse::<f64>()) {
                    (Ok(_), _) => "out of range",
                    (Err(_), Ok(number)) if number.fract() == 0.0 => "out of range",
                    _ => "not a whole number",
                };
                let allowed = format!("whole numbers from {least} to {most}");
                report.push(self.error(column, what).allowed(allowed));
                None
            }
        }
    }

    /// The month in a cell; `None` when it is empty or wrong.
    pub fn month(&self, column: &str, report: &mut Report) -> Option<Month> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let month = text.parse::<Month>();
        if month.is_err() {
            report.push(self.error(column, "not a month").allowed("YYYY-MM"));
        }
        month.ok()
    }

    /// The choice named in a cell; `None` when it is empty or wrong.
    pub fn choice<T: Copy>(
        &self,
        column: &str,
        choices: &[(&str, T)],
        report: &mut Report,
    ) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let found = choices.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let nearest = report.near(text, names.iter().copied());
            let problem = self.error(column, "not one of the choices");
            report.push(problem.allowed(names.join(", ")).nearest(nearest));
        }
        found.map(|(_, value)| *value)
    }

    /// Reports an empty cell that must not be empty. Returns whether it has something in it.
    pub fn needs(&self, column: &str, report: &mut Report) -> bool {
        let full = !self.text(column).is_empty();
        if !full {
            report.push(self.error(column, "is empty but needed"));
        }
        full
    }

    /// The id in a cell, which is needed: 1 to 64 characters, no white space, no `|`.
    pub fn id(&self, column: &str, report: &mut Report) -> Option<String> {
        if !self.needs(column, report) {
            return None;
        }
        let text = self.text(column);
        if !is_id(text) {
            report.push(
                self.error(column, "not an id")
                    .allowed(format!("1 to {LONGEST_ID} characters, no spaces, no `|`")),
            );
            return None;
        }
        Some(text.to_owned())
    }
}

/// Whether a text can be an id: 1 to 64 characters, no white space or control character, no `|`.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= LONGEST_ID
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '|')
}

/// Reads a table row by row. Returns the header, or nothing when it does not keep the contract.
pub fn read(
    file: &mut TextFile,
    contract: &Contract<'_>,
    report: &mut Report,
    mut each: impl FnMut(&Row<'_>, &mut Report),
) -> Option<Head> {
    let shown = file.shown.clone();
    let mut records = Records::new(file.reader());
    let mut head: Option<Head> = None;
    let mut number = 0;
    loop {
        let line = match records.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(wrong) => {
                report.push(Problem::error(&*shown, wrong.what).line(wrong.line));
                if wrong.last {
                    return None;
                }
                number += 1;
                continue;
            }
        };
        let cells = &records.cells;
        let Some(head) = &head else {
            head = Some(header(&shown, cells, line, contract, report)?);
            continue;
        };
        number += 1;
        if cells.len() != head.names.len() {
            let (has, needs) = (cells.len(), head.names.len());
            let what = format!("has {has} cells, but the header has {needs}");
            let mut problem = Problem::error(&*shown, what).line(line);
            problem.row = Some(number);
            report.push(problem);
            continue;
        }
        let row = Row {
            head,
            cells,
            line,
            number,
        };
        each(&row, report);
    }
    if head.is_none() {
        let what = format!(
            "the table is empty; it needs the columns {}",
            contract.required.join(", ")
        );
        report.push(Problem::error(&*shown, what));
    } else if number == 0 {
        let what = "the table has a header but no rows";
        report.push(Problem::warning(&*shown, what).line(1));
    }
    head
}

/// What is wrong with a record, and whether reading ends there.
struct Wrong {
    line: u64,
    what: String,
    last: bool,
}

/// Records of a CSV file with the exact line on which each begins.
struct Records<R> {
    reader: R,
    bytes: Vec<u8>,
    cells: Vec<String>,
    line: u64,
}

impl<R: BufRead> Records<R> {
    const fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
            cells: Vec::new(),
            line: 0,
        }
    }

    /// Reads the next record into `cells` and says on which line it begins. Empty lines are skipped.
    fn next(&mut self) -> Result<Option<u64>, Wrong> {
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

fn header(
    file: &Arc<str>,
    cells: &[String],
    line: u64,
    contract: &Contract<'_>,
    report: &mut Report,
) -> Option<Head> {
    let before = report.errors();
    let wrong = |what: String| Problem::error(&**file, what).line(line);
    let mut columns = BTreeMap::new();
    let mut names = Vec::new();
    if cells.len() > MOST_COLUMNS {
        report
            .push(wrong(format!("has {} columns", cells.len())).allowed(MOST_COLUMNS.to_string()));
        return None;
    }
    let known: Vec<&str> = contract
        .required
        .iter()
        .chain(contract.optional)
        .copied()
        .chain(contract.named.iter().map(String::as_str))
        .collect();
    for (position, cell) in cells.iter().enumerate() {
        let name = cell.trim().to_owned();
        names.push(name.clone());
        if name.starts_with("note") || name.starts_with("source_") {
            continue;
        }
        let allowed = known.contains(&name.as_str())
            || contract
                .prefix
                .is_some_and(|prefix| name.len() > prefix.len() && name.starts_with(prefix));
        if !allowed {
            let separated = [';', '\t'].into_iter().find(|c| name.contains(*c));
            let what = match separated {
                Some(c) if cells.len() == 1 => {
                    report.push(
                        wrong(format!("the cells are separated by {c:?}"))
                            .allowed("cells separated by commas"),
                    );
                    return None;
                }
                _ => "unknown column (commentary goes into columns that begin with `note`)",
            };
            let free = known
                .iter()
                .copied()
                .filter(|name| !cells.iter().any(|cell| cell.trim() == *name));
            let nearest = report.near(&name, free);
            let mut problem = wrong(what.to_owned()).nearest(nearest);
            problem.column = Some(shortened(&name));
            report.push(problem);
        } else if columns.insert(name.clone(), position).is_some() {
            let mut problem = wrong("there are two columns of this name".to_owned());
            problem.column = Some(name);
            report.push(problem);
        }
    }
    for name in contract.required {
        if !columns.contains_key(*name) {
            let mut problem = wrong("required column is missing".to_owned());
            problem.column = Some((*name).to_owned());
            report.push(problem);
        }
    }
    (report.errors() == before).then(|| Head {
        file: file.clone(),
        columns,
        names,
    })
}
