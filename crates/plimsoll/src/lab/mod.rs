//! What the testing commands share: costs, the prices of a run, receipts, and reports for people.

pub mod costs;
pub mod grid;
pub mod prices;
pub mod receipt;
pub mod search;
pub mod text;
pub mod verdict;
pub mod watch;

use engine::{Entry, ParamError, Params};

use crate::commands::arguments::ParamArg;
use crate::error::CliError;
use crate::nearest::hint;

/// Finds a strategy by its name or label, in any case.
///
/// # Errors
/// [`CliError::Usage`] with the nearest names.
pub fn find_strategy(name: &str) -> Result<&'static Entry, CliError> {
    strategies::find(name).ok_or_else(|| {
        let known = strategies::catalogue().iter().map(|entry| entry.name);
        CliError::Usage(format!("unknown strategy '{name}'{}", hint(name, known)))
    })
}

/// Reads the parameters of a strategy.
///
/// # Errors
/// [`CliError::Usage`] for an unknown name, a value out of range, or a contradiction.
pub fn parse_params(entry: &'static Entry, given: &[ParamArg]) -> Result<Params, CliError> {
    let given = given
        .iter()
        .map(|param| Ok((param.name.clone(), param.number()?)))
        .collect::<Result<Vec<_>, CliError>>()?;
    entry.parse(&given).map_err(param_failure)
}

/// A refused parameter, with the nearest names for an unknown one.
pub fn param_failure(error: ParamError) -> CliError {
    match &error {
        ParamError::Unknown { strategy, name, known } => CliError::Usage(format!(
            "{strategy} has no parameter '{name}'{}",
            hint(name, known.iter().copied())
        )),
        _ => CliError::usage(error),
    }
}

/// Refuses a metric that does not exist.
///
/// # Errors
/// [`CliError::Usage`] with the nearest names.
pub fn check_metric(name: &str) -> Result<(), CliError> {
    if quant::metrics::METRIC_KEYS.contains(&name) {
        return Ok(());
    }
    let known = quant::metrics::METRIC_KEYS.iter().copied();
    Err(CliError::Usage(format!("unknown metric '{name}'{}", hint(name, known))))
}

/// What a strategy that could not be run means for the exit code.
pub fn strategy_failure(error: engine::StrategyError) -> CliError {
    match error {
        engine::StrategyError::Param(error) => param_failure(error),
        engine::StrategyError::Run(engine::RunError::Stopped) => CliError::Stopped,
        error => CliError::usage(error),
    }
}
