//! Calendar months: the clock of the model.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::texts::{Fill, Text, Value, spoken, text};

/// A calendar month, counted from January of year 0. Written `YYYY-MM`; `YYYY-MM-DD` is read too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

/// Why a text is not a month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct MonthError(pub String);

impl MonthError {
    /// The error in words.
    pub fn text(&self) -> Text {
        text!("month-form", month = self.0)
    }
}

spoken!(MonthError);

impl Month {
    /// The month `month` (1..=12) of `year`.
    pub const fn new(year: i32, month: i32) -> Self {
        Self(year * 12 + month - 1)
    }

    /// Calendar year.
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Month within the year, 1 to 12.
    pub const fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// Months from `earlier` to this one; negative when this one is before it.
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let wrong = || MonthError(text.chars().take(40).collect());
        let mut parts = text.split('-');
        let (year, month) = (parts.next(), parts.next());
        let day = parts.next();
        if parts.next().is_some() {
            return Err(wrong());
        }
        let digits = |part: Option<&str>, len: usize| -> Result<i32, MonthError> {
            match part {
                Some(s) if s.len() == len && s.bytes().all(|b| b.is_ascii_digit()) => {
                    s.parse().map_err(|_| wrong())
                }
                _ => Err(wrong()),
            }
        };
        let (year, month) = (digits(year, 4)?, digits(month, 2)?);
        if !(1..=12).contains(&month) {
            return Err(wrong());
        }
        if let Some(day) = day
            && !(1..=31).contains(&digits(Some(day), 2)?)
        {
            return Err(wrong());
        }
        Ok(Self::new(year, month))
    }
}

/// The month that a text in another form was perhaps meant to be: `2013/9`, `2013.09`, `2013年9月`,
/// `Sep-13`, `Sep 2013`, `201309`, `9/2013`, each perhaps with a day.
pub fn likely_month(text: &str) -> Option<Month> {
    if text.len() > 40 {
        return None;
    }
    let text: String = text.chars().map(super::encoding::half_width).collect();
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.trim().chars() {
        let kind = (c.is_ascii_digit(), c.is_ascii_alphabetic());
        match (kind, last == Some(kind), words.last_mut()) {
            ((false, false), _, _) => {}
            (_, true, Some(word)) => word.push(c),
            _ => words.push(c.to_string()),
        }
        if !c.is_alphanumeric() && !" -/.".contains(c) && !"年月日".contains(c) {
            return None;
        }
        last = Some(kind);
    }
    let year = |word: &str| match word.len() {
        4 => word.parse::<i32>().ok().filter(|year| *year >= 1000),
        // As Excel reads two digits.
        2 => Some(match word.parse::<i32>().ok()? {
            year @ 0..30 => 2000 + year,
            year => 1900 + year,
        }),
        _ => None,
    };
    let month = |word: &str| {
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        if let Ok(number) = word.parse::<i32>() {
            return (word.len() <= 2 && (1..=12).contains(&number)).then_some(number);
        }
        let word = word.to_ascii_lowercase();
        let at = names.iter().position(|name| word.starts_with(name))?;
        i32::try_from(at + 1).ok()
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // A number has lost the zero of 2013.10.
    if text.contains('.') && words.len() == 2 && words[1] == "1" {
        return None;
    }
    let word = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic());
    let (year, month) = match words[..] {
        [y] if y.len() == 6 && y.is_ascii() => (year(&y[..4])?, month(&y[4..])?),
        [y] if y.len() == 8 && y.is_ascii() => (year(&y[..4])?, month(&y[4..6])?),
        [y, m] | [y, m, _] if y.len() == 4 => (year(y)?, month(m)?),
        [m, y] if word(m) || y.len() == 4 => (year(y)?, month(m)?),
        [_, m, y] if word(m) => (year(y)?, month(m)?),
        [m, _, y] if word(m) && y.len() == 4 => (year(y)?, month(m)?),
        _ => return None,
    };
    Some(Month::new(year, month))
}

/// The first month of a year that stands alone, as `1960`.
pub fn year_alone(text: &str) -> Option<Month> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let year = text.parse::<i32>().ok().filter(|_| digits)?;
    Some(Month::new(year, 1))
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl Fill for Month {
    fn fill(&self) -> Value {
        Value::Word(self.to_string())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Month {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": MONTH,
            "description": "A calendar month, YYYY-MM.",
        })
    }
}

/// The pattern of a month in a file.
pub const MONTH: &str = r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$";
/// The pattern of a month or `never`.
pub const MONTH_OR_NEVER: &str = r"^(never|\d{4}-(0[1-9]|1[0-2])(-\d{2})?)$";

/// A month, written as one, or none, written `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthOrNever(pub Option<Month>);

impl MonthOrNever {
    const NEVER: &str = "never";
}

impl FromStr for MonthOrNever {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        match text {
            Self::NEVER => Ok(Self(None)),
            month => month.parse().map(|month| Self(Some(month))),
        }
    }
}

impl Serialize for MonthOrNever {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_str(Self::NEVER),
            Some(month) => month.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for MonthOrNever {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for MonthOrNever {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MonthOrNever".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": MONTH_OR_NEVER,
            "description": "A calendar month, YYYY-MM, or `never`.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_may_be_never_where_that_can_be_said() {
        assert_eq!("never".parse(), Ok(MonthOrNever(None)));
        let month = MonthOrNever(Some(Month::new(2024, 1)));
        assert_eq!("2024-01".parse(), Ok(month));
        for wrong in ["", "Never", "nie", "2024"] {
            assert!(wrong.parse::<MonthOrNever>().is_err(), "{wrong}");
        }
        for (value, text) in [(month, "2024-01"), (MonthOrNever(None), "never")] {
            assert_eq!(toml::Value::try_from(value).unwrap().as_str(), Some(text));
        }
    }

    #[test]
    fn months_in_other_forms_are_guessed() {
        for text in [
            "2013/9",
            "2013-9",
            "2013.09",
            "2013年9月",
            "2013年09月29日",
            "Sep-13",
            "Sep 2013",
            "September 2013",
            "29-Sep-13",
            "201309",
            "9/2013",
            "2013/9/29",
            "20130929",
        ] {
            assert_eq!(likely_month(text), Some(Month::new(2013, 9)), "{text}");
        }
        for text in [
            "", "2013", "2013.1", "9", "abc", "2013-13", "1.5", "13/14", "5%", "0,1", "Sep",
        ] {
            assert_eq!(likely_month(text), None, "{text}");
        }
    }

    #[test]
    fn months_read_and_print() {
        let month: Month = "2013-09".parse().unwrap();
        assert_eq!((month.year(), month.month()), (2013, 9));
        assert_eq!("2013-09-29".parse::<Month>().unwrap(), month);
        assert_eq!(month.to_string(), "2013-09");
        assert_eq!(Month::new(2014, 1).since(month), 4);
        for wrong in [
            "",
            "2013",
            "2013-13",
            "2013-00",
            "13-09",
            "2013-9",
            "2013-09-32",
            "2013-09-01-1",
            "二〇一三-09",
        ] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
