//! Intraday reversion to the volume-weighted average price.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Mask, Now, Single, Target};
use quant::indicators::VWAP_BANDS;

use crate::compare::{above, at_least, at_most, below};
use crate::parameters::{bars, factor, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Buys closes far below the session's VWAP and sells short closes far above it, until VWAP is
/// reached or the session ends.
///
/// A position is given up while `flat_bars_before_close` bars of the session are still to come, so
/// that an order for the next open is done before them.
///
/// Source: S. Berkowitz, D. Logue and E. Noser, “The Total Cost of Transactions on the NYSE”,
/// Journal of Finance 43, 1988 (VWAP as a day's fair price).
#[derive(Clone, Copy, Debug)]
pub struct VwapReversion;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "vwap_reversion",
    label: "VWAP reversion",
    family: "intraday",
    description: "Buys closes some deviations below the session's VWAP, sells short above it, \
                  leaves at VWAP and is flat before the close.",
    source: "Berkowitz, Logue and Noser, The Total Cost of Transactions on the NYSE (1988)",
    params: &[
        factor("k", "distance from VWAP in deviations", 2.0, sweep(1.0, 3.0, 0.25)),
        bars(
            "warmup_bars",
            "first bars of a session without an entry",
            0.0,
            6.0,
            sweep(3.0, 20.0, 1.0),
        ),
        bars(
            "flat_bars_before_close",
            "last bars of a session without a position",
            0.0,
            2.0,
            sweep(1.0, 10.0, 1.0),
        ),
    ],
    rule: None,
    intraday_only: true,
    runner: &Single::<VwapReversion>::RUNNER,
};

const NONE: &[Argument] = &[];

impl Target for VwapReversion {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&VWAP_BANDS, NONE, 0),
        ColumnSpec::output(&VWAP_BANDS, NONE, 1),
        ColumnSpec::Close,
        ColumnSpec::BarInSession,
        ColumnSpec::BarsToClose,
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [k, warmup_bars, flat_bars, ..] = *now.params;
        let [vwap, sigma, close, bar_in_session, bars_to_close, ..] = *now.values;
        let zero = L::splat(0.0);
        let enters = sigma.gt(zero).and(bar_in_session.ge(warmup_bars));
        let target = enter_and_leave(
            now.held,
            Signals {
                enter_long: enters.and(below(close, vwap - k * sigma)),
                enter_short: enters.and(above(close, vwap + k * sigma)),
                leave_long: at_least(close, vwap),
                leave_short: at_most(close, vwap),
            },
        );
        L::select(bars_to_close.le(flat_bars), zero, target)
    }
}
