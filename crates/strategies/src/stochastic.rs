//! Crossings of the stochastic oscillator at its ends.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Mask, Now, Single, Target};
use quant::indicators::STOCHASTIC;

use crate::compare::{above, at_least, at_most, below, of_hundred, sides};
use crate::parameters::{level, period, sweep};
use crate::transitions::follow;

/// Long when K crosses above D from an oversold level, short when it crosses below D from an
/// overbought one; between crossings nothing changes.
///
/// Source: G. C. Lane, “Lane's Stochastics”, Technical Analysis of Stocks & Commodities, 1984.
#[derive(Clone, Copy, Debug)]
pub struct Stochastic;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "stochastic",
    label: "Stochastic",
    family: "reversion",
    description: "Long when the oscillator crosses above its average while oversold, out or short \
                  when it crosses below while overbought.",
    source: "Lane, Lane's Stochastics (1984)",
    params: &[
        period("k", "bars of the range", 14.0, sweep(5.0, 30.0, 1.0)),
        period("smooth", "bars that smooth the oscillator", 3.0, sweep(1.0, 5.0, 1.0)),
        period("d", "bars of the oscillator's average", 3.0, sweep(1.0, 5.0, 1.0)),
        level("oversold", "level below which it buys", 20.0, sweep(10.0, 30.0, 5.0)),
        level("overbought", "level above which it sells", 80.0, sweep(70.0, 90.0, 5.0)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<Stochastic>::RUNNER,
};

const PERIODS: &[Argument] = &[Argument::Param(0), Argument::Param(1), Argument::Param(2)];

impl Target for Stochastic {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&STOCHASTIC, PERIODS, 0),
        ColumnSpec::output(&STOCHASTIC, PERIODS, 1),
        ColumnSpec::previous(&STOCHASTIC, PERIODS, 0),
        ColumnSpec::previous(&STOCHASTIC, PERIODS, 1),
    ];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [_, _, _, oversold, overbought, ..] = now.params.map(of_hundred);
        let [k, d, k_before, d_before, ..] = now.values.map(of_hundred);
        let (up, down) = sides(k, d);
        let rises = at_most(k_before, d_before).and(up);
        let falls = at_least(k_before, d_before).and(down);
        follow(
            now.held,
            rises.and(below(k_before, oversold)),
            falls.and(above(k_before, overbought)),
        )
    }
}
