//! Cells that are allowed and perhaps not meant: words by which other programs write that nothing is known,
//! characters that are not seen, ids that a reader makes numbers of, texts that a spreadsheet runs. Told once for
//! each column of a table, with how many rows it is.

use std::collections::BTreeMap;

use super::cells::{Head, Row, trimmed};
use super::looks::{is_formula, is_garbled, is_missing_word, unseen};
use super::problem::{Problem, Report, some_of};
use crate::texts::{Text, text};

/// Columns of free text: whatever stands there is taken as a name.
const TEXTS: [&str; 7] = [
    "name_en",
    "name_zh",
    "province",
    "area",
    "agglomerations",
    "group",
    "segment",
];
/// Examples that are kept.
const KEPT: usize = 4;

/// What is perhaps not meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// A word by which other programs write that nothing is known.
    Nothing,
    /// Characters that are not seen.
    Unseen,
    /// An id that a reader makes something else of.
    Garbled,
    /// A text that a spreadsheet runs.
    Formula,
}

/// The first cell of a doubt, how many more there are, and some of them.
#[derive(Clone, Debug)]
struct Seen {
    first: Problem,
    n: u64,
    some: Vec<String>,
}

impl Seen {
    fn has(&self, text: &str) -> bool {
        self.some.iter().any(|known| known == text)
    }
}

/// How often what has been doubted is to be doubted again, by column.
pub type More = BTreeMap<(Doubt, usize), u64>;

/// The doubts about a table while its rows are read.
#[derive(Clone, Debug)]
pub struct Doubts {
    /// Columns of ids and texts that the table has, in order of their names; whether they hold ids, and their positions.
    columns: Vec<(String, bool, usize)>,
    seen: BTreeMap<(Doubt, usize), Seen>,
}

impl Doubts {
    /// None yet about a table of this header.
    pub fn new(head: &Head) -> Self {
        let column = |name: &str, is_id| {
            let position = head.columns.position(name)?;
            Some((name.to_owned(), is_id, position))
        };
        let texts = TEXTS.iter().filter_map(|name| column(name, false));
        let mut columns: Vec<_> = column("id", true).into_iter().chain(texts).collect();
        columns.sort();
        Self {
            columns,
            seen: BTreeMap::new(),
        }
    }

    /// Whether of a row nothing is doubted but what has been of rows before it; how often is added to `more`.
    pub fn known(&self, row: &Row<'_>, more: &mut More) -> bool {
        let columns = || self.columns.iter().enumerate();
        let mut doubted = false;
        for (at, (column, is_id, position)) in columns() {
            let text = trimmed(row.cells.cell(*position));
            let known = |doubt: Doubt| {
                let seen = self.seen.get(&(doubt, at));
                seen.is_some_and(|seen| seen.some.len() == KEPT || seen.has(text))
            };
            let mut about = about(column, *is_id, text).peekable();
            doubted |= about.peek().is_some();
            if !about.all(known) {
                return false;
            }
        }
        for (at, (column, is_id, _)) in columns().filter(|_| doubted) {
            for doubt in about(column, *is_id, row.text(column)) {
                *more.entry((doubt, at)).or_default() += 1;
            }
        }
        true
    }

    /// Counts doubts about more rows.
    pub fn add(&mut self, more: More) {
        for (doubt, n) in more {
            if let Some(seen) = self.seen.get_mut(&doubt) {
                seen.n += n;
            }
        }
    }

    /// Looks at a row.
    pub fn see(&mut self, row: &Row<'_>) {
        for (at, (column, is_id, _)) in self.columns.iter().enumerate() {
            let text = row.text(column);
            for doubt in about(column, *is_id, text) {
                let seen = self.seen.entry((doubt, at));
                let seen = seen.or_insert_with(|| Seen {
                    first: row.warning(column, ""),
                    n: 0,
                    some: Vec::new(),
                });
                seen.n += 1;
                if seen.some.len() < KEPT && !seen.has(text) {
                    seen.some.push(text.to_owned());
                }
            }
        }
    }

    /// Tells them.
    pub fn tell(self, report: &mut Report) {
        for ((doubt, _), Seen { first, n, some }) in self.seen {
            let what: Text = match doubt {
                Doubt::Nothing => text!("word-of-nothing", n),
                Doubt::Unseen => {
                    let codes = some.iter().flat_map(|text| unseen(text));
                    let mut codes: Vec<String> = codes.collect();
                    codes.sort();
                    codes.dedup();
                    text!("not-seen", n, codes = some_of(&codes, KEPT))
                }
                Doubt::Garbled => text!("id-garbled", n, list = some_of(&some, KEPT)),
                Doubt::Formula => text!("is-formula", n),
            };
            report.push(Problem { what, ..first });
        }
    }
}

/// What is to be doubted about a cell.
fn about(column: &str, is_id: bool, text: &str) -> impl Iterator<Item = Doubt> {
    let nothing = |text: &str| match column {
        "agglomerations" => text.split('|').map(str::trim).any(is_missing_word),
        _ => is_missing_word(text),
    };
    let doubts = match text.is_empty() {
        true => [None; 4],
        false => [
            (!is_id && nothing(text)).then_some(Doubt::Nothing),
            (!text.is_ascii() && !unseen(text).is_empty()).then_some(Doubt::Unseen),
            (is_id && is_garbled(text)).then_some(Doubt::Garbled),
            is_formula(text).then_some(Doubt::Formula),
        ],
    };
    doubts.into_iter().flatten()
}
