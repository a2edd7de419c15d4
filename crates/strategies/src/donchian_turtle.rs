//! Channel breakout of the Turtles.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::{ATR, DONCHIAN};

use crate::compare::{above, below};
use crate::parameters::{factor, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Buys closes above the highest high of the previous `entry` bars and leaves below the lowest low
/// of the previous `exit` bars, with a stop order some average true ranges from the entry; short
/// the other way round.
///
/// Source: R. Donchian's four-week rule (1960); C. M. Faith, “Way of the Turtle”, 2007.
#[derive(Clone, Copy, Debug)]
pub struct DonchianTurtle;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "donchian_turtle",
    label: "Donchian turtle",
    family: "trend",
    description: "Buys closes above the previous bars' highest high and leaves below a shorter \
                  channel's lowest low, with a stop in average true ranges.",
    source: "Faith, Way of the Turtle (2007)",
    params: &[
        period("entry", "bars of the channel that is entered on", 20.0, sweep(10.0, 100.0, 5.0)),
        period("exit", "bars of the channel that is left on", 10.0, sweep(5.0, 50.0, 5.0)),
        factor(
            "atr_stop",
            "distance of the stop from the entry in average true ranges of 20 bars, 0 for none",
            2.0,
            sweep(0.0, 4.0, 0.5),
        ),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<DonchianTurtle>::RUNNER,
};

const ENTRY_BARS: &[Argument] = &[Argument::Param(0)];
const EXIT_BARS: &[Argument] = &[Argument::Param(1)];

impl Target for DonchianTurtle {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::previous(&DONCHIAN, ENTRY_BARS, 0),
        ColumnSpec::previous(&DONCHIAN, ENTRY_BARS, 2),
        ColumnSpec::previous(&DONCHIAN, EXIT_BARS, 0),
        ColumnSpec::previous(&DONCHIAN, EXIT_BARS, 2),
        ColumnSpec::Close,
        ColumnSpec::of(&ATR, &[Argument::Fixed(20.0)]),
    ];
    const STOPS: bool = true;

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [entry_high, entry_low, exit_high, exit_low, close, ..] = *now.values;
        enter_and_leave(
            now.held,
            Signals {
                enter_long: above(close, entry_high),
                enter_short: below(close, entry_low),
                leave_long: below(close, exit_low),
                leave_short: above(close, exit_high),
            },
        )
    }

    #[inline(always)]
    fn stop_distance<L: Lane>(now: Now<'_, L>) -> L {
        let [_, _, atr_stop, ..] = *now.params;
        let [_, _, _, _, _, atr, ..] = *now.values;
        atr_stop * atr
    }
}
