//! The door holds: a valid scenario passes, each wrong one is refused with a message that names file,
//! line, key or cell, and what would be right; and no text at all makes it panic.

use std::fs;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use pointplane::experiment::sweep::read_plan;
use pointplane::prelude::*;
use pointplane::scenario::spec::{FirmsSpec, MixingSpec, PopulationSpec, ScenarioSpec};
use pointplane::scenario::{Problem, Severity, diff};
use pointplane::texts::{Lang, Text, Value};
use proptest::prelude::*;
use serde::Deserialize;
use tempfile::TempDir;

use crate::chinese::{english, is_chinese};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn base() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy(&corpus().join("base"), folder.path());
    folder
}

fn edit(folder: &Path, file: &str, find: &str, put: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(find).count(), 1, "{file}: {find:?}");
    fs::write(path, text.replacen(find, put, 1)).unwrap();
}

/// One wrong scenario of the corpus.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    file: Option<String>,
    find: Option<String>,
    put: Option<String>,
    and_file: Option<String>,
    and_find: Option<String>,
    and_put: Option<String>,
    scenario: Option<String>,
    #[serde(default)]
    layouts: Vec<PathBuf>,
    #[serde(default)]
    sets: Vec<String>,
    expect: Vec<String>,
    #[serde(default = "one")]
    errors: usize,
    /// One mistake that is more than one error.
    #[serde(default)]
    more: bool,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[test]
