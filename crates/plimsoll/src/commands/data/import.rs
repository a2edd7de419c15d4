//! `plimsoll data import`: a file becomes a series of the lake, all of it or nothing.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ::data::{
    Catalogue, CsvReader, ImportRequest, ImportSummary, ParquetReader, ReadOptions, Refusal,
    SeriesKey, guess_timeframe,
};
use clap::Args;
use jiff::tz::TimeZone;
use market::{Adjustment, BarSeries, Calendar, Symbol, Timeframe};
use serde::Serialize;

use crate::Context;
use crate::commands::arguments::zone;
use crate::commands::failure::{import_failure, lake_failure, refused_rows};
use crate::error::CliError;
use crate::output::number::{bar_date, count};
use jobs::lab::source::{calendar_of, stem};

/// Rows whose distances tell the timeframe.
const HEAD: usize = 512;

/// Longest series that is checked for gaps at once, for the check holds all of it.
const CHECKED: u64 = 1_000_000;

/// Arguments of `data import`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll data import prices.csv --symbol ACME --timeframe 1d

CSV needs a header: date or timestamp, open, high, low, close, volume; any case and order. One bad
row refuses the file, and nothing is stored, unless --skip-bad is given.")]
pub struct ImportArgs {
    /// The file, CSV or Parquet
    pub file: PathBuf,
    /// The symbol [default: the file's name without its ending]
    #[arg(long, value_name = "S")]
    pub symbol: Option<Symbol>,
    /// Length of a bar: 1m 5m 15m 30m 1h 4h 1d 1w 1mo [default: as the distance of the rows shows]
    #[arg(long, value_name = "T")]
    pub timeframe: Option<Timeframe>,
    /// A name for where the bars come from
    #[arg(long, value_name = "NAME", default_value = "import")]
    pub source: String,
    /// Store the good rows and list the bad ones, instead of refusing the file
    #[arg(long)]
    pub skip_bad: bool,
    /// Time zone of times that are written without one
    #[arg(long, value_name = "IANA", default_value = "UTC", value_parser = zone)]
    pub zone: TimeZone,
    /// NYSE, CRYPTO, FX or CME, to tell gaps by [default: a pair's own, else NYSE]
    #[arg(long, value_name = "NAME")]
    pub calendar: Option<Calendar>,
    /// What the prices are adjusted for: raw (nothing), split, all (splits and dividends)
    #[arg(long, value_name = "KIND", default_value = "raw")]
    pub adjustment: Adjustment,
}

#[derive(Serialize)]
struct Report {
    symbol: String,
    timeframe: Timeframe,
    source: String,
    adjustment: Adjustment,
    rows: u64,
    from: String,
    to: String,
    refused: Vec<RefusalView>,
    refused_total: u64,
    replaced: u64,
    bars: u64,
    /// Bars that the calendar expects and the series lacks; null when it was too long to look.
    missing_bars: Option<u64>,
}

#[derive(Serialize)]
struct RefusalView {
    file: String,
    line: u64,
    reason: String,
}

impl From<&Refusal> for RefusalView {
    fn from(row: &Refusal) -> Self {
        Self { file: row.file.to_string(), line: row.line, reason: row.fault.to_string() }
    }
}

/// Imports the file.
///
/// # Errors
/// [`CliError::Usage`] when symbol or timeframe cannot be told, [`CliError::Failed`] for a file
/// that is refused or a lake that cannot be written, [`CliError::Stopped`] after Ctrl-C.
pub fn run(arguments: &ImportArgs, ctx: &Context) -> Result<(), CliError> {
    let symbol = symbol(arguments)?;
    let options = ReadOptions {
        zone: arguments.zone.clone(),
        timeframe: arguments.timeframe,
        skip_bad: arguments.skip_bad,
    };
    let timeframe = match arguments.timeframe {
        Some(timeframe) => timeframe,
        None => infer(&arguments.file, &options, ctx)?,
    };
    let source = arguments.source.clone();
    let key = SeriesKey { source, symbol, timeframe, adjustment: arguments.adjustment };
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let request = ImportRequest { file: arguments.file.clone(), key: key.clone(), options };
    let progress = ctx.progress("importing", 0);
    let summary = catalogue
        .import(&request, &mut |at| progress.set(at.done, at.total), ctx.stop_flag())
        .map_err(import_failure)?;
    drop(progress);
    let calendar = arguments.calendar.unwrap_or_else(|| calendar_of(&key.symbol));
    let missing_bars = missing_bars(&catalogue, &key, &calendar, summary.bars)?;
    if ctx.json {
        return ctx.print_json(&report(&key, &summary, missing_bars));
    }
    if !summary.refused.is_empty() {
        ctx.note(&format!("refused\n{}", refused_rows(&summary.refused)));
    }
    ctx.print(&for_people(arguments, &key, &summary, missing_bars, calendar))
}

