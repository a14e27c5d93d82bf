use proptest::prelude::*;

use super::*;

/// Whether each of the n parts of each column is hit once.
fn is_latin(cube: &[f64], n: usize, k: usize) -> bool {
    (0..k).all(|column| {
        let mut hit = vec![false; n];
        cube.chunks_exact(k).all(|row| {
            let part = (row[column] * n as f64) as usize;
            !std::mem::replace(&mut hit[part], true)
        })
    }) && cube.len() == n * k
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn each_part_of_each_column_is_hit_once(n in 1..60usize, k in 1..7usize, seed: u64) {
        prop_assert!(is_latin(&latin_hypercube(n, k, seed), n, k));
    }

    /// Still Latin, and never worse than the plain hypercube of the same seed.
    #[test]
    fn maximin_spreads_the_points_out(n in 3..30usize, k in 2..5usize, seed: u64) {
        let (plain, spread) = (latin_hypercube(n, k, seed), latin_hypercube_maximin(n, k, seed));
        prop_assert!(is_latin(&spread, n, k));
        prop_assert!(least_distance(&spread, k) >= least_distance(&plain, k));
    }
}

/// By how much: for 40 points in 3 columns at least three times as far apart on average as plain,
/// and exchanges add to the best of the starts.
#[test]
fn maximin_pays() {
    let (n, k) = (40, 3);
    let (mut plain, mut best, mut spread) = (0.0, 0.0, 0.0);
    for seed in 0..20 {
        plain += least_distance(&latin_hypercube(n, k, seed), k);
        best += (0..STARTS)
            .map(|start| least_distance(&hypercube(n, k, seed, start), k))
            .fold(0.0, f64::max);
        spread += least_distance(&latin_hypercube_maximin(n, k, seed), k);
    }
    assert!(spread > 3.0 * plain, "{spread} {plain}");
    assert!(spread > 1.3 * best, "{spread} {best}");
}

#[test]
fn the_least_distance_is_that_of_the_closest_pair() {
    assert_eq!(least_distance(&[0.0, 0.0, 0.3, 0.4, 1.0, 1.0], 2), 0.5);
    assert_eq!(least_distance(&[0.2, 0.2], 2), f64::INFINITY);
}

/// The nearest rows that exchanges keep up to date are those of a fresh look.
#[test]
fn exchanges_keep_the_books() {
    let k = 3;
    let mut spread = Spread::new(latin_hypercube(25, k, 5), k);
    for trial in 0..500 {
        let Ok(()) = spread.exchange::<Infallible>(Draws::new("test", 1), trial, &|_| Ok(true));
        let fresh = Spread::new(spread.cube.clone(), k);
        let distances = |spread: &Spread| spread.nearest.iter().map(|n| n.0).collect::<Vec<_>>();
        assert_eq!(distances(&spread), distances(&fresh));
    }
}

#[test]
fn under_a_constraint_rows_hold_and_follow_the_conditional_law() {
    let within = |n, most, holds: &dyn Fn(&[f64]) -> bool| {
        let Ok(result) =
            latin_hypercube_within::<Infallible>((n, 2), (9, 0), most, &|row| Ok(holds(row)));
        result
    };
    assert_eq!(within(30, 30, &|_| true), Ok(latin_hypercube(30, 2, 9)));
    let below = |row: &[f64]| row[0] < row[1];
    let cube = within(2000, 100_000, &below).expect("half of the rows hold");
    assert_eq!(cube.len(), 4000);
    assert!(cube.chunks_exact(2).all(below));
    // On the triangle the mean of the first column is 1/3, its standard deviation 1/√18: a right
    // design would fail for fewer than one seed in a million (4.9 standard errors).
    let mean = cube.chunks_exact(2).map(|row| row[0]).sum::<f64>() / 2000.0;
    assert!(
        (mean - 1.0 / 3.0).abs() < 4.9 / (18.0 * 2000f64).sqrt(),
        "{mean}"
    );
    let (accepted, tried) = within(100, 10_000, &|row| row[0] < 0.001).expect_err("too few");
    assert!(
        accepted < 100 && tried > 100 && tried <= 10_000,
        "{accepted} of {tried}"
    );
}
