//! Several instruments on one account.

use std::sync::atomic::AtomicBool;

use engine::{
    Action, AllowAll, Amount, Event, Fill, History, Intent, Job, OrderKind, Params, Run, Setup,
    Side, StrategyError, run,
};
use market::{BarSeries, Timeframe, midnight};

use crate::scene::{
    CASH, Script, close_to, dividend, flat, play, rules, series, session_date, setup, several,
    split,
};
use crate::targets::{APART, CONSTANT};

/// Daily bars of one price on some sessions.
fn on(days: &[usize], prices: &[f64]) -> BarSeries {
    let rows = flat(prices);
    series(days.iter().zip(rows).map(|(&day, row)| (midnight(session_date(day)), row)))
}

fn two(first: BarSeries, second: BarSeries) -> History {
    several(&[("A", first, &[], rules()), ("B", second, &[], rules())], Timeframe::Day1)
}

fn units(instrument: usize, side: Side, quantity: f64) -> Action {
    Action::Place(Intent::market(instrument, side, Amount::Quantity(quantity)))
}

fn everything(instrument: usize) -> Action {
    Action::Place(Intent::market(instrument, Side::Buy, Amount::EquityFraction(1.0)))
}

fn days_of(run: &Run) -> Vec<i64> {
    run.timeline.iter().map(|ts| (ts - midnight(session_date(0))) / 86_400_000_000).collect()
}

#[test]
fn marks_are_carried_over_missing_bars() {
    let history = two(
        on(&[0, 1, 2, 3], &[10.0, 10.0, 10.0, 10.0]),
        on(&[0, 1, 3, 4], &[20.0, 20.0, 25.0, 30.0]),
    );
    let script =
        Script::of_many(&[(1, 0, units(1, Side::Buy, 100.0)), (1, 1, units(1, Side::Sell, 40.0))]);
    // The range counts bars of the first instrument and bounds the other in time.
    let (script, run) = play(&history, &setup(), script);
    assert_eq!(days_of(&run), [0, 1, 2, 3]);
    assert_eq!(run.equity, [CASH, CASH, CASH, CASH + 500.0]);
    let fills: Vec<_> = script.fills().iter().map(|fill| (fill.0, fill.1, fill.2)).collect();
    // What waits for the second instrument trades at its next bar, number 2, two days on.
    assert_eq!(fills, [(1, 20.0, 100.0), (2, 25.0, 40.0)]);
    let seen: Vec<_> = script
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Bar { instrument, index, .. } => Some((*instrument, *index)),
            _ => None,
        })
        .collect();
    assert_eq!(seen, [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (0, 3), (1, 2)]);
}

#[test]
fn what_one_sale_brings_buys_the_other_on_the_same_open() {
    let days = [0, 1, 2, 3];
    let history = two(on(&days, &[100.0; 4]), on(&days, &[50.0; 4]));
    let script = Script::of_many(&[
        (0, 0, everything(0)),
        (1, 1, units(0, Side::Sell, 1_000.0)),
        (1, 1, everything(1)),
    ]);
    let (_, run) = play(&history, &setup(), script);
    let held: Vec<f64> = run.portfolio.positions.iter().map(|p| p.quantity).collect();
    assert_eq!((held, run.portfolio.cash), (vec![0.0, 2_000.0], 0.0));

    // So it does in one instrument: the first order pays for the second.
    let one = two(on(&days, &[100.0; 4]), on(&days, &[50.0; 4]));
    let script = Script::of_many(&[
        (0, 0, everything(0)),
        (0, 1, units(0, Side::Sell, 1_000.0)),
        (0, 1, everything(0)),
    ]);
    let (script, run) = play(&one, &setup(), script);
    assert_eq!(script.fills().len(), 3);
    assert_eq!(run.portfolio.positions[0].quantity, 1_000.0);
}

#[test]
fn a_sale_pays_for_a_purchase_whichever_instrument_comes_first() {
    let days = [0, 1, 2, 3];
    let history = two(on(&days, &[100.0; 4]), on(&days, &[50.0; 4]));
    let script = Script::of_many(&[
        (0, 0, everything(1)),
        (1, 1, units(1, Side::Sell, 2_000.0)),
        (1, 1, everything(0)),
    ]);
    let (script, run) = play(&history, &setup(), script);
    let held: Vec<f64> = run.portfolio.positions.iter().map(|p| p.quantity).collect();
    assert_eq!((held, run.portfolio.cash), (vec![1_000.0, 0.0], 0.0));
    assert_eq!(script.canceled(), []);
}

