//! `pointplane estimate`, as its user meets it.

use super::compare::flat;
use super::fixture::{call, files, shipped, temp};

#[test]
fn the_shipped_history_is_estimated() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    call(dir.path(), &["check", &lotteries])
        .exits(0)
        .says(&["48 places"]);
    let done = call(dir.path(), &["estimate", &lotteries, "--out", "a"]).exits(0);
    assert!(
        done.err.lines().all(|line| line.chars().count() <= 80),
        "{}",
        done.err
    );
    let done = flat(done).says(&[
        "901 rows at risk, 27 adoptions",
        "layers.neighbours.coefficient: 0.0544 (0.0305 to 0.0858; against 0: LR 31.8, p < 0.0001)",
        "Contagion is distinguishable from none",
        "Shalizi and Thomas 2011",
    ]);
    assert_eq!(done.out, "");
    call(
        dir.path(),
        &["estimate", &lotteries, "--out", "b", "--lang", "zh"],
    )
    .exits(0)
    .says(&["风险期 901 行", "传染与无传染可以区分"]);
    let written = files(&dir.path().join("a"));
    let names: Vec<&str> = written.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "about.json",
            "columns.csv",
            "draws.csv",
            "estimated.toml",
            "estimates.csv",
            "fit.csv",
            "summary.md",
            "summary.zh.md"
        ]
    );
    assert_eq!(written, files(&dir.path().join("b")));
}

/// No contagion is said to be none: of Wyoming alone, which hears Utah.
#[test]
fn no_contagion_is_said() {
    let dir = temp();
    super::fixture::copy(
        shipped("scenarios/us-lotteries").as_ref(),
        &dir.path().join("one"),
    );
    let links = "source,target,weight\nMT,WY,1\nNH,CA,1\nNY,TX,1\n";
    std::fs::write(dir.path().join("one/borders.csv"), links).unwrap();
    call(dir.path(), &["estimate", "one", "--quiet"]).exits(0);
    assert!(
        dir.path()
            .join("results/us-lotteries-estimate/fit.csv")
            .exists()
    );
    call(dir.path(), &["estimate", "one"])
        .exits(0)
        .says(&["Contagion is not distinguishable from none (neighbours 0"]);
    // Its draws vary by the other rate alone, which is said.
    let done = call(dir.path(), &["estimate", "one"]).exits(0);
    flat(done).says(&[
        "this rate is estimated at 0",
        "layers.neighbours.coefficient",
    ]);
}

/// Adoptions before an item's first period are counted and told with their table; tables of an earlier estimation do not
/// stay beside others without a word; one cluster is not enough.
#[test]
fn what_is_left_out_and_replaced_is_told() {
    let dir = temp();
    let path = dir.path();
    let one = path.join("one");
    super::fixture::copy(shipped("scenarios/us-lotteries").as_ref(), &one);
    let items = "item,name_en,name_zh,first_risk,last\nlottery,Lottery,彩票,1968,1986\n";
    std::fs::write(one.join("items.csv"), items).unwrap();
    let first = call(path, &["estimate", "one", "--residuals"]).exits(0);
    flat(first).says(&["adoptions.csv: 2 adoptions come before the item's first period at risk"]);
    let out = path.join("results/us-lotteries-estimate");
    assert!(out.join("residuals.csv").exists());
    let again = call(path, &["estimate", "one"]).exits(0);
    flat(again).says(&["Tables, in place of those that were there"]);
    assert!(!out.join("residuals.csv").exists());
    call(path, &["estimate", "one", "--cluster", "item"])
        .exits(2)
        .says(&[
            "--cluster: item:",
            "a single cluster",
            "at least two clusters",
        ]);
}

