//! `pointplane calibrate`, as its user meets it.

use std::fs;
use std::path::Path;

use super::fixture::{call, files, shipped, temp};

/// The shipped plan of the minimal country beside a copy of it, with few runs; `more` is put before its first target.
fn small(dir: &Path, more: &str) {
    super::fixture::copy(shipped("scenarios/minimal").as_ref(), &dir.join("country"));
    let path = dir.join("country/calibrate.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("points = 40", "points = 16");
    let text = text
        .replace("waves = 3", "waves = 2")
        .replace("draws = 100", "draws = 60");
    let text = text.replace("replicates = 8", "replicates = 4");
    fs::write(
        &path,
        text.replacen("[[targets]]", &format!("{more}\n[[targets]]"), 1),
    )
    .unwrap();
}

/// The tables and summaries of a calibration: what stands in the folder itself.
fn tables(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let all = files(dir).into_iter();
    all.filter(|(name, _)| !name.contains('/')).collect()
}

#[test]
fn a_plan_is_calibrated_and_compared_over() {
    let dir = temp();
    small(dir.path(), "");
    let words = [
        "calibrate",
        "country/calibrate.toml",
        "--out",
        "a",
        "--threads",
        "1",
    ];
    call(dir.path(), &words).exits(0).says(&[
        "minimal: 3 parameters; 3 targets to fit and 1 held out; runs to 2021-06",
        "Wave 1: 16 points",
        "% of the prior is not ruled out",
        "Chains: R̂ at most",
        "60 draws count as",
        "- list_2017 (fitted): 8; prior ",
        "- half_reached (fitted): ≥ 0.5; prior ",
        "- list_2021 (held out): 14; prior ",
        "- strength of contagion (line.beta): ",
        "Stiffest direction: ",
        "--posterior a/posterior.csv",
    ]);
    let names: Vec<String> = tables(&dir.path().join("a"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for name in [
        "waves",
        "emulators",
        "targets",
        "parameters",
        "directions",
        "weights",
        "draws",
        "posterior",
        "columns",
    ] {
        assert!(names.contains(&format!("{name}.csv")), "{names:?}");
    }
    let chinese = fs::read_to_string(dir.path().join("a/summary.zh.md")).unwrap();
    assert!(
        chinese.contains("# 虚构记录中的三份清单") && chinese.contains("留作检验"),
        "{chinese}"
    );
    // The same bytes on two threads, and when it is asked for again.
    let words = [
        "calibrate",
        "country/calibrate.toml",
        "--out",
        "b",
        "--threads",
        "2",
        "--quiet",
    ];
    assert_eq!(call(dir.path(), &words).exits(0).err, "");
    let (a, b) = (tables(&dir.path().join("a")), tables(&dir.path().join("b")));
    assert_eq!(a, b);
    call(dir.path(), &words)
        .exits(2)
        .says(&["b holds a calibration already", "--resume"]);
    let again = [&words[..], &["--resume"]].concat();
    call(dir.path(), &again).exits(0);
    assert_eq!(tables(&dir.path().join("b")), b);
    // Not by a quicker one.
    let quick = [&again[..], &["--quick"]].concat();
    call(dir.path(), &quick)
        .exits(2)
        .says(&["holds a calibration by another plan"]);
    assert_eq!(tables(&dir.path().join("b")), b);
    // Its draws are those of a comparison.
    let posterior = fs::read_to_string(dir.path().join("a/posterior.csv")).unwrap();
    let mut lines = posterior.lines();
    assert_eq!(
        lines.next(),
        Some("line_beta,plane_national_quality,point_arrival_rate")
    );
    assert_eq!(lines.count(), 60);
    let words = "compare country --baseline base none --posterior a/posterior.csv --out c";
    let words: Vec<&str> = words.split(' ').collect();
    call(dir.path(), &words).exits(0).says(&["none"]);
    assert!(
        dir.path().join("c/summary/uncertainty.parquet").exists()
            || dir.path().join("c/summary/uncertainty.csv").exists()
    );
    // Its page says in both languages what the summary says, with a chart in each figure.
    for (lang, file, words) in [
        (
            "en",
            "report.html",
            ["Wave 1: 16 points", "% of the prior is not ruled out"],
        ),
        ("zh", "report-zh.html", ["留作检验", "未被排除"]),
    ] {
        call(dir.path(), &["report", "a", "--lang", lang]).exits(0);
        let page = fs::read_to_string(dir.path().join("a").join(file)).unwrap();
        for text in words {
            assert!(page.contains(text), "no {text:?} in {file}");
        }
        for id in ["targets", "contraction", "ranges", "waves", "directions"] {
            let (_, section) = page.split_once(&format!("<section id=\"{id}\">")).unwrap();
            let (section, _) = section.split_once("</section>").unwrap();
            assert!(section.contains("<svg"), "{id} in {file}");
        }
    }
}

#[test]
fn a_record_that_cannot_be_is_a_result() {
    let dir = temp();
    let more = "[[targets]]\nid = \"far\"\noutcome = \"replicated_national\"\nat = \"2017-06\"\nvalue = 900\nerror = 1\n\
                [[targets]]\nid = \"other\"\noutcome = \"replicated_national\"\nat = \"2019-06\"\nvalue = 900\nerror = 1\n";
    small(dir.path(), more);
    call(
        dir.path(),
        &["calibrate", "country/calibrate.toml", "--out", "a"],
    )
    .exits(0)
    .says(&[
        "is a total from the start of the run",
        "No point of the prior is left",
        "Out of reach at every point: far, other.",
    ]);
    call(dir.path(), &["report", "a"]).exits(0);
    let page = fs::read_to_string(dir.path().join("a/report.html")).unwrap();
    for text in ["All of the prior is ruled out", "There is no posterior"] {
        assert!(page.contains(text), "no {text:?}");
    }
    let waves = fs::read_to_string(dir.path().join("a/waves.csv")).unwrap();
    assert!(waves.trim_end().ends_with(",empty"), "{waves}");
    // What an earlier calibration left there does not stay beside it.
    let stale =
        ["posterior.csv", "weights.csv", "parameters.csv"].map(|of| dir.path().join("a").join(of));
    stale.iter().for_each(|of| fs::write(of, "old").unwrap());
    call(
        dir.path(),
        &[
            "calibrate",
            "country/calibrate.toml",
            "--out",
            "a",
            "--force",
        ],
    )
    .exits(0)
    .says(&["No point of the prior is left"]);
    assert!(stale.iter().all(|of| !of.exists()));
}

/// All at once, each at its line with what would be right.
#[test]
fn what_is_wrong_with_a_plan_is_told_at_once() {
    let dir = temp();
    let more = "\
[[targets]]\nid = \"a\"\noutcome = \"replicated_nationl\"\nat = \"2017-06\"\nvalue = 1\nerror = 1\n
[[targets]]\nid = \"b\"\noutcome = \"adoptions\"\nat = \"2031-01\"\nvalue = 1\nerror = 1\n
[[targets]]\nid = \"c\"\noutcome = \"adoptions\"\nat = \"2017-01\"\nvalue = 1\n
[[targets]]\nid = \"d\"\noutcome = \"adoptions\"\ngroup = \"areas:east\"\nat = \"2017-01\"\nvalue = 1\nerror = 1\n
[[targets]]\nid = \"e\"\noutcome = \"theil\"\ngroup = \"area:east\"\nat = \"2017-01\"\nvalue = 1\nerror = 1\n
[[targets]]\nid = \"e\"\noutcome = \"adoptions\"\nat = \"2017-01\"\nsince = \"2018-01\"\nvalue = 1\nat_least = 2\nerror = 1\n";
    small(dir.path(), more);
    let path = dir.path().join("country/calibrate.toml");
    let text = fs::read_to_string(&path).unwrap();
    let wrong = text.replace("min = 0.5, max = 0.7", "min = 0.5, max = 1.7");
    fs::write(&path, wrong).unwrap();
    call(dir.path(), &["calibrate", "country/calibrate.toml"])
        .exits(2)
        .says(&[
            "`targets.0.outcome` = replicated_nationl",
            "replicated_national",
            "`targets.1.at` = 2031-01",
            "2015-01 to 2024-12",
            "`targets.2.error` = 0",
            "a count that is exact still needs a discrepancy",
            "`targets.3.group` = areas:east",
            "province:ID, area:ID",
            "`targets.4.group` = area:east",
            "theil is not given by groups",
            "`targets.5.id` = e",
            "a value or bounds, not both",
            "`targets.5.since` = 2018-01",
            "`parameters.plane.national_quality.max`",
        ]);
    // A group that is not there, once all else is right.
    let group = text.replacen(
        "outcome = \"coverage\"",
        "outcome = \"adoptions\"\ngroup = \"area:est\"",
        1,
    );
    let from = group.find("[[targets]]\nid = \"a\"").unwrap();
    let to = group.find("[[targets]]\nid = \"list_2017\"").unwrap();
    fs::write(&path, format!("{}{}", &group[..from], &group[to..])).unwrap();
    call(dir.path(), &["calibrate", "country/calibrate.toml"])
        .exits(2)
        .says(&["there is no such group", "area:east"]);
}

#[test]
fn a_target_that_does_not_vary_is_refused() {
    let dir = temp();
    let more = "[[targets]]\nid = \"still\"\noutcome = \"replicated_national\"\nat = \"2016-01\"\nvalue = 1\nerror = 1\n";
    small(dir.path(), more);
    call(
        dir.path(),
        &["calibrate", "country/calibrate.toml", "--quiet"],
    )
    .exits(2)
    .says(&["`targets.0.outcome`", "does not vary"]);
}

#[test]
fn innovations_are_counted_by_where_they_come_from() {
    let dir = temp();
    let more = "[[targets]]\nid = \"coast\"\noutcome = \"implemented\"\ngroup = \"origin:coast\"\nat = \"2020-01\"\nvalue = 20\nerror = 5\n\
                [[targets]]\nid = \"share\"\noutcome = \"replicated_national\"\nat = \"2021-06\"\nat_most = 0.9\nerror = 0.1\n\
                over = { outcome = \"implemented\", at = \"2021-06\" }\n";
    small(dir.path(), more);
    call(
        dir.path(),
        &[
            "calibrate",
            "country/calibrate.toml",
            "--out",
            "a",
            "--quick",
        ],
    )
    .exits(0)
    .says(&[
        "- coast (fitted): 20; prior ",
        "- share (fitted): ≤ 0.9; prior ",
    ]);
}

/// Another seed would make another network of firms; and an emulator takes no more than 240 points.
#[test]
fn a_check_that_would_say_nothing_is_refused() {
    let dir = temp();
    small(dir.path(), "");
    let words = ["calibrate", "country/calibrate.toml", "--check"];
    let most = [&words[..], &["241"]].concat();
    call(dir.path(), &most).exits(2).says(&["241", "240"]);
    let path = dir.path().join("country/scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\n[firms]\nnumber = 100\n")).unwrap();
    let some = [&words[..], &["10", "--out", "a"]].concat();
    call(dir.path(), &some)
        .exits(2)
        .says(&["--check", "firms are generated from the seed"]);
    assert!(!dir.path().join("a").exists());
}
