//! Files of workers that were copied, renamed, torn or changed, and files of another sweep.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::fixture::{
    PLAN, RUNS, Running, copy, files, line, list, merged, read_json, room, rows, same, say, status,
    until, whole, whole_trial, with,
};

/// A finished sweep of some workers, in parts.
fn in_parts(dir: &Path) -> PathBuf {
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
        fs::read_dir(&logs)
            .ok()?
            .next()?
            .ok()
            .map(|entry| entry.path())
    };
    let done = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.matches("{\"done\"").count()
    };
    until(|| log().is_some_and(|path| done(&path) >= 20));
    assert_eq!(running.kill(), None);
    log().unwrap()
}

#[test]
fn parts_copied_in_any_order_under_other_names() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = in_parts(dir.path());
    let log = killed_log(dir.path(), "killed");
    let other = dir.path().join("other");
    copy(&out, &other);
    fs::remove_dir_all(other.join("parts")).unwrap();
    fs::create_dir(other.join("parts")).unwrap();
    fs::create_dir_all(other.join("logs")).unwrap();
    let mut parts = list(&out, "parts");
    assert_eq!(parts.len(), 4);
    parts.reverse();
    for (number, part) in parts.iter().enumerate() {
        let name = part.file_name().unwrap().to_str().unwrap();
        let stem = name.strip_suffix(".parquet").unwrap();
        // As file managers, `cp` and backups name copies.
        for to in [
            format!("{number}-{name}"),
            format!("Copy of {name}"),
            format!("{stem} (copy).parquet"),
            format!("{stem} 副本.parquet"),
        ] {
            fs::copy(part, other.join("parts").join(to)).unwrap();
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
    let ran = say(dir.path(), "sweep run plan.toml --out other --resume").exits(0);
    assert!(ran.err.contains("0 of 400 runs to do"), "{}", ran.err);
}

/// A part whose name no longer says its checksum cannot be held against anything: it is told, set aside
/// and run again, never left out in silence.
#[test]
fn a_part_under_a_wholly_other_name_is_told() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = in_parts(dir.path());
    let part = list(&out, "parts").remove(0);
    fs::rename(part, out.join("parts/mine.parquet")).unwrap();
    say(dir.path(), "sweep merge out").exits(3).says(&[
        "mine.parquet is damaged",
        "changed or renamed",
        "set aside",
    ]);
    say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    same(&whole, &out);
}

/// Cut at every byte of its last line, the log gives all runs but the one that is torn.
#[test]
fn a_log_torn_anywhere_in_its_last_line() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let log = killed_log(dir.path(), "out");
    let out = dir.path().join("out");
    let text = fs::read_to_string(&log).unwrap();
    let last = text.rfind("{\"done\"").unwrap();
    let end = last + text[last..].find('\n').unwrap() + 1;
    let before = text[..last].matches("{\"done\"").count() as u64;
    for cut in last..=end {
        fs::write(&log, &text[..cut]).unwrap();
        let expected = before + u64::from(cut == end);
        assert_eq!(status(&out)["done"], expected, "cut at {}", cut - last);
        // Merging a torn log, and going on after it, at some of the cuts.
        if (cut - last) % 60 == 30 {
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
            assert_eq!(fs::read_to_string(torn).unwrap(), text[..cut]);
        }
    }
}

type Harm = fn(&mut Vec<u8>);

/// Changes the first part; gives its path.
fn harm_first(out: &Path, harm: Harm) -> PathBuf {
    let part = list(out, "parts").remove(0);
    let mut bytes = fs::read(&part).unwrap();
    harm(&mut bytes);
    fs::write(&part, bytes).unwrap();
    part
}

#[test]
fn a_part_cut_short_or_with_one_byte_changed_is_run_again() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let out = in_parts(dir.path());
    let harms: [(&str, Harm); 4] = [
        ("half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("short", |bytes| bytes.truncate(bytes.len() - 1)),
        ("flipped", |bytes| {
            let at = bytes.len() / 3;
            bytes[at] ^= 0x10;
        }),
        ("empty", Vec::clear),
    ];
    for (name, harm) in harms {
        let harmed = dir.path().join(name);
        copy(&out, &harmed);
        let part = harm_first(&harmed, harm);
        let ran = say(dir.path(), &format!("sweep merge {name}"))
            .exits(3)
            .says(&["warning:", " is damaged: ", "set aside", "100 are missing"]);
        let file = part.file_name().unwrap().to_str().unwrap();
        assert!(ran.err.contains(file), "{}", ran.err);
        assert!(!part.exists() && part.with_extension("damaged").exists());
        assert_eq!(status(&harmed)["left"], 100);
        say(
            dir.path(),
            &format!("sweep run plan.toml --out {name} --resume --quiet"),
        )
        .exits(0);
        same(&whole, &harmed);
        // It is run again too when nobody has merged since.
        let unmerged = dir.path().join(format!("un{name}"));
        copy(&out, &unmerged);
        harm_first(&unmerged, harm);
        let words = format!("sweep run plan.toml --out un{name} --resume");
        say(dir.path(), &words)
            .exits(0)
            .says(&["100 of 400 runs to do", "set aside"]);
        same(&whole, &unmerged);
    }
}

