//! Cash, positions and round trips of one account, in `f64`.

use std::collections::VecDeque;

use market::Micros;
use serde::{Deserialize, Serialize};

use crate::arithmetic::cash_after;
use crate::order::{Fill, InstrumentIndex, OrderId, Side};

/// What an account holds and has earned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portfolio {
    /// Money, negative when borrowed.
    pub cash: f64,
    /// Dividends whose pay date is still to come (owed when negative).
    pub receivable: f64,
    /// One position an instrument.
    pub positions: Vec<Position>,
    /// Round trips, in the order of their end.
    pub trades: Vec<Trade>,
    /// Commissions paid so far.
    pub fees: f64,
    /// What slippage has taken so far.
    pub slippage: f64,
    /// Financing paid so far: borrow fees and margin interest.
    pub financing: f64,
    /// Sum of the absolute notionals traded.
    pub traded_notional: f64,
}

/// Units held of one instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Units, negative when short.
    pub quantity: f64,
    /// Price that values the position.
    pub mark: f64,
    /// Money a point of price is worth for one unit.
    pub multiplier: f64,
    lots: VecDeque<Lot>,
}

/// Units that count as none, however few are traded.
pub(crate) const LEAST_UNITS: f64 = 1e-12;

/// Units that are but the rounding of a sum, beside so many that were traded.
fn dust(traded: f64) -> f64 {
    traded.abs().max(1.0) * LEAST_UNITS
}

/// What `units` are after `signed` more were traded; the rounding of a sum counts as none.
pub(crate) fn after_trading(units: f64, signed: f64) -> f64 {
    let after = units + signed;
    if after.abs() <= dust(signed) { 0.0 } else { after }
}

/// Units that one order brought, not yet taken back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Lot {
    order: OrderId,
    signed: f64,
    price: f64,
    fee: f64,
    time: Micros,
    bar: usize,
}

/// A round trip: units that one order opened and one order closed, first in first out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// What was traded.
    pub instrument: InstrumentIndex,
    /// `Buy` for a long position.
    pub side: Side,
    /// Units.
    pub quantity: f64,
    /// Opening of the bar of the entry.
    pub entry_time: Micros,
    /// Average price of the entry.
    pub entry_price: f64,
    /// Bar of the entry, counted from the start of the history.
    pub entry_bar: usize,
    /// Opening of the bar of the exit.
    pub exit_time: Option<Micros>,
    /// Average price of the exit.
    pub exit_price: Option<f64>,
    /// Bar of the exit; for an open trade the last bar.
    pub exit_bar: usize,
    /// Profit or loss net of fees; of an open trade at its mark.
    pub pnl: f64,
    /// Commissions of entry and exit.
    pub fees: f64,
    exit_order: OrderId,
    entry_order: OrderId,
}

impl Portfolio {
    /// An account with `cash` and no position in instruments of these multipliers.
    pub fn new(cash: f64, multipliers: impl IntoIterator<Item = f64>) -> Self {
        let positions = multipliers
            .into_iter()
            .map(|multiplier| Position {
                quantity: 0.0,
                mark: 0.0,
                multiplier,
                lots: VecDeque::new(),
            })
            .collect();
        Self {
            cash,
            receivable: 0.0,
            positions,
            trades: Vec::new(),
            fees: 0.0,
            slippage: 0.0,
            financing: 0.0,
            traded_notional: 0.0,
        }
    }

    /// Cash, receivables and positions at their marks.
    #[inline]
    pub fn equity(&self) -> f64 {
        self.value().0
    }

    /// Equity, and the sum of the absolute values of the positions.
    #[inline(always)]
    pub fn value(&self) -> (f64, f64) {
        // One instrument is the rule, and needs no loop.
        if let [position] = self.positions.as_slice() {
            let holding = self.holding();
            return (holding.equity(position.mark), holding.gross(position.mark));
        }
        let (mut equity, mut gross) = (self.cash + self.receivable, 0.0);
        for position in &self.positions {
            let units = position.quantity * position.multiplier;
            equity = crate::arithmetic::equity(equity, units, position.mark);
            gross += (units * position.mark).abs();
        }
        (equity, gross)
    }

