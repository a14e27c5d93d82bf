//! Standardised coefficients and partial rank correlations against exact values.

use pointplane::paired::holm;
use pointplane::sensitivity::{Standing, interactions, regression};
use proptest::prelude::*;

use super::functions::{assert_between, normal, stream, uniform};

fn uniforms(n: usize, k: usize, seed: u64, serial: u32) -> Vec<Vec<f64>> {
    let mut stream = stream(seed, serial);
    let mut columns = vec![Vec::new(); k];
    for _ in 0..n {
        columns
            .iter_mut()
            .for_each(|c| c.push(uniform(&mut stream)));
    }
    columns
}

fn of_rows(columns: &[Vec<f64>], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let row = |r: usize| columns.iter().map(|c| c[r]).collect::<Vec<f64>>();
    (0..columns[0].len()).map(|r| f(&row(r))).collect()
}

fn sd(values: &[f64]) -> f64 {
    correlation_parts(values, values).sqrt()
}

fn correlation_parts(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (a, b) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (n - 1.0)
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    correlation_parts(x, y) / sd(x) / sd(y)
}

/// By definition: 1 + the number of smaller values + half the number of equal others.
fn ranks(x: &[f64]) -> Vec<f64> {
    x.iter()
        .map(|a| {
            let smaller = x.iter().filter(|b| *b < a).count() as f64;
            let equal = x.iter().filter(|b| *b == a).count() as f64;
            smaller + (equal + 1.0) / 2.0
        })
        .collect()
}

/// By hand, on the corners of a square: y = 0, 2, 1, 5 is 2 + 1.5 x_1 + x_2 and residuals of ±½, R² =
/// 13/14. Residuals over 1 − h = ¼: ±2. ψ of x_1 in units of the outcome, over its sd: x_1 · (±2) + 1.5
/// (1 − w²)/2 …, done below in numbers.
#[test]
fn by_hand() {
    let columns = [vec![-1.0, 1.0, -1.0, 1.0], vec![-1.0, -1.0, 1.0, 1.0]];
    let y = [0.0, 2.0, 1.0, 5.0];
    let r = regression(&columns, &y).unwrap();
    assert!((r.r2.unwrap() - 13.0 / 14.0).abs() < 1e-15);
    assert!((r.adjusted_r2.unwrap() - (1.0 - 3.0 / 14.0)).abs() < 1e-15);
    let c = r.coefficients[0];
    let src = c.src.unwrap();
    assert!((src.value - 1.5 * (4.0 / 14.0_f64).sqrt()).abs() < 1e-15);
    assert!((c.slope.unwrap() - 1.5).abs() < 1e-15);
    assert!((c.variance_inflation.unwrap() - 1.0).abs() < 1e-15);
    // z² = 3/4 and w² = 3 (y − 2)² / 14; z e / (1 − h) = √(3/4) · x_1 · ±2 √(3/14): signs of x_1 e: −,
    // −, +, +.
    let squares: f64 = [(4.0, -1.0), (0.0, -1.0), (1.0, 1.0), (9.0, 1.0)]
        .iter()
        .map(|(d2, sign): &(f64, f64)| {
            let pull = sign * 2.0 * (0.75 * 3.0 / 14.0_f64).sqrt();
            (pull + src.value * (0.75 - 3.0 * d2 / 14.0) / 2.0).powi(2)
        })
        .sum();
    let half = 12.706_204_736 * squares.sqrt() / 4.0;
    assert!((src.high.unwrap() - src.value - half).abs() < 1e-7);
    // Ranks of y: 1, 3, 2, 4 = 2.5 + x_1 + x_2 / 2 exactly.
    assert_eq!(r.rank_r2, Some(1.0));
    assert_eq!(r.rank_correlations[1].prcc.map(|p| p.value), Some(1.0));
}

/// A linear function: SRC is b sd(x) / sd(y) whatever the columns are, R² is 1, slopes are those of the
/// function.
#[test]
fn linear_function() {
    let mut columns = uniforms(200, 3, 30, 0);
    // Correlated, and of unlike sizes.
    columns[1] = of_rows(&columns, |x| 1e6 * (x[0] + x[1]));
    let slopes = [2.0, -3e-6, 0.0];
    let y = of_rows(&columns, |x| 40.0 + slopes[0] * x[0] + slopes[1] * x[1]);
    let r = regression(&columns, &y).unwrap();
    assert_eq!((r.rows, r.dropped, r.r2), (200, 0, Some(1.0)));
    for ((c, column), slope) in r.coefficients.iter().zip(&columns).zip(slopes) {
        let src = c.src.unwrap();
        assert!(
            (src.value - slope * sd(column) / sd(&y)).abs() < 1e-11,
            "{c:?}"
        );
        assert!((c.slope.unwrap() - slope).abs() * sd(column) < 1e-11);
    }
    // Two correlated columns inflate each other: 1 / (1 − r²), once the third is taken out of both.
    let inflation = r.coefficients[0].variance_inflation.unwrap();
    assert!((1.8..2.3).contains(&inflation), "{inflation}");
}

