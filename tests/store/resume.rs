//! Order, threads, interruptions and kills leave no trace in the tables.

use std::fs;
use std::path::Path;
use std::process::Command;

use pointplane::store::{Format, Manifest, RunFacts, Status, Store, StoreError, read_table};

use super::fixture::{FORMATS, REPLICATES, facts, files, rows, run, same_files};

#[test]
fn the_order_of_finishing_and_the_threads_leave_no_trace() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let manifest = run(&at("up"), format, &[0, 1, 2, 3, 4, 5]);
        run(&at("down"), format, &[5, 4, 3, 2, 1, 0]);
        let store = Store::create(&at("threads"), facts(format), false).unwrap();
        std::thread::scope(|scope| {
            for replicate in 0..REPLICATES {
                let store = &store;
                scope.spawn(move || store.write(replicate, rows(replicate)).unwrap());
            }
        });
        store.finish().unwrap();
        same_files(&at("up"), &at("down"));
        same_files(&at("up"), &at("threads"));
        let extension = format.extension();
        let tables = ["adoptions", "national", "nothing"].map(|t| format!("{t}.{extension}"));
        let mut names = tables.to_vec();
        names.extend(["columns.csv".into(), "scenario.resolved.toml".into()]);
        names.sort();
        assert_eq!(files(&at("up")).into_keys().collect::<Vec<_>>(), names);
        assert_eq!(
            (manifest.status, manifest.replicates_done),
            (Status::Complete, REPLICATES)
        );
        let sizes: Vec<_> = manifest.tables.iter().map(|t| t.rows).collect();
        assert_eq!(sizes, [Some(13 * 6), Some(70_000 + 40 * 5), Some(0)]);
    }
}

#[test]
fn interrupted_and_resumed_gives_the_same_bytes() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let (whole, broken) = (dir.path().join("whole"), dir.path().join("broken"));
        run(&whole, format, &[0, 1, 2, 3, 4, 5]);
        let store = Store::create(&broken, facts(format), false).unwrap();
        for replicate in [4, 2] {
            store.write(replicate, rows(replicate)).unwrap();
        }
        let manifest = store.interrupt(Status::Interrupted).unwrap();
        assert_eq!(
            (manifest.status, manifest.replicates_done),
            (Status::Interrupted, 2)
        );
        assert_eq!(Manifest::load(&broken).unwrap(), manifest);

        let mut again = facts(format);
        again.threads = 2;
        let store = Store::resume(&broken, again).unwrap();
        assert_eq!(store.finished().into_iter().collect::<Vec<_>>(), [2, 4]);
        for replicate in [5, 3, 1, 0] {
            store.write(replicate, rows(replicate)).unwrap();
        }
        let manifest = store.finish().unwrap();
        assert_eq!((manifest.sessions, manifest.threads), (2, 2));
        same_files(&whole, &broken);
        let error = Store::resume(&broken, facts(format)).unwrap_err();
        assert!(
            matches!(error, StoreError::AlreadyComplete { .. }),
            "{error}"
        );
    }
}

#[test]
fn a_run_that_misses_replicates_gives_no_tables() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), facts(Format::Csv), false).unwrap();
    store.write(3, rows(3)).unwrap();
    let error = store.finish().unwrap_err();
    assert!(
        matches!(error, StoreError::Incomplete { missing: 5, .. }),
        "{error}"
    );
    assert_eq!(Manifest::load(dir.path()).unwrap().status, Status::Partial);
    assert!(!dir.path().join("national.csv").exists());
    let error = read_table(dir.path(), "national", &[]).unwrap_err();
    assert!(matches!(error, StoreError::NotComplete { .. }), "{error}");
}

#[test]
fn torn_and_foreign_parts_are_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, torn) = (dir.path().join("whole"), dir.path().join("torn"));
    run(&whole, Format::Parquet, &[0, 1, 2, 3, 4, 5]);
    let store = Store::create(&torn, facts(Format::Parquet), false).unwrap();
    for replicate in 0..REPLICATES {
        store.write(replicate, rows(replicate)).unwrap();
    }
    store.interrupt(Status::Interrupted).unwrap();
    let part = |replicate| torn.join(format!("parts/r{replicate:07}.part"));
    let bytes = fs::read(part(0)).unwrap();
    fs::write(part(0), &bytes[..bytes.len() / 2]).unwrap();
    let mut bytes = fs::read(part(1)).unwrap();
    bytes[100] ^= 1;
    fs::write(part(1), bytes).unwrap();
    fs::write(part(2), "").unwrap();
    fs::copy(part(5), part(4)).unwrap();
    fs::copy(part(5), part(77)).unwrap();
    fs::write(torn.join("parts/notes.txt"), "mine").unwrap();

    let store = Store::resume(&torn, facts(Format::Parquet)).unwrap();
    assert_eq!(store.discarded(), [0, 1, 2, 4, 77]);
    assert_eq!(store.finished().into_iter().collect::<Vec<_>>(), [3, 5]);
    for replicate in [0, 1, 2, 4] {
        store.write(replicate, rows(replicate)).unwrap();
    }
    store.finish().unwrap();
    assert_eq!(fs::read(torn.join("parts/notes.txt")).unwrap(), b"mine");
    fs::remove_dir_all(torn.join("parts")).unwrap();
    same_files(&whole, &torn);
}