    /// What is held of the only instrument.
    pub(crate) fn holding(&self) -> Holding {
        let position = &self.positions[0];
        Holding {
            money: self.cash + self.receivable,
            units: position.quantity * position.multiplier,
        }
    }

    /// Books a fill on the bar named.
    pub fn apply(&mut self, fill: &Fill, time: Micros, bar: usize) {
        let position = &mut self.positions[fill.instrument];
        let signed = fill.signed_quantity();
        let units = signed * position.multiplier;
        self.cash = cash_after(self.cash, units, fill.price, fill.fee);
        self.fees += fill.fee;
        self.slippage += fill.slippage;
        self.traded_notional += (units * fill.price).abs();
        position.mark = fill.price;

        // First the lots of the other direction are closed, oldest first; the rest opens.
        let mut left = signed;
        let dust = dust(signed);
        let mut fee_left = fill.fee;
        while let Some(lot) = position.lots.front_mut().filter(|lot| lot.signed * left < 0.0) {
            let whole = lot.signed.abs() <= left.abs() + dust;
            let closed = if whole { lot.signed.abs() } else { left.abs() };
            let rest = left.abs() - closed;
            let rest = if rest <= dust { 0.0 } else { rest * left.signum() };
            let entry_fee = if whole { lot.fee } else { lot.fee * (closed / lot.signed.abs()) };
            let exit_fee = if rest == 0.0 { fee_left } else { fee_left * (closed / left.abs()) };
            let direction = lot.signed.signum();
            let gross = direction * closed * position.multiplier * (fill.price - lot.price);
            record(
                &mut self.trades,
                Trade {
                    instrument: fill.instrument,
                    side: if direction > 0.0 { Side::Buy } else { Side::Sell },
                    quantity: closed,
                    entry_time: lot.time,
                    entry_price: lot.price,
                    entry_bar: lot.bar,
                    exit_time: Some(time),
                    exit_price: Some(fill.price),
                    exit_bar: bar,
                    pnl: gross - entry_fee - exit_fee,
                    fees: entry_fee + exit_fee,
                    exit_order: fill.order,
                    entry_order: lot.order,
                },
            );
            fee_left -= exit_fee;
            left = rest;
            if whole {
                position.lots.pop_front();
            } else {
                lot.signed -= closed * direction;
                lot.fee -= entry_fee;
            }
            if left == 0.0 {
                break;
            }
        }
        position.quantity = after_trading(position.quantity, signed);
        if left != 0.0 {
            let fresh = Lot {
                order: fill.order,
                signed: left,
                price: fill.price,
                fee: fee_left,
                time,
                bar,
            };
            match position.lots.back_mut().filter(|lot| lot.order == fill.order) {
                Some(lot) => {
                    let total = lot.signed + left;
                    lot.price += (fill.price - lot.price) * (left / total);
                    lot.signed = total;
                    lot.fee += fee_left;
                }
                None => position.lots.push_back(fresh),
            }
        }
    }

    /// Multiplies the units held by `ratio`; a fraction that no lot holds is paid at `price`, which
    /// is on the new scale.
    ///
    /// A position that is paid out whole is a round trip that ended at that price, before the open
    /// of the bar named.
    pub(crate) fn split(
        &mut self,
        instrument: InstrumentIndex,
        split: SplitTerms,
        time: Micros,
        bar: usize,
    ) {
        let SplitTerms { ratio, kept, price } = split;
        let position = &mut self.positions[instrument];
        let grown = position.quantity * ratio;
        self.cash += (grown - kept) * price * position.multiplier;
        let share = if grown == 0.0 || kept == 0.0 { 1.0 } else { kept / grown };
        for lot in &mut position.lots {
            lot.signed *= ratio * share;
            lot.price /= ratio;
        }
        (position.quantity, position.mark) = (kept, price);
        if kept == 0.0 {
            let ended = position.lots.drain(..).map(|lot| Trade {
                exit_time: Some(time),
                exit_price: Some(price),
                ..lot.valued(instrument, position.multiplier, price, bar)
            });
            self.trades.extend(ended);
        }
    }

