//! `compare --priors` and `--posterior`: draws of the parameters, each in replicates of a pool.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{compare, rows, summed_up};
use crate::cli::fixture::{call, minimal};

const PRIORS: &str = r#"
name = "priors"
scenario = "minimal"
[design]
kind = "saltelli"
base_points = 2
[parameters]
line.beta = { distribution = "log-uniform", min = 0.01, max = 0.2 }
line.forgetting = { distribution = "log-uniform", min = 0.005, max = 0.06 }
"#;
const LAYOUTS: [&str; 4] = ["--baseline", "base", "none", "open-candidate"];

/// Compares over the draws of `priors.toml` in `dir`.
fn over(dir: &Path, out: &str, words: &[&str]) -> crate::cli::fixture::Ran {
    fs::write(dir.join("priors.toml"), PRIORS).unwrap();
    let all = [&LAYOUTS[..], &["--priors", "priors.toml"], words].concat();
    compare(dir, out, &all)
}

/// The files of a folder that tables are made of and hold, but for what a clock wrote.
fn bytes(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = [
        "outcomes.parquet",
        "points.csv",
        "points.parquet",
        "runs.parquet",
        "plan.toml",
    ];
    let summary = ["uncertainty", "regression"].map(|name| format!("summary/{name}.csv"));
    let all = names.into_iter().map(str::to_owned).chain(summary);
    let read = |name: String| Some((name.clone(), fs::read(out.join(name)).ok()?));
    all.filter_map(read).collect()
}

/// Every draw has four replicates of the pool, the same in all layouts, each met as often as the others up to once;
/// and what is kept of a run is what its command makes again.
#[test]
fn draws_meet_replicates_of_a_pool_and_all_layouts_the_same() {
    let dir = tempfile::tempdir().unwrap();
    over(dir.path(), "out", &["--draws", "60"]).exits(0);
    let runs = rows(&dir.path().join("out"), "runs");
    assert_eq!(runs.len(), 60 * 3 * 4);
    let mut of: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for run in &runs {
        assert_eq!(run["status"], "done");
        of.entry((&run["point"], &run["layout"]))
            .or_default()
            .insert(&run["replicate"]);
    }
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for ((point, layout), replicates) in &of {
        assert_eq!(replicates.len(), 4);
        assert_eq!(replicates, &of[&(*point, "base")], "{layout}");
        for replicate in replicates.iter().filter(|_| *layout == "base") {
            *met.entry(replicate).or_default() += 1;
        }
    }
    assert_eq!(met.len(), 52);
    let (least, most) = (met.values().min().unwrap(), met.values().max().unwrap());
    assert!(*least >= 4 && most - least <= 1, "{met:?}");

    let run = runs.iter().find(|run| run["layout"] == "none").unwrap();
    let words: Vec<&str> = run["command"].split_whitespace().skip(1).collect();
    let scenario = minimal();
    let words = words.iter().map(|word| {
        if **word == *scenario {
            &scenario[..]
        } else {
            word
        }
    });
    let words: Vec<&str> = words.chain(["--out", "again", "--quiet"]).collect();
    call(dir.path(), &words).exits(0);
    let national = rows(&dir.path().join("again"), "national");
    let outcomes = rows(&dir.path().join("out"), "outcomes");
    let kept = outcomes.iter().find(|row| {
        ["point", "layout", "replicate"]
            .iter()
            .all(|key| row[*key] == run[*key])
            && row["outcome"] == "mean_stock"
            && row["group_kind"] == "national"
    });
    assert_eq!(
        kept.unwrap()["value"],
        national.last().unwrap()["mean_stock"]
    );
}

/// Threads, shards, a session that is cut and draws that are added later leave no trace.
#[test]
fn the_tables_do_not_depend_on_how_they_were_made() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    over(path, "whole", &["--draws", "60", "--threads", "1"]).exits(0);
    let whole = bytes(&path.join("whole"));
    assert!(whole.len() >= 6, "{:?}", whole.keys());
    for shard in ["1/2", "0/2"] {
        over(
            path,
            "shares",
            &["--draws", "60", "--shard", shard, "--resume"],
        )
        .exits(0);
    }
    call(path, &["merge", "shares", "--quiet"]).exits(0);
    call(path, &["sweep", "summary", "shares", "--quiet"]).exits(0);
    assert!(bytes(&path.join("shares")) == whole);
    over(path, "more", &["--draws", "52", "--threads", "2"]).exits(0);
    over(
        path,
        "more",
        &["--draws", "60", "--threads", "2", "--resume"],
    )
    .exits(0);
    assert!(bytes(&path.join("more")) == whole);
}

