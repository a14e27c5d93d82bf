//! Notes of tests that could not run, or not wholly, as this machine lacks something. Cargo hides what a test
//! that passes says; `untested.rs`, which runs last, tells these.

use std::fs;
use std::panic::Location;
use std::path::PathBuf;

/// Where the notes of all test binaries are, a file for each place in a test that asks.
pub fn notes() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("untested")
}

/// Whether something is there, as the caller found out. What was not there is noted with what a reader can do
/// about it; an older note of the same test goes when it is there.
#[track_caller]
pub fn there(found: bool, reason: &str) -> bool {
    let asks = Location::caller();
    let name = format!("{}:{}", asks.file().replace(['/', '\\'], "+"), asks.line());
    let note = notes().join(name);
    if found {
        let _ = fs::remove_file(note);
    } else {
        fs::create_dir_all(notes()).expect("a folder for notes");
        fs::write(note, reason).expect("a note");
    }
    found
}
