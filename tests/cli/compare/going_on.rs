//! Replicates that are added, by number or until a width; comparisons that are stopped.

use std::fs;

use pointplane::paired::{Stein, t_quantile, two_sided_p};
use pointplane::store::{Status, read_table};

use super::*;
use crate::cli::fixture::{Running, files, manifest, same, shell, temp};

#[test]
fn replicates_are_added_to_the_same_bytes() {
    let dir = temp();
    let with = |more: &[&'static str]| [&LAYOUTS[..], more].concat();
    let six = compare_into(dir.path(), "six", &with(&["--replicates", "6"]));
    let out = compare_into(dir.path(), "out", &with(&["--replicates", "3"]));
    assert_eq!(
        files(&out.join("logs")).len(),
        2,
        "a log, and that it is complete"
    );
    // The same again is there already; fewer are not taken away.
    compare(dir.path(), "out", &with(&["--replicates", "3", "--resume"])).exits(0);
    assert_eq!(manifest(&out).sessions.len(), 1);
    compare(dir.path(), "out", &with(&["--replicates", "2", "--resume"]))
        .exits(2)
        .says(&[
            "out has replicates up to number 2 and 2 are wanted",
            "added, not taken away",
        ]);
    assert_eq!(manifest(&out).status, Status::Complete);
    compare(dir.path(), "out", &with(&["--replicates", "6", "--resume"])).exits(0);
    same(&six, &out);
    assert_eq!(manifest(&out).sessions.len(), 2);
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
    // What was in a damaged log is run again.
    let log = files(&out.join("logs"))
        .into_keys()
        .find(|name| name != "complete.log");
    fs::write(out.join("logs").join(log.unwrap()), "torn").unwrap();
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
    let script =
        format!("ulimit -c 0; trap '' XFSZ; ulimit -f 60; exec \"$POINTPLANE\" {words} --quiet");
    shell(dir.path(), &script).exits(3).says(&[
        "cannot write out/logs/",
        "File too large",
        "of 40 replicates are kept in out",
        "complete it with: pointplane compare",
    ]);
    let out = dir.path().join("out");
    assert_ne!(manifest(&out).status, Status::Complete);
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
            // p is of the same law as the interval.
            let t = number(&row, "difference") / half * t_quantile(7.0);
            assert!((number(&row, "p") - two_sided_p(t, 7.0)).abs() < 1e-9);
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

/// Hardly an adoption has happened by then, so that one replicate has a value: the pilot is no pilot.
#[test]
fn a_pilot_without_values_is_refused_and_kept() {
    let dir = temp();
    let watched = [
        "--until-width",
        "spillover_share@2015-06=0.01",
        "--min-replicates",
        "5",
    ];
    let words = [&["--baseline", "base", "none"], &watched[..]].concat();
    let ran = flat(compare(dir.path(), "out", &words).exits(3)).says(&[
        "the pilot is not informative about spillover_share: layout none and the baseline both have a value in 1 of \
         its 5 replicates",
        "5 of 5 replicates are kept in out",
        "--resume and a larger --min-replicates",
    ]);
    assert!(!ran.err.contains("complete it with"), "{}", ran.err);
    let out = dir.path().join("out");
    assert_eq!(manifest(&out).status, Status::Partial);
    let other = ["--baseline", "base", "none", "--replicates", "6"];
    compare(
        dir.path(),
        "out",
        &[&other[..], &["--horizon", "2015-06", "--resume"]].concat(),
    )
    .exits(0);
}
