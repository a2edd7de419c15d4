//! Every row of a sweep as a Parquet table.

use std::path::Path;

use data::{TableColumn, TableWriter};
use engine::sweep::{Row, Sweep, SweepResult};

use crate::error::CliError;
use crate::output::file::write_file;

/// Rows that are turned into columns at once.
const SLICE: usize = 65_536;

/// Writes all rows: the symbol, each parameter, and what every row has of metrics.
///
/// # Errors
/// [`CliError::Failed`] when the file cannot be written.
pub(super) fn write(path: &Path, task: &Sweep<'_>, found: &SweepResult) -> Result<(), CliError> {
    let symbols: Vec<String> = task
        .subjects
        .iter()
        .map(|history| {
            let names: Vec<&str> = history.series.iter().map(|s| s.symbol.as_str()).collect();
            names.join("/")
        })
        .collect();
    write_file::<data::TableError>(path, |out| {
        let mut writer: Option<TableWriter<_>> = None;
        let mut out = Some(out);
        for rows in found.rows.chunks(SLICE) {
            let columns = columns(task, found, &symbols, rows);
            if let Some(out) = out.take() {
                writer = Some(TableWriter::new(out, &columns)?);
            }
            if let Some(writer) = &mut writer {
                writer.write(columns)?;
            }
        }
        writer.map_or(Ok(()), TableWriter::finish)
    })
}

fn columns(
    task: &Sweep<'_>,
    found: &SweepResult,
    symbols: &[String],
    rows: &[Row],
) -> Vec<(String, TableColumn)> {
    let mut columns = vec![(
        "symbol".to_owned(),
        TableColumn::Text(rows.iter().map(|row| symbols[row.subject as usize].clone()).collect()),
    )];
    for (param, (spec, axis)) in task.entry.params.iter().zip(task.grid.values()).enumerate() {
        let values = rows.iter().map(|row| Some(axis[task.grid.position(row.row, param)]));
        columns.push((spec.name.to_owned(), TableColumn::Number(values.collect())));
    }
    for key in engine::sweep::LANE_METRICS {
        let values = rows.iter().map(|row| {
            let subject = row.subject as usize;
            let per_year = task.subjects[subject].periods_per_year;
            row.metric(key, found.observations[subject], per_year)
        });
        columns.push((key.to_owned(), TableColumn::Number(values.collect())));
    }
    if !engine::sweep::LANE_METRICS.contains(&task.metric) {
        let scores = rows.iter().map(|row| Some(row.score).filter(|score| score.is_finite()));
        columns.push((task.metric.to_owned(), TableColumn::Number(scores.collect())));
    }
    let trades = rows.iter().map(|row| Some(f64::from(row.closed_trades))).collect();
    let equity = rows.iter().map(|row| Some(row.final_equity)).collect();
    columns.push(("closed_trades".to_owned(), TableColumn::Number(trades)));
    columns.push(("final_equity".to_owned(), TableColumn::Number(equity)));
    columns
}
