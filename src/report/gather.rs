//! The report of whatever a folder holds.

use std::path::Path;

use crate::experiment::origin;
use crate::store::{About, Manifest, ResultKind};

use super::contents::{ReportError, report, sweep_report};
use super::lang::Lang;
use super::page::Report;
use super::plain::plain_report;
use super::replay;

/// Gathers the report of what is in a folder.
///
/// # Errors
/// What keeps it from being made.
pub fn gather(dir: &Path, scenario: Option<&Path>, lang: Lang) -> Result<Report, ReportError> {
    if let Some(about) = About::read(dir) {
        return Ok(plain_report(dir, &about, lang));
    }
    let manifest = Manifest::load(dir)?;
    if manifest.kind == ResultKind::Sweep {
        return sweep_report(dir, lang);
    }
    let found = origin::find(dir, &manifest, scenario);
    let layouts = found.as_deref();
    match manifest.kind {
        ResultKind::Replay => replay::report(dir, &manifest, layouts, lang),
        _ => report(dir, &manifest, layouts, lang),
    }
}
