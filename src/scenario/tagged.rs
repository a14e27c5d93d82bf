//! The schema of an enum that is written as one table: a tag, and beside it the keys that its variant takes; or keys
//! of which some exclude each other and some go together. Which variants there are and what each takes is said by the
//! type alone.
//!
//! Schemars makes a `oneOf` of it, of which an editor can say no more than that none of the alternatives matches.
//! Here every key stands in one list, with its range and the variants that take it, and one `if` for each variant
//! says which of them it excludes.

use schemars::Schema;
use serde_json::{Map, Value as Json, json};

use crate::texts::{Text, text};

/// A variant: its name in the file, and its part of the schema.
#[derive(Clone, Debug)]
struct Variant {
    name: String,
    schema: Json,
}

impl Variant {
    /// The keys that it takes, with what they are, without the tag.
    fn keys<'v>(&'v self, tag: &'v str) -> impl Iterator<Item = (&'v String, &'v Json)> {
        let all = self.schema.get("properties").and_then(Json::as_object);
        all.into_iter()
            .flatten()
            .filter(move |(key, _)| *key != tag)
    }

    /// Whether it takes a key.
    fn takes(&self, key: &str) -> bool {
        self.schema["properties"].get(key).is_some()
    }

    /// The keys that it needs, the tag among them.
    fn needs(&self) -> impl Iterator<Item = &str> {
        let list = self.schema.get("required").and_then(Json::as_array);
        list.into_iter().flatten().filter_map(Json::as_str)
    }
}

/// The variants of an enum whose names stand under `tag`.
fn variants(schema: &Json, tag: &str) -> Vec<Variant> {
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
    let rules: Vec<Json> = rules.collect();
    add(schema, rules);
    let table = schema.ensure_object();
    let required = table.entry("required").or_insert_with(|| json!([]));
    if let Json::Array(list) = required
        && !list.iter().any(|key| key == tag)
    {
        list.push(tag.into());
    }
}

/// Makes one table of the variants of an untagged enum, which its keys name, or of a struct whose keys go together.
/// Of two variants the first is the one that is meant: a key of another one is told beside a key that this one needs.
/// A key of a variant needs those without which the variant is none.
pub fn by_keys(schema: &mut Schema) {
    let table = schema.ensure_object();
    let variants = match table.remove("anyOf") {
        Some(Json::Array(list)) => list,
        _ => vec![Json::Object(table.clone())],
    };
    let keys = |variant: &Json| variant["properties"].as_object().cloned();
    let keys = variants.iter().map(keys);
    let all: Vec<Map<String, Json>> = keys.map(Option::unwrap_or_default).collect();
    let together: Map<String, Json> = all
        .iter()
        .flatten()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    table.remove("required");
    table.insert("type".to_owned(), "object".into());
    table.insert("properties".to_owned(), Json::Object(together));
    for (at, variant) in variants.iter().enumerate() {
        let list = variant["required"].as_array();
        let needs: Vec<&str> = list
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        for key in all[at].keys() {
            let later = all[at + 1..].iter().flat_map(Map::keys);
            let later = later.filter(|_| needs.contains(&key.as_str()));
            let excluded: Vec<String> = later.cloned().collect();
            let needs: Vec<&str> = needs.iter().copied().filter(|name| name != key).collect();
            if !excluded.is_empty() || !needs.is_empty() {
                rule(schema, key, &excluded, &needs);
            }
        }
    }
}

/// Says of a key which others it excludes and which it needs.
pub fn rule(schema: &mut Schema, key: &str, excluded: &[String], needs: &[&str]) {
    let excluded: Map<String, Json> = excluded
        .iter()
        .map(|key| (key.clone(), false.into()))
        .collect();
    let rule = json!({
        "if": { "required": [key] },
        "then": { "properties": excluded, "required": needs }
    });
    add(schema, vec![rule]);
}

fn add(schema: &mut Schema, rules: Vec<Json>) {
    let all = schema
        .ensure_object()
        .entry("allOf")
        .or_insert_with(|| json!([]));
    if let Json::Array(all) = all {
        all.extend(rules);
    }
}

/// Refuses keys that the schema of a table does not have. Serde cannot do so for a table with parts of its own.
pub fn closed(schema: &mut Schema) {
    schema.insert("additionalProperties".to_owned(), false.into());
}

/// What a rule of a table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'s> {
    /// The variant that the value of a key names: the key and the name.
    Variant(&'s str, &'s str),
    /// A key that is there.
    Key(&'s str),
}

/// A variant in words, by its tag and name.
pub fn in_words(tag: &str, name: &str) -> Text {
    match tag {
        "kind" => text!("of-design", name),
        "rule" => text!("of-rule", name),
        _ => name.into(),
    }
}

/// What the schema of a table says of its other keys: what follows from the variant that it names, or from a key
/// that it has.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'s> {
    /// What it is about.
    pub about: About<'s>,
    all: &'s [Json],
    then: &'s Json,
}

/// The rules that hold for a table: `value` is that of one of its keys where it is a text, `has` says whether it has
/// a key. What another rule excludes has none.
pub fn rules<'s>(
    schema: &'s Json,
    value: impl Fn(&str) -> Option<String>,
    has: impl Fn(&str) -> bool,
) -> Vec<Rule<'s>> {
    let all = schema.get("allOf").and_then(Json::as_array);
    let all = all.map_or(&[][..], Vec::as_slice);
    let rule = |rule: &'s Json| {
        let about = about(rule)?;
        let holds = match about {
            About::Variant(tag, name) => value(tag)? == name,
            About::Key(key) => has(key),
        };
        let then = &rule["then"];
        holds.then_some(Rule { about, all, then })
    };
    let mut rules: Vec<Rule<'s>> = Vec::new();
    for rule in all.iter().filter_map(rule) {
        let excluded = match rule.about {
            About::Variant(..) => false,
            About::Key(key) => rules.iter().any(|before| before.excludes(key)),
        };
        if !excluded {
            rules.push(rule);
        }
    }
    rules
}

fn about(rule: &Json) -> Option<About<'_>> {
    let tags = rule["if"].get("properties").and_then(Json::as_object);
    Some(match tags {
        Some(tags) => {
            let (tag, one) = tags.iter().next()?;
            About::Variant(tag, one.get("const")?.as_str()?)
        }
        None => About::Key(rule["if"]["required"].get(0)?.as_str()?),
    })
}

impl<'s> Rule<'s> {
    /// Whether it has no use for a key.
    pub fn excludes(&self, key: &str) -> bool {
        excludes(self.then, key)
    }

    /// The keys that it needs.
    pub fn needs(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let list = self.then["required"].as_array();
        list.into_iter().flatten().filter_map(Json::as_str)
    }

    /// The names of the variants that take a key.
    pub fn takers(&self, key: &str) -> Vec<&'s str> {
        let takers = self.all.iter().filter(|rule| !excludes(&rule["then"], key));
        let name = |rule: &'s Json| match about(rule)? {
            About::Variant(_, name) => Some(name),
            About::Key(_) => None,
        };
        takers.filter_map(name).collect()
    }
}

fn excludes(then: &Json, key: &str) -> bool {
    then["properties"].get(key) == Some(&Json::Bool(false))
}
