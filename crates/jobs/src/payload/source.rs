//! Which bars a payload names.

use market::{Adjustment, Symbol, Timeframe};
use store::{JsonText, Subject};

use super::{Payload, bad};
use crate::lab::source::Source;
use crate::lab::{LabError, find_strategy};

/// A series of the lake as a payload names it.
struct Series<'a> {
    source: &'a str,
    symbol: &'a str,
    timeframe: Timeframe,
    adjustment: Adjustment,
}

impl Payload {
    pub(super) fn source(&self) -> Result<Source, LabError> {
        let timeframe = self.timeframe.as_deref().map(|text| {
            text.parse::<Timeframe>().map_err(|fault| bad(format!("timeframe: {fault}")))
        });
        let timeframe = timeframe.transpose()?;
        let dates = Source { from: self.start_date, to: self.end_date, ..Source::default() };
        match (self.tickers.as_deref(), self.data_id.as_deref()) {
            (Some([_, ..]), Some(_)) => Err(bad("give tickers or data_id, not both")),
            (Some(tickers @ [_, ..]), None) => Ok(Source {
                tickers: tickers.to_vec(),
                source: self.source.clone(),
                timeframe,
                ..dates
            }),
            (_, Some(id)) => {
                let series = series(id)?;
                Ok(Source {
                    tickers: vec![series.symbol.to_owned()],
                    source: Some(series.source.to_owned()),
                    adjustment: Some(series.adjustment),
                    timeframe: Some(timeframe.unwrap_or(series.timeframe)),
                    ..dates
                })
            }
            (_, None) => Err(bad("name tickers, or a data_id")),
        }
    }
}

impl Payload {
    /// What a run is about, for lists.
    pub(crate) fn subject(&self) -> Result<Subject, LabError> {
        let source = self.source()?;
        let strategy = self.strategy.as_deref().map(find_strategy).transpose()?;
        let tickers = JsonText::of(&source.tickers);
        Ok(Subject {
            strategy: strategy.map(|entry| entry.name.to_owned()),
            tickers: tickers.map_err(|fault| LabError::failed("no_json", fault))?,
            timeframe: source.timeframe.unwrap_or(Timeframe::Day1).to_string(),
            start_date: source.from.map(|date| date.to_string()),
            end_date: source.to.map(|date| date.to_string()),
        })
    }
}

/// Reads `source/symbol/timeframe/adjustment`; the source may hold a slash itself.
fn series(id: &str) -> Result<Series<'_>, LabError> {
    let unreadable = || bad(format!("data_id '{id}' is not source/symbol/timeframe/adjustment"));
    let mut parts = id.rsplitn(4, '/');
    let (Some(adjustment), Some(timeframe), Some(symbol), Some(source)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unreadable());
    };
    symbol.parse::<Symbol>().map_err(|_| unreadable())?;
    Ok(Series {
        source,
        symbol,
        timeframe: timeframe.parse().map_err(|_| unreadable())?,
        adjustment: adjustment.parse().map_err(|_| unreadable())?,
    })
}
