//! Which parameter sets a sweep tries.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::params::{ParamError, Params};
use crate::strategy::Entry;

/// Values of each parameter, and the rule that a combination must satisfy.
#[derive(Clone, Debug)]
pub struct Grid {
    values: Vec<Vec<f64>>,
    /// How many rows apart two neighbouring values of each parameter are.
    strides: Vec<u64>,
    conditions: Vec<Condition>,
    rows: Rows,
}

/// Which combinations there are.
#[derive(Clone, Debug)]
enum Rows {
    /// All, in grid order: the first parameter changes slowest.
    All,
    /// These, drawn by chance.
    Drawn(Vec<u64>),
}

/// A comparison that a combination must satisfy, such as `fast<slow`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    left: Operand,
    comparison: Comparison,
    right: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operand {
    Param(usize),
    Number(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    NotEqual,
}

/// Why a grid was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GridError {
    /// A parameter or value the strategy does not take.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A condition that cannot be read.
    #[error("cannot read the condition '{0}' (write it like fast<slow, with < <= > >= !=)")]
    Condition(String),
    /// No combination satisfies the conditions.
    #[error("no combination of the grid satisfies its conditions")]
    Empty,
    /// More combinations than can be numbered.
    #[error("the grid has too many combinations")]
    TooLarge,
}

impl Grid {
    /// Every combination of the values given; parameters that are not named keep their default.
    ///
    /// # Errors
    /// [`GridError`] for an unknown parameter, a value out of bounds or a condition that cannot be
    /// read.
    pub fn new(
        entry: &'static Entry,
        axes: &[(String, Vec<f64>)],
        conditions: &[String],
    ) -> Result<Self, GridError> {
        let mut values: Vec<Vec<f64>> =
            entry.params.iter().map(|spec| vec![spec.default]).collect();
        for (name, axis) in axes {
            for value in axis {
                Params::parse(entry.name, entry.params, &[(name.clone(), *value)])?;
            }
            let index = entry.params.iter().position(|spec| spec.name == name);
            if let Some(slot) = index.and_then(|index| values.get_mut(index)) {
                slot.clone_from(axis);
            }
        }
        let mut conditions: Vec<Condition> = conditions
            .iter()
            .map(|text| {
                Condition::parse(text, entry).ok_or_else(|| GridError::Condition(text.clone()))
            })
            .collect::<Result<_, _>>()?;
        if let Some(rule) = entry.rule {
            conditions.extend(Condition::parse(rule, entry));
        }
        let size = values.iter().try_fold(1_u64, |size, axis| size.checked_mul(axis.len() as u64));
        if size.is_none_or(|size| size > 1 << 48) {
            return Err(GridError::TooLarge);
        }
        Ok(Self { strides: strides(&values), values, conditions, rows: Rows::All })
    }

    /// Cuts the grid into ranges of rows of about `most` each that [`Grid::box_of`] takes.
    pub(super) fn boxes(&self, most: u64) -> Vec<std::ops::Range<u64>> {
        let most = match &self.rows {
            Rows::All => most,
            // Drawn rows lie so far apart.
            Rows::Drawn(rows) => most.saturating_mul(self.size() / (rows.len() as u64).max(1)),
        };
        // The first parameter whose values hold few enough rows each, and so many of its values.
        let cuts = |&axis: &usize| self.values[axis].len() > 1 && self.strides[axis] <= most.max(1);
        let Some(axis) = (0..self.values.len()).find(cuts) else {
            return std::iter::once(0..self.size()).collect();
        };
        let (stride, length) = (self.strides[axis], self.values[axis].len() as u64);
        let step = (most.max(1) / stride).min(length) * stride;
        let slab = stride * length;
        (0..self.size())
            .step_by(usize::try_from(slab).unwrap_or(usize::MAX))
            .flat_map(|start| {
                let pieces = slab.div_ceil(step);
                (0..pieces).map(move |piece| {
                    let from = start + piece * step;
                    from..(from + step).min(start + slab)
                })
            })
            .collect()
    }

