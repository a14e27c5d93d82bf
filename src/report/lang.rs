//! The two languages of a report, and how numbers and months are written in both.

use std::fmt;

use crate::measure::Words;
use crate::scenario::Month;

/// Language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// The words in this language.
    pub const fn of<'t>(self, en: &'t str, zh: &'t str) -> &'t str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

    /// Words of the registry in this language.
    pub const fn words(self, words: Words) -> &'static str {
        self.of(words.en, words.zh)
    }

    /// The value of the attribute `lang`.
    pub const fn tag(self) -> &'static str {
        self.of("en", "zh-CN")
    }

    /// A name with an id to fall back on.
    pub fn name<'t>(self, id: &'t str, en: &'t str, zh: &'t str) -> &'t str {
        let names = match self {
            Self::En => [en, zh],
            Self::Zh => [zh, en],
        };
        let known = names.into_iter().find(|name| !name.trim().is_empty());
        known.unwrap_or(id)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of("en", "zh"))
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

    #[test]
    fn names_fall_back() {
        assert_eq!(Lang::Zh.name("a", "A", ""), "A");
        assert_eq!(Lang::En.name("a", " ", ""), "a");
        assert_eq!(Lang::Zh.name("a", "A", "甲"), "甲");
    }
}
