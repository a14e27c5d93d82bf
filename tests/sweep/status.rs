//! How far a sweep is, and folders that are none.

use std::fs;

use serde_json::json;

use super::fixture::{
    PLAN, RUNS, Running, begin, files, frame, list, read_json, room, say, status, until, with,
};

#[test]
fn counts_while_workers_are_at_it() {
    let plan = with(PLAN, "replicates = 10", "replicates = 100000");
    let dir = room(&plan);
    let out = dir.path().join("out");
    let all = 20 * 2 * 100_000;
    let words =
        |shard| format!("sweep run plan.toml --out out --threads 2 --shard {shard}/2 --resume");
    let mut workers = [0, 1].map(|shard| Running::start(dir.path(), &words(shard)));
    until(|| out.join("logs").exists());
    let mut told = status(&out);
    until(|| {
        told = status(&out);
        told["running"].as_u64() > Some(2) && told["done"].as_u64() > Some(50)
    });
    let number = |key: &str| told[key].as_u64().unwrap();
    assert_eq!(number("runs"), all);
    assert_eq!(number("done") + number("left") + number("failed"), all);
    // Four threads; each may have finished a run that is not written yet.
    assert!((1..=12).contains(&number("running")), "{told}");
    assert!(told["seconds_left"].as_f64().unwrap() > 1.0);
    let shards = told["shards"].as_array().unwrap();
    let names: Vec<_> = shards
        .iter()
        .map(|s| s["shard"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["0/2", "1/2"]);
    assert!(shards.iter().all(|s| s["threads"] == 2), "{told}");
    let later = status(&out)["done"].as_u64().unwrap();
    assert!(later >= number("done"));
    let words = say(dir.path(), "sweep status out").exits(0).out;
    for part in [
        "trial: 4000000 runs",
        "done",
        "running",
        "left",
        "about ",
        "0/2",
        "1/2",
    ] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    for worker in &mut workers {
        worker.signal("TERM");
        worker.end().exits(3);
    }
    let words = say(dir.path(), "sweep status out").exits(0).out;
    assert!(words.contains("no worker is running"), "{words}");
}

/// Nobody says that a killed worker is dead: it counts as running until it has not given a sign of life
/// for three quarters of a minute.
#[test]
fn a_dead_worker_does_not_count_as_running_for_long() {
    let dir = room(&with(PLAN, "replicates = 10", "replicates = 1000"));
    let out = dir.path().join("out");
    let running = Running::start(dir.path(), "sweep run plan.toml --out out --threads 2");
    until(|| out.join("logs").exists() && status(&out)["done"].as_u64() > Some(20));
    assert_eq!(running.kill(), None);
    let log = list(&out, "logs").remove(0);
    let bytes = fs::read(&log).unwrap();
    // It dies with a run in hand: what is torn at the end goes, and another run is taken.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let point = text
        .lines()
        .find_map(|line| line.split("\"took\":[\"").nth(1))
        .unwrap()[..16]
        .to_owned();
    let whole = frames(&bytes);
    let took = frame(&json!({"took": [point, "base", 999]}), &[]);
    fs::write(&log, [&bytes[..whole], &took].concat()).unwrap();
    let done = status(&out)["done"].as_u64().unwrap();
    // Its process is gone, which is known here at once.
    assert_eq!(status(&out)["running"], 0);
    // The same log as of a process elsewhere, which cannot be looked at, and a minute later.
    let now = jiff::Timestamp::now().as_second();
    let mut old = begin(&read_json(&out.join("manifest.json"))["fingerprint"]);
    old["begin"]["threads"] = json!(2);
    let first = frame(&old, &[]);
    let alive = |ago| frame(&json!({ "alive": now - ago }), &[]);
    let rest = &bytes[after(&bytes, b"\"took\"")..whole];
    fs::write(&log, [&first[..], &alive(1), rest, &took].concat()).unwrap();
    assert!(status(&out)["running"].as_u64() >= Some(1));
    // Nobody replaces what it works on.
    say(dir.path(), "sweep run plan.toml --out out --force --quiet")
        .exits(2)
        .says(&["out is in use by process 1 on h"]);
    fs::write(&log, [&first[..], &alive(60), rest, &took].concat()).unwrap();
    let told = status(&out);
    assert_eq!(
        (&told["running"], &told["seconds_left"]),
        (&json!(0), &json!(null)),
        "{told}"
    );
    assert_eq!(told["done"].as_u64(), Some(done));
}

/// Where the last whole frame ends.
fn frames(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(head) = bytes.get(at..at + 67) {
        let number = |range: std::ops::Range<usize>| -> usize {
            std::str::from_utf8(&head[range]).unwrap().parse().unwrap()
        };
        let next = at + 69 + number(12..20) + number(21..33);
        if next > bytes.len() {
            break;
        }
        at = next;
    }
    at
}

/// Where the frame begins whose head has these words first.
fn after(bytes: &[u8], words: &[u8]) -> usize {
    let at = bytes.windows(words.len()).position(|w| w == words).unwrap();
    let start = b"@pointplane ";
    bytes[..at]
        .windows(start.len())
        .rposition(|w| w == start)
        .unwrap()
}

#[test]
fn folders_that_are_no_sweep() {
    let dir = room(PLAN);
    say(dir.path(), "run minimal --out run --replicates 1 --quiet").exits(0);
    fs::create_dir(dir.path().join("empty")).unwrap();
    for command in ["status", "merge"] {
        for folder in ["empty", "minimal", "nowhere", "plan.toml"] {
            say(dir.path(), &format!("sweep {command} {folder}"))
                .exits(2)
                .says(&[folder, "holds no pointplane run"]);
        }
    }
    say(dir.path(), "sweep summary run")
        .exits(2)
        .says(&["run", "sweep"]);
    // Into none of those that hold something does a sweep go.
    for folder in ["run", "minimal", "plan.toml"] {
        let before = fs::metadata(dir.path().join(folder)).unwrap().is_dir();
        let all = before.then(|| files(&dir.path().join(folder)));
        for resume in ["", " --resume"] {
            let words = format!("sweep run plan.toml --out {folder}{resume}");
            let ran = say(dir.path(), &words);
            // A file in the folder's place is an error of the system.
            assert_eq!(ran.code, Some(if before { 2 } else { 1 }), "{}", ran.err);
            assert!(ran.err.contains(folder), "{}", ran.err);
        }
        assert!(all == before.then(|| files(&dir.path().join(folder))));
    }
    // Nor over a sweep that is there, unless told to.
    say(dir.path(), "sweep run plan.toml --out out --quiet").exits(0);
    let all = files(&dir.path().join("out"));
    say(dir.path(), "sweep run plan.toml --out out")
        .exits(2)
        .says(&["out", "--resume"]);
    assert!(all == files(&dir.path().join("out")));
    assert_eq!(status(&dir.path().join("out"))["done"], RUNS);
    // A damaged folder is mended by going on, as far as it can be.
    fs::write(dir.path().join("out/points.csv"), "design_row\n").unwrap();
    say(dir.path(), "sweep status out")
        .exits(2)
        .says(&["points.csv is damaged", "--resume repairs it"]);
    say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    assert!(all.keys().eq(files(&dir.path().join("out")).keys()));
    assert!(all["points.csv"] == files(&dir.path().join("out"))["points.csv"]);
}
