//! Wrong plans: each is refused before anything runs, with a message that names file, line, key or cell,
//! value, what would be right, and the nearest name.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::fixture::{call, copy, say};
use crate::chinese::{english, is_chinese};

/// One wrong plan of the corpus.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The file that is changed or written; the plan unless given.
    #[serde(default = "plan")]
    file: String,
    find: Option<String>,
    put: Option<String>,
    /// A second change, in the plan.
    and_find: Option<String>,
    and_put: Option<String>,
    /// The plan is the one of a list.
    #[serde(default)]
    of_list: bool,
    /// Given in the plan's place.
    given: Option<String>,
    expect: Vec<String>,
    #[serde(default = "one")]
    errors: usize,
}

fn plan() -> String {
    "plan.toml".to_owned()
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    base: String,
    base_of_list: String,
    list: String,
    case: Vec<Case>,
}

/// Refuses a plan; gives what is wrong with the refusal.
fn refused(dir: &Path, given: &str, expect: &[String], errors: usize) -> Option<String> {
    let ran = call(dir, &["sweep", "plan", given, "--out", "out"]);
    let told = &ran.err;
    if ran.code != Some(2) || told.contains("panicked") {
        return Some(format!("exit code {:?}\n{told}{}", ran.code, ran.out));
    }
    let missing: Vec<&String> = expect
        .iter()
        .filter(|words| !told.contains(*words))
        .collect();
    if !missing.is_empty() {
        return Some(format!("no {missing:?} in\n{told}"));
    }
    let count = told
        .lines()
        .filter(|line| line.starts_with("error: "))
        .count();
    if count != errors {
        return Some(format!("{count} errors instead of {errors}\n{told}"));
    }
    let json = call(dir, &["sweep", "plan", given, "--out", "out", "--json"]);
    let list = json.json()["problems"].as_array().map(Vec::len);
    if json.code != Some(2) || list < Some(errors) {
        return Some(format!("--json: {:?}, {list:?}", json.code));
    }
    // `run` takes no other way in.
    let run = call(dir, &["sweep", "run", given, "--out", "out", "--resume"]);
    if run.code != Some(2) || run.err != *told {
        return Some(format!("run: {:?}\n{}", run.code, run.err));
    }
    let chinese = call(
        dir,
        &["sweep", "plan", given, "--out", "out", "--lang", "zh"],
    )
    .err;
    let english = english(&chinese);
    if english.is_some() || !chinese.lines().all(is_chinese) {
        return Some(format!("{english:?} in\n{chinese}"));
    }
    let left = dir.join("out");
    if left.exists() {
        fs::remove_dir_all(left).unwrap();
        return Some("left a folder".to_owned());
    }
    None
}

#[test]
fn every_wrong_plan_is_refused_with_the_right_words() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    let cases: Cases =
        toml::from_str(&fs::read_to_string(corpus.join("plans.toml")).unwrap()).unwrap();
    assert!(cases.case.len() >= 60, "{} cases", cases.case.len());
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    copy(&corpus.join("base"), &dir.join("base"));
    let reset = |base: &str| {
        fs::write(dir.join("plan.toml"), base).unwrap();
        fs::write(dir.join("list.csv"), &cases.list).unwrap();
    };
    for base in [&cases.base, &cases.base_of_list] {
        reset(base);
        let dry = call(dir, &["sweep", "plan", "plan.toml", "--dry-run"]);
        assert_eq!(dry.code, Some(0), "{}", dry.err);
    }
    let edit = |file: &str, find: &str, put: &str| {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert_eq!(text.matches(find).count(), 1, "{file}: {find:?}");
        fs::write(dir.join(file), text.replacen(find, put, 1)).unwrap();
    };
    let mut failures = Vec::new();
    for case in &cases.case {
        reset(if case.of_list {
            &cases.base_of_list
        } else {
            &cases.base
        });
        if let Some(put) = &case.put {
            match &case.find {
                Some(find) => edit(&case.file, find, put),
                None => fs::write(dir.join(&case.file), put).unwrap(),
            }
        }
        if let (Some(find), Some(put)) = (&case.and_find, &case.and_put) {
            edit("plan.toml", find, put);
        }
        let given = case.given.as_deref().unwrap_or("plan.toml");
        if let Some(why) = refused(dir, given, &case.expect, case.errors) {
            failures.push(format!("--- {}: {why}", case.name));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.case.len(),
        failures.join("\n")
    );
}

