//! The store on the files of this machine: results of the three kinds, their bytes, and what happens to
//! them on the way.

mod fake;
mod simulation;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::store::table::column::{ColumnDef, Kind, TableDef};
use crate::store::table::data::{Column, TableData};
use crate::store::{Format, Input, StoreError};

use crate::store::frame::{Next, Reader};
use crate::store::log::{Ended, Entry, Log, Name, Part, entry};
use crate::store::*;

pub(super) const FORMATS: [Format; 2] = [Format::Parquet, Format::Csv];
const NAMES: [&str; 4] = ["a,b", "say \"hi\"", "长江经济带", "line\nbreak"];

pub(super) fn tables() -> Vec<TableDef> {
    let id = |name| ColumnDef::new(name, Kind::Text, "", "Id");
    let replicate = || ColumnDef::new("replicate", Kind::Int, "", "Replicate");
    vec![
        TableDef::new(
            "national",
            "A month of a replicate",
            vec![
                replicate(),
                id("layout"),
                ColumnDef::new("month", Kind::Month, "", "Month"),
                ColumnDef::new("stock", Kind::Float, "items", "Σ m·q, \"weighted\""),
            ],
        ),
        TableDef::new(
            "adoptions",
            "An adoption",
            vec![
                replicate(),
                id("place"),
                ColumnDef::new("credit", Kind::Float, "share", "Credit"),
            ],
        ),
        TableDef::new("nothing", "A table without rows", vec![id("place")]),
    ]
}

/// Rows that depend on layout and replicate only. Replicate 2 has enough adoptions for a row group of its
/// own, so that both ways of merging are taken.
pub(super) fn rows(layout: u32, replicate: u32) -> Vec<TableData> {
    let n = i64::from(replicate);
    let months: Vec<Option<i32>> = (0..12).map(|m| Some(2013 * 12 + m)).chain([None]).collect();
    let stock = |m: usize| match m {
        3 => f64::NAN,
        _ => (n as f64 + f64::from(layout) / 7.0) / (m as f64 + 0.3),
    };
    let name = format!("l{layout}");
    let national = TableData::new(
        "national",
        vec![
            Column::Int(vec![Some(n); months.len()]),
            Column::text(months.iter().map(|_| Some(name.as_str()))),
            Column::Month(months.clone()),
            Column::Float((0..months.len()).map(stock).collect()),
        ],
    );
    let count = if replicate == 2 { 70_000 } else { 40 + layout };
    let adoptions = TableData::new(
        "adoptions",
        vec![
            Column::Int((0..count).map(|_| Some(n)).collect()),
            Column::Text {
                codes: (0..count)
                    .map(|i| (i % 5 < 4).then_some((i + layout + replicate) % 4))
                    .collect(),
                ids: Arc::new(NAMES.map(str::to_owned).to_vec()),
            },
            Column::Float((0..count).map(|i| 1.0 / f64::from(i + 1)).collect()),
        ],
    );
    let nothing = TableData::new("nothing", vec![Column::empty(Kind::Text)]);
    vec![adoptions, nothing, national]
}

/// A run with one layout, a comparison with more.
pub(super) fn asked(format: Format, layouts: u32, replicates: u32) -> Asked {
    let layout = |at: u32| LayoutAsked {
        name: format!("l{at}"),
        resolved: format!("layout = {at}\n"),
        ..LayoutAsked::default()
    };
    let derived = TableDef::new(
        "effects",
        "Means",
        vec![ColumnDef::new("mean", Kind::Float, "", "Mean")],
    );
    Asked {
        kind: match layouts {
            1 => ResultKind::Run,
            _ => ResultKind::Comparison,
        },
        request: json!({"replicates": replicates}),
        scenario: "test".into(),
        layout: String::new(),
        layouts: (0..layouts).map(layout).collect(),
        inputs: vec![Input {
            path: "places.csv".into(),
            sha256: "00".into(),
        }],
        seed: 7,
        first_replicate: 0,
        replicates,
        format,
        tables: tables(),
        comparison: (layouts > 1).then(|| ComparisonAsked {
            horizons: Vec::new(),
            derivation: Derivation::default(),
            derived: vec![derived],
        }),
        sweep: None,
    }
}

/// The derived table: the mean of all values of `stock` that are there.
fn derive(kept: &Kept<'_>) -> Result<Vec<TableData>, StoreError> {
    let (mut sum, mut count) = (0.0, 0.0);
    for replicate in kept.replicates() {
        let columns = kept.columns(replicate, "national", &["stock", "layout"])?;
        let Column::Float(stock) = &columns[0] else {
            continue;
        };
        let there = stock.iter().filter(|value| value.is_finite());
        there.for_each(|value| (sum, count) = (sum + value, count + 1.0));
    }
    let mean = Column::Float(vec![sum / count]);
    Ok(vec![TableData::new("effects", vec![mean])])
}

pub(super) fn make() -> Make<'static> {
    Make {
        derive: &derive,
        command: &|job| format!("run {}", job.replicate),
    }
}

fn comparison(kind: ResultKind) -> Make<'static> {
    match kind {
        ResultKind::Comparison => make(),
        _ => Make::default(),
    }
}

