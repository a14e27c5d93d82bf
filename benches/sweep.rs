//! What a sweep costs beyond its runs, and what its store does with many of them.
//!
//! The bounds: at most 5 % over bare runs for runs of 50 ms, two threads at least 1.8 times as fast as one
//! on two free cores, `status` of 100,000 runs in under a second, and `merge` reads each byte of the
//! parts once.
//!
//! Bare runs are those of the sweep, with worlds that are there already, in a plain loop on as many
//! threads, without plan, store, log or shards. So making the world of a point counts as overhead.

mod common;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::experiment::compare::observe_in;
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::sweep::{Plan, Point, Work, read_plan, values};
use pointplane::experiment::{Job, Jobs, Progress, Session, Shard};
use pointplane::store::sweep::{Merged, Record, State, SweepManifest, Worker, prepare};
use pointplane::world::World;

const WHOLE: Shard = Shard { number: 0, of: 1 };

/// China with few innovations, so that a run takes about 50 ms: 16 points, two layouts, two replicates.
const CHINA: &str = r#"
name = "china"
scenario = "china"
layouts = ["existing", "northeast"]
replicates = 2
[set]
point.arrival_rate = 0.0011
[design]
kind = "sobol"
points = 16
[parameters]
line.beta = { distribution = "uniform", min = 0.008, max = 0.012 }
plane.national_quality = { distribution = "uniform", min = 0.5, max = 0.7 }
"#;

/// 1000 points, two layouts, 50 replicates.
const MANY: &str = r#"
name = "many"
scenario = "minimal"
layouts = ["base", "none"]
replicates = 50
horizons = ["2018-12", "2020-12"]
[design]
kind = "latin-hypercube"
points = 1000
[parameters]
line.beta = { distribution = "uniform", min = 0.01, max = 0.2 }
circle.radius_km = { distribution = "uniform", min = 100, max = 500 }
"#;

/// A plan that is read, with what the store needs of it.
struct Planned {
    room: tempfile::TempDir,
    plan: Arc<Plan>,
    index: Arc<Jobs>,
    manifest: SweepManifest,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("room on the disk");
        }
    }
}

fn planned(scenario: &str, text: &str) -> Planned {
    let room = tempfile::tempdir().expect("a folder");
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    copy(&shipped.join(scenario), &room.path().join(scenario));
    let path = room.path().join("plan.toml");
    fs::write(&path, text).expect("room on the disk");
    let plan = read_plan(&path).unwrap_or_else(|problems| panic!("{problems}"));
    let resolved = vec![String::new(); plan.comparison.sides.len()];
    let manifest = plan.manifest("0", "bench", Vec::new(), resolved);
    let layouts = manifest.swept.layouts.clone();
    let index = Jobs::new(plan.points.clone(), layouts, manifest.replicates);
    Planned {
        room,
        plan: Arc::new(plan),
        index: Arc::new(index),
        manifest,
    }
}

impl Planned {
    /// The folder of the sweep, anew.
    fn folder(&mut self) -> PathBuf {
        let dir = self.room.path().join("out");
        fs::remove_dir_all(&dir).ok();
        let points = self.plan.points_data(&self.manifest);
        let text = self.plan.document.text.clone();
        prepare(&dir, &mut self.manifest, &text, &points, false).expect("room on the disk");
        dir
    }

    /// Seconds of a whole sweep.
    fn swept(&mut self, threads: u32) -> f64 {
        let dir = self.folder();
        let states = vec![State::Left; self.index.len()];
        let session = Session::new(threads).expect("threads");
        let unheard: Arc<dyn Progress> = Arc::new(Unheard);
        let work = Work {
            plan: &self.plan,
            jobs: &self.index,
            manifest: &self.manifest,
            dir: &dir,
            shard: WHOLE,
            retry_failed: false,
        };
        seconds(|| {
            work.run(&states, &session, &unheard)
                .expect("room on the disk")
        })
    }

    /// Seconds of its runs and nothing else.
    fn bare(&self, worlds: &[World], threads: usize) -> f64 {
        let (plan, index) = (&self.plan, &self.index);
        let layouts = index.layouts().len();
        let next = AtomicUsize::new(0);
        let runs = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= index.len() {
                    return;
                }
                let key = index.key(at);
                let side = usize::from(key.layout);
                let world = &worlds[key.point as usize * layouts + side];
                std::hint::black_box(observe_in(&plan.comparison, side, world, key.replicate));
            }
        };
        seconds(|| {
            std::thread::scope(|scope| {
                (0..threads).for_each(|_| {
                    scope.spawn(runs);
                });
            });
        })
    }

    fn worlds(&self) -> Vec<World> {
        let points = 0..self.index.points().len() as u32;
        points
            .flat_map(|point| {
                let world = move |side| Point::new(&self.plan, point).world(side);
                (0..self.index.layouts().len()).map(move |side| world(side).expect("a world"))
            })
            .collect()
    }
}

