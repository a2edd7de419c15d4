//! Indicators, each in two forms that agree bit for bit: over whole series, and bar by bar.
//!
//! The batch form fills slices that are as long as its input; the streaming form takes one bar
//! and gives the values at that bar. In both NaN stands for “no value” (too few bars yet, or a
//! quotient without meaning) and nothing else: input must be finite. Values depend on the first
//! bar of the series; a prefix of a series gives a prefix of the values.
//!
//! A file is one indicator: its entry for the catalogue, plain functions over slices, and the
//! typed stream. Adding one is such a file and a line in [`catalogue`]. Conventions are those of
//! TA-Lib where it has the indicator.

mod columns;
mod decay;
mod decay_pair;
mod definition;
mod extremes;
mod window;

mod adx;
mod atr;
mod bollinger;
mod cci;
mod donchian;
mod ema;
mod ichimoku;
mod keltner;
mod macd;
mod mfi;
mod obv;
mod pairs_zscore;
mod roc;
mod rsi;
mod sma;
mod stochastic;
mod supertrend;
mod vwap;
mod wma;

pub use columns::{Columns, Row};
pub use definition::{
    Definition, Indicator, MAX_FACTOR, MAX_PERIOD, Param, ParameterError, Stream,
};

pub use adx::{ADX, AdxStream, adx, adx_into};
pub use atr::{ATR, AtrStream, atr, atr_into};
pub use bollinger::{BOLLINGER, BollingerStream, bollinger, bollinger_into};
pub use cci::{CCI, CciStream, cci, cci_into};
pub use donchian::{DONCHIAN, DonchianStream, donchian, donchian_into};
pub use ema::{EMA, EmaStream, ema, ema_into};
pub use ichimoku::{ICHIMOKU, IchimokuPeriods, IchimokuStream, ichimoku, ichimoku_into};
pub use keltner::{KELTNER, KeltnerStream, KeltnerWidths, keltner, keltner_into};
pub use macd::{MACD, MacdPeriods, MacdStream, macd, macd_into};
pub use mfi::{MFI, MfiStream, mfi, mfi_into};
pub use obv::{OBV, ObvStream, obv, obv_into};
pub use pairs_zscore::{PAIRS_ZSCORE, PairsZscoreStream, pairs_zscore, pairs_zscore_into};
pub use roc::{ROC, RocStream, roc, roc_into};
pub use rsi::{RSI, RsiStream, rsi, rsi_into};
pub use sma::{SMA, SmaStream, sma, sma_into};
pub use stochastic::{
    STOCHASTIC, StochasticPeriods, StochasticStream, stochastic, stochastic_into,
};
pub use supertrend::{SUPERTREND, SupertrendStream, supertrend, supertrend_into};
pub use vwap::{
    VWAP, VWAP_BANDS, VwapBandsStream, VwapStream, vwap, vwap_bands, vwap_bands_into, vwap_into,
};
pub use wma::{WMA, WmaStream, wma, wma_into};

/// Returns all indicators.
pub fn catalogue() -> &'static [&'static Definition] {
    static CATALOGUE: &[&Definition] = &[
        &SMA,
        &EMA,
        &WMA,
        &RSI,
        &MACD,
        &BOLLINGER,
        &ATR,
        &ADX,
        &STOCHASTIC,
        &CCI,
        &OBV,
        &MFI,
        &ROC,
        &VWAP,
        &VWAP_BANDS,
        &DONCHIAN,
        &KELTNER,
        &SUPERTREND,
        &ICHIMOKU,
        &PAIRS_ZSCORE,
    ];
    CATALOGUE
}

/// Returns the indicator of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    catalogue().iter().copied().find(|definition| definition.name == name)
}
