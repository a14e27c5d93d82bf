//! Points and replicates added to a finished sweep; plans that are not of the same sweep.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::fixture::{PLAN, files, merged, room, rows, same, say, status, whole, with};

const GRID: &str = r#"
name = "trial"
scenario = "minimal"
layouts = ["base", "none"]
replicates = 2
outcomes = ["mean_stock"]

[design]
kind = "grid"

[parameters]
line.beta = { levels = [0.05, 0.15] }
circle.radius_km = { from = 100, to = 300, steps = 3 }
"#;

/// Completes `out` with the plan as it is now, on shards, and holds it against a sweep made so from the
/// start. No run is run twice.
#[track_caller]
fn completed(dir: &Path, runs: u64, others: u64) {
    let out = dir.join("out");
    for shard in [1, 0, 2] {
        let words = format!("sweep run plan.toml --out out --resume --shard {shard}/3");
        say(dir, &words).exits(0);
    }
    say(dir, "sweep merge out").exits(0);
    fs::remove_dir_all(dir.join("whole")).ok();
    same(&whole(dir), &out);
    assert_eq!(status(&out)["others"], others);
    assert_eq!(rows(&out), runs + others, "a run was run twice");
}

#[test]
fn replicates_and_points_are_added() {
    let dir = room(GRID);
    let plan = |text: &str| fs::write(dir.path().join("plan.toml"), text).unwrap();
    completed(dir.path(), 24, 0);
    // More replicates.
    let more = with(GRID, "replicates = 2", "replicates = 5");
    plan(&more);
    completed(dir.path(), 60, 0);
    // A level in the middle, so that every point has another place in the order.
    let more = with(&more, "[0.05, 0.15]", "[0.05, 0.1, 0.15]");
    plan(&more);
    let ran = say(dir.path(), "sweep run plan.toml --out out").exits(2);
    ran.says(&["--resume"]);
    completed(dir.path(), 90, 0);
    // Fewer: what is no longer of the plan is kept, counted apart and in no table.
    plan(&with(GRID, "[0.05, 0.15]", "[0.1, 0.15]"));
    completed(dir.path(), 24, 66);
    // And back.
    plan(&more);
    completed(dir.path(), 90, 0);
}

#[test]
fn rows_are_added_to_a_list() {
    let text = r#"
name = "trial"
scenario = "minimal"
replicates = 3
outcomes = ["mean_stock"]
format = "csv"
[design]
kind = "list"
file = "points.csv"
"#;
    let dir = room(text);
    let mut list = String::from("line.beta,circle_radius_km\n");
    let mut runs = 0;
    for more in [5, 1, 9] {
        for _ in 0..more {
            runs += 3;
            writeln!(list, "{},{}", 0.01 * runs as f64, 100 + runs).unwrap();
        }
        fs::write(dir.path().join("points.csv"), &list).unwrap();
        completed(dir.path(), runs, 0);
    }
}

#[test]
fn points_of_a_sequence_and_blocks_are_added() {
    let plan = |design: &str| {
        let plan = with(PLAN, "kind = \"sobol\"\npoints = 20", design);
        let plan = with(&plan, "replicates = 10", "replicates = 2");
        with(
            &plan,
            "line.response = { distribution = \"discrete\", values = [\"linear\", \"hill\"] }\n",
            "",
        )
    };
    let saltelli = |blocks: u32| plan(&format!("kind = \"saltelli\"\nbase_points = {blocks}"));
    let sobol = |points: u32| plan(&format!("kind = \"sobol\"\npoints = {points}"));
    // 2 parameters: 4 points a block, 2 layouts, 2 replicates.
    for (first, then) in [
        ((saltelli(2), 32), (saltelli(8), 128)),
        ((sobol(8), 32), (sobol(16), 64)),
    ] {
        let dir = room(&first.0);
        completed(dir.path(), first.1, 0);
        fs::write(dir.path().join("plan.toml"), then.0).unwrap();
        completed(dir.path(), then.1, 0);
    }
}

#[test]
fn a_plan_of_another_sweep_is_refused_with_what_differs() {
    let dir = room(PLAN);
    say(
        dir.path(),
        "sweep run plan.toml --out out --shard 0/20 --quiet",
    )
    .exits(0);
    let out = dir.path().join("out");
    let before = files(&out);
    let seed = with(PLAN, "replicates = 10", "replicates = 10\nseed = 2");
    let set = with(
        PLAN,
        "[design]",
        "[set]\npoint.arrival_rate = 0.04\n[design]",
    );
    let changes = [
        (seed, "seed is 1 there and 2 now"),
        (
            set,
            "list of settings is empty there and point.arrival_rate=0.04 now",
        ),
        (
            with(PLAN, ", \"none\"]", "]"),
            "list of layouts is base, none there and base now",
        ),
        (
            with(PLAN, "[\"base\", \"none\"]", "[\"none\", \"base\"]"),
            "list of layouts is base, none there and none, base now",
        ),
        (
            with(PLAN, ", \"theil\"", ""),
            "list of outcomes is mean_stock, ",
        ),
        (
            with(PLAN, "\"2020-12\"", "\"2021-12\""),
            "the values kept of each run differ",
        ),
        (
            with(PLAN, "every = 24", "every = 12"),
            "list of outcomes is mean_stock, ",
        ),
        (
            with(PLAN, ", \"adoptions\"]", "]"),
            "list of outcomes is mean_stock, ",
        ),
    ];
    for (plan, words) in &changes {
        fs::write(dir.path().join("other.toml"), plan).unwrap();
        for command in [
            "sweep run other.toml --out out --resume",
            "sweep plan other.toml --out out",
        ] {
            say(dir.path(), command).exits(2).says(&[words, "out"]);
        }
        assert!(files(&out) == before, "{words}");
    }
    // Another scenario under the same name.
    let zones = dir.path().join("minimal/zones.csv");
    let text = fs::read_to_string(&zones).unwrap();
    fs::write(&zones, with(&text, "121.15,31.05,80", "121.15,31.05,81")).unwrap();
    say(dir.path(), "sweep run plan.toml --out out --resume")
        .exits(2)
        .says(&["input files changed or new: zones.csv"]);
    assert!(files(&out) == before);
    fs::write(&zones, text).unwrap();
    // The plan as it was goes on.
    say(dir.path(), "sweep run plan.toml --out out --resume --quiet").exits(0);
    assert!(merged(&out).len() > 4);
}
