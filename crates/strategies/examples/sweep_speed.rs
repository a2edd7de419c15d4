//! Measures nanoseconds a bar evaluation of sweeps and a bar of the event engine; prints JSON.
//!
//! `cargo run --release -p strategies --example sweep_speed [DIRECTORY]`
//!
//! Prices are the raw columns that `bench/data.py` wrote into the directory, so that peers measure
//! the same; without one, random walks of the same length. Each figure is the best of several runs.
//! A sweep's time holds everything but ranking and cross-validation: laying out rows, columns,
//! lanes.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use engine::costs::{Commission, Financing, Slippage};
use engine::sweep::{Grid, Measures, Sweep, Watch, sweep};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{AllowAll, ColumnCache, Entry, FillAt, History, Job, Params, Range, Series, Setup};
use market::{Bar, BarSeries, Calendar, MICROS_PER_MINUTE, Micros, Timeframe, date_of, midnight};
use serde_json::json;

const DAILY_BARS: usize = 3_270;
const MINUTE_BARS: usize = 1_000_000;
const SYMBOLS: usize = 3;
const RUNS: usize = 5;
/// Combinations that a strategy is measured on, where its parameters allow.
const COMBINATIONS: std::ops::Range<usize> = 2_000..5_000;
/// Basis points a fill on minute bars, where a thousand round trips must leave money, and on days.
const FEES: (f64, f64) = (0.01, 5.0);
/// 2013-01-02, the bench's first session.
const FIRST: Micros = 1_357_084_800_000_000;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let directory = std::env::args_os().nth(1).map(PathBuf::from);
    let Prices { minutes, daily, intraday } = match &directory {
        Some(directory) => Prices::of_the_bench(directory),
        None => Prices::random(),
    };
    let entry = strategies::find("sma_crossover").unwrap();
    // First, while no sweep has heated the machine or filled its memory.
    let event = event_engine(entry, &minutes);
    drop(minutes);

    let windows: Vec<f64> = (2..=101).map(f64::from).collect();
    let axes = [("fast".to_owned(), windows.clone()), ("slow".to_owned(), windows)];
    let pairs = Grid::new(entry, &axes, &["fast<slow".to_owned()]).unwrap();
    let end_only = Case { entry, grid: &pairs, subjects: &daily, measures: Measures::EndOnly };
    let full = Case { measures: Measures::Full, ..end_only };
    let total_return = end_only.best(1);
    let sharpe_and_drawdown = full.best(1);
    let speedup = total_return / end_only.best(2);
    let speedup_full = sharpe_and_drawdown / full.best(2);

    let mut strategies = BTreeMap::new();
    for entry in strategies::catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
        let grid = sampled(entry);
        let subjects = if entry.intraday_only { &intraday } else { &daily };
        let case = Case { entry, grid: &grid, subjects, measures: Measures::Full };
        strategies.insert(entry.name, json!({"ns": case.best(1), "combinations": case.rows()}));
    }

    let report = json!({
        "data": if directory.is_some() { "bench" } else { "random walks" },
        "event_bars": event.bars,
        "event_trades": event.trades,
        "event_ns_per_bar": event.ns,
        "event_without_columns_ns_per_bar": event.ns_without_columns,
        "sweep_pairs": end_only.rows(),
        "sweep_total_return_ns_per_eval_core": total_return,
        "sweep_sharpe_dd_ns_per_eval_core": sharpe_and_drawdown,
        "sweep_two_core_speedup": speedup,
        "sweep_sharpe_dd_two_core_speedup": speedup_full,
        "strategies": strategies,
    });
    println!("{report:#}");
}

/// What is measured on.
struct Prices {
    /// One long series of minutes, for the event engine.
    minutes: History,
    /// Series of days, for sweeps.
    daily: Vec<History>,
    /// As many minutes as there are days, for sweeps of strategies that need sessions of bars.
    intraday: Vec<History>,
}

impl Prices {
    fn random() -> Self {
        let walks = |minutes| {
            let walk = |seed| walk(seed as u64, minutes, DAILY_BARS);
            (0..SYMBOLS).map(|seed| history(walk(seed), minutes)).collect()
        };
        Self {
            minutes: history(walk(7, true, MINUTE_BARS), true),
            daily: walks(false),
            intraday: walks(true),
        }
    }

