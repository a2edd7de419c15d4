//! A job that is one sweep, or a part of one.
//!
//! A big sweep is cut into parts by instruments and boxes of its grid. The parts' results are
//! joined and judged as if one worker had found them: the report is the same to the byte.

use std::ops::Range;

use engine::DataReceipt;
use engine::sweep::SweepResult;
use serde::{Deserialize, Serialize};
use store::{JsonText, NewJob, SweepHeadline};

use super::document::{Columns, Document, Reported};
use super::{Done, Ran, Task, hex, json};
use crate::lab::sweep::{PreparedSweep, Report};
use crate::lab::{LabError, Workbench};
use crate::payload::{Payload, line};

/// The kind of a part.
pub(crate) const SWEEP_PART: &str = "sweep_part";

/// Most rows that are kept for drawing.
const MOST_CELLS: usize = 250_000;

/// How large a part is, and so above which size a sweep is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChunkSize {
    /// Rows times bars.
    pub bars: u64,
    /// Rows.
    pub rows: u64,
}

impl Default for ChunkSize {
    /// Some seconds of one core, and some megabytes.
    fn default() -> Self {
        Self { bars: 1_000_000_000, rows: 200_000 }
    }
}

/// What a part is asked.
#[derive(Debug, Serialize, Deserialize)]
struct PartPayload {
    /// The whole.
    sweep: Payload,
    part: Part,
}

/// Which part it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// Instruments, or pairs.
    subjects: Range<usize>,
    /// Rows of the grid.
    rows: Range<u64>,
}

/// What a part came to.
#[derive(Serialize, Deserialize)]
struct PartResult {
    part: Part,
    data: Vec<DataReceipt>,
    found: String,
}

/// What is drawn beside the report.
#[derive(Serialize)]
struct Drawn {
    /// Values of each parameter, in the order in which rows are numbered.
    axes: Columns<Vec<f64>>,
    /// Every row, by instrument; none when there are too many.
    cells: Vec<Cells>,
}

/// Every row of an instrument, in columns.
#[derive(Serialize)]
struct Cells {
    symbol: String,
    /// Number of the row in the grid: the first parameter changes slowest.
    row: Vec<u64>,
    score: Vec<f64>,
    total_return: Vec<f64>,
    max_drawdown: Vec<f64>,
    closed_trades: Vec<u32>,
}

pub(super) fn work(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    let payload = Payload::parse(task.job.payload.as_str())?;
    let request = payload.sweep()?;
    let sweep = request.prepare(bench)?;
    let found = if task.job.is_split() {
        join(&sweep, &task.parts)?
    } else {
        let parts = cut(&sweep, task.chunk);
        if parts.len() > 1 {
            return split(&payload, parts);
        }
        sweep.run(bench)?
    };
    let (report, receipt) = sweep.report(&found, &line("sweep", &payload)?, bench)?;
    let headline = headline(&report)?;
    let drawn = drawn(&sweep, &found);
    let report = Reported { report: &report, receipt: &receipt };
    let report = json(&Document { report, drawn })?;
    Ok(Done::Sweep(Ran { about: payload.subject()?, headline, report }))
}

pub(super) fn work_part(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    let asked: PartPayload = serde_json::from_str(task.job.payload.as_str())
        .map_err(|fault| LabError::refused("bad_request", fault))?;
    let PartPayload { sweep, part } = asked;
    let mut request = sweep.sweep()?;
    let legs = crate::lab::find_strategy(&request.search.strategy)?.runner.legs();
    let tickers = &mut request.search.source.tickers;
    let wanted = part.subjects.start * legs..part.subjects.end * legs;
    let wanted = tickers.get(wanted).ok_or_else(|| unknown_part("instruments"))?;
    *tickers = wanted.to_vec();
    let sweep = request.prepare(bench)?;
    let found = sweep.run_part(&part.rows, bench)?.ok_or_else(|| unknown_part("rows"))?;
    let found = hex::written(&found.to_words());
    Ok(Done::SweepPart(json(&PartResult { part, data: sweep.data().to_vec(), found })?))
}

fn unknown_part(what: &str) -> LabError {
    LabError::refused("bad_request", format!("the part names {what} that the sweep has not"))
}

