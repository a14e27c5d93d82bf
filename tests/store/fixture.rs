//! A small run: three tables, six replicates.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use pointplane::store::{
    Asked, Column, ColumnDef, End, Folder, Format, Input, Job, Kind, LayoutAsked, Make, Manifest,
    Prepared, ResultKind, Shard, Start, StoreError, TableData, TableDef,
};

pub const REPLICATES: u32 = 6;
pub const NAMES: [&str; 4] = ["a,b", "say \"hi\"", "长江经济带", "line\nbreak"];

pub fn tables() -> Vec<TableDef> {
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

pub fn asked(format: Format) -> Asked {
    Asked {
        kind: ResultKind::Run,
        request: serde_json::json!({ "command": "run" }),
        scenario: "test".into(),
        layout: String::new(),
        layouts: vec![LayoutAsked {
            resolved: "format = 1\n".into(),
            ..LayoutAsked::default()
        }],
        inputs: vec![Input {
            path: "places.csv".into(),
            sha256: "00".into(),
        }],
        seed: 7,
        first_replicate: 0,
        replicates: REPLICATES,
        format,
        tables: tables(),
        comparison: None,
        sweep: None,
    }
}

/// A folder that is made ready for the run.
pub fn prepare(dir: &Path, format: Format, start: Start) -> Result<(Folder, Prepared), StoreError> {
    Folder::prepare(dir, asked(format), start)
}

/// Keeps replicates in the work of one worker.
pub fn work(folder: &Folder, replicates: &[u32], how: End) {
    let mut worker = folder
        .worker(Shard::ALL, 1, vec!["pointplane".into()])
        .unwrap();
    for &replicate in replicates {
        let job = Job {
            point: 0,
            layout: 0,
            replicate,
        };
        worker.took(job).unwrap();
        let payload = folder.encoder().encode(rows(replicate)).unwrap();
        worker.keep(job, 0.5, Ok(payload)).unwrap();
    }
    worker.end(how).unwrap();
}

/// Replicates that are done.
pub fn done(folder: &Folder) -> Vec<u32> {
    folder.scan(None).unwrap().replicates(folder.jobs())
}

/// Rows that depend on the replicate only. Replicate 2 has enough adoptions for a row group of its
/// own, so that both ways of merging are taken.
pub fn rows(replicate: u32) -> Vec<TableData> {
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
            Column::Month(months.clone()),
            Column::Float((0..months.len()).map(stock).collect()),
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

/// Every file but the manifest and the logs.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|e| {
            (
                e.file_name().into_string().unwrap(),
                fs::read(e.path()).unwrap_or_default(),
            )
        })
        .filter(|(name, _)| name != "manifest.json" && name != "logs")
        .collect()
}

pub fn run(dir: &Path, format: Format, order: &[u32]) -> Manifest {
    let (folder, _) = prepare(dir, format, Start::New).unwrap();
    work(&folder, order, End::Whole);
    folder.merge(&Make::default()).unwrap()
}

pub fn same_files(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(bytes == &b[name], "{name} differs");
    }
}

pub const FORMATS: [Format; 2] = [Format::Parquet, Format::Csv];
