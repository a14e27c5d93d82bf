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
//! - [`world`] turns a checked scenario into flat arrays; petgraph builds and checks the graph.
//! - [`draw`] names every random number by stable identities.
//! - [`model`] runs the five scales, one file each, and reports its events to a listener.
//! - [`measure`] listens and computes what is reported.
//! - [`paired`] compares two worlds that share their random numbers: differences, intervals, bands.
//! - [`experiment`] runs replicates in parallel.
//! - [`store`] writes tables and the manifest.
//! - [`report`] says what a person reads of results: words, figures, pages.
//! - [`texts`] has what is said in both languages, as tables for translators.
//! - [`shell`] quotes words of commands.
//! - [`cluster`] writes the scripts that hand a run, a comparison or a sweep to Slurm and other engines.
//! - [`cli`] translates arguments into calls and results into words.
//!
//! Following one scenario from text to a number:
//!
//! ```
//! use pointplane::model::{Adoption, Innovation, Listener, run};
//! use pointplane::world::World;
//!
//! /// Counts adoptions.
//! struct Count(u32);
//!
//! impl Listener for Count {
//!     fn adopted(&mut self, _: &World, _: &Innovation, _: &Adoption<'_>) {
//!         self.0 += 1;
//!     }
//! }
//!
//! let loaded = pointplane::scenario::load("scenarios/minimal".as_ref(), &[], &[])?;
//! let world = World::new(&loaded.scenario)?;
//! let mut count = Count(0);
//! run(&world, loaded.scenario.seed, 0, &mut count);
//! assert!(count.0 > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cli;
pub mod cluster;
pub mod design;
pub mod draw;
pub mod experiment;
pub mod machine;
pub mod measure;
pub mod model;
pub mod paired;
pub mod report;
pub mod scenario;
pub mod sensitivity;
pub mod shell;
pub mod store;
pub mod texts;
#[cfg(test)]
mod vectors;
pub mod world;
