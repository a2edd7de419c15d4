//! What is kept of a run: its report as the command line prints it, and what is drawn beside it.

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::lab::receipt::WithReceipt;

/// A stored result. `report` is the object of the command line's `--json`, byte for byte.
#[derive(Serialize)]
pub(super) struct Document<R, D> {
    pub(super) report: R,
    #[serde(flatten)]
    pub(super) drawn: D,
}

/// A report with its receipt.
pub(super) type Reported<'a, R> = WithReceipt<'a, R>;

/// A point of an equity curve.
#[derive(Serialize)]
pub(super) struct Point<'a> {
    /// The instrument, where there are several curves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) symbol: Option<&'a str>,
    /// Date or instant of the bar.
    pub(super) timestamp: String,
    /// Equity at its close.
    pub(super) equity: f64,
    /// How far that is below the highest before, ≤ 0, as a fraction.
    pub(super) drawdown: f64,
    /// The same money and costs, bought at the start and held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) buy_and_hold: Option<f64>,
}

/// Pairs each equity with how far it is below the highest before.
pub(super) fn drawn_down(equity: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    equity.iter().scan(f64::NEG_INFINITY, |peak, &equity| {
        *peak = equity.max(*peak);
        Some((equity, equity / *peak - 1.0))
    })
}

/// Named columns, in their order.
pub(super) struct Columns<C>(pub(super) Vec<(String, C)>);

impl<C: Serialize> Serialize for Columns<C> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, column) in &self.0 {
            map.serialize_entry(name, column)?;
        }
        map.end()
    }
}
