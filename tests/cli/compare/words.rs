//! What is refused, and what is said.

use std::fs;
use std::path::Path;

use super::*;
use crate::cli::fixture::{copy, files, run_into, same, temp};

#[test]
fn layouts_that_are_no_pair_are_refused_with_all_reasons() {
    let dir = temp();
    let scenario = dir.path().join("scenario");
    copy(Path::new(&minimal()), &scenario);
    let layout = |name: &str, text: &str| {
        let text = format!("layout = \"{name}\"\n{text}\n");
        fs::write(scenario.join(format!("layouts/{name}.toml")), text).unwrap();
    };
    layout("later", "[set]\nend = \"2026-12\"\nseed = 9");
    let regions = fs::read_to_string(scenario.join("regions.csv")).unwrap();
    fs::write(
        scenario.join("fewer.csv"),
        regions
            .replace("reedfield,region,", "reed,region,")
            .replace(
                "saltbay,region,Saltbay,盐湾市,121.40,30.20,400",
                "saltbay,region,Saltbay,盐湾市,121.45,30.25,500",
            ),
    )
    .unwrap();
    layout(
        "fewer",
        "[set.places]\nfiles = [\"fewer.csv\", \"zones.csv\", \"gateways.csv\"]",
    );
    let words = [
        "compare",
        "scenario",
        "--baseline",
        "base",
        "later",
        "fewer",
        "none",
        "none",
    ];
    // Words on the command line first, then the pairs.
    call(dir.path(), &words)
        .exits(2)
        .says(&["none: this layout is named twice"]);
    call(dir.path(), &words[..6]).exits(2).says(&[
        "layout later runs from 2015-01 to 2026-12 and base from 2015-01 to 2024-12",
        "layout later has the seed 9 and base 1",
        "layout fewer has the regions reed, which base lacks",
        "layout fewer lacks the regions reedfield, which base has",
        "layout fewer has a different weight than base for saltbay",
        "layout fewer has a different lon than base for saltbay",
        "layout fewer has a different lat than base for saltbay",
    ]);
    assert!(!dir.path().join("results").exists());
    // Two layouts with one name.
    fs::write(
        dir.path().join("mine.toml"),
        "layout = \"none\"\ndrop = [\"*\"]\n[set.line]\nbeta = 0.01\n",
    )
    .unwrap();
    call(
        dir.path(),
        &[
            "compare",
            "scenario",
            "--baseline",
            "base",
            "none",
            "mine.toml",
        ],
    )
    .exits(2)
    .says(&["mine.toml: is called none, and so is the layout none"]);
}

