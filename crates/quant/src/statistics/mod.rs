//! Whether a result may be luck: what is left of a Sharpe ratio after its sample and the search.
//!
//! A Sharpe ratio has an error of its own ([`SharpeEstimate`]), grows with the number of variants
//! tried ([`expected_max_sharpe`]), may belong to a variant that was best only where it was chosen
//! ([`pbo`]), and stands in an interval ([`bootstrap_interval`]). [`adf_test`] asks the like of a spread:
//! whether its return to a level may be luck.

mod normal;
mod sharpe;

mod block_length;
mod bootstrap;
mod pbo;
mod sampling;

mod adf;

pub use adf::{AdfTest, adf_test};
pub use block_length::{OptimalBlockLength, optimal_block_length};
pub use bootstrap::{
    BootstrapError, BootstrapInterval, BootstrapPlan, Statistic, bootstrap_interval,
};
pub use normal::{normal_cdf, normal_pdf, normal_quantile};
pub use pbo::{BlockSum, BlockSums, Pbo, PboError, pbo};
pub use sampling::sample_indices;
pub use sharpe::{SharpeEstimate, expected_max_sharpe};

#[cfg(test)]
mod test_series {
    /// y_t = persistence · y_{t−1} + e_t, with e from a linear congruence (even, −0.5 … 0.5), so
    /// that other programs can build the same series.
    pub(super) fn autoregressive(count: usize, persistence: f64) -> Vec<f64> {
        let (mut state, mut level) = (1_u64, 0.0);
        let mut series = Vec::with_capacity(count);
        for _ in 0..count {
            state = (state * 1_103_515_245 + 12_345) % (1 << 31);
            level = persistence * level + (state as f64 / 2_147_483_648.0 - 0.5);
            series.push(level);
        }
        series
    }
}
