//! Sobol indices against published values.

use pointplane::paired::DrawName;
use pointplane::sensitivity::{
    Estimate, Saltelli, ShapeError, Sobol, first_beyond_luck, luck_share, sobol, total_beyond_luck,
};
use proptest::prelude::*;

use super::functions::{
    G, Outcomes, assert_between, assert_mean, g, ishigami, normal, saltelli, stream,
};

const NAME: DrawName = DrawName::new(2010, 1, 2);

fn value(estimate: Option<Estimate>) -> f64 {
    estimate.unwrap().value
}

fn all_values(s: &Sobol) -> Vec<f64> {
    let first = s.parameters.iter().map(|p| value(p.first));
    let total = s.parameters.iter().map(|p| value(p.total));
    let pairs = s.pairs.iter().map(|p| value(p.index));
    first.chain(total).chain(pairs).collect()
}

/// First, total and pair indices of the Ishigami function from its variances.
fn of_ishigami() -> ([f64; 3], [f64; 3], [f64; 3]) {
    let pi4 = std::f64::consts::PI.powi(4);
    let v1 = 0.5 * (1.0 + 0.1 * pi4 / 5.0).powi(2);
    let v2 = 49.0 / 8.0;
    let v13 = 0.01 * pi4 * pi4 * 8.0 / 225.0;
    let v = v1 + v2 + v13;
    (
        [v1 / v, v2 / v, 0.0],
        [(v1 + v13) / v, v2 / v, v13 / v],
        [0.0, v13 / v, 0.0],
    )
}

/// The values that everyone prints (Saltelli et al. 2008, *Global sensitivity analysis: the primer*).
#[test]
fn published_values_of_ishigami() {
    let (first, total, _) = of_ishigami();
    for (ours, printed) in first.iter().zip([0.3139, 0.4424, 0.0]) {
        assert!((ours - printed).abs() < 5.1e-5);
    }
    for (ours, printed) in total.iter().zip([0.5576, 0.4424, 0.2437]) {
        assert!((ours - printed).abs() < 5.1e-5);
    }
}

/// 100 sweeps of 1024 blocks, each with other points: the mean of each index is the published one, with
/// pairs and without. A ratio of means over n blocks is off by a few hundredths of 1/√n at most times
/// its own error: 10⁻³ here.
#[test]
fn ishigami_is_met() {
    let (first, total, pairs) = of_ishigami();
    let truth: Vec<f64> = first.into_iter().chain(total).chain(pairs).collect();
    let (mut with, mut without) = (vec![Vec::new(); 9], vec![Vec::new(); 6]);
    for serial in 0..100 {
        let y = saltelli(1024, 3, |u, _| ishigami(u), &mut stream(1, serial));
        for (lists, design) in [
            (&mut with, y.with_pairs()),
            (&mut without, y.without_pairs()),
        ] {
            for (list, index) in lists
                .iter_mut()
                .zip(all_values(&sobol(design, NAME).unwrap()))
            {
                list.push(index);
            }
        }
    }
    for (i, (estimates, truth)) in with.iter().zip(&truth).enumerate() {
        assert_mean(&format!("Ishigami with pairs {i}"), estimates, *truth, 1e-3);
    }
    for (i, (estimates, truth)) in without.iter().zip(&truth).enumerate() {
        assert_mean(&format!("Ishigami {i}"), estimates, *truth, 1e-3);
    }
}

