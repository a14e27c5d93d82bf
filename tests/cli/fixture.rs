//! Calls of the program, and what is in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use pointplane::store::{Manifest, Status};
use sha2::{Digest, Sha256};

use crate::tools::there;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pointplane");

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
    pub fn json(&self) -> serde_json::Value {
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

/// What this process starts hears Ctrl-C, also where tests run in the background, in which a shell has its jobs ignore
/// it: a signal with a handler goes back to its default in a new program.
fn hear_ctrl_c() {
    #[cfg(unix)]
    {
        use std::sync::Once;
        use std::sync::atomic::AtomicBool;
        static HEARD: Once = Once::new();
        HEARD.call_once(|| {
            let (signal, always) = (signal_hook::consts::SIGINT, AtomicBool::new(true).into());
            signal_hook::flag::register_conditional_shutdown(signal, 130, always).unwrap();
        });
    }
}

/// The program, to be started in `dir`.
pub fn program(dir: &Path) -> Command {
    hear_ctrl_c();
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

/// Runs a shell script in `dir`; `$POINTPLANE` is the program.
pub fn shell(dir: &Path, script: &str) -> Ran {
    hear_ctrl_c();
    let mut command = Command::new("bash");
    command.args(["-c", script]).env("POINTPLANE", PROGRAM);
    command.current_dir(dir).env("LC_ALL", "C");
    command.stdin(Stdio::null()).output().unwrap().into()
}

/// A path of this repository, as a word of the command line.
pub fn shipped(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

pub fn minimal() -> String {
    shipped("scenarios/minimal")
}

pub fn temp() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs the minimal scenario into `dir/out` with further words.
#[track_caller]
pub fn run_into(dir: &Path, out: &str, words: &[&str]) -> PathBuf {
    let scenario = minimal();
    let mut all = vec!["run", &scenario, "--out", out, "--quiet"];
    all.extend(words);
    call(dir, &all).exits(0);
    dir.join(out)
}

pub fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// The files of complete results but those that may differ: the manifest, and what each worker wrote.
#[track_caller]
pub fn results(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(manifest(dir).status, Status::Complete);
    let mut all = files(dir);
    all.retain(|name, _| name != "manifest.json" && !name.starts_with("logs/"));
    all
}

pub fn manifest(dir: &Path) -> Manifest {
    Manifest::load(dir).unwrap()
}

/// Asserts that two complete runs have the same files with the same bytes.
#[track_caller]
pub fn same(a: &Path, b: &Path) {
    let (a, b) = (results(a), results(b));
    assert!(a.len() >= 3, "{:?}", a.keys());
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(bytes == &b[name], "{name} differs");
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Replaces a piece of a file.
#[track_caller]
pub fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from:?} is not in {}", path.display());
    fs::write(path, text.replace(from, to)).unwrap();
}

/// A run on its way.
pub struct Running {
    pub child: Child,
    err: BufReader<ChildStderr>,
    said: String,
}

impl Running {
    pub fn start(dir: &Path, words: &[&str]) -> Self {
        let mut command = program(dir);
        command.args(words).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let said = String::new();
        Self { child, err, said }
    }

    /// Waits until a line with these words is said.
    pub fn until(&mut self, words: &str) {
        loop {
            let start = self.said.len();
            let read = self.err.read_line(&mut self.said).unwrap();
            assert!(read > 0, "never said {words:?}:\n{}", self.said);
            if self.said[start..].contains(words) {
                return;
            }
        }
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end.
    pub fn end(mut self) -> Ran {
        self.err.read_to_string(&mut self.said).unwrap();
        Ran {
            code: self.child.wait().unwrap().code(),
            out: String::new(),
            err: self.said,
        }
    }
}