#[test]
fn a_part_torn_while_running_is_found_at_the_end() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(dir.path(), facts(format), false).unwrap();
        for replicate in 0..REPLICATES {
            store.write(replicate, rows(replicate)).unwrap();
        }
        let part = dir.path().join("parts/r0000003.part");
        let mut bytes = fs::read(&part).unwrap();
        bytes[10] ^= 1;
        fs::write(&part, bytes).unwrap();
        let error = store.finish().unwrap_err();
        assert!(matches!(error, StoreError::Damaged { path, .. } if path == part));
        assert_eq!(Manifest::load(dir.path()).unwrap().status, Status::Failed);
        let store = Store::resume(dir.path(), facts(format)).unwrap();
        assert_eq!(store.discarded(), [3]);
        store.write(3, rows(3)).unwrap();
        store.finish().unwrap();
    }
}

const CHILD_DIR: &str = "POINTPLANE_TEST_KILLED_DIR";

/// Not a test of its own: the process that `a_killed_run_is_resumed` starts, and which dies.
#[test]
#[ignore = "run as a child process by a_killed_run_is_resumed"]
fn killed_child() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let dir = Path::new(&dir);
    let store = Store::create(dir, facts(Format::Parquet), false).unwrap();
    store.write(1, rows(1)).unwrap();
    store.write(5, rows(5)).unwrap();
    // What a write that is cut off leaves behind.
    let temp = format!("parts/.pointplane-{}-99.tmp", std::process::id());
    fs::write(dir.join(temp), "half").unwrap();
    std::process::abort();
}

#[test]
fn a_killed_run_is_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, killed) = (dir.path().join("whole"), dir.path().join("killed"));
    run(&whole, Format::Parquet, &[0, 1, 2, 3, 4, 5]);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "store::resume::killed_child"])
        .env(CHILD_DIR, &killed)
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(killed.join(".pointplane-lock").exists());
    assert_eq!(Manifest::load(&killed).unwrap().status, Status::Running);
    assert!(!killed.join("national.parquet").exists());
    let error = read_table(&killed, "national", &[]).unwrap_err();
    assert!(matches!(error, StoreError::NotComplete { .. }), "{error}");

    let store = Store::resume(&killed, facts(Format::Parquet)).unwrap();
    assert_eq!(store.finished().into_iter().collect::<Vec<_>>(), [1, 5]);
    for replicate in [0, 2, 3, 4] {
        store.write(replicate, rows(replicate)).unwrap();
    }
    store.finish().unwrap();
    same_files(&whole, &killed);
}

#[test]
fn resume_refuses_another_run_and_says_what_differs() {
    let dir = tempfile::tempdir().unwrap();
    let error = Store::resume(dir.path(), facts(Format::Csv)).unwrap_err();
    assert!(matches!(error, StoreError::NotARun { .. }), "{error}");
    let store = Store::create(dir.path(), facts(Format::Csv), false).unwrap();
    store.interrupt(Status::Interrupted).unwrap();
    type Change = fn(&mut RunFacts);
    let changes: [(Change, &str); 8] = [
        (|f| f.seed = 8, "seed is 7 there and 8 now"),
        (
            |f| f.replicates = 9,
            "number of replicates is 6 there and 9 now",
        ),
        (
            |f| f.format = Format::Parquet,
            "format is csv there and parquet now",
        ),
        (
            |f| f.layout = "none".into(),
            "layout is `` there and `none` now",
        ),
        (
            |f| f.scenario_resolved.push('\n'),
            "the resolved scenario differs",
        ),
        (
            |f| f.inputs[0].sha256 = "01".into(),
            "input files changed or new: places.csv",
        ),
        (
            |f| f.tables.truncate(1),
            "list of tables is national,adoptions,nothing there",
        ),
        (
            |f| f.tables[0].columns[2].name = "level".into(),
            "the columns of the tables differ",
        ),
    ];
    for (change, words) in changes {
        let mut other = facts(Format::Csv);
        change(&mut other);
        let text = Store::resume(dir.path(), other).unwrap_err().to_string();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains(';'), "only one thing differs: {text}");
    }
    // Another path to the same content, another command line and other threads are the same run.
    let mut same = facts(Format::Csv);
    same.inputs[0].path = "../places.csv".into();
    same.command_line.push("--resume".into());
    same.threads = 9;
    Store::resume(dir.path(), same).unwrap();
}
