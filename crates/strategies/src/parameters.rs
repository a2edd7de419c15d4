//! The kinds of parameter that strategies take, with the bounds that go with the kind.
//!
//! Bounds exclude only what has no meaning; what is worth trying is the sweep's range.

use engine::{ParamSpec, Range};
use quant::indicators::MAX_PERIOD;

/// Largest factor: nobody needs a band of more deviations, and its products stay finite.
const MAX_FACTOR: f64 = 1e6;

/// Values that a sweep tries, both ends included.
pub(crate) const fn sweep(from: f64, to: f64, step: f64) -> Range {
    Range { from, to, step }
}

/// A window of at least one bar.
pub(crate) const fn period(
    name: &'static str,
    description: &'static str,
    default: f64,
    sweep: Range,
) -> ParamSpec {
    bars(name, description, 1.0, default, sweep)
}

/// A number of bars, at least `min`.
pub(crate) const fn bars(
    name: &'static str,
    description: &'static str,
    min: f64,
    default: f64,
    sweep: Range,
) -> ParamSpec {
    let max = MAX_PERIOD as f64;
    ParamSpec { name, description, default, min, max, integer: true, sweep }
}

/// A level of an indicator that runs from 0 to 100.
pub(crate) const fn level(
    name: &'static str,
    description: &'static str,
    default: f64,
    sweep: Range,
) -> ParamSpec {
    ParamSpec { name, description, default, min: 0.0, max: 100.0, integer: false, sweep }
}

/// A multiple or distance that is not negative.
pub(crate) const fn factor(
    name: &'static str,
    description: &'static str,
    default: f64,
    sweep: Range,
) -> ParamSpec {
    ParamSpec { name, description, default, min: 0.0, max: MAX_FACTOR, integer: false, sweep }
}
