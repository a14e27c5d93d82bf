//! Parts: finished runs of one worker as a Parquet file whose name holds its checksum. One row per run,
//! one column per value.

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::super::atomic::{HashingWriter, sha256, stage};
use super::super::batch::{Column, TableData};
use super::super::column::{ColumnDef, Kind, TableDef};
use super::super::error::StoreError;
use super::super::parquet_table;
use super::worker::Record;
use super::{Index, SweepManifest};

/// Characters of the checksum in a part's name.
const HASH: usize = 16;
const KEYS: [&str; 5] = ["point", "layout", "replicate", "seconds", "error"];

/// The table of a part. Its description names the sweep, so that a part of another one is known.
fn definition(manifest: &SweepManifest) -> TableDef {
    let kinds = [Kind::Text, Kind::Text, Kind::Int, Kind::Float, Kind::Text];
    let mut columns: Vec<ColumnDef> = KEYS
        .iter()
        .zip(kinds)
        .map(|(name, kind)| ColumnDef::new(*name, kind, "", ""))
        .collect();
    let value = |at: usize| ColumnDef::new(format!("value_{at}"), Kind::Float, "", "");
    columns.extend((0..manifest.values()).map(value));
    TableDef::new("part", format!("sweep {}", manifest.fingerprint), columns)
}

/// Writes records as a part; its name begins with `name`.
pub(super) fn write(
    folder: &Path,
    name: &str,
    index: &Index,
    manifest: &SweepManifest,
    records: &[Record],
) -> Result<PathBuf, StoreError> {
    let def = definition(manifest);
    let names = || records.iter().map(|record| index.names(record.key));
    let mut columns = vec![
        Column::text(names().map(|(point, _)| Some(point))),
        Column::text(names().map(|(_, layout)| Some(layout))),
        Column::Int(
            records
                .iter()
                .map(|r| Some(i64::from(r.key.replicate)))
                .collect(),
        ),
        Column::Float(records.iter().map(|r| r.seconds).collect()),
        Column::text(
            records
                .iter()
                .map(|r| r.result.as_ref().err().map(String::as_str)),
        ),
    ];
    for at in 0..manifest.values() {
        let value = |r: &Record| r.result.as_ref().map_or(f64::NAN, |values| values[at]);
        columns.push(Column::Float(records.iter().map(value).collect()));
    }
    let data = TableData::new("part", columns);
    let (staged, hash) = stage(&folder.join(format!("{name}.parquet")), |w| {
        let mut out = HashingWriter::new(w);
        parquet_table::write(&def, &data, &mut out)?;
        Ok(out.finish().1)
    })?;
    let path = folder.join(format!("{name}-{}.parquet", &hash[..HASH]));
    staged.publish_as(&path)?;
    Ok(path)
}

/// A finished run as a file of a worker has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finished<'a> {
    pub(super) point: &'a str,
    pub(super) layout: &'a str,
    pub(super) replicate: u32,
    pub(super) seconds: f64,
    /// Its values, or why it failed.
    pub(super) result: Result<&'a [f64], &'a str>,
}

/// What is read of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// What names the runs, how long they took and why they failed; no values.
    Keys,
    /// All.
    All,
}

/// What is in a part, read once and held against the checksum in its name, whatever a copy has added to
/// the name; gives whether it is one of this sweep. Nothing is decoded of a part that is not as it was
/// written: the decoder does not survive everything.
pub(super) fn read(
    path: &Path,
    manifest: &SweepManifest,
    columns: Columns,
    each: &mut dyn FnMut(Finished<'_>),
) -> Result<bool, StoreError> {
    let torn = |why: &str| StoreError::damaged(path, why);
    let bytes = fs::read(path).map_err(|e| StoreError::io("read", path, e))?;
    let name = path.file_name().and_then(|name| name.to_str());
    if !name.is_some_and(|name| name.contains(&sha256(&bytes)[..HASH])) {
        return Err(torn(
            "its checksum is not in its name: it was changed or renamed",
        ));
    }
    let bytes = Bytes::from(bytes);
    let def = definition(manifest);
    let what = parquet_table::description(&bytes).map_err(|why| torn(&why))?;
    if what.as_deref() != Some(&def.what) {
        return Ok(false);
    }
    let width = match columns {
        Columns::Keys => 0,
        Columns::All => manifest.values(),
    };
    let wanted: Vec<usize> = (0..KEYS.len() + width).collect();
    let columns = parquet_table::read(&def, &wanted, bytes).map_err(|why| torn(&why))?;
    each_row(&columns, width, each);
    Ok(true)
}

/// Gives the rows of a part with as many values.
fn each_row(columns: &[Column], width: usize, each: &mut dyn FnMut(Finished<'_>)) {
    let (Column::Int(replicates), Column::Float(seconds)) = (&columns[2], &columns[3]) else {
        return;
    };
    let mut values = vec![0.0; width];
    for row in 0..replicates.len() {
        for (value, column) in values.iter_mut().zip(&columns[KEYS.len()..]) {
            if let Column::Float(column) = column {
                *value = column[row];
            }
        }
        let replicate = replicates[row].and_then(|r| u32::try_from(r).ok());
        let text = |at: usize| columns[at].text_at(row);
        if let (Some(point), Some(layout), Some(replicate)) = (text(0), text(1), replicate) {
            each(Finished {
                point,
                layout,
                replicate,
                seconds: seconds[row],
                result: text(4).map_or(Ok(&values), Err),
            });
        }
    }
}
