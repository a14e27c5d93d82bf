//! Local Moran statistics of the stock at the end (Anselin 1995): which regions are alike or unlike whom they
//! hear.

use crate::measure::MoranWeights;
use crate::world::{PlaceId, World};

use super::run_data::PlaceHistory;

/// A region and those whom it hears, both against the mean over regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quadrant {
    /// Much among much.
    HighHigh,
    /// Little among little.
    LowLow,
    /// Much among little.
    HighLow,
    /// Little among much.
    LowHigh,
    /// Replicates do not agree.
    Unclear,
}

/// What is known of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// Position in the history of places.
    pub place: usize,
    /// Mean over replicates of I_i = (z_i / m₂) Σ_j w_ij z_j, with m₂ = Σ z² / n.
    pub index: f64,
    /// The quadrant that nineteen of twenty replicates share.
    pub quadrant: Quadrant,
    /// The share of replicates in the most frequent quadrant.
    pub agreement: f64,
}

/// The local statistics of all regions that carry weight.
pub fn local(world: &World, history: &PlaceHistory) -> Vec<Local> {
    let places = &world.places;
    let counted: Vec<PlaceId> = places.each().filter(|&i| places.counts[i]).collect();
    let position = |i: &PlaceId| {
        let id = &places.id[*i];
        history.ids.iter().position(|known| known == id)
    };
    let Some(at) = counted.iter().map(position).collect::<Option<Vec<usize>>>() else {
        return Vec::new();
    };
    let last = world.calendar.months.saturating_sub(1);
    let weights = MoranWeights::new(world, &counted, last);
    let n = counted.len();
    let mut sums = vec![0.0; n];
    let mut votes = vec![[0u32; 4]; n];
    for stocks in &history.last {
        let stock: Vec<f64> = at.iter().map(|at| stocks[*at]).collect();
        let mean = stock.iter().sum::<f64>() / n.max(1) as f64;
        let z: Vec<f64> = stock.iter().map(|s| s - mean).collect();
        let m2 = z.iter().map(|z| z * z).sum::<f64>() / n.max(1) as f64;
        let lags = weights.lags(&z);
        for i in 0..n {
            let lag = lags[i];
            if m2 > 0.0 {
                sums[i] += z[i] * lag / m2;
            }
            let quadrant = match (z[i] >= 0.0, lag >= 0.0) {
                (true, true) => 0,
                (false, false) => 1,
                (true, false) => 2,
                (false, true) => 3,
            };
            votes[i][quadrant] += 1;
        }
    }
    let replicates = history.last.len().max(1) as f64;
    let kinds = [
        Quadrant::HighHigh,
        Quadrant::LowLow,
        Quadrant::HighLow,
        Quadrant::LowHigh,
    ];
    (0..n)
        .map(|i| {
            let most = (0..4).max_by_key(|q| votes[i][*q]).unwrap_or(0);
            let agreement = f64::from(votes[i][most]) / replicates;
            Local {
                place: at[i],
                index: sums[i] / replicates,
                quadrant: if agreement >= 0.95 {
                    kinds[most]
                } else {
                    Quadrant::Unclear
                },
                agreement,
            }
        })
        .collect()
}
