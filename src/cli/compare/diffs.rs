//! What differs between the layouts, in a few lines each, before they are run.

use std::path::Path;

use crate::scenario::{BASE, Diff, How, diff};

use super::super::session::quote;
use super::super::wrapped;
use super::Plan;

/// Most lines of one layout.
const LINES: usize = 8;

/// The words.
pub fn words(plan: &Plan, scenario: &Path) -> String {
    let comparison = &plan.comparison;
    let base = comparison.baseline();
    let mut text = String::new();
    for &at in &comparison.layouts {
        let side = &comparison.sides[at];
        text.push_str(&format!("{} against {}\n", side.name, base.name));
        let found = lines(&diff(&base.loaded, &side.loaded));
        if found.is_empty() {
            text.push_str("  nothing differs\n");
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
            text.push_str(&format!(
                "  and {} more: pointplane diff {} {} --scenario {}\n",
                found.len() - LINES,
                word(&base.name),
                word(&side.name),
                quote(&scenario.to_string_lossy())
            ));
        }
    }
    text.trim_end().to_owned()
}

fn lines(diff: &Diff) -> Vec<String> {
    let mut lines = Vec::new();
    for table in &diff.tables {
        // A table's name is in the plural.
        let one = table.table.strip_suffix('s').unwrap_or(&table.table);
        for row in &table.rows {
            lines.push(match row.how {
                How::Added => format!("+ {one} {}", row.id),
                How::Removed => format!("- {one} {}", row.id),
                How::Changed => {
                    let columns: Vec<String> =
                        row.columns.iter().map(ToString::to_string).collect();
                    format!("~ {one} {}: {}", row.id, columns.join("; "))
                }
            });
        }
        let listed = table.rows.len() as u64;
        let more = table.added + table.removed + table.changed - listed;
        if more > 0 {
            lines.push(format!("~ {more} more {}", table.table));
        }
    }
    // That layouts have other names is said above.
    let keys = diff.keys.iter().filter(|change| change.key != "layout");
    lines.extend(keys.map(|change| format!("~ {change}")));
    lines
}
