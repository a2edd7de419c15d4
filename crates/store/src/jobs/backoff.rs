//! How long a job waits before it is tried again.

use jiff::SignedDuration;

/// The first wait.
const FIRST_S: i64 = 2;
/// No wait is longer.
const LONGEST_S: i64 = 300;

/// The wait after the `failures`-th failure: none for 0, then 2 s, doubled each time, at most 5 min.
pub(super) fn delay(failures: i32) -> SignedDuration {
    let Ok(doublings @ 0..) = u32::try_from(failures.saturating_sub(1)) else {
        return SignedDuration::ZERO;
    };
    let seconds = 2_i64.checked_pow(doublings).and_then(|factor| factor.checked_mul(FIRST_S));
    SignedDuration::from_secs(seconds.map_or(LONGEST_S, |seconds| seconds.min(LONGEST_S)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let cases = [(-1, 0), (0, 0), (1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (i32::MAX, 300)];
        for (failures, seconds) in cases {
            assert_eq!(delay(failures).as_secs(), seconds, "{failures}");
        }
    }
}
