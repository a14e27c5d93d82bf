//! Columns of a terminal: a Chinese character takes two, and Chinese lines break without a blank.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text at the left of so many columns.
pub fn left(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// A text at the right of so many columns.
pub fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Words of at most so many columns are never broken: names, and whatever stands between blanks in English.
const WHOLE: usize = 24;

/// Whether a line may end between two characters that no blank sets apart. Punctuation stays with what it closes
/// or opens.
fn may_break(before: char, after: char) -> bool {
    let wide = |c: char| c.width().unwrap_or(0) > 1;
    let opens = "（《「『“‘([{+−-";
    let closes = "，。；：、！？）》」』”’…,.;:!?)]}%";
    (wide(before) || wide(after)) && !opens.contains(before) && !closes.contains(after)
}

/// The parts of a word between which a line may end.
fn pieces(word: &str) -> Vec<&str> {
    if width(word) <= WHOLE {
        return vec![word];
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    let pairs = word.char_indices().zip(word.char_indices().skip(1));
    for ((_, before), (at, after)) in pairs {
        if may_break(before, after) {
            pieces.push(&word[from..at]);
            from = at;
        }
    }
    pieces.push(&word[from..]);
    pieces
}

/// Text in lines of at most `wide` columns: the first is indented by `first`, the others by `rest`. A word longer
/// than a line stays whole. Blanks at the start and runs of blanks of the first line are kept.
pub fn wrapped(text: &str, first: usize, rest: usize, wide: usize) -> String {
    let mut out = " ".repeat(first);
    let mut used = first;
    let mut fresh = true;
    for (n, word) in text.split(' ').enumerate() {
        for (m, piece) in pieces(word).into_iter().enumerate() {
            let blank = usize::from(n > 0 && m == 0);
            let long = width(piece);
            if !fresh && used + blank + long > wide {
                out.truncate(out.trim_end().len());
                out.push('\n');
                out.push_str(&" ".repeat(rest));
                used = rest;
            } else if blank > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(piece);
            used += long;
            fresh = false;
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The lines of a text in a column that is narrow: of at most `wide` columns whatever stands in it. Between blanks a line
/// ends at a Chinese character, and only inside a word that is wider than the column.
pub fn fitted(text: &str, wide: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for (n, word) in text.split(' ').enumerate() {
        if n > 0 && width(&line) + 1 + width(word) <= wide {
            line.push(' ');
        } else if n > 0 {
            lines.push(std::mem::take(&mut line));
        }
        for unit in units(word, wide) {
            if width(&line) + width(unit) > wide && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(unit);
        }
    }
    lines.push(line);
    lines
}

/// The parts of a word that are not broken: Chinese characters one by one, what is between them whole unless it is wider
/// than a line.
fn units(word: &str, wide: usize) -> Vec<&str> {
    let is_wide = |c: char| c.width().unwrap_or(0) > 1;
    let mut units = Vec::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    for (at, c) in word.char_indices() {
        let whole = before.is_none_or(|before| !is_wide(before) && !is_wide(c));
        if !whole || width(&word[from..at]) >= wide {
            units.push(&word[from..at]);
            from = at;
        }
        before = Some(c);
    }
    units.push(&word[from..]);
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_eighty_columns() {
        let text = "word ".repeat(40);
        let cut = wrapped(text.trim(), 2, 4, 80);
        assert!(cut.lines().all(|l| width(l) <= 80), "{cut}");
        assert!(cut.starts_with("  word word"));
        assert!(cut.lines().skip(1).all(|l| l.starts_with("    word")));
        assert_eq!(width("试点 pilots"), 11);
        let chinese = wrapped(&"试点区 ".repeat(20), 0, 2, 80);
        assert!(chinese.lines().all(|l| width(l) <= 80), "{chinese}");
        assert_eq!(wrapped(" 1  2024-01   x", 0, 14, 80), " 1  2024-01   x\n");
    }

    #[test]
    fn chinese_lines_break_but_not_before_a_comma() {
        let text = "各次重复使用相同的随机冲击，差异的区间为单独的置信区间。".repeat(3);
        let cut = wrapped(&text, 2, 4, 40);
        assert!(cut.lines().count() > 4);
        for line in cut.lines() {
            assert!(width(line) <= 40, "{line}");
            assert!(!line.trim_start().starts_with(['，', '。']), "{line}");
        }
        let joined: String = cut.lines().map(str::trim_start).collect();
        assert_eq!(joined, text);
    }

    #[test]
    fn nothing_is_wider_than_a_narrow_column() {
        let title = "东北联盟与吉林自由贸易试验区（northeast）";
        let lines = fitted(title, 15);
        assert!(lines.iter().all(|line| width(line) <= 15), "{lines:?}");
        assert_eq!(lines.concat(), title);
        assert_eq!(
            fitted("No alliances (none)", 15),
            ["No alliances", "(none)"]
        );
        assert_eq!(fitted("abcdef", 4), ["abcd", "ef"]);
        let title = "成立上游联盟（open-candidate）";
        assert_eq!(fitted(title, 16), ["成立上游联盟（", "open-candidate）"]);
        assert_eq!(fitted("", 4), [""]);
    }

    #[test]
    fn columns_are_filled_by_width() {
        assert_eq!(left("圈", 4), "圈  ");
        assert_eq!(right("圈", 4), "  圈");
        assert_eq!(left("circle", 4), "circle");
        assert_eq!(right("±1", 4), "  ±1");
    }
}
