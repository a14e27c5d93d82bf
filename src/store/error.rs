//! What can go wrong with a results folder: a sentence and an advice per case.

use std::io;
use std::path::{Path, PathBuf};

use super::kind::{ResultKind, Status};
use crate::texts::{Text, spoken, text};

/// What stands where results were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// No folder.
    File,
    /// An empty folder.
    Empty,
    /// A folder with a manifest of something else.
    Manifest,
    /// A folder with this and no manifest.
    Other(String),
}

/// Why results cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused something.
    Io {
        /// What was tried, for example `write`.
        action: &'static str,
        /// File or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The disk or the quota is full.
    DiskFull {
        /// The file that did not fit.
        path: PathBuf,
    },
    /// The folder holds files but no run; it is left alone even with force.
    NotEmpty {
        /// The folder.
        dir: PathBuf,
        /// One of the things in it.
        found: String,
    },
    /// A file that is not of this run stands where a result should go.
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of the program.
    NewerFormat {
        /// The manifest.
        path: PathBuf,
        /// Its format version.
        found: u64,
        /// The newest one known here.
        known: u32,
    },
    /// No manifest of a run.
    NotARun {
        /// The folder.
        dir: PathBuf,
        /// What there is.
        there: There,
    },
    /// A file of a run is not as it was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: Text,
    },
    /// A comparison has more replicates than are wanted now.
    TooMany {
        /// The results folder.
        dir: PathBuf,
        /// Number of the last replicate that is kept.
        last: u32,
        /// How many are wanted now.
        wanted: u32,
    },
    /// No sweep.
    NotASweep {
        /// The folder.
        dir: PathBuf,
    },
    /// Two copies of one run are not equal, which cannot be when one program made both.
    Conflict {
        /// The point.
        point: String,
        /// The layout.
        layout: String,
        /// The replicate.
        replicate: u32,
        /// Where one copy is.
        first: PathBuf,
        /// Where the other is.
        second: PathBuf,
    },
    /// The folder holds results, and neither going on with them nor replacing them was asked for.
    Existing {
        /// The results folder.
        dir: PathBuf,
        /// What is in it.
        kind: ResultKind,
        /// Its status.
        status: Status,
        /// Whether `--resume` would go on with it.
        resumes: bool,
    },
    /// What is in the folder is not what is asked, and cannot share jobs with it.
    Other {
        /// The results folder.
        dir: PathBuf,
        /// What is in it.
        kind: ResultKind,
        /// One sentence per difference: there, here.
        differences: Vec<Text>,
    },
    /// What is in the folder was made with another model.
    OtherModel {
        /// The results folder.
        dir: PathBuf,
        /// Version of the program that made it.
        version: String,
        /// Its model.
        there: u32,
        /// The model of this program.
        here: u32,
    },
    /// Results that are said to be complete are not: files are missing or damaged.
    NotWhole {
        /// The results folder.
        dir: PathBuf,
        /// One sentence per file.
        problems: Vec<Text>,
        /// What to do.
        advice: Text,
    },
    /// Somebody else is at work where nobody may be.
    Busy {
        /// The results folder.
        dir: PathBuf,
        /// Who.
        who: Text,
    },
    /// By now something else is asked of the folder.
    Superseded {
        /// The results folder.
        dir: PathBuf,
    },
    /// Made by version 0.1.
    OldFormat {
        /// The results folder.
        dir: PathBuf,
        /// The command that made it.
        command: String,
    },
    /// Not all jobs are done, so the tables cannot be read.
    NotMade {
        /// The results folder.
        dir: PathBuf,
        /// Its status.
        status: Status,
    },
    /// Replicates are missing, so the tables cannot be made.
    Incomplete {
        /// The results folder.
        dir: PathBuf,
        /// How many are missing.
        missing: u64,
        /// How many there should be.
        replicates: u32,
    },
    /// Table or column names that some reader would not take.
    Names {
        /// One sentence per name.
        problems: Vec<Text>,
    },
    /// A table or column that the results do not have.
    Unknown {
        /// The results folder.
        dir: PathBuf,
        /// What was asked for.
        what: Text,
        /// What there is.
        known: Text,
    },
    /// Rows that do not fit the table's definition (a mistake of the caller, not of the user).
    Data {
        /// The table.
        table: Text,
        /// What does not fit.
        why: Text,
    },
}

