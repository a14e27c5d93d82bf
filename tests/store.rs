//! The result store from outside: same bytes whatever happens on the way, nothing foreign touched,
//! nothing half-written read as whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Float64Type, Int64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use pointplane::store::{
    Column, ColumnDef, Format, Input, Kind, Manifest, RunFacts, Status, Store, StoreError,
    TableData, TableDef, read_defs, read_table,
};

const REPLICATES: u32 = 6;
const NAMES: [&str; 4] = ["a,b", "say \"hi\"", "长江经济带", "line\nbreak"];

fn tables() -> Vec<TableDef> {
    let id = |name| ColumnDef::new(name, Kind::Text, "", "Id");
    vec![
        TableDef::new(
            "national",
            "A month of a replicate",
            vec![
                ColumnDef::new("replicate", Kind::Int, "", "Replicate"),
                ColumnDef::new("month", Kind::Month, "", "Month"),
                ColumnDef::new("stock", Kind::Float, "items", "Σ m·q, \"weighted\""),
            ],
        ),
        TableDef::new(
            "adoptions",
            "An adoption",
            vec![
                ColumnDef::new("replicate", Kind::Int, "", "Replicate"),
                id("place"),
                ColumnDef::new("credit", Kind::Float, "share", "Credit"),
            ],
        ),
        TableDef::new("nothing", "A table without rows", vec![id("place")]),
    ]
}

fn facts(format: Format) -> RunFacts {
    RunFacts {
        command_line: ["pointplane", "run"].map(str::to_owned).to_vec(),
        scenario: "test".into(),
        layout: String::new(),
        scenario_resolved: "format = 1\n".into(),
        inputs: vec![Input {
            path: "places.csv".into(),
            sha256: "00".into(),
        }],
        seed: 7,
        first_replicate: 0,
        replicates: REPLICATES,
        threads: 1,
        format,
        tables: tables(),
    }
}

/// Rows that depend on the replicate only. Replicate 2 has enough adoptions for a row group of its
/// own, so that both ways of merging are taken.
fn rows(replicate: u32) -> Vec<TableData> {
    let n = i64::from(replicate);
    let months: Vec<Option<i32>> = (0..12).map(|m| Some(2013 * 12 + m)).chain([None]).collect();
    let stock = |m: usize| {
        if m == 3 {
            f64::NAN
        } else {
            n as f64 / (m as f64 + 0.3)
        }
    };
    let national = TableData::new(
        "national",
        vec![
            Column::Int(vec![Some(n); months.len()]),
            Column::Float((0..months.len()).map(stock).collect()),
        ],
    );
    let national = TableData::new(
        "national",
        vec![
            national.columns[0].clone(),
            Column::Month(months),
            national.columns[1].clone(),
        ],
    );
    let count = if replicate == 2 { 70_000 } else { 40 };
    let adoptions = TableData::new(
        "adoptions",
        vec![
            Column::Int((0..count).map(|_| Some(n)).collect()),
            Column::Text {
                codes: (0..count)
                    .map(|i| (i % 5 < 4).then_some((i + replicate) % 4))
                    .collect(),
                ids: Arc::new(NAMES.map(str::to_owned).to_vec()),
            },
            Column::Float((0..count).map(|i| 1.0 / f64::from(i + 1)).collect()),
        ],
    );
    let nothing = TableData::new("nothing", vec![Column::empty(Kind::Text)]);
    vec![adoptions, nothing, national]
}

/// All replicates of a table, one after the other, as the caller gave them.
fn expected(table: &str, column: usize) -> Vec<Column> {
    let of = |r| {
        rows(r)
            .into_iter()
            .find(|data| data.table == table)
            .unwrap()
    };
    (0..REPLICATES)
        .map(|r| of(r).columns[column].clone())
        .collect()
}

/// Every file but the manifest.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|e| {
            (
                e.file_name().into_string().unwrap(),
                fs::read(e.path()).unwrap_or_default(),
            )
        })
        .filter(|(name, _)| name != "manifest.json")
        .collect()
}

fn run(dir: &Path, format: Format, order: &[u32]) -> Manifest {
    let store = Store::create(dir, facts(format), false).unwrap();
    for &replicate in order {
        store.write(replicate, rows(replicate)).unwrap();
    }
    store.finish().unwrap()
}

fn same_files(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(bytes == &b[name], "{name} differs");
    }
}

const FORMATS: [Format; 2] = [Format::Parquet, Format::Csv];

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
        .args(["--ignored", "--exact", "killed_child"])
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

