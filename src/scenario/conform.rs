//! A tree checked against a JSON Schema: kinds, required and unknown keys, ranges, lengths, patterns.

use serde_json::{Map, Value as Json, json};

use super::Month;
use super::cells::switch;
use super::month::{MONTH, MONTH_OR_NEVER, MonthOrNever, likely_month, year_alone};
use super::problem::{Problem, Report, shortened};
use super::repair::not_null;
use super::schema::{choices, most, range};
use super::slips::{number_slip, with_point};
use super::tagged::{self, About};
use super::tree::{Node, Value, join};
use crate::texts::{Text, text};

/// How complete a tree must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// All required keys must be there.
    Whole,
    /// Tables may lack keys, because the tree is laid over another one.
    Partial,
}

/// Holds a tree against a schema and reports every problem at its own line. `prefix` comes before
/// the paths; `whole` says that no key of the tree was lost in reading. What is wrong becomes
/// [`Value::Broken`], also required keys that are not there; unknown keys are taken out.
pub fn check(
    root: &mut Node,
    schema: &Json,
    completeness: Completeness,
    whole: bool,
    prefix: &str,
    report: &mut Report,
) {
    let mut checker = Checker {
        schema,
        prefix,
        partial: completeness == Completeness::Partial,
        whole,
        report,
    };
    checker.node(root, schema, "", true);
}

fn pattern_in_words(pattern: &str) -> Text {
    match pattern {
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$" => {
            text!("pattern-name")
        }
        r"^[a-z][a-z0-9_]*$" => text!("pattern-id"),
        MONTH => text!("pattern-month"),
        MONTH_OR_NEVER => text!("pattern-month-or-never"),
        other => other.into(),
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
        MONTH => Some(text.parse::<Month>().is_ok()),
        MONTH_OR_NEVER => Some(text.parse::<MonthOrNever>().is_ok()),
        _ => None,
    }
}

/// Whether a pattern is that of a month.
fn is_month(pattern: &str) -> bool {
    [MONTH, MONTH_OR_NEVER].contains(&pattern)
}

struct Checker<'a> {
    schema: &'a Json,
    prefix: &'a str,
    partial: bool,
    whole: bool,
    report: &'a mut Report,
}

impl<'a> Checker<'a> {
    fn fail(&mut self, node: &mut Node, path: &str, make: impl FnOnce(Problem, &Value) -> Problem) {
        let problem = node.origin.error("").key(join(self.prefix, path));
        self.report.push(make(problem, &node.value));
        node.value = Value::Broken;
    }

    /// `open` is true while only tables lie between the root and this node.
    fn node(&mut self, node: &mut Node, schema: &'a Json, path: &str, open: bool) {
        if node.is_broken() {
            return;
        }
        let schema = not_null(schema, self.schema);
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
        if !fits && node.doubtful() {
            // One problem on this value is enough.
            node.value = Value::Broken;
            return;
        }
        if !fits {
            let wanted = expected(schema, &kinds);
            self.fail(node, path, |p, value| {
                let advice = advice(schema, &kinds, value);
                let what = text!("expected-found", wanted, kind = value.kind(), advice);
                let p = Problem { what, ..p };
                let range = range(schema);
                let p = match range {
                    None => p,
                    Some(range) => p.allowed(range),
                };
                p.value(value)
            });
            return;
        }
        match &mut node.value {
            Value::Table(_) => self.table(node, schema, path, open),
            Value::Array(items) => {
                if let Some(item) = schema.get("items") {
                    for (position, node) in items.iter_mut().enumerate() {
                        self.node(node, item, &join(path, &position.to_string()), false);
                    }
                }
                let size = items.len();
                self.size(node, schema, path, ("minItems", "maxItems"), size);
            }
            Value::Text(text) => {
                let text = text.clone();
                self.text(node, &text, schema, path);
            }
            #[expect(clippy::cast_precision_loss, reason = "only compared with a range")]
            Value::Integer(number) => {
                let number = *number as f64;
                self.number(node, number, schema, path);
            }
            Value::Float(number) => {
                let number = *number;
                self.number(node, number, schema, path);
            }
            Value::Bool(_) | Value::Date(_) | Value::Broken => {}
        }
    }

