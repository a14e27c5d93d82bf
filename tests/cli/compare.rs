//! `pointplane compare`: what it computes, what it refuses, how it is stopped and goes on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pointplane::paired::{Stein, holm, t_quantile};
use pointplane::store::{Column, ResultKind, Status, read_table};

use crate::fixture::{
    Ran, Running, call, copy, files, manifest, minimal, results, run_into, same, shipped, temp,
};

/// Compares layouts of the minimal scenario into `dir/out`.
#[track_caller]
fn compare_into(dir: &Path, out: &str, words: &[&str]) -> PathBuf {
    compare(dir, out, words).exits(0);
    dir.join(out)
}

fn compare(dir: &Path, out: &str, words: &[&str]) -> Ran {
    let scenario = minimal();
    let mut all = vec!["compare", &scenario, "--out", out, "--quiet"];
    all.extend(words);
    call(dir, &all)
}

/// A table as rows of texts by column name; missing is empty. Numbers read back to the same bits.
fn rows(out: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let (def, data) = read_table(out, table, &[]).unwrap();
    let cell = |column: &Column, row: usize| match column {
        Column::Text { .. } => column.text_at(row).unwrap_or("").to_owned(),
        Column::Int(values) => values[row].map_or(String::new(), |v| v.to_string()),
        Column::Float(values) => match values[row] {
            v if v.is_finite() => format!("{v:?}"),
            _ => String::new(),
        },
        Column::Month(values) => values[row].map_or(String::new(), |m| {
            format!("{:04}-{:02}", m / 12, m % 12 + 1)
        }),
    };
    (0..data.rows())
        .map(|row| {
            let named = def.columns.iter().zip(&data.columns);
            named
                .map(|(def, c)| (def.name.clone(), cell(c, row)))
                .collect()
        })
        .collect()
}

/// What was said, without line breaks.
fn flat(ran: Ran) -> Ran {
    Ran {
        err: ran.err.split_whitespace().collect::<Vec<_>>().join(" "),
        ..ran
    }
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    let text = &row[column];
    if text.is_empty() {
        f64::NAN
    } else {
        text.parse().unwrap()
    }
}

/// The values of a series, by replicate.
fn series(
    outcomes: &[BTreeMap<String, String>],
    layout: &str,
    like: &BTreeMap<String, String>,
) -> Vec<f64> {
    let members_of = if like["group_kind"] == "membership" {
        like["layout"].as_str()
    } else {
        ""
    };
    outcomes
        .iter()
        .filter(|row| {
            row["layout"] == layout
                && row["members_of"] == members_of
                && ["outcome", "group_kind", "group", "horizon"]
                    .iter()
                    .all(|c| row[*c] == like[*c])
        })
        .map(|row| number(row, "value"))
        .collect()
}

#[track_caller]
fn nothing_differs(out: &Path) {
    let effects = rows(out, "effects");
    assert!(effects.len() > 40);
    for row in &effects {
        for column in ["difference", "standard_error", "low", "high"] {
            assert_eq!(number(row, column), 0.0, "{column} of {row:?}");
        }
        assert_eq!(row["baseline_mean"], row["layout_mean"]);
        assert_eq!((row["p"].as_str(), row["p_holm"].as_str()), ("", ""));
        assert_eq!(row["variance_reduction"], "");
    }
    for row in rows(out, "responses") {
        for column in [
            "difference",
            "low",
            "high",
            "sup_low",
            "sup_high",
            "cumulative",
        ] {
            assert!(
                row[column].is_empty() || number(&row, column) == 0.0,
                "{row:?}"
            );
        }
    }
    for row in rows(out, "peaks") {
        assert_eq!(row["peak_month"], "");
    }
}

