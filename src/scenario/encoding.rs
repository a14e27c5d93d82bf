//! Files that are no UTF-8 text: what they seem to be, and how to save them as UTF-8.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, GBK, UTF_8, UTF_16LE, WINDOWS_1252};

use crate::texts::{Text, text};

/// Bytes of a text that are decoded at a time.
const START: u64 = 1 << 16;

/// Why the beginning of a file cannot be text in UTF-8; nothing when it can be.
pub fn no_text(start: &[u8]) -> Option<Text> {
    let kinds: [(&[u8], Text); 6] = [
        (b"PK\x03\x04", text!("kind-excel")),
        (b"\xd0\xcf\x11\xe0", text!("kind-old-excel")),
        (b"PAR1", text!("kind-parquet")),
        (b"%PDF", text!("kind-pdf")),
        (b"\x1f\x8b", text!("kind-compressed")),
        (b"SQLite format", text!("kind-database")),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(bytes, _)| start.starts_with(bytes)) {
        return Some(text!("not-text-kind", kind));
    }
    if Encoding::for_bom(start).is_some_and(|(encoding, _)| encoding != UTF_8) && !is_utf32(start) {
        return None;
    }
    let sample = &start[..start.len().min(4096)];
    let zeros = |odd: usize| {
        let every = sample.iter().skip(odd).step_by(2);
        every.filter(|byte| **byte == 0).count() * 4 > sample.len()
    };
    let wide = if is_utf32(start) {
        Text::from("UTF-32")
    } else if zeros(1) && !zeros(0) {
        text!("utf16-little")
    } else if zeros(0) && !zeros(1) {
        text!("utf16-big")
    } else if sample.contains(&0) {
        return Some(text!("not-text-binary"));
    } else {
        return None;
    };
    Some(text!("not-utf8-but", wide, save = text!("save-utf8")))
}

fn is_utf32(start: &[u8]) -> bool {
    start.starts_with(b"\xff\xfe\0\0") || start.starts_with(b"\0\0\xfe\xff")
}

/// Says what text that is not UTF-8 seems to be, and what to do.
pub fn not_utf8(bytes: &[u8]) -> Text {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(1 << 16)], false);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let name = if encoding == GBK {
        text!("encoding-gbk")
    } else if !encoding.is_single_byte() {
        text!("encoding-asian")
    } else if encoding == WINDOWS_1252 {
        text!("encoding-western")
    } else {
        encoding.name().into()
    };
    text!("not-utf8-seems", name, save = text!("save-utf8"))
}

/// A text as UTF-8. A byte order mark at its beginning says what it is in; without one it is passed on as it is.
pub struct Decoding<R> {
    raw: R,
    /// Bytes that were read and are not decoded, from `at`.
    bytes: Vec<u8>,
    at: usize,
    ended: bool,
    decoder: Option<Decoder>,
}

impl<R: Read> Decoding<R> {
    /// Reads the beginning of a text.
    pub fn new(mut raw: R) -> io::Result<Self> {
        let mut bytes = Vec::new();
        raw.by_ref().take(START).read_to_end(&mut bytes)?;
        let bom = Encoding::for_bom(&bytes).filter(|_| !is_utf32(&bytes));
        let decoder = bom.filter(|(encoding, _)| *encoding != UTF_8);
        Ok(Self {
            raw,
            bytes,
            at: bom.map_or(0, |(_, length)| length),
            ended: false,
            decoder: decoder.map(|(encoding, _)| encoding.new_decoder_without_bom_handling()),
        })
    }

    /// The beginning of the text as it is in the file.
    pub fn start(&self) -> &[u8] {
        &self.bytes
    }

    /// What is to be said of the encoding, where it is not UTF-8.
    pub fn said(&self) -> Option<Text> {
        let encoding = self.decoder.as_ref()?.encoding();
        let wide = match encoding == UTF_16LE {
            true => text!("utf16-little"),
            false => text!("utf16-big"),
        };
        Some(text!("read-as", wide))
    }

    /// The reader of the file.
    pub fn into_inner(self) -> R {
        self.raw
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            let rest = &self.bytes[self.at..];
            if rest.is_empty() {
                return self.raw.read(buffer);
            }
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.at += count;
            return Ok(count);
        };
        loop {
            let rest = &self.bytes[self.at..];
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(rest, buffer, self.ended);
            self.at += read;
            match result {
                DecoderResult::Malformed(..) => return Err(io::ErrorKind::InvalidData.into()),
                _ if written > 0 => return Ok(written),
                DecoderResult::OutputFull => return Err(io::ErrorKind::InvalidInput.into()),
                DecoderResult::InputEmpty if self.ended => return Ok(0),
                DecoderResult::InputEmpty => {}
            }
            self.bytes.clear();
            self.at = 0;
            self.raw.by_ref().take(START).read_to_end(&mut self.bytes)?;
            self.ended = self.bytes.is_empty();
        }
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
        assert!(
            not_utf8(b"\xd5\xe3\xbd\xad,\xc9\xcf\xba\xa3\n")
                .to_string()
                .contains("GB18030")
        );
        assert!(
            not_utf8(b"Z\xfcrich,K\xf6ln\n")
                .to_string()
                .contains("Windows-1252")
        );
        assert_eq!(no_text(b"\xff\xfe\x0a\x4e"), None);
        assert!(
            no_text(b"\xff\xfe\0\0\x0a\0\0\0").is_some_and(|w| w.to_string().contains("UTF-32"))
        );
        assert!(
            no_text(b"i\0d\0,\0k\0i\0").is_some_and(|w| w.to_string().contains("UTF-16 (little"))
        );
        assert!(no_text(b"PK\x03\x04rest").is_some_and(|w| w.to_string().contains("workbook")));
        assert_eq!(no_text("id,省\n".as_bytes()), None);
        assert_eq!(no_text(b""), None);
    }

    /// A text is read the same in each encoding that a byte order mark names, whatever the size of what is read at a
    /// time, and a broken one is an error.
    #[test]
    fn texts_with_a_byte_order_mark_are_decoded() {
        let text = "id,名称\n浙江,😀\n".repeat(20_000);
        let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        let marked = ["\u{feff}", &text].concat().into_bytes();
        for (bytes, said) in [
            (little.clone(), "UTF-16 (little"),
            (big, "UTF-16 (big"),
            (marked, ""),
            (text.clone().into_bytes(), ""),
        ] {
            for size in [4, 7, 1000, 1 << 17] {
                let mut reader = Decoding::new(&bytes[..]).unwrap();
                let told = reader.said().map_or(String::new(), |said| said.to_string());
                assert!(
                    told.contains(said) && told.is_empty() == said.is_empty(),
                    "{told}"
                );
                let (mut all, mut buffer) = (Vec::new(), vec![0; size]);
                loop {
                    match reader.read(&mut buffer).unwrap() {
                        0 => break,
                        count => all.extend_from_slice(&buffer[..count]),
                    }
                }
                assert_eq!(String::from_utf8(all).unwrap(), text, "{said} {size}");
            }
        }
        let mut broken = little;
        // Half of a pair of surrogates.
        broken.splice(2..2, [0x00, 0xd8]);
        let mut reader = Decoding::new(&broken[..]).unwrap();
        let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