    /// The columns that `bench/data.py` wrote.
    fn of_the_bench(directory: &Path) -> Self {
        let minutes = bench_bars(directory, "minute", true);
        let daily: Vec<BarSeries> =
            ["daily_A", "daily_B", "daily_C"].map(|name| bench_bars(directory, name, false)).into();
        let length = daily[0].len();
        let part = |number: usize| {
            let bars = number * length..(number + 1) * length;
            history(minutes.bars().slice(bars).to_series(), true)
        };
        Self {
            intraday: (0..SYMBOLS).map(part).collect(),
            daily: daily.into_iter().map(|bars| history(bars, false)).collect(),
            minutes: history(minutes, true),
        }
    }
}

/// A sweep to be timed.
#[derive(Clone, Copy)]
struct Case<'a> {
    entry: &'static Entry,
    grid: &'a Grid,
    subjects: &'a [History],
    measures: Measures,
}

impl Case<'_> {
    fn rows(&self) -> u64 {
        (0..self.grid.size()).filter(|&row| self.grid.holds(row)).count() as u64
    }

    /// Nanoseconds a bar evaluation, best of some runs.
    fn best(&self, workers: usize) -> f64 {
        let bars: usize = self.subjects.iter().map(|history| history.series[0].len()).sum();
        let evaluations = self.rows() as f64 * bars as f64;
        let setup = setup();
        let ranges: Vec<_> =
            self.subjects.iter().map(|history| 0..history.series[0].len()).collect();
        let task = Sweep {
            entry: self.entry,
            grid: self.grid,
            subjects: self.subjects,
            ranges: &ranges,
            setup: &setup,
            metric: match self.measures {
                Measures::EndOnly => "total_return",
                Measures::Ranking | Measures::Full => "sharpe_ratio",
            },
            seed: 1,
            measures: self.measures,
            workers,
            column_bytes: 32 << 20,
        };
        let seconds = best_of(RUNS, || {
            let began = Instant::now();
            let result = sweep(&task, &Watch::default()).unwrap();
            assert_eq!(result.through_kernel, 0, "rows left the lanes");
            began.elapsed().as_secs_f64()
        });
        seconds * 1e9 / evaluations
    }
}

/// A strategy's sweep ranges, with finer steps where they give few combinations and every other
/// value where they give many.
fn sampled(entry: &'static Entry) -> Grid {
    let mut ranges: Vec<Range> = entry.params.iter().map(|spec| spec.sweep).collect();
    let count =
        |ranges: &[Range]| -> usize { ranges.iter().map(|range| range.values().len()).product() };
    for (range, spec) in ranges.clone().iter().zip(entry.params).cycle().take(16) {
        let position = entry.params.iter().position(|other| other.name == spec.name).unwrap();
        if count(&ranges) >= COMBINATIONS.start {
            break;
        }
        let finer = if spec.integer { 1.0 } else { ranges[position].step / 2.0 };
        ranges[position] = Range { step: finer, ..*range };
    }
    while count(&ranges) > COMBINATIONS.end {
        let longest = ranges.iter_mut().max_by_key(|range| range.values().len()).unwrap();
        longest.step *= 2.0;
    }
    let axes: Vec<(String, Vec<f64>)> = entry
        .params
        .iter()
        .zip(&ranges)
        .map(|(spec, range)| (spec.name.to_owned(), range.values()))
        .collect();
    Grid::new(entry, &axes, &[]).unwrap()
}

/// What the event engine takes.
struct Event {
    bars: usize,
    trades: usize,
    ns: f64,
    /// Without the indicators' columns.
    ns_without_columns: f64,
}

