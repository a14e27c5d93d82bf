//! Reading a scenario with a long table of links, CSV against Parquet, with one thread and with two: seconds until the
//! scenario is checked, until its links are there, until its world is, and the most memory up to each. Beside it the
//! plain loop of the `csv` crate over the same tables, which checks nothing and keeps nothing.
//!
//! `cargo bench --bench reading`, or `cargo bench --bench reading -- 100000` for so many places with ten links each.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use pointplane::experiment::synthetic::{Shape, write};
use pointplane::scenario::load;
use pointplane::store::disk;
use pointplane::world::World;
use pointplane::world::graph::check_graph;
use pointplane::world::links::{base_links, canonical_order};

/// What a part of the program that reads is called to be.
const PART: &str = "--part";
/// How often each is timed; the fastest counts.
const TIMES: usize = 3;
/// Rows that are written to Parquet at a time.
const ROWS: usize = 1 << 17;

/// The most memory that this process has had, in MB.
fn peak() -> u64 {
    disk().peak_memory().unwrap_or(0) / 1_000_000
}

/// Reads the scenario and builds its world; prints seconds and MB after each step.
fn read(dir: &Path) {
    let clock = Instant::now();
    let tell = || print!("{:.3} {} ", clock.elapsed().as_secs_f64(), peak());
    let loaded = load(dir, &[], &[]).expect("the scenario is right");
    tell();
    let scenario = &loaded.scenario;
    let order = canonical_order(scenario);
    let base = base_links(scenario, &order).expect("the links fit");
    check_graph(scenario, &base, &order).expect("the links fit");
    tell();
    let world = World::from_links(scenario, base);
    tell();
    assert!(world.network.len() > world.places.len());
}

/// Goes through the tables with the `csv` crate.
fn plain(dir: &Path) {
    let clock = Instant::now();
    let mut cells = 0;
    for table in ["places.csv", "links.csv"] {
        let mut reader = csv::Reader::from_path(dir.join(table)).expect("the table is there");
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).expect("it is CSV") {
            cells += record.len();
        }
    }
    print!("{:.3} {} ", clock.elapsed().as_secs_f64(), peak());
    assert!(cells > 0);
}

/// Writes a table once more as Parquet: ids and words as texts, all else as numbers.
fn to_parquet(dir: &Path, table: &str) {
    let mut reader = csv::Reader::from_path(dir.join(table).with_extension("csv")).expect("CSV");
    let names = reader.headers().expect("a header").clone();
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut records = reader
        .records()
        .map(|record| record.expect("CSV"))
        .peekable();
    while records.peek().is_some() {
        let rows: Vec<_> = records.by_ref().take(ROWS).collect();
        let columns = names.iter().enumerate().map(|(at, name)| {
            let cells = || {
                rows.iter()
                    .map(|row| Some(&row[at]).filter(|cell| !cell.is_empty()))
            };
            let text = ["id", "kind", "province", "open", "source", "target"].contains(&name);
            let column: ArrayRef = match text {
                true => Arc::new(StringArray::from_iter(cells())),
                false => {
                    Arc::new(Float64Array::from_iter(cells().map(|cell| {
                        cell.map(|cell| cell.parse::<f64>().expect("a number"))
                    })))
                }
            };
            (name, column, true)
        });
        let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("columns");
        let writer = writer.get_or_insert_with(|| {
            let file = File::create(dir.join(table).with_extension("parquet")).expect("a file");
            ArrowWriter::try_new(file, batch.schema(), None).expect("Parquet")
        });
        writer.write(&batch).expect("Parquet");
    }
    writer.expect("rows").close().expect("Parquet");
}

/// Lets a part of this program do its work on so many threads; its numbers, of the fastest of several.
fn timed(part: &str, dir: &Path, threads: u32) -> Vec<f64> {
    let program = std::env::current_exe().expect("this program");
    let once = |_| -> Vec<f64> {
        let mut command = Command::new(&program);
        command.args([PART, part]).arg(dir);
        let done = command
            .env("RAYON_NUM_THREADS", threads.to_string())
            .output();
        let done = done.expect("this program runs");
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let told = String::from_utf8_lossy(&done.stdout).into_owned();
        told.split_whitespace()
            .map(|word| word.parse().expect("a number"))
            .collect()
    };
    let mut all: Vec<Vec<f64>> = (0..TIMES).map(once).collect();
    all.sort_by(|a, b| a[a.len() - 2].total_cmp(&b[b.len() - 2]));
    all.remove(0)
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, part, which, dir] = &arguments[..]
        && part == PART
    {
        match which.as_str() {
            "plain" => plain(Path::new(dir)),
            _ => read(Path::new(dir)),
        }
        return;
    }
    let places = arguments.iter().find_map(|word| word.parse::<u32>().ok());
    if !arguments.iter().any(|word| word == "--bench") && places.is_none() {
        return;
    }
    let shape = Shape {
        places: places.unwrap_or(1_000_000),
        degree: 10,
        seed: 1,
    };
    let dir = std::env::temp_dir().join(format!("pointplane-reading-{}", std::process::id()));
    let [csv, parquet] = ["csv", "parquet"].map(|name| dir.join(name));
    write(&csv, shape).expect("the bench can write its tables");
    fs::create_dir_all(&parquet).expect("a folder");
    for table in ["places", "links"] {
        to_parquet(&csv, table);
        let name = format!("{table}.parquet");
        fs::rename(csv.join(&name), parquet.join(&name)).expect("the bench can move its tables");
    }
    let text = fs::read_to_string(csv.join("scenario.toml")).expect("a scenario");
    fs::write(
        parquet.join("scenario.toml"),
        text.replace(".csv\"", ".parquet\""),
    )
    .expect("a file");

    println!(
        "{} places, {} links",
        shape.places,
        shape.places * shape.degree
    );
    println!(
        "| tables | threads | read | links | world | peak when read | with links | with world |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (name, dir) in [("CSV", &csv), ("Parquet", &parquet)] {
        for threads in [1, 2] {
            let told = timed("read", dir, threads);
            let [read, at_read, links, at_links, world, at_world] = told[..] else {
                panic!("six numbers: {told:?}");
            };
            println!(
                "| {name} | {threads} | {read:.2} s | {links:.2} s | {world:.2} s | {at_read:.0} MB | {at_links:.0} MB | {at_world:.0} MB |"
            );
        }
    }
    let told = timed("plain", &csv, 1);
    println!(
        "| plain loop of the `csv` crate | 1 | {:.2} s | | | {:.0} MB | | |",
        told[0], told[1]
    );
    fs::remove_dir_all(&dir).expect("the bench can remove its tables");
}
