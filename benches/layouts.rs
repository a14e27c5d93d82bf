//! Running time of each layout of the China scenario and of pairing itself.
//!
//! The bound: paired replicates of three layouts take at most 1.1 times as long as three times as many
//! replicates of single runs, both kept in a results folder. What comes once at the end (merging, and
//! the tables `effects`, `responses`, …) is timed apart.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::experiment::compare::{self, Comparison, Side, observe};
use pointplane::experiment::request::{Compare, EVERY, Interval, Model, Run};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::session::{How, Watch, carry_out, merge_derived};
use pointplane::experiment::{Experiment, Runner, run};
use pointplane::scenario::load;
use pointplane::store::{Folder, Format, Shard, Start};
use pointplane::world::World;

/// Replicates of each layout.
const REPLICATES: u32 = 8;
/// The layouts that are paired.
const PAIRED: [&str; 3] = ["existing", "northeast", "yangtze-belt"];

fn china() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/china")
}

/// A comparison of one layout with nothing.
fn alone(name: &str) -> Comparison {
    let loaded = load(&china(), &[PathBuf::from(name)], &[]);
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    let side = Side {
        world: World::new(&loaded.scenario).expect("the scenario fits"),
        name: name.to_owned(),
        loaded,
    };
    Comparison::new(vec![side], vec![], &[])
}

fn model() -> Model {
    Model {
        scenario: china(),
        ..Model::default()
    }
}

/// The layouts against the first of them.
fn paired() -> compare::Plan {
    let [baseline, layouts @ ..] = PAIRED.map(str::to_owned);
    let request = Compare {
        model: model(),
        baseline,
        layouts: layouts.to_vec(),
        over: None,
        variants: vec![],
        break_even: None,
        replicates: Some(REPLICATES),
        until_width: None,
        primary: None,
        outcomes: vec![],
        horizons: vec![],
        interval: Interval::T,
        every: None,
        format: Format::Parquet,
    };
    compare::plan(request, 1).unwrap_or_else(|problems| panic!("{problems}"))
}

/// One layout by itself.
fn single(name: &str, runner: &Runner) -> run::Replicates {
    let request = Run {
        model: model(),
        layouts: vec![PathBuf::from(name)],
        replicates: Some(REPLICATES),
        first_replicate: None,
        tables: vec![],
        every: EVERY,
        format: Format::Parquet,
    };
    let plan = run::plan(request).unwrap_or_else(|problems| panic!("{problems}"));
    let ready = plan.build(runner);
    ready.unwrap_or_else(|problems| panic!("{problems}"))
}

/// Runs all jobs, anew, and leaves the tables to be made.
fn jobs(experiment: &dyn Experiment, dir: PathBuf, runner: &Runner) {
    let how = How {
        dir,
        start: Start::Replace,
        shard: Some(Shard::ALL),
        retry_failed: false,
        command_line: vec![],
    };
    let unheard: Arc<dyn Watch> = Arc::new(Unheard);
    let done = carry_out(experiment, &how, runner, &unheard).expect("room on the disk");
    assert_eq!(done.manifest.replicates_done, REPLICATES);
}

fn pairing() {
    let runner = Runner::new(rayon::current_num_threads() as u32).expect("threads");
    let room = tempfile::tempdir().expect("a folder");
    let (together, singles) = (paired(), PAIRED.map(|name| single(name, &runner)));
    let dir = room.path().join("paired");
    let pair = || jobs(&together, dir.clone(), &runner);
    let alone = || {
        for one in &singles {
            jobs(one, room.path().join("single"), &runner);
        }
    };
    let [pairs, apart, ratio] = in_turn(3, || seconds(pair), || seconds(alone));
    println!(
        "layouts: {REPLICATES} paired replicates of 3 layouts {pairs:.2} s, {} single runs \
         {apart:.2} s, ratio {ratio:.3} (bound 1.1)",
        3 * REPLICATES
    );
    let folder = Folder::open(&dir).expect("a comparison");
    let tables = seconds(|| merge_derived(&together, &folder, &runner).expect("sound logs"));
    println!("layouts: all tables, once at the end, {tables:.2} s");
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    for name in [
        "none",
        "existing",
        "northeast",
        "yangtze-belt",
        "all-proposed",
    ] {
        if asked(&format!("layouts/{name}")) {
            let one = alone(name);
            criterion.bench_function(&format!("layouts/{name}"), |b| {
                b.iter(|| observe(&one, 0, 0).unwrap());
            });
        }
    }
    if asked("pairing") {
        pairing();
    }
    criterion.final_summary();
}
