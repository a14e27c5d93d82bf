//! TOML with mistakes: every mistake is reported, once, with its correction; and it is then corrected
//! as the message says, or removed, so that all the rest of the file is still read.
//!
//! Only lines are changed, never their number, so that what follows keeps its line.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::de::DeTable;

use super::problem::Problem;
use super::slips;
use crate::texts::{Text, text};

/// How many bytes are parsed over all attempts on one file.
const BYTES: usize = 24 << 20;
/// Most mistakes that are told of one file.
const MOST: usize = 100;
/// The table under which keys gather whose own table cannot be read.
pub const LOST: &str = "\u{fffd}";

/// A text that can be read, and what was wrong with it.
#[derive(Debug)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// What was wrong, by line.
    pub told: BTreeMap<u64, Problem>,
    /// Lines of keys whose values cannot be known.
    pub broken: BTreeSet<u64>,
    /// Whether all keys are known, if not all values.
    pub whole: bool,
}

impl Mended {
    /// A text in which nothing is wrong.
    pub const fn nothing() -> Self {
        Self {
            text: String::new(),
            told: BTreeMap::new(),
            broken: BTreeSet::new(),
            whole: true,
        }
    }
}

/// A key with its value, or the name of a table: lines (from 0) with what they hold.
#[derive(Debug, PartialEq)]
struct Statement {
    start: usize,
    end: usize,
    /// Brackets that are not closed; a quote of several lines that is not closed.
    open: Vec<char>,
}

/// Mends a text. `text` must not be nested too deeply.
pub fn mend(text: &str, file: &Arc<str>) -> Mended {
    let mut lines: Vec<Cow<'_, str>> = text.split('\n').map(Cow::from).collect();
    let mut mended = Mended {
        text: text.to_owned(),
        ..Mended::nothing()
    };
    let mut tries: BTreeMap<usize, u8> = BTreeMap::new();
    let mut left = BYTES;
    loop {
        let (_, errors) = DeTable::parse_recoverable(&mended.text);
        let ends: Vec<usize> = mended.text.match_indices('\n').map(|(at, _)| at).collect();
        let line_of = |offset: usize| ends.partition_point(|end| *end < offset);
        let mut first: Option<(usize, &str)> = None;
        let mut duplicates = BTreeSet::new();
        for error in &errors {
            let line = error.span().map_or(0, |span| line_of(span.start));
            if error.message().starts_with("duplicate key") {
                duplicates.insert(line);
            } else if first.is_none_or(|(before, _)| line < before) {
                first = Some((line, error.message()));
            }
        }
        let Some((line, message)) = first else {
            // The parser keeps the first of them; nothing else is lost. They are only told here, as
            // what is not closed makes others look like it.
            for line in duplicates.into_iter().take(MOST) {
                let told = mended.told.entry(line as u64 + 1);
                told.or_insert_with(|| wrong(file, line, twice(&lines, line)));
            }
            return mended;
        };
        let here = statement(&lines, line);
        left = left.saturating_sub(mended.text.len());
        let times = tries.entry(here.start).or_insert(0);
        *times = times.saturating_add(1);
        if left < mended.text.len() || mended.told.len() >= MOST || *times > 6 {
            let what = text!("toml-follows", message = Text::foreign(message));
            mended
                .told
                .insert(here.start as u64 + 1, wrong(file, here.start, what));
            lines.truncate(here.start);
            mended.whole = false;
            // What is left has been read without another mistake.
            mended.text = lines.join("\n");
            return mended;
        }
        let before = lines[here.start].to_string();
        let said = put_right(&mut lines, &here, *times, message, &mut mended);
        let told = mended.told.entry(here.start as u64 + 1);
        told.or_insert_with(|| with_value(wrong(file, here.start, said), &before));
        mended.text = lines.join("\n");
    }
}

fn wrong(file: &Arc<str>, line: usize, what: Text) -> Problem {
    Problem::error(&**file, text!("toml", what)).line(line as u64 + 1)
}

/// The problem with the value as it was written.
fn with_value(problem: Problem, text: &str) -> Problem {
    let line = text.lines().next().unwrap_or("");
    match line[..code_len(line)].split_once(['=', '\u{ff1d}']) {
        Some((_, value)) if !value.trim().is_empty() => problem.value(value.trim()),
        _ => problem,
    }
}

