//! `compare --variants` and `--break-even`: layouts under other models, and where one parameter turns the answer.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{compare, rows, summed_up};
use pointplane::experiment::request::{Compare, Interval, Model, Over};
use pointplane::experiment::sweep::over::compared;
use pointplane::scenario::load;
use pointplane::store::Format;

use crate::cli::fixture::{call, minimal};

const LAYOUTS: [&str; 4] = ["--baseline", "none", "base", "open-candidate"];
const HILL: &str = "layout = \"hill\"\n[set.line]\nresponse = \"hill\"\nx0 = 0.3\n";
const SLOW: &str = "layout = \"slow\"\n[set.line]\nbeta = 0.02\n";

/// A folder with two variants.
fn with_variants() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("hill.toml"), HILL).unwrap();
    fs::write(dir.path().join("slow.toml"), SLOW).unwrap();
    dir
}

/// Under a variant, effects are those of a comparison in which it is laid over both sides; whether signs and ranks agree
/// follows from them.
#[test]
fn variants_give_the_effects_of_comparisons_under_them() {
    let dir = with_variants();
    let path = dir.path();
    let words = [
        &LAYOUTS[..],
        &["--replicates", "6", "--format", "csv", "--variants"],
        &["hill.toml", "slow.toml"],
    ];
    compare(path, "out", &words.concat()).exits(0);
    let found = summed_up(&path.join("out"), "variants");
    let of = |variant: &str, policy: &str, outcome: &str| {
        let mut rows = found.iter().filter(|row| {
            row["variant"] == variant
                && row["policy"] == policy
                && row["outcome"] == outcome
                && row["group_kind"] == "national"
        });
        rows.next_back()
            .unwrap_or_else(|| panic!("{variant} {policy} {outcome}"))
    };
    let (mut signs, mut told) = (BTreeSet::new(), BTreeSet::new());
    for (variant, words) in [
        ("", LAYOUTS),
        (
            "hill",
            [
                "--baseline",
                "none+hill.toml",
                "base+hill.toml",
                "open-candidate+hill.toml",
            ],
        ),
        (
            "slow",
            [
                "--baseline",
                "none+slow.toml",
                "base+slow.toml",
                "open-candidate+slow.toml",
            ],
        ),
    ] {
        let out = format!("plain{variant}");
        let words = [&words[..], &["--replicates", "6", "--format", "csv"]].concat();
        compare(path, &out, &words).exits(0);
        let effects = rows(&path.join(&out), "effects");
        for policy in ["base", "open-candidate"] {
            for outcome in ["mean_stock", "theil", "gini"] {
                let row = of(variant, policy, outcome);
                let mut plain = effects.iter().filter(|e| {
                    e["layout"].starts_with(policy) || policy == "base" && e["layout"] == variant
                });
                let plain = plain
                    .rfind(|e| e["outcome"] == outcome && e["group_kind"] == "national")
                    .unwrap();
                for (column, of_plain) in [
                    ("effect", "difference"),
                    ("low", "low"),
                    ("high", "high"),
                    ("percent", "percent"),
                    ("percent_high", "percent_high"),
                ] {
                    let [here, there] =
                        [&row[column], &plain[of_plain]].map(|cell| cell.parse::<f64>().ok());
                    assert_eq!(here, there, "{variant} {policy} {outcome} {column}");
                }
                let own: f64 = of("", policy, outcome)["effect"].parse().unwrap();
                let here: f64 = row["effect"].parse().unwrap();
                let [low, high] = ["low", "high"].map(|end| row[end].parse::<f64>().unwrap());
                let same = match low < 0.0 && high > 0.0 {
                    true => "",
                    false if own.partial_cmp(&0.0) == here.partial_cmp(&0.0) => "1",
                    false => "0",
                };
                assert_eq!(row["same_sign"], same, "{variant} {policy} {outcome}");
                told.insert(same);
                signs.insert(here > 0.0);
            }
        }
        // The baseline changes nothing, so ranks follow from the signs and sizes of two effects.
        let effect = |policy| {
            of(variant, policy, "mean_stock")["effect"]
                .parse::<f64>()
                .unwrap()
        };
        let (a, b) = (effect("base"), effect("open-candidate"));
        let rank =
            |own: f64| 1 + usize::from(0.0 > own) + usize::from(a > own) + usize::from(b > own);
        assert_eq!(
            of(variant, "base", "mean_stock")["rank"],
            rank(a).to_string()
        );
        assert_eq!(
            of(variant, "open-candidate", "mean_stock")["rank"],
            rank(b).to_string()
        );
    }
    assert_eq!(signs.len(), 2, "effects of both signs are among them");
    assert!(told.len() >= 2, "{told:?}");
    let told = call(path, &["sweep", "summary", "out"]).exits(0);
    let flat = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "Under 2 variants of the model",
        "raises in ",
        "The mean effects of layouts are in the same order in",
    ] {
        assert!(flat.contains(word), "no {word:?} in:\n{}", told.out);
    }
    let json = call(path, &["sweep", "summary", "out", "--json"])
        .exits(0)
        .json();
    let variants = json["variants"].as_array().unwrap();
    assert_eq!(variants.len(), found.len());
    assert_eq!(variants[0]["variant"], "");
    call(path, &["report", "out", "--quiet"]).exits(0);
    let page = fs::read_to_string(path.join("out/report.html")).unwrap();
    assert!(page.contains("Under 2 variants of the model"));
}

