//! Backwash (虹吸): open zones draw on the readiness of the regions around them.
//!
//! E_i(t) = E_i · exp(−χ · Σ_z 1\[z open at the end of t − 1, i not host of z\] · (1 − F_i) · exp(−d_iz/ρ)), i a region.
//!
//! It follows from openings alone, and so is the same in every replicate, and under all layouts with the same openings.

use crate::scenario::Scenario;
use crate::scenario::tables::Kind;

use super::{Places, Zone};

/// What each zone draws from each place while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Backwash {
    /// χ · (1 − F_i) · exp(−d_iz/ρ), `[zone · N + place]`; 0 of the zone's host, and of places that are no region.
    drawn: Vec<f64>,
    /// N.
    places: usize,
}

impl Backwash {
    /// Of a scenario; none where χ is 0.
    pub fn new(scenario: &Scenario, places: &Places, zones: &[Zone]) -> Option<Self> {
        let line = &scenario.line;
        if line.backwash == 0.0 {
            return None;
        }
        let spots = places.spots();
        let row = |i| &scenario.places[places.input[i] as usize];
        let mut drawn = Vec::with_capacity(zones.len() * places.len());
        for zone in zones {
            let host = row(zone.place).host.as_deref();
            drawn.extend(places.each().map(|i| {
                let place = row(i);
                if place.kind != Kind::Region || host == Some(&place.id) {
                    return 0.0;
                }
                let km = spots[i.index()].km_to(spots[zone.place.index()]);
                line.backwash * (1.0 - place.factor) * libm::exp(-km / line.backwash_km)
            }));
        }
        Some(Self {
            drawn,
            places: places.len(),
        })
    }

    /// What E_i is multiplied by in the month after `month`, by place: of the zones that are open at its end; before
    /// the first month none is.
    pub fn factors(&self, zones: &[Zone], month: Option<u16>) -> Vec<f64> {
        let mut drawn = vec![0.0; self.places];
        let of_zones = self.drawn.chunks_exact(self.places.max(1));
        for (zone, of_zone) in zones.iter().zip(of_zones) {
            if month.is_some_and(|t| zone.open <= t && t < zone.close) {
                for (sum, of) in drawn.iter_mut().zip(of_zone) {
                    *sum += of;
                }
            }
        }
        drawn.iter().map(|sum| libm::exp(-sum)).collect()
    }
}
