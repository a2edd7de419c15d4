//! One strategy with many parameter sets.

use engine::sweep::{Measures, Row, Sweep, SweepResult, rank, sweep_part};
use engine::{
    AllowAll, DataReceipt, Entry, History, Honesty, Job, Measured, Params, Receipt, Setup, Trials,
    assumptions, setup_receipt,
};
use quant::metrics::Moments;
use quant::statistics::Pbo;
use serde::Serialize;

use super::prices::Prices;
use super::receipt::result_hash;
use super::search::{Search, SearchRequest};
use super::{LabError, Workbench, strategy_failure};

/// Rows of the result, from the best on, whose statistics are resampled too.
const RESAMPLED: usize = 20;

/// What is swept.
#[derive(Clone, Debug)]
pub struct SweepRequest {
    /// What every search is told.
    pub search: SearchRequest,
    /// Rows to show.
    pub top: usize,
}

/// The report of a sweep, as programs read it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the strategy.
    pub strategy: &'static str,
    /// What ranked.
    pub metric: String,
    /// The best rows, the best first.
    pub rows: Vec<ShownRow>,
    /// How many rows were tried.
    pub tried: u64,
    /// Probability that the best is overfitted, of the least favourable instrument.
    pub pbo: Option<f64>,
    /// The same of each instrument.
    pub overfitting: Vec<Overfitting>,
    /// What the result rests on.
    pub assumptions: Vec<String>,
}

/// One of the best rows.
#[derive(Debug, Serialize)]
pub struct ShownRow {
    /// The instrument, or pair.
    pub symbol: String,
    /// The parameters.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// What was measured.
    pub metrics: Measured,
    /// How much of it may be luck.
    pub statistics: Honesty,
    /// The metric that ranked it.
    #[serde(skip)]
    pub score: Option<f64>,
}

/// How likely the choice of the best is overfitted, on one instrument.
#[derive(Debug, Serialize)]
pub struct Overfitting {
    /// The instrument, or pair.
    pub symbol: String,
    /// How many variants were compared.
    pub variants: usize,
    /// What the comparison came to.
    #[serde(flatten)]
    pub result: Option<Pbo>,
}

/// A sweep that is ready to run.
#[derive(Debug)]
pub struct PreparedSweep {
    entry: &'static Entry,
    grid: engine::sweep::Grid,
    subjects: Vec<History>,
    ranges: Vec<std::ops::Range<usize>>,
    data: Vec<DataReceipt>,
    setup: Setup,
    metric: String,
    seed: u64,
    top: usize,
    rows: u64,
}

impl SweepRequest {
    /// Finds and loads what the request names.
    ///
    /// # Errors
    /// [`LabError`].
    pub fn prepare(&self, bench: &Workbench<'_>) -> Result<PreparedSweep, LabError> {
        let search = self.search.prepare(bench)?;
        let rows = search.rows();
        let Search { entry, grid, prices, setup } = search;
        let (data, subjects): (Vec<_>, Vec<_>) =
            prices.into_iter().map(|Prices { history, data }| (data, history)).unzip();
        Ok(PreparedSweep {
            entry,
            grid,
            ranges: subjects.iter().map(|history| 0..history.series[0].len()).collect(),
            subjects,
            data: data.into_iter().flatten().collect(),
            setup,
            metric: self.search.metric.clone(),
            seed: self.search.seed,
            top: self.top,
            rows,
        })
    }
}

impl PreparedSweep {
    /// The strategy.
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The parameter sets.
    pub fn grid(&self) -> &engine::sweep::Grid {
        &self.grid
    }

    /// The instruments, or pairs.
    pub fn subjects(&self) -> &[History] {
        &self.subjects
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.subjects.iter().map(name).collect()
    }

    /// Where each series came from.
    pub fn data(&self) -> &[DataReceipt] {
        &self.data
    }

    /// How many parameter sets are tried on each instrument, conditions apart.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The sweep as the engine runs it.
    pub fn task(&self, bench: &Workbench<'_>) -> Sweep<'_> {
        Sweep {
            entry: self.entry,
            grid: &self.grid,
            subjects: &self.subjects,
            ranges: &self.ranges,
            setup: &self.setup,
            metric: &self.metric,
            seed: self.seed,
            measures: Measures::Full,
            workers: bench.workers,
            column_bytes: bench.column_bytes,
        }
    }

    /// Runs every row.
    ///
    /// # Errors
    /// [`LabError::Stopped`], and [`LabError::Refused`] when the strategy cannot be run.
    pub fn run(&self, bench: &Workbench<'_>) -> Result<SweepResult, LabError> {
        bench.expect(self.rows * self.subjects.len() as u64 + self.top as u64);
        engine::sweep::sweep(&self.task(bench), &bench.course.watch).map_err(strategy_failure)
    }

    /// Runs the rows of a part of the grid, of every instrument; `None` when there is no such part.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_part(
        &self,
        rows: &std::ops::Range<u64>,
        bench: &Workbench<'_>,
    ) -> Result<Option<SweepResult>, LabError> {
        let Some(part) = self.grid.part(rows) else { return Ok(None) };
        bench.expect((rows.end - rows.start) * self.subjects.len() as u64);
        let found = sweep_part(&self.task(bench), &part, &bench.course.watch);
        found.map(Some).map_err(strategy_failure)
    }

