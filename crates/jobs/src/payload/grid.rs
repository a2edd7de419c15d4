//! The grid of a payload.

use std::collections::BTreeMap;

use engine::Range;
use serde::{Deserialize, Serialize};

use super::{Payload, bad};
use crate::lab::LabError;
use crate::lab::grid::GridRequest;

/// Most values that one parameter may take.
const MOST_VALUES: f64 = 1e6;

/// Values of parameters: by name, or as a list of named ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum GridPayload {
    /// `{"fast": {"from": 2, "to": 100, "step": 1}, "slow": [20, 50]}`
    ByName(BTreeMap<String, Axis>),
    /// `[{"param": "fast", "from": 2, "to": 100, "step": 1}, {"param": "slow", "values": [20, 50]}]`
    Listed(Vec<NamedAxis>),
}

/// Values of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Axis {
    /// From one value to another, both included.
    Span(Span),
    /// These.
    Values(Vec<f64>),
}

/// Values from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first.
    pub from: f64,
    /// The last.
    pub to: f64,
    /// How far two neighbours are apart.
    #[serde(default = "one")]
    pub step: f64,
}

/// A parameter and its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedAxis {
    /// The parameter.
    pub param: String,
    /// The first value.
    pub from: Option<f64>,
    /// The last value.
    pub to: Option<f64>,
    /// How far two neighbours are apart.
    pub step: Option<f64>,
    /// Or these values.
    pub values: Option<Vec<f64>>,
}

fn one() -> f64 {
    1.0
}

impl Payload {
    pub(super) fn grid_request(&self) -> Result<GridRequest, LabError> {
        let axes = self.axes()?.into_iter();
        let axes = axes.map(|(name, axis)| Ok((name.clone(), values(&name, &axis)?)));
        if self.random == Some(0) {
            return Err(bad("random must be 1 or above"));
        }
        Ok(GridRequest {
            axes: axes.collect::<Result<_, LabError>>()?,
            conditions: self.conditions.clone().unwrap_or_default(),
            random: self.random,
        })
    }

    /// The axes by name, in the order given.
    pub(super) fn axes(&self) -> Result<Vec<(String, Axis)>, LabError> {
        match &self.grid {
            None => Ok(Vec::new()),
            Some(GridPayload::ByName(axes)) => Ok(axes.clone().into_iter().collect()),
            Some(GridPayload::Listed(axes)) => axes.iter().map(NamedAxis::axis).collect(),
        }
    }
}

impl NamedAxis {
    fn axis(&self) -> Result<(String, Axis), LabError> {
        let axis = match self {
            Self { values: Some(values), from: None, to: None, step: None, .. } => {
                Axis::Values(values.clone())
            }
            Self { values: None, from: Some(from), to: Some(to), step, .. } => {
                Axis::Span(Span { from: *from, to: *to, step: step.unwrap_or(1.0) })
            }
            _ => {
                let fault = format!("grid: give {} values, or from, to and step", self.param);
                return Err(bad(fault));
            }
        };
        Ok((self.param.clone(), axis))
    }
}

fn values(name: &str, axis: &Axis) -> Result<Vec<f64>, LabError> {
    let values = match axis {
        Axis::Values(values) => values.clone(),
        Axis::Span(Span { from, to, step }) => {
            let sound = *step > 0.0 && (to - from) / step < MOST_VALUES;
            if !sound {
                return Err(bad(format!("grid: {name} needs a step above 0 and fewer values")));
            }
            Range { from: *from, to: *to, step: *step }.values()
        }
    };
    if values.is_empty() { Err(bad(format!("grid: {name} has no value"))) } else { Ok(values) }
}
