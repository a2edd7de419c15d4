//! Decimal numbers from bytes, exactly rounded.
//!
//! Prices have few digits, so nearly every one fits the fast path: the digits as an integer below
//! 2^53, divided by an exact power of ten, is one correctly rounded operation (W. D. Clinger, “How
//! to read floating point numbers accurately”, 1990). Whatever does not fit goes to the standard
//! library, so both ways give the same bits.

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Powers of ten that shift an integer part before its (at most eight) fraction digits.
const SHIFTS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// What to divide by for a point and its fraction digits, by their number of bytes.
const FRACTIONS: [f64; 8] = [1e0, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

/// `b'0'` in every byte of a word.
const ZEROS: u64 = 0x3030_3030_3030_3030;
/// The high bit of every byte of a word.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Reads a decimal without sign or exponent that starts at `at`.
///
/// Answers the value and the index of the first byte after it. `None` is no verdict: the text may
/// still be a number for [`number`]. `text` must reach 24 bytes beyond the number.
#[inline(always)]
pub(super) fn decimal(text: &[u8], at: usize) -> Option<(f64, usize)> {
    let word = word(text, at)?;
    let values = word ^ ZEROS;
    let others = non_digits(values);
    if others == 0 {
        return some_long_decimal(text, at);
    }
    // Bits before the first byte that is no digit, and before the second.
    let whole = others.trailing_zeros() & !7;
    let rest = others & (others - 1);
    if (word >> whole) as u8 != b'.' {
        if whole == 0 {
            return None;
        }
        let value = eight_values(values << (64 - whole));
        return Some((value as i64 as f64, at + whole as usize / 8));
    }
    if rest == 0 {
        return some_long_decimal(text, at);
    }
    let all = rest.trailing_zeros() & !7;
    if all == 8 {
        return None;
    }
    // The point is taken out from between the digits.
    let before = ((others & others.wrapping_neg()) >> 7) - 1;
    let digits = (values & before) | ((values >> 8) & !before);
    let mantissa = eight_values(digits << (72 - all)) as i64 as f64;
    let bytes = (all - whole) as usize / 8;
    Some((mantissa / FRACTIONS[bytes & 7], at + all as usize / 8))
}

/// Calls [`long_decimal`] so that its answer comes in registers: an `Option` of a pair would go
/// through memory, and slow down those that need no call.
#[inline(always)]
fn some_long_decimal(text: &[u8], at: usize) -> Option<(f64, usize)> {
    #[inline(never)]
    fn in_registers(text: &[u8], at: usize) -> (f64, usize) {
        long_decimal(text, at).unwrap_or((0.0, 0))
    }
    let (value, end) = in_registers(text, at);
    (end > 0).then_some((value, end))
}

/// As [`decimal`], for more digits than fit one word: at most 15 before the point or seven before
/// it and eight after it.
fn long_decimal(text: &[u8], at: usize) -> Option<(f64, usize)> {
    let first = word(text, at)?;
    let whole_digits = leading_digits(first);
    let point = at + whole_digits;
    if whole_digits == 8 {
        let (value, end) = long_integer(text, at)?;
        return (*text.get(end)? != b'.').then_some((value as f64, end));
    }
    if *text.get(point)? != b'.' {
        return (whole_digits > 0).then(|| (eight_digits(first, whole_digits) as f64, point));
    }
    let second = word(text, point + 1)?;
    let digits = leading_digits(second);
    let end = point + 1 + digits;
    if whole_digits + digits == 0 || text.get(end)?.is_ascii_digit() {
        return None;
    }
    let high = eight_digits(first, whole_digits);
    let mantissa = high * SHIFTS[digits] + eight_digits(second, digits);
    Some((mantissa as f64 / POWERS[digits], end))
}

/// Reads a long row of digits that starts at `at`, and the index of the first byte after them.
///
/// `None` when there are fewer than eight or more than fifteen.
#[inline]
pub(super) fn long_integer(text: &[u8], at: usize) -> Option<(i64, usize)> {
    let high = word(text, at)?;
    if leading_digits(high) != 8 {
        return None;
    }
    let low = word(text, at + 8)?;
    let digits = leading_digits(low);
    if digits == 8 {
        return None;
    }
    let value = eight_digits(high, 8) * SHIFTS[digits] + eight_digits(low, digits);
    Some((value as i64, at + 8 + digits))
}

/// Reads a whole text as a number, blanks around it apart.
///
/// Accepts what `f64::from_str` accepts (so `NaN` too: judging a value is the validator's matter),
/// and with `decimal_comma` one comma in the place of the point. `None` when it is no number.
pub(super) fn number(text: &[u8], decimal_comma: bool) -> Option<f64> {
    let text = text.trim_ascii();
    if let Some(value) = plain_number(text, decimal_comma) {
        return Some(value);
    }
    let text = std::str::from_utf8(text).ok()?;
    if decimal_comma && text.contains(',') {
        if text.contains('.') {
            return None;
        }
        return text.replacen(',', ".", 1).parse().ok();
    }
    text.parse().ok()
}

/// Sign, at most 19 digits, one decimal mark: the shape that needs no allocation and no library.
fn plain_number(text: &[u8], decimal_comma: bool) -> Option<f64> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    let mut mantissa = 0_u64;
    let mut seen = 0_usize;
    let mut fraction: Option<usize> = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen += 1;
                if seen > 19 {
                    return None;
                }
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                fraction = fraction.map(|count| count + 1);
            }
            b'.' if fraction.is_none() => fraction = Some(0),
            b',' if decimal_comma && fraction.is_none() => fraction = Some(0),
            _ => return None,
        }
    }
    if seen == 0 || mantissa > 1 << 53 {
        return None;
    }
    let value = mantissa as f64 / POWERS.get(fraction.unwrap_or(0))?;
    Some(if negative { -value } else { value })
}