#[test]
fn lists_that_are_no_text_or_too_large_are_refused_unread() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong");
    copy(&corpus.join("base"), &dir.join("base"));
    let plan =
        "name = \"w\"\nscenario = \"base\"\n[design]\nkind = \"list\"\nfile = \"list.csv\"\n";
    fs::write(dir.join("plan.toml"), plan).unwrap();
    let list = dir.join("list.csv");
    let check = |expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|word| (*word).to_owned()).collect();
        if let Some(why) = refused(dir, "plan.toml", &expect, 1) {
            panic!("{why}");
        }
    };
    fs::write(&list, b"line.beta\n0.1\n0.2\xff\n").unwrap();
    check(&["list.csv:3: is not UTF-8 text"]);
    // 参数 in GB 18030, as an older Excel saves it.
    fs::write(&list, b"line.beta,note\xb2\xce\xca\xfd\n0.1,1\n").unwrap();
    check(&["list.csv:1: is not UTF-8 text"]);
    fs::File::create(&list).unwrap().set_len(1 << 40).unwrap();
    check(&[
        "plan.toml:5",
        "`design.file`",
        "has 1099511627776 bytes, more than",
    ]);
    fs::remove_file(&list).unwrap();
    check(&["plan.toml:5", "`design.file`", "cannot be read"]);
    fs::create_dir(&list).unwrap();
    check(&["plan.toml:5", "this is not a file"]);
    fs::remove_dir(&list).unwrap();
    let header: Vec<String> = (0..100_000).map(|at| format!("c{at}")).collect();
    fs::write(&list, header.join(",")).unwrap();
    check(&["has 100000 columns, more than"]);
    // Text of no kind: a million rows of nonsense in a column that is one.
    fs::write(&list, format!("line.beta\n{}", "x,y\n".repeat(200_000))).unwrap();
    let ran = call(dir, &["sweep", "plan", "plan.toml"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("and 199") && ran.err.len() < 100_000,
        "{}",
        ran.err.len()
    );
}

/// Whether there is memory for so many runs at a time is asked in one place, whoever runs them.
#[test]
fn memory_is_asked_for_by_all_that_read_a_plan() {
    let dir = tempfile::tempdir().unwrap();
    let plan = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scenarios/china/sweeps/sensitivity.toml"
    );
    // As many at a time need tens of gigabytes.
    let ran = |words: &str| {
        let ran = say(dir.path(), &words.replace("PLAN", plan));
        let told = ran.err.lines().find(|line| line.contains("GB of memory"));
        (ran.code, told.map(str::to_owned))
    };
    let here = ran("sweep plan PLAN --threads 1024 --dry-run");
    // A machine that has them is one where nothing is refused.
    let refused = (here.0, here.1.is_some()) == (Some(1), true);
    assert!(refused || here == (Some(0), None), "{here:?}");
    let bytes = |told: &Option<String>| {
        let (_, needs) = told.as_ref()?.split_once("needs about ")?;
        Some(needs.split_once(" of memory")?.0.to_owned())
    };
    for words in [
        "slurm sweep PLAN --cpus-per-task 1024 --time 1h --out slurm",
        "sweep script PLAN --for pbs --cpus-per-task 1024 --time 1h --out script",
    ] {
        let there = ran(words);
        assert_eq!(
            (there.0, bytes(&there.1)),
            (here.0, bytes(&here.1)),
            "{words}"
        );
    }
}
