//! Tables in Parquet, read by the same contract as CSV.

use std::fmt;
use std::io;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;

use super::cells::Span;
use super::files::{FoundFile, Hashing, InputFile};
use super::problem::{Problem, Report};
use super::rows::{AT_A_TIME, Block, Blocks, Done, Piece, Rows, Spot, Table};
use super::sheet::{self, Contract};
use super::splitter::{Splitter, Wrong};
use crate::system::Contents;
use crate::texts::{Text, text};

/// Rows of a batch, which one thread takes.
const BATCH: usize = 2048;
/// Batches that are read at a time.
const WINDOW: usize = 16;

/// Whether a column is a row index that pandas wrote beside the data: `__index_level_0__` and so on.
fn is_pandas_index(name: &str) -> bool {
    let number = name.strip_prefix("__index_level_");
    let number = number.and_then(|rest| rest.strip_suffix("__"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a column holds one text, number, switch or date in a cell.
fn is_plain(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, kind) => is_plain(kind),
        DataType::RunEndEncoded(_, field) => is_plain(field.data_type()),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Null | DataType::Boolean | DataType::Date32 | DataType::Date64 => true,
        DataType::Timestamp(..) => true,
        other => other.is_numeric(),
    }
}

/// An open Parquet file.
#[derive(Debug)]
pub struct ParquetFile {
    /// The file as the user would name it.
    pub shown: Arc<str>,
    contents: Contents,
    path: String,
}

impl From<FoundFile> for ParquetFile {
    fn from(found: FoundFile) -> Self {
        Self {
            shown: found.shown,
            contents: found.contents,
            path: found.recorded,
        }
    }
}

fn wrong(error: impl fmt::Display) -> Text {
    text!("not-parquet", error = Text::foreign(error))
}

impl ParquetFile {
    fn builder(&self) -> Result<ParquetRecordBatchReaderBuilder<Contents>, Text> {
        let contents = self.contents.again().map_err(wrong)?;
        ParquetRecordBatchReaderBuilder::try_new(contents).map_err(wrong)
    }

    /// Names of the columns; none where they cannot be read.
    pub fn names(&self) -> Vec<String> {
        let builder = self.builder();
        builder.map_or(Vec::new(), |builder| names(builder.schema()))
    }

    /// Reads all rows; a problem's line is the row's number plus 1, as if it were CSV.
    pub fn read<T: Rows>(
        &self,
        contract: &Contract<'_>,
        report: &mut Report,
        rows: &mut T,
    ) -> Done {
        match self.rows(contract, report, rows) {
            Ok(done) => done,
            Err(what) => {
                report.push(Problem::error(&*self.shown, what));
                Done::default()
            }
        }
    }

    fn rows<T: Rows>(
        &self,
        contract: &Contract<'_>,
        report: &mut Report,
        rows: &mut T,
    ) -> Result<Done, Text> {
        let builder = self.builder()?;
        let names = names(builder.schema());
        let Some(head) = sheet::header(&self.shown, &names, 1, contract, report) else {
            return Ok(Done::default());
        };
        let groups = builder.metadata().row_groups().iter();
        let mut codecs = groups
            .flat_map(|group| group.columns())
            .map(|c| c.compression());
        if let Some(codec) = codecs.find(|codec| *codec == Compression::LZO) {
            return Err(text!("parquet-codec", codec = codec.to_string()));
        }
        let before = report.errors();
        let mut used: Vec<usize> = head.columns.iter().map(|(_, position)| position).collect();
        used.sort_unstable();
        for position in &used {
            let field = builder.schema().field(*position);
            if !is_plain(field.data_type()) {
                let kind = field.data_type().to_string();
                let problem = Problem::error(&*self.shown, text!("parquet-type", kind));
                let mut problem = problem.allowed(text!("parquet-types"));
                problem.column = Some(field.name().clone());
                report.push(problem);
            }
        }
        if report.errors() > before {
            return Ok(Done::default());
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), used.iter().copied());
        let builder = builder.with_projection(mask).with_batch_size(BATCH);
        let mut batches = Batches {
            reader: builder.build().map_err(wrong)?,
            positions: used,
            columns: names.len(),
            line: 1,
            failed: None,
            room: Splitter::default(),
        };
        let whole = head.missing.is_empty();
        let mut table = Table::new(head);
        let mut on = true;
        // The first row is taken by itself: it may set up what the others need.
        if let Some(first) = batches.first() {
            for window in first {
                on = on && table.block(&window, &mut batches.room, rows, report);
            }
        }
        if on && let Some(window) = batches.block() {
            table.blocks(window, &mut batches, rows, report);
        }
        if let Some(failed) = batches.failed {
            return Err(failed);
        }
        let done = table.finish(report);
        Ok(Done {
            whole: done.whole && whole,
            ..done
        })
    }

    /// How many rows the file says it has; none where it cannot be read.
    pub fn rows_told(&self) -> Option<u64> {
        let builder = self.builder().ok()?;
        u64::try_from(builder.metadata().file_metadata().num_rows()).ok()
    }

    /// What is recorded of the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn finish(self) -> io::Result<InputFile> {
        let sha256 = Hashing::new(self.contents.reader(0)?).finish()?;
        let path = self.path;
        Ok(InputFile { path, sha256 })
    }
}