/// A variant that overwrites what a layout sets leaves it nothing to do: that is no other sign.
#[test]
fn a_policy_that_a_variant_overwrites_does_nothing_under_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let fast = "layout = \"fast\"\n[set.circle]\nreplication_age = 3\n";
    fs::write(path.join("fast.toml"), fast).unwrap();
    let slow = "layout = \"slow\"\n[set.circle]\nreplication_age = 24\n";
    fs::write(path.join("slow.toml"), slow).unwrap();
    let words = [
        &["--baseline", "base", "fast.toml", "--format", "csv"][..],
        &["--replicates", "6", "--variants", "slow.toml"],
    ];
    compare(path, "out", &words.concat()).exits(0);
    let found = summed_up(&path.join("out"), "variants");
    let of = |variant: &str| {
        let mut rows = found.iter().filter(|row| {
            row["variant"] == variant && row["outcome"] == "mean_stock" && row["group"].is_empty()
        });
        rows.next_back().unwrap().clone()
    };
    assert_eq!(of("")["same_sign"], "1");
    let under = of("slow");
    assert_eq!(under["effect"].parse::<f64>().unwrap(), 0.0);
    assert_eq!(under["same_sign"], "");
    let told = call(path, &["sweep", "summary", "out"]).exits(0).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("no effect at all under slow"), "{told}");
    assert!(flat.contains("raises in 1 of 2"), "{told}");
}

/// A variant may set what is drawn: it holds under it, whatever the draw. A layout may not.
#[test]
fn a_variant_may_set_what_is_drawn() {
    let dir = with_variants();
    let path = dir.path();
    let priors = "name = \"p\"\nscenario = \"x\"\n[design]\nkind = \"random\"\npoints = 1\n[parameters]\nline.beta = { distribution = \"uniform\", min = 0.05, max = 0.2 }\n";
    fs::write(path.join("priors.toml"), priors).unwrap();
    let words = [
        "--baseline",
        "none",
        "base",
        "--priors",
        "priors.toml",
        "--draws",
        "52",
    ];
    let words = [&words[..], &["--format", "csv", "--variants", "slow.toml"]].concat();
    compare(path, "out", &words).exits(0);
    let outcomes = rows(&path.join("out"), "outcomes");
    let values = |layout: &str| -> BTreeSet<(String, String)> {
        let of = outcomes.iter().filter(|row| {
            row["layout"] == layout
                && row["outcome"] == "mean_stock"
                && row["group_kind"] == "national"
        });
        of.map(|row| (row["replicate"].clone(), row["value"].clone()))
            .collect()
    };
    // Each of 52 replicates is met by four draws: the same history four times where the variant holds.
    assert_eq!(values("base+slow").len(), 52);
    assert!(values("base").len() > 150);
    for run in rows(&path.join("out"), "runs") {
        let drawn = run["command"].contains("line.beta=");
        assert_eq!(
            drawn,
            !run["layout"].ends_with("+slow"),
            "{}",
            run["command"]
        );
    }
    let words = [
        "--baseline",
        "none",
        "slow.toml",
        "--priors",
        "priors.toml",
        "--draws",
        "52",
    ];
    compare(path, "not", &words)
        .exits(2)
        .says(&["is drawn and also set, in slow"]);
    let words = [&LAYOUTS[..], &["--variants", "hill.toml", "hill.toml", "-"]].concat();
    compare(path, "not", &words).exits(2).says(&[
        "`variants.1` = hill.toml: this layout is named twice",
        "`variants.2` = -: a variant changes something",
    ]);
    assert!(!path.join("not").exists());
}

