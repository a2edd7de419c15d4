//! Crossover of two exponential moving averages.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::EMA;

use crate::compare::sides;
use crate::parameters::{period, sweep};
use crate::transitions::follow;

/// Long while the fast average lies above the slow one, short while below; equal ones change
/// nothing.
///
/// Source: G. Appel, “Technical Analysis: Power Tools for Active Investors”, 2005.
#[derive(Clone, Copy, Debug)]
pub struct EmaCrossover;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "ema_crossover",
    label: "EMA crossover",
    family: "trend",
    description: "Long while the fast exponential moving average is above the slow one, short \
                  while below.",
    source: "Appel, Technical Analysis: Power Tools for Active Investors (2005)",
    params: &[
        period("fast", "bars of the fast average", 12.0, sweep(3.0, 50.0, 1.0)),
        period("slow", "bars of the slow average", 26.0, sweep(10.0, 200.0, 2.0)),
    ],
    rule: Some("fast<slow"),
    intraday_only: false,
    runner: &Single::<EmaCrossover>::RUNNER,
};

impl Target for EmaCrossover {
    const COLUMNS: &'static [ColumnSpec] =
        &[ColumnSpec::of(&EMA, &[Argument::Param(0)]), ColumnSpec::of(&EMA, &[Argument::Param(1)])];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [fast, slow, ..] = *now.values;
        let (up, down) = sides(fast, slow);
        follow(now.held, up, down)
    }
}
