//! The report of tables that are no results of jobs: of an estimation, a calibration and a search.

use std::path::Path;

use crate::shell::quote;
use crate::store::{About, Plain, sha256};
use crate::texts::say;

use super::figures::inference::{calibration_figures, estimation_figures};
use super::figures::search_figures;
use super::lang::Lang;
use super::page::Report;
use super::table::Sheet;

/// Gathers the report of what such a folder holds.
pub fn plain_report(dir: &Path, about: &About, lang: Lang) -> Report {
    let (kind, subject, question, limits, figures) = match about.kind {
        Plain::Estimation => (
            say!(lang, "estimation-kind"),
            say!(lang, "estimation-subject"),
            say!(lang, "estimation-question"),
            say!(lang, "estimation-limits"),
            estimation_figures(dir, about, lang),
        ),
        Plain::Calibration => (
            say!(lang, "calibration-kind"),
            say!(lang, "calibration-subject"),
            say!(lang, "calibration-question"),
            say!(lang, "calibration-limits"),
            calibration_figures(dir, lang),
        ),
        Plain::Search => (
            say!(lang, "search-kind"),
            say!(lang, "search-subject"),
            say!(lang, "search-question"),
            say!(lang, "search-limits"),
            search_figures(dir, lang),
        ),
    };
    let title = lang.name(&about.name, &about.titles[0], &about.titles[1]);
    let folder = quote(&dir.to_string_lossy());
    let facts = [
        (say!(lang, "fact-version"), &about.version),
        (say!(lang, "fact-commit"), &about.commit),
        (say!(lang, "fact-name"), &about.name),
    ];
    let facts = facts.map(|(what, value)| (what.to_owned(), value.clone()));
    let inputs = about.inputs.iter();
    let inputs = inputs.map(|input| (input.path.clone(), input.sha256.clone()));
    Report {
        lang,
        kind: kind.to_owned(),
        title: format!("{title}{}{subject}", say!(lang, "colon")),
        question: question.to_owned(),
        answer: words(dir, lang),
        limits: limits.to_owned(),
        figures,
        command: format!("{} --out {folder}", about.command),
        facts: facts.into(),
        sums: tables(dir).into_iter().chain(inputs).collect(),
        ..Report::default()
    }
}

/// What the command said in words: the paragraphs of its summary, but for the title.
fn words(dir: &Path, lang: Lang) -> Vec<String> {
    let file = match lang {
        Lang::En => "summary.md",
        Lang::Zh => "summary.zh.md",
    };
    let text = std::fs::read_to_string(dir.join(file)).unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.trim_start_matches("- ").trim());
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines.map(str::to_owned).collect()
}

/// Checksums of the tables that `columns.csv` names.
fn tables(dir: &Path) -> Vec<(String, String)> {
    let columns = Sheet::read(dir, "columns");
    let mut names: Vec<&str> = (0..columns.len())
        .map(|row| columns.text(row, "table"))
        .collect();
    names.dedup();
    let sum = |name: &&str| {
        let file = format!("{name}.csv");
        let bytes = std::fs::read(dir.join(&file)).ok()?;
        Some((file, sha256(&bytes)))
    };
    names.iter().filter_map(sum).collect()
}
