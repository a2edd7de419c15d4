//! Whether a result may be luck: what is left of a Sharpe ratio after its sample and the search.
//!
//! A Sharpe ratio has an error of its own ([`SharpeEstimate`]), grows with the number of variants
//! tried ([`expected_max_sharpe`]), may belong to a variant that was best only where it was chosen
//! ([`pbo`]), and stands in an interval ([`bootstrap_interval`]).

mod normal;
mod sharpe;

mod block_length;
mod bootstrap;
mod pbo;
mod sampling;

pub use block_length::{OptimalBlockLength, optimal_block_length};
pub use bootstrap::{
    BootstrapError, BootstrapInterval, BootstrapPlan, Statistic, bootstrap_interval,
};
pub use normal::{normal_cdf, normal_pdf, normal_quantile};
pub use pbo::{BlockSum, BlockSums, Pbo, PboError, pbo};
pub use sampling::sample_indices;
pub use sharpe::{SharpeEstimate, expected_max_sharpe};
