//! Common mistakes in TOML that have one likely meaning: bare months, decimal commas, percentages,
//! quotes and punctuation of another keyboard, texts without quotes.

use super::encoding::half_width;
use super::month::likely_month;
use super::problem::shortened;
use crate::texts::{Text, text};

/// A slip: what was written becomes this, and the sentence that says so.
type Slip = (String, Text);

/// What comes after the quoted text with which `text` begins; a text ends at the end of its line.
pub fn after_quote(text: &str) -> &str {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else {
        return text;
    };
    let mut escaped = false;
    for (at, c) in chars {
        if c == '\n' {
            return &text[at..];
        }
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            return &text[at + 1..];
        }
    }
    ""
}

/// The key of a statement `key = value`, also with another sign between them.
pub fn key_of(text: &str) -> Option<&str> {
    let end = text.find(['=', '\u{ff1d}', ':', '\u{ff1a}'])?;
    let key = text[..end].trim();
    let good = |part: &str| {
        let part = part.trim();
        let quoted = part.len() > 2 && part.starts_with('"') && part.ends_with('"');
        let inner = if quoted {
            &part[1..part.len() - 1]
        } else {
            part
        };
        !inner.is_empty()
            && inner.chars().all(|c| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '_' | '-')
                    || (quoted && !matches!(c, '"' | '\\') && !c.is_control())
            })
    };
    (!key.is_empty() && key.len() < 500 && key.split('.').all(good)).then_some(key)
}

/// A statement with its slips mended, and what they were; nothing when it has none.
pub fn mend(text: &str) -> Option<(String, Text)> {
    let mut told: Vec<Text> = Vec::new();
    let plain = punctuation(text, &mut told);
    let (key, value) = plain.split_once('=')?;
    let mut fixed = format!("{key}=");
    let mut rest = value;
    let mut stack: Vec<char> = Vec::new();
    // Whether a value has just ended, so that a comma is due.
    let mut ended = false;
    while let Some(c) = rest.chars().next() {
        if ended && stack.last() == Some(&'[') && matches!(c, '"' | '\'' | '{' | '[') {
            let value = rest.split([',', ']', '}', '\n']).next().unwrap_or(rest);
            told.push(text!("slip-comma", value = shortened(value.trim())));
            fixed.push(',');
        }
        ended = match c {
            ',' | '[' | '{' | '=' => false,
            c if c.is_whitespace() || c == '#' => ended,
            _ => true,
        };
        let after = match c {
            '"' | '\'' => {
                let after = quoted(rest, &mut fixed, &mut told);
                rest = after;
                continue;
            }
            '#' => {
                let end = rest.find('\n').unwrap_or(rest.len());
                fixed.push_str(&rest[..end]);
                &rest[end..]
            }
            '[' | '{' | ']' | '}' => {
                if matches!(c, '[' | '{') {
                    stack.push(c);
                } else {
                    stack.pop();
                }
                fixed.push(c);
                &rest[c.len_utf8()..]
            }
            ',' | '=' => {
                fixed.push(c);
                &rest[1..]
            }
            c if c.is_whitespace() => {
                fixed.push(c);
                &rest[c.len_utf8()..]
            }
            _ => word(rest, &stack, &mut fixed, &mut told),
        };
        rest = after;
    }
    if told.is_empty() || fixed == text {
        return None;
    }
    told.dedup();
    told.truncate(3);
    let together = |first, second| text!("and-too", first, second);
    Some((fixed, told.into_iter().reduce(together)?))
}

/// A word outside quotes, mended where it has to be; gives what comes after it.
fn word<'a>(rest: &'a str, stack: &[char], fixed: &mut String, told: &mut Vec<Text>) -> &'a str {
    let stops: &[char] = if stack.is_empty() {
        &['#', '\n', '\r']
    } else {
        &['#', '\n', '\r', ',', ']', '}', '=']
    };
    let mut end = rest.find(stops).unwrap_or(rest.len());
    // In an inline table, what follows a comma is a key: digits alone are a decimal comma.
    if stack.last() == Some(&'{') && rest[end..].starts_with(',') {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let more = digits(&rest[end + 1..]);
        let number = rest[..end].bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let next = rest[end + 1 + more..].trim_start();
        if number && more > 0 && next.starts_with([',', '}']) {
            end += 1 + more;
        }
    }
    let text = rest[..end].trim_end();
    let is_key = rest[end..].starts_with('=');
    match (is_key, slip(text)) {
        (false, Some((better, what))) => {
            fixed.push_str(&better);
            told.push(what);
        }
        _ => fixed.push_str(text),
    }
    fixed.push_str(&rest[text.len()..end]);
    &rest[end..]
}

