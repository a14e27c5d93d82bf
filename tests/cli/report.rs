//! `report`, `figures` and `odd`: what they write, and what they leave alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::fixture::{call, copy, edit, files, minimal, run_into, shipped, temp};
use crate::tools::there;

fn run(dir: &Path, more: &[&str]) {
    run_into(dir, "r", &[&["--replicates", "3"], more].concat());
}

fn text(dir: &Path, file: &str) -> String {
    fs::read_to_string(dir.join(file)).unwrap()
}

#[test]
fn a_report_of_either_format_is_the_same_page_and_changes_nothing_else() {
    let mut pages = Vec::new();
    for format in ["parquet", "csv"] {
        let dir = temp();
        run(dir.path(), &["--format", format]);
        let before = files(&dir.path().join("r"));
        call(dir.path(), &["report", "r"])
            .exits(0)
            .says(&["report.html"]);
        let mut after = files(&dir.path().join("r"));
        assert!(after.remove("report.html").is_some());
        assert_eq!(before, after);
        let page = text(dir.path(), "r/report.html");
        assert!(page.contains("default-src &#39;none&#39;"));
        assert!(
            !page.contains("http://")
                || page.matches("http://").count() == page.matches("http://www.w3.org").count()
        );
        assert!(!page.contains("src=\"http") && !page.contains("<link"));
        // What only the manifest knows (time, command, checksums) stands below the figures.
        let figures = page.split("id=\"again\"").next().unwrap().to_owned();
        pages.push(figures);
        // Again, the same bytes.
        call(dir.path(), &["report", "r", "--quiet"]).exits(0);
        assert_eq!(page, text(dir.path(), "r/report.html"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[test]
fn a_figure_without_its_table_says_so_in_its_place() {
    let dir = temp();
    run(dir.path(), &["--tables", "national"]);
    call(dir.path(), &["report", "r"]).exits(0).says(&[
        "without map",
        "`places`",
        "without credit",
    ]);
    let page = text(dir.path(), "r/report.html");
    assert!(page.contains("The table <code>places</code> is not in this folder"));
    // A table that was taken away is named, and not said to have been left out; one that is damaged is refused.
    let national = dir.path().join("r/national.parquet");
    let whole = fs::read(&national).unwrap();
    fs::remove_file(&national).unwrap();
    let named = ["warning: not in this folder: national.parquet"];
    call(dir.path(), &["report", "r", "--quiet"])
        .exits(0)
        .says(&named);
    let bare = text(dir.path(), "r/report.html");
    assert!(bare.contains("The table <code>national</code> is not in this folder"));
    assert!(!bare.contains("without --tables") && !bare.contains("was not kept"));
    fs::write(&national, &whole[1..]).unwrap();
    for command in ["report", "figures"] {
        call(dir.path(), &[command, "r"])
            .exits(2)
            .says(&["r is not intact: national.parquet is damaged", "--force"]);
    }
    assert_eq!(text(dir.path(), "r/report.html"), bare);
    assert!(page.contains("id=\"growth\"") && page.contains("<svg"));
}

#[test]
fn without_its_scenario_a_report_names_ids_and_says_why() {
    let dir = temp();
    let country = minimal();
    let own = dir.path().join("own");
    copy(Path::new(&country), &own);
    call(
        dir.path(),
        &["run", "own", "--replicates", "2", "--quiet", "--out", "r"],
    )
    .exits(0);
    edit(&own.join("observed.csv"), "invented", "other");
    call(dir.path(), &["report", "r"])
        .exits(0)
        .says(&["without map", "--scenario"]);
    let page = text(dir.path(), "r/report.html");
    assert!(page.contains("have changed since: observed.csv"));
    // The right one, given by hand, is taken.
    call(dir.path(), &["report", "r", "--scenario", &country]).exits(0);
    let page = text(dir.path(), "r/report.html");
    assert!(page.contains("id=\"map-data\"") && !page.contains("have changed since"));
}

#[test]
fn a_comparison_has_a_map_when_it_kept_its_places() {
    let dir = temp();
    let country = minimal();
    for (out, every) in [("with", &["--every", "12"][..]), ("without", &[])] {
        let words = [
            "compare",
            &country,
            "--baseline",
            "base",
            "none",
            "--replicates",
            "3",
            "--quiet",
            "--out",
            out,
        ];
        call(dir.path(), &[&words, every].concat()).exits(0);
        call(dir.path(), &["report", out, "--quiet", "--lang", "zh"]).exits(0);
        let page = text(dir.path(), &format!("{out}/report-zh.html"));
        assert_eq!(page.contains("id=\"map-data\""), out == "with");
        assert!(page.contains("lang=\"zh-CN\"") && page.contains("id=\"pareto\""));
    }
}

/// Over what the answer holds stands in it as its own sentence, like the others, and leads to a plan for these
/// layouts that can be run.
#[test]
fn an_answer_says_that_parameters_were_not_varied_and_how_to_do_it() {
    let dir = temp();
    let country = minimal();
    let words = [
        "compare",
        &country,
        "--baseline",
        "none",
        "base",
        "--replicates",
        "3",
        "--quiet",
        "--out",
        "c",
    ];
    call(dir.path(), &words).exits(0);
    run(dir.path(), &[]);
    for (folder, lang, file, said, layouts) in [
        (
            "c",
            "en",
            "report.html",
            "Parameters not varied: see <a",
            "none",
        ),
        ("c", "zh", "report-zh.html", "参数未作变动：见 <a", "none"),
        (
            "r",
            "en",
            "report.html",
            "Parameters not varied: see <a",
            "base",
        ),
        ("r", "zh", "report-zh.html", "参数未作变动：见 <a", "base"),
    ] {
        call(dir.path(), &["report", folder, "--quiet", "--lang", lang]).exits(0);
        let page = text(dir.path(), &format!("{folder}/{file}"));
        let (_, answer) = page.split_once("id=\"answer\"").unwrap();
        let (answer, _) = answer.split_once("</section>").unwrap();
        let sentence = answer.lines().find(|line| line.contains(said)).unwrap();
        assert!(sentence.starts_with("<p>"), "{sentence}");
        let (_, target) = sentence.split_once("href=\"#").unwrap();
        let (target, _) = target.split_once('"').unwrap();
        let (_, section) = page
            .split_once(&format!("<section id=\"{target}\">"))
            .unwrap();
        let (_, plan) = section.split_once("<code># parameters.toml").unwrap();
        let (plan, _) = plan.split_once("</code>").unwrap();
        let plan = plan.replace("&#34;", "\"").replace("&quot;", "\"");
        assert!(
            plan.contains(&format!("layouts = [\"{layouts}\"")),
            "{plan}"
        );
        let plan = plan.replace("\"my-country\"", &format!("{country:?}"));
        fs::write(dir.path().join("plan.toml"), plan).unwrap();
        call(dir.path(), &["sweep", "plan", "plan.toml", "--dry-run"]).exits(0);
    }
    // A sweep did vary them.
    let plan = shipped("scenarios/minimal/sweeps/grid.toml");
    let words = ["sweep", "run", &plan, "--out", "s", "--quiet"];
    call(dir.path(), &words).exits(0);
    call(dir.path(), &["report", "s", "--quiet"]).exits(0);
    assert!(!text(dir.path(), "s/report.html").contains("not varied"));
}

#[test]
fn places_of_a_comparison_are_those_of_its_runs() {
    let dir = temp();
    let country = minimal();
    call(
        dir.path(),
        &[
            "compare",
            &country,
            "--baseline",
            "base",
            "none",
            "--replicates",
            "3",
            "--every",
            "12",
            "--format",
            "csv",
            "--quiet",
            "--out",
            "both",
        ],
    )
    .exits(0);
    run(dir.path(), &["--format", "csv", "--tables", "places"]);
    let rows = |file: &str, keep: &[&str], only: Option<&str>| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(dir.path().join(file)).unwrap();
        let heads = reader.headers().unwrap().clone();
        let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
        let keep: Vec<usize> = keep.iter().map(|name| at(name)).collect();
        let layout = only.map(|_| at("layout"));
        let records = reader.records().map(Result::unwrap);
        records
            .filter(|record| layout.is_none_or(|at| Some(&record[at]) == only))
            .map(|record| keep.iter().map(|at| record[*at].to_owned()).collect())
            .collect()
    };
    let columns = ["replicate", "month", "place", "stock", "scale"];
    let compared = rows("both/places.csv", &columns, Some("base"));
    assert!(compared.len() > 100);
    assert_eq!(compared, rows("r/places.csv", &columns, None));
    // The derived path is the mean of the differences, replicate by replicate.
    let of = |layout| rows("both/places.csv", &columns, Some(layout));
    let (base, none) = (of("base"), of("none"));
    let paths = rows(
        "both/place_paths.csv",
        &["month", "place", "difference"],
        Some("none"),
    );
    let number = |text: &String| text.parse::<f64>().unwrap();
    for path in &paths {
        let same = |row: &&Vec<String>| row[1] == path[0] && row[2] == path[1];
        let sum =
            |list: &[Vec<String>]| -> f64 { list.iter().filter(same).map(|r| number(&r[3])).sum() };
        let expected = (sum(&none) - sum(&base)) / 3.0;
        assert!(
            (number(&path[2]) - expected).abs() < 1e-9,
            "{path:?}: {expected}"
        );
    }
}

/// Compares `base` with `none` into the folder `both`. With other threads, and when replicates are added to the
/// first ones, these tables have the same bytes.
fn same_whatever_the_threads(dir: &Path, [first, all]: [&str; 2], more: &[&str], tables: &[&str]) {
    let country = minimal();
    let compare = |out: &str, how: &[&str]| {
        let words = ["compare", &country, "--baseline", "base", "none"];
        let files = ["--format", "csv", "--quiet", "--out", out];
        call(dir, &[&words[..], &files, more, how].concat()).exits(0);
    };
    compare("both", &["--replicates", all, "--threads", "1"]);
    compare("threads", &["--replicates", all, "--threads", "3"]);
    compare("later", &["--replicates", first]);
    compare("later", &["--replicates", all, "--resume"]);
    for table in tables {
        let of = |out: &str| fs::read(dir.join(format!("{out}/{table}.csv"))).unwrap();
        assert!(
            of("both") == of("threads") && of("both") == of("later"),
            "{table}"
        );
    }
}

#[test]
fn sources_of_a_comparison_are_those_of_its_runs_and_the_main_ones_are_kept() {
    let dir = temp();
    same_whatever_the_threads(
        dir.path(),
        ["1", "4"],
        &["--every", "60"],
        &["spillovers", "main_sources"],
    );
    let table = ["--replicates", "4", "--format", "csv", "--tables"];
    run_into(dir.path(), "r", &[&table[..], &["spillovers"]].concat());
    let rows = |file: &str, only: Option<&str>, keep: &[&str]| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(dir.path().join(file)).unwrap();
        let of = reader.deserialize::<BTreeMap<String, String>>();
        of.map(Result::unwrap)
            .filter(|row| only.is_none_or(|layout| row["layout"] == layout))
            .map(|row| keep.iter().map(|name| row[*name].clone()).collect())
            .collect()
    };
    let columns = ["replicate", "source", "target", "credit"];
    let base = rows("both/spillovers.csv", Some("base"), &columns);
    assert!(base.len() > 100);
    assert_eq!(base, rows("r/spillovers.csv", None, &columns));
    // The main sources, once more and another way.
    let columns = ["place", "rank", "source", "credit", "share"];
    for layout in ["base", "none"] {
        let mut credits: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        for row in rows(
            "both/spillovers.csv",
            Some(layout),
            &["target", "source", "credit"],
        ) {
            let [target, source, credit] = &row[..] else {
                panic!("three cells")
            };
            let of = credits.entry(target.clone()).or_default();
            *of.entry(source.clone()).or_default() += credit.parse::<f64>().unwrap() / 4.0;
        }
        let found = rows("both/main_sources.csv", Some(layout), &columns);
        let expected: usize = credits.values().map(|of| of.len().min(3)).sum();
        assert_eq!(found.len(), expected);
        for row in &found {
            let of = &credits[&row[0]];
            let number = |at: usize| row[at].parse::<f64>().unwrap();
            let more = of.values().filter(|credit| **credit > number(3) + 1e-9);
            assert!(more.count() < number(1) as usize, "{row:?}");
            assert!((number(3) - of[&row[2]]).abs() < 1e-9, "{row:?}");
            let all: f64 = of.values().sum();
            assert!((number(4) - number(3) / all).abs() < 1e-9, "{row:?}");
        }
    }
}

#[test]
fn structures_of_a_comparison_are_those_of_its_runs_and_add_up() {
    let dir = temp();
    // Flow is forgotten so fast that lines dissolve again, in some replicates and in all.
    same_whatever_the_threads(
        dir.path(),
        ["2", "5"],
        &["--every", "24", "--set", "line.forgetting=0.2"],
        &["structures", "structure_paths"],
    );
    run_into(
        dir.path(),
        "r",
        &[
            "--replicates",
            "5",
            "--set",
            "line.forgetting=0.2",
            "--format",
            "csv",
            "--tables",
            "structures",
        ],
    );
    let rows = |file: &str| -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(dir.path().join(file)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    };
    let mut own = rows("r/structures.csv");
    let mut base = rows("both/structures.csv");
    base.retain(|row| row["layout"] == "base");
    for row in &mut base {
        row.remove("layout");
    }
    for row in &mut own {
        row.retain(|name, _| base[0].contains_key(name));
    }
    assert!(own.len() > 100);
    assert_eq!(own, base);
    // In which class each stands from when on: of five, one is 5 %, three are 50 %, all are 95 %.
    let months: Vec<String> = (2015..=2024)
        .flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}-01")))
        .collect();
    let mut expected = Vec::new();
    let mut standing: BTreeMap<(&str, &str), BTreeMap<&str, i32>> = BTreeMap::new();
    for row in &base {
        let of = standing.entry((&row["kind"], &row["id"])).or_default();
        *of.entry(&row["month"]).or_default() += if row["event"] == "formed" { 1 } else { -1 };
    }
    for ((kind, id), changes) in &standing {
        let (mut now, mut before) = (0i32, "0");
        for month in &months {
            now += changes.get(month.as_str()).copied().unwrap_or(0);
            let class = ["0", "5", "5", "50", "50", "95"][now as usize];
            if class != before {
                let share = ["0", "0.2", "0.4", "0.6", "0.8", "1"][now as usize];
                expected.push([*kind, *id, month, class, share].map(str::to_owned));
            }
            before = class;
        }
    }
    let found: Vec<_> = rows("both/structure_paths.csv")
        .into_iter()
        .filter(|row| row["layout"] == "base")
        .map(|row| ["kind", "id", "month", "at_least", "share"].map(|name| row[name].clone()))
        .collect();
    let sorted = |mut list: Vec<[String; 5]>| {
        list.sort();
        list
    };
    assert!(found.len() > 10);
    // Some of them dissolve in part of the replicates: they fall from at least half to less, and stay.
    let falls = |pair: &[[String; 5]]| {
        pair[0][..2] == pair[1][..2] && pair[0][3] == "50" && pair[1][3] == "5"
    };
    assert!(found.windows(2).any(falls));
    assert_eq!(sorted(found), sorted(expected));
}

#[test]
fn what_is_no_result_is_refused() {
    let dir = temp();
    call(dir.path(), &["report", "nowhere"])
        .exits(2)
        .says(&["nowhere"]);
    fs::create_dir(dir.path().join("other")).unwrap();
    fs::write(dir.path().join("other/a.txt"), "").unwrap();
    for command in ["report", "figures"] {
        call(dir.path(), &[command, "other"]).exits(2);
    }
    assert_eq!(fs::read_dir(dir.path().join("other")).unwrap().count(), 1);
    // A table that somebody changed is not shown.
    run(dir.path(), &["--format", "csv"]);
    edit(
        &dir.path().join("r/national.csv"),
        "2015-01-01",
        "2015-02-01",
    );
    call(dir.path(), &["report", "r"])
        .exits(2)
        .says(&["national.csv", "checksum"]);
    assert!(!dir.path().join("r/report.html").exists());
    // A run that was stopped has no tables yet.
    run_into(dir.path(), "u", &["--replicates", "3"]);
    let manifest = fs::read_to_string(dir.path().join("u/manifest.json")).unwrap();
    let stopped = manifest.replacen("\"complete\"", "\"interrupted\"", 1);
    assert_ne!(manifest, stopped);
    fs::write(dir.path().join("u/manifest.json"), stopped).unwrap();
    for command in ["report", "figures"] {
        call(dir.path(), &[command, "u"]).exits(2).says(&[
            "not complete (interrupted)",
            "--resume",
            "1 error",
        ]);
    }
    assert!(!dir.path().join("u/report.html").exists());
}

#[test]
fn another_number_of_firms_stands_beside_the_title() {
    let dir = temp();
    let own = dir.path().join("own");
    copy(Path::new(&minimal()), &own);
    let scenario = text(&own, "scenario.toml");
    fs::write(
        own.join("scenario.toml"),
        scenario + "\n[firms]\nnumber = 2000\n",
    )
    .unwrap();
    for (more, beside) in [
        (&[][..], None),
        (&["--set", "firms.number=1500"], Some("1,500 firms")),
    ] {
        let words = [
            "run",
            "own",
            "--replicates",
            "2",
            "--quiet",
            "--force",
            "--out",
            "r",
        ];
        call(dir.path(), &[&words[..], more].concat()).exits(0);
        call(dir.path(), &["report", "r", "--quiet"]).exits(0);
        let page = text(dir.path(), "r/report.html");
        let title = page
            .split("<h1>")
            .nth(1)
            .unwrap()
            .split("</h1>")
            .next()
            .unwrap();
        match beside {
            Some(beside) => assert!(title.ends_with(&format!("({beside})")), "{title}"),
            None => assert!(!title.contains("firms)"), "{title}"),
        }
        let told = beside.unwrap_or("2,000 firms");
        assert!(page.contains(told), "{told} is a fact of the run");
    }
}

#[test]
fn figures_are_written_in_all_formats() {
    let dir = temp();
    run(dir.path(), &[]);
    // A machine may have no font at all: then the command says which to install.
    let first = call(dir.path(), &["figures", "r", "--quiet"]);
    if !there(
        first.code != Some(1),
        "no font here, so that figures are not drawn",
    ) {
        first.says(&["font", "apt-get install"]);
        return;
    }
    let file = |name: &str| fs::read(dir.path().join("r/figures").join(name)).unwrap();
    let svg = String::from_utf8(file("growth-174mm-en.svg")).unwrap();
    // Letters are outlines, so no font is asked of the reader.
    assert!(svg.contains("<path") && !svg.contains("<text") && !svg.contains("font-family"));
    for (format, begins) in [("pdf", &b"%PDF"[..]), ("png", &b"\x89PNG"[..])] {
        let words = [
            "figures", "r", "--quiet", "--format", format, "--width", "84mm",
        ];
        call(dir.path(), &words).exits(0);
        assert!(file(&format!("growth-84mm-en.{format}")).starts_with(begins));
    }
    // 84 mm at 600 dots an inch, as the PNG's head tells.
    let png = file("growth-84mm-en.png");
    let wide = u32::from_be_bytes(png[16..20].try_into().unwrap());
    assert!((1984..=1986).contains(&wide), "{wide}");
    // Chinese letters are there, or the message says how to get them.
    let chinese = call(
        dir.path(),
        &["figures", "r", "--quiet", "--lang", "zh", "--format", "pdf"],
    );
    match chinese.code {
        Some(0) => assert!(file("growth-174mm-zh.pdf").starts_with(b"%PDF")),
        _ => drop(chinese.exits(1).says(&["fonts-noto-cjk"])),
    }
}

#[test]
fn the_odd_text_has_the_resolved_numbers() {
    let dir = temp();
    let country = minimal();
    let odd = call(dir.path(), &["odd", &country, "--set", "line.beta=0.1234"]).exits(0);
    for part in [
        "## 1 Purpose",
        "## 2 Entities, state variables and scales",
        "## 3 Process overview and scheduling",
        "## 4 Design concepts",
        "## 5 Initialisation",
        "## 6 Input data",
        "## 7 Submodels",
        "## 9 Parameters",
        "| `line.beta` | β | 0.1234 | per month |",
        "river_mouth",
        "regions.csv",
    ] {
        assert!(odd.out.contains(part), "no {part:?}");
    }
    // What was set says where, what was not says that it is the default.
    let row = |key: &str| {
        let start = format!("| `{key}` |");
        let found = odd.out.lines().find(|line| line.starts_with(&start));
        found.unwrap_or_else(|| panic!("no {key}")).to_owned()
    };
    assert!(row("line.beta").contains("--set"), "{}", row("line.beta"));
    assert!(
        row("line.forgetting").ends_with("| default |")
            || row("line.forgetting").contains("scenario.toml:")
    );
    assert!(!odd.out.contains("](scenario.md"));
    call(dir.path(), &["odd", "nowhere"]).exits(2);
    // In Chinese: the same numbers, no English sentences.
    let words = ["odd", &country, "--set", "line.beta=0.1234", "--lang", "zh"];
    let zh = call(dir.path(), &words).exits(0).out;
    for part in [
        "## 1 目的与模式",
        "## 2 实体、状态变量与尺度",
        "## 3 过程概览与调度",
        "## 4 设计概念",
        "## 5 初始化",
        "## 6 输入数据",
        "## 7 子模型",
        "## 9 参数",
        "| `line.beta` | β | 0.1234 | 每月 |",
        "regions.csv",
    ] {
        assert!(zh.contains(part), "no {part:?}");
    }
    let tables = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
    assert_eq!(tables(&zh), tables(&odd.out));
    assert!(!zh.contains("](scenario.md") && !zh.contains(" the "));
}

#[test]
fn a_sweep_has_its_indices_and_curves() {
    let dir = temp();
    let plan = shipped("scenarios/minimal/sweeps/grid.toml");
    call(
        dir.path(),
        &["sweep", "run", &plan, "--out", "s", "--quiet"],
    )
    .exits(0);
    call(dir.path(), &["report", "s", "--quiet", "--lang", "zh"]).exits(0);
    let page = text(dir.path(), "s/report-zh.html");
    for part in [
        "id=\"tornado\"",
        "id=\"regression\"",
        "id=\"curves\"",
        "line.beta",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    assert!(!page.contains("class=\"missing\""));
    // The command names the plan as it was named, and does it all again, to the byte.
    let command = |page: &str| {
        let code = page.split("pointplane sweep run ").nth(1).unwrap();
        let line = code.split('\n').next().unwrap().split('<').next().unwrap();
        line.trim().to_owned()
    };
    assert_eq!(command(&page), format!("{plan} --out s"));
    fs::rename(dir.path().join("s"), dir.path().join("first")).unwrap();
    let words: Vec<String> = command(&page).split(' ').map(str::to_owned).collect();
    let mut again = vec!["sweep", "run", "--quiet"];
    again.extend(words.iter().map(String::as_str));
    call(dir.path(), &again).exits(0);
    let bytes = |folder: &str, file: &str| fs::read(dir.path().join(folder).join(file)).unwrap();
    for file in ["points.csv", "plan.toml", "outcomes.parquet"] {
        assert!(bytes("first", file) == bytes("s", file), "{file}");
    }
    // The answer: what was run, what matters most, what the layouts do.
    call(dir.path(), &["report", "s", "--quiet"]).exits(0);
    let page = text(dir.path(), "s/report.html");
    let answer = page.split("class=\"limits\"").next().unwrap();
    for part in [
        "2 parameters were varied over 9 points",
        "90 runs",
        "matters most for mean stock",
        "Relative to “No alliances”, the layouts change mean stock by: the scenario without a layout",
        "Of the variance of these differences across points, Monte Carlo noise from the replicates accounts for: the scenario without a layout",
    ] {
        assert!(answer.contains(part), "no {part}");
    }
    assert_eq!(
        answer
            .split("id=\"answer\"")
            .nth(1)
            .unwrap()
            .matches("<p>")
            .count(),
        3
    );
}
