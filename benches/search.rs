//! Search: how many runs it makes and how long it takes, beside as many replicates of every layout and as many single runs.
//!
//! `cargo bench --bench search` takes the minimal country. Only when named: `-- china`, the ten candidates of China without
//! budget and draws, 1,024 layouts. Bounds: at most 60 % of the runs of 20 replicates of each, in at most 1.1 times the time of
//! as many single runs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Replicates of every layout that a search is held against.
const EACH: u32 = 20;
/// Layouts that are run singly, and replicates of each.
const SINGLE: usize = 8;
const REPLICATES: u32 = 8;

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

/// Searches by the shipped plan without some of its tables, then runs some of its layouts singly.
fn timed(name: &str, folder: &str, without: &[&str], layouts: usize) {
    let room = tempfile::tempdir().expect("a folder");
    let path = |name: &str| room.path().join(name).display().to_string();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let text = fs::read_to_string(folder.join("search.toml")).expect("shipped");
    let mut plan: toml::Table = text.parse().expect("TOML");
    for key in without {
        plan.remove(*key);
    }
    let scenario = folder.display().to_string();
    plan.insert("scenario".into(), scenario.clone().into());
    // The scenario itself, where no layout is named.
    let baseline = plan.get("baseline").and_then(toml::Value::as_str);
    let under: Vec<String> = baseline
        .iter()
        .flat_map(|name| ["--layout".to_owned(), (*name).to_owned()])
        .collect();
    fs::write(path("plan.toml"), plan.to_string()).expect("written");
    let whole = program(&["search", &path("plan.toml"), "--out", &path("search")]);
    let mut table = csv::Reader::from_path(path("search/layouts.csv")).expect("a table");
    let at = table
        .headers()
        .expect("a head")
        .iter()
        .position(|name| name == "replicates");
    let counts = table.records().map(|row| {
        let row = row.expect("a row");
        row[at.expect("a column")].parse::<u32>().expect("a number")
    });
    let counts: Vec<u32> = counts.collect();
    assert_eq!(counts.len(), layouts);
    let runs: u32 = counts.iter().sum();
    let mut files: Vec<String> = fs::read_dir(path("search/layouts"))
        .expect("layouts")
        .map(|entry| entry.expect("a file").path().display().to_string())
        .collect();
    files.sort();
    let step = (files.len() / SINGLE).max(1);
    let some: Vec<&String> = files.iter().step_by(step).take(SINGLE).collect();
    let replicates = REPLICATES.to_string();
    let singly: f64 = some
        .iter()
        .map(|file| {
            let out = path("single");
            let under = under.iter().map(String::as_str);
            let rest = [
                "--layout",
                file,
                "--replicates",
                &replicates,
                "--out",
                &out,
                "--force",
            ];
            let words = ["run", scenario.as_str()]
                .into_iter()
                .chain(under)
                .chain(rest);
            program(&words.collect::<Vec<&str>>())
        })
        .sum();
    let one = singly / (some.len() as f64 * f64::from(REPLICATES));
    let all = layouts as u32 * EACH;
    println!(
        "search: {name}, {layouts} layouts in {runs} runs of {all}, share {:.2} (bound 0.60); {whole:.1} s, a single run {one:.4} s, \
         ratio {:.2} (bound 1.1)",
        f64::from(runs) / f64::from(all),
        whole / (f64::from(runs) * one)
    );
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if !words.iter().any(|word| word == "--bench") {
        return;
    }
    let named = |name: &str| words.iter().any(|word| word == name);
    let unnamed = words.iter().all(|word| word.starts_with('-'));
    if unnamed || named("minimal") {
        timed("the minimal country", "scenarios/minimal", &[], 14);
    }
    if named("china") {
        timed("China", "scenarios/china", &["budget", "draws"], 1024);
    }
}
