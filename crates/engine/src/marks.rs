//! The account valued at each close.

use crate::backtest::Run;
use crate::portfolio::Holding;

/// What the marks at the closes add up to.
pub(crate) struct Marks {
    equity: Vec<f64>,
    invested: usize,
    exposure: f64,
}

impl Marks {
    /// No mark yet; `equity` is an empty list with room for them.
    pub(crate) fn new(equity: Vec<f64>) -> Self {
        Self { equity, invested: 0, exposure: 0.0 }
    }

    /// Takes equity and gross at a close; whether nothing is left.
    #[inline(always)]
    pub(crate) fn add(&mut self, (equity, gross): (f64, f64)) -> bool {
        if gross != 0.0 {
            self.invested += 1;
            self.exposure += gross / equity;
        }
        self.equity.push(equity);
        equity <= 0.0
    }

    /// Takes the closes of bars on which the holding stays the same.
    pub(crate) fn extend(&mut self, holding: Holding, closes: &[f64]) {
        if holding.units == 0.0 {
            self.equity.resize(self.equity.len() + closes.len(), holding.equity(0.0));
            return;
        }
        self.invested += closes.len();
        self.equity.extend(closes.iter().map(|&close| holding.equity(close)));
        for &close in closes {
            self.exposure += holding.gross(close) / holding.equity(close);
        }
    }

    pub(crate) fn into_run(self, run: &mut Run) {
        run.equity = self.equity;
        run.bars_in_market = self.invested;
        run.gross_exposure = self.exposure;
    }
}
