//! Corporate actions, and prices adjusted for them.
//!
//! Raw prices and events are what is stored; adjusted prices are computed, and change with every
//! new event. Adjusted price = raw price × the product of the factors of later events; what signals
//! read is raw price ÷ the product of the factors of earlier ones, which no new event changes.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{BarSeries, Bars, date_of};

/// Something that changes what one share is worth, without a trade.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorporateAction {
    /// First date on which a buyer no longer takes part.
    pub ex_date: Date,
    /// What happens.
    #[serde(flatten)]
    pub kind: ActionKind,
}

/// The kinds of corporate action that move prices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ActionKind {
    /// One share becomes `ratio` shares (4 for 4:1, 0.1 for a reverse split 1:10).
    Split {
        /// New shares for an old one.
        ratio: f64,
    },
    /// Cash is paid for each share.
    Dividend {
        /// Cash a share, in the currency of the price, of the shares of the ex-date.
        amount: f64,
        /// When the cash arrives, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pay_date: Option<Date>,
    },
}

/// Which events a price series is adjusted for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Adjustment {
    /// As traded.
    #[default]
    Raw,
    /// Splits.
    Split,
    /// Splits and cash dividends.
    All,
}

/// A text that names no adjustment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown adjustment '{0}' (one of raw split all)")]
pub struct UnknownAdjustment(pub String);

/// An event that no price can be adjusted for.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ActionError {
    /// The ratio is not a positive number.
    #[error("split of {ex_date}: ratio {ratio} is not a positive number")]
    BadRatio {
        /// Ex-date of the split.
        ex_date: Date,
        /// Its ratio.
        ratio: f64,
    },
    /// The amount is not a positive number.
    #[error("dividend of {ex_date}: amount {amount} is not a positive number")]
    BadAmount {
        /// Ex-date of the dividend.
        ex_date: Date,
        /// Its amount.
        amount: f64,
    },
    /// The amount is not below the close before, so that no positive price could be left.
    #[error("dividend of {ex_date}: amount {amount} is not below the close before, {close}")]
    DividendAboveClose {
        /// Ex-date of the dividend.
        ex_date: Date,
        /// Its amount.
        amount: f64,
        /// The close before it, adjusted for splits up to the ex-date.
        close: f64,
    },
}

/// Bars as they would read had the later events already happened: prices × factor, volumes × the
/// ratios of later splits. The last bar is as it was traded. This is what people are shown.
///
/// `bars`: raw, daily (the date is that of the timestamp in UTC, which is the session's for regular
/// US hours too); adjust before resampling to weeks or months. A split divides prices before it by
/// its ratio. A dividend multiplies them by 1 − D/C, C the last raw close before the ex-date,
/// adjusted for splits up to it.
///
/// # Errors
/// [`ActionError`] for an event between the first and the last bar that makes no sense.
pub fn adjust(
    bars: Bars<'_>,
    actions: &[CorporateAction],
    adjustment: Adjustment,
) -> Result<BarSeries, ActionError> {
    let (price, volume) = factors_to_last(bars, actions, adjustment)?;
    Ok(scaled(bars, &price, &volume))
}

/// Bars as they would read had the events never happened, and the price factor of each bar: what
/// signals read. The first bar is as it was traded.
///
/// The prices are those of [`adjust`] times one number, but a bar's factor holds the events up to
/// it and none after: a history that ends earlier gives the same bits for the bars that it has.
///
/// # Errors
/// As [`adjust`].
pub fn adjust_from_first(
    bars: Bars<'_>,
    actions: &[CorporateAction],
    adjustment: Adjustment,
) -> Result<(BarSeries, Vec<f64>), ActionError> {
    let mut price = vec![1.0; bars.len()];
    let mut volume = vec![1.0; bars.len()];
    for (bars_before, step) in steps(bars, actions, adjustment)? {
        match step {
            Step::Split { ratio } => {
                price[bars_before] *= ratio;
                volume[bars_before] /= ratio;
            }
            Step::Dividend { left } => price[bars_before] /= left,
        }
    }
    // Each event was noted at the first bar after it and holds for all the later ones.
    accumulate(price.iter_mut());
    accumulate(volume.iter_mut());
    Ok((scaled(bars, &price, &volume), price))
}

/// Price and volume factors of every bar toward the last one, whose factors are 1.
fn factors_to_last(
    bars: Bars<'_>,
    actions: &[CorporateAction],
    adjustment: Adjustment,
) -> Result<(Vec<f64>, Vec<f64>), ActionError> {
    let mut price = vec![1.0; bars.len()];
    let mut volume = vec![1.0; bars.len()];
    for (bars_before, step) in steps(bars, actions, adjustment)? {
        match step {
            Step::Split { ratio } => {
                price[bars_before - 1] /= ratio;
                volume[bars_before - 1] *= ratio;
            }
            Step::Dividend { left } => price[bars_before - 1] *= left,
        }
    }
    // Each event was noted at the last bar before it and holds for all the earlier ones.
    accumulate(price.iter_mut().rev());
    accumulate(volume.iter_mut().rev());
    Ok((price, volume))
}