/// The values at which an effect turns are looked for, and when it is looked again nothing is left to do.
#[test]
fn a_parameter_is_followed_to_where_it_turns_an_effect() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let scenario = minimal();
    let asked = ["--baseline", "base", "open-candidate", "--format", "csv"];
    let words = [
        &asked[..],
        &["--replicates", "4", "--break-even", "line.backwash=0..3"],
    ]
    .concat();
    let loud = [&["compare", &scenario], &words[..]].concat();
    let told = call(path, &loud).exits(0);
    let words_told = told.err.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "Where backwash (line.backwash) turns the answer",
        "from 0 to 3",
        " up to ",
        " from ",
    ] {
        assert!(words_told.contains(word), "no {word:?} in:\n{}", told.err);
    }
    let out = path.join("results/minimal-compare-break-even");
    let points = rows(&out, "points");
    let found = summed_up(&out, "break_even");
    let outcomes = rows(&out, "outcomes");
    let value = |point: &str, layout: &str, replicate: u32, outcome: &str| -> f64 {
        let row = outcomes.iter().rfind(|row| {
            row["point"] == point
                && row["layout"] == layout
                && row["replicate"] == replicate.to_string()
                && row["outcome"] == outcome
                && row["group_kind"] == "national"
        });
        row.unwrap()["value"].parse().unwrap()
    };
    let mut turned = 0;
    for outcome in ["mean_stock", "theil_between", "theil"] {
        let effect = |point: &str| -> f64 {
            let of =
                |r| value(point, "open-candidate", r, outcome) - value(point, "base", r, outcome);
            (0..4).map(of).sum()
        };
        let mut at: Vec<(f64, f64)> = points
            .iter()
            .map(|row| (row["line_backwash"].parse().unwrap(), effect(&row["point"])))
            .collect();
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let pieces: Vec<[f64; 2]> = found
            .iter()
            .filter(|row| row["outcome"] == outcome && row["group_kind"] == "national")
            .filter_map(|row| Some([row["low"].parse().ok()?, row["high"].parse().ok()?]))
            .collect();
        for pair in at.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0) {
            turned += 1;
            // Followed until the values are as close as they are to be, and told.
            assert!(
                pair[1].0 - pair[0].0 < 2.0 * 3.0 / 128.0,
                "{outcome} {pair:?}"
            );
            let inside = |[low, high]: &[f64; 2]| *low <= pair[1].0 && pair[0].0 <= *high;
            assert!(pieces.iter().any(inside), "{outcome} {pair:?} {pieces:?}");
        }
    }
    assert!(turned >= 1 && points.len() > 9, "{turned} {}", points.len());
    let before = fs::read(out.join("points.csv")).unwrap();
    call(path, &[&loud[..], &["--resume", "--quiet"]].concat()).exits(0);
    assert_eq!(fs::read(out.join("points.csv")).unwrap(), before);
    // Another look into the same folder leaves the runs that are there: the first one is had again without a run.
    let other = [
        &asked[..],
        &["--break-even", "line.beta=0.01..0.2", "--resume", "--quiet"],
    ];
    let other = [&["compare", &scenario], &other.concat()[..]].concat();
    call(path, &other).exits(0);
    assert_ne!(fs::read(out.join("points.csv")).unwrap(), before);
    let again = call(path, &[&loud[..], &["--resume"]].concat()).exits(0);
    assert!(again.err.contains(" 0 of "), "{}", again.err);
    assert_eq!(fs::read(out.join("points.csv")).unwrap(), before);
}

