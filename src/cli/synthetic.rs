//! `pointplane synthetic`: a random world of any size with its links in a file.

use std::path::PathBuf;

use crate::experiment::synthetic::{Shape, write};
use crate::texts::say;
use clap::Args;

use super::{Exit, lang, say};

/// Arguments of `synthetic`.
#[derive(Debug, Args)]
#[command(
    long_about = "Makes a synthetic world: N regions, each of which listens to a number of places drawn at random \
(uniformly, never itself), and one zone that pilots one innovation and that a few of them listen to. \
It writes scenario.toml, places.csv and links.csv (source, target, weight). The same arguments give the same \
bytes. The contagion parameter is small, so that saturation takes about 60 months."
)]
#[command(after_help = "Examples:
  pointplane synthetic scenarios/synthetic/million
  pointplane run scenarios/synthetic/million --tables national
  pointplane synthetic small --places 1000 --degree 6")]
pub struct Arguments {
    /// Folder to make
    dir: PathBuf,
    /// Number of regions
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(2..=50_000_000))]
    places: u32,
    /// Number of places that each region listens to
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    degree: u32,
    /// Random seed of the graph
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let dir = &arguments.dir;
    if dir.exists() {
        say(&say!(
            lang(),
            "there-already",
            path = dir.display().to_string()
        ));
        return Exit::Wrong;
    }
    if arguments.degree >= arguments.places {
        say(&say!(
            lang(),
            "degree-places",
            degree = arguments.degree,
            places = arguments.places
        ));
        return Exit::Wrong;
    }
    let shape = Shape {
        places: arguments.places,
        degree: arguments.degree,
        seed: arguments.seed,
    };
    match write(dir, shape) {
        Ok(()) => {
            say(&say!(
                lang(),
                "made-places",
                path = dir.display().to_string(),
                places = arguments.places
            ));
            Exit::Done
        }
        Err(error) => {
            say(&say!(lang(), "error", error));
            Exit::Failed
        }
    }
}
