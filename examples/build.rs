//! Builds a world in code, without files: a zone on a ring of regions, each of which hears its two neighbours. How many
//! months does it take until half of the regions have something?
//!
//! `cargo run --release --example build`

use std::error::Error;

use pointplane::prelude::*;

pub fn main() -> Result<(), Box<dyn Error>> {
    let regions = 40;
    let mut scenario = Scenario::new("ring", Month::new(2025, 1), Month::new(2044, 12));
    let zone = scenario.place(Place::zone("zone", "p", scenario.start, 60));
    let ring: Vec<u32> = (0..regions)
        .map(|n| scenario.place(Place::region(&format!("region-{n}"), "p", 1.0)))
        .collect();
    let of_ring = (0..regions).flat_map(|n| {
        let next = (n + 1) % regions;
        [(ring[n], ring[next], 1.0), (ring[next], ring[n], 1.0)]
    });
    let of_zone = std::iter::once((ring[0], zone, 2.0));
    scenario
        .layer("road", of_ring.chain(of_zone))
        .domain("trade", &[("road", 1.0)]);
    scenario.line.structures = false;
    scenario.circle.review_every = 0;

    let world = World::new(&scenario)?;
    let tables = simulate(&world, scenario.seed, 0..20, &Wanted::of(&["national"]))?;
    let coverage = tables
        .column("national", "coverage")
        .and_then(Column::numbers);
    let coverage = coverage.ok_or("no such measure")?;
    let half = |path: &[f64]| path.iter().position(|share| *share >= 0.5);
    let mut months: Vec<_> = coverage
        .chunks(coverage.len() / 20)
        .filter_map(half)
        .collect();
    months.sort_unstable();
    match months.get(months.len() / 2) {
        Some(median) => println!(
            "half of the ring after {median} months (median of {})",
            months.len()
        ),
        None => println!("never within 20 years"),
    }
    Ok(())
}
