//! What strategies decide on prices made by hand, where the reference says so in words.

use engine::costs::{Commission, Financing, Slippage};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{FillAt, History, Series, Setup};
use market::{Bar, BarSeries, Calendar, MICROS_PER_MINUTE, Micros, Timeframe, midnight};

use crate::scenario::{backtest, one, targets};

fn rules() -> ExecutionRules {
    ExecutionRules {
        commission: Commission::none(),
        slippage: Slippage::default(),
        participation: None,
        tick: 0.0,
        lot: 0.0,
        limit_fill: LimitFill::default(),
    }
}

fn setup(allow_short: bool) -> Setup {
    let (cash, fill_at, fraction) = (1e5, FillAt::NextOpen, 1.0);
    Setup { cash, fill_at, allow_short, fraction, financing: Financing::default() }
}

fn bar(ts: Micros, close: f64) -> Bar {
    Bar { ts, open: close, high: close, low: close, close, volume: 1_000.0 }
}

/// Sessions of 2019 at midnight.
fn days(count: usize) -> Vec<Micros> {
    let first = market::date_of(1_546_300_800_000_000);
    let mut session = Calendar::NYSE.first_session_on_or_after(first).unwrap();
    let mut days = Vec::with_capacity(count);
    for _ in 0..count {
        days.push(midnight(session.date));
        session = Calendar::NYSE.plus_sessions(session.date, 1).unwrap();
    }
    days
}

fn daily(closes: &[f64]) -> History {
    let mut bars = BarSeries::with_capacity(closes.len());
    for (ts, &close) in days(closes.len()).into_iter().zip(closes) {
        bars.push(bar(ts, close));
    }
    one(bars, &[], Timeframe::Day1, rules())
}

/// Targets on daily closes without a range in the bar.
fn on_closes(name: &str, given: &[(&str, f64)], closes: &[f64], allow_short: bool) -> Vec<i8> {
    let entry = strategies::find(name).unwrap();
    let given: Vec<_> = given.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
    let params = entry.parse(&given).unwrap();
    targets(entry, &daily(closes), &params, &setup(allow_short))
}

#[test]
fn an_index_of_zero_is_a_signal_only_after_falls() {
    let cases: [(&str, f64, &[f64], &[i8]); 4] = [
        ("nothing moves", 3.0, &[10.0; 6], &[0; 6]),
        ("falls only", 3.0, &[10.0, 9.9, 9.8, 9.7, 9.6], &[0, 0, 0, 1, 1]),
        ("still, then a fall", 3.0, &[10.0, 10.0, 10.0, 10.0, 9.9], &[0, 0, 0, 0, 1]),
        ("one bar", 1.0, &[10.0, 10.0, 9.9, 9.9, 10.0, 10.0], &[0, 0, 1, 1, -1, -1]),
    ];
    for (name, period, closes, expected) in cases {
        assert_eq!(on_closes("RSI", &[("period", period)], closes, true), expected, "{name}");
    }
}

#[test]
fn an_index_at_the_level_is_left_but_not_entered() {
    // Up and down by the same: 50 exactly.
    let closes = [10.0, 10.1, 10.0];
    let at = |level: &str| {
        let given = [("period", 2.0), ("oversold", 50.0), ("overbought", 50.0), (level, 50.0)];
        on_closes("RSI", &given, &closes, true)
    };
    assert_eq!(at("exit"), [0, 0, 0]);
    // Long on the fall, out where the index comes back to 50.
    let closes = [10.0, 9.0, 8.0, 8.0 + 2.0 / 3.0 * 1.5];
    let given = [("period", 2.0), ("exit", 50.0)];
    assert_eq!(on_closes("RSI", &given, &closes, false), [0, 0, 1, 0]);
}

#[test]
fn equal_averages_of_tick_prices_change_nothing() {
    // Sums of tenths in other orders differ in their last bits, the averages in truth do not.
    let ticks = [10.1, 10.2, 10.3];
    let closes: Vec<f64> = (0..60).map(|index| ticks[index % 3]).collect();
    let given = [("fast", 3.0), ("slow", 6.0)];
    assert_eq!(on_closes("sma_crossover", &given, &closes, true), [0; 60]);
    for strategy in ["macd", "ema_crossover", "squeeze_breakout", "bollinger_reversion"] {
        assert_eq!(on_closes(strategy, &[], &[10.1; 60], true), [0; 60], "{strategy}");
    }
    // A quiet market after a move: what remains of the averages is rounding.
    let mut closes = vec![10.1; 20];
    closes.extend([11.3; 800]);
    let targets = on_closes("macd", &[], &closes, true);
    let changes = targets[300..].windows(2).filter(|two| two[0] != two[1]).count();
    assert_eq!(changes, 0);
}

#[test]
fn a_position_is_left_and_the_other_side_taken_on_one_bar() {
    let closes = [10.0, 11.0, 12.0, 11.0, 10.0, 9.0, 8.0];
    let given = [("period", 1.0), ("threshold", 0.0)];
    assert_eq!(on_closes("Momentum", &given, &closes, true), [0, 1, 1, -1, -1, -1, -1]);
    assert_eq!(on_closes("Momentum", &given, &closes, false), [0, 1, 1, 0, 0, 0, 0]);
    let given = [("period", 1.0), ("threshold", 10.0)];
    // 10 % is not more than 10 %; an unchanged price undoes a change.
    let closes = [10.0, 11.0, 12.2, 12.2, 10.0];
    assert_eq!(on_closes("Momentum", &given, &closes, true), [0, 0, 1, 0, -1]);
}