/// Runs the jobs at these positions that are not done; a worker of its own.
pub(super) fn work(folder: &Folder, order: &[usize], how: End) {
    let found = folder.scan(None).unwrap();
    let mut worker = folder
        .worker(Shard::ALL, 1, vec!["pointplane".into(), "run".into()])
        .unwrap();
    let encoder = folder.encoder();
    for &at in order {
        if found.state(at) == State::Done {
            continue;
        }
        let job = folder.jobs().job(at);
        worker.took(job).unwrap();
        let tables = rows(job.layout.into(), job.replicate);
        let payload = encoder.encode(tables).unwrap();
        worker.keep(job, 0.5, Ok(payload)).unwrap();
    }
    worker.end(how).unwrap();
}

fn run(dir: &Path, asked: Asked, order: &[usize]) -> Manifest {
    let kind = asked.kind;
    let (folder, prepared) = Folder::prepare(dir, asked, Start::New).unwrap();
    assert_eq!(prepared, Prepared::New);
    work(&folder, order, End::Whole);
    folder.merge(&comparison(kind)).unwrap()
}

/// Every file but the manifest and the logs.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let named = entries.map(|e| (e.file_name().into_string().unwrap(), e.path()));
    let named = named.filter(|(name, _)| name != "manifest.json" && name != "logs");
    named
        .map(|(name, path)| (name, fs::read(path).unwrap_or_default()))
        .collect()
}

fn same_files(a: &Path, b: &Path) {
    let (a, b) = (files(a), files(b));
    assert!(a.keys().eq(b.keys()), "{:?} {:?}", a.keys(), b.keys());
    for (name, bytes) in &a {
        assert!(bytes == &b[name], "{name} differs");
    }
}

fn all(asked: &Asked) -> Vec<usize> {
    (0..asked.layouts.len() * asked.replicates as usize).collect()
}

#[test]
fn interrupted_and_resumed_gives_the_same_bytes() {
    for format in FORMATS {
        for layouts in [1, 3] {
            let dir = tempfile::tempdir().unwrap();
            let (whole, broken) = (dir.path().join("whole"), dir.path().join("broken"));
            let asked = || asked(format, layouts, 6);
            let kind = asked().kind;
            let order = all(&asked());
            let manifest = run(&whole, asked(), &order);
            assert_eq!(manifest.status, Status::Complete);
            assert_eq!((manifest.replicates_done, manifest.sessions.len()), (6, 1));

            let (folder, _) = Folder::prepare(&broken, asked(), Start::New).unwrap();
            work(&folder, &order[order.len() / 2..], End::Interrupted);
            let manifest = folder.settle().unwrap();
            assert_eq!(manifest.status, Status::Interrupted);
            assert_eq!(Manifest::load(&broken).unwrap(), manifest);
            let error = folder.merge(&comparison(kind)).unwrap_err();
            assert!(matches!(error, StoreError::Incomplete { .. }), "{error}");
            let error = read_table(&broken, "national", &[]).unwrap_err();
            assert!(matches!(error, StoreError::NotMade { .. }), "{error}");
            let error = Folder::prepare(&broken, asked(), Start::New).unwrap_err();
            assert!(matches!(error, StoreError::Existing { .. }), "{error}");

            let (folder, prepared) = Folder::prepare(&broken, asked(), Start::Resume).unwrap();
            assert_eq!(prepared, Prepared::Same);
            work(&folder, &order, End::Whole);
            let manifest = folder.merge(&comparison(kind)).unwrap();
            assert_eq!(manifest.sessions.len(), 2);
            same_files(&whole, &broken);
            let (_, prepared) = Folder::prepare(&broken, asked(), Start::Resume).unwrap();
            assert_eq!(prepared, Prepared::Whole);
            assert_eq!(super::whole(&broken).unwrap(), manifest);
            // Again: nothing changes.
            assert_eq!(folder.merge(&comparison(kind)).unwrap(), manifest);
            same_files(&whole, &broken);
            // A run's logs go, but for the one that vouches for it.
            let logs = fs::read_dir(broken.join("logs")).unwrap();
            let names: Vec<_> = logs.map(|e| e.unwrap().file_name()).collect();
            match layouts {
                1 => assert_eq!(names, ["complete.log"]),
                _ => assert_eq!(names.len(), 3, "{names:?}"),
            }
        }
    }
}