/// The parts of a sweep; one when it is not worth splitting.
fn cut(sweep: &PreparedSweep, chunk: ChunkSize) -> Vec<Part> {
    let rows = sweep.rows();
    let mut parts = Vec::new();
    // Instruments with few rows share a part.
    let (mut first, mut bars_so_far, mut rows_so_far) = (0, 0, 0);
    let count = sweep.subjects().len();
    for (subject, history) in sweep.subjects().iter().enumerate() {
        let bars = history.series[0].len() as u64;
        let too_many = |rows: u64, bars: u64| rows > chunk.rows || bars > chunk.bars;
        if subject > first && too_many(rows_so_far + rows, bars_so_far + rows * bars) {
            parts.push(Part { subjects: first..subject, rows: 0..sweep.grid().size() });
            (first, bars_so_far, rows_so_far) = (subject, 0, 0);
        }
        if too_many(rows, rows * bars) {
            let most = chunk.rows.min(chunk.bars / bars.max(1)).max(1);
            let boxes = sweep.grid().parts(most).into_iter();
            parts.extend(boxes.map(|rows| Part { subjects: subject..subject + 1, rows }));
            first = subject + 1;
        } else {
            bars_so_far += rows * bars;
            rows_so_far += rows;
        }
    }
    if first < count {
        parts.push(Part { subjects: first..count, rows: 0..sweep.grid().size() });
    }
    parts
}

fn split(payload: &Payload, parts: Vec<Part>) -> Result<Done, LabError> {
    let job = |part| {
        let payload = json(&PartPayload { sweep: payload.clone(), part })?;
        Ok(NewJob::new(SWEEP_PART, payload))
    };
    Ok(Done::Split(parts.into_iter().map(job).collect::<Result<_, LabError>>()?))
}

/// Puts the parts together. The data must be what they saw, and what is loaded now.
fn join(sweep: &PreparedSweep, parts: &[JsonText]) -> Result<SweepResult, LabError> {
    let damaged = || LabError::failed("damaged_part", "a part of the sweep cannot be read");
    let mut whole = SweepResult::default();
    for text in parts {
        let part: PartResult = text.read().map_err(|_| damaged())?;
        let known = |seen: &DataReceipt| sweep.data().contains(seen);
        if !part.data.iter().all(known) {
            let fault = "the data changed while the sweep ran; run it again";
            return Err(LabError::failed("data_changed", fault));
        }
        let words = hex::read(&part.found).ok_or_else(damaged)?;
        let found = SweepResult::from_words(&words).ok_or_else(damaged)?;
        whole.append(part.part.subjects.start, found);
    }
    if whole.observations.len() != sweep.subjects().len() {
        return Err(damaged());
    }
    Ok(whole)
}

fn headline(report: &Report) -> Result<SweepHeadline, LabError> {
    let best = report.rows.first();
    Ok(SweepHeadline {
        metric_name: Some(report.metric.clone()),
        best_score: best.and_then(|best| best.score),
        best_params: best.map(|best| json(&best.params)).transpose()?,
        tried: i64::try_from(report.tried).ok(),
        pbo: report.pbo,
    })
}

fn drawn(sweep: &PreparedSweep, found: &SweepResult) -> Drawn {
    let params = sweep.entry().params.iter().map(|spec| spec.name.to_owned());
    let axes = Columns(params.zip(sweep.grid().values().iter().cloned()).collect());
    if found.rows.len() > MOST_CELLS {
        return Drawn { axes, cells: Vec::new() };
    }
    let of = |(subject, symbol): (usize, String)| {
        let rows = || found.rows.iter().filter(move |row| row.subject as usize == subject);
        Cells {
            symbol,
            row: rows().map(|row| row.row).collect(),
            score: rows().map(|row| row.score).collect(),
            total_return: rows().map(|row| row.total_return).collect(),
            max_drawdown: rows().map(|row| row.max_drawdown).collect(),
            closed_trades: rows().map(|row| row.closed_trades).collect(),
        }
    };
    Drawn { axes, cells: sweep.names().into_iter().enumerate().map(of).collect() }
}
