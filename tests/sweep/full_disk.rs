//! A disk that fills up while logs and tables are written.

use std::path::Path;

use super::fixture::{
    PLAN, RUNS, Ran, complete, made, room, same, say, shell, status, whole_trial,
};

/// What is finished is kept, nothing reads as complete, and going on gives the same bytes.
#[track_caller]
fn kept(dir: &Path, out: &str, ran: &Ran) -> u64 {
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let folder = dir.join(out);
    let mut done = 0;
    if folder.join("points.csv").exists() && folder.join("columns.csv").exists() {
        let told = status(&folder);
        done = told["done"].as_u64().unwrap();
        assert_eq!(told["damaged"].as_array().unwrap().len(), 0);
        assert!(!made(&folder));
    }
    // No table is half there.
    for table in ["runs", "outcomes", "national", "points", "run_times"] {
        assert!(!folder.join(format!("{table}.parquet")).exists(), "{table}");
    }
    say(
        dir,
        &format!("sweep run plan.toml --out {out} --resume --quiet"),
    )
    .exits(0);
    same(&whole_trial(), &folder);
    assert!(complete(&folder));
    done
}

/// Writes with a limit on the size of files, in blocks of 1024 bytes.
#[test]
fn a_file_that_cannot_grow() {
    let dir = room(PLAN);
    let mut dones = Vec::new();
    for (blocks, code) in [(2, 1), (16, 3), (60, 3), (100, 3)] {
        let out = format!("out{blocks}");
        let ran = shell(
            dir.path(),
            &format!(
                "ulimit -c 0; trap '' XFSZ; ulimit -f {blocks}; exec \"$POINTPLANE\" sweep run plan.toml --out {out} --quiet"
            ),
        )
        .exits(code)
        .says(&["File too large", &out]);
        dones.push(kept(dir.path(), &out, &ran));
    }
    assert_eq!(dones[0], 0, "{dones:?}");
    assert!(dones[1] > 0 && dones[1] < RUNS, "{dones:?}");
}

/// A real full disk of each size, where the system lets a test mount one, in a name space of its own.
#[test]
fn a_full_disk() {
    let dir = room(PLAN);
    let mut told = Vec::new();
    for size in [8, 40, 100, 160, 240, 480] {
        let script = format!(
            "mkdir small && mount -t tmpfs -o size={size}k tmpfs small 2>/dev/null || exit 77
             \"$POINTPLANE\" sweep run plan.toml --out small/out --threads 1 --quiet; code=$?
             cp -a small/out kept{size}; umount small; rmdir small; exit $code"
        );
        let quoted = script.replace('\'', "'\\''");
        let ran = shell(dir.path(), &format!("unshare -m bash -c '{quoted}'"));
        if !ran.had_a_disk() {
            return;
        }
        let out = format!("kept{size}");
        if ran.code == Some(0) {
            same(&whole_trial(), &dir.path().join(out));
            told.push((size, "whole".to_owned()));
            continue;
        }
        let line = ran
            .err
            .lines()
            .find(|line| line.contains("no space left for small/out"));
        let line = line.unwrap_or_else(|| panic!("{}", ran.err)).to_owned();
        let done = kept(dir.path(), &out, &ran);
        // As of a run: something is done and something is left, or nothing is done.
        let code = if done == 0 { 1 } else { 3 };
        assert_eq!(ran.code, Some(code), "{size}: {}", ran.err);
        told.push((size, format!("{done} kept, {line}")));
    }
    println!("{told:#?}");
    // The beginning, the log and a table each met the full disk, and the last one was large enough.
    let met = |what: &str| told.iter().any(|(_, line)| line.contains(what));
    for what in ["small/out/", "small/out/logs/", "whole"] {
        assert!(met(what), "{what}: {told:#?}");
    }
}

/// The logs are there, and there is no room for the tables: those of before stay, or none.
#[test]
fn a_disk_that_is_full_when_it_merges() {
    let dir = room(PLAN);
    for shard in [0, 1] {
        let words = format!("sweep run plan.toml --out out --resume --quiet --shard {shard}/2");
        say(dir.path(), &words).exits(0);
    }
    let script = "mkdir small && mount -t tmpfs -o size=SIZEk tmpfs small 2>/dev/null || exit 77
         cp -r out small/out 2>/dev/null || exit 78
         \"$POINTPLANE\" sweep merge small/out; code=$?
         cp -a small/out merged; exit $code";
    let mut full = 0;
    for size in (40..400).step_by(16) {
        let script = script.replace("SIZE", &size.to_string());
        let ran = shell(dir.path(), &format!("unshare -m bash -c '{script}'"));
        if !ran.had_a_disk() {
            return;
        }
        std::fs::remove_dir(dir.path().join("small")).unwrap();
        let merged = dir.path().join("merged");
        match ran.code {
            // No room for the logs.
            Some(78) => continue,
            Some(0) => {
                same(&whole_trial(), &merged);
                assert!(full >= 2, "the disk was full {full} times");
                return;
            }
            _ => {
                let ran = ran.exits(1).says(&["no space left for small/out/"]);
                full += 1;
                kept(dir.path(), "merged", &ran);
                std::fs::remove_dir_all(&merged).unwrap();
            }
        }
    }
    panic!("never merged");
}
