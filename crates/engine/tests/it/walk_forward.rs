//! Walk-forward: what is chosen on which sessions, and what it came to afterwards.

use engine::costs::{Commission, Slippage, preset};
use engine::sweep::{Grid, Watch};
use engine::venue::ExecutionRules;
use engine::{
    History, RunError, Setup, StrategyError, WalkForward, WalkForwardError, WalkForwardResult,
    walk_forward,
};

use crate::scene::{
    CASH, Row, close_to, daily, flat, history, intraday, rules, session_date, setup,
};
use crate::targets::CONSTANT;

/// Sessions that choose, that judge, that are left out, and whether training is anchored.
type Plan = (usize, usize, usize, bool);

fn grid(sides: &[f64]) -> Grid {
    Grid::new(&CONSTANT, &[("side".to_owned(), sides.to_vec())], &[]).unwrap()
}

fn walk(
    history: &History,
    plan: Plan,
    sides: &[f64],
) -> Result<WalkForwardResult, WalkForwardError> {
    walk_with(history, plan, sides, &setup(), &Watch::default())
}

fn walk_with(
    history: &History,
    (train, test, purge, anchored): Plan,
    sides: &[f64],
    setup: &Setup,
    watch: &Watch,
) -> Result<WalkForwardResult, WalkForwardError> {
    let task = WalkForward {
        entry: &CONSTANT,
        grid: &grid(sides),
        history,
        range: 0..history.series[0].len(),
        setup,
        metric: "total_return",
        train,
        test,
        purge,
        anchored,
        workers: 1,
        column_bytes: 1 << 20,
    };
    walk_forward(&task, watch)
}

/// Dearer by 1 % a day for twelve days, then cheaper by 1 % a day for twelve.
fn hill() -> Vec<Row> {
    let mut price = 100.0;
    let mut prices = Vec::new();
    for day in 0..24 {
        prices.push(price);
        price *= if day < 12 { 1.01 } else { 0.99 };
    }
    flat(&prices)
}

/// Sessions that a window tells, as numbers.
fn sessions(window: &engine::Window) -> [usize; 4] {
    [&window.train_from, &window.train_to, &window.test_from, &window.test_to]
        .map(|date| (0..60).find(|&day| session_date(day).to_string() == *date).unwrap())
}