/// Names of the columns. An index that pandas wrote is passed over, as commentary is.
fn names(schema: &Schema) -> Vec<String> {
    let names = schema.fields().iter().map(|field| field.name());
    let names = names.map(|name| match is_pandas_index(name) {
        true => format!("note{name}"),
        false => name.clone(),
    });
    names.collect()
}

/// The rows of a file, batch by batch.
struct Batches {
    reader: ParquetRecordBatchReader,
    /// Where the columns of a batch stand in a row, and how many a row has.
    positions: Vec<usize>,
    columns: usize,
    /// Lines before the next batch.
    line: u64,
    failed: Option<Text>,
    room: Splitter,
}

impl Batches {
    fn window(&mut self, batches: Vec<RecordBatch>) -> Window {
        let line = self.line;
        let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
        self.line += rows as u64;
        Window {
            batches,
            positions: self.positions.clone(),
            columns: self.columns,
            line,
        }
    }

    /// The next batch; none after one that could not be read, as the crate panics when it is asked for more.
    fn next(&mut self) -> Option<RecordBatch> {
        if self.failed.is_some() {
            return None;
        }
        let batch = self.reader.next()?;
        batch.map_err(|error| self.failed = Some(wrong(error))).ok()
    }

    /// The first batch, its first row by itself.
    fn first(&mut self) -> Option<[Window; 2]> {
        let batch = self.next()?;
        let one = batch.num_rows().min(1);
        let (first, rest) = (
            batch.slice(0, one),
            batch.slice(one, batch.num_rows() - one),
        );
        Some([self.window(vec![first]), self.window(vec![rest])])
    }
}

impl Blocks for Batches {
    type Block = Window;

    fn block(&mut self) -> Option<Window> {
        let batches: Vec<_> = std::iter::from_fn(|| self.next()).take(WINDOW).collect();
        (!batches.is_empty()).then(|| self.window(batches))
    }

    fn room(&mut self) -> &mut Splitter {
        &mut self.room
    }
}

/// Some batches.
struct Window {
    batches: Vec<RecordBatch>,
    positions: Vec<usize>,
    columns: usize,
    line: u64,
}

impl Block for Window {
    type Piece<'a> = Batch<'a>;

    fn line(&self) -> u64 {
        self.line
    }

    fn pieces(&self) -> Vec<Batch<'_>> {
        let batches = self.batches.iter();
        let piece = |batch| Batch {
            batch,
            window: self,
        };
        batches.map(piece).collect()
    }
}

