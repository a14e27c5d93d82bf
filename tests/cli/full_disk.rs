//! A disk that fills up, and a limit on the size of files.

use std::path::Path;

use pointplane::store::{Manifest, Status, StoreError, read_table};

use super::fixture::{Ran, call, files, manifest, minimal, run_into, same, shell, temp};

const WORDS: [&str; 4] = ["--replicates", "60", "--tables", "national,places"];

fn run_words() -> String {
    format!("run '{}' {} --threads 2", minimal(), WORDS.join(" "))
}

fn nothing_reads_as_complete(out: &Path) {
    for (name, _) in files(out) {
        assert!(!name.ends_with(".parquet"), "{name}");
        assert!(
            !name.ends_with(".tmp") || !name.starts_with("national"),
            "{name}"
        );
    }
    let error = read_table(out, "national", &[]).unwrap_err();
    let known = matches!(
        error,
        StoreError::NotMade { .. } | StoreError::NotARun { .. }
    );
    assert!(known, "{error}");
}

fn resumed_is_whole(dir: &Path, out: &str) {
    let scenario = minimal();
    let words = [&["run", &scenario, "--out", out, "--resume"], &WORDS[..]].concat();
    call(dir, &words).exits(0);
    same(&run_into(dir, "whole", &WORDS), &dir.join(out));
}

/// Writes with a limit on the size of files; `trap` is what the shell does first.
fn limited(dir: &Path, blocks: u32, trap: &str) -> Ran {
    let words = run_words();
    let script =
        format!("ulimit -c 0; {trap} ulimit -f {blocks}; exec \"$POINTPLANE\" {words} --out out");
    shell(dir, &script)
}

/// What a message says is kept.
fn kept(ran: &Ran) -> u32 {
    let (before, _) = ran
        .err
        .split_once(" of 60 replicates are kept")
        .expect(&ran.err);
    let number = before.rsplit(|c: char| !c.is_ascii_digit()).next();
    number.and_then(|n| n.parse().ok()).expect(&ran.err)
}

#[test]
fn a_log_that_cannot_grow_keeps_what_is_in_it() {
    let dir = temp();
    let ran = limited(dir.path(), 40, "trap '' XFSZ;").exits(3).says(&[
        "cannot write out/logs/",
        "File too large",
        "complete it with: pointplane run",
        "--resume",
    ]);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let out = dir.path().join("out");
    let told = manifest(&out);
    assert!((1..60).contains(&told.replicates_done));
    assert_eq!(told.replicates_done, kept(&ran));
    nothing_reads_as_complete(&out);
    resumed_is_whole(dir.path(), "out");
}

#[test]
fn a_log_that_cannot_hold_a_replicate_ends_the_run() {
    let dir = temp();
    limited(dir.path(), 8, "trap '' XFSZ;").exits(1).says(&[
        "cannot write out/logs/",
        "File too large",
        "0 of 60 replicates are kept",
    ]);
    nothing_reads_as_complete(&dir.path().join("out"));
    resumed_is_whole(dir.path(), "out");
}

#[test]
fn a_table_that_cannot_grow_is_an_error_with_its_path() {
    let dir = temp();
    let scenario = minimal();
    for shard in ["0/2", "1/2"] {
        let words = ["run", &scenario, "--out", "out", "--shard", shard];
        call(dir.path(), &[&words[..], &WORDS].concat()).exits(0);
    }
    let merge = "ulimit -c 0; trap '' XFSZ; ulimit -f 40; exec \"$POINTPLANE\" merge out";
    let ran = shell(dir.path(), merge).exits(1).says(&[
        "cannot write out/",
        ".parquet",
        "File too large",
    ]);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let out = dir.path().join("out");
    let told = manifest(&out);
    assert_eq!((told.status, told.replicates_done), (Status::Partial, 60));
    nothing_reads_as_complete(&out);
    call(dir.path(), &["merge", "out"]).exits(0);
    same(&run_into(dir.path(), "whole", &WORDS), &out);
}

/// The system would end the process when the file is too large: it has itself told instead.
#[test]
fn a_limit_on_the_size_of_files_is_told_where_nobody_had_it_ignored() {
    let dir = temp();
    let ran = limited(dir.path(), 40, "").exits(3);
    let ran = ran.says(&["cannot write out/logs/", "File too large", "--resume"]);
    assert!((1..60).contains(&kept(&ran)), "{}", ran.err);
    let out = dir.path().join("out");
    assert_ne!(Manifest::load(&out).unwrap().status, Status::Complete);
    nothing_reads_as_complete(&out);
    resumed_is_whole(dir.path(), "out");
}

/// A real full disk, where the system lets a test mount one (in a name space of its own, which goes
/// with it). Elsewhere the limit on files above stands for it.
#[test]
fn a_full_disk_keeps_the_finished_replicates() {
    let dir = temp();
    let words = run_words();
    let script = format!(
        "mkdir small && mount -t tmpfs -o size=600k tmpfs small 2>/dev/null || exit 77
         \"$POINTPLANE\" {words} --out small/out; code=$?
         cp -a small/out kept; exit $code"
    );
    let ran = shell(
        dir.path(),
        &format!("unshare -m bash -c '{}'", script.replace('\'', "'\\''")),
    );
    if !ran.had_a_disk() {
        return;
    }
    let ran = ran.exits(3).says(&[
        "no space left for small/out/logs/",
        "--resume",
        "of 60 replicates are kept in small/out",
    ]);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let out = dir.path().join("kept");
    // The manifest could not be written any more; what is kept is in the log.
    assert_ne!(manifest(&out).status, Status::Complete);
    let status = call(dir.path(), &["status", "kept", "--json"])
        .exits(0)
        .json();
    let done = status["done"].as_u64().unwrap() as u32;
    assert!((1..60).contains(&done), "{done}");
    assert_eq!(done, kept(&ran));
    nothing_reads_as_complete(&out);
    resumed_is_whole(dir.path(), "kept");
}

#[test]
fn a_disk_that_is_full_from_the_start_is_told_at_once() {
    let dir = temp();
    let words = run_words();
    let script = format!(
        "mkdir small && mount -t tmpfs -o size=4k tmpfs small 2>/dev/null || exit 77
         \"$POINTPLANE\" {words} --out small/out; code=$?
         cp -a small/out kept; exit $code"
    );
    let ran = shell(
        dir.path(),
        &format!("unshare -m bash -c '{}'", script.replace('\'', "'\\''")),
    );
    if !ran.had_a_disk() {
        return;
    }
    ran.exits(1)
        .says(&["no space left for small/out/", "repeat the command"]);
    nothing_reads_as_complete(&dir.path().join("kept"));
    resumed_is_whole(dir.path(), "kept");
}