fn event_engine(entry: &'static Entry, history: &History) -> Event {
    let bars = history.series[0].len();
    let params = entry.parse(&[("fast".to_owned(), 10.0), ("slow".to_owned(), 30.0)]).unwrap();
    let setup = setup();
    let job = Job { history, range: 0..bars, params: &params, setup: &setup, record: false };
    let stop = AtomicBool::new(false);
    let mut trades = 0;
    let whole = best_of(RUNS, || {
        let began = Instant::now();
        let (run, _) = entry.runner.backtest(&job, &mut AllowAll, &stop).unwrap();
        let seconds = began.elapsed().as_secs_f64();
        trades = run.portfolio.trades.len();
        assert!(trades * 1_000 > bars, "a crossover of 10 and 30 bars trades");
        seconds
    });
    let columns = best_of(RUNS, || {
        let began = Instant::now();
        compute_columns(entry, &params, &history.series[0]);
        began.elapsed().as_secs_f64()
    });
    let per_bar = 1e9 / bars as f64;
    Event { bars, trades, ns: whole * per_bar, ns_without_columns: (whole - columns) * per_bar }
}

fn compute_columns(entry: &Entry, params: &Params, series: &Series) {
    let mut cache = ColumnCache::new(series, None);
    for spec in entry.runner.columns() {
        let column = spec.resolve(params.values()).unwrap();
        std::hint::black_box(cache.get(&column).values());
    }
}

fn best_of(runs: usize, mut measure: impl FnMut() -> f64) -> f64 {
    (0..runs).map(|_| measure()).fold(f64::INFINITY, f64::min)
}

fn setup() -> Setup {
    Setup {
        cash: 1_000_000.0,
        fill_at: FillAt::NextOpen,
        allow_short: false,
        fraction: 1.0,
        financing: Financing::default(),
    }
}

/// One series of the bench, from a file of little-endian doubles a column.
fn bench_bars(directory: &Path, name: &str, minutes: bool) -> BarSeries {
    let column = |column: &str| -> Vec<f64> {
        let path = directory.join(format!("{name}.{column}.f64"));
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect()
    };
    let [open, high, low, close, volume] = ["open", "high", "low", "close", "volume"].map(column);
    BarSeries { ts: instants(minutes, close.len()), open, high, low, close, volume }
}

/// A random walk in cents on daily or minute bars.
fn walk(seed: u64, minutes: bool, count: usize) -> BarSeries {
    let mut state = seed;
    let mut chance = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    let scale = if minutes { 0.001 } else { 0.02 };
    let mut bars = BarSeries::with_capacity(count);
    let mut price = 100.0_f64;
    let cents = |price: f64| (price * 100.0).round() / 100.0;
    for ts in instants(minutes, count) {
        let open = cents(price * (1.0 + scale * 0.2 * (chance() - 0.5)));
        let close = cents(open * (1.0 + scale * 1.7 * (chance() - 0.5))).max(1.0);
        let high = cents(open.max(close) * (1.0 + scale * 0.3 * chance())).max(open.max(close));
        let low = cents(open.min(close) * (1.0 - scale * 0.3 * chance())).min(open.min(close));
        let volume = (1e5 * (0.5 + chance())).round();
        bars.push(Bar { ts, open, high, low, close, volume });
        // Back towards 100 in the long run, so that no price runs away.
        price = close * (1.0 + 0.01 * scale * (100.0 / close - 1.0));
    }
    bars
}

fn history(bars: BarSeries, minutes: bool) -> History {
    let timeframe = if minutes { Timeframe::Minute1 } else { Timeframe::Day1 };
    let rules = ExecutionRules {
        commission: Commission::bps(if minutes { FEES.0 } else { FEES.1 }),
        slippage: Slippage::default(),
        participation: None,
        tick: 0.0,
        lot: 0.0,
        limit_fill: LimitFill::default(),
    };
    let series = Series::new("X", Arc::new(bars), &[], timeframe, Calendar::NYSE, rules).unwrap();
    History::new(vec![series], timeframe, Calendar::NYSE).unwrap()
}

fn instants(minutes: bool, count: usize) -> Vec<Micros> {
    let mut session = Calendar::NYSE.first_session_on_or_after(date_of(FIRST)).unwrap();
    let mut instants = Vec::with_capacity(count);
    while instants.len() < count {
        if minutes {
            let mut ts = session.open;
            while ts < session.close && instants.len() < count {
                instants.push(ts);
                ts += MICROS_PER_MINUTE;
            }
        } else {
            instants.push(midnight(session.date));
        }
        session = Calendar::NYSE.plus_sessions(session.date, 1).unwrap();
    }
    instants
}
