//! Arguments that several commands share, each declared once.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::experiment::request::Model;
use crate::store::{Format, Shard, Start};
use crate::texts::{Text, text};

/// The scenario and what is changed in it.
#[derive(Clone, Debug, Args)]
pub struct ModelArgs {
    /// Scenario: a folder with scenario.toml, or a TOML file
    pub scenario: PathBuf,
    /// Change a parameter, for example line.beta=0.1; in all layouts (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Random seed of all replicates [default: the scenario's]
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
    /// Threads; the results do not depend on their number [default: all cores]
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

/// What a session of work does, and until when.
#[derive(Clone, Debug, Args)]
pub struct WorkArgs {
    #[command(flatten)]
    threads: ThreadArgs,
    /// Shard of the runs: the I-th of N, where I counts from 0 (the rank of a cluster's task); `merge` makes
    /// the tables when all shards are done
    #[arg(long, value_name = "I/N", overrides_with = "shard", value_parser = shard, conflicts_with = "force")]
    shard: Option<Shard>,
    /// End within this time: 90s, 30m, 2h, 1d, or 01:30:00
    #[arg(long, value_name = "TIME", overrides_with = "time_limit", value_parser = duration)]
    time_limit: Option<Duration>,
    /// Replace the results in the results folder
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// Complete interrupted results, to the same bytes; add replicates to a comparison, points or replicates to a sweep; join other workers
    #[arg(long)]
    pub resume: bool,
}

impl WorkArgs {
    /// The same, going on with what is there.
    pub fn resumed(&self) -> Self {
        Self {
            resume: true,
            force: false,
            ..self.clone()
        }
    }

    /// The same, of all jobs.
    pub fn unshared(&self) -> Self {
        Self {
            shard: None,
            ..self.clone()
        }
    }

    /// Whether what is there is replaced.
    pub fn is_forced(&self) -> bool {
        self.force
    }

    /// How many threads.
    pub fn threads(&self) -> u32 {
        self.threads.threads()
    }

    /// A share of the jobs; none for all of them.
    pub fn shard(&self) -> Option<Shard> {
        self.shard.filter(|shard| shard.of > 1)
    }

    /// When everything has to have ended, of what begins now.
    pub fn deadline(&self) -> Option<Instant> {
        self.time_limit.map(|limit| Instant::now() + limit)
    }

    /// Whether a scheduler is at work, which waits for seconds only.
    pub fn is_scheduled(&self) -> bool {
        self.shard.is_some() || self.time_limit.is_some()
    }

    /// What may be in the folder already; with `--resume` it is begun when it is not there, or not.
    pub fn start(&self, resumed: Start) -> Start {
        match (self.shard, self.resume, self.force) {
            (_, _, true) => Start::Replace,
            (Some(_), _, _) => Start::Join,
            (None, true, _) => resumed,
            (None, false, _) => Start::New,
        }
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
    /// Print problems only
    #[arg(long)]
    pub quiet: bool,
    /// Print the outcome as JSON on standard output
    #[arg(long)]
    pub json: bool,
}

fn shard(text: &str) -> Result<Shard, Text> {
    let parsed = text.split_once('/').and_then(|(number, of)| {
        Some(Shard {
            number: number.trim().parse().ok()?,
            of: of.trim().parse().ok()?,
        })
    });
    match parsed {
        Some(shard) if shard.number < shard.of => Ok(shard),
        Some(Shard { of, .. }) if of > 0 => Err(text!("shard-number", last = of - 1)),
        _ => Err(text!("shard-form")),
    }
}

/// A duration as people and schedulers write it.
fn duration(text: &str) -> Result<Duration, Text> {
    let bad = || text!("duration-form");
    let days = text
        .trim()
        .strip_suffix('d')
        .map(|days| days.trim().parse::<f64>());
    if let Some(Ok(days)) = days {
        return Duration::try_from_secs_f64(days * 86_400.0).map_err(|_| bad());
    }
    let parsed: jiff::SignedDuration = text.trim().parse().map_err(|_| bad())?;
    match Duration::try_from(parsed) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_count_from_zero() {
        assert_eq!(shard("3/16"), Ok(Shard { number: 3, of: 16 }));
        let wrong = shard("16/16").unwrap_err().to_string();
        assert!(wrong.contains("0 to 15"), "{wrong}");
        for wrong in ["", "1", "-1/4", "a/b", "0/0", "1/-2"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_as_people_and_schedulers_write_them() {
        for (text, seconds) in [
            ("90s", 90),
            ("30m", 1800),
            ("2h", 7200),
            ("1d", 86_400),
            ("1h 30m", 5400),
            ("01:30:00", 5400),
        ] {
            assert_eq!(duration(text).unwrap().as_secs(), seconds, "{text}");
        }
        for wrong in ["", "2", "-1h", "0s", "soon", "1e99d", "nand"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
