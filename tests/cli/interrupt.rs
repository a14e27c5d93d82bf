//! Stopped by a key, a signal or a crash: what had finished is kept, nothing reads as complete
//! that is not, and `--resume` gives the bytes of a run that was never stopped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pointplane::store::{Folder, Manifest, Status, StoreError, read_table};

use super::fixture::{Running, call, manifest, minimal, results, run_into, same, shell, temp};

/// Replicates of a run long enough to be caught in the middle.
const MANY: &str = "600";
/// What a run of these tests prints after a tenth of it.
const TENTH: &str = "replicates: 60 of 600";

/// The words of such a run; two threads, so that no machine is through before the signal comes.
fn words(out: &str) -> Vec<String> {
    let scenario = minimal();
    let run = ["run", &scenario, "--threads", "2", "--out", out];
    let words = run
        .iter()
        .chain(&["--replicates", MANY, "--tables", "national,credit"]);
    words.map(ToString::to_string).collect()
}

fn whole(dir: &Path) -> PathBuf {
    run_into(
        dir,
        "whole",
        &["--replicates", MANY, "--tables", "national,credit"],
    )
}

/// Replicates in the logs, 0 while there is no folder.
fn kept(out: &Path) -> u64 {
    let status = Folder::open(out).and_then(|folder| folder.status());
    status.map_or(0, |status| status.done)
}

fn stopped_by(signal: &str) {
    let dir = temp();
    let whole = whole(dir.path());
    let words = words("out");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut running = Running::start(dir.path(), &words);
    running.until(TENTH);
    running.signal(signal);
    let ran = running.end().exits(130).says(&[
        "interrupted: finishing the work in progress",
        "of 600 replicates are kept in out",
    ]);
    let out = dir.path().join("out");
    let told = manifest(&out);
    assert_eq!(told.status, Status::Interrupted);
    assert!(
        told.replicates_done >= 60 && told.replicates_done < 600,
        "{}",
        told.replicates_done
    );
    assert_eq!(u64::from(told.replicates_done), kept(&out));
    assert!(told.tables.iter().all(|table| table.rows.is_none()));
    assert!(!out.join("national.parquet").exists());
    let error = read_table(&out, "national", &[]).unwrap_err();
    assert!(matches!(error, StoreError::NotMade { .. }), "{error}");

    // A new run is refused; the command that was printed completes this one.
    call(dir.path(), &words)
        .exits(2)
        .says(&["(interrupted)", "complete it with --resume"]);
    let (_, printed) = ran.err.split_once("complete it with: pointplane ").unwrap();
    let printed = printed.lines().next().unwrap();
    let done = told.replicates_done;
    shell(dir.path(), &format!("\"$POINTPLANE\" {printed}"))
        .exits(0)
        .says(&[
            &format!("resuming: {done} of 600 replicates are already done\n"),
            "Again:",
        ]);
    same(&whole, &out);
    let told = manifest(&out);
    assert_eq!((told.sessions.len(), told.replicates_done), (2, 600));
}

#[test]
fn ctrl_c_keeps_what_had_finished_and_resume_completes_it() {
    stopped_by("INT");
}

#[test]
fn a_polite_end_is_like_ctrl_c() {
    stopped_by("TERM");
}

#[test]
fn the_second_ctrl_c_ends_at_once() {
    let dir = temp();
    let (scenario, out) = (minimal(), "out");
    let words = [
        "run",
        &scenario,
        "--replicates",
        "1000000",
        "--tables",
        "national",
        "--out",
        out,
    ];
    let running = Running::start(dir.path(), &words);
    let out = dir.path().join(out);
    while kept(&out) < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    running.signal("INT");
    running.signal("INT");
    let began = Instant::now();
    running.end().exits(130);
    assert!(began.elapsed() < Duration::from_secs(10));
    let told = manifest(&out).status;
    assert!(
        matches!(told, Status::Running | Status::Interrupted),
        "{told}"
    );
}

/// Nothing in the folder of a killed run reads as complete, except a table that is.
fn nothing_false(out: &Path, whole: &BTreeMap<String, Vec<u8>>) -> bool {
    for name in ["national.parquet", "credit.parquet", "outcomes.parquet"] {
        if let Ok(bytes) = fs::read(out.join(name)) {
            assert!(bytes == whole[name], "{name} is half written");
        }
    }
    match Manifest::load(out) {
        Ok(told) if told.status == Status::Complete => true,
        Ok(_) => {
            let error = read_table(out, "national", &[]).unwrap_err();
            assert!(matches!(error, StoreError::NotMade { .. }), "{error}");
            false
        }
        Err(error) => {
            assert!(matches!(error, StoreError::NotARun { .. }), "{error}");
            false
        }
    }
}

#[test]
fn killed_at_any_moment_and_resumed_gives_the_same_bytes() {
    let dir = temp();
    let began = Instant::now();
    let whole = whole(dir.path());
    let length = began.elapsed();
    let expected = results(&whole);
    let (mut caught, mut draw) = (0, 20_130_929_u64);
    for turn in 0..4 {
        let name = format!("killed{turn}");
        let out = dir.path().join(&name);
        let words = words(&name);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        // Killed up to three times, then left alone.
        for attempt in 0..4 {
            let resume = Manifest::load(&out).is_ok();
            let words = [&words[..], if resume { &["--resume"] } else { &[] }].concat();
            let running = Running::start(dir.path(), &words);
            if attempt == 3 {
                running.end().exits(0);
                break;
            }
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            std::thread::sleep(length.mul_f64((draw >> 33) as f64 / f64::from(1u32 << 31) * 0.5));
            running.signal("KILL");
            let code = running.end().code;
            caught += u32::from(code.is_none());
            if nothing_false(&out, &expected) {
                break;
            }
        }
        // What a kill between the last two steps left is cleared by one more call.
        let words = [&words[..], &["--resume"]].concat();
        call(dir.path(), &words).exits(0);
        same(&whole, &out);
    }
    assert!(caught >= 3, "only {caught} of the runs were still going");
}

/// Nobody replaces what others work on; whoever resumes it joins them.
#[test]
fn a_running_run_is_joined_and_not_replaced() {
    let dir = temp();
    let scenario = minimal();
    // Does not end before it is told to.
    let words = [
        "run",
        &scenario,
        "--replicates",
        "1000000",
        "--tables",
        "national",
        "--out",
        "out",
    ];
    let out = dir.path().join("out");
    let first = Running::start(dir.path(), &words);
    while kept(&out) < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    call(dir.path(), &words)
        .exits(2)
        .says(&["out already holds a run (running or killed)", "--resume"]);
    let pid = first.child.id().to_string();
    call(dir.path(), &[&words[..], &["--force"]].concat())
        .exits(2)
        .says(&["out is in use by", &pid]);
    let mut second = Running::start(dir.path(), &[&words[..], &["--resume"]].concat());
    second.until("are already done");
    for running in [&first, &second] {
        running.signal("INT");
    }
    for running in [first, second] {
        running
            .end()
            .exits(130)
            .says(&["of 1000000 replicates are kept"]);
    }
    let told = manifest(&out);
    assert_eq!((told.status, told.sessions.len()), (Status::Interrupted, 2));
    assert_eq!(u64::from(told.replicates_done), kept(&out));
}
