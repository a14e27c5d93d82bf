//! TOML that does not parse: what the parser says of each line, or what was probably meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::Error;

use super::encoding::half_width;
use super::problem::Problem;
use super::slips;
use crate::texts::{Text, text};

/// Where the lines of a text end.
pub struct Lines(Vec<usize>);

impl Lines {
    /// Of this text.
    pub fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line of a byte, from 1.
    pub fn of(&self, offset: usize) -> u64 {
        self.0.partition_point(|end| *end < offset) as u64 + 1
    }
}

/// How the brackets of a text nest. Texts in quotes and comments are skipped.
#[derive(Debug, Default)]
pub struct Nesting {
    /// Where brackets and dotted keys first nest deeper than allowed. The count is from above: a dot in a number
    /// counts too.
    pub too_deep: Option<usize>,
    /// Where the list, table or text of several lines begins that is open at the end.
    pub open: Option<usize>,
}

/// Looks at the brackets of a text; at those that nest deeper than `deepest`, it stops.
pub fn nesting(text: &str, deepest: usize) -> Nesting {
    let bytes = text.as_bytes();
    // Of each open bracket, where it is; and the dots since.
    let mut open = vec![(0, 0_usize)];
    let mut depth = 0;
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'#' => {
                let rest = bytes[i..].iter().position(|b| *b == b'\n');
                i = rest.map_or(bytes.len(), |rest| i + rest - 1);
            }
            b'"' | b'\'' => {
                let end = end_of_text(bytes, i);
                if end == bytes.len() && bytes[i..].starts_with(&[byte; 3]) {
                    open.push((i, 0));
                }
                i = end;
            }
            b'[' | b'{' => {
                open.push((i, 0));
                depth += 1;
            }
            b']' | b'}' if open.len() > 1 => {
                depth -= 1 + open.pop().map_or(0, |(_, dots)| dots);
            }
            b'.' => {
                depth += 1;
                if let Some((_, dots)) = open.last_mut() {
                    *dots += 1;
                }
            }
            b',' | b'\n' => {
                if let Some((_, dots)) = open.last_mut() {
                    depth -= *dots;
                    *dots = 0;
                }
            }
            _ => {}
        }
        if depth > deepest {
            return Nesting {
                too_deep: Some(i.min(bytes.len())),
                open: None,
            };
        }
        i += 1;
    }
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    // The name of a table that is not closed ends with its line.
    let value = |at: &usize| !text[line(*at)..*at].trim().is_empty();
    let open = open.into_iter().skip(1).map(|(at, _)| at).find(value);
    Nesting {
        too_deep: None,
        open,
    }
}

/// Position of the last byte of the quoted text that starts at `start`.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let long = bytes[start..].starts_with(&[quote; 3]);
    let mut i = start + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(i) {
        if byte == b'\\' && quote == b'"' {
            i += 1;
        } else if long && bytes[i..].starts_with(&[quote; 3]) {
            i += 2;
            while i + 1 < bytes.len() && bytes[i + 1] == quote {
                i += 1;
            }
            return i;
        } else if !long && (byte == quote || byte == b'\n') {
            return i;
        }
        i += 1;
    }
    bytes.len()
}

/// What is wrong, by line. `open`: where what is not closed begins; what comes after it is not told, as it only
/// looks wrong.
pub fn told(
    text: &str,
    errors: &[Error],
    lines: &Lines,
    open: Option<usize>,
    file: &Arc<str>,
) -> BTreeMap<u64, Problem> {
    let all: Vec<&str> = text.split('\n').collect();
    let code = |line: u64| {
        let line = all.get(line as usize - 1).copied().unwrap_or_default();
        slips::code(line)
    };
    let problem = |line: u64, what: Text| {
        let problem = Problem::error(&**file, text!("toml", what)).line(line);
        match code(line).split_once(['=', '\u{ff1d}']) {
            Some((_, value)) if !value.trim().is_empty() => problem.value(value.trim()),
            _ => problem,
        }
    };
    let unclosed = errors.iter().any(|error| {
        let message = error.message();
        message.starts_with("unclosed") || message.starts_with("invalid multi-line")
    });
    let open = open.filter(|_| unclosed);
    let mut told = BTreeMap::new();
    for error in errors {
        let offset = error.span().map_or(0, |span| span.start);
        let line = lines.of(offset);
        if open.is_none_or(|open| line < lines.of(open)) && !told.contains_key(&line) {
            told.insert(line, problem(line, wrong(code(line), error.message())));
        }
    }
    if let Some(open) = open {
        let line = lines.of(open);
        let closing = match text[open..].chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            quote => quote.unwrap_or('"'),
        };
        let what = match closing {
            ']' | '}' => text!("toml-closing", closing),
            quote => text!("slip-quote-open", quote = quote.to_string().repeat(3)),
        };
        told.insert(line, problem(line, what));
    }
    told
}

/// What is wrong with a line of which the parser says something.
fn wrong(line: &str, message: &str) -> Text {
    if message.starts_with("duplicate key") {
        return match line.starts_with('[') {
            true => text!("toml-table-twice"),
            false => text!("toml-key-twice"),
        };
    }
    if let Some(what) = header(line) {
        return what;
    }
    let list = !line.contains('=') && !message.starts_with("key with no value");
    let slips = slips::of_line(line, list).into_iter();
    if let Some(slips) = slips.reduce(|first, second| text!("and-too", first, second)) {
        return slips;
    }
    let remark = if ["//", "--", ";"].iter().any(|sign| line.starts_with(sign)) {
        text!("toml-comment")
    } else if line.contains('\\') {
        text!("toml-slash")
    } else if !line.contains('=') && !list {
        text!("toml-pair")
    } else {
        return Text::foreign(message);
    };
    text!("toml-remark", message = Text::foreign(message), remark)
}

/// How the name of a table is written, if the line seems to be one.
fn header(line: &str) -> Option<Text> {
    let plain: String = line.chars().map(half_width).collect();
    let edge = plain.starts_with('[') || plain.ends_with(']');
    if !edge || plain.contains(['=', ':', ',']) {
        return None;
    }
    let marks = |part: &str| part.len() - part.trim_matches(['[', ']']).len();
    let start = plain.len() - plain.trim_start_matches('[').len();
    let end = marks(&plain) - start;
    let name: String = plain
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let name = match name.trim_matches('.') {
        name if name.is_empty() || name.contains("..") => "name",
        name => name,
    };
    let marks = start.max(end).clamp(1, 2);
    let (before, after) = ("[".repeat(marks), "]".repeat(marks));
    Some(text!("toml-table", before, name, after))
}
