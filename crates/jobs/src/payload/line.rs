//! A payload as the command line that asks for the same.
//!
//! Receipts keep it: what a worker found can be made again with `plimsoll backtest --receipt FILE`,
//! and is the same to the byte.

use super::grid::Span;
use super::{Axis, Fill, Payload};
use crate::lab::LabError;

/// The arguments of the program, from the command on. `command`: `backtest`, `sweep`,
/// `walk-forward` or `evaluate`.
///
/// # Errors
/// [`LabError::Refused`] for a grid or series that cannot be read.
pub fn line(command: &str, payload: &Payload) -> Result<Vec<String>, LabError> {
    let mut line = Line(vec![command.to_owned()]);
    line.option("--strategy", payload.strategy.as_ref());
    for (name, value) in payload.params.iter().flatten() {
        line.option("--param", Some(format!("{name}={value}")));
    }
    let source = payload.source()?;
    for ticker in &source.tickers {
        line.option("--ticker", Some(ticker));
    }
    line.option("--source", source.source);
    line.option("--from", source.from);
    line.option("--to", source.to);
    line.option("--timeframe", source.timeframe);
    for (name, axis) in payload.axes()? {
        line.option("--grid", Some(format!("{name}={}", written(&axis))));
    }
    for condition in payload.conditions.iter().flatten() {
        line.option("--where", Some(condition));
    }
    line.option("--random", payload.random);
    line.option("--cash", payload.cash);
    line.option("--fee-bps", payload.fee_bps);
    line.option("--commission", payload.commission.as_ref());
    line.option("--slippage-bps", payload.slippage_bps);
    line.option("--fill", payload.fill.filter(|fill| *fill == Fill::Close).map(|_| "close"));
    line.flag("--allow-short", payload.allow_short);
    line.option("--fraction", payload.sizing.map(|sizing| sizing.fraction));
    line.option("--metric", payload.metric.as_ref());
    line.option("--top", payload.top);
    line.option("--train", payload.train);
    line.option("--test", payload.test);
    line.option("--purge", payload.purge);
    line.flag("--anchored", payload.anchored);
    line.option("--benchmark", payload.benchmark.as_ref());
    line.option("--trials", payload.trials);
    line.option("--seed", payload.seed);
    line.flag("--check-lookahead", payload.check_lookahead);
    Ok(line.0)
}

struct Line(Vec<String>);

impl Line {
    fn option(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.0.extend([name.to_owned(), value.to_string()]);
        }
    }

    fn flag(&mut self, name: &str, given: Option<bool>) {
        if given == Some(true) {
            self.0.push(name.to_owned());
        }
    }
}

fn written(axis: &Axis) -> String {
    match axis {
        Axis::Span(Span { from, to, step }) => format!("{from}:{to}:{step}"),
        Axis::Values(values) => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            values.join(",")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Payload, line};

    #[test]
    fn a_payload_is_a_command() {
        let payload = r#"{"strategy": "sma_crossover", "tickers": ["AAPL", "MSFT"],
            "start_date": "2010-01-04", "cash": 5000.5, "allow_short": true, "fill": "close",
            "grid": [{"param": "fast", "from": 2, "to": 10}, {"param": "slow", "values": [20, 50]}],
            "where": ["fast<slow"], "metric": "cagr", "seed": 7, "sizing": {"fraction": 0.5}}"#;
        let found = Payload::parse(payload).and_then(|payload| line("sweep", &payload));
        let expected = "sweep --strategy sma_crossover --ticker AAPL --ticker MSFT --from \
                        2010-01-04 --grid fast=2:10:1 --grid slow=20,50 --where fast<slow --cash \
                        5000.5 --fill close --allow-short --fraction 0.5 --metric cagr --seed 7";
        assert_eq!(found.map(|line| line.join(" ")).ok().as_deref(), Some(expected));
        let payload = Payload::parse(r#"{"strategy": "rsi", "data_id": "my/own/BTC-USD/1h/raw"}"#);
        let found = payload.and_then(|payload| line("backtest", &payload)).map(|l| l.join(" "));
        let expected = "backtest --strategy rsi --ticker BTC-USD --source my/own --timeframe 1h";
        assert_eq!(found.ok().as_deref(), Some(expected));
    }
}
