//! Words as text: every bit of every number survives JSON, which has no NaN.

use std::fmt::Write;

/// Digits of a word.
const DIGITS: usize = 16;

/// Words as hexadecimal digits, 16 each.
pub(super) fn written(words: &[u64]) -> String {
    let mut text = String::with_capacity(words.len() * DIGITS);
    for word in words {
        // Writing to a text never fails.
        let _ = write!(text, "{word:016x}");
    }
    text
}

/// The words of such a text; `None` for any other text.
pub(super) fn read(text: &str) -> Option<Vec<u64>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(DIGITS) {
        return None;
    }
    let word = |digits| u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    digits.chunks_exact(DIGITS).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::{read, written};

    #[test]
    fn words_survive() {
        let words = [0, 1, u64::MAX, f64::NAN.to_bits(), (-0.0_f64).to_bits()];
        assert_eq!(read(&written(&words)).as_deref(), Some(&words[..]));
        for text in ["0", "zzzzzzzzzzzzzzzz", "ééééééééé"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
