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
use super::replayed::{Replayed, factual, rests, whole};

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
        .filter_map(|layout| whole(&replayed, layout, names.title(layout), lang))
        .collect();
    let (question, (figures, findings)) = match factual(&replayed, lang) {
        Some(repeats) => {
            answer.push(repeats);
            let question = say!(lang, "replay-question-factual").to_owned();
            (question, Default::default())
        }
        None => {
            answer.extend(rests(&replayed, lang));
            let folder = quote(&dir.to_string_lossy());
            answer.push(match replayed.draws {
                None => say!(lang, "replay-explained", folder),
                Some(_) => say!(lang, "replay-explained-draw", folder),
            });
            let layouts = names.quoted(&replayed.layouts);
            let question = say!(lang, "replay-question", layouts);
            (question, replay_figures(&replayed, &data, &names))
        }
    };
    let mut report = Report {
        kind: say!(lang, "replay-kind").to_owned(),
        question,
        differences,
        figures,
        findings,
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
