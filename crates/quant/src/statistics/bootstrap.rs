//! Intervals for metrics by the stationary bootstrap.
//!
//! Source: Politis & Romano, “The Stationary Bootstrap” (1994). A resample walks through the
//! series, from its end on to its start, and at each step jumps with probability 1/ℓ to a place
//! drawn at random: blocks of geometric length, ℓ on average, keep short-term dependence.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::block_length::optimal_block_length;
use crate::metrics::{
    annual_volatility, cagr, cagr_of_growth, max_drawdown, quantile_of_sorted, sharpe_ratio,
    total_return,
};

/// Below this share of Σd² a dispersion is rounding noise.
const NO_DISPERSION: f64 = 1e-12;

/// What an interval is asked for; annual figures take their periods from the plan.
///
/// Named in JSON by the metrics' keys, and `mean`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Mean return per period.
    Mean,
    /// Annualized Sharpe ratio, without a risk-free rate.
    SharpeRatio,
    /// Annualized volatility.
    AnnualVolatility,
    /// Compounded return.
    TotalReturn,
    /// Compound annual growth rate.
    Cagr,
    /// Deepest drawdown.
    MaxDrawdown,
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapPlan {
    /// How many resamples to draw.
    pub resamples: usize,
    /// Mean length of a block, at least 1; `None` for the automatic one of
    /// [`optimal_block_length`].
    pub mean_block: Option<f64>,
    /// Where the random numbers start: equal seeds give equal intervals, on every machine.
    pub seed: u64,
    /// Share of resamples within the interval, between 0 and 1.
    pub level: f64,
    /// Periods in a year.
    pub periods_per_year: f64,
}

impl Default for BootstrapPlan {
    /// 2,000 resamples, automatic blocks, seed 0, 95 %, daily returns.
    fn default() -> BootstrapPlan {
        BootstrapPlan {
            resamples: 2_000,
            mean_block: None,
            seed: 0,
            level: 0.95,
            periods_per_year: 252.0,
        }
    }
}

/// A percentile interval, with what is needed to draw it again.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BootstrapInterval {
    /// The statistic of the series itself.
    pub estimate: f64,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Share of resamples between the bounds.
    pub level: f64,
    /// Mean block length, given or chosen.
    pub mean_block: f64,
    /// How many resamples were drawn.
    pub resamples: usize,
    /// In how many of them the statistic is undefined; they count for neither bound.
    pub undefined: usize,
    /// The seed.
    pub seed: u64,
}

/// Why an interval cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum BootstrapError {
    /// One return cannot be resampled into another series.
    #[error("{observations} returns are too few for a bootstrap, at least 2 are needed")]
    TooFewReturns {
        /// The number of returns.
        observations: usize,
    },
    /// A return is not finite.
    #[error("return {index} is not finite")]
    NotFinite {
        /// Its place, from 0.
        index: usize,
    },
    /// No resamples were asked for.
    #[error("no resamples to draw")]
    NoResamples,
    /// The level is not between 0 and 1.
    #[error("level {level} is not between 0 and 1")]
    Level {
        /// The level asked for.
        level: f64,
    },
    /// The mean block is shorter than one return.
    #[error("mean block length {mean_block} is below 1")]
    MeanBlock {
        /// The length asked for.
        mean_block: f64,
    },
    /// The statistic is undefined for the series, or for most of its resamples.
    #[error("the statistic is undefined for these returns")]
    Undefined,
}

