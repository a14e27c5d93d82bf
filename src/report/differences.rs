//! What differs between two layouts, in lines of a report.

use crate::scenario::{Change, Diff, How};

use super::figures::Names;
use super::lang::Lang;

/// Most lines of one layout.
const LINES: usize = 14;

/// One line for each difference; those that are too many are counted.
pub fn lines(diff: &Diff, names: &Names) -> Vec<String> {
    let lang = names.lang;
    let mut lines = Vec::new();
    for table in &diff.tables {
        let what = noun(&table.table, lang);
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
                    let changes = changes.join(lang.of("; ", "；"));
                    format!("{what} {named}{}{changes}", lang.of(": ", "："))
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
        lines.push(match lang {
            Lang::En => format!("and {more} more; `pointplane diff` lists them all"),
            Lang::Zh => format!("另有 {more} 处；`pointplane diff` 可列出全部"),
        });
    }
    if lines.is_empty() {
        lines.push(lang.of("nothing differs", "没有差别").to_owned());
    }
    lines
}

/// A changed key or column; keys and values stay as files have them. When a place opens is what layouts change
/// most, so it is said in words.
fn change(one: &Change, names: &Names) -> String {
    let lang = names.lang;
    let month = |value: &Option<String>| match value.as_deref() {
        None | Some("") => lang.of("never", "从不").to_owned(),
        Some(month) => month.to_owned(),
    };
    if one.key == "open" {
        let (a, b) = (month(&one.a), month(&one.b));
        return format!("{} {a} → {b}", lang.of("opens", "设立"));
    }
    let Lang::Zh = lang else {
        return one.to_string();
    };
    let value = |value: &Option<String>| match value.as_deref() {
        None => "（未设）".to_owned(),
        Some("") => "（空）".to_owned(),
        Some(list) if one.key == "members" => members(list, names),
        Some(value) => value.to_owned(),
    };
    let key = match one.key.strip_prefix("segment ") {
        Some(id) => format!("段 {id}"),
        None => match one.key.as_str() {
            "members" => "成员".to_owned(),
            "segments" => "各段".to_owned(),
            key => key.to_owned(),
        },
    };
    format!("{key}：{} → {}", value(&one.a), value(&one.b))
}

/// The members of an alliance in Chinese, of a text like `group delta, province west`.
fn members(list: &str, names: &Names) -> String {
    let of = list.split(", ").map(|member| {
        if let Some(id) = member.strip_prefix("province ") {
            let name = names.province(id);
            return if name == id {
                format!("省 {id}")
            } else {
                name.to_owned()
            };
        }
        member
            .strip_prefix("group ")
            .map_or_else(|| member.to_owned(), |id| format!("组 {id}"))
    });
    of.collect::<Vec<_>>().join("、")
}

/// What names a link: `a serves b`, `layer 0: a hears b`.
fn link(id: &str, lang: Lang) -> String {
    let verbs = [
        (" serves ", " 服务 "),
        (" entry ", " 入口 "),
        (" source ", " 来源 "),
        (" hears ", " 听取 "),
    ];
    let found = verbs.iter().find(|(en, _)| id.contains(en));
    match (lang, found) {
        (Lang::Zh, Some((en, zh))) => id.replacen(en, zh, 1),
        _ => id.to_owned(),
    }
}

/// What the rows of a table of differences are, one of them.
fn noun(table: &str, lang: Lang) -> &str {
    match (lang, table) {
        (Lang::Zh, "places") => "地方",
        (Lang::Zh, "alliances") => "联盟",
        (Lang::Zh, "corridors") => "走廊",
        (Lang::Zh, "gateway links") => "口岸联系",
        (Lang::Zh, "mandates") => "改革任务",
        (Lang::Zh, "links of files") => "文件中的联系",
        (Lang::Zh, "observed batches") => "实际批次",
        _ => table.strip_suffix('s').unwrap_or(table),
    }
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
