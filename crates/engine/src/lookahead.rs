//! Proof that a strategy does not look ahead: history is cut at random bars, and every decision up
//! to the cut must stay what it was.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use quant::statistics::sample_indices;
use serde::Serialize;

use crate::backtest::Setup;
use crate::gate::AllowAll;
use crate::history::History;
use crate::params::Params;
use crate::report::bar_time;
use crate::strategy::{Entry, Job, StrategyError};

/// What the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lookahead {
    /// Whether every decision stayed what it was.
    pub passed: bool,
    /// Decisions compared.
    pub checked: u64,
    /// Cuts made.
    pub cuts: usize,
    /// The first decision that changed.
    pub first_difference: Option<Difference>,
}

/// A decision that changed when later bars were taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The instrument.
    pub symbol: String,
    /// Date or instant of the bar.
    pub bar: String,
    /// Decision with all of history.
    pub with_future: i8,
    /// Decision when history ended at `cut`.
    pub without_future: i8,
    /// Date or instant of the last bar left.
    pub cut: String,
}

/// Compares the decisions of a strategy with those it makes when history ends at each of `cuts`
/// bars drawn by `seed`.
///
/// # Errors
/// [`StrategyError`] when the strategy cannot be run.
pub fn check_lookahead(
    entry: &'static Entry,
    history: &History,
    range: Range<usize>,
    params: &Params,
    setup: &Setup,
    (cuts, seed): (usize, u64),
    stop: &AtomicBool,
) -> Result<Lookahead, StrategyError> {
    let decide = |history: &History, range: Range<usize>| {
        let job = Job { history, range, params, setup, record: true };
        let (_, decisions) = entry.runner.backtest(&job, &mut AllowAll, stop)?;
        Ok::<_, StrategyError>(decisions.unwrap_or_default())
    };
    let full = decide(history, range.clone())?;
    // A history of one bar is none, so the first cut leaves two.
    let drawn = sample_indices(range.len().saturating_sub(2), cuts, seed);
    let mut found = Lookahead { passed: true, checked: 0, cuts: 0, first_difference: None };
    for cut in drawn.into_iter().map(|offset| range.start + 1 + offset) {
        let Ok(past) = history.truncated(cut) else { continue };
        found.cuts += 1;
        let decisions = decide(&past, range.start..cut + 1)?;
        for (instrument, (with, without)) in full.iter().zip(&decisions).enumerate() {
            found.checked += without.len() as u64;
            let different = with.iter().zip(without).position(|(with, without)| with != without);
            if let Some(at) = different.filter(|_| found.first_difference.is_none()) {
                let series = &history.series[instrument];
                let time = |bar: usize| {
                    let ts = series.raw().ts.get(bar).copied().unwrap_or_default();
                    bar_time(ts, history)
                };
                found.passed = false;
                found.first_difference = Some(Difference {
                    symbol: series.symbol.clone(),
                    bar: time(range.start + at),
                    with_future: with[at],
                    without_future: without[at],
                    cut: time(cut),
                });
            }
        }
    }
    Ok(found)
}
