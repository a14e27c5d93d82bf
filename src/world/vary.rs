//! The world of the same places and links with other values of the scales' parameters.

use std::sync::Arc;

use super::links::LinksError;
use super::{Backwash, World, Zone, intrinsic, line, mechanism, zones};
use crate::scenario::Scenario;

impl World {
    /// The world of `scenario`, which differs from `base`, the scenario of this world, at most in light
    /// keys (`scenario::is_light`): the same as [`World::new`], without making the links again.
    ///
    /// # Errors
    /// Those of [`World::new`].
    pub fn varied(&self, base: &Scenario, scenario: &Scenario) -> Result<Self, LinksError> {
        // Express links are there only where they carry something; pairs only where lines form.
        let linked = |s: &Scenario| (s.line.structures, s.line.structures && s.line.express > 0.0);
        if linked(base) != linked(scenario) {
            return Self::new(scenario);
        }
        let mut world = self.clone();
        // What costs most is made again only where it may change.
        let known: &[Zone] = if base.line.structures == scenario.line.structures
            && base.circle.radius_km.to_bits() == scenario.circle.radius_km.to_bits()
        {
            &self.zones
        } else {
            &[]
        };
        world.zones = zones::zones(scenario, &world.calendar, &world.places, known);
        (world.alliances, world.corridors, world.terms) =
            mechanism::terms(scenario, &world.calendar, &world.places, &world.zones);
        world.transit_strength = scenario.gateways.transit_strength;
        world.point.clone_from(&scenario.point);
        world.line = line(scenario);
        world.circle.clone_from(&scenario.circle);
        world.axis.clone_from(&scenario.axis);
        world.plane.clone_from(&scenario.plane);
        let backwash = Backwash::new(scenario, &world.places, &world.zones);
        world.backwash = backwash.map(Arc::new);
        world.intrinsic = intrinsic(scenario);
        world.rates = mechanism::rates(&world);
        if world.carried() != self.carried() || world.terms != self.terms {
            world.most_exposed = super::ticks::most_exposed(&world);
        }
        Ok(world)
    }

    /// What links can carry at most beside the base layers, apart from the terms themselves.
    fn carried(&self) -> (bool, [f64; mechanism::TIES.len()], Vec<f64>) {
        let values = self.terms.channels.iter();
        (
            self.line.structures,
            mechanism::bonuses(&self.line),
            values.map(|channel| channel.most(self)).collect(),
        )
    }
}
