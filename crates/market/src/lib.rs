//! The vocabulary of trading: bars, timeframes, calendars, instruments, money. No IO, no clock.

mod bars;
mod dates;
mod timeframe;

mod convert;
mod currency;
mod futures;
mod instrument;
mod money;
mod occ;
mod side;
mod symbol;

mod actions;
mod calendar;
mod gaps;
mod resample;
mod sessions;
mod validate;

pub use actions::{
    ActionError, ActionKind, Adjustment, CorporateAction, UnknownAdjustment, adjust,
    adjust_from_first,
};
pub use bars::{Bar, BarSeries, Bars, Micros};
pub use calendar::{Calendar, Session, UnknownCalendar};
pub use convert::{decimal_from_f64, decimal_to_f64};
pub use currency::{Currency, InvalidCurrency};
pub use dates::{MICROS_PER_DAY, MICROS_PER_MINUTE, date_of, midnight};
pub use gaps::{Gap, missing};
pub use instrument::{AssetClass, Instrument, UnknownAssetClass};
pub use money::{AmountError, Lot, Money, Multiplier, Price, Quantity, Tick};
pub use occ::{OccError, OccSymbol, Right};
pub use resample::{ResampleError, resample};
pub use sessions::{SessionMarks, session_marks};
pub use side::{Side, UnknownSide};
pub use symbol::{Symbol, SymbolError};
pub use timeframe::{Timeframe, UnknownTimeframe};
pub use validate::{Column, RowFault, SeriesFault, check_bar, check_signed_bar};