#[test]
fn at_an_open_sales_come_first_then_what_covers_then_the_rest() {
    let days = [0, 1, 2, 3];
    let parts = ["A", "B", "C"].map(|symbol| (symbol, on(&days, &[10.0; 4]), &[][..], rules()));
    let history = several(&parts, Timeframe::Day1);
    let script = Script::of_many(&[
        (0, 0, units(1, Side::Sell, 100.0)),
        (0, 0, units(2, Side::Buy, 100.0)),
        (0, 1, everything(0)),
        (0, 1, units(1, Side::Buy, 100.0)),
        (0, 1, units(2, Side::Sell, 100.0)),
    ]);
    let (_, run) = play(&history, &setup(), script);
    let second: Vec<_> = run.fills[2..].iter().map(|f| (f.instrument, f.side)).collect();
    assert_eq!(second, [(2, Side::Sell), (1, Side::Buy), (0, Side::Buy)]);
    // What covers is paid before what is left buys something new: nothing is borrowed.
    assert_eq!((run.portfolio.cash, run.portfolio.positions[0].quantity), (0.0, 10_000.0));
}

#[test]
fn orders_in_one_instrument_keep_their_order_at_an_open() {
    let days = [0, 1, 2];
    let history = two(on(&days, &[100.0; 3]), on(&days, &[50.0; 3]));
    let script = Script::of_many(&[
        (0, 0, units(0, Side::Buy, 1.0)),
        (0, 0, units(0, Side::Sell, 2.0)),
        (0, 0, units(1, Side::Buy, 3.0)),
        (0, 0, units(1, Side::Sell, 4.0)),
    ]);
    let (_, run) = play(&history, &setup(), script);
    let told: Vec<_> = run.fills.iter().map(|f| (f.instrument, f.side)).collect();
    // A sale behind a purchase of its own instrument waits for it, and for no other.
    assert_eq!(told, [(0, Side::Buy), (0, Side::Sell), (1, Side::Buy), (1, Side::Sell)]);
}

#[test]
fn every_open_comes_before_the_inside_of_any_bar() {
    let bar = |low: f64, high: f64| [100.0, high, low, 100.0, 10_000.0];
    let rows = [bar(100.0, 100.0), bar(100.0, 100.0), bar(90.0, 110.0), bar(100.0, 100.0)];
    let dated = || series((0..4).map(|day| (midnight(session_date(day)), rows[day])));
    let history = two(dated(), dated());
    let at = |instrument, side, kind| {
        let intent = Intent::market(instrument, side, Amount::Quantity(10.0));
        Action::Place(Intent { kind, ..intent })
    };
    let script = Script::of_many(&[
        (0, 0, units(0, Side::Buy, 20.0)),
        (0, 1, at(0, Side::Sell, OrderKind::Stop { stop: 95.0 })),
        (0, 1, at(0, Side::Sell, OrderKind::MarketOnClose)),
        (0, 1, at(1, Side::Buy, OrderKind::Limit { limit: 92.0 })),
        (0, 1, at(1, Side::Buy, OrderKind::Market)),
    ]);
    let (_, run) = play(&history, &setup(), script);
    let told: Vec<_> = run.fills[1..].iter().map(|f| (f.instrument, f.price)).collect();
    // The open, then inside the bars by instrument, then the close.
    assert_eq!(told, [(1, 100.0), (0, 95.0), (1, 92.0), (0, 100.0)]);
}

#[test]
fn what_a_fill_asks_for_in_another_instrument_waits_for_its_next_bar() {
    let days = [0, 1, 2];
    let history = two(on(&days, &[100.0; 3]), on(&days, &[50.0; 3]));
    let script =
        Script::of_many(&[(0, 0, units(0, Side::Buy, 1.0))]).on_fill(0, units(1, Side::Buy, 1.0));
    let (script, _) = play(&history, &setup(), script);
    let bars: Vec<_> = script.fills().iter().map(|fill| (fill.0, fill.1)).collect();
    assert_eq!(bars, [(1, 100.0), (2, 50.0)]);
}

#[test]
fn money_is_shared_in_the_order_of_instruments() {
    let days = [0, 1, 2];
    let history = two(on(&days, &[100.0; 3]), on(&days, &[50.0; 3]));
    let script = Script::of_many(&[(0, 0, everything(1)), (0, 0, everything(0))]);
    let (script, run) = play(&history, &setup(), script);
    let held: Vec<f64> = run.portfolio.positions.iter().map(|p| p.quantity).collect();
    assert_eq!(held, [1_000.0, 0.0]);
    assert_eq!(script.canceled().len(), 1);
}

#[test]
fn every_close_of_an_instant_is_known_before_anybody_decides() {
    let days = [0, 1, 2];
    let history = two(on(&days, &[100.0, 100.0, 100.0]), on(&days, &[50.0, 50.0, 80.0]));
    let script = Script::of_many(&[(0, 0, units(1, Side::Buy, 10.0))]);
    let (script, _) = play(&history, &setup(), script);
    // At the first instrument's last bar the second's position is worth its new close already.
    close_to(script.closes()[2].equity(), CASH + 300.0);
}

