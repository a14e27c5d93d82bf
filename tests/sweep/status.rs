//! How far a sweep is, and folders that are none.

use std::fs;

use serde_json::json;

use super::fixture::{PLAN, RUNS, Running, files, line, list, room, say, status, until, with};

#[test]
fn counts_while_workers_are_at_it() {
    let plan = with(PLAN, "replicates = 10", "replicates = 100000");
    let dir = room(&plan);
    let out = dir.path().join("out");
    let all = 20 * 2 * 100_000;
    let words =
        |shard| format!("sweep run plan.toml --out out --threads 2 --shard {shard}/2 --resume");
    let mut workers = [0, 1].map(|shard| Running::start(dir.path(), &words(shard)));
    until(|| out.join("sweep.json").exists());
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
    assert!(words.contains("no worker is at it"), "{words}");
}

/// Nobody says that a killed worker is dead: it counts as running until it has not given a sign of life
/// for three quarters of a minute.
#[test]
fn a_dead_worker_does_not_count_as_running_for_long() {
    let dir = room(&with(PLAN, "replicates = 10", "replicates = 1000"));
    let out = dir.path().join("out");
    let running = Running::start(dir.path(), "sweep run plan.toml --out out --threads 2");
    until(|| out.join("sweep.json").exists() && status(&out)["done"].as_u64() > Some(20));
    assert_eq!(running.kill(), None);
    let log = list(&out, "logs").remove(0);
    let text = fs::read_to_string(&log).unwrap();
    // It dies with a run in hand.
    let text = format!("{}\n", text.trim_end_matches(|c| c != '\n').trim_end());
    let done = text
        .lines()
        .filter(|line| line.contains("{\"done\""))
        .count();
    let point = text
        .lines()
        .find_map(|line| line.split("\"took\":[\"").nth(1))
        .unwrap();
    let took = json!({"took": [point[..16], "base", 999]});
    let text = text + &line(&took);
    fs::write(&log, &text).unwrap();
    let told = status(&out);
    assert!(told["running"].as_u64() >= Some(1), "{told}");
    assert_eq!(told["shards"][0]["threads"], 2);
    // The same log a minute later.
    let now = jiff::Timestamp::now().as_second();
    let alive = text
        .lines()
        .find(|line| line.contains("\"alive\""))
        .unwrap();
    let old = line(&json!({ "alive": now - 60 }));
    fs::write(&log, text.replace(&format!("{alive}\n"), &old)).unwrap();
    let told = status(&out);
    assert_eq!(
        (&told["running"], &told["seconds_left"]),
        (&json!(0), &json!(null)),
        "{told}"
    );
    assert_eq!(told["done"].as_u64(), Some(done as u64));
}

#[test]
fn folders_that_are_no_sweep() {
    let dir = room(PLAN);
    say(dir.path(), "run minimal --out run --replicates 1 --quiet").exits(0);
    fs::create_dir(dir.path().join("empty")).unwrap();
    for command in ["status", "merge"] {
        for folder in ["run", "empty", "minimal", "nowhere", "plan.toml"] {
            say(dir.path(), &format!("sweep {command} {folder}"))
                .exits(2)
                .says(&[folder, "sweep"]);
        }
    }
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
        .exits(1)
        .says(&["points.csv is damaged"]);
    say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    assert!(all.keys().eq(files(&dir.path().join("out")).keys()));
    assert!(all["points.csv"] == files(&dir.path().join("out"))["points.csv"]);
}
