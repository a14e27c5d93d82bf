//! The results folder: what is asked of it, what is in it, and how far that is.

mod asked;
mod prepare;
mod replace;
mod scan;
mod status;
mod texts;
mod whole;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::StoreError;
use super::files::{Files, disk};
use super::job::{Jobs, PointRow};
use super::kind::{ResultKind, Status};
use super::manifest::{Manifest, POINTS};
use super::payload::Encoder;
use super::points::{self, DesignRow};
use super::table::TableData;
use super::table::column::TableDef;

use texts::read_points;

pub use asked::{Asked, ComparisonAsked, LayoutAsked, SweepAsked};
pub use prepare::{Prepared, Start};
pub use scan::Found;
pub(super) use scan::{Payloads, Seen, Verify};
pub use status::{ShardStatus, Standing, WorkerStatus};
pub(super) use texts::read_defs_of;
pub(super) use whole::problems as problems_of;
pub use whole::{at_hand, checksum, whole, whole_as_made};
pub(super) use whole::{damaged_texts, file_hash, problem, tables_are};
#[cfg(test)]
pub(super) use whole::{whole_as_made_in, whole_in};

/// Name of the file with the scenario as it was run.
const SCENARIO: &str = "scenario.resolved.toml";
/// Name of the folder with the resolved scenarios of the layouts.
const LAYOUTS: &str = "layouts";
const PLAN: &str = "plan.toml";

/// A results folder that is ready for work.
#[derive(Debug)]
pub struct Folder {
    files: Arc<dyn Files>,
    dir: PathBuf,
    /// What is asked; not how far it came.
    manifest: Manifest,
    jobs: Arc<Jobs>,
    tables: Vec<TableDef>,
    derived: Vec<TableDef>,
    points: Option<TableData>,
}

impl Folder {
    /// Opens what is in a folder.
    ///
    /// # Errors
    /// What [`Manifest::load`] tells; [`StoreError::Damaged`] when a text that is needed is not as it was
    /// written.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_in(disk(), dir)
    }

    /// The same with other files than those of this machine.
    #[doc(hidden)]
    pub fn open_in(files: Arc<dyn Files>, dir: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::load_from(&*files, dir)?.bare();
        let all = read_defs_of(&*files, dir, &manifest)?;
        let derived = |def: &TableDef| {
            let mut entries = manifest.tables.iter();
            entries.any(|entry| entry.name == def.name && entry.derived)
        };
        let (derived, tables) = all.into_iter().partition(derived);
        let (points, table) = match &manifest.sweep {
            None => (vec![PointRow::new(Vec::new())], None),
            Some(sweep) => {
                let (points, table) = read_points(&*files, dir, &manifest, sweep)?;
                (points, Some(table))
            }
        };
        let layouts = manifest.layouts.iter().map(|l| l.name.clone()).collect();
        let (first, replicates) = (manifest.first_replicate, manifest.replicates);
        let numbering = manifest.numbering();
        Ok(Self {
            files,
            dir: dir.to_path_buf(),
            jobs: Arc::new(Jobs::new(points, layouts, first, replicates).numbered(numbering)),
            manifest,
            tables,
            derived,
            points: table,
        })
    }

    /// What is in a folder, if it can share jobs with what is asked; none when it cannot, or when there is
    /// nothing. Nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Names`].
    pub fn like(dir: &Path, asked: Asked) -> Result<Option<Self>, StoreError> {
        let (wanted, _) = Self::of(disk(), dir, asked)?;
        let Ok(there) = Manifest::load_from(&*wanted.files, dir) else {
            return Ok(None);
        };
        if there.model != wanted.manifest.model || !there.differences(&wanted.manifest).is_empty() {
            return Ok(None);
        }
        let points = wanted.jobs.points().to_vec();
        let layouts = wanted.jobs.layouts().to_vec();
        let jobs = Jobs::new(points, layouts, there.first_replicate, there.replicates);
        Ok(Some(Self {
            jobs: Arc::new(jobs.numbered(there.numbering())),
            manifest: there.bare(),
            ..wanted
        }))
    }

    /// Number of the last replicate of which something is kept here, whether it is asked for or not.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells.
    pub fn last_kept(&self) -> Result<Option<u32>, StoreError> {
        Ok(self.look(None, Verify::Heads)?.last())
    }

    /// A worker begins: what is not complete says that it is being worked on. A sweep's tables stay what
    /// they are until they are made again.
    pub(in crate::store) fn say_running(&self) -> Result<(), StoreError> {
        if self.manifest.kind == ResultKind::Sweep {
            return Ok(());
        }
        let there = Manifest::load_from(&*self.files, &self.dir)?;
        let stands = [Status::Running, Status::Complete].contains(&there.status);
        if stands || there.bare() != self.manifest {
            return Ok(());
        }
        self.settle_as(&self.manifest)
    }

    /// Says in the manifest how far it is, after a worker has ended without completing it. A sweep says so
    /// when its tables are made.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells, and those of writing.
    pub fn settle(&self) -> Result<Manifest, StoreError> {
        let there = Manifest::load_from(&*self.files, &self.dir)?;
        if self.manifest.kind == ResultKind::Sweep || there.bare() != self.manifest {
            return Ok(there);
        }
        if let Some(whole) = self.complete()? {
            return Ok(whole);
        }
        let standing = self.standing()?;
        self.settle_as(&standing)?;
        Ok(standing)
    }

    /// How far it is while its tables are not made, as a manifest that is not written.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells.
    pub fn standing(&self) -> Result<Manifest, StoreError> {
        let mut standing = self.look(None, Verify::Heads)?.standing(self);
        if standing.status == Status::Complete {
            standing.status = Status::Partial;
        }
        Ok(standing)
    }

    /// Writes a manifest that does not say complete. Somebody may complete it at the same moment: then that
    /// is what is said in the end.
    fn settle_as(&self, standing: &Manifest) -> Result<(), StoreError> {
        standing.save(&self.files, &self.dir)?;
        self.complete().map(drop)
    }

    pub(in crate::store) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is asked. How far it came is in the folder's own manifest, see [`Manifest::load`].
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The jobs.
    pub fn jobs(&self) -> &Arc<Jobs> {
        &self.jobs
    }

    /// The tables whose rows are kept of each job, in order.
    pub fn tables(&self) -> &[TableDef] {
        &self.tables
    }

    /// Tables that are derived from the others.
    pub fn derived(&self) -> &[TableDef] {
        &self.derived
    }

    /// The table of points of a sweep.
    pub(in crate::store) fn points(&self) -> Option<&TableData> {
        self.points.as_ref()
    }

    /// The rows of the design of a sweep; none of anything else.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the table of points has rows of no design.
    pub fn design(&self) -> Result<Vec<DesignRow>, StoreError> {
        let (Some(sweep), Some(table)) = (&self.manifest.sweep, &self.points) else {
            return Ok(Vec::new());
        };
        let rows = points::rows(&sweep.parameters, table);
        rows.map_err(|why| StoreError::damaged(&self.dir.join(POINTS), why))
    }

    /// What encodes the tables of a job.
    pub fn encoder(&self) -> Encoder {
        Encoder::new(self.tables.clone(), self.manifest.format)
    }
}
