//! What a sweep's report says: of which runs, of which tables, and the same as its summary.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::fixture::{call, edit, files, manifest, minimal, temp};

/// Writes `plan.toml`: `more` over the levels of `line.beta` that are given.
fn plan(dir: &Path, levels: &str, more: &str) {
    let scenario = minimal();
    let text = format!(
        "name = \"swept\"\nscenario = {scenario:?}\nlayouts = [\"none\", \"base\"]\n{more}\n[design]\n\
         kind = \"grid\"\n[parameters]\nline.beta = {{ levels = [{levels}] }}\n\
         circle.radius_km = {{ levels = [100, 300, 500] }}\n"
    );
    fs::write(dir.join("plan.toml"), text).unwrap();
}

fn sweep(dir: &Path, words: &[&str]) {
    let run = ["sweep", "run", "plan.toml", "--out", "s", "--quiet"];
    call(dir, &[&run, words].concat()).exits(0);
}

/// The page of the report, in English.
fn page(dir: &Path) -> String {
    call(dir, &["report", "s", "--quiet"]).exits(0);
    text(dir)
}

fn text(dir: &Path) -> String {
    fs::read_to_string(dir.join("s/report.html")).unwrap()
}

/// The sentences of the answer on a page.
fn answer(page: &str) -> String {
    let (_, answer) = page.split_once("id=\"answer\"").unwrap();
    answer.split_once("class=\"limits\"").unwrap().0.to_owned()
}

/// Asserts that the number that follows `words` is `right`, as far as it has digits.
#[track_caller]
fn tells(text: &str, words: &str, right: f64) {
    let (_, rest) = text
        .split_once(words)
        .unwrap_or_else(|| panic!("no {words:?} in {text}"));
    let told: String = rest
        .chars()
        .map(|c| if c == '−' { '-' } else { c })
        .take_while(|c| c.is_ascii_digit() || "+-.".contains(*c))
        .collect();
    let told = told.trim_end_matches('.');
    let decimals = told.split_once('.').map_or(0, |(_, digits)| digits.len());
    assert!(decimals > 0, "{told} of {right}");
    let number: f64 = told.parse().unwrap();
    let half = 0.5 * 0.1_f64.powi(decimals as i32) * 1.000_001;
    assert!((number - right).abs() <= half, "{told}, not {right}");
}

fn summary(dir: &Path) -> Value {
    call(dir, &["sweep", "summary", "s", "--json"])
        .exits(0)
        .json()
}

