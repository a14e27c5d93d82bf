//! TOML text to a tree: every syntax error reported and skipped, numbers finite, nesting bounded.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeInteger, DeTable, DeValue};

use super::mend::{LOST, Mended, mend};
use super::problem::{Problem, Report};
use super::tree::{Node, Origin, Value, join};
use crate::texts::text;

/// Deepest nesting that is read; the format itself needs eight levels.
const DEEPEST: usize = 32;

/// What could be read of a TOML text.
#[derive(Debug)]
pub struct Parsed {
    /// Its keys. Values that cannot be known are [`Value::Broken`].
    pub tree: Node,
    /// Whether every key is there.
    pub whole: bool,
}

/// Reads a TOML text. Every mistake is reported; what is right is read all the same.
pub fn parse(text: &str, file: &Arc<str>, report: &mut Report) -> Parsed {
    let lines = Lines::new(text);
    if let Some(offset) = too_deep(text) {
        report.push(
            Problem::error(&**file, text!("too-deep"))
                .line(lines.of(offset))
                .allowed(text!("levels", DEEPEST)),
        );
        return nothing(file);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return read(table.get_ref(), &lines, file, Mended::nothing(), report);
    }
    drop(table);
    if !text.contains('\n') && text.contains('\r') {
        let what = text!("cr-alone");
        report.push(Problem::error(&**file, what));
        return nothing(file);
    }
    let mended = mend(text, file);
    let lines = Lines::new(&mended.text);
    let text = mended.text.clone();
    let (table, _) = DeTable::parse_recoverable(&text);
    read(table.get_ref(), &lines, file, mended, report)
}

/// A file of which nothing could be read.
pub fn nothing(file: &Arc<str>) -> Parsed {
    let origin = Origin {
        file: file.clone(),
        line: 0,
    };
    Parsed {
        tree: Node::table(origin),
        whole: false,
    }
}

fn read(
    table: &DeTable<'_>,
    lines: &Lines,
    file: &Arc<str>,
    mended: Mended,
    report: &mut Report,
) -> Parsed {
    let whole = mended.whole;
    let mut reader = Reader {
        file,
        lines,
        mended,
        report,
    };
    let table = reader.table(table, "", 0);
    for (_, problem) in std::mem::take(&mut reader.mended.told) {
        reader.report.push(problem);
    }
    Parsed {
        tree: Node {
            value: Value::Table(table),
            origin: Origin {
                file: file.clone(),
                line: 0,
            },
        },
        whole,
    }
}

/// Finds where brackets and dotted keys nest deeper than any scenario, so that nothing recurses
/// far. Texts and comments are skipped; the count is from above (a dot in a number counts too).
fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut dots = vec![0_usize];
    let mut depth = 0;
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'#' => {
                let rest = bytes[i..].iter().position(|b| *b == b'\n');
                i = rest.map_or(bytes.len(), |rest| i + rest - 1);
            }
            b'"' | b'\'' => i = end_of_text(bytes, i),
            b'[' | b'{' => {
                dots.push(0);
                depth += 1;
            }
            b']' | b'}' if dots.len() > 1 => {
                depth -= 1 + dots.pop().unwrap_or(0);
            }
            b'.' => {
                depth += 1;
                if let Some(last) = dots.last_mut() {
                    *last += 1;
                }
            }
            b',' | b'\n' => {
                if let Some(last) = dots.last_mut() {
                    depth -= *last;
                    *last = 0;
                }
            }
            _ => {}
        }
        if depth > 2 * DEEPEST {
            return Some(i.min(bytes.len()));
        }
        i += 1;
    }
    None
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

struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn of(&self, offset: usize) -> u64 {
        self.0.partition_point(|end| *end < offset) as u64 + 1
    }
}

struct Reader<'a> {
    file: &'a Arc<str>,
    lines: &'a Lines,
    mended: Mended,
    report: &'a mut Report,
}