#[test]
fn replicates_are_added_to_a_comparison() {
    let dir = tempfile::tempdir().unwrap();
    let (more, whole) = (dir.path().join("more"), dir.path().join("whole"));
    run(
        &whole,
        asked(Format::Parquet, 2, 5),
        &all(&asked(Format::Parquet, 2, 5)),
    );
    run(
        &more,
        asked(Format::Parquet, 2, 3),
        &all(&asked(Format::Parquet, 2, 3)),
    );
    let ask = || asked(Format::Parquet, 2, 5);
    let (folder, prepared) = Folder::prepare(&more, ask(), Start::Resume).unwrap();
    assert_eq!(prepared, Prepared::Extended);
    assert_eq!(folder.scan(None).unwrap().counts().done, 6);
    assert_eq!(Manifest::load(&more).unwrap().status, Status::Running);
    work(&folder, &all(&ask()), End::Whole);
    folder.merge(&make()).unwrap();
    same_files(&whole, &more);
    let fewer = asked(Format::Parquet, 2, 3);
    let error = Folder::prepare(&more, fewer, Start::Resume).unwrap_err();
    assert!(
        matches!(error, StoreError::TooMany { last: 4, .. }),
        "{error}"
    );
    super::whole(&more).unwrap();
    // Other derived tables: made again from what is kept.
    let mut other = ask();
    if let Some(comparison) = &mut other.comparison {
        comparison.derivation.interval = "t".into();
    }
    let (folder, prepared) = Folder::prepare(&more, other, Start::Resume).unwrap();
    assert_eq!(prepared, Prepared::Extended);
    assert!(folder.scan(None).unwrap().is_whole());
    folder.merge(&make()).unwrap();
    same_files(&whole, &more);
}

#[test]
fn what_is_damaged_is_named_and_mended() {
    let dir = tempfile::tempdir().unwrap();
    let (good, bad) = (dir.path().join("good"), dir.path().join("bad"));
    let ask = || asked(Format::Csv, 2, 3);
    run(&good, ask(), &all(&ask()));
    for file in [
        "national.csv",
        "effects.csv",
        "columns.csv",
        "scenario.resolved.toml",
        "layouts/l1.resolved.toml",
    ] {
        for gone in [false, true] {
            if bad.exists() {
                fs::remove_dir_all(&bad).unwrap();
            }
            run(&bad, ask(), &all(&ask()));
            let path = bad.join(file);
            if gone {
                fs::remove_file(&path).unwrap();
            } else {
                fs::write(&path, "changed").unwrap();
            }
            let error = super::whole(&bad).unwrap_err().to_string();
            assert!(
                error.contains(file) && error.contains("--resume"),
                "{error}"
            );
            let (folder, prepared) = Folder::prepare(&bad, ask(), Start::Resume).unwrap();
            if prepared == Prepared::Same {
                assert!(folder.scan(None).unwrap().is_whole());
                folder.merge(&make()).unwrap();
            }
            super::whole(&bad).unwrap();
            same_files(&good, &bad);
        }
    }
    // A run keeps nothing to make its tables from.
    let run_dir = dir.path().join("run");
    let ask = || asked(Format::Csv, 1, 3);
    run(&run_dir, ask(), &all(&ask()));
    fs::remove_file(run_dir.join("national.csv")).unwrap();
    let error = Folder::prepare(&run_dir, ask(), Start::Resume).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("national.csv is missing"), "{text}");
    assert!(text.contains("--force"), "{text}");
    let (folder, prepared) = Folder::prepare(&run_dir, ask(), Start::Replace).unwrap();
    assert_eq!(prepared, Prepared::New);
    work(&folder, &all(&ask()), End::Whole);
    folder.merge(&Make::default()).unwrap();
    super::whole(&run_dir).unwrap();
}

#[test]
fn folders_of_the_first_version_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let old = r#"{"program": "pointplane", "format_version": 1, "command_line":
        ["pointplane", "run", "scenarios/a b"]}"#;
    fs::write(dir.path().join("manifest.json"), old).unwrap();
    for start in [Start::New, Start::Resume, Start::Join, Start::Replace] {
        let error = Folder::prepare(dir.path(), asked(Format::Csv, 1, 1), start).unwrap_err();
        assert!(matches!(error, StoreError::OldFormat { .. }), "{error}");
        let text = error.to_string();
        assert!(text.ends_with("pointplane run 'scenarios/a b'"), "{text}");
    }
    let sweep = tempfile::tempdir().unwrap();
    let old = r#"{"program": "pointplane", "kind": "sweep", "plan": "plans/a.toml"}"#;
    fs::write(sweep.path().join("sweep.json"), old).unwrap();
    let error = Folder::open(sweep.path()).unwrap_err().to_string();
    let again = format!(
        "pointplane sweep run plans/a.toml --out {}",
        sweep.path().display()
    );
    assert!(error.ends_with(&again), "{error}");
}

