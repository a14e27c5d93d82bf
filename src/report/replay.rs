//! The report of a replay.

use std::path::Path;

use crate::shell::quote;
use crate::store::{Manifest, at_hand};
use crate::texts::{Lang, say};

use super::contents::{Layouts, ReportError, base};
use super::differences;
use super::figures::Names;
use super::figures::inference::{ReplayData, replay_figures};
use super::page::Report;
use super::replayed::{Replayed, rests, whole};

/// Gathers it.
///
/// # Errors
/// Tables that are damaged or not complete.
pub fn report(
    dir: &Path,
    manifest: &Manifest,
    layouts: Layouts<'_>,
    lang: Lang,
) -> Result<Report, ReportError> {
    let (_, missing) = at_hand(dir)?;
    let loaded = layouts.unwrap_or(&[]);
    let names = Names::new(lang, loaded.iter().map(|(_, loaded)| loaded)).with_titles(manifest);
    let replayed = Replayed::read(dir, manifest)?;
    let data = ReplayData::read(dir)?;
    let of = (replayed.factual.as_str(), &replayed.layouts[..]);
    let differences = differences::from_one(loaded, of, &names);
    let mut answer: Vec<String> = replayed
        .layouts
        .iter()
        .filter_map(|layout| whole(&replayed, layout, lang))
        .collect();
    answer.extend(rests(&replayed, lang));
    let folder = quote(&dir.to_string_lossy());
    answer.push(say!(lang, "replay-explained", folder));
    let shown: Vec<&str> = replayed.layouts.iter().map(|l| names.layout(l)).collect();
    let mut report = Report {
        kind: say!(lang, "replay-kind").to_owned(),
        question: say!(
            lang,
            "replay-question",
            layouts = shown.join(say!(lang, "list-semicolon"))
        ),
        differences,
        figures: replay_figures(&replayed, &data, &names),
        limits: say!(lang, "replay-limits").to_owned(),
        answer,
        plan: String::new(),
        ..base(dir, manifest, loaded, &names)
    };
    if let Err(why) = layouts {
        let what = say!(lang, "fact-scenario");
        report.facts.push((what.to_owned(), why.told(lang)));
    }
    report.lacks(missing);
    Ok(report)
}
