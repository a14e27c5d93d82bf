//! Who adopts in a month.

use prefetch_index::prefetch_index;
use rayon::prelude::*;

use crate::model::hazard::Hazard;
use crate::world::{InnovationId, PlaceId};

use super::row::{PairsMut, Row, for_early};
use super::{Engine, is_divided};

impl Engine {
    /// Finds the (innovation, place) that adopt in month `t`, ascending.
    pub fn due(
        &mut self,
        hazard: &Hazard<'_>,
        t: u16,
        adoptions: &mut Vec<(InnovationId, PlaceId)>,
    ) {
        let mut due = Vec::new();
        let drawn = &self.first_due[..self.told_from];
        for_early(drawn, t, |k| due.push(InnovationId::new(k)));
        adoptions.clear();
        if !is_divided(hazard.world) {
            return self.due_in_turn(hazard, t, &due, adoptions);
        }
        for &k in &due {
            let Some(row) = &self.rows[k] else {
                continue;
            };
            let parts = self.pairs.of_mut(k).parts();
            let found: Vec<(Vec<(InnovationId, PlaceId)>, u16)> = parts
                .map(|part| due_part(row, part, hazard, t, k))
                .collect();
            let earliest = found.iter().map(|(_, earliest)| *earliest).min();
            self.first_due[k] = earliest.unwrap_or(t + 1);
            for (found, _) in found {
                adoptions.extend_from_slice(&found);
            }
        }
    }

    fn due_in_turn(
        &mut self,
        hazard: &Hazard<'_>,
        t: u16,
        due: &[InnovationId],
        adoptions: &mut Vec<(InnovationId, PlaceId)>,
    ) {
        let Self {
            rows,
            pairs,
            first_due,
            ..
        } = self;
        let mut groups = Vec::new();
        for (n, &k) in due.iter().enumerate() {
            if let Some(&k) = due.get(n + 8) {
                pairs.fetch_first(k);
            }
            let at = pairs.of_mut(k);
            at.early_groups(t, |g| groups.push((k, g)));
        }
        for (n, &(k, g)) in groups.iter().enumerate() {
            if let Some(&(k, g)) = groups.get(n + 8) {
                prefetch_index(&*rows, k.index());
                pairs.fetch_group(k, g);
            }
            if let Some(row) = &rows[k] {
                let mut at = pairs.of_mut(k);
                row.due(&mut at, hazard, g, t, |i| adoptions.push((k, i)));
            }
        }
        for &k in due {
            first_due[k] = pairs.of_mut(k).earliest();
        }
    }
}

/// Finds who adopts in a part of the row of innovation `k`, and the earliest month of those left.
fn due_part(
    row: &Row,
    mut part: PairsMut<'_>,
    hazard: &Hazard<'_>,
    t: u16,
    k: InnovationId,
) -> (Vec<(InnovationId, PlaceId)>, u16) {
    let (mut groups, mut adoptions) = (Vec::new(), Vec::new());
    part.early_groups(t, |g| groups.push(g));
    for (n, &g) in groups.iter().enumerate() {
        if let Some(&g) = groups.get(n + 8) {
            part.fetch_group(g);
        }
        row.due(&mut part, hazard, g, t, |i| adoptions.push((k, i)));
    }
    (adoptions, part.earliest())
}
