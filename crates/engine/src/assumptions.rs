//! What a result rests on, in words.

use market::Timeframe;

use crate::backtest::{FillAt, Setup};
use crate::costs::HalfSpread;
use crate::history::History;
use crate::venue::{ExecutionRules, LimitFill};

/// The assumptions of a test on `history`, one sentence each.
pub fn assumptions(history: &History, setup: &Setup) -> Vec<String> {
    let mut lines = vec![match setup.fill_at {
        FillAt::NextOpen => "A decision at a bar's close trades at the next bar's open.".to_owned(),
        FillAt::Close => "OPTIMISTIC: a decision at a bar's close trades at that same close, a \
                          price that was already past."
            .to_owned(),
    }];
    // Instruments mostly trade by one set of rules; then it is said once.
    let first = &history.series[0];
    if history.series.iter().all(|series| series.rules == first.rules) {
        lines.extend(rules(&first.rules, None));
    } else {
        for series in &history.series {
            lines.extend(rules(&series.rules, Some(&series.symbol)));
        }
    }
    lines.push(sizing(history, setup));
    lines.push(shorting(setup));
    if !setup.financing.is_zero() {
        lines.push(format!(
            "Cash below zero costs {:.2} % a year, borrowed stock {:.2} % a year.",
            setup.financing.margin_rate * 100.0,
            setup.financing.borrow_rate * 100.0
        ));
    }
    lines.push(events(history));
    lines.push(format!(
        "Sessions of {}; {} periods a year; equity is marked at closes, and the last position \
         stays open.",
        history.calendar.name(),
        trimmed(history.periods_per_year)
    ));
    if history.timeframe.is_intraday() && history.timeframe != Timeframe::Minute1 {
        lines
            .push("Inside a bar the order of prices is unknown: stops come before targets.".into());
    }
    lines
}

fn rules(rules: &ExecutionRules, symbol: Option<&str>) -> Vec<String> {
    let of = symbol.map(|symbol| format!("{symbol}: ")).unwrap_or_default();
    let commission = match rules.commission.linear_rate() {
        Some(rate) => format!("{} bps of notional a side", trimmed(rate * 1e4)),
        None => "by the broker's schedule, per order".to_owned(),
    };
    let mut slippage = vec![format!("{} bps a side", trimmed(rules.slippage.bps))];
    match rules.slippage.half_spread {
        HalfSpread::None => {}
        HalfSpread::Fixed { fraction } => {
            slippage.push(format!("half a spread of {} bps", trimmed(fraction * 2e4)));
        }
        HalfSpread::CorwinSchultz => {
            slippage.push("half a spread estimated from highs and lows".to_owned());
        }
    }
    if let Some(y) = rules.slippage.impact {
        slippage.push(format!("square-root impact with Y = {}", trimmed(y)));
    }
    let volume = match rules.participation {
        Some(share) => {
            format!("Orders take at most {} % of a bar's volume.", trimmed(share * 100.0))
        }
        None => "Any quantity trades: there is no limit by volume.".to_owned(),
    };
    let grid = match (rules.tick > 0.0, rules.lot > 0.0) {
        (false, false) => "Prices and quantities are not rounded.".to_owned(),
        (tick, lot) => format!(
            "Prices {}; quantities {}.",
            if tick {
                format!("round to {} against the trader", rules.tick)
            } else {
                "are not rounded".into()
            },
            if lot { format!("round down to {}", rules.lot) } else { "are not rounded".into() }
        ),
    };
    let mut lines = vec![
        format!("{of}Commission: {commission}. Slippage: {}.", slippage.join(", ")),
        format!("{of}{volume} {grid}"),
    ];
    if rules.limit_fill == LimitFill::Touch {
        lines.push(format!("{of}OPTIMISTIC: a limit order fills when the price only touches it."));
    }
    lines
}

fn sizing(history: &History, setup: &Setup) -> String {
    let share = trimmed(setup.fraction * 100.0);
    match history.series.len() {
        1 => format!("A full target takes {share} % of equity."),
        many => format!(
            "{many} instruments share one account; all targets together take {share} % of equity."
        ),
    }
}

fn shorting(setup: &Setup) -> String {
    if !setup.allow_short {
        "No short selling.".to_owned()
    } else if setup.financing.borrow_rate == 0.0 {
        "Short selling is allowed, and borrowing stock costs nothing.".to_owned()
    } else {
        "Short selling is allowed.".to_owned()
    }
}

fn events(history: &History) -> String {
    let count: usize = history.series.iter().map(|series| series.actions.len()).sum();
    if count == 0 {
        "No splits or dividends are known for these bars.".to_owned()
    } else {
        format!(
            "{count} splits and dividends are booked; signals read adjusted prices, fills raw ones."
        )
    }
}

/// A number without needless zeros.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