/// The rows of a table are draws: those of the priors, written down, give the same numbers.
#[test]
fn a_posterior_is_a_table_of_draws() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    over(path, "priors", &["--draws", "52"]).exits(0);
    let points = rows(&path.join("priors"), "points");
    let mut table = "line.beta,line.forgetting\n".to_owned();
    for point in &points {
        table += &format!("{},{}\n", point["line_beta"], point["line_forgetting"]);
    }
    fs::write(path.join("draws.csv"), table).unwrap();
    let words = [&LAYOUTS[..], &["--posterior", "draws.csv"]].concat();
    compare(path, "posterior", &words).exits(0);
    let uncertainty =
        |out: &str| fs::read_to_string(path.join(out).join("summary/uncertainty.csv")).unwrap();
    let (priors, posterior) = (uncertainty("priors"), uncertainty("posterior"));
    assert!(priors.lines().count() > 50);
    assert_eq!(priors, posterior);
}

/// The answer comes in words: layouts by their titles, effects with verdicts, what they hang on; also where the
/// summary is asked for later.
#[test]
fn the_answer_is_a_small_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    fs::write(path.join("priors.toml"), PRIORS).unwrap();
    let scenario = minimal();
    let words = [
        &["compare", &scenario][..],
        &LAYOUTS,
        &["--priors", "priors.toml", "--draws", "60", "--out", "out"],
    ];
    let told = call(path, &words.concat()).exits(0);
    let words = [
        "60 draws of 2 parameters and 52 replicates",
        "No alliances",
        "raises, sure",
        "━",
        "credible interval",
        "line.beta for open-candidate",
    ];
    let told_of = told.err.clone();
    told.says(&words);
    let later = call(path, &["sweep", "summary", "out"]).exits(0);
    for word in words {
        assert!(later.out.contains(word), "no {word:?} in:\n{}", later.out);
    }
    let (_, answer) = told_of.split_once("Relative to").unwrap();
    for line in answer.lines().chain(later.out.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    // What is said of it later, and how it is told again, can be copied.
    let flat = later.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("4 replicates each, from a pool of 52"),
        "{flat}"
    );
    assert!(told_of.contains("sweep summary out; pointplane report out --open"));
    let (_, again) = told_of.split_once("Again: ").unwrap();
    assert!(
        again.lines().next().unwrap().ends_with(" --resume"),
        "{again}"
    );
}

/// A part of the draws is told as such.
#[test]
fn a_comparison_that_is_cut_short_says_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let words = ["--draws", "60", "--replicates", "8", "--shard", "0/2"];
    over(path, "out", &words).exits(0);
    call(path, &["merge", "out", "--quiet"]).exits(3);
    let told = call(path, &["sweep", "summary", "out"]).exits(3).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("30 of 60 draws are counted"), "{told}");
    over(path, "less", &["--draws", "60", "--shard", "0/2"]).exits(0);
    call(path, &["merge", "less", "--quiet"]).exits(3);
    let told = call(path, &["sweep", "summary", "less"]).exits(3).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("No answer yet: 360 of 720 runs are done"),
        "{told}"
    );
}

/// Levels that cannot be negative have no negative limit; where they are not told from 0, effects are not in per cent,
/// and the answer says why.
#[test]
fn a_level_is_not_below_zero() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let wide = PRIORS.replace("min = 0.01, max = 0.2", "min = 0.00001, max = 2");
    fs::write(path.join("wide.toml"), wide).unwrap();
    let words = ["--priors", "wide.toml", "--draws", "52", "--format", "csv"];
    compare(path, "out", &[&LAYOUTS[..], &words].concat()).exits(0);
    let found = summed_up(&path.join("out"), "uncertainty");
    let levels = found
        .iter()
        .filter(|row| row["versus"].is_empty() && row["outcome"] != "moran");
    let lows = levels.flat_map(|row| [&row["credible_low"], &row["luck_low"]]);
    let lows: Vec<f64> = lows.filter_map(|low| low.parse().ok()).collect();
    assert!(
        lows.len() > 50 && lows.iter().all(|low| *low >= 0.0),
        "{lows:?}"
    );
    let theil = |row: &&BTreeMap<String, String>| {
        row["outcome"] == "theil_between" && row["versus"].is_empty() && row["layout"] == "base"
    };
    let low = &found.iter().find(theil).unwrap()["credible_low"];
    assert_eq!(low.parse::<f64>().unwrap(), 0.0, "{low}");
    let told = call(path, &["sweep", "summary", "out"]).exits(0).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains(
            "the gap between areas, inequality across regions are in the outcome's own unit"
        ),
        "{told}"
    );
}