    fn choice(&mut self, node: &mut Node, choices: &[&str], path: &str) {
        let allowed = choices.join(", ");
        match &node.value {
            Value::Text(text) if choices.contains(&text.as_str()) => {}
            Value::Text(text) => {
                let nearest = self.report.near(text, choices.iter().copied());
                self.fail(node, path, |p, value| {
                    let what = text!("not-a-choice");
                    let p = Problem { what, ..p }.value(value);
                    p.allowed(allowed).nearest(nearest)
                });
            }
            _ => self.fail(node, path, |p, value| {
                let what = text!("expected-text", kind = value.kind());
                Problem { what, ..p }.value(value).allowed(allowed)
            }),
        }
    }

    fn table(&mut self, node: &mut Node, schema: &'a Json, parent: &str, open: bool) {
        let origin = node.origin.clone();
        let Value::Table(table) = &mut node.value else {
            return;
        };
        let empty = Map::new();
        let known = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        let names: Vec<&str> = known.unwrap_or(&empty).keys().map(String::as_str).collect();
        let free: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !table.contains_key(*name))
            .collect();
        let mut unknown = Vec::new();
        let mut meant = Vec::new();
        let named = |tag: &str| match &table.get(tag)?.value {
            Value::Text(name) => Some(name.clone()),
            _ => None,
        };
        let rules = tagged::rules(schema, named, |key| table.contains_key(key));
        for (key, child) in table.iter_mut() {
            let path = join(parent, key);
            if let Some(rule) = rules.iter().find(|rule| rule.excludes(key)) {
                self.fail(child, &path, |p, _| match rule.about {
                    About::Variant(tag, name) => {
                        let what = text!("of-unused", of = tagged::in_words(tag, name));
                        let variants = rule.takers(key).join(", ");
                        Problem { what, ..p }.allowed(text!("with-variants", variants))
                    }
                    About::Key(other) => {
                        let other = join(self.prefix, &join(parent, other));
                        let what = text!("beside-other", other);
                        Problem { what, ..p }
                    }
                });
            } else if let Some(schema) = known.and_then(|known| known.get(key)) {
                self.node(child, schema, &path, open);
            } else if others == Some(&json!(false)) {
                // Rather a key that is not there yet; it may be this one, misspelled.
                let nearest = self.report.near(key, free.iter().copied());
                meant.extend(nearest.clone());
                // Beside a key that is there already another of its name would be one too many.
                let there = match nearest {
                    None => self.report.near(key, names.iter().copied()),
                    Some(_) => None,
                };
                // The command line takes the place of what is there.
                let set = &*child.origin.file == "--set";
                let nearest = nearest.or_else(|| there.clone().filter(|_| set));
                let there = there.filter(|_| !set);
                let root = self.schema.get("properties").and_then(|all| all.get(key));
                let under = (!parent.is_empty() && &*child.origin.file != "--set")
                    .then(|| root.map(|_| (dotted(key, child), above(parent))))
                    .flatten();
                // On the command line a key is named by its whole path, in a file by its last part.
                let nearest = match &*child.origin.file {
                    "--set" => nearest.map(|name| join(parent, &name)),
                    _ => nearest,
                };
                self.fail(child, &path, |p, _| {
                    let what = match (under, there) {
                        (Some((key, table)), _) => text!("unknown-key-under", key, table),
                        (None, Some(other)) => text!("unknown-key-there", other),
                        (None, None) => text!("unknown-key"),
                    };
                    let nearest = nearest.filter(|_| !what.is("unknown-key-under"));
                    Problem { what, ..p }.nearest(nearest)
                });
                unknown.push(key.clone());
            } else if let Some(schema) = others {
                self.node(child, schema, &path, open);
            }
        }
        for key in unknown {
            table.remove(&key);
        }
        if self.partial && open {
            return;
        }
        let required = schema.get("required").and_then(Json::as_array);
        let required = required.into_iter().flatten().filter_map(Json::as_str);
        let required = required.map(|key| (None, key));
        let by_rule = rules
            .iter()
            .flat_map(|rule| rule.needs().map(move |key| (Some(rule), key)));
        for (rule, key) in by_rule.chain(required) {
            if table.contains_key(key) {
                continue;
            }
            let broken = Node {
                value: Value::Broken,
                origin: origin.clone(),
            };
            table.insert(key.to_owned(), broken);
            // A key that is there but misspelled, or lost in reading, is reported already.
            if !self.whole || meant.iter().any(|name| name == key) {
                continue;
            }
            let path = join(self.prefix, &join(parent, key));
            let description = known
                .and_then(|known| known.get(key)?.get("description")?.as_str())
                .map(|text| text.lines().collect::<Vec<_>>().join(" "));
            let problem = match (rule.map(|rule| rule.about), description) {
                (Some(About::Variant(tag, name)), _) => {
                    let of = tagged::in_words(tag, name);
                    origin.error(text!("of-needs", of)).key(path)
                }
                (Some(About::Key(there)), _) => {
                    let what = text!("needs-key", other = path);
                    let origin = table.get(there).map_or(&origin, |child| &child.origin);
                    let there = join(self.prefix, &join(parent, there));
                    origin.error(what).key(there)
                }
                (None, Some(about)) => {
                    let what = text!("missing-key-about", about = Text::of_key(&about));
                    origin.error(what).key(path)
                }
                (None, None) => origin.error(text!("missing-key")).key(path),
            };
            self.report.push(problem);
        }
    }

    fn size(
        &mut self,
        node: &mut Node,
        schema: &Json,
        path: &str,
        names: (&str, &str),
        size: usize,
    ) {
        let bound = |name: &str| schema.get(name).and_then(Json::as_u64);
        let (least, most) = (bound(names.0), bound(names.1));
        let size = size as u64;
        if least.is_none_or(|least| size >= least) && most.is_none_or(|most| size <= most) {
            return;
        }
        let least = least.unwrap_or(0);
        let (what, allowed) = if names.0 == "minItems" {
            let allowed = match most {
                None => text!("items-from", least),
                Some(most) => text!("items-from-to", least, most),
            };
            (text!("items-size", size), allowed)
        } else {
            let allowed = match most {
                None => text!("characters-from", least),
                Some(most) => text!("characters-from-to", least, most),
            };
            (text!("characters-size", size), allowed)
        };
        self.fail(node, path, |p, value| {
            Problem { what, ..p }.value(value).allowed(allowed)
        });
    }

    fn text(&mut self, node: &mut Node, text: &str, schema: &Json, path: &str) {
        let length = text.chars().count();
        self.size(node, schema, path, ("minLength", "maxLength"), length);
        let Some(pattern) = schema.get("pattern").and_then(Json::as_str) else {
            return;
        };
        if node.is_broken() {
            return;
        }
        if !text.is_empty() && follows(pattern, text) == Some(false) {
            self.fail(node, path, |p, value| {
                let month = is_month(pattern).then(|| likely_month(text));
                let month = month.map(|month| month.or_else(|| year_alone(text)));
                let what = match month.flatten() {
                    Some(month) => text!("wrong-form-write", month),
                    None => text!("wrong-form"),
                };
                let p = Problem { what, ..p }.value(value);
                p.allowed(pattern_in_words(pattern))
            });
        } else if text.is_empty() && schema.get("minLength").is_none() {
            self.fail(node, path, |p, _| {
                let what = text!("is-empty");
                Problem { what, ..p }.allowed(pattern_in_words(pattern))
            });
        }
    }

    fn number(&mut self, node: &mut Node, number: f64, schema: &Json, path: &str) {
        let bound = |name: &str| schema.get(name).and_then(Json::as_f64);
        let inside = bound("minimum").is_none_or(|least| number >= least)
            && most(schema).is_none_or(|most| number <= most)
            && bound("exclusiveMinimum").is_none_or(|least| number > least)
            && bound("exclusiveMaximum").is_none_or(|most| number < most);
        if !inside {
            self.fail(node, path, |p, value| {
                let what = text!("out-of-range");
                let p = Problem { what, ..p }.value(value);
                Problem {
                    allowed: range(schema),
                    ..p
                }
            });
        }
    }
}

