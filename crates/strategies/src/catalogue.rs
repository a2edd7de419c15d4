//! All strategies, and what programs need to know of their parameters.

use engine::Entry;
use serde_json::{Map, Value, json};

/// Returns all strategies, in the order of the reference.
pub fn catalogue() -> &'static [&'static Entry] {
    static CATALOGUE: &[&Entry] = &[
        &crate::sma_crossover::ENTRY,
        &crate::ema_crossover::ENTRY,
        &crate::rsi_mean_reversion::ENTRY,
        &crate::macd::ENTRY,
        &crate::bollinger_reversion::ENTRY,
        &crate::squeeze_breakout::ENTRY,
        &crate::donchian_turtle::ENTRY,
        &crate::momentum_roc::ENTRY,
        &crate::supertrend::ENTRY,
        &crate::stochastic::ENTRY,
        &crate::adx_trend::ENTRY,
        &crate::vwap_reversion::ENTRY,
        &crate::pairs_zscore::ENTRY,
        &crate::buy_and_hold::ENTRY,
    ];
    CATALOGUE
}

/// Returns the strategy of this name or label, in any case; `-`, `_` and spaces do not count.
pub fn find(name_or_label: &str) -> Option<&'static Entry> {
    let wanted = plain(name_or_label);
    catalogue()
        .iter()
        .copied()
        .find(|entry| plain(entry.name) == wanted || plain(entry.label) == wanted)
}

/// Describes a strategy's parameters as a JSON schema.
///
/// Each property carries its default, its bounds and, as `sweep`, what a sweep tries; `rule` is
/// what parameters must satisfy together, which JSON schema itself cannot say.
pub fn params_schema(entry: &Entry) -> Value {
    let properties: Map<String, Value> = entry
        .params
        .iter()
        .map(|spec| {
            let number = |value: f64| {
                if spec.integer { Value::from(value as i64) } else { Value::from(value) }
            };
            let property = json!({
                "type": if spec.integer { "integer" } else { "number" },
                "description": spec.description,
                "default": number(spec.default),
                "minimum": number(spec.min),
                "maximum": number(spec.max),
                "sweep": {
                    "from": number(spec.sweep.from),
                    "to": number(spec.sweep.to),
                    "step": number(spec.sweep.step),
                },
            });
            (spec.name.to_owned(), property)
        })
        .collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if let Some(rule) = entry.rule {
        schema["rule"] = Value::from(rule);
    }
    schema
}

/// Lower case without separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}
