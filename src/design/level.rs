//! One value of a parameter.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::texts::{Text, text};

/// 2^53: whole numbers up to here are kept exactly.
pub(super) const EXACT: f64 = 9_007_199_254_740_992.0;

/// One value of a parameter: a number, a text or a flag.
#[derive(Clone, Debug, PartialEq)]
pub enum Level {
    /// A number; whole numbers up to 2^53 exactly.
    Number(f64),
    /// A text, such as the name of a rule.
    Text(String),
    /// True or false.
    Flag(bool),
}

impl Level {
    /// The number, unless this is a text or a flag.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Flag(_) => None,
        }
    }

    /// What kind of value this is, in a word.
    pub fn kind(&self) -> Text {
        match self {
            Self::Number(_) => text!("level-number"),
            Self::Text(_) => text!("level-text"),
            Self::Flag(_) => text!("level-flag"),
        }
    }

    /// Whether this is a whole number that is kept exactly.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Number(x) if x.fract() == 0.0 && x.abs() <= EXACT)
    }
}

/// As it stands in a table: `3`, `0.25`, `hill`, `true`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}

/// Whole numbers are written without a decimal point, so that they can be read as integers.
impl Serialize for Level {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) if self.is_whole() => serializer.serialize_i64(*number as i64),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        "Level".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string", "boolean"] })
    }
}

struct LevelVisitor;

impl Visitor<'_> for LevelVisitor {
    type Value = Level;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a text, true or false (whole numbers up to 2^53)")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Level, E> {
        Ok(Level::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Level, E> {
        if number.unsigned_abs() > EXACT as u64 {
            return Err(E::invalid_value(Unexpected::Signed(number), &self));
        }
        Ok(Level::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Level, E> {
        if number > EXACT as u64 {
            return Err(E::invalid_value(Unexpected::Unsigned(number), &self));
        }
        Ok(Level::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Level, E> {
        Ok(Level::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Level, E> {
        Ok(Level::Text(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LevelVisitor)
    }
}

/// What is wrong with a list of levels, said of the key `key`; nothing when all is well.
pub(super) fn problems_of_levels(
    levels: &[Level],
    key: &'static str,
    whole: bool,
) -> Vec<(&'static str, Text)> {
    let mut problems = Vec::new();
    let mut say = |what| problems.push((key, what));
    if levels.is_empty() {
        say(text!("levels-empty"));
    }
    for (at, level) in levels.iter().enumerate() {
        let value = level.to_string();
        if matches!(level, Level::Number(x) if !x.is_finite()) {
            say(text!("no-finite-number", value));
        } else if whole && !level.is_whole() {
            say(text!("whole-numbers-only", value));
        }
        if level.kind() != levels[0].kind() {
            let (this, first) = (level.kind(), levels[0].kind());
            let other = levels[0].to_string();
            say(text!("levels-of-one-kind", value, this, other, first));
        }
        // Long lists are not compared pair by pair.
        if at < 1000 && levels[..at].contains(level) {
            say(text!("levels-twice", value));
        }
    }
    problems.truncate(20);
    problems
}

/// The row nearest the mean of all, the first of equal ones: by squared distances over the variance of each column of numbers.
/// Of a posterior it is the draw that stands for all where one is needed.
pub fn nearest_the_mean(rows: &[Vec<Level>]) -> Option<usize> {
    let mut distance = vec![0.0; rows.len()];
    for at in 0..rows.first().map_or(0, Vec::len) {
        let numbers: Option<Vec<f64>> = rows.iter().map(|row| row[at].number()).collect();
        let Some(numbers) = numbers else { continue };
        let n = numbers.len() as f64;
        let mean = numbers.iter().sum::<f64>() / n;
        let squares = numbers.iter().map(|x| (x - mean) * (x - mean));
        let variance = squares.clone().sum::<f64>() / n;
        if variance > 0.0 {
            for (sum, square) in distance.iter_mut().zip(squares) {
                *sum += square / variance;
            }
        }
    }
    (0..rows.len()).min_by(|a, b| distance[*a].total_cmp(&distance[*b]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, Serialize, PartialEq)]
    struct Row {
        levels: Vec<Level>,
    }

    #[test]
    fn toml_values_keep_their_kind_and_whole_numbers_their_form() {
        let text = "levels = [3, 0.25, \"hill\", true, -9007199254740992]\n";
        let row: Row = toml::from_str(text).expect("reads");
        assert_eq!(
            row.levels,
            [
                Level::Number(3.0),
                Level::Number(0.25),
                Level::Text("hill".into()),
                Level::Flag(true),
                Level::Number(-EXACT),
            ]
        );
        let shown: Vec<String> = row.levels.iter().map(Level::to_string).collect();
        assert_eq!(shown, ["3", "0.25", "hill", "true", "-9007199254740992"]);
        let written = toml::to_string(&row).expect("writes");
        assert_eq!(toml::from_str::<Row>(&written).expect("reads again"), row);
        assert!(
            written.contains('3') && !written.contains("3.0"),
            "{written}"
        );
    }

    #[test]
    fn whole_numbers_that_would_be_rounded_are_refused() {
        let error = toml::from_str::<Row>("levels = [9007199254740993]").expect_err("too large");
        assert!(error.to_string().contains("up to 2^53"), "{error}");
    }

    #[test]
    fn lists_are_checked() {
        let of = |levels: &[Level], whole| problems_of_levels(levels, "levels", whole);
        assert!(of(&[Level::Number(1.0), Level::Number(2.0)], true).is_empty());
        let first = |levels: &[Level], whole| of(levels, whole)[0].1.to_string();
        assert!(first(&[], false).contains("empty"));
        assert!(first(&[Level::Number(1.5)], true).contains("whole"));
        assert!(first(&[Level::Number(f64::NAN)], false).contains("finite"));
        assert!(first(&[Level::Flag(true), Level::Flag(true)], false).contains("twice"));
        let mixed = first(&[Level::Number(1.0), Level::Text("a".into())], false);
        assert!(mixed.contains("one kind"), "{mixed}");
    }

    #[test]
    fn the_draw_nearest_the_mean_is_found_by_numbers() {
        let row = |a: f64, b: &str| vec![Level::Number(a), Level::Text(b.to_owned())];
        let rows = [row(0.0, "x"), row(1.5, "y"), row(4.0, "x"), row(1.5, "x")];
        assert_eq!(nearest_the_mean(&rows), Some(1));
        assert_eq!(nearest_the_mean(&[]), None);
    }
}
