//! What the catalogue says of an indicator, and an indicator with its parameters chosen.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Columns, Row};

/// Longest period that is accepted: beyond the longest series anyone stores, and still a window
/// that fits into memory.
pub const MAX_PERIOD: usize = 10_000_000;

/// Largest factor that is accepted; bands a million deviations wide hold nothing back.
pub const MAX_FACTOR: f64 = 1e6;

/// A numeric parameter of an indicator. Its bounds exclude only what has no meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Param {
    /// Name in JSON and on the command line.
    pub name: &'static str,
    /// Value when none is given.
    pub default: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Whether only whole numbers are accepted.
    pub integer: bool,
    /// Words for the values 0, 1, …; empty for a parameter that is a number.
    pub choices: &'static [&'static str],
}

impl Param {
    /// Describes a number of bars, at least 1.
    pub const fn period(name: &'static str, default: u32) -> Param {
        Param::bars(name, default, 1)
    }

    /// Describes a number of bars, at least `min`.
    pub const fn bars(name: &'static str, default: u32, min: u32) -> Param {
        let (default, min, max) = (default as f64, min as f64, MAX_PERIOD as f64);
        Param { name, default, min, max, integer: true, choices: &[] }
    }

    /// Describes a factor that is not negative, such as the width of a band in deviations.
    pub const fn factor(name: &'static str, default: f64) -> Param {
        Param { name, default, min: 0.0, max: MAX_FACTOR, integer: false, choices: &[] }
    }

    /// Describes a choice of words, encoded as their positions; the first one is the default.
    pub const fn choice(name: &'static str, choices: &'static [&'static str]) -> Param {
        let max = choices.len().saturating_sub(1) as f64;
        Param { name, default: 0.0, min: 0.0, max, integer: true, choices }
    }

    /// Reads a value as a person writes it: a word of [`Param::choices`], or a number.
    pub fn parse(&self, text: &str) -> Option<f64> {
        let word = self.choices.iter().position(|choice| *choice == text);
        word.map(|position| position as f64).or_else(|| text.parse().ok())
    }

    fn check(&self, indicator: &'static str, value: f64) -> Result<u64, ParameterError> {
        let &Param { name, min, max, .. } = self;
        if !(min..=max).contains(&value) {
            return Err(ParameterError::OutOfRange { indicator, name, value, min, max });
        }
        if self.integer && value.fract() != 0.0 {
            return Err(ParameterError::NotInteger { indicator, name, value });
        }
        // Adding zero turns −0 into 0, so that equal values have equal bits.
        Ok((value + 0.0).to_bits())
    }
}

/// Why parameters were refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParameterError {
    /// The indicator has no parameter of this name.
    #[error("{indicator} has no parameter {name:?}")]
    Unknown {
        /// The indicator's name.
        indicator: &'static str,
        /// The name that was given.
        name: String,
    },
    /// Too many or too few values.
    #[error("{indicator} takes {expected} parameters, not {given}")]
    Count {
        /// The indicator's name.
        indicator: &'static str,
        /// How many it has.
        expected: usize,
        /// How many were given.
        given: usize,
    },
    /// The value is not a number or outside the bounds.
    #[error("{name} of {indicator} must be between {min} and {max}, not {value}")]
    OutOfRange {
        /// The indicator's name.
        indicator: &'static str,
        /// The parameter's name.
        name: &'static str,
        /// The value that was given.
        value: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// The value must be a whole number.
    #[error("{name} of {indicator} must be a whole number, not {value}")]
    NotInteger {
        /// The indicator's name.
        indicator: &'static str,
        /// The parameter's name.
        name: &'static str,
        /// The value that was given.
        value: f64,
    },
}

/// An indicator in its form for live use: one bar in, the values at that bar out.
pub trait Stream: Send {
    /// Takes the next bar and writes one value an output, NaN while there is none.
    ///
    /// # Panics
    /// When `out` is not as long as the indicator has outputs.
    fn update(&mut self, row: &Row, out: &mut [f64]);
}

/// A typed stream; every one of them is a [`Stream`].
pub(super) trait Step: Send {
    /// One value an output.
    type Values: AsRef<[f64]>;

    fn step(&mut self, row: &Row) -> Self::Values;
}

impl<T: Step> Stream for T {
    fn update(&mut self, row: &Row, out: &mut [f64]) {
        out.copy_from_slice(self.step(row).as_ref());
    }
}

/// An entry of the catalogue: an indicator before its parameters are chosen.
pub struct Definition {
    /// Name in JSON, on the command line and in strategies.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Parameters in the order in which [`Definition::with`] takes them.
    pub params: &'static [Param],
    /// Names of the outputs.
    pub outputs: &'static [&'static str],
    /// First bar with a value, before displacement, from parameters and output.
    pub(super) first_valid: fn(&[f64], usize) -> usize,
    /// Bars by which a chart moves an output, to the right if positive.
    pub(super) displacement: fn(&[f64], usize) -> isize,
    pub(super) compute: fn(&[f64], &Columns, &mut [&mut [f64]]),
    pub(super) stream: fn(&[f64]) -> Box<dyn Stream>,
}

impl Definition {
    /// Chooses parameters by position.
    ///
    /// # Errors
    /// [`ParameterError`] when there are too many or too few, or one is out of its bounds.
    pub fn with(&'static self, params: &[f64]) -> Result<Indicator, ParameterError> {
        let indicator = self.name;
        if params.len() != self.params.len() {
            let (expected, given) = (self.params.len(), params.len());
            return Err(ParameterError::Count { indicator, expected, given });
        }
        let bits =
            self.params.iter().zip(params).map(|(param, &value)| param.check(indicator, value));
        Ok(Indicator { definition: self, bits: bits.collect::<Result<_, _>>()? })
    }

