use proptest::prelude::*;

use super::*;
use statrs::distribution::{ContinuousCDF, Normal};

fn number(distribution: &Distribution, u: f64) -> f64 {
    distribution.quantile(u, false).number().expect("a number")
}

fn truncated(mean: f64, sd: f64, min: Option<f64>, max: Option<f64>) -> Distribution {
    Distribution::Normal { mean, sd, min, max }
}

#[test]
fn quantiles_of_known_distributions() {
    let near = |found: f64, known: f64| {
        assert!(
            (found - known).abs() <= 1e-9 * known.abs().max(1.0),
            "{found} for {known}"
        );
    };
    near(
        number(
            &Distribution::Uniform {
                min: -1.0,
                max: 3.0,
            },
            0.25,
        ),
        0.0,
    );
    near(
        number(
            &Distribution::LogUniform {
                min: 0.01,
                max: 100.0,
            },
            0.25,
        ),
        0.1,
    );
    // Abramowitz and Stegun, table 26.5: the 97.5 % point of the standard normal.
    near(
        number(&truncated(10.0, 2.0, None, None), 0.975),
        10.0 + 2.0 * 1.959_963_984_540_054,
    );
    // F(x) = (x − min)² / ((max − min)(mode − min)) left of the mode.
    let triangle = Distribution::Triangular {
        min: 0.0,
        mode: 1.0,
        max: 4.0,
    };
    near(number(&triangle, 0.25), 1.0);
    near(number(&triangle, 0.0625), 0.5);
    near(number(&triangle, 1.0 - 1.0 / 12.0), 3.0);
}

/// The definition, F(q(u)) = F(min) + u (F(max) − F(min)), and for a half normal its known median.
#[test]
fn a_cut_normal_is_scaled_not_clipped() {
    let law = Normal::new(1.0, 0.5).expect("sd above 0");
    let cut = truncated(1.0, 0.5, Some(0.9), Some(1.4));
    for step in 0..=20 {
        let u = f64::from(step) / 20.0;
        let expected = law.cdf(0.9) + u * (law.cdf(1.4) - law.cdf(0.9));
        assert!((law.cdf(number(&cut, u)) - expected).abs() < 1e-10);
    }
    // The 75 % point of the standard normal.
    let half = number(&truncated(0.0, 1.0, Some(0.0), None), 0.5);
    assert!((half - 0.674_489_750_196_081_7).abs() < 1e-9, "{half}");
    // Far out in the upper tail, where 1 − F is lost in rounding: the mirror image of the lower.
    let upper = truncated(0.0, 1.0, Some(5.0), Some(7.0));
    let lower = truncated(0.0, 1.0, Some(-7.0), Some(-5.0));
    for u in [0.0, 0.1, 0.5, 0.9, 1.0] {
        let sum = number(&upper, u) + number(&lower, 1.0 - u);
        assert!(sum.abs() < 1e-7, "{sum} at {u}");
    }
}

#[test]
fn whole_uniform_numbers_have_equal_weights() {
    let dice = Distribution::Uniform { min: 1.0, max: 6.0 };
    let mut count = [0; 7];
    for i in 0..6000 {
        let face = dice.quantile((f64::from(i) + 0.5) / 6000.0, true).number();
        count[face.expect("a number") as usize] += 1;
    }
    assert_eq!(count, [0, 1000, 1000, 1000, 1000, 1000, 1000]);
    assert_eq!(dice.quantile(0.0, true), Level::Number(1.0));
    assert_eq!(dice.quantile(1.0, true), Level::Number(6.0));
}

#[test]
fn discrete_values_follow_their_weights_and_zero_means_never() {
    let values = ["a", "b", "c", "d"]
        .map(|text| Level::Text(text.to_owned()))
        .to_vec();
    let pick = |weights: Option<Vec<f64>>, u| {
        let values = values.clone();
        Distribution::Discrete { values, weights }
            .quantile(u, false)
            .to_string()
    };
    let weights = Some(vec![0.0, 1.0, 3.0, 0.0]);
    let seen: Vec<String> = [0.0, 0.249, 0.251, 1.0]
        .map(|u| pick(weights.clone(), u))
        .to_vec();
    assert_eq!(seen, ["b", "b", "c", "c"]);
    let seen: Vec<String> = [0.0, 0.26, 0.74, 0.76, 1.0].map(|u| pick(None, u)).to_vec();
    assert_eq!(seen, ["a", "b", "c", "d", "d"]);
}

#[test]
fn toml_is_read_by_the_tag() {
    let read = |text: &str| toml::from_str::<Distribution>(text);
    assert_eq!(
        read("distribution = \"log-uniform\"\nmin = 1\nmax = 10").expect("reads"),
        Distribution::LogUniform {
            min: 1.0,
            max: 10.0
        }
    );
    assert_eq!(
        read("distribution = \"normal\"\nmean = 0\nsd = 1\nmax = 2").expect("reads"),
        truncated(0.0, 1.0, None, Some(2.0))
    );
    assert!(read("distribution = \"discrete\"\nvalues = [\"a\", true, 3]").is_ok());
    assert!(read("distribution = \"gamma\"\nshape = 1").is_err());
}

