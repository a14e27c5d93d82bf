//! Cells of a row as checked values.

use std::sync::Arc;

use super::Month;
use super::looks::is_missing_word;
use super::month::{likely_month, year_alone};
use super::numbers;
use super::problem::{Problem, Report, Severity, shortened};
use super::slips::{number_slip, with_point};
use super::words;
use crate::texts::{Text, text};

/// Longest cell of a column that is read, in bytes: a list of agglomerations may be long.
pub const LONGEST_CELL: usize = 4096;
/// Longest id, in characters.
const LONGEST_ID: usize = 64;

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
    pub fn words(&self) -> Text {
        let (least, most) = (self.least.to_string(), self.most.to_string());
        let range = if self.above {
            text!("range-above", least, most)
        } else {
            text!("range-from-to", least, most)
        };
        if self.unit.is_empty() {
            range
        } else {
            text!("range-unit", range, unit = words::unit(self.unit))
        }
    }
}

/// The header of a table.
#[derive(Debug)]
pub struct Head {
    /// The file as the user would name it.
    pub file: Arc<str>,
    /// Columns that are read.
    pub columns: Positions,
    /// Names in file order.
    pub names: Vec<String>,
    /// Columns that are wrongly not there, which is reported.
    pub missing: Vec<String>,
    /// Cells without a name behind the last column, as Excel leaves them.
    pub nameless: usize,
    /// Whether numbers may have a decimal comma, because the cells are separated by semicolons.
    pub decimal_comma: bool,
}

impl Head {
    /// Whether the table has the column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.position(column).is_some()
    }
}

/// Names of columns with their positions in a row.
#[derive(Debug, Default)]
pub struct Positions {
    columns: Vec<(String, usize)>,
    /// Where names are looked for, by their marks. At most half of them are full, and what is taken is passed over.
    slots: Vec<Slot>,
}

/// A column where its name is looked for.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    name: Name,
    /// 1 more than its number; 0 where there is none.
    next: usize,
    position: usize,
}

/// A name in words that are compared at once: its first and last bytes, and its length. No two names that the first
/// and last bytes hold whole have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Name {
    first: u64,
    last: u64,
    length: usize,
}

impl Name {
    #[inline(always)]
    fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (Self::short(bytes), 0),
        };
        let length = bytes.len();
        Self {
            first,
            last,
            length,
        }
    }

    /// Up to eight bytes as a word.
    #[inline(always)]
    fn short(bytes: &[u8]) -> u64 {
        let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => four(first) | four(last) << 32,
            _ => {
                let at = |n: usize| bytes.get(n).map_or(0, |byte| u64::from(*byte));
                at(0) | at(1) << 8 | at(2) << 16
            }
        }
    }

    /// Whether there are bytes between the first and the last.
    #[inline(always)]
    const fn is_long(self) -> bool {
        self.length > 16
    }

    /// Where the search for it begins: two names of columns seldom have the same.
    #[inline(always)]
    const fn mark(self) -> usize {
        let word = self.first.rotate_left(7) ^ self.last;
        let word = word.wrapping_add(self.length as u64);
        (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize
    }
}

impl Positions {
    /// Adds a column, unless there is one of this name; whether it was added.
    pub fn add(&mut self, name: &str, position: usize) -> bool {
        let new = self.position(name).is_none();
        if new {
            self.columns.push((name.to_owned(), position));
            if self.columns.len() * 2 > self.slots.len() {
                self.slots = vec![Slot::default(); (self.slots.len() * 2).max(64)];
                (0..self.columns.len()).for_each(|at| self.mark(at));
            } else {
                self.mark(self.columns.len() - 1);
            }
        }
        new
    }

    /// Puts a column where it is looked for.
    fn mark(&mut self, column: usize) {
        let most = self.slots.len() - 1;
        let (name, position) = &self.columns[column];
        let name = Name::of(name);
        let mut at = name.mark() & most;
        while self.slots[at].next != 0 {
            at = (at + 1) & most;
        }
        self.slots[at] = Slot {
            name,
            next: column + 1,
            position: *position,
        };
    }

