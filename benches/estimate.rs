//! Estimation: the policies of the US states (272 items, 50 places, with errors clustered by policy), and a synthetic
//! history of 1,000 places that hear ten others on each of three layers, 5,000 items, 240 months, about a million
//! adoptions, four coefficients. Seconds to read the scenario and to estimate with all limits and tests, and the most
//! memory.
//!
//! Beside both stands R's `glm` on the table of place-years, of the second that of its first items, as the whole would have
//! a billion rows, where R is there: the likelihood of staying, e^(−h), is a
//! binomial one with a log link, so both find the same maximum. It has no limits, no tests and no clusters.
//!
//! `cargo bench --bench estimate`; `cargo bench --bench estimate -- 100` for so many items instead.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use pointplane::draw::{Luck, Process, id_hash};
use pointplane::inference::{Asked, Cluster, estimate};
use pointplane::scenario::load;
use pointplane::store::disk;
use rayon::prelude::*;

/// What a part of the program that estimates is called to be.
const PART: &str = "--part";
/// How often each is timed; the fastest counts.
const TIMES: usize = 3;
const PLACES: usize = 1000;
const DEGREE: usize = 10;
const MONTHS: usize = 240;
/// Items of which R's `glm` gets the whole table.
const SAMPLE: usize = 60;
const LAYERS: [&str; 3] = ["a", "b", "c"];
/// The intrinsic rate, and the coefficients of the layers.
const RATES: [f64; 4] = [0.000_65, 0.002, 0.001, 0.000_5];

/// The most memory that this process has had, in MB.
fn peak() -> u64 {
    disk().peak_memory().unwrap_or(0) / 1_000_000
}