/// Where the estimated model cannot be simulated there are no curves, and a warning says why.
#[test]
fn no_curves_are_told_with_their_reason() {
    let dir = temp();
    let one = dir.path().join("one");
    super::fixture::copy(shipped("scenarios/us-lotteries").as_ref(), &one);
    let states = std::fs::read_to_string(one.join("states.csv")).unwrap();
    let ids = states
        .lines()
        .skip(1)
        .map(|row| row.split(',').next().unwrap());
    // All but the last.
    let rows = ids.take(47).enumerate();
    let rows: Vec<String> = rows.map(|(n, id)| format!("{id},{}", n % 5)).collect();
    let table = format!("place,income\n{}\n", rows.join("\n"));
    std::fs::write(one.join("income.csv"), table).unwrap();
    let scenario = std::fs::read_to_string(one.join("scenario.toml")).unwrap();
    let covariate = "\n[[covariates]]\nid = \"income\"\nfile = \"income.csv\"\n";
    std::fs::write(one.join("scenario.toml"), scenario + covariate).unwrap();
    for (lang, word) in [("en", "no curves, as"), ("zh", "没有曲线")] {
        let done = call(dir.path(), &["estimate", "one", "--curves", "--lang", lang]).exits(0);
        flat(done).says(&[word]);
    }
    let out = dir.path().join("results/us-lotteries-estimate");
    assert!(out.join("estimates.csv").exists() && !out.join("curves.csv").exists());
}

/// Files of others are left alone, and what holds out nothing says nothing.
#[test]
fn only_an_estimation_is_replaced() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let mine = dir.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    std::fs::write(mine.join("draws.csv"), "mine").unwrap();
    call(dir.path(), &["estimate", &lotteries, "--out", "mine"])
        .exits(2)
        .says(&["--out: mine holds other results"]);
    assert_eq!(files(&mine).len(), 1);
    for part in ["items=0.5", "last=50"] {
        let words = ["estimate", &lotteries, "--out", "held", "--hold-out", part];
        call(dir.path(), &words)
            .exits(2)
            .says(&["--hold-out", "neither may be none"]);
    }
    let words = ["estimate", &lotteries, "--out", "held"];
    let more = [&words[..], &["--hold-out", "last=5", "--residuals"]].concat();
    call(dir.path(), &more).exits(0);
    call(dir.path(), &words).exits(0);
    let left = files(&dir.path().join("held"));
    assert!(
        left.keys()
            .all(|name| name != "scores.csv" && name != "residuals.csv")
    );
}

/// A grid over a key, factors of places, and clusters drawn again: what is told, written, and gone with the next
/// estimation.
#[test]
fn grids_factors_and_clusters_drawn_again() {
    let dir = temp();
    let path = dir.path();
    let lotteries = shipped("scenarios/us-lotteries");
    let words = ["estimate", &lotteries, "--out", "out"];
    let with = |more: &[&str]| call(path, &[&words[..], more].concat());
    let grid = [
        "--parameters",
        "neighbours",
        "--grid",
        "line.intrinsic_rate=0.003,0.0105,0.03",
    ];
    let done = with(&grid).exits(0);
    flat(done).says(&[
        "line.intrinsic_rate = 0.0105 has the largest likelihood of the grid",
        "no interval follows from it",
    ]);
    let out = path.join("out");
    let profile = std::fs::read_to_string(out.join("grid.csv")).unwrap();
    assert_eq!(profile.lines().count(), 4, "{profile}");
    let layout = std::fs::read_to_string(out.join("estimated.toml")).unwrap();
    assert!(layout.contains("intrinsic_rate = 0.0105"), "{layout}");
    let done = with(&[
        "--frailty",
        "place",
        "--cluster",
        "place",
        "--bootstrap",
        "100",
    ])
    .exits(0);
    flat(done).says(&["frailty:", "Limits are quantiles of"]);
    assert!(out.join("effects.csv").exists() && !out.join("grid.csv").exists());
    let estimates = std::fs::read_to_string(out.join("estimates.csv")).unwrap();
    assert!(estimates.contains("bootstrap"), "{estimates}");
    with(&[]).exits(0);
    assert!(!out.join("effects.csv").exists());
    for grid in ["line.beta", "line.beta=low..high", "=1,2"] {
        with(&["--grid", grid]).exits(2).says(&["KEY=FROM..TO"]);
    }
    with(&["--grid", "line.bet=1..2"])
        .exits(2)
        .says(&["line.bet", "line.beta"]);
    with(&["--effects", "item", "--frailty", "item"]).exits(2);
    with(&["--effects", "place"])
        .exits(2)
        .says(&["--effects", "several items"]);
}