/// Eight bytes that start at `at`, the first in the lowest place.
#[inline(always)]
pub(super) fn word(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}

/// How many bytes of `word`, from the first on, are ASCII digits.
#[inline(always)]
fn leading_digits(word: u64) -> usize {
    let others = non_digits(word ^ ZEROS);
    // Without any other byte all 64 bits are zero, which is eight digits.
    (others.trailing_zeros() / 8) as usize
}

/// The high bit of each byte that exceeds nine.
#[inline(always)]
pub(super) fn non_digits(values: u64) -> u64 {
    (((values & !HIGH) + 0x7676_7676_7676_7676) | values) & HIGH
}

/// The value of the first `digits` (at most eight) digits of `word`.
#[inline(always)]
fn eight_digits(word: u64, digits: usize) -> u64 {
    // Shifting makes the missing leading places zeros. Two shifts, because one by 64 is none.
    let half = 4 * (8 - digits as u32);
    eight_values(((word ^ ZEROS) << half) << half)
}

/// The value of eight digits, each a byte of 0 to 9, the first in the lowest place.
///
/// Pairs, then fours, then eights are joined, each step for all at once.
#[inline(always)]
fn eight_values(values: u64) -> u64 {
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let even = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let odd = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    even.wrapping_add(odd) >> 32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{decimal, long_integer, number};

    /// Reads a number that other bytes follow, and how long it was.
    fn plain(text: &str) -> Option<(f64, usize)> {
        decimal(format!("{text}\n0123456789abcdef0123456789abcdef").as_bytes(), 0)
    }

    #[test]
    fn plain_decimals() {
        let cases = [
            ("0", Some((0.0, 1))),
            ("7,", Some((7.0, 1))),
            ("323.54,1", Some((323.54, 6))),
            ("12345.6;", Some((12_345.6, 7))),
            ("12345.67;", Some((12_345.67, 8))),
            ("1234567", Some((1_234_567.0, 7))),
            ("12345678", Some((12_345_678.0, 8))),
            ("123456789012345", Some((123_456_789_012_345.0, 15))),
            ("1234567.1234567;", Some((1_234_567.123_456_7, 15))),
            ("1234567.12345678;", Some((1_234_567.123_456_78, 16))),
            ("1228.099976,", Some((1_228.099_976, 11))),
            (".5\n", Some((0.5, 2))),
            ("5.\r\n", Some((5.0, 2))),
            ("0.1|", Some((0.1, 3))),
            // Left to the general reader.
            ("1234567890123456", None),
            ("12345678.5", None),
            ("1.123456789", None),
            ("-1", None),
            (".", None),
            ("", None),
            ("x", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(plain(text), wanted, "{text:?}");
        }
        // An exponent does not end a number: the caller sees it at the index that comes back.
        assert_eq!(plain("1e5"), Some((1.0, 1)));
    }

    #[test]
    fn general_numbers() {
        let cases = [
            ("1.5", false, Some(1.5)),
            (" 1.5\t", false, Some(1.5)),
            ("+1.5", false, Some(1.5)),
            ("-1.5e3", false, Some(-1500.0)),
            ("1,5", true, Some(1.5)),
            ("1.5", true, Some(1.5)),
            ("1,5e2", true, Some(150.0)),
            ("1,5", false, None),
            ("1.234,5", true, None),
            ("1,2,3", true, None),
            ("", false, None),
            ("-", false, None),
            (".", false, None),
            ("12x", false, None),
            ("9007199254740993", false, Some(9_007_199_254_740_992.0)),
            ("0.1000000000000000055511151231257827", false, Some(0.1)),
            ("inf", false, Some(f64::INFINITY)),
        ];
        for (text, decimal_comma, wanted) in cases {
            assert_eq!(number(text.as_bytes(), decimal_comma), wanted, "{text:?}");
        }
        assert!(number(b"NaN", false).is_some_and(f64::is_nan));
        assert_eq!(number(&[0xff, b'1'], false), None);
    }

    #[test]
    fn long_integers() {
        let read = |text: &str| long_integer(format!("{text},0123456789abcdef").as_bytes(), 0);
        assert_eq!(read("1577941200"), Some((1_577_941_200, 10)));
        assert_eq!(read("1577941200000"), Some((1_577_941_200_000, 13)));
        assert_eq!(read("12345678"), Some((12_345_678, 8)));
        assert_eq!(read("1234567"), None);
        assert_eq!(read("1234567890123456"), None);
    }

    proptest! {
        #[test]
        fn decimals_equal_the_standard_library(text in "-?[0-9]{0,20}(\\.[0-9]{0,20})?") {
            let wanted = text.parse::<f64>().ok().map(f64::to_bits);
            prop_assert_eq!(number(text.as_bytes(), false).map(f64::to_bits), wanted);
            if let Some((value, end)) = plain(&text) {
                prop_assert_eq!(end, text.len());
                prop_assert_eq!(Some(value.to_bits()), wanted);
            }
        }

        #[test]
        fn plain_decimals_equal_the_standard_library(text in "[0-9]{0,9}(\\.[0-9]{0,9})?") {
            if let Some((value, end)) = plain(&text) {
                prop_assert_eq!(end, text.len());
                prop_assert_eq!(Some(value.to_bits()), text.parse::<f64>().ok().map(f64::to_bits));
            }
        }

        #[test]
        fn any_double_comes_back(value in proptest::num::f64::ANY) {
            let read = number(value.to_string().as_bytes(), false).expect("a number's own text");
            prop_assert_eq!(read.to_bits(), if value.is_nan() { read.to_bits() } else { value.to_bits() });
        }

        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40), at in 0_usize..50) {
            let text = std::str::from_utf8(bytes.trim_ascii()).ok();
            let wanted = text.and_then(|text| text.parse::<f64>().ok()).map(f64::to_bits);
            prop_assert_eq!(number(&bytes, false).map(f64::to_bits), wanted);
            let _ = decimal(&bytes, at);
            let _ = long_integer(&bytes, at);
        }
    }
}