    /// The grid of the combinations in a range of rows, which are its rows from 0 on; `None` for a
    /// range that is no box: some parameters fixed, a run of values of the next, and all values of
    /// the others.
    pub(super) fn box_of(&self, rows: &std::ops::Range<u64>) -> Option<Self> {
        let count = rows.end.checked_sub(rows.start).filter(|&count| count > 0)?;
        let run_of = |axis: usize| {
            let stride = self.strides[axis];
            let even = count.is_multiple_of(stride) && rows.start.is_multiple_of(stride);
            let from = self.position(rows.start, axis);
            let run = from..from + usize::try_from(count / stride).ok()?;
            (even && !run.is_empty() && run.end <= self.values[axis].len()).then_some((axis, run))
        };
        if rows.end > self.size() {
            return None;
        }
        let mut values = self.values.clone();
        if let Some((axis, run)) = (0..values.len()).find_map(run_of) {
            values[axis] = values[axis][run].to_vec();
            for (param, axis_values) in values.iter_mut().enumerate().take(axis) {
                *axis_values = vec![axis_values[self.position(rows.start, param)]];
            }
        } else if !values.is_empty() {
            return None;
        }
        let kept = match &self.rows {
            Rows::All => Rows::All,
            Rows::Drawn(drawn) => {
                let inside = drawn.iter().filter(|row| rows.contains(row));
                Rows::Drawn(inside.map(|row| row - rows.start).collect())
            }
        };
        let conditions = self.conditions.clone();
        Some(Self { strides: strides(&values), values, conditions, rows: kept })
    }

    /// `count` different combinations of this grid, drawn by `seed`, in grid order.
    #[must_use]
    pub fn drawn(mut self, count: usize, seed: u64) -> Self {
        let size = self.size();
        if (count as u64) >= size {
            return self;
        }
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut chosen = std::collections::BTreeSet::new();
        // Combinations against the conditions are drawn again; the bound keeps a condition that
        // hardly anything satisfies from running on.
        for _ in 0..count.saturating_mul(200) {
            if chosen.len() == count {
                break;
            }
            // The upper half of the product is uniform below `size`.
            let row = ((u128::from(random.next_u64()) * u128::from(size)) >> 64) as u64;
            if self.holds(row) {
                chosen.insert(row);
            }
        }
        self.rows = Rows::Drawn(chosen.into_iter().collect());
        self
    }

    /// Values of each parameter.
    pub fn values(&self) -> &[Vec<f64>] {
        &self.values
    }

    /// The rows drawn, or `None` when all combinations are tried.
    pub fn drawn_rows(&self) -> Option<&[u64]> {
        match &self.rows {
            Rows::All => None,
            Rows::Drawn(rows) => Some(rows),
        }
    }

    /// How many combinations there are, conditions apart.
    pub fn size(&self) -> u64 {
        self.values.iter().map(|axis| axis.len() as u64).product()
    }

    /// Place of row `row`'s value of parameter `param` on its axis.
    pub fn position(&self, row: u64, param: usize) -> usize {
        ((row / self.strides[param]) % self.values[param].len() as u64) as usize
    }

    /// Parameters of row `row` in grid order.
    pub fn params(&self, row: u64) -> Vec<f64> {
        (0..self.values.len()).map(|param| self.values[param][self.position(row, param)]).collect()
    }

    /// Whether row `row` satisfies the conditions.
    pub fn holds(&self, row: u64) -> bool {
        let value = |param: usize| self.values[param][self.position(row, param)];
        self.conditions.iter().all(|condition| condition.holds(value))
    }

    /// Whether parameters satisfy the conditions.
    pub fn holds_for(&self, params: &[f64]) -> bool {
        self.conditions.iter().all(|condition| condition.holds(|param| params[param]))
    }
}

/// How many rows apart two neighbouring values of each parameter are.
fn strides(values: &[Vec<f64>]) -> Vec<u64> {
    let mut strides = vec![1; values.len()];
    for param in (1..values.len()).rev() {
        strides[param - 1] = strides[param] * values[param].len() as u64;
    }
    strides
}

impl Condition {
    fn parse(text: &str, entry: &Entry) -> Option<Self> {
        let symbols = [
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("!=", Comparison::NotEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let (symbol, comparison) = symbols.into_iter().find(|(symbol, _)| text.contains(symbol))?;
        let (left, right) = text.split_once(symbol)?;
        let operand = |text: &str| {
            let text = text.trim();
            let param = entry.params.iter().position(|spec| spec.name == text);
            param.map(Operand::Param).or_else(|| text.parse().ok().map(Operand::Number))
        };
        Some(Self { left: operand(left)?, comparison, right: operand(right)? })
    }

    fn holds(&self, param: impl Fn(usize) -> f64) -> bool {
        let value = |operand| match operand {
            Operand::Param(index) => param(index),
            Operand::Number(number) => number,
        };
        let (left, right): (f64, f64) = (value(self.left), value(self.right));
        match self.comparison {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::NotEqual => left != right,
        }
    }
}
