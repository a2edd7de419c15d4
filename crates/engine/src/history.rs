//! The prices of one run: what trades, and what signals read.

use std::sync::Arc;

use market::{
    ActionKind, Adjustment, BarSeries, Bars, Calendar, CorporateAction, SessionMarks, Timeframe,
};

use crate::venue::ExecutionRules;

/// One instrument's bars with what is needed to trade them.
#[derive(Clone, Debug)]
pub struct Series {
    /// The symbol.
    pub symbol: String,
    /// Prices as they were traded.
    raw: Arc<BarSeries>,
    /// Prices adjusted for later splits and dividends; none when there are no such events.
    signal: Option<Signal>,
    /// Splits and dividends by the bar before whose open they take effect.
    pub actions: Vec<DatedAction>,
    /// Where each bar stands in its session.
    pub marks: SessionMarks,
    /// Money a point of price is worth for one unit.
    pub multiplier: f64,
    /// How the instrument trades.
    pub rules: ExecutionRules,
}

/// Adjusted prices, and the factors that made them of raw ones.
#[derive(Clone, Debug)]
struct Signal {
    bars: BarSeries,
    factor: Vec<f64>,
}

/// A corporate action and the bar on which it takes effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DatedAction {
    /// Number of the first bar on or after the ex-date.
    pub bar: usize,
    /// What happens.
    pub kind: ActionKind,
}

/// The instruments of one run and their common calendar.
#[derive(Clone, Debug)]
pub struct History {
    /// The instruments.
    pub series: Vec<Series>,
    /// Length of a bar.
    pub timeframe: Timeframe,
    /// The exchange calendar.
    pub calendar: Calendar,
    /// Bars a year, for annual figures.
    pub periods_per_year: f64,
}

/// Why bars cannot be tested on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum HistoryError {
    /// Nothing to test on.
    #[error("no instrument given")]
    NoSeries,
    /// Too few bars for a single return.
    #[error("{symbol} has {bars} bar(s); a backtest needs at least 2")]
    TooShort {
        /// The instrument.
        symbol: String,
        /// How many bars there are.
        bars: usize,
    },
    /// A split or dividend that makes no sense.
    #[error("{symbol}: {source}")]
    Actions {
        /// The instrument.
        symbol: String,
        /// What is wrong.
        source: market::ActionError,
    },
}

impl Series {
    /// Prepares bars for testing: adjusts what signals read for `actions`, and marks sessions.
    ///
    /// # Errors
    /// [`HistoryError::Actions`] for an event that makes no sense.
    pub fn new(
        symbol: impl Into<String>,
        raw: Arc<BarSeries>,
        actions: &[CorporateAction],
        timeframe: Timeframe,
        calendar: Calendar,
        rules: ExecutionRules,
    ) -> Result<Self, HistoryError> {
        let symbol = symbol.into();
        let refused = |source| HistoryError::Actions { symbol: symbol.clone(), source };
        let marks = market::session_marks(&raw.ts, timeframe, &calendar);
        let mut dated: Vec<DatedAction> = actions
            .iter()
            .filter_map(|action| {
                let bar = raw.ts.partition_point(|&ts| ts < market::midnight(action.ex_date));
                // An action before the first bar or after the last changes nothing inside.
                (bar > 0 && bar < raw.len()).then_some(DatedAction { bar, kind: action.kind })
            })
            .collect();
        // A dividend is paid on the shares of its day: a split of the same gap comes first.
        dated
            .sort_by_key(|action| (action.bar, matches!(action.kind, ActionKind::Dividend { .. })));
        let signal = if dated.is_empty() {
            None
        } else {
            let bars = market::adjust(raw.bars(), actions, Adjustment::All).map_err(refused)?;
            let factor = market::factors(raw.bars(), actions, Adjustment::All).map_err(refused)?;
            Some(Signal { bars, factor })
        };
        Ok(Self { symbol, raw, signal, actions: dated, marks, multiplier: 1.0, rules })
    }

    /// Prices as they were traded.
    #[inline]
    pub fn raw(&self) -> Bars<'_> {
        self.raw.bars()
    }

    /// Prices as they were traded, shared.
    pub(crate) fn shared(&self) -> Arc<BarSeries> {
        Arc::clone(&self.raw)
    }

    /// Prices as indicators read them.
    #[inline]
    pub fn signal(&self) -> Bars<'_> {
        self.signal.as_ref().map_or_else(|| self.raw.bars(), |signal| signal.bars.bars())
    }

    /// What a distance in signal prices is multiplied with to be one in raw prices, at a bar.
    #[inline(always)]
    pub fn signal_to_raw(&self, bar: usize) -> f64 {
        self.signal.as_ref().map_or(1.0, |signal| 1.0 / signal.factor[bar])
    }

    /// Bar of corporate action number `action`; beyond every bar when there is none.
    pub(crate) fn action_bar(&self, action: usize) -> usize {
        self.actions.get(action).map_or(usize::MAX, |action| action.bar)
    }

    /// Number of bars.
    #[inline]
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

impl History {
    /// One run's instruments.
    ///
    /// # Errors
    /// [`HistoryError`] without an instrument, or with one of fewer than two bars.
    pub fn new(
        series: Vec<Series>,
        timeframe: Timeframe,
        calendar: Calendar,
    ) -> Result<Self, HistoryError> {
        if series.is_empty() {
            return Err(HistoryError::NoSeries);
        }
        if let Some(short) = series.iter().find(|series| series.len() < 2) {
            return Err(HistoryError::TooShort { symbol: short.symbol.clone(), bars: short.len() });
        }
        let periods_per_year = calendar.periods_per_year(timeframe);
        Ok(Self { series, timeframe, calendar, periods_per_year })
    }

    /// The same history up to and including bar `last` of the first instrument, as if the rest had
    /// not happened yet.
    ///
    /// Raw bars and events alike are cut, so adjusted prices are those known on that day.
    ///
    /// # Errors
    /// [`HistoryError`] when too little is left.
    pub fn truncated(&self, last: usize) -> Result<Self, HistoryError> {
        let until = self.series[0].raw.ts[last];
        let series =
            self.series.iter().map(|series| series.cut(until, self)).collect::<Result<_, _>>()?;
        Self::new(series, self.timeframe, self.calendar)
    }
}

impl Series {
    fn cut(&self, until: market::Micros, history: &History) -> Result<Self, HistoryError> {
        let bars = self.raw.ts.partition_point(|&ts| ts <= until);
        let raw = Arc::new(self.raw.bars().slice(0..bars).to_series());
        let actions: Vec<CorporateAction> = self
            .actions
            .iter()
            .filter(|action| action.bar < bars)
            .map(|action| CorporateAction {
                ex_date: market::date_of(self.raw.ts[action.bar]),
                kind: action.kind,
            })
            .collect();
        let (symbol, rules) = (self.symbol.clone(), self.rules.clone());
        let cut = Self::new(symbol, raw, &actions, history.timeframe, history.calendar, rules)?;
        Ok(Self { multiplier: self.multiplier, ..cut })
    }
}
