//! A sweep: one strategy, many parameter sets, every core, bounded memory.
//!
//! Each distinct indicator is computed once; several parameter sets run side by side in vector
//! lanes; of a row only a few sums are kept. What lanes cannot express (a commission that is not
//! linear, a participation cap that binds, financing) runs through the event kernel, and every row
//! equals the single backtest with the same parameters, bit for bit.

pub(crate) mod account;
mod grid;
mod lanes;
mod part;
mod plan;
mod rank;

pub use grid::{Condition, Grid, GridError};
pub use part::{GridPart, sweep_part};
pub use rank::{Ranked, rank};

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use quant::metrics::{Metrics, Moments, cagr_of_growth};
use quant::statistics::{BlockSum, BlockSums, Pbo, sample_indices};

use crate::backtest::{RunError, Setup};
use crate::gate::AllowAll;
use crate::history::History;
use crate::params::Params;
use crate::strategy::{Entry, Job, StrategyError};
use account::LaneResult;

/// Blocks of the cross-validation behind the probability of backtest overfitting.
pub const PBO_BLOCKS: usize = 16;
/// Variants that cross-validation compares, at most; beyond, a seeded sample stands for all.
pub const PBO_VARIANTS: usize = 2_000;
/// Metrics that lanes can give; for any other, every row runs through the event kernel.
pub const LANE_METRICS: [&str; 6] =
    ["total_return", "cagr", "annual_volatility", "sharpe_ratio", "max_drawdown", "calmar_ratio"];

/// What a sweep does.
#[derive(Debug)]
pub struct Sweep<'a> {
    /// The strategy.
    pub entry: &'static Entry,
    /// The parameter sets.
    pub grid: &'a Grid,
    /// Instruments (or pairs), each tested on its own.
    pub subjects: &'a [History],
    /// Which bars of each subject; indicators see earlier ones too.
    pub ranges: &'a [Range<usize>],
    /// Money, costs and rules.
    pub setup: &'a Setup,
    /// What ranks the rows.
    pub metric: &'a str,
    /// Draws the variants that cross-validation compares.
    pub seed: u64,
    /// What is measured beside the metric.
    pub measures: Measures,
    /// Threads.
    pub workers: usize,
    /// Bytes that computed columns may take at a time.
    pub column_bytes: usize,
}

/// How much is measured of each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measures {
    /// The end value alone: enough for a ranking by total return.
    EndOnly,
    /// Returns and drawdown of every bar.
    Ranking,
    /// The same, and what cross-validation needs.
    Full,
}

/// Progress that others may watch, and the flag that stops the sweep.
#[derive(Debug, Default)]
pub struct Watch {
    /// Rows done.
    pub done: AtomicU64,
    /// Whether to stop.
    pub stop: AtomicBool,
}

/// One row: one subject with one parameter set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Which subject.
    pub subject: u32,
    /// Which combination of the grid.
    pub row: u64,
    /// Equity at the last close.
    pub final_equity: f64,
    /// Last equity / first − 1.
    pub total_return: f64,
    /// Mean return per bar over its deviation; NaN when undefined.
    pub bar_sharpe: f64,
    /// Deviation of returns per bar; NaN when undefined.
    pub bar_deviation: f64,
    /// Deepest fall below a peak, at most 0.
    pub max_drawdown: f64,
    /// Round trips that ended.
    pub closed_trades: u32,
    /// The metric that ranks; NaN when undefined.
    pub score: f64,
}

/// What a sweep found.
#[derive(Debug, Default)]
pub struct SweepResult {
    /// Every row, by subject, then in grid order.
    pub rows: Vec<Row>,
    /// Rows that ran through the event kernel.
    pub through_kernel: u64,
    /// Returns per row, per subject.
    pub observations: Vec<usize>,
    /// Sums of returns by block of the variants that cross-validation compares, per subject.
    blocks: Vec<Vec<Vec<BlockSum>>>,
}

impl SweepResult {
    /// How many variants of a subject cross-validation compares.
    pub fn compared(&self, subject: usize) -> usize {
        self.blocks[subject].len()
    }

    /// The probability that the best variant of a subject is overfitted; `None` for fewer than two
    /// variants or too few returns, and when the sweep did not measure for it.
    pub fn overfitting(&self, subject: usize) -> Option<Pbo> {
        let variants = &self.blocks[subject];
        let mut sums = BlockSums::new(self.observations[subject], PBO_BLOCKS).ok()?;
        for variant in variants {
            sums.push_sums(variant).ok()?;
        }
        (variants.len() > 1).then(|| quant::statistics::pbo(&sums).ok()).flatten()
    }
}

