//! The port through which limits judge orders.
//!
//! A backtest has no gate unless limits are given: [`AllowAll`] is the default, and the risk gate
//! joins here when the top of the house hands it in.

use crate::order::Intent;
use crate::portfolio::Portfolio;

/// Judges orders before they reach the venue.
pub trait Gate {
    /// Whether the order may be sent.
    fn allows(&mut self, intent: &Intent, portfolio: &Portfolio) -> bool;
}

/// Lets every order pass.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowAll;

impl Gate for AllowAll {
    fn allows(&mut self, _intent: &Intent, _portfolio: &Portfolio) -> bool {
        true
    }
}

impl<G: Gate + ?Sized> Gate for &mut G {
    fn allows(&mut self, intent: &Intent, portfolio: &Portfolio) -> bool {
        (**self).allows(intent, portfolio)
    }
}
