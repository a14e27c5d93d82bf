//! Pointplane simulates how institutional innovations that are piloted in free-trade zones spread
//! over a country, month by month, and what a different alliance of zones would change.
//!
//! One way through the house, no way back:
//!
//! ```text
//! scenario (text) → world (arrays) → model (months) → measure (numbers) → store (tables)
//! ```
//!
//! - [`scenario`] reads TOML and CSV, checks everything, applies layouts, says what differs.
//! - [`world`] turns a checked scenario into flat arrays; petgraph builds and checks the graph.
//! - [`draw`] names every random number by stable identities.
//! - [`model`] runs the five scales, one file each, and tells its events to a listener.
//! - [`measure`] listens and computes what is reported.
//! - [`experiment`] runs replicates in parallel.
//! - [`store`] writes tables and the manifest.
//! - [`cli`] translates arguments into calls and results into words.

pub mod cli;
pub mod draw;
pub mod experiment;
pub mod measure;
pub mod model;
pub mod report;
pub mod scenario;
pub mod store;
pub mod world;
