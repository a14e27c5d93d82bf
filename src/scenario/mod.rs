//! From text to a checked [`Scenario`]: file format, tables, layouts, checks, what differs.
//!
//! [`load`] is the door. It reads the TOML files into one `tree` in which each key remembers its
//! line (`parse`, `sources`), holds it against the schema that is made from the types (`conform`), reads
//! the CSV tables (`sheet`, `places`, …), applies the layouts (`layout`) and tells every
//! [`problem`] at once. Behind it nothing is checked again.

mod alliance_doubts;
mod catalogue;
mod cells;
mod checks;
mod conform;
mod corridors;
mod diff;
mod document;
mod doubts;
mod encoding;
mod files;
pub(crate) mod firms;
mod gal_gwt;
mod gateways;
mod history;
pub mod ids;
mod in_code;
mod layout;
mod link_list;
mod load;
pub(crate) mod looks;
mod loose;
mod members;
pub mod month;
mod numbers;
mod parameters;
mod parquet;
mod parse;
mod period;
mod place;
mod place_doubts;
mod places;
pub mod problem;
mod records;
mod repair;
mod resolved;
mod rows;
mod schema;
mod setting;
mod sheet;
mod simulated;
mod slips;
mod sources;
pub mod spec;
mod splitter;
mod syntax;
mod table_file;
pub mod tables;
pub(crate) mod tagged;
mod tree;
mod vary;
mod weights;
mod words;

pub use checks::LONGEST_RUN;
pub use diff::{Change, Diff, How, RowChange, TableDiff, diff, words as diff_words};
pub use document::{Document, Dotted};
pub(crate) use encoding::not_utf8;
pub use files::InputFile;
pub use load::{Loaded, load, load_from};
pub use members::MemberKind;
pub use month::Month;
pub use parameters::{ParameterRow, Takes, layout_table, parameter_table, rows_of, to_markdown};
pub use problem::{Problem, Problems, Severity};
pub use schema::{layout_schema, schema};
pub use setting::Setting;
pub(crate) use sheet::{is_index, is_separator_line, other_separator};
pub use tables::Scenario;
pub use vary::is_light;
pub use words::{BASE, layout_files};
