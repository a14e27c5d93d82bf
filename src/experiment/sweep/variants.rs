//! Tagged enums written as one table: `kind = "sobol"` and, beside it, the keys that this kind takes. Which kinds
//! there are and what each takes is said by the type alone; the schema, the table of the documents and the checks
//! are made from it.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::scenario::problem::Report;
use crate::scenario::{Document, tagged};
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

/// The variants of an enum whose names stand under `tag`.
pub fn variants<T: JsonSchema>(tag: &str) -> Vec<Variant> {
    let schema = schemars::schema_for!(T).to_value();
    let of = |variant: tagged::Variant| {
        let keys = variant.keys(tag).map(|(key, _)| key.clone());
        let (needs, may) = keys.partition(|key| variant.needs().any(|name| name == key));
        Variant {
            needs,
            may,
            name: variant.name.clone(),
        }
    };
    let all = tagged::variants(&schema, tag);
    all.into_iter().map(of).collect()
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
}

/// The schema of the table ([`tagged::flat`]).
pub fn one_table<Variants: JsonSchema, Own: JsonSchema>(
    of: &Tagged<'_>,
    generator: &mut SchemaGenerator,
) -> Schema {
    let mut schema = Own::json_schema(generator);
    let variants = Variants::json_schema(generator).to_value();
    schema.insert("oneOf".to_owned(), variants["oneOf"].clone());
    schema.insert("description".to_owned(), of.what.into());
    tagged::flat(&mut schema, of.tag, of.about);
    if of.required {
        schema.insert("required".to_owned(), json!([of.tag]));
    }
    schema
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
