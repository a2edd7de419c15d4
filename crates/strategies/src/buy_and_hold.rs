//! Buying once.

use engine::{ColumnSpec, Entry, Lane, MAX_MEMORY, Now, Single, Target};

/// Long from the first bar on: what every other strategy has to beat.
///
/// Source: B. Malkiel, “A Random Walk Down Wall Street”, 1973.
#[derive(Clone, Copy, Debug)]
pub struct BuyAndHold;

/// The entry of the catalogue.
pub static ENTRY: Entry = Entry {
    name: "buy_and_hold",
    label: "Buy and hold",
    family: "benchmark",
    description: "Buys at the first bar and holds: what every other strategy has to beat.",
    source: "Malkiel, A Random Walk Down Wall Street (1973)",
    params: &[],
    rule: None,
    intraday_only: false,
    runner: &Single::<BuyAndHold>::RUNNER,
};

impl Target for BuyAndHold {
    const COLUMNS: &'static [ColumnSpec] = &[];

    #[inline(always)]
    fn decide<L: Lane>(_: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        L::splat(1.0)
    }
}
