//! What stands beside tables that are no results of jobs ([`super::write_plain`]): what they are, and how they were made.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::scenario::spec::Step;
use crate::texts::Text;

use super::error::StoreError;
use super::files::disk;
use super::folder::{file_hash, problem};
use super::manifest::{COLUMNS, COMMIT, FileEntry, Input, MANIFEST, TableEntry};
use super::stage::atomic_write;
use super::table::{Format, TableData, TableDef};

/// The file.
pub const ABOUT: &str = "about.json";

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
    /// Random seed; none in estimations of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The command, but for the folder.
    pub command: String,
    /// Files that it was made from.
    pub inputs: Vec<Input>,
    /// Its tables, with their checksums.
    #[serde(default)]
    pub tables: Vec<TableEntry>,
    /// Files beside them of the same bytes wherever they are made, with their checksums.
    #[serde(default)]
    pub files: Vec<FileEntry>,
}

impl About {
    /// Made by this program.
    pub fn new(
        kind: Plain,
        (name, titles): (&str, [&str; 2]),
        seed: u64,
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
            seed: Some(seed),
            command,
            inputs,
            tables: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Writes it into a folder that has these tables, and these files beside `columns.csv`.
    ///
    /// # Errors
    /// Those of reading the tables and files, and of writing.
    pub fn write(
        mut self,
        dir: &Path,
        tables: &[(TableDef, TableData)],
        files: &[String],
    ) -> Result<(), StoreError> {
        let sum = |file: &str| file_hash(&*disk(), &dir.join(file));
        self.tables = Vec::new();
        for (def, data) in tables {
            let mut entry = TableEntry::new(def, false, Format::Csv);
            let (bytes, sha256) = sum(&entry.file)?;
            entry.rows = Some(data.rows() as u64);
            (entry.bytes, entry.sha256) = (Some(bytes), Some(sha256));
            self.tables.push(entry);
        }
        self.files = Vec::new();
        for file in std::iter::once(COLUMNS).chain(files.iter().map(String::as_str)) {
            let (file, sha256) = (file.to_owned(), sum(file)?.1);
            self.files.push(FileEntry { file, sha256 });
        }
        // Texts only: JSON can say it.
        let text = serde_json::to_string_pretty(&self).unwrap_or_default() + "\n";
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

    /// Each table and file of a folder that was changed since it was written; one sentence each.
    ///
    /// # Errors
    /// Those of reading.
    pub fn changed(&self, dir: &Path) -> Result<Vec<Text>, StoreError> {
        let tables = self.tables.iter();
        let tables = tables.filter_map(|table| Some((&table.file, table.sha256.as_ref()?)));
        let files = self.files.iter().map(|entry| (&entry.file, &entry.sha256));
        let mut list = Vec::new();
        for (file, sha256) in tables.chain(files) {
            if dir.join(file).is_file() {
                list.extend(problem(&*disk(), dir, file, sha256)?);
            }
        }
        Ok(list)
    }
}