/// A resampled posterior has draws several times: each copy is a draw of its own, with replicates of its own.
#[test]
fn copies_of_a_draw_meet_other_replicates() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let values = (0..60).map(|row| format!("{}\n", [0.04, 0.05, 0.06][row % 3]));
    let table = "line.beta\n".to_owned() + &values.collect::<String>();
    fs::write(path.join("draws.csv"), table).unwrap();
    let words = ["--baseline", "base", "none", "--posterior", "draws.csv"];
    let words = [&words[..], &["--format", "csv"]].concat();
    compare(path, "out", &words).exits(0);
    assert!(path.join("out/outcomes.csv").exists());
    let points = rows(&path.join("out"), "points");
    let ids: BTreeSet<&str> = points.iter().map(|row| row["point"].as_str()).collect();
    assert_eq!((points.len(), ids.len()), (60, 60));
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let outcomes = rows(&path.join("out"), "outcomes");
    for row in &outcomes {
        met.entry(&row["point"])
            .or_default()
            .insert(&row["replicate"]);
    }
    assert!(met.values().all(|replicates| replicates.len() == 4));
    let sets: BTreeSet<&BTreeSet<&str>> = met.values().collect();
    assert!(sets.len() > 30, "{}", sets.len());
}

/// The first rows of a posterior can be taken, and no more than there are; what is wrong with the table is told of it.
#[test]
fn so_many_draws_of_a_posterior() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let mut table = "line.beta,line.forgetting\n".to_owned();
    for n in 0..60 {
        table += &format!(
            "{},{}\n",
            0.02 + 0.002 * f64::from(n),
            0.01 + 0.0005 * f64::from(n * 7 % 60)
        );
    }
    fs::write(path.join("draws.csv"), table).unwrap();
    let words = [&LAYOUTS[..], &["--posterior", "draws.csv", "--draws"]].concat();
    compare(path, "out", &[&words[..], &["53"]].concat()).exits(0);
    let points = rows(&path.join("out"), "points");
    assert_eq!(points.len(), 53);
    assert_eq!(
        points[52]["line_beta"].parse::<f64>().unwrap(),
        0.02 + 0.002 * 52.0
    );
    compare(path, "not", &[&words[..], &["61"]].concat())
        .exits(2)
        .says(&["--draws: 61: draws.csv has fewer rows", "at most 60"]);
    let all = [&LAYOUTS[..], &["--draws", "60"]].concat();
    compare(path, "not", &all)
        .exits(2)
        .says(&["--draws: no parameters are drawn"]);
    fs::write(path.join("few.csv"), "line.beta\n0.1\n0.2\n").unwrap();
    let few = [&LAYOUTS[..], &["--posterior", "few.csv"]].concat();
    let ran = compare(path, "not", &few).exits(2);
    assert!(!ran.err.contains("--posterior"), "{}", ran.err);
    ran.says(&["few.csv: ", "at least 52"]);
    // A layout that is not there is one of those that were named.
    let missing = ["--baseline", "nobody", "nothing", "--draws", "60"];
    let ran = compare(path, "not", &[&missing[..3]].concat()).exits(2);
    assert!(!ran.err.contains("`--layout`"), "{}", ran.err);
    ran.says(&["`--baseline` = nobody", "`LAYOUT` = nothing"]);
    assert!(!path.join("not").exists());
}

