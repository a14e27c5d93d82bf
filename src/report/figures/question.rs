//! What an index or a response curve is about.

use crate::report::lang::Lang;
use crate::texts::say;

use super::comparison::outcome_word;

/// What an index is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Layout.
    pub layout: String,
    /// The layout that it is held against; empty when it is about the outcome itself.
    pub versus: String,
    /// Outcome.
    pub outcome: String,
    /// Group; empty for the country.
    pub group: String,
    /// Month at which it is taken; empty for months in which something first happens.
    pub horizon: String,
}

impl Question {
    /// In words.
    pub(super) fn words(&self, lang: Lang) -> String {
        let mut words = outcome_word(lang, &self.outcome).to_owned();
        let month = self.horizon.get(..7).unwrap_or(&self.horizon);
        let versus = match self.versus.as_str() {
            "" => String::new(),
            layout => say!(lang, "sweep-against", layout),
        };
        for more in [&self.group, &self.layout, &versus, month] {
            if !more.is_empty() {
                words = format!("{words} · {more}");
            }
        }
        words
    }
}
