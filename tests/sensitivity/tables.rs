//! The tornado.

use pointplane::sensitivity::{Bar, Scale, tornado};

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::functions::{assert_between, stream, uniform};

fn one(scale: Scale, x: &[f64], y: &[f64]) -> Bar {
    tornado(&[(scale, x.to_vec())], y).unwrap()[0]
}

/// By hand: x = 1 … 100, y = 2 x. The lowest ten have mean 5.5, the highest 95.5; s² of 2 · (1 … 10) is
/// 4 · 55/6, so that the half width is t_{18} √(2 · 4 · 55/6 / 10).
#[test]
fn tenths_by_hand() {
    // Out of order, as a design is: 37 has no common divisor with 101.
    let x: Vec<f64> = (1..=100).map(|i| f64::from(37 * i % 101)).collect();
    let y: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
    let bar = one(Scale::Ordered, &x, &y);
    assert_eq!((bar.points, bar.low_points, bar.high_points), (100, 10, 10));
    assert_eq!((bar.low_value, bar.high_value), (Some(5.5), Some(95.5)));
    assert_eq!(
        (bar.outcome_at_low, bar.outcome_at_high),
        (Some(11.0), Some(191.0))
    );
    let swing = bar.swing.unwrap();
    let half = 2.100_922_04 * (2.0 * 4.0 * 55.0 / 6.0 / 10.0_f64).sqrt();
    assert_eq!(swing.value, 180.0);
    assert!((swing.high.unwrap() - 180.0 - half).abs() < 1e-6);
    assert!((180.0 - swing.low.unwrap() - half).abs() < 1e-6);
}

#[test]
fn ends_of_few_points_and_levels() {
    let counts = |x: &[f64]| {
        let y = vec![1.0; x.len()];
        let bar = one(Scale::Ordered, x, &y);
        (bar.low_points, bar.high_points)
    };
    let times = |levels: &[usize]| -> Vec<f64> {
        let runs = levels.iter().enumerate();
        runs.flat_map(|(level, n)| vec![level as f64; *n]).collect()
    };
    // At least five of many values, and never more than half.
    assert_eq!(counts(&times(&[1; 30])), (5, 5));
    assert_eq!(counts(&times(&[1; 7])), (3, 3));
    assert_eq!(counts(&times(&[1; 2])), (1, 1));
    assert_eq!(counts(&times(&[1; 95])), (10, 10));
    // Levels: exact, also with three points each; a rare one takes the next along, but not the other end.
    assert_eq!(counts(&times(&[3, 3, 3])), (3, 3));
    assert_eq!(counts(&times(&[40, 40, 40])), (40, 40));
    assert_eq!(counts(&times(&[20, 50, 50])), (20, 50));
    assert_eq!(counts(&times(&[2, 50, 50])), (52, 50));
    assert_eq!(counts(&times(&[2, 98])), (2, 98));
    // More than ten levels: the tenth, whole levels.
    assert_eq!(counts(&times(&[6; 20])), (12, 12));
}

#[test]
fn sorted_by_swing_and_missing_left_out() {
    let n = 60;
    let mut luck = stream(40, 0);
    let columns: Vec<Vec<f64>> = (0..3)
        .map(|_| (0..n).map(|_| uniform(&mut luck)).collect())
        .collect();
    let mut y: Vec<f64> = (0..n)
        .map(|r| columns[0][r] - 5.0 * columns[1][r])
        .collect();
    y[7] = f64::NAN;
    let table: Vec<(Scale, Vec<f64>)> = std::iter::once(vec![4.0; n])
        .chain(columns)
        .map(|c| (Scale::Ordered, c))
        .collect();
    let bars = tornado(&table, &y).unwrap();
    let order: Vec<usize> = bars.iter().map(|b| b.parameter).collect();
    assert_eq!((order[0], order[3]), (2, 0));
    assert!(bars.iter().all(|b| b.points == n - 1));
    assert!(bars[0].swing.unwrap().high.unwrap() < 0.0);
    assert!(bars.windows(2).all(|two| {
        let size = |b: &Bar| b.swing.map_or(0.0, |s| s.value.abs());
        size(&two[0]) >= size(&two[1])
    }));
    assert_eq!((bars[3].swing, bars[3].low_value), (None, None));
    assert!(tornado(&table, &y[1..]).is_err());
}