#[test]
fn a_run_is_replaced_only_by_force_and_foreign_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    run(path, Format::Csv, &[0, 1, 2, 3, 4, 5]);
    fs::write(path.join("notes.txt"), "mine").unwrap();
    fs::create_dir(path.join("plots")).unwrap();
    fs::write(path.join("plots/a.png"), "mine").unwrap();
    let before = fs::read(path.join("manifest.json")).unwrap();
    let error = Store::create(path, facts(Format::Parquet), false).unwrap_err();
    assert!(matches!(error, StoreError::ExistingRun { .. }), "{error}");
    assert_eq!(fs::read(path.join("manifest.json")).unwrap(), before);

    // A foreign file where a result should go: refused even with force, and the old run stays.
    fs::write(path.join("national.parquet"), "mine").unwrap();
    let error = Store::create(path, facts(Format::Parquet), true).unwrap_err();
    assert!(matches!(error, StoreError::ForeignFile { .. }), "{error}");
    read_table(path, "national", &[]).unwrap();
    fs::remove_file(path.join("national.parquet")).unwrap();

    let store = Store::create(path, facts(Format::Parquet), true).unwrap();
    let names: Vec<_> = files(path).into_keys().collect();
    let lock = ".pointplane-lock";
    let kept = [
        lock,
        "columns.csv",
        "notes.txt",
        "parts",
        "plots",
        "scenario.resolved.toml",
    ];
    assert_eq!(names, kept);
    assert_eq!(Manifest::load(path).unwrap().status, Status::Running);
    for replicate in 0..REPLICATES {
        store.write(replicate, rows(replicate)).unwrap();
    }
    store.finish().unwrap();
    assert_eq!(fs::read(path.join("notes.txt")).unwrap(), b"mine");
    assert_eq!(fs::read(path.join("plots/a.png")).unwrap(), b"mine");
}

#[test]
fn force_deletes_nothing_that_a_changed_manifest_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    run(&path, Format::Csv, &[0, 1, 2, 3, 4, 5]);
    fs::write(dir.path().join("precious.csv"), "mine").unwrap();
    fs::write(path.join("notes.txt"), "mine").unwrap();
    let mut manifest = Manifest::load(&path).unwrap();
    manifest.tables[1].file = "../precious.csv".into();
    manifest.tables[2].name = "../precious".into();
    manifest.tables[2].file = "notes.txt".into();
    fs::write(
        path.join("manifest.json"),
        serde_json::to_vec(&manifest).unwrap(),
    )
    .unwrap();
    let mut other = facts(Format::Csv);
    other.tables.truncate(1);
    Store::create(&path, other, true).unwrap();
    assert!(dir.path().join("precious.csv").exists() && path.join("notes.txt").exists());
}

#[test]
fn folders_that_hold_no_run_are_left_alone_even_with_force() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("thesis.docx"), "mine").unwrap();
    for force in [false, true] {
        let error = Store::create(path, facts(Format::Csv), force).unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    }
    fs::write(path.join("manifest.json"), r#"{"name": "a web page"}"#).unwrap();
    let error = Store::create(path, facts(Format::Csv), true).unwrap_err();
    assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    let newer = r#"{"program": "pointplane", "format_version": 2}"#;
    fs::write(path.join("manifest.json"), newer).unwrap();
    let text = Store::create(path, facts(Format::Csv), true)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("has format 2; this program knows formats up to 1"),
        "{text}"
    );
    let torn = r#"{"program": "pointplane", "format_version": 1}"#;
    fs::write(path.join("manifest.json"), torn).unwrap();
    let error = Store::create(path, facts(Format::Csv), true).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    assert_eq!(fs::read_dir(path).unwrap().count(), 2);
}

#[test]
fn a_path_through_a_file_fails_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    for path in [file.clone(), file.join("results")] {
        let error = Store::create(&path, facts(Format::Csv), true).unwrap_err();
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn two_stores_do_not_share_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), facts(Format::Csv), false).unwrap();
    for force in [false, true] {
        let error = Store::create(dir.path(), facts(Format::Csv), force).unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    }
    let error = Store::resume(dir.path(), facts(Format::Csv)).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
    drop(store);
    Store::resume(dir.path(), facts(Format::Csv)).unwrap();
}

#[test]
fn mistakes_of_the_caller_are_told_and_harm_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = facts(Format::Csv);
    first.first_replicate = 10;
    let store = Store::create(dir.path(), first, false).unwrap();
    for replicate in [0, 9, 16] {
        let error = store.write(replicate, rows(0)).unwrap_err();
        assert!(matches!(error, StoreError::Replicate { .. }), "{error}");
    }
    let mut missing = rows(0);
    missing.pop();
    let mut twice = rows(0);
    twice.push(twice[0].clone());
    let mut unknown = rows(0);
    unknown[0].table = "places".into();
    let mut short = rows(0);
    short[0].columns.pop();
    for wrong in [missing, twice, unknown, short] {
        let error = store.write(10, wrong).unwrap_err();
        assert!(matches!(error, StoreError::Data { .. }), "{error}");
    }
    store.write(10, rows(0)).unwrap();
    let error = store.write(10, rows(0)).unwrap_err();
    assert!(matches!(error, StoreError::Replicate { .. }), "{error}");
    assert_eq!(store.finished().into_iter().collect::<Vec<_>>(), [10]);
}

