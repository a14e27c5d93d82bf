//! Lines of at most 80 columns. A Chinese character takes two.

/// Columns of a line.
const WIDTH: usize = 80;

/// Columns that a character takes on a terminal.
fn columns(c: char) -> usize {
    // CJK, Hangul, full-width forms (Unicode UAX 11, W and F, in the main).
    let wide = matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD);
    if wide { 2 } else { 1 }
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Breaks a text at blanks: the first line is indented by `first`, the others by `rest`. A word longer
/// than a line stays whole. Blanks at the start and runs of blanks of the first line are kept.
pub fn wrapped(text: &str, first: usize, rest: usize) -> String {
    let mut out = " ".repeat(first);
    let mut used = first;
    let mut fresh = true;
    for (n, word) in text.split(' ').enumerate() {
        let long = width(word);
        if !fresh && used + 1 + long > WIDTH {
            out.truncate(out.trim_end().len());
            out.push('\n');
            out.push_str(&" ".repeat(rest));
            used = rest;
        } else if n > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += long;
        fresh = false;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_eighty_columns() {
        let text = "word ".repeat(40);
        let cut = wrapped(text.trim(), 2, 4);
        assert!(cut.lines().all(|l| width(l) <= 80), "{cut}");
        assert!(cut.starts_with("  word word"));
        assert!(cut.lines().skip(1).all(|l| l.starts_with("    word")));
        assert_eq!(width("试点 pilots"), 11);
        let chinese = wrapped(&"试点区 ".repeat(20), 0, 2);
        assert!(chinese.lines().all(|l| width(l) <= 80), "{chinese}");
        assert_eq!(wrapped(" 1  2024-01   x", 0, 14), " 1  2024-01   x\n");
    }
}