/// Draws a percentile interval for a statistic of simple returns, oldest first.
///
/// For intraday bars give the returns of whole sessions. The bounds are the (1 ∓ level)/2
/// quantiles over the resamples, interpolated linearly.
///
/// # Errors
/// [`BootstrapError`] for a plan that cannot be followed, or an undefined statistic.
pub fn bootstrap_interval(
    returns: &[f64],
    statistic: Statistic,
    plan: &BootstrapPlan,
) -> Result<BootstrapInterval, BootstrapError> {
    let mean_block = checked_mean_block(returns, plan)?;
    let estimate = estimate(returns, statistic, plan.periods_per_year);
    let estimate = estimate.filter(|value| value.is_finite()).ok_or(BootstrapError::Undefined)?;

    let mut walk = Walk::new(returns, mean_block, plan.seed);
    let mut values = match statistic {
        Statistic::Mean => walk.resample(plan.resamples, Sums::about(returns), Sums::mean),
        Statistic::SharpeRatio => {
            let root = plan.periods_per_year.sqrt();
            walk.resample(plan.resamples, Sums::about(returns), |sums| {
                Some(sums.mean()? / sums.deviation().filter(|sd| *sd > 0.0)? * root)
            })
        }
        Statistic::AnnualVolatility => {
            let root = plan.periods_per_year.sqrt();
            walk.resample(plan.resamples, Sums::about(returns), |sums| {
                Some(sums.deviation()? * root)
            })
        }
        Statistic::TotalReturn => {
            walk.resample(plan.resamples, Curve::default(), |curve| Some(curve.equity - 1.0))
        }
        Statistic::Cagr => walk.resample(plan.resamples, Curve::default(), |curve| {
            cagr_of_growth(curve.equity, returns.len(), plan.periods_per_year)
        }),
        Statistic::MaxDrawdown => {
            walk.resample(plan.resamples, Curve::default(), |curve| Some(curve.max_drawdown))
        }
    };
    let undefined = plan.resamples - values.len();
    if undefined * 2 > plan.resamples {
        return Err(BootstrapError::Undefined);
    }
    values.sort_unstable_by(f64::total_cmp);
    let outside = (1.0 - plan.level) / 2.0;
    Ok(BootstrapInterval {
        estimate,
        lower: quantile_of_sorted(&values, outside),
        upper: quantile_of_sorted(&values, 1.0 - outside),
        level: plan.level,
        mean_block,
        resamples: plan.resamples,
        undefined,
        seed: plan.seed,
    })
}

fn checked_mean_block(returns: &[f64], plan: &BootstrapPlan) -> Result<f64, BootstrapError> {
    if returns.len() < 2 {
        return Err(BootstrapError::TooFewReturns { observations: returns.len() });
    }
    if let Some(index) = returns.iter().position(|r| !r.is_finite()) {
        return Err(BootstrapError::NotFinite { index });
    }
    if plan.resamples == 0 {
        return Err(BootstrapError::NoResamples);
    }
    if !(plan.level > 0.0 && plan.level < 1.0) {
        return Err(BootstrapError::Level { level: plan.level });
    }
    let mean_block = plan.mean_block.unwrap_or_else(|| optimal_block_length(returns).stationary);
    if mean_block >= 1.0 { Ok(mean_block) } else { Err(BootstrapError::MeanBlock { mean_block }) }
}

/// The statistic of the series itself.
fn estimate(returns: &[f64], statistic: Statistic, periods_per_year: f64) -> Option<f64> {
    match statistic {
        Statistic::Mean => Some(returns.iter().sum::<f64>() / returns.len() as f64),
        Statistic::SharpeRatio => sharpe_ratio(returns, periods_per_year, 0.0),
        Statistic::AnnualVolatility => annual_volatility(returns, periods_per_year),
        Statistic::TotalReturn => Some(total_return(returns)),
        Statistic::Cagr => cagr(returns, periods_per_year),
        Statistic::MaxDrawdown => Some(max_drawdown(returns)),
    }
}

/// Takes up the returns of a resample one by one; nothing is copied.
trait Accumulator: Copy {
    fn push(&mut self, r: f64);
}

/// A walk through the series with random jumps.
struct Walk<'a> {
    returns: &'a [f64],
    /// A draw below this, of 2⁶⁴, is a jump.
    jump_below: u64,
    random: Xoshiro256PlusPlus,
}

