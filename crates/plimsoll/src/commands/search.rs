//! What every search over parameter sets is told, from the command line.

use clap::Args;
use jobs::lab::search::SearchRequest;

use super::arguments::whole;
use super::costs::CostArgs;
use super::grid::GridArgs;
use super::source::SourceArgs;
use crate::error::CliError;

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

impl SearchArgs {
    /// The search as the lab is asked for it.
    ///
    /// # Errors
    /// [`CliError::Usage`] for what cannot be read.
    pub fn request(&self) -> Result<SearchRequest, CliError> {
        Ok(SearchRequest {
            strategy: self.strategy.clone(),
            source: self.source.source()?,
            grid: self.grid.request()?,
            costs: self.costs.costs()?,
            metric: self.metric.clone(),
            seed: self.seed,
        })
    }
}