fn every_wrong_scenario_is_refused_with_the_right_words() {
    let text = fs::read_to_string(corpus().join("cases.toml")).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap();
    assert!(cases.case.len() >= 60, "{} cases", cases.case.len());
    let mut failures = Vec::new();
    for case in cases.case {
        let folder = base();
        if let (Some(file), Some(put)) = (&case.file, &case.put) {
            match &case.find {
                Some(find) => edit(folder.path(), file, find, put),
                None => fs::write(folder.path().join(file), put).unwrap(),
            }
        }
        if let (Some(file), Some(find), Some(put)) = (&case.and_file, &case.and_find, &case.and_put)
        {
            edit(folder.path(), file, find, put);
        }
        let path = match &case.scenario {
            Some(file) => folder.path().join(file),
            None => folder.path().to_owned(),
        };
        let (message, chinese) = match load(&path, &case.layouts, &Setting::written(&case.sets)) {
            Ok(_) => {
                failures.push(format!("{}: was accepted", case.name));
                continue;
            }
            Err(problems) => {
                let errors = problems.errors().count();
                let right = errors == case.errors || (case.more && errors > case.errors);
                if !right {
                    failures.push(format!("{}: {errors} errors\n{problems}", case.name));
                }
                let json = serde_json::to_value(&problems).unwrap();
                assert_eq!(
                    json["problems"].as_array().unwrap().len(),
                    problems.problems.len()
                );
                (problems.to_string(), problems.told(Lang::Zh))
            }
        };
        let missing = case.expect.iter().filter(|words| !message.contains(*words));
        let missing: Vec<&String> = missing.collect();
        if !missing.is_empty() {
            failures.push(format!("{}: lacks {missing:?}\n{message}", case.name));
        }
        let left = english(&chinese);
        if left.is_some() || !chinese.lines().all(is_chinese) {
            failures.push(format!("{}: {left:?} in\n{chinese}", case.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What a message advises to write, as it stands in the file; several where it leaves a choice.
fn advised(text: &Text, found: &mut Vec<String>) {
    let Text::Message { id, values } = text else {
        return;
    };
    // The message, the value that is advised, and whether it is written in quotes.
    let known = [
        ("not-whole-write", "number", false),
        ("not-whole-point", "whole", false),
        ("not-whole-point", "number", false),
        ("not-a-month-write", "month", false),
        ("not-a-month-year", "month", false),
        ("not-an-id-write", "joined", false),
        ("slip-thousands", "joined", false),
        ("slip-decimal", "better", false),
        ("slip-percent", "better", false),
        ("slip-separators", "better", false),
        ("slip-plain", "half", false),
        ("slip-month", "better", false),
        ("slip-lower", "lower", false),
        ("slip-text", "text", true),
        ("slip-straight", "inner", true),
        ("advice-number", "number", false),
        ("advice-numbers", "number", false),
        ("advice-numbers", "other", false),
        ("advice-bool", "text", false),
        ("advice-switch", "text", false),
        ("advice-month", "month", true),
        ("wrong-form-write", "month", true),
        ("advice-list", "text", true),
    ];
    for (name, value) in values {
        let word = match value {
            Value::Word(word) => word.clone(),
            Value::Number(number) => number.to_string(),
            Value::Text(inner) => {
                advised(inner, found);
                continue;
            }
        };
        let of = |(message, of, _): &&(&str, &str, bool)| message == id && of == name;
        match known.iter().find(of) {
            Some(("advice-list", ..)) => found.push(format!("[\"{word}\"]")),
            Some((.., true)) => found.push(format!("\"{word}\"")),
            Some((.., false)) => found.push(word),
            None => {}
        }
    }
}

/// Follows an advice in the file that it is about; false where this test does not know how.
fn follow(problem: &Problem, put: &str, renames: bool) -> bool {
    let Ok(text) = fs::read_to_string(&problem.file) else {
        return false;
    };
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = problem.line.unwrap_or(1) as usize - 1;
    let Some(line) = lines.get(at).cloned() else {
        return false;
    };
    let new = if problem.file.ends_with(".csv") {
        let sign = if lines[0].contains(',') { ',' } else { ';' };
        let head = lines[0]
            .trim_start_matches('\u{feff}')
            .trim_end_matches('\r');
        let mut heads = head.split(sign);
        let Some(column) = problem.column.as_deref() else {
            return false;
        };
        let Some(position) = heads.position(|head| head == column) else {
            return false;
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .delimiter(sign as u8)
            .from_reader(line.as_bytes());
        let mut cells = csv::StringRecord::new();
        reader.read_record(&mut cells).unwrap();
        let mut cells: Vec<&str> = cells.iter().collect();
        cells[position] = put;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(sign as u8)
            .from_writer(Vec::new());
        writer.write_record(&cells).unwrap();
        let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        line.trim_end().to_owned()
    } else if let (true, Some(key)) = (renames, &problem.key) {
        let parts = put.matches('.').count() + 1;
        let last: Vec<&str> = key.rsplitn(parts + 1, '.').take(parts).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        let last = &*last.join(".");
        match line.contains(last) {
            true => line.replacen(last, put, 1),
            false => return false,
        }
    } else {
        let value = problem.value.as_deref().unwrap_or_default();
        let quoted = format!("\"{}\"", value.trim_matches('"'));
        let code = line.find('=').map_or(0, |at| at + 1);
        // A slip inside a list or a table is told with all of it.
        let one = !value.is_empty() && !value.contains(['[', '{']);
        let whole = |value: &str| one && line[code..].contains(value);
        match [&*quoted, value].into_iter().find(|value| whole(value)) {
            Some(found) => {
                // Within a text that says more.
                let inside = !found.starts_with('"') && line[code..].contains('"');
                let put = if inside { put.trim_matches('"') } else { put };
                format!("{}{}", &line[..code], line[code..].replacen(found, put, 1))
            }
            None => return false,
        }
    };
    lines[at] = new;
    fs::write(&problem.file, lines.join("\n")).unwrap();
    true
}

/// Follows every advice about one wrong input; gives how many there were, and those that did not help.
fn advice_helps(
    name: &str,
    set_up: &dyn Fn() -> TempDir,
    check: &dyn Fn(&TempDir) -> Vec<Problem>,
    failures: &mut Vec<String>,
) -> usize {
    let mut followed = 0;
    let before = check(&set_up());
    for (n, problem) in before.iter().enumerate() {
        let mut hints = Vec::new();
        advised(&problem.what, &mut hints);
        let mut hints: Vec<(String, bool)> = hints.into_iter().map(|h| (h, false)).collect();
        if let Some(nearest) = &problem.nearest {
            let last = problem
                .key
                .as_deref()
                .and_then(|key| key.rsplit('.').next());
            let of_key = problem.what.is("unknown-key") || last == problem.value.as_deref();
            // A value of a TOML file that is a text stands in quotes.
            let plain = of_key || problem.file.ends_with(".csv");
            let put = match plain {
                true => nearest.clone(),
                false => format!("\"{nearest}\""),
            };
            hints.push((put, of_key));
        }
        for (put, renames) in hints {
            let folder = set_up();
            let here = check(&folder);
            if !follow(&here[n], &put, renames) {
                continue;
            }
            followed += 1;
            let after = check(&folder);
            if after.len() >= before.len() {
                let told: Vec<String> = after.iter().map(Problem::to_string).collect();
                let told = told.join("\n  ");
                failures.push(format!("{name}: {problem}\n  and with {put}: {told}"));
            }
        }
    }
    followed
}

/// Whoever writes what a message advises is right: the problem is gone, and no other comes in its place.
#[test]
fn every_advice_of_the_corpus_helps() {
    let text = fs::read_to_string(corpus().join("cases.toml")).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap();
    let (mut followed, mut failures) = (0, Vec::new());
    for case in cases.case {
        let set_up = || {
            let folder = base();
            if let (Some(file), Some(put)) = (&case.file, &case.put) {
                match &case.find {
                    Some(find) => edit(folder.path(), file, find, put),
                    None => fs::write(folder.path().join(file), put).unwrap(),
                }
            }
            let and = (&case.and_file, &case.and_find, &case.and_put);
            if let (Some(file), Some(find), Some(put)) = and {
                edit(folder.path(), file, find, put);
            }
            folder
        };
        let check = |folder: &TempDir| {
            let path = match &case.scenario {
                Some(file) => folder.path().join(file),
                None => folder.path().to_owned(),
            };
            match load(&path, &case.layouts, &Setting::written(&case.sets)) {
                Ok(_) => Vec::new(),
                Err(problems) => problems.errors().cloned().collect(),
            }
        };
        followed += advice_helps(&case.name, &set_up, &check, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(followed >= 60, "{followed}");
}

/// The same of the wrong plans.
#[test]
fn every_advice_about_plans_helps() {
    let text = fs::read_to_string(corpus().join("plans.toml")).unwrap();
    let cases: toml::Table = toml::from_str(&text).unwrap();
    let word = |table: &toml::Table, key: &str| {
        table
            .get(key)
            .and_then(toml::Value::as_str)
            .map(str::to_owned)
    };
    let (mut followed, mut failures) = (0, Vec::new());
    for case in cases["case"].as_array().unwrap() {
        let case = case.as_table().unwrap();
        if case.contains_key("given") {
            continue;
        }
        let of_list = case.contains_key("of_list");
        let file = word(case, "file").unwrap_or_else(|| "plan.toml".to_owned());
        let set_up = || {
            let folder = TempDir::new().unwrap();
            copy(&corpus().join("base"), &folder.path().join("base"));
            let plan = if of_list { "base_of_list" } else { "base" };
            fs::write(folder.path().join("plan.toml"), word(&cases, plan).unwrap()).unwrap();
            fs::write(
                folder.path().join("list.csv"),
                word(&cases, "list").unwrap(),
            )
            .unwrap();
            if let Some(put) = word(case, "put") {
                match word(case, "find") {
                    Some(find) => edit(folder.path(), &file, &find, &put),
                    None => fs::write(folder.path().join(&file), put).unwrap(),
                }
            }
            if let (Some(find), Some(put)) = (word(case, "and_find"), word(case, "and_put")) {
                edit(folder.path(), "plan.toml", &find, &put);
            }
            folder
        };
        let check = |folder: &TempDir| match read_plan(&folder.path().join("plan.toml"), 1) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.errors().cloned().collect(),
        };
        let name = word(case, "name").unwrap();
        followed += advice_helps(&name, &set_up, &check, &mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(followed >= 15, "{followed}");
}

/// Several files are wrong at once: each tells its own problem in the same check, and no other.
#[test]
fn all_files_tell_their_problems_at_once() {
    let folder = base();
    let wrong = [
        (
            "scenario.toml",
            "start = \"2020-01\"",
            "start = 2020-01",
            "scenario.toml:4: `start`",
        ),
        (
            "scenario.toml",
            "beta = 0.1",
            "beta = 0,1",
            "`line.beta` = 0,1",
        ),
        (
            "layouts/more.toml",
            "beta = 0.3",
            "beta = 0,3",
            "`set.line.beta` = 0,3",
        ),
        (
            "places.csv",
            "0.8,0.2,40",
            "80%,0.2,40",
            "column `platform` = \"80%\"",
        ),
        (
            "places.csv",
            "later,zone,Later,",
            "later,zone,",
            "places.csv:8: row 7: has 22 cells",
        ),
        (
            "links.csv",
            "middle,south,0.5",
            "middle,south,-1",
            "column `weight` = \"-1\"",
        ),
        (
            "near.gal",
            "later 1\nsouth",
            "later 1\nsouht",
            "souht; did you mean `south`?",
        ),
        (
            "near.gwt",
            "hill middle 0.2",
            "hill middle 0,2",
            "near.gwt:7: 0,2",
        ),
        (
            "alliances.csv",
            "2020-01,2022-12",
            "2020/1,2022-12",
            "write 2020-01",
        ),
        (
            "members.csv",
            "coast,group,hill",
            "coast,group,hil",
            "members.csv:3",
        ),
        (
            "corridors.csv",
            "corridor,1",
            "corridor,x",
            "column `c_hub` = \"x\"",
        ),
        ("segments.csv", "place,hill", "place,hil", "segments.csv:3"),
        (
            "gateways.csv",
            "treaty,source,hill,0.4",
            "treaty,source,hill,40%",
            "a share: 0.4",
        ),
        (
            "mandates.csv",
            "hill,2021-06",
            "hill,Jun-21",
            "write 2021-06",
        ),
        (
            "observed.csv",
            "2022-06,6",
            "2022-06,six",
            "column `items` = \"six\"",
        ),
    ];
    for (file, find, put, _) in wrong {
        edit(folder.path(), file, find, put);
    }
    let problems = load(folder.path(), &["more".into()], &[]).unwrap_err();
    let text = problems.to_string();
    for (.., words) in wrong {
        assert!(text.contains(words), "{words}\n{text}");
    }
    assert_eq!(problems.errors().count(), wrong.len(), "{text}");
}

/// A layout that is not there hides nothing of the scenario, and what would hang on it is not told.
#[test]
fn a_missing_layout_hides_nothing() {
    let folder = base();
    edit(folder.path(), "scenario.toml", "name = \"base\"\n", "");
    let layouts = ["non".into(), "more".into()];
    let problems = load(folder.path(), &layouts, &[]).unwrap_err();
    let text = problems.to_string();
    assert!(text.contains("`name`: required key is missing"), "{text}");
    assert!(text.contains("did you mean `none`?"), "{text}");
    assert_eq!(problems.errors().count(), 2, "{text}");
}

/// What other programs leave in files that are right otherwise.
#[test]
fn byte_order_marks_line_ends_and_blank_rows_are_read() {
    let plain = load(base().path(), &[], &[]).unwrap().scenario;
    let folder = base();
    for file in ["scenario.toml", "places.csv", "members.csv", "links.csv"] {
        let path = folder.path().join(file);
        let mut text = fs::read_to_string(&path).unwrap();
        if file.ends_with(".csv") {
            let commas = text.lines().next().unwrap().matches(',').count();
            text += &format!("{0}\n{0}\n", ",".repeat(commas));
            text += &format!("\"\"{}\n", ", ".repeat(commas));
        }
        fs::write(path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    }
    let observed = "month,items,,\n2021-06,4,,\n2022-06,6,,\n,,,\n";
    fs::write(folder.path().join("observed.csv"), observed).unwrap();
    assert_eq!(load(folder.path(), &[], &[]).unwrap().scenario, plain);
}

#[test]
fn other_encodings_are_named_once() {
    let text = fs::read_to_string(base().path().join("places.csv")).unwrap();
    // 浙江 in GBK, for each `upper`.
    let parts: Vec<&[u8]> = text.split("upper").map(str::as_bytes).collect();
    let gbk = parts.join(&b"\xd5\xe3\xbd\xad"[..]);
    let latin = text.replace("North", "N\u{1}rth").into_bytes();
    let latin: Vec<u8> = latin
        .into_iter()
        .map(|b| if b == 1 { 0xf6 } else { b })
        .collect();
    for (bytes, words) in [
        (gbk, "GBK or GB18030"),
        (latin, "Windows-1252"),
        (b"PK\x03\x04 and more".to_vec(), "an Excel workbook"),
    ] {
        let folder = base();
        fs::write(folder.path().join("places.csv"), bytes).unwrap();
        let problems = load(folder.path(), &[], &[]).unwrap_err();
        let message = problems.to_string();
        assert!(message.contains(words), "{words}\n{message}");
        assert!(message.contains("CSV UTF-8"), "{message}");
        assert_eq!(problems.errors().count(), 1, "{message}");
    }
}

/// The text in UTF-16, little-endian, with or without its byte order mark.
fn wide(text: &str, mark: bool) -> Vec<u8> {
    let units = mark
        .then_some(0xfeff)
        .into_iter()
        .chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn utf_16_is_read_where_a_byte_order_mark_says_so() {
    let folder = base();
    let plain = load(folder.path(), &[], &[]).unwrap();
    for file in ["places.csv", "links.csv", "scenario.toml", "near.gwt"] {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, wide(&text, true)).unwrap();
    }
    let read = load(folder.path(), &[], &[]).unwrap();
    assert_eq!(read.scenario, plain.scenario);
    let said = read.warnings.problems.iter();
    let said: Vec<&str> = said
        .filter(|p| p.what.is("read-as"))
        .map(|p| p.file.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        said,
        ["scenario.toml", "places.csv", "links.csv", "near.gwt"],
        "{}",
        read.warnings
    );
    assert!(read.warnings.to_string().contains("UTF-16 (little-endian"));
    // Without the mark it is a guess.
    let text = fs::read_to_string(corpus().join("base/places.csv")).unwrap();
    fs::write(folder.path().join("places.csv"), wide(&text, false)).unwrap();
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(
        message.contains("UTF-16 (little-endian") && message.contains("CSV UTF-8"),
        "{message}"
    );
}

/// All files of a folder, in memory.
fn in_memory(folder: &Path, name: &str, files: &mut InMemory) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            in_memory(&path, &name, files);
        } else {
            files.add(name, fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_scenario_is_read_from_memory_as_from_a_disk() {
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    let mut files = InMemory::default();
    in_memory(&minimal, "country", &mut files);
    let (inside, none) = (Path::new("country"), [PathBuf::from("none")]);
    let sets = Setting::written(&["line.beta=0.3".to_owned()]);
    let disk = load(&minimal, &none, &sets).unwrap();
    let memory = load_from(&files, inside, &none, &sets).unwrap();
    assert_eq!(memory.scenario, disk.scenario);
    assert_eq!(memory.inputs, disk.inputs);
    let wanted = Wanted::of(&["national", "places"]);
    let tables = |loaded: &Loaded| {
        let world = World::new(&loaded.scenario).unwrap();
        let tables = simulate(&world, loaded.scenario.seed, 0..2, &wanted).unwrap();
        let stock = tables
            .column("national", "mean_stock")
            .and_then(Column::numbers);
        stock.unwrap().to_vec()
    };
    assert_eq!(tables(&memory), tables(&disk));
    // What is wrong is told as of a disk.
    files.add("country/zones.csv", "id,kind\n");
    let message = load_from(&files, inside, &[], &[]).unwrap_err().to_string();
    assert!(message.contains("country/zones.csv:1"), "{message}");
    let message = load_from(&files, Path::new("county"), &[], &[])
        .unwrap_err()
        .to_string();
    assert!(message.contains("no such file"), "{message}");
}

/// Writes a table of texts as Parquet; a column of numbers where all of its cells are.
fn parquet(text: &str) -> Vec<u8> {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let columns = names.iter().enumerate().map(|(at, name)| {
        let cells: Vec<Option<&str>> = rows
            .iter()
            .map(|row| Some(row[at]).filter(|c| !c.is_empty()))
            .collect();
        let numbers: Option<Vec<Option<f64>>> = cells
            .iter()
            .map(|cell| cell.map(|c| c.parse().ok()))
            .map(|n| n.map_or(Some(None), |n| n.map(Some)))
            .collect();
        let column: ArrayRef = match numbers.filter(|_| *name != "id") {
            Some(numbers) => Arc::new(Float64Array::from(numbers)),
            None => Arc::new(StringArray::from(cells)),
        };
        (*name, column)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn firms_given_in_any_way_come_back_from_text() {
    let folder = base();
    let path = folder.path().join("scenario.toml");
    let io = "industry,partner,share\nsteel,steel,1\n";
    fs::write(folder.path().join("io.csv"), io).unwrap();
    let plain = load(folder.path(), &[], &[]).unwrap().spec;
    for population in [
        PopulationSpec::Number { number: 100 },
        PopulationSpec::PerThousand { per_1000: 20.5 },
        PopulationSpec::Table {
            file: "firms.csv".to_owned(),
            links: Some("partners.csv".to_owned()),
        },
    ] {
        for mixing in [
            MixingSpec::Homophily { homophily: 0.25 },
            MixingSpec::Table {
                io: "io.csv".to_owned(),
            },
        ] {
            let firms = FirmsSpec {
                population: population.clone(),
                mixing,
                people_per_weight: 1000.0,
                ..FirmsSpec::default()
            };
            let spec = ScenarioSpec {
                firms,
                ..plain.clone()
            };
            fs::write(&path, toml::to_string(&spec).unwrap()).unwrap();
            let loaded = load(folder.path(), &[], &[]).unwrap();
            assert_eq!(loaded.spec, spec);
            // And what is resolved is read again.
            fs::write(&path, loaded.resolved()).unwrap();
            assert_eq!(load(folder.path(), &[], &[]).unwrap().spec, spec);
        }
    }
}

#[test]
fn places_and_links_are_read_from_parquet_with_the_same_words() {
    let folder = base();
    let path = |name: &str| folder.path().join(name);
    let [places, links] =
        ["places.csv", "links.csv"].map(|name| fs::read_to_string(path(name)).unwrap());
    let plain = load(folder.path(), &[], &[]).unwrap().scenario;
    edit(
        folder.path(),
        "scenario.toml",
        "places.csv",
        "places.parquet",
    );
    edit(folder.path(), "scenario.toml", "links.csv", "links.parquet");
    let write = |places: &str, links: &str| {
        fs::write(path("places.parquet"), parquet(places)).unwrap();
        fs::write(path("links.parquet"), parquet(links)).unwrap();
        fs::write(path("places.csv"), places).unwrap();
        fs::write(path("links.csv"), links).unwrap();
    };
    write(&places, &links);
    // An ending in capitals says the same.
    fs::write(path("LINKS.PARQUET"), parquet(&links)).unwrap();
    let text = fs::read_to_string(path("scenario.toml")).unwrap();
    let capitals = text.replace("links.parquet", "LINKS.PARQUET");
    fs::write(path("scenario.toml"), capitals).unwrap();
    let read = load(folder.path(), &[], &[]).unwrap().scenario;
    assert_eq!(read.link_tables, plain.link_tables);
    fs::write(path("scenario.toml"), text).unwrap();
    let mut read = load(folder.path(), &[], &[]).unwrap().scenario;
    for (table, of) in read.layers.iter_mut().zip(&plain.layers) {
        // Only the names of the files differ.
        for (source, of) in table.links.iter_mut().zip(&of.links) {
            source.rule.clone_from(&of.rule);
        }
    }
    assert_eq!(read, plain);
    // Mistakes in rows, a link twice, a place twice.
    let line = |text: &str, n: usize| text.lines().nth(n).unwrap().to_owned();
    let bad_links = format!(
        "{links}{}\n{}\nnowhere,{}\n",
        line(&links, 2),
        line(&links, 2),
        line(&links, 1).split_once(',').unwrap().1
    );
    let bad_places = format!("{places}{}\n", line(&places, 1)).replacen("region", "regoin", 1);
    write(&bad_places, &bad_links);
    let parquet = load(folder.path(), &[], &[]).unwrap_err().to_string();
    let text = fs::read_to_string(path("scenario.toml")).unwrap();
    fs::write(path("scenario.toml"), text.replace(".parquet", ".csv")).unwrap();
    let csv = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert_eq!(parquet.replace(".parquet", ".csv"), csv);
    for words in ["regoin", "nowhere", "is already", "line 3"] {
        assert!(csv.contains(words), "{words}: {csv}");
    }
}

/// A pipe has no end and no size: it is refused, not read.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = base();
    let pipe = folder.path().join("observed.csv");
    fs::remove_file(&pipe).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    let made = made.is_ok_and(|made| made.success());
    if !crate::tools::there(made, "mkfifo makes no pipe here") {
        return;
    }
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(message.contains("a pipe or device"), "{message}");
}

#[test]
fn the_base_scenario_is_read_as_it_is_written() {
    let folder = base();
    let loaded = load(folder.path(), &[], &[]).unwrap();
    // Its alliance begins when only one of its members has a zone.
    let told: Vec<bool> = loaded
        .warnings
        .problems
        .iter()
        .map(|p| p.what.is("alliance-early"))
        .collect();
    assert_eq!(told, [true], "{}", loaded.warnings);
    let s = &loaded.scenario;
    assert_eq!((s.places.len(), s.layout.as_str()), (9, ""));
    let zone = &s.places[3];
    assert_eq!((zone.id.as_str(), zone.kind), ("port_a", Kind::Zone));
    assert_eq!(zone.group.as_deref(), Some("port"));
    assert_eq!(zone.mix, Some(vec![2.0, 1.0]));
    assert_eq!(zone.orientation, Some((0.4, 0.5)));
    assert_eq!((zone.weight, zone.leadership), (1.0, 0.5));
    assert_eq!(s.places[5].group.as_deref(), Some("hill"));
    assert_eq!(s.places[6].open, None);
    assert_eq!(s.industries, ["steel"]);
    assert_eq!(s.places[0].industries, [2.0]);
    let tables: Vec<_> = s
        .link_tables
        .iter()
        .map(|t| (t.layer, t.source, t.links.len()))
        .collect();
    assert_eq!(tables, [(0, 1, 7), (1, 1, 8), (1, 2, 7)]);
    // The target hears the source; in GAL and GWT the first place of a row hears the others.
    let hears = |table: usize, listener: u32, source: u32| {
        let links = &s.link_tables[table].links;
        let found = links
            .iter()
            .find(|l| l.listener == listener && l.source == source);
        found.map(|link| link.weight)
    };
    assert_eq!((hears(0, 2, 1), hears(0, 1, 2)), (Some(0.5), None));
    assert_eq!((hears(1, 5, 1), hears(1, 1, 5)), (Some(1.0), None));
    assert_eq!((hears(2, 6, 2), hears(2, 2, 6)), (Some(0.3), None));
    assert_eq!(s.alliances.len(), 1);
    let members = [Who::Group("hill".into()), Who::Group("port".into())].map(Member::from);
    assert_eq!(s.alliances[0].members, members);
    assert_eq!(s.alliances[0].layers, [1.0, 0.5]);
    let segments: Vec<_> = s.corridors[0]
        .segments
        .iter()
        .map(|s| s.places.clone())
        .collect();
    assert_eq!(segments, [vec![0, 1], vec![5], vec![2, 4, 6]]);
    // A group's share and tasks go to its zones by their tasks, 40 and 20.
    let shares: Vec<f64> = s.gateway_links.iter().map(|link| link.share).collect();
    assert!((shares[0] - 0.4).abs() < 1e-12 && (shares[1] - 0.2).abs() < 1e-12);
    let tasks: Vec<_> = s.mandates.iter().map(|m| (m.zone, m.tasks)).collect();
    assert_eq!(tasks, [(3, 7), (4, 3), (5, 5)]);
    assert_eq!(
        s.observed,
        [(Month::new(2021, 6), 4), (Month::new(2022, 6), 6)]
    );
    let files: Vec<&str> = loaded
        .inputs
        .iter()
        .map(|input| input.path.as_str())
        .collect();
    assert_eq!(files[..2], ["scenario.toml", "places.csv"]);
    assert_eq!(files.len(), 12);
}

#[test]
fn inputs_carry_their_sha256() {
    let folder = base();
    fs::write(
        folder.path().join("observed.csv"),
        "month,items\n2021-06,4\n",
    )
    .unwrap();
    let loaded = load(folder.path(), &[], &[]).unwrap();
    let input = loaded
        .inputs
        .iter()
        .find(|input| input.path == "observed.csv")
        .unwrap();
    // From `printf 'month,items\n2021-06,4\n' | sha256sum`.
    assert_eq!(
        input.sha256,
        "7c57582c8266d8081afac346c2558e7b9ac25e55ea57dd0284c43c29e4fc6d3f"
    );
}

#[test]
fn layouts_do_what_they_say() {
    let folder = base();
    let bare = load(folder.path(), &[], &[]).unwrap();
    let none = load(folder.path(), &["none".into()], &[]).unwrap();
    assert_eq!(none.scenario.layout, "none");
    assert!(none.scenario.alliances.is_empty());
    let path = folder.path().join("layouts/more.toml");
    let more = load(folder.path(), &[path], &[]).unwrap();
    let same = load(folder.path(), &["more".into()], &[]).unwrap();
    assert_eq!(more.scenario, same.scenario);
    let s = &more.scenario;
    assert_eq!((s.layout.as_str(), s.line.beta), ("more", 0.3));
    assert_eq!(s.line.express, bare.scenario.line.express);
    let ids: Vec<&str> = s.alliances.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["both", "hills"]);
    // River begins later and never ends; coast is first in id order but river was named first.
    assert_eq!(s.alliances[0].from, Some(Month::new(2020, 1)));
    assert_eq!((s.alliances[0].to, s.alliances[0].strength), (None, 0.2));
    assert_eq!(s.alliances[0].members.len(), 4);
    assert_eq!(s.alliances[1].from, Some(Month::new(2021, 6)));
    assert_eq!(s.alliances[1].layers, [1.0, 2.0]);
    assert_eq!(s.places[6].open, Some(Month::new(2021, 3)));
    // Layouts one after the other, and then the command line.
    let two = ["none".into(), "more".into()];
    let set = [
        "line.beta=0.7",
        "domains.data.share=2",
        "layers.0.links.0.k=3",
        "title=two words",
    ];
    let two = load(folder.path(), &two, &set.map(Setting::from)).unwrap();
    assert_eq!(
        (two.scenario.layout.as_str(), two.scenario.line.beta),
        ("none+more", 0.7)
    );
    assert_eq!(two.scenario.domains[1].share, 2.0);
    assert_eq!(two.scenario.layers[0].links[0].k, Some(3));
    assert_eq!(two.scenario.title, "two words");
}

#[test]
fn layouts_close_zones_and_never_open_them() {
    let folder = base();
    let layout = |name: &str, text: &str| {
        let path = folder.path().join(format!("layouts/{name}.toml"));
        fs::write(path, format!("layout = \"{name}\"\n{text}")).unwrap();
    };
    layout(
        "less",
        "[open]\nport_b = \"never\"\n[close]\nport_a = \"2022-05\"\nhill = \"2022-06-30\"\n",
    );
    layout(
        "again",
        "extends = \"less.toml\"\n[close]\nhill = \"never\"\n",
    );
    let of = |layouts: &[&str]| {
        let layouts: Vec<PathBuf> = layouts.iter().map(PathBuf::from).collect();
        load(folder.path(), &layouts, &[]).unwrap()
    };
    let bare = of(&[]);
    let dates = |loaded: &pointplane::scenario::Loaded| -> Vec<_> {
        let zones = loaded.scenario.places[3..6].iter();
        zones.map(|zone| (zone.open, zone.close)).collect()
    };
    let month = |year, month| Some(Month::new(year, month));
    let less = of(&["less"]);
    let port_a = (month(2020, 3), month(2022, 5));
    assert_eq!(
        dates(&less),
        [port_a, (None, None), (month(2021, 1), month(2022, 6))]
    );
    let again = of(&["again"]);
    assert_eq!(
        dates(&again),
        [port_a, (None, None), (month(2021, 1), None)]
    );
    // They are among what names the results, and in what differs.
    assert_ne!(less.resolved(), bare.resolved());
    assert_ne!(less.resolved(), again.resolved());
    assert!(less.resolved().contains("port_a, 2020-03, 2022-05"));
    let told = diff(&bare, &less).to_string();
    for words in [
        "~ port_a: close: (empty) → 2022-05",
        "~ port_b: open: 2020-06 → (empty)",
    ] {
        assert!(told.contains(words), "{told}");
    }
    // What is only perhaps not meant is a warning.
    layout(
        "late",
        "[open]\nlater = \"never\"\n[close]\nport_b = \"2031-01\"\n",
    );
    let late = of(&["late"]).warnings.to_string();
    for words in [
        "`open.later`",
        "changes nothing",
        "`close.port_b`",
        "after the end of the run",
    ] {
        assert!(late.contains(words), "{late}");
    }
    layout(
        "gone",
        "[open]\nport_a = \"2018-01\"\n[close]\nport_a = \"2019-01\"\n",
    );
    let gone = of(&["gone"]).warnings.to_string();
    assert!(gone.contains("before the run begins"), "{gone}");
}

/// Tasks of a group in a month are divided over those of its zones that are there, so that what a layout opens
/// later or closes before changes nothing of them.
#[test]
fn tasks_of_a_group_go_to_those_that_are_there() {
    let folder = base();
    let rows = "place,month,tasks\nport,2020-04,12\nport,2020-01,13\nport,2021-06,9\n";
    fs::write(folder.path().join("mandates.csv"), rows).unwrap();
    let layout = "layout = \"close\"\n[close]\nport_a = \"2021-05\"\n";
    fs::write(folder.path().join("layouts/close.toml"), layout).unwrap();
    let tasks = |layouts: &[PathBuf]| -> Vec<(u32, u32)> {
        let loaded = load(folder.path(), layouts, &[]).unwrap();
        let mandates = loaded.scenario.mandates.iter();
        mandates.map(|m| (m.zone, m.tasks)).collect()
    };
    // port_a (40 tasks) opens in 2020-03, port_b (20) in 2020-06.
    assert_eq!(tasks(&[]), [(3, 12), (3, 13), (3, 6), (4, 3)]);
    assert_eq!(tasks(&["close".into()]), [(3, 12), (3, 13), (4, 9)]);
}

#[test]
fn a_layout_from_elsewhere_may_be_laid_over() {
    let folder = base();
    let other = TempDir::new().unwrap();
    let path = other.path().join("mine.toml");
    fs::write(&path, "layout = \"mine\"\nadd = [\"river\"]\n").unwrap();
    let loaded = load(folder.path(), std::slice::from_ref(&path), &[]).unwrap();
    assert_eq!(loaded.scenario.alliances.len(), 2);
    let recorded = &loaded.inputs[1].path;
    assert_eq!(Path::new(recorded), path);
}

#[test]
fn scenarios_that_extend_others_keep_what_they_do_not_change() {
    let folder = base();
    let parent = load(folder.path(), &[], &[]).unwrap().scenario;
    let child = load(&folder.path().join("child.toml"), &[], &[])
        .unwrap()
        .scenario;
    assert_eq!((child.name.as_str(), child.line.beta), ("child", 0.2));
    assert_eq!(child.line.response, parent.line.response);
    assert_eq!(child.places, parent.places);
}

#[test]
fn diff_names_exactly_what_differs() {
    let folder = base();
    let a = load(folder.path(), &[], &[]).unwrap();
    let same = diff(&a, &a);
    assert!(same.is_empty());
    let text = same.to_string();
    assert!(text.contains("Nothing differs"), "{text}");
    assert!(
        text.contains("9 places, 22 links of files, 1 alliances"),
        "{text}"
    );

    let b = load(folder.path(), &["more".into()], &[]).unwrap();
    let diff_ab = diff(&a, &b);
    let keys: Vec<&str> = diff_ab
        .keys
        .iter()
        .map(|change| change.key.as_str())
        .collect();
    assert_eq!(keys, ["layout", "line.beta"]);
    let text = diff_ab.to_string();
    for words in [
        "base → base with more",
        "line.beta: 0.1 → 0.3",
        "~ later: open: (empty) → 2021-03",
        "+ both",
        "+ hills",
        "- coast",
        "Everything else is equal",
        "8 places, 22 links of files, 0 alliances, 1 corridors, 5 gateway links, 3 mandates, 2 obs",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    serde_json::to_string(&diff_ab).unwrap();
}

#[test]
fn diff_sees_every_table() {
    let folder = base();
    let a = load(folder.path(), &[], &[]).unwrap();
    for (file, find, put, words) in [
        (
            "places.csv",
            "hill,zone,Hill,11.1",
            "hill,zone,Hill,11.2",
            "~ hill: lon: 11.1 → 11.2",
        ),
        (
            "places.csv",
            "0.5,0.1,,,,,,,2,",
            "0.5,0.1,,,,,,,3,",
            "industry_steel: 2 → 3",
        ),
        (
            "links.csv",
            "middle,south,0.5",
            "middle,south,0.6",
            "~ hub 1: south hears middle: weight: 0.5 → 0.6",
        ),
        (
            "links.csv",
            "middle,south,0.5\n",
            "",
            "- hub 1: south hears middle",
        ),
        (
            "near.gal",
            "later 1\nsouth",
            "later 2\nsouth hill",
            "+ rule 1: later hears hill",
        ),
        (
            "alliances.csv",
            "2020-01,2022-12",
            "2020-02,2022-12",
            "~ coast: from: 2020-01 → 2020-02",
        ),
        (
            "members.csv",
            "coast,group,hill",
            "coast,group,hill\ncoast,province,lower",
            "province lower",
        ),
        (
            "corridors.csv",
            "corridor,1",
            "corridor,2",
            "~ main: c_hub: 1 → 2",
        ),
        (
            "segments.csv",
            "place,hill",
            "place,middle",
            "~ main: segment second: hill → middle",
        ),
        (
            "gateways.csv",
            "treaty,source,hill,0.4",
            "treaty,source,hill,0.3",
            "~ treaty source hill: share: 0.4 → 0.3",
        ),
        (
            "gateways.csv",
            "sea,entry,south,",
            "sea,entry,middle,",
            "+ sea entry middle",
        ),
        (
            "mandates.csv",
            "hill,2021-06,5",
            "hill,2021-06,6",
            "~ hill 2021-06: tasks: 5 → 6",
        ),
        (
            "observed.csv",
            "2022-06,6",
            "2022-06,7",
            "~ 2022-06: items: 6 → 7",
        ),
        (
            "scenario.toml",
            "gamma = 0.9",
            "gamma = 1.9",
            "layers.hub.links.0.gamma: 0.9 → 1.9",
        ),
        (
            "scenario.toml",
            "gamma = 0.9",
            "gamma = 0.9\nmax_km = 700",
            "layers.hub.links.0.max_km: (not set) → 700",
        ),
    ] {
        let other = base();
        edit(other.path(), file, find, put);
        let b = load(other.path(), &[], &[]).unwrap();
        let found = diff(&a, &b);
        assert!(!found.is_empty(), "{file}");
        assert!(found.to_string().contains(words), "{words}\n{found}");
    }
}

#[test]
fn warnings_do_not_stop_a_scenario() {
    for (file, find, put, words) in [
        (
            "near.gal",
            "0 7 places id\nnorth 1\nmiddle\n",
            "7\r\nnorth 0\r\n\r\n",
            "1 places have no neighbour: north",
        ),
        (
            "near.gwt",
            "hill middle 0.2\n",
            "",
            "1 places of the scenario are not in this file: hill",
        ),
        (
            "links.csv",
            "north,later,1\n",
            "",
            "1 places of the scenario are not in this file: later",
        ),
        (
            "scenario.toml",
            "\"2022-06\"]",
            "\"2023-06\"]",
            "1 evaluations lie outside the run (2020-01 to 2022-12): 2023-06",
        ),
        (
            "mandates.csv",
            "hill,2021-06",
            "hill,2023-06",
            "column `month` = \"2023-06\": lies outside the run",
        ),
        (
            "gateways.csv",
            "treaty,source,hill,0.4",
            "treaty,source,hill,0.5",
            "the shares of treaty add up to 1.1",
        ),
        (
            "gateways.csv",
            "sea,serves,hill,\nsea,entry,south,\n",
            "",
            "gateways without any link: sea",
        ),
        (
            "members.csv",
            "coast,group,hill",
            "coast,group,hill\ncoast,group,later",
            "members that never have a delegate",
        ),
        (
            "alliances.csv",
            "2020-01,2022-12",
            "2023-01,",
            "coast: this alliance never acts",
        ),
        (
            "observed.csv",
            "2021-06,4\n2022-06,6\n",
            "",
            "a header but no rows",
        ),
        (
            "places.csv",
            "radiation,,",
            "radiation,1,",
            "1 provinces have more than one capital: upper",
        ),
        (
            "places.csv",
            ",,north,port",
            ",,south,port",
            "the host lies in another province",
        ),
    ] {
        let folder = base();
        edit(folder.path(), file, find, put);
        let loaded = load(folder.path(), &[], &[]).unwrap_or_else(|e| panic!("{file}: {e}"));
        let text = loaded.warnings.to_string();
        assert!(text.contains(words), "{words}\n{text}");
        let all = &loaded.warnings.problems;
        assert!(all.iter().all(|p| p.severity == Severity::Warning));
    }
}

/// A world of states: zones only. Without weight no circle can form, which is said; the advice helps.
#[test]
fn a_world_of_zones_is_told_how_circles_can_form() {
    let folder = TempDir::new().unwrap();
    let scenario = "format = 1\nname = \"states\"\nstart = \"2020-01\"\nend = \"2020-12\"\n\
        [places]\nfiles = [\"states.csv\"]\n\
        [[domains]]\nid = \"law\"\naffinity = { near = 1.0 }\n\
        [[layers]]\nid = \"near\"\nlinks = [{ rule = \"gravity\" }]\n";
    fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
    let states = |column: &str, cells: [&str; 2]| {
        let text = format!(
            "id,kind,lon,lat,weight,open,tasks,{column}\n\
            east,zone,10,50,4,2020-01,9,{}\nwest,zone,9,50,7,2020-03,5,{}\n",
            cells[0], cells[1]
        );
        fs::write(folder.path().join("states.csv"), text).unwrap();
    };
    let warned = |sets: &[Setting]| {
        let loaded = load(folder.path(), &[], sets).unwrap_or_else(|e| panic!("{e}"));
        let carry: Vec<bool> = loaded
            .scenario
            .places
            .iter()
            .map(|p| p.carries_weight)
            .collect();
        let warnings = loaded.warnings;
        let told = (!warnings.problems.is_empty()).then(|| warnings.to_string());
        (told.unwrap_or_default(), carry)
    };
    let plain = ["line.structures=false".into()];
    states("note", ["", ""]);
    let (text, carry) = warned(&[]);
    assert!(text.contains("no circle, axis or plane can form"), "{text}");
    assert!(
        text.contains("`carries_weight`") && text.contains("`line.structures`"),
        "{text}"
    );
    assert_eq!(carry, [false, false]);
    assert_eq!(warned(&plain), (String::new(), vec![false, false]));
    for (cells, carry) in [(["1", "true"], [true, true]), (["0", "1"], [false, true])] {
        states("carries_weight", cells);
        assert_eq!(warned(&[]), (String::new(), carry.to_vec()));
    }
}

#[test]
fn an_industry_without_weight_in_any_region_is_warned_of() {
    let steel_and = "industries = [{ id = \"steel\" }, { id = \"food\" }]";
    let steel = "industries = [{ id = \"steel\" }]";
    let none = "industries = [{ id = \"steel\", share = 0.0 }, { id = \"food\" }]";
    for (industries, zero, words) in [
        (
            steel_and,
            true,
            "so it has no firms; elsewhere its share goes",
        ),
        (
            steel,
            true,
            "only in 3 regions where no industry has a weight",
        ),
        (steel_and, false, ""),
        (none, true, ""),
    ] {
        let folder = base();
        let put = format!("[firms]\nnumber = 100\n{industries}\n\n[line]");
        edit(folder.path(), "scenario.toml", "[line]", &put);
        if zero {
            edit(folder.path(), "places.csv", ",,2,\n", ",,0,\n");
            edit(folder.path(), "places.csv", ",,1,\n", ",,0,\n");
        }
        let loaded = load(folder.path(), &[], &[]).unwrap_or_else(|e| panic!("{e}"));
        let text = loaded.warnings.to_string();
        if words.is_empty() {
            assert!(!text.contains("industry"), "{text}");
        } else {
            assert!(text.contains(words), "{words}\n{text}");
            for words in [
                "`firms.industries.0`",
                "industry `steel`",
                "`industry_steel`",
            ] {
                assert!(text.contains(words), "{words}\n{text}");
            }
        }
    }
}

#[test]
fn tables_as_spreadsheets_save_them_are_read() {
    let folder = base();
    let path = folder.path().join("places.csv");
    let plain = load(folder.path(), &[], &[]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let text = text
        .replace("Port A", "\"Port\r\n\"\"A\"\"\"")
        .replace('\n', "\r\n");
    fs::write(&path, format!("\u{feff}{text}\r\n\r\n")).unwrap();
    let saved = load(folder.path(), &[], &[]).unwrap();
    assert!(saved.scenario.places[3].name_en.starts_with("Port\r"));
    assert_eq!(saved.scenario.places[4..], plain.scenario.places[4..]);
    // A cell of two lines does not shift the lines of the rows after it.
    edit(
        folder.path(),
        "places.csv",
        "hill,zone,Hill,11.1",
        "hill,zone,Hill,x",
    );
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(
        message.contains("places.csv:8: row 6, column `lon`"),
        "{message}"
    );
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let folder = base();
    fs::write(
        folder.path().join("observed.csv"),
        b"month,items\n2021-06,4\xff\n",
    )
    .unwrap();
    fs::write(folder.path().join("near.gal"), b"1\nn\xfe 0\n").unwrap();
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(
        message.contains("observed.csv:2: is not UTF-8 text"),
        "{message}"
    );
    assert!(
        message.contains("near.gal:2: is not UTF-8 text"),
        "{message}"
    );
    fs::write(folder.path().join("scenario.toml"), b"format = 1\n\xff").unwrap();
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(message.contains("line 2 is not UTF-8"), "{message}");
}

#[test]
fn files_too_large_are_refused_unread() {
    let folder = base();
    let file = fs::File::create(folder.path().join("scenario.toml")).unwrap();
    file.set_len(1 << 40).unwrap();
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(
        message.contains("1099511627776 bytes, more than"),
        "{message}"
    );
}

#[test]
fn a_flood_of_problems_is_cut() {
    let folder = base();
    let mut text = String::from("source,target,weight\n");
    for row in 0..20_000 {
        text += &format!("north,middle,-{row}\n");
    }
    fs::write(folder.path().join("links.csv"), text).unwrap();
    let problems = load(folder.path(), &[], &[]).unwrap_err();
    assert_eq!(
        (problems.errors().count(), problems.left_out),
        (100, 19_900)
    );
    assert!(problems.to_string().contains("and 19900 more"));
}

/// Names of any length are refused where they stand, in a message of a bounded one.
#[test]
fn a_cell_is_of_a_bounded_length() {
    for (file, find) in [
        ("places.csv", ",Middle,"),
        ("places.csv", ",upper,delta,radiation,"),
        ("members.csv", ",hill"),
        ("gateways.csv", "sea,serves,hill,"),
    ] {
        let folder = base();
        let long = "x".repeat(1 << 20);
        edit(
            folder.path(),
            file,
            find,
            &find.replacen(',', &format!(",{long}"), 1),
        );
        let told = load(folder.path(), &[], &[]).unwrap_err();
        assert_eq!(told.errors().count(), 1, "{file}: {told}");
        let told = told.to_string();
        assert!(
            told.contains("bytes; allowed: at most 4096 bytes"),
            "{told}"
        );
        assert!(told.len() < 2000, "{}", told.len());
    }
    // Nor do keys and values flood a message.
    let folder = base();
    let long = "x".repeat(800_000);
    let text = format!(
        "extends = \"scenario.toml\"\nname = \"child\"\n[line]\n{long} = 1\nresponse = \"{long}\"\n"
    );
    fs::write(folder.path().join("child.toml"), text).unwrap();
    let told = load(&folder.path().join("child.toml"), &[], &[]).unwrap_err();
    assert_eq!(told.errors().count(), 2);
    assert!(told.to_string().len() < 3000, "{}", told.to_string().len());
    assert!(serde_json::to_string(&told).unwrap().len() < 3000);
}

#[test]
fn there_must_be_a_scenario() {
    let folder = TempDir::new().unwrap();
    for path in [
        folder.path().to_owned(),
        folder.path().join("no"),
        "/".into(),
        "".into(),
    ] {
        let message = load(&path, &[], &[]).unwrap_err().to_string();
        assert!(message.contains("1 error"), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_refused() {
    let folder = base();
    let outside = TempDir::new().unwrap();
    let target = outside.path().join("observed.csv");
    fs::copy(folder.path().join("observed.csv"), &target).unwrap();
    fs::remove_file(folder.path().join("observed.csv")).unwrap();
    std::os::unix::fs::symlink(&target, folder.path().join("observed.csv")).unwrap();
    let message = load(folder.path(), &[], &[]).unwrap_err().to_string();
    assert!(
        message.contains("leaves the scenario's folder through a link"),
        "{message}"
    );
    assert!(
        message.contains("`plane.observed` = observed.csv"),
        "{message}"
    );
    // A link inside the folder is like the file.
    fs::remove_file(folder.path().join("observed.csv")).unwrap();
    fs::rename(&target, folder.path().join("batches.csv")).unwrap();
    std::os::unix::fs::symlink("batches.csv", folder.path().join("observed.csv")).unwrap();
    assert!(load(folder.path(), &[], &[]).is_ok());
}

const FILES: [&str; 12] = [
    "scenario.toml",
    "places.csv",
    "links.csv",
    "near.gal",
    "near.gwt",
    "alliances.csv",
    "members.csv",
    "corridors.csv",
    "segments.csv",
    "gateways.csv",
    "mandates.csv",
    "layouts/none.toml",
];

/// Loads and prints, whatever comes out.
fn survives(folder: &Path) {
    match load(folder, &["more".into()], &[]) {
        Ok(loaded) => {
            let _ = diff(&loaded, &loaded).to_string();
        }
        Err(problems) => {
            assert!(problems.errors().count() > 0);
            assert!(problems.to_string().len() < 1 << 20);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_file_are_survived(
        file in proptest::sample::select(&FILES[..]),
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let folder = base();
        fs::write(folder.path().join(file), bytes).unwrap();
        survives(folder.path());
    }

    #[test]
    fn any_mutation_of_a_valid_file_is_survived(
        file in proptest::sample::select(&FILES[..]),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0..4_usize,
            proptest::sample::select(&[
                "\"", "'''", "[", "]]", "{", "}", "=", ".", ",", "\n", "-", "#", "nan", "1e400", "0",
                "inf", "id", "[[", "[a.b]\n", "a.b=1\n", "\u{feff}", "路", "|", "\\", "\r", "\t", "*",
            ][..])), 1..8),
    ) {
        let folder = base();
        let path = folder.path().join(file);
        let mut text: Vec<char> = fs::read_to_string(&path).unwrap().chars().collect();
        for (place, cut, put) in edits {
            let at = place.index(text.len() + 1);
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        fs::write(path, text.into_iter().collect::<String>()).unwrap();
        survives(folder.path());
    }

    #[test]
    fn any_value_of_the_command_line_is_survived(set in "[a-z.=0-9\\[\\]{}\"' \n-]{0,40}") {
        let folder = base();
        let sets = [set.clone(), format!("line.beta={set}"), format!("layers.0.{set}")];
        let sets = Setting::written(&sets);
        if let Err(problems) = load(folder.path(), &["..".into(), set.into()], &sets) {
            prop_assert!(problems.errors().count() > 0);
        }
    }

    #[test]
    fn months_come_back_from_text(month in 0..120_000_i32) {
        let month = Month(month);
        prop_assert_eq!(month.to_string().parse::<Month>(), Ok(month));
        prop_assert_eq!(format!("{month}-28").parse::<Month>(), Ok(month));
    }

    #[test]
    fn specs_come_back_from_text(
        beta in 0.0..10.0_f64,
        seed in 0..i64::MAX,
        k in proptest::option::of(1..100_u32),
        title in "\\PC{0,30}",
        structures in any::<bool>(),
    ) {
        let folder = base();
        let mut spec: ScenarioSpec = load(folder.path(), &[], &[]).unwrap().spec;
        spec.line.beta = beta;
        spec.seed = u64::try_from(seed).unwrap();
        spec.layers[0].links[0].k = k;
        spec.title = title;
        spec.line.structures = structures;
        let text = toml::to_string(&spec).unwrap();
        prop_assert_eq!(&toml::from_str::<ScenarioSpec>(&text).unwrap(), &spec);
        // What is written as resolved is read again to the same scenario.
        fs::write(folder.path().join("scenario.toml"), text).unwrap();
        prop_assert_eq!(&load(folder.path(), &[], &[]).unwrap().spec, &spec);
    }
}
