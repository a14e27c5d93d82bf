//! The summary of a run: true to the tables, and with a command that gives them again.

use std::collections::BTreeMap;
use std::fs;

use super::fixture::{call, copy, minimal, results, run_into, same, shell, shipped, temp};

#[test]
fn the_summary_says_what_a_person_wants_to_know() {
    let dir = temp();
    let ran = call(dir.path(), &["run", &minimal(), "--layout", "none"])
        .exits(0)
        .says(&[
            "minimal, layout none: 2015-01 to 2024-12, 20 replicates, seed 1, ",
            "First formation (median month and range over the replicates in which it formed)",
            "  first line ",
            "  first circle ",
            "  first axis ",
            "  axis great_river ",
            "National batches        mean (95 % of replicates)   observed",
            "  2017-06 ",
            "Credit for adoptions    share of all (95 % interval of the mean)",
            "  base_road ",
            "  provincial ",
            "Largest sources of spillovers (adoptions attributed to them, mean over replicates)",
            "Tables in results/minimal-none (columns.csv describes every column)",
            "national, places, ",
            "Again: pointplane run ",
        ]);
    // Places by id and by their names in both languages.
    let given = ran.err.find("Largest sources of spillovers").unwrap();
    let giver = ran.err[given..].lines().nth(1).unwrap();
    let table = |name: &str| fs::read_to_string(shipped(name)).unwrap();
    let places = table("scenarios/minimal/zones.csv") + &table("scenarios/minimal/regions.csv");
    let id = giver.split_whitespace().nth(1).unwrap();
    let row = places
        .lines()
        .find(|row| row.starts_with(&format!("{id},")));
    let cells: Vec<&str> = row.unwrap().split(',').collect();
    assert!(
        giver.contains(cells[2]) && giver.contains(cells[3]),
        "{giver}"
    );
    // Ten seconds of reading.
    let start = ran.err.find("minimal, layout none").unwrap();
    let lines: Vec<&str> = ran.err[start..].lines().collect();
    assert!(lines.len() <= 45, "{}", ran.err);
    for line in lines.iter().filter(|line| !line.starts_with("Again")) {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

/// Rows of a CSV table, by column.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn json_is_all_of_standard_output_and_agrees_with_the_tables() {
    let dir = temp();
    let words = [
        "run",
        &minimal(),
        "--json",
        "--format",
        "csv",
        "--tables",
        "all",
        "--out",
        "out",
    ];
    let ran = call(dir.path(), &words).exits(0).says(&["Again:"]);
    let json = ran.json();
    assert_eq!(json["dir"], "out");
    let out = dir.path().join("out");
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(json["manifest"], manifest);
    let table = |name: &str| rows(&fs::read_to_string(out.join(format!("{name}.csv"))).unwrap());

    // Batches: innovations replicated nationally in that month, over replicates; observed: the file.
    let innovations = table("innovations");
    let observed = rows(&fs::read_to_string(format!("{}/observed.csv", minimal())).unwrap());
    let batches = json["summary"]["batches"].as_array().unwrap();
    assert_eq!(batches.len(), 4);
    let mut some = 0.0;
    for batch in batches {
        let month = batch["month"].as_str().unwrap();
        let date = format!("{month}-01");
        let count = innovations
            .iter()
            .filter(|row| row["replicated_national"] == date)
            .count();
        let mean = batch["simulated"]["mean"].as_f64().unwrap();
        assert!((mean - count as f64 / 20.0).abs() < 1e-9, "{batch}");
        let known = observed.iter().find(|row| row["month"] == month);
        let items = known.map(|row| row["items"].parse::<u64>().unwrap());
        assert_eq!(batch["observed"].as_u64(), items, "{batch}");
        some += mean;
    }
    assert!(some > 1.0);

    // Credit: the mean over replicates of the share of a replicate's adoptions; shares add up to 1.
    let adoptions = table("adoptions");
    let mut per_replicate: BTreeMap<String, f64> = BTreeMap::new();
    for row in &adoptions {
        *per_replicate.entry(row["replicate"].clone()).or_default() += 1.0;
    }
    let credit = table("credit");
    let mut sum = 0.0;
    for item in json["summary"]["credit"].as_array().unwrap() {
        let mechanism = item["mechanism"].as_str().unwrap();
        let of = |row: &&BTreeMap<String, String>| row["mechanism"] == mechanism;
        let share: f64 = credit
            .iter()
            .filter(of)
            .map(|row| row["credit"].parse::<f64>().unwrap() / per_replicate[&row["replicate"]])
            .sum::<f64>()
            / 20.0;
        let told = item["share"]["mean"].as_f64().unwrap();
        assert!((told - share).abs() < 1e-6, "{mechanism}: {told} {share}");
        assert!(item["share"]["half_width"].is_number(), "{item}");
        sum += told;
    }
    assert!((sum - 1.0).abs() < 1e-6, "{sum}");

    // Timeline: the earliest line over replicates.
    let structures = table("structures");
    let line = |row: &&BTreeMap<String, String>| row["kind"] == "line" && row["event"] == "formed";
    let first = structures
        .iter()
        .filter(line)
        .map(|row| &row["month"])
        .min()
        .unwrap();
    let timeline = json["summary"]["timeline"].as_array().unwrap();
    let told = timeline
        .iter()
        .find(|entry| entry[0] == "first line")
        .unwrap();
    assert_eq!(
        format!("{}-01", told[1]["earliest"].as_str().unwrap()),
        *first
    );
}

#[test]
fn the_printed_command_gives_the_same_tables() {
    let dir = temp();
    // Names that a shell would take apart.
    let odd = dir.path().join("the king's $HOME");
    copy(minimal().as_ref(), &odd);
    let layout = odd.join("layouts/open-candidate.toml");
    for (out, words) in [
        ("one", &["--replicates", "3"][..]),
        (
            "an other",
            &[
                "--layout",
                layout.to_str().unwrap(),
                "--layout",
                "none",
                "--set",
                "line.beta=0.2",
                "--set",
                "title=\"it's new\"",
                "--seed",
                "9223372036854775807",
                "--replicates",
                "4",
                "--threads",
                "2",
                "--format",
                "csv",
                "--tables",
                "national,adoptions,places",
                "--every",
                "7",
            ],
        ),
    ] {
        let odd = odd.to_str().unwrap();
        let words = [&["run", odd, "--out", out], words].concat();
        let ran = call(dir.path(), &words).exits(0);
        let (_, again) = ran.err.split_once("Again: pointplane ").unwrap();
        let again = again.trim_end();
        let first = results(&dir.path().join(out));
        shell(
            dir.path(),
            &format!("\"$POINTPLANE\" {again} --force --out 'copy of {out}'"),
        )
        .exits(0);
        same(
            &dir.path().join(out),
            &dir.path().join(format!("copy of {out}")),
        );
        shell(dir.path(), &format!("\"$POINTPLANE\" {again} --force")).exits(0);
        assert!(first == results(&dir.path().join(out)));
    }
}

#[test]
fn an_option_given_twice_counts_as_given_last() {
    let dir = temp();
    let twice = run_into(
        dir.path(),
        "twice",
        &["--replicates", "9", "--replicates", "2"],
    );
    assert_eq!(super::fixture::manifest(&twice).replicates, 2);
}

#[test]
fn one_replicate_has_no_interval() {
    let dir = temp();
    let words = ["run", &minimal(), "--replicates", "1", "--json"];
    let ran = call(dir.path(), &words)
        .exits(0)
        .says(&["1 replicate, seed 1"]);
    let credit = &ran.json()["summary"]["credit"][0];
    assert!(credit["share"]["half_width"].is_null(), "{credit}");
    assert!(!ran.err.contains("NaN"), "{}", ran.err);
}