fn overhead() {
    let china = planned("china", CHINA);
    let worlds = china.worlds();
    let runs = china.index.len();
    let china = RefCell::new(china);
    for threads in [1, 2] {
        let [swept, bare, ratio] = in_turn(
            9,
            || china.borrow_mut().swept(threads as u32),
            || china.borrow().bare(&worlds, threads),
        );
        println!(
            "sweep: {runs} runs on {threads} threads {swept:.3} s, bare {bare:.3} s ({:.0} ms a run), ratio \
             {ratio:.3} (bound 1.05)",
            1000.0 * bare * threads as f64 / runs as f64
        );
    }
    let [single, double, ratio] = in_turn(
        7,
        || china.borrow_mut().swept(1),
        || china.borrow_mut().swept(2),
    );
    println!(
        "sweep: one thread {single:.3} s, two {double:.3} s, {ratio:.2} times as fast (bound 1.8)"
    );
}

/// Bytes that this process and the children that it waited for have read by calls of the system.
fn read_so_far() -> u64 {
    let text = fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("rchar: "));
    line.and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

fn store() {
    let mut many = planned("minimal", MANY);
    let dir = many.folder();
    let (index, manifest) = (&many.index, &many.manifest);
    let runs = index.len();
    let values = manifest.values();
    // Eight workers, each with a share of every point, as shards leave them.
    let write = seconds(|| {
        for number in 0..8 {
            let shard = Shard { number, of: 8 };
            let mut worker = Worker::begin(&dir, manifest, shard, 1).expect("room");
            for at in (number as usize..runs).step_by(8) {
                let key = index.key(at);
                let made_up = (0..values).map(|slot| ((at * values + slot) as f64).sqrt());
                let record = Record {
                    key,
                    seconds: 0.05,
                    result: Ok(made_up.collect()),
                };
                worker.took(index, key).expect("room");
                worker.keep(index, manifest, record).expect("room");
            }
            worker.end(index, manifest).expect("room");
        }
    });
    let parts: Vec<u64> = fs::read_dir(dir.join("parts"))
        .expect("a folder")
        .map(|entry| entry.and_then(|e| e.metadata()).expect("a part").len())
        .collect();
    let bytes: u64 = parts.iter().sum();
    println!(
        "sweep: {runs} runs of {values} values kept in {write:.2} s, {:.0} µs a run; {} parts, {:.1} MB",
        1e6 * write / runs as f64,
        parts.len(),
        bytes as f64 / 1e6
    );
    let program = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pointplane"));
        command.arg("sweep").args(words).arg(&dir);
        let output = command.output().expect("the program");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output
    };
    let [status, merge, _] = in_turn(
        7,
        || seconds(|| program(&["status"])),
        || seconds(|| program(&["merge", "--quiet"])),
    );
    let tables = Merged::load(&dir)
        .expect("readable")
        .expect("merged")
        .tables;
    let written: u64 = tables.values().map(|table| table.bytes).sum();
    println!(
        "sweep: status {status:.3} s (bound 1 s); merge {merge:.2} s, {:.0} runs a second, {:.0} MB of \
         parts a second; tables {:.1} MB",
        runs as f64 / merge,
        bytes as f64 / 1e6 / merge,
        written as f64 / 1e6
    );
    // What merging reads besides the parts: the plan's points, and its scratch file once per table.
    let before = read_so_far();
    program(&["merge", "--quiet"]);
    let all = read_so_far() - before;
    let scratch = (runs * (values + 1) * 8) as u64;
    println!(
        "sweep: merge reads {:.1} MB: parts of {:.1} MB, its scratch file of {:.1} MB once for each of {} \
         tables, the rest {:.1} MB",
        all as f64 / 1e6,
        bytes as f64 / 1e6,
        scratch as f64 / 1e6,
        tables.len() - 2,
        (all as f64 - bytes as f64 - (tables.len() as f64 - 2.0) * scratch as f64) / 1e6,
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    if asked("sweep/point") {
        let china = planned("china", CHINA);
        criterion.bench_function("sweep/point/world", |b| {
            b.iter(|| Point::new(&china.plan, 1).world(0));
        });
        let job = Job {
            point: 1,
            layout: 0,
            replicate: 0,
        };
        criterion.bench_function("sweep/point/run", |b| b.iter(|| values(&china.plan, job)));
    }
    if asked("overhead") {
        overhead();
    }
    if asked("store") {
        store();
    }
    criterion.final_summary();
}
