//! Plans, calls of the program, and what is in the folder of a sweep.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::tools::there;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pointplane");

/// 20 points × 2 layouts × 10 replicates: 400 runs of about two milliseconds.
pub const PLAN: &str = r#"
name = "trial"
scenario = "minimal"
layouts = ["base", "none"]
replicates = 10
outcomes = ["mean_stock", "theil", "first_line"]
horizons = ["2020-12"]

[monthly]
every = 24
measures = ["mean_stock", "adoptions"]

[design]
kind = "sobol"
points = 20

[parameters]
line.beta = { distribution = "log-uniform", min = 0.01, max = 0.2 }
circle.radius_km = { distribution = "uniform", min = 100, max = 500 }
line.response = { distribution = "discrete", values = ["linear", "hill"] }
"#;
/// Runs of it.
pub const RUNS: u64 = 400;

/// What a call gave.
#[derive(Debug)]
pub struct Ran {
    /// Exit code; none when a signal ended the process.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Whether a script could mount its small disk, which it says with 77.
    #[track_caller]
    pub fn had_a_disk(&self) -> bool {
        let mounted = self.code != Some(77) && !self.err.contains("unshare");
        there(mounted, "no disk can be mounted here (as root it can)")
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.err, self.out);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Asserts that the words to people contain all of these.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in:\n{}", self.err);
        }
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}:\n{}", self.out))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program, to be started in `dir`.
pub fn program(dir: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(dir).env_remove("COLUMNS");
    // Whatever the language around this test.
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// Starts the program in `dir` and waits for it.
pub fn call(dir: &Path, words: &[&str]) -> Ran {
    program(dir).args(words).output().unwrap().into()
}

/// Words in one text, separated by spaces.
pub fn say(dir: &Path, words: &str) -> Ran {
    call(dir, &words.split(' ').collect::<Vec<_>>())
}

/// Runs a shell script in `dir`; `$POINTPLANE` is the program.
pub fn shell(dir: &Path, script: &str) -> Ran {
    let mut command = Command::new("bash");
    command.args(["-c", script]).env("POINTPLANE", PROGRAM);
    command.current_dir(dir).env("LC_ALL", "C");
    command.stdin(Stdio::null()).output().unwrap().into()
}

/// A folder with the minimal scenario, and this plan as plan.toml.
pub fn room(plan: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal");
    copy(&minimal, &dir.path().join("minimal"));
    fs::write(dir.path().join("plan.toml"), plan).unwrap();
    dir
}

/// An uninterrupted run of plan.toml on one thread into `dir/whole`.
#[track_caller]
pub fn whole(dir: &Path) -> PathBuf {
    say(dir, "sweep run plan.toml --out whole --threads 1 --quiet").exits(0);
    dir.join("whole")
}

/// An uninterrupted run of [`PLAN`] on one thread: made once for all tests, and left where cargo keeps
/// what tests make.
pub fn whole_trial() -> PathBuf {
    static ONCE: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    let made = || {
        let dir = room(PLAN);
        let out = whole(dir.path());
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sweep-trial");
        fs::remove_dir_all(&kept).ok();
        copy(&out, &kept);
        kept
    };
    ONCE.get_or_init(made).clone()
}

/// Replaces a piece of a text that occurs once.
#[track_caller]
pub fn with(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    text.replacen(from, to, 1)
}

/// The files in a folder and below, by path; hidden ones too.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let below = files(&path);
            all.extend(below.into_iter().map(|(n, b)| (format!("{name}/{n}"), b)));
        } else {
            all.insert(name, fs::read(&path).unwrap());
        }
    }
    all
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Files in a folder of a sweep, in order.
pub fn list(out: &Path, folder: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(out.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    all
}

pub fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The manifest of a folder.
pub fn manifest(out: &Path) -> Value {
    read_json(&out.join("manifest.json"))
}

/// Whether a folder says that everything is done and made.
pub fn complete(out: &Path) -> bool {
    out.join("manifest.json").exists() && manifest(out)["status"] == "complete"
}

/// Whether the tables of a folder are made.
pub fn made(out: &Path) -> bool {
    let manifest = manifest(out);
    let mut tables = manifest["tables"].as_array().unwrap().iter();
    tables.all(|table| table["sha256"].is_string())
}

/// What is merged: every table but the one that a clock wrote, what says what is in them, and what was
/// swept. Of manifest.json all but what was found besides the sweep's own runs, who worked on it, and how the
/// plan was named on the command line.
#[track_caller]
pub fn merged(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut told = manifest(out);
    let object = told.as_object_mut().unwrap();
    assert!(object.remove("sessions").is_some());
    object.remove("damaged");
    object.remove("foreign");
    assert!(
        object["jobs"]
            .as_object_mut()
            .unwrap()
            .remove("others")
            .is_some()
    );
    for key in ["request", "sweep"] {
        assert!(
            object[key]
                .as_object_mut()
                .unwrap()
                .remove("plan")
                .is_some()
        );
    }
    let tables = object["tables"].as_array_mut().unwrap();
    let all = tables.len();
    tables.retain(|table| table["name"] != "run_times");
    assert_eq!(tables.len(), all - 1);
    let files = object["files"].as_array().unwrap();
    let files = object["tables"].as_array().unwrap().iter().chain(files);
    let names: Vec<String> = files
        .map(|entry| entry["file"].as_str().unwrap().to_owned())
        .collect();
    assert!(names.len() >= 3, "{names:?}");
    let mut all: BTreeMap<String, Vec<u8>> = names
        .into_iter()
        .map(|name| (name.clone(), fs::read(out.join(&name)).unwrap()))
        .collect();
    all.insert(
        "manifest.json".to_owned(),
        serde_json::to_vec(&told).unwrap(),
    );
    all
}

/// Asserts that two merged sweeps are the same, byte for byte.
#[track_caller]
pub fn same(a: &Path, b: &Path) {
    let (a, b) = (merged(a), merged(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(bytes == &b[name], "{name} differs");
    }
}

/// `sweep status --json`.
#[track_caller]
pub fn status(out: &Path) -> Value {
    let words = ["sweep", "status", "--json", out.to_str().unwrap()];
    call(Path::new("/"), &words).exits(0).json()
}

/// Runs that are finished in all logs: more than the runs when some were run twice.
#[track_caller]
pub fn rows(out: &Path) -> u64 {
    let status = status(out);
    let shards = status["shards"].as_array().unwrap().iter();
    let number = |v: &Value| v.as_u64().unwrap();
    shards.map(|s| number(&s["written"])).sum()
}

/// A table as CSV: header and rows.
pub fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut csv = csv::ReaderBuilder::new().from_path(path).unwrap();
    let header = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let row = |r: Result<csv::StringRecord, _>| r.unwrap().iter().map(str::to_owned).collect();
    let rows = csv.records().map(row).collect();
    (header, rows)
}

/// Numbers that are the same in every run of the tests.
pub struct Draws(u64);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1.
    pub fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }
}

