//! The stock of innovations that places have: Σ_k q_k · 1\[adopted\], and items by domain.

use crate::model::Innovation;
use crate::world::{PlaceId, World};

/// Ticks per unit of quality: sums of stocks are exact and do not depend on the order of events.
const TICKS: f64 = (1u64 << 40) as f64;

/// Stocks by place.
#[derive(Clone, Debug)]
pub struct Stock {
    ticks: Vec<i64>,
    items: Vec<u32>,
    domains: usize,
    /// Number of items at each place.
    pub count: Vec<u32>,
}

impl Stock {
    /// Nothing anywhere.
    pub fn new(world: &World) -> Self {
        let (n, domains) = (world.places.len(), world.domains.len());
        Self {
            ticks: vec![0; n],
            items: vec![0; n * domains],
            domains,
            count: vec![0; n],
        }
    }

    /// Place `i` takes the innovation up (`sign` 1) or gives it up (−1).
    #[inline(always)]
    pub fn change(&mut self, i: PlaceId, innovation: &Innovation, sign: i32) {
        self.ticks[i] += i64::from(sign) * (innovation.quality * TICKS) as i64;
        let item = &mut self.items[i.index() * self.domains + innovation.domain as usize];
        *item = item.wrapping_add_signed(sign);
        self.count[i] = self.count[i].wrapping_add_signed(sign);
    }

    /// Σ_k q_k · 1\[k adopted at i\].
    #[inline(always)]
    pub fn of(&self, i: PlaceId) -> f64 {
        self.ticks[i] as f64 / TICKS
    }

    /// Items of place `i` in each domain.
    pub fn items(&self, i: PlaceId) -> &[u32] {
        &self.items[i.index() * self.domains..(i.index() + 1) * self.domains]
    }
}