impl StoreError {
    /// Turns a system error into the right case, however many libraries it came through; a
    /// [`StoreError`] that travelled inside an [`io::Error`] comes out again.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        if is_full(&source) {
            return Self::DiskFull { path };
        }
        match source.downcast::<Self>() {
            Ok(inner) => inner,
            Err(source) => Self::Io {
                action,
                path,
                source,
            },
        }
    }

    /// A damaged file.
    pub(super) fn damaged(path: &Path, why: impl Into<Text>) -> Self {
        Self::Damaged {
            path: path.to_path_buf(),
            why: why.into(),
        }
    }

    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Io {
                action,
                path,
                source,
            } => match *action {
                "read" => text!("store-read", path, error = source),
                "write" => text!("cannot-write", path, error = source),
                "remove" => text!("store-remove", path, error = source),
                "make folder" => text!("store-make-folder", path, error = source),
                "make" => text!("store-make", path, error = source),
                action => text!("store-do", action, path, error = source),
            },
            Self::DiskFull { path } => text!("store-full", path),
            Self::NotEmpty { dir, found } => text!("store-not-empty", dir, found),
            Self::ForeignFile { path } => text!("store-foreign-file", path),
            Self::NewerFormat { path, found, known } => text!("store-newer", path, found, known),
            Self::NotARun { dir, there } => {
                let there = match there {
                    There::Nothing => text!("there-nothing"),
                    There::File => text!("there-file"),
                    There::Empty => text!("there-empty"),
                    There::Manifest => text!("there-manifest"),
                    There::Other(found) => text!("there-other", found),
                };
                text!("store-not-a-run", dir, there)
            }
            Self::Damaged { path, why } => text!("store-damaged", path, why),
            Self::TooMany { dir, last, wanted } => {
                text!("store-too-many", dir, last, wanted, least = last + 1)
            }
            Self::NotASweep { dir } => text!("store-not-a-sweep", dir),
            Self::Conflict {
                point,
                layout,
                replicate,
                first,
                second,
            } => text!("store-conflict", point, layout, replicate, first, second),
            Self::Existing {
                dir,
                kind,
                status,
                resumes,
            } => {
                let advice = existing(*kind, *status, *resumes);
                text!("store-existing", dir, kind, status, advice)
            }
            Self::Other {
                dir,
                kind,
                differences,
            } => {
                let (what, may_change) = (another(*kind), may_change(*kind));
                let differences = Text::List(differences.clone());
                text!("store-other", dir, what, differences, may_change)
            }
            Self::OtherModel {
                dir,
                version,
                there,
                here,
            } => text!("store-other-model", dir, there, version, here),
            Self::NotWhole {
                dir,
                problems,
                advice,
            } => {
                let problems = Text::List(problems.clone());
                text!("store-not-whole", dir, problems, advice)
            }
            Self::Busy { dir, who } => text!("store-busy", dir, who),
            Self::Superseded { dir } => text!("store-superseded", dir),
            Self::OldFormat { dir, command } => text!("store-old-format", dir, command),
            Self::NotMade { dir, status } => text!("store-not-made", dir, status),
            Self::Incomplete {
                dir,
                missing,
                replicates,
            } => text!("store-incomplete", missing, replicates, dir),
            Self::Names { problems } => {
                text!("store-names", problems = Text::List(problems.clone()))
            }
            Self::Unknown { dir, what, known } => text!("store-unknown", dir, what, known),
            Self::Data { table, why } => text!("store-data", table, why),
        }
    }
}

spoken!(StoreError);

fn existing(kind: ResultKind, status: Status, resumes: bool) -> Text {
    match (kind, status) {
        _ if !resumes => text!("existing-complete"),
        (ResultKind::Sweep, _) => text!("existing-sweep"),
        (_, Status::Complete) => text!("existing-complete"),
        _ => text!("existing-partly"),
    }
}

fn another(kind: ResultKind) -> Text {
    match kind {
        ResultKind::Run => text!("another-run"),
        ResultKind::Comparison => text!("another-comparison"),
        ResultKind::Replay => text!("another-replay"),
        ResultKind::Sweep => text!("another-sweep"),
        ResultKind::Explanation => kind.text(),
    }
}

fn may_change(kind: ResultKind) -> Text {
    match kind {
        ResultKind::Sweep => text!("sweep-may-change"),
        _ => "".into(),
    }
}

/// Whether a full disk or quota is at the bottom of an error.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(io) = error.downcast_ref::<io::Error>() {
        return match io.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => true,
            _ => io.get_ref().is_some_and(|inner| is_full(inner)),
        };
    }
    // The csv crate keeps a system error inside without naming it as the source.
    if let Some(csv::ErrorKind::Io(io)) = error.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        return is_full(io);
    }
    error.source().is_some_and(is_full)
}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        io::Error::other(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_seen_through_any_wrapping() {
        let path = Path::new("a");
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let parquet = parquet::errors::ParquetError::External(Box::new(full()));
        let csv = io::Error::from(csv::Error::from(full()));
        let wrapped = io::Error::other(full());
        for error in [full(), wrapped, io::Error::other(parquet), csv] {
            let error = StoreError::io("write", path, error);
            assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
        }
        let error = StoreError::io("write", path, io::Error::other("no"));
        assert_eq!(error.to_string(), "cannot write a: no");
        let inside = io::Error::from(StoreError::damaged(path, "torn"));
        let error = StoreError::io("write", Path::new("b"), inside);
        assert_eq!(error.to_string(), "a is damaged: torn");
    }
}
