//! A table as it is declared: each column is said together with what fills it, so that they cannot part.

use super::column::{ColumnDef, TableDef};
use super::data::{Column, TableData};

/// A column: what it is, and what gives its values from a source.
pub struct Field<'a, S: ?Sized> {
    def: ColumnDef,
    fill: Box<dyn Fn(&mut S) -> Column + Send + Sync + 'a>,
}

impl<'a, S: ?Sized> Field<'a, S> {
    /// A column that is filled as a whole. It may take its values out of the source.
    pub fn new(def: ColumnDef, fill: impl Fn(&mut S) -> Column + Send + Sync + 'a) -> Self {
        Self {
            def,
            fill: Box::new(fill),
        }
    }
}

/// A table: what it is called, what a row is, and its columns, filled from a source `S` (often a list of rows).
pub struct Schema<'a, S: ?Sized> {
    name: String,
    what: String,
    fields: Vec<Field<'a, S>>,
}

impl<'a, S: ?Sized> Schema<'a, S> {
    /// A table without columns.
    pub fn new(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            what: what.into(),
            fields: Vec::new(),
        }
    }

    /// With a column that is filled as a whole. It may take its values out of the source.
    #[must_use]
    pub fn column(
        self,
        def: ColumnDef,
        fill: impl Fn(&mut S) -> Column + Send + Sync + 'a,
    ) -> Self {
        self.with(Field::new(def, fill))
    }

    /// With a column.
    #[must_use]
    pub fn with(mut self, field: Field<'a, S>) -> Self {
        self.fields.push(field);
        self
    }

    /// With more columns.
    #[must_use]
    pub fn all(mut self, fields: impl IntoIterator<Item = Field<'a, S>>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its definition.
    pub fn def(&self) -> TableDef {
        let columns = self.fields.iter().map(|field| field.def.clone());
        TableDef::new(&self.name, &self.what, columns.collect())
    }

    /// Its rows, column by column.
    pub fn data(&self, source: &mut S) -> TableData {
        let columns = self.fields.iter().map(|field| (field.fill)(source));
        TableData::new(&self.name, columns.collect())
    }
}

/// Columns that are filled row by row.
impl<'a, R> Schema<'a, [R]> {
    /// Texts.
    #[must_use]
    pub fn text(
        self,
        name: &str,
        what: &str,
        value: impl Fn(&R) -> Option<&str> + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::text(name, what), move |rows| {
            Column::text(rows.iter().map(&value))
        })
    }

    /// Whole numbers.
    #[must_use]
    pub fn int(
        self,
        name: &str,
        unit: &str,
        what: &str,
        value: impl Fn(&R) -> Option<i64> + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::int(name, unit, what), move |rows| {
            Column::Int(rows.iter().map(&value).collect())
        })
    }

    /// Numbers; NaN is missing.
    #[must_use]
    pub fn float(
        self,
        name: &str,
        unit: &str,
        what: &str,
        value: impl Fn(&R) -> f64 + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::float(name, unit, what), move |rows| {
            Column::Float(rows.iter().map(&value).collect())
        })
    }

    /// Calendar months, as months since January of year 0.
    #[must_use]
    pub fn month(
        self,
        name: &str,
        what: &str,
        value: impl Fn(&R) -> Option<i32> + Send + Sync + 'a,
    ) -> Self {
        self.column(ColumnDef::month(name, what), move |rows| {
            Column::Month(rows.iter().map(&value).collect())
        })
    }
}
