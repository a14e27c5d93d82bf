//! Many tests at once: Holm's step-down adjustment.

/// Adjusted p values of Holm (1979), *A simple sequentially rejective multiple test procedure*,
/// Scandinavian Journal of Statistics 6: the i-th smallest of m becomes
/// max over k ≤ i of min(1, (m - k + 1) · p_(k)).
///
/// Rejecting where the adjusted p is at most α keeps the probability of any false rejection at α,
/// whatever the dependence of the tests. A missing p (also NaN) is no test of the family: it stays
/// missing and does not count in m. The order of the answer is that of the input.
pub fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut tests: Vec<(usize, f64)> = p
        .iter()
        .enumerate()
        .filter_map(|(i, p)| p.filter(|p| !p.is_nan()).map(|p| (i, p)))
        .collect();
    tests.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![None; p.len()];
    let mut largest = 0.0_f64;
    for (rank, (i, p)) in tests.iter().enumerate() {
        largest = largest.max(((tests.len() - rank) as f64 * p).min(1.0));
        adjusted[*i] = Some(largest);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(p: &[f64]) -> Vec<f64> {
        holm(&p.iter().copied().map(Some).collect::<Vec<_>>())
            .into_iter()
            .flatten()
            .collect()
    }

    /// The worked example of the encyclopedias: of H1 … H4 with these p, at 5 % Holm rejects H4 and
    /// then H1, and stops at H3.
    #[test]
    fn worked_example() {
        let adjusted = of(&[0.01, 0.04, 0.03, 0.005]);
        for (got, want) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((got - want).abs() < 1e-12, "{adjusted:?}");
        }
    }

    #[test]
    fn between_p_and_bonferroni() {
        let p = [0.2, 0.001, 0.8, 0.04, 0.04];
        for (adjusted, p) in of(&p).iter().zip(p) {
            assert!(p <= *adjusted && *adjusted <= (5.0 * p).min(1.0));
        }
        assert_eq!(of(&[0.9, 0.8]), [1.0, 1.0]);
        assert_eq!(of(&[0.04]), [0.04]);
        assert_eq!(of(&[]), [0.0; 0]);
    }

    #[test]
    fn what_is_missing_is_not_counted() {
        assert_eq!(
            holm(&[None, Some(0.02), Some(f64::NAN), Some(0.5)]),
            [None, Some(0.04), None, Some(0.5)]
        );
    }
}
