//! `plimsoll data export`: a stored series as a file for other programs.

use std::io;
use std::path::{Path, PathBuf};

use ::data::{Catalogue, Found, Wanted, write_csv, write_parquet};
use clap::Args;
use jiff::civil::Date;
use jobs::lab::source::{calendar_of, range};
use market::{Adjustment, BarSeries, Symbol, Timeframe};
use serde_json::json;

use crate::Context;
use crate::commands::arguments::{check_range, date};
use crate::commands::failure::lake_failure;
use crate::error::CliError;
use crate::output::file::write_file;
use crate::output::number::count;

/// Arguments of `data export`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: plimsoll data export --symbol AAPL --from 2010-01-01 --out aapl.csv"
)]
pub struct ExportArgs {
    /// The symbol
    #[arg(long, value_name = "S")]
    pub symbol: Symbol,
    /// Length of a bar: 1m 5m 15m 30m 1h 4h 1d 1w 1mo
    #[arg(long, value_name = "T", default_value = "1d")]
    pub timeframe: Timeframe,
    /// Whose bars [default: the freshest that covers the range]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// raw, split or all [default: raw before the others]
    #[arg(long, value_name = "KIND")]
    pub adjustment: Option<Adjustment>,
    /// First date [default: all]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<Date>,
    /// Last date, included [default: all]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<Date>,
    /// The file, whose name ends in .csv or .parquet; a file of that name is replaced
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Writes the file.
///
/// # Errors
/// [`CliError::Usage`] for an unknown series, an empty range or another ending;
/// [`CliError::Failed`] when the file cannot be written.
pub fn run(arguments: &ExportArgs, ctx: &Context) -> Result<(), CliError> {
    let ExportArgs { symbol, timeframe, out, .. } = arguments;
    check_range(arguments.from, arguments.to)?;
    let range = range(arguments.from, arguments.to, *timeframe, calendar_of(symbol));
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let wanted = Wanted {
        symbol: symbol.clone(),
        timeframe: *timeframe,
        source: arguments.source.clone(),
        adjustment: arguments.adjustment,
        range: range.clone(),
    };
    let Found { info, .. } = catalogue.find(&wanted).map_err(lake_failure)?;
    let bars = match range {
        // A part is small enough to be held; the whole is copied piece by piece.
        Some(range) => {
            let bars = catalogue.load(&info.key, Some(&range)).map_err(lake_failure)?;
            if bars.is_empty() {
                return Err(CliError::Usage(format!("{} has no bar in that range", info.key)));
            }
            write_bars(&bars, *timeframe, out)?;
            bars.len() as u64
        }
        None => catalogue.export(&info.key, out).map_err(lake_failure)?,
    };
    if ctx.json {
        let file = out.display().to_string();
        return ctx.print_json(&json!({ "series": info.key, "bars": bars, "file": file }));
    }
    ctx.print(&format!("{}: {} bars to {}\n", info.key, count(bars), out.display()))
}

fn write_bars(bars: &BarSeries, timeframe: Timeframe, out: &Path) -> Result<(), CliError> {
    let ending = out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("csv") => write_file(out, |file| write_csv(bars.bars(), timeframe, file)),
        Some("parquet") => write_file(out, |file| {
            write_parquet(bars.bars(), file).map_err(|error| io::Error::other(error.to_string()))
        }),
        _ => Err(lake_failure(::data::LakeError::Format { path: out.to_owned() })),
    }
}
