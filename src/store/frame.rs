//! Frames: what a log is made of. Each vouches for itself, so that a log that was cut off, torn or
//! changed gives its whole frames and no other.
//!
//! ```text
//! @pointplane LENGTH LENGTH CHECKSUM        of the head, of the payload; of both lengths and the head
//! {"done": …}                               the head: one line of JSON
//! …                                         the payload: bytes, whose checksum is in the head
//! ```

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::checksum::hex;
use super::error::StoreError;

use super::files::Files;
use crate::texts::text;

const MAGIC: &[u8] = b"@pointplane ";
/// Characters of a checksum.
const SUM: usize = 32;
/// Magic, lengths, checksum, spaces and end of line.
const START: usize = MAGIC.len() + 8 + 1 + 12 + 1 + SUM + 1;
/// A longer head is none.
const LONGEST: usize = 1 << 20;

#[cfg(test)]
thread_local! {
    /// Bytes that went into checksums.
    pub(super) static SUMMED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Adds bytes to what a checksum is of.
fn add(hash: &mut Sha256, bytes: &[u8]) {
    #[cfg(test)]
    SUMMED.set(SUMMED.get() + bytes.len() as u64);
    hash.update(bytes);
}

/// Checksum of some bytes, as it stands in heads.
pub(super) fn sum<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    pieces.into_iter().for_each(|piece| add(&mut hash, piece));
    text(hash)
}

fn text(hash: Sha256) -> String {
    hex(&hash.finalize()[..SUM / 2])
}

/// The beginning of a frame; the payload and a line end follow it.
pub(super) fn start(head: &str, payload: usize) -> io::Result<Vec<u8>> {
    if head.len() > LONGEST {
        return Err(io::Error::other(text!("frame-too-long")));
    }
    let lengths = format!("{:08} {payload:012}", head.len());
    let sum = sum([lengths.as_bytes(), b"\n", head.as_bytes()]);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(format!("{lengths} {sum}\n{head}\n").as_bytes());
    Ok(bytes)
}

/// A frame that was read. Whether its payload is what it should be says [`Reader::payload`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    /// The head.
    pub(super) head: String,
    /// Where the payload begins in the file.
    pub(super) at: u64,
    /// Its length.
    pub(super) bytes: u64,
}

/// What a file has next.
pub(super) enum Next {
    /// A frame whose head is whole and whose payload is as long as it says.
    Frame(Frame),
    /// Bytes that are no whole frame, and where: something changed them.
    Damaged(u64),
    /// Nothing more, or the beginning of a frame that was cut off: its worker was killed, or is just
    /// writing it.
    End {
        /// Whether there was the beginning of a frame.
        torn: bool,
    },
}

