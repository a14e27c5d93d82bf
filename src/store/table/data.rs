//! The rows of one replicate for one table, column by column.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::error::StoreError;
use super::column::{Kind, TableDef};
use crate::texts::{Text, text};

/// Months are written as ISO dates, so their years lie in 0000..=9999.
const MONTHS: std::ops::Range<i32> = 0..120_000;

/// The values of a column.
///
/// Two columns are equal when they would be written as the same values: texts by what they say,
/// NaN and infinite numbers as missing, an empty text as missing.
#[derive(Clone, Debug)]
pub enum Column {
    /// Texts that repeat: positions in a shared list of ids.
    Text {
        /// Position in `ids`, or missing; one per row.
        codes: Vec<Option<u32>>,
        /// The texts.
        ids: Arc<Vec<String>>,
    },
    /// Whole numbers.
    Int(Vec<Option<i64>>),
    /// Numbers; NaN (or infinite) is missing.
    Float(Vec<f64>),
    /// Months since January of year 0.
    Month(Vec<Option<i32>>),
}

impl Column {
    /// A text column from its values; ids are collected in order of first appearance.
    pub fn text<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut ids = Ids::default();
        let codes = values.into_iter().map(|v| v.map(|v| ids.code(v))).collect();
        Self::Text {
            codes,
            ids: Arc::new(ids.list),
        }
    }

    /// A column without rows.
    pub fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::text([]),
            Kind::Int => Self::Int(Vec::new()),
            Kind::Float => Self::Float(Vec::new()),
            Kind::Month => Self::Month(Vec::new()),
        }
    }

    /// What its values are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Text { .. } => Kind::Text,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Month(_) => Kind::Month,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text { codes, .. } => codes.len(),
            Self::Int(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Month(values) => values.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a row of a text column; `None` when missing, empty, or no text.
    pub fn text_at(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text { codes, ids } => {
                let code = (*codes.get(row)?)?;
                ids.get(code as usize)
                    .map(String::as_str)
                    .filter(|text| !text.is_empty())
            }
            _ => None,
        }
    }

    /// The numbers of a column of numbers, NaN where one is missing; `None` for others.
    pub fn numbers(&self) -> Option<&[f64]> {
        match self {
            Self::Float(values) => Some(values),
            _ => None,
        }
    }

    /// The whole number of a row; `None` when missing or no whole number.
    pub fn int_at(&self, row: usize) -> Option<i64> {
        match self {
            Self::Int(values) => values.get(row).copied().flatten(),
            _ => None,
        }
    }

    /// Columns of one kind, one after the other.
    pub(crate) fn join(columns: Vec<Self>) -> Self {
        let mut columns = columns.into_iter();
        let Some(first) = columns.next() else {
            return Self::Int(Vec::new());
        };
        let rest = columns.as_slice();
        if rest.is_empty() {
            return first;
        }
        match first {
            Self::Text { .. } => {
                let mut all = Ids::default();
                let mut codes = Vec::new();
                for column in std::iter::once(&first).chain(rest) {
                    let texts = (0..column.len()).map(|row| column.text_at(row));
                    codes.extend(texts.map(|text| text.map(|text| all.code(text))));
                }
                Self::Text {
                    codes,
                    ids: all.into_list(),
                }
            }
            Self::Int(mut values) => {
                values.extend(rest.iter().flat_map(|column| match column {
                    Self::Int(more) => more.as_slice(),
                    _ => &[],
                }));
                Self::Int(values)
            }
            Self::Float(mut values) => {
                values.extend(rest.iter().flat_map(|column| match column {
                    Self::Float(more) => more.as_slice(),
                    _ => &[],
                }));
                Self::Float(values)
            }
            Self::Month(mut values) => {
                values.extend(rest.iter().flat_map(|column| match column {
                    Self::Month(more) => more.as_slice(),
                    _ => &[],
                }));
                Self::Month(values)
            }
        }
    }

    fn problem(&self) -> Option<Text> {
        match self {
            Self::Text { codes, ids } => codes
                .iter()
                .flatten()
                .find(|&&code| code as usize >= ids.len())
                .map(|code| text!("code-of-ids", code, ids = ids.len())),
            Self::Month(months) => months
                .iter()
                .flatten()
                .find(|month| !MONTHS.contains(month))
                .map(|month| text!("month-number", month)),
            Self::Int(_) | Self::Float(_) => None,
        }
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text { .. }, Self::Text { .. }) => {
                self.len() == other.len()
                    && (0..self.len()).all(|row| self.text_at(row) == other.text_at(row))
            }
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| number(a) == number(b))
            }
            (Self::Month(a), Self::Month(b)) => a == b,
            _ => false,
        }
    }
}

