//! What faults of stored data and files mean for the exit code, and how they are told.

use ::data::{ImportError, LakeError, Refusals};
use jobs::lab::LabError;

use crate::error::CliError;
use crate::output::number::count;

/// Refused rows that are shown; all are counted.
const SHOWN: usize = 20;

impl From<LabError> for CliError {
    fn from(error: LabError) -> Self {
        match error {
            LabError::Lake(error) => lake_failure(error),
            LabError::Import(error) => import_failure(error),
            LabError::Stopped => Self::Stopped,
            LabError::Mixed(_) => Self::Usage(format!("{error} (--timeframe, --calendar)")),
            LabError::Refused { detail, .. } => Self::Usage(detail),
            error => Self::failed(error),
        }
    }
}

/// A fault of the lake: asking for what is not there is bad usage, everything else a failure.
pub fn lake_failure(error: LakeError) -> CliError {
    match error {
        LakeError::NotFound { .. }
        | LakeError::OutOfRange { .. }
        | LakeError::Name(_)
        | LakeError::Reserved(_)
        | LakeError::Format { .. } => CliError::usage(error),
        LakeError::Canceled => CliError::Stopped,
        error => CliError::failed(error),
    }
}

/// A fault of a file that was read or imported.
pub fn import_failure(error: ImportError) -> CliError {
    match error {
        ImportError::Lake(error) => lake_failure(error),
        ImportError::Canceled => CliError::Stopped,
        ImportError::Refused { refused, read } => CliError::Failed(format!(
            "{} of {} rows refused, nothing was taken\n{}",
            count(refused.total),
            count(read),
            refused_rows(&refused)
        )),
        error => CliError::failed(error),
    }
}

/// The first refused rows with their reasons, one a line, and how many more there are.
pub fn refused_rows(refused: &Refusals) -> String {
    let mut lines: Vec<String> =
        refused.rows.iter().take(SHOWN).map(|row| format!("  {row}")).collect();
    let left = refused.total - lines.len() as u64;
    if left > 0 {
        lines.push(format!("  and {} more", count(left)));
    }
    lines.join("\n")
}