/// A call on its way.
pub struct Running(pub Child);

impl Running {
    pub fn start(dir: &Path, words: &str) -> Self {
        let mut command = program(dir);
        command.args(words.split(' ')).stdout(Stdio::null());
        Self(command.stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    pub fn kill(mut self) -> Option<i32> {
        let _ = self.0.kill();
        self.end().code
    }

    /// Waits for the end.
    pub fn end(&mut self) -> Ran {
        let mut err = String::new();
        let mut pipe = self.0.stderr.take().unwrap();
        pipe.read_to_string(&mut err).unwrap();
        Ran {
            code: self.0.wait().unwrap().code(),
            out: String::new(),
            err,
        }
    }
}

/// Waits until it is so, at most half a minute.
#[track_caller]
pub fn until(mut so: impl FnMut() -> bool) {
    for _ in 0..6000 {
        if so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("waited for half a minute");
}

/// A frame of a worker's log.
pub fn frame(head: &Value, payload: &[u8]) -> Vec<u8> {
    let head = serde_json::to_string(head).unwrap();
    let lengths = format!("{:08} {:012}", head.len(), payload.len());
    let sum = &sum(format!("{lengths}\n{head}").as_bytes());
    let mut bytes = format!("@pointplane {lengths} {sum}\n{head}\n").into_bytes();
    bytes.extend(payload);
    bytes.push(b'\n');
    bytes
}

/// The checksum that stands in logs.
pub fn sum(bytes: &[u8]) -> String {
    use sha2::Digest;
    let sum = sha2::Sha256::digest(bytes);
    sum.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The first frame of a worker's log, of what has this fingerprint.
pub fn begin(of: &Value) -> Value {
    serde_json::json!({"begin": {
        "of": of, "worker": "s0of1-a-b", "file": 0, "shard": "0/1", "threads": 1, "command_line": [],
        "started": "2026-01-01T00:00:00Z", "process": {"host": "h", "pid": 1},
        "machine": {"os": "linux", "arch": "x86_64", "cores": 1},
    }})
}

/// A frame with what is kept of a run.
pub fn done(job: &Value, values: &[f64]) -> Vec<u8> {
    let payload: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let part = serde_json::json!([values.len(), payload.len(), sum(&payload)]);
    let head = serde_json::json!({"done": {"job": job, "seconds": 0.1, "parts": [part]}});
    frame(&head, &payload)
}

/// How often a worker's log says that a run is done.
pub fn dones(log: &Path) -> usize {
    let bytes = fs::read(log).unwrap_or_default();
    String::from_utf8_lossy(&bytes)
        .matches("\n{\"done\"")
        .count()
}

/// The most memory that a process of the program has held so far, in bytes. None once it is gone, and before it is
/// the program: a process that is just being started still has the memory of whoever starts it.
pub fn peak(id: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let of = |key| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
    };
    let size = (of("Name")?.trim() == "pointplane").then(|| of("VmHWM"))??;
    Some(size.trim().split(' ').next()?.parse::<u64>().ok()? * 1024)
}
