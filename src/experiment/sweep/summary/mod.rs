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

pub use answers::{Answers, Asked};
pub use indices::{Analysis, Design, Term, analyse};
pub use tables::{Sheet, sheets};
