//! What a run leaves behind: files, manifest, tables, columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pointplane::experiment::Request;
use pointplane::experiment::tables::{NAMES, names};
use pointplane::store::{Format, Status, read_defs, read_table};

use super::fixture::{call, files, manifest, minimal, run_into, sha256, temp};

/// Words that Stata does not take as names of variables.
const STATA: [&str; 14] = [
    "byte", "double", "float", "if", "in", "int", "long", "using", "with", "strl", "_all", "_n",
    "_cons", "_pi",
];

#[test]
fn a_run_leaves_its_files_and_a_true_manifest() {
    let dir = temp();
    let ran = call(dir.path(), &["run", &minimal(), "--seed", "7"]).exits(0);
    assert_eq!(ran.out, "");
    let out = dir.path().join("results/minimal");
    let all = files(&out);
    let mut expected: BTreeSet<String> = names(false)
        .iter()
        .filter(|name| !["adoptions", "abandonments", "links"].contains(*name))
        .map(|name| format!("{name}.parquet"))
        .collect();
    expected.extend(
        [
            "columns.csv",
            "logs/complete.log",
            "manifest.json",
            "scenario.resolved.toml",
        ]
        .map(String::from),
    );
    assert_eq!(all.keys().cloned().collect::<BTreeSet<_>>(), expected);

    let told = manifest(&out);
    assert_eq!(told.status, Status::Complete);
    assert_eq!(
        (told.format_version, told.program.as_str()),
        (2, "pointplane")
    );
    assert_eq!(told.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(
        (told.scenario.as_str(), told.layout.as_str()),
        ("minimal", "")
    );
    assert_eq!((told.seed, told.first_replicate), (7, 0));
    assert_eq!((told.replicates, told.replicates_done), (20, 20));
    assert_eq!(told.format, Format::Parquet);
    // What was asked, as data, and the session that did it.
    let asked = Request::of(&told).unwrap();
    let words = format!("pointplane run {} --seed 7", minimal());
    assert_eq!(asked.command(None), words);
    let [session] = &told.sessions[..] else {
        panic!("{:?}", told.sessions);
    };
    assert_eq!(
        session.command_line[1..],
        ["run", &minimal(), "--seed", "7"]
    );
    assert!(told.wall_seconds() > 0.0 && session.threads >= 1 && session.machine.cores >= 1);
    let ended = session.ended.as_ref().unwrap();
    assert!(session.started.ends_with('Z') && *ended >= session.started);
    for file in ["scenario.resolved.toml", "columns.csv"] {
        assert_eq!(
            told.sha256_of(file),
            Some(&sha256(&all[file])[..]),
            "{file}"
        );
    }

    // Every file of the scenario, with its own hash.
    let inputs: BTreeMap<&str, &str> = told
        .inputs
        .iter()
        .map(|input| (input.path.as_str(), input.sha256.as_str()))
        .collect();
    let mut given = files(Path::new(&minimal()));
    // Plans of a calibration and of a search are none.
    given
        .retain(|name, _| !name.contains('/') && name != "calibrate.toml" && name != "search.toml");
    assert_eq!(
        inputs.keys().copied().collect::<Vec<_>>(),
        given.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &given {
        assert_eq!(inputs[name.as_str()], sha256(bytes), "{name}");
    }

    for table in &told.tables {
        let bytes = &all[&table.file];
        assert_eq!(table.bytes, Some(bytes.len() as u64), "{}", table.name);
        assert_eq!(table.sha256, Some(sha256(bytes)), "{}", table.name);
        let (_, data) = read_table(&out, &table.name, &[]).unwrap();
        assert_eq!(table.rows, Some(data.rows() as u64), "{}", table.name);
        assert!(data.rows() > 0, "{}", table.name);
        if table.name == "national" {
            assert_eq!(data.rows(), 20 * 120);
        }
    }
}

#[test]
fn parquet_and_csv_say_the_same_and_columns_names_every_column() {
    let dir = temp();
    let firms = "firms.number=300";
    let words = ["--tables", "all,links", "--replicates", "3", "--set", firms];
    let parquet = run_into(dir.path(), "parquet", &words);
    let csv = run_into(
        dir.path(),
        "csv",
        &[&words[..], &["--format", "csv"]].concat(),
    );
    let defs = read_defs(&parquet).unwrap();
    assert_eq!(defs, read_defs(&csv).unwrap());
    assert!(defs.iter().map(|def| def.name.as_str()).eq(NAMES));
    for def in &defs {
        let name = &def.name;
        let one = read_table(&parquet, name, &[]).unwrap();
        assert!(
            one == read_table(&csv, name, &[]).unwrap(),
            "{name} differs"
        );
        let text = fs::read_to_string(csv.join(format!("{name}.csv"))).unwrap();
        let header = text.lines().next().unwrap().split(',');
        assert!(
            header.eq(def.columns.iter().map(|c| c.name.as_str())),
            "{name}"
        );
        assert_eq!(text.lines().count(), one.1.rows() + 1, "{name}");
        let mut seen = BTreeSet::new();
        for column in &def.columns {
            let c = column.name.as_str();
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            assert!(c.len() <= 32 && c.bytes().all(plain), "{name}.{c}");
            assert!(c.as_bytes()[0].is_ascii_lowercase(), "{name}.{c}");
            assert!(!STATA.contains(&c) && seen.insert(c), "{name}.{c}");
            assert!(!column.description.is_empty(), "{name}.{c} says nothing");
        }
    }
    // Months are dates, whole numbers stay whole, the missing is empty.
    let national = fs::read_to_string(csv.join("national.csv")).unwrap();
    assert!(
        national
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("0,2015-01-01,")
    );
    assert!(!national.contains("NaN") && !national.contains("inf"));
}
