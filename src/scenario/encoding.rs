//! Files that are no UTF-8 text: what they seem to be, and how to save them as UTF-8.

/// Why the beginning of a file cannot be text in UTF-8; nothing when it can be.
pub fn no_text(start: &[u8]) -> Option<String> {
    let kinds: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF", "a PDF document"),
        (b"\x1f\x8b", "a compressed file"),
        (b"SQLite format", "a database"),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(bytes, _)| start.starts_with(bytes)) {
        return Some(format!(
            "this is {kind}, not text: save the table as \"CSV UTF-8\""
        ));
    }
    let sample = &start[..start.len().min(4096)];
    let zeros = |odd: usize| {
        let every = sample.iter().skip(odd).step_by(2);
        every.filter(|byte| **byte == 0).count() * 4 > sample.len()
    };
    let wide = if start.starts_with(b"\xff\xfe\0\0") || start.starts_with(b"\0\0\xfe\xff") {
        "UTF-32"
    } else if start.starts_with(b"\xff\xfe") || (zeros(1) && !zeros(0)) {
        "UTF-16 (little-endian, \"Unicode text\" of Windows)"
    } else if start.starts_with(b"\xfe\xff") || (zeros(0) && !zeros(1)) {
        "UTF-16 (big-endian)"
    } else if sample.contains(&0) {
        return Some("this is not text but binary data".to_owned());
    } else {
        return None;
    };
    Some(format!("is not UTF-8 text but {wide}: {SAVE}"))
}

const SAVE: &str = "save it as UTF-8 (in Excel: Save as, \"CSV UTF-8 (comma delimited)\")";

/// Says what text that is not UTF-8 seems to be, and what to do.
pub fn not_utf8(bytes: &[u8]) -> String {
    match guess(bytes) {
        Some(name) => format!("is not UTF-8 text; it seems to be {name}: {SAVE}"),
        None => format!("is not UTF-8 text: {SAVE}"),
    }
}

/// What a text in an 8-bit or Chinese encoding seems to be.
fn guess(bytes: &[u8]) -> Option<&'static str> {
    let sample = &bytes[..bytes.len().min(1 << 16)];
    let (mut pairs, mut common, mut four, mut single) = (0_u32, 0_u32, 0_u32, 0_u32);
    let mut at = 0;
    while let Some(&lead) = sample.get(at) {
        let next = |by: usize| sample.get(at + by).copied().unwrap_or(0x40);
        at += match (lead, next(1)) {
            (..=0x7f, _) => 1,
            (0x80..=0xfe, 0x30..=0x39)
                if matches!(next(2), 0x81..=0xfe) && matches!(next(3), 0x30..=0x39) =>
            {
                four += 1;
                4
            }
            (0x80..=0xfe, 0x40..=0x7e | 0x80..=0xfe) => {
                pairs += 1;
                // The characters and signs of GB 2312, which are nearly all of a usual text.
                common += u32::from(matches!(lead, 0xa1..=0xf7) && next(1) >= 0xa1);
                2
            }
            _ => {
                single += 1;
                1
            }
        };
    }
    if single == 0 && pairs + four > 0 && common * 10 >= pairs * 8 {
        Some("GBK or GB18030, as Chinese Excel writes")
    } else if common * 10 <= pairs {
        Some("Windows-1252 or another Western encoding")
    } else if single == 0 {
        Some("GBK, Big5 or another East Asian encoding")
    } else {
        None
    }
}

/// The ASCII character for one of full width; another one as it is.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '“' | '”' | '„' | '「' | '」' => '"',
        '‘' | '’' | '`' => '\'',
        '−' | '–' => '-',
        '、' => ',',
        '【' => '[',
        '】' => ']',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_named() {
        // Chinese letters in GBK; Zürich in Windows-1252; Chinese letters in UTF-16.
        assert!(not_utf8(b"\xd5\xe3\xbd\xad,\xc9\xcf\xba\xa3\n").contains("GB18030"));
        assert!(not_utf8(b"Z\xfcrich,K\xf6ln\n").contains("Windows-1252"));
        assert!(no_text(b"\xff\xfe\x0a\x4e").is_some_and(|w| w.contains("UTF-16 (little")));
        assert!(no_text(b"\xfe\xff\x4e\x0a").is_some_and(|w| w.contains("UTF-16 (big")));
        assert!(no_text(b"i\0d\0,\0k\0i\0").is_some_and(|w| w.contains("UTF-16 (little")));
        assert!(no_text(b"PK\x03\x04rest").is_some_and(|w| w.contains("workbook")));
        assert_eq!(no_text("id,省\n".as_bytes()), None);
        assert_eq!(no_text(b""), None);
    }
}
