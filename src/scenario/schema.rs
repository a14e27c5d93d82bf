//! The JSON Schema of the file format, made from the types, and what it says in words. One source
//! for the checks, for editors and for the documentation.

use serde_json::Value as Json;

use super::spec::{LayoutSpec, ScenarioSpec};
use super::words;
use crate::texts::{Text, text};

/// The JSON Schema of a scenario file.
pub fn schema() -> Json {
    schemars::schema_for!(ScenarioSpec).to_value()
}

/// The JSON Schema of a layout file. Its `set` is a scenario of which every key may be left out.
pub fn layout_schema() -> Json {
    schemars::schema_for!(LayoutSpec).to_value()
}

/// The schema that a `$ref` names, or the schema itself.
pub fn resolve<'a>(root: &'a Json, schema: &'a Json) -> &'a Json {
    let name = schema
        .get("$ref")
        .and_then(Json::as_str)
        .and_then(|reference| reference.strip_prefix("#/$defs/"));
    match name.and_then(|name| root.get("$defs")?.get(name)) {
        Some(found) => found,
        None => schema,
    }
}

/// The alternatives of an enumeration, when the schema is one.
pub fn choices(schema: &Json) -> Option<Vec<&str>> {
    if let Some(list) = schema.get("enum").and_then(Json::as_array) {
        return list.iter().map(Json::as_str).collect();
    }
    let list = schema.get("oneOf")?.as_array()?;
    list.iter()
        .map(|one| one.get("const").and_then(Json::as_str))
        .collect()
}

/// The allowed range of a number with its unit, in words; `None` when there is none.
pub fn range(schema: &Json) -> Option<Text> {
    let least = schema.get("minimum").and_then(Json::as_f64);
    let most = most(schema);
    let range = match (least, most) {
        (Some(least), Some(most)) if least == most => plain(least).into(),
        (Some(least), Some(most)) => {
            text!("range-from-to", least = plain(least), most = plain(most))
        }
        (Some(least), None) => text!("range-least", least = plain(least)),
        (None, Some(most)) => text!("range-most", most = plain(most)),
        (None, None) => return None,
    };
    Some(match schema.get("x-unit").and_then(Json::as_str) {
        Some(unit) => text!("range-unit", range, unit = words::unit(unit)),
        None => range,
    })
}

/// The greatest allowed number, also where only its kind says so.
pub fn most(schema: &Json) -> Option<f64> {
    let most = schema.get("maximum").and_then(Json::as_f64);
    let whole = schema.get("format").and_then(Json::as_str) == Some("uint32");
    most.or_else(|| whole.then_some(f64::from(u32::MAX)))
}

/// A number as a person would write it.
fn plain(number: f64) -> String {
    if number != 0.0 && (number.abs() < 1e-4 || number.abs() >= 1e15) {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}
