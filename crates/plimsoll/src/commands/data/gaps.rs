//! `plimsoll data gaps`: bars that the exchange's calendar expects and a series lacks.

use ::data::{Catalogue, SeriesInfo};
use clap::Args;
use market::{Calendar, Gap, Symbol, Timeframe};
use serde::Serialize;
use serde_json::json;

use crate::Context;
use crate::commands::failure::lake_failure;
use crate::error::CliError;
use crate::output::number::{bar_date, count, short_instant};
use crate::output::table::{Align, Table};
use jobs::lab::source::calendar_of;
use jobs::nearest::hint;

/// Gaps of a series that people are shown; programs get all.
const SHOWN: usize = 20;

/// Arguments of `data gaps`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll data gaps --ticker AAPL

A session without a bar is a gap, a weekend or a holiday is not. A short bar that is absent need not
be a fault: a minute without a trade has none.")]
pub struct GapsArgs {
    /// A symbol; may be repeated [default: all]
    #[arg(long = "ticker", value_name = "T")]
    pub tickers: Vec<Symbol>,
    /// Length of the bars [default: all]
    #[arg(long, value_name = "T")]
    pub timeframe: Option<Timeframe>,
    /// Whose bars [default: all]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// NYSE, CRYPTO, FX or CME [default: a pair's own, else NYSE]
    #[arg(long, value_name = "NAME")]
    pub calendar: Option<Calendar>,
}

#[derive(Serialize)]
struct GapView {
    symbol: String,
    timeframe: String,
    source: String,
    from: String,
    to: String,
    bars: u64,
}

/// Prints the gaps of every series that is asked for.
///
/// # Errors
/// [`CliError::Usage`] when there is no such series, [`CliError::Failed`] when one cannot be read.
pub fn run(arguments: &GapsArgs, ctx: &Context) -> Result<(), CliError> {
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let listing = catalogue.ls().map_err(lake_failure)?;
    for error in &listing.damaged {
        ctx.note(&format!("warning: {error}"));
    }
    let series = chosen(arguments, &listing.series)?;
    let progress = ctx.progress("checking", series.len() as u64);
    let mut found: Vec<(&SeriesInfo, Calendar, Vec<Gap>)> = Vec::with_capacity(series.len());
    for (done, info) in series.iter().enumerate() {
        ctx.check_stopped()?;
        let calendar = arguments.calendar.unwrap_or_else(|| calendar_of(&info.key.symbol));
        let gaps = catalogue.gaps(&info.key, &calendar).map_err(lake_failure)?;
        found.push((info, calendar, gaps));
        progress.set(done as u64 + 1, series.len() as u64);
    }
    drop(progress);
    if ctx.json {
        let gaps: Vec<GapView> = found
            .iter()
            .flat_map(|(info, _, gaps)| gaps.iter().map(|gap| GapView::of(info, gap)))
            .collect();
        return ctx.print_json(&json!({ "series": found.len(), "gaps": gaps }));
    }
    ctx.print(&for_people(&found))
}

/// The series that the arguments name.
fn chosen<'a>(
    arguments: &GapsArgs,
    series: &'a [SeriesInfo],
) -> Result<Vec<&'a SeriesInfo>, CliError> {
    for ticker in &arguments.tickers {
        if !series.iter().any(|info| info.key.symbol == *ticker) {
            let mut known: Vec<&str> = series.iter().map(|info| info.key.symbol.as_str()).collect();
            known.dedup();
            let hint = hint(ticker.as_str(), known);
            return Err(CliError::Usage(format!("there are no bars of {ticker}{hint}")));
        }
    }
    let fits = |info: &&SeriesInfo| {
        let key = &info.key;
        (arguments.tickers.is_empty() || arguments.tickers.contains(&key.symbol))
            && arguments.timeframe.is_none_or(|timeframe| timeframe == key.timeframe)
            && arguments.source.as_ref().is_none_or(|source| *source == key.source)
    };
    let chosen: Vec<&SeriesInfo> = series.iter().filter(fits).collect();
    if chosen.is_empty() {
        let fault = "there is no such series (`plimsoll data ls` lists what there is)";
        return Err(CliError::Usage(fault.to_owned()));
    }
    Ok(chosen)
}

impl GapView {
    fn of(info: &SeriesInfo, gap: &Gap) -> Self {
        let key = &info.key;
        Self {
            symbol: key.symbol.to_string(),
            timeframe: key.timeframe.to_string(),
            source: key.source.clone(),
            from: bar_date(gap.from, key.timeframe),
            to: bar_date(gap.to, key.timeframe),
            bars: gap.bars,
        }
    }
}

fn for_people(found: &[(&SeriesInfo, Calendar, Vec<Gap>)]) -> String {
    let mut summary = Table::new([
        ("symbol", Align::Left),
        ("bar", Align::Left),
        ("source", Align::Left),
        ("calendar", Align::Left),
        ("gaps", Align::Right),
        ("missing bars", Align::Right),
    ]);
    let mut details = String::new();
    for (info, calendar, gaps) in found {
        let key = &info.key;
        let missing: u64 = gaps.iter().map(|gap| gap.bars).sum();
        summary.row([
            key.symbol.to_string(),
            key.timeframe.to_string(),
            key.source.clone(),
            calendar.to_string(),
            count(gaps.len() as u64),
            count(missing),
        ]);
        if !gaps.is_empty() {
            details += &format!("\n{key}\n{}", table_of(gaps));
        }
    }
    summary.render() + &details
}

fn table_of(gaps: &[Gap]) -> String {
    let mut table =
        Table::new([("from", Align::Left), ("to", Align::Left), ("bars", Align::Right)]);
    for gap in gaps.iter().take(SHOWN) {
        table.row([short_instant(gap.from), short_instant(gap.to), count(gap.bars)]);
    }
    let mut text = table.render();
    if gaps.len() > SHOWN {
        text += &format!("and {} more (--json has all)\n", count((gaps.len() - SHOWN) as u64));
    }
    text
}
