//! The texts of the tables of a run.

use std::sync::Arc;

use crate::model::{Mechanisms, Shape};
use crate::world::{PlaceId, World};

/// Texts that all replicates share.
#[derive(Clone, Debug)]
pub struct Names {
    pub(super) places: Arc<Vec<String>>,
    pub(super) domains: Arc<Vec<String>>,
    pub(super) mechanisms: Arc<Vec<String>>,
    /// How mechanisms are named where a table is explained.
    pub(super) about_mechanisms: String,
    /// The mechanisms that come from no source.
    pub(super) unheard: String,
    pub(super) orientations: Arc<Vec<String>>,
    pub(super) kinds: Arc<Vec<String>>,
    pub(super) events: Arc<Vec<String>>,
    pub(super) ids: Arc<Vec<String>>,
    pairs: u32,
    zones: u32,
}

impl Names {
    /// The names of a world.
    pub fn new(world: &World) -> Self {
        let words = |list: &[&str]| Arc::new(list.iter().map(|w| (*w).to_owned()).collect());
        let id = |i: PlaceId| &world.places.id[i];
        let mut ids: Vec<String> = world
            .network
            .pairs
            .iter()
            .map(|(a, b)| format!("{}~{}", id(*a), id(*b)))
            .collect();
        ids.extend(world.zones.iter().map(|z| id(z.place).clone()));
        ids.extend(world.corridors.iter().map(|c| c.id.clone()));
        ids.push("plane".to_owned());
        let mechanisms = Mechanisms::new(world);
        Self {
            places: Arc::new(world.places.id.clone()),
            domains: Arc::new(world.domains.clone()),
            unheard: mechanisms.unheard(),
            mechanisms: Arc::new(mechanisms.names),
            about_mechanisms: mechanisms.about,
            orientations: words(&["direct", "indirect", "none"]),
            kinds: words(&["line", "circle", "axis", "plane"]),
            events: words(&["formed", "dissolved"]),
            pairs: world.network.pairs.len() as u32,
            zones: world.zones.len() as u32,
            ids: Arc::new(ids),
        }
    }

    /// The kind and the id of a structure.
    pub fn words(&self, shape: Shape) -> (&str, &str) {
        let (kind, id) = self.shape(shape);
        (&self.kinds[kind as usize], &self.ids[id as usize])
    }

    pub(super) fn shape(&self, shape: Shape) -> (u32, u32) {
        match shape {
            Shape::Line(pair) => (0, pair),
            Shape::Circle(zone) => (1, self.pairs + zone.code()),
            Shape::Axis(corridor) => (2, self.pairs + self.zones + corridor),
            Shape::Plane => (3, self.ids.len() as u32 - 1),
        }
    }
}