/// Over draws, a look for break-even values takes the range of the draws, and lies beside them; the answer says at how
/// many draws the effect has the other sign. What was known of the draws stays as it was.
#[test]
fn break_even_values_beside_draws() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    over(path, "plain", &["--draws", "60"]).exits(0);
    over(path, "out", &["--draws", "60", "--break-even", "line.beta"]).exits(0);
    let (plain, out) = (path.join("plain"), path.join("out"));
    assert_eq!(bytes(&plain), bytes(&out));
    let found = summed_up(&out, "break_even");
    let over_draws = summed_up(&out, "uncertainty");
    let same = [
        "layout",
        "versus",
        "outcome",
        "group_kind",
        "group",
        "horizon",
    ];
    let (mut seen, mut some) = (0, 0);
    for row in &found {
        assert_eq!(row["parameter"], "line.beta");
        let ends = ["range_low", "range_high"].map(|end| row[end].parse::<f64>().unwrap());
        assert_eq!(ends, [0.01, 0.2]);
        let Ok(other) = row["other_sign"].parse::<f64>() else {
            continue;
        };
        let of = over_draws
            .iter()
            .find(|of| same.iter().all(|key| of[*key] == row[*key]));
        let of = of.unwrap();
        let [above, mean] = ["above_zero", "mean"].map(|key| of[key].parse::<f64>().unwrap());
        match mean > 0.0 {
            // Draws at which it is exactly 0 have neither sign.
            true => assert!(other <= 1.0 - above + 1e-12, "{row:?} {above}"),
            false => assert_eq!(other, above, "{row:?}"),
        }
        seen += 1;
        some += usize::from(other > 0.0);
    }
    assert!(seen > 20 && some > 0, "{seen} {some}");
    let words = [
        "--draws",
        "60",
        "--break-even",
        "line.forgetting=0.01..0.05",
        "--resume",
    ];
    over(path, "out", &words).exits(0);
    let found = summed_up(&out, "break_even");
    let keys: BTreeSet<&str> = found.iter().map(|row| row["parameter"].as_str()).collect();
    assert_eq!(keys, BTreeSet::from(["line.beta", "line.forgetting"]));
    let told = call(path, &["sweep", "summary", "out"]).exits(0).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "Where line.beta turns the answer",
        "Where line.forgetting turns the answer",
        "the other sign at",
    ] {
        assert!(flat.contains(word), "no {word:?} in:\n{told}");
    }
    call(path, &["report", "out", "--quiet"]).exits(0);
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert_eq!(page.matches("Where line.beta turns the answer").count(), 1);
    over(path, "not", &["--break-even", "line.beta2"])
        .exits(2)
        .says(&[
            "--break-even: line.beta2: priors.toml does not draw this parameter",
            "line.beta, line.forgetting; or give KEY=FROM..TO",
        ]);
    assert!(!path.join("not").exists());
}

/// Beside draws of a posterior, the other parameters are at the draw nearest their mean.
#[test]
fn the_others_are_at_the_centre_of_the_posterior() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let mut table = "line.beta,line.forgetting\n".to_owned();
    for n in 0..53 {
        let forgetting = if n == 26 {
            0.021
        } else {
            0.01 + 0.0004 * f64::from(n * 20 % 53)
        };
        table += &format!("{},{forgetting}\n", 0.05 + 0.001 * f64::from(n));
    }
    fs::write(path.join("draws.csv"), table).unwrap();
    let words = ["--posterior", "draws.csv", "--break-even", "line.beta"];
    compare(path, "out", &[&LAYOUTS[..], &words].concat()).exits(0);
    let look = path.join("out/break-even/line.beta");
    let plan = fs::read_to_string(look.join("plan.toml")).unwrap();
    assert!(plan.contains("\"line.forgetting\" = 0.021"), "{plan}");
    let values = rows(&look, "points");
    let values: Vec<f64> = values
        .iter()
        .map(|row| row["line_beta"].parse().unwrap())
        .collect();
    let ends = [f64::min, f64::max].map(|end| values.iter().copied().reduce(end).unwrap());
    assert_eq!(ends, [0.05, 0.05 + 0.001 * 52.0]);
}

