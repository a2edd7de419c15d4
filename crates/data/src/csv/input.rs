//! A file read in large pieces, of which only whole lines are used.

use std::io::{self, Read};

/// Bytes of one piece; a piece stays in the second-level cache while it is parsed.
const PIECE: usize = 256 * 1024;

/// The longest line, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;

/// Bytes behind a piece, so that many bytes can be loaded at once near its end.
const MARGIN: usize = 128;

/// A window over the input: `bytes[start..end]` is read and not yet used.
///
/// A line feed stands at `end`, so that a scan for the end of a line needs no other bound. A scan
/// that reaches it has seen no whole line.
pub(super) struct Input {
    source: Box<dyn Read + Send>,
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) finished: bool,
    taken: u64,
}

/// What a search for the next line found.
pub(super) enum Line {
    /// A line is `bytes[start..end]`, the next one starts at `next`.
    Whole { start: usize, end: usize, next: usize },
    /// No line in [`LONGEST`] bytes.
    TooLong,
    /// The input has ended.
    End,
}

impl Input {
    pub(super) fn new(source: Box<dyn Read + Send>) -> Self {
        let mut bytes = vec![0; PIECE + MARGIN];
        bytes[0] = b'\n';
        Self { source, bytes, start: 0, end: 0, finished: false, taken: 0 }
    }

    /// Bytes of the input that were used.
    pub(super) fn used(&self) -> u64 {
        self.taken - (self.end - self.start) as u64
    }

    /// Finds the next line, without its line end, and reads on where it must.
    pub(super) fn line(&mut self) -> io::Result<Line> {
        let mut searched = self.start;
        loop {
            if let Some(length) = line_feed(&self.bytes[searched..self.end]) {
                let (start, end) = (self.start, searched + length);
                if end - start > LONGEST {
                    return Ok(Line::TooLong);
                }
                let carriage = end > start && self.bytes[end - 1] == b'\r';
                return Ok(Line::Whole { start, end: end - usize::from(carriage), next: end + 1 });
            }
            if self.end - self.start > LONGEST {
                return Ok(Line::TooLong);
            }
            if self.finished {
                let (start, end) = (self.start, self.end);
                return Ok(if start == end {
                    Line::End
                } else {
                    Line::Whole { start, end, next: end }
                });
            }
            let unused = self.end - self.start;
            self.fill()?;
            searched = self.start + unused;
        }
    }

    /// Moves what is unused to the front and reads the next piece behind it.
    fn fill(&mut self) -> io::Result<()> {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let got = loop {
            match self.source.read(&mut self.bytes[self.end..PIECE]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.finished = got == 0;
        self.end += got;
        self.taken += got as u64;
        self.bytes[self.end] = b'\n';
        Ok(())
    }
}

/// Index of the first line feed.
pub(super) fn line_feed(bytes: &[u8]) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let differing = u64::from_le_bytes(*word) ^ (LOW * b'\n' as u64);
        // The lowest flagged byte is zero: a borrow only reaches the bytes above it.
        let zeros = differing.wrapping_sub(LOW) & !differing & (LOW << 7);
        if zeros != 0 {
            return Some(index * 8 + (zeros.trailing_zeros() / 8) as usize);
        }
    }
    let searched = bytes.len() - rest.len();
    rest.iter().position(|byte| *byte == b'\n').map(|at| searched + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::line_feed;

    proptest! {
        #[test]
        fn the_first_line_feed_is_found(bytes in proptest::collection::vec(9_u8..12, 0..70)) {
            prop_assert_eq!(line_feed(&bytes), bytes.iter().position(|byte| *byte == b'\n'));
        }
    }
}
