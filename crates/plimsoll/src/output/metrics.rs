//! Metrics as people read them: each in its unit.

use quant::metrics::{METRIC_KEYS, Metrics};

use super::number::{UNDEFINED, count, percent, ratio};
use super::table::{Align, Table};

/// A metric's value in its unit: percent for returns and rates, whole numbers for counts, two
/// decimals for quotients, and a dash where it is undefined.
pub fn metric(key: &str, value: Option<f64>) -> String {
    let Some(value) = value else { return UNDEFINED.to_owned() };
    match key {
        "observations" | "max_drawdown_duration" | "trades" => count(value as u64),
        "total_return" | "cagr" | "annual_volatility" | "downside_deviation" | "max_drawdown"
        | "var_95" | "cvar_95" | "var_99" | "cvar_99" | "best" | "worst" | "win_rate"
        | "expectancy" | "alpha" | "tracking_error" | "ulcer_index" | "psr" | "deflated_sharpe"
        | "exposure" => percent(value),
        _ => ratio(value),
    }
}

/// A key as a label: words instead of underscores.
pub fn label(key: &str) -> String {
    key.replace('_', " ")
}

/// All metrics in two columns, in the order of reports down the left one first.
pub fn metrics_table(metrics: &Metrics) -> String {
    let cells: Vec<(String, String)> = METRIC_KEYS
        .iter()
        .map(|key| (label(key), metric(key, metrics.get(key).flatten())))
        .collect();
    let mut table = Table::new([
        ("metric", Align::Left),
        ("value", Align::Right),
        ("metric", Align::Left),
        ("value", Align::Right),
    ]);
    let rows = cells.len().div_ceil(2);
    for row in 0..rows {
        let (name, value) = cells[row].clone();
        let (other, its_value) = cells.get(rows + row).cloned().unwrap_or_default();
        table.row([name, value, other, its_value]);
    }
    table.render()
}

#[cfg(test)]
mod tests {
    use quant::metrics::{METRIC_KEYS, Metrics};

    use super::{label, metric, metrics_table};

    #[test]
    fn each_in_its_unit() {
        let cases = [
            ("observations", Some(756.0), "756"),
            ("total_return", Some(0.3112), "31.12 %"),
            ("max_drawdown", Some(-0.2876), "-28.76 %"),
            ("sharpe_ratio", Some(0.6254), "0.63"),
            ("sharpe_ratio", None, "-"),
        ];
        for (key, value, expected) in cases {
            assert_eq!(metric(key, value), expected, "{key}");
        }
    }

    #[test]
    fn the_table_has_every_metric_and_fits() {
        let text = metrics_table(&Metrics::of(&[0.01, -0.02, 0.03], None, 252.0, 0.0));
        for key in METRIC_KEYS {
            assert!(text.contains(&label(key)), "{key}\n{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
}
