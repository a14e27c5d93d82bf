//! What differs between the layouts, in a few lines each, before they are run.

use std::path::Path;

use crate::experiment::compare::{Comparison, Side};
use crate::report::lang::titled;
use crate::scenario::diff_words::{link, noun};
use crate::scenario::{BASE, Change, Diff, How, diff};
use crate::shell::quote;
use crate::texts::{Lang, say};

use super::super::wrapped;
/// Most lines of one layout.
const LINES: usize = 8;

/// The words.
pub fn words(comparison: &Comparison, scenario: &Path, lang: Lang) -> String {
    let base = comparison.baseline();
    let mut text = String::new();
    for &at in &comparison.layouts {
        let side = &comparison.sides[at];
        let named = |side: &Side| titled(lang, &side.name, &side.loaded.scenario.layout_titles());
        let (layout, base_layout) = (named(side), named(base));
        let against = say!(lang, "compared-against", layout, base = base_layout);
        text.push_str(&wrapped(&against, "", 78));
        let found = lines(&diff(&base.loaded, &side.loaded), lang);
        if found.is_empty() {
            text.push_str(&format!("  {}\n", say!(lang, "differs-nothing")));
        }
        for line in found.iter().take(LINES) {
            text.push_str(&wrapped(line, "  ", 78));
        }
        if found.len() > LINES {
            let word = |name: &str| {
                if name == BASE {
                    "-".to_owned()
                } else {
                    quote(name)
                }
            };
            let command = format!(
                "pointplane diff {} {} --scenario {}",
                word(&base.name),
                word(&side.name),
                quote(&scenario.to_string_lossy())
            );
            let more = found.len() - LINES;
            let words = say!(lang, "compared-differs-more", more, command);
            text.push_str(&format!("  {words}\n"));
        }
    }
    text.trim_end().to_owned()
}

fn lines(found: &Diff, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let changed = |one: &Change| one.text().told(lang);
    for table in &found.tables {
        let what = noun(&table.table, 1).told(lang);
        for row in &table.rows {
            let id = link(&row.id, lang);
            lines.push(match row.how {
                How::Added => format!("+ {what} {id}"),
                How::Removed => format!("- {what} {id}"),
                How::Changed => {
                    let changes: Vec<String> = row.columns.iter().map(changed).collect();
                    let changes = changes.join(say!(lang, "list-semicolon"));
                    format!("~ {what} {id}{}{changes}", say!(lang, "colon"))
                }
            });
        }
        let listed = table.rows.len() as u64;
        let more = table.added + table.removed + table.changed - listed;
        if more > 0 {
            let what = noun(&table.table, more);
            lines.push(format!(
                "~ {}",
                say!(lang, "compared-rows-more", more, what)
            ));
        }
    }
    // That layouts have other names is said above.
    let keys = found.keys.iter().filter(|change| change.key != "layout");
    lines.extend(keys.map(|one| format!("~ {}", changed(one))));
    lines
}
