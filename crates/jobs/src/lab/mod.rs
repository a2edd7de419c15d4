//! The lab: what is asked for is loaded, tested and judged here, whoever asks.
//!
//! Each kind of test is a module with its request, its report and the work between them. Reports
//! are what programs read; what is for people's eyes alone is made where it is shown.

pub mod backtest;
pub mod costs;
pub mod evaluation;
pub mod grid;
pub mod prices;
pub mod receipt;
pub mod search;
pub mod source;
pub mod sweep;
pub mod walk_forward;

mod error;
mod number;
mod workbench;

use engine::{Entry, ParamError, Params};

pub use error::LabError;
pub use number::grouped;
pub use workbench::{COLUMN_BYTES, Course, Workbench};

use crate::nearest::hint;

/// Finds a strategy by its name or label, in any case.
///
/// # Errors
/// [`LabError::Refused`] with the nearest names.
pub fn find_strategy(name: &str) -> Result<&'static Entry, LabError> {
    strategies::find(name).ok_or_else(|| {
        let known = strategies::catalogue().iter().map(|entry| entry.name);
        let fault = format!("unknown strategy '{name}'{}", hint(name, known));
        LabError::refused("unknown_strategy", fault)
    })
}

/// Reads the parameters of a strategy.
///
/// # Errors
/// [`LabError::Refused`] for an unknown name, a value out of range, or a contradiction.
pub fn parse_params(entry: &'static Entry, given: &[(String, f64)]) -> Result<Params, LabError> {
    entry.parse(given).map_err(param_failure)
}

/// A refused parameter, with the nearest names for an unknown one.
fn param_failure(error: ParamError) -> LabError {
    let fault = match &error {
        ParamError::Unknown { strategy, name, known } => {
            format!("{strategy} has no parameter '{name}'{}", hint(name, known.iter().copied()))
        }
        _ => error.to_string(),
    };
    LabError::refused("bad_parameter", fault)
}

/// Refuses a metric that does not exist.
///
/// # Errors
/// [`LabError::Refused`] with the nearest names.
pub fn check_metric(name: &str) -> Result<(), LabError> {
    if quant::metrics::METRIC_KEYS.contains(&name) {
        return Ok(());
    }
    let known = quant::metrics::METRIC_KEYS.iter().copied();
    let fault = format!("unknown metric '{name}'{}", hint(name, known));
    Err(LabError::refused("unknown_metric", fault))
}

/// Refuses daily bars for a strategy that needs several a session.
fn check_timeframe(entry: &Entry, history: &engine::History) -> Result<(), LabError> {
    if entry.intraday_only && !history.timeframe.is_intraday() {
        let fault = format!(
            "{} needs several bars a session; these are {} bars",
            entry.name, history.timeframe
        );
        return Err(LabError::refused("wrong_timeframe", fault));
    }
    Ok(())
}

/// Why a strategy could not be run.
fn strategy_failure(error: engine::StrategyError) -> LabError {
    match error {
        engine::StrategyError::Param(error) => param_failure(error),
        engine::StrategyError::Run(engine::RunError::Stopped) => LabError::Stopped,
        error => LabError::refused("not_testable", error),
    }
}
