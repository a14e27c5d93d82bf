//! Order, threads, interruptions and kills leave no trace in the tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pointplane::store::{
    Asked, End, Folder, Format, Job, Make, Manifest, Prepared, Shard, Start, Status, StoreError,
    read_table,
};

use super::fixture::{
    FORMATS, REPLICATES, asked, done, files, prepare, rows, run, same_files, work,
};

fn merge(folder: &Folder) -> Manifest {
    folder.merge(&Make::default()).unwrap()
}

fn logs(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir.join("logs")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn the_order_of_finishing_and_the_workers_leave_no_trace() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let manifest = run(&at("up"), format, &[0, 1, 2, 3, 4, 5]);
        run(&at("down"), format, &[5, 4, 3, 2, 1, 0]);
        let (folder, _) = prepare(&at("workers"), format, Start::New).unwrap();
        std::thread::scope(|scope| {
            for replicate in 0..REPLICATES {
                let folder = &folder;
                scope.spawn(move || work(folder, &[replicate], End::Whole));
            }
        });
        merge(&folder);
        same_files(&at("up"), &at("down"));
        same_files(&at("up"), &at("workers"));
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
        let (folder, _) = prepare(&broken, format, Start::New).unwrap();
        work(&folder, &[4, 2], End::Interrupted);
        let manifest = folder.settle().unwrap();
        assert_eq!(
            (manifest.status, manifest.replicates_done),
            (Status::Interrupted, 2)
        );
        assert_eq!(Manifest::load(&broken).unwrap(), manifest);

        let (folder, prepared) = prepare(&broken, format, Start::Resume).unwrap();
        assert_eq!((prepared, done(&folder)), (Prepared::Same, vec![2, 4]));
        work(&folder, &[5, 3, 1, 0], End::Whole);
        let manifest = merge(&folder);
        assert_eq!(manifest.sessions.len(), 2);
        same_files(&whole, &broken);
        let (_, prepared) = prepare(&broken, format, Start::Resume).unwrap();
        assert_eq!(prepared, Prepared::Whole);
    }
}

#[test]
fn a_run_that_misses_replicates_gives_no_tables() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = prepare(dir.path(), Format::Csv, Start::New).unwrap();
    work(&folder, &[3], End::Whole);
    let error = folder.merge(&Make::default()).unwrap_err();
    assert!(
        matches!(error, StoreError::Incomplete { missing: 5, .. }),
        "{error}"
    );
    assert_eq!(folder.settle().unwrap().status, Status::Partial);
    assert!(!dir.path().join("national.csv").exists());
    let error = read_table(dir.path(), "national", &[]).unwrap_err();
    assert!(matches!(error, StoreError::NotMade { .. }), "{error}");
}

/// What is torn or changed in a log is run again; the rest of it is not.
#[test]
fn torn_and_changed_logs_are_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, torn) = (dir.path().join("whole"), dir.path().join("torn"));
    run(&whole, Format::Parquet, &[0, 1, 2, 3, 4, 5]);
    let (folder, _) = prepare(&torn, Format::Parquet, Start::New).unwrap();
    for replicate in 0..REPLICATES {
        work(&folder, &[replicate], End::Interrupted);
    }
    // The logs have no order: which replicate a log is of is said in it.
    let of = |replicate: u32| {
        let name = format!("\"\",{replicate}]");
        let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&name);
        let found = logs(&torn)
            .into_iter()
            .find(|path| has(&fs::read(path).unwrap()));
        found.unwrap()
    };
    let paths: Vec<PathBuf> = (0..3).map(of).collect();
    let bytes = fs::read(&paths[0]).unwrap();
    fs::write(&paths[0], &bytes[..bytes.len() / 2]).unwrap();
    let mut bytes = fs::read(&paths[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&paths[1], bytes).unwrap();
    fs::write(&paths[2], "").unwrap();
    fs::write(torn.join("logs/notes.txt"), "mine").unwrap();

    let (folder, _) = prepare(&torn, Format::Parquet, Start::Resume).unwrap();
    assert_eq!(done(&folder), [3, 4, 5]);
    work(&folder, &[0, 1, 2], End::Whole);
    merge(&folder);
    assert_eq!(fs::read(torn.join("logs/notes.txt")).unwrap(), b"mine");
    same_files(&whole, &torn);
}

#[test]
fn a_log_changed_while_running_is_found_at_the_end() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let (folder, _) = prepare(dir.path(), format, Start::New).unwrap();
        work(&folder, &[0, 1, 2, 4, 5], End::Whole);
        let before = logs(dir.path());
        work(&folder, &[3], End::Whole);
        let log = logs(dir.path())
            .into_iter()
            .find(|log| !before.contains(log));
        let log = log.unwrap();
        let mut bytes = fs::read(&log).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&log, bytes).unwrap();
        let error = folder.merge(&Make::default()).unwrap_err();
        assert!(
            matches!(error, StoreError::Incomplete { missing: 1, .. }),
            "{error}"
        );
        let (folder, _) = prepare(dir.path(), format, Start::Resume).unwrap();
        assert_eq!(done(&folder), [0, 1, 2, 4, 5]);
        work(&folder, &[3], End::Whole);
        merge(&folder);
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
    let (folder, _) = prepare(dir, Format::Parquet, Start::New).unwrap();
    let mut worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
    for replicate in [1, 5] {
        let job = Job {
            point: 0,
            layout: 0,
            replicate,
        };
        let payload = folder.encoder().encode(rows(replicate)).unwrap();
        worker.keep(job, 0.5, Ok(payload)).unwrap();
    }
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
    assert_eq!(Manifest::load(&killed).unwrap().status, Status::Running);
    assert!(!killed.join("national.parquet").exists());
    let error = read_table(&killed, "national", &[]).unwrap_err();
    assert!(matches!(error, StoreError::NotMade { .. }), "{error}");

    let (folder, _) = prepare(&killed, Format::Parquet, Start::Resume).unwrap();
    assert_eq!(done(&folder), [1, 5]);
    work(&folder, &[0, 2, 3, 4], End::Whole);
    merge(&folder);
    same_files(&whole, &killed);
}

#[test]
fn resume_refuses_another_run_and_says_what_differs() {
    let dir = tempfile::tempdir().unwrap();
    let error = prepare(dir.path(), Format::Csv, Start::Resume).unwrap_err();
    assert!(matches!(error, StoreError::NotARun { .. }), "{error}");
    prepare(dir.path(), Format::Csv, Start::New).unwrap();
    type Change = fn(&mut Asked);
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
            |f| f.layouts[0].resolved.push('\n'),
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
        let mut other = asked(Format::Csv);
        change(&mut other);
        let text = Folder::prepare(dir.path(), other, Start::Resume)
            .unwrap_err()
            .to_string();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains(';'), "only one thing differs: {text}");
    }
    // Another path to the same content, and the same asked in other words, are the same run.
    let mut same = asked(Format::Csv);
    same.inputs[0].path = "../places.csv".into();
    same.request = serde_json::json!({ "command": "run", "every": 12 });
    let (_, prepared) = Folder::prepare(dir.path(), same, Start::Resume).unwrap();
    assert_eq!(prepared, Prepared::Same);
}
