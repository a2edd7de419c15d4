//! What holding costs, by calendar days.

use engine::costs::Financing;
use engine::{Action, Event, Intent, Setup, Side};

use crate::scene::{
    CASH, Row, Script, close_to, daily, flat, history, intraday, market, play, rules, setup,
};

/// Sessions of a week from Tuesday on: Tuesday to Friday, then Monday.
fn prices() -> Vec<Row> {
    flat(&[50.0, 50.0, 51.5, 52.0, 53.0])
}

fn charges(rows: &[Row], financing: Financing, intent: Intent) -> (Vec<f64>, f64) {
    let history = history(daily(rows), rules());
    let setup = Setup { financing, ..setup() };
    let (script, run) = play(&history, &setup, Script::new(&[(0, Action::Place(intent))]));
    let told = script.events.iter().filter_map(|event| match event {
        Event::Financing { amount } => Some(*amount),
        _ => None,
    });
    let told: Vec<f64> = told.collect();
    close_to(run.portfolio.financing, told.iter().sum());
    close_to(run.portfolio.equity(), gained(&run) + CASH - run.portfolio.financing);
    (told, run.portfolio.financing)
}

fn gained(run: &engine::Run) -> f64 {
    run.portfolio.trades_with_open(|_| 0).iter().map(|trade| trade.pnl).sum()
}

#[test]
fn borrowed_stock_costs_by_calendar_days_at_the_mark() {
    let rate = 0.036;
    // Short from Wednesday's open on: Thursday, Friday, and Monday books three days.
    let short = market(Side::Sell, 100.0);
    let day = |mark: f64| mark * 1.02 * 100.0 * rate / 360.0;
    let plain = Financing { borrow_rate: rate, ..Financing::default() };
    let rounded = Financing { round_mark_up: true, ..plain };
    for (financing, marks) in [(plain, [50.0, 51.5, 52.0]), (rounded, [50.0, 52.0, 52.0])] {
        let (told, _) = charges(&prices(), financing, short);
        assert_eq!(told.len(), 3);
        for ((found, mark), days) in told.iter().zip(marks).zip([1.0, 1.0, 3.0]) {
            close_to(*found, day(mark) * days);
        }
    }
    let rebate = Financing { short_rebate_rate: rate, ..Financing::default() };
    let (told, _) = charges(&prices(), rebate, short);
    close_to(told[2], -52.0 * 100.0 * rate / 360.0 * 3.0);
    // Who owns the stock and the money pays nothing.
    let all = Financing { borrow_rate: rate, margin_rate: rate, ..Financing::default() };
    assert_eq!(charges(&prices(), all, market(Side::Buy, 100.0)), (Vec::new(), 0.0));
}

#[test]
fn borrowed_money_costs_interest() {
    let financing = Financing { margin_rate: 0.072, ..Financing::default() };
    let (told, total) = charges(&prices(), financing, market(Side::Buy, 6_000.0));
    // 200,000 borrowed at 0.02 % a day; what was booked is borrowed as well.
    let (mut debt, mut expected) = (200_000.0, Vec::new());
    for days in [1.0, 1.0, 3.0] {
        let interest = debt * 0.0002 * days;
        debt += interest;
        expected.push(interest);
    }
    for (found, expected) in told.iter().zip(&expected) {
        close_to(*found, *expected);
    }
    close_to(total, expected.iter().sum());
}

#[test]
fn bars_of_one_day_are_one_booking() {
    let rows = flat(&[50.0; 10]);
    let setup =
        Setup { financing: Financing { borrow_rate: 0.036, ..Financing::default() }, ..setup() };
    let script = Script::new(&[(0, Action::Place(market(Side::Sell, 100.0)))]);
    let (script, run) = play(&history(intraday(&rows), rules()), &setup, script);
    // Short from Tuesday's second bar on: four bookings, six days to Monday.
    let booked =
        script.events.iter().filter(|event| matches!(event, Event::Financing { .. })).count();
    assert_eq!(booked, 4);
    close_to(run.portfolio.financing, 6.0 * 50.0 * 1.02 * 100.0 * 0.036 / 360.0);
}