    /// Chooses parameters by name; those not named keep their defaults.
    ///
    /// # Errors
    /// [`ParameterError`] when a name is unknown or a value out of its bounds.
    pub fn with_named(&'static self, named: &[(&str, f64)]) -> Result<Indicator, ParameterError> {
        let mut values: Vec<f64> = self.params.iter().map(|param| param.default).collect();
        for &(name, value) in named {
            let Some(position) = self.params.iter().position(|param| param.name == name) else {
                let name = name.to_owned();
                return Err(ParameterError::Unknown { indicator: self.name, name });
            };
            values[position] = value;
        }
        self.with(&values)
    }
}

// Names are unique in the catalogue, so they decide equality; function addresses could not.
impl PartialEq for Definition {
    fn eq(&self, other: &Definition) -> bool {
        self.name == other.name
    }
}

impl Eq for Definition {}

impl Hash for Definition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// An indicator with valid parameters; equal ones give equal values, so it can key a cache.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Indicator {
    definition: &'static Definition,
    /// Parameters as the bits of doubles, which are comparable and hashable.
    bits: Box<[u64]>,
}

impl Indicator {
    /// Returns the catalogue's entry.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Returns the name in the catalogue.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// Returns the parameters in the order of [`Definition::params`].
    pub fn params(&self) -> Vec<f64> {
        self.bits.iter().map(|&bits| f64::from_bits(bits)).collect()
    }

    /// Returns the names of the outputs.
    pub fn outputs(&self) -> &'static [&'static str] {
        self.definition.outputs
    }

    /// Returns the first bar at which a stream has given every output.
    ///
    /// A series that is not longer has no bar with all values. Values may still be undefined
    /// later where the definition says so (a VWAP without volume).
    pub fn first_valid(&self) -> usize {
        let params = self.params();
        let first_valid = |output| (self.definition.first_valid)(&params, output);
        (0..self.outputs().len()).map(first_valid).max().unwrap_or(0)
    }

    /// Returns the first index with a value in the batch form of `output`.
    pub fn first_valid_of(&self, output: usize) -> usize {
        let first = (self.definition.first_valid)(&self.params(), output);
        first.saturating_add_signed(self.displacement(output))
    }

    /// Returns by how many bars the batch form displaces `output`, to the right if positive.
    ///
    /// 0 for all but the senkou and chikou lines of ichimoku: what the stream gives at bar `i`
    /// stands at `i + displacement` of the batch form.
    pub fn displacement(&self, output: usize) -> isize {
        (self.definition.displacement)(&self.params(), output)
    }

    /// Returns the length of the batch form of `output` over `bars` bars: `bars`, and more if
    /// the output is displaced to the right.
    pub fn output_len(&self, output: usize, bars: usize) -> usize {
        bars.saturating_add_signed(self.displacement(output).max(0))
    }

    /// Computes all outputs over a whole series, NaN where there is no value.
    ///
    /// # Panics
    /// When columns that the indicator reads differ in length.
    pub fn compute(&self, columns: &Columns) -> Vec<Vec<f64>> {
        let bars = columns.len();
        let mut outputs: Vec<Vec<f64>> = (0..self.outputs().len())
            // Zeros, for they cost no pass over fresh memory; every element is written.
            .map(|output| vec![0.0; self.output_len(output, bars)])
            .collect();
        let mut slices: Vec<&mut [f64]> = outputs.iter_mut().map(Vec::as_mut_slice).collect();
        self.compute_into(columns, &mut slices);
        outputs
    }

    /// Computes all outputs into the caller's slices, whose lengths are those of
    /// [`Indicator::output_len`]; every element is written.
    ///
    /// # Panics
    /// When the slices are not one an output and of these lengths, or when columns that the
    /// indicator reads differ in length.
    pub fn compute_into(&self, columns: &Columns, outputs: &mut [&mut [f64]]) {
        assert_eq!(outputs.len(), self.outputs().len(), "one slice an output");
        (self.definition.compute)(&self.params(), columns, outputs);
    }

    /// Starts the form for live use; it agrees with the batch form bit for bit.
    pub fn stream(&self) -> Box<dyn Stream> {
        (self.definition.stream)(&self.params())
    }
}

impl fmt::Debug for Indicator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = formatter.debug_tuple(self.name());
        self.params().iter().for_each(|value| {
            call.field(value);
        });
        call.finish()
    }
}

/// The displacement of indicators that are drawn where they are computed.
pub(super) fn in_place(_: &[f64], _: usize) -> isize {
    0
}

/// Reads a parameter that is a number of bars.
pub(super) fn bars(params: &[f64], position: usize) -> usize {
    // In bounds and whole: `Param::check` saw to it.
    params[position] as usize
}

/// Gives the slices of a definition with `N` outputs.
///
/// # Panics
/// When there are not `N` of them; `Indicator::compute_into` checks it first.
pub(super) fn slices<'a, const N: usize>(outputs: &'a mut [&mut [f64]]) -> [&'a mut [f64]; N] {
    assert_eq!(outputs.len(), N, "one slice an output");
    let mut outputs = outputs.iter_mut();
    std::array::from_fn(|_| outputs.next().map_or(&mut [][..], |slice| &mut **slice))
}

/// Fills `N` slices bar by bar with what `values` gives.
///
/// # Panics
/// When a slice is not `bars` long.
#[inline(always)]
pub(super) fn fill<const N: usize>(
    bars: usize,
    mut outputs: [&mut [f64]; N],
    mut values: impl FnMut(usize) -> [f64; N],
) {
    for output in &outputs {
        assert_eq!(output.len(), bars, "an output has one value a bar");
    }
    for i in 0..bars {
        for (output, value) in outputs.iter_mut().zip(values(i)) {
            output[i] = value;
        }
    }
}
