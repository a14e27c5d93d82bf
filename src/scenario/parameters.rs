//! The parameters as a table for people, made from the schema: one source for file format, checks
//! and documentation.

use serde::Serialize;
use serde_json::Value as Json;

use super::schema::{choices, layout_schema, range, resolve, schema};
use super::tree::join;

/// A key of the scenario file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParameterRow {
    /// Dotted path; `[]` stands for each item of a list, `<name>` for a key that is chosen.
    pub key: String,
    /// Symbol on the model page; empty when it has none.
    pub symbol: String,
    /// Unit; empty when it has none.
    pub unit: String,
    /// Default; `required` when there is none, empty when it may be left out.
    pub default: String,
    /// What is allowed.
    pub range: String,
    /// What it is.
    pub what: String,
    /// What kind of value it takes.
    #[serde(skip)]
    pub takes: Takes,
}

/// Kinds of values of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A number.
    Number,
    /// A whole number.
    Whole,
    /// One of several words.
    Choice,
    /// True or false.
    Switch,
    /// Anything else: a text, a month, a list, a table.
    Other,
}

/// All keys of a scenario file, in its order.
pub fn parameter_table() -> Vec<ParameterRow> {
    rows_of(&schema())
}

/// All keys of a layout file, in its order.
pub fn layout_table() -> Vec<ParameterRow> {
    rows_of(&layout_schema())
}

/// The rows as a Markdown table.
pub fn to_markdown(rows: &[ParameterRow]) -> String {
    let mut text = String::from(
        "| key | symbol | unit | default | allowed | what it is |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let line = format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            row.key,
            cell(&row.symbol),
            cell(&row.unit),
            cell(&row.default),
            cell(&row.range),
            cell(&row.what)
        );
        text.push_str(&line);
    }
    text
}

/// All keys of the files of a schema, in its order.
pub fn rows_of(root: &Json) -> Vec<ParameterRow> {
    let mut rows = Vec::new();
    walk(root, root, "", None, &mut rows);
    rows
}

/// Adds the keys below a table. `defaults` are those of the whole table, where it has them.
fn walk(
    root: &Json,
    schema: &Json,
    path: &str,
    defaults: Option<&Json>,
    rows: &mut Vec<ParameterRow>,
) {
    let Some(properties) = schema.get("properties").and_then(Json::as_object) else {
        return;
    };
    let required = schema.get("required").and_then(Json::as_array);
    for (key, property) in properties {
        let needed = required.is_some_and(|list| list.iter().any(|name| name == key));
        let default = property.get("default");
        let default = default.or_else(|| defaults.and_then(|table| table.get(key)));
        let target = not_null(root, property);
        let path = join(path, key);
        if target.get("properties").is_some() {
            walk(root, target, &path, default, rows);
            continue;
        }
        let item = target.get("items").map(|item| resolve(root, item));
        rows.push(row(&path, property, target, item, default, needed));
        if let Some(item) = item {
            walk(root, item, &format!("{path}[]"), None, rows);
        }
        if let Some(values) = target.get("additionalProperties") {
            walk(
                root,
                resolve(root, values),
                &format!("{path}.<id>"),
                None,
                rows,
            );
        }
    }
}

fn not_null<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    let schema = resolve(root, schema);
    let list = schema.get("anyOf").and_then(Json::as_array);
    let other = list.into_iter().flatten();
    let mut other = other.filter(|one| one.get("type").and_then(Json::as_str) != Some("null"));
    other.next().map_or(schema, |one| resolve(root, one))
}

fn row(
    path: &str,
    property: &Json,
    target: &Json,
    item: Option<&Json>,
    default: Option<&Json>,
    needed: bool,
) -> ParameterRow {
    let text = |name: &str| {
        let found = property.get(name).or_else(|| target.get(name));
        found.and_then(Json::as_str).unwrap_or("").to_owned()
    };
    let default = match default {
        Some(Json::String(text)) if text.is_empty() => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(Json::Array(list)) if list.is_empty() => String::new(),
        Some(Json::Object(table)) if table.is_empty() => String::new(),
        Some(Json::Null) | None if needed => "required".to_owned(),
        Some(Json::Null) | None => String::new(),
        Some(value) => value.to_string(),
    };
    ParameterRow {
        key: path.to_owned(),
        symbol: text("x-symbol"),
        unit: text("x-unit"),
        default,
        range: allowed(target, item),
        what: text("description"),
        takes: takes(target),
    }
}

fn takes(schema: &Json) -> Takes {
    if choices(schema).is_some() {
        return Takes::Choice;
    }
    let kinds = match schema.get("type") {
        Some(Json::String(kind)) => vec![kind.as_str()],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    match kinds.into_iter().find(|kind| *kind != "null") {
        Some("number") => Takes::Number,
        Some("integer") => Takes::Whole,
        Some("boolean") => Takes::Switch,
        _ => Takes::Other,
    }
}

fn allowed(schema: &Json, item: Option<&Json>) -> String {
    if let Some(choices) = choices(schema) {
        return choices.join(", ");
    }
    let mut plain = schema.clone();
    if let Some(object) = plain.as_object_mut() {
        object.remove("x-unit");
    }
    if let Some(range) = range(&plain) {
        return range.to_string();
    }
    let bound = |name: &str| schema.get(name).and_then(Json::as_u64);
    let kinds = match schema.get("type") {
        Some(Json::String(kind)) => vec![kind.as_str()],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = kinds.into_iter().find(|kind| *kind != "null");
    let size = |least: &str, most: &str, what: &str| match (bound(least), bound(most)) {
        (Some(least), Some(most)) => format!("{least} to {most} {what}"),
        (None, Some(most)) => format!("at most {most} {what}"),
        (Some(least), None) => format!("at least {least} {what}"),
        (None, None) => format!("any {what}"),
    };
    match kind {
        Some("string") if schema.get("pattern").is_some() && bound("maxLength").is_none() => {
            "YYYY-MM".to_owned()
        }
        Some("string") if bound("maxLength").is_some() => {
            size("minLength", "maxLength", "characters")
        }
        Some("string") => "text".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => {
            let month = item.is_some_and(|item| item.get("pattern").is_some());
            size(
                "minItems",
                "maxItems",
                if month { "months" } else { "items" },
            )
        }
        Some("object") => "table".to_owned(),
        Some("number") => "number".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_the_scales_has_default_range_and_words() {
        let rows = parameter_table();
        let scales = ["point.", "line.", "circle.", "axis.", "plane."];
        let mut seen = 0;
        for row in &rows {
            assert!(!row.what.is_empty(), "{} says nothing", row.key);
            assert!(!row.range.is_empty(), "{} has no range", row.key);
            let number = row.default.parse::<f64>().is_ok();
            if scales.iter().any(|scale| row.key.starts_with(scale)) && number {
                seen += 1;
                assert!(row.range.contains(" to "), "{}: {}", row.key, row.range);
            }
        }
        assert!(seen >= 30, "{seen}");
        let beta = rows.iter().find(|row| row.key == "line.beta").unwrap();
        assert_eq!((&*beta.symbol, &*beta.default), ("β", "0.05"));
        assert_eq!((&*beta.unit, &*beta.range), ("per month", "0 to 1000000"));
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        for key in [
            "layers[].links[].gamma",
            "plane.evaluations",
            "format",
            "line.response",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        let lines = to_markdown(&rows).lines().count();
        assert_eq!(lines, rows.len() + 2);
        assert!(
            layout_table()
                .iter()
                .any(|row| row.key == "define[].strength")
        );
    }
}
