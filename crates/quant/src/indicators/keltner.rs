//! Keltner channel.

use super::atr::true_range;
use super::cci::typical_price;
use super::decay::{Decay, Smoothing};
use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::{Window, sum};
use super::{Columns, Row};

/// Keltner channel: `upper`, `middle`, `lower`, from bar max(n − 1, m).
pub static KELTNER: Definition = Definition {
    name: "keltner",
    label: "Keltner channel",
    params: &[
        Param::period("period", 20),
        Param::period("atr_period", 10),
        Param::factor("k", 2.0),
    ],
    outputs: &["upper", "middle", "lower"],
    first_valid: |params, _| (bars(params, 0) - 1).max(bars(params, 1)),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let columns = [columns.high, columns.low, columns.close];
        keltner_into(columns, widths(params), slices(outputs));
    },
    stream: |params| Box::new(KeltnerStream::new(widths(params))),
};

fn widths(params: &[f64]) -> KeltnerWidths {
    KeltnerWidths { period: bars(params, 0), atr_period: bars(params, 1), k: params[2] }
}

/// Parameters of a Keltner channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeltnerWidths {
    /// Period n of the middle in bars, at least 1.
    pub period: usize,
    /// Period m of the average true range in bars, at least 1.
    pub atr_period: usize,
    /// Average true ranges from the middle to either end.
    pub k: f64,
}

/// Upper end, middle and lower end: the exponential average of the typical price (H + L + C)/3,
/// and `k` average true ranges above and below it; columns are high, low and close.
///
/// Both averages are seeded at bar s = max(n − 1, m), with the means of the n prices and of the m
/// true ranges that end there; NaN before.
///
/// # Panics
/// When a period is 0 or the columns' lengths differ.
pub fn keltner(high_low_close: [&[f64]; 3], widths: KeltnerWidths) -> [Vec<f64>; 3] {
    let mut out = [(); 3].map(|()| vec![f64::NAN; high_low_close[2].len()]);
    keltner_into(high_low_close, widths, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`keltner`] into the caller's slices.
///
/// # Panics
/// When a period is 0 or the lengths differ.
pub fn keltner_into(high_low_close: [&[f64]; 3], widths: KeltnerWidths, out: [&mut [f64]; 3]) {
    let [high, low, close] = high_low_close;
    let mut stream = KeltnerStream::new(widths);
    fill(close.len(), out, |i| stream.update(high[i], low[i], close[i]));
}

/// [`keltner`] one bar at a time.
#[derive(Clone, Debug)]
pub struct KeltnerStream {
    widths: KeltnerWidths,
    before: f64,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    /// `left` bars to come before the seed.
    WarmUp {
        prices: Window,
        ranges: Window,
        left: usize,
    },
    Running {
        price: Smoothing,
        range: Smoothing,
    },
}

impl KeltnerStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When a period is 0.
    pub fn new(widths: KeltnerWidths) -> KeltnerStream {
        let KeltnerWidths { period, atr_period, .. } = widths;
        let (prices, ranges) = (Window::new(period), Window::new(atr_period));
        let left = (period - 1).max(atr_period);
        KeltnerStream { widths, before: f64::NAN, phase: Phase::WarmUp { prices, ranges, left } }
    }

    /// Takes the next bar and returns upper end, middle and lower end, NaN before bar s.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> [f64; 3] {
        let price = typical_price(high, low, close);
        let range = true_range(high, low, self.before);
        self.before = close;
        let (middle, range) = match &mut self.phase {
            Phase::Running { price: prices, range: ranges } => {
                (prices.update_apart(price), ranges.update_apart(range))
            }
            Phase::WarmUp { prices, ranges, left } => {
                prices.push(price);
                // The first bar's range is NaN; m later ones have pushed it out by bar s.
                ranges.push(range);
                if *left > 0 {
                    *left -= 1;
                    return [f64::NAN; 3];
                }
                let KeltnerWidths { period, atr_period, .. } = self.widths;
                let price = sum(prices.values()) / period as f64;
                let range = sum(ranges.values()) / atr_period as f64;
                self.phase = Phase::Running {
                    price: Smoothing::new(Decay::exponential(period), price),
                    range: Smoothing::new(Decay::wilder(atr_period), range),
                };
                (price, range)
            }
        };
        let width = self.widths.k * range;
        [middle + width, middle, middle - width]
    }
}

impl Step for KeltnerStream {
    type Values = [f64; 3];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.high, row.low, row.close)
    }
}
