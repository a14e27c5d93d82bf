//! `pointplane estimate`, as its user meets it.

use super::compare::flat;
use super::fixture::{call, files, shell, shipped, temp};

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
        "Of the adoptions 66 % (56 to 72 %) are owed to contagion",
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
            "shares.csv",
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
    call(dir.path(), &["estimate", "one"]).exits(0).says(&[
        "Contagion is not distinguishable from none (neighbours 0",
        "Shalizi and Thomas",
    ]);
    // Its draws vary above 0; under clusters there is no variance of a rate at 0, which is said.
    let draws = || {
        let path = dir.path().join("results/us-lotteries-estimate/draws.csv");
        let draws = std::fs::read_to_string(path).unwrap();
        let cells = draws
            .lines()
            .skip(1)
            .map(|row| row.split(',').nth(1).unwrap());
        let values: Vec<f64> = cells.map(|cell| cell.parse().unwrap()).collect();
        values
    };
    let done = call(dir.path(), &["estimate", "one"]).exits(0);
    assert!(!done.err.contains("estimated at 0"), "{}", done.err);
    assert!(draws().iter().all(|rate| *rate > 0.0));
    let done = call(dir.path(), &["estimate", "one", "--cluster", "place"]).exits(0);
    flat(done).says(&[
        "this rate is estimated at 0",
        "layers.neighbours.coefficient",
    ]);
    assert!(draws().iter().all(|rate| *rate == 0.0));
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
        "No interval is told of it",
    ]);
    let out = path.join("out");
    let profile = std::fs::read_to_string(out.join("grid.csv")).unwrap();
    assert_eq!(profile.lines().count(), 4, "{profile}");
    let layout = std::fs::read_to_string(out.join("estimated.toml")).unwrap();
    assert!(layout.contains("intrinsic_rate = 0.0105"), "{layout}");
    let done = with(&[&grid[..], &["--simulate", "39"]].concat()).exits(0);
    flat(done).says(&[
        "Simulated histories do not tell it from",
        "39 histories that the engine simulated",
    ]);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    assert!(read("estimates.csv").contains("bootstrap_set"));
    assert!(read("fit.csv").contains("simulated") && read("grid.csv").contains("in_set"));
    assert_eq!(read("simulated.csv").lines().count(), 40);
    with(&["--simulate", "38"]).exits(2).says(&["39"]);
    with(&["--simulate", "39", "--effects", "item"])
        .exits(2)
        .says(&["--simulate"]);
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

/// What a grid says stands in the tables, the summaries and the page; a key that changes nothing is not identified, and one
/// that is estimated is refused. Values of a range have no more digits than eighths of it.
#[test]
fn a_grid_is_told_wherever_estimates_are() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let with = |more: &[&str]| {
        call(
            dir.path(),
            &[&["estimate", &lotteries, "--out", "out"], more].concat(),
        )
    };
    let grid = [
        "--parameters",
        "neighbours",
        "--grid",
        "line.intrinsic_rate=0.01..0.036",
    ];
    with(&[&grid[..], &["--simulate", "39"]].concat()).exits(0);
    let read = |name: &str| std::fs::read_to_string(dir.path().join("out").join(name)).unwrap();
    let table = read("grid.csv");
    let values = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(1).unwrap());
    let values: Vec<&str> = values.collect();
    let wanted = [
        "0.01", "0.01325", "0.0165", "0.01975", "0.023", "0.02625", "0.0295", "0.03275", "0.036",
    ];
    assert_eq!(values, wanted);
    call(dir.path(), &["report", "out"]).exits(0);
    for (file, words) in [
        (
            "summary.md",
            "line.intrinsic_rate = 0.01 has the largest likelihood of the grid",
        ),
        (
            "summary.md",
            "Simulated histories do not tell it from: 0.01, 0.01325",
        ),
        (
            "summary.zh.md",
            "网格中似然最大的是 line.intrinsic_rate = 0.01",
        ),
        ("report.html", "has the largest likelihood of the grid"),
    ] {
        assert!(read(file).contains(words), "{file}: {words}");
    }
    for key in ["line.x0=0.1..0.2", "seed=1,2"] {
        let name = key.split('=').next().unwrap();
        let words = format!("{name}: not identified, as ℓ does not depend on it");
        flat(with(&["--grid", key]).exits(0)).says(&[&words]);
        assert!(read("estimates.csv").contains(",flat"), "{key}");
        assert!(
            !read("estimated.toml").contains(name.trim_start_matches("line.")),
            "{key}"
        );
    }
    with(&["--grid", "line.intrinsic_rate=0.01..0.036"])
        .exits(2)
        .says(&["--grid: line.intrinsic_rate: this key is estimated"]);
    let from_0 = [
        "--parameters",
        "neighbours",
        "--grid",
        "line.intrinsic_rate=0,0.01",
    ];
    with(&from_0).exits(2).says(&[
        "line.intrinsic_rate=0: nothing",
        "cannot happen under this model",
    ]);
    with(&["--hold-out", "last=5", "--hold-out", "places=0.2"])
        .exits(2)
        .says(&["--hold-out", "cannot be used multiple times"]);
}

