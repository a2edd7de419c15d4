//! Which bars a command works on.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jobs::lab::source::{Loaded, Source, load_series as load};
use market::{Calendar, Timeframe};

use super::arguments::{check_range, date, zone};
use crate::Context;
use crate::error::CliError;
use crate::output::watch::watched;

/// Which bars to work on.
#[derive(Clone, Debug, Default, Args)]
pub struct SourceArgs {
    /// A symbol of the lake or the bundled history; may be repeated
    #[arg(long = "ticker", value_name = "T", conflicts_with = "data", help_heading = "Data")]
    pub tickers: Vec<String>,
    /// A CSV or Parquet file of bars instead; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pub data: Vec<PathBuf>,
    /// Where the ticker's bars come from [default: the freshest that covers the range]
    #[arg(long, value_name = "NAME", conflicts_with = "data", help_heading = "Data")]
    pub source: Option<String>,
    /// First date [default: all]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Data")]
    pub from: Option<Date>,
    /// Last date, included [default: all]
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Data")]
    pub to: Option<Date>,
    /// Length of a bar: 1m 5m 15m 30m 1h 4h 1d 1w 1mo [default: 1d; a file's own]
    #[arg(long, value_name = "T", help_heading = "Data")]
    pub timeframe: Option<Timeframe>,
    /// NYSE, CRYPTO, FX or CME [default: a pair's own for tickers and intraday files, else NYSE]
    #[arg(long, value_name = "NAME", help_heading = "Data")]
    pub calendar: Option<Calendar>,
    /// Time zone of times that a file writes without one [default: UTC]
    #[arg(long, value_name = "IANA", value_parser = zone, help_heading = "Data")]
    pub zone: Option<TimeZone>,
}

impl SourceArgs {
    /// The bars as the lab is asked for them.
    ///
    /// # Errors
    /// [`CliError::Usage`] when nothing is named, or for dates in the wrong order.
    pub fn source(&self) -> Result<Source, CliError> {
        check_range(self.from, self.to)?;
        if self.tickers.is_empty() && self.data.is_empty() {
            return Err(CliError::Usage(
                "say what to work on: --ticker AAPL for stored bars (`plimsoll data ls` lists \
                 them) or --data FILE for a file"
                    .to_owned(),
            ));
        }
        Ok(Source {
            tickers: self.tickers.clone(),
            files: self.data.clone(),
            source: self.source.clone(),
            adjustment: None,
            from: self.from,
            to: self.to,
            timeframe: self.timeframe,
            calendar: self.calendar,
            zone: self.zone.clone(),
        })
    }
}

/// Loads every series that the arguments name, tickers or files, in their order.
///
/// # Errors
/// [`CliError::Usage`] when nothing is named, for an unknown ticker or a range that is empty;
/// [`CliError::Failed`] for bars that cannot be read.
pub fn load_series(arguments: &SourceArgs, ctx: &Context) -> Result<Vec<Loaded>, CliError> {
    let source = arguments.source()?;
    Ok(watched(ctx, "bars", |bench| load(&source, bench))?)
}
