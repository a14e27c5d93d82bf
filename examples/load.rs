//! Reads a scenario, runs replicates, and looks at tables: how many lines, circles and axes there are at the end.
//!
//! `cargo run --release --example load`

use std::error::Error;

use pointplane::prelude::*;

pub fn main() -> Result<(), Box<dyn Error>> {
    let loaded = load(
        "scenarios/minimal".as_ref(),
        &[],
        &[Setting::whole("seed", 7)],
    )?;
    let scenario = &loaded.scenario;
    let world = World::new(scenario)?;
    let replicates = 10;
    let tables = simulate(
        &world,
        scenario.seed,
        0..replicates,
        &Wanted::of(&["national"]),
    )?;
    for measure in ["mean_stock", "plane_share"] {
        let column = tables
            .column("national", measure)
            .ok_or("no such measure")?;
        let values = column.numbers().ok_or("no numbers")?;
        // A row for each replicate and month.
        let months = values.len() / replicates as usize;
        let last: Vec<f64> = values.chunks(months).map(|path| path[months - 1]).collect();
        let mean = last.iter().sum::<f64>() / f64::from(replicates);
        println!("{measure}: {mean:.3} on average after {months} months");
    }
    Ok(())
}
