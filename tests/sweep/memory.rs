//! Memory does not grow with the number of runs.

use std::path::Path;
use std::time::Duration;

use super::fixture::{self, Running, room};

const PLAN: &str = r#"
name = "trial"
scenario = "minimal"
replicates = 10
[design]
kind = "random"
points = 20
[parameters.line.beta]
distribution = "uniform"
min = 0.01
max = 0.2
"#;

/// The largest resident size of a sweep from its start to its end, tables and all, in bytes.
fn peak(plan: &str) -> u64 {
    let dir = room(plan);
    peak_of(
        dir.path(),
        "sweep run plan.toml --out out --threads 2 --quiet",
    )
}

/// The same of any command. It is looked at every few milliseconds, the last time just before the end.
fn peak_of(dir: &Path, words: &str) -> u64 {
    let mut running = Running::start(dir, words);
    let mut peak = 0;
    while running.0.try_wait().unwrap().is_none() {
        peak = peak.max(fixture::peak(running.0.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    running.end().exits(0);
    assert!(peak > 1 << 20, "{peak}");
    peak
}

/// Twenty times as many runs, by replicates and by points: 4000 instead of 200, each with 8 values of
/// some 100 bytes in the log. Asserted: less than 12 MB more, which is what the row buffers of the merged
/// tables (65,536 rows) and the worker's records (up to 16 MB of log) come to here, and less than two
/// thirds as much again. What a list of all runs with their values and texts would add grows without
/// end; the growth here is bounded by those buffers.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_number_of_runs() {
    let few = peak(PLAN);
    for (from, to) in [
        ("replicates = 10", "replicates = 200"),
        ("points = 20", "points = 400"),
    ] {
        let many = peak(&PLAN.replace(from, to));
        println!("200 runs {few} bytes, 4000 runs ({to}) {many} bytes");
        assert!(many < few + (12 << 20), "{few} bytes, then {many}");
    }
}

/// Twice as many draws of the parameters, with the tables and the summary of a comparison over them, when the buffers of the
/// tables are full. A draw leaves what names it and its runs (its values, its point, where each run is), and its effects on the
/// country at the end: 5 KB of resident memory here, 4 KB later. All else is read some outcomes at a time.
/// Asserted: less than 10 KB a draw, 20 MB for 2,048 more draws. The outcomes of all runs at once came to 36 MB.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_outcomes_of_draws() {
    let dir = room(PLAN);
    let of = |draws: u32| {
        let words = format!(
            "compare minimal --baseline base none --priors plan.toml --draws {draws} --out {draws} --threads 2 --quiet"
        );
        peak_of(dir.path(), &words)
    };
    let (few, many) = (of(2048), of(4096));
    println!("2048 draws {few} bytes, 4096 draws {many} bytes");
    assert!(many < few + (20 << 20), "{few} bytes, then {many}");
}