/// y = x₁ + x₂ with x₂ = −x₁ + a little: the coefficients are large and cancel, so their squares are no shares of the variance;
/// what a column tells by itself is its squared correlation.
#[test]
fn columns_that_go_together_tell_little_by_themselves() {
    let mut columns = uniforms(400, 2, 5, 0);
    columns[1] = columns[0]
        .iter()
        .zip(&columns[1])
        .map(|(x, own)| 0.1 * own - x)
        .collect();
    let y = of_rows(&columns, |x| x[0] + x[1]);
    let r = regression(&columns, &y).unwrap();
    for (c, column) in r.coefficients.iter().zip(&columns) {
        assert!(c.src.unwrap().value.abs() > 5.0);
        let alone = correlation(column, &y).powi(2);
        assert!((c.alone.unwrap() - alone).abs() < 1e-12);
        assert!(alone < 0.1);
    }
}

/// One monotone parameter: PRCC 1 or −1, p 0; and others that do nothing are undefined, not 0 / 0.
#[test]
fn monotone_function() {
    let columns = uniforms(100, 2, 31, 0);
    for sign in [1.0, -1.0] {
        let y = of_rows(&columns, |x| sign * (9.0 * x[0]).exp());
        let alone = regression(&columns[..1], &y).unwrap();
        let c = alone.rank_correlations[0];
        let prcc = c.prcc.unwrap();
        assert_eq!(
            (prcc.value, prcc.low, prcc.high),
            (sign, Some(sign), Some(sign))
        );
        assert_eq!((c.p, alone.rank_r2), (Some(0.0), Some(1.0)));
        assert!(alone.r2.unwrap() < 0.7);
        let both = regression(&columns, &y).unwrap().rank_correlations;
        assert_eq!(both[0].prcc.unwrap().value, sign);
        assert_eq!((both[1].prcc, both[1].p), (None, None));
    }
}

/// A standard error against another way to it: leaving one row out at a time. They are equal up to
/// terms of order 1/n.
#[test]
fn jackknife_agrees() {
    let mut columns = uniforms(80, 3, 32, 0);
    columns[2] = of_rows(&columns, |x| x[0] + x[2]);
    let y = of_rows(&columns, |x| (2.0 * x[0]).exp() + x[1] * x[2]);
    let src = |skip: usize| {
        let cut = |c: &[f64]| {
            let rows = c.iter().enumerate().filter(|(r, _)| *r != skip);
            rows.map(|(_, v)| *v).collect::<Vec<f64>>()
        };
        let cuts: Vec<Vec<f64>> = columns.iter().map(|c| cut(c)).collect();
        regression(&cuts, &cut(&y)).unwrap().coefficients
    };
    let whole = src(80);
    for (j, coefficient) in whole.iter().enumerate() {
        let left: Vec<f64> = (0..80).map(|r| src(r)[j].src.unwrap().value).collect();
        let mean = left.iter().sum::<f64>() / 80.0;
        let jackknife = (left.iter().map(|v| (v - mean).powi(2)).sum::<f64>() * 79.0 / 80.0).sqrt();
        let estimate = coefficient.src.unwrap();
        // t of 76 degrees of freedom.
        let ours = (estimate.high.unwrap() - estimate.value) / 1.991_672_6;
        println!("{j}: {ours:.6} {jackknife:.6}");
        assert!((ours / jackknife - 1.0).abs() < 0.03, "{ours} {jackknife}");
    }
}

