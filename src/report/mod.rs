//! What people read of a run and of an explanation. Pages and figures come later.

pub mod comparison;
pub mod explanation;
pub mod interval;
pub mod summary;
pub mod sweep;
mod wrap;

pub use comparison::ComparisonSummary;
pub use summary::Summary;
