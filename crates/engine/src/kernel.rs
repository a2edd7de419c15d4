//! The kernel: events in, actions out, the same in a backtest, on paper and live.
//!
//! It has no clock, no input or output and no chance of its own: the same events give the same
//! actions, bit for bit.

use std::ops::Range;

use market::{ActionKind, Bar, Micros};
use serde::{Deserialize, Serialize};

use crate::order::{Fill, InstrumentIndex, Intent, OrderId};
use crate::portfolio::{Portfolio, SplitTerms};
use crate::venue::CancelReason;

/// What a kernel is told.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A bar closed.
    Bar {
        /// Whose.
        instrument: InstrumentIndex,
        /// Its number in the instrument's history.
        index: usize,
        /// Its prices, as traded.
        bar: Bar,
    },
    /// An order traded.
    Fill {
        /// The execution.
        fill: Fill,
        /// Opening of the bar it happened in.
        time: Micros,
        /// That bar's number.
        index: usize,
    },
    /// An order ended without trading all of it.
    Canceled {
        /// The order.
        order: OrderId,
        /// Why.
        reason: CancelReason,
    },
    /// A split or a dividend took effect before the open of a bar.
    CorporateAction {
        /// Whose.
        instrument: InstrumentIndex,
        /// What happened.
        kind: ActionKind,
        /// Units held afterwards (a fraction that no lot holds is paid in cash).
        kept: f64,
        /// Last price before, on the new scale.
        price: f64,
        /// Opening of the bar.
        time: Micros,
        /// That bar's number.
        index: usize,
    },
    /// Money that holding positions cost (or earned, below zero) since the last booking.
    Financing {
        /// How much.
        amount: f64,
    },
    /// A dividend booked before was paid.
    DividendPaid {
        /// How much (below zero when a short position pays).
        amount: f64,
    },
}

/// What a strategy wants done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Action {
    /// Send an order.
    Place(Intent),
    /// Cancel an order.
    Cancel(OrderId),
    /// Cancel every order in an instrument, exits included.
    CancelAll(InstrumentIndex),
}

/// A strategy: it sees events and the account, and asks for actions.
pub trait Strategy {
    /// Reacts to an event; what it wants done is appended to `actions`.
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>);

    /// Sees closed bars, by their numbers, up to the first that it wants something done on; how
    /// many it saw.
    ///
    /// The same as [`Self::on_event`] for each of them, for a strategy that need not be asked one
    /// bar at a time while its account stays as it is. The bar that it stopped before is shown to
    /// `on_event`. By default none is seen here.
    fn pass(&mut self, instrument: InstrumentIndex, bars: Range<usize>) -> usize {
        let _ = (instrument, bars);
        0
    }
}

/// One strategy with its account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kernel<S> {
    strategy: S,
    portfolio: Portfolio,
    actions: Vec<Action>,
}

impl<S: Strategy> Kernel<S> {
    /// A kernel that has seen nothing yet.
    pub fn new(strategy: S, portfolio: Portfolio) -> Self {
        Self { strategy, portfolio, actions: Vec::new() }
    }

    /// Books the event, shows it to the strategy, and gives what the strategy wants done.
    #[inline(always)]
    pub fn handle(&mut self, event: &Event) -> &[Action] {
        self.actions.clear();
        match event {
            Event::Bar { instrument, bar, .. } => self.mark(*instrument, bar.close),
            other => self.book(other),
        }
        self.strategy.on_event(event, &self.portfolio, &mut self.actions);
        &self.actions
    }

    /// Shows the strategy bars that need no action; see [`Strategy::pass`].
    #[inline(always)]
    pub(crate) fn pass(&mut self, instrument: InstrumentIndex, bars: Range<usize>) -> usize {
        self.strategy.pass(instrument, bars)
    }

    /// Books everything but a bar.
    #[inline(never)]
    fn book(&mut self, event: &Event) {
        match *event {
            Event::Bar { .. } | Event::Canceled { .. } => {}
            Event::Fill { fill, time, index } => self.portfolio.apply(&fill, time, index),
            Event::CorporateAction { instrument, kind, kept, price, time, index } => match kind {
                ActionKind::Split { ratio } => {
                    let terms = SplitTerms { ratio, kept, price };
                    self.portfolio.split(instrument, terms, time, index);
                }
                ActionKind::Dividend { amount, pay_date } => {
                    let position = &self.portfolio.positions[instrument];
                    let due = position.quantity * position.multiplier * amount;
                    if pay_date.is_some() {
                        self.portfolio.receivable += due;
                    } else {
                        self.portfolio.cash += due;
                    }
                }
            },
            Event::Financing { amount } => {
                self.portfolio.cash -= amount;
                self.portfolio.financing += amount;
            }
            Event::DividendPaid { amount } => {
                self.portfolio.receivable -= amount;
                self.portfolio.cash += amount;
            }
        }
    }

    /// Trades the actions of the last event for an emptied list, so that neither is copied.
    #[inline(always)]
    pub(crate) fn swap_actions(&mut self, actions: &mut Vec<Action>) {
        actions.clear();
        std::mem::swap(&mut self.actions, actions);
    }

    /// Values a position at a close that the strategy has not been shown yet.
    #[inline(always)]
    pub fn mark(&mut self, instrument: InstrumentIndex, close: f64) {
        self.portfolio.positions[instrument].mark = close;
    }

    /// The account.
    #[inline(always)]
    pub fn portfolio(&self) -> &Portfolio {
        &self.portfolio
    }

    /// The strategy.
    pub fn strategy(&self) -> &S {
        &self.strategy
    }

    /// The account and the strategy, when all is over.
    pub fn into_parts(self) -> (S, Portfolio) {
        (self.strategy, self.portfolio)
    }
}
