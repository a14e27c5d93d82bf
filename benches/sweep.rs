//! What a sweep costs beyond its runs, and what its store does with many of them.
//!
//! The bounds: at most 5 % over bare runs for runs of 50 ms, two threads at least 1.8 times as fast as one
//! on two free cores, `status` of 100,000 runs in under a second. That `merge` holds each byte of the logs
//! against a checksum once is asserted in the store's own tests.
//!
//! Bare runs are those of the sweep, with worlds that are there already, in a plain loop on as many
//! threads, without plan, store or shards. So making the world of a point counts as overhead.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{asked, in_turn, seconds};
use criterion::Criterion;
use pointplane::experiment::Runner;
use pointplane::experiment::compare::observe_in;
use pointplane::experiment::request;
use pointplane::experiment::runner::Unheard;
use pointplane::experiment::session::{Experiment, How, Watch, carry_out};
use pointplane::experiment::sweep::{Point, Sweep, plan, values};
use pointplane::store::{End, Folder, Job, Jobs, Manifest, Payload, Shard, Start};
use pointplane::world::World;

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

/// A plan that is read, and a room for its results.
struct Planned {
    room: tempfile::TempDir,
    sweep: Sweep,
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
    let sweep = plan(request::Sweep { plan: path }, 1);
    Planned {
        room,
        sweep: sweep.unwrap_or_else(|problems| panic!("{problems}")),
    }
}

impl Planned {
    fn out(&self) -> PathBuf {
        self.room.path().join("out")
    }

    fn jobs(&self) -> Jobs {
        let asked = self.sweep.asked(self.sweep.plan.document.spec.replicates);
        let points = asked.sweep.expect("it is a sweep").points;
        let layouts = asked
            .layouts
            .into_iter()
            .map(|layout| layout.name)
            .collect();
        Jobs::new(points, layouts, 0, asked.replicates)
    }

    /// Seconds of all runs of the sweep, anew, without its tables.
    fn swept(&self, threads: u32) -> f64 {
        let how = How {
            dir: self.out(),
            start: Start::Replace,
            shard: Some(Shard::ALL),
            retry_failed: false,
            command_line: vec![],
        };
        fs::remove_dir_all(&how.dir).ok();
        let runner = Runner::new(threads).expect("threads");
        let unheard: Arc<dyn Watch> = Arc::new(Unheard);
        seconds(|| carry_out(&self.sweep, &how, &runner, &unheard).expect("room on the disk"))
    }

    /// Seconds of its runs and nothing else.
    fn bare(&self, worlds: &[World], threads: usize) -> f64 {
        let (plan, jobs) = (&self.sweep.plan, self.jobs());
        let layouts = jobs.layouts().len();
        let next = AtomicUsize::new(0);
        let runs = || {
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= jobs.len() {
                    return;
                }
                let job = jobs.job(at);
                let side = usize::from(job.layout);
                let world = &worlds[job.point as usize * layouts + side];
                std::hint::black_box(
                    observe_in(&plan.comparison, side, world, job.replicate).unwrap(),
                );
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
        let jobs = self.jobs();
        let layouts = jobs.layouts().len();
        let points = 0..jobs.points().len() as u32;
        points
            .flat_map(|point| {
                let world = move |side| Point::new(&self.sweep.plan, point).world(side);
                (0..layouts).map(move |side| world(side).expect("a world"))
            })
            .collect()
    }
}

fn overhead() {
    let china = planned("china", CHINA);
    let worlds = china.worlds();
    let runs = china.jobs().len();
    for threads in [1, 2] {
        let [swept, bare, ratio] = in_turn(
            9,
            || china.swept(threads as u32),
            || china.bare(&worlds, threads),
        );
        println!(
            "sweep: {runs} runs on {threads} threads {swept:.3} s, bare {bare:.3} s ({:.0} ms a run), ratio \
             {ratio:.3} (bound 1.05)",
            1000.0 * bare * threads as f64 / runs as f64
        );
    }
    let [single, double, ratio] = in_turn(7, || china.swept(1), || china.swept(2));
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
    let many = planned("minimal", MANY);
    let dir = many.out();
    let asked = many.sweep.asked(many.sweep.plan.document.spec.replicates);
    let (folder, _) = Folder::prepare(&dir, asked, Start::New).expect("room on the disk");
    let jobs = folder.jobs();
    let runs = jobs.len();
    let kept = folder.manifest().sweep.as_ref().expect("it is a sweep");
    let values = kept.values();
    // Eight workers, each with a share of every point, as shards leave them.
    let write = seconds(|| {
        for number in 0..8 {
            let shard = Shard { number, of: 8 };
            let mut worker = folder.worker(shard, 1, vec![]).expect("room");
            for at in (number as usize..runs).step_by(8) {
                let job = jobs.job(at);
                let made_up = (0..values).map(|slot| ((at * values + slot) as f64).sqrt());
                worker.took(job).expect("room");
                let made_up = Payload::Values(made_up.collect());
                worker.keep(job, 0.05, Ok(made_up)).expect("room");
            }
            worker.end(End::Whole).expect("room");
        }
    });
    let logs: Vec<u64> = fs::read_dir(dir.join("logs"))
        .expect("a folder")
        .map(|entry| entry.and_then(|e| e.metadata()).expect("a log").len())
        .collect();
    let bytes: u64 = logs.iter().sum();
    println!(
        "sweep: {runs} runs of {values} values kept in {write:.2} s, {:.0} µs a run; {} logs, {:.1} MB",
        1e6 * write / runs as f64,
        logs.len(),
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
    let tables = Manifest::load(&dir).expect("merged").tables;
    let written: u64 = tables.iter().filter_map(|table| table.bytes).sum();
    println!(
        "sweep: status {status:.3} s (bound 1 s); merge {merge:.2} s, {:.0} runs a second, {:.0} MB of \
         logs a second; tables {:.1} MB",
        runs as f64 / merge,
        bytes as f64 / 1e6 / merge,
        written as f64 / 1e6
    );
    // Tables that are there already are read twice: before they are left as they are, and at the end.
    let before = read_so_far();
    program(&["merge", "--quiet"]);
    let all = (read_so_far() - before) as f64;
    println!(
        "sweep: merge reads {:.1} MB: logs of {:.1} MB {:.2} times, tables of {:.1} MB twice",
        all / 1e6,
        bytes as f64 / 1e6,
        (all - 2.0 * written as f64) / bytes as f64,
        written as f64 / 1e6,
    );
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    if asked("sweep/point") {
        let china = planned("china", CHINA);
        criterion.bench_function("sweep/point/world", |b| {
            b.iter(|| Point::new(&china.sweep.plan, 1).world(0));
        });
        let job = Job {
            point: 1,
            layout: 0,
            replicate: 0,
        };
        criterion.bench_function("sweep/point/run", |b| {
            b.iter(|| values(&china.sweep.plan, job))
        });
    }
    if asked("overhead") {
        overhead();
    }
    if asked("store") {
        store();
    }
    criterion.final_summary();
}
