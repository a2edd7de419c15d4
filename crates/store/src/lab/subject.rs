//! What a run is about.

use crate::json::JsonText;

/// What a run is about, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Name of the strategy; an evaluation has none.
    pub strategy: Option<String>,
    /// The instruments: a JSON array of symbols.
    pub tickers: JsonText,
    /// The bars' timeframe.
    pub timeframe: String,
    /// First date asked for, `YYYY-MM-DD`.
    pub start_date: Option<String>,
    /// Last date asked for.
    pub end_date: Option<String>,
}