    /// The columns but those.
    pub fn without(&self, names: &[String]) -> Self {
        let mut rest = Self::default();
        for (name, position) in self.iter() {
            if !names.iter().any(|other| other == name) {
                rest.add(name, position);
            }
        }
        rest
    }

    /// The position of a column.
    #[inline(always)]
    pub fn position(&self, name: &str) -> Option<usize> {
        let most = self.slots.len().checked_sub(1)?;
        let sought = Name::of(name);
        let mut at = sought.mark() & most;
        loop {
            let slot = &self.slots[at & most];
            let column = slot.next.checked_sub(1)?;
            if slot.name == sought && (!sought.is_long() || self.columns[column].0 == name) {
                return Some(slot.position);
            }
            at += 1;
        }
    }

    /// Names and positions, in file order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.columns
            .iter()
            .map(|(name, position)| (&**name, *position))
    }
}

/// A text without white space around it.
#[inline]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Where a cell lies in the text of its record.
pub type Span = (u32, u32);

/// The cells of a record: where each lies in a text.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The text.
    pub text: &'a str,
    /// Its cells, in file order.
    pub spans: &'a [Span],
}

impl<'a> Record<'a> {
    /// How many cells there are.
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// A cell as it is written; empty when there is none.
    #[inline]
    pub fn cell(&self, position: usize) -> &'a str {
        let span = self.spans.get(position);
        span.map_or("", |&(from, to)| &self.text[from as usize..to as usize])
    }

    /// All cells.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |at| self.cell(at))
    }

    /// The first cells.
    #[must_use]
    pub fn first(self, count: usize) -> Self {
        let spans = &self.spans[..count.min(self.len())];
        Self { spans, ..self }
    }
}

/// A row of a table.
#[derive(Debug)]
pub struct Row<'a> {
    /// The table's header.
    pub head: &'a Head,
    /// Cells in file order.
    pub cells: Record<'a>,
    /// Line in the file on which the row begins.
    pub line: u64,
    /// Row number from 1, without the header.
    pub number: u64,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Line in the file on which the row begins.
    pub line: u64,
    /// Row number from 1, without the header.
    pub number: u64,
}

impl At {
    /// An error in a cell of this text.
    pub fn error(self, file: &str, column: &str, text: &str, what: impl Into<Text>) -> Problem {
        let value = shortened(text);
        let mut problem = Problem::error(file, what).line(self.line);
        problem.row = Some(self.number);
        problem.column = Some(column.to_owned());
        if !value.is_empty() {
            problem.value = Some(format!("\"{value}\""));
        }
        problem
    }
}

