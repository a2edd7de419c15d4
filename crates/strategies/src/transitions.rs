//! How targets change: the two shapes that all strategies here share.

use engine::{Lane, Mask};

/// Long where `up`, short where `down`, else as before.
#[inline(always)]
pub(crate) fn follow<L: Lane>(held: L, up: L::Mask, down: L::Mask) -> L {
    L::select(up, L::splat(1.0), L::select(down, L::splat(-1.0), held))
}

/// What a strategy that enters and leaves by different rules sees at a bar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signals<M> {
    /// A flat account becomes long.
    pub(crate) enter_long: M,
    /// A flat account becomes short.
    pub(crate) enter_short: M,
    /// A long position ends.
    pub(crate) leave_long: M,
    /// A short position ends.
    pub(crate) leave_short: M,
}

/// The target after this bar: a position is left first, and a flat account may enter at once.
#[inline(always)]
pub(crate) fn enter_and_leave<L: Lane>(held: L, signals: Signals<L::Mask>) -> L {
    let zero = L::splat(0.0);
    let leaves = held.gt(zero).and(signals.leave_long).or(held.lt(zero).and(signals.leave_short));
    let left = L::select(leaves, zero, held);
    let entered = follow(left, signals.enter_long, signals.enter_short);
    L::select(left.eq(zero), entered, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_left_before_others_are_entered() {
        let none = Signals {
            enter_long: false,
            enter_short: false,
            leave_long: false,
            leave_short: false,
        };
        let cases = [
            ("nothing", none, [-1.0, 0.0, 1.0]),
            ("long", Signals { enter_long: true, ..none }, [-1.0, 1.0, 1.0]),
            ("short", Signals { enter_short: true, ..none }, [-1.0, -1.0, 1.0]),
            ("out", Signals { leave_long: true, leave_short: true, ..none }, [0.0; 3]),
            ("reversal", Signals { leave_short: true, enter_long: true, ..none }, [1.0, 1.0, 1.0]),
            (
                "out and in again",
                Signals { leave_long: true, enter_long: true, ..none },
                [-1.0, 1.0, 1.0],
            ),
        ];
        for (name, signals, expected) in cases {
            let found = [-1.0, 0.0, 1.0].map(|held| enter_and_leave(held, signals));
            assert_eq!(found, expected, "{name}");
        }
    }
}