fn twice(lines: &[Cow<'_, str>], line: usize) -> Text {
    let table = lines.get(line).is_some_and(|l| l.trim().starts_with('['));
    if table {
        text!("toml-table-twice")
    } else {
        text!("toml-key-twice")
    }
}

/// Puts a statement right, or takes it out. Says what was wrong.
fn put_right(
    lines: &mut [Cow<'_, str>],
    here: &Statement,
    times: u8,
    message: &str,
    mended: &mut Mended,
) -> Text {
    let text = lines[here.start..=here.end].join("\n");
    let header = is_header(&text);
    let message = Text::foreign(message);
    let said = match remark(&text) {
        None => message,
        Some(remark) => text!("toml-remark", message, remark),
    };
    if times == 1 && !header {
        if !here.open.is_empty() && here.open[0] != '"' && here.open[0] != '\'' {
            let last = (here.start..=here.end)
                .rev()
                .find(|at| !lines[*at].trim().is_empty());
            let last = last.unwrap_or(here.start);
            let line = &lines[last];
            let code = code_len(line);
            let closing: String = here.open.iter().rev().collect();
            lines[last] = format!("{}{closing}{}", &line[..code], &line[code..]).into();
            return text!("toml-closing", closing);
        }
        if let Some((fixed, what)) = slips::mend(&text) {
            replace(lines, here, &fixed);
            return what;
        }
    }
    if header && times < 3 {
        let (name, marks) = header_name(&text);
        mended.whole &= name.is_some();
        let name = name.unwrap_or_else(|| format!("\"{LOST}\""));
        let (before, after) = ("[".repeat(marks), "]".repeat(marks));
        replace(lines, here, &format!("{before}{name}{after}"));
        let name = if name.contains(LOST) { "name" } else { &name };
        return text!("toml-table", before, name, after);
    }
    match slips::key_of(&text) {
        Some(key) if times < 4 => {
            replace(lines, here, &format!("{key} = 0"));
            mended.broken.insert(here.start as u64 + 1);
        }
        _ => {
            replace(lines, here, "");
            mended.whole = false;
        }
    }
    said
}

/// A word more where the parser's are not enough.
fn remark(text: &str) -> Option<Text> {
    let start = text.trim_start();
    if start.starts_with("//") || start.starts_with("--") || start.starts_with(';') {
        Some(text!("toml-comment"))
    } else if text.contains('\\') {
        Some(text!("toml-slash"))
    } else if !text.contains('=') {
        Some(text!("toml-pair"))
    } else {
        None
    }
}

fn replace(lines: &mut [Cow<'_, str>], here: &Statement, with: &str) {
    let mut with = with.split('\n');
    for line in &mut lines[here.start..=here.end] {
        *line = with.next().unwrap_or("").to_owned().into();
    }
}

/// Whether the statement names a table, well or badly.
fn is_header(text: &str) -> bool {
    let code = text[..code_len(text)].trim();
    !code.contains(['\n', ':', ','])
        && !code.contains(['=', '\u{ff1d}'])
        && (code.starts_with(['[', '【', '\u{ff3b}']) || code.ends_with([']', '】', '\u{ff3d}']))
}

/// The name that a badly written table may have, and whether it has one or two brackets.
fn header_name(text: &str) -> (Option<String>, usize) {
    let code = text[..code_len(text)].trim();
    let count = |c: char| matches!(super::encoding::half_width(c), '[' | ']');
    let before = code.chars().take_while(|c| count(*c)).count();
    let after = code.chars().rev().take_while(|c| count(*c)).count();
    let name: String = code
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let name = name.trim_matches('.').to_owned();
    let good = !name.is_empty() && !name.contains("..");
    (good.then_some(name), before.max(after).clamp(1, 2))
}

/// Where the comment of a line begins, or its end.
fn code_len(line: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '#' => return at,
            None => {}
        }
    }
    line.trim_end_matches(['\r', '\n']).len()
}

/// Whether a line begins a statement, as far as one line can show.
fn begins(line: &str) -> bool {
    let code = line[..code_len(line)].trim();
    if let Some(name) = code.strip_prefix('[') {
        let name = name.trim_start_matches('[').trim_end_matches(']');
        return code.ends_with(']') && !name.is_empty() && name.chars().all(bare);
    }
    code.split_once('=')
        .is_some_and(|(key, _)| !key.trim().is_empty() && key.trim().chars().all(bare))
}

fn bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The statement to which a line belongs.
fn statement(lines: &[Cow<'_, str>], line: usize) -> Statement {
    let mut at = 0;
    while at < lines.len() {
        let found = statement_at(lines, at);
        // What is not closed makes everything after it look wrong.
        if found.end >= line || !found.open.is_empty() {
            return found;
        }
        at = found.end + 1;
    }
    let last = line.min(lines.len().saturating_sub(1));
    Statement {
        start: last,
        end: last,
        open: Vec::new(),
    }
}

/// The statement that begins on line `start`.
fn statement_at(lines: &[Cow<'_, str>], start: usize) -> Statement {
    let one = |open| Statement {
        start,
        end: start,
        open,
    };
    if lines[start].trim_start().starts_with('[') {
        return one(Vec::new());
    }
    let mut open: Vec<char> = Vec::new();
    let mut long: Option<&str> = None;
    for (at, line) in lines.iter().enumerate().skip(start) {
        let mut rest: &str = line;
        while let Some(c) = rest.chars().next() {
            if let Some(quote) = long {
                let Some(end) = rest.find(quote) else { break };
                rest = &rest[end + 3..];
                long = None;
                continue;
            }
            if rest.starts_with("\"\"\"") || rest.starts_with("'''") {
                long = Some(if c == '"' { "\"\"\"" } else { "'''" });
                rest = &rest[3..];
                continue;
            }
            match c {
                '#' => break,
                '"' | '\'' => {
                    rest = slips::after_quote(rest);
                    continue;
                }
                '[' => open.push(']'),
                '{' => open.push('}'),
                ']' | '}' => {
                    open.pop();
                }
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
        if open.is_empty() && long.is_none() {
            return Statement {
                start,
                end: at,
                open,
            };
        }
    }
    if let Some(quote) = long {
        return one(quote.chars().take(1).collect());
    }
    // Never closed: it ends where the next statement seems to begin.
    let next = (start + 1..lines.len()).find(|at| begins(&lines[*at]));
    let end = next.unwrap_or(lines.len()) - 1;
    let mut open = Vec::new();
    for line in &lines[start..=end] {
        let mut rest: &str = &line[..code_len(line)];
        while let Some(c) = rest.chars().next() {
            match c {
                '"' | '\'' => {
                    rest = slips::after_quote(rest);
                    continue;
                }
                '[' => open.push(']'),
                '{' => open.push('}'),
                ']' | '}' => {
                    open.pop();
                }
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    Statement { start, end, open }
}
