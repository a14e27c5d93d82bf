//! From text to a checked [`Scenario`]: file format, tables, layouts, checks, what differs.

pub mod month;
pub mod spec;
pub mod tables;

pub use month::Month;
pub use tables::Scenario;
