//! What makes a bar, and a series of bars, valid.

use std::fmt;

use crate::{Bar, BarSeries, Micros};

/// A column of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// First traded price.
    Open,
    /// Highest traded price.
    High,
    /// Lowest traded price.
    Low,
    /// Last traded price.
    Close,
    /// Traded quantity.
    Volume,
}

/// Why a row is no bar.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum RowFault {
    /// A value is not a number.
    #[error("{column} is not a number")]
    Nan {
        /// Where.
        column: Column,
    },
    /// A value is infinite.
    #[error("{column} is not finite")]
    NotFinite {
        /// Where.
        column: Column,
    },
    /// A price is zero or negative.
    #[error("{column} {price} is not positive")]
    NonPositivePrice {
        /// Where.
        column: Column,
        /// The price.
        price: f64,
    },
    /// The highest price is below the lowest.
    #[error("high {high} is below low {low}")]
    HighBelowLow {
        /// Highest price.
        high: f64,
        /// Lowest price.
        low: f64,
    },
    /// The open is above the high or below the low.
    #[error("open {open} is outside of low {low} to high {high}")]
    OpenOutsideRange {
        /// First price.
        open: f64,
        /// Lowest price.
        low: f64,
        /// Highest price.
        high: f64,
    },
    /// The close is above the high or below the low.
    #[error("close {close} is outside of low {low} to high {high}")]
    CloseOutsideRange {
        /// Last price.
        close: f64,
        /// Lowest price.
        low: f64,
        /// Highest price.
        high: f64,
    },
    /// The traded quantity is negative.
    #[error("volume {volume} is negative")]
    NegativeVolume {
        /// Traded quantity.
        volume: f64,
    },
    /// The row has the timestamp of the one before it.
    #[error("same timestamp as the row before")]
    Duplicate,
    /// The row is older than the one before it.
    #[error("older than the row before")]
    OutOfOrder,
}

/// Why a series is not valid.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SeriesFault {
    /// The columns differ in length.
    #[error("columns differ in length")]
    UnequalColumns,
    /// A row is no bar.
    #[error("row {row}: {fault}")]
    Row {
        /// Position of the row, from 0.
        row: usize,
        /// What is wrong with it.
        fault: RowFault,
    },
}

/// Checks one bar, and its order after the bar before it.
///
/// # Errors
/// The first [`RowFault`] in the order of its variants: numbers, prices above zero, the range,
/// volume, order.
#[inline]
pub fn check_bar(bar: &Bar, previous: Option<Micros>) -> Result<(), RowFault> {
    if is_plain(bar) && previous.is_none_or(|previous| previous < bar.ts) {
        return Ok(());
    }
    check_numbers(bar)?;
    for (column, price) in prices(bar) {
        if price <= 0.0 {
            return Err(RowFault::NonPositivePrice { column, price });
        }
    }
    check_shape(bar, previous)
}

/// Checks one bar of a future or a spread, whose prices may be zero or negative; else as
/// [`check_bar`].
///
/// # Errors
/// Those of [`check_bar`] without [`RowFault::NonPositivePrice`].
pub fn check_signed_bar(bar: &Bar, previous: Option<Micros>) -> Result<(), RowFault> {
    check_numbers(bar)?;
    check_shape(bar, previous)
}

impl BarSeries {
    /// Checks every bar and the order of all.
    ///
    /// # Errors
    /// [`SeriesFault`] for columns of different lengths and for the first bad row.
    pub fn validate(&self) -> Result<(), SeriesFault> {
        let length = self.ts.len();
        let columns = [&self.open, &self.high, &self.low, &self.close, &self.volume];
        if columns.iter().any(|column| column.len() != length) {
            return Err(SeriesFault::UnequalColumns);
        }
        let bars = self.bars();
        let mut previous = None;
        for row in 0..length {
            check_bar(&bars.get(row), previous).map_err(|fault| SeriesFault::Row { row, fault })?;
            previous = Some(self.ts[row]);
        }
        Ok(())
    }
}