fn symbol(arguments: &ImportArgs) -> Result<Symbol, CliError> {
    match &arguments.symbol {
        Some(symbol) => Ok(symbol.clone()),
        None => stem(&arguments.file).parse().map_err(|error| {
            CliError::Usage(format!(
                "the file's name gives no symbol ({error}); name it with --symbol"
            ))
        }),
    }
}

/// The timeframe that the first rows show.
fn infer(file: &Path, options: &ReadOptions, ctx: &Context) -> Result<Timeframe, CliError> {
    let mut bars = BarSeries::default();
    let is_parquet = starts_as_parquet(file);
    let read = if is_parquet {
        ParquetReader::open(file, options).and_then(|mut reader| reader.read(&mut bars, HEAD))
    } else {
        CsvReader::open(file, options).and_then(|mut reader| reader.read(&mut bars, HEAD))
    };
    read.map_err(import_failure)?;
    if let Some(timeframe) = guess_timeframe(&bars) {
        ctx.note(&format!("note: {timeframe} bars, as the distance of the rows shows"));
        return Ok(timeframe);
    }
    Err(CliError::Usage(format!(
        "{} has too few good rows to show how long its bars are; say it with --timeframe",
        file.display()
    )))
}

fn starts_as_parquet(file: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(file).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"PAR1"
}

fn missing_bars(
    catalogue: &Catalogue,
    key: &SeriesKey,
    calendar: &Calendar,
    bars: u64,
) -> Result<Option<u64>, CliError> {
    if bars > CHECKED {
        return Ok(None);
    }
    let gaps = catalogue.gaps(key, calendar).map_err(lake_failure)?;
    Ok(Some(gaps.iter().map(|gap| gap.bars).sum()))
}

fn report(key: &SeriesKey, summary: &ImportSummary, missing_bars: Option<u64>) -> Report {
    Report {
        symbol: key.symbol.to_string(),
        timeframe: key.timeframe,
        source: key.source.clone(),
        adjustment: key.adjustment,
        rows: summary.rows,
        from: bar_date(summary.from, key.timeframe),
        to: bar_date(summary.to, key.timeframe),
        refused: summary.refused.rows.iter().map(RefusalView::from).collect(),
        refused_total: summary.refused.total,
        replaced: summary.replaced,
        bars: summary.bars,
        missing_bars,
    }
}

fn for_people(
    arguments: &ImportArgs,
    key: &SeriesKey,
    summary: &ImportSummary,
    missing_bars: Option<u64>,
    calendar: Calendar,
) -> String {
    let mut text = format!(
        "{} is now {key}\n{} rows from {} to {}",
        arguments.file.display(),
        count(summary.rows),
        bar_date(summary.from, key.timeframe),
        bar_date(summary.to, key.timeframe),
    );
    if summary.refused.total > 0 {
        text += &format!(", {} refused", count(summary.refused.total));
    }
    if summary.replaced > 0 {
        text += &format!(", {} of them in the place of older bars", count(summary.replaced));
    }
    text += &format!("\nthe series has {} bars", count(summary.bars));
    match missing_bars {
        Some(0) => text += &format!(", none missing by the {calendar} calendar\n"),
        Some(missing) => {
            let (missing, symbol) = (count(missing), &key.symbol);
            text += &format!(", {missing} missing by the {calendar} calendar\n");
            text += &format!("(`plimsoll data gaps --ticker {symbol}` lists them)\n");
        }
        None => text.push('\n'),
    }
    text
}