#[test]
fn wrong_arguments_exit_2_with_a_sentence() {
    let dir = temp();
    let scenario = minimal();
    for (words, says) in [
        (&["--baseline", "none"][..], "<LAYOUT>"),
        (&["none"], "--baseline"),
        (&["--baseline", "none", "bas"], "no such file"),
        (
            &["--baseline", "none", "base", "--replicates", "0"],
            "0 is not in 1..",
        ),
        (
            &["--baseline", "none", "base", "--outcome", "mean_stok"],
            "did you mean `mean_stock`?",
        ),
        (
            &["--baseline", "none", "base", "--horizon", "2019"],
            "is not a month",
        ),
        (
            &["--baseline", "none", "base", "--horizon", "2035-01"],
            "is not a month of the run",
        ),
        (
            &["--baseline", "none", "base", "--until-width", "mean_stock"],
            "must be OUTCOME=W",
        ),
        (
            &[
                "--baseline",
                "none",
                "base",
                "--until-width",
                "mean_stock=-1",
            ],
            "not a positive number",
        ),
        (
            &["--baseline", "none", "base", "--until-width", "stock=1"],
            "there is no outcome of this name",
        ),
        (
            &[
                "--baseline",
                "none",
                "base",
                "--until-width",
                "axis_formed=1",
            ],
            "is given by corridor",
        ),
        (
            &[
                "--baseline",
                "none",
                "base",
                "--until-width",
                "first_axis@2020-01=1",
            ],
            "takes no horizon",
        ),
        (
            &[
                "--baseline",
                "none",
                "base",
                "--until-width",
                "gini=1",
                "--replicates",
                "5",
            ],
            "cannot be used with",
        ),
        (
            &["--baseline", "none", "base", "--min-replicates", "5"],
            "--until-width",
        ),
        (
            &[
                "--baseline",
                "none",
                "base",
                "--until-width",
                "gini=1",
                "--min-replicates",
                "9",
                "--max-replicates",
                "5",
            ],
            "is larger than --max-replicates",
        ),
        (
            &["--baseline", "none", "base", "--interval", "z"],
            "invalid value 'z'",
        ),
        (
            &["--baseline", "none", "base", "--force", "--resume"],
            "cannot be used with",
        ),
        (
            &["--baseline", "none", "base", "--resume"],
            "leave out --resume to begin one",
        ),
        (
            &["--baseline", "none", "base", "--set", "line.betta=1"],
            "line.beta",
        ),
    ] {
        let all = [&["compare", &scenario, "--out", "out"], words].concat();
        let ran = call(dir.path(), &all).exits(2).says(&[says]);
        assert!(!ran.err.contains("panicked"));
        assert!(!dir.path().join("out").exists(), "{words:?}");
    }
}

#[test]
fn a_run_and_a_comparison_are_not_taken_for_each_other() {
    let dir = temp();
    let out = run_into(dir.path(), "out", &["--replicates", "2"]);
    let words = [&LAYOUTS[..], &["--replicates", "2"]].concat();
    compare(dir.path(), "out", &words)
        .exits(2)
        .says(&["already holds a run"]);
    compare(dir.path(), "out", &[&words[..], &["--resume"]].concat())
        .exits(2)
        .says(&["the kind of result is a run there and a comparison now"]);
    compare(dir.path(), "out", &[&words[..], &["--force"]].concat()).exits(0);
    same(&compare_into(dir.path(), "new", &words), &out);
    // And back: nothing of the comparison stays.
    run_into(dir.path(), "out", &["--replicates", "2", "--force"]);
    same(&run_into(dir.path(), "run", &["--replicates", "2"]), &out);
    assert!(files(&out).keys().all(|name| !name.starts_with("layouts")
        && (!name.starts_with("logs") || name == "logs/complete.log")));
}

