//! Tables as Parquet: snappy, no timestamps, no page indexes, one fixed writer name, so that the
//! bytes depend on the rows and on nothing else.
//!
//! Row groups: a replicate's rows are one row group in its part (more beyond [`MAX_ROWS`]). When
//! parts are merged, a replicate with at least [`GATHER_ROWS`] rows is copied as it is, without
//! decoding; smaller ones are gathered, in order, until there are so many. Both are functions of
//! the numbers of rows, so threads, order and interruptions leave no trace.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, UInt32Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, DictionaryArray, Float64Array, Int64Array, StringArray,
    UInt32Array,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat;
use bytes::Bytes;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::ChunkReader;
use parquet::file::writer::SerializedFileWriter;

use super::column::{Kind, TableDef};
use super::data::{Column, Ids, TableData, number};
use crate::texts::{Text, text};

/// Name of the writer in every file; of the form that Parquet readers parse.
const CREATED_BY: &str = "pointplane version 1 (build 1)";
/// Key of the description in every file.
const WHAT: &str = "pointplane.what";
/// Most rows of a row group.
const MAX_ROWS: usize = 1 << 20;
/// Rows from which a replicate is a row group of its own.
const GATHER_ROWS: usize = 1 << 16;
/// Rows that are read at a time.
const READ_ROWS: usize = 1 << 13;

/// One column of a batch, in the order of the definition.
type Arrays = Vec<ArrayRef>;

/// Writes `data`, which fits `def`, as one Parquet file.
pub(in crate::store) fn write(
    def: &TableDef,
    data: &TableData,
    out: impl Write + Send,
) -> io::Result<()> {
    let mut writer = TableWriter::new(def, out).map_err(to_io)?;
    writer
        .rows(&data.columns.iter().map(to_array).collect())
        .map_err(to_io)?;
    writer.finish().map_err(to_io)
}

/// Writes a table piece by piece; pieces are one row group as long as they have no more than [`GATHER_ROWS`] rows together.
pub(in crate::store) struct Pieces<W: Write + Send>(TableWriter<W>);

impl<W: Write + Send> Pieces<W> {
    pub(in crate::store) fn new(def: &TableDef, out: W) -> io::Result<Self> {
        TableWriter::new(def, out).map(Self).map_err(to_io)
    }

    /// Adds rows, which fit the definition.
    pub(in crate::store) fn add(&mut self, data: &TableData) -> io::Result<()> {
        let arrays: Arrays = data.columns.iter().map(to_full_array).collect();
        let schema = Arc::clone(&self.0.coded);
        let mut add = || {
            if self.0.open_rows + data.rows() > GATHER_ROWS {
                self.0.close_group()?;
            }
            self.0.batch(&schema, &arrays)
        };
        add().map_err(to_io)
    }

    pub(in crate::store) fn finish(mut self) -> io::Result<()> {
        self.0.close_group().map_err(to_io)?;
        self.0.finish().map_err(to_io)
    }
}

/// Merges the Parquet files of the replicates of one table.
pub(in crate::store) struct Merger<W: Write + Send> {
    writer: TableWriter<W>,
    gathered: Vec<Arrays>,
    rows: usize,
}

impl<W: Write + Send> Merger<W> {
    pub(in crate::store) fn new(def: &TableDef, out: W) -> io::Result<Self> {
        Ok(Self {
            writer: TableWriter::new(def, out).map_err(to_io)?,
            gathered: Vec::new(),
            rows: 0,
        })
    }