#[test]
fn wrong_distributions_are_told_by_key() {
    let keys = |distribution: Distribution, whole| -> Vec<&'static str> {
        distribution
            .problems(whole)
            .iter()
            .map(|(key, _)| *key)
            .collect()
    };
    let uniform = |min, max| Distribution::Uniform { min, max };
    assert!(keys(uniform(0.0, 1.0), true).is_empty());
    assert_eq!(keys(uniform(1.0, 1.0), false), ["max"]);
    assert_eq!(keys(uniform(0.5, 2.5), true), ["min", "max"]);
    assert_eq!(
        keys(uniform(f64::NAN, f64::INFINITY), false),
        ["min", "max"]
    );
    assert_eq!(keys(uniform(-1e308, 1e308), false), ["max"]);
    let log = |min, max| Distribution::LogUniform { min, max };
    assert_eq!(keys(log(0.0, 1.0), false), ["min"]);
    assert_eq!(keys(truncated(0.0, 0.0, None, None), false), ["sd"]);
    assert_eq!(
        keys(truncated(0.0, f64::NAN, Some(2.0), Some(1.0)), false),
        ["sd"]
    );
    assert_eq!(
        keys(truncated(0.0, 1.0, Some(2.0), Some(1.0)), false),
        ["max"]
    );
    assert_eq!(keys(truncated(0.0, 1.0, Some(40.0), None), false), ["min"]);
    assert_eq!(keys(truncated(0.0, 1.0, None, Some(-40.0)), false), ["max"]);
    assert!(keys(truncated(0.5, 1.5, Some(-2.0), None), true).is_empty());
    let triangle = |min, mode, max| Distribution::Triangular { min, mode, max };
    assert!(keys(triangle(0.0, 0.0, 1.0), false).is_empty());
    assert_eq!(keys(triangle(0.0, 2.0, 1.0), false), ["mode"]);
    let discrete = |weights| Distribution::Discrete {
        values: vec![Level::Flag(true), Level::Flag(false)],
        weights,
    };
    assert!(keys(discrete(Some(vec![1.0, 0.0])), false).is_empty());
    assert_eq!(keys(discrete(Some(vec![1.0])), false), ["weights"]);
    assert_eq!(keys(discrete(Some(vec![1.0, -1.0])), false), ["weights"]);
    assert_eq!(keys(discrete(Some(vec![0.0, 0.0])), false), ["weights"]);
}

fn any_distribution() -> impl Strategy<Value = Distribution> {
    let whole = || (-1000..1000i32).prop_map(f64::from);
    let size = || (1..1000i32).prop_map(f64::from);
    prop_oneof![
        (whole(), size()).prop_map(|(min, size)| Distribution::Uniform {
            min,
            max: min + size
        }),
        (size(), size()).prop_map(|(min, size)| Distribution::LogUniform {
            min,
            max: min + size
        }),
        (whole(), size(), 0.0..1.0f64).prop_map(|(min, size, at)| Distribution::Triangular {
            min,
            mode: min + (size * at).floor(),
            max: min + size,
        }),
        (
            whole(),
            size(),
            prop::option::of(size()),
            prop::option::of(size())
        )
            .prop_map(|(mean, sd, below, above)| Distribution::Normal {
                mean,
                sd,
                min: below.map(|below| mean - below),
                max: above.map(|above| mean + above),
            }),
        prop::collection::vec(0.0..3.0, 1..6).prop_map(|weights| Distribution::Discrete {
            values: (0..weights.len())
                .map(|i| Level::Number(i as f64))
                .collect(),
            weights: Some(weights.iter().map(|w| w + 0.01).collect()),
        }),
    ]
}

proptest! {
    /// Quantiles never fall, stay in the span, and are whole where they must be.
    #[test]
    fn quantiles_rise_within_their_span(
        distribution in any_distribution(),
        mut shares in prop::collection::vec(0.0..=1.0, 2..40),
        whole: bool,
    ) {
        prop_assert_eq!(distribution.problems(whole), vec![]);
        shares.push(0.0);
        shares.push(1.0);
        shares.sort_by(f64::total_cmp);
        let (min, max) = distribution.span().expect("numbers");
        if !matches!(distribution, Distribution::Discrete { .. }) {
            prop_assert_eq!(distribution.quantile(0.0, whole), Level::Number(min));
            prop_assert_eq!(distribution.quantile(1.0, whole), Level::Number(max));
        }
        let mut before = f64::NEG_INFINITY;
        for u in shares {
            let value = distribution.quantile(u, whole).number().expect("a number");
            prop_assert!(value >= before, "{} after {}", value, before);
            prop_assert!((min..=max).contains(&value));
            prop_assert!(!whole || value.is_infinite() || value.fract() == 0.0);
            before = value;
        }
    }
}
