//! Bounds with a stated false-alarm rate: how far a right program may be from the law by chance.
//!
//! Every statistical check here fails by chance with probability at most 10⁻⁶ over the choice of the
//! seed; the seeds are fixed, so a check that passes once passes always.

/// Upper 10⁻⁶ quantile of the standard normal distribution.
const Z_ONE_SIDED: f64 = 4.7534;
/// Upper 5·10⁻⁷ quantile: |z| is larger with probability 10⁻⁶.
pub const Z: f64 = 4.8916;

/// Upper 10⁻⁶ quantile of χ² with `df` degrees of freedom (Wilson and Hilferty 1931).
pub fn chi_square_limit(df: usize) -> f64 {
    let df = df as f64;
    let v = 2.0 / (9.0 * df);
    df * (1.0 - v + Z_ONE_SIDED * v.sqrt()).powi(3)
}

/// Pearson's test of counts against expected counts. Neighbouring cells are joined until each expects
/// at least 10. For independent trials with unlike laws the statistic is stochastically smaller than
/// for like ones (each cell's variance Σp(1 − p) is at most n·p̄(1 − p̄)), so the bound still holds.
pub fn assert_chi_square(what: &str, counts: &[u64], expected: &[f64]) {
    assert_eq!(counts.len(), expected.len());
    let (seen, awaited): (u64, f64) = (counts.iter().sum(), expected.iter().sum());
    assert!(
        (seen as f64 - awaited).abs() < 1e-6 * awaited,
        "{what}: the law gives {awaited} in all, seen {seen}"
    );
    let mut cells: Vec<(f64, f64)> = Vec::new();
    let (mut count, mut mean) = (0.0, 0.0);
    for (&c, &e) in counts.iter().zip(expected) {
        count += c as f64;
        mean += e;
        if mean >= 10.0 {
            cells.push((count, mean));
            (count, mean) = (0.0, 0.0);
        }
    }
    if let Some(last) = cells.last_mut() {
        last.0 += count;
        last.1 += mean;
    }
    assert!(cells.len() > 5, "{what}: only {} cells", cells.len());
    let statistic: f64 = cells.iter().map(|(c, e)| (c - e).powi(2) / e).sum();
    let limit = chi_square_limit(cells.len() - 1);
    assert!(
        statistic < limit,
        "{what}: chi-square {statistic:.1} over {limit:.1} in {} cells\n{cells:?}",
        cells.len()
    );
}

/// z-test of a sum with known mean and variance.
pub fn assert_z(what: &str, sum: f64, mean: f64, variance: f64) {
    let z = (sum - mean) / variance.sqrt();
    assert!(
        z.abs() < Z,
        "{what}: {sum} where {mean} is expected, z = {z:.2}"
    );
}
