//! Mean reversion by the relative strength index.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Mask, Now, Single, Target};
use quant::indicators::{ROC, RSI};

use crate::compare::{above, at_least, at_most, below, of_hundred};
use crate::parameters::{level, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Buys what has fallen too fast and sells short what has risen too fast, until the index is back
/// in the middle.
///
/// Source: J. W. Wilder, “New Concepts in Technical Trading Systems”, 1978; short periods: L.
/// Connors and C. Alvarez, “Short Term Trading Strategies That Work”, 2008.
#[derive(Clone, Copy, Debug)]
pub struct RsiMeanReversion;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "rsi_mean_reversion",
    label: "RSI",
    family: "reversion",
    description: "Buys below the oversold level of the relative strength index, sells short \
                  above the overbought one, and leaves at the exit level.",
    source: "Wilder, New Concepts in Technical Trading Systems (1978)",
    params: &[
        period("period", "bars of the index", 14.0, sweep(2.0, 30.0, 1.0)),
        level("oversold", "index below which it buys", 30.0, sweep(5.0, 45.0, 5.0)),
        level("overbought", "index above which it sells short", 70.0, sweep(55.0, 95.0, 5.0)),
        level("exit", "index at which it leaves", 50.0, sweep(40.0, 70.0, 5.0)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<RsiMeanReversion>::RUNNER,
};

impl Target for RsiMeanReversion {
    const COLUMNS: &'static [ColumnSpec] =
        &[ColumnSpec::of(&RSI, &[Argument::Param(0)]), ColumnSpec::of(&ROC, &[Argument::Param(0)])];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [_, oversold, overbought, exit, ..] = now.params.map(of_hundred);
        let [rsi, change, ..] = *now.values;
        // An index of 0 says that nothing rose. Where the close is lower than before its window it
        // is a signal; where nothing moved at all it says nothing.
        let tells = rsi.gt(L::splat(0.0)).or(below(of_hundred(change), L::splat(100.0)));
        let rsi = of_hundred(rsi);
        enter_and_leave(
            now.held,
            Signals {
                enter_long: tells.and(below(rsi, oversold)),
                enter_short: tells.and(above(rsi, overbought)),
                leave_long: tells.and(at_least(rsi, exit)),
                leave_short: tells.and(at_most(rsi, exit)),
            },
        )
    }
}
