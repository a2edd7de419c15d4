//! Indicators against recorded values of TA-Lib, and against their own definitions.

use proptest::prelude::*;
use quant::indicators::{
    Columns, Indicator, ParameterError, SMA, VWAP, VWAP_BANDS, bollinger, catalogue, ema, find,
    pairs_zscore, rsi, sma,
};
use serde_json::Value;

/// Bars of a test, owned.
#[derive(Clone, Debug, Default)]
struct Bars {
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
    bar_in_session: Vec<u32>,
    pair_close: Vec<f64>,
}

impl Bars {
    fn columns(&self) -> Columns<'_> {
        self.prefix(self.close.len())
    }

    fn prefix(&self, bars: usize) -> Columns<'_> {
        Columns {
            open: &self.open[..bars],
            high: &self.high[..bars],
            low: &self.low[..bars],
            close: &self.close[..bars],
            volume: &self.volume[..bars],
            bar_in_session: &self.bar_in_session[..bars.min(self.bar_in_session.len())],
            pair_close: &self.pair_close[..bars.min(self.pair_close.len())],
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().unwrap();
    values.iter().map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()
}

#[test]
fn golden_values() {
    let golden = include_str!("../golden/indicators.json");
    let golden: Value = serde_json::from_str(golden).unwrap();
    let mut compared = 0;
    for block in golden["blocks"].as_array().unwrap() {
        let mut bars = Bars {
            open: numbers(&block["open"]),
            high: numbers(&block["high"]),
            low: numbers(&block["low"]),
            close: numbers(&block["close"]),
            volume: numbers(&block["volume"]),
            ..Bars::default()
        };
        if let Some(sessions) = block["session"].as_array() {
            let mut position = 0;
            for (i, session) in sessions.iter().enumerate() {
                let same = i > 0 && *session == sessions[i - 1];
                position = if same { position + 1 } else { 0 };
                bars.bar_in_session.push(position);
            }
        }
        for recorded in block["indicators"].as_array().unwrap() {
            compared += check_golden(&bars, recorded, &block["series"]);
        }
    }
    assert!(compared > 20_000, "only {compared} values compared");
}

/// Compares one recorded indicator; returns how many values it had.
fn check_golden(bars: &Bars, recorded: &Value, series: &Value) -> usize {
    let name = recorded["name"].as_str().unwrap();
    let definition = find(name).unwrap_or_else(|| panic!("{name} is not in the catalogue"));
    let params: Vec<(&str, f64)> = recorded["params"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| {
            let param = definition.params.iter().find(|param| param.name == key).unwrap();
            let word = value.as_str().and_then(|text| param.parse(text));
            (param.name, value.as_f64().or(word).unwrap())
        })
        .collect();
    let indicator = definition.with_named(&params).unwrap();
    let outputs = indicator.compute(&bars.columns());
    let recorded_outputs = recorded["outputs"].as_object().unwrap();
    assert_eq!(recorded_outputs.len(), outputs.len(), "{indicator:?}");
    // The tolerance of the file's header.
    let tolerance = if matches!(name, "bollinger" | "cci") { 1e-6 } else { 1e-9 };
    let mut compared = 0;
    for (position, output) in indicator.outputs().iter().enumerate() {
        let expected = numbers(&recorded_outputs[*output]);
        let computed = &outputs[position];
        assert_eq!(expected.len(), computed.len(), "{indicator:?} {output}");
        if let Some(first) = recorded["first_valid"][*output].as_u64()
            && name != "vwap"
        {
            assert_eq!(first as usize, indicator.first_valid_of(position), "{indicator:?} {output}");
        }
        for (i, (a, b)) in computed.iter().zip(&expected).enumerate() {
            let equal = (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * b.abs().max(1.0);
            assert!(equal, "{series} {indicator:?} {output} at {i}: {a} instead of {b}");
        }
        compared += expected.len();
    }
    compared
}
