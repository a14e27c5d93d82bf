//! A tree held against a JSON Schema: kinds, required and unknown keys, ranges, lengths, patterns.

use serde_json::{Map, Value as Json, json};

use super::Month;
use super::problem::{Problem, Report};
use super::schema::{choices, most, range, resolve};
use super::tree::{Node, Value, join};

/// How complete a tree must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// All required keys must be there.
    Whole,
    /// Tables may lack keys, because the tree is laid over another one.
    Partial,
}

/// Holds a tree against a schema and reports every problem at its own line. `prefix` comes before
/// the paths. Returns the paths (from the root of the tree) of the values that are wrong.
pub fn check(
    root: &Node,
    schema: &Json,
    completeness: Completeness,
    prefix: &str,
    report: &mut Report,
) -> Vec<String> {
    let mut checker = Checker {
        schema,
        prefix,
        partial: completeness == Completeness::Partial,
        report,
        wrong: Vec::new(),
    };
    checker.node(root, schema, "", true);
    checker.wrong
}

fn pattern_in_words(pattern: &str) -> &str {
    match pattern {
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$" => {
            "letters, digits, `-` and `_`, beginning with a letter or digit"
        }
        r"^[a-z][a-z0-9_]*$" => "lower-case letters, digits and `_`, beginning with a letter",
        r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$" => "a month in quotes, \"YYYY-MM\"",
        other => other,
    }
}

/// Whether the text follows one of the patterns that the format uses; `None` for an unknown pattern.
fn follows(pattern: &str, text: &str) -> Option<bool> {
    let mut bytes = text.bytes();
    let first = bytes.next();
    match pattern {
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$" => Some(
            first.is_some_and(|b| b.is_ascii_alphanumeric())
                && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'),
        ),
        r"^[a-z][a-z0-9_]*$" => Some(
            first.is_some_and(|b| b.is_ascii_lowercase())
                && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        ),
        r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$" => Some(text.parse::<Month>().is_ok()),
        _ => None,
    }
}

struct Checker<'a> {
    schema: &'a Json,
    prefix: &'a str,
    partial: bool,
    report: &'a mut Report,
    wrong: Vec<String>,
}

impl<'a> Checker<'a> {
    fn fail(&mut self, node: &Node, path: &str, make: impl FnOnce(Problem) -> Problem) {
        let problem = node.origin.error("").key(join(self.prefix, path));
        self.report.push(make(problem));
        self.wrong.push(path.to_owned());
    }

