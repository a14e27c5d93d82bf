//! `pointplane cite`, as its user meets it.

use std::fs;
use std::path::Path;

use super::fixture::{Ran, call, minimal, run_into, shipped, temp};

/// The value of a field of an entry for BibTeX, without its braces.
#[track_caller]
fn field<'e>(entry: &'e str, name: &str) -> &'e str {
    let mut lines = entry.lines().map(str::trim_start);
    let line = lines.find(|line| line.split(' ').next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no {name} in {entry}"));
    let (_, value) = line.split_once("= {").unwrap();
    value.strip_suffix("},").unwrap()
}

/// Whether braces close as they open, never before; commands count with theirs.
fn balanced(entry: &str) -> bool {
    let mut open = 0;
    for c in entry.chars() {
        open += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if open < 0 {
            return false;
        }
    }
    open == 0
}

/// What is cited of a folder: the entry and both sentences, which are the same on the terminal and in JSON.
#[track_caller]
fn cited(dir: &Path, folder: &str) -> serde_json::Value {
    let json = call(dir, &["cite", folder, "--json"]).exits(0).json();
    let text = |key: &str| json[key].as_str().unwrap().to_owned();
    let (entry, en, zh) = (text("bibtex"), text("text_en"), text("text_zh"));
    let Ran { out, err, .. } = call(dir, &["cite", folder]).exits(0);
    assert_eq!(
        (out, err),
        (format!("{entry}\n{en}\n\n{zh}\n"), String::new())
    );
    assert!(entry.starts_with("@software{pointplane-0.2.0-") && entry.ends_with("},\n}\n"));
    assert!(balanced(&entry), "{entry}");
    assert_eq!(field(&entry, "version"), "0.2.0");
    assert!(
        en.contains("Pointplane 0.2.0") && zh.contains("Pointplane 0.2.0"),
        "{en} {zh}"
    );
    json
}

#[test]
fn a_run_is_cited_with_its_seed_and_replicates() {
    let dir = temp();
    let words = ["--seed", "7", "--replicates", "3", "--layout", "none"];
    let out = run_into(dir.path(), "out", &words);
    let json = cited(dir.path(), "out");
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    for key in ["version", "commit", "seed"] {
        assert_eq!(json[key], manifest[key]);
    }
    assert_eq!(
        (&json["name"], &json["seed"]),
        (&"minimal".into(), &7.into())
    );
    assert_eq!(json["replicates"], 3);
    let entry = json["bibtex"].as_str().unwrap();
    // Title and authors are those that the repository says.
    let cff = fs::read_to_string(shipped("CITATION.cff")).unwrap();
    let title = field(entry, "title").trim_matches(['{', '}']);
    assert!(cff.contains(&format!("title: \"{title}\"")), "{title}");
    assert_eq!(field(entry, "author"), "{The Pointplane developers}");
    assert!(cff.contains("name: \"The Pointplane developers\""));
    let details = "a run: scenario minimal, layout none, seed 7, 3 replicates";
    assert!(field(entry, "note").ends_with(details), "{entry}");
    let zh = json["text_zh"].as_str().unwrap();
    assert!(
        zh.ends_with("：情景 minimal，布局 none，随机种子 7，重复模拟 3 次。"),
        "{zh}"
    );
    if let Some(year) = json["year"].as_str() {
        assert_eq!(field(entry, "year"), year);
        assert!(year.len() == 4 && year.parse::<u32>().is_ok(), "{year}");
    }
}

/// A name of a layout that TeX would take for instructions stays a name.
#[test]
fn names_are_escaped() {
    let dir = temp();
    let layout = fs::read_to_string(shipped("scenarios/minimal/layouts/none.toml")).unwrap();
    assert!(layout.contains("layout = \"none\""));
    let layout = layout.replace("layout = \"none\"", "layout = \"a_50-b\"");
    fs::write(dir.path().join("a.toml"), layout).unwrap();
    run_into(
        dir.path(),
        "out",
        &["--layout", "a.toml", "--replicates", "1"],
    );
    let json = cited(dir.path(), "out");
    let entry = json["bibtex"].as_str().unwrap();
    let note = field(entry, "note");
    assert!(
        note.contains(r"layout a\_50-b, seed 1, 1 replicate"),
        "{note}"
    );
    assert!(json["text_en"].as_str().unwrap().contains("layout a_50-b,"));
}