impl Reader<'_> {
    fn origin(&self, offset: usize) -> Origin {
        Origin {
            file: self.file.clone(),
            line: self.lines.of(offset),
        }
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, depth: usize) -> BTreeMap<String, Node> {
        let mut nodes = BTreeMap::new();
        for (key, value) in table {
            let origin = self.origin(key.span().start);
            let name = key.get_ref().to_string();
            if name == LOST {
                continue;
            }
            let path = join(path, &name);
            let value = value.get_ref();
            let is_table = matches!(value, DeValue::Table(_));
            if let Some(told) = self.mended.told.get_mut(&origin.line)
                && told.key.is_none()
                && !is_table
            {
                told.key = Some(path.clone());
            }
            let value = if self.mended.broken.contains(&origin.line) && !is_table {
                Value::Broken
            } else {
                self.value(value, &path, &origin, depth + 1)
            };
            nodes.insert(name, Node { value, origin });
        }
        nodes
    }

    fn value(&mut self, value: &DeValue<'_>, path: &str, origin: &Origin, depth: usize) -> Value {
        if depth > DEEPEST {
            let problem = origin
                .error(text!("too-deep"))
                .allowed(text!("levels", DEEPEST));
            self.report.push(problem);
            return Value::Broken;
        }
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => match whole(number) {
                Some(number) => Value::Integer(number),
                None => {
                    let problem = origin.error(text!("whole-too-large")).key(path);
                    self.report.push(problem.value(number));
                    Value::Broken
                }
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Float(number),
                _ => {
                    let problem = origin.error(text!("not-finite")).key(path);
                    self.report.push(problem.value(number));
                    Value::Broken
                }
            },
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Datetime(date) => Value::Date(date.to_string()),
            DeValue::Array(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for (position, item) in items.iter().enumerate() {
                    let origin = self.origin(item.span().start);
                    let path = join(path, &position.to_string());
                    let value = self.value(item.get_ref(), &path, &origin, depth + 1);
                    nodes.push(Node { value, origin });
                }
                Value::Array(nodes)
            }
            DeValue::Table(table) => Value::Table(self.table(table, path, depth)),
        }
    }
}

fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, String> {
        let mut report = Report::default();
        let parsed = parse(text, &"a.toml".into(), &mut report);
        match report.errors() {
            0 => Ok(parsed.tree),
            _ => Err(report.finish().to_string()),
        }
    }

    #[test]
    fn keys_remember_their_lines_through_a_merge() {
        let mut base = read("x = 1\n[a]\nb = 2\nc = 3\n").unwrap();
        let mut report = Report::default();
        let over = parse("\n\n[a]\nc = [1, 2]\n", &"b.toml".into(), &mut report);
        base.merge(over.tree);
        assert_eq!(base.origin_of("a.b").line, 3);
        assert_eq!(&*base.origin_of("a.c").file, "b.toml");
        assert_eq!(base.origin_of("a.c").line, 4);
        assert_eq!(base.origin_of("a.c.7").line, 4);
        assert_eq!(base.at("a.c.1").unwrap().value, Value::Integer(2));
    }

    #[test]
    fn numbers_that_are_none_and_syntax_errors_are_all_told() {
        let text = read("a = nan\nb = -inf\nc = 1e999\nd = 99999999999999999999\n").unwrap_err();
        for line in ["a.toml:1", "a.toml:2", "a.toml:3", "a.toml:4", "4 errors"] {
            assert!(text.contains(line), "{line}: {text}");
        }
        let text = read("a = \nb = 1\nc = = 2\n").unwrap_err();
        assert!(
            text.contains("a.toml:1") && text.contains("a.toml:3"),
            "{text}"
        );
    }

    #[test]
    fn deep_nesting_is_refused_and_brackets_in_texts_are_not_nesting() {
        for deep in [
            format!("a = {}", "[".repeat(100_000)),
            format!("{} = 1", vec!["a"; 70].join(".")),
            "a = ".to_owned() + &format!("{{ {} = ", vec!["b"; 70].join(".")).repeat(70),
            format!("a = {}1{}", "[".repeat(40), "]".repeat(40)),
        ] {
            assert!(read(&deep).unwrap_err().contains("nested too deeply"));
        }
        let brackets = "[".repeat(200);
        let text = format!(
            "# {brackets}\na = \"{brackets}\\\"{brackets}\"\nb = '{brackets}'\n\
             c = \"\"\"\n{brackets}\"\"\"\nd = '''{brackets}''''\ne = [1.5, 2.5]\n"
        );
        assert!(read(&text).is_ok());
    }
}
