//! What trading costs: commission, slippage, financing, and the price and quantity grids.
//!
//! Everything here is a plain function of its arguments in `f64`, unrounded unless a rule says
//! otherwise; the simulated venue decides when it applies. A cost is positive, a credit negative,
//! except where a name says `credit`.

mod commission;
mod financing;
mod presets;
mod regulatory;
mod rounding;
mod slippage;

pub use commission::{
    ChargedSides, Commission, CommissionError, OrderVolume, PriceTier, VolumeTier,
};
pub use financing::{Financing, SwapPoints, TripleSwap, carry_credit};
pub use presets::{CommissionPreset, MakerTakerLevel, preset, preset_names};
pub use regulatory::{RegulatedSale, RegulatoryCharges, us_regulatory_charges};
pub use rounding::{LotSize, Tick, floor_to_lot, round_against};
pub use slippage::{HalfSpread, ImpactContext, Slippage};