#[test]
fn the_summary_says_what_a_layout_does() {
    let dir = temp();
    let scenario = minimal();
    let words = [
        "compare",
        &scenario,
        "--baseline",
        "none",
        "base",
        "--replicates",
        "20",
        "--json",
    ];
    let ran = call(dir.path(), &words).exits(0);
    for line in ran
        .err
        .lines()
        .filter(|line| !line.starts_with("Again: ") && !line.contains(&scenario))
    {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let ran = flat(ran).says(&[
        "base relative to No alliances (none) + alliance river_mouth",
        "p: paired t test, adjusted over the layouts",
        "Relative to “No alliances (none)”, at the end (2024-12): change at one setting of the parameters, 95 % interval of 20 replicates. mean stock the gap between inequality across areas regions",
        " raises narrows ",
        "━━ luck interval: Monte Carlo noise of the replicates alone; │ no change.",
        "Parameters not varied: what they leave open is often many times as wide. Add --priors PLAN, with a plan as in `pointplane sweep --help`",
        "20 replicates of 2 layouts under common random numbers",
        "Ranges are 95 % confidence intervals of each difference separately",
        "p: paired t test, adjusted over the layouts of its row only (Holm), one family of ",
        " tests in all; gain: how many times",
        "No outcome was named in advance (--primary), so all rows are exploratory",
        "change % p (Holm) gain",
        "Trade-off at the end all Pareto-efficient: none is dominated",
        "Again: pointplane compare ",
        " --baseline none base --replicates 20",
    ]);
    let json = ran.json();
    assert_eq!(json["manifest"]["kind"], "comparison");
    assert!(json["summary"]["effects"].as_array().unwrap().len() > 20);
    assert_eq!(json["summary"]["pareto"].as_array().unwrap().len(), 2);
    // One layout: each test is a family of its own.
    let tests = &json["summary"]["tests"];
    assert_eq!(tests["tests"], tests["families"]);
    assert!(tests["tests"].as_u64().unwrap() > 20, "{tests}");
}

/// The outcome that was named beforehand is told from all others, in words and in the table; what cannot be one is
/// refused.
#[test]
fn a_primary_outcome_is_told_from_the_rest() {
    let dir = temp();
    let scenario = minimal();
    fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&LAYOUTS[..], &["--replicates", "6"], more].concat()
    }
    let words = [
        &["compare", &scenario, "--out", "out"],
        &with(&["--primary", "theil"])[..],
    ]
    .concat();
    let ran = call(dir.path(), &words).exits(0);
    let marked: Vec<&str> = ran
        .err
        .lines()
        .filter(|line| line.starts_with('!'))
        .collect();
    assert_eq!(marked.len(), 3, "{marked:?}");
    assert!(
        marked[1..].iter().all(|line| line.starts_with("! theil ")),
        "{marked:?}"
    );
    flat(ran).says(&["theil was named in advance (--primary); all other rows are exploratory"]);
    let (mut primary, mut others) = (0, Vec::new());
    for row in rows(&dir.path().join("out"), "effects") {
        let is = row["primary"] == "1";
        assert_eq!(
            is,
            row["outcome"] == "theil" && row["group_kind"] == "national",
            "{row:?}"
        );
        primary += u32::from(is);
        assert!(!is || row["p_holm_all"].is_empty());
        if !is && !row["p"].is_empty() {
            let [p, alone, all] = ["p", "p_holm", "p_holm_all"].map(|name| number(&row, name));
            assert!(p <= alone && alone <= all + 1e-12, "{row:?}");
            others.push((p, all));
        }
    }
    assert_eq!(primary, 2);
    // Holm over all of them: the smallest is multiplied by their number.
    others.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ((p, all), tests) = (others[0], others.len() as f64);
    assert!(
        (all - (p * tests).min(1.0)).abs() <= 1e-9,
        "{p} {all} {tests}"
    );
    // Not in advance any more.
    for other in [&["--primary", "gini"][..], &[]] {
        let words = [&LAYOUTS[..], &["--replicates", "8", "--resume"], other].concat();
        compare(dir.path(), "out", &words)
            .exits(2)
            .says(&["primary outcome (--primary)", "theil"]);
    }
    for (name, says) in [
        ("axis_formed", "corridor"),
        ("thiel", "theil"),
        ("uptake", "firms"),
    ] {
        compare(dir.path(), "other", &with(&["--primary", name]))
            .exits(2)
            .says(&["--primary", says]);
    }
}

/// With intervals and without: no number of the answer has more than three significant digits.
#[test]
fn the_answer_has_three_digits_at_most() {
    let dir = temp();
    let scenario = minimal();
    for replicates in ["1", "20"] {
        let words = [
            "compare",
            &scenario,
            "--baseline",
            "none",
            "base",
            "--force",
            "--replicates",
            replicates,
        ];
        let ran = call(dir.path(), &words).exits(0);
        let (_, answer) = ran.err.split_once("\nRelative to “").unwrap();
        let (_, answer) = answer.split_once("\n\n").unwrap();
        let numbers: Vec<&str> = answer
            .split(|c: char| !(c.is_ascii_digit() || c == '.'))
            .map(|word| word.trim_matches('.'))
            .filter(|word| !word.is_empty())
            .collect();
        assert!(numbers.len() >= 3, "{answer}");
        for number in numbers {
            let figures = number.trim_start_matches(['0', '.']).replace('.', "");
            assert!(figures.len() <= 3, "{number} in {answer}");
        }
    }
}

