//! A design that some other tool made: a CSV table with a column for each parameter and a row for each
//! point.

use std::path::Path;

use crate::design::{Level, MAX_POINTS};
use crate::scenario::problem::Report;
use crate::scenario::{
    Document, ParameterRow, Problem, is_index, is_separator_line, not_utf8, other_separator,
};
use crate::texts::{Text, text};

use super::parameters::{Parameter, parameter};
use super::spec::PlanSpec;

/// Largest table, in bytes.
const LARGEST: u64 = 1 << 30;
/// Most columns of a table.
const MOST_COLUMNS: usize = 1000;

/// The parameters and rows of the list of a plan, the file `name`: the first `wanted` rows, or all.
pub fn read(
    document: &Document<PlanSpec>,
    name: &str,
    wanted: Option<u32>,
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<(Vec<Parameter>, Vec<Vec<Level>>)> {
    let before = report.errors();
    let spec = &document.spec;
    for key in spec.parameters.keys() {
        let mut written = document.written(&["parameters", key]);
        if written.any(|name| name != "column") {
            let what = text!("list-only-column");
            report.push(document.error(&["parameters", key], what));
        }
    }
    let path = document.folder.join(name);
    let shown = path.display().to_string();
    let fail = |report: &mut Report, what: Text| {
        report.push(document.error(&["design", "file"], what).value(name));
    };
    let text = match text(&path) {
        Ok(bytes) => bytes,
        Err(what) => {
            let nearest = nearest(&path, name, report);
            let problem = document.error(&["design", "file"], what);
            report.push(problem.value(name).nearest(nearest));
            return None;
        }
    };
    if let Err(error) = std::str::from_utf8(&text) {
        let good = &text[..error.valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count() as u64;
        report.push(Problem::error(shown, not_utf8(&text)).line(line));
        return None;
    }
    let mut csv = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text));
    let header = match csv.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            fail(report, text!("not-csv", error = Text::foreign(error)));
            return None;
        }
    };
    let cells: Vec<String> = header.iter().map(str::to_owned).collect();
    let wrong = |what: Text| Problem::error(shown.clone(), what).line(1);
    if is_separator_line(&cells) {
        report.push(wrong(text!("separator-line")));
        return None;
    }
    if let Some((_, what)) = other_separator(&cells) {
        report.push(wrong(what).allowed(text!("cells-by-commas")));
        return None;
    }
    if header.len() > MOST_COLUMNS {
        let what = text!("list-columns", n = header.len(), most = MOST_COLUMNS);
        fail(report, what);
        return None;
    }
    let mut parameters: Vec<Option<Parameter>> = Vec::new();
    for (position, column) in header.iter().enumerate() {
        if is_index(column, position) && !document.spec.parameters.contains_key(column) {
            let what = text!("column-index", position = position + 1);
            let column = (!column.is_empty()).then(|| column.to_owned());
            report.push(Problem {
                column,
                ..wrong(what)
            });
            parameters.push(None);
            continue;
        }
        let at = Problem::error(shown.clone(), "").line(1);
        let at = Problem {
            column: Some(column.to_owned()),
            ..at
        };
        let found = listed_parameter(document, column, at.clone(), table, report);
        if let Some(found) = &found
            && parameters
                .iter()
                .flatten()
                .any(|other| other.key == found.key)
        {
            report.push(Problem {
                what: text!("list-two-columns"),
                ..at
            });
        }
        parameters.push(found);
    }
    for key in spec.parameters.keys() {
        if !parameters.iter().flatten().any(|p| p.key == *key) && report.errors() == before {
            let what = text!("list-no-column", key);
            fail(report, what);
        }
    }
    let mut rows = Vec::new();
    for (number, record) in csv.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                report.push(Problem::error(shown.clone(), Text::foreign(error)));
                break;
            }
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.len() {
            let what = text!("list-cells", n = record.len(), needs = header.len());
            let row = Some(number as u64 + 1);
            report.push(Problem {
                row,
                ..Problem::error(shown.clone(), what).line(line)
            });
            continue;
        }
        let mut row = Vec::with_capacity(record.len());
        for (cell, column) in record.iter().zip(&header) {
            match level(cell) {
                Some(level) => row.push(level),
                None => {
                    let what = if cell.is_empty() {
                        text!("is-empty")
                    } else {
                        text!("is-not-finite")
                    };
                    let problem = Problem::error(shown.clone(), what).line(line).value(cell);
                    let (row, column) = (Some(number as u64 + 1), Some(column.to_owned()));
                    report.push(Problem {
                        row,
                        column,
                        ..problem
                    });
                }
            }
        }
        if rows.len() >= MAX_POINTS {
            fail(report, text!("list-rows", most = MAX_POINTS));
            break;
        }
        rows.push(row);
    }
    if rows.is_empty() && report.errors() == before {
        fail(report, text!("list-no-point"));
    }
    if let Some(wanted) = wanted.map(|n| n as usize) {
        let n = rows.len();
        if n < wanted && report.errors() == before {
            let problem = document.error(&["design", "rows"], text!("list-few-rows", file = name));
            report.push(problem.value(wanted).allowed(text!("range-most", most = n)));
        }
        rows.truncate(wanted);
    }
    (report.errors() == before).then(|| (parameters.into_iter().flatten().collect(), rows))
}

