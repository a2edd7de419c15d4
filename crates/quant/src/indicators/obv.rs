//! On-balance volume.

use super::definition::{Definition, Step, fill, in_place, slices};
use super::{Columns, Row};

/// On-balance volume: `obv`, from bar 0.
pub static OBV: Definition = Definition {
    name: "obv",
    label: "On-balance volume",
    params: &[],
    outputs: &["obv"],
    first_valid: |_, _| 0,
    displacement: in_place,
    compute: |_, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        obv_into(columns.close, columns.volume, out);
    },
    stream: |_| Box::new(ObvStream::new()),
};

/// Volume of the first bar, plus that of bars that close higher than the one before, less that
/// of bars that close lower.
///
/// Source: J. Granville, “Granville's New Key to Stock Market Profits”, 1963.
///
/// # Panics
/// When the lengths differ.
pub fn obv(close: &[f64], volume: &[f64]) -> Vec<f64> {
    let mut out = vec![f64::NAN; close.len()];
    obv_into(close, volume, &mut out);
    out
}

/// [`obv`] into the caller's slice.
///
/// # Panics
/// When the lengths differ.
pub fn obv_into(close: &[f64], volume: &[f64], out: &mut [f64]) {
    let mut stream = ObvStream::new();
    fill(close.len(), [out], |i| [stream.update(close[i], volume[i])]);
}

/// [`obv`] one bar at a time.
#[derive(Clone, Debug)]
pub struct ObvStream {
    before: f64,
    total: f64,
}

impl Default for ObvStream {
    fn default() -> ObvStream {
        ObvStream::new()
    }
}

impl ObvStream {
    /// Starts without bars.
    pub fn new() -> ObvStream {
        // Below any close, so that the first bar's volume is added.
        ObvStream { before: f64::NEG_INFINITY, total: 0.0 }
    }

    /// Takes the next bar and returns the balance.
    #[inline(always)]
    pub fn update(&mut self, close: f64, volume: f64) -> f64 {
        let rise = f64::from(u8::from(close > self.before));
        let fall = f64::from(u8::from(close < self.before));
        self.total += (rise - fall) * volume;
        self.before = close;
        self.total
    }
}

impl Step for ObvStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close, row.volume)]
    }
}
