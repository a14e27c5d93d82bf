//! What estimations and calibrations write beside their tables: what they say in words, in both languages, and how they
//! were made.

use std::path::Path;

use crate::store::{About, StoreError, atomic_write};
use crate::texts::Lang;

/// The files with the words.
const SUMMARIES: [(Lang, &str); 2] = [(Lang::En, "summary.md"), (Lang::Zh, "summary.zh.md")];

/// Writes them.
///
/// # Errors
/// Those of writing.
pub fn write_beside(
    dir: &Path,
    about: &About,
    words: impl Fn(Lang) -> Vec<String>,
) -> Result<(), StoreError> {
    about.write(dir)?;
    for (lang, file) in SUMMARIES {
        let title = lang.name(&about.name, &about.titles[0], &about.titles[1]);
        let mut text = format!("# {title}\n\n");
        for line in words(lang) {
            text.push_str(&line);
            // A paragraph each, but for the lines of a list.
            text.push_str(if line.starts_with("- ") { "\n" } else { "\n\n" });
        }
        atomic_write(&dir.join(file), |file| file.write_all(text.as_bytes()))?;
    }
    Ok(())
}
