//! Crossover of two simple moving averages.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::SMA;

use crate::compare::sides;
use crate::parameters::{period, sweep};
use crate::transitions::follow;

/// Long while the fast average lies above the slow one, short while below; equal ones change
/// nothing.
///
/// Source: W. Brock, J. Lakonishok and B. LeBaron, “Simple Technical Trading Rules and the
/// Stochastic Properties of Stock Returns”, Journal of Finance 47, 1992.
#[derive(Clone, Copy, Debug)]
pub struct SmaCrossover;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "sma_crossover",
    label: "SMA crossover",
    family: "trend",
    description: "Long while the fast simple moving average is above the slow one, short while \
                  below.",
    source: "Brock, Lakonishok and LeBaron, Simple Technical Trading Rules and the Stochastic \
             Properties of Stock Returns (1992)",
    params: &[
        period("fast", "bars of the fast average", 20.0, sweep(2.0, 100.0, 1.0)),
        period("slow", "bars of the slow average", 50.0, sweep(5.0, 200.0, 5.0)),
    ],
    rule: Some("fast<slow"),
    intraday_only: false,
    runner: &Single::<SmaCrossover>::RUNNER,
};

impl Target for SmaCrossover {
    const COLUMNS: &'static [ColumnSpec] =
        &[ColumnSpec::of(&SMA, &[Argument::Param(0)]), ColumnSpec::of(&SMA, &[Argument::Param(1)])];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [fast, slow, ..] = *now.values;
        let (up, down) = sides(fast, slow);
        follow(now.held, up, down)
    }
}
