//! The terminal speaks the language of the locale or of `--lang`; what programs read stays as it is.

use std::process::Command;

use super::fixture::{PROGRAM, Ran, call, minimal, same, shipped, temp};

/// A call with these variables of the locale and no others.
fn in_locale(dir: &std::path::Path, locale: &[(&str, &str)], words: &[&str]) -> Ran {
    let mut command = Command::new(PROGRAM);
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.envs(locale.iter().copied());
    command
        .current_dir(dir)
        .args(words)
        .output()
        .unwrap()
        .into()
}

const CHINESE: &str = "首次形成的时间";
const ENGLISH: &str = "First formation";

#[test]
fn the_locale_names_the_language_unless_an_option_does() {
    let dir = temp();
    let scenario = minimal();
    let run = |locale: &[(&str, &str)], more: &[&str]| {
        let run = ["run", scenario.as_str(), "--replicates", "1", "--force"];
        in_locale(dir.path(), locale, &[&run, more].concat()).exits(0)
    };
    let (zh, en, c) = ("zh_CN.UTF-8", "en_GB.UTF-8", "C");
    for (locale, more, says) in [
        (&[][..], &[][..], ENGLISH),
        (&[("LANG", zh)], &[], CHINESE),
        (&[("LANG", zh), ("LC_MESSAGES", en)], &[], ENGLISH),
        (&[("LANG", en), ("LC_MESSAGES", zh)], &[], CHINESE),
        (
            &[("LANG", zh), ("LC_MESSAGES", zh), ("LC_ALL", c)],
            &[],
            ENGLISH,
        ),
        // An empty variable says nothing.
        (&[("LANG", zh), ("LC_ALL", "")], &[], CHINESE),
        (&[("LANG", zh)], &["--lang", "en"], ENGLISH),
        (&[("LANG", en)], &["--lang", "zh"], CHINESE),
    ] {
        let ran = run(locale, more);
        assert!(ran.err.contains(says), "{locale:?} {more:?}: {}", ran.err);
    }
    // Before the command too.
    let words = [
        "--lang",
        "zh",
        "run",
        &scenario,
        "--replicates",
        "1",
        "--force",
    ];
    in_locale(dir.path(), &[], &words).exits(0).says(&[CHINESE]);
    in_locale(dir.path(), &[], &["run", &scenario, "--lang", "fr"])
        .exits(2)
        .says(&["fr", "en", "zh"]);
}

#[test]
fn tables_and_json_are_the_same_in_every_language() {
    let dir = temp();
    let tables = |lang: &str| {
        let out = dir.path().join(lang);
        let words = ["compare", &minimal(), "--baseline", "base", "none"];
        let more = ["--replicates", "2", "--json", "--lang", lang];
        let place = ["--out", out.to_str().unwrap()];
        let ran = call(dir.path(), &[&words[..], &more, &place].concat()).exits(0);
        let mut json = ran.json();
        // Times, and the command with its language.
        json.as_object_mut().unwrap().remove("manifest");
        json.as_object_mut().unwrap().remove("dir");
        (out, json)
    };
    let ((english, en), (chinese, zh)) = (tables("en"), tables("zh"));
    assert_eq!(en, zh);
    same(&english, &chinese);
    let wrong = |lang: &str| {
        let words = ["check", &minimal(), "--set", "line.beta=-1", "--json"];
        call(dir.path(), &[&words[..], &["--lang", lang]].concat())
            .exits(2)
            .out
    };
    assert_eq!(wrong("en"), wrong("zh"));
}

/// A Chinese table stands in columns: what is wide counts twice.
#[test]
fn chinese_lines_fit_on_a_terminal() {
    let dir = temp();
    let run = ["run", &minimal(), "--replicates", "3", "--lang", "zh"];
    let ran = call(dir.path(), &run).exits(0);
    let compared = [
        "compare",
        &minimal(),
        "--baseline",
        "base",
        "none",
        "--replicates",
        "3",
        "--lang",
        "zh",
    ];
    let compared = call(dir.path(), &compared).exits(0).says(&[
        "none 与 base 相比",
        "相同的随机冲击",
        "与“不加布局的情景（base）”相比，期末（2024-12）",
    ]);
    let explained = ["explain", &minimal(), "base", "none", "--lang", "zh"];
    let explained = call(dir.path(), &explained).exits(0);
    for text in [&ran.err, &compared.err, &explained.out] {
        let shown = text.lines().filter(|line| !line.contains("pointplane"));
        for line in shown {
            assert!(pointplane::texts::columns::width(line) <= 100, "{line}");
        }
    }
    // Heads stand over their columns: a change ends where its range closes.
    let end = |line: &str, what: &str| {
        let line = compared.err.lines().find(|known| known.contains(line));
        let (before, _) = line.unwrap().split_once(what).unwrap();
        pointplane::texts::columns::width(before) + pointplane::texts::columns::width(what)
    };
    assert_eq!(end("变化", "变化"), end("  mean_stock ", ")"));
}

/// A document is in English wherever it is made, unless its language is named.
#[test]
fn documents_do_not_follow_the_locale() {
    let dir = temp();
    let run = [
        "run",
        &minimal(),
        "--replicates",
        "1",
        "--out",
        "r",
        "--quiet",
    ];
    call(dir.path(), &run).exits(0);
    let chinese = [("LANG", "zh_CN.UTF-8")];
    in_locale(dir.path(), &chinese, &["report", "r"]).exits(0);
    let html = std::fs::read_to_string(dir.path().join("r/report.html")).unwrap();
    assert!(html.contains("<html lang=\"en\">"));
    in_locale(dir.path(), &[], &["report", "r", "--lang", "zh"]).exits(0);
    let html = std::fs::read_to_string(dir.path().join("r/report-zh.html")).unwrap();
    assert!(html.contains("<html lang=\"zh-CN\">"));
    let odd = |locale: &[(&str, &str)], more: &[&str]| {
        let scenario = shipped("scenarios/minimal");
        let words = [&["odd", scenario.as_str()], more].concat();
        in_locale(dir.path(), locale, &words).exits(0).out
    };
    assert_eq!(odd(&chinese, &[]), odd(&[], &["--lang", "en"]));
    assert!(odd(&[], &["--lang", "zh"]).contains("按 ODD 规范的模型描述"));
}

#[test]
fn problems_are_told_in_chinese() {
    let dir = temp();
    let words = [
        "check",
        &minimal(),
        "--set",
        "line.beta=-1",
        "--set",
        "line.betaa=1",
    ];
    call(dir.path(), &[&words[..], &["--lang", "zh"]].concat())
        .exits(2)
        .says(&[
            "错误：--set: `line.beta` = -1: ",
            "；允许：",
            "；是否应为 `line.beta`？",
            "2 个错误",
        ]);
}