/// A text in quotes; one that is not closed on its line is closed.
fn quoted<'a>(rest: &'a str, fixed: &mut String, told: &mut Vec<Text>) -> &'a str {
    if rest.starts_with("\"\"\"") || rest.starts_with("'''") {
        fixed.push_str(rest);
        return "";
    }
    let after = after_quote(rest);
    let text = &rest[..rest.len() - after.len()];
    let quote = &rest[..1];
    fixed.push_str(text.trim_end_matches('\r'));
    if text.len() < 2 || !text.ends_with(quote) {
        fixed.push_str(quote);
        told.push(text!("slip-quote-open", quote));
    }
    after
}

/// What a value without quotes was perhaps meant to be.
fn slip(text: &str) -> Option<Slip> {
    if text.is_empty() || text.parse::<f64>().is_ok_and(|_| plain_number(text)) {
        return None;
    }
    if matches!(text, "true" | "false") || is_date(text) || based(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "true" | "false") {
        return Some((lower.clone(), text!("slip-lower", lower)));
    }
    if let Some(month) = likely_month(text) {
        let better = format!("\"{month}\"");
        let what = text!("slip-month", better);
        return Some((better, what));
    }
    if let Some((better, what)) = number_slip(text) {
        return Some((better, what));
    }
    let safe = !text.contains(['"', '\\', '\'']) && !text.chars().any(char::is_control);
    if !safe {
        return None;
    }
    let better = format!("\"{text}\"");
    let what = text!("slip-text", text = shortened(text));
    Some((better, what))
}

/// What a text that is nearly a number was perhaps meant to be, and the sentence that says so.
pub fn number_slip(text: &str) -> Option<Slip> {
    if text.contains(['°', '′', '″']) {
        return None;
    }
    let half: String = text.chars().map(half_width).collect();
    let bare = half.trim().trim_start_matches('+');
    if let Some(share) = bare.strip_suffix('%').map(str::trim) {
        let percent = share.replace(',', ".").parse::<f64>().ok()?;
        let better = format!("{}", percent / 100.0);
        let better = if better.contains('.') {
            better
        } else {
            better + ".0"
        };
        return Some((better.clone(), text!("slip-percent", better)));
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = bare.trim_start_matches('-');
    let sign = if unsigned.len() < bare.len() { "-" } else { "" };
    if let Some((whole, part)) = unsigned.split_once(',')
        && (digits(whole) || whole.is_empty())
        && digits(part)
    {
        let whole = if whole.is_empty() { "0" } else { whole };
        let better = format!("{sign}{whole}.{part}");
        if part.len() == 3 && whole != "0" {
            let joined = format!("{sign}{whole}{part}");
            let what = text!("slip-thousands", joined, better);
            return Some((joined, what));
        }
        let what = text!("slip-decimal", better);
        return Some((better, what));
    }
    let marks = unsigned
        .chars()
        .all(|c| c.is_ascii_digit() || ",.' _\u{a0}\u{202f}".contains(c));
    if marks && unsigned.chars().any(|c| c.is_ascii_digit()) {
        // The last mark is the decimal one when it stands once and another one stands before it.
        let last = unsigned.rfind([',', '.']);
        let kinds = |c: char| unsigned.matches(c).count();
        let decimal = last.filter(|at| {
            let mark = unsigned[*at..].chars().next().unwrap_or(',');
            kinds(mark) == 1 && (mark == '.' || kinds('.') > 0)
        });
        let keep = |text: &str| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let whole = keep(&unsigned[..decimal.unwrap_or(unsigned.len())]);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let part = decimal.map(|at| keep(&unsigned[at..])).unwrap_or_default();
        let better = match (decimal, part.as_str()) {
            (None, _) => format!("{sign}{whole}"),
            (Some(_), "") => format!("{sign}{whole}.0"),
            (Some(_), part) => format!("{sign}{whole}.{part}"),
        };
        return Some((better.clone(), text!("slip-separators", better)));
    }
    (half != text && half.parse::<f64>().is_ok()).then(|| (half.clone(), text!("slip-plain", half)))
}

/// Whether TOML reads the number as it stands.
fn plain_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['+', '-']);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    let zeros = whole.len() > 1 && whole.starts_with('0');
    let edge = unsigned.starts_with('.') || unsigned.ends_with('.') || unsigned.contains(".e");
    !zeros && !edge && unsigned.starts_with(|c: char| c.is_ascii_digit())
        || matches!(unsigned, "nan" | "inf")
}

