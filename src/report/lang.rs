//! How numbers and months are written, in both languages.

use crate::measure::Words;
use crate::scenario::Month;

pub use crate::texts::Lang;

impl Lang {
    /// Words of the registry in this language.
    pub const fn words(self, words: Words) -> &'static str {
        self.of(words.en, words.zh)
    }
}

/// A number with so many significant digits, without needless zeros; whole numbers stay whole.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let size = value.abs().log10().floor() as i32;
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

/// A value and the ends of its interval with the same decimals: as many as the width of the interval gives two
/// digits.
pub fn together(values: [f64; 3], sign: bool) -> [String; 3] {
    let half = (values[2] - values[1]).abs() / 2.0;
    let size = if half > 0.0 && half.is_finite() {
        half.log10().floor()
    } else {
        values[0].abs().max(1.0).log10().floor() - 1.0
    };
    let decimals = (1.0 - size).clamp(0.0, 12.0) as usize;
    values.map(|value| {
        let text = format!("{:.decimals$}", value.abs());
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
        let words = together([-14.03, -14.71, -13.34], true);
        assert_eq!(words, ["−14.03", "−14.71", "−13.34"]);
        assert_eq!(
            together([500.0, 493.0, 507.0], false),
            ["500.0", "493.0", "507.0"]
        );
        assert_eq!(together([0.0, 0.0, 0.0], true), ["0.00", "0.00", "0.00"]);
        assert_eq!(
            together([1234.0, 1000.0, 1500.0], false),
            ["1234", "1000", "1500"]
        );
    }
}
