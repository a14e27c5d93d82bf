//! Shares of a run and of a comparison, whose workers are killed; and workers without a share.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use pointplane::store::Folder;

use super::fixture::{Running, call, manifest, minimal, same, temp};

/// A run and a comparison of hundreds of jobs, and how many jobs.
fn asked(kind: &str) -> (Vec<String>, u64) {
    let scenario = minimal();
    let (words, jobs): (&[&str], u64) = match kind {
        "run" => (&["--replicates", "1500", "--tables", "national"], 1500),
        _ => (
            &["--baseline", "base", "none", "--replicates", "500"],
            2 * 500,
        ),
    };
    let words = [&[kind, &scenario], words].concat();
    (words.into_iter().map(str::to_owned).collect(), jobs)
}

fn start(dir: &Path, words: &[String], more: &[&str]) -> Running {
    let words = words.iter().map(String::as_str).chain(more.iter().copied());
    Running::start(dir, &words.collect::<Vec<_>>())
}

/// What `status` tells of jobs.
#[track_caller]
fn told(dir: &Path, out: &str) -> serde_json::Value {
    call(dir, &["status", out, "--json"]).exits(0).json()
}

/// Jobs that are done.
fn done(out: &Path) -> u64 {
    let status = Folder::open(out).and_then(|folder| folder.status());
    status.map_or(0, |status| status.done)
}

/// Three workers on three shares; in each of three rounds two of them are killed in the middle.
#[test]
fn killed_workers_of_shares_lose_nothing() {
    for kind in ["run", "compare"] {
        let dir = temp();
        let out = dir.path().join("out");
        let (words, jobs) = asked(kind);
        let whole = ["--out", "whole", "--threads", "2"];
        start(dir.path(), &words, &whole).end().exits(0);
        let mut left = vec!["0/3", "1/3", "2/3"];
        let mut caught = 0;
        for round in 0..4 {
            let before = done(&out);
            let begin = |share: &&str| {
                let more = ["--threads", "1", "--resume", "--shard"];
                let more = [&["--out", "out"][..], &more, &[*share]].concat();
                start(dir.path(), &words, &more)
            };
            let running: Vec<Running> = left.iter().map(begin).collect();
            if round < 3 {
                // (Those that are through are no longer waited for.)
                let end = Instant::now() + Duration::from_secs(60);
                while done(&out) < before + 40 && Instant::now() < end {
                    std::thread::sleep(Duration::from_millis(2));
                }
                let two = [round % running.len(), (round + 1) % running.len()];
                two.into_iter()
                    .for_each(|worker| running[worker].signal("KILL"));
            }
            let codes: Vec<Option<i32>> = running.into_iter().map(|w| w.end().code).collect();
            caught += codes.iter().filter(|code| code.is_none()).count();
            let told = told(dir.path(), "out");
            let number = |key: &str| told[key].as_u64().unwrap();
            assert_eq!(number("done") + number("missing"), jobs, "{told}");
            assert_eq!(told["damaged"].as_array().unwrap().len(), 0, "{told}");
            let mut codes = codes.into_iter();
            left.retain(|_| codes.next().flatten() != Some(0));
            if left.is_empty() {
                break;
            }
            // The tables take all shares.
            call(dir.path(), &["merge", "out"]).exits(3);
        }
        assert!(
            caught >= 3,
            "only {caught} workers of the {kind} were still going"
        );
        call(dir.path(), &["merge", "out"]).exits(0);
        same(&dir.path().join("whole"), &out);
    }
}

/// Workers that join each other leave out what the others have done, and come to the same bytes.
#[test]
fn workers_without_a_share_do_little_twice() {
    for kind in ["run", "compare"] {
        let dir = temp();
        let (words, jobs) = asked(kind);
        start(dir.path(), &words, &["--out", "whole"])
            .end()
            .exits(0);
        let more = ["--out", "out", "--threads", "1"];
        let first = start(dir.path(), &words, &more);
        let out = dir.path().join("out");
        while !out.join("logs").exists() || fs::read_dir(out.join("logs")).unwrap().count() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let second = start(dir.path(), &words, &[&more[..], &["--resume"]].concat());
        for worker in [first, second] {
            worker.end().exits(0);
        }
        same(&dir.path().join("whole"), &out);
        assert_eq!(manifest(&out).sessions.len(), 2);
        // The logs of a run are gone.
        if kind == "compare" {
            let shards = told(dir.path(), "out")["shards"].clone();
            let done = shards[0]["done"].as_u64().unwrap();
            assert!((jobs..jobs + jobs / 10).contains(&done), "{done} of {jobs}");
        }
    }
}
