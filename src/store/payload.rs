//! What is kept of a job: rows of tables, encoded by the thread that ran it, or plain values.

use std::io;

use super::error::StoreError;
use super::table::TableData;
use super::table::column::TableDef;
use super::table::{Format, csv, parquet};
use crate::texts::{Text, text};

/// What is kept of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Rows of each kept table, encoded; made by [`Encoder::encode`].
    Tables(Encoded),
    /// Values, as many as the sweep keeps.
    Values(Vec<f64>),
}

/// Rows of tables in the format of the files.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoded {
    /// Rows and bytes of each table, in the order of the definitions.
    pub(super) parts: Vec<(u64, Vec<u8>)>,
}

/// Encodes rows of the tables that are kept of each job. Any thread may use it.
#[derive(Clone, Debug)]
pub struct Encoder {
    tables: Vec<TableDef>,
    format: Format,
}

impl Encoder {
    /// For these tables.
    pub fn new(tables: Vec<TableDef>, format: Format) -> Self {
        Self { tables, format }
    }

    /// Encodes the tables of a job, each once, in any order.
    ///
    /// # Errors
    /// [`StoreError::Data`] for rows that do not fit.
    pub fn encode(&self, tables: Vec<TableData>) -> Result<Payload, StoreError> {
        let ordered = in_order(&self.tables, tables)?;
        let encode = |(def, data): (&TableDef, &TableData)| -> io::Result<(u64, Vec<u8>)> {
            let mut bytes = Vec::new();
            match self.format {
                Format::Parquet => parquet::write(def, data, &mut bytes)?,
                Format::Csv => csv::write_rows(data, &mut bytes)?,
            }
            Ok((data.rows() as u64, bytes))
        };
        let parts: io::Result<_> = self.tables.iter().zip(&ordered).map(encode).collect();
        let parts = parts.map_err(|e| StoreError::Data {
            table: text!("table-of-a-job"),
            why: Text::from(&e),
        })?;
        Ok(Payload::Tables(Encoded { parts }))
    }
}

/// The tables in the order of their definitions, each checked.
pub(super) fn in_order(
    defs: &[TableDef],
    mut tables: Vec<TableData>,
) -> Result<Vec<TableData>, StoreError> {
    let mut ordered = Vec::with_capacity(defs.len());
    for def in defs {
        let at = tables.iter().position(|data| data.table == def.name);
        let data = at
            .map(|at| tables.swap_remove(at))
            .ok_or_else(|| StoreError::Data {
                table: def.name.as_str().into(),
                why: text!("rows-none"),
            })?;
        data.check(def)?;
        ordered.push(data);
    }
    match tables.pop() {
        None => Ok(ordered),
        Some(data) => Err(StoreError::Data {
            table: data.table.into(),
            why: text!("not-a-table-or-twice"),
        }),
    }
}

/// Values as the tables write them: one missing value, one zero. So all copies of a job are equal.
pub(super) fn to_bytes(values: &[f64]) -> Vec<u8> {
    let plain = |value: &f64| {
        if value.is_finite() {
            *value + 0.0
        } else {
            f64::NAN
        }
    };
    values
        .iter()
        .flat_map(|value| plain(value).to_le_bytes())
        .collect()
}

/// The inverse of [`to_bytes`].
pub(super) fn from_bytes(bytes: &[u8]) -> Vec<f64> {
    let number = |chunk: &[u8]| f64::from_le_bytes(chunk.try_into().unwrap_or_default());
    bytes.chunks_exact(8).map(number).collect()
}
