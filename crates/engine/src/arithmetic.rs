//! The money of one step, written once for a single backtest and for lanes of a sweep.
//!
//! The order of operations is part of the result: whoever changes it changes receipts.

use crate::costs::{LotSize, floor_to_lot};
use crate::lane::Lane;

/// Commission of a fill under a schedule that is linear in notional.
#[inline(always)]
pub(crate) fn linear_fee<L: Lane>(quantity: L, price: L, rate: f64) -> L {
    quantity * price * L::splat(rate)
}

/// Cash after trading `signed` units (a sale is negative) at `price` and paying `fee`.
#[inline(always)]
pub(crate) fn cash_after<L: Lane>(cash: L, signed: L, price: L, fee: L) -> L {
    cash - signed * price - fee
}

/// Units that `money` buys, fee included, rounded down to the lot; none when there is no money.
#[inline(always)]
pub(crate) fn affordable<L: Lane>(money: L, price: L, fee_rate: f64, lot: LotSize) -> L {
    let units = floor_to_lot(money / (price * L::splat(1.0 + fee_rate)), lot);
    units.max(L::splat(0.0))
}

/// What an account is worth when its position is valued at `mark`.
#[inline(always)]
pub(crate) fn equity<L: Lane>(cash: L, quantity: L, mark: L) -> L {
    cash + quantity * mark
}