/// Reads the frames of a file one after the other; memory does not grow with it.
pub(super) struct Reader {
    file: BufReader<Box<dyn super::files::Input>>,
    length: u64,
    /// Where the file stands.
    at: u64,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Reader {
    pub(super) fn open(files: &dyn Files, path: &Path) -> Result<Self, StoreError> {
        let failed = |e| StoreError::io("read", path, e);
        let mut file = files.open(path).map_err(failed)?;
        let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let file = BufReader::with_capacity(1 << 16, file);
        Ok(Self {
            file,
            length,
            at: 0,
        })
    }

    /// Where the file stands.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Goes to a place in the file.
    pub(super) fn go_to(&mut self, at: u64) -> io::Result<()> {
        let step = i64::try_from(at).unwrap_or(i64::MAX) - i64::try_from(self.at).unwrap_or(0);
        self.file.seek_relative(step)?;
        self.at = at;
        Ok(())
    }

    /// Fills the buffer; false when the file ends before.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        match self.file.read_exact(buffer) {
            Ok(()) => {
                self.at += buffer.len() as u64;
                Ok(true)
            }
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
                self.at = self.file.seek(SeekFrom::End(0))?;
                Ok(false)
            }
            Err(e) => Err(e),
        }
    }

    /// What comes next. After a frame the file stands behind it, whether or not its payload was read.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        self.frame(true)
    }

    /// The same; `verify`: whether the head is checked against its checksum.
    fn frame(&mut self, verify: bool) -> io::Result<Next> {
        let start = self.at;
        if start >= self.length {
            return Ok(Next::End { torn: false });
        }
        let mut bytes = [0; START];
        if !self.fill(&mut bytes)? {
            return self.skip(start, true);
        }
        let Some((head, payload, sum)) = parse(&bytes) else {
            return self.skip(start, false);
        };
        let mut text = vec![0; head + 1];
        if !self.fill(&mut text)? {
            return self.skip(start, true);
        }
        let lengths = &bytes[MAGIC.len()..MAGIC.len() + 21];
        let line_end = text.pop();
        let sound = || self::sum([lengths, b"\n", &text]).as_bytes() == sum;
        if line_end != Some(b'\n') || verify && !sound() {
            return self.skip(start, false);
        }
        let Ok(text) = String::from_utf8(text) else {
            return self.skip(start, false);
        };
        let at = self.at;
        match at.checked_add(payload).and_then(|end| end.checked_add(1)) {
            Some(end) if end <= self.length => self.go_to(end)?,
            _ => return Ok(Next::End { torn: true }),
        }
        Ok(Next::Frame(Frame {
            head: text,
            at,
            bytes: payload,
        }))
    }

    /// There is no whole frame here: goes to where the next one may begin. `cut`: the file ends before the
    /// frame does, by what its beginning says; without a next one it was cut off there.
    fn skip(&mut self, start: u64, cut: bool) -> io::Result<Next> {
        self.go_to(start)?;
        let (mut first, mut zeros) = (Vec::new(), true);
        let mut seen = 0;
        let mut byte = [0; 1];
        while self.fill(&mut byte)? {
            zeros &= byte[0] == 0;
            if first.len() < MAGIC.len() {
                first.push(byte[0]);
            }
            seen = match byte[0] {
                b if b == MAGIC[seen] => seen + 1,
                b if b == MAGIC[0] => 1,
                _ => 0,
            };
            if seen == MAGIC.len() {
                seen = 0;
                let at = self.at - MAGIC.len() as u64;
                if at > start {
                    self.go_to(at)?;
                    return Ok(Next::Damaged(start));
                }
            }
        }
        // Some file systems leave zeros where a power failure took the bytes away.
        Ok(if zeros || cut && MAGIC.starts_with(&first) {
            Next::End { torn: true }
        } else {
            Next::Damaged(start)
        })
    }

    /// Whether the parts of the payload of a frame are what they should be: bytes and checksum of each.
    /// The file stands behind the frame again.
    pub(super) fn vouches<'p>(
        &mut self,
        frame: &Frame,
        parts: impl IntoIterator<Item = (u64, &'p str)>,
    ) -> io::Result<bool> {
        let end = self.at;
        let mut at = frame.at;
        let mut whole = true;
        let mut buffer = vec![0; 1 << 16];
        for (bytes, sum) in parts {
            let last = at.checked_add(bytes);
            if last.is_none_or(|last| last > frame.at + frame.bytes) {
                whole = false;
                break;
            }
            self.go_to(at)?;
            let mut hash = Sha256::new();
            let mut left = bytes;
            while left > 0 {
                let piece = usize::try_from(left)
                    .unwrap_or(usize::MAX)
                    .min(buffer.len());
                if !self.fill(&mut buffer[..piece])? {
                    return Ok(false);
                }
                add(&mut hash, &buffer[..piece]);
                left -= piece as u64;
            }
            whole &= text(hash) == sum;
            at += bytes;
        }
        whole &= at == frame.at + frame.bytes;
        self.go_to(end)?;
        Ok(whole)
    }

    /// The frame that begins at a place where one was seen before. Its head is not checked against its checksum
    /// again.
    pub(super) fn frame_at(&mut self, at: u64) -> io::Result<Option<Frame>> {
        self.go_to(at)?;
        Ok(match self.frame(false)? {
            Next::Frame(frame) => Some(frame),
            Next::Damaged(_) | Next::End { .. } => None,
        })
    }

    /// Bytes of the file; none when it is shorter.
    pub(super) fn bytes_at(&mut self, at: u64, bytes: u64) -> io::Result<Option<Vec<u8>>> {
        let end = at.checked_add(bytes);
        if end.is_none_or(|end| end > self.length) {
            return Ok(None);
        }
        let length = usize::try_from(bytes).map_err(io::Error::other)?;
        let mut buffer = vec![0; length];
        self.go_to(at)?;
        Ok(self.fill(&mut buffer)?.then_some(buffer))
    }
}

fn parse(start: &[u8; START]) -> Option<(usize, u64, &[u8])> {
    let rest = start.strip_prefix(MAGIC)?.strip_suffix(b"\n")?;
    let digits = |bytes: &[u8]| -> Option<u64> {
        let sound = bytes.iter().all(u8::is_ascii_digit);
        sound.then(|| std::str::from_utf8(bytes).ok()?.parse().ok())?
    };
    let (head, rest) = rest.split_at(8);
    let (payload, sum) = rest.strip_prefix(b" ")?.split_at(12);
    let head = usize::try_from(digits(head)?).ok()?;
    let sum = sum.strip_prefix(b" ")?;
    (head <= LONGEST).then_some((head, digits(payload)?, sum))
}
