//! Arguments that several commands share, each told once.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::experiment::request::Model;
use crate::store::Format;

/// The scenario and what is changed in it.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Scenario: a folder with scenario.toml, or a TOML file
    pub scenario: PathBuf,
    /// Change a parameter, for example line.beta=0.1; in all layouts (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Name of the luck of all replicates [default: the scenario's]
    #[arg(long, overrides_with = "seed", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    pub seed: Option<u64>,
}

impl ModelArgs {
    /// As data.
    pub fn model(&self) -> Model {
        Model {
            scenario: self.scenario.clone(),
            set: self.set.clone(),
            seed: self.seed,
        }
    }
}

/// On how many threads jobs run.
#[derive(Clone, Debug, Args)]
pub struct ThreadArgs {
    /// Threads; the results do not depend on it [default: all cores]
    #[arg(long, overrides_with = "threads", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
}

impl ThreadArgs {
    /// How many.
    pub fn threads(&self) -> u32 {
        let cores = || std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
        self.threads.unwrap_or_else(cores)
    }
}

/// In which format tables are written.
#[derive(Clone, Debug, Args)]
pub struct FormatArgs {
    /// File format of the tables
    #[arg(long, value_enum, default_value_t = FileFormat::Parquet, overrides_with = "format")]
    format: FileFormat,
}

impl FormatArgs {
    /// The format.
    pub fn format(&self) -> Format {
        match self.format {
            FileFormat::Parquet => Format::Parquet,
            FileFormat::Csv => Format::Csv,
        }
    }
}

/// File formats on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    /// Apache Parquet
    Parquet,
    /// Comma-separated text
    Csv,
}

/// What is said.
#[derive(Clone, Copy, Debug, Args)]
pub struct SayArgs {
    /// Say nothing but problems
    #[arg(long)]
    pub quiet: bool,
    /// Print what came of it as JSON on standard output
    #[arg(long)]
    pub json: bool,
}
