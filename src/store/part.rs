//! Parts: all tables of one finished replicate in one file that verifies itself.
//!
//! ```text
//! rows of table 1 | rows of table 2 | … | index (JSON) | SHA-256 of the index | its length | magic
//! ```
//!
//! The index holds length, rows and SHA-256 of each table's rows, and the key of the run, so that a
//! torn part, or one of another run, is never taken for a finished replicate.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use parquet::file::reader::ChunkReader;
use serde::{Deserialize, Serialize};

use super::atomic::{HashingWriter, sha256, stage};
use super::batch::TableData;
use super::column::TableDef;
use super::error::StoreError;
use super::manifest::Format;
use super::{csv_table, parquet_table};

const MAGIC: &[u8; 8] = b"PPPART01";
/// Hash in hexadecimal, length of the index, magic.
const TRAILER: u64 = 64 + 8 + 8;

/// File name of a replicate's part.
pub(super) fn file_name(replicate: u32) -> String {
    format!("r{replicate:07}.part")
}

/// The replicate that a part of this name holds.
pub(super) fn replicate_of(name: &str) -> Option<u32> {
    let replicate = name
        .strip_prefix('r')?
        .strip_suffix(".part")?
        .parse()
        .ok()?;
    (file_name(replicate) == name).then_some(replicate)
}

#[derive(Serialize, Deserialize)]
struct Index {
    run: String,
    replicate: u32,
    tables: Vec<Segment>,
}

#[derive(Serialize, Deserialize)]
struct Segment {
    table: String,
    rows: u64,
    bytes: u64,
    sha256: String,
}

/// Writes a part; `data` is in the order of `defs` and fits them.
pub(super) fn write(
    path: &Path,
    run: &str,
    replicate: u32,
    format: Format,
    defs: &[TableDef],
    data: Vec<TableData>,
) -> Result<(), StoreError> {
    let (staged, ()) = stage(path, |w| {
        let mut tables = Vec::with_capacity(defs.len());
        for (def, data) in defs.iter().zip(data) {
            let mut out = HashingWriter::new(&mut *w);
            match format {
                Format::Parquet => parquet_table::write(def, &data, &mut out)?,
                Format::Csv => csv_table::write_rows(&data, &mut out)?,
            }
            let (bytes, sha256) = out.finish();
            tables.push(Segment {
                table: def.name.clone(),
                rows: data.rows() as u64,
                bytes,
                sha256,
            });
        }
        let run = run.to_owned();
        let index = Index {
            run,
            replicate,
            tables,
        };
        let index = serde_json::to_vec(&index).map_err(io::Error::from)?;
        w.write_all(&index)?;
        w.write_all(sha256(&index).as_bytes())?;
        w.write_all(&(index.len() as u64).to_le_bytes())?;
        w.write_all(MAGIC)
    })?;
    // No sync of the folder: a name that a power failure takes away costs one replicate, no more.
    staged.publish()
}

/// An opened part whose index is sound.
pub(super) struct Part<'a> {
    path: &'a Path,
    file: File,
    index: Index,
}

impl<'a> Part<'a> {
    /// Opens the part of a replicate and checks its index.
    pub(super) fn open(path: &'a Path, run: &str, replicate: u32) -> Result<Self, StoreError> {
        let read = |e| StoreError::io("read", path, e);
        let torn = |why: &str| StoreError::damaged(path, why);
        let mut file = File::open(path).map_err(read)?;
        let size = file.metadata().map_err(read)?.len();
        let body = size.checked_sub(TRAILER).ok_or_else(|| torn("too short"))?;
        let mut trailer = [0; TRAILER as usize];
        file.seek(SeekFrom::Start(body)).map_err(read)?;
        file.read_exact(&mut trailer).map_err(read)?;
        let (hash, rest) = trailer.split_at(64);
        let (length, magic) = rest.split_at(8);
        if magic != MAGIC {
            return Err(torn("its end is missing"));
        }
        let length = length.try_into().map_or(u64::MAX, u64::from_le_bytes);
        let rows_end = body
            .checked_sub(length)
            .ok_or_else(|| torn("its index is longer than the file"))?;
        file.seek(SeekFrom::Start(rows_end)).map_err(read)?;
        let mut bytes = Vec::new();
        (&file).take(length).read_to_end(&mut bytes).map_err(read)?;
        if sha256(&bytes).as_bytes() != hash {
            return Err(torn("its index has another checksum"));
        }
        let index: Index =
            serde_json::from_slice(&bytes).map_err(|e| StoreError::damaged(path, e))?;
        if index.run != run || index.replicate != replicate {
            return Err(torn("it belongs to another run or replicate"));
        }
        let sum = index
            .tables
            .iter()
            .try_fold(0u64, |sum, s| sum.checked_add(s.bytes));
        if sum != Some(rows_end) {
            return Err(torn("its length is not the one in its index"));
        }
        Ok(Self { path, file, index })
    }

    /// Checks all rows too.
    pub(super) fn verify(&self, defs: &[TableDef]) -> Result<(), StoreError> {
        let names = self.index.tables.iter().map(|segment| &segment.table);
        if !names.eq(defs.iter().map(|def| &def.name)) {
            return Err(StoreError::damaged(self.path, "it holds other tables"));
        }
        (0..defs.len()).try_for_each(|at| self.rows_of(at).map(|_| ()))
    }

    /// The encoded rows of the table at a position, checked, and their number.
    pub(super) fn rows_of(
        &self,
        at: usize,
    ) -> Result<(impl ChunkReader + AsRef<[u8]> + Clone + use<>, u64), StoreError> {
        let torn = |why: &str| StoreError::damaged(self.path, why);
        let segment = self
            .index
            .tables
            .get(at)
            .ok_or_else(|| torn("it holds other tables"))?;
        let start = self.index.tables.iter().take(at).map(|s| s.bytes).sum();
        let length =
            usize::try_from(segment.bytes).map_err(|_| torn("too large for this machine"))?;
        let bytes = self
            .file
            .get_bytes(start, length)
            .map_err(|e| StoreError::damaged(self.path, e))?;
        if sha256(&bytes) != segment.sha256 {
            let table = &segment.table;
            return Err(torn(&format!("the rows of {table} have another checksum")));
        }
        Ok((bytes, segment.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_read_back() {
        assert_eq!(file_name(12), "r0000012.part");
        for replicate in [0, 12, 9_999_999, 10_000_000, u32::MAX] {
            assert_eq!(replicate_of(&file_name(replicate)), Some(replicate));
        }
        for foreign in [
            "r12.part",
            "r+000012.part",
            "r0000012.par",
            "notes.part",
            "r4294967296.part",
        ] {
            assert_eq!(replicate_of(foreign), None, "{foreign}");
        }
    }
}