#[test]
fn events_of_one_instrument_leave_the_other_alone() {
    let days = [0, 1, 2, 3];
    let history = several(
        &[
            ("A", on(&days, &[100.0; 4]), &[dividend(2, 1.0, None)], rules()),
            ("B", on(&days, &[50.0, 50.0, 25.0, 25.0]), &[split(2, 2.0)], rules()),
        ],
        Timeframe::Day1,
    );
    let script =
        Script::of_many(&[(0, 0, units(0, Side::Buy, 10.0)), (0, 0, units(1, Side::Buy, 10.0))]);
    let (_, run) = play(&history, &setup(), script);
    let held: Vec<f64> = run.portfolio.positions.iter().map(|p| p.quantity).collect();
    assert_eq!(held, [10.0, 20.0]);
    assert_eq!(run.equity, [CASH, CASH, CASH + 10.0, CASH + 10.0]);
}

fn fills_of(entry: &'static engine::Entry, history: &History, setup: &Setup) -> Vec<Fill> {
    let params = Params::defaults(entry.params);
    let range = 0..history.series[0].len();
    let job = Job { history, range, params: &params, setup, record: true };
    let (run, decisions) =
        entry.runner.backtest(&job, &mut AllowAll, &AtomicBool::new(false)).unwrap();
    let decisions = decisions.unwrap();
    let expected = if entry.runner.legs() == 2 { 1 } else { history.series.len() };
    assert_eq!(decisions.len(), expected);
    run.fills
}

#[test]
fn targets_of_several_instruments_share_the_fraction() {
    let history = two(on(&[0, 1, 2], &[100.0; 3]), on(&[0, 2], &[50.0; 2]));
    let setup = Setup { fraction: 0.8, ..setup() };
    let fills = fills_of(&CONSTANT, &history, &setup);
    let told: Vec<_> = fills.iter().map(|f| (f.instrument, f.price, f.quantity)).collect();
    assert_eq!(told, [(0, 100.0, 400.0), (1, 50.0, 800.0)]);
}

#[test]
fn a_pair_takes_its_legs_in_the_hedge_ratio() {
    let days = [0, 1, 2, 3];
    let history = two(on(&days, &[101.0, 100.0, 100.0, 100.0]), on(&days, &[50.0; 4]));
    let fills = fills_of(&APART, &history, &setup());
    let told: Vec<_> = fills.iter().map(|f| (f.instrument, f.side, f.quantity)).collect();
    // 100,000 gross: two parts of the first long, one of the second short; then both are closed.
    let (a, b) = (CASH / 1.5 / 100.0, CASH / 3.0 / 50.0);
    assert_eq!(told.len(), 4);
    for (found, expected) in told.iter().zip([
        (1, Side::Sell, b),
        (0, Side::Buy, a),
        (0, Side::Sell, a),
        (1, Side::Buy, b),
    ]) {
        assert_eq!((found.0, found.1), (expected.0, expected.1));
        close_to(found.2, expected.2);
    }
}

#[test]
fn a_pair_needs_two_instruments_with_the_same_bars() {
    let days = [0, 1, 2];
    let alone = several(&[("A", on(&days, &[1.0; 3]), &[], rules())], Timeframe::Day1);
    let apart = two(on(&days, &[1.0; 3]), on(&[0, 2, 3], &[1.0; 3]));
    for (history, text) in [
        (alone, "a pair needs two instruments, 1 given"),
        (apart, "A and B do not have the same bars"),
    ] {
        let params = Params::defaults(APART.params);
        let setup = setup();
        let job =
            Job { history: &history, range: 0..3, params: &params, setup: &setup, record: false };
        let error =
            APART.runner.backtest(&job, &mut AllowAll, &AtomicBool::new(false)).unwrap_err();
        assert_eq!(error, StrategyError::Instruments(text.to_owned()));
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn a_range_inside_sees_only_its_own_bars() {
    let days = [0, 1, 2, 3, 4];
    let history = two(on(&days, &[100.0; 5]), on(&[0, 1, 4], &[50.0; 3]));
    let script =
        Script::of_many(&[(0, 2, units(0, Side::Buy, 1.0)), (1, 1, units(1, Side::Buy, 1.0))]);
    let stop = AtomicBool::new(false);
    let (script, run) = run(&history, 1..4, &setup(), script, &mut AllowAll, &stop).unwrap();
    assert_eq!(days_of(&run), [1, 2, 3]);
    assert_eq!(script.fills().len(), 1);
    assert_eq!(run.portfolio.positions[1].quantity, 0.0);
}