#[test]
fn tables_read_back() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), format, &[3, 1, 2, 0, 5, 4]);
        assert_eq!(read_defs(dir.path()).unwrap(), tables());
        for def in tables() {
            let (read, data) = read_table(dir.path(), &def.name, &[]).unwrap();
            assert_eq!(read, def);
            for (at, column) in data.columns.iter().enumerate() {
                assert_eq!(
                    *column,
                    concat(&expected(&def.name, at)),
                    "{} {at}",
                    def.name
                );
            }
        }
        let (def, data) = read_table(dir.path(), "national", &["stock", "replicate"]).unwrap();
        assert_eq!(def.columns[0].name, "stock");
        assert_eq!(data.columns[0], concat(&expected("national", 2)));
        assert_eq!(data.columns[1], concat(&expected("national", 0)));
        let text = read_table(dir.path(), "places", &[])
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("it has national, adoptions, nothing"),
            "{text}"
        );
        let text = read_table(dir.path(), "national", &["x"])
            .unwrap_err()
            .to_string();
        assert!(text.contains("it has replicate, month, stock"), "{text}");

        let file = dir.path().join(format!("national.{format}"));
        let mut bytes = fs::read(&file).unwrap();
        bytes[30] ^= 1;
        fs::write(&file, bytes).unwrap();
        let error = read_table(dir.path(), "national", &[]).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}

fn concat(columns: &[Column]) -> Column {
    match &columns[0] {
        Column::Int(_) => Column::Int(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Int(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Float(_) => Column::Float(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Float(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Month(_) => Column::Month(
            columns
                .iter()
                .flat_map(|c| match c {
                    Column::Month(v) => v.clone(),
                    _ => vec![],
                })
                .collect(),
        ),
        Column::Text { .. } => Column::text(
            columns
                .iter()
                .flat_map(|c| (0..c.len()).map(|row| c.text_at(row))),
        ),
    }
}

#[test]
fn the_parquet_crate_reads_what_was_written() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), Format::Parquet, &[0, 1, 2, 3, 4, 5]);
    let open = |name: &str| {
        let file = fs::File::open(dir.path().join(name)).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
    };
    let builder = open("adoptions.parquet");
    let groups = builder.metadata().row_groups().iter().map(|g| g.num_rows());
    // Replicates 0 and 1 gathered, 2 by itself, 3 to 5 gathered.
    assert_eq!(groups.collect::<Vec<_>>(), [80, 70_000, 120]);
    let mut rows_seen = 0;
    let places = concat(&expected("adoptions", 1));
    let Column::Float(credits) = concat(&expected("adoptions", 2)) else {
        panic!("credit is a number");
    };
    for batch in builder.build().unwrap() {
        let batch = batch.unwrap();
        let place = batch.column_by_name("place").unwrap().as_string::<i32>();
        let credit = batch
            .column_by_name("credit")
            .unwrap()
            .as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let text = (!place.is_null(row)).then(|| place.value(row));
            assert_eq!(text, places.text_at(rows_seen + row));
            assert_eq!(
                credit.value(row).to_bits(),
                credits[rows_seen + row].to_bits()
            );
        }
        rows_seen += batch.num_rows();
    }
    assert_eq!(rows_seen, 70_200);

    let batch = open("national.parquet")
        .build()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let replicate = batch.column(0).as_primitive::<Int64Type>();
    let month = batch.column(1).as_primitive::<Date32Type>();
    let stock = batch.column(2);
    assert_eq!((replicate.value(0), replicate.value(13)), (0, 1));
    // 2013-01-01 is day 15706 since 1970-01-01; September begins 243 days later.
    assert_eq!((month.value(0), month.value(8)), (15_706, 15_706 + 243));
    assert!(month.is_null(12) && stock.is_null(3) && !stock.is_null(4));
    assert_eq!(open("nothing.parquet").build().unwrap().count(), 0);
}

#[test]
fn csv_is_what_a_reader_expects() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), Format::Csv, &[0, 1, 2, 3, 4, 5]);
    let text = fs::read_to_string(dir.path().join("adoptions.csv")).unwrap();
    let start = "replicate,place,credit\n0,\"a,b\",1\n0,\"say \"\"hi\"\"\",0.5\n\
                 0,长江经济带,0.3333333333333333\n0,\"line\nbreak\",0.25\n0,,0.2\n";
    assert!(text.starts_with(start), "{:?}", &text[..150]);
    let text = fs::read_to_string(dir.path().join("national.csv")).unwrap();
    assert!(text.starts_with("replicate,month,stock\n0,2013-01-01,0\n"));
    assert!(text.contains("\n1,2013-04-01,\n") && !text.contains("NaN"));
    assert_eq!(
        fs::read_to_string(dir.path().join("nothing.csv")).unwrap(),
        "place\n"
    );
    let columns = fs::read_to_string(dir.path().join("columns.csv")).unwrap();
    assert!(
        columns
            .starts_with("table,column,type,unit,description\nnational,replicate,int,,Replicate\n")
    );
    assert!(columns.contains("\nnational,stock,float,items,\"Σ m·q, \"\"weighted\"\"\"\n"));
}

#[test]
fn wrong_names_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    let mut wrong = facts(Format::Csv);
    wrong.tables[0].columns[0].name = "int".into();
    let error = Store::create(&path, wrong, false).unwrap_err();
    assert!(matches!(error, StoreError::Names { .. }), "{error}");
    assert!(!path.exists());
}
