//! Which folders are taken, and what in them is never touched.

use std::fs;

use pointplane::store::{Format, Manifest, Status, Store, StoreError, read_table};

use super::fixture::{REPLICATES, facts, files, rows, run};

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
fn wrong_names_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    let mut wrong = facts(Format::Csv);
    wrong.tables[0].columns[0].name = "int".into();
    let error = Store::create(&path, wrong, false).unwrap_err();
    assert!(matches!(error, StoreError::Names { .. }), "{error}");
    assert!(!path.exists());
}