/// Replaces every factor by the product of those so far.
fn accumulate<'a>(factors: impl Iterator<Item = &'a mut f64>) {
    let mut product = 1.0;
    for factor in factors {
        product *= *factor;
        *factor = product;
    }
}

fn scaled(bars: Bars<'_>, price: &[f64], volume: &[f64]) -> BarSeries {
    let scale = |column: &[f64], factors: &[f64]| {
        column.iter().zip(factors).map(|(value, factor)| value * factor).collect()
    };
    BarSeries {
        ts: bars.ts.to_vec(),
        open: scale(bars.open, price),
        high: scale(bars.high, price),
        low: scale(bars.low, price),
        close: scale(bars.close, price),
        volume: scale(bars.volume, volume),
    }
}

/// What one event does to a price.
enum Step {
    /// Divides it by the ratio.
    Split { ratio: f64 },
    /// Leaves this part of it, below 1.
    Dividend { left: f64 },
}

/// The checked events between two bars, each with the number of bars before it.
fn steps(
    bars: Bars<'_>,
    actions: &[CorporateAction],
    adjustment: Adjustment,
) -> Result<Vec<(usize, Step)>, ActionError> {
    let step = |(bars_before, event): (usize, CorporateAction)| {
        let ex_date = event.ex_date;
        let step = match event.kind {
            ActionKind::Split { ratio } => {
                if !(ratio.is_finite() && ratio > 0.0) {
                    return Err(ActionError::BadRatio { ex_date, ratio });
                }
                Step::Split { ratio }
            }
            ActionKind::Dividend { amount, .. } => {
                if !(amount.is_finite() && amount > 0.0) {
                    return Err(ActionError::BadAmount { ex_date, amount });
                }
                // Splits since that close, the ex-date's own included, are of the same gap
                // between two bars.
                let splits = splits_between(bars.ts[bars_before - 1], ex_date, actions);
                let close = bars.close[bars_before - 1] / splits;
                if amount >= close {
                    return Err(ActionError::DividendAboveClose { ex_date, amount, close });
                }
                Step::Dividend { left: 1.0 - amount / close }
            }
        };
        Ok((bars_before, step))
    };
    events_within(bars, actions, adjustment).into_iter().map(step).collect()
}

/// The events that the adjustment reads and that lie between two bars, oldest first, each with the
/// number of bars before it.
fn events_within(
    bars: Bars<'_>,
    actions: &[CorporateAction],
    adjustment: Adjustment,
) -> Vec<(usize, CorporateAction)> {
    let mut events: Vec<(usize, CorporateAction)> = actions
        .iter()
        .filter(|action| match action.kind {
            ActionKind::Split { .. } => adjustment != Adjustment::Raw,
            ActionKind::Dividend { .. } => adjustment == Adjustment::All,
        })
        .map(|action| (bars.ts.partition_point(|ts| date_of(*ts) < action.ex_date), *action))
        .filter(|(bars_before, _)| (1..bars.len()).contains(bars_before))
        .collect();
    events.sort_by_key(|(_, action)| action.order());
    events
}

/// Product of the split ratios after the bar at `ts` and up to `ex_date`.
fn splits_between(ts: i64, ex_date: Date, actions: &[CorporateAction]) -> f64 {
    let date = date_of(ts);
    actions
        .iter()
        .filter(|action| date < action.ex_date && action.ex_date <= ex_date)
        .filter_map(|action| match action.kind {
            ActionKind::Split { ratio } => Some(ratio),
            ActionKind::Dividend { .. } => None,
        })
        .product()
}

impl CorporateAction {
    /// What events are sorted by: their dates, and on one date splits before dividends, which are
    /// paid on the shares after them.
    pub fn order(&self) -> (Date, bool) {
        (self.ex_date, matches!(self.kind, ActionKind::Dividend { .. }))
    }
}

impl Adjustment {
    /// The name in paths, flags and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Split => "split",
            Self::All => "all",
        }
    }
}

impl fmt::Display for Adjustment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Adjustment {
    type Err = UnknownAdjustment;

