//! Pointplane simulates how institutional innovations that are piloted in free-trade zones spread
//! over a country, month by month, and what a different alliance of zones would change.
//!
//! Dependencies go one way:
//!
//! ```text
//! scenario (text) → world (arrays) → model (months) → measure (numbers) → store (tables)
//! ```
//!
//! - [`scenario`] reads TOML and CSV, checks everything, applies layouts, says what differs.
//! - [`world`] turns a checked scenario into flat arrays, and checks the graph.
//! - [`draw`] names every random number by stable identities.
//! - [`model`] runs the five scales, one file each, and reports its events to a listener.
//! - [`measure`] listens and computes what is reported.
//! - [`paired`] compares two worlds that share their random numbers: differences, intervals, bands.
//! - [`experiment`] runs replicates in parallel.
//! - [`inference`] estimates parameters from who adopted what when.
//! - [`search`] finds the best of many layouts.
//! - [`store`] writes tables and the manifest.
//! - [`report`] says what a person reads of results: words, figures, pages.
//! - [`texts`] has what is said in both languages, as tables for translators.
//! - [`shell`] quotes words of commands.
//! - [`cluster`] writes the scripts that hand a run, a comparison or a sweep to Slurm and other engines.
//! - [`cli`] translates arguments into calls and results into words.
//!
//! - [`prelude`] has what most programs need of all this.
//!
//! Without the feature `cli`, which is on by default, there is no command line; without `report`, which `cli` needs, no
//! pages and figures. What is left simulates, compares, sweeps and explains.
//!
//! A program: what would the scenario's country have without alliances, and how sure is that, given its parameters?
//!
//! ```
//! use pointplane::prelude::*;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minimal = "scenarios/minimal".as_ref();
//! let base = load(minimal, &[], &[])?.scenario;
//! let none = load(minimal, &["none".into()], &[])?.scenario;
//! // Replicate r of both meets common random numbers.
//! let of = |scenario| -> Result<Vec<f64>, Box<dyn std::error::Error>> {
//!     let tables = simulate(&World::new(scenario)?, scenario.seed, 0..20, &Wanted::of(&["national"]))?;
//!     let stock = tables.column("national", "mean_stock").and_then(Column::numbers).unwrap_or_default();
//!     // The last month of each replicate.
//!     Ok(stock.chunks(stock.len() / 20).filter_map(|path| path.last().copied()).collect())
//! };
//! let name = DrawName::new(base.seed, id_hash("none"), id_hash("mean_stock"));
//! let effect = difference(&of(&base)?, &of(&none)?, Choice::T, name).ok_or("no replicates")?;
//! println!("{:+.2} ({:+.2?} to {:+.2?})", effect.mean, effect.low, effect.high);
//! assert!(effect.mean < 0.0);
//! # Ok(())
//! # }
//! ```

// Tests may say what they expect with the system's functions.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

#[cfg(feature = "cli")]
pub mod cli;
pub mod cluster;
pub mod design;
pub mod draw;
pub mod experiment;
mod globe;
pub mod inference;
mod large;
pub mod machine;
pub mod measure;
pub mod model;
mod normal;
pub mod paired;
pub mod prelude;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod search;
pub mod sensitivity;
pub mod shell;
pub mod store;
pub mod system;
pub mod texts;
#[cfg(test)]
mod vectors;
pub mod world;
