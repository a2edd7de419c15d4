//! Money, costs and rules of a payload.

use engine::FillAt;

use super::{Fill, Payload, bad};
use crate::lab::LabError;
use crate::lab::costs::Costs;

impl Payload {
    /// The costs, with the command line's own where nothing is said.
    pub(super) fn costs(&self) -> Result<Costs, LabError> {
        let usual = Costs::default();
        let of = |field: &str, value: Option<f64>, usual: f64| match value {
            Some(value) if !value.is_finite() || value < 0.0 => {
                Err(bad(format!("{field} must be 0 or above")))
            }
            value => Ok(value.unwrap_or(usual)),
        };
        let cash = self.cash.unwrap_or(usual.cash);
        if !cash.is_finite() || cash <= 0.0 {
            return Err(bad("cash must be above 0"));
        }
        if self.fee_bps.is_some() && self.commission.is_some() {
            return Err(bad("give fee_bps or commission, not both"));
        }
        let fraction = self.sizing.map_or(usual.fraction, |sizing| sizing.fraction);
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(bad("sizing.fraction must be above 0 and at most 1"));
        }
        Ok(Costs {
            cash,
            fee_bps: of("fee_bps", self.fee_bps, usual.fee_bps)?,
            commission: self.commission.clone(),
            slippage_bps: of("slippage_bps", self.slippage_bps, usual.slippage_bps)?,
            fill_at: match self.fill {
                None | Some(Fill::NextOpen) => FillAt::NextOpen,
                Some(Fill::Close) => FillAt::Close,
            },
            allow_short: self.allow_short.unwrap_or_default(),
            fraction,
            ..usual
        })
    }
}
