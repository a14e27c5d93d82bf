//! A history that is simulated and replayed, as its user meets it.

use std::fs;

use super::compare::flat;
use super::fixture::{call, copy, edit, files, shipped, temp};

/// A given history runs in its own steps: yearly tables name years, and what takes months says so.
#[test]
fn a_yearly_history_runs_and_is_told_in_years() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let words = [
        "run",
        &lotteries,
        "--replicates",
        "3",
        "--format",
        "csv",
        "--tables",
        "all",
        "--out",
        "r",
    ];
    call(dir.path(), &words).exits(0);
    let read = |name: &str| fs::read_to_string(dir.path().join("r").join(name)).unwrap();
    let national = read("national.csv");
    assert!(national.starts_with("replicate,period,"), "{national}");
    let years: Vec<&str> = national
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap())
        .collect();
    assert_eq!(
        (years.len(), years[0], years[22], years[23]),
        (69, "1964", "1986", "1964")
    );
    let adoptions = read("adoptions.csv");
    assert!(
        adoptions.starts_with("replicate,innovation,place,period,"),
        "{adoptions}"
    );
    assert!(
        adoptions
            .lines()
            .skip(1)
            .all(|line| line.contains(",lottery,"))
    );
    // What columns are is said in years: names of columns keep theirs.
    let columns = read("columns.csv");
    assert!(columns.contains("national,period,text,period,the year"));
    let months = columns.lines().filter(|line| line.contains("month"));
    let told: Vec<&str> = months
        .filter(|line| !line.contains(",months_to_"))
        .collect();
    assert!(told.is_empty(), "{told:?}");
    let credit = read("credit.csv");
    assert!(
        credit.contains("0,1964,intrinsic,") && credit.contains("0,1986,base_neighbours,"),
        "{credit}"
    );
    // Its page has years, and no maps: states have no positions.
    call(dir.path(), &["report", "r"]).exits(0);
    let page = read("report.html");
    assert!(page.contains("1986"), "no year");
    for id in ["growth", "credit", "inequality"] {
        assert!(page.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    for id in ["map", "local-moran", "structures", "batches"] {
        assert!(!page.contains(&format!("<section id=\"{id}\"")), "{id}");
    }
    assert!(!page.contains("1986-01"), "a year is told as a month");
    for words in [
        &["odd", &lotteries][..],
        &["compare", &lotteries, "--baseline", "base", "compact"],
    ] {
        call(dir.path(), words)
            .exits(2)
            .says(&["`step`", "this command takes months"]);
    }
}

/// Under its own layout the history is repeated; under another, effects are told with what they rest on.
#[test]
fn the_compact_of_four_states_is_replayed() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let replay = |out: &str, more: &[&str]| {
        let words = [
            "replay",
            &lotteries,
            "--layout",
            "compact",
            "--replicates",
            "40",
            "--format",
            "csv",
            "--out",
            out,
        ];
        call(dir.path(), &[&words[..], more].concat()).exits(0)
    };
    replay("a", &["--threads", "1"]).says(&[
        "40 replicates",
        "compact: +",
        "adoptions of 27",
        "Effects are stated under a coupling",
        "Oberst and Sontag 2019",
    ]);
    replay("b", &["--threads", "2", "--lang", "zh"]).says(&["效应在一种耦合下陈述"]);
    let tables = |of: &str| {
        let mut files = files(&dir.path().join(of));
        files.retain(|name, _| name.ends_with(".csv"));
        files
    };
    assert_eq!(tables("a"), tables("b"));
    let read = |name: &str| fs::read_to_string(dir.path().join("a").join(name)).unwrap();
    let differences = read("differences.csv");
    assert!(differences.starts_with("replicate,layout,item,place,factual,replayed\n"));
    assert!(
        differences
            .lines()
            .skip(1)
            .all(|line| line.contains(",compact,lottery,"))
    );
    // More is heard than was: nobody adopts later, or before the compact.
    for line in differences.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (was, is): (&str, i32) = (cells[4], cells[5].parse().unwrap());
        assert!(
            is >= 1970 && (was.is_empty() || is < was.parse().unwrap()),
            "{line}"
        );
    }
    let effects = read("effects.csv");
    assert_eq!(effects.lines().count(), 1 + 1 + 1 + 48, "{effects}");
    // The whole is the sum of its places.
    let sum = |kind: &str| -> f64 {
        let rows = effects
            .lines()
            .filter(|line| line.starts_with(&format!("compact,{kind},")));
        rows.map(|line| line.split(',').nth(7).unwrap().parse::<f64>().unwrap())
            .sum()
    };
    assert!((sum("all") - sum("place")).abs() < 1e-9 && (sum("all") - sum("item")).abs() < 1e-9);
    assert!(sum("all") > 0.0);
    call(dir.path(), &["status", "a"]).exits(0);
    call(dir.path(), &["merge", "a"]).exits(0);
    // Why California adopts earlier, from the compact on: as the table says, and summing up.
    let told = call(
        dir.path(),
        &[
            "explain",
            "a",
            "--place",
            "CA",
            "--replicate",
            "7",
            "--json",
        ],
    );
    let told = told.json();
    let row = differences
        .lines()
        .find(|line| line.starts_with("7,compact,lottery,CA,"))
        .unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let chains = told["chains"].as_array().unwrap();
    let chain = chains
        .iter()
        .find(|chain| chain["name"] == "place")
        .unwrap();
    assert_eq!(chain["root"]["kind"], "alliance", "{told:#}");
    let last = chain["steps"].as_array().unwrap().last().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    assert_eq!(
        [text(&last["month_a"]), text(&last["month_b"])],
        [cells[4].to_owned(), cells[5].to_owned()]
    );
    let sums = ["hazard_sum_a", "hazard_sum_b"].map(|of| last[of].as_f64().unwrap());
    let causes = last["causes"].as_array().unwrap();
    let parts: f64 = causes
        .iter()
        .map(|cause| cause["difference"].as_f64().unwrap())
        .sum();
    assert_eq!(last["more_causes"], 0);
    assert!((sums[1] - sums[0] - parts).abs() < 1e-9, "{last:#}");
    let out = ["--out", "why", "--format", "csv"];
    call(
        dir.path(),
        &[&["explain", "a", "--place", "CA"], &out[..]].concat(),
    )
    .exits(0);
    let why = fs::read_to_string(dir.path().join("why/chain.csv")).unwrap();
    assert!(
        why.contains(",alliance,") && why.contains(",1971,"),
        "{why}"
    );
    call(
        dir.path(),
        &["explain", "a", "--place", "CA", "--draw", "1"],
    )
    .exits(2)
    .says(&["--draw"]);
    call(
        dir.path(),
        &["explain", &lotteries, "base", "base", "--replay"],
    )
    .exits(2)
    .says(&["the layout under which the history happened"]);
    // Shards do the same, and more replicates are added.
    for shard in ["0/2", "1/2"] {
        let words = [
            "replay",
            &lotteries,
            "--layout",
            "compact",
            "--replicates",
            "40",
            "--format",
            "csv",
            "--out",
            "c",
            "--shard",
            shard,
        ];
        call(dir.path(), &words).exits(0);
    }
    call(dir.path(), &["merge", "c"]).exits(0);
    assert_eq!(tables("a"), tables("c"));
}

