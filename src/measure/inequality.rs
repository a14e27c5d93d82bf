//! Inequality of a stock between places (model §8).

/// Theil's T and its two parts, T = within + between (Theil 1967).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Theil {
    /// T = Σ_i (m_i / M) · (s_i / μ) · ln(s_i / μ), weights m, weight-mean μ; 0 where all is 0.
    pub total: f64,
    /// Σ_g (share of the stock in g) · T within g.
    pub within: f64,
    /// Σ_g (share of the stock in g) · ln(mean of g / μ).
    pub between: f64,
}

/// Theil's T of `stock` (≥ 0) under `weight` (> 0), with groups numbered 0..`groups`.
pub fn theil(stock: &[f64], weight: &[f64], group: &[u32], groups: usize) -> Theil {
    let mut held = vec![0.0; groups];
    let mut weights = vec![0.0; groups];
    for ((s, m), g) in stock.iter().zip(weight).zip(group) {
        held[*g as usize] += s * m;
        weights[*g as usize] += m;
    }
    let all: f64 = held.iter().sum();
    if all <= 0.0 {
        return Theil::default();
    }
    let mean = all / weights.iter().sum::<f64>();
    let mut theil = Theil::default();
    for ((s, m), g) in stock.iter().zip(weight).zip(group) {
        if *s > 0.0 {
            let g = *g as usize;
            theil.total += s * m / all * libm::log(s / mean);
            theil.within += s * m / all * libm::log(s * weights[g] / held[g]);
        }
    }
    for (h, w) in held.iter().zip(&weights) {
        if *h > 0.0 {
            theil.between += h / all * libm::log(h / w / mean);
        }
    }
    theil
}

/// Weighted Gini coefficient: Σ_i Σ_j m_i m_j |s_i − s_j| / (2 M² μ); 0 where all is 0.
/// `order` is room for sorting.
pub fn gini(stock: &[f64], weight: &[f64], order: &mut Vec<u32>) -> f64 {
    order.clear();
    order.extend(0..stock.len() as u32);
    order.sort_unstable_by(|a, b| {
        stock[*a as usize]
            .total_cmp(&stock[*b as usize])
            .then(a.cmp(b))
    });
    // With places sorted by stock and w the weight so far: Σ m_i s_i (2 w_i − m_i) / (M · Σ m s) − 1.
    let (mut so_far, mut sum, mut held) = (0.0, 0.0, 0.0);
    for &i in order.iter() {
        let (s, m) = (stock[i as usize], weight[i as usize]);
        so_far += m;
        sum += m * s * (2.0 * so_far - m);
        held += m * s;
    }
    if held > 0.0 {
        sum / (so_far * held) - 1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairwise(stock: &[f64], weight: &[f64]) -> f64 {
        let total: f64 = weight.iter().sum();
        let mean: f64 = stock.iter().zip(weight).map(|(s, m)| s * m).sum::<f64>() / total;
        let mut sum = 0.0;
        for (s, m) in stock.iter().zip(weight) {
            for (r, n) in stock.iter().zip(weight) {
                sum += m * n * (s - r).abs();
            }
        }
        sum / (2.0 * total * total * mean)
    }

    #[test]
    fn known_values() {
        // One of two equal places holds all: Gini ½, Theil ln 2, all of it between when they are groups.
        let (stock, weight) = ([0.0, 4.0], [1.0, 1.0]);
        assert!((gini(&stock, &weight, &mut Vec::new()) - 0.5).abs() < 1e-15);
        let split = theil(&stock, &weight, &[0, 1], 2);
        assert!((split.total - std::f64::consts::LN_2).abs() < 1e-15);
        assert!(
            (split.between - std::f64::consts::LN_2).abs() < 1e-15 && split.within.abs() < 1e-15
        );
        assert_eq!(theil(&[0.0, 0.0], &weight, &[0, 0], 1), Theil::default());
        assert_eq!(gini(&[0.0, 0.0], &weight, &mut Vec::new()), 0.0);
    }

    proptest! {
        #[test]
        fn gini_is_the_pairwise_one_and_theil_adds_up(
            rows in prop::collection::vec((0.0..9.0f64, 0.1..5.0f64, 0u32..3), 2..30)
        ) {
            let stock: Vec<f64> = rows.iter().map(|r| r.0 + 0.01).collect();
            let weight: Vec<f64> = rows.iter().map(|r| r.1).collect();
            let group: Vec<u32> = rows.iter().map(|r| r.2).collect();
            let sorted = gini(&stock, &weight, &mut Vec::new());
            prop_assert!((sorted - pairwise(&stock, &weight)).abs() < 1e-12);
            let t = theil(&stock, &weight, &group, 3);
            prop_assert!((t.total - t.within - t.between).abs() < 1e-12);
            prop_assert!(t.within > -1e-12 && t.between > -1e-12);
        }
    }
}
