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

    /// Appends a row that is a valid bar and follows the one before; notes any other under its line.
    pub(crate) fn take(&mut self, line: u64, row: Result<Bar, Fault>, into: &mut BarSeries) {
        match row {
            Ok(bar) => self.take_bar(line, bar, into),
            Err(fault) => {
                self.rows += 1;
                self.refused.push(line, fault);
            }
        }
    }

    /// As [`Intake::take`], for a row that could be read.
    #[inline(always)]
    pub(crate) fn take_bar(&mut self, line: u64, bar: Bar, into: &mut BarSeries) {
        self.rows += 1;
        if plainly_valid(bar, self.previous) || self.is_valid(line, bar) {
            self.previous = Some(bar.ts);
            // As `BarSeries::push`, which would be a call into another crate.
            into.ts.push(bar.ts);
            into.open.push(bar.open);
            into.high.push(bar.high);
            into.low.push(bar.low);
            into.close.push(bar.close);
            into.volume.push(bar.volume);
        }
    }

    /// Judges a bar by the rules, and notes why it is not valid.
    #[cold]
    #[inline(never)]
    fn is_valid(&mut self, line: u64, bar: Bar) -> bool {
        match check_bar(&bar, self.previous) {
            Ok(()) => true,
            Err(fault) => {
                self.refused.push(line, fault.into());
                false
            }
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

/// Whether a bar is so sound that no rule can object to it; any other is judged by [`check_bar`].
///
/// Comparisons with NaN are false, so every price and the volume is finite where this is true.
#[inline(always)]
fn plainly_valid(bar: Bar, previous: Option<Micros>) -> bool {
    let Bar { ts, open, high, low, close, volume } = bar;
    let prices = low > 0.0 && low <= open && low <= close && open <= high && close <= high;
    // Bits below those of infinity are those of zero and the positive finite numbers.
    let finite = high <= f64::MAX && volume.to_bits() < f64::INFINITY.to_bits();
    prices & finite && previous.is_none_or(|previous| ts > previous)
}
