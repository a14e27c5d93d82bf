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

/// Beside firms the history is repeated in each replicate; a layout that swaps who adopted is another history, though
/// its times are the same.
#[test]
fn firms_are_beside_a_history_and_another_history_is_refused() {
    let dir = temp();
    let of = dir.path().join("of");
    copy(shipped("scenarios/us-lotteries").as_ref(), &of);
    let toml = of.join("scenario.toml");
    edit(&toml, "step = \"year\"", "step = \"month\"");
    let table = fs::read_to_string(of.join("adoptions.csv")).unwrap();
    let (head, rows) = table.split_once('\n').unwrap();
    let rows: Vec<String> = rows.lines().map(|row| format!("{row}-06")).collect();
    let table = format!("{head}\n{}\n", rows.join("\n"));
    fs::write(of.join("adoptions.csv"), &table).unwrap();
    edit(&of.join("items.csv"), "1964,1986", "1964-01,1986-12");
    let scenario = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, scenario + "\n[firms]\nnumber = 2000\n").unwrap();
    let words = ["replay", "of", "--layout", "compact", "--replicates", "3"];
    call(dir.path(), &words)
        .exits(0)
        .says(&["3 replicates", "adoptions of 27"]);
    let swapped = table
        .replace("NH,", "XX,")
        .replace("NY,", "NH,")
        .replace("XX,", "NY,");
    fs::write(of.join("swapped.csv"), swapped).unwrap();
    let layout = "layout = \"swapped\"\n[set.history]\nadoptions = \"swapped.csv\"\n";
    fs::write(of.join("layouts/swapped.toml"), layout).unwrap();
    call(dir.path(), &["replay", "of", "--layout", "swapped"])
        .exits(2)
        .says(&["the layout swapped changes the history"]);
}
