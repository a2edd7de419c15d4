//! Strategies that trade by chance, and a witness that keeps books of its own.

use engine::{
    Action, Amount, Event, ExitLevel, Exits, Fill, Intent, OrderKind, Portfolio, Strategy, Trail,
};
use market::{ActionKind, Micros};

use crate::chance::{Sizes, any_intent};
use crate::seeded::Chance;

/// Sends random orders, and takes some of them back.
#[derive(Clone, Debug)]
pub(crate) struct Trader {
    chance: Chance,
    sizes: Sizes,
}

impl Trader {
    pub(crate) fn new(seed: u64, sizes: Sizes) -> Self {
        Self { chance: Chance::new(seed), sizes }
    }
}

impl Strategy for Trader {
    fn on_event(&mut self, event: &Event, _: &Portfolio, actions: &mut Vec<Action>) {
        let chance = &mut self.chance;
        match event {
            Event::Bar { instrument, bar, .. } => {
                if chance.once_in(10) {
                    actions.push(Action::CancelAll(*instrument));
                }
                if chance.once_in(10) {
                    actions.push(Action::Cancel(chance.below(40) as u64));
                }
                for _ in 0..chance.pick(&[0, 0, 1, 1, 2]) {
                    let intent = any_intent(chance, *instrument, bar.close, self.sizes);
                    actions.push(Action::Place(intent));
                }
            }
            Event::Fill { fill, .. } if chance.once_in(8) => {
                let intent = any_intent(chance, fill.instrument, fill.price, self.sizes);
                actions.push(Action::Place(intent));
            }
            _ => {}
        }
    }
}

/// Units that are the rounding of a sum.
const DUST: f64 = 1e-9;

/// What one order opened.
#[derive(Clone, Copy, Debug)]
struct Lot {
    order: u64,
    signed: f64,
    price: f64,
    fee: f64,
}

/// Books of one run, kept from what a strategy hears and from nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    pub(crate) cash: f64,
    pub(crate) receivable: f64,
    pub(crate) held: Vec<f64>,
    marks: Vec<f64>,
    pub(crate) fees: f64,
    pub(crate) dividends: f64,
    pub(crate) financing: f64,
    /// Profit that fractions of units brought when a split paid them out and kept the rest.
    pub(crate) cash_in_lieu: f64,
    pub(crate) traded: f64,
    /// Units not yet closed, oldest first.
    lots: Vec<Vec<Lot>>,
    /// Round trips: opening and closing order, units, profit before fees.
    pub(crate) closed: Vec<(u64, u64, f64, f64)>,
}

impl Books {
    fn new(cash: f64, instruments: usize) -> Self {
        Self {
            cash,
            receivable: 0.0,
            held: vec![0.0; instruments],
            marks: vec![0.0; instruments],
            fees: 0.0,
            dividends: 0.0,
            financing: 0.0,
            cash_in_lieu: 0.0,
            traded: 0.0,
            lots: vec![Vec::new(); instruments],
            closed: Vec::new(),
        }
    }

    pub(crate) fn equity(&self) -> f64 {
        let positions: f64 =
            self.held.iter().zip(&self.marks).map(|(held, mark)| held * mark).sum();
        self.cash + self.receivable + positions
    }

    fn hear(&mut self, event: &Event) {
        match *event {
            Event::Bar { instrument, bar, .. } => self.marks[instrument] = bar.close,
            Event::Fill { fill, .. } => self.fill(&fill),
            Event::CorporateAction { instrument, kind, kept, price, .. } => match kind {
                ActionKind::Split { ratio } => {
                    let grown = self.held[instrument] * ratio;
                    self.cash += (grown - kept) * price;
                    let share = if grown == 0.0 { 1.0 } else { kept / grown };
                    if kept == 0.0 {
                        // A position that is paid out whole is sold at that price.
                        self.lots[instrument].clear();
                    }
                    for lot in &mut self.lots[instrument] {
                        (lot.signed, lot.price) = (lot.signed * ratio, lot.price / ratio);
                        self.cash_in_lieu += lot.signed * (1.0 - share) * (price - lot.price);
                        lot.signed *= share;
                    }
                    self.held[instrument] = kept;
                    self.marks[instrument] = price;
                }
                ActionKind::Dividend { amount, pay_date } => {
                    let due = self.held[instrument] * amount;
                    self.dividends += due;
                    if pay_date.is_some() {
                        self.receivable += due;
                    } else {
                        self.cash += due;
                    }
                }
            },
            Event::Financing { amount } => {
                self.cash -= amount;
                self.financing += amount;
            }
            Event::DividendPaid { amount } => {
                self.receivable -= amount;
                self.cash += amount;
            }
            Event::Canceled { .. } => {}
        }
    }

