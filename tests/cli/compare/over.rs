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
        "open-candidate on line.beta",
    ];
    let told_of = told.err.clone();
    told.says(&words);
    let later = call(path, &["sweep", "summary", "out"]).exits(0);
    for word in words {
        assert!(later.out.contains(word), "no {word:?} in:\n{}", later.out);
    }
    let (_, answer) = told_of.split_once("Relative to").unwrap();
    let longest = answer.lines().map(|line| line.chars().count()).max();
    assert!(longest.unwrap() <= 80, "{answer}");
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
        .says(&["= 2", "at least 52"]);
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
