//! The prices of one run: what trades, and what signals read.

use std::sync::Arc;

use jiff::civil::Date;
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
    /// Prices without splits and dividends in them; none when there are no such events.
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

/// Prices in the units of the first bar, and the factors that made them of raw ones.
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
    /// First date on which a buyer no longer takes part.
    pub ex_date: Date,
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
    /// Prepares bars for testing: takes `actions` out of what signals read, and marks sessions.
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
        let marks = market::session_marks(&raw.ts, timeframe, &calendar);
        let bar_of = |action: &CorporateAction| {
            raw.ts.partition_point(|&ts| ts < market::midnight(action.ex_date))
        };
        // An action before the first bar or after the last changes nothing inside.
        let inside = |action: &&CorporateAction| (1..raw.len()).contains(&bar_of(action));
        let mut actions: Vec<CorporateAction> = actions.iter().filter(inside).copied().collect();
        actions.sort_by_key(CorporateAction::order);
        let signal = if actions.is_empty() {
            None
        } else {
            // Anchored at the first bar, so that what is known on a day does not depend, to the
            // last bit, on what comes after it.
            let (bars, factor) =
                market::adjust_from_first(raw.bars(), &actions, Adjustment::All)
                    .map_err(|source| HistoryError::Actions { symbol: symbol.clone(), source })?;
            Some(Signal { bars, factor })
        };
        let dated = actions.iter().map(|action| {
            let CorporateAction { ex_date, kind } = *action;
            DatedAction { bar: bar_of(action), ex_date, kind }
        });
        let actions = dated.collect();
        Ok(Self { symbol, raw, signal, actions, marks, multiplier: 1.0, rules })
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

    /// Prices as indicators read them: those of the first bar are as traded, later ones are
    /// divided by what splits and dividends since then did to the price.
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
    /// Raw bars and events alike are cut; raw and signal prices of the bars that are left stay the
    /// same to the last bit.
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
            .map(|action| CorporateAction { ex_date: action.ex_date, kind: action.kind })
            .collect();
        let (symbol, rules) = (self.symbol.clone(), self.rules.clone());
        let cut = Self::new(symbol, raw, &actions, history.timeframe, history.calendar, rules)?;
        Ok(Self { multiplier: self.multiplier, ..cut })
    }
}