/// Three points, two layouts; the values are a function of the job.
fn sweep(format: Format, replicates: u32) -> Asked {
    let points: Vec<PointRow> = ["0.1", "0.2", "0.3"]
        .map(|value| PointRow::new(vec![format!("line.beta={value}")]))
        .to_vec();
    let text = |f: &dyn Fn(&PointRow) -> String| {
        let texts: Vec<String> = points.iter().map(f).collect();
        Column::text(texts.iter().map(|text| Some(text.as_str())))
    };
    let none = || Column::text(points.iter().map(|_| None));
    let table = TableData::new(
        "points",
        vec![
            Column::Int((0..3).map(Some).collect()),
            text(&|point| point.id.clone()),
            Column::Int(vec![None; 3]),
            none(),
            none(),
            Column::Int(vec![None; 3]),
            Column::Float(vec![0.1, 0.2, 0.3]),
            text(&|point| point.settings.join(" ")),
        ],
    );
    let slot = |outcome: &str, horizon| SlotEntry {
        outcome: outcome.to_owned(),
        group_kind: "national".to_owned(),
        group: None,
        horizon,
    };
    Asked {
        kind: ResultKind::Sweep,
        request: json!({"plan": "plan.toml"}),
        tables: Vec::new(),
        comparison: None,
        sweep: Some(SweepAsked {
            sweep: Sweep {
                pool: false,
                own_replicates: false,
                targets: vec![],
                name: "trial".into(),
                title: String::new(),
                title_zh: String::new(),
                plan: "plan.toml".into(),
                scenario: "s".into(),
                start: 2013 * 12,
                months: 24,
                set: Vec::new(),
                layout_words: vec!["l0".into(), "l1".into()],
                variants: 0,
                fixed: Vec::new(),
                slots: vec![slot("mean_stock", Some(23)), slot("first_circle", None)],
                monthly: Some(Monthly {
                    months: vec![11, 23],
                    measures: vec!["theil".into(), "gini".into()],
                }),
                design: crate::design::Kind::Grid {},
                parameters: vec![ParameterEntry {
                    key: "line.beta".into(),
                    column: "line_beta".into(),
                    text: false,
                    unit: String::new(),
                    what: "Weight".into(),
                }],
                rows: 3,
            },
            plan: "name = \"trial\"\n".into(),
            points,
            table,
        }),
        ..asked(format, 2, replicates)
    }
}

fn values(job: Job) -> Vec<f64> {
    let seed = f64::from(job.point * 100 + u32::from(job.layout) * 10 + job.replicate);
    let value = |at: u32| match (at, job.replicate) {
        (1, 1) => f64::NAN,
        (2, 0) => -0.0,
        _ => (seed + f64::from(at)).sqrt(),
    };
    (0..6).map(value).collect()
}

fn sweep_work(folder: &Folder, shard: Shard, wanted: impl Fn(usize) -> bool, full: u64) {
    let found = folder.scan(None).unwrap();
    let mut worker = folder.worker(shard, 2, vec!["pointplane".into()]).unwrap();
    worker.full_at(full);
    for at in (0..folder.jobs().len()).filter(|at| wanted(*at)) {
        let job = folder.jobs().job(at);
        if found.state(at) == State::Done {
            continue;
        }
        worker.took(job).unwrap();
        let result = match at {
            5 => Err("it cannot be".to_owned()),
            _ => Ok(Payload::Values(values(job))),
        };
        worker.keep(job, 0.25, result).unwrap();
    }
    worker.end(End::Whole).unwrap();
}

/// A sweep's tables hold what is there; what is left is run, and what failed when it is asked for.
#[test]
fn a_sweep_is_made_at_any_time() {
    for format in FORMATS {
        let dir = tempfile::tempdir().unwrap();
        let asked = sweep(format, 3);
        let here = dir.path().join("new");
        let (folder, _) = Folder::prepare(&here, asked, Start::New).unwrap();
        for number in 0..3 {
            let shard = Shard { number, of: 3 };
            let wanted = |at: usize| at % 3 == number as usize && at != 7;
            sweep_work(
                &folder,
                shard,
                wanted,
                [u64::MAX, 300, 2000][number as usize],
            );
        }
        let manifest = folder.merge(&make()).unwrap();
        assert_eq!(manifest.status, Status::Partial);
        let counts = manifest.jobs;
        assert_eq!((counts.done, counts.failed, counts.missing), (16, 1, 1));
        assert_eq!(manifest.sessions.len(), 3);
        // What is not there is run; what failed, when it is asked for.
        let (folder, prepared) = Folder::prepare(&here, sweep(format, 3), Start::Join).unwrap();
        assert_eq!(prepared, Prepared::Same);
        sweep_work(&folder, Shard::ALL, |at| at == 7, u64::MAX);
        let status = folder.status().unwrap();
        assert_eq!((status.done, status.failed, status.missing), (17, 1, 0));
        let shards: Vec<_> = status.shards.iter().map(|s| &s.shard[..]).collect();
        assert_eq!(shards, ["0/1", "0/3", "1/3", "2/3"]);
        let found = folder.scan(None).unwrap();
        assert_eq!(found.error(5), Some("it cannot be"));
        // Fewer replicates: the others are told.
        let (folder, prepared) = Folder::prepare(&here, sweep(format, 2), Start::Join).unwrap();
        assert_eq!(prepared, Prepared::Extended);
        let manifest = folder.merge(&make()).unwrap();
        assert_eq!(manifest.jobs.others, 6);
    }
}

/// Cut anywhere, a log gives its whole frames; with a byte changed, all but the changed one.
#[test]
fn a_log_cut_or_changed_anywhere_gives_what_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path().join("s");
    let (folder, _) = Folder::prepare(&here, sweep(Format::Csv, 1), Start::New).unwrap();
    sweep_work(&folder, Shard::ALL, |at| at < 3, u64::MAX);
    let logs = here.join("logs");
    let log = fs::read_dir(&logs).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&log).unwrap();
    let whole = folder.scan(None).unwrap();
    assert_eq!((whole.counts().done, whole.damaged().len()), (3, 0));
    let done = done_frames(&bytes);
    for cut in 0..=bytes.len() {
        fs::write(&log, &bytes[..cut]).unwrap();
        let found = folder.scan(None).unwrap();
        let expected = done.iter().filter(|(_, end)| *end <= cut).count() as u64;
        assert_eq!(found.counts().done, expected, "cut at {cut}");
        assert_eq!(found.damaged().len(), 0, "cut at {cut}");
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            fs::write(&log, &changed).unwrap();
            let found = folder.scan(None).unwrap();
            let counts = found.counts();
            let told = found.damaged().len() + found.foreign().len();
            // All but the line end behind a payload, which says nothing.
            if done.iter().any(|(from, to)| (*from..*to - 1).contains(&at)) {
                assert_eq!(counts.done, 2, "byte {at}");
                assert!(told > 0, "byte {at}");
            } else {
                assert!(counts.done == 3 || at < done[0].0 && told > 0, "byte {at}");
            }
        }
    }
}

