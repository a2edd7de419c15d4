//! Parameters of strategies: what there is, within which bounds, and what a sweep tries.

use serde::Serialize;

/// One parameter of a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ParamSpec {
    /// The name on the command line and in JSON.
    pub name: &'static str,
    /// What it is, in a few words with its unit.
    pub description: &'static str,
    /// What runs when nothing is said.
    pub default: f64,
    /// Lowest value that has a meaning.
    pub min: f64,
    /// Highest value that has a meaning.
    pub max: f64,
    /// Whether only whole numbers have a meaning.
    pub integer: bool,
    /// What a sweep tries when nothing is said.
    pub sweep: Range,
}

/// `from`, `from + step`, … up to and including `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Range {
    /// First value.
    pub from: f64,
    /// Last value, included when a whole number of steps reaches it.
    pub to: f64,
    /// Distance of two values, above zero.
    pub step: f64,
}

/// Values of all parameters of a strategy, in the order of its specifications.
#[derive(Clone, Debug, PartialEq)]
pub struct Params(Vec<f64>);

/// Why parameters were refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParamError {
    /// The strategy has no parameter of that name.
    #[error("{strategy} has no parameter '{name}' (it has: {})", known.join(", "))]
    Unknown {
        /// The strategy.
        strategy: &'static str,
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<&'static str>,
    },
    /// The value lies outside the bounds.
    #[error("{name} = {value} is out of range ({min} to {max})")]
    OutOfRange {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
        /// Lowest value allowed.
        min: f64,
        /// Highest value allowed.
        max: f64,
    },
    /// The parameter takes whole numbers.
    #[error("{name} = {value} is not a whole number")]
    NotInteger {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
    },
    /// Two parameters contradict each other.
    #[error("{strategy} needs {rule}")]
    Contradiction {
        /// The strategy.
        strategy: &'static str,
        /// What must hold, such as `fast < slow`.
        rule: &'static str,
    },
}

impl ParamSpec {
    /// Checks one value against the bounds.
    ///
    /// # Errors
    /// [`ParamError::OutOfRange`] or [`ParamError::NotInteger`].
    pub fn check(&self, value: f64) -> Result<(), ParamError> {
        if !(value >= self.min && value <= self.max) {
            let (name, min, max) = (self.name, self.min, self.max);
            return Err(ParamError::OutOfRange { name, value, min, max });
        }
        if self.integer && value.fract() != 0.0 {
            return Err(ParamError::NotInteger { name: self.name, value });
        }
        Ok(())
    }
}

impl Range {
    /// The values, both ends included; a step that does not divide the range ends below `to`.
    pub fn values(&self) -> Vec<f64> {
        let count = ((self.to - self.from) / self.step + 1e-9).floor();
        if count.is_nan() || count < 0.0 {
            return Vec::new();
        }
        // Multiples rather than sums, and rounded, so that 0.1 + 0.2 reads 0.3.
        (0..=count as usize).map(|k| tidy(self.from + k as f64 * self.step)).collect()
    }
}

impl Params {
    /// The defaults of `specs`.
    pub fn defaults(specs: &[ParamSpec]) -> Self {
        Self(specs.iter().map(|spec| spec.default).collect())
    }

    /// Values in the order of the specifications, unchecked.
    pub fn from_values(values: Vec<f64>) -> Self {
        Self(values)
    }

    /// The defaults of `specs`, changed by `given`, each checked against its bounds.
    ///
    /// # Errors
    /// [`ParamError`] for an unknown name or a value out of bounds.
    pub fn parse(
        strategy: &'static str,
        specs: &'static [ParamSpec],
        given: &[(String, f64)],
    ) -> Result<Self, ParamError> {
        let mut params = Self::defaults(specs);
        for (name, value) in given {
            let index = specs.iter().position(|spec| spec.name == name).ok_or_else(|| {
                let known = specs.iter().map(|spec| spec.name).collect();
                ParamError::Unknown { strategy, name: name.clone(), known }
            })?;
            specs[index].check(*value)?;
            params.0[index] = *value;
        }
        Ok(params)
    }

    /// The values in the order of the specifications.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// Parameter `index` as the whole number that its specification promises.
    pub fn whole(&self, index: usize) -> usize {
        self.0[index] as usize
    }
}

/// Rounds away the noise of `from + k·step` (12 significant decimals are more than any grid has).
fn tidy(value: f64) -> f64 {
    (value * 1e9).round() / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_include_both_ends() {
        let cases = [
            ((2.0, 100.0, 1.0), 99, 2.0, 100.0),
            ((0.1, 0.3, 0.1), 3, 0.1, 0.3),
            ((1.0, 2.0, 0.3), 4, 1.0, 1.9),
            ((5.0, 5.0, 1.0), 1, 5.0, 5.0),
        ];
        for ((from, to, step), count, first, last) in cases {
            let values = Range { from, to, step }.values();
            assert_eq!((values.len(), values[0], values[count - 1]), (count, first, last));
        }
        assert!(Range { from: 2.0, to: 1.0, step: 1.0 }.values().is_empty());
    }
}
