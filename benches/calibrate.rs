//! Calibration: how long it takes, beside the same runs without emulators and chains, and simulation-based calibration.
//!
//! `cargo bench --bench calibrate` takes the minimal country (bound: 45 s). Only when named: `-- quick` and `-- china`, China
//! (bounds 5 and 30 minutes); `-- check`, 200 truths of the minimal country, each ranked in its own posterior (the table in
//! docs/calibrate.md).

use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Runs the program, quietly; seconds that it takes.
fn program(arguments: &[&str]) -> f64 {
    let clock = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_pointplane"))
        .args(arguments)
        .arg("--quiet")
        .status()
        .expect("the program");
    assert!(done.success(), "{arguments:?}");
    clock.elapsed().as_secs_f64()
}

/// Calibrates by a plan, then runs the waves and draws of that calibration once more, as sweeps.
fn timed(name: &str, plan: &str, more: &[&str], bound: f64) {
    let room = tempfile::tempdir().expect("a folder");
    let path = |name: &str| room.path().join(name).display().to_string();
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join(plan);
    let (plan, dir) = (plan.display().to_string(), path("calibration"));
    let whole = program(&[&["calibrate", &plan, "--out", &dir], more].concat());
    let stages = (1..).map(|n| format!("wave-{n}"));
    let there = |stage: &String| Path::new(&dir).join(format!("{stage}.toml")).exists();
    let stages: Vec<String> = stages
        .take_while(there)
        .chain(["draws".to_owned()])
        .collect();
    let runs: f64 = stages
        .iter()
        .map(|stage| {
            let plan = format!("{dir}/{stage}.toml");
            program(&["sweep", "run", &plan, "--out", &path(stage)])
        })
        .sum();
    println!(
        "calibrate: {name}, {} waves and draws {whole:.1} s (bound {bound} s), their runs alone {runs:.1} s, ratio {:.2}",
        stages.len() - 1,
        whole / runs
    );
    assert!(whole <= bound, "{name}: {whole:.1} s");
}

fn check() {
    let room = tempfile::tempdir().expect("a folder");
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal/calibrate.toml");
    let dir = room.path().join("check").display().to_string();
    let plan = plan.display().to_string();
    let whole = program(&["calibrate", &plan, "--check", "200", "--out", &dir]);
    println!("calibrate: 200 truths of the minimal country, {whole:.1} s");
    let mut table = csv::Reader::from_path(format!("{dir}/check.csv")).expect("a table");
    println!(
        "{}",
        table
            .headers()
            .expect("a head")
            .iter()
            .collect::<Vec<_>>()
            .join(" | ")
    );
    for row in table.records() {
        println!(
            "{}",
            row.expect("a row").iter().collect::<Vec<_>>().join(" | ")
        );
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let named = |name: &str| words.iter().any(|word| word == name);
    let unnamed = words.iter().all(|word| word.starts_with('-'));
    if unnamed || named("minimal") {
        timed(
            "the minimal country",
            "scenarios/minimal/calibrate.toml",
            &[],
            45.0,
        );
    }
    if named("quick") {
        timed(
            "China, quick",
            "scenarios/china/calibrate.toml",
            &["--quick"],
            300.0,
        );
    }
    if named("china") {
        timed("China", "scenarios/china/calibrate.toml", &[], 1800.0);
    }
    if named("check") {
        check();
    }
}
