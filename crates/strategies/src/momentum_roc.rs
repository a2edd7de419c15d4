//! Time-series momentum by the rate of change.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::ROC;

use crate::compare::{above, at_least, at_most, below, of_hundred};
use crate::parameters::{factor, period, sweep};
use crate::transitions::{Signals, enter_and_leave};

/// Long when the price has risen by more than a threshold, short when it has fallen by more;
/// leaves when the change is undone.
///
/// Source: T. Moskowitz, Y. H. Ooi and L. H. Pedersen, “Time Series Momentum”, Journal of
/// Financial Economics 104, 2012.
#[derive(Clone, Copy, Debug)]
pub struct MomentumRoc;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "momentum_roc",
    label: "Momentum",
    family: "trend",
    description: "Long when the price has risen by more than a threshold over a period, short \
                  when it has fallen by more, until the change is undone.",
    source: "Moskowitz, Ooi and Pedersen, Time Series Momentum (2012)",
    params: &[
        period("period", "bars of the change", 90.0, sweep(10.0, 250.0, 10.0)),
        factor("threshold", "change that is followed, in percent", 0.0, sweep(0.0, 10.0, 1.0)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<MomentumRoc>::RUNNER,
};

impl Target for MomentumRoc {
    const COLUMNS: &'static [ColumnSpec] = &[ColumnSpec::of(&ROC, &[Argument::Param(0)])];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [_, threshold, ..] = *now.params;
        let [change, ..] = *now.values;
        let (unchanged, level) = (L::splat(100.0), of_hundred(change));
        enter_and_leave(
            now.held,
            Signals {
                enter_long: above(level, of_hundred(threshold)),
                enter_short: below(level, of_hundred(-threshold)),
                leave_long: at_most(level, unchanged),
                leave_short: at_least(level, unchanged),
            },
        )
    }
}