    /// Round trips that ended, and what is still open valued at its mark; `last_bar` names the last
    /// bar that an instrument lived through.
    pub fn trades_with_open(&self, last_bar: impl Fn(InstrumentIndex) -> usize) -> Vec<Trade> {
        let last_bar = &last_bar;
        let open = self.positions.iter().enumerate().flat_map(|(instrument, position)| {
            let Position { mark, multiplier, .. } = *position;
            position
                .lots
                .iter()
                .map(move |lot| lot.valued(instrument, multiplier, mark, last_bar(instrument)))
        });
        self.trades.iter().copied().chain(open).collect()
    }
}

/// What a split makes of a position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SplitTerms {
    /// Units that one becomes.
    pub(crate) ratio: f64,
    /// Units held afterwards; the rest is paid in cash.
    pub(crate) kept: f64,
    /// Last price before, on the new scale.
    pub(crate) price: f64,
}

impl Lot {
    /// The round trip that these units began, not yet ended, at a mark.
    fn valued(&self, instrument: InstrumentIndex, multiplier: f64, mark: f64, bar: usize) -> Trade {
        Trade {
            instrument,
            side: if self.signed > 0.0 { Side::Buy } else { Side::Sell },
            quantity: self.signed.abs(),
            entry_time: self.time,
            entry_price: self.price,
            entry_bar: self.bar,
            exit_time: None,
            exit_price: None,
            exit_bar: bar,
            pnl: self.signed * multiplier * (mark - self.price) - self.fee,
            fees: self.fee,
            // No order ends it.
            exit_order: OrderId::MAX,
            entry_order: self.order,
        }
    }
}

/// An account of one instrument between two events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding {
    /// Cash and receivables.
    pub(crate) money: f64,
    /// Units times the money that a point of price is worth for one.
    pub(crate) units: f64,
}

impl Holding {
    /// What the account is worth at a price.
    #[inline(always)]
    pub(crate) fn equity(self, price: f64) -> f64 {
        crate::arithmetic::equity(self.money, self.units, price)
    }

    /// Absolute value of the position at a price.
    #[inline(always)]
    pub(crate) fn gross(self, price: f64) -> f64 {
        (self.units * price).abs()
    }

    /// How many of the closes come before one at which nothing is left.
    pub(crate) fn sound_bars(self, closes: &[f64]) -> usize {
        // Prices are above zero, so what was bought with own money is never worth less.
        if self.money > 0.0 && self.units >= 0.0 {
            return closes.len();
        }
        let ruin = closes.iter().position(|&close| self.equity(close) <= 0.0);
        ruin.unwrap_or(closes.len())
    }
}

impl Trade {
    /// Bars between entry and exit.
    pub fn bars_held(&self) -> usize {
        self.exit_bar - self.entry_bar
    }
}

/// Appends a round trip, or joins it to the last one when the same two orders made both.
fn record(trades: &mut Vec<Trade>, trade: Trade) {
    let same = trades.last_mut().filter(|last| {
        last.instrument == trade.instrument
            && last.entry_order == trade.entry_order
            && last.exit_order == trade.exit_order
    });
    let Some(last) = same else {
        trades.push(trade);
        return;
    };
    let total = last.quantity + trade.quantity;
    let share = trade.quantity / total;
    let exit = |trade: &Trade| trade.exit_price.unwrap_or_default();
    last.exit_price = Some(exit(last) + (exit(&trade) - exit(last)) * share);
    last.entry_price += (trade.entry_price - last.entry_price) * share;
    last.quantity = total;
    last.exit_time = trade.exit_time;
    last.exit_bar = trade.exit_bar;
    last.pnl += trade.pnl;
    last.fees += trade.fees;
}
