//! Numbers that no sweep should give, and do: nothing panics, and what is used is counted.

use pointplane::paired::DrawName;
use pointplane::sensitivity::{
    Saltelli, Scale, elementary_effects, interactions, luck_share, morris, regression, sobol,
    tornado,
};
use proptest::prelude::*;

const NAME: DrawName = DrawName::new(3, 1, 2);

/// Any number, and few of them so that ties are many.
fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, -0.0, 1.0, 0.1, 1e308, -1.7e308, 5e-324, 1e-300]),
        2 => -2.0..2.0_f64,
        1 => prop::num::f64::ANY,
    ]
}

fn columns(count: usize, most: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    (0..most).prop_flat_map(move |n| prop::collection::vec(prop::collection::vec(odd(), n), count))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn odd_numbers_do_no_harm(columns in columns(6, 30)) {
        let n = columns[0].len();
        let design = Saltelli { a: &columns[0], b: &columns[1], ab: &columns[2..4], ba: &columns[4..] };
        let s = sobol(design, NAME).unwrap();
        prop_assert_eq!(s.blocks + s.dropped, n);
        for share in &s.parameters {
            prop_assert!(share.total.is_none_or(|t| t.value >= 0.0));
        }

        let r = regression(&columns[1..], &columns[0]).unwrap();
        prop_assert_eq!(r.rows + r.dropped, n);
        prop_assert!(r.r2.is_none_or(|r2| (-1e-9..=1.0).contains(&r2)));
        for c in &r.rank_correlations {
            prop_assert!(c.prcc.is_none_or(|p| (-1.0..=1.0).contains(&p.value)));
            prop_assert!(c.prcc.and_then(|p| p.covers(p.value)).unwrap_or(true));
            prop_assert!(c.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
        }
        for c in &r.coefficients {
            prop_assert!(c.src.is_none_or(|s| s.value.is_finite()));
            prop_assert!(c.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
        }
        for pair in interactions(&columns[1..], &columns[0], 4).unwrap().pairs {
            prop_assert!(pair.gain.is_none_or(|gain| (0.0..=1.0 + 1e-9).contains(&gain)));
            prop_assert!(pair.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
        }

        let scales = [Scale::Ordered, Scale::Categories];
        let table: Vec<(Scale, Vec<f64>)> = (columns[1..].iter().enumerate())
            .map(|(i, c)| (scales[i % 2], c.clone()))
            .collect();
        for bar in tornado(&table, &columns[0]).unwrap() {
            prop_assert!(bar.low_points + bar.high_points <= bar.points && bar.points <= n);
            prop_assert_eq!(bar.swing.is_some(), bar.low_points > 0);
        }

        let values = columns.concat();
        let luck = luck_share(&values, 6).unwrap();
        prop_assert_eq!(luck.points + luck.dropped, n);
        for m in morris(&columns, NAME) {
            prop_assert_eq!(m.effects + m.dropped, n);
        }
        // Almost never trajectories: an error, not a panic.
        let _ = elementary_effects(&values[..n / 3 * 6], &columns[0][..n / 3 * 3], 2);
    }
}
