//! `explain`: its words, its tables, and what it refuses.

use std::fs;

use super::fixture::{Ran, call, copy, files, minimal, same, shipped, temp};

fn explain(words: &[&str]) -> Ran {
    let scenario = minimal();
    let all = [&["explain", scenario.as_str()], words].concat();
    call(temp().path(), &all)
}

#[test]
fn the_tree_of_the_minimal_scenario() {
    let words = [
        "-",
        "open-candidate",
        "--since",
        "2018-01",
        "--place",
        "river_port",
    ];
    let ran = explain(&words).exits(0);
    assert_eq!(ran.err, "");
    assert_eq!(ran.out, include_str!("explain_tree.txt"));
    let spread = explain(&["-", "none", "--replicate", "1"]).exits(0);
    assert_eq!(spread.out, include_str!("explain_spread.txt"));
}

/// Columns on a terminal; Chinese characters take two.
fn width(line: &str) -> usize {
    line.chars()
        .map(|c| if c as u32 > 0x2E00 { 2 } else { 1 })
        .sum()
}

#[test]
fn it_fits_eighty_columns() {
    let china = shipped("scenarios/china");
    let words = ["explain", &china, "none", "existing", "--place", "成都市"];
    let ran = call(temp().path(), &words).exits(0);
    assert!(
        ran.out.contains("How it reaches Chengdu 成都市 (cn510100)"),
        "{}",
        ran.out
    );
    for line in ran.out.lines() {
        assert!(width(line) <= 80, "{line}");
    }
}

#[test]
fn a_layout_against_itself_never_parts() {
    let ran = explain(&["none", "none", "--place", "river_port"]).exits(0);
    assert!(ran.out.contains("nothing ever differs"), "{}", ran.out);
    let json = explain(&["none", "none", "--json"]).exits(0).json();
    assert_eq!(json["partings"], 0);
    assert_eq!(json["chains"].as_array().map(Vec::len), Some(0));
}

#[test]
fn an_alliance_that_never_acts_changes_nothing() {
    let dir = temp();
    let layout = dir.path().join("empty.toml");
    fs::write(
        &layout,
        r#"layout = "empty"
        [[define]]
        id = "ghosts"
        groups = ["coast_ftz", "river_ftz"]
        from = "2030-01"
        "#,
    )
    .unwrap();
    let layout = layout.to_str().unwrap();
    let ran = explain(&["-", layout]).exits(0);
    assert!(
        ran.out.contains("The two worlds never diverge"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("alliances ghosts only in B"),
        "{}",
        ran.out
    );
}

#[test]
fn tables_and_json_say_the_same_as_the_words() {
    let dir = temp();
    let scenario = minimal();
    let mut words = vec![
        "explain",
        &scenario,
        "-",
        "open-candidate",
        "--place",
        "river_port",
    ];
    words.extend(["--out", "why", "--format", "csv"]);
    call(dir.path(), &words).exits(0);
    words[7] = "again";
    call(dir.path(), &words).exits(0);
    same(&dir.path().join("why"), &dir.path().join("again"));
    let json = call(dir.path(), &[&words[..6], &["--json"]].concat())
        .exits(0)
        .json();
    let written = files(&dir.path().join("why"));
    let text = |name: &str| String::from_utf8(written[name].clone()).unwrap();
    let rows = |name: &str| text(name).lines().count() - 1;
    let steps = |c: &serde_json::Value| -> usize {
        let steps = c["steps"].as_array().unwrap();
        let causes = steps
            .iter()
            .map(|s| s["causes"].as_array().unwrap().len().max(1));
        causes.sum::<usize>() + usize::from(!c["root"].is_null())
    };
    let chains = json["chains"].as_array().unwrap();
    assert_eq!(rows("chain.csv"), chains.iter().map(steps).sum::<usize>());
    assert_eq!(rows("spread.csv"), json["spread"].as_array().unwrap().len());
    assert_eq!(
        rows("reached.csv"),
        json["reached"].as_array().unwrap().len()
    );
    assert!(
        text("chain.csv")
            .lines()
            .any(|row| row.starts_with("0,place,0,1,layout,"))
    );
    // A folder with results is not written over.
    call(dir.path(), &words).exits(2);
    words.push("--force");
    call(dir.path(), &words).exits(0);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let words = [
        "-",
        "none",
        "--replicate",
        "1000000",
        "--place",
        "river_prot",
    ];
    let more = ["--innovation", "coast_harbour.3", "--since", "1999-01"];
    explain(&[&words[..], &more].concat()).exits(2).says(&[
        "--replicate: 1000000: no replicate has this number; allowed: 0 to 999999",
        "--place: river_prot: no place has this id or name; did you mean `river_port`?",
        "--innovation: coast_harbour.3: no zone has this id",
        "did you mean `coast_harbor`?",
        "--since: 1999-01: not a month of the run",
        "4 errors",
    ]);
    explain(&["-", "none", "--replicate", "-1"])
        .exits(2)
        .says(&["no replicate"]);
    explain(&[
        "-",
        "none",
        "--place",
        "river_port",
        "--innovation",
        "coast_harbor.9999",
    ])
    .exits(2)
    .says(&["neither world has this innovation"]);
    explain(&[
        "-",
        "none",
        "--place",
        "river_port",
        "--innovation",
        "nonsense",
    ])
    .exits(2)
    .says(&["not the id of an innovation"]);
    explain(&["nowhere", "nothing"])
        .exits(2)
        .says(&["nowhere", "nothing"]);
}

#[test]
fn layouts_that_cannot_be_paired_are_refused() {
    let dir = temp();
    let minimal = minimal();
    copy(minimal.as_ref(), &dir.path().join("m"));
    let places = fs::read_to_string(dir.path().join("m/regions.csv")).unwrap();
    let last = places.lines().last().unwrap();
    let more = format!("{places}{}\n", last.replace("passtown", "newtown"));
    fs::write(dir.path().join("m/more.csv"), more).unwrap();
    let scenario = fs::read_to_string(dir.path().join("m/scenario.toml")).unwrap();
    let files = scenario.lines().find(|l| l.starts_with("files")).unwrap();
    let layout = format!(
        "layout = \"more\"\n[set]\nseed = 7\nend = \"2020-12\"\n[set.places]\n{}\n",
        files.replace("regions.csv", "more.csv")
    );
    fs::write(dir.path().join("m/layouts/more.toml"), layout).unwrap();
    call(dir.path(), &["explain", "m", "none", "more"])
        .exits(2)
        .says(&[
            "newtown",
            "its months are not the same months",
            "different random seeds cannot be paired",
            "3 errors",
        ]);
}