/// Resuming is advised only where it works.
#[test]
fn a_comparison_in_the_folder_is_named() {
    let dir = temp();
    let words = [&LAYOUTS[..], &["--replicates", "2"]].concat();
    compare_into(dir.path(), "out", &words);
    let ran = flat(compare(dir.path(), "out", &words).exits(2)).says(&[
        "out already holds a comparison of base, open-candidate with the baseline none (complete, 2 replicates)",
        "or add replicates to it with --resume and a larger --replicates",
    ]);
    assert!(!ran.err.contains("holds a run"), "{}", ran.err);
    let other = ["--baseline", "none", "base", "--replicates", "4"];
    let ran = flat(compare(dir.path(), "out", &other).exits(2)).says(&[
        "a comparison of base, open-candidate",
        "--out",
        "--force",
    ]);
    assert!(!ran.err.contains("--resume"), "{}", ran.err);
}

/// Marks, ranges and columns are explained where they stand, and only there.
#[test]
fn the_summary_explains_what_it_shows_and_no_more() {
    let dir = temp();
    let scenario = minimal();
    let run = |words: &[&str]| {
        let all = [&["compare", &scenario, "--force"], words].concat();
        call(dir.path(), &all).exits(0)
    };
    let two = ["--baseline", "none", "base", "--replicates"];
    let marked = |ran: &Ran| ran.err.lines().any(|line| line.contains(")b "));
    let bca = run(&[&two[..], &["20", "--interval", "bca"]].concat());
    assert!(marked(&bca), "{}", bca.err);
    flat(bca).says(&["of each difference separately (b: BCa bootstrap; else t)"]);
    let few = run(&[&two[..], &["19", "--interval", "bca"]].concat());
    assert!(!marked(&few));
    flat(few).says(&["with 19 replicates intervals are t: bca takes 20 or more"]);
    // A corridor that is opened has an axis earlier; one more zone is open in every replicate.
    let more = [
        "--baseline",
        "none",
        "open-candidate",
        "--outcome",
        "points",
    ];
    flat(run(&[&more[..], &["--replicates", "20"]].concat())).says(&[
        "points +1.00, the same in all 20 replicates",
        "first formation, mean month (never counts as the end of the run)",
        " months earlier (",
    ]);
    let t = run(&[&two[..], &["20", "--interval", "t"]].concat());
    assert!(!marked(&t) && !t.err.contains("BCa"), "{}", t.err);
    // A ratio of variances of a few replicates says nothing.
    let few = run(&[&two[..], &["9"]].concat());
    assert!(!few.err.contains(" gain"), "{}", few.err);
    // One replicate has no interval, and no test.
    let one = run(&["--baseline", "none", "none", "--replicates", "1"]);
    for word in ["95 %", " gain", "Holm"] {
        assert!(!one.err.contains(word), "{}", one.err);
    }
    flat(one).says(&["1 replicate of 1 layout under common random numbers"]);
    let one = run(&[&two[..], &["1"]].concat());
    for word in ["95 %", " gain", "Holm"] {
        assert!(!one.err.contains(word), "{}", one.err);
    }
}

#[test]
fn outcomes_are_listed_with_definitions() {
    let dir = temp();
    let text = call(dir.path(), &["outcomes"]).exits(0).out;
    let json = call(dir.path(), &["outcomes", "--json"]).exits(0).json();
    let list = json.as_array().unwrap();
    assert_eq!(list.len(), pointplane::measure::OUTCOMES.len());
    for outcome in list {
        assert!(text.contains(outcome["name"].as_str().unwrap()));
        assert!(outcome["definition"].as_str().unwrap().len() > 5);
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}
