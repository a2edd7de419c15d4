//! Trading the spread of a pair.

use engine::{Argument, ColumnSpec, Entry, Now, Pair, PairTarget};
use quant::indicators::PAIRS_ZSCORE;

use crate::parameters::{bars, factor, sweep};

/// Sells the dear leg of a pair and buys the cheap one when their spread is unusually wide, until
/// it is normal again or so wide that the relation is lost.
///
/// The spread is the residual of ln A on ln B over the window; its z-score decides, and one unit of
/// A's notional is hedged with β units of B's.
///
/// Source: E. Gatev, W. Goetzmann and K. G. Rouwenhorst, “Pairs Trading”, Review of Financial
/// Studies 19, 2006; regression form: G. Vidyamurthy, “Pairs Trading”, 2004.
#[derive(Clone, Copy, Debug)]
pub struct PairsZscore;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "pairs_zscore",
    label: "Pairs",
    family: "pairs",
    description: "Trades the spread of two instruments back to its mean when its z-score is wide, \
                  and gives up when it is too wide.",
    source: "Gatev, Goetzmann and Rouwenhorst, Pairs Trading (2006)",
    params: &[
        bars("lookback", "bars of the regression", 3.0, 60.0, sweep(20.0, 250.0, 10.0)),
        factor("entry", "z-score beyond which it enters", 2.0, sweep(1.0, 3.0, 0.25)),
        factor("exit", "z-score below which it leaves", 0.5, sweep(0.0, 1.0, 0.25)),
        factor("stop", "z-score beyond which it gives up", 4.0, sweep(3.0, 6.0, 0.5)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Pair::<PairsZscore>::RUNNER,
};

const LOOKBACK: &[Argument] = &[Argument::Param(0)];

impl PairTarget for PairsZscore {
    const COLUMNS: &'static [ColumnSpec] = &[
        ColumnSpec::output(&PAIRS_ZSCORE, LOOKBACK, 0),
        ColumnSpec::output(&PAIRS_ZSCORE, LOOKBACK, 1),
    ];

    #[inline(always)]
    fn decide(now: Now<'_, f64>) -> f64 {
        let [_, entry, exit, stop, ..] = *now.params;
        let [z, ..] = *now.values;
        let distance = z.abs();
        let left = if distance < exit || distance > stop { 0.0 } else { now.held };
        let enters = left == 0.0 && distance > entry && distance <= stop;
        if enters { -z.signum() } else { left }
    }

    #[inline(always)]
    fn hedge_ratio(now: Now<'_, f64>) -> f64 {
        now.values[1]
    }
}
