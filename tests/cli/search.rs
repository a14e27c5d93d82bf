//! `pointplane search`, as its user meets it.

use std::fs;
use std::path::Path;

use super::fixture::{Running, call, copy, files, shipped, temp};

/// The shipped plan of the minimal country beside a copy of it, with few replicates; `more` is put before its candidates.
fn small(dir: &Path, find: &str, put: &str) {
    copy(shipped("scenarios/minimal").as_ref(), &dir.join("country"));
    let path = dir.join("country/search.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("most_replicates = 400", "most_replicates = 60");
    let text = text.replace("fresh_replicates = 60", "fresh_replicates = 20");
    assert!(find.is_empty() || text.contains(find), "{find}");
    fs::write(&path, text.replacen(find, put, 1)).unwrap();
}

/// The tables and summaries of a search, and its chosen layouts.
fn made(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let all = files(dir).into_iter();
    all.filter(|(name, _)| !name.contains('/') || name.starts_with("chosen/"))
        .collect()
}

fn words(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

#[test]
fn a_plan_is_searched_to_the_same_bytes() {
    let dir = temp();
    small(dir.path(), "", "");
    call(
        dir.path(),
        &words("search country/search.toml --dry-run --threads 1"),
    )
    .exits(0)
    .says(&[
        "minimal: 4 candidates make",
        "feasible layouts",
        "A run of the baseline takes",
    ]);
    assert!(!dir.path().join("results").exists());
    call(
        dir.path(),
        &words("search country/search.toml --out a --threads 1"),
    )
    .exits(0)
    .says(&[
        "all are run to 2024-12, 10 replicates of each before any drops out",
        "stage-1: ",
        "are beaten",
        "against the baseline, on 20 fresh replicates",
        "- stock: ",
        "- gap: ",
        "Parameters are those of the scenario",
    ]);
    let whole = made(&dir.path().join("a"));
    let names: Vec<&str> = whole.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "layouts.csv",
        "chosen.csv",
        "synergy.csv",
        "columns.csv",
        "summary.zh.md",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let layouts = fs::read_to_string(dir.path().join("a/layouts.csv")).unwrap();
    assert_eq!(layouts.matches(",chosen,").count(), 1, "{layouts}");
    let chosen = names.iter().find(|name| name.starts_with("chosen/"));
    let chosen = chosen.expect("a layout file");
    // The file is a layout like any other.
    let check = format!("check a/{chosen} --scenario country");
    call(dir.path(), &words(&check)).exits(0);
    // The same on two threads; and after some stages are lost, in other words after a kill.
    call(
        dir.path(),
        &words("search country/search.toml --out b --threads 2 --quiet"),
    )
    .exits(0);
    assert_eq!(made(&dir.path().join("b")), whole);
    let again = words("search country/search.toml --out b --threads 2 --quiet");
    call(dir.path(), &again)
        .exits(2)
        .says(&["b holds a search already", "--resume"]);
    fs::remove_dir_all(dir.path().join("b/fresh-1")).unwrap();
    fs::remove_file(dir.path().join("b/layouts.csv")).unwrap();
    let resumed = [&again[..], &["--resume"]].concat();
    call(dir.path(), &resumed).exits(0);
    assert_eq!(made(&dir.path().join("b")), whole);
    // Another plan does not go on with it.
    small(dir.path(), "delta = 0.5", "delta = 0.4");
    call(dir.path(), &resumed)
        .exits(2)
        .says(&["b holds a search by another plan"]);
}

/// Cut off by the time again and again, it comes to the bytes of an undisturbed search.
#[test]
fn a_search_that_is_cut_off_goes_on() {
    let dir = temp();
    small(dir.path(), "", "");
    call(
        dir.path(),
        &words("search country/search.toml --out a --quiet"),
    )
    .exits(0);
    let limited = words("search country/search.toml --out b --quiet --resume --time-limit 0.3s");
    let mut cut = 0;
    for _ in 0..200 {
        match call(dir.path(), &limited).code {
            Some(0) => break,
            code => {
                // Nothing that was done at all is a failure; the rest is a part.
                assert!(matches!(code, Some(1 | 3)), "{code:?}");
                cut += 1;
            }
        }
    }
    println!("cut off {cut} times");
    let whole = words("search country/search.toml --out b --quiet --resume");
    call(dir.path(), &whole).exits(0);
    assert_eq!(made(&dir.path().join("b")), made(&dir.path().join("a")));
}

#[test]
fn a_front_and_an_uphill_search() {
    let dir = temp();
    let second = "[[objectives]]\nid = \"even\"\nwant = \"less\"\nterms = [{ outcome = \"gini\", at = \"2024-12\" }]\ndelta = 0.01\n\n[[constraints]]";
    small(dir.path(), "[[constraints]]", second);
    call(dir.path(), &words("search country/search.toml --out a"))
        .exits(0)
        .says(&["Front of estimated means", "even: "]);
    let front = fs::read_to_string(dir.path().join("a/front.csv")).unwrap();
    assert!(front.lines().count() >= 2, "{front}");
    // Over draws there is one objective.
    let draws = "[draws]\nfile = \"draws.csv\"\n[budget]";
    let path = dir.path().join("country/search.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("[budget]", draws, 1)).unwrap();
    call(dir.path(), &words("search country/search.toml --out b"))
        .exits(2)
        .says(&["`draws`", "with several objectives", "`draws.file`"]);
}

#[test]
fn those_that_are_left_are_compared_over_draws() {
    let dir = temp();
    let draws = "[draws]\nfile = \"draws.csv\"\nlayouts = 3\n\n[budget]";
    small(dir.path(), "[budget]", draws);
    let rows = (0..60).map(|row| format!("{}\n", 0.1 + 0.002 * f64::from(row)));
    let table = format!("line_beta\n{}", rows.collect::<String>());
    fs::write(dir.path().join("country/draws.csv"), &table).unwrap();
    call(dir.path(), &words("search country/search.toml --out a"))
        .exits(0)
        .says(&[
            "Best in the mean over the draws",
            "Over 60 draws of the parameters",
            "P(best)",
            "Least largest regret",
        ]);
    let regret = fs::read_to_string(dir.path().join("a/regret.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(regret.as_bytes());
    let best: f64 = rows
        .records()
        .map(|row| row.unwrap()[5].parse::<f64>().unwrap())
        .sum();
    assert!((best - 1.0).abs() < 1e-9, "{regret}");
    // What is chosen is found on fresh pairs of a draw and a replicate: the draws are rows of the table, of ten any ten.
    let pairs = fs::read_to_string(dir.path().join("a/pairs-1.csv")).unwrap();
    let (head, rows) = pairs.split_once('\n').unwrap();
    assert_eq!((head, rows.lines().count()), ("line_beta", 10));
    let all: Vec<&str> = table.lines().collect();
    assert!(rows.lines().all(|row| all.contains(&row)), "{pairs}");
    let plan = fs::read_to_string(dir.path().join("a/pairs-1.toml")).unwrap();
    assert!(plan.contains("own_replicates = true"), "{plan}");
    // After those that screened, and those of the estimates.
    let first = plan
        .lines()
        .find_map(|line| line.strip_prefix("first_replicate = "));
    assert!(first.unwrap().parse::<u32>().unwrap() >= 20, "{plan}");
    let summary = fs::read_to_string(dir.path().join("a/summary.md")).unwrap();
    assert!(summary.contains("pairs of a draw"), "{summary}");
    call(
        dir.path(),
        &words("search country/search.toml --out b --quiet --threads 1"),
    )
    .exits(0);
    assert_eq!(made(&dir.path().join("a")), made(&dir.path().join("b")));
}

#[test]
fn those_that_are_left_are_compared_under_variants() {
    let dir = temp();
    let variants = "[variants]\nfiles = [\"hill\"]\nlayouts = 3\n\n[budget]";
    small(dir.path(), "[budget]", variants);
    let hill =
        "layout = \"hill\"\n[set.line]\nresponse = \"hill\"\nx0 = 0.5\nhill_exponent = 2.0\n";
    fs::write(dir.path().join("country/layouts/hill.toml"), hill).unwrap();
    call(dir.path(), &words("search country/search.toml --out a"))
        .exits(0)
        .says(&[
            "Promise: with probability",
            "Under the scenario as it is and 1 variant of the model",
            "Least largest regret over the models",
        ]);
    let table = fs::read_to_string(dir.path().join("a/variants.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    // Both models have the baseline and at most three layouts; the best of each has no regret, and the others have what it
    // gains more.
    for model in ["", "hill"] {
        let own: Vec<&csv::StringRecord> = rows.iter().filter(|row| &row[0] == model).collect();
        assert!((2..=4).contains(&own.len()), "{table}");
        let number = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
        let best = own
            .iter()
            .map(|row| number(row, 3))
            .fold(f64::MIN, f64::max);
        for row in &own {
            let regret = number(row, 6);
            assert!((best - number(row, 3) - regret).abs() < 1e-9, "{table}");
        }
        assert_eq!(
            (own[0][1].to_owned(), number(own[0], 3)),
            ("base".to_owned(), 0.0)
        );
    }
    let chosen = fs::read_to_string(dir.path().join("a/chosen.csv")).unwrap();
    let name = chosen.lines().nth(1).unwrap().split(',').next().unwrap();
    assert!(rows.iter().any(|row| &row[1] == name), "{table}");
    call(dir.path(), &words("report a --out page.html")).exits(0);
    let page = fs::read_to_string(dir.path().join("page.html")).unwrap();
    assert!(page.contains("under variants of the model"));
}

/// All that is wrong is told at once, with its line and what would be right.
#[test]
fn wrong_plans_are_told() {
    let dir = temp();
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "alliance = \"upper_river\"",
            "alliance = \"uper_river\"",
            &[
                "`candidates.1.alliance`",
                "no alliance has this id",
                "upper_river",
            ],
        ),
        (
            "zone = \"pass_gate\"",
            "zone = \"pass_gat\"",
            &["`candidates.2.zone`", "no zone has this id", "pass_gate"],
        ),
        (
            "open = [\"2016-01\", \"2018-01\"]",
            "",
            &["`candidates.2.zone`", "opens in one of some months"],
        ),
        (
            "open = [\"2016-01\", \"2018-01\"]",
            "open = [\"2016-01\", \"2031-01\"]",
            &[
                "`candidates.2.open.1`",
                "not looked at",
                "2015-01 to 2024-12",
            ],
        ),
        (
            "excludes = [\"upper_river\"]",
            "excludes = [\"uper_river\"]",
            &[
                "`conditions.0.excludes.0`",
                "no candidate has this id",
                "upper_river",
            ],
        ),
        (
            "when = \"whole_river\"\n",
            "",
            &["`conditions.0`", "a condition counts candidates"],
        ),
        (
            "changes = 2",
            "change = 2",
            &["`budget.change`", "unknown key", "changes"],
        ),
        (
            "changes = 2",
            "changes = 2\npair_years = 3",
            &["`budget.pair_years_times`", "not by both"],
        ),
        (
            "changes = 2",
            "changes = 2\nprice = 3",
            &["`budget.price`", "nothing has a price"],
        ),
        (
            "changes = 2\npair_years_times = 3.0",
            "pair_years = 0\nchanges = 0",
            &["no layout keeps the conditions and the budget"],
        ),
        (
            "outcome = \"mean_stock\"",
            "outcome = \"mean_stok\"",
            &["`objectives.0.terms.0.outcome`", "mean_stock"],
        ),
        (
            "outcome = \"mean_stock\", at = \"2024-12\"",
            "outcome = \"mean_stock\"",
            &["`objectives.0.terms.0.at`", "say which"],
        ),
        (
            "outcome = \"mean_stock\"",
            "group = \"area:north\", outcome = \"mean_stock\"",
            &[
                "`objectives.0.terms.0.group`",
                "there is no such group",
                "area:east",
            ],
        ),
        (
            "delta = 0.5",
            "delta = 0",
            &["`objectives.0.delta`", "above 0"],
        ),
        ("at_most = 0\n", "", &["`constraints.0`", "one limit"]),
        (
            "groups = [\"coast_ftz\", \"river_ftz\"]",
            "groups = [\"coast_ftz\", \"rivr_ftz\"]",
            &["`candidates.3.define.groups.1`", "river_ftz"],
        ),
        (
            "first_replicates = 10",
            "first_replicates = 500",
            &["`most_replicates`", "is less than first_replicates"],
        ),
        ("scenario = \".\"", "scenario = \"none\"", &["none"]),
        (
            "[budget]",
            "[draws]\nfile = \"no.csv\"\n[budget]",
            &["`draws.file`", "no.csv"],
        ),
        (
            "[budget]",
            "[variants]\nfiles = [\"hil\"]\n[budget]",
            &["hil.toml", "there is no such file"],
        ),
        ("[budget]", "variant = [\"x\"]\n[budget]", &["unknown key"]),
    ];
    for (find, put, says) in cases {
        small(dir.path(), find, put);
        call(dir.path(), &words("search country/search.toml --out a"))
            .exits(2)
            .says(says);
        assert!(!dir.path().join("a").exists());
        fs::remove_dir_all(dir.path().join("country")).unwrap();
    }
}

/// Two shards that begin together share the stages, and one that comes alone does all: the same bytes.
#[test]
fn shards_share_a_search() {
    let dir = temp();
    small(dir.path(), "", "");
    let search = "search country/search.toml --quiet --threads 1";
    call(dir.path(), &words(&format!("{search} --out a"))).exits(0);
    let whole = made(&dir.path().join("a"));
    let shard = |n: u32| {
        let shard = format!("{search} --out b --shard {n}/2");
        Running::start(dir.path(), &words(&shard))
    };
    for running in [shard(0), shard(1)] {
        running.end().exits(0);
    }
    assert_eq!(made(&dir.path().join("b")), whole);
    let alone = format!("{search} --out c --shard 1/3");
    call(dir.path(), &words(&alone)).exits(0);
    assert_eq!(made(&dir.path().join("c")), whole);
    // It joins no other search.
    small(dir.path(), "delta = 0.5", "delta = 0.4");
    call(dir.path(), &words(&alone))
        .exits(2)
        .says(&["c holds a search by another plan"]);
}
