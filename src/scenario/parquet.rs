//! Tables in Parquet, read by the same contract as CSV.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::Array;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use sha2::{Digest, Sha256};

use super::cells::Row;
use super::doubts::Doubts;
use super::files::{Folder, InputFile, NotRead};
use super::problem::{Problem, Report};
use super::sheet::{self, Contract};
use crate::texts::{Text, text};

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
    /// Where it is.
    pub real: PathBuf,
    /// What is recorded of its name.
    pub path: String,
}

impl ParquetFile {
    /// Finds a Parquet file of a folder.
    pub fn find(folder: &Folder, name: &str) -> Result<Self, NotRead> {
        let (real, shown, path) = folder.find(name)?;
        if real.is_dir() {
            return Err(text!("is-folder").into());
        }
        if !real.is_file() {
            return Err(text!("is-pipe").into());
        }
        Ok(Self { shown, real, path })
    }

    /// Reads all rows; a problem's line is the row's number plus 1, as if it were CSV. Returns whether
    /// every row was read.
    pub fn read(
        &self,
        contract: &Contract<'_>,
        report: &mut Report,
        mut each: impl FnMut(&Row<'_>, &mut Report),
    ) -> bool {
        match self.rows(contract, report, &mut each) {
            Ok(whole) => whole,
            Err(what) => {
                report.push(Problem::error(&*self.shown, what));
                false
            }
        }
    }

    fn rows(
        &self,
        contract: &Contract<'_>,
        report: &mut Report,
        each: &mut impl FnMut(&Row<'_>, &mut Report),
    ) -> Result<bool, Text> {
        let wrong =
            |error: &dyn std::fmt::Display| text!("not-parquet", error = Text::foreign(error));
        let file = File::open(&self.real).map_err(|e| wrong(&e))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| wrong(&e))?;
        let names: Vec<String> = builder
            .schema()
            .fields()
            .iter()
            .map(|field| match is_pandas_index(field.name()) {
                // Passed over as commentary is.
                true => format!("note{}", field.name()),
                false => field.name().clone(),
            })
            .collect();
        let Some(head) = sheet::header(&self.shown, &names, 1, contract, report) else {
            return Ok(false);
        };
        let groups = builder.metadata().row_groups().iter();
        let mut codecs = groups
            .flat_map(|group| group.columns())
            .map(|c| c.compression());
        if let Some(codec) = codecs.find(|codec| *codec == Compression::LZO) {
            return Err(text!("parquet-codec", codec = codec.to_string()));
        }
        let before = report.errors();
        for position in head.columns.values() {
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
            return Ok(false);
        }
        let mut doubts = Doubts::new(&head);
        let used: Vec<bool> = (0..names.len())
            .map(|at| head.columns.values().any(|position| *position == at))
            .collect();
        let options = FormatOptions::default().with_null("");
        let (mut number, mut whole) = (0, true);
        let mut cells = vec![String::new(); names.len()];
        for batch in builder.build().map_err(|e| wrong(&e))? {
            let batch = batch.map_err(|e| wrong(&e))?;
            let columns = batch.columns().iter();
            let columns: Vec<ArrayFormatter<'_>> = columns
                .map(|column| ArrayFormatter::try_new(column as &dyn Array, &options))
                .collect::<Result<_, _>>()
                .map_err(|e| wrong(&e))?;
            for row in 0..batch.num_rows() {
                number += 1;
                let wanted = cells.iter_mut().zip(&columns).zip(&used);
                for ((cell, column), _) in wanted.filter(|(_, used)| **used) {
                    cell.clear();
                    column.value(row).write(cell).map_err(|e| wrong(&e))?;
                }
                let line = number + 1;
                let row = Row {
                    head: &head,
                    cells: &cells,
                    line,
                    number,
                };
                if let Some(problem) = sheet::too_long(&row) {
                    report.push(problem);
                    whole = false;
                    continue;
                }
                doubts.see(&row);
                each(&row, report);
            }
        }
        doubts.tell(report);
        Ok(whole && head.missing.is_empty())
    }

    /// How many rows the file says it has; none where it cannot be read.
    pub fn rows_told(&self) -> Option<u64> {
        let file = File::open(&self.real).ok()?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).ok()?;
        u64::try_from(builder.metadata().file_metadata().num_rows()).ok()
    }

    /// What is recorded of the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn finish(self) -> io::Result<InputFile> {
        let mut file = File::open(&self.real)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => break,
                count => hash.update(&buffer[..count]),
            }
        }
        Ok(InputFile {
            path: self.path,
            sha256: hash
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::types::Int64Type;
    use arrow_array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{BrotliLevel, GzipLevel, ZstdLevel};
    use parquet::file::properties::WriterProperties;

    use super::*;

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
            real: path,
            path: "firms.parquet".to_owned(),
        };
        let contract = Contract {
            required: &["id", "size"],
            ..Contract::default()
        };
        let mut report = Report::default();
        let mut rows = Vec::new();
        table.read(&contract, &mut report, |row, _| {
            rows.push((row.text("id").to_owned(), row.text("size").to_owned()));
        });
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
        let long = "x".repeat(sheet::LONGEST_CELL + 1);
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