/// The g function with a = 0, 1, 4.5, 9, 99 …: V_i = 1 / 3 (1 + a_i)², V = Π (1 + V_i) − 1, total (1 +
/// V) V_i / (1 + V_i), pair V_i V_j, over V; first-order indices print as 0.716, 0.179, 0.024, 0.007,
/// 0.000 (Saltelli and Sobol 1995).
#[test]
fn g_function_is_met() {
    let of: Vec<f64> = G.iter().map(|a| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
    let v = of.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    let first = of.iter().map(|vi| vi / v);
    let total = of.iter().map(|vi| vi * (1.0 + v) / (1.0 + vi) / v);
    let pairs = (0..8).flat_map(|i| (i + 1..8).map(move |j| (i, j)));
    let pairs = pairs.map(|(i, j)| of[i] * of[j] / v);
    let truth: Vec<f64> = first.chain(total).chain(pairs).collect();
    for (ours, printed) in truth.iter().zip([0.716, 0.179, 0.024, 0.007, 0.0]) {
        assert!((ours - printed).abs() < 5e-4, "{ours} {printed}");
    }
    let mut estimates = vec![Vec::new(); truth.len()];
    for serial in 0..60 {
        let y = saltelli(1024, 8, |u, _| g(u), &mut stream(2, serial));
        let values = all_values(&sobol(y.with_pairs(), NAME).unwrap());
        for (list, index) in estimates.iter_mut().zip(values) {
            list.push(index);
        }
    }
    for (i, (estimates, truth)) in estimates.iter().zip(&truth).enumerate() {
        // The ratio's bias is in proportion to the index.
        assert_mean(&format!("g {i}"), estimates, *truth, 3e-3 * truth);
    }
}

/// Each 95 % interval covers the published value in about 95 % of 400 sweeps of 256 blocks.
#[test]
fn intervals_cover() {
    let (first, total, pairs) = of_ishigami();
    let mut hits = [0; 10];
    let trials = 400;
    for serial in 0..trials {
        let y = saltelli(256, 3, |u, _| ishigami(u), &mut stream(3, serial));
        let s = sobol(y.with_pairs(), NAME).unwrap();
        let truths = first.iter().chain(&total).chain(&pairs);
        let sum = std::iter::once(s.first_sum.unwrap());
        let estimates = s.parameters.iter().map(|p| p.first.unwrap());
        let estimates = estimates
            .chain(s.parameters.iter().map(|p| p.total.unwrap()))
            .chain(s.pairs.iter().map(|p| p.index.unwrap()))
            .chain(sum);
        let sum_of_first = first.iter().sum::<f64>();
        let truths = truths.copied().chain(std::iter::once(sum_of_first));
        for ((hit, estimate), truth) in hits.iter_mut().zip(estimates).zip(truths) {
            *hit += u32::from(estimate.covers(truth).unwrap());
        }
    }
    for (i, hits) in hits.into_iter().enumerate() {
        assert_between(&format!("Ishigami index {i}"), hits, trials, 0.93, 0.97);
    }
}

/// Two replicates per point, each with luck as large as the signal: indices move as the head of
/// `luck.rs` says, and the corrected ones are those of the function.
#[test]
fn luck_is_told_and_corrected() {
    // Additive: V = 4/12 + 1/12, S = 0.8 and 0.2, as totals. Luck of variance 5/12 per replicate: λ =
    // (1/2) / (3/2).
    let sd = (5.0_f64 / 12.0).sqrt();
    let (mut lucks, mut firsts, mut totals, mut raw) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for serial in 0..100 {
        let mut values = Vec::new();
        let y = saltelli(
            512,
            2,
            |u, luck| {
                let both = [0; 2].map(|_| 2.0 * u[0] + u[1] + sd * normal(luck));
                values.extend(both);
                (both[0] + both[1]) / 2.0
            },
            &mut stream(4, serial),
        );
        let luck = luck_share(&values, 2).unwrap().common.unwrap();
        let s = sobol(y.without_pairs(), NAME).unwrap();
        lucks.push(luck);
        raw.push(value(s.parameters[1].total));
        firsts.push(first_beyond_luck(value(s.parameters[0].first), luck).unwrap());
        totals.push(total_beyond_luck(value(s.parameters[1].total), luck).unwrap());
    }
    // Points of a Saltelli design repeat coordinates, so that their variance varies more than that of
    // independent ones.
    assert_mean("luck", &lucks, 1.0 / 3.0, 1e-3);
    assert_mean("total with luck", &raw, (0.2 + 0.5) / 1.5, 1e-3);
    assert_mean("first beyond luck", &firsts, 0.8, 2e-3);
    assert_mean("total beyond luck", &totals, 0.2, 2e-3);
}

/// By hand, f = x_1 x_2 on two blocks: A = (1, 2), B = (3, 5); A = (2, 0), B = (1, 1).
#[test]
fn by_hand() {
    let y = Outcomes {
        a: vec![2.0, 0.0],
        b: vec![15.0, 1.0],
        ab: vec![vec![6.0, 0.0], vec![5.0, 2.0]],
        ba: vec![vec![5.0, 2.0], vec![6.0, 0.0]],
    };
    // c = 4.5, V = (2.5² + 4.5² + 10.5² + 3.5²) / 3 = 149 / 3.
    let v = 149.0 / 3.0;
    let s = sobol(y.without_pairs(), NAME).unwrap();
    assert_eq!((s.blocks, s.dropped), (2, 0));
    assert!((s.variance.unwrap() - v).abs() < 1e-12);
    // S_1: (10.5 · 4 − 3.5 · 0) / 2; S_2: (10.5 · 3 − 3.5 · 2) / 2. T: (16 + 0) / 4, (9 + 4) / 4.
    let expected = [21.0 / v, 12.25 / v, 4.0 / v, 3.25 / v];
    for (ours, expected) in all_values(&s).iter().zip(expected) {
        assert!((ours - expected).abs() < 1e-14, "{ours} {expected}");
    }
    assert_eq!(s.parameters[0].first.unwrap().low, None);
    let s = sobol(y.with_pairs(), NAME).unwrap();
    // The other way round: (−2.5 · −10 − 4.5 · 1) / 2 = 10.25; (−2.5 · −9 − 4.5 · −1) / 2 = 13.5. T:
    // (100 + 1) / 4, (81 + 1) / 4. Pair: BA_1 AB_2: 0.5 · 0.5 + 2.5 · 2.5 = 6.5; BA_2 AB_1: 1.5 · 1.5 +
    // 4.5 · 4.5 = 22.5; A B: −2.5 · 10.5 + 4.5 · 3.5 = −10.5; so (14.5 + 10.5) / 2 = 12.5.
    let first = [(21.0 + 10.25) / 2.0 / v, (12.25 + 13.5) / 2.0 / v];
    let total = [(4.0 + 25.25) / 2.0 / v, (3.25 + 20.5) / 2.0 / v];
    let pair = 12.5 / v - first[0] - first[1];
    let expected = [first[0], first[1], total[0], total[1], pair];
    for (ours, expected) in all_values(&s).iter().zip(expected) {
        assert!((ours - expected).abs() < 1e-14, "{ours} {expected}");
    }
    assert!((value(s.first_sum) - first[0] - first[1]).abs() < 1e-14);
}

#[test]
fn what_is_missing_costs_its_block() {
    let mut y = saltelli(64, 3, |u, _| ishigami(u), &mut stream(5, 0));
    let without = |y: &Outcomes, r: usize| {
        let cut = |c: &Vec<f64>| {
            let mut c = c.clone();
            c.remove(r);
            c
        };
        Outcomes {
            a: cut(&y.a),
            b: cut(&y.b),
            ab: y.ab.iter().map(cut).collect(),
            ba: y.ba.iter().map(cut).collect(),
        }
    };
    let shorter = sobol(without(&y, 17).with_pairs(), NAME).unwrap();
    y.ba[2][17] = f64::NAN;
    let s = sobol(y.with_pairs(), NAME).unwrap();
    assert_eq!((s.blocks, s.dropped), (63, 1));
    assert_eq!((s.parameters, s.pairs), (shorter.parameters, shorter.pairs));
    // Without pairs BA is not asked.
    assert_eq!(sobol(y.without_pairs(), NAME).unwrap().blocks, 64);
}

#[test]
fn an_outcome_that_does_not_vary_has_no_index() {
    for value in [0.0, 0.1, -3e17, f64::NAN] {
        let y = saltelli(40, 2, |_, _| value, &mut stream(6, 0));
        let s = sobol(y.with_pairs(), NAME).unwrap();
        assert!(
            s.parameters
                .iter()
                .all(|p| p.first.is_none() && p.total.is_none())
        );
        assert!(s.pairs.iter().all(|p| p.index.is_none()) && s.first_sum.is_none());
        assert_eq!(s.variance, (!value.is_nan()).then_some(0.0));
        assert_eq!(s.blocks, if value.is_nan() { 0 } else { 40 });
    }
    // One block in 40 differs: an index, and no interval of resamples that mostly do without it.
    let mut y = saltelli(40, 2, |_, _| 1.0, &mut stream(6, 0));
    y.a[3] = 2.0;
    let share = sobol(y.without_pairs(), NAME).unwrap().parameters[0];
    assert!(
        share
            .total
            .is_some_and(|t| t.low.is_none() && t.value > 0.0)
    );
}

#[test]
fn wrong_lengths_are_told() {
    let y = saltelli(4, 2, |u, _| u[0], &mut stream(7, 0));
    let error = |design| sobol(design, NAME).unwrap_err().to_string();
    let short = vec![vec![0.0; 4], vec![0.0; 3]];
    let design = Saltelli {
        ab: &short,
        ..y.without_pairs()
    };
    assert_eq!(
        error(design),
        "AB of parameter 1 has 3 values where 4 belong"
    );
    let design = Saltelli {
        ba: &short[..1],
        ..y.with_pairs()
    };
    assert!(matches!(
        sobol(design, NAME),
        Err(ShapeError::Length { .. })
    ));
    let none = Saltelli {
        a: &[],
        b: &[],
        ab: &[],
        ba: &[],
    };
    assert_eq!(sobol(none, NAME).unwrap().variance, None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Another unit and another zero of the outcome change no index; a parameter that does nothing has
    /// 0 for both.
    #[test]
    fn units_do_not_matter(seed in 0_u64..1000, move_ in -1e3..1e3_f64, scale in 1e-6..1e6_f64) {
        let plain = |u: &[f64]| u[0] + u[0] * u[1];
        let y = saltelli(24, 3, |u, _| plain(u), &mut stream(seed, 1));
        let z = saltelli(24, 3, |u, _| (plain(u) + move_) * scale, &mut stream(seed, 1));
        let (y, z) = (sobol(y.with_pairs(), NAME).unwrap(), sobol(z.with_pairs(), NAME).unwrap());
        for (a, b) in all_values(&y).iter().zip(all_values(&z)) {
            prop_assert!((a - b).abs() < 1e-9, "{} {}", a, b);
        }
        let (a, b) = (y.parameters[0].first.unwrap(), z.parameters[0].first.unwrap());
        prop_assert!((a.low.unwrap() - b.low.unwrap()).abs() < 1e-6);
        prop_assert_eq!((value(y.parameters[2].first), value(y.parameters[2].total)), (0.0, 0.0));
    }
}

#[test]
fn same_name_same_bytes() {
    let y = saltelli(50, 3, |u, _| ishigami(u), &mut stream(8, 0));
    let s = sobol(y.with_pairs(), NAME).unwrap();
    assert_eq!(s, sobol(y.with_pairs(), NAME).unwrap());
    let other = sobol(y.with_pairs(), DrawName::new(2010, 1, 3)).unwrap();
    assert_ne!(s.parameters[0].first, other.parameters[0].first);
    assert_eq!(
        value(s.parameters[0].first),
        value(other.parameters[0].first)
    );
}
