//! Differences in words.

use std::fmt;

use super::change::{Change, Diff, How};
use crate::texts::{Lang, Text, say, text};

impl Change {
    /// The change: key, then both values as files have them.
    pub fn text(&self) -> Text {
        let value = |value: &Option<String>| match value.as_deref() {
            None => text!("differs-not-set"),
            Some("") => text!("differs-empty"),
            Some(value) => value.into(),
        };
        let key = match self.key.strip_prefix("segment ") {
            Some(id) => text!("differs-segment", id),
            None => match self.key.as_str() {
                "members" => text!("differs-members"),
                "segments" => text!("differs-segments"),
                key => key.into(),
            },
        };
        text!("differs-key", key, a = value(&self.a), b = value(&self.b))
    }
}

/// What `n` rows of a table of differences are.
pub fn noun(table: &str, n: u64) -> Text {
    match table {
        "places" => text!("differs-place", n),
        "alliances" => text!("differs-alliance", n),
        "corridors" => text!("differs-corridor", n),
        "gateway links" => text!("differs-gateway-link", n),
        "mandates" => text!("differs-mandate", n),
        "links of files" => text!("differs-link", n),
        "observed batches" => text!("differs-batch", n),
        table => table.into(),
    }
}

/// What names a row: an id, or a link like `a serves b`, `layer 0: a hears b`.
pub fn link(id: &str, lang: Lang) -> String {
    let verbs = [
        (" serves ", say!(lang, "differs-serves")),
        (" entry ", say!(lang, "differs-entry")),
        (" source ", say!(lang, "differs-source")),
        (" hears ", say!(lang, "differs-hears")),
    ];
    let found = verbs.iter().find(|(verb, _)| id.contains(verb));
    found.map_or_else(
        || id.to_owned(),
        |(verb, told)| id.replacen(verb, &format!(" {told} "), 1),
    )
}

impl Diff {
    /// All of it.
    pub fn told(&self, lang: Lang) -> String {
        let mut text = format!("{} → {}\n", self.a, self.b);
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        if !self.keys.is_empty() {
            let n = self.keys.len();
            line(format!("\n{}", say!(lang, "diff-keys", n)));
        }
        for change in &self.keys {
            line(format!("  {}", change.text().told(lang)));
        }
        for table in self.tables.iter().filter(|table| !table.is_empty()) {
            let head = say!(
                lang,
                "diff-table",
                what = noun(&table.table, 2),
                added = table.added,
                removed = table.removed,
                changed = table.changed
            );
            line(format!("\n{head}"));
            for row in &table.rows {
                let id = link(&row.id, lang);
                match row.how {
                    How::Added => line(format!("  + {id}")),
                    How::Removed => line(format!("  - {id}")),
                    How::Changed => {
                        let columns = row.columns.iter();
                        let columns: Vec<String> =
                            columns.map(|one| one.text().told(lang)).collect();
                        let columns = columns.join(say!(lang, "list-semicolon"));
                        line(format!("  ~ {id}{}{columns}", say!(lang, "colon")));
                    }
                }
            }
            let listed = table.rows.len() as u64;
            let more = table.added + table.removed + table.changed - listed;
            if more > 0 {
                line(format!("  {}", say!(lang, "items-more", more)));
            }
        }
        let equal: Vec<String> = self
            .tables
            .iter()
            .map(|table| {
                let (n, what) = (table.equal, noun(&table.table, 2));
                say!(lang, "diff-equal-rows", n, what)
            })
            .collect();
        let keys = self.equal_keys;
        let list = equal.join(say!(lang, "list-comma"));
        text.push('\n');
        text.push_str(&if self.is_empty() {
            say!(lang, "diff-nothing", keys, list)
        } else {
            say!(lang, "diff-equal", keys, list)
        });
        text
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(Lang::En))
    }
}