/// Runs a sweep.
///
/// # Errors
/// [`StrategyError`] when the strategy does not fit the subjects, or the sweep was stopped.
pub fn sweep(task: &Sweep<'_>, watch: &Watch) -> Result<SweepResult, StrategyError> {
    let sampled = |observations| sampled_rows(task, observations);
    run_subjects(task, sampled, watch)
}

/// Runs every subject. `sampled`: the rows that cross-validation compares, ascending, from the
/// number of returns.
fn run_subjects(
    task: &Sweep<'_>,
    sampled: impl Fn(usize) -> Vec<u64>,
    watch: &Watch,
) -> Result<SweepResult, StrategyError> {
    let mut result = SweepResult {
        rows: Vec::new(),
        through_kernel: 0,
        observations: Vec::new(),
        blocks: Vec::new(),
    };
    let layout = plan::lay_out(task.grid, task.entry.runner.columns())?;
    for subject in 0..task.subjects.len() {
        let range = task.ranges[subject].clone();
        let observations = range.len() - 1;
        result.observations.push(observations);
        let sampled = sampled(observations);
        let found = run_subject(task, &layout, subject, range, &sampled, watch)?;
        result.through_kernel += found.through_kernel;
        result.blocks.push(found.blocks.into_iter().map(|(_, sums)| sums).collect());
        result.rows.extend(found.rows);
    }
    Ok(result)
}

/// What one subject gave.
struct Found {
    rows: Vec<Row>,
    /// Block sums of the sampled rows, in grid order.
    blocks: Vec<(u64, Vec<BlockSum>)>,
    through_kernel: u64,
}

fn run_subject(
    task: &Sweep<'_>,
    layout: &plan::Layout,
    subject: usize,
    range: Range<usize>,
    sampled: &[u64],
    watch: &Watch,
) -> Result<Found, StrategyError> {
    let history = &task.subjects[subject];
    let (mut outcomes, mut blocks) = (Vec::new(), Vec::new());
    if lanes::eligible(task, history) {
        let found = lanes::run(task, layout, history, range.clone(), sampled, watch)?;
        blocks = found.blocks;
        outcomes.extend(found.rows.into_iter().map(|(row, lane)| (row, Some(lane))));
    } else {
        let all: Box<dyn Iterator<Item = u64>> = match task.grid.drawn_rows() {
            Some(drawn) => Box::new(drawn.iter().copied()),
            None => Box::new((0..task.grid.size()).filter(|&row| task.grid.holds(row))),
        };
        outcomes.extend(all.map(|row| (row, None)));
    }
    outcomes.sort_unstable_by_key(|(row, _)| *row);
    let observations = range.len() - 1;
    let mut rows = Vec::with_capacity(outcomes.len());
    let mut left = Vec::new();
    for (index, (row, outcome)) in outcomes.into_iter().enumerate() {
        let kept =
            outcome.and_then(|found| from_lane(task, subject, row, &found, observations, history));
        if kept.is_none() {
            left.push(index);
        }
        rows.push(kept.unwrap_or(Row::unknown(subject, row)));
    }
    let through_kernel = left.len() as u64;
    let wanted: Vec<u64> = left.iter().map(|&index| rows[index].row).collect();
    let (found, sums) = run_rows(task, subject, history, &range, sampled, &wanted, watch)?;
    for (position, row) in found {
        rows[left[position]] = row;
    }
    blocks.extend(sums);
    blocks.sort_unstable_by_key(|(row, _)| *row);
    Ok(Found { rows, blocks, through_kernel })
}

/// Rows by their place in the list asked for, and block sums by row.
type KernelRows = (Vec<(usize, Row)>, lanes::Blocks);