/// Where the frames of jobs that are done begin and end.
fn done_frames(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(b"@pointplane "))
        .collect();
    starts.push(bytes.len());
    let frames = starts.windows(2).map(|pair| (pair[0], pair[1]));
    let done = |start: usize, end: usize| {
        let text = String::from_utf8_lossy(&bytes[start..end]).into_owned();
        text.contains("{\"done\"")
    };
    frames.filter(|(start, end)| done(*start, *end)).collect()
}

/// A log cut anywhere gives the frames before the cut, of every kind, and is not begun a second time.
#[test]
fn a_log_cut_anywhere_gives_its_whole_frames() {
    let dir = tempfile::tempdir().unwrap();
    let (path, files) = (dir.path().join("a.log"), disk());
    let job = Name("p".to_owned(), "东北 \"x\"".to_owned(), 7);
    let entries = [
        Entry::Took(job.clone()),
        Entry::Failed {
            job: job.clone(),
            seconds: 0.5,
            error: "no world:\n\u{1}\ttoo\u{7f} large 😀".to_owned(),
        },
        Entry::Alive(1_700_000_000),
        Entry::Done {
            job,
            seconds: 1.5,
            parts: vec![Part::of(1, b"@pointplane \n")],
        },
        Entry::End(Ended {
            how: End::Interrupted,
            ended: "2026-01-01T00:00:00Z".to_owned(),
            seconds: 2.0,
            peak_bytes: Some(1 << 20),
        }),
    ];
    let mut log = Log::begin(&*files, &path).unwrap();
    let mut ends = Vec::new();
    for entry in &entries {
        let payload: &[&[u8]] = match entry {
            Entry::Done { .. } => &[b"@pointplane \n"],
            _ => &[],
        };
        log.put(entry, payload).unwrap();
        ends.push(fs::read(&path).unwrap().len());
    }
    let again = Log::begin(&*files, &path).unwrap_err();
    assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
    let bytes = fs::read(&path).unwrap();
    for cut in 0..=bytes.len() {
        fs::write(&path, &bytes[..cut]).unwrap();
        let mut reader = Reader::open(&*files, &path).unwrap();
        let mut read = Vec::new();
        let torn = loop {
            match reader.next().unwrap() {
                Next::Frame(frame) => read.push(entry(&frame.head).unwrap()),
                Next::Damaged(at) => panic!("cut at {cut}: damaged at {at}"),
                Next::End { torn } => break torn,
            }
        };
        let whole = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(read, entries[..whole], "cut at {cut}");
        assert_eq!(torn, cut > 0 && !ends.contains(&cut), "cut at {cut}");
    }
}

#[test]
fn copies_are_no_harm_and_copies_that_differ_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let here = dir.path().join("s");
    let (folder, _) = Folder::prepare(&here, sweep(Format::Csv, 2), Start::New).unwrap();
    sweep_work(&folder, Shard::ALL, |at| at != 5, 400);
    let manifest = folder.merge(&make()).unwrap();
    let logs: Vec<_> = fs::read_dir(here.join("logs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(logs.len() > 2);
    for log in &logs {
        let name = log.file_name().unwrap().to_str().unwrap();
        for to in [format!("0 {name}"), name.replace(".log", " (copy).log")] {
            fs::copy(log, here.join("logs").join(to)).unwrap();
        }
    }
    let again = folder.merge(&make()).unwrap();
    assert_eq!(again.tables, manifest.tables);
    assert_eq!(again, manifest);
    // Another program's values.
    let (job, mut worker) = (folder.jobs().job(0), {
        let shard = Shard { number: 1, of: 2 };
        folder.worker(shard, 1, Vec::new()).unwrap()
    });
    worker
        .keep(job, 0.1, Ok(Payload::Values(vec![0.0; 6])))
        .unwrap();
    worker.end(End::Whole).unwrap();
    let error = folder.merge(&make()).unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert_eq!(Manifest::load(&here).unwrap(), manifest);
    // Files of another sweep are told and left alone.
    let mut other = sweep(Format::Csv, 2);
    other.seed = 8;
    let error = Folder::prepare(&here, other.clone(), Start::Join).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("seed is 7 there and 8 now"), "{text}");
    let there = dir.path().join("other");
    let (foreign, _) = Folder::prepare(&there, other, Start::New).unwrap();
    fs::copy(&logs[0], there.join("logs.tmp")).unwrap();
    fs::create_dir_all(there.join("logs")).unwrap();
    fs::rename(there.join("logs.tmp"), there.join("logs/a.log")).unwrap();
    let found = foreign.scan(None).unwrap();
    assert_eq!((found.foreign().len(), found.counts().done), (1, 0));
}