/// Whether every value is beyond doubt, by comparisons that a not-a-number fails: nearly every bar
/// ends here, and only a bad one is worth the search for its fault.
#[inline]
fn is_plain(bar: &Bar) -> bool {
    let Bar { open, high, low, close, volume, .. } = *bar;
    0.0 < low
        && low <= open
        && open <= high
        && low <= close
        && close <= high
        && high < f64::INFINITY
        && (0.0..f64::INFINITY).contains(&volume)
}

fn check_numbers(bar: &Bar) -> Result<(), RowFault> {
    for (column, value) in prices(bar).into_iter().chain([(Column::Volume, bar.volume)]) {
        if value.is_nan() {
            return Err(RowFault::Nan { column });
        }
        if value.is_infinite() {
            return Err(RowFault::NotFinite { column });
        }
    }
    Ok(())
}

fn check_shape(bar: &Bar, previous: Option<Micros>) -> Result<(), RowFault> {
    let Bar { ts, open, high, low, close, volume } = *bar;
    if high < low {
        return Err(RowFault::HighBelowLow { high, low });
    }
    if open > high || open < low {
        return Err(RowFault::OpenOutsideRange { open, low, high });
    }
    if close > high || close < low {
        return Err(RowFault::CloseOutsideRange { close, low, high });
    }
    if volume < 0.0 {
        return Err(RowFault::NegativeVolume { volume });
    }
    match previous {
        Some(previous) if ts == previous => Err(RowFault::Duplicate),
        Some(previous) if ts < previous => Err(RowFault::OutOfOrder),
        _ => Ok(()),
    }
}

fn prices(bar: &Bar) -> [(Column, f64); 4] {
    [
        (Column::Open, bar.open),
        (Column::High, bar.high),
        (Column::Low, bar.low),
        (Column::Close, bar.close),
    ]
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Bar = Bar { ts: 60, open: 10.0, high: 12.0, low: 9.0, close: 11.0, volume: 5.0 };

    #[test]
    fn each_fault_is_named() {
        let cases = [
            (Bar { open: f64::NAN, ..GOOD }, "open is not a number"),
            (Bar { volume: f64::NAN, ..GOOD }, "volume is not a number"),
            (Bar { high: f64::INFINITY, ..GOOD }, "high is not finite"),
            (Bar { low: 0.0, ..GOOD }, "low 0 is not positive"),
            (Bar { close: -1.5, ..GOOD }, "close -1.5 is not positive"),
            (Bar { high: 8.0, ..GOOD }, "high 8 is below low 9"),
            (Bar { open: 12.5, ..GOOD }, "open 12.5 is outside of low 9 to high 12"),
            (Bar { close: 8.5, ..GOOD }, "close 8.5 is outside of low 9 to high 12"),
            (Bar { volume: -1.0, ..GOOD }, "volume -1 is negative"),
            (Bar { ts: 50, ..GOOD }, "same timestamp as the row before"),
            (Bar { ts: 40, ..GOOD }, "older than the row before"),
        ];
        for (bar, text) in cases {
            assert_eq!(check_bar(&bar, Some(50)).unwrap_err().to_string(), text);
        }
        assert_eq!(check_bar(&GOOD, Some(50)), Ok(()));
        assert_eq!(check_bar(&GOOD, None), Ok(()));
    }

    #[test]
    fn a_spread_may_trade_below_zero() {
        let spread = Bar { open: -1.0, high: 0.5, low: -2.0, close: 0.0, ..GOOD };
        assert_eq!(check_signed_bar(&spread, None), Ok(()));
        assert!(check_bar(&spread, None).is_err());
        assert!(check_signed_bar(&Bar { low: f64::NAN, ..spread }, None).is_err());
    }

    #[test]
    fn a_series_names_its_first_bad_row() {
        let mut series = BarSeries::default();
        assert_eq!(series.validate(), Ok(()));
        series.push(GOOD);
        series.push(GOOD);
        let fault = SeriesFault::Row { row: 1, fault: RowFault::Duplicate };
        assert_eq!(series.validate(), Err(fault));
        assert_eq!(fault.to_string(), "row 1: same timestamp as the row before");
        series.volume.pop();
        assert_eq!(series.validate(), Err(SeriesFault::UnequalColumns));
    }
}