/// Runs rows through the event kernel, on every core.
fn run_rows(
    task: &Sweep<'_>,
    subject: usize,
    history: &History,
    range: &Range<usize>,
    sampled: &[u64],
    wanted: &[u64],
    watch: &Watch,
) -> Result<KernelRows, StrategyError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(KernelRows::default());
    let work = || -> Result<(), StrategyError> {
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(&row) = wanted.get(position) else { return Ok(()) };
            if watch.stop.load(Ordering::Relaxed) {
                return Err(RunError::Stopped.into());
            }
            let params = Params::from_values(task.grid.params(row));
            let job = Job {
                history,
                range: range.clone(),
                params: &params,
                setup: task.setup,
                record: false,
            };
            let (run, _) = task.entry.runner.backtest(&job, &mut AllowAll, &watch.stop)?;
            let metrics = Metrics::of_equity(&run.equity, None, history.periods_per_year, 0.0);
            let returns = quant::metrics::equity_returns(&run.equity);
            let moments = Moments::of(&returns);
            let found = Row {
                subject: subject as u32,
                row,
                final_equity: run.equity.last().copied().unwrap_or(task.setup.cash),
                total_return: metrics.total_return.unwrap_or(f64::NAN),
                bar_sharpe: moments.mean_over_deviation().unwrap_or(f64::NAN),
                bar_deviation: moments.deviation().unwrap_or(f64::NAN),
                max_drawdown: metrics.max_drawdown.unwrap_or(f64::NAN),
                closed_trades: run.portfolio.trades.len() as u32,
                score: metrics.get(task.metric).flatten().unwrap_or(f64::NAN),
            };
            let sums = (sampled.binary_search(&row).is_ok())
                .then(|| BlockSums::new(returns.len(), PBO_BLOCKS).ok())
                .flatten()
                .map(|shape| {
                    let kept = &returns[shape.dropped()..];
                    kept.chunks_exact(shape.block_length()).map(BlockSum::of).collect::<Vec<_>>()
                });
            let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            done.0.push((position, found));
            done.1.extend(sums.map(|sums| (row, sums)));
            drop(done);
            watch.done.fetch_add(1, Ordering::Relaxed);
        }
    };
    in_parallel(task.workers, wanted.len(), work)?;
    Ok(done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// Runs `work` on as many threads as are useful; the first error counts.
fn in_parallel<E: Send>(
    workers: usize,
    pieces: usize,
    work: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    let threads = workers.min(pieces);
    if threads <= 1 {
        return work();
    }
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(&work)).collect();
        let mine = work();
        others.into_iter().fold(mine, |first, other| match other.join() {
            Ok(result) => first.and(result),
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

impl Row {
    fn unknown(subject: usize, row: u64) -> Self {
        Self {
            subject: subject as u32,
            row,
            final_equity: f64::NAN,
            total_return: f64::NAN,
            bar_sharpe: f64::NAN,
            bar_deviation: f64::NAN,
            max_drawdown: f64::NAN,
            closed_trades: 0,
            score: f64::NAN,
        }
    }

    /// One of the metrics that every row has, as the report of a single backtest gives it.
    pub fn metric(&self, key: &str, observations: usize, periods_per_year: f64) -> Option<f64> {
        let cagr = || cagr_of_growth(1.0 + self.total_return, observations, periods_per_year);
        let value = match key {
            "total_return" => self.total_return,
            "cagr" => return cagr(),
            "annual_volatility" => self.bar_deviation * periods_per_year.sqrt(),
            "sharpe_ratio" => self.bar_sharpe * periods_per_year.sqrt(),
            "max_drawdown" => self.max_drawdown,
            "calmar_ratio" => return calmar(cagr()?, self.max_drawdown),
            _ => return None,
        };
        value.is_finite().then_some(value)
    }
}

fn calmar(cagr: f64, max_drawdown: f64) -> Option<f64> {
    (max_drawdown < 0.0).then(|| cagr / max_drawdown.abs())
}

/// A row from what its lane came to; `None` when only the event kernel can tell.
fn from_lane(
    task: &Sweep<'_>,
    subject: usize,
    row: u64,
    lane: &LaneResult,
    observations: usize,
    history: &History,
) -> Option<Row> {
    if lane.outside {
        return None;
    }
    let mut found = Row {
        final_equity: lane.final_equity,
        total_return: lane.final_equity / task.setup.cash - 1.0,
        closed_trades: lane.closed as u32,
        ..Row::unknown(subject, row)
    };
    if task.measures != Measures::EndOnly {
        let moments = Moments::from_sums(observations, lane.sum, lane.sum_squares)?;
        found.bar_sharpe = moments.mean_over_deviation().unwrap_or(f64::NAN);
        found.bar_deviation = moments.deviation().unwrap_or(f64::NAN);
        found.max_drawdown = lane.max_drawdown;
    }
    found.score =
        found.metric(task.metric, observations, history.periods_per_year).unwrap_or(f64::NAN);
    Some(found)
}

/// Rows whose returns cross-validation compares, ascending.
fn sampled_rows(task: &Sweep<'_>, observations: usize) -> Vec<u64> {
    if task.measures != Measures::Full || BlockSums::new(observations, PBO_BLOCKS).is_err() {
        return Vec::new();
    }
    let rows: Vec<u64> = match task.grid.drawn_rows() {
        Some(drawn) => drawn.to_vec(),
        None => (0..task.grid.size()).filter(|&row| task.grid.holds(row)).collect(),
    };
    if rows.len() <= PBO_VARIANTS {
        return rows;
    }
    sample_indices(rows.len(), PBO_VARIANTS, task.seed)
        .into_iter()
        .map(|index| rows[index])
        .collect()
}
