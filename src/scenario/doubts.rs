//! Cells that are allowed and perhaps not meant: words by which other programs write that nothing is known,
//! characters that are not seen, ids that a reader makes numbers of, texts that a spreadsheet runs. Told once for
//! each column of a table, with how many rows it is.

use std::collections::BTreeMap;

use super::cells::{Head, Row};
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
enum Doubt {
    Nothing,
    Unseen,
    Garbled,
    Formula,
}

/// The first cell of a doubt, how many more there are, and some of them.
#[derive(Debug)]
struct Seen {
    first: Problem,
    n: u64,
    some: Vec<String>,
}

/// The doubts about a table while its rows are read.
#[derive(Debug)]
pub struct Doubts {
    /// Columns of ids and texts that the table has.
    columns: Vec<(String, bool)>,
    seen: BTreeMap<(Doubt, String), Seen>,
}

impl Doubts {
    /// None yet about a table of this header.
    pub fn new(head: &Head) -> Self {
        let of = |name: &&str| head.has(name);
        let texts = TEXTS.iter().copied().filter(of);
        let texts = texts.map(|name| (name.to_owned(), false));
        let id = head.has("id").then(|| ("id".to_owned(), true));
        Self {
            columns: id.into_iter().chain(texts).collect(),
            seen: BTreeMap::new(),
        }
    }

    /// Looks at a row.
    pub fn see(&mut self, row: &Row<'_>) {
        for (column, is_id) in &self.columns {
            let text = row.text(column);
            if text.is_empty() {
                continue;
            }
            let nothing = |text: &str| match column.as_str() {
                "agglomerations" => text.split('|').map(str::trim).any(is_missing_word),
                _ => is_missing_word(text),
            };
            let doubts = [
                (Doubt::Nothing, !is_id && nothing(text)),
                (Doubt::Unseen, !text.is_ascii() && !unseen(text).is_empty()),
                (Doubt::Garbled, *is_id && is_garbled(text)),
                (Doubt::Formula, is_formula(text)),
            ];
            for (doubt, _) in doubts.into_iter().filter(|(_, is)| *is) {
                let seen = self.seen.entry((doubt, column.clone()));
                let seen = seen.or_insert_with(|| Seen {
                    first: row.warning(column, ""),
                    n: 0,
                    some: Vec::new(),
                });
                seen.n += 1;
                if seen.some.len() < KEPT && !seen.some.iter().any(|known| known == text) {
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
