//! The prices of a test: loaded series become histories.

use std::sync::Arc;

use engine::{DataReceipt, History, Series};
use market::Micros;

use super::LabError;
use super::costs::Costs;
use super::source::Loaded;

/// One test's prices.
#[derive(Debug)]
pub struct Prices {
    /// For the engine.
    pub history: History,
    /// Where each series came from.
    pub data: Vec<DataReceipt>,
}

/// One history of all series, on one account.
///
/// # Errors
/// [`LabError::Mixed`] for series of different timeframes or calendars; [`LabError::Failed`] for a
/// series that is too short.
pub fn together(loaded: Vec<Loaded>, costs: &Costs) -> Result<Prices, LabError> {
    let Some(first) = loaded.first() else {
        return Err(LabError::refused("no_instrument", "no instrument is named"));
    };
    let (timeframe, calendar) = (first.timeframe, first.calendar);
    let mut data = Vec::with_capacity(loaded.len());
    let mut series = Vec::with_capacity(loaded.len());
    for loaded in loaded {
        if (loaded.timeframe, loaded.calendar) != (timeframe, calendar) {
            return Err(LabError::Mixed(format!(
                "{} has {} bars of {}, and the first instrument {timeframe} of {}",
                loaded.symbol,
                loaded.timeframe,
                loaded.calendar.name(),
                calendar.name()
            )));
        }
        let (rules, multiplier) = costs.rules(&loaded)?;
        data.push(receipt(&loaded));
        let Loaded { symbol, bars, actions, .. } = loaded;
        let mut prepared =
            Series::new(symbol, Arc::new(bars), &actions, timeframe, calendar, rules)
                .map_err(|fault| LabError::failed("unusable_bars", fault))?;
        prepared.multiplier = multiplier;
        series.push(prepared);
    }
    let history = History::new(series, timeframe, calendar)
        .map_err(|fault| LabError::failed("unusable_bars", fault))?;
    Ok(Prices { history, data })
}

/// One history a series, each on an account of its own; `legs` series make one for a pair.
///
/// # Errors
/// As [`together`].
pub fn apart(loaded: Vec<Loaded>, legs: usize, costs: &Costs) -> Result<Vec<Prices>, LabError> {
    if !loaded.len().is_multiple_of(legs) {
        let fault = format!("a pair takes two instruments; {} given", loaded.len());
        return Err(LabError::refused("not_a_pair", fault));
    }
    let mut loaded = loaded.into_iter();
    let mut prices = Vec::new();
    loop {
        let subject: Vec<Loaded> = loaded.by_ref().take(legs).collect();
        if subject.is_empty() {
            return Ok(prices);
        }
        prices.push(together(subject, costs)?);
    }
}

impl Prices {
    /// The symbols, joined.
    pub fn name(&self) -> String {
        let symbols: Vec<&str> = self.history.series.iter().map(|s| s.symbol.as_str()).collect();
        symbols.join("/")
    }

    /// First and last bar.
    pub fn span(&self) -> (Micros, Micros) {
        let ends = self.history.series.iter().map(|series| {
            let ts = series.raw().ts;
            (ts.first().copied().unwrap_or_default(), ts.last().copied().unwrap_or_default())
        });
        ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default()
    }
}

/// Returns of a benchmark on the bars of an equity curve; its last close stands where it has no
/// bar. `None` where the benchmark begins later.
pub fn benchmark_returns(timeline: &[Micros], benchmark: &Loaded) -> Option<Vec<f64>> {
    let bars = benchmark.bars.bars();
    let close = |ts: Micros| {
        let bar = bars.ts.partition_point(|&at| at <= ts).checked_sub(1)?;
        Some(bars.close[bar])
    };
    let closes: Option<Vec<f64>> = timeline.iter().map(|&ts| close(ts)).collect();
    Some(quant::metrics::equity_returns(&closes?))
}

fn receipt(loaded: &Loaded) -> DataReceipt {
    let bars = loaded.bars.bars();
    let mut hasher = blake3::Hasher::new();
    hasher.update(&data::series_hash(bars));
    // Events are few; their JSON is as stable as the type.
    hasher.update(serde_json::to_string(&loaded.actions).unwrap_or_default().as_bytes());
    DataReceipt {
        symbol: loaded.symbol.clone(),
        source: loaded.origin.clone(),
        bars: bars.len(),
        hash: hasher.finalize().to_hex().to_string(),
    }
}
