//! Two ascending streams of bars as one.

use market::BarSeries;

/// A batch of bars of which some were used.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) bars: BarSeries,
    pub(super) used: usize,
}

impl Batch {
    /// Whether every bar was used.
    pub(super) fn is_used(&self) -> bool {
        self.used == self.bars.len()
    }

    /// Forgets all bars and keeps their memory.
    pub(super) fn clear(&mut self) {
        let BarSeries { ts, open, high, low, close, volume } = &mut self.bars;
        ts.clear();
        for column in [open, high, low, close, volume] {
            column.clear();
        }
        self.used = 0;
    }

    /// Moves the bars up to position `end` to the end of `out`.
    fn give(&mut self, end: usize, out: &mut BarSeries) {
        let range = self.used..end;
        out.ts.extend_from_slice(&self.bars.ts[range.clone()]);
        out.open.extend_from_slice(&self.bars.open[range.clone()]);
        out.high.extend_from_slice(&self.bars.high[range.clone()]);
        out.low.extend_from_slice(&self.bars.low[range.clone()]);
        out.close.extend_from_slice(&self.bars.close[range.clone()]);
        out.volume.extend_from_slice(&self.bars.volume[range]);
        self.used = end;
    }

    /// Moves all bars that are left.
    pub(super) fn give_rest(&mut self, out: &mut BarSeries) {
        self.give(self.bars.len(), out);
    }
}

/// Merges until one batch is used up; of two bars of one instant the new one stays.
///
/// Answers how many old bars were replaced.
pub(super) fn merge(old: &mut Batch, new: &mut Batch, out: &mut BarSeries) -> u64 {
    let mut replaced = 0;
    while !old.is_used() && !new.is_used() {
        let (old_ts, new_ts) = (old.bars.ts[old.used], new.bars.ts[new.used]);
        if old_ts == new_ts {
            old.used += 1;
            replaced += 1;
        } else if old_ts < new_ts {
            let run = old.bars.ts[old.used..].partition_point(|ts| *ts < new_ts);
            old.give(old.used + run, out);
        } else {
            let run = new.bars.ts[new.used..].partition_point(|ts| *ts < old_ts);
            new.give(new.used + run, out);
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use market::{Bar, BarSeries};
    use proptest::collection::btree_set;
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{Batch, merge};

    fn batch(stamps: impl IntoIterator<Item = i64>, price: f64) -> Batch {
        let mut bars = BarSeries::default();
        for ts in stamps {
            bars.push(Bar { ts, open: price, high: price, low: price, close: price, volume: 0.0 });
        }
        Batch { bars, used: 0 }
    }

    proptest! {
        #[test]
        fn merging_is_a_map_where_the_new_wins(
            old in btree_set(0_i64..60, 0..30),
            new in btree_set(0_i64..60, 0..30),
        ) {
            let mut wanted: BTreeMap<i64, f64> = old.iter().map(|ts| (*ts, 1.0)).collect();
            wanted.extend(new.iter().map(|ts| (*ts, 2.0)));
            let both = old.intersection(&new).count() as u64;
            let (mut old, mut new) = (batch(old, 1.0), batch(new, 2.0));
            let mut out = BarSeries::default();
            let replaced = merge(&mut old, &mut new, &mut out);
            old.give_rest(&mut out);
            new.give_rest(&mut out);
            let merged: Vec<_> = out.ts.iter().copied().zip(out.close.iter().copied()).collect();
            prop_assert_eq!(merged, wanted.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(replaced, both);
        }
    }
}
