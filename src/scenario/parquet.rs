//! Tables in Parquet, read by the same contract as CSV.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest, Sha256};

use super::cells::Row;
use super::files::InputFile;
use super::problem::{Problem, Report};
use super::sheet::{self, Contract};

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
    ) -> Result<bool, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("not a Parquet table: {error}");
        let file = File::open(&self.real).map_err(|e| wrong(&e))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| wrong(&e))?;
        let names: Vec<String> = builder
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        let Some(head) = sheet::header(&self.shown, &names, 1, contract, report) else {
            return Ok(false);
        };
        let options = FormatOptions::default().with_null("");
        let mut number = 0;
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
                for (cell, column) in cells.iter_mut().zip(&columns) {
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
                each(&row, report);
            }
        }
        Ok(head.missing.is_empty())
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
