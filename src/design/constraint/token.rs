//! The words of a constraint.

use super::ParseError;
use crate::texts::{Text, text};

/// A word of a constraint.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Name(String),
    /// `and`, `or`, `not`, `true`, `false`.
    Word(&'static str),
    /// An operator, parenthesis or comma.
    Sign(&'static str),
    End,
}

impl Token {
    /// As it is shown in a message.
    pub(super) fn shown(&self) -> Text {
        match self {
            Self::Number(number) => format!("`{number}`").into(),
            Self::Text(text) => text!("constraint-text", text = short(text)),
            Self::Name(name) => format!("`{}`", short(name)).into(),
            Self::Word(word) | Self::Sign(word) => format!("`{word}`").into(),
            Self::End => text!("constraint-end"),
        }
    }
}

/// The first characters of what may be long.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(40).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

const WORDS: [&str; 5] = ["and", "or", "not", "true", "false"];
/// Longer signs stand before their beginnings.
const SIGNS: [&str; 14] = [
    "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", "(", ")", ",",
];
/// What people write in other languages, and what it is here.
const HINTS: [(&str, &str); 16] = [
    ("&&", "`and`"),
    ("&", "`and`"),
    ("||", "`or`"),
    ("|", "`or`"),
    ("~=", "`!=`"),
    ("=", "`==`"),
    ("≤", "`<=`"),
    ("≥", "`>=`"),
    ("≠", "`!=`"),
    ("×", "`*`"),
    // Full-width forms, as Chinese input methods write them.
    ("\u{ff08}", "`(`"),
    ("\u{ff09}", "`)`"),
    ("\u{ff0c}", "`,`"),
    ("\u{ff1c}", "`<`"),
    ("\u{ff1e}", "`>`"),
    ("\u{ff1d}", "`==`"),
];

/// The tokens with their columns (characters, from 1); the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, ParseError> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut column = 1;
    loop {
        let blank = rest.len() - rest.trim_start().len();
        column += rest[..blank].chars().count();
        rest = &rest[blank..];
        let Some(first) = rest.chars().next() else {
            found.push((Token::End, column));
            return Ok(found);
        };
        let (token, length) = if first.is_ascii_digit() || is_fraction(rest) {
            number(rest, column)?
        } else if first == '"' || first == '\'' || first == '`' {
            quoted(rest, first, column)?
        } else if is_start(first) {
            let length = name_length(rest);
            let name = &rest[..length];
            let word = WORDS.iter().find(|word| **word == name);
            let token = word.map_or_else(|| Token::Name(name.to_owned()), |word| Token::Word(word));
            (token, length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let hint = HINTS.iter().find(|(sign, _)| rest.starts_with(sign));
            let (found, expected) = match hint {
                Some((sign, meant)) => ((*sign).to_owned(), Text::from(*meant)),
                None if first == '!' => (first.to_string(), text!("constraint-not")),
                None => (first.to_string(), text!("constraint-word")),
            };
            return Err(ParseError::new(column, expected, format!("`{found}`")));
        };
        found.push((token, column));
        column += rest[..length].chars().count();
        rest = &rest[length..];
    }
}

fn is_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// `.5`
fn is_fraction(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.next() == Some('.') && chars.next().is_some_and(|c| c.is_ascii_digit())
}

/// Letters, digits and `_`, in parts joined by single dots.
fn name_length(rest: &str) -> usize {
    let is_inner = |c: char| c.is_alphanumeric() || c == '_';
    let mut length = 0;
    loop {
        let part = &rest[length..];
        length += part.find(|c| !is_inner(c)).unwrap_or(part.len());
        let mut next = rest[length..].chars();
        if next.next() != Some('.') || !next.next().is_some_and(is_inner) {
            return length;
        }
        length += 1;
    }
}

fn digits(rest: &str) -> usize {
    rest.find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len())
}

fn number(rest: &str, column: usize) -> Result<(Token, usize), ParseError> {
    let mut length = digits(rest);
    if rest[length..].starts_with('.') {
        length += 1 + digits(&rest[length + 1..]);
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let exponent = digits(&rest[length + 1 + sign..]);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let glued = rest[length..]
        .chars()
        .next()
        .is_some_and(|c| is_start(c) || c == '.');
    match rest[..length].parse::<f64>() {
        Ok(number) if number.is_finite() && !glued => Ok((Token::Number(number), length)),
        _ => {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let found = format!("`{}`", short(&rest[..end]));
            let expected = text!("constraint-number-such");
            Err(ParseError::new(column, expected, found))
        }
    }
}

fn quoted(rest: &str, quote: char, column: usize) -> Result<(Token, usize), ParseError> {
    let Some(length) = rest[1..].find(quote) else {
        let expected = text!("constraint-quote", quote);
        return Err(ParseError::new(column, expected, Token::End.shown()));
    };
    let inner = rest[1..=length].to_owned();
    let token = match quote {
        '`' if inner.trim().is_empty() => {
            let expected = text!("constraint-backquotes");
            return Err(ParseError::new(column, expected, text!("constraint-none")));
        }
        '`' => Token::Name(inner),
        _ => Token::Text(inner),
    };
    Ok((token, length + 2))
}
