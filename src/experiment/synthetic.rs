//! Synthetic worlds: one innovation on a random graph of any size, with its links in a file.
//!
//! Each region listens to `degree` places drawn uniformly, never itself and none twice; one region in a
//! thousand listens to the zone in place of its last draw. The generator of the graph is Xoshiro256++
//! (of `rand`), seeded by the shape: the same shape gives the same bytes.

use std::path::Path;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::store::{StoreError, atomic_write};

/// Size and name of a synthetic world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Number of regions.
    pub places: u32,
    /// Places that each region hears; fewer than `places`.
    pub degree: u32,
    /// Names the graph.
    pub seed: u64,
}

/// Writes scenario.toml, places.csv and links.csv into a new folder `dir`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(dir: &Path, shape: Shape) -> Result<(), StoreError> {
    std::fs::create_dir_all(dir).map_err(|source| StoreError::Io {
        action: "make",
        path: dir.to_path_buf(),
        source,
    })?;
    let n = shape.places;
    let digits = (n - 1).to_string().len();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(shape.seed);
    atomic_write(&dir.join("scenario.toml"), |file| {
        file.write_all(SCENARIO.as_bytes())
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
            while heard.len() < shape.degree as usize {
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

const SCENARIO: &str = r#"# A single innovation spreads over a random graph. Made by `pointplane synthetic`.
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
beta = 0.28
abandonment_rate = 0.0
structures = false     # plain contagion: no lines, circles, axes

[circle]
review_every = 0
"#;
