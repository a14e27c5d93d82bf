//! Two layouts with common random numbers: what does an alliance change, and how sure is that over replicates?
//!
//! `cargo run --release --example compare`

use std::error::Error;

use pointplane::prelude::*;

const REPLICATES: u32 = 40;

/// A measure in the last month of each replicate.
fn last(scenario: &Scenario, measure: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let world = World::new(scenario)?;
    let tables = simulate(
        &world,
        scenario.seed,
        0..REPLICATES,
        &Wanted::of(&["national"]),
    )?;
    let values = tables.column("national", measure).and_then(Column::numbers);
    let values = values.ok_or("no such measure")?;
    let months = values.len() / REPLICATES as usize;
    Ok(values.chunks(months).map(|path| path[months - 1]).collect())
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let with = load("scenarios/minimal".as_ref(), &[], &[])?.scenario;
    // The same scenario, in code, without its alliances.
    let mut without = with.clone();
    without.alliances.clear();
    for measure in ["mean_stock", "theil"] {
        let (x, y) = (last(&with, measure)?, last(&without, measure)?);
        let name = DrawName::new(with.seed, id_hash("without"), id_hash(measure));
        let effect = difference(&x, &y, Choice::T, name).ok_or("no replicates")?;
        let (Some(low), Some(high)) = (effect.low, effect.high) else {
            return Err("one replicate says nothing".into());
        };
        println!(
            "{measure} without alliances: {:+.3} ({low:+.3} to {high:+.3}, 95 %, luck only)",
            effect.mean
        );
    }
    Ok(())
}
