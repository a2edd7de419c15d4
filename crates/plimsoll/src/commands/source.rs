//! Bars for a command: from the lake, the bundled history, or a file.

use std::ops::Range;
use std::path::{Path, PathBuf};

use ::data::{Catalogue, Found, LakeError, ReadOptions, Wanted, read_file};
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use market::{
    Adjustment, BarSeries, Calendar, CorporateAction, Currency, MICROS_PER_DAY, Micros, Symbol,
    Timeframe, adjust, date_of, midnight, resample,
};

use super::arguments::{check_range, date, stem, zone};
use super::failure::{import_failure, lake_failure};
use crate::Context;
use crate::error::CliError;

/// How far a series may fall short of the range before it is worth a remark: a long weekend.
const REMARKABLE: Micros = 7 * MICROS_PER_DAY;

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

/// Bars that are ready for work.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The symbol; of a file its name without folder and ending.
    pub symbol: String,
    /// The bars within the range, as traded unless the origin says otherwise.
    pub bars: BarSeries,
    /// Splits and dividends, oldest first, that the bars are not adjusted for; none of a file.
    pub actions: Vec<CorporateAction>,
    /// Length of a bar.
    pub timeframe: Timeframe,
    /// When the instrument trades.
    pub calendar: Calendar,
    /// Where the bars come from: a source's name or the file.
    pub origin: String,
    /// Whether they come from a file, so that flags alone cost and size them.
    pub from_file: bool,
}

/// Loads every series that the arguments name, tickers or files, in their order.
///
/// # Errors
/// [`CliError::Usage`] when nothing is named, for an unknown ticker or a range that is empty;
/// [`CliError::Failed`] for bars that cannot be read.
pub fn load_series(arguments: &SourceArgs, ctx: &Context) -> Result<Vec<Loaded>, CliError> {
    check_range(arguments.from, arguments.to)?;
    if arguments.tickers.is_empty() && arguments.data.is_empty() {
        return Err(CliError::Usage(
            "say what to work on: --ticker AAPL for stored bars (`plimsoll data ls` lists them) or \
             --data FILE for a file"
                .to_owned(),
        ));
    }
    let mut series: Vec<Loaded> = Vec::new();
    for ticker in &arguments.tickers {
        series.push(load_ticker(ticker, arguments, ctx)?);
    }
    for path in &arguments.data {
        series.push(load_file(path, arguments)?);
    }
    for (index, loaded) in series.iter().enumerate() {
        if series[..index]
            .iter()
            .any(|other| other.symbol == loaded.symbol && other.origin == loaded.origin)
        {
            return Err(CliError::Usage(format!("{} is given twice", loaded.symbol)));
        }
    }
    Ok(series)
}

/// Loads one ticker from the lake or the bundled history.
///
/// Where there are only shorter bars than the ones wanted, longer ones are made of them.
///
/// # Errors
/// As [`load_series`].
pub fn load_ticker(
    ticker: &str,
    arguments: &SourceArgs,
    ctx: &Context,
) -> Result<Loaded, CliError> {
    let symbol: Symbol = ticker.parse().map_err(CliError::usage)?;
    let calendar = arguments.calendar.unwrap_or_else(|| calendar_of(&symbol));
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let timeframe = arguments.timeframe.unwrap_or(Timeframe::Day1);
    let stored = find_stored(&catalogue, &symbol, timeframe, calendar, arguments)?;
    let Found { info, .. } = &stored.found;
    let key = &info.key;
    remark_on_range(&stored, ctx);
    let mut bars = catalogue.load(key, stored.range.as_ref()).map_err(lake_failure)?;
    let mut actions = match key.adjustment {
        Adjustment::Raw => catalogue.events(key).map_err(lake_failure)?,
        Adjustment::Split | Adjustment::All => Vec::new(),
    };
    let mut origin = key.source.clone();
    if key.adjustment != Adjustment::Raw {
        origin += &format!(" ({} adjusted)", key.adjustment);
    }
    if key.timeframe != timeframe {
        origin += &format!(" ({timeframe} of {} bars", key.timeframe);
        if !actions.is_empty() {
            // A bar that a split falls into has no raw prices that mean anything.
            bars = adjust(bars.bars(), &actions, Adjustment::All).map_err(CliError::failed)?;
            actions.clear();
            origin += ", adjusted";
        }
        origin += ")";
        bars = resample(bars.bars(), key.timeframe, timeframe, &calendar)
            .map_err(|error| CliError::Failed(format!("{symbol}: {error}")))?;
    }
    let symbol = symbol.to_string();
    Ok(Loaded { symbol, bars, actions, timeframe, calendar, origin, from_file: false })
}

