//! A tree with wrong values as a whole specification: wrong values that have a default are left out,
//! others get any value that fits. Nothing that stands in for something wrong may be reported, and
//! nothing is ever run with it.

use serde_json::Value as Json;

use super::month::{MONTH, MONTH_OR_NEVER};
use super::schema::{choices, resolve};
use super::tagged;
use super::tree::{Node, Value};

/// The tree for serde, made whole by its schema. Wrong items of lists are left out.
pub fn repaired(node: &Node, schema: &Json) -> toml::Value {
    value(node, Some(schema), schema).unwrap_or_else(|| placeholder(schema, schema))
}

fn value(node: &Node, schema: Option<&Json>, root: &Json) -> Option<toml::Value> {
    let schema = schema.map(|schema| not_null(schema, root));
    let within = |name: &str| schema.and_then(|schema| schema.get(name));
    Some(match &node.value {
        Value::Text(text) | Value::Date(text) => toml::Value::String(text.clone()),
        Value::Integer(number) => toml::Value::Integer(*number),
        Value::Float(number) => toml::Value::Float(*number),
        Value::Bool(truth) => toml::Value::Boolean(*truth),
        Value::Array(items) => {
            let items = items.iter();
            let items = items.filter_map(|item| value(item, within("items"), root));
            toml::Value::Array(items.collect())
        }
        Value::Table(table) => {
            let mut whole = toml::Table::new();
            let known = within("properties");
            let others = within("additionalProperties").filter(|others| others.is_object());
            for (key, child) in table {
                let schema = known.and_then(|known| known.get(key)).or(others);
                if let Some(value) = value(child, schema, root) {
                    whole.insert(key.clone(), value);
                }
            }
            let named = |tag: &str| match whole.get(tag)? {
                toml::Value::String(name) => Some(name.clone()),
                _ => None,
            };
            let rules = schema.map_or_else(Vec::new, |schema| {
                tagged::rules(schema, named, |key| whole.contains_key(key))
            });
            let needs = rules.iter().flat_map(tagged::Rule::needs);
            for key in required(schema).chain(needs) {
                if !whole.contains_key(key)
                    && let Some(schema) = known.and_then(|known| known.get(key))
                {
                    whole.insert(key.to_owned(), placeholder(schema, root));
                }
            }
            toml::Value::Table(whole)
        }
        Value::Broken => return None,
    })
}

fn required(schema: Option<&Json>) -> impl Iterator<Item = &str> {
    let list = schema.and_then(|schema| schema.get("required")?.as_array());
    list.into_iter().flatten().filter_map(Json::as_str)
}

/// The schema behind `$ref` and behind `anyOf` with null.
pub fn not_null<'a>(schema: &'a Json, root: &'a Json) -> &'a Json {
    let schema = resolve(root, schema);
    let list = schema.get("anyOf").and_then(Json::as_array);
    let one = list.and_then(|list| {
        let mut list = list.iter();
        list.find(|one| one.get("type").and_then(Json::as_str) != Some("null"))
    });
    one.map_or(schema, |one| resolve(root, one))
}

/// Any value that serde takes.
fn placeholder(schema: &Json, root: &Json) -> toml::Value {
    let schema = not_null(schema, root);
    if let Some(choices) = choices(schema) {
        return toml::Value::String(choices.first().copied().unwrap_or_default().to_owned());
    }
    let kind = match schema.get("type") {
        Some(Json::Array(kinds)) => kinds.first().and_then(Json::as_str),
        Some(kind) => kind.as_str(),
        None => None,
    };
    let month = schema.get("pattern").and_then(Json::as_str);
    let month = month.is_some_and(|pattern| [MONTH, MONTH_OR_NEVER].contains(&pattern));
    match kind {
        Some("integer") => toml::Value::Integer(1),
        Some("number") => toml::Value::Float(1.0),
        Some("boolean") => toml::Value::Boolean(false),
        Some("array") => toml::Value::Array(Vec::new()),
        Some("object") => {
            let empty = Node::table(super::tree::Origin {
                file: "".into(),
                line: 0,
            });
            value(&empty, Some(schema), root).unwrap_or(toml::Value::Table(toml::Table::new()))
        }
        _ if month => toml::Value::String("2000-01".to_owned()),
        _ => toml::Value::String(String::new()),
    }
}
