//! The results folder: what is in it already is safe.

use std::fs;

use super::fixture::{call, files, manifest, minimal, run_into, same, temp};

#[test]
fn a_run_is_not_replaced_unless_forced() {
    let dir = temp();
    let out = run_into(dir.path(), "out", &["--replicates", "3"]);
    let before = files(&out);
    let again = [
        "run",
        &minimal(),
        "--replicates",
        "3",
        "--seed",
        "5",
        "--out",
        "out",
    ];
    call(dir.path(), &again).exits(2).says(&[
        "out already holds a run (complete)",
        "--out",
        "--force",
    ]);
    assert!(before == files(&out));

    call(dir.path(), &[&again[..], &["--force"]].concat()).exits(0);
    same(
        &out,
        &run_into(dir.path(), "fresh", &["--replicates", "3", "--seed", "5"]),
    );
    // Tables of the old run that the new one does not have are gone.
    call(
        dir.path(),
        &[&again[..], &["--force", "--tables", "national"]].concat(),
    )
    .exits(0);
    same(
        &out,
        &run_into(
            dir.path(),
            "little",
            &["--replicates", "3", "--seed", "5", "--tables", "national"],
        ),
    );
}

#[test]
fn foreign_files_are_never_touched() {
    let dir = temp();
    let out = dir.path().join("thesis");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("chapter1.tex"), "years of work").unwrap();
    for force in [&[][..], &["--force"]] {
        let scenario = minimal();
        let words = [&["run", &scenario, "--out", "thesis"], force].concat();
        call(dir.path(), &words)
            .exits(2)
            .says(&["thesis is not empty", "chapter1.tex", "--out"]);
        assert_eq!(files(&out).len(), 1);
    }
    let run = run_into(dir.path(), "out", &["--replicates", "2"]);
    fs::write(run.join("notes.txt"), "mine").unwrap();
    run_into(dir.path(), "out", &["--replicates", "2", "--force"]);
    assert_eq!(fs::read(run.join("notes.txt")).unwrap(), b"mine");
}

#[test]
fn a_folder_that_cannot_be_made_is_told_at_once() {
    let dir = temp();
    fs::write(dir.path().join("file"), "").unwrap();
    // So many replicates that the test would never end if it began them.
    let words = [
        "run",
        &minimal(),
        "--replicates",
        "1000000",
        "--out",
        "file/out",
    ];
    call(dir.path(), &words)
        .exits(1)
        .says(&["file/out", "Not a directory"]);
    call(dir.path(), &["run", &minimal(), "--out", "file"])
        .exits(1)
        .says(&["file", "Not a directory"]);
    assert_eq!(files(dir.path()).len(), 1);
}

/// Decided: `--resume` of a complete run has nothing to do and is done; a script that repeats it
/// until it succeeds ends, and gets the same answer as from the run itself.
#[test]
fn resuming_a_complete_run_gives_its_answer_and_changes_nothing() {
    let dir = temp();
    let words = [
        "run",
        &minimal(),
        "--replicates",
        "3",
        "--out",
        "out",
        "--json",
    ];
    let first = call(dir.path(), &words).exits(0).json();
    let before = files(&dir.path().join("out"));
    let again = call(dir.path(), &[&words[..], &["--resume"]].concat())
        .exits(0)
        .says(&["out is complete: nothing to resume", "Again:"]);
    assert_eq!(again.json(), first);
    assert!(before == files(&dir.path().join("out")));
}

#[test]
fn another_run_cannot_be_resumed_and_the_difference_is_said() {
    let dir = temp();
    let out = run_into(dir.path(), "out", &["--replicates", "3"]);
    // As if it had been stopped.
    let mut told = manifest(&out);
    told.status = pointplane::store::Status::Interrupted;
    fs::write(
        out.join("manifest.json"),
        serde_json::to_vec(&told).unwrap(),
    )
    .unwrap();
    let before = files(&out);
    let none = format!("{}/layouts/none.toml", minimal());
    for (words, says) in [
        (
            &["--replicates", "3", "--seed", "2"][..],
            "seed is 1 there and 2 now",
        ),
        (&[], "number of replicates is 3 there and 20 now"),
        (
            &["--replicates", "3", "--layout", &none],
            "layout is `` there and `none` now",
        ),
        (
            &["--replicates", "3", "--format", "csv"],
            "format is parquet there and csv now",
        ),
        (
            &["--replicates", "3", "--tables", "credit"],
            "list of tables is national,",
        ),
        (
            &["--replicates", "3", "--set", "line.beta=0.2"],
            "the resolved scenario differs",
        ),
        (&["--replicates", "3", "--every", "6"], "every"),
    ] {
        let scenario = minimal();
        let words = [&["run", &scenario, "--out", "out", "--resume"], words].concat();
        call(dir.path(), &words)
            .exits(2)
            .says(&["out holds another run", says]);
        assert!(before == files(&out), "{says}");
    }
    call(
        dir.path(),
        &["run", &minimal(), "--out", "nowhere", "--resume"],
    )
    .exits(2)
    .says(&["nowhere holds no pointplane run", "leave out --resume"]);
    assert!(!dir.path().join("nowhere").exists());
}
