//! What every search over parameter sets is told: a strategy, its grid, prices, costs, a metric.

use engine::sweep::Grid;
use engine::{Entry, Setup};

use super::costs::Costs;
use super::grid::GridRequest;
use super::prices::{Prices, apart};
use super::source::{Source, load_series};
use super::{LabError, Workbench, check_metric, check_timeframe, find_strategy};

/// What is searched.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// Name or label of the strategy.
    pub strategy: String,
    /// What to test on; each instrument (or pair) is tested on its own.
    pub source: Source,
    /// Which parameter sets.
    pub grid: GridRequest,
    /// Money, costs and rules.
    pub costs: Costs,
    /// What ranks parameter sets: a metric's key.
    pub metric: String,
    /// Seed of what is drawn by chance.
    pub seed: u64,
}

/// What a search works on.
#[derive(Debug)]
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

impl SearchRequest {
    /// Finds and loads what the request names.
    ///
    /// # Errors
    /// [`LabError`] for what does not exist, cannot be read or does not go together.
    pub fn prepare(&self, bench: &Workbench<'_>) -> Result<Search, LabError> {
        let entry = find_strategy(&self.strategy)?;
        check_metric(&self.metric)?;
        let grid = self.grid.build(entry, self.seed)?;
        let loaded = load_series(&self.source, bench)?;
        let prices = apart(loaded, entry.runner.legs(), &self.costs)?;
        for subject in &prices {
            check_timeframe(entry, &subject.history)?;
        }
        Ok(Search { entry, grid, prices, setup: self.costs.setup() })
    }
}

impl Search {
    /// How many parameter sets are tried on each instrument, conditions apart.
    pub fn rows(&self) -> u64 {
        self.grid.drawn_rows().map_or(self.grid.size(), |rows| rows.len() as u64)
    }
}
