//! A TOML file as a tree that remembers where every key was written, also after files are merged.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::problem::{Problem, shortened};
use crate::texts::{Text, text};

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as the user would name it.
    pub file: Arc<str>,
    /// The line, from 1; 0 where there are no lines.
    pub line: u64,
}

impl Origin {
    /// An error here.
    pub fn error(&self, what: impl Into<Text>) -> Problem {
        Problem::error(&*self.file, what).line(self.line)
    }

    /// A warning here.
    pub fn warning(&self, what: impl Into<Text>) -> Problem {
        Problem::warning(&*self.file, what).line(self.line)
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where its key (or, in an array, the value) stands.
    pub origin: Origin,
}

/// A TOML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A date or time, as written.
    Date(String),
    /// A list.
    Array(Vec<Node>),
    /// Keys and values.
    Table(BTreeMap<String, Node>),
    /// Something wrong, which is reported already: there is a value, but it is not known.
    Broken,
}

impl Value {
    /// What kind of value this is, in words.
    pub fn kind(&self) -> Text {
        match self {
            Self::Text(_) => text!("kind-text"),
            Self::Integer(_) => text!("kind-whole"),
            Self::Float(_) => text!("kind-number"),
            Self::Bool(_) => text!("kind-bool"),
            Self::Date(_) => text!("kind-date"),
            Self::Array(_) => text!("kind-list"),
            Self::Table(_) => text!("kind-table"),
            Self::Broken => text!("kind-something"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{}\"", shortened(text)),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Date(text) => f.write_str(text),
            Self::Array(items) => write!(f, "[{} items]", items.len()),
            Self::Table(table) => write!(f, "{{{} keys}}", table.len()),
            Self::Broken => f.write_str("?"),
        }
    }
}

impl Node {
    /// An empty table.
    pub const fn table(origin: Origin) -> Self {
        Self {
            value: Value::Table(BTreeMap::new()),
            origin,
        }
    }

    /// The value under a key of a table, or of an id or at a position of a list.
    pub fn child(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(table) => table.get(key),
            Value::Array(items) => {
                let id = |item: &&Self| match item.child("id").map(|id| &id.value) {
                    Some(Value::Text(id)) => id == key,
                    _ => false,
                };
                let named = items.iter().find(id);
                named.or_else(|| items.get(key.parse::<usize>().ok()?))
            }
            _ => None,
        }
    }

    /// The value at a dotted path, for example `layers.0.links.1.k`.
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, Self::child)
    }

    /// Where the value at a dotted path was written, or the nearest table above it.
    pub fn origin_of(&self, path: &str) -> &Origin {
        let mut node = self;
        for key in path.split('.') {
            match node.child(key) {
                Some(child) => node = child,
                None => break,
            }
        }
        &node.origin
    }

    /// Lays `over` over this: tables are merged key by key, everything else is replaced.
    pub fn merge(&mut self, over: Self) {
        match (&mut self.value, over.value) {
            (Value::Table(base), Value::Table(changes)) => {
                for (key, node) in changes {
                    match base.get_mut(&key) {
                        Some(below) => below.merge(node),
                        None => {
                            base.insert(key, node);
                        }
                    }
                }
            }
            (_, value) => {
                self.value = value;
                self.origin = over.origin;
            }
        }
    }

    /// Makes the lists here and below end with an item that is not known: more of them may be lost.
    pub fn may_go_on(&mut self) {
        match &mut self.value {
            Value::Table(table) => table.values_mut().for_each(Self::may_go_on),
            Value::Array(items) => {
                items.iter_mut().for_each(Self::may_go_on);
                items.push(Self {
                    value: Value::Broken,
                    origin: self.origin.clone(),
                });
            }
            _ => {}
        }
    }

    /// Whether there is a value here, and it is wrong.
    pub const fn is_broken(&self) -> bool {
        matches!(self.value, Value::Broken)
    }

    /// Whether the value at a dotted path, or a table above it, is wrong and so not known.
    pub fn broken_at(&self, path: &str) -> bool {
        let mut node = self;
        for key in path.split('.') {
            match node.child(key) {
                Some(child) => node = child,
                None => break,
            }
        }
        node.is_broken()
    }

    /// Whether anything at, above or below a dotted path is wrong.
    pub fn doubtful_at(&self, path: &str) -> bool {
        self.broken_at(path) || self.at(path).is_some_and(Self::doubtful)
    }

    /// Whether this or anything in it is wrong.
    pub fn doubtful(&self) -> bool {
        match &self.value {
            Value::Broken => true,
            Value::Array(items) => items.iter().any(Self::doubtful),
            Value::Table(table) => table.values().any(Self::doubtful),
            _ => false,
        }
    }

    /// The positions of the items of a list that are right so far. The specification has only these.
    pub fn good_items(&self, path: &str) -> Vec<usize> {
        match self.at(path).map(|node| &node.value) {
            Some(Value::Array(items)) => {
                let good = items
                    .iter()
                    .enumerate()
                    .filter(|(_, item)| !item.is_broken());
                good.map(|(position, _)| position).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// A path one step longer.
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Where a key below a table was written; the key may hold dots.
pub fn origin_below<'a>(tree: &'a Node, table: &str, key: &str) -> &'a Origin {
    match tree.at(table) {
        Some(node) => node.child(key).map_or(&node.origin, |child| &child.origin),
        None => &tree.origin,
    }
}
