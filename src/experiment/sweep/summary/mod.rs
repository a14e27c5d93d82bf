//! What a sweep says: which parameter moves which outcome, in which layout, and which moves what a layout
//! changes.
//!
//! An outcome of a point is the mean over its replicates; a month that never comes counts as the length
//! of the run, as in comparisons. What a layout changes at a point is the mean of the paired differences
//! from the baseline, replicate by replicate. A point of which a replicate failed or is missing is left
//! out.

mod answers;
mod indices;
mod tables;
#[cfg(test)]
mod tests;

use crate::store::{Folder, Sweep};

pub use answers::{Answers, Asked};
pub use indices::{Analysis, Design, Term, analyse};
pub use tables::{Sheet, sheets};

/// What was swept.
#[derive(Clone, Copy, Debug)]
pub struct Swept<'a> {
    /// Parameters, and what is kept of each run.
    pub sweep: &'a Sweep,
    /// Names of the layouts, the baseline first.
    pub layouts: &'a [String],
    /// Names the luck of all replicates.
    pub seed: u64,
}

impl<'a> Swept<'a> {
    /// In a folder; none when it holds no sweep.
    pub fn of(folder: &'a Folder) -> Option<Self> {
        Some(Self {
            sweep: folder.manifest().sweep.as_ref()?,
            layouts: folder.jobs().layouts(),
            seed: folder.manifest().seed,
        })
    }
}
