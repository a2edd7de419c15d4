//! The gate that every row passes, whatever file it comes from.

use std::sync::Arc;

use market::{Bar, BarSeries, Micros};

use crate::error::ImportError;
use crate::refusal::{Fault, Refusals};
use market::check_bar;

/// Takes rows that are valid and follow one another, and notes the others.
#[derive(Debug)]
pub(crate) struct Intake {
    previous: Option<Micros>,
    rows: u64,
    refused: Refusals,
}

impl Intake {
    /// An intake for `file`, the name that messages use.
    pub(crate) fn new(file: &str) -> Self {
        Self { previous: None, rows: 0, refused: Refusals::of(Arc::from(file)) }
    }

    /// Appends a bar that is valid and follows the one before; notes any other under its line.
    #[inline(always)]
    pub(crate) fn take(&mut self, line: u64, row: Result<Bar, Fault>, into: &mut BarSeries) {
        self.rows += 1;
        let checked = row.and_then(|bar| {
            check_bar(&bar, self.previous)?;
            Ok(bar)
        });
        match checked {
            Ok(bar) => {
                self.previous = Some(bar.ts);
                into.push(bar);
            }
            Err(fault) => self.refused.push(line, fault),
        }
    }

    /// Rows seen, refused ones included.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn refused(&self) -> &Refusals {
        &self.refused
    }

    pub(crate) fn file(&self) -> Arc<str> {
        Arc::clone(self.refused.file())
    }

    /// Decides about the whole file: its refused rows when the others may be taken.
    pub(crate) fn finish(self, skip_bad: bool) -> Result<Refusals, ImportError> {
        let Self { rows, refused, .. } = self;
        let file = || refused.file().to_string();
        if rows == 0 {
            return Err(ImportError::NoRows { file: file() });
        }
        let taken = rows - refused.total;
        if taken == 1 && refused.only_backwards() {
            return Err(ImportError::Reversed { file: file() });
        }
        if taken == 0 || !(skip_bad || refused.is_empty()) {
            return Err(ImportError::Refused { refused: Box::new(refused), read: rows });
        }
        Ok(refused)
    }
}