/// What writes the cells of a column as texts.
enum Column<'a> {
    Texts(&'a StringArray),
    Numbers(&'a Float64Array, ArrayFormatter<'a>),
    Other(ArrayFormatter<'a>),
}

impl<'a> Column<'a> {
    fn of(column: &'a ArrayRef, options: &'a FormatOptions<'a>) -> Result<Self, ArrowError> {
        if let Some(texts) = column.as_any().downcast_ref() {
            return Ok(Self::Texts(texts));
        }
        let other = ArrayFormatter::try_new(column as &dyn Array, options)?;
        let numbers = column.as_any().downcast_ref();
        Ok(match numbers {
            Some(numbers) => Self::Numbers(numbers, other),
            None => Self::Other(other),
        })
    }

    /// Writes a cell; nothing where there is none.
    fn write(&self, row: usize, text: &mut String) -> Result<(), ArrowError> {
        let other = match self {
            Self::Texts(texts) => {
                text.push_str(if texts.is_valid(row) {
                    texts.value(row)
                } else {
                    ""
                });
                return Ok(());
            }
            Self::Numbers(numbers, other) => {
                let digit = numbers.value(row) as u8;
                // As the numbers of links often are; the others take longer.
                let is_digit = numbers.value(row).to_bits() == f64::from(digit).to_bits();
                if is_digit && digit < 10 && numbers.is_valid(row) {
                    text.push(char::from(b'0' + digit));
                    text.push_str(".0");
                    return Ok(());
                }
                other
            }
            Self::Other(other) => other,
        };
        other.value(row).write(text)
    }
}

/// The rows of a batch as texts.
struct Batch<'a> {
    batch: &'a RecordBatch,
    window: &'a Window,
}

impl Batch<'_> {
    /// What writes the cells of each column.
    fn columns<'o>(&'o self, options: &'o FormatOptions<'o>) -> Option<Vec<Column<'o>>> {
        let columns = self.batch.columns().iter();
        let columns = columns.map(|column| Column::of(column, options));
        columns.collect::<Result<_, _>>().ok()
    }

    fn write(
        &self,
        row: usize,
        columns: &[Column<'_>],
        (text, spans): (&mut String, &mut Vec<Span>),
    ) -> Result<(), ArrowError> {
        spans.resize(self.window.columns, (0, 0));
        for (column, position) in columns.iter().zip(&self.window.positions) {
            let from = text.len() as u32;
            column.write(row, text)?;
            spans[*position] = (from, text.len() as u32);
        }
        Ok(())
    }
}

