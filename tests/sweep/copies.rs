//! Logs of workers that were copied, renamed, torn or changed, and logs of another sweep.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use pointplane::store::Folder;
use serde_json::json;

use super::fixture::{
    PLAN, RUNS, Running, begin, copy, done, dones, files, frame, list, manifest, merged, room,
    rows, same, say, status, until, whole, whole_trial, with,
};

/// A finished sweep of some workers.
fn of_workers(dir: &Path) -> PathBuf {
    for shard in 0..4 {
        let words = format!("sweep run plan.toml --out out --shard {shard}/4 --resume --quiet");
        say(dir, &words).exits(0);
    }
    dir.join("out")
}

/// The log of a worker that was killed.
fn killed_log(dir: &Path, out: &str) -> PathBuf {
    let words = format!("sweep run plan.toml --out {out} --threads 1 --resume");
    let running = Running::start(dir, &words);
    let logs = dir.join(out).join("logs");
    let log = || {
        let entry = fs::read_dir(&logs).ok()?.next()?.ok()?;
        Some(entry.path())
    };
    until(|| log().is_some_and(|path| dones(&path) >= 20));
    assert_eq!(running.kill(), None);
    log().unwrap()
}

#[test]
fn logs_copied_in_any_order_under_other_names() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = of_workers(dir.path());
    let log = killed_log(dir.path(), "killed");
    let other = dir.path().join("other");
    copy(&out, &other);
    fs::remove_dir_all(other.join("logs")).unwrap();
    fs::create_dir(other.join("logs")).unwrap();
    let mut logs = list(&out, "logs");
    assert_eq!(logs.len(), 4);
    logs.reverse();
    for (number, log) in logs.iter().enumerate() {
        let name = log.file_name().unwrap().to_str().unwrap();
        let stem = name.strip_suffix(".log").unwrap();
        // As file managers, `cp` and backups name copies.
        for to in [
            format!("{number}-{name}"),
            format!("Copy of {name}"),
            format!("{stem} (copy).log"),
            format!("{stem} 副本.log"),
        ] {
            fs::copy(log, other.join("logs").join(to)).unwrap();
        }
    }
    // The names of the shards are gone, but no run is.
    assert_eq!(status(&other)["done"], RUNS);
    for name in ["a.log", "killed (2).log"] {
        fs::copy(&log, other.join("logs").join(name)).unwrap();
    }
    let ran = say(dir.path(), "sweep merge other").exits(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    same(&whole, &other);
    let ran = say(
        dir.path(),
        "sweep run plan.toml --out other --resume --quiet",
    )
    .exits(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    same(&whole, &other);
}

/// Cut at every byte of its last finished run, the log gives all runs but the one that is torn.
#[test]
fn a_log_torn_anywhere_in_its_last_run() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let log = killed_log(dir.path(), "out");
    let out = dir.path().join("out");
    let bytes = fs::read(&log).unwrap();
    let find = |words: &[u8]| bytes.windows(words.len()).rposition(|w| w == words);
    let start = b"@pointplane ";
    let head = find(b"\n{\"done\"").unwrap();
    let last = bytes[..head].windows(start.len()).rposition(|w| w == start);
    let last = last.unwrap();
    let after = bytes[head..].windows(start.len()).position(|w| w == start);
    let end = after.map_or(bytes.len(), |after| head + after);
    let before = dones(&log) as u64 - 1;
    for cut in (last..end).step_by(7).chain([end - 1, end]) {
        fs::write(&log, &bytes[..cut]).unwrap();
        let expected = before + u64::from(cut == end);
        assert_eq!(status(&out)["done"], expected, "cut at {}", cut - last);
        // Merging a torn log, and going on after it, at some of the cuts.
        if (cut - last) % 70 == 35 {
            let copied = dir.path().join(format!("cut{cut}"));
            copy(&out, &copied);
            let name = copied.file_name().unwrap().to_str().unwrap();
            say(dir.path(), &format!("sweep merge {name}"))
                .exits(3)
                .says(&[&format!("{expected} of 400 runs are done")]);
            let words = format!("sweep run plan.toml --out {name} --resume --quiet");
            say(dir.path(), &words).exits(0);
            same(&whole, &copied);
            // Nothing was added to a file of another worker.
            let torn = copied.join("logs").join(log.file_name().unwrap());
            assert!(fs::read(torn).unwrap() == bytes[..cut]);
        }
    }
}

