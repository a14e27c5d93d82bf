//! How a text looks: characters that are not seen, names that differ only in how they are written, words by
//! which other programs write that nothing is known, and what those make of an id.

use unicode_normalization::UnicodeNormalization;

use super::encoding::half_width;

/// Whether a character takes no place of its own where it is shown: a joiner, a mark of direction, a byte order
/// mark, a soft hyphen, a variation selector.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The characters of a text that are not seen, as `U+200B`, each once.
pub fn unseen(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for c in text.chars().filter(|c| is_invisible(*c)) {
        let code = code(c);
        if !found.contains(&code) {
            found.push(code);
        }
    }
    found
}

/// The number of a character, `U+200B`.
pub fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A name without what tells it apart only by how it is written: letter case, width, composition of letters,
/// characters that are not seen, which spaces and dashes stand between words, zeros in front of a number.
pub fn folded(name: &str) -> String {
    let chars = name.nfkc().filter(|c| !is_invisible(*c)).map(half_width);
    let plain: String = chars.flat_map(char::to_lowercase).collect();
    let between = |c: char| c.is_whitespace() || matches!(c, '_' | '-' | '\u{2010}'..='\u{2015}');
    let words = plain.split(between).filter(|word| !word.is_empty());
    let plain = words.collect::<Vec<_>>().join("_");
    match !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit()) {
        true => match plain.trim_start_matches('0') {
            "" => "0".to_owned(),
            number => number.to_owned(),
        },
        false => plain,
    }
}

/// Where two texts look alike and are written with other characters: those of each that the other has not.
pub fn written_otherwise(one: &str, other: &str) -> Option<(String, String)> {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let codes = |chars: &[char]| {
        let list: Vec<String> = chars.iter().take(4).map(|c| code(*c)).collect();
        list.join(" ")
    };
    if one != other && one.nfc().eq(other.nfc()) {
        let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
        let tail = a[same..].iter().rev().zip(b[same..].iter().rev());
        let tail = tail.take_while(|(x, y)| x == y).count();
        return Some((
            codes(&a[same..a.len() - tail]),
            codes(&b[same..b.len() - tail]),
        ));
    }
    // Letters of another script in the place of Latin ones.
    let differ: Vec<(char, char)> = a.into_iter().zip(b).filter(|(x, y)| x != y).collect();
    let alike = |(x, y): &(char, char)| {
        x.is_ascii() != y.is_ascii() && x.is_alphanumeric() && y.is_alphanumeric()
    };
    let same = one.chars().count() == other.chars().count();
    (same && !differ.is_empty() && differ.len() <= 4 && differ.iter().all(alike)).then(|| {
        let (own, others): (Vec<char>, Vec<char>) = differ.into_iter().unzip();
        (codes(&own), codes(&others))
    })
}

/// Whether a text is what R, pandas, Excel or a database write where nothing is known.
pub fn is_missing_word(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "na", "<na>", "n/a", "#n/a", "#na", "null", "nil", "none", "nan", "-nan", "nat", "#null!",
        "#value!", "#ref!",
    ];
    let begins = matches!(text.as_bytes(), [b'n' | b'N' | b'#' | b'<' | b'-', ..]);
    begins && text.len() <= 8 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether R, pandas or Excel read an id as something else than a text: a number, a switch, nothing known.
pub fn is_garbled(id: &str) -> bool {
    let number = id.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && id.parse::<f64>().is_ok();
    let word = ["true", "false", "t", "f", "inf", "-inf", "infinity"];
    number || is_missing_word(id) || word.iter().any(|word| id.eq_ignore_ascii_case(word))
}

/// Whether a spreadsheet takes a text for a formula, and runs it.
pub fn is_formula(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('=' | '+' | '@' | '\t' | '\r') => text.len() > 1 && text.parse::<f64>().is_err(),
        Some('-') => {
            chars
                .next()
                .is_some_and(|c| c.is_ascii_alphanumeric() || c == '(')
                && text.parse::<f64>().is_err()
        }
        _ => false,
    }
}

/// The sign by which a text seems to join several names, which `|` does here.
pub fn joined_by(text: &str, is_name: impl Fn(&str) -> bool) -> Option<char> {
    let sure = [
        ';', '\u{ff1b}', ',', '\u{ff0c}', '、', '\u{ff5c}', '|', '\t',
    ];
    let found = sure.into_iter().find(|sign| text.contains(*sign));
    // These stand in names too.
    let perhaps = ['/', '\u{ff0f}', '&', '\u{ff06}', '+', '·'];
    found.or_else(|| {
        perhaps.into_iter().find(|sign| {
            let mut parts = text.split(*sign).map(str::trim);
            text.contains(*sign) && parts.all(&is_name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_only_in_how_they_are_written_are_alike() {
        for (one, other) in [
            ("River", "river"),
            ("sea\u{200b}mouth", "seamouth"),
            ("Sa\u{30c}l\u{2019}a", "S\u{1ce}l\u{2019}a"),
            ("ｄｅｌｔａ", "delta"),
            ("pearl river", "pearl_river"),
            ("01", "1"),
            ("000", "0"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        for (one, other) in [
            ("north", "south"),
            ("a1_11", "a11_1"),
            ("10", "1"),
            ("江", "河"),
        ] {
            assert_ne!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn characters_that_look_alike_are_told_apart() {
        let told = |one, other| written_otherwise(one, other);
        let pair = |one: &str, other: &str| Some((one.to_owned(), other.to_owned()));
        assert_eq!(
            told("Cafe\u{301}x", "Caf\u{e9}x"),
            pair("U+0065 U+0301", "U+00E9")
        );
        assert_eq!(told("d\u{435}lta", "delta"), pair("U+0435", "U+0065"));
        assert_eq!(told("delta", "dalta"), None);
        assert_eq!(told("江", "河"), None);
        assert_eq!(told("delta", "delta"), None);
    }

    #[test]
    fn words_of_other_programs_are_known() {
        for word in ["NA", "N/A", "NULL", "null", "NaN", "None", "#N/A", "<NA>"] {
            assert!(is_missing_word(word) && is_garbled(word), "{word}");
        }
        for word in ["Nan'an", "nationwide", "", "Nile", "N"] {
            assert!(!is_missing_word(word), "{word}");
        }
        for id in ["001", "310000", "1e5", "NA", "TRUE", "-1", ".5", "1E5"] {
            assert!(is_garbled(id), "{id}");
        }
        for id in ["cn310000", "a", "1a", "e5", "", "infinite_bay", "1_2"] {
            assert!(!is_garbled(id), "{id}");
        }
        for text in ["=1+1", "+A1", "@SUM(A1)", "-A1", "=cmd|' /C calc'!A0"] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["", "=", "-1.5", "+4", "a=b", "- dash", "江口"] {
            assert!(!is_formula(text), "{text}");
        }
    }

    #[test]
    fn names_that_are_joined_by_other_signs_are_seen() {
        let known = |name: &str| ["delta", "gulf"].contains(&name);
        for (text, sign) in [
            ("delta;gulf", ';'),
            ("delta、gulf", '、'),
            ("delta, gulf", ','),
            ("delta/gulf", '/'),
        ] {
            assert_eq!(joined_by(text, known), Some(sign), "{text}");
        }
        assert_eq!(joined_by("Buda/Pest", known), None);
        assert_eq!(joined_by("delta", known), None);
    }
}