#[test]
fn a_layout_against_itself_is_exactly_nothing() {
    let dir = temp();
    let out = compare_into(
        dir.path(),
        "out",
        &["--baseline", "none", "none", "--replicates", "5"],
    );
    nothing_differs(&out);
    // Once under its name and once as a file that says the same under another name.
    let scenario = dir.path().join("scenario");
    copy(Path::new(&minimal()), &scenario);
    let text = fs::read_to_string(scenario.join("layouts/none.toml")).unwrap();
    let other = text.replace("layout = \"none\"", "layout = \"nothing\"");
    fs::write(scenario.join("layouts/nothing.toml"), other).unwrap();
    let words = [
        "compare",
        "scenario",
        "--baseline",
        "none",
        "nothing",
        "--replicates",
        "5",
    ];
    call(dir.path(), &words)
        .exits(0)
        .says(&["nothing against none", "nothing differs"]);
    nothing_differs(&dir.path().join("results/minimal-compare"));
}

#[test]
fn an_alliance_between_unopened_zones_changes_nothing() {
    let dir = temp();
    let scenario = dir.path().join("scenario");
    copy(Path::new(&minimal()), &scenario);
    // It ends in the month in which one of its two members opens its first zone: too early for that to
    // be heard. (One that ends sooner is refused when it is read.)
    let layout = "layout = \"unopened\"\n[[define]]\nid = \"early\"\nto = \"2017-04\"\n\
                  groups = [\"coast_ftz\", \"river_ftz\"]\nstrength = 0.9\n";
    fs::write(scenario.join("layouts/unopened.toml"), layout).unwrap();
    let words = [
        "compare",
        "scenario",
        "--baseline",
        "base",
        "unopened",
        "--out",
        "out",
    ];
    call(dir.path(), &words).exits(0).says(&[
        "unopened against base",
        "+ alliance early",
        "Nothing differs",
    ]);
    let out = dir.path().join("out");
    nothing_differs(&out);
    // It is in the table as an alliance whose members are told apart, and costs nothing.
    assert!(
        rows(&out, "effects")
            .iter()
            .any(|row| row["group"] == "member")
    );
    let pareto = rows(&out, "pareto");
    assert_eq!(
        pareto[0]["coordination_cost"],
        pareto[1]["coordination_cost"]
    );
}

#[test]
fn threads_change_no_byte_and_formats_no_value() {
    let dir = temp();
    let words = [
        "--baseline",
        "none",
        "base",
        "open-candidate",
        "--replicates",
        "7",
        "--threads",
    ];
    let run =
        |name: &str, threads| compare_into(dir.path(), name, &[&words[..], &[threads]].concat());
    let one = run("one", "1");
    same(&one, &run("two", "2"));
    same(&one, &run("eight", "8"));
    let csv = compare_into(
        dir.path(),
        "csv",
        &[&words[..], &["2", "--format", "csv"]].concat(),
    );
    for table in [
        "outcomes",
        "national",
        "effects",
        "responses",
        "peaks",
        "ranking",
        "pareto",
    ] {
        assert!(rows(&one, table) == rows(&csv, table), "{table}");
    }
    let told = manifest(&one);
    assert_eq!(
        (told.kind, told.status),
        (ResultKind::Comparison, Status::Complete)
    );
    let comparison = told.comparison.unwrap();
    assert_eq!(comparison.baseline, "none");
    let names: Vec<&str> = comparison.layouts.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["none", "base", "open-candidate"]);
    for layout in &comparison.layouts {
        let bytes = fs::read(one.join(&layout.file)).unwrap();
        assert_eq!(
            crate::fixture::sha256(&bytes),
            layout.scenario_resolved_sha256
        );
    }
}

#[test]
fn values_are_those_of_run() {
    let dir = temp();
    let words = ["--baseline", "none", "open-candidate", "--replicates", "4"];
    let both = compare_into(dir.path(), "both", &words);
    let (national, outcomes) = (rows(&both, "national"), rows(&both, "outcomes"));
    for layout in ["none", "open-candidate"] {
        let single = run_into(
            dir.path(),
            layout,
            &["--layout", layout, "--replicates", "4"],
        );
        let without = |row: &BTreeMap<String, String>| {
            let mut row = row.clone();
            row.remove("layout");
            row
        };
        let own: Vec<_> = national
            .iter()
            .filter(|r| r["layout"] == layout)
            .map(without)
            .collect();
        assert!(own == rows(&single, "national"), "{layout}");
        let mut checked = 0;
        for row in rows(&single, "outcomes") {
            let name = match row["outcome"].as_str() {
                "half_covered" => "covered_50",
                name => name,
            };
            let found: Vec<_> = outcomes
                .iter()
                .filter(|other| {
                    other["layout"] == layout
                        && other["replicate"] == row["replicate"]
                        && other["outcome"] == name
                        && other["group"] == row["item"]
                })
                .collect();
            if let [found] = found[..] {
                assert_eq!(found["value"], row["value"], "{name} {}", row["item"]);
                checked += 1;
            }
        }
        assert!(checked >= 4 * 18, "{checked}");
    }
}

