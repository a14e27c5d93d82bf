//! A table, in text or in Parquet.

use std::io::{self, BufRead};
use std::sync::Arc;

use super::files::{Folder, InputFile, NotRead, TextFile};
use super::parquet::ParquetFile;
use super::problem::Report;
use super::rows::{Done, Rows};
use super::sheet::{self, Contract};

/// The ending of a file's name, which says of what kind it is, in small letters; empty without one.
pub fn ending(name: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_ascii_lowercase()
}

/// Whether the name of a file says that it is Parquet. Every other table is text.
fn is_parquet(name: &str) -> bool {
    ending(name) == "parquet"
}

/// An open table.
#[expect(clippy::large_enum_variant, reason = "one at a time")]
pub enum TableFile {
    /// CSV, or another text.
    Text(TextFile),
    /// Parquet.
    Parquet(ParquetFile),
}

impl TableFile {
    /// Opens a table of a folder.
    pub fn open(folder: &Folder<'_>, name: &str) -> Result<Self, NotRead> {
        Ok(match is_parquet(name) {
            true => Self::Parquet(ParquetFile::from(folder.find(name)?)),
            false => Self::Text(folder.open(name)?),
        })
    }

    /// About how many rows it has, without reading it; none where that cannot be told.
    pub fn rows_about(folder: &Folder<'_>, name: &str) -> Option<u64> {
        match is_parquet(name) {
            true => ParquetFile::from(folder.find(name).ok()?).rows_told(),
            false => folder.rows_about(name),
        }
    }

    /// The file as the user would name it.
    pub const fn shown(&self) -> &Arc<str> {
        match self {
            Self::Text(file) => &file.shown,
            Self::Parquet(file) => &file.shown,
        }
    }

    /// The cells of the first line, as far as they can be seen; nothing is taken from it.
    pub fn first_line(&mut self) -> Vec<String> {
        let file = match self {
            Self::Text(file) => file,
            Self::Parquet(file) => return file.names(),
        };
        let start = file.reader().fill_buf().unwrap_or_default();
        let line = start.split(|b| matches!(b, b'\n' | b'\r')).next();
        let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        let cells = line.split([',', ';', '\t']);
        let cells = cells.map(|cell| cell.trim().trim_matches('"').to_owned());
        cells.collect()
    }

    /// Reads the rows; rows that are right are taken in by several threads. What is told is the same, in the same
    /// order, as if they were read one by one. In Parquet the line of a row is its number plus 1, as if it were CSV.
    pub fn read<T: Rows>(
        &mut self,
        contract: &Contract<'_>,
        report: &mut Report,
        rows: &mut T,
    ) -> Done {
        match self {
            Self::Text(file) => sheet::read_rows(file, contract, report, rows),
            Self::Parquet(file) => file.read(contract, report, rows),
        }
    }

    /// Warns of what is to be said of its encoding.
    pub fn say(&self, report: &mut Report) {
        if let Self::Text(file) = self {
            file.say(report);
        }
    }

    /// What is recorded of the file. Reads what is left of it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn finish(self) -> io::Result<InputFile> {
        match self {
            Self::Text(file) => Ok(file.finish()),
            Self::Parquet(file) => file.finish(),
        }
    }
}