/// Reads a scenario and estimates; prints seconds of both, MB, rows, adoptions and the estimates.
fn part(dir: &Path, cluster: Cluster) {
    let clock = Instant::now();
    let loaded = load(dir, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let read = clock.elapsed().as_secs_f64();
    let asked = Asked {
        parameters: None,
        cluster,
        residuals: false,
        ..Asked::default()
    };
    let mut best = f64::INFINITY;
    let mut found = None;
    for _ in 0..TIMES {
        let clock = Instant::now();
        found = Some(estimate(&loaded, &asked).unwrap_or_else(|problems| panic!("{problems}")));
        best = best.min(clock.elapsed().as_secs_f64());
        if best > 2.0 {
            break;
        }
    }
    let found = found.expect("it was estimated");
    let terms = found.terms.iter().map(|term| {
        let [low, high] = term.limits.map(|limit| limit.unwrap_or(f64::NAN));
        let estimate = term.estimate.unwrap_or(f64::NAN);
        format!(
            "{} {estimate:.6} ({low:.6} to {high:.6})",
            term.parameter.name
        )
    });
    println!(
        "read {read:.2} s, estimated {best:.2} s, {} MB; {} rows, {} adoptions\n  {}",
        peak(),
        found.rows,
        found.adoptions,
        terms.collect::<Vec<_>>().join(", ")
    );
}

/// The keys that scenarios of data share.
fn head(name: &str, step: &str, layers: &[&str]) -> String {
    let affinity: Vec<String> = layers.iter().map(|layer| format!("{layer} = 1")).collect();
    let mut text = format!(
        "format = 1\nname = \"{name}\"\nstart = \"2000-01\"\nend = \"2019-12\"\nstep = \"{step}\"\n\
         places.files = [\"places.csv\"]\nline.structures = false\n\
         history = {{ adoptions = \"adoptions.csv\", items = \"items.csv\" }}\n\
         [[domains]]\nid = \"all\"\naffinity = {{ {} }}\n",
        affinity.join(", ")
    );
    for layer in layers {
        write!(
            text,
            "[[layers]]\nid = \"{layer}\"\ncoefficient = 0\n\
             links = [{{ rule = \"table\", file = \"{layer}.csv\" }}]\n"
        )
        .expect("a text");
    }
    text
}

/// Simulates a history step by step and writes it as a scenario.
fn synthetic(dir: &Path, items: usize) {
    let luck = Luck::new(1, 0);
    let name = id_hash("bench");
    let uniform = |first: usize, second: usize| {
        luck.uniform(Process::Design, name, first as u64, second as u32)
    };
    let heard: Vec<Vec<usize>> = (0..LAYERS.len() * PLACES)
        .map(|row| {
            let mut row: Vec<usize> = (0..DEGREE)
                .map(|n| (uniform(row, n) * PLACES as f64) as usize % PLACES)
                .filter(|place| *place != row % PLACES)
                .collect();
            row.sort_unstable();
            row.dedup();
            row
        })
        .collect();
    let write = |name: &str, text: &str| fs::write(dir.join(name), text).expect("a file");
    let mut text = "id,environment,radiation\n".to_owned();
    (0..PLACES).for_each(|place| writeln!(text, "p{place},1,1").expect("a text"));
    write("places.csv", &text);
    for (layer, name) in LAYERS.iter().enumerate() {
        let mut text = "source,target,weight\n".to_owned();
        for place in 0..PLACES {
            for source in &heard[layer * PLACES + place] {
                writeln!(text, "p{source},p{place},1").expect("a text");
            }
        }
        write(&format!("{name}.csv"), &text);
    }
    let of_item = |item: usize| {
        let mut text = String::new();
        let mut left: Vec<f64> = (0..PLACES)
            .map(|place| -libm::log(uniform(item + 1_000_000, place)))
            .collect();
        let mut has = vec![false; PLACES];
        for month in 1..=MONTHS {
            let mut new = Vec::new();
            for place in 0..PLACES {
                if has[place] {
                    continue;
                }
                let mut hazard = RATES[0];
                for layer in 0..LAYERS.len() {
                    let row = &heard[layer * PLACES + place];
                    let adopted = row.iter().filter(|source| has[**source]).count();
                    hazard += RATES[1 + layer] * adopted as f64 / row.len() as f64;
                }
                left[place] -= hazard;
                if left[place] <= 0.0 {
                    new.push(place);
                }
            }
            for place in new {
                has[place] = true;
                writeln!(text, "p{place},i{item},{month}").expect("a text");
            }
        }
        text
    };
    let rows: Vec<String> = (0..items).into_par_iter().map(of_item).collect();
    write(
        "adoptions.csv",
        &format!("place,item,time\n{}", rows.concat()),
    );
    let mut text = "item,first_risk,last\n".to_owned();
    (0..items).for_each(|item| writeln!(text, "i{item},1,{MONTHS}").expect("a text"));
    write("items.csv", &text);
    write("scenario.toml", &head("synthetic", "month", &LAYERS));
}

/// The policies of the US states, from the histories beside the repository; whether they are there.
fn policies(dir: &Path) -> bool {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/histories/spid");
    let rows = |name: &str| -> Option<Vec<csv::StringRecord>> {
        let reader = csv::Reader::from_path(data.join(name)).ok()?;
        reader.into_records().collect::<Result<_, _>>().ok()
    };
    let all = (|| {
        Some([
            rows("units.csv")?,
            rows("items.csv")?,
            rows("adoptions.csv")?,
            rows("links.csv")?,
        ])
    })();
    let Some([units, items, adoptions, links]) = all else {
        return false;
    };
    let write = |name: &str, text: &str| fs::write(dir.join(name), text).expect("a file");
    let mut text = "id,environment,radiation\n".to_owned();
    units
        .iter()
        .for_each(|unit| writeln!(text, "{},1,1", &unit[0]).expect("a text"));
    write("places.csv", &text);
    // item, first_risk, last, title, topic, first_year, adopters.
    let number = |row: &csv::StringRecord, at: usize| row[at].parse::<i32>().unwrap_or(0);
    let sample = |item: &&csv::StringRecord| number(item, 6) >= 10 && number(item, 5) >= 1960;
    // Names of laws have spaces and commas; ids have none.
    let mut text = "item,first_risk,last\n".to_owned();
    let mut known = BTreeMap::new();
    for (n, item) in items.iter().filter(sample).enumerate() {
        known.insert(&item[0], n);
        writeln!(text, "item{n},{},{}", &item[1], &item[2]).expect("a text");
    }
    write("items.csv", &text);
    let mut text = "place,item,time\n".to_owned();
    for row in &adoptions {
        if let Some(n) = known.get(&row[1]) {
            writeln!(text, "{},item{n},{}", &row[0], &row[2]).expect("a text");
        }
    }
    write("adoptions.csv", &text);
    let mut text = "source,target,weight\n".to_owned();
    for row in &links {
        writeln!(text, "{},{},{}", &row[1], &row[0], &row[2]).expect("a text");
    }
    write("share.csv", &text);
    let mut text = "source,target,weight\n".to_owned();
    for listener in &units {
        for source in units.iter().filter(|source| source[0] != listener[0]) {
            writeln!(text, "{},{},1", &source[0], &listener[0]).expect("a text");
        }
    }
    write("national.csv", &text);
    write(
        "scenario.toml",
        &head("policies", "year", &["share", "national"]),
    );
    true
}

/// Writes the table of places, items and periods at risk of a scenario, with the shares of those heard on each layer that
/// had adopted by the end of the period before: how many rows.
fn expanded(dir: &Path, layers: &[&str]) -> usize {
    let rows = |name: &str| -> Vec<csv::StringRecord> {
        let reader = csv::Reader::from_path(dir.join(name)).expect("a table");
        reader
            .into_records()
            .map(|row| row.expect("a row"))
            .collect()
    };
    let mut places = BTreeMap::new();
    for (at, row) in rows("places.csv").iter().enumerate() {
        places.insert(row[0].to_owned(), at);
    }
    let mut heard: Vec<Vec<Vec<usize>>> = vec![vec![Vec::new(); layers.len()]; places.len()];
    for (layer, name) in layers.iter().enumerate() {
        for row in rows(&format!("{name}.csv")) {
            heard[places[&row[1]]][layer].push(places[&row[0]]);
        }
    }
    let mut times: BTreeMap<String, Vec<i32>> = BTreeMap::new();
    for row in rows("adoptions.csv") {
        let of = times.entry(row[1].to_owned());
        let of = of.or_insert_with(|| vec![i32::MAX; places.len()]);
        of[places[&row[0]]] = row[2].parse().expect("a period");
    }
    let file = fs::File::create(dir.join("rows.csv")).expect("a file");
    let mut file = BufWriter::new(file);
    writeln!(file, "stays,{}", layers.join(",")).expect("a file");
    let mut count = 0;
    for item in rows("items.csv") {
        let [first, last] = [1, 2].map(|at| item[at].parse::<i32>().expect("a period"));
        let nobody = vec![i32::MAX; places.len()];
        let all = times.get(&item[0]).unwrap_or(&nobody);
        for period in first..=last {
            let has = |place: &&usize| all[**place] < period;
            for (place, layers) in heard.iter().enumerate().filter(|(i, _)| all[*i] >= period) {
                write!(file, "{}", u8::from(all[place] != period)).expect("a file");
                for sources in layers {
                    let adopted = sources.iter().filter(has).count() as f64;
                    write!(file, ",{}", adopted / sources.len().max(1) as f64).expect("a file");
                }
                writeln!(file).expect("a file");
                count += 1;
            }
        }
    }
    count
}

/// R's `glm` on them, the fastest of so many times.
fn glm(dir: &Path, layers: &[&str], times: usize) {
    let script = r#"
read <- system.time(d <- read.csv("rows.csv"))[["elapsed"]]
fit <- NULL
start <- c(-mean(1 - d$stays) / 2, rep(-0.001, ncol(d) - 1))
took <- min(sapply(1:TIMES, function(i) system.time(
  fit <<- glm(stays ~ LAYERS, binomial(link = "log"), d, start = start))[["elapsed"]]))
at <- paste(sub("X.Intercept.", "intrinsic", make.names(names(coef(fit)))), sprintf("%.6f", -coef(fit)))
cat(sprintf("read %.2f s, fitted %.2f s, at most %.0f MB; %s, log-likelihood %.3f\n",
            read, took, sum(gc()[, 6]), paste(at, collapse = ", "), logLik(fit)))
"#;
    let script = script.replace("TIMES", &times.to_string());
    let script = script.replace("LAYERS", &layers.join(" + "));
    let mut command = Command::new("Rscript");
    let ran = command.arg("-e").arg(script).current_dir(dir).output();
    match ran {
        Ok(out) if out.status.success() => {
            print!("  R's glm: {}", String::from_utf8_lossy(&out.stdout));
        }
        Ok(out) => println!("  R's glm: {}", String::from_utf8_lossy(&out.stderr)),
        Err(_) => println!("  R's glm: R is not here"),
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [part_word, dir, cluster] = words.as_slice()
        && part_word == PART
    {
        let cluster = match cluster.as_str() {
            "item" => Cluster::Item,
            _ => Cluster::None,
        };
        return part(Path::new(dir), cluster);
    }
    let mut numbers = words.iter().filter_map(|word| word.parse().ok());
    let items: usize = numbers.next().unwrap_or(5000);
    let apart = |dir: &Path, cluster: &str| {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        let done = command.arg(PART).arg(dir).arg(cluster).status();
        assert!(done.expect("it starts").success());
    };
    let dir = tempfile::tempdir().expect("a folder");
    println!("policies of the US states, clustered by policy:");
    match policies(dir.path()) {
        true => {
            apart(dir.path(), "item");
            let layers = ["share", "national"];
            println!(
                "  its table has {} place-years",
                expanded(dir.path(), &layers)
            );
            glm(dir.path(), &layers, TIMES);
        }
        false => println!("  the histories are not here"),
    }
    let dir = tempfile::tempdir().expect("a folder");
    synthetic(dir.path(), items);
    println!("synthetic history of {items} items:");
    apart(dir.path(), "none");
    let dir = tempfile::tempdir().expect("a folder");
    let few = items.min(SAMPLE);
    synthetic(dir.path(), few);
    println!("its first {few} items:");
    apart(dir.path(), "none");
    println!(
        "  the table has {} place-months",
        expanded(dir.path(), &LAYERS)
    );
    glm(dir.path(), &LAYERS, 1);
}