/// A parameter that takes whole numbers gets whole values; what cannot be is refused.
#[test]
fn whole_parameters_get_whole_values_and_wrong_ranges_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let base = [
        "--baseline",
        "base",
        "open-candidate",
        "--replicates",
        "2",
        "--format",
        "csv",
    ];
    let words = [&base[..], &["--break-even", "circle.replication_age=3..8"]].concat();
    compare(path, "whole", &words).exits(0);
    for row in summed_up(&path.join("whole"), "break_even") {
        for end in ["low", "high", "range_low", "range_high"] {
            let whole = row[end].parse::<f64>().map_or(0.0, f64::fract);
            assert_eq!(whole, 0.0, "{row:?}");
        }
    }
    let told = call(path, &["sweep", "summary", "whole"]).exits(0).out;
    let (_, told) = told.split_once("(circle.replication_age)").unwrap();
    let told = told.split("\n\n").next().unwrap();
    let fraction = |word: &str| {
        let number = word.trim_end_matches('.');
        number.contains('.') && number.parse::<f64>().is_ok()
    };
    let mut said = told.split([' ', ',', ';', ':']);
    assert!(!said.any(fraction), "{told}");
    let values: Vec<String> = rows(&path.join("whole"), "points")
        .iter()
        .map(|row| row["circle_replication_age"].clone())
        .collect();
    assert_eq!(values.len(), 6, "{values:?}");
    assert!(
        values
            .iter()
            .all(|value| value.parse::<f64>().unwrap().fract() == 0.0)
    );
    let shard = [&words[..], &["--shard", "0/2"]].concat();
    compare(path, "not", &shard)
        .exits(2)
        .says(&["--break-even", "cannot be cut into shards"]);
    for (wrong, told) in [
        ("line.beta=a..b", "KEY=FROM..TO"),
        ("=1..2", "KEY=FROM..TO"),
        ("line.beta=2..1", "FROM has to be less than TO"),
        ("line.beta", "has no range, and no parameters are drawn"),
    ] {
        let words = [&base[..3], &["--break-even", wrong]].concat();
        compare(path, "not", &words).exits(2).says(&[told]);
    }
    // One message each, of what was written.
    for (wrong, told) in [
        ("line.bta=0..1", "`line.bta`"),
        ("line.beta=-9..-1", "`line.beta` = -9"),
    ] {
        let words = [&base[..3], &["--break-even", wrong]].concat();
        let ran = compare(path, "not", &words).exits(2);
        assert_eq!(ran.err.matches("--break-even").count(), 1, "{}", ran.err);
        assert!(!ran.err.contains("parameters."), "{}", ran.err);
        ran.says(&["--break-even: ", told, "1 error"]);
    }
    let words = [&base[..3], &["--break-even", "line.bta=0..1"]].concat();
    compare(path, "not", &words).exits(2).says(&["line.beta"]);
    let words = [
        &base[..3],
        &[
            "--break-even",
            "line.beta=0.1..0.2",
            "--set",
            "line.beta=0.3",
        ],
    ];
    compare(path, "not", &words.concat())
        .exits(2)
        .says(&["is varied and also set"]);
    assert!(!path.join("not").exists());
}

/// The shipped variants of China go with its priors: what a variant replaces is not drawn under it. What stays of the
/// layers in the variants of links is that of the scenario.
#[test]
fn shipped_variants_go_with_the_shipped_priors() {
    let china = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/china");
    let variants = ["threshold", "decay", "similarity"];
    let request = Compare {
        model: Model {
            scenario: china.clone(),
            ..Model::default()
        },
        baseline: "existing".to_owned(),
        layouts: vec!["none".to_owned()],
        over: Some(Over::Priors {
            plan: china.join("sweeps/layouts.toml"),
            draws: 52,
        }),
        variants: variants.map(|name| format!("variants/{name}")).to_vec(),
        break_even: None,
        value_of_information: None,
        replicates: None,
        until_width: None,
        primary: None,
        outcomes: vec![],
        horizons: vec![],
        interval: Interval::T,
        every: None,
        format: Format::Csv,
    };
    // That a point would fail would be a warning.
    let sweep = compared(request, 1).unwrap_or_else(|problems| panic!("{problems}"));
    let warned = sweep
        .plan
        .warnings
        .iter()
        .map(|warning| warning.to_string());
    let failing: Vec<String> = warned
        .filter(|told| told.contains("cannot be run"))
        .collect();
    assert!(failing.is_empty(), "{failing:?}");
    let gamma = "layers.market.links.0.gamma".to_owned();
    for (name, fixed) in variants.iter().zip(sweep.plan.fixed()) {
        assert_eq!(
            fixed.contains(&gamma),
            *name != "threshold",
            "{name}: {fixed:?}"
        );
    }
    let scenario = load(&china, &[], &[]).unwrap().scenario;
    for variant in ["decay", "similarity"] {
        let file = format!("variants/{variant}").into();
        let loaded = load(&china, &[file], &[]).unwrap().scenario;
        for (layer, own) in scenario.layers.iter().zip(&loaded.layers) {
            assert_eq!((&layer.id, &layer.name_en), (&own.id, &own.name_en));
            assert_eq!(
                layer.links == own.links,
                ["capacity", "rule"].contains(&&*layer.id),
                "{variant} {}",
                layer.id
            );
        }
    }
}