#[test]
fn effects_follow_from_the_values() {
    let dir = temp();
    let words = [
        "--baseline",
        "none",
        "base",
        "open-candidate",
        "--replicates",
        "9",
        "--interval",
        "t",
        "--horizon",
        "2019-06",
    ];
    let out = compare_into(dir.path(), "out", &words);
    let (effects, outcomes) = (rows(&out, "effects"), rows(&out, "outcomes"));
    let horizons: std::collections::BTreeSet<_> =
        effects.iter().map(|r| r["horizon"].clone()).collect();
    assert_eq!(
        horizons.into_iter().collect::<Vec<_>>(),
        ["", "2019-06", "2024-12"]
    );
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()));
    let mut families: BTreeMap<Vec<String>, Vec<(f64, f64)>> = BTreeMap::new();
    for row in &effects {
        let of = |layout: &str| -> Vec<f64> {
            let months = row["horizon"].is_empty();
            let values = series(&outcomes, layout, row).into_iter();
            values
                .map(|v| if months && v.is_nan() { 120.0 } else { v })
                .collect()
        };
        let (x, y) = (of("none"), of(&row["layout"]));
        assert_eq!((x.len(), y.len()), (9, 9), "{row:?}");
        let pairs: Vec<(f64, f64)> = x
            .into_iter()
            .zip(y)
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        let n = pairs.len() as f64;
        let mean = pairs.iter().map(|(x, y)| y - x).sum::<f64>() / n;
        let squares: f64 = pairs.iter().map(|(x, y)| (y - x - mean).powi(2)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        assert_eq!(number(row, "replicates"), n);
        assert!(close(number(row, "difference"), mean), "{row:?}");
        assert!(close(
            number(row, "baseline_mean"),
            pairs.iter().map(|p| p.0).sum::<f64>() / n
        ));
        assert!(
            close(number(row, "standard_error"), error),
            "{error} {row:?}"
        );
        let half = t_quantile(n - 1.0) * error;
        assert!(close(number(row, "low"), mean - half) && close(number(row, "high"), mean + half));
        let key = ["outcome", "group_kind", "group", "horizon"]
            .map(|c| row[c].clone())
            .to_vec();
        families
            .entry(key)
            .or_default()
            .push((number(row, "p"), number(row, "p_holm")));
    }
    assert!(families.len() > 60);
    for family in families.values() {
        let p: Vec<Option<f64>> = family
            .iter()
            .map(|f| Some(f.0).filter(|p| p.is_finite()))
            .collect();
        for (expected, (_, adjusted)) in holm(&p).into_iter().zip(family) {
            assert_eq!(expected, Some(*adjusted).filter(|p| p.is_finite()));
        }
    }
}

