//! TOML files of other kinds through the same door: every key against the schema of its type, every
//! problem with its line. A plan of a sweep is one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::conform::{Completeness, check};
use super::files::{Folder, NotRead};
use super::parse::parse;
use super::problem::{Problem, Report};
use super::repair::repaired;
use super::tree::{Node, Origin, Value, join};
use crate::system::Machine;
use crate::texts::Text;

/// A TOML file that was read as a `T`.
#[derive(Clone, Debug)]
pub struct Document<T> {
    /// What it says.
    pub spec: T,
    /// Its folder, from which its paths start.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
    tree: Node,
}

/// A table whose keys are dotted paths into something else: `[parameters.line.beta]` is the entry
/// `line.beta` of `parameters`, as is `"line.beta"` in quotes.
#[derive(Clone, Copy, Debug)]
pub struct Dotted<'a> {
    /// The table.
    pub table: &'a str,
    /// Keys of an entry, by which it is known; none when entries are no tables.
    pub entry: &'a [String],
}

impl<T: JsonSchema + DeserializeOwned> Document<T> {
    /// Reads a file as far as it can be read; everything that is wrong with it is reported. Where a value is
    /// wrong, [`Document::doubtful`] says so, and `spec` has something that fits in its place.
    pub fn read(path: &Path, dotted: &[Dotted<'_>], report: &mut Report) -> Option<Self> {
        let opened = Folder::of(&Machine, path).and_then(|(folder, name)| folder.open(&name));
        let mut file = match opened {
            Ok(file) => file,
            Err(NotRead { what, nearest }) => {
                let problem = Problem::error(path.to_string_lossy(), what);
                report.push(problem.nearest(nearest));
                return None;
            }
        };
        let text = match file.toml() {
            Ok(text) => text,
            Err(what) => {
                report.push(Problem::error(&*file.shown, what));
                return None;
            }
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        Self::of(text, &file.shown, folder, dotted, report)
    }

    /// The same of a text that stands in no file: `shown` names it, and its paths start from `folder`.
    pub fn of(
        text: String,
        shown: &str,
        folder: PathBuf,
        dotted: &[Dotted<'_>],
        report: &mut Report,
    ) -> Option<Self> {
        let parsed = parse(&text, &Arc::from(shown), report);
        let mut tree = parsed.tree;
        tree.origin.line = 1;
        for of in dotted {
            if let Value::Table(tables) = &mut tree.value
                && let Some(table) = tables.get_mut(of.table)
            {
                flatten(table, of.entry);
            }
        }
        let schema = schemars::schema_for!(T).to_value();
        let completeness = Completeness::Whole;
        check(&mut tree, &schema, completeness, parsed.whole, "", report);
        match repaired(&tree, &schema).try_into() {
            Ok(spec) => Some(Self {
                spec,
                folder,
                text,
                tree,
            }),
            Err(error) => {
                report.push(tree.origin.error(error.message()));
                None
            }
        }
    }
}

impl<T> Document<T> {
    /// An error at an entry below some keys, for checks that need more than the file.
    pub fn error(&self, keys: &[&str], what: impl Into<Text>) -> Problem {
        self.at(keys).error(what).key(keys.join("."))
    }

    /// A warning at an entry.
    pub fn warning(&self, keys: &[&str], what: impl Into<Text>) -> Problem {
        self.at(keys).warning(what).key(keys.join("."))
    }

    /// The keys that are written in a table.
    pub fn written<'s>(&'s self, keys: &[&str]) -> impl Iterator<Item = &'s str> + use<'s, T> {
        let mut path = keys.iter();
        let table = path.try_fold(&self.tree, |node, key| node.child(key));
        let table = table.and_then(|node| match &node.value {
            Value::Table(table) => Some(table),
            _ => None,
        });
        table
            .into_iter()
            .flat_map(|table| table.keys().map(String::as_str))
    }

    /// Whether an entry, or the table in which it would be, is wrong, or anything below it.
    pub fn doubtful(&self, keys: &[&str]) -> bool {
        let mut node = &self.tree;
        for key in keys {
            match node.child(key) {
                Some(child) => node = child,
                None => return node.is_broken(),
            }
        }
        node.doubtful()
    }

    fn at(&self, keys: &[&str]) -> &Origin {
        let mut node = &self.tree;
        for key in keys {
            match node.child(key) {
                Some(child) => node = child,
                None => break,
            }
        }
        &node.origin
    }
}

/// Makes the nested tables of `node` entries with dotted keys.
fn flatten(node: &mut Node, entry: &[String]) {
    let Value::Table(table) = &mut node.value else {
        return;
    };
    let mut flat = std::collections::BTreeMap::new();
    let mut todo: Vec<(String, Node)> = std::mem::take(table).into_iter().collect();
    while let Some((path, node)) = todo.pop() {
        match node.value {
            Value::Table(inner)
                if !inner.keys().any(|key| entry.contains(key)) && !inner.is_empty() =>
            {
                todo.extend(
                    inner
                        .into_iter()
                        .map(|(key, node)| (join(&path, &key), node)),
                );
            }
            value => {
                flat.entry(path).or_insert(Node {
                    value,
                    origin: node.origin,
                });
            }
        }
    }
    *table = flat;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::scenario::Problems;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        min: f64,
    }

    #[derive(Debug, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Plan {
        parameters: BTreeMap<String, Entry>,
    }

    fn read(text: &str) -> Result<Document<Plan>, Problems> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plan.toml");
        std::fs::write(&path, text).unwrap();
        let dotted = Dotted {
            table: "parameters",
            entry: &["min".to_owned()],
        };
        let mut report = Report::default();
        match Document::read(&path, &[dotted], &mut report) {
            Some(document) if report.errors() == 0 => Ok(document),
            _ => Err(report.finish()),
        }
    }

    #[test]
    fn dotted_keys_are_entries_however_they_are_written() {
        let text = "[parameters]\n\"line.beta\" = { min = 1 }\ncircle.radius_km = { min = 2 }\n\
                    [parameters.point.tolerance]\nmin = 3\n";
        let plan = read(text).unwrap();
        let keys: Vec<&str> = plan.spec.parameters.keys().map(String::as_str).collect();
        assert_eq!(keys, ["circle.radius_km", "line.beta", "point.tolerance"]);
        assert_eq!(plan.spec.parameters["point.tolerance"].min, 3.0);
        let problem = plan.error(&["parameters", "line.beta"], "wrong");
        assert_eq!(
            (problem.line, problem.key.as_deref()),
            (Some(2), Some("parameters.line.beta"))
        );
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let told =
            read("[parameters]\na.b = { min = \"x\" }\nc = { min = 1, mix = 2 }\n").unwrap_err();
        let lines: Vec<_> = told.problems.iter().map(|p| p.line).collect();
        assert_eq!(lines, [Some(2), Some(3)], "{told}");
    }
}