    /// Judges what was found. `asked`: the request as the receipt keeps it.
    ///
    /// # Errors
    /// [`LabError::Stopped`].
    pub fn report(
        &self,
        found: &SweepResult,
        asked: &[String],
        bench: &Workbench<'_>,
    ) -> Result<(Report, Receipt), LabError> {
        let report = report(&self.task(bench), found, self.top, bench)?;
        let receipt = Receipt {
            engine: crate::engine_version().to_owned(),
            kind: "sweep".to_owned(),
            strategy: self.entry.name.to_owned(),
            params: axes(self.entry, self.grid.values()),
            data: self.data.clone(),
            setup: self
                .subjects
                .iter()
                .map(|history| setup_receipt(history, &self.setup))
                .collect(),
            seed: self.seed,
            request: serde_json::json!(asked),
            result: result_hash(&report)?,
        };
        Ok((report, receipt))
    }
}

fn axes(entry: &Entry, values: &[Vec<f64>]) -> serde_json::Value {
    let axes = entry.params.iter().zip(values);
    axes.map(|(spec, values)| (spec.name.to_owned(), serde_json::json!(values)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn report(
    task: &Sweep<'_>,
    found: &SweepResult,
    top: usize,
    bench: &Workbench<'_>,
) -> Result<Report, LabError> {
    let count = found.rows.len() as u64;
    let trials: Vec<Trials> = (0..task.subjects.len())
        .map(|subject| Trials { count, variance: variance(found, subject) })
        .collect();
    let mut rows = Vec::new();
    for place in rank(found, task.metric, top) {
        bench.check_stopped()?;
        let row = &found.rows[place.index];
        let resampled = rows.len() < RESAMPLED;
        rows.push(show(task, row, trials[row.subject as usize], resampled, bench)?);
        bench.step();
    }
    let overfitting: Vec<Overfitting> = task
        .subjects
        .iter()
        .enumerate()
        .map(|(subject, history)| Overfitting {
            symbol: name(history),
            variants: found.compared(subject),
            result: found.overfitting(subject),
        })
        .collect();
    // With several instruments the least favourable one speaks for all.
    let worst = overfitting.iter().filter_map(|o| Some(o.result.as_ref()?.pbo));
    let worst = worst.fold(None, |worst: Option<f64>, pbo| Some(worst.map_or(pbo, |w| w.max(pbo))));
    let mut assumptions = assumptions(&task.subjects[0], task.setup);
    if rows.len() > RESAMPLED {
        assumptions.push(format!(
            "Intervals are resampled for the first {RESAMPLED} rows only, and null in the others."
        ));
    }
    Ok(Report {
        strategy: task.entry.name,
        metric: task.metric.to_owned(),
        rows,
        tried: found.rows.len() as u64,
        pbo: worst,
        overfitting,
        assumptions,
    })
}

/// Variance of the Sharpe ratios per bar that were found on one instrument.
fn variance(found: &SweepResult, subject: usize) -> Option<f64> {
    let of_subject = found.rows.iter().filter(|row| row.subject as usize == subject);
    let ratios: Vec<f64> =
        of_subject.map(|row| row.bar_sharpe).filter(|ratio| ratio.is_finite()).collect();
    Moments::of(&ratios).deviation().map(|deviation| deviation * deviation)
}

/// Runs one row again through the event kernel, for all that lanes do not keep.
fn show(
    task: &Sweep<'_>,
    row: &Row,
    trials: Trials,
    resampled: bool,
    bench: &Workbench<'_>,
) -> Result<ShownRow, LabError> {
    let subject = row.subject as usize;
    let history = &task.subjects[subject];
    let params = Params::from_values(task.grid.params(row.row));
    let range = task.ranges[subject].clone();
    let setup: &Setup = task.setup;
    let job = Job { history, range, params: &params, setup, record: false };
    let (run, _) = task
        .entry
        .runner
        .backtest(&job, &mut AllowAll, &bench.course.watch.stop)
        .map_err(strategy_failure)?;
    let statistics = if resampled {
        Honesty::of(&run.timeline, &run.equity, history, trials, task.seed)
    } else {
        Honesty::without_intervals(&run.equity, trials)
    };
    Ok(ShownRow {
        symbol: name(history),
        params: task.entry.named(params.values()),
        metrics: Measured::of(&run, history, None, 0.0),
        statistics,
        score: Some(row.score).filter(|score| score.is_finite()),
    })
}

fn name(history: &History) -> String {
    let symbols: Vec<&str> = history.series.iter().map(|series| series.symbol.as_str()).collect();
    symbols.join("/")
}