/// A count that has to do with an effect tells of it, one with a large error does not; an exact count tells most. All that
/// is wrong with targets is told at once, and the file may be a table or TOML.
#[test]
fn the_value_of_information() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let targets = "[[targets]]
id = \"exact\"
outcome = \"mean_stock\"
at = \"2024-12\"
error = 0.0
[[targets]]
id = \"rough\"
outcome = \"mean_stock\"
at = \"2020-12\"
group = \"area:east\"
value = 5
error = 0.5
discrepancy = 0.5
[[targets]]
id = \"blind\"
outcome = \"mean_stock\"
at = \"2024-12\"
error = 1e6
use = \"hold-out\"
[[targets]]
id = \"line\"
outcome = \"first_line\"
error = 1.0
[[targets]]
id = \"rise\"
outcome = \"mean_stock\"
at = \"2024-12\"
since = \"2020-12\"
error = 0.0
";
    fs::write(path.join("targets.toml"), targets).unwrap();
    let words = [
        "--draws",
        "60",
        "--value-of-information",
        "targets.toml",
        "--format",
        "csv",
    ];
    over(path, "out", &words).exits(0);
    let found = summed_up(&path.join("out"), "information");
    let share = |layout: &str, outcome: &str, target: &str| -> f64 {
        let row = found.iter().find(|row| {
            row["layout"] == layout && row["outcome"] == outcome && row["target"] == target
        });
        row.unwrap()["r2"].parse().unwrap()
    };
    assert!(
        found
            .iter()
            .all(|row| (0.0..=1.0).contains(&row["r2"].parse::<f64>().unwrap()))
    );
    let own = |target| share("none", "mean_stock", target);
    assert!(own("exact") > 0.5, "{}", own("exact"));
    assert!(own("exact") >= own("rough") && own("rough") > own("blind"));
    // Of 60 draws, a count of noise alone seems to tell a tenth once in a hundred times; the draws are named.
    assert!(own("blind") < 0.1, "{}", own("blind"));
    let words = [
        "--draws",
        "60",
        "--value-of-information",
        "targets.toml",
        "--threads",
        "1",
    ];
    over(path, "again", &words).exits(0);
    let again = summed_up(&path.join("again"), "information");
    for row in again {
        let same = share(&row["layout"], &row["outcome"], &row["target"]);
        assert_eq!(row["r2"].parse::<f64>().unwrap(), same);
    }
    let told = call(path, &["sweep", "summary", "out"]).exits(0).out;
    let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in [
        "What would tell most about the effect on mean stock",
        "none: exact (would take away",
    ] {
        assert!(flat.contains(word), "no {word:?} in:\n{told}");
    }
    let json = call(path, &["sweep", "summary", "out", "--json"])
        .exits(0)
        .json();
    assert_eq!(json["information"].as_array().unwrap().len(), found.len());

    let wrong = "[[targets]]
id = \"a\"
outcome = \"mean_stok\"
at = \"2020-12\"
[[targets]]
id = \"a\"
outcome = \"theil\"
at = \"2030-01\"
error = 1.0
[[targets]]
id = \"b\"
outcome = \"first_line\"
at = \"2020-12\"
error = 1.0
[[targets]]
id = \"c\"
outcome = \"theil\"
at = \"2020-12\"
group = \"area:east\"
[[targets]]
id = \"d\"
outcome = \"axis_formed\"
";
    fs::write(path.join("wrong.toml"), wrong).unwrap();
    over(path, "not", &["--value-of-information", "wrong.toml"])
        .exits(2)
        .says(&[
            "wrong.toml:3: `targets.0.outcome`",
            "mean_stock",
            "wrong.toml:6: `targets.1.id`",
            "2030-01",
            "first_line is itself a month",
            "theil is not given by groups",
            "corridor:ID",
        ]);
    let wrong = "[[targets]]
id = \"e\"
outcome = \"mean_stock\"
at = \"2020-12\"
group = \"area:easter\"
error = 1.0
";
    fs::write(path.join("wrong.toml"), wrong).unwrap();
    over(path, "not", &["--value-of-information", "wrong.toml"])
        .exits(2)
        .says(&["did you mean `area:east`"]);
    let plain = [&LAYOUTS[..], &["--value-of-information", "targets.toml"]].concat();
    compare(path, "not", &plain).exits(2).says(&[
        "--value-of-information: targets.toml: says what a count would be worth",
        "--priors, --posterior",
    ]);
    assert!(!path.join("not").exists());
}

