//! Comparisons that rounding does not decide.
//!
//! Two averages that are equal on paper differ in the last bits when they are computed in
//! different orders. A crossing takes a relative difference of at most [`TOLERANCE`] as none.
//! Every comparison with NaN is false, so a value that is not there decides nothing.

use engine::Lane;

/// Relative difference up to which two computed values are the same.
const TOLERANCE: f64 = 1e-12;

/// Whether `a` lies above `b`.
#[inline(always)]
pub(crate) fn above<L: Lane>(a: L, b: L) -> L::Mask {
    (a - b).gt(slack(a, b))
}

/// Whether `a` lies below `b`.
#[inline(always)]
pub(crate) fn below<L: Lane>(a: L, b: L) -> L::Mask {
    above(b, a)
}

/// Whether `a` lies above `b`, and whether it lies below.
#[inline(always)]
pub(crate) fn sides<L: Lane>(a: L, b: L) -> (L::Mask, L::Mask) {
    let (difference, slack) = (a - b, slack(a, b));
    (difference.gt(slack), difference.lt(-slack))
}

/// Whether `a` lies above `b` or at it.
#[inline(always)]
pub(crate) fn at_least<L: Lane>(a: L, b: L) -> L::Mask {
    slack(a, b).ge(b - a)
}

/// Whether `a` lies below `b` or at it.
#[inline(always)]
pub(crate) fn at_most<L: Lane>(a: L, b: L) -> L::Mask {
    at_least(b, a)
}

/// A percentage on the scale by which it rounds: that of a whole hundred, however small it is.
///
/// Ratios of tick prices hit round levels exactly, and their last bits would then decide.
#[inline(always)]
pub(crate) fn of_hundred<L: Lane>(percent: L) -> L {
    L::splat(100.0) + percent
}

#[inline(always)]
fn slack<L: Lane>(a: L, b: L) -> L {
    a.abs().max(b.abs()) * L::splat(TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_within_the_tolerance_are_none() {
        let close = 1.0 + 0.9e-12;
        let apart = 1.0 + 1.1e-12;
        // a, b; above, below, at least, at most.
        let cases = [
            (of_hundred(2e-10), of_hundred(0.0), [true, false, true, false]),
            (of_hundred(1e-11), of_hundred(0.0), [false, false, true, true]),
            (1.0, 1.0, [false, false, true, true]),
            (close, 1.0, [false, false, true, true]),
            (1.0, close, [false, false, true, true]),
            (apart, 1.0, [true, false, true, false]),
            (1.0, apart, [false, true, false, true]),
            (-1.0, -apart, [true, false, true, false]),
            (-1.0, 1.0, [false, true, false, true]),
            (0.0, 0.0, [false, false, true, true]),
            (0.0, -0.0, [false, false, true, true]),
            (1e-300, 0.0, [true, false, true, false]),
            (close * 1e9, 1e9, [false, false, true, true]),
            (f64::NAN, 1.0, [false; 4]),
            (1.0, f64::NAN, [false; 4]),
            (f64::NAN, f64::NAN, [false; 4]),
        ];
        for (a, b, expected) in cases {
            let found = [above(a, b), below(a, b), at_least(a, b), at_most(a, b)];
            assert_eq!(found, expected, "{a} and {b}");
            assert_eq!(sides(a, b), (found[0], found[1]), "{a} and {b}");
        }
    }
}
