//! Runs that fail, and the commands that make runs again.

use std::fs;
use std::path::Path;

use super::fixture::{Ran, room, rows, same, say, shell, status, table, whole};

/// The second point cannot be: the two shares add up to more than 1.
const PLAN: &str = r#"
name = "trial"
scenario = "minimal"
layouts = ["base", "minimal/layouts/none.toml"]
replicates = 3
seed = 7
outcomes = ["mean_stock", "adoptions"]
format = "csv"

[monthly]
every = 12
measures = ["mean_stock", "adoptions", "theil"]

[set]
point.arrival_rate = 0.04

[design]
kind = "list"
file = "list.csv"
"#;
const LIST: &str = "point.direct_share,point.indirect_share,line_response\n\
                    0.3,0.5,hill\n0.7,0.6,linear\n0.4,0.4,linear\n";

/// The rows of a table as its user finds them, each by the names of its columns.
fn named(path: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let (header, rows) = table(path);
    let row = |row: Vec<String>| header.iter().cloned().zip(row).collect();
    rows.into_iter().map(row).collect()
}

/// A command of the table `runs`, given in the folder of the plan.
fn again(dir: &Path, command: &str, more: &str) -> Ran {
    let words = command.strip_prefix("pointplane ").unwrap();
    shell(dir, &format!("\"$POINTPLANE\" {words} {more}"))
}

#[test]
fn a_run_that_fails_is_a_row_and_the_rest_goes_on() {
    let dir = room(PLAN);
    fs::write(dir.path().join("list.csv"), LIST).unwrap();
    let out = dir.path().join("out");
    say(dir.path(), "sweep run plan.toml --out out")
        .exits(3)
        .says(&[
            "1 of the first 3 points cannot be run",
            "12 of 18 runs are done, 6 failed, 0 are missing",
        ]);
    let told = status(&out);
    assert_eq!(
        (told["failed"].as_u64(), told["done"].as_u64()),
        (Some(6), Some(12))
    );
    let runs = named(&out.join("runs.csv"));
    assert_eq!(runs.len(), 18);
    let failed: Vec<_> = runs
        .iter()
        .filter(|row| row["status"] == "failed")
        .collect();
    assert_eq!(failed.len(), 6);
    for row in &failed {
        assert!(row["error"].contains("point.direct_share"), "{row:?}");
        assert!(!row["error"].contains('\n'), "{row:?}");
        // The same error, in the user's hands.
        let ran = again(dir.path(), &row["command"], "--out again").exits(2);
        let said = row["error"].split("; ").next().unwrap();
        let core = said.split(": ").last().unwrap().trim();
        assert!(ran.err.contains(core), "{core:?} is not in\n{}", ran.err);
        assert!(!dir.path().join("again").exists());
    }
    for row in runs.iter().filter(|row| row["status"] == "done") {
        assert_eq!((row["error"].as_str(), row["seed"].as_str()), ("", "7"));
    }
    let outcomes = named(&out.join("outcomes.csv"));
    assert_eq!(
        outcomes
            .iter()
            .filter(|row| row["point"] == failed[0]["point"])
            .count(),
        0
    );

    // Not tried again unless asked for; asked for, it fails once more and says so.
    let ran = say(dir.path(), "sweep run plan.toml --out out --resume").exits(3);
    ran.says(&["0 of 18 runs to do"]);
    assert_eq!(rows(&out), 18);
    say(
        dir.path(),
        "sweep run plan.toml --out out --resume --retry-failed",
    )
    .exits(3)
    .says(&["6 of 18 runs to do"]);
    assert_eq!(rows(&out), 24);
    same(&out, &{
        say(
            dir.path(),
            "sweep run plan.toml --out whole --threads 1 --quiet",
        )
        .exits(3);
        dir.path().join("whole")
    });
    // A shard says it too.
    say(
        dir.path(),
        "sweep run plan.toml --out shard --shard 0/1 --quiet",
    )
    .exits(3);
    say(
        dir.path(),
        "sweep run plan.toml --out shard --shard 0/2 --resume",
    )
    .exits(3);
    // The row is mended: what failed is no longer of the plan.
    let list = LIST.replace("0.7,0.6", "0.3,0.6");
    fs::write(dir.path().join("list.csv"), list).unwrap();
    say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    fs::remove_dir_all(dir.path().join("whole")).unwrap();
    same(&whole(dir.path()), &out);
}

#[test]
fn the_command_of_a_run_makes_it_again() {
    let dir = room(PLAN);
    fs::write(dir.path().join("list.csv"), LIST).unwrap();
    say(dir.path(), "sweep run plan.toml --out out --quiet").exits(3);
    let out = dir.path().join("out");
    let of = |row: &std::collections::BTreeMap<String, String>| {
        ["point", "layout", "replicate"].map(|key| row[key].clone())
    };
    let (national, outcomes) = (
        named(&out.join("national.csv")),
        named(&out.join("outcomes.csv")),
    );
    let runs = named(&out.join("runs.csv"));
    let mut compared = 0;
    for (turn, run) in runs
        .iter()
        .filter(|row| row["status"] == "done")
        .enumerate()
    {
        let to = format!("again{turn}");
        let more = format!("--out {to} --format csv --quiet");
        again(dir.path(), &run["command"], &more).exits(0);
        let there = named(&dir.path().join(&to).join("national.csv"));
        for row in national.iter().filter(|row| of(row) == of(run)) {
            let month = there
                .iter()
                .find(|other| other["month"] == row["month"])
                .unwrap();
            assert_eq!(month["replicate"], run["replicate"]);
            for measure in ["mean_stock", "adoptions", "theil"] {
                assert_eq!(row[measure], month[measure], "{run:?}");
                compared += 1;
            }
        }
        let last = there.last().unwrap();
        for row in outcomes.iter().filter(|row| of(row) == of(run)) {
            assert_eq!(row["group_kind"], "national");
            let number = |text: &str| text.parse::<f64>().unwrap();
            let expected = match row["outcome"].as_str() {
                // All months of the run.
                "adoptions" => there.iter().map(|month| number(&month["adoptions"])).sum(),
                measure => number(&last[measure]),
            };
            assert_eq!(number(&row["value"]), expected, "{run:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 12 * (10 * 3 + 2));
}
