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
    let (kind, subject, question, limits, (figures, findings)) = match about.kind {
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
    let joint = match title.ends_with(['?', '？']) {
        true => " ",
        false => say!(lang, "colon"),
    };
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
        title: format!("{title}{joint}{subject}"),
        question: question.to_owned(),
        answer: words(dir, about.kind, lang),
        limits: limits.to_owned(),
        figures,
        findings,
        command: format!("{} --out {folder}", about.command),
        facts: facts.into(),
        sums: tables(dir).into_iter().chain(inputs).collect(),
        ..Report::default()
    }
}

/// What the command said in words: the paragraphs of its summary, but for the title. Of a calibration and a search first what
/// was found and then how; what figures show is not listed.
fn words(dir: &Path, kind: Plain, lang: Lang) -> Vec<String> {
    let file = match lang {
        Lang::En => "summary.md",
        Lang::Zh => "summary.zh.md",
    };
    let text = std::fs::read_to_string(dir.join(file)).unwrap_or_default();
    match kind {
        Plain::Estimation => {
            let lines = text
                .lines()
                .map(|line| line.trim_start_matches("- ").trim());
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
            lines.map(str::to_owned).collect()
        }
        Plain::Calibration | Plain::Search => {
            let mut parts = paragraphs(&text);
            let how = parts.remove(0);
            let found = parts.concat();
            match found.is_empty() {
                true => how,
                false => {
                    let how = how.join(say!(lang, "sentence-space"));
                    found.into_iter().chain([how]).collect()
                }
            }
        }
    }
}

/// The paragraphs of each part of a text, but for its title, lists and what stands above them; parts are set apart by several
/// empty lines. There is one at least.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new()];
    let mut empty = 0;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for (n, line) in lines.iter().enumerate() {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if empty > 1 {
            parts.push(Vec::new());
        }
        empty = 0;
        let next = lines[n + 1..].iter().find(|next| !next.is_empty());
        let listed = |line: &str| line.starts_with("- ");
        let head = line.starts_with("# ") || next.is_some_and(|next| listed(next));
        if let Some(part) = parts.last_mut()
            && !listed(line)
            && !head
        {
            part.push((*line).to_owned());
        }
    }
    parts
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_their_heads_are_left_to_figures() {
        let text = "# Title\n\nhead\n\nwave\n\n\n\nTargets\n\n- a\n- b\n\nnone missed\n\n\n\nParameters\n\n- c\n\nlittle\n";
        let parts = paragraphs(text);
        let parts: Vec<String> = parts.iter().map(|part| part.join("|")).collect();
        assert_eq!(parts, ["head|wave", "none missed", "little"]);
        assert_eq!(paragraphs(""), [Vec::<String>::new()]);
    }
}
