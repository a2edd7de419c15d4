//! `plimsoll sweep`: one strategy with many parameter sets.

use std::path::PathBuf;

use clap::Args;
use engine::Entry;
use jobs::lab::receipt::WithReceipt;
use jobs::lab::sweep::{Report, SweepRequest};

use super::arguments::whole;
use super::receipt;
use super::search::SearchArgs;
use crate::Context;
use crate::error::CliError;
use crate::output::metrics::{label, metric};
use crate::output::number::{count, percent};
use crate::output::table::{Align, Table};
use crate::output::text::{bullets, paragraph, params as params_line};
use crate::output::verdict::verdict;
use crate::output::watch::watched;

/// Arguments of `sweep`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Example: plimsoll sweep --strategy sma_crossover --ticker AAPL \\\n           --grid fast=2:100:1 --grid slow=5:200:5 --where 'fast<slow'"
)]
pub struct SweepArgs {
    /// What every search is told.
    #[command(flatten)]
    pub search: SearchArgs,
    /// Rows to show
    #[arg(long, value_name = "N", default_value = "20", value_parser = whole::<usize>)]
    pub top: usize,
    /// Write every row here, as Parquet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &SweepArgs, ctx: &Context) -> Result<(), CliError> {
    let request = SweepRequest { search: arguments.search.request()?, top: arguments.top };
    let asked = receipt::request();
    let mut written = Ok(());
    let (entry, (report, receipt)) = watched(ctx, "backtests", |bench| {
        let sweep = request.prepare(bench)?;
        let found = sweep.run(bench)?;
        if let Some(path) = &arguments.out {
            written = super::sweep_table::write(path, &sweep.task(bench), &found);
        }
        Ok((sweep.entry(), sweep.report(&found, &asked, bench)?))
    })?;
    written?;
    if ctx.json {
        ctx.print_json(&WithReceipt { report: &report, receipt: &receipt })
    } else {
        ctx.print(&for_people(entry, &report))
    }
}

fn for_people(entry: &Entry, report: &Report) -> String {
    let mut text = paragraph(
        &format!(
            "{}: {} backtests, by {}",
            entry.label,
            count(report.tried),
            label(&report.metric)
        ),
        "",
        "",
    );
    let scored =
        !["total_return", "sharpe_ratio", "max_drawdown"].contains(&report.metric.as_str());
    let mut columns = vec![("symbol", Align::Left), ("parameters", Align::Left)];
    let by = label(&report.metric);
    if scored {
        columns.push((&by, Align::Right));
    }
    columns.extend([
        ("return", Align::Right),
        ("Sharpe", Align::Right),
        ("drawdown", Align::Right),
        ("trades", Align::Right),
        ("deflated", Align::Right),
    ]);
    let mut table = Table::new(columns);
    for row in &report.rows {
        let shown = |key: &str| metric(key, row.metrics.get(key).flatten());
        let mut cells = vec![row.symbol.clone(), params_line(&row.params)];
        if scored {
            cells.push(metric(&report.metric, row.score));
        }
        cells.extend([
            shown("total_return"),
            shown("sharpe_ratio"),
            shown("max_drawdown"),
            row.metrics.trades.closed_trades.to_string(),
            percent(row.statistics.deflated_sharpe),
        ]);
        table.row(cells);
    }
    text += "\n";
    text += &table.render();
    text += "\nWhat the best row is worth\n";
    let mut lines = report
        .rows
        .first()
        .map(|best| verdict(&best.metrics, &best.statistics))
        .unwrap_or_default();
    for overfitting in &report.overfitting {
        if let Some(result) = &overfitting.result {
            lines.push(format!(
                "{}: choosing the best in sample picked a below-average variant out of sample in \
                 {} of {} splits of history (PBO, over {} variants).",
                overfitting.symbol,
                percent(result.pbo),
                count(result.combinations as u64),
                count(overfitting.variants as u64)
            ));
        }
    }
    text += &bullets(&lines);
    text += "\nWhat it rests on\n";
    text + &bullets(&report.assumptions)
}
