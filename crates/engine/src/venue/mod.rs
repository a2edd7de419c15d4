//! The simulated venue: working orders, and what each bar makes of them.
//!
//! The backtest and, later, the paper broker match with this code. A bar is opened with
//! [`SimulatedVenue::open_bar`]; [`SimulatedVenue::next_fill`] then gives one fill at a time, so
//! that the account books each before the next is sized.

mod matching;
mod together;
mod working;

pub use matching::{Hit, LimitFill, OrderMemory, match_exits, match_order};

use std::collections::VecDeque;

use crate::arithmetic::{affordable, linear_fee};
use crate::costs::{
    Commission, ImpactContext, LotSize, OrderVolume, Slippage, Tick, floor_to_lot, round_against,
};
use crate::order::{
    Amount, Fill, InstrumentIndex, Intent, Leg, OrderId, OrderKind, Side, TimeInForce,
};
use crate::portfolio::{Portfolio, after_trading};
use working::{BarPart, Role, Working};

/// How one instrument trades and what that costs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ExecutionRules {
    /// What the broker takes.
    pub commission: Commission,
    /// What the market takes.
    pub slippage: Slippage,
    /// Largest share of a bar's volume that all orders together may take; `None` is no limit.
    pub participation: Option<f64>,
    /// Distance of two prices, 0 for any price.
    pub tick: f64,
    /// Distance of two quantities, 0 for any quantity.
    pub lot: f64,
    /// Whether a limit order trades on a touch.
    pub limit_fill: LimitFill,
}

/// Why an order ended without trading all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// The strategy asked.
    Requested,
    /// Its time was over.
    Expired,
    /// There was nothing to trade: no money for one lot, or no position to close.
    NothingToTrade,
    /// The other order of a pair filled, or the position it guarded is gone.
    Superseded,
}

/// Everything about the present bar that matching may need.
///
/// References, because most orders ask for the first price alone: what nobody looks at is not
/// brought into the cache.
#[derive(Clone, Copy, Debug)]
pub struct BarContext<'a> {
    /// Which instrument.
    pub instrument: InstrumentIndex,
    /// Its number in the instrument's history.
    pub index: usize,
    /// First price.
    pub open: &'a f64,
    /// Highest price.
    pub high: &'a f64,
    /// Lowest price.
    pub low: &'a f64,
    /// Last price.
    pub close: &'a f64,
    /// Units traded in it.
    pub volume: &'a f64,
    /// Number of its session.
    pub session: &'a u32,
    /// Number of the bar in its session, from 0.
    pub bar_in_session: &'a u32,
    /// Bars that the calendar still expects in its session.
    pub bars_to_close: &'a u32,
    /// Number of its calendar month, for commission tiers.
    pub month: i32,
}

impl BarContext<'_> {
    /// Whether the bar is its session's first.
    pub fn opens_session(&self) -> bool {
        *self.bar_in_session == 0
    }

    /// Whether the bar is its session's last.
    pub fn closes_session(&self) -> bool {
        *self.bars_to_close == 0
    }
}

/// Working orders of one account.
#[derive(Clone, Debug)]
pub struct SimulatedVenue {
    desks: Vec<Desk>,
    /// What was traded this month by each schedule of the account.
    volumes: Vec<MonthVolume>,
    working: Vec<Working>,
    canceled: VecDeque<(OrderId, CancelReason)>,
    next_id: OrderId,
    /// Orders that trade on the present bar, the next one last.
    queue: Vec<usize>,
}

/// One instrument's rules, prepared.
#[derive(Clone, Debug)]
struct Desk {
    rules: ExecutionRules,
    fee_rate: Option<f64>,
    slippage_rate: Option<f64>,
    impact: Option<ImpactContext>,
    tick: Tick,
    lot: LotSize,
    multiplier: f64,
    /// Which of the account's schedules it pays by.
    schedule: usize,
    /// The bar that `budget` is of.
    bar: Option<usize>,
    /// Units that orders may still take of that bar.
    budget: f64,
}