/// A history that cannot happen under the model is refused with its first event that cannot.
#[test]
fn an_impossible_history_is_refused() {
    let dir = temp();
    let of = dir.path().join("of");
    copy(shipped("scenarios/us-lotteries").as_ref(), &of);
    edit(
        &of.join("scenario.toml"),
        "intrinsic_rate = 0.0105",
        "intrinsic_rate = 0.0",
    );
    call(dir.path(), &["replay", "of", "--layout", "compact"])
        .exits(2)
        .says(&[
            "`history`",
            "NH adopts lottery in 1964, and its hazard is 0 then",
        ]);
    let minimal = shipped("scenarios/minimal");
    call(dir.path(), &["replay", &minimal, "--layout", "none"])
        .exits(2)
        .says(&["this scenario has no history"]);
}

/// Beside firms the history is repeated in each replicate; a layout that swaps who adopted is another history, though
/// its times are the same.
#[test]
fn firms_are_beside_a_history_and_another_history_is_refused() {
    let dir = temp();
    let of = dir.path().join("of");
    copy(shipped("scenarios/us-lotteries").as_ref(), &of);
    let toml = of.join("scenario.toml");
    edit(&toml, "step = \"year\"", "step = \"month\"");
    let table = fs::read_to_string(of.join("adoptions.csv")).unwrap();
    let (head, rows) = table.split_once('\n').unwrap();
    let rows: Vec<String> = rows.lines().map(|row| format!("{row}-06")).collect();
    let table = format!("{head}\n{}\n", rows.join("\n"));
    fs::write(of.join("adoptions.csv"), &table).unwrap();
    edit(&of.join("items.csv"), "1964,1986", "1964-01,1986-12");
    let scenario = fs::read_to_string(&toml).unwrap();
    fs::write(&toml, scenario + "\n[firms]\nnumber = 2000\n").unwrap();
    let words = ["replay", "of", "--layout", "compact", "--replicates", "3"];
    call(dir.path(), &words)
        .exits(0)
        .says(&["3 replicates", "adoptions of 27"]);
    let swapped = table
        .replace("NH,", "XX,")
        .replace("NY,", "NH,")
        .replace("XX,", "NY,");
    fs::write(of.join("swapped.csv"), swapped).unwrap();
    let layout = "layout = \"swapped\"\n[set.history]\nadoptions = \"swapped.csv\"\n";
    fs::write(of.join("layouts/swapped.toml"), layout).unwrap();
    call(dir.path(), &["replay", "of", "--layout", "swapped"])
        .exits(2)
        .says(&["the layout swapped changes the history"]);
}

