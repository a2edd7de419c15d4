//! Bars as a struct of arrays.
//!
//! A bar is named by its open and known at its close. Columns are `Vec`s of one length, so that an
//! indicator reads a contiguous slice and a window is a sub-slice, never a copy.

use serde::{Deserialize, Serialize};

/// Opening instant of a bar: microseconds since 1970-01-01T00:00:00Z.
///
/// A daily or longer bar carries 00:00 UTC of its (first) session's date.
pub type Micros = i64;

/// An owned series of bars, oldest first.
///
/// The columns are public for reading and for bulk filling by importers; [`BarSeries::push`] keeps
/// them of one length. Whether rows are valid is [`BarSeries::validate`]'s to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BarSeries {
    /// Opening instants, strictly ascending.
    pub ts: Vec<Micros>,
    /// First traded prices.
    pub open: Vec<f64>,
    /// Highest traded prices.
    pub high: Vec<f64>,
    /// Lowest traded prices.
    pub low: Vec<f64>,
    /// Last traded prices.
    pub close: Vec<f64>,
    /// Traded quantities.
    pub volume: Vec<f64>,
}

/// One row of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Opening instant.
    pub ts: Micros,
    /// First traded price.
    pub open: f64,
    /// Highest traded price.
    pub high: f64,
    /// Lowest traded price.
    pub low: f64,
    /// Last traded price.
    pub close: f64,
    /// Traded quantity.
    pub volume: f64,
}

/// A borrowed window of a series: six slices of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bars<'a> {
    /// Opening instants, strictly ascending.
    pub ts: &'a [Micros],
    /// First traded prices.
    pub open: &'a [f64],
    /// Highest traded prices.
    pub high: &'a [f64],
    /// Lowest traded prices.
    pub low: &'a [f64],
    /// Last traded prices.
    pub close: &'a [f64],
    /// Traded quantities.
    pub volume: &'a [f64],
}

impl BarSeries {
    /// An empty series with room for `bars` rows.
    pub fn with_capacity(bars: usize) -> Self {
        Self {
            ts: Vec::with_capacity(bars),
            open: Vec::with_capacity(bars),
            high: Vec::with_capacity(bars),
            low: Vec::with_capacity(bars),
            close: Vec::with_capacity(bars),
            volume: Vec::with_capacity(bars),
        }
    }

    /// Appends one bar.
    pub fn push(&mut self, bar: Bar) {
        self.ts.push(bar.ts);
        self.open.push(bar.open);
        self.high.push(bar.high);
        self.low.push(bar.low);
        self.close.push(bar.close);
        self.volume.push(bar.volume);
    }

    /// Number of bars.
    #[inline]
    pub fn len(&self) -> usize {
        self.ts.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// The whole series as slices.
    #[inline]
    pub fn bars(&self) -> Bars<'_> {
        Bars {
            ts: &self.ts,
            open: &self.open,
            high: &self.high,
            low: &self.low,
            close: &self.close,
            volume: &self.volume,
        }
    }
}

impl<'a> Bars<'a> {
    /// Number of bars.
    #[inline]
    pub fn len(&self) -> usize {
        self.ts.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// Bar `index`, counted from the oldest.
    ///
    /// # Panics
    /// When `index` is not below [`Bars::len`].
    #[inline]
    pub fn get(&self, index: usize) -> Bar {
        Bar {
            ts: self.ts[index],
            open: self.open[index],
            high: self.high[index],
            low: self.low[index],
            close: self.close[index],
            volume: self.volume[index],
        }
    }

    /// The bars one after another, oldest first.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Bar> + use<'a> {
        let prices = self.open.iter().zip(self.high).zip(self.low).zip(self.close);
        self.ts.iter().zip(prices).zip(self.volume).map(
            |((&ts, (((&open, &high), &low), &close)), &volume)| Bar {
                ts,
                open,
                high,
                low,
                close,
                volume,
            },
        )
    }

    /// The bars of `range`, without a copy.
    ///
    /// # Panics
    /// When `range` reaches beyond the series.
    #[inline]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Bars<'a> {
        Bars {
            ts: &self.ts[range.clone()],
            open: &self.open[range.clone()],
            high: &self.high[range.clone()],
            low: &self.low[range.clone()],
            close: &self.close[range.clone()],
            volume: &self.volume[range],
        }
    }

    /// A copy that owns its columns.
    pub fn to_series(&self) -> BarSeries {
        BarSeries {
            ts: self.ts.to_vec(),
            open: self.open.to_vec(),
            high: self.high.to_vec(),
            low: self.low.to_vec(),
            close: self.close.to_vec(),
            volume: self.volume.to_vec(),
        }
    }
}