/// y = 2 x_1 + x_2 + c x_1 ε with variance c²/3 of the luck, so unequal: SRC in the population is b /
/// √(5 + 4 c²). Beside it PRCC of a normal y = x_1 + x_2 / 2 + ε: Spearman's ρ = 6/π asin(r / 2) of
/// each, and partial ones from these. And p < 0.05 for a column that does nothing.
#[test]
fn intervals_cover() {
    let trials = 3000;
    let (mut src, mut ranked, mut null, mut null_rank) = ([0; 2], [0; 2], 0, 0);
    let truth = [2.0, 1.0].map(|b| b / (5.0 + 4.0 * 0.25_f64).sqrt());
    let rho = [1.0, 0.5].map(|b: f64| 6.0 / std::f64::consts::PI * (b / 1.5 / 2.0).asin());
    let partial = [
        rho[0] / (1.0 - rho[1] * rho[1]).sqrt(),
        rho[1] / (1.0 - rho[0] * rho[0]).sqrt(),
    ];
    for serial in 0..trials {
        let columns = uniforms(60, 3, 33, serial);
        let mut luck = stream(34, serial);
        let y = of_rows(&columns, |x| 2.0 * x[0] + x[1]);
        let y: Vec<f64> = (y.iter().zip(&columns[0]))
            .map(|(y, x)| y + 0.5 * x * normal(&mut luck))
            .collect();
        let r = regression(&columns, &y).unwrap();
        for j in 0..2 {
            src[j] += u32::from(r.coefficients[j].src.unwrap().covers(truth[j]).unwrap());
        }
        null += u32::from(r.coefficients[2].p.unwrap() < 0.05);

        let columns: Vec<Vec<f64>> = (0..3)
            .map(|_| (0..60).map(|_| normal(&mut luck)).collect())
            .collect();
        let y: Vec<f64> = of_rows(&columns, |x| x[0] + 0.5 * x[1]);
        let y: Vec<f64> = y.iter().map(|y| y + normal(&mut luck)).collect();
        let r = regression(&columns, &y).unwrap();
        for j in 0..2 {
            let prcc = r.rank_correlations[j].prcc.unwrap();
            ranked[j] += u32::from(prcc.covers(partial[j]).unwrap());
        }
        null_rank += u32::from(r.rank_correlations[2].p.unwrap() < 0.05);
    }
    for j in 0..2 {
        assert_between(&format!("SRC {j}"), src[j], trials, 0.94, 0.97);
        assert_between(&format!("PRCC {j}"), ranked[j], trials, 0.94, 0.97);
    }
    assert_between("p of SRC", null, trials, 0.03, 0.06);
    assert_between("p of PRCC", null_rank, trials, 0.045, 0.055);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// PRCC of two columns is the textbook's partial correlation of ranks, ties or not; SRC that of
    /// correlations.
    #[test]
    fn two_columns_by_formula(seed in 0_u64..10_000, steps in prop::sample::select(vec![4.0, 1e9])) {
        let columns: Vec<Vec<f64>> = uniforms(15, 3, seed, 1)
            .iter()
            .map(|c| c.iter().map(|x| (x * steps).floor()).collect())
            .collect();
        let r = regression(&columns[..2], &columns[2]).unwrap();
        let formula = |x: &[f64], z: &[f64], y: &[f64]| {
            let (xy, zy, xz) = (correlation(x, y), correlation(z, y), correlation(x, z));
            let src = (xy - xz * zy) / (1.0 - xz * xz);
            (src, (xy - xz * zy) / ((1.0 - xz * xz) * (1.0 - zy * zy)).sqrt())
        };
        let (src, _) = formula(&columns[0], &columns[1], &columns[2]);
        let ranked: Vec<Vec<f64>> = columns.iter().map(|c| ranks(c)).collect();
        let (_, prcc) = formula(&ranked[0], &ranked[1], &ranked[2]);
        let ours = r.rank_correlations[0];
        prop_assert!((r.coefficients[0].src.unwrap().value - src).abs() < 1e-10);
        prop_assert!((ours.prcc.unwrap().value - prcc).abs() < 1e-10);
        let half = 1.959_964 * ((1.0 + prcc * prcc / 2.0) / 11.0).sqrt();
        let high = ours.prcc.unwrap().high.unwrap();
        prop_assert!((high - (prcc.atanh() + half).tanh()).abs() < 1e-6);
        let t = prcc * (12.0 / (1.0 - prcc * prcc)).sqrt();
        prop_assert!((ours.p.unwrap() - pointplane::paired::two_sided_p(t, 12.0)).abs() < 1e-9);
        // A monotone outcome of the outcome: other coefficients, the same ranks to the last byte.
        let bent: Vec<f64> = columns[2].iter().map(|y| (y / steps).exp()).collect();
        prop_assert_eq!(regression(&columns[..2], &bent).unwrap().rank_correlations, r.rank_correlations);
    }
}