/// A covariate that is 1 in eight states without a lottery alone says that they have none: ℓ has no maximum in its effect,
/// which the table, the summary and the page say, and what else is told are the estimates without these states. One that is
/// 1 where there is a lottery leaves nothing to tell.
#[test]
fn separation_is_told_and_no_finding() {
    let dir = temp();
    let one = dir.path().join("one");
    super::fixture::copy(shipped("scenarios/us-lotteries").as_ref(), &one);
    let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
    let adoptions = read("one/adoptions.csv");
    let has = |id: &str| {
        adoptions
            .lines()
            .any(|line| line.starts_with(&format!("{id},")))
    };
    let states = read("one/states.csv");
    let ids = states
        .lines()
        .skip(1)
        .map(|row| row.split(',').next().unwrap());
    let ids: Vec<&str> = ids.collect();
    let never: Vec<&str> = ids.iter().copied().filter(|id| !has(id)).take(8).collect();
    let scenario = read("one/scenario.toml");
    let estimate = |column: &dyn Fn(&str) -> bool| {
        let rows = ids
            .iter()
            .map(|id| format!("{id},{}", u8::from(column(id))));
        let rows = rows.collect::<Vec<_>>().join("\n");
        std::fs::write(one.join("x.csv"), format!("place,x\n{rows}\n")).unwrap();
        let covariate = "\n[[covariates]]\nid = \"x\"\nfile = \"x.csv\"\n";
        std::fs::write(one.join("scenario.toml"), format!("{scenario}{covariate}")).unwrap();
        flat(call(dir.path(), &["estimate", "one", "--out", "out"]).exits(0))
    };
    estimate(&|id| never.contains(&id)).says(&[
        "There is no maximum: ℓ rises without end along covariates.x.effect, as where",
        "covariates.x.effect: no maximum",
        "Contagion is distinguishable from none",
    ]);
    call(dir.path(), &["report", "out"]).exits(0);
    for (file, words) in [
        ("out/summary.md", "There is no maximum"),
        ("out/summary.zh.md", "没有最大值"),
        ("out/report.html", "There is no maximum"),
        ("out/estimates.csv", "no_maximum covariates.x.effect"),
        ("out/fit.csv", ",none,"),
    ] {
        assert!(read(file).contains(words), "{file}");
    }
    let rates = |table: &str| -> Vec<f64> {
        let rows = table.lines().skip(1).take(2);
        rows.map(|row| row.split(',').nth(3).unwrap().parse().unwrap())
            .collect()
    };
    let separated = rates(&read("out/estimates.csv"));
    // Without these states at risk: the origin of nothing, they have it before and are heard by nobody.
    let kept = states
        .lines()
        .filter(|row| !never.contains(&row.split(',').next().unwrap()));
    std::fs::write(
        one.join("states.csv"),
        kept.collect::<Vec<_>>().join("\n") + "\n",
    )
    .unwrap();
    let borders = read("one/borders.csv");
    let kept = borders
        .lines()
        .filter(|row| row.split(',').take(2).all(|id| !never.contains(&id)));
    std::fs::write(
        one.join("borders.csv"),
        kept.collect::<Vec<_>>().join("\n") + "\n",
    )
    .unwrap();
    std::fs::write(one.join("scenario.toml"), &scenario).unwrap();
    call(dir.path(), &["estimate", "one", "--out", "out"]).exits(0);
    for (one, other) in separated.iter().zip(rates(&read("out/estimates.csv"))) {
        assert!((one / other - 1.0).abs() < 1e-6, "{one} {other}");
    }
    super::fixture::copy(
        shipped("scenarios/us-lotteries").as_ref(),
        &dir.path().join("two"),
    );
    std::fs::copy(dir.path().join("two/states.csv"), one.join("states.csv")).unwrap();
    std::fs::copy(dir.path().join("two/borders.csv"), one.join("borders.csv")).unwrap();
    let done = estimate(&|id| has(id));
    assert!(
        !done.err.contains("is distinguishable from none"),
        "{}",
        done.err
    );
    done.says(&[
        "There is no maximum",
        "layers.neighbours.coefficient: no maximum",
    ]);
    call(dir.path(), &["report", "out"]).exits(0);
    let page = read("out/report.html");
    assert!(page.contains("The data tell none of the parameters"));
    // What has no chart is not in the contents.
    let contents = page.split("</nav>").next().unwrap();
    for figure in ["coefficients", "profiles", "curves", "residuals"] {
        assert!(
            !contents.contains(&format!("href=\"#{figure}\"")),
            "{figure}"
        );
    }
    assert!(contents.contains("href=\"#answer\""));
}

