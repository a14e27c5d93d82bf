//! Told to stop: by a scheduler, by a key, by the time limit.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::fixture::{
    PLAN, RUNS, Running, dones, made, room, same, say, status, until, whole_trial, with,
};

/// Runs of many seconds: a random graph of many places, over two hundred years.
fn long(places: u32) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let words = format!("synthetic graph --places {places} --degree 2");
    say(dir.path(), &words).exits(0);
    let scenario = "extends = \"scenario.toml\"\nname = \"long\"\nend = \"2199-12\"\n";
    fs::write(dir.path().join("graph/long.toml"), scenario).unwrap();
    let plan = "name = \"long\"\nscenario = \"graph/long.toml\"\noutcomes = [\"mean_stock\"]\n\
                [design]\nkind = \"random\"\npoints = 4\n[parameters.line.beta]\n\
                distribution = \"uniform\"\nmin = 0.1\nmax = 0.3\n";
    fs::write(dir.path().join("plan.toml"), plan).unwrap();
    dir
}

fn taken(out: &Path) -> bool {
    let logs = fs::read_dir(out.join("logs")).into_iter().flatten();
    logs.flatten().any(|log| {
        let bytes = fs::read(log.path()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains("\"took\"")
    })
}

/// A run in hand that takes longer is given up.
#[test]
fn a_scheduler_need_not_wait_for_a_long_run() {
    let dir = long(150_000);
    for signal in ["TERM", "USR1"] {
        let out = format!("out{signal}");
        let words = format!("sweep run plan.toml --out {out} --threads 1");
        let mut running = Running::start(dir.path(), &words);
        let out = dir.path().join(out);
        until(|| taken(&out));
        let began = Instant::now();
        running.signal(signal);
        running.end().exits(3).says(&[
            "stop requested: finished work is kept",
            "continue with: pointplane sweep run plan.toml --out",
            "--resume",
        ]);
        assert!(
            began.elapsed() < Duration::from_secs(8),
            "{:?}",
            began.elapsed()
        );
        let told = status(&out);
        assert_eq!(
            (told["left"].as_u64(), told["done"].as_u64()),
            (Some(4), Some(0))
        );
        // It ended in good order: nobody counts as running.
        assert_eq!(told["running"].as_u64(), Some(0));
        assert!(!made(&out));
    }
}

/// Nor need a time limit that comes before any run has been finished.
#[test]
fn a_time_limit_need_not_wait_for_a_long_run() {
    let dir = long(60_000);
    let began = Instant::now();
    say(
        dir.path(),
        "sweep run plan.toml --out limit --threads 2 --time-limit 4s",
    )
    .exits(3)
    .says(&["stopped before the time limit"]);
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    assert!(status(&dir.path().join("limit"))["done"].as_u64() < Some(4));
}

#[test]
fn signals_keep_what_is_finished_and_resume_gives_the_same_bytes() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = dir.path().join("out");
    let mut last = 0;
    for (signal, code) in [("TERM", 3), ("INT", 130), ("USR1", 3)] {
        let words = "sweep run plan.toml --out out --threads 1 --resume";
        let mut running = Running::start(dir.path(), words);
        until(|| {
            let logs = fs::read_dir(out.join("logs"))
                .into_iter()
                .flatten()
                .flatten();
            let all: usize = logs.map(|log| dones(&log.path())).sum();
            all >= last as usize + 30
        });
        running.signal(signal);
        running
            .end()
            .exits(code)
            .says(&["continue with: pointplane sweep run"]);
        let done = status(&out)["done"].as_u64().unwrap();
        assert!(done >= last + 30 && done < RUNS, "{done}");
        last = done;
    }
    say(dir.path(), "sweep run plan.toml --out out --resume --quiet").exits(0);
    same(&whole, &out);
}

#[test]
fn the_time_limit_is_kept_and_resume_gives_the_same_bytes() {
    let whole = whole_trial();
    // More than can be done in the time.
    let dir = room(&with(PLAN, "replicates = 10", "replicates = 100000"));
    let began = Instant::now();
    say(
        dir.path(),
        "sweep run plan.toml --out out --threads 2 --time-limit 4s --quiet",
    )
    .exits(3)
    .says(&["stopped before the time limit; continue with"]);
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
    let out = dir.path().join("out");
    assert!(status(&out)["done"].as_u64().unwrap() > 0);
    // With as many replicates as can be done it is the same sweep.
    fs::write(dir.path().join("plan.toml"), PLAN).unwrap();
    say(
        dir.path(),
        "sweep run plan.toml --out out --resume --quiet --time-limit 10m",
    )
    .exits(0);
    same(&whole, &out);
}