/// Loads one file.
///
/// # Errors
/// As [`load_series`].
pub fn load_file(path: &Path, arguments: &SourceArgs) -> Result<Loaded, CliError> {
    let symbol = stem(path);
    let zone = arguments.zone.clone().unwrap_or(TimeZone::UTC);
    let options = ReadOptions { zone, timeframe: None, skip_bad: false };
    let mut read = read_file(path, &options).map_err(import_failure)?;
    let own = read.timeframe.unwrap_or(Timeframe::Day1);
    let timeframe = arguments.timeframe.unwrap_or(own);
    let calendar = arguments.calendar.unwrap_or_else(|| match symbol.parse() {
        Ok(symbol) if timeframe.is_intraday() => calendar_of(&symbol),
        _ => Calendar::NYSE,
    });
    if timeframe < own || (timeframe != own && read.timeframe.is_none()) {
        // The rows are further apart than they are long: bars are missing, or the file is short.
        let options = ReadOptions { timeframe: Some(timeframe), ..options };
        read = read_file(path, &options).map_err(import_failure)?;
    } else if timeframe > own {
        read.bars = resample(read.bars.bars(), own, timeframe, &calendar)
            .map_err(|error| CliError::Failed(format!("{}: {error}", path.display())))?;
    }
    let mut bars = read.bars;
    let (first, last) = ends(&bars);
    if let Some(range) = range(arguments, timeframe, calendar) {
        cut(&mut bars, &range);
    }
    if bars.is_empty() {
        let fault = format!(
            "{} has no bar in that range; it has bars from {} to {}",
            path.display(),
            date_of(first),
            date_of(last)
        );
        return Err(CliError::Usage(fault));
    }
    let (actions, origin) = (Vec::new(), path.display().to_string());
    Ok(Loaded { symbol, bars, actions, timeframe, calendar, origin, from_file: true })
}

/// The calendar of an instrument, as its symbol shows it: pairs of currencies trade as forex, other
/// pairs around the clock, everything else in New York.
pub fn calendar_of(symbol: &Symbol) -> Calendar {
    let official =
        |code: &str| code.parse::<Currency>().is_ok_and(|currency| currency.is_official());
    match symbol.as_pair() {
        Some((base, quote)) if official(base) && official(quote) => Calendar::FX,
        Some(_) => Calendar::CRYPTO,
        None => Calendar::NYSE,
    }
}

/// Opening instants of the bars that the dates of the arguments name; `None` without a date.
///
/// Daily and longer bars are dated in UTC, shorter ones by the clock of their exchange.
pub fn range(
    arguments: &SourceArgs,
    timeframe: Timeframe,
    calendar: Calendar,
) -> Option<Range<Micros>> {
    let SourceArgs { from, to, .. } = arguments;
    if from.is_none() && to.is_none() {
        return None;
    }
    let zone = match timeframe.is_intraday() {
        true => TimeZone::get(calendar.time_zone()).unwrap_or(TimeZone::UTC),
        false => TimeZone::UTC,
    };
    let starts = |date: Date| {
        let local = date.to_zoned(zone.clone());
        local.map_or_else(|_| midnight(date), |start| start.timestamp().as_microsecond())
    };
    let start = from.map_or(Micros::MIN, starts);
    let end = to.and_then(|to| to.tomorrow().ok()).map_or(Micros::MAX, starts);
    Some(start..end)
}

/// A stored series and the range that is wanted of it.
struct StoredSeries {
    found: Found,
    range: Option<Range<Micros>>,
}

