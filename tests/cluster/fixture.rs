//! A small sweep, calls of the program, and what the merged tables hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::slurm::path;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pointplane");

/// Whether tools are there. Without them a test passes, unless the machine must have them.
pub fn found(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| {
        let there = |dir: PathBuf| dir.join(tool).is_file();
        !std::env::split_paths(&path()).any(there)
    });
    if let Some(tool) = missing {
        let needed = std::env::var_os("POINTPLANE_NEEDS_CLUSTER").is_some_and(|value| value == "1");
        assert!(
            !needed,
            "no {tool} here: apt-get install slurm-wlm munge parallel shellcheck"
        );
        eprintln!("not tested: no {tool} here");
    }
    missing.is_none()
}

/// Polls until something holds; false when the time is over.
pub fn until(time: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + time;
    loop {
        if holds() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A folder under a short name, for sockets.
pub fn scratch() -> TempDir {
    tempfile::Builder::new().prefix("pp").tempdir().unwrap()
}

/// A sweep in a folder whose name holds what scripts stumble over.
pub struct Small {
    _scratch: TempDir,
    dir: PathBuf,
}

impl Small {
    /// A plan of so many runs.
    pub fn new(runs: u32) -> Self {
        let scratch = scratch();
        let dir = scratch.path().join("o'neil 税 $x (\"%A\")");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("计划 1.toml"), plan(runs)).unwrap();
        Self {
            _scratch: scratch,
            dir,
        }
    }

    pub fn plan(&self) -> String {
        self.dir.join("计划 1.toml").to_str().unwrap().to_owned()
    }

    /// The folder of a store.
    pub fn out(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The tables of a run on one thread that nothing interrupted.
    pub fn whole(&self) -> BTreeMap<String, Vec<u8>> {
        let out = self.out("whole");
        let words = ["--out", out.to_str().unwrap(), "--threads", "1", "--quiet"];
        let mut run = Command::new(PROGRAM);
        run.args(["sweep", "run", &self.plan()]).args(words);
        assert_eq!(ended(run), 0);
        assert_eq!(ended(merge(&out)), 0);
        tables(&out)
    }

    /// The arguments of a command that hands the sweep over.
    pub fn hand_over(&self, command: &str, out: &Path, more: &[&str]) -> Vec<String> {
        let out = out.to_str().unwrap();
        let words = ["sweep", command, &self.plan(), "--out", out].map(str::to_owned);
        let more = more.iter().map(ToString::to_string);
        words.into_iter().chain(more).collect()
    }
}

/// Layouts times points, of which a run takes a millisecond or two.
const WORLDS: u32 = 2 * 20;

fn plan(runs: u32) -> String {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal");
    assert_eq!(runs % WORLDS, 0);
    format!(
        r#"name = "small"
scenario = "{scenario}"
layouts = ["base", "none"]
replicates = {}

[design]
kind = "latin-hypercube"
points = 20

[parameters]
"line.beta" = {{ distribution = "uniform", min = 0.05, max = 0.3 }}
"circle.radius_km" = {{ distribution = "uniform", min = 100, max = 400 }}
"point.arrival_rate" = {{ distribution = "log-uniform", min = 0.01, max = 0.06 }}
"#,
        runs / WORLDS
    )
}

/// `sweep merge`.
pub fn merge(out: &Path) -> Command {
    let mut merge = Command::new(PROGRAM);
    merge.args(["sweep", "merge"]).arg(out);
    merge
}

/// Exit code of a command; what it says is shown when the test fails.
#[track_caller]
pub fn ended(mut command: Command) -> i32 {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
    eprintln!("{command:?}\n{out}{err}");
    output.status.code().expect("an exit code")
}

/// The merged tables of a store, by file name; without the times that runs took.
pub fn tables(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(out).unwrap().filter_map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let table = name.ends_with(".parquet") || name.ends_with(".csv");
        let table = table && !name.starts_with("run_times");
        table.then(|| (name.clone(), fs::read(out.join(name)).unwrap()))
    });
    let tables: BTreeMap<String, Vec<u8>> = files.collect();
    for name in ["points", "runs", "outcomes"] {
        assert!(tables.contains_key(&format!("{name}.parquet")), "{name}");
    }
    tables
}

/// Asserts that two sets of tables are the same to the byte.
#[track_caller]
pub fn same(tables: &BTreeMap<String, Vec<u8>>, whole: &BTreeMap<String, Vec<u8>>) {
    let names: Vec<&String> = tables.keys().collect();
    assert_eq!(names, whole.keys().collect::<Vec<_>>());
    for (name, bytes) in tables {
        assert!(*bytes == whole[name], "{name} differs");
    }
}

/// Runs that are done, as `sweep status --json` tells.
pub fn done(out: &Path) -> u64 {
    let mut status = Command::new(PROGRAM);
    status.args(["sweep", "status"]).arg(out).arg("--json");
    let output = status.output().unwrap();
    let told: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
    told.ok()
        .and_then(|told| told["done"].as_u64())
        .unwrap_or(0)
}