impl Row<'_> {
    /// The cell, without white space around it; empty when the table lacks the column.
    #[inline]
    pub fn text(&self, column: &str) -> &str {
        let position = self.head.columns.position(column);
        position.map_or("", |position| trimmed(self.cells.cell(position)))
    }

    /// Whether the table has the column.
    pub fn has(&self, column: &str) -> bool {
        self.head.has(column)
    }

    /// Where the row stands.
    pub fn at(&self) -> At {
        At {
            line: self.line,
            number: self.number,
        }
    }

    /// The problem of a cell that is too long to be what it should be.
    #[inline]
    pub fn too_long(&self) -> Option<Problem> {
        if self.cells.text.len() <= LONGEST_CELL {
            return None;
        }
        self.long_cell()
    }

    fn long_cell(&self) -> Option<Problem> {
        let mut columns = self.head.columns.iter();
        let (column, n) = columns.find_map(|(column, position)| {
            let n = self.cells.cell(position).len();
            (n > LONGEST_CELL).then_some((column, n))
        })?;
        let problem = self.error(column, text!("cell-too-long", n));
        Some(problem.allowed(text!("cell-longest", LONGEST_CELL)))
    }

    /// An error in a cell.
    pub fn error(&self, column: &str, what: impl Into<Text>) -> Problem {
        self.at()
            .error(&self.head.file, column, self.text(column), what)
    }

    /// A warning about a cell.
    pub fn warning(&self, column: &str, what: impl Into<Text>) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.error(column, what)
        }
    }

    /// An error in the header.
    pub fn head_error(&self, what: impl Into<Text>) -> Problem {
        Problem::error(&*self.head.file, what).line(1)
    }

    /// The columns that begin so, in file order.
    pub fn columns_with<'b>(&'b self, prefix: &'b str) -> impl Iterator<Item = &'b str> {
        let names = self.head.names.iter().map(String::as_str);
        names.filter(move |name| name.starts_with(prefix) && self.has(name))
    }

    /// A number with a decimal comma, with a point instead, where the table may have such.
    fn pointed(&self, text: &str) -> Option<String> {
        let comma = self.head.decimal_comma && text.matches(',').count() == 1;
        comma.then(|| text.replace(',', "."))
    }

    /// The number that the text of a cell is; `None` when it is none in the range.
    pub fn number_of(&self, text: &str, range: Range) -> Option<f64> {
        let number = match text.as_bytes() {
            [digit @ b'0'..=b'9'] => f64::from(digit - b'0'),
            _ => numbers::number(self.pointed(text).as_deref().unwrap_or(text))?,
        };
        range.holds(number).then_some(number)
    }

    /// The number in a cell; `None` when the cell is empty or wrong (which is reported).
    pub fn number(&self, column: &str, range: Range, report: &mut Report) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let right = self.number_of(text, range);
        if right.is_some() {
            return right;
        }
        let pointed = self.pointed(text);
        let text = pointed.as_deref().unwrap_or(text);
        match text.parse::<f64>() {
            Ok(number) => {
                let what = if number.is_finite() {
                    text!("out-of-range")
                } else {
                    text!("not-finite")
                };
                report.push(self.error(column, what).allowed(range.words()));
                None
            }
            Err(_) => {
                let fits = |text: &str| text.parse().is_ok_and(|number| range.holds(number));
                let what = match number_slip(text) {
                    // Only what would be right is advised.
                    Some((better, what)) => {
                        let other = with_point(text);
                        match (fits(&better), other.as_deref().map(fits)) {
                            (true, None | Some(true)) => text!("not-a-number-slip", what),
                            (true, Some(false)) => {
                                let what = text!("slip-separators", better);
                                text!("not-a-number-slip", what)
                            }
                            (false, Some(true)) => {
                                let better = other.unwrap_or_default();
                                let what = text!("slip-decimal", better);
                                text!("not-a-number-slip", what)
                            }
                            (false, None | Some(false)) => text!("out-of-range"),
                        }
                    }
                    None if is_missing_word(text) || matches!(text, "-" | "—" | "." | "..") => {
                        text!("not-a-number-empty")
                    }
                    None if text.contains('°') => {
                        text!("not-a-number-degrees")
                    }
                    None => text!("not-a-number"),
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
        // pandas writes whole numbers of a column with an empty cell like this.
        match text.strip_suffix(".0").unwrap_or(text).parse::<u32>() {
            Ok(number) if (least..=most).contains(&number) => Some(number),
            parsed => {
                let fits = |number: &f64| (f64::from(least)..=f64::from(most)).contains(number);
                let slip = number_slip(text).map(|(better, _)| better);
                let what = match (parsed, text.parse::<f64>()) {
                    (Ok(_), _) => text!("out-of-range"),
                    // A point, or a mark of thousands? Either reading may be meant.
                    (Err(_), Ok(number)) if number.fract() == 0.0 && text.contains(".000") => {
                        let whole = text.replace('.', "");
                        text!("not-whole-point", number, whole)
                    }
                    (Err(_), Ok(number)) if number.fract() == 0.0 => match fits(&number) {
                        true => text!("not-whole-write", number),
                        false => text!("out-of-range"),
                    },
                    (Err(_), Ok(_)) => text!("not-whole"),
                    (Err(_), Err(_)) => match slip.as_deref().map(str::parse::<f64>) {
                        Some(Ok(number)) if number.fract() == 0.0 => match fits(&number) {
                            true => text!("not-whole-write", number),
                            false => text!("out-of-range"),
                        },
                        None if is_missing_word(text) => text!("not-a-number-empty"),
                        _ => text!("not-whole"),
                    },
                };
                let allowed = text!("range-whole", least, most);
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
            let what = match (likely_month(text), year_alone(text)) {
                (Some(month), _) => text!("not-a-month-write", month),
                (None, Some(month)) => text!("not-a-month-year", month),
                (None, None) => text!("not-a-month"),
            };
            report.push(self.error(column, what).allowed("YYYY-MM"));
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
        if found.is_none() && !text.contains(char::REPLACEMENT_CHARACTER) {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let nearest = report.near(text, names.iter().copied());
            let problem = self.error(column, text!("not-a-choice"));
            report.push(problem.allowed(names.join(", ")).nearest(nearest));
        }
        found.map(|(_, value)| *value)
    }

    /// The switch in a cell, as a spreadsheet, R or pandas writes it; `None` when it is empty or wrong.
    pub fn switch(&self, column: &str, report: &mut Report) -> Option<bool> {
        let text = self.text(column);
        let known = switch(text);
        if known.is_none() && !text.is_empty() {
            let choices = [("0", ()), ("1", ()), ("false", ()), ("true", ())];
            self.choice(column, &choices, report);
        }
        known
    }

    /// Reports an empty cell that must not be empty. Returns whether it has something in it.
    pub fn needs(&self, column: &str, report: &mut Report) -> bool {
        let full = !self.text(column).is_empty();
        // A column that is not there is reported once, with the header.
        if !full && !self.head.missing.iter().any(|name| name == column) {
            report.push(self.error(column, text!("empty-but-needed")));
        }
        full
    }

    /// The id in a cell that other tables may name, also when it cannot be one (which is reported):
    /// the row is known by it all the same. Nothing when the cell is empty.
    pub fn name(&self, column: &str, report: &mut Report) -> Option<String> {
        if !self.needs(column, report) {
            return None;
        }
        let text = self.text(column);
        if !is_id(text) {
            self.bad_id(column, report);
        }
        Some(text.to_owned())
    }

    fn bad_id(&self, column: &str, report: &mut Report) {
        let text = self.text(column);
        if text.contains(char::REPLACEMENT_CHARACTER) {
            // Its file is not UTF-8, which is reported.
            return;
        }
        let what = if text.contains(char::is_whitespace) && text.chars().count() <= LONGEST_ID {
            let joined: Vec<&str> = text.split_whitespace().collect();
            let joined = joined.join("_");
            match is_id(&joined) {
                true => text!("not-an-id-write", joined),
                false => text!("not-an-id"),
            }
        } else {
            text!("not-an-id")
        };
        let problem = self.error(column, what);
        report.push(problem.allowed(text!("allowed-id", LONGEST_ID)));
    }
}

/// What a text says as a switch; `None` when it says neither.
pub fn switch(text: &str) -> Option<bool> {
    match text {
        "1" | "1.0" => Some(true),
        "0" | "0.0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Whether a text can be an id: 1 to 64 characters, no white space or control character, no `|`.
pub fn is_id(text: &str) -> bool {
    let plain = |b: &u8| matches!(b, b'!'..=b'{' | b'}' | b'~');
    if text.bytes().all(|b| plain(&b)) {
        return (1..=LONGEST_ID).contains(&text.len());
    }
    text.chars().count() <= LONGEST_ID
        && !text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '|')
}