/// A frailty has a test and a sentence, and its draws are read by a replay.
#[test]
fn a_frailty_is_told_and_its_draws_are_read() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let with = |more: &[&str]| {
        call(
            dir.path(),
            &[&["estimate", &lotteries, "--out", "out"], more].concat(),
        )
    };
    flat(with(&["--frailty", "place"]).exits(0)).says(&[
        "Places are not distinguishable from alike (frailty 0.416, 0 to 2.03; LR 0.504, p 0.24)",
        "Contagion is distinguishable from none (neighbours 0.0768, 0.0319 to 0.223; LR 32.3, p < 0.0001)",
    ]);
    let draws = std::fs::read_to_string(dir.path().join("out/draws.csv")).unwrap();
    assert!(draws.starts_with("line_intrinsic_rate,layers_neighbours_coefficient\n"));
    let words = [
        "replay",
        &lotteries,
        "--layout",
        "compact",
        "--posterior",
        "out/draws.csv",
        "--draws",
        "52",
        "--out",
        "r",
    ];
    call(dir.path(), &words).exits(0);
    // Wyoming alone hears anybody: its rate stands at 0, where clusters give no limits, and that is told.
    let one = dir.path().join("one");
    super::fixture::copy(lotteries.as_ref(), &one);
    let links = "source,target,weight\nMT,WY,1\nNH,CA,1\nNY,TX,1\n";
    std::fs::write(one.join("borders.csv"), links).unwrap();
    let done = call(dir.path(), &["estimate", "one", "--cluster", "place"]).exits(0);
    flat(done).says(&[
        "layers.neighbours.coefficient: 0 (as if rows were independent 0 to",
        "it stands at 0",
    ]);
}