fn based(text: &str) -> bool {
    let parts = text.split_once('_').is_some() || text.starts_with("0x");
    let other = text.starts_with("0o") || text.starts_with("0b");
    (parts || other)
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "_xob.".contains(c))
}

fn is_date(text: &str) -> bool {
    let dashes = text.len() >= 10 && text.is_char_boundary(10);
    dashes
        && text[..10].chars().filter(|c| *c == '-').count() == 2
        && text.starts_with(|c: char| c.is_ascii_digit())
        && likely_month(text).is_some()
        && text[..10].chars().all(|c| c.is_ascii_digit() || c == '-')
}

/// Quotes, signs and spaces of another keyboard outside straight quotes, made straight.
fn punctuation(text: &str, told: &mut Vec<Text>) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' || c == '\'' {
            let after = after_quote(rest);
            fixed.push_str(&rest[..rest.len() - after.len()]);
            rest = after;
            continue;
        }
        if c == '#' {
            let end = rest.find('\n').unwrap_or(rest.len());
            fixed.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let plain = half_width(c);
        if plain == c {
            fixed.push(c);
            continue;
        }
        if plain == '"' || plain == '\'' {
            // The text up to the quote that closes it.
            let closes = |c: char| c == '\n' || half_width(c) == plain;
            let end = rest.find(closes).unwrap_or(rest.len());
            let inner = rest[..end].replace(['"', '\\'], "?");
            fixed.push_str(&format!("\"{inner}\""));
            let close = rest[end..].chars().next().filter(|c| *c != '\n');
            rest = &rest[end + close.map_or(0, char::len_utf8)..];
            told.push(text!("slip-straight", c, inner = shortened(&inner)));
        } else {
            fixed.push(plain);
            if plain == ' ' {
                told.push(text!("slip-space"));
            } else {
                told.push(text!("slip-full", c, plain));
            }
        }
    }
    // With `:` instead of `=`.
    if !fixed.contains('=')
        && let Some((key, value)) = fixed.split_once(':')
        && key_of(&format!("{key}=")).is_some()
    {
        told.push(text!("slip-colon"));
        return format!("{key}={value}");
    }
    fixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_become_what_was_meant() {
        for (text, fixed, word) in [
            (
                "start = 2013-09",
                "start = \"2013-09\"",
                "a month is written in quotes",
            ),
            (
                "start = 2013/9 # x",
                "start = \"2013-09\" # x",
                "in quotes: \"2013-09\"",
            ),
            (
                "a = [2013-09, 2014-10]",
                "a = [\"2013-09\", \"2014-10\"]",
                "month",
            ),
            ("beta = 0,1", "beta = 0.1", "decimal mark is a point: 0.1"),
            (
                "beta = 1,250",
                "beta = 1250",
                "write 1250 without separators, or 1.250 with a point",
            ),
            ("beta = 1.234,5", "beta = 1234.5", "write 1234.5, without"),
            ("beta = 5%", "beta = 0.05", "share: 0.05"),
            ("beta = .5", "beta = 0.5", "0.5"),
            ("beta = 007", "beta = 7", "7"),
            (
                "x = { a = 1, b = 0,2 }",
                "x = { a = 1, b = 0.2 }",
                "point: 0.2",
            ),
            ("name = “x”", "name = \"x\"", "not a straight quote"),
            ("f = [\"a\", “b”]", "f = [\"a\", \"b\"]", "straight"),
            ("f = [\"a\"\u{ff0c}“b”]", "f = [\"a\",\"b\"]", "full-width"),
            ("name = \"x", "name = \"x\"", "not closed"),
            (
                "name = x",
                "name = \"x\"",
                "a text is written in quotes: \"x\"",
            ),
            ("on = True", "on = true", "lower case"),
            (
                "f = [\"a\" \"b\"]",
                "f = [\"a\" ,\"b\"]",
                "comma is missing before",
            ),
            ("name = `x`", "name = \"x\"", "not a straight quote"),
            ("name \u{ff1d} \"x\"", "name = \"x\"", "full-width"),
            ("name: \"x\"", "name= \"x\"", "not `:`"),
        ] {
            let (found, what) = mend(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found, fixed, "{text}");
            assert!(what.to_string().contains(word), "{text}: {what}");
        }
        for right in [
            "a = 1",
            "b = \"x\" # y",
            "c = [1, 2.5, -3e4, true]",
            "d = 2013-09-29",
            "e = 0x1f",
            "f = 1_000",
            "a = ",
        ] {
            assert_eq!(mend(right), None, "{right}");
        }
    }
}
