//! Small markets, plain rules, and a strategy that does what it is told.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use engine::costs::{Commission, Financing, Slippage};
use engine::venue::{BarContext, CancelReason, ExecutionRules, LimitFill};
use engine::{
    Action, AllowAll, Amount, Event, FillAt, Gate, History, InstrumentIndex, Intent, Leg, OrderId,
    OrderKind, Portfolio, Run, Series, Setup, Side, Strategy, TimeInForce, run,
};
use jiff::civil::{Date, date};
use market::{
    ActionKind, Bar, BarSeries, Calendar, CorporateAction, MICROS_PER_MINUTE, Micros, Timeframe,
    midnight,
};

/// Open, high, low, close, volume.
pub(crate) type Row = [f64; 5];

/// Bar, price, quantity and part of a fill.
pub(crate) type Told = (usize, f64, f64, Leg);

/// A bar on which nothing happens.
pub(crate) const STILL: Row = [100.0, 100.0, 100.0, 100.0, 10_000.0];

/// Money that scenes begin with.
pub(crate) const CASH: f64 = 100_000.0;

/// A bar for the venue; `place` is its session, its number in it, and how many are to come in it.
pub(crate) fn context<'a>(index: usize, row: &'a Row, place: &'a [u32; 3]) -> BarContext<'a> {
    let ([open, high, low, close, volume], [session, bar_in_session, bars_to_close]) = (row, place);
    BarContext {
        instrument: 0,
        index,
        open,
        high,
        low,
        close,
        volume,
        session,
        bar_in_session,
        bars_to_close,
        month: 0,
    }
}

/// No cost, no limit, no grid.
pub(crate) fn rules() -> ExecutionRules {
    ExecutionRules {
        commission: Commission::none(),
        slippage: Slippage::default(),
        participation: None,
        tick: 0.0,
        lot: 0.0,
        limit_fill: LimitFill::Through,
    }
}

pub(crate) fn setup() -> Setup {
    Setup {
        cash: CASH,
        fill_at: FillAt::NextOpen,
        allow_short: true,
        fraction: 1.0,
        financing: Financing::default(),
    }
}

/// Date of New York session number `number`, from Tuesday 2024-01-02 on.
pub(crate) fn session_date(number: usize) -> Date {
    let first = date(2024, 1, 2);
    Calendar::NYSE.plus_sessions(first, number as i64).expect("a session").date
}

/// One bar a session.
pub(crate) fn daily(rows: &[Row]) -> BarSeries {
    let numbered = rows.iter().enumerate();
    series(numbered.map(|(number, row)| (midnight(session_date(number)), *row)))
}

/// Two bars a session, of four hours and of what is left.
pub(crate) fn intraday(rows: &[Row]) -> BarSeries {
    series(rows.iter().enumerate().map(|(number, row)| {
        let session = Calendar::NYSE.session(session_date(number / 2)).expect("a session");
        (session.open + (number as i64 % 2) * 240 * MICROS_PER_MINUTE, *row)
    }))
}

pub(crate) fn series(rows: impl IntoIterator<Item = (Micros, Row)>) -> BarSeries {
    let mut bars = BarSeries::default();
    for (ts, [open, high, low, close, volume]) in rows {
        bars.push(Bar { ts, open, high, low, close, volume });
    }
    bars
}

/// Bars whose four prices are one.
pub(crate) fn flat(prices: &[f64]) -> Vec<Row> {
    prices.iter().map(|&price| [price, price, price, price, 10_000.0]).collect()
}

pub(crate) fn history(bars: BarSeries, rules: ExecutionRules) -> History {
    with_actions(bars, &[], rules)
}

pub(crate) fn with_actions(
    bars: BarSeries,
    actions: &[CorporateAction],
    rules: ExecutionRules,
) -> History {
    let timeframe = timeframe_of(&bars);
    several(&[("X", bars, actions, rules)], timeframe)
}

/// Instruments of one account.
pub(crate) fn several(
    parts: &[(&str, BarSeries, &[CorporateAction], ExecutionRules)],
    timeframe: Timeframe,
) -> History {
    let made = parts.iter().cloned().map(|(symbol, bars, actions, rules)| {
        Series::new(symbol, Arc::new(bars), actions, timeframe, Calendar::NYSE, rules)
            .expect("events that make sense")
    });
    History::new(made.collect(), timeframe, Calendar::NYSE).expect("two bars at least")
}

fn timeframe_of(bars: &BarSeries) -> Timeframe {
    let at_midnight = bars.ts.iter().all(|ts| ts % (24 * 60 * MICROS_PER_MINUTE) == 0);
    if at_midnight { Timeframe::Day1 } else { Timeframe::Hour4 }
}

pub(crate) fn split(session: usize, ratio: f64) -> CorporateAction {
    CorporateAction { ex_date: session_date(session), kind: ActionKind::Split { ratio } }
}

