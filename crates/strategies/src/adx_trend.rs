//! Following a trend that the average directional index confirms.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Mask, Now, Single, Target};
use quant::indicators::ADX;

use crate::compare::{at_least, below, of_hundred, sides};
use crate::parameters::{level, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// In a strong trend goes with the stronger directional index; leaves when the other one becomes
/// stronger or the trend weak.
///
/// Source: J. W. Wilder, “New Concepts in Technical Trading Systems”, 1978.
#[derive(Clone, Copy, Debug)]
pub struct AdxTrend;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "adx_trend",
    label: "ADX trend",
    family: "trend",
    description: "Goes with the stronger directional index while the average directional index \
                  shows a trend.",
    source: "Wilder, New Concepts in Technical Trading Systems (1978)",
    params: &[
        period("period", "bars of the index", 14.0, sweep(7.0, 30.0, 1.0)),
        level("threshold", "index from which it enters", 25.0, sweep(15.0, 40.0, 5.0)),
        level("exit", "index below which it leaves", 20.0, sweep(10.0, 30.0, 5.0)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<AdxTrend>::RUNNER,
};

const PERIOD: &[Argument] = &[Argument::Param(0)];

impl Target for AdxTrend {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&ADX, PERIOD, 0),
        ColumnSpec::output(&ADX, PERIOD, 1),
        ColumnSpec::output(&ADX, PERIOD, 2),
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [_, threshold, exit, ..] = now.params.map(of_hundred);
        let [adx, plus, minus, ..] = now.values.map(of_hundred);
        let (rises, falls) = sides(plus, minus);
        let (strong, weak) = (at_least(adx, threshold), below(adx, exit));
        enter_and_leave(
            now.held,
            Signals {
                enter_long: strong.and(rises),
                enter_short: strong.and(falls),
                leave_long: weak.or(falls),
                leave_short: weak.or(rises),
            },
        )
    }
}
