//! A measure of one's own: from how far away, in km, are innovations taken up? A listener hears every adoption and keeps
//! what it wants; it changes nothing.
//!
//! `cargo run --release --example measure`

use std::error::Error;

use pointplane::prelude::*;
use pointplane::world::distance::great_circle_km;

/// Sum of distances and their number.
#[derive(Default)]
struct Distance {
    km: f64,
    adoptions: u32,
}

impl Listener for Distance {
    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let Some(origin) = innovation.origin else {
            return;
        };
        let [origin, here] = [origin, adoption.place].map(|i| world.places.position[i]);
        self.km += great_circle_km(origin.0, origin.1, here.0, here.1);
        self.adoptions += 1;
    }
}

pub fn main() -> Result<(), Box<dyn Error>> {
    let scenario = load("scenarios/minimal".as_ref(), &[], &[])?.scenario;
    let world = World::new(&scenario)?;
    for replicate in 0..3 {
        let mut distance = Distance::default();
        run(&world, scenario.seed, replicate, &mut distance)?;
        let Distance { km, adoptions } = distance;
        println!(
            "replicate {replicate}: {adoptions} adoptions, {:.0} km from their origin on average",
            km / f64::from(adoptions)
        );
    }
    Ok(())
}
