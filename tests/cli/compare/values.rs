//! What comes out: zero where nothing differs, the values of `run`, effects that follow from them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pointplane::paired::{holm, t_quantile};
use pointplane::store::{ResultKind, Status};

use super::*;
use crate::cli::fixture::{copy, manifest, run_into, same, sha256, shipped, temp};

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
    call(dir.path(), &words).exits(0).says(&[
        "No alliances (nothing) relative to No alliances (none)",
        "nothing differs",
    ]);
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
        "unopened relative to base",
        "+ alliance early",
        "No differences in any replicate",
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
    assert_eq!(told.comparison.unwrap().baseline, "none");
    let names: Vec<&str> = told.layouts.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(names, ["none", "base", "open-candidate"]);
    for layout in &told.layouts {
        let bytes = fs::read(one.join(&layout.file)).unwrap();
        assert_eq!(sha256(&bytes), layout.scenario_resolved_sha256);
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