/// The shares of a few replicates of a pool are those of brute force: each of 60 other draws in the same 240 replicates
/// of other luck, so that E[D | draw] and E[D | replicate] are plain means; what neither explains is both together. The
/// mean of four comparisons of 200 draws stands beside them. Each of the two has standard errors of at most 0.034 (a
/// bootstrap over draws and replicates; the spread of the four), so that a difference of 0.15 is passed by chance less
/// than three times in a thousand.
#[test]
fn shares_of_variance_are_those_of_a_nested_simulation() {
    const DRAWS: usize = 60;
    const REPLICATES: usize = 240;
    const OUTCOMES: [&str; 2] = ["mean_stock", "theil"];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let plan = |head: &str, points: usize, seed: u32| {
        format!(
            "name = \"p\"\n{head}\n[design]\nkind = \"random\"\npoints = {points}\nseed = {seed}
[parameters]
line.beta = {{ distribution = \"normal\", mean = 0.05, sd = 0.006, min = 0.005 }}
alliances.strength_factor = {{ distribution = \"normal\", mean = 1.0, sd = 0.1, min = 0.1 }}
"
        )
    };
    let mut found = [[0.0; 3]; 2];
    for seed in 11..15 {
        let priors = plan("scenario = \"x\"", 1, seed);
        fs::write(path.join("priors.toml"), priors).unwrap();
        let (out, seed) = (format!("out{seed}"), seed.to_string());
        let words = ["--baseline", "base", "none", "--format", "csv"];
        let of = ["--priors", "priors.toml", "--draws", "200", "--seed", &seed];
        compare(path, &out, &[&words[..], &of].concat()).exits(0);
        let table = summed_up(&path.join(&out), "uncertainty");
        for (all, outcome) in found.iter_mut().zip(OUTCOMES) {
            let row = table.iter().find(|row| {
                row["outcome"] == outcome
                    && row["group_kind"] == "national"
                    && row["versus"] == "base"
            });
            let keys = ["share_parameters", "share_luck", "share_interaction"];
            for (sum, key) in all.iter_mut().zip(keys) {
                *sum += row.unwrap()[key].parse::<f64>().unwrap() / 4.0;
            }
        }
    }
    let head = format!(
        "scenario = {:?}\nlayouts = [\"base\", \"none\"]\nreplicates = {REPLICATES}\nseed = 99\nformat = \"csv\"\noutcomes = {OUTCOMES:?}",
        minimal()
    );
    fs::write(path.join("nested.toml"), plan(&head, DRAWS, 2)).unwrap();
    let words = ["sweep", "run", "nested.toml", "--out", "nested", "--quiet"];
    call(path, &words).exits(0);
    let mut effects: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for row in rows(&path.join("nested"), "outcomes") {
        let sign = if row["layout"] == "base" { -1.0 } else { 1.0 };
        let key = ["outcome", "point", "replicate"].map(|key| row[key].clone());
        *effects.entry(key.into()).or_default() += sign * row["value"].parse::<f64>().unwrap();
    }
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
    };
    for (outcome, found) in OUTCOMES.iter().zip(found) {
        let own = effects.iter().filter(|((name, ..), _)| name == outcome);
        let own: Vec<f64> = own.map(|(_, effect)| *effect).collect();
        assert_eq!(own.len(), DRAWS * REPLICATES);
        let rows = own.chunks(REPLICATES);
        let of_draws: Vec<f64> = rows
            .map(|row| row.iter().sum::<f64>() / REPLICATES as f64)
            .collect();
        let of_luck: Vec<f64> = (0..REPLICATES)
            .map(|r| own.iter().skip(r).step_by(REPLICATES).sum::<f64>() / DRAWS as f64)
            .collect();
        let all = variance(&own);
        let [parameters, luck] = [variance(&of_draws) / all, variance(&of_luck) / all];
        let brute = [parameters, luck, 1.0 - parameters - luck];
        println!("{outcome}: brute force {brute:?}, found {found:?}");
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        for (share, expected) in found.into_iter().zip(brute) {
            assert!(
                (share - expected).abs() < 0.15,
                "{outcome}: {found:?} {brute:?}"
            );
        }
    }
}

/// What cannot be: too few draws for the pool, too few replicates, a parameter that is drawn and set, options that say
/// nothing of draws. All of it at once, and nothing is written.
#[test]
fn what_cannot_be_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    over(path, "out", &["--draws", "20", "--replicates", "3"])
        .exits(2)
        .says(&[
            "--draws: 20:",
            "at least 52",
            "--replicates: 3:",
            "at least 4",
        ]);
    over(path, "out", &["--set", "line.beta=0.05"])
        .exits(2)
        .says(&[
            "line.beta",
            "is drawn and also set",
            "leave it out of the plan",
        ]);
    over(path, "out", &["--set", "places.regions=[1]"])
        .exits(2)
        .says(&["--set"]);
    over(path, "out", &["--every", "12"])
        .exits(2)
        .says(&["--every", "--priors"]);
    let layout = "layout = \"fast\"\n[set.line]\nbeta = 0.1\n";
    fs::write(path.join("fast.toml"), layout).unwrap();
    let words = ["--baseline", "base", "fast.toml", "--priors", "priors.toml"];
    compare(path, "out", &words).exits(2).says(&[
        "fast.toml:3",
        "line.beta",
        "is drawn and also set, in fast",
    ]);
    fs::write(path.join("few.csv"), "line.beta\n0.1\n0.2\n").unwrap();
    let words = ["--baseline", "base", "none", "--posterior", "few.csv"];
    compare(path, "out", &words)
        .exits(2)
        .says(&["few.csv: 2:", "at least 52"]);
    assert!(!path.join("out").exists());
}

/// Over the prior, the credible interval of an effect covers as often as it says: true effects at 200 other draws, each
/// the mean of 40 replicates of other luck, are inside in 95 of 100, within three standard deviations of a binomial
/// (false alarm: one in 370, and the seeds are fixed). The luck interval, as if the parameters were known, does not.
#[test]
fn credible_intervals_cover_the_prior_and_luck_intervals_do_not() {
    const TRUTHS: usize = 200;
    const PARAMETERS: &str = "[parameters]
line.beta = { distribution = \"normal\", mean = 0.05, sd = 0.012, min = 0.005 }
alliances.strength_factor = { distribution = \"normal\", mean = 1.0, sd = 0.25, min = 0.1 }
";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    let priors = format!(
        "name = \"priors\"\nscenario = \"x\"\n[design]\nkind = \"random\"\npoints = 1\n{PARAMETERS}"
    );
    fs::write(path.join("priors.toml"), priors).unwrap();
    let words = ["--baseline", "base", "none", "--format", "csv"];
    let words = [&words[..], &["--priors", "priors.toml", "--draws", "400"]].concat();
    compare(path, "out", &words).exits(0);
    let plan = format!(
        "name = \"truths\"\nscenario = {:?}\nlayouts = [\"base\", \"none\"]\nreplicates = 40\nseed = 99\nformat = \"csv\"\noutcomes = [\"mean_stock\"]\n[design]\nkind = \"random\"\npoints = {TRUTHS}\nseed = 2\n{PARAMETERS}",
        minimal()
    );
    fs::write(path.join("truths.toml"), plan).unwrap();
    let words = ["sweep", "run", "truths.toml", "--out", "truths", "--quiet"];
    call(path, &words).exits(0);
    let mut effects: BTreeMap<String, f64> = BTreeMap::new();
    for row in rows(&path.join("truths"), "outcomes") {
        let sign = if row["layout"] == "base" { -1.0 } else { 1.0 };
        let value: f64 = row["value"].parse().unwrap();
        *effects.entry(row["point"].clone()).or_default() += sign * value / 40.0;
    }
    assert_eq!(effects.len(), TRUTHS);
    let found = summed_up(&path.join("out"), "uncertainty");
    let mut found = found.iter().filter(|row| {
        row["outcome"] == "mean_stock" && row["group_kind"] == "national" && row["versus"] == "base"
    });
    let found = found.next().unwrap();
    let inside = |low: &str, high: &str| {
        let [low, high] = [low, high].map(|end| found[end].parse::<f64>().unwrap());
        effects
            .values()
            .filter(|e| (low..=high).contains(*e))
            .count()
    };
    let credible = inside("credible_low", "credible_high");
    let luck = inside("luck_low", "luck_high");
    println!("{credible} and {luck} of {TRUTHS}");
    assert!((181..=199).contains(&credible), "{credible}");
    assert!(luck < 100, "{luck}");
}