#[test]
fn results_of_another_model_are_read_and_nothing_is_added_to_them() {
    let dir = tempfile::tempdir().unwrap();
    for (layouts, name) in [(1, "run"), (2, "comparison")] {
        let here = dir.path().join(name);
        let asked = || asked(Format::Csv, layouts, 2);
        let (folder, _) = Folder::prepare(&here, asked(), Start::New).unwrap();
        assert_eq!(Manifest::load(&here).unwrap().model, MODEL);
        // As the program before this one wrote it: it did not name its model.
        let mut manifest = folder.manifest().clone();
        manifest.model = 1;
        manifest.fingerprint = manifest.make_fingerprint();
        let mut value = serde_json::to_value(&manifest).unwrap();
        value.as_object_mut().unwrap().remove("model").unwrap();
        let path = here.join("manifest.json");
        fs::write(&path, serde_json::to_vec(&value).unwrap()).unwrap();
        assert_eq!(Manifest::load(&here).unwrap(), manifest);
        let before = fs::read(&path).unwrap();
        let mut refusals = Vec::new();
        for start in [Start::Resume, Start::Join] {
            refusals.push(Folder::prepare(&here, asked(), start).unwrap_err());
        }
        refusals.push(Folder::open(&here).unwrap().merge(&make()).unwrap_err());
        for error in refusals {
            let text = error.to_string();
            assert!(matches!(error, StoreError::OtherModel { .. }), "{text}");
            for words in [
                "made with model 1",
                "has model 2",
                "in another folder",
                "program that made it",
            ] {
                assert!(text.contains(words), "{text}");
            }
        }
        assert!(Folder::like(&here, asked()).unwrap().is_none());
        assert_eq!(fs::read(&path).unwrap(), before);
        // It can be replaced.
        Folder::prepare(&here, asked(), Start::Replace).unwrap();
        assert_eq!(Manifest::load(&here).unwrap().model, MODEL);
    }
}
/// The three kinds of results, with what their tables take.
fn kinds(format: Format) -> [(Asked, Make<'static>); 3] {
    [
        (asked(format, 1, 4), Make::default()),
        (asked(format, 2, 4), make()),
        (sweep(format, 40), make()),
    ]
}

/// Makes results of any kind; those of a sweep without run 5, which fails.
fn made(dir: &Path, asked: Asked, make: &Make<'_>) -> Manifest {
    let all = all(&asked);
    let sweeps = asked.kind == ResultKind::Sweep;
    let (folder, _) = Folder::prepare(dir, asked, Start::Join).unwrap();
    if sweeps {
        sweep_work(&folder, Shard::ALL, |_| true, u64::MAX);
    } else {
        work(&folder, &all, End::Whole);
    }
    folder.merge(make).unwrap()
}

/// Bytes of all logs.
fn log_bytes(dir: &Path) -> u64 {
    let logs = fs::read_dir(dir.join("logs")).unwrap();
    logs.map(|log| log.unwrap().metadata().unwrap().len()).sum()
}

/// The tables `outcomes` and `national` of a sweep, and the derived tables of a comparison, are made from the same
/// bytes.
#[test]
fn a_merge_holds_every_byte_of_the_logs_against_a_checksum_once() {
    for (asked, make) in kinds(Format::Parquet) {
        let dir = tempfile::tempdir().unwrap();
        let kind = asked.kind;
        let all = all(&asked);
        let (folder, _) = Folder::prepare(dir.path(), asked, Start::New).unwrap();
        if kind == ResultKind::Sweep {
            sweep_work(&folder, Shard::ALL, |at| at != 5, u64::MAX);
        } else {
            work(&folder, &all, End::Whole);
        }
        let bytes = log_bytes(dir.path());
        let before = frame::SUMMED.get();
        folder.merge(&make).unwrap();
        let summed = frame::SUMMED.get() - before;
        // All but the starts of frames, and a few checksums of checksums.
        let (least, most) = (bytes as f64 * 0.6, bytes as f64 * 1.3);
        assert!(
            (least..most).contains(&(summed as f64)),
            "{kind}: {summed} of {bytes}"
        );
    }
}

/// A copy whose payload is damaged is not taken when there is another one; without one the job is not done.
#[test]
fn a_damaged_payload_that_a_merge_comes_upon_does_not_count() {
    for (asked, make) in kinds(Format::Csv) {
        let dir = tempfile::tempdir().unwrap();
        let (kind, jobs) = (asked.kind, all(&asked).len() as u64);
        let other = dir.path().join("other");
        let here = dir.path().join("here");
        let (folder, _) = Folder::prepare(&here, asked.clone(), Start::New).unwrap();
        let keep = || match kind {
            ResultKind::Sweep => sweep_work(&folder, Shard::ALL, |at| at != 5, u64::MAX),
            _ => work(&folder, &all(&asked), End::Whole),
        };
        keep();
        let logs = here.join("logs");
        let log = fs::read_dir(&logs).unwrap().next().unwrap().unwrap().path();
        let bytes = fs::read(&log).unwrap();
        let mut damaged = bytes.clone();
        let (_, end) = done_frames(&bytes)[1];
        damaged[end - 3] ^= 1;
        fs::write(&log, &damaged).unwrap();
        // The heads say that all is done.
        let done = if kind == ResultKind::Sweep { 239 } else { jobs };
        assert_eq!(folder.overview().unwrap().counts().done, done, "{kind}");
        assert_eq!(folder.scan(None).unwrap().counts().done, done - 1, "{kind}");
        match folder.merge(&make) {
            Ok(manifest) => {
                assert_eq!(kind, ResultKind::Sweep);
                let counts = manifest.jobs;
                assert_eq!((counts.done, counts.missing), (done - 1, 2));
                let damage = manifest.damaged[0].to_string();
                assert!(damage.contains("is damaged"), "{manifest:?}");
            }
            Err(StoreError::Incomplete { missing: 1, .. }) => assert_ne!(kind, ResultKind::Sweep),
            Err(error) => panic!("{kind}: {error}"),
        }
        // The whole one, under a name that comes later.
        fs::write(logs.join("z.log"), &bytes).unwrap();
        let manifest = folder.merge(&make).unwrap();
        assert_eq!(manifest.jobs.done, done, "{kind}");
        let (folder, _) = Folder::prepare(&other, asked.clone(), Start::New).unwrap();
        match kind {
            ResultKind::Sweep => sweep_work(&folder, Shard::ALL, |at| at != 5, u64::MAX),
            _ => work(&folder, &all(&asked), End::Whole),
        }
        folder.merge(&make).unwrap();
        same_files(&here, &other);
    }
}

/// Files and folders that a test puts beside results.
fn put(dir: &Path, name: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, "x").unwrap();
}