#[test]
fn other_results_are_cited_too() {
    let dir = temp();
    let (scenario, dir) = (minimal(), dir.path());
    let words = [
        "compare",
        &scenario,
        "--baseline",
        "base",
        "none",
        "--replicates",
        "4",
    ];
    call(
        dir,
        &[&words[..], &["--out", "compared", "--quiet"]].concat(),
    )
    .exits(0);
    let json = cited(dir, "compared");
    let en = json["text_en"].as_str().unwrap();
    assert!(
        en.contains("a comparison made") && en.contains("none, seed 1, 4 replicates."),
        "{en}"
    );

    let words = [
        "explain",
        &scenario,
        "base",
        "none",
        "--replicate",
        "2",
        "--out",
        "why",
    ];
    call(dir, &words).exits(0);
    let json = cited(dir, "why");
    let en = json["text_en"].as_str().unwrap();
    assert!(
        en.contains("an explanation made") && en.ends_with("replicate 2."),
        "{en}"
    );

    for (folder, what, name) in [
        (
            shipped("results/best-layout"),
            "搜索结果",
            "计划 best-layout",
        ),
        (
            shipped("results/china-calibration"),
            "校准结果",
            "情景 china",
        ),
    ] {
        let json = cited(dir, &folder);
        let zh = json["text_zh"].as_str().unwrap();
        let end = format!("：{name}，随机种子 {}。", json["seed"]);
        assert!(zh.contains(what) && zh.ends_with(&end), "{zh}");
        assert!(json["replicates"].is_null());
        let about = fs::read(Path::new(&folder).join("about.json")).unwrap();
        let about: serde_json::Value = serde_json::from_slice(&about).unwrap();
        assert_eq!(json["commit"], about["commit"]);
        assert_eq!(json["seed"], about["seed"]);
        assert!(json["seed"].is_u64());
    }
}

#[test]
fn a_sweep_and_an_estimation_are_cited() {
    let dir = temp();
    let dir = dir.path();
    let plan = "name = \"small\"\nscenario = \"SCENARIO\"\nlayouts = [\"base\"]\nreplicates = 2\n\
        [design]\nkind = \"grid\"\n[parameters]\nline.beta = { levels = [0.1, 0.2, 0.3] }\n";
    fs::write(dir.join("plan.toml"), plan.replace("SCENARIO", &minimal())).unwrap();
    call(
        dir,
        &["sweep", "run", "plan.toml", "--out", "swept", "--quiet"],
    )
    .exits(0);
    let json = cited(dir, "swept");
    let en = json["text_en"].as_str().unwrap();
    let end = "plan small, scenario minimal, layout base, seed 1, 3 points, 2 replicates.";
    assert!(en.contains("a sweep made") && en.ends_with(end), "{en}");

    let lotteries = shipped("scenarios/us-lotteries");
    let set = ["--set", "line.line_threshold=3", "--seed", "7"];
    call(
        dir,
        &[
            &["estimate", &lotteries, "--out", "estimated"][..],
            &set[..2],
        ]
        .concat(),
    )
    .exits(0);
    let json = cited(dir, "estimated");
    let en = json["text_en"].as_str().unwrap();
    let end = ": scenario us-lotteries, with line.line_threshold=3, seed 1.";
    assert!(
        en.contains("an estimation made") && en.ends_with(end),
        "{en}"
    );
    // Parameters that were set are told, and entries of two results of one scenario have two keys.
    for folder in ["one", "two"] {
        run_into(dir, folder, &[&set[..], &["--replicates", "1"]].concat());
        let json = cited(dir, folder);
        let entry = json["bibtex"].as_str().unwrap();
        let key = format!("@software{{pointplane-0.2.0-{folder},");
        assert!(entry.starts_with(&key), "{entry}");
        let zh = json["text_zh"].as_str().unwrap();
        let end = "情景 minimal，设定 line.line_threshold=3，随机种子 7，重复模拟 1 次。";
        assert!(zh.ends_with(end), "{zh}");
    }
}

/// What is not complete is told, and a folder of something else refused.
#[test]
fn what_cannot_be_cited_is_told() {
    let dir = temp();
    let (dir, scenario) = (dir.path(), minimal());
    let words = [
        "run",
        &scenario,
        "--shard",
        "1/2",
        "--replicates",
        "4",
        "--out",
        "half",
    ];
    call(dir, &words).exits(0);
    let half = call(dir, &["cite", "half"])
        .exits(3)
        .says(&["not complete"]);
    assert!(half.out.starts_with("@software{"));

    fs::create_dir(dir.join("empty")).unwrap();
    fs::create_dir(dir.join("broken")).unwrap();
    fs::write(dir.join("broken/about.json"), "{").unwrap();
    for folder in ["empty", "broken", "nowhere", &scenario] {
        let ran = call(dir, &["cite", folder]).exits(2);
        assert!(
            ran.out.is_empty() && ran.err.contains(folder),
            "{}",
            ran.err
        );
        call(dir, &["cite", folder, "--json"]).exits(2).json();
    }
}
