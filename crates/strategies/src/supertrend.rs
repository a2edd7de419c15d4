//! Following the Supertrend line.

use engine::{Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};
use quant::indicators::SUPERTREND;

use crate::parameters::{factor, period, sweep};
use crate::transitions::follow;

/// Holds the direction of the Supertrend: long while closes stay above the line, short while below.
///
/// Source: O. Seban, “Tout le monde mérite d'être riche”, 2008.
#[derive(Clone, Copy, Debug)]
pub struct Supertrend;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "supertrend",
    label: "Supertrend",
    family: "trend",
    description: "Holds the direction of the Supertrend, a trailing line some average true \
                  ranges from the price.",
    source: "Seban, Tout le monde mérite d'être riche (2008)",
    params: &[
        period("period", "bars of the true range", 10.0, sweep(5.0, 30.0, 1.0)),
        factor("multiplier", "distance of the line in true ranges", 3.0, sweep(1.0, 5.0, 0.5)),
    ],
    rule: None,
    intraday_only: false,
    runner: &Single::<Supertrend>::RUNNER,
};

impl Target for Supertrend {
    const COLUMNS: &'static [ColumnSpec] =
        &[ColumnSpec::output(&SUPERTREND, &[Argument::Param(0), Argument::Param(1)], 1)];

    #[inline(always)]
    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [direction, ..] = *now.values;
        let zero = L::splat(0.0);
        follow(now.held, direction.gt(zero), direction.lt(zero))
    }
}
