//! Common mistakes in TOML that have one likely meaning: bare months, decimal commas, percentages,
//! quotes and punctuation of another keyboard, texts without quotes.

use super::encoding::half_width;
use super::month::likely_month;
use super::problem::shortened;
use crate::texts::{Text, text};

/// A slip: what was written becomes this, and the sentence that says so.
type Slip = (String, Text);

/// What comes after the quoted text with which `text` begins; a text ends at the end of its line.
fn after_quote(text: &str) -> &str {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else {
        return text;
    };
    let mut escaped = false;
    for (at, c) in chars {
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

/// A line without its comment.
pub fn code(line: &str) -> &str {
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'', '#']) {
        if rest[at..].starts_with('#') {
            rest = &rest[at..];
            break;
        }
        rest = after_quote(&rest[at..]);
    }
    let comment = if rest.starts_with('#') { rest.len() } else { 0 };
    // A wide space is told.
    line[..line.len() - comment].trim_matches([' ', '\t', '\r'])
}

/// The slips of a line of TOML without its comment, in its order; at most three. `list`: the line goes on with a
/// list of values.
pub fn of_line(line: &str, list: bool) -> Vec<Text> {
    let mut told: Vec<Text> = Vec::new();
    let plain = punctuation(line, &mut told);
    let value = match plain.split_once('=') {
        Some((_, value)) => value,
        None if list => &*plain,
        None => "",
    };
    let mut rest = value;
    let mut stack: Vec<char> = if list { vec!['['] } else { Vec::new() };
    // Whether a value has just ended, so that a comma is due.
    let mut ended = false;
    while let Some(c) = rest.chars().next() {
        if ended && stack.last() == Some(&'[') && matches!(c, '"' | '\'' | '{' | '[') {
            let value = rest.split([',', ']', '}']).next().unwrap_or(rest);
            told.push(text!("slip-comma", value = shortened(value.trim())));
        }
        ended = match c {
            ',' | '[' | '{' | '=' => false,
            c if c.is_whitespace() => ended,
            _ => true,
        };
        rest = match c {
            _ if rest.starts_with("\"\"\"") || rest.starts_with("'''") => break,
            '"' | '\'' => {
                let after = after_quote(rest);
                let text = &rest[..rest.len() - after.len()];
                if text.len() < 2 || !text.ends_with(c) {
                    told.push(text!("slip-quote-open", quote = c));
                }
                after
            }
            '[' | '{' => {
                stack.push(c);
                &rest[1..]
            }
            ']' | '}' => {
                stack.pop();
                &rest[1..]
            }
            c if matches!(c, ',' | '=') || c.is_whitespace() => &rest[c.len_utf8()..],
            _ => word(rest, &stack, &mut told),
        };
    }
    told.dedup();
    told.truncate(3);
    told
}

/// Tells the slip of a word outside quotes; gives what comes after it.
fn word<'a>(rest: &'a str, stack: &[char], told: &mut Vec<Text>) -> &'a str {
    let inside = !stack.is_empty();
    let stop = |c: char| inside && matches!(c, ',' | ']' | '}' | '=');
    let mut end = rest.find(stop).unwrap_or(rest.len());
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
    if !rest[end..].starts_with('=') {
        told.extend(slip(rest[..end].trim_end()));
    }
    &rest[end..]
}

/// What a value without quotes was perhaps meant to be.
fn slip(text: &str) -> Option<Text> {
    if text.is_empty() || text.parse::<f64>().is_ok_and(|_| plain_number(text)) {
        return None;
    }
    if matches!(text, "true" | "false") || is_date(text) || based(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "true" | "false") {
        return Some(text!("slip-lower", lower));
    }
    if let Some(month) = likely_month(text) {
        return Some(text!("slip-month", better = format!("\"{month}\"")));
    }
    if let Some((_, what)) = number_slip(text) {
        return Some(what);
    }
    let safe = !text.contains(['"', '\\', '\'']) && !text.chars().any(char::is_control);
    safe.then(|| text!("slip-text", text = shortened(text)))
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

/// The other reading of a number that seems to have a mark of thousands: `1,000` as `1.000`.
pub fn with_point(text: &str) -> Option<String> {
    let half: String = text.chars().map(half_width).collect();
    let bare = half.trim().trim_start_matches('+');
    let (whole, part) = bare.split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = whole.trim_start_matches('-');
    let both = digits(unsigned) && digits(part) && part.len() == 3 && unsigned != "0";
    both.then(|| format!("{whole}.{part}"))
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
        rest = &rest[c.len_utf8()..];
        let plain = half_width(c);
        if plain == c {
            fixed.push(c);
            continue;
        }
        if plain == '"' || plain == '\'' {
            // The text up to the quote that closes it.
            let end = rest.find(|c| half_width(c) == plain).unwrap_or(rest.len());
            let inner = rest[..end].replace(['"', '\\'], "?");
            fixed.push_str(&format!("\"{inner}\""));
            let close = rest[end..].chars().next();
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
    let bare = |key: &str| {
        key.trim()
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    if !fixed.contains('=')
        && let Some((key, value)) = fixed.split_once(':')
        && !key.is_empty()
        && bare(key)
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
    fn slips_are_told_with_what_was_meant() {
        for (line, word) in [
            ("start = 2013-09", "a month is written in quotes"),
            ("start = 2013/9", "in quotes: \"2013-09\""),
            ("a = [2013-09, 2014-10]", "month"),
            ("beta = 0,1", "decimal mark is a point: 0.1"),
            (
                "beta = 1,250",
                "write 1250, without separators; a fraction is written 1.250",
            ),
            ("beta = 1.234,5", "write 1234.5, without"),
            ("beta = 5%", "share: 0.05"),
            ("beta = .5", "0.5"),
            ("beta = 007", "7"),
            ("x = { a = 1, b = 0,2 }", "point: 0.2"),
            ("name = “x”", "not a straight quote"),
            ("f = [\"a\", “b”]", "straight"),
            ("f = [\"a\"\u{ff0c}“b”]", "full-width"),
            ("name = \"x", "not closed"),
            ("name = x", "a text is written in quotes: \"x\""),
            ("on = True", "lower case"),
            ("f = [\"a\" \"b\"]", "comma is missing before"),
            ("name = `x`", "not a straight quote"),
            ("name \u{ff1d} \"x\"", "full-width"),
            ("name: \"x\"", "not `:`"),
        ] {
            let told: Vec<String> = of_line(line, false).iter().map(Text::to_string).collect();
            assert!(
                told.iter().any(|what| what.contains(word)),
                "{line}: {told:?}"
            );
        }
        assert!(!of_line("  \"a\" \"b\"", true).is_empty());
        for right in [
            "a = 1",
            "b = \"x#y\"",
            "c = [1, 2.5, -3e4, true]",
            "d = 2013-09-29",
            "e = 0x1f",
            "f = 1_000",
            "a = ",
        ] {
            assert_eq!(of_line(right, false), [], "{right}");
        }
    }
}
