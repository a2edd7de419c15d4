//! `plimsoll data sources` and `plimsoll data ls`: what there is.

use ::data::{BUNDLED, Catalogue};
use market::date_of;
use serde_json::json;

use super::view::SeriesView;
use crate::Context;
use crate::commands::failure::lake_failure;
use crate::error::CliError;
use crate::output::number::count;
use crate::output::table::{Align, Table};

/// Prints every source and how much it has.
///
/// # Errors
/// [`CliError::Failed`] when the lake cannot be read.
pub fn sources(ctx: &Context) -> Result<(), CliError> {
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let sources = catalogue.sources().map_err(lake_failure)?;
    if ctx.json {
        return ctx.print_json(&json!({ "sources": sources }));
    }
    let mut table = Table::new([
        ("source", Align::Left),
        ("series", Align::Right),
        ("bars", Align::Right),
        ("what", Align::Left),
    ]);
    for source in sources {
        let what = if source.source == BUNDLED { "comes with the program" } else { "imported" };
        let (series, bars) = (count(source.series as u64), count(source.bars));
        table.row([source.source, series, bars, what.to_owned()]);
    }
    ctx.print(&table.render())
}

/// Prints every series; files that cannot be read are named on stderr.
///
/// # Errors
/// [`CliError::Failed`] when the lake cannot be read.
pub fn ls(ctx: &Context) -> Result<(), CliError> {
    let catalogue = Catalogue::open(&ctx.settings.data_dir.value);
    let listing = catalogue.ls().map_err(lake_failure)?;
    for error in &listing.damaged {
        ctx.note(&format!("warning: {error}"));
    }
    if ctx.json {
        let series: Vec<SeriesView> = listing.series.iter().map(SeriesView::from).collect();
        let damaged: Vec<String> = listing.damaged.iter().map(ToString::to_string).collect();
        return ctx.print_json(&json!({ "series": series, "damaged": damaged }));
    }
    let mut table = Table::new([
        ("symbol", Align::Left),
        ("bar", Align::Left),
        ("source", Align::Left),
        ("prices", Align::Left),
        ("from", Align::Left),
        ("to", Align::Left),
        ("bars", Align::Right),
    ]);
    for info in &listing.series {
        let SeriesView { symbol, timeframe, source, adjustment, bars, .. } = SeriesView::from(info);
        let (from, to) = (date_of(info.from).to_string(), date_of(info.to).to_string());
        table.row([symbol, timeframe, source, adjustment, from, to, count(bars)]);
    }
    ctx.print(&table.render())
}
