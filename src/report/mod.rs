//! What people read of a run. For now the summary on the terminal; pages and figures come later.

pub mod comparison;
pub mod interval;
pub mod summary;

pub use comparison::ComparisonSummary;
pub use summary::Summary;