    fn fill(&mut self, fill: &Fill) {
        let Fill { instrument, order, price, quantity, fee, .. } = *fill;
        let signed = fill.side.sign() * quantity;
        self.cash -= signed * price + fee;
        self.fees += fee;
        self.traded += quantity * price;
        self.held[instrument] += signed;
        self.marks[instrument] = price;
        let lots = &mut self.lots[instrument];
        let (mut left, mut fee_left) = (signed, fee);
        while left.abs() > DUST && lots.first().is_some_and(|lot| lot.signed * left < 0.0) {
            let lot = &mut lots[0];
            let units = lot.signed.abs().min(left.abs());
            let gain = lot.signed.signum() * units * (price - lot.price);
            match self.closed.last_mut().filter(|row| (row.0, row.1) == (lot.order, order)) {
                Some(row) => (row.2, row.3) = (row.2 + units, row.3 + gain),
                None => self.closed.push((lot.order, order, units, gain)),
            }
            lot.fee *= 1.0 - units / lot.signed.abs();
            fee_left *= 1.0 - units / left.abs();
            left -= units * left.signum();
            lot.signed -= units * lot.signed.signum();
            if lot.signed.abs() <= DUST {
                lots.remove(0);
            }
        }
        if left.abs() <= DUST {
            return;
        }
        // Parts of one order are one lot at their average price.
        match lots.last_mut().filter(|lot| lot.order == order) {
            Some(lot) => {
                lot.price = (lot.price * lot.signed + price * left) / (lot.signed + left);
                lot.signed += left;
                lot.fee += fee_left;
            }
            None => lots.push(Lot { order, signed: left, price, fee: fee_left }),
        }
    }
}

/// A strategy with a witness beside it.
#[derive(Clone, Debug)]
pub(crate) struct Watched<S> {
    inner: S,
    pub(crate) books: Books,
    /// What the closes of each instant left, by the books.
    pub(crate) equity: Vec<(Micros, f64)>,
    /// Lowest cash after any event.
    pub(crate) least_cash: f64,
    /// Largest difference of the books from the account's own equity.
    pub(crate) worst: f64,
    pub(crate) fill_bars: Vec<(usize, Fill)>,
}

impl<S> Watched<S> {
    pub(crate) fn new(inner: S, cash: f64, instruments: usize) -> Self {
        Self {
            inner,
            books: Books::new(cash, instruments),
            equity: Vec::new(),
            least_cash: cash,
            worst: 0.0,
            fill_bars: Vec::new(),
        }
    }
}

impl<S: Strategy> Strategy for Watched<S> {
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        self.books.hear(event);
        match event {
            Event::Bar { bar, .. } => {
                // Of several instruments the last one completes the instant.
                self.equity.pop_if(|last| last.0 == bar.ts);
                self.equity.push((bar.ts, self.books.equity()));
            }
            Event::Fill { fill, index, .. } => self.fill_bars.push((*index, *fill)),
            _ => {}
        }
        self.least_cash = self.least_cash.min(portfolio.cash);
        let apart = (portfolio.equity() - self.books.equity()).abs();
        self.worst = self.worst.max(apart);
        self.inner.on_event(event, portfolio, actions);
    }
}

/// A strategy that trades a market whose prices are `scale` times those it thinks of, in units that
/// are worth as much more.
#[derive(Clone, Debug)]
pub(crate) struct Scaled<S> {
    inner: S,
    scale: f64,
}

impl<S> Scaled<S> {
    pub(crate) fn new(inner: S, scale: f64) -> Self {
        Self { inner, scale }
    }
}

impl<S: Strategy> Strategy for Scaled<S> {
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        let scale = self.scale;
        let mut event = *event;
        match &mut event {
            Event::Bar { bar, .. } => bar.close /= scale,
            Event::Fill { fill, .. } => fill.price /= scale,
            _ => {}
        }
        self.inner.on_event(&event, portfolio, actions);
        for action in actions {
            if let Action::Place(intent) = action {
                *intent = scaled(*intent, scale);
            }
        }
    }
}

fn scaled(intent: Intent, scale: f64) -> Intent {
    let level = |level: ExitLevel| match level {
        ExitLevel::Price(at) => ExitLevel::Price(at * scale),
        ExitLevel::Distance(by) => ExitLevel::Distance(by * scale),
    };
    let exits = intent.exits.map(|exits| Exits {
        stop_loss: exits.stop_loss.map(level),
        take_profit: exits.take_profit.map(level),
    });
    let amount = match intent.amount {
        Amount::Quantity(quantity) => Amount::Quantity(quantity / scale),
        other => other,
    };
    let kind = match intent.kind {
        OrderKind::Limit { limit } => OrderKind::Limit { limit: limit * scale },
        OrderKind::Stop { stop } => OrderKind::Stop { stop: stop * scale },
        OrderKind::StopLimit { stop, limit } => {
            OrderKind::StopLimit { stop: stop * scale, limit: limit * scale }
        }
        OrderKind::TrailingStop { trail, reference } => OrderKind::TrailingStop {
            trail: match trail {
                Trail::Amount(amount) => Trail::Amount(amount * scale),
                Trail::Percent(percent) => Trail::Percent(percent),
            },
            reference: reference.map(|price| price * scale),
        },
        OrderKind::OneCancelsOther { stop_loss, take_profit } => OrderKind::OneCancelsOther {
            stop_loss: stop_loss * scale,
            take_profit: take_profit * scale,
        },
        OrderKind::Market | OrderKind::MarketOnOpen | OrderKind::MarketOnClose => intent.kind,
    };
    Intent { amount, kind, exits, ..intent }
}