/// Under clusters two rates of contagion have no p together, and are told by the lesser of theirs times two.
#[test]
fn several_rates_under_clusters_are_told() {
    let dir = temp();
    let one = dir.path().join("one");
    super::fixture::copy(shipped("scenarios/us-lotteries").as_ref(), &one);
    let states = std::fs::read_to_string(one.join("states.csv")).unwrap();
    let ids: Vec<&str> = states
        .lines()
        .skip(1)
        .map(|row| row.split(',').next().unwrap())
        .collect();
    let next = ids.iter().zip(ids.iter().cycle().skip(1));
    let rows: Vec<String> = next.map(|(id, next)| format!("{id},{next},1")).collect();
    let table = format!("source,target,weight\n{}\n", rows.join("\n"));
    std::fs::write(one.join("order.csv"), table).unwrap();
    let edit = |from: &str, to: &str| super::fixture::edit(&one.join("scenario.toml"), from, to);
    edit("{ neighbours = 1.0 }", "{ neighbours = 1.0, order = 1.0 }");
    let layer = "[[layers]]\nid = \"order\"\nstandardise = \"none\"\ncoefficient = 0.01\n\
                 links = [{ rule = \"table\", file = \"order.csv\" }]\n\n[line]";
    edit("[line]", layer);
    let done = call(dir.path(), &["estimate", "one", "--cluster", "place"]).exits(0);
    let done = flat(done).says(&["Contagion is distinguishable from none (LR"]);
    let told = done
        .err
        .split("of 2 rates, each tested beside the others, 2 times the least p is ");
    let told: &str = told.last().unwrap().split(')').next().unwrap();
    let table = dir
        .path()
        .join("results/us-lotteries-estimate/estimates.csv");
    let table = std::fs::read_to_string(table).unwrap();
    let columns: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = columns.iter().position(|name| *name == "p").unwrap();
    let rates = table.lines().filter(|row| row.contains(",contagion,"));
    let least = rates.filter_map(|row| row.split(',').nth(at).unwrap().parse::<f64>().ok());
    let least = 2.0 * least.fold(1.0, f64::min);
    match told.parse::<f64>() {
        Ok(p) => assert!((p / least - 1.0).abs() < 0.1, "{p} {least}"),
        Err(_) => assert!(
            told.starts_with("< 0.0001") && least < 1e-4,
            "{told} {least}"
        ),
    }
}

/// Draws of the likelihood itself: said with how well chains agree, the same for any number of threads, not of clusters.
#[test]
fn draws_of_the_likelihood_itself() {
    let dir = temp();
    let lotteries = shipped("scenarios/us-lotteries");
    let words = ["estimate", &lotteries, "--mcmc", "--out", "a"];
    flat(call(dir.path(), &words).exits(0)).says(&[
        "Draws are of the likelihood itself, by four Markov chains, with a flat prior: R̂ is at most 1.0",
    ]);
    let words = format!("\"$POINTPLANE\" estimate '{lotteries}' --mcmc --out b");
    shell(dir.path(), &format!("RAYON_NUM_THREADS=1 {words}")).exits(0);
    assert_eq!(files(&dir.path().join("a")), files(&dir.path().join("b")));
    let draws = std::fs::read_to_string(dir.path().join("a/draws.csv")).unwrap();
    let rows: Vec<Vec<f64>> = draws
        .lines()
        .skip(1)
        .map(|row| row.split(',').map(|x| x.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 1000);
    assert!(rows.iter().flatten().all(|x| *x > 0.0));
    // A skewed law: its mean is above its mode, the estimate.
    let mean = rows.iter().map(|row| row[1]).sum::<f64>() / 1000.0;
    assert!((0.0544..0.0700).contains(&mean), "{mean}");
    let about = std::fs::read_to_string(dir.path().join("a/about.json")).unwrap();
    assert!(about.contains("--mcmc"));
    for more in [["--cluster", "item"], ["--frailty", "place"]] {
        let words = ["estimate", &lotteries, "--mcmc", "--out", "c"];
        call(dir.path(), &[&words[..], &more].concat())
            .exits(2)
            .says(&["--mcmc: draws of the likelihood itself"]);
    }
}
