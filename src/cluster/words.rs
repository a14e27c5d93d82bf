//! What can stand in a script, and in the directives of Slurm.

use crate::texts::{Text, text};

/// A folder in an `#SBATCH` line that names a file. Slurm has quotes of its own, and `%` stands for
/// the numbers of the job (22.05: `"` is escaped by `\`, `%` by `%`; a backslash cannot be written).
pub(super) fn quote_pattern(folder: &str) -> String {
    let mut out = String::new();
    for c in folder.chars() {
        match c {
            '%' => out.push('%'),
            '"' => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Why a word cannot stand in a script, if it cannot. A path that is no UTF-8 is shown with replacement
/// characters.
pub fn unfit(word: &str) -> Option<Text> {
    let shown = || format!("{word:?}");
    let line_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if word.contains(char::REPLACEMENT_CHARACTER) {
        Some(text!("word-not-utf-8", word = shown()))
    } else {
        let broken = word.chars().any(line_break);
        broken.then(|| text!("word-control", word = shown()))
    }
}

/// Why Slurm cannot write what its jobs print into a folder, if it cannot.
pub fn unfit_for_slurm(folder: &str) -> Option<Text> {
    let shown = || format!("{folder:?}");
    let backslash = folder.contains('\\');
    backslash.then(|| text!("word-backslash", word = shown()))
}

/// Whether a name of a partition, queue or account can stand in a directive as it is.
///
/// # Errors
/// What is wrong with it.
pub fn name(word: &str) -> Result<String, Text> {
    let plain = |c: char| c.is_alphanumeric() || "_-.,:@+".contains(c);
    if word.is_empty() || word.starts_with('-') || !word.chars().all(plain) {
        return Err(text!("account-name"));
    }
    Ok(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_script_is_found() {
        assert_eq!(unfit("/a b/'\"$中%"), None);
        for bad in ["/a\nb", "/a\u{2028}b", "/a\u{fffd}b"] {
            assert!(unfit(bad).is_some(), "{bad:?}");
        }
        assert!(unfit_for_slurm("/a\\b").is_some() && unfit_for_slurm("/a b").is_none());
        assert_eq!(name("big-mem,long_1"), Ok("big-mem,long_1".into()));
        for bad in ["", "-p", "a b", "a;b", "a\nb", "$x"] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
