//! Which parameter sets are tried.

use engine::Entry;
use engine::sweep::{Grid, GridError};

use super::{LabError, param_failure};

/// Which parameter sets are tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GridRequest {
    /// Values of parameters; without any, every parameter's own range.
    pub axes: Vec<(String, Vec<f64>)>,
    /// What combinations must satisfy, such as `fast<slow`.
    pub conditions: Vec<String>,
    /// Tries so many combinations drawn by chance instead of all.
    pub random: Option<usize>,
}

impl GridRequest {
    /// The grid for a strategy.
    ///
    /// # Errors
    /// [`LabError::Refused`] for an unknown parameter, values out of range, or conditions that
    /// nothing satisfies.
    pub fn build(&self, entry: &'static Entry, seed: u64) -> Result<Grid, LabError> {
        let grid = if self.axes.is_empty() {
            let own = |spec: &engine::ParamSpec| (spec.name.to_owned(), spec.sweep.values());
            let axes: Vec<_> = entry.params.iter().map(own).collect();
            Grid::new(entry, &axes, &self.conditions)
        } else {
            Grid::new(entry, &self.axes, &self.conditions)
        };
        let grid = grid.map_err(grid_failure)?;
        let grid = match self.random {
            Some(count) => grid.drawn(count, seed),
            None => grid,
        };
        let empty = match grid.drawn_rows() {
            Some(rows) => rows.is_empty(),
            None => !(0..grid.size()).any(|row| grid.holds(row)),
        };
        if empty { Err(grid_failure(GridError::Empty)) } else { Ok(grid) }
    }
}

fn grid_failure(error: GridError) -> LabError {
    match error {
        GridError::Param(error) => param_failure(error),
        error => LabError::refused("bad_grid", error),
    }
}
