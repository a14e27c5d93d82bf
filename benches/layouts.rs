//! Running time of each layout of the China scenario and of pairing itself.
//!
//! The bound: paired replicates of three layouts take at most 1.1 times as long as three times as many
//! replicates of single runs, both kept in a results folder. What comes once at the end (merging, and
//! the tables `effects`, `responses`, …) is timed apart. A comparison of five layouts over draws of the parameters takes
//! at most 0.95 times as long as `run` of each layout at each draw with as many replicates.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::experiment::compare::{self, Comparison, Side, observe};
use pointplane::experiment::request::{Compare, EVERY, Interval, Model, Run};
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::session::{How, Watch, carry_out, merge_derived};
use pointplane::experiment::sweep::{self, Point, Sweep};
use pointplane::experiment::{self, Experiment, Runner, run};
use pointplane::measure::OUTCOMES;
use pointplane::scenario::load;
use pointplane::store::{Folder, Format, Shard, Start};
use pointplane::world::World;

/// Replicates of each layout.
const REPLICATES: u32 = 8;
/// The layouts that are paired.
const PAIRED: [&str; 3] = ["existing", "northeast", "yangtze-belt"];

/// All that are timed.
const ALL: [&str; 5] = [
    "existing",
    "none",
    "northeast",
    "yangtze-belt",
    "all-proposed",
];
/// Draws of the parameters, and replicates of each.
const DRAWS: u32 = 6;
const EACH: u32 = 4;

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
        value_of_information: None,
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

/// Five layouts over draws of the shipped priors: what a comparison over draws runs, of fewer draws than it takes.
fn over_draws() -> Sweep {
    let china = china();
    let text = std::fs::read_to_string(china.join("sweeps/layouts.toml")).expect("shipped");
    let mut plan: toml::Table = text.parse().expect("TOML");
    let outcomes = OUTCOMES.iter().filter(|outcome| !outcome.value.of_firms());
    let outcomes: Vec<&str> = outcomes.map(|outcome| outcome.name).collect();
    let scenario = china.display().to_string();
    let changes = format!(
        "scenario = {scenario:?}\nlayouts = {ALL:?}\noutcomes = {outcomes:?}\ngroups = [\"area\", \"membership\"]\n\
         replicates = {EACH}\n[design]\nkind = \"random\"\npoints = {DRAWS}\n"
    );
    plan.extend(changes.parse::<toml::Table>().expect("TOML"));
    let room = tempfile::tempdir().expect("a folder");
    let path = room.path().join("plan.toml");
    std::fs::write(&path, plan.to_string()).expect("written");
    let request = experiment::request::Sweep { plan: path };
    sweep::plan(request, 1).unwrap_or_else(|problems| panic!("{problems}"))
}

fn draws() {
    let runner = Runner::new(rayon::current_num_threads() as u32).expect("threads");
    let room = tempfile::tempdir().expect("a folder");
    let planned = seconds(|| drop(over_draws()));
    let sweep = over_draws();
    let unheard: Arc<dyn Watch> = Arc::new(Unheard);
    let how = |dir: &str, shard| How {
        dir: room.path().join(dir),
        start: Start::Replace,
        shard,
        retry_failed: false,
        command_line: vec![],
    };
    let together = || {
        let done = carry_out(&sweep, &how("draws", Some(Shard::ALL)), &runner, &unheard);
        assert_eq!(done.expect("room on the disk").manifest.jobs.missing, 0);
    };
    let (mut reading, mut running) = (0.0, 0.0);
    let mut apart = || {
        for point in &sweep.plan.points {
            for layout in ALL {
                let mut one = None;
                reading += seconds(|| {
                    let request = Run {
                        model: Model {
                            set: point.settings.clone(),
                            ..model()
                        },
                        layouts: vec![PathBuf::from(layout)],
                        replicates: Some(EACH),
                        first_replicate: None,
                        tables: vec![],
                        every: EVERY,
                        format: Format::Parquet,
                    };
                    let plan = run::plan(request).unwrap_or_else(|problems| panic!("{problems}"));
                    let ready = plan.build(&runner);
                    one = Some(ready.unwrap_or_else(|problems| panic!("{problems}")));
                });
                let one = one.expect("built");
                running += seconds(|| {
                    let done = carry_out(&one, &how("single", Some(Shard::ALL)), &runner, &unheard);
                    assert_eq!(done.expect("room").manifest.replicates_done, EACH);
                });
            }
        }
    };
    let [pairs, singles, ratio] = in_turn(3, || seconds(together), || seconds(&mut apart));
    let share = reading / (reading + running);
    // What a run of a comparison takes before its first month, on one thread.
    let point = Point::new(&sweep.plan, 0);
    let worlds = seconds(|| {
        for side in 0..ALL.len() {
            point.world(side).expect("it fits");
        }
    });
    println!(
        "layouts: the world of a run of a comparison {:.3} s",
        worlds / 5.0
    );
    println!(
        "layouts: {DRAWS} draws of 5 layouts in {EACH} replicates {pairs:.2} s (and once {planned:.2} s to read and check), \
         single runs {singles:.2} s, of which {share:.2} reading, ratio {ratio:.3} (bound 0.95)"
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    for name in ALL {
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
    if asked("draws") {
        draws();
    }
    criterion.final_summary();
}