/// No byte of a part can make `status` and `--resume` fail or count what is not there, whatever it is
/// changed to.
#[test]
fn no_changed_byte_of_a_part_is_more_than_damage() {
    use pointplane::store::sweep::{Index, SweepManifest, read_points, status};
    let dir = room(PLAN);
    say(
        dir.path(),
        "sweep run plan.toml --out out --shard 0/8 --quiet",
    )
    .exits(0);
    let out = dir.path().join("out");
    let manifest = SweepManifest::load(&out).unwrap();
    let (points, _) = read_points(&out, &manifest).unwrap();
    let index = Index::new(points, manifest.swept.layouts.clone(), manifest.replicates);
    let part = list(&out, "parts").remove(0);
    let bytes = fs::read(&part).unwrap();
    // All of what says how the file is made, which stands at its end, and some of the rest.
    let tail = bytes.len().saturating_sub(4000);
    for at in (0..tail).step_by(7).chain(tail..bytes.len()) {
        for flip in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            fs::write(&part, &changed).unwrap();
            let told = catch_unwind(|| status(&out, &manifest, &index));
            let told = told.unwrap_or_else(|_| panic!("byte {at} ^ {flip:#x} of {}", bytes.len()));
            let told = told.unwrap();
            assert_eq!((told.damaged.len(), told.done), (1, 0));
        }
    }
}

/// Another sweep with the same points: only the luck differs.
fn foreigner(dir: &Path) -> PathBuf {
    let plan = with(PLAN, "replicates = 10", "replicates = 10\nseed = 99");
    fs::write(dir.join("foreign.toml"), plan).unwrap();
    say(dir, "sweep run foreign.toml --out foreign --quiet").exits(0);
    list(&dir.join("foreign"), "parts").remove(0)
}

#[test]
fn files_of_another_sweep_are_told_and_left_alone() {
    let whole = whole_trial();
    let dir = room(PLAN);
    let part = foreigner(dir.path());
    let name = part.file_name().unwrap().to_str().unwrap();
    // They are there before the first run is: nothing of them counts as done.
    say(dir.path(), "sweep plan plan.toml --out out").exits(0);
    let out = dir.path().join("out");
    fs::copy(&part, out.join("parts").join(name)).unwrap();
    let begin = json!({"begin": {"sweep": "f00d", "threads": 1, "pid": 1, "host": "h"}});
    let text = fs::read_to_string(out.join("points.csv")).unwrap();
    let point = text.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    let done = json!({"done": {"run": [point, "base", 0], "seconds": 0.1, "values": [1.0]}});
    fs::write(
        out.join("logs/s0of1-a-b-0000.log"),
        line(&begin) + &line(&done),
    )
    .unwrap();
    let told = status(&out);
    assert_eq!((&told["done"], &told["left"]), (&json!(0), &json!(RUNS)));
    assert_eq!(told["foreign"].as_array().unwrap().len(), 2, "{told}");
    let ran = say(dir.path(), "sweep run plan.toml --out out --resume").exits(0);
    let words = [
        name,
        "is of another sweep: left alone",
        "s0of1-a-b-0000.log",
    ];
    ran.says(&words);
    same(&whole, &out);
    assert_eq!(
        fs::read(&part).unwrap(),
        fs::read(out.join("parts").join(name)).unwrap()
    );
    say(dir.path(), "sweep merge out").exits(0).says(&words);
    let words = say(dir.path(), "sweep status out").exits(0).out;
    assert!(words.contains("is of another sweep"), "{words}");
}

/// Two copies of a run that differ: one of them is wrong, and the program does not guess which.
#[test]
fn copies_that_differ_are_refused() {
    let dir = room(&with(PLAN, "points = 20", "points = 3"));
    let out = whole(dir.path());
    let before = merged(&out);
    let all = files(&out);
    let sweep = read_json(&out.join("sweep.json"));
    let text = fs::read_to_string(out.join("points.csv")).unwrap();
    let point = text.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    let values = sweep["swept"]["slots"].as_array().unwrap().len()
        + sweep["swept"]["monthly"]["months"]
            .as_array()
            .unwrap()
            .len()
            * 2;
    let begin =
        json!({"begin": {"sweep": sweep["fingerprint"], "threads": 1, "pid": 1, "host": "h"}});
    let numbers: Vec<Value> = (0..values).map(|at| json!(at as f64 + 0.5)).collect();
    let done = json!({"done": {"run": [point, "none", 3], "seconds": 0.1, "values": numbers}});
    let log = out.join("logs/s0of1-abcdef-0123456789-0000.log");
    fs::write(&log, line(&begin) + &line(&done)).unwrap();
    for _ in 0..2 {
        say(dir.path(), "sweep merge whole").exits(1).says(&[
            point,
            "none",
            "s0of1-abcdef-0123456789-0000.log",
            ".parquet",
            "take one of the files away",
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