/// A key with those below it, as long as each is alone: as it was written with points.
fn dotted(key: &str, node: &Node) -> String {
    match &node.value {
        Value::Table(table) if table.len() == 1 => match table.iter().next() {
            Some((below, node)) => format!("{key}.{}", dotted(below, node)),
            None => key.to_owned(),
        },
        _ => key.to_owned(),
    }
}

/// The name of a table without positions in lists.
fn above(path: &str) -> String {
    let keys = path.split('.').filter(|key| key.parse::<usize>().is_err());
    keys.collect::<Vec<_>>().join(".")
}

/// What to write instead of a value of the wrong kind, where that is clear.
fn advice(schema: &Json, kinds: &[&str], value: &Value) -> Text {
    let number = kinds.contains(&"number") || kinds.contains(&"integer");
    let month = schema.get("pattern").and_then(Json::as_str);
    let month = month.is_some_and(is_month);
    // Only what would be right is advised.
    let bound = |name: &str| schema.get(name).and_then(Json::as_f64);
    let fits = |text: &str| {
        let whole = kinds.contains(&"number") || text.trim().parse::<i64>().is_ok();
        whole
            && text.trim().parse::<f64>().is_ok_and(|number| {
                number.is_finite()
                    && bound("minimum").is_none_or(|least| number >= least)
                    && most(schema).is_none_or(|most| number <= most)
                    && bound("exclusiveMinimum").is_none_or(|least| number > least)
                    && bound("exclusiveMaximum").is_none_or(|most| number < most)
            })
    };
    match value {
        Value::Text(text) if number && fits(text) => text!("advice-number", number = text.trim()),
        Value::Text(text) if number => {
            let better = number_slip(text).map(|(better, _)| better);
            let better = better.filter(|better| fits(better));
            match (better, with_point(text).filter(|other| fits(other))) {
                (Some(number), Some(other)) => text!("advice-numbers", number, other),
                (Some(number), None) | (None, Some(number)) => text!("advice-number", number),
                (None, None) => "".into(),
            }
        }
        Value::Text(text) if kinds.contains(&"array") => {
            text!("advice-list", text = shortened(text))
        }
        Value::Text(text) if kinds.contains(&"boolean") && switch(text).is_some() => {
            let text = if switch(text) == Some(true) {
                "true"
            } else {
                "false"
            };
            text!("advice-bool", text)
        }
        Value::Integer(number @ (0 | 1)) if kinds.contains(&"boolean") => {
            text!(
                "advice-switch",
                text = if *number == 1 { "true" } else { "false" }
            )
        }
        Value::Date(text) if month => match likely_month(text) {
            Some(month) => text!("advice-month", month),
            None => "".into(),
        },
        Value::Float(number) if month => match likely_month(&number.to_string()) {
            Some(month) => text!("advice-month", month),
            None => "".into(),
        },
        Value::Integer(number) if month => {
            let text = number.to_string();
            match likely_month(&text).or_else(|| year_alone(&text)) {
                Some(month) => text!("advice-month", month),
                None => "".into(),
            }
        }
        _ => "".into(),
    }
}

fn expected(schema: &Json, kinds: &[&str]) -> Text {
    match kinds.iter().find(|kind| **kind != "null") {
        Some(&"object") => text!("kind-table"),
        Some(&"array") => text!("kind-list"),
        Some(&"string") if schema.get("pattern").is_some() => text!("kind-quoted"),
        Some(&"string") => text!("kind-text"),
        Some(&"boolean") => text!("kind-bool"),
        Some(&"integer") => text!("kind-whole"),
        Some(&"number") => text!("kind-number"),
        _ => text!("kind-other"),
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
            "allOf",
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
                        assert_ne!(pattern_in_words(pattern).to_string(), pattern);
                    }
                });
            };
            check(&schema);
            assert!(patterns >= 2, "{patterns}");
        }
    }
}