    /// `open` is true while only tables lie between the root and this node.
    fn node(&mut self, node: &Node, schema: &'a Json, path: &str, open: bool) {
        let Some(schema) = self.without_null(schema) else {
            return;
        };
        if let Some(choices) = choices(schema) {
            self.choice(node, &choices, path);
            return;
        }
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Json::String(kind)) => vec![kind],
            Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
            _ => return,
        };
        let fits = kinds.iter().any(|kind| {
            matches!(
                (*kind, &node.value),
                ("object", Value::Table(_))
                    | ("array", Value::Array(_))
                    | ("string", Value::Text(_))
                    | ("boolean", Value::Bool(_))
                    | ("integer", Value::Integer(_))
                    | ("number", Value::Integer(_) | Value::Float(_))
            )
        });
        if !fits {
            let wanted = expected(schema, &kinds);
            self.fail(node, path, |p| {
                let what = format!("expected {wanted}, found {}", node.value.kind());
                let p = Problem { what, ..p };
                let range = range(schema);
                let p = if range.is_empty() {
                    p
                } else {
                    p.allowed(range)
                };
                p.value(&node.value)
            });
            return;
        }
        match &node.value {
            Value::Table(_) => self.table(node, schema, path, open),
            Value::Array(items) => {
                self.size(node, schema, path, ("minItems", "maxItems"), items.len());
                if let Some(item) = schema.get("items") {
                    for (position, node) in items.iter().enumerate() {
                        self.node(node, item, &join(path, &position.to_string()), false);
                    }
                }
            }
            Value::Text(text) => self.text(node, text, schema, path),
            #[expect(clippy::cast_precision_loss, reason = "only compared with a range")]
            Value::Integer(number) => self.number(node, *number as f64, schema, path),
            Value::Float(number) => self.number(node, *number, schema, path),
            Value::Bool(_) | Value::Date(_) => {}
        }
    }

    /// The schema behind `$ref` and behind `anyOf` with null.
    fn without_null(&self, schema: &'a Json) -> Option<&'a Json> {
        let schema = resolve(self.schema, schema);
        match schema.get("anyOf").and_then(Json::as_array) {
            Some(list) => list
                .iter()
                .find(|one| one.get("type").and_then(Json::as_str) != Some("null"))
                .map(|one| resolve(self.schema, one)),
            None => Some(schema),
        }
    }

    fn choice(&mut self, node: &Node, choices: &[&str], path: &str) {
        let allowed = choices.join(", ");
        match &node.value {
            Value::Text(text) if choices.contains(&text.as_str()) => {}
            Value::Text(text) => {
                let nearest = self.report.near(text, choices.iter().copied());
                self.fail(node, path, |p| {
                    let what = "not one of the choices".to_owned();
                    let p = Problem { what, ..p }.value(&node.value);
                    p.allowed(allowed).nearest(nearest)
                });
            }
            value => self.fail(node, path, |p| {
                let what = format!("expected a text, found {}", value.kind());
                Problem { what, ..p }.value(value).allowed(allowed)
            }),
        }
    }

    fn table(&mut self, node: &Node, schema: &'a Json, path: &str, open: bool) {
        let Value::Table(table) = &node.value else {
            return;
        };
        let empty = Map::new();
        let known = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        let parent = path;
        for (key, child) in table {
            let path = join(parent, key);
            if let Some(schema) = known.and_then(|known| known.get(key)) {
                self.node(child, schema, &path, open);
            } else if others == Some(&json!(false)) {
                let names: Vec<&str> = known.unwrap_or(&empty).keys().map(String::as_str).collect();
                // Rather a key that is not there yet; it may be this one, misspelled.
                let free = names.iter().filter(|name| !table.contains_key(**name));
                let nearest = self.report.near(key, free.copied());
                let nearest = nearest.or_else(|| self.report.near(key, names));
                // On the command line a key is named by its whole path, in a file by its last part.
                let nearest = match &*child.origin.file {
                    "--set" => nearest.map(|name| join(parent, &name)),
                    _ => nearest,
                };
                self.fail(child, &path, |p| {
                    let what = "unknown key".to_owned();
                    Problem { what, ..p }.nearest(nearest)
                });
            } else if let Some(schema) = others {
                self.node(child, schema, &path, open);
            }
        }
        if self.partial && open {
            return;
        }
        let required = schema.get("required").and_then(Json::as_array);
        for key in required.into_iter().flatten().filter_map(Json::as_str) {
            if !table.contains_key(key) {
                let about = known
                    .and_then(|known| known.get(key)?.get("description")?.as_str())
                    .map(|text| text.lines().next().unwrap_or(text).to_owned());
                let path = join(path, key);
                self.fail(node, &path, |p| {
                    let what = match about {
                        Some(about) => format!("required key is missing ({about})"),
                        None => "required key is missing".to_owned(),
                    };
                    Problem { what, ..p }
                });
            }
        }
    }

    fn size(&mut self, node: &Node, schema: &Json, path: &str, names: (&str, &str), size: usize) {
        let bound = |name: &str| schema.get(name).and_then(Json::as_u64);
        let (least, most) = (bound(names.0), bound(names.1));
        let size = size as u64;
        if least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most) {
            return;
        }
        let unit = if names.0 == "minItems" {
            "items"
        } else {
            "characters"
        };
        let (least, most) = (least.unwrap_or(0), most.map(|m| m.to_string()));
        self.fail(node, path, |p| {
            let what = format!("has {size} {unit}");
            let most = most.unwrap_or_else(|| "any number of".to_owned());
            Problem { what, ..p }
                .value(&node.value)
                .allowed(format!("{least} to {most} {unit}"))
        });
    }

    fn text(&mut self, node: &Node, text: &str, schema: &Json, path: &str) {
        let length = text.chars().count();
        self.size(node, schema, path, ("minLength", "maxLength"), length);
        let Some(pattern) = schema.get("pattern").and_then(Json::as_str) else {
            return;
        };
        if !text.is_empty() && follows(pattern, text) == Some(false) {
            self.fail(node, path, |p| {
                let what = "not written in the right form".to_owned();
                let p = Problem { what, ..p }.value(&node.value);
                p.allowed(pattern_in_words(pattern))
            });
        } else if text.is_empty() && schema.get("minLength").is_none() {
            self.fail(node, path, |p| {
                let what = "is empty".to_owned();
                Problem { what, ..p }.allowed(pattern_in_words(pattern))
            });
        }
    }

    fn number(&mut self, node: &Node, number: f64, schema: &Json, path: &str) {
        let bound = |name: &str| schema.get(name).and_then(Json::as_f64);
        let inside = bound("minimum").is_none_or(|least| number >= least)
            && most(schema).is_none_or(|most| number <= most)
            && bound("exclusiveMinimum").is_none_or(|least| number > least)
            && bound("exclusiveMaximum").is_none_or(|most| number < most);
        if !inside {
            self.fail(node, path, |p| {
                let what = "out of range".to_owned();
                Problem { what, ..p }
                    .value(&node.value)
                    .allowed(range(schema))
            });
        }
    }
}