/// Parameters are drawn: what differs in a run of a draw is what differs in that replicate at the draw's parameters, in
/// whatever pieces it is worked on; too little and what would not count is refused.
#[test]
fn a_replay_over_draws_is_each_draws_own_replay() {
    let dir = temp();
    let path = |name: &str| dir.path().join(name);
    let lotteries = shipped("scenarios/us-lotteries");
    let mut draws = String::from("line_intrinsic_rate,layers_neighbours_coefficient\n");
    let value = |at: u32| {
        [
            0.008 + 0.0001 * f64::from(at),
            0.04 + 0.0005 * f64::from(at % 7),
        ]
    };
    for at in 0..60 {
        let [rate, coefficient] = value(at);
        draws += &format!("{rate},{coefficient}\n");
    }
    fs::write(path("draws.csv"), draws).unwrap();
    let words = [
        "replay", &lotteries, "--layout", "compact", "--format", "csv",
    ];
    let replay = |more: &[&str]| call(dir.path(), &[&words[..], more].concat());
    let over = ["--posterior", "draws.csv"];
    let of_draws = |more: &[&str]| replay(&[&over[..], more].concat());
    of_draws(&["--out", "a", "--threads", "1"]).exits(0).says(&[
        "60 draws of the parameters, 4 replicates of each",
        "[luck +",
        "Intervals are credible",
    ]);
    let read = |of: &str, name: &str| fs::read_to_string(path(of).join(name)).unwrap();
    let differences = read("a", "differences.csv");
    assert!(
        differences.starts_with("draw,replicate,layout,item,place,factual,replayed\n"),
        "{differences}"
    );
    // Two draws, each beside a plain replay at its parameters.
    for draw in [0, 37] {
        let [rate, coefficient] = value(draw);
        let (rate, coefficient) = (
            format!("line.intrinsic_rate={rate}"),
            format!("layers.neighbours.coefficient={coefficient}"),
        );
        let out = format!("plain-{draw}");
        let sets = ["--set", &rate, "--set", &coefficient];
        replay(&[&sets[..], &["--replicates", "52", "--out", &out]].concat()).exits(0);
        let plain = read(&out, "differences.csv");
        let start = format!("{draw},");
        let mine = differences
            .lines()
            .filter_map(|line| line.strip_prefix(&start));
        let mine: Vec<&str> = mine.collect();
        let mut replicates: Vec<&str> = Vec::new();
        for line in &mine {
            let replicate = line.split(',').next().unwrap();
            if replicates.last() != Some(&replicate) {
                replicates.push(replicate);
            }
        }
        assert_eq!(replicates.len(), 4, "something differs in each replicate");
        let of = |replicate: &str| {
            let start = format!("{replicate},");
            let lines = plain.lines().filter(move |line| line.starts_with(&start));
            lines.collect::<Vec<_>>()
        };
        let expected: Vec<&str> = replicates.iter().flat_map(|r| of(r)).collect();
        assert_eq!(mine, expected, "draw {draw}");
    }
    // A difference at a draw is explained at that draw.
    let explain = |more: &[&str]| call(dir.path(), &[&["explain", "a"], more].concat());
    let told = explain(&["--draw", "37", "--json"]).json();
    let mine = differences
        .lines()
        .find(|line| line.starts_with("37,"))
        .unwrap();
    let replicate = mine.split(',').nth(1).unwrap();
    assert_eq!(told["replicate"].to_string(), replicate);
    explain(&["--draw", "37", "--replicate", replicate]).exits(0);
    explain(&["--draw", "37", "--replicate", "52"])
        .exits(2)
        .says(&[
            "--replicate: 52: no replicate has this number; allowed: ",
            replicate,
        ]);
    explain(&[])
        .exits(2)
        .says(&["--draw: parameters are drawn there; say at which draw; allowed: 0 to 59"]);
    assert_eq!(told["chains"][0]["root"]["kind"], "alliance", "{told:#}");
    call(dir.path(), &["explain", "a", "--draw", "60"])
        .exits(2)
        .says(&["--draw", "0 to 59"]);
    // Luck is in the credible interval, and the whole is the sum of its places.
    let effects = read("a", "effects.csv");
    let rows: Vec<Vec<&str>> = effects
        .lines()
        .map(|row| row.split(',').collect())
        .collect();
    let at = |name: &str| rows[0].iter().position(|of| *of == name).unwrap();
    let number = |row: &[&str], name: &str| row[at(name)].parse::<f64>().unwrap();
    let all = rows.iter().find(|row| row[1] == "all").unwrap();
    let [low, from, mean, to, high] = [
        "adopter_steps_low",
        "adopter_steps_luck_low",
        "adopter_steps",
        "adopter_steps_luck_high",
        "adopter_steps_high",
    ]
    .map(|name| number(all, name));
    assert!(
        low < from && from < mean && mean < to && to < high,
        "{effects}"
    );
    let places = rows.iter().filter(|row| row[1] == "place");
    let sum: f64 = places.map(|row| number(row, "adopter_steps")).sum();
    assert!((sum - mean).abs() < 1e-9, "{sum} {mean}");
    // The same in shares, and draw by draw: 52 first, and the others then.
    for shard in ["0/2", "1/2"] {
        of_draws(&["--out", "b", "--shard", shard]).exits(0);
    }
    call(dir.path(), &["merge", "b"]).exits(0);
    of_draws(&["--out", "c", "--draws", "52"]).exits(0);
    of_draws(&["--out", "c", "--resume"]).exits(0);
    let tables = |of: &str| {
        let mut files = files(&path(of));
        files.retain(|name, _| name.ends_with(".csv"));
        files
    };
    assert_eq!(tables("a"), tables("b"));
    assert_eq!(tables("a"), tables("c"));
    // What cannot be told from these draws, and what would not count.
    of_draws(&["--out", "a", "--replicates", "5", "--resume"])
        .exits(2)
        .says(&["another replay"]);
    of_draws(&["--out", "d", "--draws", "20"])
        .exits(2)
        .says(&["draws.csv", "52"]);
    of_draws(&["--out", "d", "--replicates", "3"])
        .exits(2)
        .says(&["--replicates"]);
    of_draws(&["--out", "d", "--set", "line.intrinsic_rate=0.02"])
        .exits(2)
        .says(&["line.intrinsic_rate", "is drawn and also set"]);
    fs::write(path("other.csv"), "layers_neighbors_coefficient\n0.05\n").unwrap();
    replay(&["--posterior", "other.csv", "--out", "d"])
        .exits(2)
        .says(&["other.csv", "layers.neighbours.coefficient"]);
}

