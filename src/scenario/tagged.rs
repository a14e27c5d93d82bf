//! The schema of a tagged enum that is written as one table: the tag, and beside it the keys that its variant takes.
//! Which variants there are and what each takes is said by the type alone.
//!
//! Schemars makes a `oneOf` of it, of which an editor can say no more than that none of the alternatives matches.
//! Here every key stands in one list, with its range and the variants that take it, and one `if` for each variant
//! says which of them it excludes.

use schemars::Schema;
use serde_json::{Map, Value as Json, json};

/// A variant: its name, and its part of the schema.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name in the file.
    pub name: String,
    schema: Json,
}

impl Variant {
    /// The keys that it takes, with what they are, without the tag.
    pub fn keys<'v>(&'v self, tag: &'v str) -> impl Iterator<Item = (&'v String, &'v Json)> {
        let all = self.schema.get("properties").and_then(Json::as_object);
        all.into_iter()
            .flatten()
            .filter(move |(key, _)| *key != tag)
    }

    /// Whether it takes a key.
    pub fn takes(&self, key: &str) -> bool {
        self.schema["properties"].get(key).is_some()
    }

    /// The keys that it needs, the tag among them.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        let list = self.schema.get("required").and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str)
    }
}

/// The variants of an enum whose names stand under `tag`.
pub fn variants(schema: &Json, tag: &str) -> Vec<Variant> {
    let list = schema.get("oneOf").and_then(Json::as_array);
    let entry = |one: &Json| {
        Some(Variant {
            name: one["properties"][tag]["const"].as_str()?.to_owned(),
            schema: one.clone(),
        })
    };
    list.into_iter().flatten().filter_map(entry).collect()
}

/// A tag and the variants that it names.
#[derive(Clone, Debug)]
pub struct Choice {
    tag: String,
    variants: Vec<Variant>,
}

/// Makes one table of a schema with a `oneOf` of variants: the tag with their names, every key of any of them with the
/// names of those that take it, then the keys that it has anyway. `about`: what is said of the tag.
pub fn flat(schema: &mut Schema, tag: &str, about: &str) -> Choice {
    let variants = variants(schema.as_value(), tag);
    let names = variants.iter().map(|variant| {
        let about = variant.schema.get("description").cloned();
        json!({ "description": about.unwrap_or_default(), "type": "string", "const": variant.name })
    });
    let names: Vec<Json> = names.collect();
    let mut all = Map::new();
    all.insert(
        tag.to_owned(),
        json!({ "description": about, "oneOf": names }),
    );
    for variant in &variants {
        for (key, property) in variant.keys(tag) {
            if all.contains_key(key) {
                continue;
            }
            let takes = variants.iter().filter(|other| other.takes(key));
            let takes: Vec<String> = takes.map(|other| format!("`{}`", other.name)).collect();
            let mut property = property.clone();
            if let Some(Json::String(text)) = property.get_mut("description") {
                let mut rest = text.chars();
                let first = rest.next().map(|first| first.to_lowercase().to_string());
                let first = first.unwrap_or_default();
                *text = format!("{}: {first}{}", takes.join(", "), rest.as_str());
            }
            all.insert(key.clone(), property);
        }
    }
    let table = schema.ensure_object();
    table.remove("oneOf");
    if let Some(Json::Object(own)) = table.get_mut("properties") {
        all.append(own);
    }
    table.insert("type".to_owned(), "object".into());
    table.insert("properties".to_owned(), Json::Object(all));
    table.insert("additionalProperties".to_owned(), false.into());
    Choice {
        tag: tag.to_owned(),
        variants,
    }
}

/// Makes the tag a required key, and says for each of its names which keys of other variants it excludes and which it
/// needs.
pub fn exclusive(schema: &mut Schema, choice: &Choice) {
    let tag = choice.tag.as_str();
    let keys = choice.variants.iter().flat_map(|other| other.keys(tag));
    let keys: Vec<&String> = keys.map(|(key, _)| key).collect();
    let rules = choice.variants.iter().map(|variant| {
        let others = keys.iter().filter(|key| !variant.takes(key));
        let excluded: Map<String, Json> =
            others.map(|key| ((*key).clone(), false.into())).collect();
        let needs: Vec<&str> = variant.needs().filter(|key| *key != tag).collect();
        json!({
            "if": { "properties": { tag: { "const": variant.name } }, "required": [tag] },
            "then": { "properties": excluded, "required": needs }
        })
    });
    let rules = rules.collect();
    let table = schema.ensure_object();
    table.insert("allOf".to_owned(), Json::Array(rules));
    let required = table.entry("required").or_insert_with(|| json!([]));
    if let Json::Array(list) = required
        && !list.iter().any(|key| key == tag)
    {
        list.push(tag.into());
    }
}

/// What the schema of a table says of the variant that the table names.
#[derive(Clone, Copy, Debug)]
pub struct Chosen<'s> {
    /// The variant's name.
    pub name: &'s str,
    rules: &'s [Json],
    then: &'s Json,
}

/// The variant that `value` names, the value of a key of a table; none where the schema has none.
pub fn chosen<'s>(schema: &'s Json, value: impl Fn(&str) -> Option<String>) -> Option<Chosen<'s>> {
    let rules = schema.get("allOf")?.as_array()?;
    rules.iter().find_map(|rule| {
        let (tag, one) = rule["if"]["properties"].as_object()?.iter().next()?;
        let name = one.get("const")?.as_str()?;
        (value(tag)? == name).then_some(Chosen {
            name,
            rules,
            then: &rule["then"],
        })
    })
}

impl<'s> Chosen<'s> {
    /// Whether it has no use for a key.
    pub fn excludes(&self, key: &str) -> bool {
        excludes(self.then, key)
    }

    /// The keys that it needs.
    pub fn needs(&self) -> impl Iterator<Item = &'s str> {
        let list = self.then["required"].as_array();
        list.into_iter().flatten().filter_map(Json::as_str)
    }

    /// The names of the variants that take a key.
    pub fn takers(&self, key: &str) -> Vec<&'s str> {
        let takers = self
            .rules
            .iter()
            .filter(|rule| !excludes(&rule["then"], key));
        let name = |rule: &'s Json| {
            let tags = rule["if"]["properties"].as_object()?;
            tags.values().next()?.get("const")?.as_str()
        };
        takers.filter_map(name).collect()
    }
}

fn excludes(then: &Json, key: &str) -> bool {
    then["properties"].get(key) == Some(&Json::Bool(false))
}
