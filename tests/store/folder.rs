//! Which folders are taken, and what in them is never touched.

use std::fs;

use pointplane::store::{
    End, Folder, Format, Make, Manifest, Shard, Start, Status, StoreError, read_table,
};

use super::fixture::{asked, files, prepare, run, work};

#[test]
fn a_run_is_replaced_only_by_force_and_foreign_files_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    run(path, Format::Csv, &[0, 1, 2, 3, 4, 5]);
    fs::write(path.join("notes.txt"), "mine").unwrap();
    fs::create_dir(path.join("plots")).unwrap();
    fs::write(path.join("plots/a.png"), "mine").unwrap();
    let before = fs::read(path.join("manifest.json")).unwrap();
    let error = prepare(path, Format::Parquet, Start::New).unwrap_err();
    assert!(matches!(error, StoreError::Existing { .. }), "{error}");
    assert_eq!(fs::read(path.join("manifest.json")).unwrap(), before);

    // A foreign file where a result should go: refused even with force, and the old run stays.
    fs::write(path.join("national.parquet"), "mine").unwrap();
    let error = prepare(path, Format::Parquet, Start::Replace).unwrap_err();
    assert!(matches!(error, StoreError::ForeignFile { .. }), "{error}");
    read_table(path, "national", &[]).unwrap();
    fs::remove_file(path.join("national.parquet")).unwrap();

    let (folder, _) = prepare(path, Format::Parquet, Start::Replace).unwrap();
    let names: Vec<_> = files(path).into_keys().collect();
    let kept = [
        "columns.csv",
        "notes.txt",
        "plots",
        "scenario.resolved.toml",
    ];
    assert_eq!(names, kept);
    assert_eq!(Manifest::load(path).unwrap().status, Status::Running);
    work(&folder, &[0, 1, 2, 3, 4, 5], End::Whole);
    folder.merge(&Make::default()).unwrap();
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
    let mut other = asked(Format::Csv);
    other.tables.truncate(1);
    Folder::prepare(&path, other, Start::Replace).unwrap();
    assert!(dir.path().join("precious.csv").exists() && path.join("notes.txt").exists());
}

#[test]
fn folders_that_hold_no_run_are_left_alone_even_with_force() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("thesis.docx"), "mine").unwrap();
    for start in [Start::New, Start::Replace] {
        let error = prepare(path, Format::Csv, start).unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    }
    fs::write(path.join("manifest.json"), r#"{"name": "a web page"}"#).unwrap();
    let error = prepare(path, Format::Csv, Start::Replace).unwrap_err();
    assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    let newer = r#"{"program": "pointplane", "format_version": 3}"#;
    fs::write(path.join("manifest.json"), newer).unwrap();
    let text = prepare(path, Format::Csv, Start::Replace)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("has format 3; this program knows formats up to 2"),
        "{text}"
    );
    assert_eq!(fs::read_dir(path).unwrap().count(), 2);
    // One of this program that is damaged: it is replaced, and nothing beside it that it does not name.
    let torn = r#"{"program": "pointplane", "format_version": 2}"#;
    fs::write(path.join("manifest.json"), torn).unwrap();
    fs::write(path.join("data.csv"), "mine").unwrap();
    let error = prepare(path, Format::Csv, Start::New).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    prepare(path, Format::Csv, Start::Replace).unwrap();
    assert_eq!(fs::read(path.join("thesis.docx")).unwrap(), b"mine");
    assert_eq!(fs::read(path.join("data.csv")).unwrap(), b"mine");
}

#[test]
fn a_path_through_a_file_fails_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    for path in [file.clone(), file.join("results")] {
        let error = prepare(&path, Format::Csv, Start::Replace).unwrap_err();
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

/// Any number of workers share a folder; while one of them lives it is not replaced.
#[test]
fn a_folder_is_shared_and_not_replaced_under_a_worker() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = prepare(dir.path(), Format::Csv, Start::New).unwrap();
    let worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
    let error = prepare(dir.path(), Format::Csv, Start::New).unwrap_err();
    assert!(matches!(error, StoreError::Existing { .. }), "{error}");
    let error = prepare(dir.path(), Format::Csv, Start::Replace).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    for start in [Start::Resume, Start::Join] {
        prepare(dir.path(), Format::Csv, start).unwrap();
    }
    worker.end(End::Interrupted).unwrap();
    prepare(dir.path(), Format::Csv, Start::Replace).unwrap();
}

#[test]
fn wrong_names_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    let mut wrong = asked(Format::Csv);
    wrong.tables[0].columns[0].name = "int".into();
    let error = Folder::prepare(&path, wrong, Start::New).unwrap_err();
    assert!(matches!(error, StoreError::Names { .. }), "{error}");
    assert!(!path.exists());
}
