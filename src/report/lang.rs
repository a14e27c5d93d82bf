//! How numbers and months are written, in both languages.

use crate::scenario::Month;
use crate::texts::say;

pub use crate::texts::Lang;

/// A layout or a plan by its title in English and Chinese, with its id; the id where it has none.
pub fn titled(lang: Lang, id: &str, titles: &[String; 2]) -> String {
    match lang.name("", &titles[0], &titles[1]) {
        "" => id.to_owned(),
        name => say!(lang, "explain-place", name, id),
    }
}

/// A word at the head of a sentence.
pub fn headed(word: &str) -> String {
    let mut rest = word.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}

/// Two numbers at as few significant digits from three on as tell one from the other, eight at most.
pub fn apart(a: f64, b: f64) -> [String; 2] {
    let at = |digits: usize| [a, b].map(|value| significant(value, digits));
    let differ = (3..8).map(at).find(|[a, b]| a != b);
    differ.unwrap_or_else(|| at(8))
}

/// A number with so many significant digits, without needless zeros; whole numbers stay whole.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = libm::log10(value.abs()).floor() as i32;
    let decimals = (digits as i32 - 1 - size).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    // A hyphen is not a minus sign.
    match text.strip_prefix('-') {
        Some("0") => "0".to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A whole number with its thousands set apart.
pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < -0.5 {
        format!("−{text}")
    } else {
        text
    }
}

/// Three significant digits.
pub fn number(value: f64) -> String {
    significant(value, 3)
}

/// The same with its sign.
pub fn signed(value: f64) -> String {
    let text = number(value);
    if value > 0.0 && text != "0" {
        format!("+{text}")
    } else {
        text
    }
}

/// A number to three significant digits, whatever its size: 1,234.5 is 1,230.
pub fn three(value: f64) -> f64 {
    rounded(value, decimals(&[value]))
}

/// A number rounded to two significant digits.
pub fn two(value: f64) -> f64 {
    rounded(value, decimals(&[value]) - 1)
}

/// Decimals with which the largest of the numbers has three significant digits. Below zero it is the power of
/// ten that numbers of a thousand or more are rounded to.
pub fn decimals(values: &[f64]) -> i32 {
    let largest = values.iter().map(|value| value.abs());
    let largest = largest.filter(|v| v.is_finite()).fold(0.0, f64::max);
    if largest == 0.0 {
        return 0;
    }
    let wanted = (2 - libm::log10(largest).floor() as i32).min(12);
    // 99.96 is 100 and not 100.0.
    let carried = (1000.0 - rounded(largest, wanted) * libm::exp10(wanted.into())).abs() < 0.5;
    wanted - i32::from(carried)
}

fn rounded(value: f64, decimals: i32) -> f64 {
    if decimals < 0 {
        let step = libm::exp10((-decimals).into());
        (value / step).round() * step
    } else {
        format!("{value:.*}", decimals as usize)
            .parse()
            .unwrap_or(value)
    }
}

/// The size of a number with so many decimals, without its sign; see [`decimals`].
pub fn unsigned(value: f64, decimals: i32) -> String {
    let places = decimals.max(0) as usize;
    format!("{:.places$}", rounded(value.abs(), decimals))
}

/// A value and the ends of its interval with the same decimals: as many as the width of the interval gives two
/// digits, and no more than give the largest of the three numbers three.
pub fn together(values: [f64; 3], sign: bool) -> [String; 3] {
    let half = (values[2] - values[1]).abs() / 2.0;
    let size = if half > 0.0 && half.is_finite() {
        libm::log10(half).floor()
    } else {
        // Three digits of it.
        let own = if values[0] == 0.0 {
            1.0
        } else {
            values[0].abs()
        };
        libm::log10(own).floor() - 1.0
    };
    let known = (1.0 - size).clamp(0.0, 12.0) as i32;
    let most = if values.iter().any(|value| *value != 0.0) {
        decimals(&values)
    } else {
        known
    };
    values.map(|value| {
        let text = unsigned(value, known.min(most));
        let zero = text.bytes().all(|b| b == b'0' || b == b'.');
        match (value < 0.0 && !zero, sign && !zero) {
            (true, _) => format!("−{text}"),
            (false, true) => format!("+{text}"),
            (false, false) => text,
        }
    })
}

/// A month as a position on an axis of years.
pub fn year(month: Month) -> f64 {
    f64::from(month.year()) + f64::from(month.month() - 1) / 12.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let cases = [
            (498.966, "499"),
            (0.040_493, "0.0405"),
            (1_234_567.0, "1234567"),
            (-0.5, "−0.5"),
            (0.3 + 1e-17, "0.3"),
            (f64::NAN, "–"),
            (-1e-15, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        let whole = [
            (999.0, "999"),
            (100_000.0, "100,000"),
            (1_234_567.0, "1,234,567"),
        ];
        for (value, text) in whole {
            assert_eq!(grouped(value), text);
        }
        assert_eq!(signed(2.0), "+2");
        assert_eq!(signed(-2.0), "−2");
    }

    #[test]
    fn a_value_and_its_interval_have_the_same_decimals() {
        let cases = [
            // Three digits are the most, however narrow the interval is.
            ([-14.03, -14.71, -13.34], ["−14.0", "−14.7", "−13.3"]),
            ([15.471, 15.468, 15.474], ["+15.5", "+15.5", "+15.5"]),
            // Fewer where the interval gives no more.
            ([0.918, 0.868, 0.969], ["+0.918", "+0.868", "+0.969"]),
            ([5.0, -31.0, 41.0], ["+5", "−31", "+41"]),
            ([500.4, 493.0, 507.0], ["+500", "+493", "+507"]),
            ([0.0, 0.0, 0.0], ["0.00", "0.00", "0.00"]),
            // A carry gives no fourth digit.
            ([99.961, 99.958, 99.964], ["+100", "+100", "+100"]),
            ([9.996, 9.99, 10.002], ["+10.0", "+10.0", "+10.0"]),
            ([1234.0, 1000.0, 1506.0], ["+1230", "+1000", "+1510"]),
        ];
        for (values, words) in cases {
            assert_eq!(together(values, true), words);
        }
        let cases = [
            (1_234_567.0, 1_230_000.0),
            (-0.012_345, -0.0123),
            (999.6, 1000.0),
            (0.0, 0.0),
        ];
        for (value, short) in cases {
            assert_eq!(three(value), short);
        }
        assert!(three(f64::NAN).is_nan());
    }

    #[test]
    fn two_numbers_have_digits_that_tell_them_apart() {
        assert_eq!(apart(-0.151_36, -0.151_46), ["−0.1514", "−0.1515"]);
        assert_eq!(apart(-0.315, -0.332), ["−0.315", "−0.332"]);
        assert_eq!(apart(0.25, 0.25), ["0.25", "0.25"]);
    }
}
