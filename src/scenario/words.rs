//! How layouts are named on the command line and in plans.

use crate::texts::{Text, text};
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
        let parts = word
            .split('+')
            .filter(|part| *part != BASE || is_file(part));
        parts.map(PathBuf::from).collect()
    }
}

/// A unit of the schema or of a table in words.
pub fn unit(unit: &str) -> Text {
    match unit {
        "adoptions" => text!("unit-of-adoptions"),
        "benefit" => text!("unit-of-benefit"),
        "blocks" => text!("unit-of-blocks"),
        "degrees" => text!("unit-of-degrees"),
        "employees" => text!("unit-of-employees"),
        "exposure" => text!("unit-of-exposure"),
        "factor" => text!("unit-of-factor"),
        "firms" => text!("unit-of-firms"),
        "km" => text!("unit-of-km"),
        "levels" => text!("unit-of-levels"),
        "links" => text!("unit-of-links"),
        "months" => text!("unit-of-months"),
        "multiplier" => text!("unit-of-multiplier"),
        "partners" => text!("unit-of-partners"),
        "people" => text!("unit-of-people"),
        "people or GDP" => text!("unit-of-people-or-gdp"),
        "per month" => text!("unit-of-per-month"),
        "places" => text!("unit-of-places"),
        "points" => text!("unit-of-points"),
        "quality" => text!("unit-of-quality"),
        "segments" => text!("unit-of-segments"),
        "share" => text!("unit-of-share"),
        "trajectories" => text!("unit-of-trajectories"),
        "weight" => text!("unit-of-weight"),
        other => other.into(),
    }
}