type Harm = fn(&mut Vec<u8>);

/// Changes the first log; gives its path.
fn harm_first(out: &Path, harm: Harm) -> PathBuf {
    let log = list(out, "logs").remove(0);
    let mut bytes = fs::read(&log).unwrap();
    harm(&mut bytes);
    fs::write(&log, bytes).unwrap();
    log
}

#[test]
fn a_log_cut_short_or_with_one_byte_changed_is_run_again() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = of_workers(dir.path());
    // What is lost at least and at most, and whether it is known that something was there.
    let harms: [(&str, Harm, std::ops::RangeInclusive<u64>, bool); 4] = [
        (
            "half",
            |bytes| bytes.truncate(bytes.len() / 2),
            1..=99,
            false,
        ),
        (
            "last",
            |bytes| bytes.truncate(bytes.len() - 1),
            0..=1,
            false,
        ),
        (
            "flipped",
            |bytes| {
                let at = bytes.len() / 3;
                bytes[at] ^= 0x10;
            },
            0..=1,
            true,
        ),
        ("empty", Vec::clear, 100..=100, false),
    ];
    for (name, harm, lost, told) in harms {
        let harmed = dir.path().join(name);
        copy(&out, &harmed);
        let log = harm_first(&harmed, harm);
        let left = status(&harmed)["left"].as_u64().unwrap();
        assert!(lost.contains(&left), "{name}: {left}");
        let code = if left > 0 { 3 } else { 0 };
        let ran = say(dir.path(), &format!("sweep merge {name}")).exits(code);
        if left > 0 {
            let words = format!("{left} are missing");
            assert!(ran.err.contains(&words), "{}", ran.err);
        }
        let file = log.file_name().unwrap().to_str().unwrap();
        let said = ran.err.contains(file) && ran.err.contains(" is damaged: ");
        assert_eq!(said, told, "{name}: {}", ran.err);
        let words = format!("sweep run plan.toml --out {name} --resume --quiet");
        say(dir.path(), &words).exits(0);
        same(&whole, &harmed);
        // It is run again too when nobody has merged since.
        let unmerged = dir.path().join(format!("un{name}"));
        copy(&out, &unmerged);
        harm_first(&unmerged, harm);
        let words = format!("sweep run plan.toml --out un{name} --resume");
        say(dir.path(), &words)
            .exits(0)
            .says(&[&format!("{left} of 400 runs to do")]);
        same(&whole, &unmerged);
    }
}

/// No byte of a log can make `status` and `--resume` fail or count what is not there, whatever it is
/// changed to.
#[test]
fn no_changed_byte_of_a_log_is_more_than_damage() {
    let dir = room(PLAN);
    say(
        dir.path(),
        "sweep run plan.toml --out out --shard 0/40 --quiet",
    )
    .exits(0);
    let out = dir.path().join("out");
    let all = status(&out)["done"].as_u64().unwrap();
    let log = list(&out, "logs").remove(0);
    let bytes = fs::read(&log).unwrap();
    for at in (0..bytes.len()).step_by(3) {
        for flip in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            fs::write(&log, &changed).unwrap();
            let told = catch_unwind(|| Folder::open(&out).and_then(|folder| folder.status()));
            let told = told.unwrap_or_else(|_| panic!("byte {at} ^ {flip:#x} of {}", bytes.len()));
            let told = told.unwrap();
            // One frame is lost, or the first, which says of what the others are.
            assert!(told.done + 1 >= all || told.done == 0, "{at}: {told:?}");
            assert!(told.done < all || told.damaged.len() <= 1, "{at}: {told:?}");
        }
    }
}

