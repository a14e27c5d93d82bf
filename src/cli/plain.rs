//! What estimations and calibrations write beside their tables: what they say in words, in both languages, and how they
//! were made.

use std::path::Path;

use crate::store::{About, StoreError, TableData, TableDef, atomic_write};
use crate::texts::Lang;

/// The files with the words.
const SUMMARIES: [(Lang, &str); 2] = [(Lang::En, "summary.md"), (Lang::Zh, "summary.zh.md")];

/// Writes them, beside tables and files that are written.
///
/// # Errors
/// Those of reading and writing.
pub fn write_beside(
    dir: &Path,
    about: About,
    tables: &[(TableDef, TableData)],
    mut files: Vec<String>,
    words: impl Fn(Lang) -> Vec<String>,
) -> Result<(), StoreError> {
    for (lang, file) in SUMMARIES {
        let title = lang.name(&about.name, &about.titles[0], &about.titles[1]);
        let mut text = format!("# {title}\n\n");
        let mut listed = false;
        for line in words(lang) {
            // A paragraph each, but for the lines of a list.
            let item = line.starts_with("- ");
            if listed && !item {
                text.push('\n');
            }
            listed = item;
            text.push_str(&line);
            text.push_str(if item { "\n" } else { "\n\n" });
        }
        atomic_write(&dir.join(file), |file| file.write_all(text.as_bytes()))?;
        files.push(file.to_owned());
    }
    about.write(dir, tables, &files)
}