impl<'a> Walk<'a> {
    fn new(returns: &'a [f64], mean_block: f64, seed: u64) -> Walk<'a> {
        // The cast saturates, so blocks of one return jump (all but) always.
        let jump_below = (18_446_744_073_709_551_616.0 / mean_block) as u64;
        Walk { returns, jump_below, random: Xoshiro256PlusPlus::seed_from_u64(seed) }
    }

    /// The defined values of `finish` over `resamples` resamples as long as the series.
    fn resample<A: Accumulator>(
        &mut self,
        resamples: usize,
        empty: A,
        finish: impl Fn(&A) -> Option<f64>,
    ) -> Vec<f64> {
        let mut values = Vec::with_capacity(resamples);
        for _ in 0..resamples {
            let mut accumulator = empty;
            let mut place = self.anywhere();
            accumulator.push(self.returns[place]);
            for _ in 1..self.returns.len() {
                // Both ways are worked out, so that no branch waits for the random number.
                let jump = self.random.next_u64() < self.jump_below;
                let landing = self.anywhere();
                let next = if place + 1 == self.returns.len() { 0 } else { place + 1 };
                place = if jump { landing } else { next };
                accumulator.push(self.returns[place]);
            }
            values.extend(finish(&accumulator).filter(|value| value.is_finite()));
        }
        values
    }

    /// A place in the series, all equally likely (to 2⁻⁶⁴ times its length).
    fn anywhere(&mut self) -> usize {
        let wide = u128::from(self.random.next_u64()) * self.returns.len() as u128;
        // The upper half of the product is below the length.
        (wide >> 64) as usize
    }
}

/// Sums of distances from the mean of the whole series, which keeps a resample's own dispersion
/// clear of cancellation.
#[derive(Clone, Copy)]
struct Sums {
    origin: f64,
    count: f64,
    sum: f64,
    sum_squares: f64,
}

impl Sums {
    fn about(returns: &[f64]) -> Sums {
        let origin = returns.iter().sum::<f64>() / returns.len() as f64;
        Sums { origin, count: 0.0, sum: 0.0, sum_squares: 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.origin + self.sum / self.count)
    }

