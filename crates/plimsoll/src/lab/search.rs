//! What every search over parameter sets is told: a strategy, its grid, prices, costs, a metric.

use clap::Args;
use engine::sweep::Grid;
use engine::{Entry, Setup};

use super::costs::CostArgs;
use super::grid::GridArgs;
use super::prices::{Prices, apart};
use super::{check_metric, find_strategy};
use crate::Context;
use crate::commands::arguments::whole;
use crate::commands::backtest::check_timeframe;
use crate::commands::source::{SourceArgs, load_series};
use crate::error::CliError;

/// Bytes that computed columns may take at a time.
pub const COLUMN_BYTES: usize = 192 << 20;

/// Arguments of a search.
#[derive(Clone, Debug, Args)]
pub struct SearchArgs {
    /// Name or label of the strategy (`plimsoll strategies` lists them)
    #[arg(long, value_name = "NAME")]
    pub strategy: String,
    /// What to test on; each instrument (or pair) is tested on its own.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Which parameter sets.
    #[command(flatten)]
    pub grid: GridArgs,
    /// Money, costs and rules.
    #[command(flatten)]
    pub costs: CostArgs,
    /// What ranks parameter sets: a metric's key
    #[arg(long, value_name = "KEY", default_value = "sharpe_ratio")]
    pub metric: String,
    /// Seed of what is drawn by chance
    #[arg(long, value_name = "S", default_value = "0", value_parser = whole::<u64>)]
    pub seed: u64,
}

/// What a search works on.
pub struct Search {
    /// The strategy.
    pub entry: &'static Entry,
    /// Its parameter sets.
    pub grid: Grid,
    /// The instruments, or pairs, each searched on its own.
    pub prices: Vec<Prices>,
    /// Money and rules.
    pub setup: Setup,
}

impl SearchArgs {
    /// Finds and loads what the arguments name.
    ///
    /// # Errors
    /// [`CliError`] for what does not exist, cannot be read or does not go together.
    pub fn prepare(&self, ctx: &Context) -> Result<Search, CliError> {
        let entry = find_strategy(&self.strategy)?;
        check_metric(&self.metric)?;
        let grid = self.grid.build(entry, self.seed)?;
        let loaded = load_series(&self.source, ctx)?;
        let prices = apart(loaded, entry.runner.legs(), &self.costs)?;
        for subject in &prices {
            check_timeframe(entry, &subject.history)?;
        }
        Ok(Search { entry, grid, prices, setup: self.costs.setup() })
    }
}
