//! Receipts: what a result was made of, and whether making it again gives the same.

use engine::Receipt;
use serde::Serialize;

use super::LabError;

/// Hash of a result, its receipt apart.
///
/// # Errors
/// [`LabError::Failed`] when the result cannot be written as JSON.
pub fn result_hash<T: Serialize>(result: &T) -> Result<String, LabError> {
    let json = serde_json::to_vec(result).map_err(|fault| LabError::failed("no_json", fault))?;
    Ok(blake3::hash(&json).to_hex().to_string())
}

/// A report with its receipt, as programs read it.
#[derive(Clone, Debug, Serialize)]
pub struct WithReceipt<'a, R> {
    /// The report.
    #[serde(flatten)]
    pub report: &'a R,
    /// What it was made of.
    pub receipt: &'a Receipt,
}

/// Compares a receipt with the one of a new run.
///
/// # Errors
/// [`LabError::Failed`] naming everything that differs.
pub fn compare(old: &Receipt, new: &Receipt) -> Result<(), LabError> {
    let mut differences = Vec::new();
    for (then, now) in old.data.iter().zip(&new.data) {
        if then.hash != now.hash {
            differences.push(format!("the data of {} changed", then.symbol));
        }
    }
    if old.data.len() != new.data.len() {
        differences.push("there are other instruments".to_owned());
    }
    if old.engine != new.engine {
        let short = |hash: &str| hash.chars().take(12).collect::<String>();
        differences.push(format!(
            "the engine changed ({} then, {} now)",
            short(&old.engine),
            short(&new.engine)
        ));
    }
    if (&old.strategy, &old.params) != (&new.strategy, &new.params) {
        differences.push("the strategy or its parameters changed".to_owned());
    }
    if old.setup != new.setup {
        differences.push("the costs or rules changed".to_owned());
    }
    if old.result == new.result {
        return Ok(());
    }
    if differences.is_empty() {
        differences.push("everything it names is the same".to_owned());
    }
    let fault = format!("the result differs from the receipt's: {}", differences.join("; "));
    Err(LabError::failed("not_reproduced", fault))
}
