//! Money, costs and rules of a test.

use engine::costs::{Commission, Financing, HalfSpread, Slippage, preset, preset_names};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{FillAt, Setup};
use market::{Instrument, Symbol};

use super::LabError;
use super::source::Loaded;
use crate::nearest::hint;

/// Share of a bar's volume that orders on stored instruments may take.
const PARTICIPATION: f64 = 0.1;

/// Money, costs and rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Costs {
    /// Money to begin with.
    pub cash: f64,
    /// Commission in basis points of notional, each side.
    pub fee_bps: f64,
    /// Name of a broker's commission schedule, in the place of `fee_bps`.
    pub commission: Option<String>,
    /// Slippage in basis points, each side.
    pub slippage_bps: f64,
    /// Half the bid-ask spread, on top.
    pub half_spread: HalfSpread,
    /// Factor of the square-root market impact, on top.
    pub impact: Option<f64>,
    /// Largest share of a bar's volume.
    pub participation: Participation,
    /// Step of prices, 0 for any; the instrument's, and 0 for files, when `None`.
    pub tick: Option<f64>,
    /// Step of quantities, 0 for any; the instrument's, and 0 for files, when `None`.
    pub lot: Option<f64>,
    /// When a decision trades.
    pub fill_at: FillAt,
    /// Whether strategies may sell short.
    pub allow_short: bool,
    /// Share of equity that all targets together take.
    pub fraction: f64,
    /// Annual fee for borrowing stock, in basis points.
    pub borrow_bps: f64,
    /// Annual interest on cash below zero, in basis points.
    pub margin_bps: f64,
}

/// How much of a bar's volume orders may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Participation {
    /// A tenth for stored instruments with a volume, any share for files.
    Usual,
    /// Any share.
    Unlimited,
    /// At most this share, above 0 and up to 1.
    Share(f64),
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            cash: 10_000.0,
            fee_bps: 5.0,
            commission: None,
            slippage_bps: 2.0,
            half_spread: HalfSpread::None,
            impact: None,
            participation: Participation::Usual,
            tick: None,
            lot: None,
            fill_at: FillAt::NextOpen,
            allow_short: false,
            fraction: 1.0,
            borrow_bps: 0.0,
            margin_bps: 0.0,
        }
    }
}

impl Costs {
    /// What all instruments of a run have in common.
    pub fn setup(&self) -> Setup {
        Setup {
            cash: self.cash,
            fill_at: self.fill_at,
            allow_short: self.allow_short,
            fraction: self.fraction,
            financing: Financing {
                borrow_rate: self.borrow_bps / 1e4,
                margin_rate: self.margin_bps / 1e4,
                ..Financing::default()
            },
        }
    }

    /// How one instrument trades, and its multiplier: stored instruments by what their symbol
    /// shows, files by these costs alone.
    ///
    /// # Errors
    /// [`LabError::Refused`] for an unknown preset.
    pub fn rules(&self, loaded: &Loaded) -> Result<(ExecutionRules, f64), LabError> {
        let known = (!loaded.from_file)
            .then(|| loaded.symbol.parse::<Symbol>().ok())
            .flatten()
            .map(|symbol| Instrument::infer(&symbol));
        let of = |value: fn(&Instrument) -> f64| known.as_ref().map_or(0.0, value);
        let has_volume = loaded.bars.volume.iter().any(|&volume| volume > 0.0);
        let participation = match self.participation {
            Participation::Unlimited => None,
            Participation::Share(share) => Some(share),
            Participation::Usual => (known.is_some() && has_volume).then_some(PARTICIPATION),
        };
        let rules = ExecutionRules {
            commission: self.schedule()?,
            slippage: Slippage {
                bps: self.slippage_bps,
                half_spread: self.half_spread,
                impact: self.impact,
            },
            participation,
            tick: self.tick.unwrap_or_else(|| of(|known| known.tick.to_f64())),
            lot: self.lot.unwrap_or_else(|| of(|known| known.lot.to_f64())),
            limit_fill: LimitFill::default(),
        };
        let multiplier = known.as_ref().map_or(1.0, |known| known.multiplier.to_f64());
        Ok((rules, multiplier))
    }

    fn schedule(&self) -> Result<Commission, LabError> {
        let Some(name) = &self.commission else { return Ok(Commission::bps(self.fee_bps)) };
        preset(name).map(|preset| preset.commission).ok_or_else(|| {
            let fault = format!("unknown commission preset '{name}'{}", hint(name, preset_names()));
            LabError::refused("unknown_commission", fault)
        })
    }
}
