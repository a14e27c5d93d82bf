//! Killed at any moment.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::fixture::{Draws, PLAN, RUNS, Running, merged, room, same, say, status, whole_trial};

/// Whatever is in the folder of a killed sweep, it says nothing that is not so.
fn nothing_false(out: &Path, whole: &Path) {
    // Before its texts are there a folder says nothing.
    if !["manifest.json", "points.csv", "columns.csv"]
        .iter()
        .all(|name| out.join(name).exists())
    {
        return;
    }
    let status = status(out);
    let number = |key: &str| status[key].as_u64().unwrap();
    assert_eq!(number("done") + number("missing"), RUNS, "{status}");
    assert_eq!(status["damaged"].as_array().unwrap().len(), 0, "{status}");
    if pointplane::store::whole(out).is_ok() {
        assert!(merged(out) == merged(whole), "complete, but not the same");
    }
}

/// At least 20 processes are killed while they work, on 1, 2 and 8 threads, some of them while they
/// merge; between two kills nothing is repaired by hand.
#[test]
fn killed_at_any_moment_and_resumed_gives_the_same_bytes() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let began = Instant::now();
    say(dir.path(), "sweep run plan.toml --out timed --threads 2").exits(0);
    let length = began.elapsed();
    let mut draws = Draws::new(20_130_929);
    let (mut caught, mut turn, mut sessions) = (0, 0, 0);
    while caught < 24 {
        assert!(sessions < 100, "only {caught} processes were still going");
        let name = format!("killed{turn}");
        let out = dir.path().join(&name);
        turn += 1;
        // Killed until it gets through, at most eight times, then left alone.
        for _ in 0..8 {
            sessions += 1;
            let threads = [1, 2, 8][sessions % 3];
            let words = format!("sweep run plan.toml --out {name} --threads {threads} --resume");
            let running = Running::start(dir.path(), &words);
            std::thread::sleep(length.mul_f64(draws.next() * 0.7));
            let killed = running.kill().is_none();
            caught += u32::from(killed);
            nothing_false(&out, &whole);
            if !killed {
                break;
            }
        }
        let words = format!("sweep run plan.toml --out {name} --threads 2 --resume --quiet");
        say(dir.path(), &words).exits(0);
        same(&whole, &out);
    }
}

#[test]
fn killed_while_it_merges() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = dir.path().join("out");
    say(dir.path(), "sweep run plan.toml --out out --shard 0/2").exits(0);
    say(
        dir.path(),
        "sweep run plan.toml --out out --shard 1/2 --resume",
    )
    .exits(0);
    let began = Instant::now();
    say(dir.path(), "sweep merge out").exits(0);
    let length = began.elapsed();
    let mut draws = Draws::new(7);
    let mut caught = 0;
    for _ in 0..60 {
        fs::remove_file(out.join("outcomes.parquet")).ok();
        let running = Running::start(dir.path(), "sweep merge out");
        std::thread::sleep(length.mul_f64(draws.next()).max(Duration::from_micros(500)));
        caught += u32::from(running.kill().is_none());
        nothing_false(&out, &whole);
        if caught == 20 {
            break;
        }
    }
    assert!(caught >= 10, "only {caught} merges were still going");
    say(dir.path(), "sweep merge out").exits(0);
    same(&whole, &out);
}
