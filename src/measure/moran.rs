//! Moran's I: whether places with a large stock listen to places with a large stock (model §8).

use crate::world::{LinkId, PlaceId, World};

/// W of Moran's I: the mean of the layers' weights between places that count, row-standardised again.
#[derive(Clone, Debug)]
pub struct MoranWeights {
    start: Vec<u32>,
    neighbour: Vec<u32>,
    weight: Vec<f64>,
    rows: f64,
}

impl MoranWeights {
    /// The weights of a world in a month; `counted` lists the places that count, ascending.
    pub fn new(world: &World, counted: &[PlaceId], month: u16) -> Self {
        let network = &world.network;
        let versions = network.versions(month);
        let mut number = vec![u32::MAX; world.places.len()];
        for (n, &i) in counted.iter().enumerate() {
            number[i] = n as u32;
        }
        let mut moran = Self {
            start: vec![0],
            neighbour: Vec::new(),
            weight: Vec::new(),
            rows: 0.0,
        };
        for &i in counted {
            let from = moran.weight.len();
            for e in LinkId::each(network.row(i)) {
                let neighbour = number[network.source[e]];
                let weight: f64 = network.base_links(versions[e] as usize).iter().sum();
                if neighbour != u32::MAX && weight > 0.0 {
                    moran.neighbour.push(neighbour);
                    moran.weight.push(weight);
                }
            }
            let total: f64 = moran.weight[from..].iter().sum();
            if total > 0.0 {
                moran.weight[from..].iter_mut().for_each(|w| *w /= total);
                moran.rows += 1.0;
            }
            moran.start.push(moran.weight.len() as u32);
        }
        moran
    }

    /// I = (n / S₀) · Σ_ij w_ij z_i z_j / Σ_i z_i², z the deviation from the plain mean, S₀ the sum of
    /// all weights (Moran 1950); `None` where all places have the same stock or none has a neighbour.
    /// `z` is room for the deviations.
    pub fn index(&self, stock: &[f64], z: &mut Vec<f64>) -> Option<f64> {
        let n = stock.len() as f64;
        let mean = stock.iter().sum::<f64>() / n;
        z.clear();
        z.extend(stock.iter().map(|s| s - mean));
        let squares: f64 = z.iter().map(|z| z * z).sum();
        if squares <= 1e-24 * (1.0 + mean * mean) * n || self.rows == 0.0 {
            return None;
        }
        let lags = self.lags(z);
        let sum: f64 = lags.iter().zip(z.iter()).map(|(lag, z)| z * lag).sum();
        Some(n / self.rows * sum / squares)
    }

    /// The spatial lag of each place: Σ_j w_ij z_j.
    pub fn lags(&self, z: &[f64]) -> Vec<f64> {
        let row = |bounds: &[u32]| bounds[0] as usize..bounds[1] as usize;
        let lag = |bounds: &[u32]| {
            let neighbours = &self.neighbour[row(bounds)];
            let weights = &self.weight[row(bounds)];
            let terms = neighbours.iter().zip(weights);
            terms.map(|(j, w)| w * z[*j as usize]).sum()
        };
        self.start.windows(2).map(lag).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of four places that hear both neighbours.
    fn ring() -> MoranWeights {
        MoranWeights {
            start: vec![0, 2, 4, 6, 8],
            neighbour: vec![1, 3, 0, 2, 1, 3, 0, 2],
            weight: vec![0.5; 8],
            rows: 4.0,
        }
    }

    #[test]
    fn known_values() {
        let room = &mut Vec::new();
        // Checkerboard: every neighbour is opposite, I = −1. Halves: one neighbour alike, one not, I = 0.
        assert_eq!(ring().index(&[1.0, 0.0, 1.0, 0.0], room), Some(-1.0));
        assert_eq!(ring().index(&[1.0, 1.0, 0.0, 0.0], room), Some(0.0));
        assert_eq!(ring().index(&[3.0; 4], room), None);
    }
}