pub(crate) fn dividend(session: usize, amount: f64, paid: Option<usize>) -> CorporateAction {
    let pay_date = paid.map(session_date);
    let kind = ActionKind::Dividend { amount, pay_date };
    CorporateAction { ex_date: session_date(session), kind }
}

/// An order for `quantity` units of the first instrument that works until it is canceled.
pub(crate) fn order(side: Side, quantity: f64, kind: OrderKind) -> Intent {
    Intent { kind, ..Intent::market(0, side, Amount::Quantity(quantity)) }
}

pub(crate) fn market(side: Side, quantity: f64) -> Intent {
    order(side, quantity, OrderKind::Market)
}

pub(crate) fn lasting(intent: Intent, time_in_force: TimeInForce) -> Intent {
    Intent { time_in_force, ..intent }
}

/// Does what it is told at the closes of bars, and keeps what it hears.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// Instrument, bar, and what to do at its close.
    steps: Vec<(InstrumentIndex, usize, Action)>,
    /// Order, and what to do when it fills.
    on_fill: Vec<(OrderId, Action)>,
    pub(crate) events: Vec<Event>,
    /// The account after each event.
    pub(crate) accounts: Vec<Portfolio>,
}

impl Script {
    pub(crate) fn new(steps: &[(usize, Action)]) -> Self {
        Self::of_many(&steps.iter().map(|&(bar, action)| (0, bar, action)).collect::<Vec<_>>())
    }

    pub(crate) fn of_many(steps: &[(InstrumentIndex, usize, Action)]) -> Self {
        Self { steps: steps.to_vec(), ..Self::default() }
    }

    pub(crate) fn on_fill(mut self, order: OrderId, action: Action) -> Self {
        self.on_fill.push((order, action));
        self
    }

    /// Each fill.
    pub(crate) fn fills(&self) -> Vec<Told> {
        let told = self.events.iter().filter_map(|event| match event {
            Event::Fill { fill, index, .. } => Some((*index, fill.price, fill.quantity, fill.leg)),
            _ => None,
        });
        told.collect()
    }

    pub(crate) fn canceled(&self) -> Vec<(OrderId, CancelReason)> {
        let told = self.events.iter().filter_map(|event| match event {
            Event::Canceled { order, reason } => Some((*order, *reason)),
            _ => None,
        });
        told.collect()
    }

    /// The account as it was after the close of each bar of the first instrument.
    pub(crate) fn closes(&self) -> Vec<&Portfolio> {
        let both = self.events.iter().zip(&self.accounts);
        both.filter(|(event, _)| matches!(event, Event::Bar { instrument: 0, .. }))
            .map(|(_, account)| account)
            .collect()
    }
}

impl Strategy for Script {
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        self.events.push(*event);
        self.accounts.push(portfolio.clone());
        match event {
            Event::Bar { instrument, index, .. } => {
                let due =
                    self.steps.iter().filter(|step| (step.0, step.1) == (*instrument, *index));
                actions.extend(due.map(|step| step.2));
            }
            Event::Fill { fill, .. } => {
                let due = self.on_fill.iter().filter(|step| step.0 == fill.order);
                actions.extend(due.map(|step| step.1));
            }
            _ => {}
        }
    }
}

/// Runs a script over all bars.
pub(crate) fn play(history: &History, setup: &Setup, script: Script) -> (Script, Run) {
    play_gated(history, setup, script, &mut AllowAll)
}

pub(crate) fn play_gated(
    history: &History,
    setup: &Setup,
    script: Script,
    gate: &mut impl Gate,
) -> (Script, Run) {
    let range = 0..history.series[0].len();
    run(history, range, setup, script, gate, &AtomicBool::new(false)).expect("nobody stops it")
}

/// Places orders at the closes of bars of one daily instrument, in `rules` and with no other cost.
pub(crate) fn trade(
    rows: &[Row],
    rules: ExecutionRules,
    intents: &[(usize, Intent)],
) -> (Script, Run) {
    let steps: Vec<_> = intents.iter().map(|&(bar, intent)| (bar, Action::Place(intent))).collect();
    play(&history(daily(rows), rules), &setup(), Script::new(&steps))
}

#[track_caller]
pub(crate) fn close_to(found: f64, expected: f64) {
    let slack = 1e-9 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= slack, "{found}, expected {expected}");
}

/// Compares fills: prices to 1e-9, the rest exactly.
#[track_caller]
pub(crate) fn same_fills(what: &str, found: &[Told], expected: &[Told]) {
    let equal = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(a, b)| (a.0, a.2, a.3) == (b.0, b.2, b.3) && (a.1 - b.1).abs() <= 1e-9);
    assert!(equal, "{what}: {found:?}, expected {expected:?}");
}