/// Category 7 has the least mean, 1 the greatest; their number says nothing. Three pairs: t at 1 −
/// 0.05/3.
#[test]
fn categories_by_hand() {
    let x = [1.0, 7.0, 3.0, 1.0, 7.0, 3.0].repeat(3);
    let y = [9.0, 1.0, 5.0, 11.0, 3.0, 5.0].repeat(3);
    let bar = one(Scale::Categories, &x, &y);
    assert_eq!((bar.low_value, bar.high_value), (Some(7.0), Some(1.0)));
    let swing = bar.swing.unwrap();
    // s² = 6/5 in both, six points each: √(1/5 + 1/5), ten degrees of freedom.
    let t = StudentsT::new(0.0, 1.0, 10.0).unwrap();
    let half = t.inverse_cdf(1.0 - 0.025 / 3.0) * 0.4_f64.sqrt();
    assert_eq!(swing.value, 8.0);
    assert!(
        (swing.high.unwrap() - 8.0 - half).abs() < 1e-6,
        "{swing:?} {half}"
    );
    // Equal means are a swing of 0 between two categories.
    let bar = one(Scale::Categories, &[1.0, 2.0].repeat(5), &[3.0; 10]);
    assert_eq!((bar.low_value, bar.high_value), (Some(1.0), Some(2.0)));
    let swing = bar.swing.unwrap();
    assert_eq!(
        (swing.value, swing.low, swing.high),
        (0.0, Some(0.0), Some(0.0))
    );
}

/// A grid of 2 × 6 points: what b does is no noise to the swing of a. Additive: 20 in every block, without width;
/// with an interaction the differences are 20 + 2 b, b = 0 … 5: mean 25, s² = 14, t₅ √(14/6). Unblocked, b alone would
/// make the interval hundreds wide. Fewer than five blocks or points have no interval.
#[test]
fn a_grid_is_blocked_by_its_other_parameters() {
    let grid = |a: usize, b: usize| -> Vec<(f64, f64)> {
        let of = |a| (0..b).map(move |b| (a as f64, b as f64));
        (0..a).flat_map(of).collect()
    };
    let bar = |points: &[(f64, f64)], y: &dyn Fn(f64, f64) -> f64| -> Bar {
        let columns = [0, 1].map(|at| {
            let of = |p: &(f64, f64)| if at == 0 { p.0 } else { p.1 };
            (Scale::Ordered, points.iter().map(of).collect())
        });
        let y: Vec<f64> = points.iter().map(|(a, b)| y(*a, *b)).collect();
        let bars = tornado(&columns, &y).unwrap();
        *bars.iter().find(|bar| bar.parameter == 0).unwrap()
    };
    let points = grid(2, 6);
    let swing = bar(&points, &|a, b| 20.0 * a + 100.0 * b).swing.unwrap();
    assert_eq!(
        (swing.value, swing.low, swing.high),
        (20.0, Some(20.0), Some(20.0))
    );
    let swing = bar(&points, &|a, b| a * (20.0 + 2.0 * b) + 100.0 * b)
        .swing
        .unwrap();
    let half = StudentsT::new(0.0, 1.0, 5.0).unwrap().inverse_cdf(0.975) * (14.0_f64 / 6.0).sqrt();
    assert_eq!(swing.value, 25.0);
    assert!(
        (swing.high.unwrap() - 25.0 - half).abs() < 1e-6,
        "{swing:?} {half}"
    );
    // A constraint took a point away: blocks that are whole count.
    let cut: Vec<(f64, f64)> = points
        .iter()
        .copied()
        .filter(|p| *p != (1.0, 5.0))
        .collect();
    let swing = bar(&cut, &|a, b| 20.0 * a + 100.0 * b).swing.unwrap();
    assert_eq!((swing.value, swing.low), (20.0, Some(20.0)));
    let few = bar(&grid(3, 4), &|a, b| 20.0 * a + 100.0 * b)
        .swing
        .unwrap();
    assert_eq!((few.value, few.low), (40.0, None));
    let two = one(Scale::Ordered, &[1.0, 2.0, 3.0, 4.0], &[1.0, 5.0, 2.0, 9.0]);
    assert!(two.swing.is_some_and(|swing| swing.low.is_none()));
}

/// y = x_1 + x_2² of independent points: the swing of x_1 between its tenths is E of the 10 + 10
/// outermost of 100, (100 − 9)/101 … = 91/101; of a parameter that does nothing it is 0. Among four
/// categories that do nothing, the chosen two differ beyond the interval in at most 5 %.
#[test]
fn intervals_cover() {
    let trials = 2000;
    let (mut hits, mut null, mut chosen) = (0, 0, 0);
    for serial in 0..trials {
        let mut luck = stream(41, serial);
        let mut column = || (0..100).map(|_| uniform(&mut luck)).collect::<Vec<f64>>();
        let (a, b, idle) = (column(), column(), column());
        let groups: Vec<f64> = column().iter().map(|u| (4.0 * u).floor()).collect();
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b * b).collect();
        // Mean of the highest ten order statistics of 100 uniforms is 95.5/101, of the lowest 5.5/101.
        let truth = 90.0 / 101.0;
        let covers = |bar: Bar, truth| u32::from(bar.swing.unwrap().covers(truth).unwrap());
        hits += covers(one(Scale::Ordered, &a, &y), truth);
        null += covers(one(Scale::Ordered, &idle, &y), 0.0);
        chosen += covers(one(Scale::Categories, &groups, &y), 0.0);
    }
    assert_between("swing", hits, trials, 0.94, 0.965);
    assert_between("no swing", null, trials, 0.94, 0.965);
    assert_between("categories", chosen, trials, 0.95, 0.985);
}