/// Longest name of a column.
const LONGEST_NAME: usize = 32;

/// A parameter of a list, by the name of its column: its key, or the key with `_` for `.`; of a layer or covariate with a
/// longer key its id.
fn listed_parameter(
    document: &Document<PlanSpec>,
    name: &str,
    at: Problem,
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<Parameter> {
    let plain = |key: &str| key.replace(['.', '-'], "_").to_lowercase();
    let by_column = document.spec.parameters.iter();
    let by_column = by_column.filter(|(_, spec)| spec.column.as_deref() == Some(name));
    let known = by_column.map(|(key, _)| key.as_str()).next();
    let by_id = |row: &&ParameterRow| {
        let id = row
            .key
            .split('.')
            .nth(1)
            .filter(|_| row.key.matches('.').count() == 2);
        let id: Option<String> = id.map(|id| plain(id).chars().take(LONGEST_NAME).collect());
        row.key.len() > LONGEST_NAME && id.is_some_and(|id| id == name)
    };
    let row = table
        .iter()
        .find(|row| row.key == name || plain(&row.key) == name)
        .or_else(|| table.iter().find(by_id));
    let key = known.or(row.map(|row| row.key.as_str())).unwrap_or(name);
    let column = document
        .spec
        .parameters
        .get(key)
        .and_then(|spec| spec.column.clone())
        .or_else(|| (key.len() > LONGEST_NAME).then(|| name.to_owned()));
    parameter(key, column.as_deref(), at, table, report)
}

/// The file in the folder of `path`, which is not there, that is most like it.
fn nearest(path: &Path, name: &str, report: &mut Report) -> Option<String> {
    let there = path.exists();
    let entries = std::fs::read_dir(path.parent()?).ok().filter(|_| !there)?;
    let names = entries
        .take(10_000)
        .flatten()
        .map(|entry| entry.file_name());
    let known: Vec<String> = names.filter_map(|name| name.into_string().ok()).collect();
    report.near(name, known.iter().map(String::as_str))
}

/// All bytes of a file that is not too large.
fn text(path: &Path) -> Result<Vec<u8>, Text> {
    let cannot = |error: std::io::Error| text!("cannot-be-read", error);
    let about = std::fs::metadata(path).map_err(cannot)?;
    if !about.is_file() {
        return Err(text!("cannot-be-read-file"));
    }
    if about.len() > LARGEST {
        let size = about.len();
        return Err(text!("list-bytes", size, largest = LARGEST));
    }
    std::fs::read(path).map_err(cannot)
}

fn level(cell: &str) -> Option<Level> {
    match cell {
        "" => None,
        text if text.eq_ignore_ascii_case("true") => Some(Level::Flag(true)),
        text if text.eq_ignore_ascii_case("false") => Some(Level::Flag(false)),
        text => match text.parse::<f64>() {
            Ok(number) => number.is_finite().then_some(Level::Number(number)),
            Err(_) => Some(Level::Text(text.to_owned())),
        },
    }
}