/// The layout under which the history happened repeats it, and there is nothing to explain; of a replay only its own
/// replicates are explained, in the words of its steps.
#[test]
fn a_replay_of_its_own_layout_says_so() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let replay = |layout: &str, out: &str| {
        let words = [
            "replay",
            &lotteries,
            "--layout",
            layout,
            "--replicates",
            "4",
            "--out",
            out,
        ];
        call(dir.path(), &words).exits(0)
    };
    let done = replay("base", "own");
    assert!(!done.err.contains("Intervals"), "{}", done.err);
    done.says(&[
        "base is the layout under which the history happened",
        "every effect is 0",
    ]);
    for (lang, file, words) in [
        (
            "en",
            "report.html",
            ["Does the history repeat itself", "every effect is 0"],
        ),
        ("zh", "report-zh.html", ["是否原样重现", "所有效应均为 0"]),
    ] {
        call(dir.path(), &["report", "own", "--lang", lang]).exits(0);
        let page = fs::read_to_string(dir.path().join("own").join(file)).unwrap();
        assert!(words.iter().all(|words| page.contains(words)), "{file}");
        assert!(
            !page.contains("pointplane explain") && !page.contains("<figure"),
            "{file}"
        );
    }
    replay("compact", "other");
    call(dir.path(), &["explain", "other", "--replicate", "4"])
        .exits(2)
        .says(&["--replicate: 4: no replicate has this number; allowed: 0 to 3"]);
    for (lang, words) in [("en", "in the same\nyears"), ("zh", "相同年份")] {
        let words_of = ["explain", "other", "--place", "NH", "--lang", lang];
        let told = call(dir.path(), &words_of).exits(0).out;
        assert!(told.contains(words), "{told}");
    }
}

/// A run in which nobody can be the first to adopt says so.
#[test]
fn an_item_that_nobody_can_begin_is_told() {
    let dir = temp();
    let of = dir.path().join("of");
    copy(shipped("scenarios/us-lotteries").as_ref(), &of);
    edit(
        &of.join("scenario.toml"),
        "intrinsic_rate = 0.0105",
        "intrinsic_rate = 0.0",
    );
    for words in [&["check", "of"][..], &["run", "of", "--replicates", "2"]] {
        let done = call(dir.path(), words).exits(0);
        flat(done).says(&["nobody can be the first to adopt: lottery"]);
    }
    // A check names what a run would be refused for, and counts in the scenario's steps.
    edit(&of.join("items.csv"), "1964,1986", "1990,1999");
    let done = call(dir.path(), &["check", "of"]).exits(0);
    flat(done).says(&[
        "23 years;",
        "a run is refused: no item has places at risk in the run",
    ]);
}
