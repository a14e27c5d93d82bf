//! Definitions of tables and columns, the check of their names, and `columns.csv`.

use std::collections::BTreeSet;

use super::super::error::StoreError;
use crate::texts::{Text, text};

/// Longest name that Stata takes, in characters.
const MAX_NAME: usize = 32;

/// Stata's reserved words that are snake_case; `str1`, `str2`, … are checked apart.
const RESERVED: [&str; 10] = [
    "byte", "double", "float", "if", "in", "int", "long", "strl", "using", "with",
];

/// Table names that would clash with another file of a results folder.
const TAKEN: [&str; 2] = ["columns", "manifest"];

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; an empty text is a missing one.
    Text,
    /// Whole number, 64 bits.
    Int,
    /// Number, 64 bits; never NaN or infinite, which are missing.
    Float,
    /// Calendar month, written as the date of its first day (`YYYY-MM-01`).
    Month,
}

impl Kind {
    /// The word in `columns.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Float => "float",
            Self::Month => "month",
        }
    }

    pub(in crate::store) fn from_word(word: &str) -> Option<Self> {
        [Self::Text, Self::Int, Self::Float, Self::Month]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// Name: snake_case, at most 32 characters.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Unit; empty when it has none.
    pub unit: String,
    /// Formula or description, one line.
    pub description: String,
}

impl ColumnDef {
    /// A column.
    pub fn new(
        name: impl Into<String>,
        kind: Kind,
        unit: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            kind,
            unit: unit.into(),
            description: description.into(),
        }
    }
}

impl ColumnDef {
    /// A column of texts.
    pub fn text(name: &str, what: &str) -> Self {
        Self::new(name, Kind::Text, "", what)
    }

    /// A column of whole numbers.
    pub fn int(name: &str, unit: &str, what: &str) -> Self {
        Self::new(name, Kind::Int, unit, what)
    }

    /// A column of numbers.
    pub fn float(name: &str, unit: &str, what: &str) -> Self {
        Self::new(name, Kind::Float, unit, what)
    }

    /// A column of calendar months.
    pub fn month(name: &str, what: &str) -> Self {
        Self::new(name, Kind::Month, "month", what)
    }
}

/// A table: its name is the file's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDef {
    /// Name: snake_case, at most 32 characters.
    pub name: String,
    /// What a row is, one line.
    pub what: String,
    /// Columns in order.
    pub columns: Vec<ColumnDef>,
}

impl TableDef {
    /// A table.
    pub fn new(name: impl Into<String>, what: impl Into<String>, columns: Vec<ColumnDef>) -> Self {
        Self {
            name: name.into(),
            what: what.into(),
            columns,
        }
    }
}

/// Why `name` cannot name a column (or a table), if so.
pub fn name_problem(name: &str) -> Option<Text> {
    let first = name.bytes().next();
    if !first.is_some_and(|b| b.is_ascii_lowercase())
        || !name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        Some(text!("name-not-snake-case"))
    } else if name.len() > MAX_NAME {
        Some(text!("name-too-long", MAX_NAME))
    } else if RESERVED.contains(&name) || is_stata_string_type(name) {
        Some(text!("name-reserved"))
    } else {
        None
    }
}

fn is_stata_string_type(name: &str) -> bool {
    name.strip_prefix("str")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// Checks the names of all tables and columns: snake_case, at most 32 characters, unique, none
/// that Stata reserves, none that clashes with another file of a results folder.
///
/// # Errors
/// [`StoreError::Names`] with every problem.
pub fn check_tables(tables: &[TableDef]) -> Result<(), StoreError> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for table in tables {
        let name = &table.name;
        if let Some(why) = name_problem(name) {
            problems.push(text!("table-name", name, why));
        }
        if TAKEN.contains(&name.as_str()) {
            problems.push(text!("table-name", name, why = text!("name-clashes")));
        }
        if !seen.insert(name) {
            problems.push(text!("table-name", name, why = text!("is-there-twice")));
        }
        if table.columns.is_empty() {
            problems.push(text!("table-name", name, why = text!("has-no-columns")));
        }
        let mut seen = BTreeSet::new();
        for column in &table.columns {
            let column = &column.name;
            if let Some(why) = name_problem(column) {
                problems.push(text!("column-name", name, column, why));
            }
            if !seen.insert(column) {
                let why = text!("is-there-twice");
                problems.push(text!("column-name", name, column, why));
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Names { problems })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> TableDef {
        let column = |n: &&str| ColumnDef::new(*n, Kind::Int, "", "");
        TableDef::new("national", "", names.iter().map(column).collect())
    }

    #[test]
    fn good_names_pass() {
        let longest = "a".repeat(32);
        let tables = [table(&[
            "replicate",
            "items_d1",
            "string",
            "str",
            "interval",
            &longest,
        ])];
        assert!(check_tables(&tables).is_ok());
    }

    #[test]
    fn each_wrong_name_is_told() {
        let long = "a".repeat(33);
        let wrong = [
            "", "Month", "_all", "_n", "1st", "a-b", "a b", "省", "int", "long", "float", "double",
            "byte", "if", "in", "using", "with", "strl", "str1", "str2045", &long,
        ];
        match check_tables(&[table(&wrong)]) {
            Err(StoreError::Names { problems }) => {
                assert_eq!(problems.len(), wrong.len(), "{problems:?}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_are_unique_and_clash_with_nothing() {
        let twice = table(&["month", "month"]);
        let mut columns = table(&["month"]);
        columns.name = "columns".into();
        let mut empty = table(&[]);
        empty.name = "credit".into();
        match check_tables(&[twice.clone(), table(&["month"]), columns, empty]) {
            Err(StoreError::Names { problems }) => {
                let told: Vec<String> = problems.iter().map(Text::to_string).collect();
                assert_eq!(
                    told,
                    [
                        "column `national.month` appears twice",
                        "table `national` appears twice",
                        "table `columns` clashes with another file of the results",
                        "table `credit` has no columns",
                    ]
                );
            }
            other => panic!("{other:?}"),
        }
    }
}