#[test]
fn effects_of_groups_add_up_to_the_country() {
    let dir = temp();
    let out = dir.path().join("out");
    let words = [
        "compare",
        &shipped("scenarios/minimal"),
        "--baseline",
        "base",
        "open-candidate",
        "--replicates",
        "4",
        "--out",
        "out",
        "--quiet",
    ];
    call(dir.path(), &words).exits(0);
    let effects = rows(&out, "effects");
    let of = |outcome: &str, kind: &str| -> Vec<&BTreeMap<String, String>> {
        effects
            .iter()
            .filter(|r| r["outcome"] == outcome && r["group_kind"] == kind)
            .collect()
    };
    let nation = number(of("mean_stock", "national")[0], "difference");
    let adopted = number(of("adoptions", "national")[0], "difference");
    assert!(nation > 0.0);
    for kind in ["province", "area", "tier", "membership"] {
        let rows = of("mean_stock", kind);
        assert!(rows.len() >= 2, "{kind}");
        let shares: f64 = rows.iter().map(|r| number(r, "weight_share")).sum();
        assert!((shares - 1.0).abs() < 1e-12, "{kind}: {shares}");
        let sum: f64 = rows
            .iter()
            .map(|r| number(r, "weight_share") * number(r, "difference"))
            .sum();
        assert!((sum - nation).abs() < 1e-9, "{kind}: {sum} {nation}");
        if kind != "tier" {
            let sum: f64 = of("adoptions", kind)
                .iter()
                .map(|r| number(r, "difference"))
                .sum();
            assert!((sum - adopted).abs() < 1e-9, "{kind}: {sum} {adopted}");
        }
    }
}

#[test]
fn months_that_never_come_count_as_the_whole_run() {
    let dir = temp();
    let out = compare_into(
        dir.path(),
        "out",
        &["--baseline", "none", "open-candidate", "--replicates", "6"],
    );
    let effects = rows(&out, "effects");
    let axis = effects
        .iter()
        .find(|r| r["outcome"] == "first_axis")
        .unwrap();
    // No axis without the candidate; the run has 120 months.
    assert_eq!(number(axis, "baseline_mean"), 120.0);
    assert_eq!(
        (
            number(axis, "baseline_happened"),
            number(axis, "layout_happened")
        ),
        (0.0, 1.0)
    );
    assert!(number(axis, "layout_mean") < 120.0 && number(axis, "difference") < 0.0);
    let values = series(&rows(&out, "outcomes"), "none", axis);
    assert!(values.len() == 6 && values.iter().all(|v| v.is_nan()));
    let own = effects
        .iter()
        .find(|r| r["outcome"] == "axis_formed")
        .unwrap();
    assert_eq!(
        (own["group_kind"].as_str(), own["group"].as_str()),
        ("corridor", "great_river")
    );
}

const LAYOUTS: [&str; 4] = ["--baseline", "none", "base", "open-candidate"];

