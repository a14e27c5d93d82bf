//! TOML text to a tree: every syntax error told, numbers finite, nesting bounded.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeInteger, DeTable, DeValue};

use super::problem::{Problem, Report};
use super::syntax::{self, Lines, nesting};
use super::tree::{Node, Origin, Value, join};
use crate::texts::text;

/// Deepest nesting that is read; the format itself needs eight levels.
const DEEPEST: usize = 32;

/// What could be read of a TOML text.
#[derive(Debug)]
pub struct Parsed {
    /// Its keys. Values that cannot be known are [`Value::Broken`].
    pub tree: Node,
    /// Whether every key is there. Of a text that is not TOML, the tree has what the parser understood, so that other
    /// files can be found and checked; nothing but its syntax is reported of the file itself.
    pub whole: bool,
}

/// Reads a TOML text. Every syntax error is reported.
pub fn parse(text: &str, file: &Arc<str>, report: &mut Report) -> Parsed {
    let lines = Lines::new(text);
    let nesting = nesting(text, 2 * DEEPEST);
    if let Some(offset) = nesting.too_deep {
        report.push(
            Problem::error(&**file, text!("too-deep"))
                .line(lines.of(offset))
                .allowed(text!("levels", DEEPEST)),
        );
        return nothing(file);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    let right = errors.is_empty();
    if !right && !text.contains('\n') && text.contains('\r') {
        report.push(Problem::error(&**file, text!("cr-alone")));
        return nothing(file);
    }
    let mut aside = Report::default();
    let mut reader = Reader {
        file,
        lines: &lines,
        told: syntax::told(text, &errors, &lines, nesting.open, file),
        report: if right { report } else { &mut aside },
    };
    let mut table = reader.table(table.get_ref(), "", 0);
    let told = reader.told;
    // Where the parser knows the key of every line that is wrong, only values are lost.
    let whole = told.values().all(|problem| problem.key.is_some());
    if !whole {
        table.values_mut().for_each(Node::may_go_on);
    }
    for (_, problem) in told {
        report.push(problem);
    }
    if !right {
        report.ignore(file);
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

struct Reader<'a> {
    file: &'a Arc<str>,
    lines: &'a Lines,
    /// What is wrong, by line; nothing in a text that is TOML.
    told: BTreeMap<u64, Problem>,
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
            let path = join(path, &name);
            let value = value.get_ref();
            let value = match (self.told.get_mut(&origin.line), value) {
                (None, _) | (Some(_), DeValue::Table(_)) => {
                    self.value(value, &path, &origin, depth + 1)
                }
                (Some(told), _) => {
                    told.key.get_or_insert(path);
                    Value::Broken
                }
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
