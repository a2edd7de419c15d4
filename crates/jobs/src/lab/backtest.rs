//! One strategy on history.

use std::path::PathBuf;

use engine::{
    AllowAll, Entry, Honesty, Job, Lookahead, Measured, Receipt, Run, TradeRow, Trials,
    assumptions, bar_time, check_lookahead, setup_receipt, trade_rows,
};
use serde::Serialize;

use super::costs::Costs;
use super::prices::{Prices, benchmark_returns, together};
use super::receipt::result_hash;
use super::source::{Loaded, Source, load_file, load_series, load_ticker};
use super::{LabError, Workbench, check_timeframe, find_strategy, parse_params, strategy_failure};

/// Places at which the look-ahead check cuts history.
const CUTS: usize = 24;

/// What is tested.
#[derive(Clone, Debug)]
pub struct BacktestRequest {
    /// Name or label of the strategy.
    pub strategy: String,
    /// Parameters; those that are not named have their default.
    pub params: Vec<(String, f64)>,
    /// What to test on, all on one account.
    pub source: Source,
    /// Money, costs and rules.
    pub costs: Costs,
    /// What to compare with.
    pub benchmark: Option<Benchmark>,
    /// How many variants were tried before this one.
    pub trials: u64,
    /// Seed of the resampling.
    pub seed: u64,
    /// Whether to cut history at random bars and compare every decision.
    pub check_lookahead: bool,
    /// Whether to keep each bar's decision.
    pub record: bool,
}

/// What a backtest is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// A symbol of the lake or the bundled history.
    Ticker(String),
    /// A file of bars.
    File(PathBuf),
}

/// The report of a backtest, as programs read it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the strategy.
    pub strategy: &'static str,
    /// Its parameters.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The instruments.
    pub symbols: Vec<String>,
    /// First bar.
    pub from: String,
    /// Last bar.
    pub to: String,
    /// Bars tested.
    pub bars: usize,
    /// What was measured.
    pub metrics: Measured,
    /// Round trips, what is still open last.
    pub trades: Vec<TradeRow>,
    /// Money to begin with.
    pub cash: f64,
    /// Equity at the last close.
    pub final_equity: f64,
    /// Commissions paid.
    pub fees: f64,
    /// What slippage took.
    pub slippage: f64,
    /// What holding cost.
    pub financing: f64,
    /// What the result rests on.
    pub assumptions: Vec<String>,
    /// How much of it may be luck.
    pub statistics: Honesty,
    /// What the look-ahead check found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookahead: Option<Lookahead>,
}

/// A backtest that was made.
#[derive(Debug)]
pub struct Backtest {
    /// The strategy.
    pub entry: &'static Entry,
    /// What it was tested on.
    pub prices: Prices,
    /// The account and its equity.
    pub run: Run,
    /// Each series' decisions, one a bar, when they were to be kept.
    pub decisions: Option<Vec<Vec<i8>>>,
    /// The report.
    pub report: Report,
    /// What it was made of.
    pub receipt: Receipt,
}

/// Tests a strategy. `asked`: the request as the receipt keeps it.
///
/// # Errors
/// [`LabError`].
pub fn backtest(
    request: &BacktestRequest,
    asked: &[String],
    bench: &Workbench<'_>,
) -> Result<Backtest, LabError> {
    bench.expect(if request.check_lookahead { 4 } else { 3 });
    let entry = find_strategy(&request.strategy)?;
    let params = parse_params(entry, &request.params)?;
    let loaded = load_series(&request.source, bench)?;
    let benchmark = request.benchmark.as_ref();
    let benchmark = benchmark.map(|name| load_benchmark(name, request, bench)).transpose()?;
    let prices = together(loaded, &request.costs)?;
    bench.step();
    let setup = request.costs.setup();
    let history = &prices.history;
    check_timeframe(entry, history)?;
    let range = 0..history.series[0].len();
    let job = Job {
        history,
        range: range.clone(),
        params: &params,
        setup: &setup,
        record: request.record,
    };
    let stop = &bench.course.watch.stop;
    let (run, decisions) =
        entry.runner.backtest(&job, &mut AllowAll, stop).map_err(strategy_failure)?;
    bench.step();
    let lookahead = request
        .check_lookahead
        .then(|| {
            let drawn = (CUTS, request.seed);
            let check = check_lookahead(entry, history, range, &params, &setup, drawn, stop);
            bench.step();
            check
        })
        .transpose()
        .map_err(strategy_failure)?;
    let compared = benchmark.map(|loaded| {
        benchmark_returns(&run.timeline, &loaded).ok_or_else(|| {
            let fault = format!("the benchmark {} begins after the test", loaded.symbol);
            LabError::refused("benchmark_too_short", fault)
        })
    });
    let compared = compared.transpose()?;
    let trials = Trials { count: request.trials, variance: None };
    let (first, last) = prices.span();
    let report = Report {
        strategy: entry.name,
        params: entry.named(params.values()),
        symbols: history.series.iter().map(|series| series.symbol.clone()).collect(),
        from: bar_time(first, history),
        to: bar_time(last, history),
        bars: run.equity.len(),
        metrics: Measured::of(&run, history, compared.as_deref(), 0.0),
        trades: trade_rows(&run, history),
        cash: setup.cash,
        final_equity: run.equity.last().copied().unwrap_or(setup.cash),
        fees: run.portfolio.fees,
        slippage: run.portfolio.slippage,
        financing: run.portfolio.financing,
        assumptions: assumptions(history, &setup),
        statistics: Honesty::of(&run.timeline, &run.equity, history, trials, request.seed),
        lookahead,
    };
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "backtest".to_owned(),
        strategy: entry.name.to_owned(),
        params: serde_json::Value::Object(report.params.clone()),
        data: prices.data.clone(),
        setup: setup_receipt(history, &setup),
        seed: request.seed,
        request: serde_json::json!(asked),
        result: result_hash(&report)?,
    };
    bench.step();
    Ok(Backtest { entry, prices, run, decisions, report, receipt })
}

fn load_benchmark(
    benchmark: &Benchmark,
    request: &BacktestRequest,
    bench: &Workbench<'_>,
) -> Result<Loaded, LabError> {
    let source = Source { source: None, from: None, to: None, ..request.source.clone() };
    match benchmark {
        Benchmark::Ticker(name) => load_ticker(name, &source, bench),
        Benchmark::File(path) => load_file(path, &source),
    }
}
