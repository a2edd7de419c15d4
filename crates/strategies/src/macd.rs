//! Convergence and divergence of two moving averages.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::MACD;

use crate::compare::sides;
use crate::parameters::{period, sweep};
use crate::transitions::follow;

/// Long while the line (fast minus slow average) lies above its own average, short while below.
///
/// Source: G. Appel, “The Moving Average Convergence Divergence Trading Method”, 1979.
#[derive(Clone, Copy, Debug)]
pub struct Macd;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "macd",
    label: "MACD",
    family: "trend",
    description: "Long while the difference of two exponential moving averages is above its own \
                  average, short while below.",
    source: "Appel, The Moving Average Convergence Divergence Trading Method (1979)",
    params: &[
        period("fast", "bars of the fast average", 12.0, sweep(5.0, 20.0, 1.0)),
        period("slow", "bars of the slow average", 26.0, sweep(20.0, 60.0, 2.0)),
        period("signal", "bars of the line's average", 9.0, sweep(3.0, 15.0, 1.0)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<Macd>::RUNNER,
};

const PERIODS: &[Argument] = &[Argument::Param(0), Argument::Param(1), Argument::Param(2)];

impl Target for Macd {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&MACD, PERIODS, 0),
        ColumnSpec::output(&MACD, PERIODS, 1),
        ColumnSpec::Close,
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [line, signal, close, ..] = *now.values;
        // Both are differences of prices, so their rounding is that of prices: in a quiet market
        // all that is left of them would be noise, were they compared on their own scale.
        let (line, signal) = (close + line, close + signal);
        let (up, down) = sides(line, signal);
        follow(now.held, up, down)
    }
}
