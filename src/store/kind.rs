//! What results are, and how far they are.

use serde::{Deserialize, Serialize};

use crate::texts::{Text, spoken, text};

/// What stands in a results folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultKind {
    /// Replicates of one layout.
    #[default]
    Run,
    /// Layouts compared with a baseline.
    Comparison,
    /// Layouts at many points.
    Sweep,
    /// Where and why two layouts part.
    Explanation,
    /// The actual history under other layouts.
    Replay,
}

impl ResultKind {
    /// What that is, in words.
    pub fn text(self) -> Text {
        match self {
            Self::Run => text!("result-run"),
            Self::Comparison => text!("result-comparison"),
            Self::Sweep => text!("result-sweep"),
            Self::Explanation => text!("result-explanation"),
            Self::Replay => text!("result-replay"),
        }
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

impl Status {
    /// How far that is, in words.
    pub fn text(self) -> Text {
        match self {
            Self::Running => text!("standing-running"),
            Self::Complete => text!("standing-complete"),
            Self::Partial => text!("standing-partial"),
            Self::Interrupted => text!("standing-interrupted"),
            Self::Failed => text!("standing-failed"),
        }
    }
}

spoken!(ResultKind, Status);
