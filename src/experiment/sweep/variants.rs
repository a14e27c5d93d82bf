//! Tagged enums written as one table: `kind = "sobol"` and, beside it, the keys that this kind takes. Which kinds
//! there are and what each takes is said by the type alone; the schema, the table of the documents and the checks
//! are made from it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use crate::scenario::Document;
use crate::scenario::problem::Report;
use crate::texts::{Text, text};

/// A variant: its name, and the keys that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name in the file.
    pub name: String,
    /// Keys that it needs.
    pub needs: Vec<String>,
    /// Keys that it may have.
    pub may: Vec<String>,
}

impl Variant {
    /// The keys that it takes.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.needs.iter().chain(&self.may).map(String::as_str)
    }
}

fn entries<'j>(schema: &'j Json, tag: &str) -> Vec<(&'j str, &'j Json)> {
    let list = schema.get("oneOf").and_then(Json::as_array);
    let entry = |one: &'j Json| Some((one["properties"][tag]["const"].as_str()?, one));
    list.into_iter().flatten().filter_map(entry).collect()
}

fn properties<'j>(one: &'j Json, tag: &str) -> impl Iterator<Item = (&'j String, &'j Json)> {
    let all = one.get("properties").and_then(Json::as_object);
    all.into_iter()
        .flatten()
        .filter(move |(key, _)| *key != tag)
}

/// The variants of an enum whose names stand under `tag`.
pub fn variants<T: JsonSchema>(tag: &str) -> Vec<Variant> {
    let schema = schemars::schema_for!(T).to_value();
    let of = |(name, one): (&str, &Json)| {
        let required = one.get("required").and_then(Json::as_array);
        let needed = |key: &str| {
            let mut list = required.into_iter().flatten();
            list.any(|name| name.as_str() == Some(key))
        };
        let keys = properties(one, tag).map(|(key, _)| key.clone());
        let (needs, may) = keys.partition(|key| needed(key));
        Variant {
            name: name.to_owned(),
            needs,
            may,
        }
    };
    entries(&schema, tag).into_iter().map(of).collect()
}

/// What a table is made of: a tagged enum, and the table's own keys.
pub struct Tagged<'a> {
    /// What the table is.
    pub what: &'a str,
    /// The key that names the variant.
    pub tag: &'a str,
    /// What is said of it.
    pub about: &'a str,
    /// Whether it must be there.
    pub required: bool,
    /// What the schema calls the list of variants.
    pub choices: &'a str,
}

/// The schema of the table: the tag with the names of the variants, every key of any of them with the names of those
/// that take it, then the table's own keys.
pub fn one_table<Variants: JsonSchema, Own: JsonSchema>(
    of: &Tagged<'_>,
    generator: &mut SchemaGenerator,
) -> Schema {
    let mut own = Own::json_schema(generator).to_value();
    let variants = Variants::json_schema(generator).to_value();
    let entries = entries(&variants, of.tag);
    let choices = entries.iter().map(|(name, one)| {
        let about = one.get("description").cloned().unwrap_or_default();
        json!({ "description": about, "type": "string", "const": name })
    });
    let choices = json!({ "oneOf": choices.collect::<Vec<_>>() });
    let known = generator.definitions_mut();
    known.insert(of.choices.to_owned(), choices);
    let choices = json!({ "$ref": format!("#/$defs/{}", of.choices) });
    let mut all = Map::new();
    let mut tag = match of.required {
        true => choices,
        false => json!({ "anyOf": [choices, { "type": "null" }] }),
    };
    tag["description"] = of.about.into();
    all.insert(of.tag.to_owned(), tag);
    for (_, one) in &entries {
        for (key, property) in properties(one, of.tag)
            .filter(|(key, _)| !all.contains_key(*key))
            .collect::<Vec<_>>()
        {
            let takes = entries
                .iter()
                .filter(|(_, other)| other["properties"].get(key).is_some());
            let takes: Vec<String> = takes.map(|(name, _)| format!("`{name}`")).collect();
            let mut property = property.clone();
            if let Some(Json::String(text)) = property.get_mut("description") {
                let mut rest = text.chars();
                let first = rest.next().map(|first| first.to_lowercase().to_string());
                *text = format!(
                    "{}: {}{}",
                    takes.join(", "),
                    first.unwrap_or_default(),
                    rest.as_str()
                );
            }
            all.insert(key.clone(), property);
        }
    }
    if let Some(properties) = own.get_mut("properties").and_then(Json::as_object_mut) {
        all.append(properties);
    }
    let mut table = Map::new();
    table.insert("description".to_owned(), of.what.into());
    table.insert("type".to_owned(), "object".into());
    table.insert("properties".to_owned(), Json::Object(all));
    table.insert("additionalProperties".to_owned(), false.into());
    if of.required {
        table.insert("required".to_owned(), json!([of.tag]));
    }
    Schema::from(table)
}

/// A table as the variant that its tag names. What the variant does not use or lacks is told, each at its key below
/// `keys`; `of` says whose keys they are.
pub fn read<T: DeserializeOwned, D>(
    document: &Document<D>,
    keys: &[&str],
    given: &toml::Table,
    (variant, tag, of): (&Variant, &str, &Text),
    report: &mut Report,
) -> Option<T> {
    let before = report.errors();
    let problem = |key: &str, what: Text| document.error(&[keys, &[key]].concat(), what);
    for key in given.keys().filter(|key| *key != tag) {
        if !variant.keys().any(|known| known == key) {
            let known: Vec<&str> = variant.keys().collect();
            let allowed = match &known[..] {
                [] => text!("no-other-key"),
                known => known.join(", ").into(),
            };
            report.push(problem(key, text!("of-unused", of)).allowed(allowed));
        }
    }
    for key in variant.needs.iter().filter(|key| !given.contains_key(*key)) {
        report.push(problem(key, text!("of-needs", of)));
    }
    if report.errors() > before {
        return None;
    }
    match toml::Value::Table(given.clone()).try_into() {
        Ok(found) => Some(found),
        Err(error) => {
            report.push(document.error(keys, Text::foreign(error.message())));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Distribution, Kind};

    #[test]
    fn variants_are_those_of_the_type() {
        let keys = |list: Vec<Variant>, name: &str| {
            let found = list.into_iter().find(|variant| variant.name == name);
            let found = found.unwrap_or_else(|| panic!("{name}"));
            (found.needs.join(" "), found.may.join(" "))
        };
        let kind = |name| keys(variants::<Kind>("kind"), name);
        assert_eq!(kind("grid"), (String::new(), String::new()));
        assert_eq!(kind("list"), ("file".to_owned(), String::new()));
        assert_eq!(
            kind("latin-hypercube"),
            ("points".to_owned(), "maximin".to_owned())
        );
        assert_eq!(
            kind("morris"),
            ("trajectories".to_owned(), "levels".to_owned())
        );
        let of = |name| keys(variants::<Distribution>("distribution"), name);
        assert_eq!(of("normal"), ("mean sd".to_owned(), "min max".to_owned()));
        assert_eq!(of("discrete"), ("values".to_owned(), "weights".to_owned()));
        // The names are those that the types write themselves.
        for variant in variants::<Kind>("kind") {
            let mut table = toml::Table::new();
            table.insert("kind".to_owned(), variant.name.clone().into());
            for key in &variant.needs {
                let value = if key == "file" {
                    "list.csv".into()
                } else {
                    4.into()
                };
                table.insert(key.clone(), value);
            }
            let kind: Kind = toml::Value::Table(table).try_into().expect("fits");
            assert_eq!(kind.name(), variant.name);
        }
    }
}
