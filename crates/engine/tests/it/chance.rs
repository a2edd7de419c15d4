//! Random markets and orders, all of one seed; a failing property prints it.

use engine::costs::{Commission, Financing, Slippage, preset};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{
    Amount, ExitLevel, Exits, FillAt, InstrumentIndex, Intent, OrderKind, Setup, Side, TimeInForce,
    Trail,
};
use market::CorporateAction;

use crate::scene::{Row, dividend, setup, split};
use crate::seeded::Chance;

/// Bars in cents that gap, stand still, touch round prices and at times trade nothing.
pub(crate) fn bars(chance: &mut Chance, count: usize) -> Vec<Row> {
    let wild = chance.pick(&[0.003, 0.01, 0.04]);
    let mut cents = (2_000 + chance.below(20_000)) as f64;
    let mut rows = Vec::with_capacity(count);
    for _ in 0..count {
        let moved = |chance: &mut Chance, cents: f64, by: f64| {
            (cents * (1.0 + chance.between(-by, by))).round().max(50.0)
        };
        let gap = if chance.once_in(12) { 6.0 } else { 0.4 };
        let open = moved(chance, cents, wild * gap);
        let close = if chance.once_in(15) { open } else { moved(chance, open, wild) };
        let reach = |chance: &mut Chance| (open * chance.between(0.0, wild)).round();
        let high = open.max(close) + reach(chance);
        let low = (open.min(close) - reach(chance)).max(25.0);
        let volume = if chance.once_in(15) { 0.0 } else { chance.below(20_000) as f64 };
        rows.push([open / 100.0, high / 100.0, low / 100.0, close / 100.0, volume]);
        cents = close;
    }
    rows
}

/// Costs and limits of all sorts; `whole` asks for lots of one at times.
pub(crate) fn some_rules(chance: &mut Chance, whole: bool) -> ExecutionRules {
    let schedule = |name| preset(name).expect("a preset").commission;
    ExecutionRules {
        commission: match chance.below(4) {
            0 => Commission::none(),
            1 => schedule("ibkr_fixed"),
            2 => schedule("ibkr_tiered"),
            _ => Commission::bps(5.0),
        },
        slippage: Slippage {
            bps: chance.pick(&[0.0, 2.0, 30.0]),
            impact: chance.pick(&[None, None, Some(1.0)]),
            ..Slippage::default()
        },
        participation: chance.pick(&[None, Some(0.1), Some(0.5)]),
        tick: chance.pick(&[0.0, 0.01, 0.05]),
        lot: if whole { chance.pick(&[0.0, 1.0]) } else { 0.0 },
        limit_fill: chance.pick(&[LimitFill::Through, LimitFill::Touch]),
    }
}

pub(crate) fn some_setup(chance: &mut Chance) -> Setup {
    let borrow_rate = chance.pick(&[0.0, 0.05]);
    Setup {
        fill_at: chance.pick(&[FillAt::NextOpen, FillAt::Close]),
        financing: Financing {
            borrow_rate,
            margin_rate: chance.pick(&[0.0, 0.07]),
            short_rebate_rate: chance.pick(&[0.0, 0.01]),
            round_mark_up: chance.once_in(2),
        },
        ..setup()
    }
}

/// Splits and dividends over `count` daily sessions, as they come.
pub(crate) fn some_actions(chance: &mut Chance, count: usize) -> Vec<CorporateAction> {
    let mut actions = Vec::new();
    for _ in 0..chance.below(4) {
        let day = 1 + chance.below(count - 1);
        actions.push(if chance.once_in(2) {
            split(day, chance.pick(&[2.0, 4.0, 1.5, 0.5, 0.1]))
        } else {
            let paid = chance.pick(&[None, Some(day + 3), Some(day + 500)]);
            dividend(day, chance.pick(&[0.01, 0.05]), paid)
        });
    }
    actions
}

/// How a random order is sized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// In units: it may spend what is not there.
    Units,
    /// In money: it never does.
    Money,
}

/// Any order at all around a price.
pub(crate) fn any_intent(
    chance: &mut Chance,
    instrument: InstrumentIndex,
    price: f64,
    sizes: Sizes,
) -> Intent {
    let side = chance.pick(&[Side::Buy, Side::Sell]);
    let near = |chance: &mut Chance| {
        let by = chance.pick(&[0.0, 0.002, 0.01, 0.03]) * chance.pick(&[-1.0, 1.0]);
        (price * (1.0 + by) * 100.0).round().max(1.0) / 100.0
    };
    let amount = match sizes {
        Sizes::Units => Amount::Quantity(chance.pick(&[1.0, 10.0, 37.0, 150.0, 700.0])),
        Sizes::Money if side == Side::Sell => Amount::Position,
        Sizes::Money if chance.once_in(3) => Amount::Notional(chance.between(10.0, 2e5)),
        Sizes::Money => Amount::EquityFraction(chance.pick(&[0.1, 0.5, 1.0])),
    };
    let trail = if chance.once_in(2) {
        Trail::Amount(price * chance.pick(&[0.005, 0.02]))
    } else {
        Trail::Percent(chance.pick(&[0.5, 2.0]))
    };
    let (a, b) = (near(chance), near(chance));
    let kind = match chance.below(9) {
        0..=2 => OrderKind::Market,
        3 => OrderKind::Limit { limit: a },
        4 => OrderKind::Stop { stop: a },
        5 => OrderKind::StopLimit { stop: a, limit: b },
        6 => OrderKind::TrailingStop { trail, reference: chance.pick(&[None, Some(a)]) },
        7 => chance.pick(&[OrderKind::MarketOnOpen, OrderKind::MarketOnClose]),
        _ => {
            let (low, high) = (a.min(b) * 0.99, a.max(b) * 1.01);
            let (stop_loss, take_profit) =
                if side == Side::Sell { (low, high) } else { (high, low) };
            OrderKind::OneCancelsOther { stop_loss, take_profit }
        }
    };
    let guards = matches!(kind, OrderKind::OneCancelsOther { .. });
    // In the mode where money counts nothing sells short, and so nothing has to be bought back.
    let may_guard = sizes == Sizes::Units || side == Side::Buy;
    let exits = (!guards && may_guard && chance.once_in(3)).then(|| Exits {
        stop_loss: (!chance.once_in(4)).then_some(ExitLevel::Distance(price * 0.01)),
        take_profit: (!chance.once_in(4)).then_some(ExitLevel::Distance(price * 0.02)),
    });
    let time_in_force = chance.pick(&[
        TimeInForce::Gtc,
        TimeInForce::Gtc,
        TimeInForce::Day,
        TimeInForce::Ioc,
        TimeInForce::Fok,
        TimeInForce::Opg,
        TimeInForce::Cls,
    ]);
    Intent { instrument, side, amount, kind, time_in_force, exits }
}