/// What commands made of tables goes when other tables take their place, and stays while they are the same.
#[test]
fn what_is_made_of_tables_goes_with_them() {
    let derived = ["report.html", "report-zh.html", "figures/map-84mm-en.svg"];
    let own = ["figures/own.svg", "summary/own.csv", "report.pdf"];
    for (asked, make) in kinds(Format::Csv) {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let kind = asked.kind;
        let begin = || {
            let all = derived.iter().chain(&own);
            all.for_each(|name| put(dir, name));
            put(dir, "summary/sobol.csv");
        };
        let there = |names: &[&str]| {
            let there = names.iter().filter(|name| dir.join(name).exists());
            there.count()
        };
        made(dir, asked.clone(), &make);
        begin();
        let folder = Folder::open(dir).unwrap();
        folder.merge(&make).unwrap();
        assert_eq!(there(&derived), 3, "{kind}: nothing has changed");
        let mut other = asked.clone();
        other.seed = 8;
        Folder::prepare(dir, other, Start::Replace).unwrap();
        assert_eq!((there(&derived), there(&own)), (0, 3), "{kind}");
        assert!(!dir.join("summary/sobol.csv").exists());
        if kind == ResultKind::Run {
            continue;
        }
        // More replicates: from the moment on at which they are asked.
        fs::remove_dir_all(dir).unwrap();
        made(dir, asked.clone(), &make);
        begin();
        let mut more = asked.clone();
        more.replicates += 1;
        let (_, prepared) = Folder::prepare(dir, more, Start::Join).unwrap();
        assert_eq!(prepared, Prepared::Extended);
        assert_eq!((there(&derived), there(&own)), (0, 3), "{kind}");
        assert!(!dir.join("summary/sobol.csv").exists());
    }
    // Tables of more runs.
    let dir = tempfile::tempdir().unwrap();
    let asked = sweep(Format::Csv, 2);
    let (folder, _) = Folder::prepare(dir.path(), asked, Start::New).unwrap();
    for (most, left) in [(3, 1), (3, 1), (4, 0)] {
        sweep_work(&folder, Shard::ALL, |at| at < most, u64::MAX);
        folder.merge(&make()).unwrap();
        let page = dir.path().join("report.html");
        if most == 3 && !page.exists() {
            fs::write(&page, "x").unwrap();
        }
        assert_eq!(usize::from(page.exists()), left);
    }
}

#[test]
fn tables_of_another_format_take_the_place_of_those_there() {
    let dir = tempfile::tempdir().unwrap();
    let (there, fresh) = (dir.path().join("there"), dir.path().join("fresh"));
    for (from, to) in [
        (Format::Parquet, Format::Csv),
        (Format::Csv, Format::Parquet),
    ] {
        for folder in [&there, &fresh] {
            fs::remove_dir_all(folder).ok();
        }
        made(&there, sweep(from, 2), &make());
        let (folder, prepared) = Folder::prepare(&there, sweep(to, 2), Start::Join).unwrap();
        assert_eq!(prepared, Prepared::Extended);
        folder.merge(&make()).unwrap();
        made(&fresh, sweep(to, 2), &make());
        same_files(&there, &fresh);
        super::whole_as_made(&there).unwrap();
    }
    // Where something stands that is not of the sweep, nothing is changed.
    fs::remove_dir_all(&there).unwrap();
    let manifest = made(&there, sweep(Format::Parquet, 2), &make());
    fs::write(there.join("outcomes.csv"), "mine").unwrap();
    let error = Folder::prepare(&there, sweep(Format::Csv, 2), Start::Join).unwrap_err();
    assert!(matches!(error, StoreError::ForeignFile { .. }), "{error}");
    assert_eq!(super::whole_as_made(&there).unwrap(), manifest);
    assert_eq!(fs::read(there.join("outcomes.csv")).unwrap(), b"mine");
}