/// A number as it is written: missing when not finite, without the sign of zero.
pub(in crate::store) fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value + 0.0)
}

/// Collects texts into a list of ids.
#[derive(Default)]
pub(in crate::store) struct Ids {
    list: Vec<String>,
    codes: BTreeMap<String, u32>,
}

impl Ids {
    pub(in crate::store) fn code(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.codes.get(text) {
            return code;
        }
        let code = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }

    pub(in crate::store) fn into_list(self) -> Arc<Vec<String>> {
        Arc::new(self.list)
    }
}

/// Rows of one table: columns in the order of its [`TableDef`], all of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// Name of the table.
    pub table: String,
    /// Columns in the order of the definition.
    pub columns: Vec<Column>,
}

impl TableData {
    /// Rows of `table`.
    pub fn new(table: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            table: table.into(),
            columns,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// Checks that the columns are those of the definition, of one length, with known codes and
    /// writable months.
    pub(in crate::store) fn check(&self, def: &TableDef) -> Result<(), StoreError> {
        let wrong = |why: Text| StoreError::Data {
            table: def.name.as_str().into(),
            why,
        };
        if self.columns.len() != def.columns.len() {
            let (is, should) = (self.columns.len(), def.columns.len());
            return Err(wrong(text!("columns-instead", is, should)));
        }
        for (column, def) in self.columns.iter().zip(&def.columns) {
            let (name, kind) = (&def.name, def.kind.word());
            if column.kind() != def.kind {
                let is = column.kind().word();
                return Err(wrong(text!("column-holds", name, is, kind)));
            }
            if column.len() != self.rows() {
                let (is, should) = (column.len(), self.rows());
                return Err(wrong(text!("column-rows", name, is, should)));
            }
            if let Some(why) = column.problem() {
                return Err(wrong(text!("column-why", name, why)));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::ColumnDef;
    use super::*;

    #[test]
    fn equal_means_written_as_the_same_values() {
        let ids = Arc::new(vec!["b".into(), "a".into(), String::new()]);
        let coded = Column::Text {
            codes: vec![Some(1), Some(0), Some(2), None],
            ids,
        };
        assert_eq!(coded, Column::text([Some("a"), Some("b"), None, Some("")]));
        assert_ne!(coded, Column::text([Some("a"), Some("b"), None, Some("c")]));
        assert_eq!(
            Column::Float(vec![f64::NAN, -0.0, 1.0]),
            Column::Float(vec![f64::INFINITY, 0.0, 1.0])
        );
        assert_ne!(Column::Float(vec![f64::NAN]), Column::Float(vec![0.0]));
        assert_ne!(Column::Int(vec![Some(1)]), Column::Month(vec![Some(1)]));
    }

    #[test]
    fn rows_that_do_not_fit_are_refused() {
        let def = TableDef::new(
            "t",
            "",
            vec![
                ColumnDef::new("n", Kind::Int, "", ""),
                ColumnDef::new("id", Kind::Text, "", ""),
                ColumnDef::new("month", Kind::Month, "", ""),
            ],
        );
        let code = |code| Column::Text {
            codes: vec![Some(code)],
            ids: Arc::new(vec!["a".into()]),
        };
        let check = |n, id, month| {
            TableData::new("t", vec![n, id, month])
                .check(&def)
                .map_err(|e| e.to_string())
        };
        let n = || Column::Int(vec![Some(1)]);
        let month = |m| Column::Month(vec![Some(m)]);
        assert_eq!(check(n(), code(0), month(24_164)), Ok(()));
        for (wrong, words) in [
            (check(n(), code(1), month(0)), "code 1 of 1 ids"),
            (check(n(), code(0), month(-1)), "month number -1"),
            (check(n(), code(0), month(120_000)), "month number 120000"),
            (check(n(), n(), month(0)), "holds int instead of text"),
            (
                check(Column::Int(vec![]), code(0), month(0)),
                "has 1 rows, the first 0",
            ),
            (
                TableData::new("t", vec![n()])
                    .check(&def)
                    .map_err(|e| e.to_string()),
                "1 columns instead of 3",
            ),
        ] {
            let text = wrong.unwrap_err();
            assert!(text.contains(words), "{text}");
        }
    }
}
