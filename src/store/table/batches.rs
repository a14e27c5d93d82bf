//! Tables as Arrow holds them, for programs that take them over as they are.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use ::parquet::file::reader::ChunkReader;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema, SchemaRef};

use super::column::{ColumnDef, Kind, TableDef};
use super::data::Column;
use super::{Format, csv, parquet};
use crate::texts::{Text, text};

/// Reads the columns at `wanted` positions of a table's file: texts as UTF-8, whole numbers and numbers of 64 bits, months
/// as the dates of their first days; what is missing is null. A field's metadata has `unit` and `description`. The text is
/// what is wrong, if anything.
pub(in crate::store) fn read<F: ChunkReader + Read + 'static>(
    format: Format,
    def: &TableDef,
    wanted: &[usize],
    file: F,
) -> Result<(SchemaRef, Vec<RecordBatch>), Text> {
    let schema = schema(def, wanted);
    let mut batches = Vec::new();
    let mut wrong = None;
    let mut add = |columns: Vec<ArrayRef>| match RecordBatch::try_new(Arc::clone(&schema), columns)
    {
        Ok(batch) => batches.push(batch),
        Err(error) => wrong = Some(Text::foreign(error)),
    };
    match format {
        Format::Parquet => parquet::scan(def, wanted, file, &mut |order, arrays| {
            let at = |wanted: &usize| order.binary_search(wanted).ok();
            let found = wanted.iter().filter_map(at);
            add(found.map(|at| nulled(&arrays[at])).collect());
        })?,
        Format::Csv => {
            let columns = csv::read(def, wanted, file)?;
            if columns.first().is_some_and(|column| !column.is_empty()) {
                add(columns.iter().map(array).collect());
            }
        }
    }
    match wrong {
        Some(wrong) => Err(wrong),
        None => Ok((schema, batches)),
    }
}

/// The columns at `wanted` positions as Arrow has them.
pub(in crate::store) fn schema(def: &TableDef, wanted: &[usize]) -> SchemaRef {
    let plain = parquet::schema(def, false);
    let field = |&at: &usize| {
        let ColumnDef {
            unit, description, ..
        } = &def.columns[at];
        let about = [("unit", unit), ("description", description)];
        let about = about.into_iter().filter(|(_, text)| !text.is_empty());
        let about = about.map(|(key, text)| (key.to_owned(), text.clone()));
        plain
            .field(at)
            .clone()
            .with_metadata(about.collect::<arrow_schema::Metadata>())
    };
    Arc::new(Schema::new(wanted.iter().map(field).collect::<Vec<_>>()))
}

/// Columns of that schema.
pub(in crate::store) fn batch(schema: &SchemaRef, columns: &[Column]) -> Result<RecordBatch, Text> {
    let arrays = columns.iter().map(array).collect();
    RecordBatch::try_new(Arc::clone(schema), arrays).map_err(Text::foreign)
}

/// Texts that are empty are missing.
fn nulled(array: &ArrayRef) -> ArrayRef {
    if *array.data_type() != DataType::Utf8 {
        return Arc::clone(array);
    }
    let texts = array.as_string::<i32>();
    match texts.iter().any(|text| text == Some("")) {
        true => {
            let texts = texts.iter();
            let texts: StringArray = texts
                .map(|text| text.filter(|text| !text.is_empty()))
                .collect();
            Arc::new(texts)
        }
        false => Arc::clone(array),
    }
}

fn array(column: &Column) -> ArrayRef {
    match column {
        Column::Text { .. } => {
            let texts: StringArray = (0..column.len()).map(|row| column.text_at(row)).collect();
            Arc::new(texts)
        }
        _ => parquet::to_array(column),
    }
}

/// The definition of a CSV table beside which nothing says what its columns are: whole numbers, numbers or texts, as the
/// cells read.
pub(in crate::store) fn looked_at(name: &str, reader: impl Read) -> Result<TableDef, Text> {
    let mut csv = ::csv::Reader::from_reader(reader);
    let header = csv.headers().map_err(Text::foreign)?.clone();
    // How many kinds fit, from the narrowest.
    let kinds = [Kind::Int, Kind::Float, Kind::Text];
    let mut least: BTreeMap<usize, usize> = BTreeMap::new();
    for record in csv.records() {
        let record = record.map_err(Text::foreign)?;
        for (at, cell) in record
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
        {
            let fits = match (cell.parse::<i64>(), cell.parse::<f64>()) {
                (Ok(_), _) => 0,
                (_, Ok(_)) => 1,
                _ => 2,
            };
            let least = least.entry(at).or_default();
            *least = fits.max(*least);
        }
    }
    let column = |(at, name): (usize, &str)| {
        let fits = least.get(&at).copied().unwrap_or(kinds.len() - 1);
        ColumnDef::new(name, kinds[fits], "", "")
    };
    let columns: Vec<ColumnDef> = header.iter().enumerate().map(column).collect();
    match columns.is_empty() {
        true => Err(text!("has-no-columns")),
        false => Ok(TableDef::new(name, "", columns)),
    }
}