/// A manifest that somebody changed, or that was cut off, keeps nobody from making the results again.
#[test]
fn a_damaged_manifest_is_replaced_when_it_is_asked() {
    type Harm = fn(&mut String);
    let harms: [(&str, Harm); 6] = [
        ("fingerprint", |text| {
            let at = text.find("\"fingerprint\": \"").unwrap() + 16;
            text.replace_range(at..at + 4, "beef");
        }),
        ("seed", |text| {
            *text = text.replace("\"seed\": 7", "\"seed\": 70")
        }),
        ("kind", |text| {
            *text = text.replacen("\"kind\"", "\"kinds\"", 1)
        }),
        ("comma", |text| *text = text.replacen("\",", "\"", 1)),
        ("half", |text| text.truncate(text.len() / 2)),
        ("start", |text| text.truncate(100)),
    ];
    for (asked, make) in kinds(Format::Parquet) {
        let dir = tempfile::tempdir().unwrap();
        let fresh = dir.path().join("fresh");
        let mut wanted = asked.clone();
        wanted.seed = 9;
        made(&fresh, wanted.clone(), &make);
        for (name, harm) in harms {
            let there = dir.path().join(name);
            made(&there, asked.clone(), &make);
            put(&there, "notes.txt");
            put(&there, "data.csv");
            put(&there, "layouts/mine.toml");
            put(&there, "logs/mine.txt");
            put(&there, "report.html");
            let path = there.join("manifest.json");
            let mut text = fs::read_to_string(&path).unwrap();
            harm(&mut text);
            fs::write(&path, &text).unwrap();
            let error = Manifest::load(&there).unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            assert!(error.to_string().ends_with("with --force"), "{error}");
            for start in [Start::New, Start::Resume, Start::Join] {
                let error = Folder::prepare(&there, wanted.clone(), start).unwrap_err();
                assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
            }
            let replaced = Folder::prepare(&there, wanted.clone(), Start::Replace);
            let (folder, prepared) = match replaced {
                // What does not name it any more does not say whose it is.
                Err(StoreError::ForeignFile { path }) => {
                    assert_eq!(
                        (path.file_name().unwrap(), name),
                        ("plan.toml".as_ref(), "start")
                    );
                    fs::remove_file(path).unwrap();
                    Folder::prepare(&there, wanted.clone(), Start::Replace).unwrap()
                }
                replaced => replaced.unwrap(),
            };
            assert_eq!(prepared, Prepared::New);
            assert_eq!(folder.scan(None).unwrap().counts().done, 0, "{name}");
            drop(folder);
            made(&there, wanted.clone(), &make);
            for own in ["notes.txt", "data.csv"] {
                fs::remove_file(there.join(own)).unwrap();
            }
            fs::remove_file(there.join("layouts/mine.toml")).unwrap();
            fs::remove_file(there.join("logs/mine.txt")).unwrap();
            // (A run has no layouts.)
            let _ = fs::remove_dir(there.join("layouts"));
            same_files(&there, &fresh);
        }
    }
}

/// Nobody replaces under a worker, whatever the manifest says.
#[test]
fn a_damaged_manifest_is_not_replaced_under_a_worker() {
    let dir = tempfile::tempdir().unwrap();
    let ask = || asked(Format::Csv, 1, 3);
    let (folder, _) = Folder::prepare(dir.path(), ask(), Start::New).unwrap();
    let worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
    let path = dir.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"seed\": 7", "\"seed\": 8")).unwrap();
    let error = Folder::prepare(dir.path(), ask(), Start::Replace).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    worker.end(End::Interrupted).unwrap();
    Folder::prepare(dir.path(), ask(), Start::Replace).unwrap();
}

#[test]
fn a_worker_keeps_no_job_that_is_not_asked() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = Folder::prepare(dir.path(), sweep(Format::Csv, 2), Start::New).unwrap();
    let mut worker = folder.worker(Shard::ALL, 1, Vec::new()).unwrap();
    let job = folder.jobs().job(0);
    for wrong in [
        Job {
            replicate: 2,
            ..job
        },
        Job { layout: 2, ..job },
        Job { point: 3, ..job },
    ] {
        let error = worker.took(wrong).unwrap_err();
        assert!(matches!(error, StoreError::Data { .. }), "{error}");
        for result in [Ok(Payload::Values(values(wrong))), Err("no".to_owned())] {
            let error = worker.keep(wrong, 0.1, result).unwrap_err();
            assert!(matches!(error, StoreError::Data { .. }), "{error}");
        }
    }
    worker.end(End::Whole).unwrap();
    let counts = folder.scan(None).unwrap().counts();
    assert_eq!((counts.done, counts.failed, counts.others), (0, 0, 0));
}
