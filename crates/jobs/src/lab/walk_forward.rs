//! Parameters chosen on the past, judged on what came after.

use engine::{
    DataReceipt, Entry, Honesty, Receipt, Setup, Trials, WalkForward, WalkForwardError,
    WalkForwardResult, Window, assumptions, bar_time, setup_receipt, walk_forward as run,
};
use quant::metrics::Metrics;
use serde::Serialize;

use super::prices::Prices;
use super::receipt::result_hash;
use super::search::{Search, SearchRequest};
use super::{LabError, Workbench, grouped, strategy_failure};

/// What is tested.
#[derive(Clone, Debug)]
pub struct WalkForwardRequest {
    /// What every search is told.
    pub search: SearchRequest,
    /// Sessions that choose the parameters.
    pub train: usize,
    /// Sessions that judge them; windows move on by as many.
    pub test: usize,
    /// Sessions left out between the two.
    pub purge: usize,
    /// Whether to train from the first session on, instead of on a window that rolls.
    pub anchored: bool,
}

/// The report of a walk-forward, as programs read it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the strategy.
    pub strategy: &'static str,
    /// What parameters were chosen by.
    pub metric: String,
    /// Each instrument's result.
    pub results: Vec<Subject>,
    /// What the result rests on.
    pub assumptions: Vec<String>,
}

/// One instrument's result.
#[derive(Debug, Serialize)]
pub struct Subject {
    /// The instrument, or pair.
    pub symbol: String,
    /// The windows, in order.
    pub windows: Vec<Window>,
    /// Metrics of the equity out of sample.
    pub out_of_sample: Metrics,
    /// Annual return out of sample over the mean annual return in sample.
    pub efficiency: Option<f64>,
    /// Backtests that were run to choose.
    pub tried: u64,
    /// Equity at the last close.
    pub final_equity: f64,
    /// How much of it may be luck.
    pub statistics: Honesty,
    /// Dates or instants of the bars out of sample.
    #[serde(skip)]
    pub timestamps: Vec<String>,
    /// Equity at their closes, the windows chained.
    #[serde(skip)]
    pub equity: Vec<f64>,
}

/// Runs a walk-forward on each instrument. `asked`: the request as the receipt keeps it.
///
/// # Errors
/// [`LabError`].
pub fn walk_forward(
    request: &WalkForwardRequest,
    asked: &[String],
    bench: &Workbench<'_>,
) -> Result<(&'static Entry, Report, Receipt), LabError> {
    let search = request.search.prepare(bench)?;
    let rows = search.rows();
    let Search { entry, grid, prices, setup } = search;
    bench.expect(prices.iter().map(|subject| windows(subject, request) * rows).sum());
    let mut results = Vec::new();
    for subject in &prices {
        let history = &subject.history;
        let task = WalkForward {
            entry,
            grid: &grid,
            history,
            range: 0..history.series[0].len(),
            setup: &setup,
            metric: &request.search.metric,
            train: request.train,
            test: request.test,
            purge: request.purge,
            anchored: request.anchored,
            workers: bench.workers,
            column_bytes: bench.column_bytes,
        };
        let found = run(&task, &bench.course.watch).map_err(failure)?;
        results.push(judge(subject, found, request.search.seed));
    }
    let report = Report {
        strategy: entry.name,
        metric: request.search.metric.clone(),
        results,
        assumptions: said(&prices, &setup, request),
    };
    let data: Vec<DataReceipt> = prices.iter().flat_map(|subject| subject.data.clone()).collect();
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "walk_forward".to_owned(),
        strategy: entry.name.to_owned(),
        params: serde_json::json!(grid.values()),
        data,
        setup: prices.iter().map(|subject| setup_receipt(&subject.history, &setup)).collect(),
        seed: request.search.seed,
        request: serde_json::json!(asked),
        result: result_hash(&report)?,
    };
    Ok((entry, report, receipt))
}

/// About how many windows there will be, for telling how far the work is.
fn windows(subject: &Prices, request: &WalkForwardRequest) -> u64 {
    let sessions = &subject.history.series[0].marks.session;
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else { return 0 };
    let judged = u64::from(last - first + 1).saturating_sub((request.train + request.purge) as u64);
    judged.div_ceil(request.test.max(1) as u64)
}

fn failure(error: WalkForwardError) -> LabError {
    match error {
        WalkForwardError::Strategy(error) => strategy_failure(error),
        error => LabError::refused("not_testable", error),
    }
}

fn judge(subject: &Prices, found: WalkForwardResult, seed: u64) -> Subject {
    let WalkForwardResult { windows, timeline, equity, out_of_sample, efficiency, tried } = found;
    // The choice was made on other bars, so out of sample there was one trial.
    let trials = Trials { count: 1, variance: None };
    Subject {
        symbol: subject.name(),
        windows,
        out_of_sample,
        efficiency,
        tried,
        final_equity: equity.last().copied().unwrap_or_default(),
        statistics: Honesty::of(&timeline, &equity, &subject.history, trials, seed),
        timestamps: timeline.iter().map(|&ts| bar_time(ts, &subject.history)).collect(),
        equity,
    }
}

fn said(prices: &[Prices], setup: &Setup, request: &WalkForwardRequest) -> Vec<String> {
    let mut lines = vec![format!(
        "Parameters are chosen on {} {} sessions{} and judged on the next {}; positions are closed \
         at the end of each piece, at its last close less commission and slippage.",
        if request.anchored { "all sessions so far, at least" } else { "the last" },
        count(request.train),
        match request.purge {
            0 => String::new(),
            purge => format!(", {purge} sessions are left out,"),
        },
        count(request.test)
    )];
    if let Some(first) = prices.first() {
        lines.extend(assumptions(&first.history, setup));
    }
    lines
}

fn count(number: usize) -> String {
    grouped(&number.to_string())
}