/// A month that never comes counts as the length of the run, in the report as in the summary, and `luck` is one
/// number: both are worked out once more here, from the table of outcomes.
#[test]
fn a_report_tells_what_the_summary_tells() {
    let dir = temp();
    let dir = dir.path();
    let more = "replicates = 5\noutcomes = [\"first_circle\"]\nformat = \"csv\"";
    plan(dir, "0.001, 0.0025, 0.004, 0.05", more);
    sweep(dir, &[]);
    let mut reader = csv::Reader::from_path(dir.join("s/outcomes.csv")).unwrap();
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    let rows: Vec<_> = rows.map(Result::unwrap).collect();
    let never = rows.iter().filter(|row| row["value"].is_empty()).count();
    assert!(
        (10..100).contains(&never),
        "{never} of {} never",
        rows.len()
    );
    let months = 120.0;
    let mut points: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for row in &rows {
        let value = row["value"].parse().unwrap_or(months);
        let sign = if row["layout"] == "base" { 1.0 } else { -1.0 };
        let of = points.entry(&row["point"]).or_default();
        *of.entry(&row["replicate"]).or_default() += sign * value;
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let points = points.values().map(|of| of.values().copied().collect());
    let points: Vec<Vec<f64>> = points.collect();
    let of_points: Vec<f64> = points.iter().map(|of| mean(of)).collect();
    let (grand, count) = (mean(&of_points), points.len() as f64);
    // Two-way analysis of variance without repetition, see sensitivity/luck.rs.
    let of_replicates: Vec<f64> = (0..5)
        .map(|r| mean(&points.iter().map(|of| of[r]).collect::<Vec<_>>()))
        .collect();
    let mut left = 0.0;
    for (of, at_point) in points.iter().zip(&of_points) {
        for (y, of_replicate) in of.iter().zip(&of_replicates) {
            left += (y - at_point - of_replicate + grand).powi(2);
        }
    }
    let between = of_points.iter().map(|m| (m - grand).powi(2)).sum::<f64>() / (count - 1.0);
    let luck = left / ((count - 1.0) * 4.0) / 5.0 / between;

    let answer = answer(&page(dir));
    let words = "the layouts change month of the first circle by: the scenario without a layout ";
    tells(&answer, words, grand);
    let words =
        "Monte Carlo noise from the replicates accounts for: the scenario without a layout ";
    tells(&answer, words, 100.0 * luck);
    let json = summary(dir);
    let all = json["analyses"].as_array().unwrap();
    let changes = all.iter().find(|one| one["versus"] == "none").unwrap();
    let told = changes["luck"]["common"].as_f64().unwrap();
    assert!((told - luck).abs() < 1e-9, "{told}, not {luck}");
}

/// The report is of the tables that are there, whatever summary lies beside them.
#[test]
fn a_report_is_of_the_tables_that_are_there() {
    let dir = temp();
    let dir = dir.path();
    let more = "replicates = 3\noutcomes = [\"mean_stock\"]";
    plan(dir, "0.05, 0.1, 0.2", more);
    sweep(dir, &[]);
    let bare = page(dir);
    for part in ["id=\"regression\"", "id=\"tornado\"", "id=\"curves\""] {
        assert!(bare.contains(part), "no {part} before there is a summary");
    }
    summary(dir);
    assert_eq!(page(dir), bare);
    // Points are added; the summary is still that of before.
    plan(dir, "0.05, 0.1, 0.2, 0.4", more);
    sweep(dir, &["--resume"]);
    let later = page(dir);
    let json = summary(dir);
    let first = &json["analyses"][0]["regression"]["coefficients"];
    let strongest = first.as_array().unwrap().iter();
    let strongest = strongest
        .map(|c| c["src"]["value"].as_f64().unwrap())
        .max_by(|a, b| a.abs().total_cmp(&b.abs()));
    tells(&answer(&later), "coefficient is ", strongest.unwrap());
    assert_ne!(answer(&later), answer(&bare));
    assert_eq!(page(dir), later);
    // A summary that somebody changed is not what is shown, and is told.
    let sheet = dir.join("s/summary/regression.csv");
    edit(&sheet, ",0.9", ",0.1");
    let ran = call(dir, &["report", "s", "--quiet"]).exits(0);
    ran.says(&["warning: the folder summary", "(summary/regression.csv)"]);
    assert_eq!(text(dir), later);
    summary(dir);
    let ran = call(dir, &["report", "s", "--quiet"]).exits(0);
    assert!(ran.err.is_empty(), "{}", ran.err);
}

/// Another design in the same folder: what only the first one had goes.
#[test]
fn a_summary_is_of_its_design() {
    let dir = temp();
    let dir = dir.path();
    let scenario = minimal();
    let plan = |design: &str| {
        let text = format!(
            "name = \"swept\"\nscenario = {scenario:?}\noutcomes = [\"mean_stock\"]\n[design]\n{design}\n\
             [parameters]\nline.beta = {{ distribution = \"uniform\", min = 0.05, max = 0.2 }}\n"
        );
        fs::write(dir.join("plan.toml"), text).unwrap();
    };
    let sheets = || -> Vec<String> {
        let all = files(&dir.join("s/summary")).into_keys();
        all.collect()
    };
    plan("kind = \"morris\"\ntrajectories = 4");
    sweep(dir, &[]);
    summary(dir);
    assert_eq!(sheets(), ["made_from.json", "morris.csv", "tornado.csv"]);
    plan("kind = \"sobol\"\npoints = 8");
    sweep(dir, &["--resume"]);
    summary(dir);
    let regression = ["made_from.json", "regression.csv", "tornado.csv"];
    assert_eq!(sheets(), regression);
    let made: Value =
        serde_json::from_slice(&files(&dir.join("s/summary"))["made_from.json"]).unwrap();
    let manifest = manifest(&dir.join("s"));
    for (at, table) in ["points", "outcomes"].iter().enumerate() {
        let entry = manifest.tables.iter().find(|t| t.name == *table).unwrap();
        let from = &made["made_from"][at];
        assert_eq!(from["file"], entry.file.as_str());
        assert_eq!(from["sha256"], entry.sha256.as_deref().unwrap());
    }
    // The design stands in the manifest as data.
    let sweep = manifest.sweep.unwrap();
    let design = serde_json::to_value(&sweep.design).unwrap();
    assert_eq!(design, serde_json::json!({ "kind": "sobol", "points": 8 }));
}

/// A report of some of the runs says so first, on the page and on the terminal, and ends with 3.
#[test]
fn a_report_of_some_runs_says_of_how_many() {
    let dir = temp();
    let dir = dir.path();
    plan(
        dir,
        "0.05, 0.1",
        "replicates = 10\noutcomes = [\"mean_stock\"]",
    );
    sweep(dir, &["--shard", "0/3"]);
    let ran = call(dir, &["report", "s"]).exits(2);
    let ran = ran.says(&[
        "the tables of the sweep in s have not been made",
        "sweep merge s",
    ]);
    assert!(!dir.join("s/report.html").exists(), "{}", ran.err);
    call(dir, &["sweep", "summary", "s", "--quiet"]).exits(3);
    let ran = call(dir, &["report", "s", "--quiet"]).exits(3);
    ran.says(&["warning: 40 of 120 runs are done, 0 failed, 80 are missing"]);
    call(dir, &["figures", "s", "--quiet"])
        .exits(3)
        .says(&["40 of 120 runs are done"]);
    let page = fs::read_to_string(dir.join("s/report.html")).unwrap();
    let answer = answer(&page);
    let first = answer.lines().find(|line| line.starts_with("<p>")).unwrap();
    assert!(
        first.contains("40 of 120 runs are done, 0 failed, 80 are missing"),
        "{first}"
    );
    assert!(answer.contains("120 runs under common random numbers, of which 40 are done."));
    assert!(page.contains("40 of 120 runs done, 0 failed, 80 missing"));
    call(dir, &["report", "s", "--quiet", "--lang", "zh"]).exits(3);
    let zh = fs::read_to_string(dir.join("s/report-zh.html")).unwrap();
    assert!(zh.contains("120 次运行中已完成 40 次"));
    // When all are done nothing of it is left.
    sweep(dir, &["--resume"]);
    let whole = self::page(dir);
    assert!(
        !whole.contains("runs are done") && whole.contains("120 runs under common random numbers.")
    );
    assert!(whole.contains("120 of 120 runs done, 0 failed, 0 missing"));
}

/// A table that is not there is named and the rest is shown, as of a run or a comparison; one that is damaged is
/// refused.
#[test]
fn a_table_that_was_taken_away_is_named() {
    let dir = temp();
    let dir = dir.path();
    plan(
        dir,
        "0.05, 0.1",
        "replicates = 2\noutcomes = [\"mean_stock\"]",
    );
    sweep(dir, &[]);
    let whole = page(dir);
    let path = dir.join("s/outcomes.parquet");
    let bytes = fs::read(&path).unwrap();
    fs::remove_file(dir.join("s/run_times.parquet")).unwrap();
    call(dir, &["report", "s", "--quiet"])
        .exits(0)
        .says(&["warning: not in this folder: run_times.parquet"]);
    let page = fs::read_to_string(dir.join("s/report.html")).unwrap();
    assert_eq!(answer(&page), answer(&whole));
    fs::remove_file(&path).unwrap();
    call(dir, &["report", "s"]).exits(0).says(&[
        "outcomes.parquet",
        "without indices",
        "without curves",
    ]);
    let page = fs::read_to_string(dir.join("s/report.html")).unwrap();
    assert!(page.contains("The table <code>outcomes</code> is not in this folder"));
    assert!(page.contains("<code>pointplane sweep merge DIR</code>"));
    fs::write(&path, &bytes[1..]).unwrap();
    let before = files(&dir.join("s"));
    for command in ["report", "figures"] {
        call(dir, &[command, "s"])
            .exits(2)
            .says(&["s is not intact: outcomes.parquet is damaged"]);
    }
    assert_eq!(files(&dir.join("s")), before);
}

/// Too few points are told as such, with what is there; only what is the same at all points "does not vary".
#[test]
fn what_cannot_be_estimated_is_not_called_constant() {
    let dir = temp();
    let dir = dir.path();
    let scenario = minimal();
    let plan = |design: &str, parameters: &str, more: &str| {
        let text = format!(
            "name = \"swept\"\nscenario = {scenario:?}\noutcomes = [\"mean_stock\"]\n{more}\n[design]\n{design}\n\
             [parameters]\n{parameters}\n"
        );
        fs::write(dir.join("plan.toml"), text).unwrap();
        let _ = fs::remove_dir_all(dir.join("s"));
    };
    let grid = "kind = \"grid\"";
    plan(
        grid,
        "line.beta = { levels = [0.05, 0.2] }",
        "replicates = 2",
    );
    sweep(dir, &[]);
    let told = call(dir, &["sweep", "summary", "s"]).exits(0).out;
    assert!(!told.contains("does not vary"), "{told}");
    let few = "  not estimable: a regression on 1 parameter takes 3 points, there are 2\n  use a design with more points\n";
    assert!(told.contains(few), "{told}");
    assert!(
        told.lines()
            .any(|line| line.contains("line.beta") && line.contains(" → ")),
        "{told}"
    );
    let answer = answer(&page(dir));
    assert!(
        answer.contains("not estimable: a regression on 1 parameter takes 3 points"),
        "{answer}"
    );
    let json = call(dir, &["sweep", "summary", "s", "--json"])
        .exits(0)
        .json();
    let verdict = &json["analyses"][0]["verdict"];
    assert_eq!(
        *verdict,
        serde_json::json!({ "is": "not_estimable", "reason": "points", "have": 2, "need": 3 })
    );
    // A corridor's segments do nothing to the first month's stock.
    plan(
        grid,
        "axis.min_segments = { levels = [3, 4, 5, 6] }",
        "set = { end = \"2015-01\" }",
    );
    sweep(dir, &[]);
    let told = call(dir, &["sweep", "summary", "s"]).exits(0).out;
    assert!(told.contains("does not vary over 4 points: "), "{told}");
    // One share of three of a Saltelli design: no block is whole.
    plan(
        "kind = \"saltelli\"\nbase_points = 4",
        "line.beta = { distribution = \"uniform\", min = 0.05, max = 0.2 }\n\
         line.abandonment_rate = { distribution = \"uniform\", min = 0.0, max = 0.1 }",
        "",
    );
    sweep(dir, &["--shard", "0/3"]);
    let told = call(dir, &["sweep", "summary", "s"]).exits(3).out;
    assert!(!told.contains("does not vary"), "{told}");
    for words in [
        "of 4 blocks are complete, too few for an index",
        "of 16 runs are done",
    ] {
        assert!(told.contains(words), "{told}");
    }
}

/// A sweep that is cut short is a smaller sweep: what all points share is used, and how many that are is told.
#[test]
fn of_a_sweep_that_is_cut_short_what_all_points_share_is_used() {
    let dir = temp();
    let dir = dir.path();
    plan(
        dir,
        "0.05, 0.1, 0.2",
        "replicates = 6\noutcomes = [\"mean_stock\"]",
    );
    sweep(dir, &["--shard", "0/2"]);
    let ran = call(dir, &["sweep", "summary", "s", "--json"]).exits(3);
    let json = ran.json();
    let used = json["replicates_used"].as_array().unwrap().len();
    let points = json["points_used"].as_u64().unwrap();
    assert!(used < 6 && used > 0 && points > 4, "{used} {points}");
    assert_eq!(json["analyses"][0]["verdict"]["is"], "estimated");
    let told = call(dir, &["sweep", "summary", "s"]).exits(3).out;
    let words = format!("{used} of 6 replicates of each point");
    assert!(
        told.contains(&words) && !told.contains("does not vary"),
        "{told}"
    );
    call(dir, &["report", "s", "--quiet"]).exits(3);
    assert!(
        answer(&text(dir)).contains(&words),
        "{}",
        answer(&text(dir))
    );
    sweep(dir, &["--resume"]);
    let told = call(dir, &["sweep", "summary", "s"]).exits(0).out;
    assert!(!told.contains("replicates of each point"), "{told}");
}
