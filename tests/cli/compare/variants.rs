//! `compare --variants` and `--break-even`: layouts under other models, and where one parameter turns the answer.

use std::collections::BTreeSet;
use std::fs;

use super::{compare, rows, summed_up};
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
    let mut signs = BTreeSet::new();
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
            for outcome in ["mean_stock", "theil", "adoptions"] {
                let row = of(variant, policy, outcome);
                let plain = effects.iter().filter(|e| {
                    e["layout"].starts_with(policy) || policy == "base" && e["layout"] == variant
                });
                let plain = plain
                    .filter(|e| e["outcome"] == outcome && e["group_kind"] == "national")
                    .next_back()
                    .unwrap();
                for (column, of_plain) in [
                    ("effect", "difference"),
                    ("low", "low"),
                    ("high", "high"),
                    ("percent", "percent"),
                    ("percent_high", "percent_high"),
                ] {
                    assert_eq!(
                        row[column], plain[of_plain],
                        "{variant} {policy} {outcome} {column}"
                    );
                }
                let own: f64 = of("", policy, outcome)["effect"].parse().unwrap();
                let here: f64 = row["effect"].parse().unwrap();
                let same = (own > 0.0) == (here > 0.0) && (own < 0.0) == (here < 0.0);
                assert_eq!(row["same_sign"], if same { "1" } else { "0" });
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
    let told = call(path, &["sweep", "summary", "out"]).exits(0);
    for word in [
        "Under 2 variants of the model",
        "the same sign in",
        "Layouts are in the same order in",
    ] {
        assert!(told.out.contains(word), "no {word:?} in:\n{}", told.out);
    }
    call(path, &["report", "out", "--quiet"]).exits(0);
    let page = fs::read_to_string(path.join("out/report.html")).unwrap();
    assert!(page.contains("Under 2 variants of the model"));
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

/// The values at which an effect turns are looked for, the same ones when a look that was cut is taken up again.
#[test]
fn a_parameter_is_followed_to_where_it_turns_an_effect() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let words = [
        &LAYOUTS[..3],
        &["--replicates", "4", "--format", "csv", "--break-even"],
        &["line.beta=0.01..0.25"],
    ]
    .concat();
    let scenario = minimal();
    let loud = [&["compare", &scenario, "--out", "out"], &words[..]].concat();
    let told = call(path, &loud).exits(0);
    assert!(
        told.err.contains("Where line.beta turns the answer"),
        "{}",
        told.err
    );
    let out = path.join("out");
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
    let mut turned = false;
    for outcome in ["mean_stock", "theil_between", "theil"] {
        let effect = |point: &str| -> f64 {
            (0..4)
                .map(|r| value(point, "base", r, outcome) - value(point, "none", r, outcome))
                .sum()
        };
        let mut at: Vec<(f64, f64)> = points
            .iter()
            .map(|row| (row["line_beta"].parse().unwrap(), effect(&row["point"])))
            .collect();
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let pieces: Vec<[f64; 2]> = found
            .iter()
            .filter(|row| row["outcome"] == outcome && row["group_kind"] == "national")
            .filter_map(|row| Some([row["low"].parse().ok()?, row["high"].parse().ok()?]))
            .collect();
        for pair in at.windows(2).filter(|pair| pair[0].1 * pair[1].1 < 0.0) {
            turned = true;
            // Followed until the values are as close as they are to be, and told.
            assert!(
                pair[1].0 - pair[0].0 < 2.0 * 0.24 / 128.0,
                "{outcome} {pair:?}"
            );
            let inside = |[low, high]: &[f64; 2]| *low <= pair[1].0 && pair[0].0 <= *high;
            assert!(pieces.iter().any(inside), "{outcome} {pair:?} {pieces:?}");
        }
    }
    assert_eq!(turned, points.len() > 9);
    // Taken up again, and made at once by somebody who has all values: nothing is left to do.
    let again = [&words[..], &["--resume"]].concat();
    let before = fs::read(out.join("points.csv")).unwrap();
    compare(path, "out", &again).exits(0);
    assert_eq!(fs::read(out.join("points.csv")).unwrap(), before);
    let shard = [&words[..], &["--shard", "0/2"]].concat();
    compare(path, "not", &shard)
        .exits(2)
        .says(&["--break-even", "cannot be cut into shards"]);
    for wrong in ["line.beta", "line.beta=2..1", "line.beta=a..b"] {
        let words = ["--baseline", "none", "base", "--break-even", wrong];
        compare(path, "not", &words)
            .exits(2)
            .says(&["KEY=FROM..TO"]);
    }
    let words = [
        "--baseline",
        "none",
        "base",
        "--break-even",
        "line.bta=0..1",
    ];
    compare(path, "not", &words)
        .exits(2)
        .says(&["line.bta", "line.beta"]);
    assert!(!path.join("not").exists());
}
