//! Constraints between parameters, as text.
//!
//! Comparisons (`<`, `<=`, `>`, `>=`, `==`, `!=`, also in chains like `0 < a < b`) of arithmetic
//! (`+ - * / ^`, parentheses, `min`, `max`, `abs`, `sqrt`, `log` (natural), `exp`) over parameter
//! names such as `line.beta`, numbers, texts in quotes, `true` and `false`; joined by `and`, `or`,
//! `not`. `and` and `or` stop at the first side that decides, so `b > 0 and a / b < 2` never
//! divides by 0. A name with other characters stands in backquotes.
//!
//! The public expression crates fit badly: their names take no dots or their licences are not ours,
//! and they say neither the column nor what was expected.

mod evaluate;
mod parse;
mod token;

use std::collections::BTreeSet;

use super::Level;
use crate::texts::{Text, spoken, text};
use evaluate::Node;

pub use evaluate::ConstraintError;

/// Where a text stops being a constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ParseError {
    /// Character of the text, from 1.
    pub column: usize,
    /// What would have been right there.
    pub expected: Text,
    /// What stands there.
    pub found: Text,
}

impl ParseError {
    fn new(column: usize, expected: impl Into<Text>, found: impl Into<Text>) -> Self {
        Self {
            column,
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The error in words.
    pub fn text(&self) -> Text {
        text!(
            "constraint-parse",
            column = self.column,
            expected = self.expected,
            found = self.found
        )
    }
}

spoken!(ParseError);

/// A condition on the parameters of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    text: String,
    root: Node,
    names: BTreeSet<String>,
}

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    ///
    /// The text is no condition: where, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let (root, names) = parse::parse(text)?;
        Ok(Self {
            text: text.trim().to_owned(),
            root,
            names,
        })
    }

    /// The text, without spaces around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of parameters in it, sorted, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether it holds where `lookup` says the value of each name.
    ///
    /// # Errors
    ///
    /// A name without a value, a text or flag where a number is needed, or a result that is no
    /// finite number (1/0, the logarithm of 0).
    pub fn holds(&self, lookup: impl Fn(&str) -> Option<Level>) -> Result<bool, ConstraintError> {
        self.root.condition(&lookup)
    }
}

#[cfg(test)]
mod tests;
