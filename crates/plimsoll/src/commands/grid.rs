//! Which parameter sets are tried, from the command line.

use clap::Args;
use engine::Range;
use jobs::lab::grid::GridRequest;

use super::arguments::{ParamArg, counted};
use crate::error::CliError;

/// Most values that one parameter may take.
const MOST_VALUES: usize = 1_000_000;

/// Which parameter sets are tried.
#[derive(Clone, Debug, Default, Args)]
pub struct GridArgs {
    /// Values of a parameter: `fast=2:100:1` (both ends included), `fast=5,10,20` or `fast=10`;
    /// may be repeated [default: every parameter's own range, see `plimsoll strategies`]
    #[arg(long, value_name = "PARAM=VALUES", help_heading = "Grid")]
    pub grid: Vec<ParamArg>,
    /// What combinations must satisfy, such as 'fast<slow'; may be repeated
    #[arg(long = "where", value_name = "CONDITION", help_heading = "Grid")]
    pub conditions: Vec<String>,
    /// Try so many combinations drawn by chance instead of all
    #[arg(long, value_name = "N", value_parser = counted::<usize>, help_heading = "Grid")]
    pub random: Option<usize>,
}

impl GridArgs {
    /// The grid as the lab is asked for it.
    ///
    /// # Errors
    /// [`CliError::Usage`] for values that cannot be read.
    pub fn request(&self) -> Result<GridRequest, CliError> {
        let axes = self.grid.iter().map(|axis| Ok((axis.name.clone(), values(axis)?)));
        Ok(GridRequest {
            axes: axes.collect::<Result<_, CliError>>()?,
            conditions: self.conditions.clone(),
            random: self.random,
        })
    }
}

fn values(axis: &ParamArg) -> Result<Vec<f64>, CliError> {
    let ParamArg { name, value } = axis;
    let fault = || {
        CliError::Usage(format!(
            "cannot read --grid {name}={value} (write {name}=FROM:TO:STEP or {name}=A,B,C)"
        ))
    };
    let number = |text: &str| {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(fault)
    };
    let parts: Vec<&str> = value.split(':').collect();
    let values = match parts.as_slice() {
        [list] => list.split(',').map(number).collect::<Result<Vec<_>, _>>()?,
        [from, to] => range(number(from)?, number(to)?, 1.0).ok_or_else(fault)?,
        [from, to, step] => range(number(from)?, number(to)?, number(step)?).ok_or_else(fault)?,
        _ => return Err(fault()),
    };
    if values.is_empty() {
        return Err(CliError::Usage(format!("--grid {name}={value} has no value")));
    }
    Ok(values)
}

fn range(from: f64, to: f64, step: f64) -> Option<Vec<f64>> {
    let sound = step > 0.0 && (to - from) / step < MOST_VALUES as f64;
    sound.then(|| Range { from, to, step }.values())
}

#[cfg(test)]
mod tests {
    use super::values;
    use crate::commands::arguments::ParamArg;

    #[test]
    fn values_of_an_axis() {
        let of = |text: &str| {
            let axis: ParamArg = text.parse().expect(text);
            values(&axis).ok()
        };
        assert_eq!(of("a=1:3:1"), Some(vec![1.0, 2.0, 3.0]));
        assert_eq!(of("a=1:3"), Some(vec![1.0, 2.0, 3.0]));
        assert_eq!(of("a=5, 10,20"), Some(vec![5.0, 10.0, 20.0]));
        assert_eq!(of("a=0.5"), Some(vec![0.5]));
        for text in ["a=3:1:1", "a=1:2:0", "a=1:2:-1", "a=x", "a=1:2:3:4", "a=1:1e18:1", "a=nan"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
