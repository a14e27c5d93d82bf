//! `pointplane synthetic`: a random world of any size with its links in a file.

use std::path::PathBuf;

use clap::Args;
use rand::RngExt;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use crate::store::atomic_write;

use super::{Exit, say};

/// Arguments of `synthetic`.
#[derive(Debug, Args)]
#[command(
    long_about = "Makes a synthetic world: N regions, each of which hears a number of places drawn at random \
(uniformly, never itself), and one zone that pilots one innovation and is heard by a few of them. \
Written are scenario.toml, places.csv and links.csv (source, target, weight). The same arguments give the same \
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
    /// Places that each region hears
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    degree: u32,
    /// Names the graph
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let dir = &arguments.dir;
    if dir.exists() {
        say(&format!(
            "error: {} is there already: choose another name",
            dir.display()
        ));
        return Exit::Wrong;
    }
    if arguments.degree >= arguments.places {
        say(&format!(
            "error: --degree {} needs more than {} places",
            arguments.degree, arguments.places
        ));
        return Exit::Wrong;
    }
    let made = std::fs::create_dir_all(dir)
        .map_err(|error| format!("cannot make {}: {error}", dir.display()))
        .and_then(|()| write(arguments).map_err(|error| error.to_string()));
    match made {
        Ok(()) => {
            say(&format!(
                "made {}: {} places",
                dir.display(),
                arguments.places
            ));
            Exit::Done
        }
        Err(problem) => {
            say(&format!("error: {problem}"));
            Exit::Failed
        }
    }
}

fn write(arguments: &Arguments) -> Result<(), crate::store::StoreError> {
    let (dir, n) = (&arguments.dir, arguments.places);
    let digits = (n - 1).to_string().len();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(arguments.seed);
    atomic_write(&dir.join("scenario.toml"), |file| {
        file.write_all(scenario().as_bytes())
    })?;
    atomic_write(&dir.join("places.csv"), |file| {
        writeln!(
            file,
            "id,kind,lon,lat,weight,province,open,tasks,environment,radiation,platform,leadership,factor,friction"
        )?;
        writeln!(file, "zone,zone,0,0,1,p,2000-01,1,1,1,1,1,1,0")?;
        for i in 0..n {
            writeln!(file, "r{i:0digits$},region,0,0,1,p,,,1,1,1,1,1,0")?;
        }
        Ok(())
    })?;
    atomic_write(&dir.join("links.csv"), |file| {
        writeln!(file, "source,target,weight")?;
        let mut heard: Vec<u32> = Vec::new();
        for i in 0..n {
            heard.clear();
            while heard.len() < arguments.degree as usize {
                let j = random.random_range(0..n);
                if j != i && !heard.contains(&j) {
                    heard.push(j);
                }
            }
            for (k, j) in heard.iter().enumerate() {
                // One place in a thousand hears the zone in place of its last source.
                if k + 1 == heard.len() && i.is_multiple_of(1000) {
                    writeln!(file, "zone,r{i:0digits$},1")?;
                } else {
                    writeln!(file, "r{j:0digits$},r{i:0digits$},1")?;
                }
            }
        }
        Ok(())
    })
}

fn scenario() -> String {
    r#"# A single innovation spreads over a random graph. Made by `pointplane synthetic`.
format = 1
name = "synthetic"
title = "One innovation on a random graph"
start = "2000-01"
end = "2006-12"
seed = 1
replicates = 1

[places]
files = ["places.csv"]

[[domains]]
id = "one"
affinity = { contact = 1.0 }

[[layers]]
id = "contact"
links = [{ rule = "table", file = "links.csv" }]

[point]
arrival_rate = 10.0
quality_base = 0.998
quality_gain = 0.0
quality_concentration = 10000.0
implementation_rate = 10.0
failure_rate = 0.0

[line]
beta = 0.35
abandonment_rate = 0.0
structures = false     # plain contagion: no lines, circles, axes

[circle]
review_every = 0
"#
    .to_owned()
}