/// Units that an account traded in a calendar month under one commission schedule.
///
/// Instruments with equal schedules share one, but contracts and units are counted apart.
#[derive(Clone, Copy, Debug)]
struct MonthVolume {
    month: i32,
    units: f64,
}

impl SimulatedVenue {
    /// A venue without orders, for instruments of these rules, multipliers and impact data.
    pub fn new(
        instruments: impl IntoIterator<Item = (ExecutionRules, f64, Option<ImpactContext>)>,
    ) -> Self {
        let mut desks: Vec<Desk> = Vec::new();
        for (rules, multiplier, impact) in instruments {
            let shares = |desk: &Desk| {
                desk.rules.commission == rules.commission
                    && is_contract(desk.multiplier) == is_contract(multiplier)
            };
            let number = desks.len();
            let schedule = desks.iter().find(|desk| shares(desk)).map_or(number, |d| d.schedule);
            desks.push(Desk {
                fee_rate: rules.commission.linear_rate(),
                slippage_rate: rules.slippage.linear_rate(),
                impact,
                tick: Tick::new(rules.tick),
                lot: LotSize::new(rules.lot),
                rules,
                multiplier,
                schedule,
                bar: None,
                budget: f64::INFINITY,
            });
        }
        let volumes = vec![MonthVolume { month: i32::MIN, units: 0.0 }; desks.len()];
        let (working, canceled, queue) = (Vec::new(), VecDeque::new(), Vec::new());
        Self { desks, volumes, working, canceled, next_id: 0, queue }
    }

    /// Takes an order, active from the next bar on.
    pub fn submit(&mut self, intent: Intent) -> OrderId {
        let id = self.next_id;
        self.next_id += 1;
        self.working.push(Working::new(id, intent));
        id
    }

    /// Cancels one order, if it still works.
    pub fn cancel(&mut self, order: OrderId) {
        self.cancel_where(|working| working.id == order, CancelReason::Requested);
    }

    /// Cancels all orders in an instrument, exits included.
    pub fn cancel_all(&mut self, instrument: InstrumentIndex) {
        self.cancel_where(|w| w.intent.instrument == instrument, CancelReason::Requested);
    }

    /// Puts working orders on the scale after a split: `ratio` units for one.
    pub fn split(&mut self, instrument: InstrumentIndex, ratio: f64) {
        for working in &mut self.working {
            if working.intent.instrument == instrument {
                working.split(ratio);
            }
        }
    }

