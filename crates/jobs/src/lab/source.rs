//! Bars for a test: from the lake, the bundled history, or a file.

use std::ops::Range;
use std::path::{Path, PathBuf};

use data::{Catalogue, Found, LakeError, ReadOptions, Wanted, read_file};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use market::{
    Adjustment, BarSeries, Calendar, CorporateAction, Currency, MICROS_PER_DAY, Micros, Symbol,
    Timeframe, adjust, date_of, midnight, resample,
};

use super::{LabError, Workbench};

/// How far a series may fall short of the range before it is worth a remark: a long weekend.
const REMARKABLE: Micros = 7 * MICROS_PER_DAY;

/// Which bars to work on.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Symbols of the lake or the bundled history.
    pub tickers: Vec<String>,
    /// CSV or Parquet files of bars.
    pub files: Vec<PathBuf>,
    /// Where the tickers' bars come from; the freshest that covers the range when `None`.
    pub source: Option<String>,
    /// How the tickers' bars are adjusted; raw before the others when `None`.
    pub adjustment: Option<Adjustment>,
    /// First date; all when `None`.
    pub from: Option<Date>,
    /// Last date, included; all when `None`.
    pub to: Option<Date>,
    /// Length of a bar; a day, or a file's own, when `None`.
    pub timeframe: Option<Timeframe>,
    /// When the instruments trade; as their symbols show when `None`.
    pub calendar: Option<Calendar>,
    /// Time zone of times that a file writes without one; UTC when `None`.
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

