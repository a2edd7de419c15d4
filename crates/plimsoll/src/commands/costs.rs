//! Money, costs and rules of a test, from the command line.

use clap::{Args, ValueEnum};
use engine::FillAt;
use engine::costs::HalfSpread;
use jobs::lab::costs::{Costs, Participation};

use super::arguments::positive;
use crate::error::CliError;

/// Money, costs and rules.
#[derive(Clone, Debug, Args)]
pub struct CostArgs {
    /// Money to begin with
    #[arg(long, value_name = "MONEY", default_value = "10000", value_parser = positive)]
    #[arg(help_heading = "Costs and rules")]
    pub cash: f64,
    /// Commission in basis points of notional, each side
    #[arg(long, value_name = "BPS", default_value = "5", value_parser = not_negative)]
    #[arg(help_heading = "Costs and rules")]
    pub fee_bps: f64,
    /// A broker's commission schedule in the place of --fee-bps
    #[arg(long, value_name = "PRESET", conflicts_with = "fee_bps")]
    #[arg(help_heading = "Costs and rules")]
    pub commission: Option<String>,
    /// Slippage in basis points, each side
    #[arg(long, value_name = "BPS", default_value = "2", value_parser = not_negative)]
    #[arg(help_heading = "Costs and rules")]
    pub slippage_bps: f64,
    /// Half the bid-ask spread on top: basis points, or `estimate` from highs and lows
    #[arg(long, value_name = "BPS", help_heading = "Costs and rules")]
    pub half_spread: Option<String>,
    /// Square-root market impact on top, with this factor Y (usually 0.5 to 1.5)
    #[arg(long, value_name = "Y", value_parser = not_negative, help_heading = "Costs and rules")]
    pub impact: Option<f64>,
    /// Largest share of a bar's volume, or `none` [default: 0.1 for tickers, none for files]
    #[arg(long, value_name = "SHARE", help_heading = "Costs and rules")]
    pub participation: Option<String>,
    /// Step of prices, 0 for any [default: the instrument's for tickers, 0 for files]
    #[arg(long, value_name = "STEP", value_parser = not_negative, help_heading = "Costs and rules")]
    pub tick: Option<f64>,
    /// Step of quantities, 0 for any [default: the instrument's for tickers, 0 for files]
    #[arg(long, value_name = "STEP", value_parser = not_negative, help_heading = "Costs and rules")]
    pub lot: Option<f64>,
    /// When a decision trades
    #[arg(long, value_enum, default_value = "next_open", help_heading = "Costs and rules")]
    pub fill: FillArg,
    /// Sell short where the strategy says so
    #[arg(long, help_heading = "Costs and rules")]
    pub allow_short: bool,
    /// Share of equity that all positions together take
    #[arg(long, value_name = "SHARE", default_value = "1", value_parser = part_of_one)]
    #[arg(help_heading = "Costs and rules")]
    pub fraction: f64,
    /// Annual fee for borrowing stock, in basis points
    #[arg(long, value_name = "BPS", default_value = "0", value_parser = not_negative)]
    #[arg(help_heading = "Costs and rules")]
    pub borrow_bps: f64,
    /// Annual interest on cash below zero, in basis points
    #[arg(long, value_name = "BPS", default_value = "0", value_parser = not_negative)]
    #[arg(help_heading = "Costs and rules")]
    pub margin_bps: f64,
}

/// At which price a decision trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum FillArg {
    /// The next bar's open
    NextOpen,
    /// The close that decided: optimistic
    Close,
}

impl CostArgs {
    /// The costs as the lab is told them.
    ///
    /// # Errors
    /// [`CliError::Usage`] for a value that cannot be read.
    pub fn costs(&self) -> Result<Costs, CliError> {
        Ok(Costs {
            cash: self.cash,
            fee_bps: self.fee_bps,
            commission: self.commission.clone(),
            slippage_bps: self.slippage_bps,
            half_spread: self.spread()?,
            impact: self.impact,
            participation: match self.participation.as_deref() {
                None => Participation::Usual,
                Some("none") => Participation::Unlimited,
                Some(text) => Participation::Share(share(text)?),
            },
            tick: self.tick,
            lot: self.lot,
            fill_at: match self.fill {
                FillArg::NextOpen => FillAt::NextOpen,
                FillArg::Close => FillAt::Close,
            },
            allow_short: self.allow_short,
            fraction: self.fraction,
            borrow_bps: self.borrow_bps,
            margin_bps: self.margin_bps,
        })
    }

    fn spread(&self) -> Result<HalfSpread, CliError> {
        match self.half_spread.as_deref() {
            None => Ok(HalfSpread::None),
            Some("estimate") => Ok(HalfSpread::CorwinSchultz),
            Some(text) => {
                let bps = not_negative(text).map_err(|fault| {
                    CliError::Usage(format!("--half-spread {text}: {fault}, or `estimate`"))
                })?;
                Ok(HalfSpread::Fixed { fraction: bps / 1e4 })
            }
        }
    }
}

fn share(text: &str) -> Result<f64, CliError> {
    part_of_one(text)
        .map_err(|fault| CliError::Usage(format!("--participation {text}: {fault}, or none")))
}

/// Reads a share above 0 and up to 1.
fn part_of_one(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share: &f64| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "give a share above 0 and up to 1".to_owned())
}

/// Reads a number that is zero or above, and finite.
///
/// # Errors
/// A text for clap.
pub fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "must be a number, 0 or above".to_owned())
}