    /// Reads the names in any case.
    fn from_str(text: &str) -> Result<Self, UnknownAdjustment> {
        [Self::Raw, Self::Split, Self::All]
            .into_iter()
            .find(|adjustment| adjustment.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownAdjustment(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bar, midnight};

    fn day(day: i8) -> Date {
        Date::constant(2024, 6, day)
    }

    /// Daily bars of June 2024 from the 3rd on, one a close.
    fn closes(closes: &[f64]) -> BarSeries {
        let mut series = BarSeries::default();
        for (number, &close) in (3_i8..).zip(closes) {
            let ts = midnight(day(number));
            series.push(Bar { ts, open: close, high: close, low: close, close, volume: 100.0 });
        }
        series
    }

    fn split(ex_day: i8, ratio: f64) -> CorporateAction {
        CorporateAction { ex_date: day(ex_day), kind: ActionKind::Split { ratio } }
    }

    fn dividend(ex_day: i8, amount: f64) -> CorporateAction {
        let kind = ActionKind::Dividend { amount, pay_date: None };
        CorporateAction { ex_date: day(ex_day), kind }
    }

    fn factors(bars: Bars<'_>, actions: &[CorporateAction], of: Adjustment) -> Vec<f64> {
        factors_to_last(bars, actions, of).unwrap().0
    }

    #[test]
    fn a_split_divides_prices_and_multiplies_volumes() {
        let raw = closes(&[400.0, 100.0]);
        let adjusted = adjust(raw.bars(), &[split(4, 4.0)], Adjustment::Split).unwrap();
        assert_eq!(adjusted.close, [100.0, 100.0]);
        assert_eq!(adjusted.volume, [400.0, 100.0]);
    }

    #[test]
    fn a_dividend_scales_by_the_close_before() {
        let raw = closes(&[90.0, 100.0, 99.0]);
        let actions = [dividend(5, 2.0)];
        assert_eq!(factors(raw.bars(), &actions, Adjustment::All), [0.98, 0.98, 1.0]);
        assert_eq!(factors(raw.bars(), &actions, Adjustment::Split), [1.0; 3]);
        let adjusted = adjust(raw.bars(), &actions, Adjustment::All).unwrap();
        assert_eq!(adjusted.volume, [100.0; 3]);
    }

    #[test]
    fn later_events_multiply() {
        // The dividend is of a share after the split of the same date: 1 of 400 / 4.
        let raw = closes(&[200.0, 400.0, 100.0, 100.0]);
        let actions = [dividend(6, 10.0), split(5, 4.0), dividend(5, 1.0)];
        let found = factors(raw.bars(), &actions, Adjustment::All);
        let expected = [0.25 * 0.99 * 0.9, 0.25 * 0.99 * 0.9, 0.9, 1.0];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
        assert_eq!(factors(raw.bars(), &actions, Adjustment::Split), [0.25, 0.25, 1.0, 1.0]);
        assert_eq!(adjust(raw.bars(), &actions, Adjustment::Raw).unwrap(), raw);
    }

    #[test]
    fn the_first_bar_can_be_the_one_that_stays() {
        let raw = closes(&[200.0, 400.0, 100.0, 100.0]);
        let actions = [dividend(6, 10.0), split(5, 4.0), dividend(5, 1.0)];
        let (signal, factor) = adjust_from_first(raw.bars(), &actions, Adjustment::All).unwrap();
        assert_eq!(factor, [1.0, 1.0, 4.0 / 0.99, 4.0 / 0.99 * (1.0 / 0.9)]);
        assert_eq!(signal.close, [200.0, 400.0, 100.0 * factor[2], 100.0 * factor[3]]);
        assert_eq!(signal.volume, [100.0, 100.0, 25.0, 25.0]);
        assert_eq!(adjust_from_first(raw.bars(), &actions, Adjustment::Raw).unwrap().0, raw);
    }

    #[test]
    fn events_beyond_the_bars_change_nothing() {
        let raw = closes(&[100.0, 100.0]);
        let actions = [split(3, 2.0), dividend(1, 5.0), split(5, 2.0), dividend(28, 500.0)];
        assert_eq!(factors(raw.bars(), &actions, Adjustment::All), [1.0; 2]);
        let none = BarSeries::default();
        assert!(factors(none.bars(), &actions, Adjustment::All).is_empty());
        assert!(adjust_from_first(none.bars(), &actions, Adjustment::All).unwrap().1.is_empty());
    }

    #[test]
    fn senseless_events_are_refused() {
        let raw = closes(&[100.0, 100.0]);
        let cases = [
            (split(4, 0.0), "split of 2024-06-04: ratio 0 is not a positive number"),
            (split(4, f64::NAN), "split of 2024-06-04: ratio NaN is not a positive number"),
            (dividend(4, -1.0), "dividend of 2024-06-04: amount -1 is not a positive number"),
            (
                dividend(4, 100.0),
                "dividend of 2024-06-04: amount 100 is not below the close before, 100",
            ),
        ];
        for (action, text) in cases {
            let error = adjust(raw.bars(), &[action], Adjustment::All).unwrap_err();
            assert_eq!(error.to_string(), text);
            let signal = adjust_from_first(raw.bars(), &[action], Adjustment::All);
            assert_eq!(signal.unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn actions_travel_as_json() {
        let text = r#"{"ex_date":"2024-06-10","kind":"split","ratio":10.0}"#;
        let action = split(10, 10.0);
        assert_eq!(serde_json::to_string(&action).unwrap(), text);
        assert_eq!(serde_json::from_str::<CorporateAction>(text).unwrap(), action);
        assert_eq!("ALL".parse(), Ok(Adjustment::All));
        assert!("total".parse::<Adjustment>().is_err());
    }
}
