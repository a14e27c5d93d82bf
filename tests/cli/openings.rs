//! Nothing differs between two layouts before the first date in which they differ.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::fixture::{call, shipped, temp};

/// A table: its columns, and its rows by column.
struct Table {
    columns: Vec<String>,
    rows: Vec<BTreeMap<String, String>>,
}

fn table(dir: &Path, name: &str) -> Table {
    let mut reader = csv::Reader::from_path(dir.join(format!("{name}.csv"))).unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cells = row.iter().map(String::from);
        columns.iter().cloned().zip(cells).collect()
    });
    let rows = rows.collect();
    Table { columns, rows }
}

/// Runs the China scenario under a layout with all tables, places in every month.
fn run(dir: &Path, name: &str, layout: &str) -> PathBuf {
    let words = [
        "run",
        &shipped("scenarios/china"),
        "--layout",
        layout,
        "--replicates",
        "2",
        "--tables",
        "all",
        "--every",
        "1",
        "--format",
        "csv",
        "--out",
        name,
        "--quiet",
    ];
    call(dir, &words).exits(0);
    dir.join(name)
}

/// Asserts that all rows of before `first`, YYYY-MM, are the same in two runs, to the last digit; and that rows from
/// then on are not.
fn same_before(a: &Path, b: &Path, first: &str) {
    let year = &first[..4];
    for (name, date) in [
        ("national", "month"),
        ("places", "month"),
        ("adoptions", "month"),
        ("abandonments", "month"),
        ("structures", "month"),
        ("credit", "year"),
        ("innovations", "born"),
    ] {
        let (a, b) = (table(a, name), table(b, name));
        let limit = if date == "year" { year } else { first };
        // What only one of them has, as the credit of an alliance, carries nothing yet.
        let nothing = |value: &String| value.is_empty() || value.parse() == Ok(0.0);
        let both = |column: &&String| a.columns.contains(column) && b.columns.contains(column);
        let common: Vec<&String> = a.columns.iter().filter(both).collect();
        let before = |table: &Table| -> Vec<Vec<String>> {
            let mut rows = Vec::new();
            for row in table.rows.iter().filter(|row| row[date].as_str() < limit) {
                let own = table
                    .columns
                    .iter()
                    .filter(|column| !common.contains(column));
                assert!(
                    own.into_iter().all(|column| nothing(&row[column])),
                    "{name} {row:?}"
                );
                if name == "credit" && row["mechanism"].starts_with("alliance_") {
                    continue;
                }
                let of = |column: &&String| match name {
                    "innovations" => known(row, column, first),
                    _ => row[*column].clone(),
                };
                rows.push(common.iter().map(of).collect());
            }
            rows
        };
        let (x, y) = (before(&a), before(&b));
        assert!(x.len() >= 20, "{name}: {} rows", x.len());
        assert_eq!(x.len(), y.len(), "{name}");
        for (x, y) in x.iter().zip(&y) {
            assert_eq!(x, y, "{name}, columns {common:?}");
        }
        assert_ne!(a.rows, b.rows, "{name}: the layouts are the same");
    }
}

/// What is known of an innovation before a month.
fn known(row: &BTreeMap<String, String>, column: &str, first: &str) -> String {
    let value = row[column].clone();
    let month = |text: &str| -> i32 {
        let (year, month) = text[..7].split_once('-').unwrap();
        year.parse::<i32>().unwrap() * 12 + month.parse::<i32>().unwrap()
    };
    let later = match column {
        "implemented" | "failed" | "replicated_provincial" | "replicated_national" => {
            value.as_str() >= first
        }
        // Months from implementation on.
        _ if column.starts_with("months_to_") && !value.is_empty() => {
            month(&row["implemented"]) + value.parse::<i32>().unwrap() >= month(first)
        }
        "adopters" => true,
        _ => false,
    };
    if later { String::new() } else { value }
}

#[test]
fn existing_and_northeast_are_the_same_before_the_zone_opens() {
    let dir = temp();
    let a = run(dir.path(), "a", "existing");
    let b = run(dir.path(), "b", "northeast");
    same_before(&a, &b, "2024-01");
}

#[test]
fn a_layout_that_closes_a_zone_or_never_opens_it_is_the_same_before() {
    let dir = temp();
    let a = run(dir.path(), "a", "existing");
    for (name, change, first) in [
        (
            "closing",
            "[close]\ncq_liangjiang = \"2021-03\"\nsh_jinqiao = \"2023-12\"",
            "2021-03",
        ),
        ("without", "[open]\nsh_lingang = \"never\"", "2019-08"),
    ] {
        let text = format!("layout = \"{name}\"\nadd = []\n{change}\n");
        let file = dir.path().join(format!("{name}.toml"));
        fs::write(&file, text).unwrap();
        let b = run(dir.path(), name, file.to_str().unwrap());
        same_before(&a, &b, first);
    }
}
