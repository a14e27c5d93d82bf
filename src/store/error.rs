//! What can go wrong with a results folder: a sentence and an advice per case.

use std::io;
use std::path::{Path, PathBuf};

use super::kind::{ResultKind, Status};

/// Why results cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused something.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, for example `write`.
        action: &'static str,
        /// File or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The disk or the quota is full.
    #[error(
        "no space left for {}: free some space and run the same command with --resume; \
         finished replicates are kept", path.display()
    )]
    DiskFull {
        /// The file that did not fit.
        path: PathBuf,
    },
    /// The folder holds files but no run; it is left alone even with force.
    #[error(
        "{} is not empty and holds no pointplane run (it holds {found}): choose another folder with --out",
        dir.display()
    )]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
        /// One of the things in it.
        found: String,
    },
    /// A file that is not of this run stands where a result should go.
    #[error("{} is in the way and does not belong to the run here: move it, or choose another folder with --out", path.display())]
    ForeignFile {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of the program.
    #[error("{} has format {found}; this program knows formats up to {known}: use a newer pointplane", path.display())]
    NewerFormat {
        /// The manifest.
        path: PathBuf,
        /// Its format version.
        found: u64,
        /// The newest one known here.
        known: u32,
    },
    /// No manifest of a run.
    #[error("{} holds no pointplane run (no manifest.json of this program)", dir.display())]
    NotARun {
        /// The folder.
        dir: PathBuf,
    },
    /// A file of a run is not as it was written.
    #[error("{} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A comparison has more replicates than are wanted now.
    #[error(
        "{} has replicates up to number {last} and {wanted} are wanted: replicates can be added, not \
         taken away; ask for at least {}, or choose another folder with --out",
        dir.display(), last + 1
    )]
    TooMany {
        /// The results folder.
        dir: PathBuf,
        /// Number of the last replicate that is kept.
        last: u32,
        /// How many are wanted now.
        wanted: u32,
    },
    /// No sweep.
    #[error("{} holds no sweep", dir.display())]
    NotASweep {
        /// The folder.
        dir: PathBuf,
    },
    /// Two copies of one run are not equal, which cannot be when one program made both.
    #[error(
        "two copies of the run of point {point}, layout {layout}, replicate {replicate} differ ({} and {}): \
         one of them was not made by this program on a machine that works; take one of the files away",
        first.display(), second.display()
    )]
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
    #[error(
        "{} already holds {kind} ({status}): {}", dir.display(), existing(*kind, *status)
    )]
    Existing {
        /// The results folder.
        dir: PathBuf,
        /// What is in it.
        kind: ResultKind,
        /// Its status.
        status: Status,
    },
    /// What is in the folder is not what is asked, and cannot share jobs with it.
    #[error("{} holds {}: {}{}", dir.display(), another(*kind), differences.join("; "), may_change(*kind))]
    Other {
        /// The results folder.
        dir: PathBuf,
        /// What is in it.
        kind: ResultKind,
        /// One sentence per difference: there, here.
        differences: Vec<String>,
    },
    /// What is in the folder was made with another model.
    #[error(
        "{} was made with model {there} (pointplane {version}); this program has model {here}, which gives other \
         histories, so nothing can be added to it or merged in it: its tables can still be read; make it again in \
         another folder with --out, or go on with it with the program that made it", dir.display()
    )]
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
    #[error("{} is not whole: {}; {advice}", dir.display(), problems.join("; "))]
    NotWhole {
        /// The results folder.
        dir: PathBuf,
        /// One sentence per file.
        problems: Vec<String>,
        /// What to do.
        advice: &'static str,
    },
    /// Somebody else is at work where nobody may be.
    #[error("{} is being worked on by {who}: wait until that ends, or for a minute if it was killed, and give the command again", dir.display())]
    Busy {
        /// The results folder.
        dir: PathBuf,
        /// Who.
        who: String,
    },
    /// By now something else is asked of the folder.
    #[error("by now another command has asked for something else in {} (more points or replicates, or other derived tables): what was finished is kept, and that command makes the tables", dir.display())]
    Superseded {
        /// The results folder.
        dir: PathBuf,
    },
    /// Made by version 0.1.
    #[error(
        "{} was made by pointplane 0.1, with whose folders this version cannot go on: its tables can \
         still be read by other programs; make it again in another folder (--out), or delete it and make \
         it again, with: {command}", dir.display()
    )]
    OldFormat {
        /// The results folder.
        dir: PathBuf,
        /// The command that made it.
        command: String,
    },
    /// Not all jobs are done, so the tables cannot be read.
    #[error("{} is not complete ({status}): complete it with --resume", dir.display())]
    NotMade {
        /// The results folder.
        dir: PathBuf,
        /// Its status.
        status: Status,
    },
    /// Replicates are missing, so the tables cannot be made.
    #[error("{missing} of {replicates} replicates in {} are not done: complete them with --resume", dir.display())]
    Incomplete {
        /// The results folder.
        dir: PathBuf,
        /// How many are missing.
        missing: u64,
        /// How many there should be.
        replicates: u32,
    },
    /// Table or column names that some reader would not take.
    #[error("table and column names: {}", problems.join("; "))]
    Names {
        /// One sentence per name.
        problems: Vec<String>,
    },
    /// A table or column that the results do not have.
    #[error("{} has no {what}; it has {known}", dir.display())]
    Unknown {
        /// The results folder.
        dir: PathBuf,
        /// What was asked for.
        what: String,
        /// What there is.
        known: String,
    },
    /// Rows that do not fit the table's definition (a mistake of the caller, not of the user).
    #[error("rows do not fit table {table}: {why}")]
    Data {
        /// The table.
        table: String,
        /// What does not fit.
        why: String,
    },
}

impl StoreError {
    /// Turns a system error into the right case, however many libraries it came through; a
    /// [`StoreError`] that travelled inside an [`io::Error`] comes out again.
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
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
    pub(super) fn damaged(path: &Path, why: impl ToString) -> Self {
        Self::Damaged {
            path: path.to_path_buf(),
            why: why.to_string(),
        }
    }
}

fn existing(kind: ResultKind, status: Status) -> &'static str {
    match (kind, status) {
        (ResultKind::Sweep, _) => {
            "go on with it with --resume, or choose another folder with --out"
        }
        (_, Status::Complete) => "choose another folder with --out, or replace it with --force",
        _ => {
            "choose another folder with --out, replace it with --force, or complete it with --resume"
        }
    }
}

fn another(kind: ResultKind) -> &'static str {
    match kind {
        ResultKind::Run => "another run, so it cannot be resumed",
        ResultKind::Comparison => "another comparison, so it cannot be resumed",
        ResultKind::Sweep => "another sweep",
        ResultKind::Explanation => "an explanation",
    }
}

fn may_change(kind: ResultKind) -> &'static str {
    match kind {
        ResultKind::Sweep => {
            "; only points, replicates and the format may change: choose another folder with --out"
        }
        _ => "",
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
