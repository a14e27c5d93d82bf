//! A history that is simulated and replayed, as its user meets it.

use std::fs;

use super::fixture::{call, copy, edit, files, shipped, temp};

/// A given history runs in its own steps: yearly tables name years, and what takes months says so.
#[test]
fn a_yearly_history_runs_and_is_told_in_years() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let words = [
        "run",
        &lotteries,
        "--replicates",
        "3",
        "--format",
        "csv",
        "--tables",
        "all",
        "--out",
        "r",
    ];
    call(dir.path(), &words).exits(0);
    let read = |name: &str| fs::read_to_string(dir.path().join("r").join(name)).unwrap();
    let national = read("national.csv");
    assert!(national.starts_with("replicate,period,"), "{national}");
    let years: Vec<&str> = national
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(
        (years.len(), years[0], years[22], years[23]),
        (69, "1964", "1986", "1964")
    );
    let adoptions = read("adoptions.csv");
    assert!(
        adoptions.starts_with("replicate,innovation,place,period,"),
        "{adoptions}"
    );
    assert!(
        adoptions
            .lines()
            .skip(1)
            .all(|line| line.contains(",lottery,"))
    );
    assert!(read("columns.csv").contains("national,period,text,period,"));
    let credit = read("credit.csv");
    assert!(
        credit.contains("0,1964,intrinsic,") && credit.contains("0,1986,base_neighbours,"),
        "{credit}"
    );
    call(dir.path(), &["report", "r"])
        .exits(2)
        .says(&["steps that are no months"]);
    for words in [
        &["odd", &lotteries][..],
        &["compare", &lotteries, "--baseline", "base", "compact"],
        &["explain", &lotteries, "base", "compact"],
    ] {
        call(dir.path(), words)
            .exits(2)
            .says(&["`step`", "this command takes months"]);
    }
}

/// Under its own layout the history is repeated; under another, effects are told with what they rest on.
#[test]
fn the_compact_of_four_states_is_replayed() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let replay = |out: &str, more: &[&str]| {
        let words = [
            "replay",
            &lotteries,
            "--layout",
            "compact",
            "--replicates",
            "40",
            "--format",
            "csv",
            "--out",
            out,
        ];
        call(dir.path(), &[&words[..], more].concat()).exits(0)
    };
    replay("a", &["--threads", "1"]).says(&[
        "40 replicates",
        "compact: +",
        "adoptions of 27",
        "Effects are stated under a coupling",
        "Oberst and Sontag 2019",
    ]);
    replay("b", &["--threads", "2", "--lang", "zh"]).says(&["效应在一种耦合下陈述"]);
    let tables = |of: &str| {
        let mut files = files(&dir.path().join(of));
        files.retain(|name, _| name.ends_with(".csv"));
        files
    };
    assert_eq!(tables("a"), tables("b"));
    let read = |name: &str| fs::read_to_string(dir.path().join("a").join(name)).unwrap();
    let differences = read("differences.csv");
    assert!(differences.starts_with("replicate,layout,item,place,factual,replayed\n"));
    assert!(
        differences
            .lines()
            .skip(1)
            .all(|line| line.contains(",compact,lottery,"))
    );
    // More is heard than was: nobody adopts later, or before the compact.
    for line in differences.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (was, is): (&str, i32) = (cells[4], cells[5].parse().unwrap());
        assert!(
            is >= 1970 && (was.is_empty() || is < was.parse().unwrap()),
            "{line}"
        );
    }
    let effects = read("effects.csv");
    assert_eq!(effects.lines().count(), 1 + 1 + 1 + 48, "{effects}");
    // The whole is the sum of its places.
    let sum = |kind: &str| -> f64 {
        let rows = effects
            .lines()
            .filter(|line| line.starts_with(&format!("compact,{kind},")));
        rows.map(|line| line.split(',').nth(7).unwrap().parse::<f64>().unwrap())
            .sum()
    };
    assert!((sum("all") - sum("place")).abs() < 1e-9 && (sum("all") - sum("item")).abs() < 1e-9);
    assert!(sum("all") > 0.0);
    call(dir.path(), &["status", "a"]).exits(0);
    call(dir.path(), &["merge", "a"]).exits(0);
    // Shards do the same, and more replicates are added.
    for shard in ["0/2", "1/2"] {
        let words = [
            "replay",
            &lotteries,
            "--layout",
            "compact",
            "--replicates",
            "40",
            "--format",
            "csv",
            "--out",
            "c",
            "--shard",
            shard,
        ];
        call(dir.path(), &words).exits(0);
    }
    call(dir.path(), &["merge", "c"]).exits(0);
    assert_eq!(tables("a"), tables("c"));
}

/// A history that cannot happen under the model is refused with its first event that cannot.
#[test]
fn an_impossible_history_is_refused() {
    let dir = temp();
    let of = dir.path().join("of");
    copy(shipped("scenarios/us-lotteries").as_ref(), &of);
    edit(
        &of.join("scenario.toml"),
        "intrinsic_rate = 0.0105",
        "intrinsic_rate = 0.0",
    );
    call(dir.path(), &["replay", "of", "--layout", "compact"])
        .exits(2)
        .says(&[
            "`history`",
            "NH adopts lottery in 1964, and its hazard is 0 then",
        ]);
    let minimal = shipped("scenarios/minimal");
    call(dir.path(), &["replay", &minimal, "--layout", "none"])
        .exits(2)
        .says(&["this scenario has no history"]);
}
