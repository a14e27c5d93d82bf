//! Numbers for the script of a page: typed arrays behind a JSON head, deflated, as base64 text.
//!
//! The text decodes to: length of the head (u32), head (JSON), zeros up to a multiple of four, arrays. All
//! little-endian. The head names each array by where it begins behind the zeros, and how many it holds.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;

/// Where an array is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Array {
    /// `u8`, `u16`, `i16` or `u32`.
    kind: &'static str,
    at: usize,
    n: usize,
}

/// Arrays that are being gathered.
#[derive(Default)]
pub struct Arrays(Vec<u8>);

impl Arrays {
    fn put(&mut self, kind: &'static str, n: usize, bytes: impl Iterator<Item = u8>) -> Array {
        let at = self.0.len();
        self.0.extend(bytes);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        Array { kind, at, n }
    }

    /// Bytes.
    pub fn u8(&mut self, values: &[u8]) -> Array {
        self.put("u8", values.len(), values.iter().copied())
    }

    /// Short whole numbers.
    pub fn u16(&mut self, values: &[u16]) -> Array {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes());
        self.put("u16", values.len(), bytes)
    }

    /// Short whole numbers with a sign.
    pub fn i16(&mut self, values: &[i16]) -> Array {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes());
        self.put("i16", values.len(), bytes)
    }

    /// Whole numbers.
    pub fn u32(&mut self, values: &[u32]) -> Array {
        let bytes = values.iter().flat_map(|v| v.to_le_bytes());
        self.put("u32", values.len(), bytes)
    }

    /// Numbers from 0 to `most`, in 65,535 steps.
    pub fn scaled(&mut self, values: impl Iterator<Item = f64>, most: f64) -> Array {
        let step = |v: f64| (v / most * 65_535.0).round().clamp(0.0, 65_535.0) as u16;
        let values: Vec<u16> = values.map(step).collect();
        self.u16(&values)
    }

    /// The text of all.
    pub fn text(self, head: &impl Serialize) -> String {
        // Heads are made of texts and numbers, which JSON can write.
        let mut head = serde_json::to_vec(head).unwrap_or_default();
        let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
        head.resize(head.len().next_multiple_of(4), b' ');
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(head);
        bytes.extend(self.0);
        packed(&bytes)
    }
}

/// Bytes as text: zlib (RFC 1950), then base64.
pub fn packed(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(bytes);
    STANDARD.encode(encoder.finish().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn arrays_are_where_the_head_says() {
        let mut arrays = Arrays::default();
        let bytes = arrays.u8(&[1, 2, 3]);
        let short = arrays.i16(&[-1, 500]);
        assert_eq!((bytes.at, bytes.n, short.at, short.n), (0, 3, 4, 2));
        let text = arrays.text(&[bytes, short]);
        let mut all = Vec::new();
        let packed = STANDARD.decode(text).unwrap();
        flate2::read::ZlibDecoder::new(&packed[..])
            .read_to_end(&mut all)
            .unwrap();
        let length = u32::from_le_bytes(all[..4].try_into().unwrap()) as usize;
        let head: serde_json::Value = serde_json::from_slice(&all[4..4 + length]).unwrap();
        assert_eq!(head[1]["kind"], "i16");
        let body = &all[4 + length.next_multiple_of(4)..];
        assert_eq!(body[..3], [1, 2, 3]);
        assert_eq!(body[4..8], [255, 255, 244, 1]);
    }

    #[test]
    fn scaled_numbers_stay_in_range() {
        let mut arrays = Arrays::default();
        arrays.scaled([0.0, 1.0, 2.0, 3.0, f64::NAN].into_iter(), 2.0);
        let value = |n: usize| u16::from_le_bytes([arrays.0[2 * n], arrays.0[2 * n + 1]]);
        assert_eq!(
            [value(0), value(1), value(2), value(3), value(4)],
            [0, 32768, 65535, 65535, 0]
        );
    }
}