/// Loads every series that a source names, tickers or files, in their order.
///
/// # Errors
/// [`LabError`] when nothing is named, for an unknown ticker, a range that is empty, and bars that
/// cannot be read.
pub fn load_series(source: &Source, bench: &Workbench<'_>) -> Result<Vec<Loaded>, LabError> {
    if let (Some(from), Some(to)) = (source.from, source.to)
        && from > to
    {
        let fault = format!("the first date {from} is after the last date {to}");
        return Err(LabError::refused("bad_range", fault));
    }
    if source.tickers.is_empty() && source.files.is_empty() {
        return Err(LabError::refused("no_instrument", "no instrument is named"));
    }
    let mut series: Vec<Loaded> = Vec::new();
    for ticker in &source.tickers {
        series.push(load_ticker(ticker, source, bench)?);
    }
    for path in &source.files {
        series.push(load_file(path, source)?);
    }
    for (index, loaded) in series.iter().enumerate() {
        if series[..index]
            .iter()
            .any(|other| other.symbol == loaded.symbol && other.origin == loaded.origin)
        {
            let fault = format!("{} is given twice", loaded.symbol);
            return Err(LabError::refused("given_twice", fault));
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
    source: &Source,
    bench: &Workbench<'_>,
) -> Result<Loaded, LabError> {
    let symbol: Symbol = ticker.parse().map_err(|fault| LabError::refused("bad_symbol", fault))?;
    let calendar = source.calendar.unwrap_or_else(|| calendar_of(&symbol));
    let catalogue = Catalogue::open(bench.data_dir);
    let timeframe = source.timeframe.unwrap_or(Timeframe::Day1);
    let stored = find_stored(&catalogue, &symbol, timeframe, calendar, source)?;
    let Found { info, .. } = &stored.found;
    let key = &info.key;
    remark_on_range(&stored, bench);
    let mut bars = catalogue.load(key, stored.range.as_ref())?;
    let mut actions = match key.adjustment {
        Adjustment::Raw => catalogue.events(key)?,
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
            bars = adjust(bars.bars(), &actions, Adjustment::All).map_err(unusable)?;
            actions.clear();
            origin += ", adjusted";
        }
        origin += ")";
        bars = resample(bars.bars(), key.timeframe, timeframe, &calendar)
            .map_err(|error| unusable(format!("{symbol}: {error}")))?;
    }
    let symbol = symbol.to_string();
    Ok(Loaded { symbol, bars, actions, timeframe, calendar, origin, from_file: false })
}

/// Loads one file.
///
/// # Errors
/// As [`load_series`].
pub fn load_file(path: &Path, source: &Source) -> Result<Loaded, LabError> {
    let symbol = stem(path);
    let zone = source.zone.clone().unwrap_or(TimeZone::UTC);
    let options = ReadOptions { zone, timeframe: None, skip_bad: false };
    let mut read = read_file(path, &options)?;
    let own = read.timeframe.unwrap_or(Timeframe::Day1);
    let timeframe = source.timeframe.unwrap_or(own);
    let calendar = source.calendar.unwrap_or_else(|| match symbol.parse() {
        Ok(symbol) if timeframe.is_intraday() => calendar_of(&symbol),
        _ => Calendar::NYSE,
    });
    if timeframe < own || (timeframe != own && read.timeframe.is_none()) {
        // The rows are further apart than they are long: bars are missing, or the file is short.
        let options = ReadOptions { timeframe: Some(timeframe), ..options };
        read = read_file(path, &options)?;
    } else if timeframe > own {
        read.bars = resample(read.bars.bars(), own, timeframe, &calendar)
            .map_err(|error| unusable(format!("{}: {error}", path.display())))?;
    }
    let mut bars = read.bars;
    let (first, last) = ends(&bars);
    if let Some(range) = range(source.from, source.to, timeframe, calendar) {
        cut(&mut bars, &range);
    }
    if bars.is_empty() {
        let fault = format!(
            "{} has no bar in that range; it has bars from {} to {}",
            path.display(),
            date_of(first),
            date_of(last)
        );
        return Err(LabError::refused("no_bars_in_range", fault));
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

/// Opening instants of the bars that two dates name, the last included; `None` without a date.
///
/// Daily and longer bars are dated in UTC, shorter ones by the clock of their exchange.
pub fn range(
    from: Option<Date>,
    to: Option<Date>,
    timeframe: Timeframe,
    calendar: Calendar,
) -> Option<Range<Micros>> {
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
    source: &Source,
) -> Result<StoredSeries, LabError> {
    let find = |timeframe: Timeframe| {
        let range = range(source.from, source.to, timeframe, calendar);
        let wanted = Wanted {
            symbol: symbol.clone(),
            timeframe,
            source: source.source.clone(),
            adjustment: source.adjustment,
            range: range.clone(),
        };
        catalogue.find(&wanted).map(|found| StoredSeries { found, range })
    };
    let missing = match find(timeframe) {
        Err(error @ LakeError::NotFound { .. }) => error,
        other => return Ok(other?),
    };
    let usable = |shorter: &Timeframe| {
        *shorter < timeframe && !(*shorter == Timeframe::Week1 && timeframe == Timeframe::Month1)
    };
    for shorter in Timeframe::ALL.into_iter().rev().filter(usable) {
        match find(shorter) {
            Err(LakeError::NotFound { .. }) => {}
            other => return Ok(other?),
        }
    }
    Err(missing.into())
}

fn remark_on_range(stored: &StoredSeries, bench: &Workbench<'_>) {
    let (info, Some(range)) = (&stored.found.info, &stored.range) else { return };
    let late = range.start != Micros::MIN && info.from - range.start > REMARKABLE;
    let early = range.end != Micros::MAX && range.end - info.to > REMARKABLE;
    if late || early {
        (bench.remark)(&format!(
            "note: {} has bars from {} to {} only",
            info.key,
            date_of(info.from),
            date_of(info.to)
        ));
    }
}

fn unusable(fault: impl std::fmt::Display) -> LabError {
    LabError::failed("unusable_bars", fault)
}

/// The name of a file without folder and ending, for what has no name of its own.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
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
    use std::path::Path;

    use jiff::civil::Date;
    use market::{Calendar, MICROS_PER_DAY, MICROS_PER_MINUTE, Timeframe, midnight};

    use super::{calendar_of, range, stem};

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
    fn files_have_names() {
        assert_eq!(stem(Path::new("a/b.c.csv")), "b.c");
    }

    #[test]
    fn dates_are_the_exchanges_for_short_bars() {
        let day = Date::constant(2024, 7, 2);
        let of = |from, to, timeframe| range(from, to, timeframe, Calendar::NYSE);
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