    /// Adds the next replicate.
    pub(in crate::store) fn add<R: ChunkReader + Clone + 'static>(
        &mut self,
        file: &R,
    ) -> io::Result<()> {
        self.add_file(file).map_err(to_io)
    }

    fn add_file<R: ChunkReader + Clone + 'static>(&mut self, file: &R) -> Result<()> {
        let metadata = ParquetMetaDataReader::new().parse_and_finish(file)?;
        let rows = usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(usize::MAX);
        if rows >= GATHER_ROWS {
            self.flush()?;
            for group in metadata.row_groups() {
                let mut out = self.writer.file.next_row_group()?;
                for column in group.columns() {
                    let close = ColumnCloseResult {
                        bytes_written: u64::try_from(column.compressed_size()).unwrap_or(0),
                        rows_written: u64::try_from(group.num_rows()).unwrap_or(0),
                        metadata: column.clone(),
                        bloom_filter: None,
                        column_index: None,
                        offset_index: None,
                    };
                    out.append_column(file, close)?;
                }
                out.close()?;
            }
            return Ok(());
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(file.clone())?
            .with_batch_size(GATHER_ROWS)
            .build()?;
        for batch in reader {
            let batch = batch?;
            self.rows += batch.num_rows();
            self.gathered.push(batch.columns().to_vec());
        }
        if self.rows >= GATHER_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    /// Adds the next replicate, whose rows come in several files: the same as if they were one.
    pub(in crate::store) fn add_parts(
        &mut self,
        def: &TableDef,
        files: &[Bytes],
    ) -> io::Result<()> {
        match files {
            [file] => self.add(file),
            files => self.add_together(def, files).map_err(to_io),
        }
    }

    fn add_together(&mut self, def: &TableDef, files: &[Bytes]) -> Result<()> {
        let mut rows = 0;
        for file in files {
            let metadata = ParquetMetaDataReader::new().parse_and_finish(file)?;
            rows += usize::try_from(metadata.file_metadata().num_rows()).unwrap_or(usize::MAX);
        }
        if rows >= GATHER_ROWS {
            let wanted: Vec<usize> = (0..def.columns.len()).collect();
            let (_, mut columns, mut ids) = nothing(def, &wanted);
            for file in files {
                scan(def, &wanted, file.clone(), &mut |_, batch| {
                    for ((column, ids), array) in columns.iter_mut().zip(&mut ids).zip(batch) {
                        append(column, ids, array);
                    }
                })
                .map_err(|why| ParquetError::General(why.to_string()))?;
            }
            let data = TableData::new(&def.name, picked(&wanted, &wanted, columns, ids));
            let mut bytes = Vec::new();
            write(def, &data, &mut bytes)?;
            return self.add_file(&Bytes::from(bytes));
        }
        let mut batches: Vec<Arrays> = Vec::new();
        for file in files {
            let reader = ParquetRecordBatchReaderBuilder::try_new(file.clone())?
                .with_batch_size(GATHER_ROWS)
                .build()?;
            for batch in reader {
                batches.push(batch?.columns().to_vec());
            }
        }
        let Some(first) = batches.first() else {
            return Ok(());
        };
        let column = |at: usize| {
            let pieces: Vec<&dyn Array> = batches.iter().map(|batch| &*batch[at]).collect();
            concat(&pieces)
        };
        let together = (0..first.len()).map(column);
        self.gathered
            .push(together.collect::<std::result::Result<_, _>>()?);
        self.rows += rows;
        if self.rows >= GATHER_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let schema = Arc::clone(&self.writer.plain);
        self.writer.row_group(&schema, &self.gathered)?;
        self.gathered.clear();
        self.rows = 0;
        Ok(())
    }

    pub(in crate::store) fn finish(mut self) -> io::Result<()> {
        self.flush().map_err(to_io)?;
        self.writer.finish().map_err(to_io)
    }
}

/// A Parquet file being written.
struct TableWriter<W: Write + Send> {
    file: SerializedFileWriter<W>,
    /// Texts as such: what the file says, and what is read from parts.
    plain: SchemaRef,
    /// Texts by code: what is written from memory.
    coded: SchemaRef,
    groups: usize,
    /// The columns of the row group that is being written; empty where none is.
    open: Vec<ArrowColumnWriter>,
    /// Its rows.
    open_rows: usize,
}

impl<W: Write + Send> TableWriter<W> {
    fn new(def: &TableDef, out: W) -> Result<Self> {
        let plain = schema(def, false);
        let description = KeyValue::new(WHAT.to_owned(), def.what.clone());
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_key_value_metadata((!def.what.is_empty()).then(|| vec![description]))
            .build();
        let root = ArrowSchemaConverter::new()
            .schema_root(&def.name)
            .convert(&plain)?
            .root_schema_ptr();
        Ok(Self {
            file: SerializedFileWriter::new(out, root, Arc::new(properties))?,
            coded: schema(def, true),
            plain,
            groups: 0,
            open: Vec::new(),
            open_rows: 0,
        })
    }

    fn rows(&mut self, arrays: &Arrays) -> Result<()> {
        let rows = arrays.first().map_or(0, Array::len);
        let schema = Arc::clone(&self.coded);
        for start in (0..rows).step_by(MAX_ROWS) {
            let length = MAX_ROWS.min(rows - start);
            let slice = arrays.iter().map(|a| a.slice(start, length)).collect();
            self.row_group(&schema, &[slice])?;
        }
        Ok(())
    }

