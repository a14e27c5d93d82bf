//! What an index or a response curve is about, in words.

use crate::experiment::sweep::summary::About;
use crate::report::lang::Lang;
use crate::texts::say;

use super::Cell;
use super::comparison::outcome_word;
use super::names::Names;

/// In words: of a layout against another what changes with it.
pub(super) fn words(of: &About<'_>, names: &Names) -> String {
    let lang = names.lang;
    let mut words = outcome_word(lang, of.outcome).to_owned();
    let layout = match (of.layout, of.versus) {
        ("", None) => String::new(),
        ("", Some(_)) => say!(lang, "sweep-changes").to_owned(),
        (id, None) => names.title(id).to_owned(),
        (id, Some(_)) => say!(lang, "sweep-change", layout = names.title(id)),
    };
    let month = of.horizon.map(|month| month.to_string());
    let group = of.group.map(|group| names.group(of.group_kind, group));
    let more = [group, month.as_deref(), Some(layout.as_str())];
    for more in more.into_iter().flatten().filter(|more| !more.is_empty()) {
        words = format!("{words} · {more}");
    }
    words
}

/// The columns that say it, and more.
pub(super) fn columns<'c>(more: &[&'c str]) -> Vec<&'c str> {
    let about = ["layout", "versus", "outcome", "group", "horizon"];
    about.into_iter().chain(more.iter().copied()).collect()
}

/// The cells that say it.
pub(super) fn cells(of: &About<'_>) -> Vec<Cell> {
    vec![
        of.layout.into(),
        of.versus.unwrap_or_default().into(),
        of.outcome.into(),
        of.group.unwrap_or_default().into(),
        of.horizon.into(),
    ]
}

/// A caption that says how many of all panels are drawn, where these are not all.
pub(super) fn first_of(caption: &str, drawn: usize, all: usize, lang: Lang) -> String {
    match drawn < all {
        true => format!("{caption} {}", say!(lang, "figure-first-of", drawn, all)),
        false => caption.to_owned(),
    }
}
