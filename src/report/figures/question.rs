//! What an index or a response curve is about, in words.

use crate::experiment::sweep::summary::About;
use crate::report::lang::Lang;
use crate::texts::say;

use super::Cell;
use super::comparison::outcome_word;

/// In words.
pub(super) fn words(of: &About<'_>, lang: Lang) -> String {
    let mut words = outcome_word(lang, of.outcome).to_owned();
    let versus = of.versus.map(|layout| say!(lang, "sweep-against", layout));
    let month = of.horizon.map(|month| month.to_string());
    let more = [
        of.group,
        Some(of.layout),
        versus.as_deref(),
        month.as_deref(),
    ];
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
