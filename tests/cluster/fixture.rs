//! A small run, comparison and sweep, calls of the program, and what the merged tables hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::slurm::path;
use crate::tools::there;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pointplane");

/// Whether tools are there. Without them a test passes, unless the machine must have them.
#[track_caller]
pub fn found(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| {
        let there = |dir: PathBuf| dir.join(tool).is_file();
        !std::env::split_paths(&path()).any(there)
    });
    let reason = missing.map_or(String::new(), |tool| {
        format!("no {tool} here (Debian: apt-get install slurm-wlm munge parallel shellcheck)")
    });
    let needed = std::env::var_os("POINTPLANE_NEEDS_CLUSTER").is_some_and(|value| value == "1");
    assert!(missing.is_none() || !needed, "{reason}");
    there(missing.is_none(), &reason)
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

/// The commands that can be handed over.
pub const KINDS: [&str; 3] = ["run", "compare", "sweep"];

/// A small run, comparison and sweep, in folders whose names hold what scripts stumble over.
pub struct Small {
    _scratch: TempDir,
    /// Where commands are given; files are named from here.
    folder: PathBuf,
    /// Where results go.
    dir: PathBuf,
    /// Replicates of the run and of the comparison.
    replicates: [&'static str; 2],
}

impl Small {
    /// With a plan of so many runs.
    pub fn new(runs: u32) -> Self {
        Self::of(runs, ["30", "60"])
    }

    /// With so many replicates of the run and of the comparison.
    pub fn of(runs: u32, replicates: [&'static str; 2]) -> Self {
        let scratch = scratch();
        let folder = scratch.path().join("o'neil's `z` 计划");
        let dir = scratch.path().join("o'neil 税 $x (\"%A\")");
        fs::create_dir(&folder).unwrap();
        fs::create_dir(&dir).unwrap();
        fs::write(folder.join("计划 1.toml"), plan(runs)).unwrap();
        let scenario = folder.join("情景 'a' $b");
        fs::create_dir_all(scenario.join("layouts")).unwrap();
        for part in ["", "layouts"] {
            for entry in fs::read_dir(Path::new(SCENARIO).join(part)).unwrap() {
                let from = entry.unwrap().path();
                if from.is_file() {
                    let to = scenario.join(part).join(from.file_name().unwrap());
                    fs::copy(from, to).unwrap();
                }
            }
        }
        Self {
            _scratch: scratch,
            folder,
            dir,
            replicates,
        }
    }

    /// Where commands are given.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is asked of a kind of command; files are named from the folder.
    fn asked<'k>(&self, kind: &'k str) -> Vec<&'k str> {
        let [run, compare] = self.replicates;
        let scenario = "情景 'a' $b";
        match kind {
            "run" => {
                let layout = "情景 'a' $b/layouts/none.toml";
                let words = [scenario, "--layout", layout, "--replicates", run];
                [&words[..], &["--tables", "all", "--format", "csv"]].concat()
            }
            "compare" => {
                let words = [scenario, "--baseline", "base", "none", "open-candidate"];
                let title = "title=\"o'neil `z` $(x) \\\"税\\\"\"";
                [&words[..], &["--replicates", compare, "--set", title]].concat()
            }
            "sweep" => vec!["计划 1.toml"],
            other => panic!("{other}"),
        }
    }

    /// The folder of results.
    pub fn out(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The tables of a command on one thread that nothing interrupted.
    pub fn whole(&self, kind: &str) -> BTreeMap<String, Vec<u8>> {
        let out = self.out(&format!("whole {kind}"));
        let mut whole = Command::new(PROGRAM);
        if kind == "sweep" {
            whole.args(["sweep", "run"]);
        } else {
            whole.arg(kind);
        }
        whole.args(self.asked(kind)).current_dir(&self.folder);
        whole.arg("--out").arg(&out);
        whole.args(["--threads", "1", "--quiet"]);
        assert_eq!(ended(&mut whole), 0);
        tables(&out)
    }

    /// The command that makes the tables.
    pub fn merge(&self, out: &Path) -> Command {
        let mut merge = Command::new(PROGRAM);
        merge.arg("merge").arg(out).current_dir(&self.folder);
        merge
    }

    /// The arguments of a command that hands over, `slurm` or `script`, to be given in the folder.
    pub fn hand_over(&self, command: &str, kind: &str, out: &Path, more: &[&str]) -> Vec<String> {
        let out = out.to_str().unwrap();
        let words = [
            &[command, kind],
            &self.asked(kind)[..],
            &["--out", out],
            more,
        ];
        words.concat().into_iter().map(str::to_owned).collect()
    }
}

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/minimal");

/// Layouts times points, of which a run takes a millisecond or two.
const WORLDS: u32 = 2 * 20;

fn plan(runs: u32) -> String {
    assert_eq!(runs % WORLDS, 0);
    format!(
        r#"name = "small"
scenario = "{SCENARIO}"
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

/// Exit code of a command; what it says is shown when the test fails.
#[track_caller]
pub fn ended(command: &mut Command) -> i32 {
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
    let outcomes = ["parquet", "csv"].map(|ending| format!("outcomes.{ending}"));
    assert!(outcomes.iter().any(|name| tables.contains_key(name)));
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

/// Runs that are done, as `status --json` tells.
pub fn done(out: &Path) -> u64 {
    let mut status = Command::new(PROGRAM);
    status.arg("status").arg(out).arg("--json");
    let output = status.output().unwrap();
    let told: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
    told.ok()
        .and_then(|told| told["done"].as_u64())
        .unwrap_or(0)
}
