//! `pointplane estimate`, as its user meets it.

use super::fixture::{call, files, shipped, temp};

#[test]
fn the_shipped_history_is_estimated() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    call(dir.path(), &["check", &lotteries])
        .exits(0)
        .says(&["48 places"]);
    let done = call(dir.path(), &["estimate", &lotteries, "--out", "a"]).exits(0);
    let done = done.says(&[
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
            "columns.csv",
            "draws.csv",
            "estimated.toml",
            "estimates.csv",
            "fit.csv"
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
}
