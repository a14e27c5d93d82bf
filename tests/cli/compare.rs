//! `pointplane compare`: what it computes, what it refuses, how it is stopped and goes on.

mod firms;
mod going_on;
mod over;
mod values;
mod variants;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pointplane::store::{Column, read_table};

use super::fixture::{Ran, call, minimal};

const LAYOUTS: [&str; 4] = ["--baseline", "none", "base", "open-candidate"];

/// Compares layouts of the minimal scenario into `dir/out`.
#[track_caller]
fn compare_into(dir: &Path, out: &str, words: &[&str]) -> PathBuf {
    compare(dir, out, words).exits(0);
    dir.join(out)
}

fn compare(dir: &Path, out: &str, words: &[&str]) -> Ran {
    let scenario = minimal();
    let mut all = vec!["compare", &scenario, "--out", out, "--quiet"];
    all.extend(words);
    call(dir, &all)
}

/// A table of a sweep's summary as rows of texts by column name.
fn summed_up(out: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let file = out.join("summary").join(format!("{table}.csv"));
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// A table as rows of texts by column name; missing is empty. Numbers read back to the same bits.
fn rows(out: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let (def, data) = read_table(out, table, &[]).unwrap();
    let cell = |column: &Column, row: usize| match column {
        Column::Text { .. } => column.text_at(row).unwrap_or("").to_owned(),
        Column::Int(values) => values[row].map_or(String::new(), |v| v.to_string()),
        Column::Float(values) => match values[row] {
            v if v.is_finite() => format!("{v:?}"),
            _ => String::new(),
        },
        Column::Month(values) => values[row].map_or(String::new(), |m| {
            format!("{:04}-{:02}", m / 12, m % 12 + 1)
        }),
    };
    (0..data.rows())
        .map(|row| {
            let named = def.columns.iter().zip(&data.columns);
            named
                .map(|(def, c)| (def.name.clone(), cell(c, row)))
                .collect()
        })
        .collect()
}

/// What was said, without line breaks.
pub fn flat(ran: Ran) -> Ran {
    Ran {
        err: ran.err.split_whitespace().collect::<Vec<_>>().join(" "),
        ..ran
    }
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    let text = &row[column];
    if text.is_empty() {
        f64::NAN
    } else {
        text.parse().unwrap()
    }
}

/// The values of a series, by replicate.
fn series(
    outcomes: &[BTreeMap<String, String>],
    layout: &str,
    like: &BTreeMap<String, String>,
) -> Vec<f64> {
    let members_of = if like["group_kind"] == "membership" {
        like["layout"].as_str()
    } else {
        ""
    };
    outcomes
        .iter()
        .filter(|row| {
            row["layout"] == layout
                && row["members_of"] == members_of
                && ["outcome", "group_kind", "group", "horizon"]
                    .iter()
                    .all(|c| row[*c] == like[*c])
        })
        .map(|row| number(row, "value"))
        .collect()
}
