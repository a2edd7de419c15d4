//! Breakout from a volatility squeeze.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Mask, Now, Single, Target};
use quant::indicators::{BOLLINGER, DONCHIAN, KELTNER};

use crate::compare::{above, below, sides};
use crate::parameters::{factor, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Waits until the Bollinger bands have been inside the Keltner channel, and follows the momentum
/// with which they come out; leaves when the momentum changes its sign.
///
/// Momentum is the close less the mean of the Donchian middle and the moving average. Only a
/// squeeze that the strategy itself saw a bar before can end.
///
/// Source: J. F. Carter, “Mastering the Trade”, 2005 (the TTM squeeze).
#[derive(Clone, Copy, Debug)]
pub struct SqueezeBreakout;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "squeeze_breakout",
    label: "Squeeze breakout",
    family: "breakout",
    description: "Follows the momentum when the Bollinger bands leave the Keltner channel, until \
                  momentum changes its sign.",
    source: "Carter, Mastering the Trade (2005)",
    params: &[
        period("period", "bars of bands, channel and momentum", 20.0, sweep(10.0, 40.0, 2.0)),
        factor("bb_k", "distance of the bands in deviations", 2.0, sweep(1.5, 2.5, 0.25)),
        period("atr_period", "bars of the true range", 10.0, sweep(5.0, 30.0, 5.0)),
        factor("kc_k", "distance of the channel in true ranges", 1.5, sweep(1.0, 2.5, 0.25)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<SqueezeBreakout>::RUNNER,
};

/// Bands and channel of width one: the parameters' widths are a product away, and a sweep over
/// widths shares the columns.
const BANDS: &[Argument] = &[Argument::Param(0), Argument::Fixed(1.0)];
const CHANNEL: &[Argument] = &[Argument::Param(0), Argument::Param(2), Argument::Fixed(1.0)];

impl Target for SqueezeBreakout {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&BOLLINGER, BANDS, 0),
        ColumnSpec::output(&BOLLINGER, BANDS, 1),
        ColumnSpec::output(&KELTNER, CHANNEL, 0),
        ColumnSpec::output(&KELTNER, CHANNEL, 1),
        ColumnSpec::output(&DONCHIAN, &[Argument::Param(0)], 1),
        ColumnSpec::Close,
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, memory: &mut [L; MAX_MEMORY]) -> L {
        let [_, bb_k, _, kc_k, ..] = *now.params;
        let [band, average, channel, channel_average, middle, close, ..] = *now.values;
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        let band = bb_k * (band - average);
        let channel = kc_k * (channel - channel_average);
        let squeezed = below(average + band, channel_average + channel)
            .and(above(average - band, channel_average - channel));
        // The memory is NaN, and so no 1, before the first bar.
        let released = memory[0].eq(one).and(squeezed.not());
        memory[0] = L::select(squeezed, one, zero);
        let balance = (middle + average) / L::splat(2.0);
        let (rises, falls) = sides(close, balance);
        enter_and_leave(
            now.held,
            Signals {
                enter_long: released.and(rises),
                enter_short: released.and(falls),
                leave_long: falls,
                leave_short: rises,
            },
        )
    }
}
