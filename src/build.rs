//! Tells the program which commit it is built from, and of which year that is, for the manifest, `--version` and
//! citations; nothing of it when it is built from an archive.

use std::path::Path;
use std::process::Command;

/// What is compiled. The tree counts as changed when one of these is not as in the commit.
const SOURCES: [&str; 8] = [
    "src",
    "Cargo.toml",
    "Cargo.lock",
    "CITATION.cff",
    "askama.toml",
    "docs/model.md",
    "docs/model.zh.md",
    "scenarios/minimal",
];

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn main() {
    for path in SOURCES {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    // An archive may be unpacked in somebody else's repository.
    let ours = git(&["ls-files", "--error-unmatch", "src/build.rs"]);
    if let Some(commit) = ours.and_then(|_| git(&["rev-parse", "HEAD"])) {
        let changed = git(&[&["status", "--porcelain", "--"], &SOURCES[..]].concat());
        let short = commit.get(..12).unwrap_or(&commit);
        let dirty = changed.map_or("", |_| "-dirty");
        version = format!("{version} ({short}{dirty})");
        println!("cargo::rustc-env=POINTPLANE_COMMIT={commit}{dirty}");
        if let Some(year) = git(&["show", "--no-patch", "--format=%cd", "--date=format:%Y"]) {
            println!("cargo::rustc-env=POINTPLANE_YEAR={year}");
        }
    }
    println!("cargo::rustc-env=POINTPLANE_VERSION={version}");
    // Written at every commit and checkout. A path that is not there would build anew each time.
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"])
        && Path::new(&log).exists()
    {
        println!("cargo::rerun-if-changed={log}");
    }
}
