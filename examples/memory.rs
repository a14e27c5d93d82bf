//! Reads a scenario whose files are texts of this program, checks it as if they lay on a disk, and runs it.
//!
//! `cargo run --release --example memory`

use std::error::Error;

use pointplane::prelude::*;

const SCENARIO: &str = r#"
format = 1
name = "valley"
start = "2020-01"
end = "2024-12"

[places]
files = ["places.csv"]

[[domains]]
id = "trade"
affinity = { road = 1.0 }

[[layers]]
id = "road"
links = [{ rule = "table", file = "links.csv" }]

[point]
arrival_rate = 0.2
"#;

const PLACES: &str = "\
id,kind,lon,lat,weight,province,open,tasks
port,zone,121.5,31.2,1,coast,2020-03,12
town,region,121.4,31.1,300,coast,,
farm,region,120.9,31.0,80,coast,,
";

const LINKS: &str = "source,target,weight\nport,town,1\ntown,farm,1\nfarm,town,0.5\n";

pub fn main() -> Result<(), Box<dyn Error>> {
    let mut files = InMemory::default();
    files
        .add("valley/scenario.toml", SCENARIO)
        .add("valley/places.csv", PLACES)
        .add("valley/links.csv", LINKS);
    let scenario = load_from(&files, "valley".as_ref(), &[], &[])?.scenario;
    let world = World::new(&scenario)?;
    let tables = simulate(&world, scenario.seed, 0..1, &Wanted::of(&["national"]))?;
    let share = tables.column("national", "plane_share");
    let share = share.and_then(Column::numbers).ok_or("no such measure")?;
    println!(
        "{:.2} of the plane after five years",
        share[share.len() - 1]
    );

    // What is wrong with a file is told with its name and line.
    files.add("valley/links.csv", LINKS.replace("port", "harbour"));
    let Err(problems) = load_from(&files, "valley".as_ref(), &[], &[]) else {
        return Err("a link from nowhere was taken".into());
    };
    println!("{problems}");
    Ok(())
}