#[test]
fn replicates_are_added_to_the_same_bytes() {
    let dir = temp();
    let with = |more: &[&'static str]| [&LAYOUTS[..], more].concat();
    let six = compare_into(dir.path(), "six", &with(&["--replicates", "6"]));
    let out = compare_into(dir.path(), "out", &with(&["--replicates", "3"]));
    assert_eq!(files(&out.join("parts")).len(), 3);
    // The same again is there already; fewer are not taken away.
    compare(dir.path(), "out", &with(&["--replicates", "3", "--resume"])).exits(0);
    assert_eq!(manifest(&out).sessions, 1);
    compare(dir.path(), "out", &with(&["--replicates", "2", "--resume"]))
        .exits(2)
        .says(&[
            "out has replicates up to number 2 and 2 are wanted",
            "added, not taken away",
        ]);
    assert_eq!(manifest(&out).status, Status::Complete);
    compare(dir.path(), "out", &with(&["--replicates", "6", "--resume"])).exits(0);
    same(&six, &out);
    assert_eq!(manifest(&out).sessions, 2);
    // Another interval is made from the same replicates.
    let t = compare_into(
        dir.path(),
        "t",
        &with(&["--replicates", "6", "--interval", "t"]),
    );
    compare(
        dir.path(),
        "out",
        &with(&["--replicates", "6", "--interval", "t", "--resume"]),
    )
    .exits(0);
    same(&t, &out);
    // Other layouts or horizons are other replicates.
    compare(
        dir.path(),
        "out",
        &[
            "--baseline",
            "none",
            "base",
            "--replicates",
            "9",
            "--resume",
        ],
    )
    .exits(2)
    .says(&["list of layouts is none, base, open-candidate there and none, base now"]);
    compare(
        dir.path(),
        "out",
        &with(&["--replicates", "9", "--resume", "--horizon", "2020-01"]),
    )
    .exits(2)
    .says(&["list of horizons is 2024-12 there and 2020-01, 2024-12 now"]);
    // A damaged part is run again.
    fs::write(out.join("parts/r0000001.part"), "torn").unwrap();
    let more = with(&["--replicates", "8", "--interval", "t", "--resume"]);
    compare(dir.path(), "out", &more).exits(0);
    same(
        &compare_into(
            dir.path(),
            "eight",
            &with(&["--replicates", "8", "--interval", "t"]),
        ),
        &out,
    );
}

/// Long enough to be caught in the middle.
const MANY: &str = "500";

fn many(out: &str) -> Vec<String> {
    let scenario = minimal();
    let words = [
        "compare",
        &scenario,
        "--threads",
        "2",
        "--out",
        out,
        "--replicates",
        MANY,
    ];
    words
        .iter()
        .chain(&LAYOUTS[..3])
        .map(ToString::to_string)
        .collect()
}

#[test]
fn interrupted_or_killed_and_resumed_gives_the_same_bytes() {
    let dir = temp();
    let whole = compare_into(
        dir.path(),
        "whole",
        &[&LAYOUTS[..3], &["--replicates", MANY]].concat(),
    );
    for (signal, name) in [("INT", "interrupted"), ("KILL", "killed")] {
        let words = many(name);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut running = Running::start(dir.path(), &words);
        running.until("replicates: 50 of 500");
        running.signal(signal);
        let ran = running.end();
        let out = dir.path().join(name);
        if signal == "INT" {
            ran.exits(130)
                .says(&["of 500 replicates are kept in interrupted", "--resume"]);
            assert_eq!(manifest(&out).status, Status::Interrupted);
        } else {
            assert_eq!(ran.code, None);
            assert_eq!(manifest(&out).status, Status::Running);
        }
        assert!(!out.join("effects.parquet").exists());
        assert!(read_table(&out, "effects", &[]).is_err());
        words.extend(["--resume", "--quiet"]);
        call(dir.path(), &words).exits(0);
        same(&whole, &out);
    }
}

#[test]
fn a_file_that_cannot_grow_leaves_nothing_that_reads_as_complete() {
    let dir = temp();
    let scenario = minimal();
    let words = format!("compare '{scenario}' --baseline none base --replicates 40 --out out");
    // Parts fit, tables do not.
    let script =
        format!("ulimit -c 0; trap '' XFSZ; ulimit -f 60; exec \"$POINTPLANE\" {words} --quiet");
    crate::fixture::shell(dir.path(), &script).exits(1).says(&[
        "cannot write out/",
        "File too large",
        "complete it with: pointplane compare",
    ]);
    let out = dir.path().join("out");
    assert_eq!(manifest(&out).status, Status::Failed);
    assert!(files(&out).keys().all(|name| !name.ends_with(".parquet")));
    compare(
        dir.path(),
        "out",
        &[
            "--baseline",
            "none",
            "base",
            "--replicates",
            "40",
            "--resume",
        ],
    )
    .exits(0);
    same(
        &compare_into(
            dir.path(),
            "whole",
            &["--baseline", "none", "base", "--replicates", "40"],
        ),
        &out,
    );
}

#[test]
fn until_width_takes_what_stein_says() {
    let dir = temp();
    let pilot = compare_into(
        dir.path(),
        "pilot",
        &[&LAYOUTS[..], &["--replicates", "8"]].concat(),
    );
    let outcomes = rows(&pilot, "outcomes");
    let effects = rows(&pilot, "effects");
    let needed = effects
        .iter()
        .filter(|row| row["outcome"] == "mean_stock" && row["group_kind"] == "national")
        .map(|row| {
            let (x, y) = (
                series(&outcomes, "none", row),
                series(&outcomes, &row["layout"], row),
            );
            let pilot: Vec<f64> = x.iter().zip(&y).map(|(x, y)| y - x).collect();
            Stein::plan(&pilot, 1.2, 300).unwrap().replicates
        })
        .max()
        .unwrap();
    assert!((9..300).contains(&needed), "{needed}");
    let width = [
        "--until-width",
        "mean_stock=1.2",
        "--min-replicates",
        "8",
        "--max-replicates",
        "300",
    ];
    let words = [&LAYOUTS[..], &width].concat();
    let scenario = minimal();
    let all = [&["compare", &scenario, "--out", "out"], &words[..]].concat();
    flat(call(dir.path(), &all).exits(0)).says(&[
        &format!("mean_stock ± 1.2: after 8 replicates, {needed} are needed"),
        &format!("reached with {needed} replicates"),
    ]);
    let out = dir.path().join("out");
    assert_eq!(u64::from(manifest(&out).replicates), needed);
    for row in rows(&out, "effects") {
        let watched = row["outcome"] == "mean_stock" && row["group_kind"] == "national";
        assert_eq!(row["interval"] == "stein", watched);
        if watched {
            let half = (number(&row, "high") - number(&row, "low")) / 2.0;
            assert!(half <= 1.2 + 1e-9, "{half}");
        }
    }
    // Resumed, it is there; from the pilot's replicates it comes to the same bytes.
    compare(dir.path(), "out", &[&words[..], &["--resume"]].concat()).exits(0);
    compare(dir.path(), "pilot", &[&words[..], &["--resume"]].concat()).exits(0);
    same(&out, &pilot);
    // A width that takes fewer than there are is refused, and what is there stays complete.
    let fewer = [
        "--until-width",
        "mean_stock=9",
        "--min-replicates",
        "2",
        "--resume",
    ];
    compare(dir.path(), "out", &[&LAYOUTS[..], &fewer].concat())
        .exits(2)
        .says(&["added, not taken away"]);
    same(&pilot, &out);
    // With fewer allowed than needed, it says so.
    let few = [
        "--until-width",
        "mean_stock=0.1",
        "--min-replicates",
        "5",
        "--max-replicates",
        "7",
        "--force",
    ];
    let all = [&["compare", &scenario, "--out", "out"], &LAYOUTS[..], &few].concat();
    flat(call(dir.path(), &all).exits(0)).says(&["not reached within --max-replicates 7"]);
    assert_eq!(manifest(&out).replicates, 7);
}

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
                "saltbay,region,Saltbay,盐湾市,121.40,30.20,500",
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
        "layout fewer has the regions reed, which base has not",
        "layout fewer lacks the regions reedfield, which base has",
        "layout fewer has another weight than base for saltbay",
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
            "no outcome is called so",
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
        .says(&["what is in it is a run there and a comparison now"]);
    compare(dir.path(), "out", &[&words[..], &["--force"]].concat()).exits(0);
    same(&compare_into(dir.path(), "new", &words), &out);
    // And back: nothing of the comparison stays.
    run_into(dir.path(), "out", &["--replicates", "2", "--force"]);
    same(&run_into(dir.path(), "run", &["--replicates", "2"]), &out);
    assert!(
        results(&out)
            .keys()
            .all(|name| !name.starts_with("layouts") && !name.starts_with("parts"))
    );
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
        "base against none + alliance river_mouth",
        "In short, against none, at the end (2024-12)",
        "base: raises mean stock by ",
        "narrows the gap between areas by ",
        "Trade-off at the end",
        "Again: pointplane compare ",
        " --baseline none base --replicates 20",
    ]);
    let json = ran.json();
    assert_eq!(json["manifest"]["kind"], "comparison");
    assert!(json["summary"]["effects"].as_array().unwrap().len() > 20);
    assert_eq!(json["summary"]["pareto"].as_array().unwrap().len(), 2);
}

#[test]
fn outcomes_are_listed_with_definitions() {
    let dir = temp();
    let text = call(dir.path(), &["outcomes"]).exits(0).out;
    let json = call(dir.path(), &["outcomes", "--json"]).exits(0).json();
    let list = json.as_array().unwrap();
    assert_eq!(
        list.len(),
        pointplane::experiment::compare::catalogue::OUTCOMES.len()
    );
    for outcome in list {
        assert!(text.contains(outcome["name"].as_str().unwrap()));
        assert!(outcome["definition"].as_str().unwrap().len() > 5);
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}
