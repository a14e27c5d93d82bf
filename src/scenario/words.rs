//! How layouts are named on the command line and in plans.

use std::path::{Path, PathBuf};

/// The name of the scenario without a layout.
pub const BASE: &str = "base";

/// The layout files of a word: none for the scenario as it is, several where they are joined by `+`.
pub fn layout_files(scenario: &Path, word: &str) -> Vec<PathBuf> {
    let folder = if scenario.is_dir() {
        Some(scenario)
    } else {
        scenario.parent()
    };
    let is_file = |word: &str| {
        let inside = folder.map(|folder| folder.join("layouts").join(format!("{word}.toml")));
        Path::new(word).is_file() || inside.is_some_and(|path| path.is_file())
    };
    if word == "-" || (word == BASE && !is_file(word)) {
        Vec::new()
    } else if is_file(word) {
        vec![PathBuf::from(word)]
    } else {
        word.split('+').map(PathBuf::from).collect()
    }
}