    fn deviation(&self) -> Option<f64> {
        let scatter = self.sum_squares - self.sum * self.sum / self.count;
        let varies = scatter > NO_DISPERSION * self.sum_squares;
        Some(if varies { (scatter / (self.count - 1.0)).sqrt() } else { 0.0 })
    }
}

impl Accumulator for Sums {
    fn push(&mut self, r: f64) {
        let distance = r - self.origin;
        self.count += 1.0;
        self.sum += distance;
        self.sum_squares += distance * distance;
    }
}

/// Equity that starts at 1, and its deepest drawdown.
#[derive(Clone, Copy)]
struct Curve {
    equity: f64,
    peak: f64,
    max_drawdown: f64,
}

impl Default for Curve {
    fn default() -> Curve {
        Curve { equity: 1.0, peak: 1.0, max_drawdown: 0.0 }
    }
}

impl Accumulator for Curve {
    fn push(&mut self, r: f64) {
        self.equity *= 1.0 + r;
        self.peak = self.equity.max(self.peak);
        self.max_drawdown = (self.equity / self.peak - 1.0).min(self.max_drawdown);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

    use super::{BootstrapError, BootstrapPlan, Statistic, bootstrap_interval};

    const STATISTICS: [Statistic; 6] = [
        Statistic::Mean,
        Statistic::SharpeRatio,
        Statistic::AnnualVolatility,
        Statistic::TotalReturn,
        Statistic::Cagr,
        Statistic::MaxDrawdown,
    ];

    #[test]
    fn faults() {
        let returns = [0.01, -0.02, 0.03];
        let plan = BootstrapPlan::default();
        let fault = |returns: &[f64], plan: BootstrapPlan| {
            bootstrap_interval(returns, Statistic::SharpeRatio, &plan).err()
        };
        let too_few = BootstrapError::TooFewReturns { observations: 1 };
        assert_eq!(fault(&[0.1], plan), Some(too_few));
        let not_finite = BootstrapError::NotFinite { index: 1 };
        assert_eq!(fault(&[0.1, f64::NAN], plan), Some(not_finite));
        let none = BootstrapPlan { resamples: 0, ..plan };
        assert_eq!(fault(&returns, none), Some(BootstrapError::NoResamples));
        for level in [0.0, 1.0, f64::NAN] {
            let plan = BootstrapPlan { level, ..plan };
            assert!(matches!(fault(&returns, plan), Some(BootstrapError::Level { .. })));
        }
        for mean_block in [0.9, f64::NAN] {
            let plan = BootstrapPlan { mean_block: Some(mean_block), ..plan };
            assert!(matches!(fault(&returns, plan), Some(BootstrapError::MeanBlock { .. })));
        }
        assert_eq!(fault(&[0.01; 30], plan), Some(BootstrapError::Undefined));
    }

    #[test]
    fn equal_returns_leave_nothing_to_chance() {
        for statistic in STATISTICS {
            if statistic == Statistic::SharpeRatio {
                continue; // undefined without dispersion
            }
            let plan = BootstrapPlan { resamples: 50, ..BootstrapPlan::default() };
            let interval = bootstrap_interval(&[0.001; 20], statistic, &plan).unwrap();
            assert!((interval.upper - interval.lower).abs() < 1e-15, "{interval:?}");
            assert!((interval.upper - interval.estimate).abs() < 1e-15, "{interval:?}");
        }
    }

    #[test]
    fn blocks_as_long_as_the_series_keep_its_sums() {
        // A resample without a jump is the series turned in a circle.
        let returns = [0.01, -0.02, 0.03, 0.002, -0.007];
        let plan = BootstrapPlan { mean_block: Some(1e18), ..BootstrapPlan::default() };
        for statistic in [Statistic::Mean, Statistic::SharpeRatio, Statistic::TotalReturn] {
            let interval = bootstrap_interval(&returns, statistic, &plan).unwrap();
            assert!((interval.lower - interval.estimate).abs() < 1e-12, "{interval:?}");
            assert!((interval.upper - interval.estimate).abs() < 1e-12, "{interval:?}");
        }
    }

    #[test]
    fn random_numbers_are_the_same_everywhere() {
        let returns = [1.0, 16.0, 256.0, 4096.0];
        let plan = BootstrapPlan {
            resamples: 1,
            mean_block: Some(2.0),
            seed: 42,
            ..BootstrapPlan::default()
        };
        let interval = bootstrap_interval(&returns, Statistic::Mean, &plan).unwrap();
        // By an own implementation of splitmix64, xoshiro256++ and the walk: each mean tells which
        // returns were drawn how often.
        let pinned = (4096.0 + 4096.0 + 16.0 + 1.0) / 4.0;
        assert_eq!((interval.lower, interval.upper), (pinned, pinned));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: ProptestConfig::default().cases.div_ceil(8),
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_seed_decides_the_interval(returns in vec(-0.1_f64..0.1, 20..60), seed: u64) {
            for statistic in STATISTICS {
                let plan = BootstrapPlan { resamples: 100, seed, ..BootstrapPlan::default() };
                let interval = bootstrap_interval(&returns, statistic, &plan).unwrap();
                prop_assert_eq!(interval, bootstrap_interval(&returns, statistic, &plan).unwrap());
                prop_assert!(interval.lower <= interval.upper);
                let other = BootstrapPlan { seed: seed ^ 1, ..plan };
                prop_assert!(bootstrap_interval(&returns, statistic, &other).unwrap() != interval);
            }
        }

        /// The mean of resamples is centred on the mean of the series, so that the interval of the
        /// mean contains it but with a chance too small to happen; other statistics are biased.
        #[test]
        fn the_interval_of_the_mean_contains_it(returns in vec(-0.1_f64..0.1, 20..60), seed: u64) {
            let plan = BootstrapPlan {
                resamples: 400,
                mean_block: Some(3.0),
                seed,
                ..BootstrapPlan::default()
            };
            let mean = bootstrap_interval(&returns, Statistic::Mean, &plan).unwrap();
            prop_assert!(mean.lower < mean.estimate && mean.estimate < mean.upper);
            let wider = BootstrapPlan { level: 0.99, ..plan };
            let wide = bootstrap_interval(&returns, Statistic::Mean, &wider).unwrap();
            prop_assert!(wide.lower <= mean.lower && mean.upper <= wide.upper);
        }
    }
}