#[test]
fn columns_that_say_nothing_are_told() {
    let mut columns = uniforms(50, 2, 35, 0);
    columns.insert(1, vec![0.1; 50]);
    columns.push(of_rows(&columns, |x| 3.0 * x[0] - x[2] + 1.0));
    let y = of_rows(&columns, |x| x[0] + x[2] * x[2]);
    let r = regression(&columns, &y).unwrap();
    let standing: Vec<Standing> = r.coefficients.iter().map(|c| c.standing).collect();
    use Standing::{Collinear, Constant, NoFit, Used};
    assert_eq!(standing, [Used, Constant, Used, Collinear]);
    let without = regression(&[columns[0].clone(), columns[2].clone()], &y).unwrap();
    assert_eq!(r.coefficients[2].src, without.coefficients[1].src);
    assert_eq!(r.r2, without.r2);
    // Holm's adjustment is that of the tests that there are.
    let p: Vec<Option<f64>> = r.coefficients.iter().map(|c| c.p).collect();
    assert_eq!([p[1], p[3]], [None, None]);
    let adjusted: Vec<Option<f64>> = r.coefficients.iter().map(|c| c.p_holm).collect();
    assert_eq!(adjusted, holm(&p));
    let p: Vec<Option<f64>> = r.rank_correlations.iter().map(|c| c.p).collect();
    let adjusted: Vec<Option<f64>> = r.rank_correlations.iter().map(|c| c.p_holm).collect();
    assert_eq!(adjusted, holm(&p));
    // Ranks of a combination are none.
    assert_eq!(r.rank_correlations[3].standing, Used);

    let flat = regression(&columns, &[0.1; 50]).unwrap();
    assert!(
        flat.coefficients
            .iter()
            .all(|c| c.standing == NoFit && c.src.is_none())
    );
    assert_eq!((flat.r2, flat.rank_r2), (None, None));
    let mut holes = y.clone();
    holes[3..].fill(f64::NAN);
    let few = regression(&columns, &holes).unwrap();
    assert_eq!((few.rows, few.dropped, few.r2), (3, 47, None));
    assert!(regression(&columns, &y[1..]).is_err());
    let none = regression(&[], &y).unwrap();
    assert_eq!((none.r2, none.rows), (None, 50));
}

/// By hand, on the corners of a square twice: y = x_1 x_2 ± 1, so g = 1 and R² rises from 0 to ½;
/// leverages are 4/8, u = ±2, t = 8 / √(8 · 4).
#[test]
fn interactions_by_hand() {
    let corners = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];
    let twice = || corners.iter().chain(&corners);
    let columns: Vec<Vec<f64>> = vec![
        twice().map(|c| c.0).collect(),
        twice().map(|c| c.1).collect(),
    ];
    let y: Vec<f64> = twice()
        .enumerate()
        .map(|(r, c)| c.0 * c.1 + if r < 4 { 1.0 } else { -1.0 })
        .collect();
    let table = interactions(&columns, &y, 9).unwrap();
    assert!(table.r2.unwrap().abs() < 1e-15);
    let pair = table.pairs[0];
    assert_eq!((table.pairs.len(), pair.first, pair.second), (1, 0, 1));
    assert!((pair.gain.unwrap() - 0.5).abs() < 1e-14);
    assert!((pair.t.unwrap() - 2.0_f64.sqrt()).abs() < 1e-14);
    // y has sd √(16/7), a column √(8/7): per unit product of standardised columns (8/7) / √(16/7).
    assert!((pair.coefficient.unwrap() - 8.0 / 7.0 / (16.0 / 7.0_f64).sqrt()).abs() < 1e-14);
    // Two categories of one parameter have no product.
    let columns = vec![
        vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        vec![0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    ];
    let pair = interactions(&columns, &y, 9).unwrap().pairs[0];
    assert_eq!((pair.gain, pair.t, pair.p_holm), (None, None, None));
}

/// The pair that interacts stands on top; p of a pair that does not is below 0.05 in about 5 %.
#[test]
fn interactions_are_found() {
    let trials = 2000;
    let mut null = 0;
    for serial in 0..trials {
        let columns = uniforms(100, 4, 36, serial);
        let mut luck = stream(37, serial);
        let y = of_rows(&columns, |x| {
            3.0 * x[0] + 2.0 * x[1] + x[3] + 8.0 * (x[0] - 0.5) * (x[1] - 0.5)
        });
        let y: Vec<f64> = y.iter().map(|y| y + 0.2 * normal(&mut luck)).collect();
        // Column 2 does nothing and is not among the three strongest.
        let table = interactions(&columns, &y, 3).unwrap();
        assert_eq!(table.pairs.len(), 3);
        let top = table.pairs[0];
        assert_eq!((top.first, top.second), (0, 1));
        assert!(top.p_holm.unwrap() < 1e-6);
        let other = table.pairs.iter().find(|p| (p.first, p.second) == (1, 3));
        null += u32::from(other.is_some_and(|p| p.p.unwrap() < 0.05));
    }
    assert_between("p of no interaction", null, trials, 0.04, 0.06);
}