#[test]
fn breakouts_look_at_the_bars_before() {
    let closes = [10.0, 10.5, 10.2, 10.5, 10.6, 10.3, 10.1];
    let given = [("entry", 3.0), ("exit", 2.0), ("atr_stop", 0.0)];
    // 10.5 equals the highest high of the bars before and is no breakout.
    assert_eq!(on_closes("Donchian turtle", &given, &closes, false), [0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn a_stop_ends_the_position_and_the_target() {
    // ATR(20) of these bars is 1 from bar 20; the breakout at bar 25 is filled at 14 on bar 26.
    let mut bars = BarSeries::with_capacity(30);
    for (index, ts) in days(30).into_iter().enumerate() {
        let price = if index < 25 { 10.0 } else { 14.0 };
        let (high, low) = (price + 0.5, if index == 27 { 9.0 } else { price - 0.5 });
        bars.push(Bar { ts, open: price, high, low, close: price, volume: 1e3 });
    }
    let history = one(bars, &[], Timeframe::Day1, rules());
    let entry = strategies::find("donchian_turtle").unwrap();
    for (atr_stop, expected) in [(2.0, vec![1, 1, 0, 0, 0]), (0.0, vec![1, 1, 1, 1, 1])] {
        let params = entry.parse(&[("atr_stop".to_owned(), atr_stop)]).unwrap();
        let (run, decisions) = backtest(entry, &history, &params, &setup(false), 0..30);
        assert_eq!(decisions.unwrap()[0][25..], expected, "{atr_stop}");
        assert_eq!(run.portfolio.trades.len(), usize::from(atr_stop > 0.0));
        if let Some(trade) = run.portfolio.trades.first() {
            // True ranges: 1 on every bar but 4.5 on bar 25, so ATR = (19·1 + 4.5) / 20.
            let stop = 14.0 - 2.0 * (19.0 + 4.5) / 20.0;
            assert!((trade.exit_price.unwrap() - stop).abs() < 1e-9, "{trade:?}");
        }
    }
}

#[test]
fn vwap_reversion_keeps_to_its_session() {
    let first = market::date_of(1_546_300_800_000_000);
    let session = Calendar::NYSE.first_session_on_or_after(first).unwrap();
    let step = 30 * MICROS_PER_MINUTE;
    // Thirteen bars of half an hour.
    let run = |closes: &[f64; 13], given: &[(&str, f64)]| {
        let mut bars = BarSeries::with_capacity(13);
        for (index, &close) in closes.iter().enumerate() {
            bars.push(bar(session.open + index as i64 * step, close));
        }
        let history = one(bars, &[], Timeframe::Minute30, rules());
        let entry = strategies::find("VWAP reversion").unwrap();
        let given: Vec<_> = given.iter().map(|&(name, value)| (name.to_owned(), value)).collect();
        targets(entry, &history, &entry.parse(&given).unwrap(), &setup(true))
    };
    let mut closes = [10.0, 10.1, 9.9, 10.0, 10.1, 9.9, 10.0, 9.0, 9.1, 9.2, 9.2, 9.2, 9.2];
    assert_eq!(run(&closes, &[]), [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
    let flat = [("flat_bars_before_close", 4.0)];
    assert_eq!(run(&closes, &flat), [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    let warm_up = [("warmup_bars", 8.0), ("k", 1.0)];
    assert_eq!(run(&closes, &warm_up)[..9], [0, 0, 0, 0, 0, 0, 0, 0, 1]);
    closes[9] = 10.5;
    assert_eq!(
        run(&closes, &[("k", 1.0)])[7..10],
        [1, 1, -1],
        "left at VWAP, and the other side taken"
    );
    assert_eq!(run(&[10.0; 13], &[("k", 0.0), ("warmup_bars", 0.0)]), [0; 13], "no deviation");
    // A day is one bar, the first and the last of its session.
    let days = on_closes("vwap_reversion", &[("warmup_bars", 0.0), ("k", 0.0)], &closes, true);
    assert_eq!(days, [0; 13]);
}

#[test]
fn a_pair_is_sold_short_whatever_the_account_allows() {
    let count = 80;
    let second: Vec<f64> = (0..count).map(|i| 50.0 + f64::from(i % 7)).collect();
    let mut first: Vec<f64> = second.iter().map(|price| price * 2.0).collect();
    for (index, price) in first.iter_mut().enumerate() {
        *price *= 1.0 + 0.001 * f64::from((index as u32 * 5) % 3);
    }
    first[70] *= 1.005;
    let history = |a: &[f64], b: &[f64]| {
        let series = [a, b].map(|closes| {
            let mut bars = BarSeries::with_capacity(closes.len());
            for (ts, &close) in days(closes.len()).into_iter().zip(closes) {
                bars.push(bar(ts, close));
            }
            let (frame, calendar) = (Timeframe::Day1, Calendar::NYSE);
            Series::new("P", bars.into(), &[], frame, calendar, rules()).unwrap()
        });
        History::new(series.to_vec(), Timeframe::Day1, Calendar::NYSE).unwrap()
    };
    let entry = strategies::find("pairs").unwrap();
    let given = [("stop".to_owned(), 9.0)];
    let params = entry.parse(&given).unwrap();
    let dear = targets(entry, &history(&first, &second), &params, &setup(false));
    assert_eq!(dear[69..71], [0, -1], "the first leg became dear");
    let cheap = targets(entry, &history(&second, &first), &params, &setup(false));
    assert_eq!(cheap[69..71], [0, 1], "the second leg became dear");
    let narrow = entry.parse(&[("stop".to_owned(), 2.5)]).unwrap();
    let given_up = targets(entry, &history(&first, &second), &narrow, &setup(false));
    assert_eq!(given_up[70], 0, "beyond the stop nothing is entered");
}
