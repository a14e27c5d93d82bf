//! CSV tables with a column contract: required and optional columns, unknown ones refused, every
//! cell read with its range, every problem with file, line, row and column.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cells::{Head, Row};
use super::doubts::Doubts;
use super::files::TextFile;
use super::problem::{Problem, Report, shortened};
use super::records::Records;
use crate::texts::{Text, text};

/// Most columns of a table.
const MOST_COLUMNS: usize = 2000;
/// Longest cell of a column that is read, in bytes: a list of agglomerations may be long.
pub const LONGEST_CELL: usize = 4096;
/// Most names of unreadable rows that are remembered.
const MOST_LOOSE: usize = 100_000;

/// What columns a table may have. Columns `note…` and `source_…` are commentary and never read.
#[derive(Clone, Debug, Default)]
pub struct Contract<'a> {
    /// Columns that must be there; rows are known by the first.
    pub required: &'a [&'a str],
    /// Columns that may be there.
    pub optional: &'a [&'a str],
    /// More columns that may be there, made of the scenario's layers or domains.
    pub named: Option<&'a Columns>,
    /// How those begin.
    pub named_prefix: Option<&'a str>,
    /// A beginning with which any column may be there.
    pub prefix: Option<&'a str>,
}

/// Columns made of ids of the scenario, for example `mix_<domain>`.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Their names.
    pub names: Vec<String>,
    /// Whether all those ids are known; else any column of this beginning may be one.
    pub sure: bool,
}

/// Names that rows hold which could not be read; what is named there is not unknown.
#[derive(Clone, Debug, Default)]
pub struct Loose(BTreeSet<String>);

impl Loose {
    /// Whether such a row has this name in a cell. Text that was not UTF-8 may be any name.
    pub fn has(&self, name: &str) -> bool {
        name.contains(char::REPLACEMENT_CHARACTER) || self.0.contains(name)
    }

    /// Whether every row could be read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of two tables.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds a name.
    pub fn insert(&mut self, name: &str) {
        if self.0.len() < MOST_LOOSE && name.len() <= 400 {
            self.0.insert(name.trim().to_owned());
        }
    }

    fn add(&mut self, cells: &[String]) {
        for cell in cells.iter().flat_map(|cell| cell.split(['|', ';', '\t'])) {
            self.insert(cell);
        }
    }
}

/// What was read of a table.
#[derive(Debug)]
pub struct Done {
    /// The header, when it has what is needed to read rows.
    pub head: Option<Head>,
    /// Whether every row was read, if only to its names.
    pub whole: bool,
    /// Names of rows that could not be read.
    pub loose: Loose,
}

