//! Mean reversion from the Bollinger bands.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::BOLLINGER;

use crate::compare::{above, at_least, at_most, below};
use crate::parameters::{factor, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Buys closes below the lower band and sells short closes above the upper one, until the middle
/// is reached.
///
/// Source: J. Bollinger, “Bollinger on Bollinger Bands”, 2001.
#[derive(Clone, Copy, Debug)]
pub struct BollingerReversion;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "bollinger_reversion",
    label: "Bollinger reversion",
    family: "reversion",
    description: "Buys closes below the lower Bollinger band, sells short above the upper one, \
                  and leaves at the middle.",
    source: "Bollinger, Bollinger on Bollinger Bands (2001)",
    params: &[
        period("period", "bars of the bands", 20.0, sweep(10.0, 60.0, 5.0)),
        factor("k", "distance of the bands in deviations", 2.0, sweep(1.0, 3.0, 0.25)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<BollingerReversion>::RUNNER,
};

/// Bands of one deviation: the parameter's width is a product away, and a sweep over widths shares
/// the columns.
const ONE_DEVIATION: &[Argument] = &[Argument::Param(0), Argument::Fixed(1.0)];

impl Target for BollingerReversion {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&BOLLINGER, ONE_DEVIATION, 0),
        ColumnSpec::output(&BOLLINGER, ONE_DEVIATION, 1),
        ColumnSpec::Close,
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [_, k, ..] = *now.params;
        let [one_above, middle, close, ..] = *now.values;
        let width = k * (one_above - middle);
        enter_and_leave(
            now.held,
            Signals {
                enter_long: below(close, middle - width),
                enter_short: above(close, middle + width),
                leave_long: at_least(close, middle),
                leave_short: at_most(close, middle),
            },
        )
    }
}
