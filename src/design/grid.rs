//! Full factorial designs.

use super::error::most;
use super::{DesignError, Level};
use crate::texts::text;

/// `count` evenly spaced numbers from `from` to `to`, both included; one alone is `from`. They are
/// rounded to 15 digits, so that 0 to 0.5 in six is 0.3 there and not 0.30000000000000004.
pub fn steps(from: f64, to: f64, count: u32) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1);
    (0..count)
        .map(|at| {
            if at == 0 {
                return from;
            }
            if at == last {
                return to;
            }
            let share = f64::from(at) / f64::from(last);
            let value = from * (1.0 - share) + to * share;
            format!("{value:.14e}").parse().unwrap_or(value)
        })
        .collect()
}

/// How many points a grid over parameters with so many levels has.
///
/// # Errors
///
/// More points than a design may have; the message says how many.
pub fn grid_size(levels: &[usize]) -> Result<usize, DesignError> {
    let most = most(levels.len());
    let count = levels
        .iter()
        .try_fold(1u128, |count, levels| count.checked_mul(*levels as u128));
    match count {
        Some(count) if count <= most as u128 => Ok(count as usize),
        count => Err(DesignError::TooMany {
            count: count.map_or_else(
                || {
                    let digits: f64 = levels.iter().map(|n| libm::log10(*n as f64)).sum();
                    text!("about-power", digits = format!("{digits:.0}"))
                },
                |count| count.to_string().into(),
            ),
            how: Box::new(product(levels).into()),
            parameters: levels.len(),
            advice: Box::new(text!("fewer-levels")),
        }),
    }
}

/// `3 × 4 × 5`, cut short after a dozen factors.
fn product(levels: &[usize]) -> String {
    let mut factors: Vec<String> = levels.iter().take(12).map(usize::to_string).collect();
    if levels.len() > 12 {
        factors.push("…".to_owned());
    }
    factors.join(" × ")
}

/// Every combination of the levels, in their order; the last parameter varies fastest.
pub(super) fn combinations<'a>(
    levels: &'a [&'a [Level]],
    size: usize,
) -> impl Iterator<Item = Vec<Level>> + 'a {
    (0..size).map(move |mut point| {
        let mut values: Vec<Level> = levels
            .iter()
            .rev()
            .map(|levels| {
                let level = levels[point % levels.len()].clone();
                point /= levels.len();
                level
            })
            .collect();
        values.reverse();
        values
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_the_numbers_one_would_write() {
        assert_eq!(steps(0.0, 0.5, 6), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(steps(0.1, 0.5, 5), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(steps(1.0, 4.0, 4), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(steps(2.0, -2.0, 3), [2.0, 0.0, -2.0]);
        assert_eq!(steps(1e308, -1e308, 3), [1e308, 0.0, -1e308]);
        assert_eq!(steps(7.0, 9.0, 1), [7.0]);
        assert!(steps(0.0, 1.0, 0).is_empty());
    }

    #[test]
    fn the_last_parameter_varies_fastest() {
        let a = [Level::Number(2.0), Level::Number(1.0)];
        let b = [
            Level::Text("x".into()),
            Level::Flag(true),
            Level::Number(0.5),
        ];
        let shown: Vec<String> = combinations(&[&a, &b], 6)
            .map(|row| format!("{} {}", row[0], row[1]))
            .collect();
        assert_eq!(shown, ["2 x", "2 true", "2 0.5", "1 x", "1 true", "1 0.5"]);
    }

    #[test]
    fn a_grid_too_large_says_its_size() {
        assert_eq!(grid_size(&[3, 4, 5]), Ok(60));
        let error = grid_size(&[10; 12]).expect_err("too large").to_string();
        assert!(error.contains("1000000000000 points (10 × 10 ×"), "{error}");
        let error = grid_size(&[1000; 100]).expect_err("too large").to_string();
        assert!(error.contains("about 10^300 points"), "{error}");
        assert!(grid_size(&[usize::MAX, usize::MAX, usize::MAX]).is_err());
    }
}