/// Reads a table row by row. Rows with a wrong number of cells are reported; so is a header that
/// does not keep the contract, and the columns that do are read.
pub fn read(
    file: &mut TextFile,
    contract: &Contract<'_>,
    report: &mut Report,
    mut each: impl FnMut(&Row<'_>, &mut Report),
) -> Done {
    let shown = file.shown.clone();
    let mut records = Records::new(file.reader());
    let mut head: Option<Head> = None;
    let mut doubts: Option<Doubts> = None;
    let mut loose = Loose::default();
    let mut number = 0;
    let mut whole = true;
    loop {
        let line = match records.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(wrong) => {
                report.push(Problem::error(&*shown, wrong.what).line(wrong.line));
                if !wrong.read {
                    number += u64::from(head.is_some());
                    loose.add(&records.cells);
                    if wrong.last {
                        whole = false;
                        break;
                    }
                    continue;
                }
                // Its names cannot be known.
                whole = false;
                wrong.line
            }
        };
        let Some(head) = &head else {
            if line == 1 && is_separator_line(&records.cells) {
                report.push(Problem::error(&*shown, text!("separator-line")).line(line));
                continue;
            }
            if records.cells.iter().any(|cell| cell.trim().contains('\r')) {
                let what = text!("cr-alone");
                report.push(Problem::error(&*shown, what).line(line));
                let whole = false;
                return Done {
                    head: None,
                    whole,
                    loose,
                };
            }
            if let Some((separator, what)) = other_separator(&records.cells) {
                report.push(
                    Problem::error(&*shown, what)
                        .line(line)
                        .allowed(text!("cells-by-commas")),
                );
                if !separator.is_ascii() {
                    whole = false;
                    return Done {
                        head: None,
                        whole,
                        loose,
                    };
                }
                records.separate_by(separator);
            }
            let decimal_comma = records.separator == b';';
            match header(&shown, &records.cells, line, contract, report) {
                Some(found) => {
                    doubts = Some(Doubts::new(&found));
                    head = Some(Head {
                        decimal_comma,
                        ..found
                    });
                }
                None => {
                    whole = false;
                    return Done {
                        head: None,
                        whole,
                        loose,
                    };
                }
            }
            continue;
        };
        // Excel leaves rows of empty cells at the end, and empty cells behind the last column.
        if records.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        number += 1;
        let needs = head.names.len();
        let most = needs + head.nameless;
        while (needs + 1..=most).contains(&records.cells.len())
            && records
                .cells
                .last()
                .is_some_and(|cell| cell.trim().is_empty())
        {
            records.cells.pop();
        }
        let cells = &records.cells;
        if cells
            .iter()
            .zip(&head.names)
            .all(|(cell, name)| cell.trim() == name)
            && cells.len() == needs
        {
            let mut problem = Problem::error(&*shown, text!("header-again")).line(line);
            problem.row = Some(number);
            report.push(problem);
            continue;
        }
        if cells.len() != needs {
            let has = cells.len();
            let wide = cells.iter().map(|cell| cell.matches('\u{ff0c}').count());
            let wide: usize = wide.sum();
            let hint = if wide > 0 && has + wide >= needs && has < needs {
                text!("row-full-width")
            } else if has > needs {
                text!("row-quote")
            } else {
                "".into()
            };
            let what = text!("row-length", has, needs, hint);
            let mut problem = Problem::error(&*shown, what).line(line);
            problem.row = Some(number);
            report.push(problem);
            loose.add(cells);
            for cell in cells {
                let parts: Vec<String> = cell.split('\u{ff0c}').map(str::to_owned).collect();
                loose.add(&parts);
            }
            continue;
        }
        let row = Row {
            head,
            cells,
            line,
            number,
        };
        if let Some(column) = too_long(&row) {
            report.push(column);
            loose.add(cells);
            continue;
        }
        doubts.iter_mut().for_each(|doubts| doubts.see(&row));
        each(&row, report);
    }
    doubts.into_iter().for_each(|doubts| doubts.tell(report));
    if head.is_none() && whole {
        let what = text!("table-empty", columns = contract.required.join(", "));
        report.push(Problem::error(&*shown, what));
        whole = false;
    } else if number == 0 && whole {
        let what = text!("table-no-rows");
        report.push(Problem::warning(&*shown, what).line(1));
    }
    Done { head, whole, loose }
}

/// The problem of a row with a cell that is too long to be what it should be.
pub fn too_long(row: &Row<'_>) -> Option<Problem> {
    let mut columns = row.head.columns.iter();
    let (column, position) = columns.find(|(_, position)| {
        let cell = row.cells.get(**position);
        cell.is_some_and(|cell| cell.len() > LONGEST_CELL)
    })?;
    let n = row.cells[*position].len();
    let problem = row.error(column, text!("cell-too-long", n));
    Some(problem.allowed(text!("cell-longest", LONGEST_CELL)))
}

/// Whether a row is the line by which Excel is told what separates cells: `sep=,`.
pub(crate) fn is_separator_line(cells: &[String]) -> bool {
    let [first, rest @ ..] = cells else {
        return false;
    };
    let sign = first.trim().trim_matches('"').to_ascii_lowercase();
    let sign = sign.strip_prefix("sep=").map(str::to_owned);
    sign.is_some_and(|sign| sign.chars().count() <= 1)
        && rest
            .iter()
            .all(|cell| cell.trim().trim_matches('"').is_empty())
}

/// Whether a column is the number of rows as pandas, R and spreadsheets write it.
pub(crate) fn is_index(name: &str, position: usize) -> bool {
    let numbered = |prefix: &str| {
        let rest = name.strip_prefix(prefix);
        rest.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    };
    let word = ["", "index", "rownames", "row_names", "rowname", "x"];
    position == 0 && word.contains(&&*name.to_ascii_lowercase())
        || ["Unnamed: ", "...", "level_"].into_iter().any(numbered)
        || name.starts_with("Unnamed: ")
}

