//! What people read: summaries and explanations in words, figures, and reports as pages.

mod allied;
pub mod answer;
pub mod chart;
pub mod comparison;
pub mod contents;
mod differences;
pub mod explanation;
pub mod export;
pub mod figures;
mod findings;
mod gather;
mod ground;
pub mod interval;
pub mod lang;
pub mod not_varied;
pub mod odd;
pub mod page;
pub mod plain;
pub mod replay;
pub mod replayed;
mod seam;
pub mod summary;
pub mod sweep;
mod table;

pub use comparison::ComparisonSummary;
pub use gather::gather;
pub use lang::Lang;
pub use page::Report;
pub use summary::Summary;
