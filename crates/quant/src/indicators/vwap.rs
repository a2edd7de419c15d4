//! Volume-weighted average price, and the deviation around it.

use super::cci::typical_price;
use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::{Columns, Row};

/// Volume-weighted average price since the anchor: `vwap`, from bar 0.
///
/// The parameter `anchor` is 0 for `session` (starts again with every session) and 1 for
/// `first_bar` (the whole series); [`Param::parse`] takes the words.
pub static VWAP: Definition = Definition {
    name: "vwap",
    label: "Volume-weighted average price",
    params: &[Param::choice("anchor", &["session", "first_bar"])],
    outputs: &["vwap"],
    first_valid: |_, _| 0,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        vwap_into(prices_and_volume(columns), sessions(params, columns), out);
    },
    stream: |params| Box::new(AnchoredVwap { vwap: VwapStream::new(), anchor: anchor(params) }),
};

/// Session VWAP with the deviation of prices around it: `vwap` and `sigma`, from bar 0.
pub static VWAP_BANDS: Definition = Definition {
    name: "vwap_bands",
    label: "Session VWAP with deviation",
    params: &[],
    outputs: &["vwap", "sigma"],
    first_valid: |_, _| 0,
    displacement: in_place,
    compute: |_, columns: &Columns, outputs| {
        let sessions = columns.bar_in_session;
        vwap_bands_into(prices_and_volume(columns), sessions, slices(outputs));
    },
    stream: |_| Box::new(VwapBandsStream::new()),
};

/// Where a VWAP starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Anchor {
    Session,
    FirstBar,
}

fn anchor(params: &[f64]) -> Anchor {
    if bars(params, 0) == 0 { Anchor::Session } else { Anchor::FirstBar }
}

fn sessions<'a>(params: &[f64], columns: &Columns<'a>) -> &'a [u32] {
    match anchor(params) {
        Anchor::Session => columns.bar_in_session,
        Anchor::FirstBar => &[],
    }
}

fn prices_and_volume<'a>(columns: &Columns<'a>) -> [&'a [f64]; 4] {
    [columns.high, columns.low, columns.close, columns.volume]
}

/// Volume-weighted averages of the typical price (H + L + C)/3 since the last session's first
/// bar; columns are high, low, close and volume.
///
/// `bar_in_session` is 0 at the first bar of a session; empty means one session. NaN while there
/// is no volume.
///
/// # Panics
/// When the lengths differ.
pub fn vwap(high_low_close_volume: [&[f64]; 4], bar_in_session: &[u32]) -> Vec<f64> {
    let mut out = vec![f64::NAN; high_low_close_volume[3].len()];
    vwap_into(high_low_close_volume, bar_in_session, &mut out);
    out
}

/// [`vwap`] into the caller's slice.
///
/// # Panics
/// When the lengths differ.
pub fn vwap_into(high_low_close_volume: [&[f64]; 4], bar_in_session: &[u32], out: &mut [f64]) {
    let [high, low, close, volume] = high_low_close_volume;
    let mut stream = VwapStream::new();
    fill(volume.len(), [out], |i| {
        let starts = starts_session(bar_in_session, i);
        [stream.update(starts, typical_price(high[i], low[i], close[i]), volume[i])]
    });
}

/// VWAP as in [`vwap`], and the deviation σ = √(ΣV·(price − VWAP)²/ΣV) of the session's prices.
///
/// σ is exactly 0 while a session has had one price only, and NaN while there is no volume.
///
/// # Panics
/// When the lengths differ.
pub fn vwap_bands(high_low_close_volume: [&[f64]; 4], bar_in_session: &[u32]) -> [Vec<f64>; 2] {
    let mut out = [(); 2].map(|()| vec![f64::NAN; high_low_close_volume[3].len()]);
    vwap_bands_into(high_low_close_volume, bar_in_session, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`vwap_bands`] into the caller's slices.
///
/// # Panics
/// When the lengths differ.
pub fn vwap_bands_into(
    high_low_close_volume: [&[f64]; 4],
    bar_in_session: &[u32],
    out: [&mut [f64]; 2],
) {
    let [high, low, close, volume] = high_low_close_volume;
    let mut stream = VwapBandsStream::new();
    fill(volume.len(), out, |i| {
        let starts = starts_session(bar_in_session, i);
        stream.update(starts, typical_price(high[i], low[i], close[i]), volume[i])
    });
}

#[inline(always)]
fn starts_session(bar_in_session: &[u32], i: usize) -> bool {
    !bar_in_session.is_empty() && bar_in_session[i] == 0
}

/// [`vwap`] one bar at a time.
#[derive(Clone, Debug, Default)]
pub struct VwapStream {
    turnover: f64,
    volume: f64,
}

impl VwapStream {
    /// Starts without bars.
    pub fn new() -> VwapStream {
        VwapStream::default()
    }

    /// Takes the typical price and volume of the next bar; `starts` tells that a session begins
    /// with it. Returns the VWAP, NaN while there is no volume.
    #[inline(always)]
    pub fn update(&mut self, starts: bool, price: f64, volume: f64) -> f64 {
        if starts {
            *self = VwapStream::default();
        }
        self.turnover += price * volume;
        self.volume += volume;
        // Zero over zero is the NaN that stands for “no value”.
        self.turnover / self.volume
    }
}

/// [`vwap_bands`] one bar at a time.
#[derive(Clone, Debug, Default)]
pub struct VwapBandsStream {
    vwap: VwapStream,
    /// First price of the session with volume. Deviations are taken of distances from it, which are exactly
    /// 0 while the price stands still.
    origin: Option<f64>,
    /// Σ volume × distance, and the VWAP as a distance.
    turnover: f64,
    mean: f64,
    /// Σ volume × squared distance from the VWAP.
    squares: f64,
}

impl VwapBandsStream {
    /// Starts without bars.
    pub fn new() -> VwapBandsStream {
        VwapBandsStream::default()
    }

    /// Takes the typical price and volume of the next bar; `starts` tells that a session begins
    /// with it. Returns VWAP and σ, NaN while there is no volume.
    #[inline(always)]
    pub fn update(&mut self, starts: bool, price: f64, volume: f64) -> [f64; 2] {
        if starts {
            *self = VwapBandsStream::default();
        }
        let vwap = self.vwap.update(false, price, volume);
        let total = self.vwap.volume;
        if total == 0.0 {
            // A price at which nothing was traded is no origin: a distance from it is rounded.
            return [f64::NAN; 2];
        }
        let distance = price - *self.origin.get_or_insert(price);
        self.turnover += distance * volume;
        // D. H. D. West, “Updating Mean and Variance Estimates”, 1979.
        let mean = self.turnover / total;
        self.squares += volume * ((distance - self.mean) * (distance - mean));
        self.mean = mean;
        let squares = if self.squares > 0.0 { self.squares } else { 0.0 };
        [vwap, (squares / total).sqrt()]
    }
}

struct AnchoredVwap {
    vwap: VwapStream,
    anchor: Anchor,
}

impl Step for AnchoredVwap {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        let starts = self.anchor == Anchor::Session && row.bar_in_session == 0;
        [self.vwap.update(starts, typical_price(row.high, row.low, row.close), row.volume)]
    }
}

impl Step for VwapBandsStream {
    type Values = [f64; 2];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 2] {
        let price = typical_price(row.high, row.low, row.close);
        self.update(row.bar_in_session == 0, price, row.volume)
    }
}