/// What separates the cells of a header that has no commas, in words.
pub(crate) fn other_separator(cells: &[String]) -> Option<(char, Text)> {
    let [text] = cells else {
        return None;
    };
    let found = [';', '\t', '|', '\u{ff0c}', '、', '\u{ff1b}'];
    let separator = found.into_iter().find(|c| text.contains(*c))?;
    let words = match separator {
        ';' => text!("cells-semicolons"),
        '\t' => text!("cells-tabs"),
        c if c.is_ascii() => format!("{c:?}").into(),
        c => text!("cells-full-width", c = format!("{:?}", c)),
    };
    Some((separator, text!("cells-by", words)))
}

/// Holds a header against the contract. Nothing when the first required column, by which rows are
/// known, is not there.
pub fn header(
    file: &Arc<str>,
    cells: &[String],
    line: u64,
    contract: &Contract<'_>,
    report: &mut Report,
) -> Option<Head> {
    let wrong = |what: Text| Problem::error(&**file, what).line(line);
    let mut columns = BTreeMap::new();
    let mut names: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let nameless = cells.len() - names.len();
    if names.len() > MOST_COLUMNS {
        report.push(
            wrong(text!("too-many-columns", n = names.len())).allowed(MOST_COLUMNS.to_string()),
        );
        return None;
    }
    let known: Vec<&str> = contract
        .required
        .iter()
        .chain(contract.optional)
        .copied()
        .chain(
            contract
                .named
                .iter()
                .flat_map(|c| &c.names)
                .map(String::as_str),
        )
        .collect();
    let open = contract.named.filter(|named| !named.sure);
    let open = open.and(contract.named_prefix);
    let mut meant: Vec<String> = Vec::new();
    let mut twice: Vec<String> = Vec::new();
    for (position, name) in names.iter().enumerate() {
        if name.starts_with("note") || name.starts_with("source_") {
            continue;
        }
        let begins = |prefix: Option<&str>| {
            prefix.is_some_and(|prefix| name.len() > prefix.len() && name.starts_with(prefix))
        };
        let allowed = known.contains(&name.as_str()) || begins(contract.prefix) || begins(open);
        if !allowed && is_index(name, position) {
            let what = text!("column-index", position = position + 1);
            let mut problem = wrong(what);
            problem.column = (!name.is_empty()).then(|| shortened(name));
            report.push(problem);
        } else if name.is_empty() {
            let what = text!("column-nameless", position = position + 1);
            report.push(wrong(what));
        } else if !allowed {
            let free = known
                .iter()
                .copied()
                .filter(|name| !names.iter().any(|cell| cell == *name));
            let nearest = report.near(name, free);
            meant.extend(nearest.clone());
            let what = text!("unknown-column");
            let mut problem = wrong(what.to_owned()).nearest(nearest);
            problem.column = Some(shortened(name));
            report.push(problem);
        } else if columns.contains_key(name) {
            let mut problem = wrong(text!("column-twice"));
            problem.column = Some(name.clone());
            report.push(problem);
            twice.push(name.clone());
        } else {
            columns.insert(name.clone(), position);
        }
    }
    // Which of the two is meant is not known.
    for name in &twice {
        columns.remove(name);
    }
    let lacks: Vec<&str> = contract
        .required
        .iter()
        .copied()
        .filter(|name| !columns.contains_key(*name))
        .collect();
    meant.extend(twice);
    for name in lacks
        .iter()
        .filter(|name| !meant.iter().any(|m| m == *name))
    {
        let mut problem = wrong(text!("column-missing"));
        problem.column = Some((*name).to_owned());
        report.push(problem);
    }
    let missing = lacks.into_iter().map(str::to_owned);
    let missing = missing.chain(meant).collect();
    let first = contract.required.first();
    first
        .is_none_or(|first| columns.contains_key(*first))
        .then(|| Head {
            file: file.clone(),
            columns,
            names,
            missing,
            nameless,
            decimal_comma: false,
        })
}
