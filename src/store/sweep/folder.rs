//! The folder of a sweep: how it is begun, joined and extended.

use std::fs;
use std::path::Path;

use super::super::StoreError;
use super::super::atomic::{atomic_write, is_temp, sha256};
use super::super::batch::TableData;
use super::super::column::check_tables;
use super::super::csv_table;
use super::super::folder::names;
use super::index::PointRow;
use super::manifest::{SWEEP, SweepManifest};
use super::points::points_table;

pub(super) const LOGS: &str = "logs";
pub(super) const PARTS: &str = "parts";
const PLAN: &str = "plan.toml";
const POINTS: &str = "points.csv";

/// What was found in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// Nothing: the sweep begins.
    New,
    /// This sweep.
    Same,
    /// This sweep with other points or replicates, which are now those of the plan.
    Extended,
}

/// Makes the folder of a sweep ready for work: writes what is swept, or checks that it is what is there.
/// The numbers and checksums of `manifest` are filled in. Any number of workers may do this at a time.
///
/// # Errors
/// [`StoreError::NotEmpty`], [`StoreError::SweepDiffers`], [`StoreError::ExistingSweep`] without
/// `resume`, [`StoreError::Names`], and those of writing.
pub fn prepare(
    dir: &Path,
    manifest: &mut SweepManifest,
    plan: &str,
    points: &TableData,
    resume: bool,
) -> Result<Prepared, StoreError> {
    let def = points_table(manifest);
    check_tables(std::slice::from_ref(&def))?;
    points.check(&def)?;
    let mut text = Vec::new();
    csv_table::write_header(&def, &mut text)
        .and_then(|()| csv_table::write_rows(points, &mut text))
        .map_err(|e| StoreError::io("write", Path::new(POINTS), e))?;
    manifest.points_sha256 = sha256(&text);
    let found = match SweepManifest::load(dir) {
        Ok(there) => {
            let differences = there.differences(manifest);
            if !differences.is_empty() {
                return Err(StoreError::SweepDiffers {
                    dir: dir.to_path_buf(),
                    differences,
                });
            }
            // A worker may name the same plan from another folder: the first to name it is kept.
            if !there.plan.is_empty() {
                manifest.plan.clone_from(&there.plan);
            }
            let unnamed = SweepManifest {
                plan: manifest.plan.clone(),
                ..there
            };
            if unnamed == *manifest {
                Prepared::Same
            } else {
                Prepared::Extended
            }
        }
        Err(StoreError::NotASweep { .. }) => {
            only_ours(dir)?;
            Prepared::New
        }
        Err(error) => return Err(error),
    };
    if found != Prepared::New && !resume && has_runs(dir)? {
        return Err(StoreError::ExistingSweep {
            dir: dir.to_path_buf(),
        });
    }
    for folder in [dir.to_path_buf(), dir.join(LOGS), dir.join(PARTS)] {
        fs::create_dir_all(&folder).map_err(|e| StoreError::io("make folder", &folder, e))?;
    }
    let intact = || fs::read(dir.join(POINTS)).is_ok_and(|there| there == text);
    if found != Prepared::Same || !intact() {
        atomic_write(&dir.join(PLAN), |w| w.write_all(plan.as_bytes()))?;
        atomic_write(&dir.join(POINTS), |w| w.write_all(&text))?;
        manifest.save(dir)?;
    }
    Ok(found)
}

/// Whether any worker was here.
fn has_runs(dir: &Path) -> Result<bool, StoreError> {
    Ok(!names(&dir.join(LOGS))?.is_empty() || !names(&dir.join(PARTS))?.is_empty())
}

/// Another worker may be preparing the same folder, or have been killed while it did.
fn only_ours(dir: &Path) -> Result<(), StoreError> {
    let ours = |name: &str| {
        [SWEEP, PLAN, POINTS, LOGS, PARTS].contains(&name) || is_temp(name) || name.starts_with('.')
            // Scripts and what schedulers write beside them.
            || [".sbatch", ".sh", ".pbs", ".sge"].iter().any(|end| name.ends_with(end))
    };
    match names(dir)?.into_iter().find(|name| !ours(name)) {
        Some(found) => Err(StoreError::NotEmpty {
            dir: dir.to_path_buf(),
            found,
        }),
        None => Ok(()),
    }
}

/// Reads the distinct points in the order of the design, and the whole table.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Io`].
pub fn read_points(
    dir: &Path,
    manifest: &SweepManifest,
) -> Result<(Vec<PointRow>, TableData), StoreError> {
    let path = dir.join(POINTS);
    let torn = |why: &str| StoreError::damaged(&path, why);
    let bytes = fs::read(&path).map_err(|e| StoreError::io("read", &path, e))?;
    if sha256(&bytes) != manifest.points_sha256 {
        return Err(torn("its checksum is not the one in sweep.json"));
    }
    let def = points_table(manifest);
    let wanted: Vec<usize> = (0..def.columns.len()).collect();
    let columns = csv_table::read(&def, &wanted, bytes.as_slice()).map_err(|why| torn(&why))?;
    let (ids, settings) = (&columns[1], &columns[columns.len() - 1]);
    let mut seen = std::collections::BTreeSet::new();
    let mut points = Vec::new();
    for row in 0..ids.len() {
        let id = ids.text_at(row).ok_or_else(|| torn("a point has no id"))?;
        if seen.insert(id.to_owned()) {
            let settings = settings.text_at(row).unwrap_or_default();
            points.push(PointRow {
                id: id.to_owned(),
                settings: settings.split_whitespace().map(str::to_owned).collect(),
            });
        }
    }
    Ok((points, TableData::new("points", columns)))
}

impl PointRow {
    /// The point that these settings make.
    pub fn new(settings: Vec<String>) -> Self {
        let id = sha256(settings.join("\n").as_bytes())[..16].to_owned();
        Self { id, settings }
    }
}