/// Finds bars of the timeframe, or else the longest shorter ones.
fn find_stored(
    catalogue: &Catalogue,
    symbol: &Symbol,
    timeframe: Timeframe,
    calendar: Calendar,
    arguments: &SourceArgs,
) -> Result<StoredSeries, CliError> {
    let find = |timeframe: Timeframe| {
        let range = range(arguments, timeframe, calendar);
        let wanted = Wanted {
            symbol: symbol.clone(),
            timeframe,
            source: arguments.source.clone(),
            adjustment: None,
            range: range.clone(),
        };
        catalogue.find(&wanted).map(|found| StoredSeries { found, range })
    };
    let missing = match find(timeframe) {
        Err(error @ LakeError::NotFound { .. }) => error,
        other => return other.map_err(lake_failure),
    };
    let usable = |shorter: &Timeframe| {
        *shorter < timeframe && !(*shorter == Timeframe::Week1 && timeframe == Timeframe::Month1)
    };
    for shorter in Timeframe::ALL.into_iter().rev().filter(usable) {
        match find(shorter) {
            Err(LakeError::NotFound { .. }) => {}
            other => return other.map_err(lake_failure),
        }
    }
    Err(lake_failure(missing))
}

fn remark_on_range(stored: &StoredSeries, ctx: &Context) {
    let (info, Some(range)) = (&stored.found.info, &stored.range) else { return };
    let late = range.start != Micros::MIN && info.from - range.start > REMARKABLE;
    let early = range.end != Micros::MAX && range.end - info.to > REMARKABLE;
    if late || early {
        ctx.note(&format!(
            "note: {} has bars from {} to {} only",
            info.key,
            date_of(info.from),
            date_of(info.to)
        ));
    }
}

fn ends(bars: &BarSeries) -> (Micros, Micros) {
    let end = |ts: Option<&Micros>| ts.copied().unwrap_or_default();
    (end(bars.ts.first()), end(bars.ts.last()))
}

/// Drops the bars outside of a range.
fn cut(bars: &mut BarSeries, range: &Range<Micros>) {
    let start = bars.ts.partition_point(|ts| *ts < range.start);
    let end = bars.ts.partition_point(|ts| *ts < range.end).max(start);
    if start > 0 || end < bars.len() {
        *bars = bars.bars().slice(start..end).to_series();
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use market::{Calendar, MICROS_PER_DAY, MICROS_PER_MINUTE, Timeframe, midnight};

    use super::{SourceArgs, calendar_of, range};

    #[test]
    fn calendars_of_symbols() {
        let cases = [
            ("AAPL", Calendar::NYSE),
            ("BRK.B", Calendar::NYSE),
            ("^GSPC", Calendar::NYSE),
            ("EURUSD", Calendar::FX),
            ("BTC-USD", Calendar::CRYPTO),
            ("ETH-BTC", Calendar::CRYPTO),
        ];
        for (symbol, calendar) in cases {
            assert_eq!(calendar_of(&symbol.parse().expect(symbol)), calendar, "{symbol}");
        }
    }

    #[test]
    fn dates_are_the_exchanges_for_short_bars() {
        let day = Date::constant(2024, 7, 2);
        let of = |from, to, timeframe| {
            let arguments = SourceArgs { from, to, ..SourceArgs::default() };
            range(&arguments, timeframe, Calendar::NYSE)
        };
        assert_eq!(of(None, None, Timeframe::Day1), None);
        let start = midnight(day);
        let daily = of(Some(day), Some(day), Timeframe::Day1);
        assert_eq!(daily, Some(start..start + MICROS_PER_DAY));
        // New York is four hours behind in July.
        let shift = 4 * 60 * MICROS_PER_MINUTE;
        let hourly = of(Some(day), Some(day), Timeframe::Hour1);
        assert_eq!(hourly, Some(start + shift..start + shift + MICROS_PER_DAY));
        assert_eq!(of(None, Some(day), Timeframe::Day1), Some(i64::MIN..start + MICROS_PER_DAY));
    }
}