fn expected(schema: &Json, kinds: &[&str]) -> &'static str {
    match kinds.iter().find(|kind| **kind != "null") {
        Some(&"object") => "a table",
        Some(&"array") => "a list",
        Some(&"string") if schema.get("pattern").is_some() => "a text in quotes",
        Some(&"string") => "a text",
        Some(&"boolean") => "true or false",
        Some(&"integer") => "a whole number",
        Some(&"number") => "a number",
        _ => "another value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{layout_schema, schema};

    fn walk(schema: &Json, visit: &mut impl FnMut(&Map<String, Json>)) {
        match schema {
            Json::Object(object) => {
                visit(object);
                object.values().for_each(|value| walk(value, visit));
            }
            Json::Array(items) => items.iter().for_each(|value| walk(value, visit)),
            _ => {}
        }
    }

    /// The checker knows every word that the generated schemas use, so nothing goes unchecked.
    #[test]
    fn every_word_of_the_schemas_is_understood() {
        let known = [
            "$schema",
            "title",
            "description",
            "type",
            "properties",
            "additionalProperties",
            "required",
            "$defs",
            "$ref",
            "default",
            "format",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "items",
            "minItems",
            "maxItems",
            "oneOf",
            "anyOf",
            "const",
            "x-symbol",
            "x-unit",
        ];
        for schema in [schema(), layout_schema()] {
            let mut patterns = 0;
            let mut check = |schema: &Json| {
                walk(schema, &mut |object| {
                    // Names of keys and default values are not words of the schema.
                    if object.contains_key("type") || object.contains_key("$ref") {
                        for word in object.keys() {
                            assert!(known.contains(&word.as_str()), "{word}");
                        }
                    }
                    if let Some(pattern) = object.get("pattern").and_then(Json::as_str) {
                        patterns += 1;
                        assert!(follows(pattern, "x").is_some(), "{pattern}");
                        assert_ne!(pattern_in_words(pattern), pattern);
                    }
                });
            };
            check(&schema);
            assert!(patterns >= 2, "{patterns}");
        }
    }
}
