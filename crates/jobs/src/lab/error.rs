//! Why a test gave no result.

use std::fmt::Display;

use data::{ImportError, LakeError};

/// What went wrong, cut by what the caller does next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// What was asked for makes no sense, and never will.
    #[error("{detail}")]
    Refused {
        /// A stable word for programs.
        code: &'static str,
        /// What is wrong, for the one who asked.
        detail: String,
    },
    /// Series of one test differ in timeframe or calendar.
    #[error("{0}: one test takes one timeframe and one calendar")]
    Mixed(String),
    /// What was asked for makes sense, and what there is does not suffice for it.
    #[error("{detail}")]
    Failed {
        /// A stable word for programs.
        code: &'static str,
        /// What is wrong, for the one who asked.
        detail: String,
    },
    /// Stored bars that are not there, or cannot be read.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A file of bars that cannot be read.
    #[error(transparent)]
    Import(ImportError),
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

impl LabError {
    /// A request that makes no sense, in the words of `cause`.
    pub fn refused(code: &'static str, cause: impl Display) -> Self {
        Self::Refused { code, detail: cause.to_string() }
    }

    /// Something that does not suffice, in the words of `cause`.
    pub fn failed(code: &'static str, cause: impl Display) -> Self {
        Self::Failed { code, detail: cause.to_string() }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } | Self::Failed { code, .. } => code,
            Self::Mixed(_) => "mixed_series",
            Self::Lake(error) => lake_code(error),
            Self::Import(ImportError::Lake(error)) => lake_code(error),
            Self::Import(_) => "unreadable_file",
            Self::Stopped => "stopped",
        }
    }

    /// Whether the same request may succeed later: a disk that does not answer may come back.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Lake(error) | Self::Import(ImportError::Lake(error)) => {
                matches!(error, LakeError::Unreadable { .. } | LakeError::Busy { .. })
            }
            Self::Import(error) => matches!(error, ImportError::Unreadable { .. }),
            Self::Refused { .. } | Self::Mixed(_) | Self::Failed { .. } | Self::Stopped => false,
        }
    }
}

impl From<ImportError> for LabError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Canceled => Self::Stopped,
            error => Self::Import(error),
        }
    }
}

fn lake_code(error: &LakeError) -> &'static str {
    match error {
        LakeError::NotFound { .. } => "no_such_series",
        LakeError::OutOfRange { .. } => "no_bars_in_range",
        LakeError::Name(_) => "bad_name",
        LakeError::Damaged { .. } => "damaged_series",
        LakeError::Canceled => "stopped",
        _ => "lake_unavailable",
    }
}
