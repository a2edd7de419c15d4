//! What ends trading: ruin, a gate that says no, and somebody who asks to stop.

use std::sync::atomic::AtomicBool;

use engine::costs::Commission;
use engine::venue::ExecutionRules;
use engine::{
    Action, AllowAll, Amount, Gate, Intent, Job, OrderKind, Params, Portfolio, RunError, Side,
    StrategyError, run,
};
use market::Timeframe;

use crate::scene::{
    CASH, Row, Script, close_to, daily, flat, history, market, order, play, play_gated, rules,
    setup, several,
};
use crate::targets::CONSTANT;

fn place(bar: usize, intent: Intent) -> (usize, Action) {
    (bar, Action::Place(intent))
}

#[test]
fn a_ruined_account_is_closed_and_never_trades_again() {
    // 1,000 sold short at 100; the price is 250 at the close and 260 at the next open.
    let rows = flat(&[100.0, 100.0, 250.0, 260.0, 50.0, 50.0]);
    let limit = OrderKind::Limit { limit: 300.0 };
    let steps = [
        place(0, market(Side::Sell, 1_000.0)),
        place(1, order(Side::Sell, 10.0, limit)),
        place(2, market(Side::Buy, 5.0)),
        place(3, market(Side::Sell, 1_000.0)),
        place(4, market(Side::Buy, 1.0)),
    ];
    let (script, run) = play(&history(daily(&rows), rules()), &setup(), Script::new(&steps));
    assert!(run.ruined);
    let fills: Vec<_> = run.fills.iter().map(|f| (f.side, f.price, f.quantity)).collect();
    assert_eq!(fills, [(Side::Sell, 100.0, 1_000.0), (Side::Buy, 260.0, 1_000.0)]);
    assert_eq!(run.equity, [CASH, CASH, -50_000.0, -60_000.0, -60_000.0, -60_000.0]);
    assert_eq!(script.canceled().len(), 1, "the limit order");
    assert_eq!(run.bars_in_market, 2);
}

#[test]
fn ruin_is_liquidated_as_volume_allows_and_whatever_the_gate_says() {
    struct Closed(usize);
    impl Gate for Closed {
        fn allows(&mut self, _: &Intent, _: &Portfolio) -> bool {
            self.0 = self.0.saturating_sub(1);
            self.0 > 0
        }
    }
    let thin = ExecutionRules { participation: Some(0.1), ..rules() };
    let mut rows = flat(&[100.0, 100.0, 250.0, 260.0, 270.0, 270.0]);
    rows[3][4] = 6_000.0;
    let history = history(daily(&rows), thin);
    let steps = [place(0, market(Side::Sell, 1_000.0)), place(1, market(Side::Buy, 1.0))];
    let (_, run) = play_gated(&history, &setup(), Script::new(&steps), &mut Closed(2));
    assert_eq!(run.denied, 1);
    let fills: Vec<_> = run.fills.iter().map(|f| (f.price, f.quantity)).collect();
    assert_eq!(fills, [(100.0, 1_000.0), (260.0, 600.0), (270.0, 400.0)]);
}

#[test]
fn every_position_of_a_ruined_account_is_closed() {
    let days = |prices: &[f64]| daily(&flat(prices));
    let history = several(
        &[
            ("A", days(&[100.0, 100.0, 500.0, 500.0]), &[], rules()),
            ("B", days(&[10.0, 10.0, 10.0, 10.0]), &[], rules()),
        ],
        Timeframe::Day1,
    );
    let sell = Intent::market(0, Side::Sell, Amount::Quantity(1_000.0));
    let buy = Intent::market(1, Side::Buy, Amount::Quantity(70.0));
    let steps = [(0, 0, Action::Place(sell)), (0, 0, Action::Place(buy))];
    let (_, run) = play(&history, &setup(), Script::of_many(&steps));
    assert!(run.ruined);
    assert!(run.portfolio.positions.iter().all(|position| position.quantity == 0.0));
}

#[test]
fn a_loss_short_of_everything_is_no_ruin() {
    let rows = flat(&[100.0, 100.0, 199.0, 100.0]);
    let steps = [place(0, market(Side::Sell, 1_000.0))];
    let (_, run) = play(&history(daily(&rows), rules()), &setup(), Script::new(&steps));
    assert!(!run.ruined);
    assert_eq!(run.equity, [CASH, CASH, 1_000.0, CASH]);
    // Equity of nothing at all is.
    let rows = flat(&[100.0, 100.0, 200.0, 100.0]);
    let (_, run) = play(&history(daily(&rows), rules()), &setup(), Script::new(&steps));
    assert!(run.ruined);
    assert_eq!(run.equity, [CASH, CASH, 0.0, CASH]);
}

/// Denies what would be the account's next order once it holds so much.
struct Ceiling {
    units: f64,
    asked: usize,
}

impl Gate for Ceiling {
    fn allows(&mut self, intent: &Intent, portfolio: &Portfolio) -> bool {
        self.asked += 1;
        portfolio.positions[intent.instrument].quantity < self.units
    }
}

#[test]
fn denied_orders_never_reach_the_venue() {
    let costly = ExecutionRules { commission: Commission::bps(10.0), ..rules() };
    let history = history(daily(&flat(&[100.0; 6])), costly);
    let steps: Vec<_> = (0..5).map(|bar| place(bar, market(Side::Buy, 10.0))).collect();
    // What holds nothing may be bought; who holds 20 is told no.
    for (units, bought) in [(0.0, 0.0), (20.0, 20.0), (1e9, 50.0)] {
        let mut gate = Ceiling { units, asked: 0 };
        let (script, run) = play_gated(&history, &setup(), Script::new(&steps), &mut gate);
        assert_eq!(run.portfolio.positions[0].quantity, bought);
        assert_eq!((gate.asked, run.denied), (5, 5 - bought as usize / 10));
        assert_eq!(script.canceled(), []);
        close_to(run.portfolio.fees, bought * 0.1);
    }
    let (_, run) = play_gated(&history, &setup(), Script::new(&steps), &mut &mut AllowAll);
    assert_eq!((run.denied, run.fills.len()), (0, 5));
}

#[test]
fn whoever_asks_to_stop_gets_no_result() {
    let rows: Vec<Row> = flat(&[100.0; 20]);
    let alone = history(daily(&rows), rules());
    let together = several(
        &[("A", daily(&rows), &[], rules()), ("B", daily(&rows), &[], rules())],
        Timeframe::Day1,
    );
    let stop = AtomicBool::new(true);
    for history in [&alone, &together] {
        for range in [0..20, 7..12] {
            let script = Script::default();
            let stopped = run(history, range.clone(), &setup(), script, &mut AllowAll, &stop);
            assert_eq!(stopped.err(), Some(RunError::Stopped), "{range:?}");
            let (params, setup) = (Params::defaults(CONSTANT.params), setup());
            let job = Job { history, range, params: &params, setup: &setup, record: false };
            let stopped = CONSTANT.runner.backtest(&job, &mut AllowAll, &stop);
            assert_eq!(stopped.err(), Some(StrategyError::Run(RunError::Stopped)));
        }
    }
    assert_eq!(RunError::Stopped.to_string(), "stopped");
}
