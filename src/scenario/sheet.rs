//! CSV tables with a column contract: required and optional columns, unknown ones refused, every
//! cell read with its range, every problem with file, line, row and column.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cells::Row;
use super::files::TextFile;
use super::problem::{Problem, Report, shortened};
use super::records::Records;

/// Most columns of a table.
const MOST_COLUMNS: usize = 2000;
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
    /// Positions of the columns that are read.
    pub columns: BTreeMap<String, usize>,
    /// Names in file order.
    pub names: Vec<String>,
}

impl Head {
    /// Whether the table has the column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
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
