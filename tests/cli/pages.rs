//! Pages of estimations and replays.

use std::fs;
use std::path::Path;

use super::fixture::{call, shipped, temp};

/// The sections of a page that are figures, with whether there is a chart.
fn figures(dir: &Path, file: &str, ids: &[&str]) -> Vec<bool> {
    let page = fs::read_to_string(dir.join(file)).unwrap();
    let drawn = |id: &&str| {
        let start = page.find(&format!("<section id=\"{id}\">"));
        let from = start.unwrap_or_else(|| panic!("no {id}"));
        let end = page[from..].find("</section>").unwrap();
        page[from..from + end].contains("<svg")
    };
    ids.iter().map(drawn).collect()
}

#[test]
fn an_estimation_has_a_page_whose_titles_are_its_findings() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let more = [
        "--curves",
        "--profiles",
        "--residuals",
        "--hold-out",
        "last=6",
    ];
    let words = ["estimate", &lotteries, "--out", "e", "--quiet"];
    call(dir.path(), &[&words[..], &more[..]].concat()).exits(0);
    call(dir.path(), &["report", "e"]).exits(0);
    call(dir.path(), &["report", "e", "--lang", "zh"]).exits(0);
    let folder = dir.path().join("e");
    let ids = ["coefficients", "profiles", "curves", "residuals", "scores"];
    for file in ["report.html", "report-zh.html"] {
        assert_eq!(figures(&folder, file, &ids), [true; 5], "{file}");
    }
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    for text in [
        "State lotteries in the United States",
        "901 rows at risk, 27 adoptions",
        "Contagion is told from none: neighbours",
        "The history lies inside the simulated band in",
        "Shalizi and Thomas 2011",
        "pointplane estimate",
        "--hold-out last=6",
    ] {
        assert!(page.contains(text), "no {text:?}");
    }
    let page = fs::read_to_string(folder.join("report-zh.html")).unwrap();
    assert!(page.contains("传染与无传染可以区分：neighbours"));
    // The curve of a profile passes the critical value at the limits of the estimates.
    let table = |name: &str| fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
    let estimates = table("estimates");
    let row = estimates
        .lines()
        .find(|line| line.starts_with("neighbours,"))
        .unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let head: Vec<&str> = estimates.lines().next().unwrap().split(',').collect();
    let limit = |name: &str| -> f64 {
        let at = head.iter().position(|of| *of == name).unwrap();
        cells[at].parse().unwrap()
    };
    let [low, high] = [limit("low"), limit("high")];
    let profiles = table("profiles");
    let points = profiles
        .lines()
        .filter(|line| line.starts_with("neighbours,"));
    let points = points.map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        [2, 3].map(|at| cells[at].parse::<f64>().unwrap())
    });
    let points: Vec<[f64; 2]> = points.collect();
    assert_eq!(points.len(), 41);
    for [value, deviance] in points {
        let inside = (low..=high).contains(&value);
        assert_eq!(
            inside,
            deviance <= 3.841_458_820_694_124,
            "{value} {deviance}"
        );
    }
    // What was not asked for is named with its option, and goes with the next estimation.
    call(dir.path(), &words).exits(0);
    assert!(!folder.join("profiles.csv").exists());
    call(dir.path(), &["report", "e"]).exits(0);
    let drawn = figures(&folder, "report.html", &ids[..4]);
    assert_eq!(drawn, [true, false, false, false]);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("<code>--profiles</code>"), "no option");
}

#[test]
fn a_replay_has_a_page_of_what_would_have_been_different() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let words = [
        "replay",
        &lotteries,
        "--layout",
        "compact",
        "--replicates",
        "20",
        "--quiet",
    ];
    let out = ["--out", "r", "--format", "csv"];
    call(dir.path(), &[&words[..], &out[..]].concat()).exits(0);
    call(dir.path(), &["report", "r"]).exits(0);
    call(dir.path(), &["report", "r", "--lang", "zh"]).exits(0);
    let folder = dir.path().join("r");
    for file in ["report.html", "report-zh.html"] {
        assert_eq!(
            figures(&folder, file, &["paths", "places"]),
            [true; 2],
            "{file}"
        );
    }
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    for text in [
        "adoptions of 27",
        "in place of 27",
        "Oberst and Sontag 2019",
        "Compact of four states",
    ] {
        assert!(page.contains(text), "no {text:?}");
    }
    // The paths end at what the effects say, and the history at its own number.
    let table = |name: &str| fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
    let paths = table("paths");
    assert!(
        paths.starts_with("layout,period,factual,replayed,low,high\n"),
        "{paths}"
    );
    let last: Vec<&str> = paths.lines().last().unwrap().split(',').collect();
    assert_eq!(last[..3], ["compact", "1986", "27"]);
    let effects = table("effects");
    let all: Vec<&str> = effects.lines().nth(1).unwrap().split(',').collect();
    let more: f64 = all[4].parse().unwrap();
    let end: f64 = last[3].parse().unwrap();
    assert!((end - 27.0 - more).abs() < 1e-9, "{end} {more}");
}
