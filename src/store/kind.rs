//! What results are, and how far they are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands in a results folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// Replicates of one layout.
    #[default]
    Run,
    /// Layouts held against a baseline.
    Comparison,
    /// Layouts at many points.
    Sweep,
    /// Where and why two layouts part.
    Explanation,
}

impl fmt::Display for ResultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "a run",
            Self::Comparison => "a comparison",
            Self::Sweep => "a sweep",
            Self::Explanation => "an explanation",
        })
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being worked on, or killed while it was.
    Running,
    /// All jobs done, all tables written.
    Complete,
    /// Ended with jobs missing or tables not made; the tables of a sweep then hold what is there.
    Partial,
    /// Stopped by the user; what had finished is kept.
    Interrupted,
    /// Stopped by an error; what had finished is kept.
    Failed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running => "running or killed",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        })
    }
}
