//! Names of logs: who wrote them, and which share of the jobs they hold.

use std::path::{Path, PathBuf};

use super::checksum::sha256;
use super::error::StoreError;
use super::files::Files;
use super::job::Shard;
use super::manifest::{Manifest, POINTS};

/// Name of the folder with the logs.
pub(super) const LOGS: &str = "logs";
/// Name of the file beside the logs that says that the results are complete.
pub(super) const COMPLETE: &str = "complete.log";
/// Seconds after which a worker says that it lives.
pub(super) const BEAT: i64 = 15;

/// The logs of workers, in order. Unfinished files are not among them.
pub(super) fn logs(files: &dyn Files, dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let folder = dir.join(LOGS);
    let names = files.names(&folder);
    let names = names.map_err(|e| StoreError::io("read", &folder, e))?;
    let log = |name: &String| name.ends_with(".log") && !name.starts_with('.') && name != COMPLETE;
    Ok(names
        .into_iter()
        .filter(log)
        .map(|name| folder.join(name))
        .collect())
}

/// Says by which points, in which order, the jobs are shared out to shards.
pub(super) fn order(manifest: &Manifest) -> String {
    let sweep = manifest.sweep.as_ref();
    let design = sweep.map_or("", |sweep| sweep.design.name());
    let points = manifest.sha256_of(POINTS).unwrap_or("");
    sha256(format!("{design} {points}").as_bytes())[..6].to_owned()
}

/// What the name of a worker begins with: its shard, and in which order jobs were shared out.
pub(super) fn share_name(shard: Shard, manifest: &Manifest) -> String {
    format!("s{}of{}-{}", shard.number, shard.of, order(manifest))
}

/// The share in the name of a log. One that somebody has renamed has none.
pub(super) fn share_of(name: &str) -> Option<(Shard, &str)> {
    let (number, rest) = name.strip_prefix('s')?.split_once("of")?;
    let (of, rest) = rest.split_once('-')?;
    let shard = Shard {
        number: number.parse().ok()?,
        of: of.parse().ok()?,
    };
    Some((shard, rest.split('-').next()?))
}

/// Place and process number of the worker whose log has this name.
pub(super) fn maker(name: &str) -> Option<(&str, u32)> {
    let mut parts = name.strip_suffix(".log")?.split('-').skip(2);
    Some((parts.next()?, parts.next()?.parse().ok()?))
}