    /// Writes batches as one row group; none if they have no rows.
    fn row_group(&mut self, schema: &SchemaRef, batches: &[Arrays]) -> Result<()> {
        for batch in batches {
            self.batch(schema, batch)?;
        }
        self.close_group()
    }

    /// Adds rows to the row group that is being written.
    fn batch(&mut self, schema: &SchemaRef, arrays: &Arrays) -> Result<()> {
        if self.open.is_empty() {
            let factory = ArrowRowGroupWriterFactory::new(&self.file, Arc::clone(schema));
            self.open = factory.create_column_writers(self.groups)?;
        }
        for ((writer, field), array) in self.open.iter_mut().zip(schema.fields()).zip(arrays) {
            for leaf in compute_leaves(field, array)? {
                writer.write(&leaf)?;
            }
        }
        self.open_rows += arrays.first().map_or(0, Array::len);
        Ok(())
    }

    /// Ends the row group that is being written, if one is.
    fn close_group(&mut self) -> Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for column in self.open.drain(..) {
            column.close()?.append_to_row_group(&mut group)?;
        }
        group.close()?;
        self.groups += 1;
        self.open_rows = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.file.finish()?;
        self.file.inner_mut().flush()?;
        Ok(())
    }
}

/// Reads the columns at `wanted` positions. The text is what is wrong, if anything.
pub(in crate::store) fn read(
    def: &TableDef,
    wanted: &[usize],
    file: impl ChunkReader + 'static,
) -> std::result::Result<Vec<Column>, Text> {
    let mut all: Option<(Vec<usize>, Vec<Column>, Vec<Ids>)> = None;
    scan(def, wanted, file, &mut |order, batch| {
        let (_, columns, ids) = all.get_or_insert_with(|| nothing(def, order));
        for ((column, ids), array) in columns.iter_mut().zip(ids).zip(batch) {
            append(column, ids, array);
        }
    })?;
    let (order, columns, ids) = all.unwrap_or_else(|| nothing(def, &in_order(wanted)));
    Ok(picked(wanted, &order, columns, ids))
}

/// The same, a few thousand rows at a time.
pub(in crate::store) fn read_parts(
    def: &TableDef,
    wanted: &[usize],
    file: impl ChunkReader + 'static,
    each: &mut dyn FnMut(Vec<Column>),
) -> std::result::Result<(), Text> {
    scan(def, wanted, file, &mut |order, batch| {
        let (order, mut columns, mut ids) = nothing(def, order);
        for ((column, ids), array) in columns.iter_mut().zip(&mut ids).zip(batch) {
            append(column, ids, array);
        }
        each(picked(wanted, &order, columns, ids));
    })
}

/// The reader gives columns in the file's order, each once.
fn in_order(wanted: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = wanted.to_vec();
    order.sort_unstable();
    order.dedup();
    order
}

fn nothing(def: &TableDef, order: &[usize]) -> (Vec<usize>, Vec<Column>, Vec<Ids>) {
    let empty = |&at: &usize| Column::empty(def.columns[at].kind);
    let columns = order.iter().map(empty).collect();
    let ids = order.iter().map(|_| Ids::default()).collect();
    (order.to_vec(), columns, ids)
}

/// The columns in the order in which they are wanted.
fn picked(
    wanted: &[usize],
    order: &[usize],
    mut columns: Vec<Column>,
    ids: Vec<Ids>,
) -> Vec<Column> {
    for (column, collected) in columns.iter_mut().zip(ids) {
        if let Column::Text { ids, .. } = column {
            *ids = collected.into_list();
        }
    }
    let position = |at| order.binary_search(at).ok();
    let pick = |at| position(at).map(|p| columns[p].clone());
    wanted.iter().filter_map(pick).collect()
}

pub(super) fn scan(
    def: &TableDef,
    wanted: &[usize],
    file: impl ChunkReader + 'static,
    each: &mut dyn FnMut(&[usize], &[ArrayRef]),
) -> std::result::Result<(), Text> {
    let metadata =
        ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(Text::foreign)?;
    if metadata.schema().fields() != schema(def, false).fields() {
        return Err(text!("columns-not-of-columns"));
    }
    let mask = ProjectionMask::roots(metadata.parquet_schema(), wanted.iter().copied());
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_projection(mask)
        .with_batch_size(READ_ROWS)
        .build()
        .map_err(Text::foreign)?;
    let order = in_order(wanted);
    for batch in reader {
        each(&order, batch.map_err(Text::foreign)?.columns());
    }
    Ok(())
}

