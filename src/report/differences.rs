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
            let named = if named == row.id {
                row.id.clone()
            } else {
                format!("{named} ({})", row.id)
            };
            lines.push(match row.how {
                How::Added => format!("+ {what} {named}"),
                How::Removed => format!("− {what} {named}"),
                How::Changed => {
                    let columns = row.columns.iter();
                    let changes: Vec<String> = columns.map(|one| change(one, lang)).collect();
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
    lines.extend(keys.map(ToString::to_string));
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

/// A changed column. When a place opens is what layouts change most, so it is said in words.
fn change(one: &Change, lang: Lang) -> String {
    let month = |value: &Option<String>| match value.as_deref() {
        None | Some("") => lang.of("never", "从不").to_owned(),
        Some(month) => month.to_owned(),
    };
    if one.key == "open" {
        let (a, b) = (month(&one.a), month(&one.b));
        return format!("{} {a} → {b}", lang.of("opens", "设立"));
    }
    one.to_string()
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
