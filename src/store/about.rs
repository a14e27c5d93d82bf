//! What stands beside tables that are no results of jobs ([`super::write_plain`]): what they are, and how they were made.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::scenario::spec::Step;

use super::error::StoreError;
use super::manifest::{COMMIT, Input, MANIFEST};
use super::stage::atomic_write;

/// The file.
const ABOUT: &str = "about.json";

/// What is in such a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plain {
    /// Estimates of a scenario's parameters from its history.
    Estimation,
    /// A calibration to aggregates.
    Calibration,
    /// A search for the best layout.
    Search,
}

/// How it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// What it is.
    pub kind: Plain,
    /// Version of the program.
    pub version: String,
    /// Commit that the program was built from, or `unknown`.
    pub commit: String,
    /// Its name.
    pub name: String,
    /// Its title in English and in Chinese; empty where there is none.
    pub titles: [String; 2],
    /// Length of its steps; none where these are numbered, or where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Random seed of its runs; none where it has no runs of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The command, but for the folder.
    pub command: String,
    /// Files that it was made from.
    pub inputs: Vec<Input>,
}

impl About {
    /// Made by this program.
    pub fn new(
        kind: Plain,
        (name, titles): (&str, [&str; 2]),
        step: Option<Step>,
        command: String,
        inputs: Vec<Input>,
    ) -> Self {
        Self {
            kind,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: COMMIT.to_owned(),
            name: name.to_owned(),
            titles: titles.map(str::to_owned),
            step,
            seed: None,
            command,
            inputs,
        }
    }

    /// Writes it into a folder.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(&self, dir: &Path) -> Result<(), StoreError> {
        // Texts only: JSON can say it.
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        atomic_write(&dir.join(ABOUT), |file| file.write_all(text.as_bytes()))
    }

    /// Reads that of a folder; none where there is none that can be read, or the folder has results of jobs.
    pub fn read(dir: &Path) -> Option<Self> {
        if dir.join(MANIFEST).exists() {
            return None;
        }
        let text = std::fs::read_to_string(dir.join(ABOUT)).ok()?;
        serde_json::from_str(&text).ok()
    }
}