/// Another sweep with the same points: only the luck differs.
fn foreigner(dir: &Path) -> PathBuf {
    let plan = with(PLAN, "replicates = 10", "replicates = 10\nseed = 99");
    fs::write(dir.join("foreign.toml"), plan).unwrap();
    say(dir, "sweep run foreign.toml --out foreign --quiet").exits(0);
    list(&dir.join("foreign"), "logs").remove(0)
}

/// Id of the first point of a sweep.
fn first_point(out: &Path) -> String {
    let text = fs::read_to_string(out.join("points.csv")).unwrap();
    text.lines()
        .nth(1)
        .unwrap()
        .split(',')
        .nth(1)
        .unwrap()
        .to_owned()
}

#[test]
fn files_of_another_sweep_are_told_and_left_alone() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let log = foreigner(dir.path());
    let name = log.file_name().unwrap().to_str().unwrap();
    // They are there before the first run is: nothing of them counts as done.
    say(dir.path(), "sweep plan plan.toml --out out").exits(0);
    let out = dir.path().join("out");
    fs::create_dir_all(out.join("logs")).unwrap();
    fs::copy(&log, out.join("logs").join(name)).unwrap();
    let begin = frame(&begin(&json!("f00d")), &[]);
    let done = done(&json!([first_point(&out), "base", 0]), &[1.0]);
    fs::write(out.join("logs/s0of1-a-b-0000.log"), [begin, done].concat()).unwrap();
    let told = status(&out);
    assert_eq!((&told["done"], &told["left"]), (&json!(0), &json!(RUNS)));
    assert_eq!(told["foreign"].as_array().unwrap().len(), 2, "{told}");
    let ran = say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    let words = [
        name,
        "belongs to other results: left as it is",
        "s0of1-a-b-0000.log",
    ];
    ran.says(&words);
    same(&whole, &out);
    assert_eq!(
        fs::read(&log).unwrap(),
        fs::read(out.join("logs").join(name)).unwrap()
    );
    say(dir.path(), "sweep merge out").exits(0).says(&words);
    let words = say(dir.path(), "sweep status out").exits(0).out;
    assert!(words.contains("belongs to other results"), "{words}");
}

/// Two copies of a run that differ: one of them is wrong, and the program does not guess which.
#[test]
fn copies_that_differ_are_refused() {
    let dir = room(&with(PLAN, "points = 20", "points = 3"));
    let out = whole(dir.path());
    let before = merged(&out);
    let all = files(&out);
    let told = manifest(&out);
    let point = first_point(&out);
    let length = |value: &serde_json::Value| value.as_array().unwrap().len();
    let sweep = &told["sweep"];
    let values = length(&sweep["slots"]) + 2 * length(&sweep["monthly"]["months"]);
    let numbers: Vec<f64> = (0..values).map(|at| at as f64 + 0.5).collect();
    let begin = frame(&begin(&told["fingerprint"]), &[]);
    let done = done(&json!([point, "none", 3]), &numbers);
    let log = out.join("logs/s0of1-a-b-0000.log");
    fs::write(&log, [begin, done].concat()).unwrap();
    for _ in 0..2 {
        say(dir.path(), "sweep merge whole").exits(1).says(&[
            &point,
            "none",
            "s0of1-a-b-0000.log",
            "remove one of the files",
        ]);
        // The tables are as they were, and so is everything else.
        assert!(merged(&out) == before);
        assert_eq!(files(&out).len(), all.len() + 1);
    }
    fs::remove_file(&log).unwrap();
    say(dir.path(), "sweep merge whole").exits(0);
    assert!(merged(&out) == before);
    assert_eq!(rows(&out), 60);
}