#[test]
fn windows_roll_are_anchored_and_leave_sessions_out() {
    let history = history(daily(&hill()), rules());
    // Plan, then first and last session of training and of testing.
    let cases: [(Plan, &[[usize; 4]]); 5] = [
        ((8, 4, 0, false), &[[0, 7, 8, 11], [4, 11, 12, 15], [8, 15, 16, 19], [12, 19, 20, 23]]),
        ((8, 4, 0, true), &[[0, 7, 8, 11], [0, 11, 12, 15], [0, 15, 16, 19], [0, 19, 20, 23]]),
        ((8, 6, 2, false), &[[0, 7, 10, 15], [6, 13, 16, 21], [12, 19, 22, 23]]),
        ((8, 6, 2, true), &[[0, 7, 10, 15], [0, 13, 16, 21], [0, 19, 22, 23]]),
        // One session that is left over has no return.
        ((11, 4, 0, false), &[[0, 10, 11, 14], [4, 14, 15, 18], [8, 18, 19, 22]]),
    ];
    for (plan, expected) in cases {
        let found = walk(&history, plan, &[-1.0, 0.0, 1.0]).unwrap();
        let told: Vec<_> = found.windows.iter().map(sessions).collect();
        assert_eq!(told, expected, "{plan:?}");
        assert_eq!(found.tried, 3 * expected.len() as u64);
        // One mark a bar of the pieces.
        let bars: usize = expected.iter().map(|window| window[3] - window[2] + 1).sum();
        assert_eq!((found.timeline.len(), found.equity.len()), (bars, bars));
        assert!(found.timeline.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[test]
fn sessions_count_and_not_bars() {
    let rows: Vec<Row> = hill().into_iter().flat_map(|row| [row, row]).collect();
    let history = history(intraday(&rows), rules());
    let found = walk(&history, (8, 4, 0, false), &[1.0]).unwrap();
    assert_eq!((found.windows.len(), found.equity.len()), (4, 32));
    assert_eq!(found.windows[0].train_from, "2024-01-02T14:30:00Z");
    assert_eq!(found.windows[0].train_to, "2024-01-11T18:30:00Z");
}

#[test]
fn parameters_are_chosen_on_the_past_alone() {
    let history = history(daily(&hill()), rules());
    let found = walk(&history, (6, 3, 0, false), &[-1.0, 0.0, 1.0]).unwrap();
    let sides: Vec<i64> =
        found.windows.iter().map(|window| window.params["side"].as_i64().unwrap()).collect();
    // The top is at session 12; training on 3..9 and 6..12 has seen none of the fall, 9..15 half of
    // it, and 12..18 and 15..21 nothing else.
    assert_eq!(sides[..3], [1, 1, 1]);
    assert_eq!(sides[4..], [-1, -1]);
    for window in &found.windows {
        assert!(window.in_sample_return >= 0.0);
        assert_eq!(window.in_sample, Some(window.in_sample_return));
        assert_eq!(window.out_of_sample, Some(window.out_of_sample_return));
    }
    // A long position decided at the first close is held from the second open on: the second to
    // the last close of the piece.
    close_to(found.windows[0].out_of_sample_return, 1.01 - 1.0);
    // The pieces' returns are chained, and each begins where the last ended.
    let chained = found
        .windows
        .iter()
        .fold(CASH, |equity, window| equity * (1.0 + window.out_of_sample_return));
    close_to(*found.equity.last().unwrap(), chained);
    assert_eq!(found.equity[0], CASH);
    close_to(found.equity[3], found.equity[2]);
    close_to(found.out_of_sample.total_return.unwrap(), chained / CASH - 1.0);
}

#[test]
fn a_tie_goes_to_the_first_of_the_grid() {
    let history = history(daily(&flat(&[100.0; 12])), rules());
    for (sides, chosen) in [([1.0, 0.0, -1.0], 1), ([0.0, 1.0, -1.0], 0)] {
        let found = walk(&history, (6, 3, 0, false), &sides).unwrap();
        assert!(found.windows.iter().all(|window| window.params["side"] == chosen), "{sides:?}");
        assert_eq!(found.efficiency, None);
    }
}

#[test]
fn the_last_close_of_a_piece_pays_for_closing() {
    let fee_of = |rules: ExecutionRules, setup: &Setup| {
        let history = history(daily(&flat(&[100.0; 12])), rules);
        let watch = Watch::default();
        let found = walk_with(&history, (6, 3, 0, false), &[1.0], setup, &watch).unwrap();
        assert_eq!(found.windows.len(), 2);
        assert_eq!(found.windows[0].closed_trades, 0);
        found.windows[0].out_of_sample_return
    };
    let bps = |commission, slippage| ExecutionRules {
        commission: Commission::bps(commission),
        slippage: Slippage { bps: slippage, ..Slippage::default() },
        ..rules()
    };
    // Everything is bought at 100 (1 + s) with fee f, marked at 100, and sold for 100 (1 − s − f).
    for (fee, slip) in [(10.0, 0.0), (0.0, 5.0), (10.0, 5.0)] {
        let (f, s) = (fee / 1e4, slip / 1e4);
        let units = CASH / (100.0 * (1.0 + s) * (1.0 + f));
        let expected = units * 100.0 * (1.0 - s - f) / CASH - 1.0;
        close_to(fee_of(bps(fee, slip), &setup()), expected);
    }
    // Under a schedule an order pays by the schedule.
    let schedule = preset("ibkr_fixed").unwrap().commission;
    let lots = ExecutionRules { commission: schedule, lot: 1.0, ..rules() };
    // 999 units at 100, 0.005 each, both ways.
    close_to(fee_of(lots, &setup()), -2.0 * 999.0 * 0.005 / CASH);
}

#[test]
fn what_cannot_be_walked_is_refused() {
    let history = history(daily(&hill()), rules());
    let too_short = |plan| walk(&history, plan, &[1.0]).unwrap_err();
    assert_eq!(
        too_short((20, 4, 1, false)),
        WalkForwardError::TooShort { sessions: 24, train: 20, purge: 1, test: 4 }
    );
    assert_eq!(
        too_short((20, 4, 1, true)).to_string(),
        "24 sessions are too few: one window takes 20 to train, 1 to purge and 4 to test"
    );
    assert!(walk(&history, (20, 4, 0, false), &[1.0]).is_ok());
    for plan in [(1, 4, 0, false), (8, 1, 0, false), (0, 0, 0, true)] {
        assert_eq!(too_short(plan), WalkForwardError::EmptyWindow);
    }
    let watch = Watch::default();
    watch.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let stopped = walk_with(&history, (8, 4, 0, false), &[1.0], &setup(), &watch).unwrap_err();
    let expected = StrategyError::Run(RunError::Stopped);
    assert_eq!(stopped, WalkForwardError::Strategy(expected));
}
