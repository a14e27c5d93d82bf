//! Whether a condition holds.

use crate::design::Level;
use crate::texts::{Text, spoken, text};

/// Why a constraint cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// Nobody knows the value of a name.
    Unknown(String),
    /// A text or flag where a number is needed, or the like.
    Kind {
        /// The parameter.
        name: Text,
        /// Its value.
        found: Text,
        /// What would be right.
        needed: Text,
    },
    /// Two values of different kinds are compared.
    Unlike(Text, Text),
    /// The result is no finite number.
    NoNumber(Text),
}

impl ConstraintError {
    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Unknown(name) => text!("constraint-no-value", name),
            Self::Kind {
                name,
                found,
                needed,
            } => text!("constraint-kind", name, found, needed),
            Self::Unlike(left, right) => text!("constraint-unlike", left, right),
            Self::NoNumber(value) => text!("no-finite-number", value),
        }
    }
}

spoken!(ConstraintError);

/// A part of a constraint. Joined parts lie in lists, so the tree is only as deep as the text is
/// nested.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Text(String),
    Flag(bool),
    Name(String),
    Minus(Box<Self>),
    /// Left to right.
    Arithmetic(Box<Self>, Vec<(Operator, Self)>),
    Call(Function, Vec<Self>),
    /// Each value with its left neighbour.
    Chain(Box<Self>, Vec<(Comparison, Self)>),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    pub(super) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            _ => return None,
        })
    }

    /// Whether it needs an order, which only numbers have.
    pub(super) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    fn holds(self, left: &Level, right: &Level) -> Result<bool, ConstraintError> {
        let (a, b) = match (left, right) {
            (Level::Number(a), Level::Number(b)) => (a, b),
            (left, right) if left.kind() == right.kind() && !self.orders() => {
                return Ok((left == right) == (self == Self::Equal));
            }
            (left, right) => return Err(ConstraintError::Unlike(shown(left), shown(right))),
        };
        Ok(match self {
            Self::Less => a < b,
            Self::LessOrEqual => a <= b,
            Self::Greater => a > b,
            Self::GreaterOrEqual => a >= b,
            Self::Equal => a == b,
            Self::NotEqual => a != b,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Min,
    Max,
    Abs,
    Sqrt,
    Log,
    Exp,
}

impl Function {
    const ALL: [(&'static str, Self); 6] = [
        ("min", Self::Min),
        ("max", Self::Max),
        ("abs", Self::Abs),
        ("sqrt", Self::Sqrt),
        ("log", Self::Log),
        ("exp", Self::Exp),
    ];

    pub(super) fn of(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, function)| *function)
    }

    pub(super) fn known() -> String {
        Self::ALL.map(|(name, _)| name).join(", ")
    }

    pub(super) fn takes_one(self) -> bool {
        !matches!(self, Self::Min | Self::Max)
    }
}

/// A value as it stands in a message.
fn shown(level: &Level) -> Text {
    let value = level.to_string();
    match level {
        Level::Text(text) => text!("constraint-text", text),
        level => text!("constraint-value", kind = level.kind(), value),
    }
}

impl Node {
    /// Whether this holds. A flag is a condition of its own.
    pub(super) fn condition(
        &self,
        lookup: &dyn Fn(&str) -> Option<Level>,
    ) -> Result<bool, ConstraintError> {
        match self {
            Self::Not(inner) => Ok(!inner.condition(lookup)?),
            Self::All(sides) => {
                for side in sides {
                    if !side.condition(lookup)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(sides) => {
                for side in sides {
                    if side.condition(lookup)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Chain(first, rest) => {
                let mut left = first.value(lookup)?;
                for (comparison, right) in rest {
                    let right = right.value(lookup)?;
                    if !comparison.holds(&left, &right)? {
                        return Ok(false);
                    }
                    left = right;
                }
                Ok(true)
            }
            node => match node.value(lookup)? {
                Level::Flag(flag) => Ok(flag),
                other => Err(node.misfit(&other, text!("kind-bool"))),
            },
        }
    }

    fn value(&self, lookup: &dyn Fn(&str) -> Option<Level>) -> Result<Level, ConstraintError> {
        Ok(match self {
            Self::Number(number) => Level::Number(*number),
            Self::Text(text) => Level::Text(text.clone()),
            Self::Flag(flag) => Level::Flag(*flag),
            Self::Name(name) => {
                lookup(name).ok_or_else(|| ConstraintError::Unknown(name.clone()))?
            }
            Self::Minus(_) | Self::Arithmetic(..) | Self::Call(..) => {
                Level::Number(self.number(lookup)?)
            }
            Self::Not(_) | Self::All(_) | Self::Any(_) | Self::Chain(..) => {
                Level::Flag(self.condition(lookup)?)
            }
        })
    }

    fn number(&self, lookup: &dyn Fn(&str) -> Option<Level>) -> Result<f64, ConstraintError> {
        match self {
            Self::Minus(inner) => Ok(-inner.number(lookup)?),
            Self::Arithmetic(first, rest) => {
                let mut left = first.number(lookup)?;
                for (operator, right) in rest {
                    let right = right.number(lookup)?;
                    let (value, sign) = match operator {
                        Operator::Plus => (left + right, '+'),
                        Operator::Minus => (left - right, '-'),
                        Operator::Times => (left * right, '*'),
                        Operator::Over => (left / right, '/'),
                        Operator::Power => (libm::pow(left, right), '^'),
                    };
                    left = finite(value, || format!("{left} {sign} {right}").into())?;
                }
                Ok(left)
            }
            Self::Call(function, arguments) => {
                let numbers = arguments
                    .iter()
                    .map(|argument| argument.number(lookup))
                    .collect::<Result<Vec<f64>, _>>()?;
                let first = numbers.first().copied().unwrap_or(f64::NAN);
                let (value, name) = match function {
                    Function::Min => (numbers.iter().copied().fold(first, f64::min), "min"),
                    Function::Max => (numbers.iter().copied().fold(first, f64::max), "max"),
                    Function::Abs => (first.abs(), "abs"),
                    Function::Sqrt => (first.sqrt(), "sqrt"),
                    Function::Log => (libm::log(first), "log"),
                    Function::Exp => (libm::exp(first), "exp"),
                };
                finite(value, || format!("{name}({first})").into())
            }
            node => match node.value(lookup)? {
                Level::Number(number) => finite(number, || node.name()),
                other => Err(node.misfit(&other, text!("kind-number"))),
            },
        }
    }

    fn name(&self) -> Text {
        match self {
            Self::Name(name) => name.as_str().into(),
            _ => text!("constraint-the-value"),
        }
    }

    fn misfit(&self, found: &Level, needed: Text) -> ConstraintError {
        ConstraintError::Kind {
            name: self.name(),
            found: shown(found),
            needed,
        }
    }
}

fn finite(value: f64, shown: impl FnOnce() -> Text) -> Result<f64, ConstraintError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(ConstraintError::NoNumber(shown()))
    }
}
