//! The same question has the same answer to the byte, however it is put.

use std::fs;
use std::path::Path;

use super::fixture::{copy, files, minimal, results, run_into, same, temp};

#[test]
fn threads_and_repetition_change_nothing() {
    let dir = temp();
    let words = ["--tables", "all,links", "--replicates", "9", "--threads"];
    let run = |name: &str, threads| run_into(dir.path(), name, &[&words[..], &[threads]].concat());
    let one = run("one", "1");
    for (name, threads) in [("again", "1"), ("two", "2"), ("eight", "8")] {
        same(&one, &run(name, threads));
    }
    assert_eq!(results(&one).len(), 12);
}

#[test]
fn observing_more_or_less_changes_nothing() {
    let dir = temp();
    let run = |name: &str, words: &[&str]| {
        results(&run_into(
            dir.path(),
            name,
            &[&["--replicates", "5"], words].concat(),
        ))
    };
    let all = run("all", &["--tables", "all,links"]);
    for (name, words) in [
        ("national", &["--tables", "national"][..]),
        ("usual", &[]),
        ("credit", &["--tables", "credit,structures"]),
        ("adoptions", &["--tables", "adoptions"]),
        ("abandonments", &["--tables", "abandonments,links"]),
        ("often", &["--tables", "all", "--every", "1"]),
        ("rarely", &["--every", "1000"]),
    ] {
        let some = run(name, words);
        let tables: Vec<_> = some.keys().filter(|n| n.ends_with(".parquet")).collect();
        assert!(tables.len() >= 2, "{tables:?}");
        for table in tables {
            let same = some[table] == all[table];
            let every = words.contains(&"--every") || name == "rarely";
            assert_eq!(
                same,
                !(every && table == "places.parquet"),
                "{name}: {table}"
            );
        }
    }
}

#[test]
fn firms_that_are_switched_off_change_nothing() {
    let dir = temp();
    let run = |name: &str, words: &[&str]| {
        let words = [&["--tables", "all", "--replicates", "3"], words].concat();
        results(&run_into(dir.path(), name, &words))
    };
    let firms = |enabled| ["--set", "firms.number=500", "--set", enabled];
    let without = run("without", &[]);
    let off = run("off", &firms("firms.enabled=false"));
    let on = run("on", &firms("firms.enabled=true"));
    let tables: Vec<_> = without.keys().filter(|n| n.ends_with(".parquet")).collect();
    assert_eq!(tables.len(), 9, "{tables:?}");
    assert!(on.contains_key("uptake.parquet") && !off.contains_key("uptake.parquet"));
    for table in tables {
        assert!(off[table] == without[table], "{table}");
    }
    assert!(on["national.parquet"] != off["national.parquet"]);
}

#[test]
fn a_seed_names_the_luck() {
    let dir = temp();
    let run = |name: &str, seed| run_into(dir.path(), name, &["--replicates", "2", "--seed", seed]);
    let (one, two) = (results(&run("one", "1")), results(&run("two", "2")));
    assert!(one["national.parquet"] != two["national.parquet"]);
}

/// Lines of a CSV table below its header.
fn lines(dir: &Path, table: &str) -> Vec<String> {
    let text = fs::read_to_string(dir.join(format!("{table}.csv"))).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn more_replicates_leave_the_first_as_they_are() {
    let dir = temp();
    let run = |name: &str, n| {
        let firms = "firms.number=300";
        let words = [
            "--format",
            "csv",
            "--tables",
            "all,links",
            "--replicates",
            n,
            "--set",
            firms,
        ];
        run_into(dir.path(), name, &words)
    };
    let (four, eight) = (run("four", "4"), run("eight", "8"));
    for table in pointplane::experiment::tables::NAMES {
        let (four, eight) = (lines(&four, table), lines(&eight, table));
        assert!(four.len() < eight.len() && !four.is_empty(), "{table}");
        assert!(four == eight[..four.len()], "{table}");
        assert!(eight[four.len()].starts_with("4,"), "{table}");
    }
}

#[test]
fn the_order_of_rows_in_the_scenario_changes_no_value() {
    let dir = temp();
    let turned = dir.path().join("minimal");
    copy(Path::new(&minimal()), &turned);
    let mut moved = 0;
    for (name, bytes) in files(&turned) {
        // Observed batches have an order: their months.
        if !name.ends_with(".csv") || name == "observed.csv" {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        moved += usize::from(rows.len() > 1);
        // Neither the old order nor just the reverse.
        rows.reverse();
        rows.rotate_left(1);
        fs::write(turned.join(name), format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    }
    assert!(moved >= 8, "{moved}");
    let words = [
        "--format",
        "csv",
        "--tables",
        "all,links",
        "--replicates",
        "4",
    ];
    let straight = run_into(dir.path(), "straight", &words);
    let mut all = vec![
        "run",
        turned.to_str().unwrap(),
        "--out",
        "turned",
        "--quiet",
    ];
    all.extend(words);
    super::fixture::call(dir.path(), &all).exits(0);
    for &table in pointplane::experiment::tables::names(false) {
        let (mut a, mut b) = (
            lines(&straight, table),
            lines(&dir.path().join("turned"), table),
        );
        a.sort();
        b.sort();
        assert!(a == b, "{table}");
    }
}
