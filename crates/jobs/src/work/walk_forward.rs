//! A job that is one walk-forward.

use serde::Serialize;
use store::WalkForwardHeadline;

use super::document::{Document, Point, Reported, drawn_down};
use super::{Done, Ran, Task, json};
use crate::lab::walk_forward::{Report, Subject, walk_forward};
use crate::lab::{LabError, Workbench};
use crate::payload::{Payload, line};

/// What is drawn beside the report: equity out of sample of each instrument, bar by bar.
#[derive(Serialize)]
struct Drawn<'a> {
    equity: Vec<Point<'a>>,
}

pub(super) fn work(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    let payload = Payload::parse(task.job.payload.as_str())?;
    let request = payload.walk_forward()?;
    let (_, report, receipt) = walk_forward(&request, &line("walk-forward", &payload)?, bench)?;
    let drawn = Drawn { equity: report.results.iter().flat_map(curve).collect() };
    let headline = headline(&report);
    let report = Reported { report: &report, receipt: &receipt };
    let report = json(&Document { report, drawn })?;
    Ok(Done::WalkForward(Ran { about: payload.subject()?, headline, report }))
}

fn curve(subject: &Subject) -> impl Iterator<Item = Point<'_>> {
    let points = subject.timestamps.iter().zip(drawn_down(&subject.equity));
    points.map(|(timestamp, (equity, drawdown))| Point {
        symbol: Some(&subject.symbol),
        timestamp: timestamp.clone(),
        equity,
        drawdown,
        buy_and_hold: None,
    })
}

/// The numbers of the first instrument.
fn headline(report: &Report) -> WalkForwardHeadline {
    let first = report.results.first();
    let in_sample = first.and_then(|first| {
        let known: Vec<f64> = first.windows.iter().filter_map(|window| window.in_sample).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    });
    WalkForwardHeadline {
        metric_name: Some(report.metric.clone()),
        in_sample_score: in_sample,
        out_of_sample_score: first
            .and_then(|first| first.out_of_sample.get(&report.metric).flatten()),
        folds: first.and_then(|first| i64::try_from(first.windows.len()).ok()),
    }
}