    /// Whether no order works.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.working.is_empty()
    }

    /// The next order that ended without trading all of it, oldest first.
    pub fn next_canceled(&mut self) -> Option<(OrderId, CancelReason)> {
        self.canceled.pop_front()
    }

    /// Begins a bar: matches what works and queues it by the priority of price, then time.
    pub fn open_bar(&mut self, bar: &BarContext<'_>) {
        self.open_bars(std::slice::from_ref(bar));
    }

    /// Begins the bars of one instant, each of another instrument, as [`Self::open_bar`] does.
    ///
    /// [`Self::next_fill_of`] then gives the fills of all, and each bar is closed after the last.
    pub fn open_bars(&mut self, bars: &[BarContext<'_>]) {
        for bar in bars {
            self.begin(bar);
            self.expire(bar);
        }
        self.queue.clear();
        for (index, working) in self.working.iter_mut().enumerate() {
            let Some(bar) = bars.iter().find(|bar| bar.instrument == working.intent.instrument)
            else {
                continue;
            };
            working.start(bar);
            if working.match_bar(bar, self.desks[bar.instrument].rules.limit_fill) {
                self.queue.push(index);
            }
        }
        self.sort_queue();
    }

    /// The next execution on the bar, sized by what the account has now.
    pub fn next_fill(&mut self, bar: &BarContext<'_>, portfolio: &Portfolio) -> Option<Fill> {
        while let Some(index) = self.queue.pop() {
            if let Some(fill) = self.try_fill(index, bar, portfolio) {
                return Some(fill);
            }
        }
        None
    }

    /// Ends a bar: forgets what is done.
    pub fn close_bar(&mut self, bar: &BarContext<'_>) {
        for working in &mut self.working {
            let over = matches!(working.intent.time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
            // What was placed on this very bar is active from the next one on.
            let over = over && working.started() && !working.done;
            if working.intent.instrument == bar.instrument && over {
                working.done = true;
                self.canceled.push_back((working.id, CancelReason::Expired));
            }
        }
        self.working.retain(|working| !working.done);
    }

    /// Fills market orders that were just placed at the close of the bar (`--fill close`).
    pub fn fill_at_close(&mut self, bar: &BarContext<'_>, portfolio: &Portfolio) -> Option<Fill> {
        let placed = |working: &Working| {
            working.intent.instrument == bar.instrument
                && !working.done
                && !working.started()
                && matches!(working.role, Role::Order(OrderKind::Market))
                && !matches!(working.intent.time_in_force, TimeInForce::Opg | TimeInForce::Cls)
        };
        self.begin(bar);
        while let Some(index) = self.working.iter().position(placed) {
            let working = &mut self.working[index];
            working.start(bar);
            working.hit =
                Some(Hit { price: *bar.close, at_open: false, takes: true, leg: Leg::Order });
            if let Some(fill) = self.try_fill(index, bar, portfolio) {
                return Some(fill);
            }
        }
        None
    }

    fn try_fill(
        &mut self,
        index: usize,
        bar: &BarContext<'_>,
        portfolio: &Portfolio,
    ) -> Option<Fill> {
        let desk = &self.desks[bar.instrument];
        let month_volume = self.volumes[desk.schedule].units;
        let working = &mut self.working[index];
        if working.done {
            return None;
        }
        let hit = working.hit.take()?;
        let side = working.intent.side;
        let buys = side == Side::Buy;
        let held = portfolio.positions[bar.instrument].quantity;

        // Slippage depends on the quantity only where it grows with it, so the price that sizes an
        // order leaves the impact out.
        let rate = |quantity: f64| match (hit.takes, desk.slippage_rate, &desk.impact) {
            (false, ..) => 0.0,
            (true, Some(rate), _) => rate,
            (true, None, Some(impact)) => desk.rules.slippage.fraction(impact, bar.index, quantity),
            (true, None, None) => desk.rules.slippage.bps / 1e4,
        };
        let priced = |x: f64| {
            let worse = if buys { hit.price * (1.0 + x) } else { hit.price * (1.0 - x) };
            if hit.takes { round_against(worse, desk.tick, buys) } else { worse }
        };

        let size = |amount: Amount| {
            let sizing = desk.sizing(amount, side, portfolio, bar.instrument);
            let at = |price: f64| match sizing {
                Sizing::Units(units) => units,
                Sizing::Money(money) => desk.units_for(money, price, side, month_volume),
            };
            let quantity = at(priced(rate(0.0)));
            // What a purchase moves the price by is paid too.
            if buys && desk.slippage_rate.is_none() { at(priced(rate(quantity))) } else { quantity }
        };
        let wanted = match (working.remaining, working.intent.amount) {
            (None, amount) => size(amount),
            (Some(left), _) if working.is_exits() => left,
            (Some(left), Amount::Quantity(_)) => floor_to_lot(left, desk.lot),
            // The price may have risen since the order was sized.
            (Some(left), Amount::EquityFraction(_) | Amount::Notional(_)) if buys => {
                left.min(size(Amount::Notional(f64::INFINITY)))
            }
            (Some(left), _) => left,
        };
        working.remaining = Some(wanted);
        let closes = working.guards() || working.intent.amount == Amount::Position;
        let wanted = match closes {
            // What is there to end a position never opens one.
            true if held * side.sign() >= 0.0 => 0.0,
            // All of it, also where the rounding of a split left the order a trifle short.
            true if after_trading(wanted, -held.abs()) >= 0.0 => held.abs(),
            true => wanted,
            false => wanted,
        };
        if wanted <= 0.0 {
            working.done = true;
            self.canceled.push_back((working.id, CancelReason::NothingToTrade));
            return None;
        }
        let quantity = wanted.min(desk.budget);
        let must_be_whole = working.intent.time_in_force == TimeInForce::Fok;
        if quantity <= 0.0 || (must_be_whole && quantity < wanted) {
            return None;
        }

        let price = priced(rate(quantity));
        let notional = quantity * price * desk.multiplier;
        let before = working.volume;
        let after = OrderVolume {
            quantity: before.quantity + quantity,
            notional: before.notional + notional,
            is_sell: !buys,
            is_maker: !hit.takes,
            contracts: is_contract(desk.multiplier),
        };
        let fee = match desk.fee_rate {
            Some(rate) => linear_fee(quantity * desk.multiplier, price, rate),
            None => desk.rules.commission.fill_cost(before, after, month_volume),
        };
        working.volume = after;
        let left = after_trading(wanted, -quantity);
        working.remaining = Some(left);
        working.done = left <= 0.0;
        let leg = working.leg(hit.leg);
        let fill = Fill {
            order: working.id,
            instrument: bar.instrument,
            leg,
            side,
            price,
            quantity,
            fee,
            slippage: (price - hit.price) * side.sign() * quantity * desk.multiplier,
        };
        let desk = &mut self.desks[bar.instrument];
        desk.budget -= quantity;
        self.volumes[desk.schedule].units += quantity;
        self.after_fill(index, &fill, &hit, bar);
        let left = after_trading(held, fill.signed_quantity());
        let unguarded = |w: &Working| {
            w.intent.instrument == fill.instrument
                && w.guards()
                && left * w.intent.side.sign() >= 0.0
        };
        self.cancel_where(unguarded, CancelReason::Superseded);
        Some(fill)
    }

    /// An entry's exits go live, and an exit's siblings end.
    fn after_fill(&mut self, index: usize, fill: &Fill, hit: &Hit, bar: &BarContext<'_>) {
        let working = &self.working[index];
        let (id, parent, at_close) = (working.id, working.parent(), working.is_at_close(hit));
        if let Some(exits) = working.intent.exits {
            let child = match self.working.iter().position(|w| w.parent() == Some(id) && !w.done) {
                Some(child) => {
                    self.working[child].grow(fill.quantity);
                    child
                }
                None => {
                    let next_id = self.next_id;
                    self.next_id += 1;
                    self.working.push(Working::exits_of(next_id, id, exits, fill));
                    self.working.len() - 1
                }
            };
            let limit_fill = self.desks[bar.instrument].rules.limit_fill;
            let exits = &mut self.working[child];
            exits.start(bar);
            let before = exits.hit.map(|hit| hit.leg);
            // After the close nothing of the bar is left; and a stop that the bar reaches for what
            // entered earlier is reached for this part too.
            if !at_close && before != Some(Leg::StopLoss) {
                let trades = exits.match_exits(bar, limit_fill, hit.at_open);
                if trades && before.is_none() {
                    self.queue.push(child);
                }
                self.sort_queue();
            }
        }
        if let Some(parent) = parent {
            self.cancel_where(|w| w.id == parent && !w.done, CancelReason::Superseded);
        }
    }

    /// Orders the queue by the part of the bar, the instrument, then the priority of price and of
    /// time.
    fn sort_queue(&mut self) {
        if self.queue.len() > 1 {
            let working = &self.working;
            self.queue.sort_unstable_by(|&a, &b| {
                let (one, other) = (&working[a], &working[b]);
                let ((a_class, a_price), (b_class, b_price)) = (one.priority(), other.priority());
                let part = BarPart::of(b_class).cmp(&BarPart::of(a_class));
                part.then(other.intent.instrument.cmp(&one.intent.instrument))
                    .then(b_class.cmp(&a_class))
                    .then(b_price.total_cmp(&a_price))
                    .then(b.cmp(&a))
            });
        }
    }

    /// Notes the bar that orders now trade on: its month, and what its volume has to offer.
    fn begin(&mut self, bar: &BarContext<'_>) {
        let desk = &mut self.desks[bar.instrument];
        if desk.bar == Some(bar.index) {
            return;
        }
        desk.bar = Some(bar.index);
        let volume = &mut self.volumes[desk.schedule];
        if volume.month != bar.month {
            *volume = MonthVolume { month: bar.month, units: 0.0 };
        }
        desk.budget = match desk.rules.participation {
            Some(share) => floor_to_lot(share * *bar.volume, desk.lot),
            None => f64::INFINITY,
        };
    }

    fn expire(&mut self, bar: &BarContext<'_>) {
        let canceled = &mut self.canceled;
        self.working.retain(|working| {
            let over = working.intent.instrument == bar.instrument && working.is_over(bar);
            if over {
                canceled.push_back((working.id, CancelReason::Expired));
            }
            !over
        });
    }

    fn cancel_where(&mut self, which: impl Fn(&Working) -> bool, reason: CancelReason) {
        for working in self.working.iter_mut().filter(|working| which(working) && !working.done) {
            working.done = true;
            self.canceled.push_back((working.id, reason));
        }
        if self.queue.is_empty() {
            self.working.retain(|working| !working.done);
        }
    }
}

/// What an order asks for.
enum Sizing {
    Units(f64),
    Money(f64),
}

/// Whether a quantity counts contracts: one unit of them moves more than one unit of price.
fn is_contract(multiplier: f64) -> bool {
    multiplier != 1.0
}

impl Desk {
    /// What an amount asks for: units, or money to lay out.
    fn sizing(
        &self,
        amount: Amount,
        side: Side,
        portfolio: &Portfolio,
        instrument: InstrumentIndex,
    ) -> Sizing {
        let money = match amount {
            Amount::Quantity(quantity) => return Sizing::Units(floor_to_lot(quantity, self.lot)),
            Amount::Position => {
                let held = portfolio.positions[instrument].quantity;
                let units = if held * side.sign() < 0.0 { held.abs() } else { 0.0 };
                return Sizing::Units(units);
            }
            Amount::EquityFraction(fraction) => fraction * portfolio.equity(),
            Amount::Notional(notional) => notional,
        };
        Sizing::Money(if side == Side::Buy { money.min(portfolio.cash) } else { money })
    }

    /// Units that money buys at a price.
    fn units_for(&self, money: f64, price: f64, side: Side, month_volume: f64) -> f64 {
        let price = price * self.multiplier;
        match self.fee_rate {
            Some(rate) => affordable(money, price, rate, self.lot),
            None => self.affordable_with_schedule(money, price, side, month_volume),
        }
    }

    /// Units that `money` buys when the commission is not linear: each round sets aside the fee of
    /// the last round's quantity, so money is never overspent at the end.
    fn affordable_with_schedule(
        &self,
        money: f64,
        price: f64,
        side: Side,
        month_volume: f64,
    ) -> f64 {
        let fee_of = |quantity: f64| {
            let volume = OrderVolume {
                quantity,
                notional: quantity * price,
                is_sell: side == Side::Sell,
                is_maker: false,
                contracts: is_contract(self.multiplier),
            };
            self.rules.commission.order_cost(volume, month_volume)
        };
        let mut quantity = affordable(money, price, 0.0, self.lot);
        for _ in 0..8 {
            let next = affordable(money - fee_of(quantity), price, 0.0, self.lot);
            if next == quantity {
                break;
            }
            quantity = next;
        }
        if quantity * price + fee_of(quantity) > money {
            quantity = floor_to_lot(quantity - self.rules.lot.max(quantity * 1e-9), self.lot);
        }
        quantity.max(0.0)
    }
}