impl Piece for Batch<'_> {
    fn about(&self) -> usize {
        self.batch.num_rows()
    }

    fn records(&self, some: &mut dyn FnMut(&[super::rows::Found<'_>])) -> u64 {
        let options = FormatOptions::default().with_null("");
        let columns = self.columns(&options);
        let mut rooms: Vec<_> = (0..AT_A_TIME).map(|_| Splitter::default()).collect();
        let rows = self.batch.num_rows();
        for first in (0..rows).step_by(AT_A_TIME) {
            let records = (first..rows).zip(&mut rooms).map(|(row, room)| {
                let spot = Spot {
                    from: row,
                    to: row,
                    line: row as u32 + 1,
                };
                let written = columns
                    .as_ref()
                    .map(|columns| self.write(row, columns, room.room()));
                let written = matches!(written, Some(Ok(())));
                (spot, written.then(|| room.record()))
            });
            some(&records.collect::<Vec<_>>());
        }
        rows as u64
    }

    fn record(&self, spot: Spot, line: u64, room: &mut Splitter) -> Result<(), Wrong> {
        let wrong = |what: Text| Wrong {
            line,
            what,
            last: true,
            read: false,
        };
        let options = FormatOptions::default().with_null("");
        let row = self.batch.slice(spot.from, 1);
        let row = Batch {
            batch: &row,
            window: self.window,
        };
        let columns = row
            .columns(&options)
            .ok_or_else(|| wrong(self::wrong("")))?;
        let written = row.write(0, &columns, room.room());
        written.map_err(|error| wrong(self::wrong(error)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use arrow_array::types::Int64Type;
    use arrow_array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{BrotliLevel, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;
    use crate::scenario::cells::{LONGEST_CELL, Row};
    use crate::scenario::rows::InOrder;
    use crate::system::{Machine, System};

    type Columns<'c> = [(&'c str, ArrayRef); 3];

    /// Reads a table of an id and a number with one more column.
    fn read(more: &str) -> (Vec<(String, String)>, Vec<String>) {
        let columns: Columns<'_> = [
            ("id", Arc::new(StringArray::from(vec!["a", "b"]))),
            ("size", Arc::new(Float64Array::from(vec![3.0, 4.5]))),
            (more, Arc::new(Int64Array::from(vec![7, 9]))),
        ];
        written(columns, Compression::UNCOMPRESSED)
    }

    /// Writes a table with this compression, and reads it.
    fn written(
        columns: Columns<'_>,
        compression: Compression,
    ) -> (Vec<(String, String)>, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("firms.parquet");
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let file = File::create(&path).unwrap();
        let properties = WriterProperties::builder().set_compression(compression);
        let properties = Some(properties.build());
        let mut writer = ArrowWriter::try_new(file, batch.schema(), properties).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let table = ParquetFile {
            shown: "firms.parquet".into(),
            contents: Machine.open(&path).unwrap(),
            path: "firms.parquet".to_owned(),
        };
        let contract = Contract {
            required: &["id", "size"],
            ..Contract::default()
        };
        let mut report = Report::default();
        let mut rows = Vec::new();
        let mut each = InOrder(|row: &Row<'_>, _: &mut Report| {
            rows.push((row.text("id").to_owned(), row.text("size").to_owned()));
        });
        table.read(&contract, &mut report, &mut each);
        let problems = report.finish().problems;
        (rows, problems.iter().map(Problem::to_string).collect())
    }

    /// polars writes zstd unless told otherwise, pandas snappy; the others are there to choose.
    #[test]
    fn every_usual_compression_is_read() {
        for codec in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            let ids: Vec<String> = (0..2000).map(|n| format!("firm {}", n / 7)).collect();
            let columns: Columns<'_> = [
                ("id", Arc::new(StringArray::from(ids.clone()))),
                ("size", Arc::new(Float64Array::from(vec![3.5; 2000]))),
                ("note", Arc::new(Int64Array::from(vec![7; 2000]))),
            ];
            let (rows, problems) = written(columns, codec);
            let expected: Vec<(String, String)> =
                ids.into_iter().map(|id| (id, "3.5".to_owned())).collect();
            assert!(
                rows == expected && problems.is_empty(),
                "{codec}: {problems:?}"
            );
        }
    }

    #[test]
    fn a_cell_holds_one_value_of_a_bounded_length() {
        let lists = || {
            let lists = [Some(vec![Some(1)]), Some(vec![Some(2), Some(3)])];
            ListArray::from_iter_primitive::<Int64Type, _, _>(lists)
        };
        let numbers = || Arc::new(Float64Array::from(vec![1.0, 2.0]));
        let (rows, problems) = written(
            [
                ("id", Arc::new(lists())),
                ("size", numbers()),
                ("note", numbers()),
            ],
            Compression::SNAPPY,
        );
        assert!(rows.is_empty(), "{rows:?}");
        assert_eq!(problems.len(), 1, "{problems:?}");
        for words in [
            "column `id`",
            "List",
            "one text, number, switch or date in a cell",
        ] {
            assert!(problems[0].contains(words), "{words}: {problems:?}");
        }
        // What is not read may hold anything.
        let ids = || Arc::new(StringArray::from(vec!["a", "b"]));
        let (rows, problems) = written(
            [
                ("id", ids()),
                ("size", numbers()),
                ("note", Arc::new(lists())),
            ],
            Compression::SNAPPY,
        );
        assert_eq!((rows.len(), problems.len()), (2, 0), "{problems:?}");
        let long = "x".repeat(LONGEST_CELL + 1);
        let texts = Arc::new(StringArray::from(vec!["a", &long]));
        let (rows, problems) = written(
            [("id", texts), ("size", numbers()), ("note", numbers())],
            Compression::SNAPPY,
        );
        assert_eq!((rows.len(), problems.len()), (1, 1));
        assert!(
            problems[0].contains("row 2, column `id`") && problems[0].contains("4097 bytes"),
            "{problems:?}"
        );
    }

    #[test]
    fn the_index_that_pandas_writes_is_passed_over() {
        let expected = vec![
            ("a".to_owned(), "3.0".to_owned()),
            ("b".to_owned(), "4.5".to_owned()),
        ];
        for index in ["__index_level_0__", "__index_level_12__"] {
            assert_eq!(read(index), (expected.clone(), Vec::new()), "{index}");
        }
        for other in [
            "__index_level__",
            "__index_level_x__",
            "index",
            "__index_level_0",
        ] {
            let (_, problems) = read(other);
            assert!(
                problems
                    .iter()
                    .any(|p| p.contains("unknown column") && p.contains(other)),
                "{other}: {problems:?}"
            );
        }
    }
}