fn append(column: &mut Column, ids: &mut Ids, array: &ArrayRef) {
    match column {
        Column::Text { codes, .. } => {
            let texts = array.as_string::<i32>().iter();
            codes.extend(texts.map(|text| text.map(|text| ids.code(text))));
        }
        Column::Int(values) => values.extend(array.as_primitive::<Int64Type>().iter()),
        Column::Float(values) => {
            let numbers = array.as_primitive::<Float64Type>().iter();
            values.extend(numbers.map(|number| number.unwrap_or(f64::NAN)));
        }
        Column::Month(values) => {
            let days = array.as_primitive::<Date32Type>().iter();
            values.extend(days.map(|days| days.map(month_of_day)));
        }
    }
}

pub(super) fn schema(def: &TableDef, coded: bool) -> SchemaRef {
    let field = |column: &super::column::ColumnDef| {
        let data_type = match column.kind {
            Kind::Text if coded => {
                DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
            }
            Kind::Text => DataType::Utf8,
            Kind::Int => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Month => DataType::Date32,
        };
        Field::new(&column.name, data_type, true)
    };
    Arc::new(Schema::new(
        def.columns.iter().map(field).collect::<Vec<_>>(),
    ))
}

/// The same with an empty text where one is missing: Stata takes no column of text in which nothing stands, and of a
/// table that is made piece by piece it is not known before its end.
fn to_full_array(column: &Column) -> ArrayRef {
    let Column::Text { codes, .. } = column else {
        return to_array(column);
    };
    let texts = (0..codes.len()).map(|row| Some(column.text_at(row).unwrap_or_default()));
    let texts: DictionaryArray<UInt32Type> = texts.collect();
    Arc::new(texts)
}

/// The column as Arrow sees it; codes are known to be in range.
pub(super) fn to_array(column: &Column) -> ArrayRef {
    match column {
        Column::Text { codes, ids } => {
            let known = |code: &u32| ids.get(*code as usize).is_some_and(|id| !id.is_empty());
            let keys: UInt32Array = codes.iter().map(|code| code.filter(known)).collect();
            let texts: StringArray = ids.iter().map(|id| Some(id.as_str())).collect();
            Arc::new(DictionaryArray::<UInt32Type>::new(keys, Arc::new(texts)))
        }
        Column::Int(values) => Arc::new(values.iter().copied().collect::<Int64Array>()),
        Column::Float(values) => Arc::new(
            values
                .iter()
                .map(|&value| number(value))
                .collect::<Float64Array>(),
        ),
        Column::Month(values) => Arc::new(
            values
                .iter()
                .map(|month| month.map(first_day_of_month))
                .collect::<Date32Array>(),
        ),
    }
}

/// Days from 1970-01-01 to the first day of a month that is counted from January of year 0, in the
/// proleptic Gregorian calendar. For years 0 to 9999.
fn first_day_of_month(month: i32) -> i32 {
    // Years that begin in March put the leap day last, so month lengths repeat every five months.
    let from_march = month - 2;
    let (year, month) = (from_march.div_euclid(12), from_march.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 - 719_468
}

/// The month that a day lies in; the inverse of [`first_day_of_month`].
fn month_of_day(day: i32) -> i32 {
    // The average month has 30.436875 days: the guess is at most one month off.
    let guess = ((f64::from(day) + 719_528.0) / 30.436_875).floor() as i32;
    let fits =
        |&month: &i32| (first_day_of_month(month)..first_day_of_month(month + 1)).contains(&day);
    (guess.saturating_sub(2)..=guess.saturating_add(2))
        .find(fits)
        .unwrap_or(guess)
}

fn to_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_agree_with_the_calendar() {
        for month in 0..120_000 {
            let date = jiff::civil::date((month / 12) as i16, (month % 12 + 1) as i8, 1);
            let epoch = jiff::civil::date(1970, 1, 1);
            let days = (date - epoch).get_days();
            assert_eq!(first_day_of_month(month), days, "{date}");
            assert_eq!(month_of_day(days), month, "{date}");
            assert_eq!(month_of_day(days + 27), month, "{date}");
        }
    }
}
