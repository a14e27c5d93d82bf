//! What is kept of replicates, read back before the tables are made.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::error::StoreError;
use super::table::data::Column;
use super::table::{Format, csv, parquet};

use super::folder::Folder;
use super::folder::{Found, Payloads};
use super::job::Job;
use crate::texts::{Text, text};

/// What is kept of a run or a comparison.
#[derive(Debug)]
pub struct Kept<'f> {
    folder: &'f Folder,
    payloads: Mutex<Payloads<'f>>,
}

impl Folder {
    /// What is kept of what was found.
    pub fn kept<'f>(&'f self, found: &'f Found) -> Kept<'f> {
        Kept::new(self, Payloads::new(self, found))
    }
}

impl<'f> Kept<'f> {
    pub(super) fn new(folder: &'f Folder, payloads: Payloads<'f>) -> Self {
        Self {
            folder,
            payloads: Mutex::new(payloads),
        }
    }

    fn payloads(&self) -> MutexGuard<'_, Payloads<'f>> {
        // A thread that panicked while it had them left them sound.
        self.payloads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replicates that are done in all layouts, in order.
    pub fn replicates(&self) -> Vec<u32> {
        self.payloads().found().replicates(self.folder.jobs())
    }

    /// The values of columns of a table in a replicate that is done in all layouts: the rows of all
    /// layouts, one after the other.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] for a table or column that is not there, [`StoreError::Damaged`] and
    /// [`StoreError::Io`].
    pub fn columns(
        &self,
        replicate: u32,
        table: &str,
        columns: &[&str],
    ) -> Result<Vec<Column>, StoreError> {
        let unknown = |what: Text| StoreError::Unknown {
            dir: self.folder.dir().to_path_buf(),
            what,
            known: text!("what-columns-tell"),
        };
        let tables = self.folder.tables();
        let at = tables.iter().position(|def| def.name == table);
        let at = at.ok_or_else(|| unknown(text!("table-named", table)))?;
        let def = &tables[at];
        let find = |name: &&str| {
            let at = def.columns.iter().position(|column| column.name == *name);
            at.ok_or_else(|| unknown(text!("column-named", table, name)))
        };
        let wanted: Vec<usize> = columns.iter().map(find).collect::<Result<_, _>>()?;
        let jobs = self.folder.jobs();
        let mut all: Vec<Vec<Column>> = vec![Vec::new(); wanted.len()];
        for layout in 0..jobs.layouts().len() {
            let job = Job {
                point: 0,
                layout: layout as u16,
                replicate,
            };
            let (_, bytes) = self.payloads().part(jobs.at(job), at)?;
            let read = match self.folder.manifest().format {
                Format::Parquet => parquet::read(def, &wanted, Bytes::from(bytes)),
                Format::Csv => csv::read_rows(def, &wanted, &bytes[..]),
            };
            let read = read.map_err(|why| StoreError::Data {
                table: table.into(),
                why,
            })?;
            for (all, column) in all.iter_mut().zip(read) {
                all.push(column);
            }
        }
        Ok(all.into_iter().map(Column::join).collect())
    }
}
