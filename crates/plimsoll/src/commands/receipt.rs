//! Receipts on the command line: what was asked for, and how to ask for it again.

use std::path::Path;

use engine::Receipt;
use serde_json::Value;

use crate::error::CliError;

/// Flags that say where output goes and nothing about the result, and whether they take a value.
const SILENT: [(&str, bool); 9] = [
    ("--json", false),
    ("--quiet", false),
    ("-q", false),
    ("--receipt", true),
    ("--trades", true),
    ("--equity", true),
    ("--decisions", true),
    ("--config", true),
    ("--out", true),
];

/// The arguments of this process that shape its result.
pub fn request() -> Vec<String> {
    shaping(std::env::args().skip(1))
}

fn shaping(arguments: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let name = argument.split('=').next().unwrap_or_default();
        match SILENT.iter().find(|(flag, _)| *flag == name) {
            Some((_, takes_value)) => {
                if *takes_value && !argument.contains('=') {
                    arguments.next();
                }
            }
            None => kept.push(argument),
        }
    }
    kept
}

/// Reads a receipt, bare or inside the JSON of a report.
///
/// # Errors
/// [`CliError::Failed`] for a file that cannot be read or holds no receipt.
pub fn read(path: &Path) -> Result<Receipt, CliError> {
    let fault = |cause: &dyn std::fmt::Display| {
        CliError::Failed(format!("cannot read the receipt {}: {cause}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| fault(&error))?;
    let mut value: Value = serde_json::from_str(&text).map_err(|error| fault(&error))?;
    if let Some(inner) = value.get_mut("receipt") {
        value = inner.take();
    }
    serde_json::from_value(value).map_err(|error| fault(&error))
}

/// The arguments that a receipt was made with.
///
/// # Errors
/// [`CliError::Failed`] when the receipt has none.
pub fn arguments(receipt: &Receipt) -> Result<Vec<String>, CliError> {
    serde_json::from_value(receipt.request.clone())
        .map_err(|_| CliError::Failed("the receipt does not say what was asked for".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::shaping;

    #[test]
    fn only_what_shapes_the_result_is_kept() {
        let given = "backtest --json --strategy x --receipt r.json --trades=t.csv --ticker AAPL -q";
        let kept = shaping(given.split(' ').map(str::to_owned));
        assert_eq!(kept.join(" "), "backtest --strategy x --ticker AAPL");
    }
}
