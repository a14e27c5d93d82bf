//! What differs between two layouts, in lines of a report.

use crate::scenario::diff_words::{link, noun};
use crate::scenario::{Change, Diff, How, Loaded, diff};
use crate::texts::say;

use super::figures::Names;
use super::lang::Lang;

/// Most lines of one layout.
const LINES: usize = 14;

/// A layout by its name.
pub fn layout<'l>(loaded: &'l [(String, Loaded)], name: &str) -> Option<&'l Loaded> {
    let mut all = loaded.iter();
    all.find(|(known, _)| known == name).map(|(_, of)| of)
}

/// What differs between one layout and each of some others, by the names that are shown.
pub fn from_one(
    loaded: &[(String, Loaded)],
    (one, others): (&str, &[String]),
    names: &Names,
) -> Vec<(String, Vec<String>)> {
    let told = |other: &String| {
        let found = diff(layout(loaded, one)?, layout(loaded, other)?);
        Some((names.layout(other).to_owned(), lines(&found, names)))
    };
    others.iter().filter_map(told).collect()
}

/// One line for each difference; those that are too many are counted.
fn lines(diff: &Diff, names: &Names) -> Vec<String> {
    let lang = names.lang;
    let mut lines = Vec::new();
    for table in &diff.tables {
        let what = noun(&table.table, 1).told(lang);
        for row in &table.rows {
            let named = match table.table.as_str() {
                "places" => names.place(&row.id),
                "alliances" => names.alliance(&row.id),
                "corridors" => names.corridor(&row.id),
                _ => &row.id,
            };
            let id = link(&row.id, lang);
            let named = if named == row.id {
                id
            } else {
                format!("{named} ({id})")
            };
            lines.push(match row.how {
                How::Added => format!("+ {what} {named}"),
                How::Removed => format!("− {what} {named}"),
                How::Changed => {
                    let columns = row.columns.iter();
                    let changes: Vec<String> = columns.map(|one| change(one, names)).collect();
                    let changes = changes.join(say!(lang, "list-semicolon"));
                    format!("{what} {named}{}{changes}", say!(lang, "colon"))
                }
            });
        }
        let listed = table.rows.len() as u64;
        let more = table.added + table.removed + table.changed - listed;
        if more > 0 {
            lines.push(format!("{what}: +{more}"));
        }
    }
    // That layouts have other names is said above.
    let keys = diff.keys.iter().filter(|change| change.key != "layout");
    lines.extend(keys.map(|one| change(one, names)));
    if lines.len() > LINES {
        let more = lines.len() - LINES;
        lines.truncate(LINES);
        lines.push(say!(lang, "differs-more", more));
    }
    if lines.is_empty() {
        lines.push(say!(lang, "differs-nothing").to_owned());
    }
    lines
}

/// A changed key or column; keys and values stay as files have them. When a place opens or closes is what layouts
/// change most, so it is said in words.
fn change(one: &Change, names: &Names) -> String {
    let lang = names.lang;
    let month = |value: &Option<String>| value.clone().filter(|month| !month.is_empty());
    match (one.key.as_str(), month(&one.a), month(&one.b)) {
        ("open", Some(a), Some(b)) => return say!(lang, "differs-opens", a, b),
        ("open", None, Some(b)) => return say!(lang, "differs-opens-new", b),
        ("open", Some(a), None) => return say!(lang, "differs-opens-never", a),
        ("close", Some(a), Some(b)) => return say!(lang, "differs-closes", a, b),
        ("close", None, Some(b)) => return say!(lang, "differs-closes-new", b),
        ("close", Some(a), None) => return say!(lang, "differs-closes-never", a),
        _ => {}
    }
    match (lang, one.key.as_str(), &one.a, &one.b) {
        // A Chinese reader knows members by their names.
        (Lang::Zh, "members", Some(a), Some(b)) => say!(
            lang,
            "differs-key",
            key = say!(lang, "differs-members"),
            a = members(a, names),
            b = members(b, names)
        ),
        _ => one.text().told(lang),
    }
}

/// The members of an alliance, of a text like `group delta, province west`.
fn members(list: &str, names: &Names) -> String {
    let lang = names.lang;
    let of = list.split(", ").map(|member| {
        if let Some(id) = member.strip_prefix("province ") {
            let name = names.province(id);
            return if name == id {
                say!(lang, "differs-province", id)
            } else {
                name.to_owned()
            };
        }
        match member.strip_prefix("group ") {
            Some(id) => say!(lang, "differs-group", id),
            None => member.to_owned(),
        }
    });
    of.collect::<Vec<_>>().join(say!(lang, "list-comma"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{RowChange, TableDiff};

    #[test]
    fn differences_are_in_the_language_of_the_page() {
        let one = |key: &str, a: Option<&str>, b: Option<&str>| Change {
            key: key.to_owned(),
            a: a.map(str::to_owned),
            b: b.map(str::to_owned),
        };
        let row = |table: &str, how, id: &str, columns| TableDiff {
            table: table.to_owned(),
            changed: 1,
            rows: vec![RowChange {
                how,
                id: id.to_owned(),
                columns,
            }],
            ..TableDiff::default()
        };
        let diff = Diff {
            a: String::new(),
            b: String::new(),
            keys: vec![
                one("line.beta", Some("0.1"), Some("0.2")),
                one("firms.sample", None, Some("")),
            ],
            equal_keys: 0,
            tables: vec![
                row(
                    "alliances",
                    How::Changed,
                    "belt",
                    vec![one(
                        "members",
                        Some("group delta"),
                        Some("group delta, province west"),
                    )],
                ),
                row("gateway links", How::Added, "hk serves sz", Vec::new()),
            ],
        };
        let of = |lang| {
            let names = Names::new(lang, []);
            lines(&diff, &names)
        };
        assert_eq!(
            of(Lang::Zh),
            [
                "联盟 belt：成员：组 delta → 组 delta、省 west",
                "+ 口岸联系 hk 服务 sz",
                "line.beta：0.1 → 0.2",
                "firms.sample：（未设） → （空）",
            ]
        );
        assert_eq!(
            of(Lang::En),
            [
                "alliance belt: members: group delta → group delta, province west",
                "+ gateway link hk serves sz",
                "line.beta: 0.1 → 0.2",
                "firms.sample: (not set) → (empty)",
            ]
        );
    }
}
