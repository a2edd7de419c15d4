//! Strategies that want a position of −1, 0 or 1, and the adapter that makes orders of it.
//!
//! A target strategy is a pure function of the present bar's columns, its parameters, what it holds
//! and a few remembered numbers. It is written once, generic over [`Lane`], so that a sweep
//! evaluates several parameter sets in one register; and it never sees a later bar, because only
//! the present bar's values are handed to it.

use crate::columns::{ColumnData, ColumnSpec};
use crate::kernel::{Action, Event, Strategy};
use crate::lane::Lane;
use crate::order::{Amount, ExitLevel, Exits, InstrumentIndex, Intent, Leg, Side};
use crate::params::Params;
use crate::portfolio::Portfolio;

/// Columns a strategy may read, at most.
pub const MAX_COLUMNS: usize = 8;
/// Numbers a strategy may remember, at most.
pub const MAX_MEMORY: usize = 4;
/// Parameters a strategy may have, at most.
pub const MAX_PARAMS: usize = 8;

/// What a target strategy sees of the present bar.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a, L> {
    /// Parameters, in the order of the specifications.
    pub params: &'a [L; MAX_PARAMS],
    /// Values of the columns asked for, in that order; NaN where there is none yet.
    pub values: &'a [L; MAX_COLUMNS],
    /// The target so far: what to answer when nothing changes.
    pub held: L,
}

/// A strategy that wants a position of −1, 0 or 1 at each close.
pub trait Target: Copy + Send + Sync + 'static {
    /// The columns it reads, at most [`MAX_COLUMNS`].
    const COLUMNS: &'static [ColumnSpec];
    /// Whether it protects its positions with stop orders.
    const STOPS: bool = false;

    /// The position wanted after this bar: −1, 0 or 1. `memory` starts as NaN and keeps what is
    /// written to it.
    fn decide<L: Lane>(now: Now<'_, L>, memory: &mut [L; MAX_MEMORY]) -> L;

    /// How far from its entry a position opened now is stopped out, in signal prices; 0 or NaN
    /// for no stop.
    fn stop_distance<L: Lane>(_now: Now<'_, L>) -> L {
        L::splat(0.0)
    }
}

/// A strategy for two instruments: the target is the first leg's side.
pub trait PairTarget: Copy + Send + Sync + 'static {
    /// The columns it reads, all of the first leg (an indicator of a pair sees the second too).
    const COLUMNS: &'static [ColumnSpec];

    /// The side of the first leg wanted after this bar: −1, 0 or 1.
    fn decide(now: Now<'_, f64>) -> f64;

    /// Notional of the second leg for one unit of notional of the first.
    fn hedge_ratio(now: Now<'_, f64>) -> f64;
}

/// Makes market orders of a target, on one instrument.
#[derive(Debug)]
pub(crate) struct TargetStrategy<'a, T> {
    instrument: InstrumentIndex,
    params: [f64; MAX_PARAMS],
    columns: [&'a [f64]; MAX_COLUMNS],
    values: [f64; MAX_COLUMNS],
    distance_scale: Option<&'a crate::history::Series>,
    fraction: f64,
    lowest: f64,
    held: f64,
    memory: [f64; MAX_MEMORY],
    decisions: Option<Vec<i8>>,
    strategy: std::marker::PhantomData<T>,
}

/// How targets become orders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TargetSetup {
    /// Share of equity that a full target takes.
    pub fraction: f64,
    /// Whether −1 is a short position; else it means none.
    pub allow_short: bool,
    /// Whether to keep every decision.
    pub record: bool,
}

impl<'a, T: Target> TargetStrategy<'a, T> {
    /// A strategy that reads `columns` of `series`, instrument number `instrument`.
    pub(crate) fn new(
        instrument: InstrumentIndex,
        series: &'a crate::history::Series,
        columns: &'a [ColumnData<'a>],
        params: &Params,
        setup: TargetSetup,
    ) -> Self {
        Self {
            instrument,
            params: padded(params),
            columns: slices(columns),
            values: [f64::NAN; MAX_COLUMNS],
            distance_scale: T::STOPS.then_some(series),
            fraction: setup.fraction,
            lowest: if setup.allow_short { -1.0 } else { 0.0 },
            held: 0.0,
            memory: [f64::NAN; MAX_MEMORY],
            decisions: setup.record.then(Vec::new),
            strategy: std::marker::PhantomData,
        }
    }

    /// Every decision, when they were kept.
    pub(crate) fn into_decisions(self) -> Option<Vec<i8>> {
        self.decisions
    }

    #[inline(always)]
    fn on_bar(&mut self, index: usize, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        read(&mut self.values, &self.columns, T::COLUMNS.len(), index);
        let now = Now { params: &self.params, values: &self.values, held: self.held };
        let target = Lane::max(T::decide(now, &mut self.memory), self.lowest);
        if let Some(decisions) = &mut self.decisions {
            decisions.push(target as i8);
        }
        if target != self.held {
            self.change(target, index, now, portfolio, actions);
            self.held = target;
        }
    }

    #[cold]
    fn change(
        &self,
        target: f64,
        index: usize,
        now: Now<'_, f64>,
        portfolio: &Portfolio,
        actions: &mut Vec<Action>,
    ) {
        let instrument = self.instrument;
        actions.push(Action::CancelAll(instrument));
        let held = portfolio.positions[instrument].quantity;
        if held != 0.0 {
            let side = Side::closing(held);
            actions.push(Action::Place(Intent::market(instrument, side, Amount::Position)));
        }
        if target != 0.0 {
            let side = if target > 0.0 { Side::Buy } else { Side::Sell };
            let amount = Amount::EquityFraction(self.fraction);
            let exits = self.distance_scale.and_then(|series| {
                let distance = T::stop_distance(now) * series.signal_to_raw(index);
                (distance > 0.0).then_some(Exits {
                    stop_loss: Some(ExitLevel::Distance(distance)),
                    take_profit: None,
                })
            });
            actions
                .push(Action::Place(Intent { exits, ..Intent::market(instrument, side, amount) }));
        }
    }
}

impl<T: Target> Strategy for TargetStrategy<'_, T> {
    #[inline(always)]
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        match event {
            Event::Bar { instrument, index, .. } if *instrument == self.instrument => {
                self.on_bar(*index, portfolio, actions);
            }
            // Stopped out: the target is met by nothing any more.
            Event::Fill { fill, .. }
                if T::STOPS
                    && fill.instrument == self.instrument
                    && fill.leg == Leg::StopLoss
                    && portfolio.positions[self.instrument].quantity == 0.0 =>
            {
                self.held = 0.0;
            }
            _ => {}
        }
    }
}

/// Makes market orders of a pair's target, on instruments 0 and 1.
#[derive(Debug)]
pub(crate) struct PairStrategy<'a, T> {
    params: [f64; MAX_PARAMS],
    columns: [&'a [f64]; MAX_COLUMNS],
    values: [f64; MAX_COLUMNS],
    fraction: f64,
    held: f64,
    decisions: Option<Vec<i8>>,
    strategy: std::marker::PhantomData<T>,
}

impl<'a, T: PairTarget> PairStrategy<'a, T> {
    /// A strategy that reads `columns`, computed over both legs' common bars.
    pub(crate) fn new(columns: &'a [ColumnData<'a>], params: &Params, setup: TargetSetup) -> Self {
        Self {
            params: padded(params),
            columns: slices(columns),
            values: [f64::NAN; MAX_COLUMNS],
            fraction: setup.fraction,
            held: 0.0,
            decisions: setup.record.then(Vec::new),
            strategy: std::marker::PhantomData,
        }
    }

    /// Every decision, when they were kept.
    pub(crate) fn into_decisions(self) -> Option<Vec<i8>> {
        self.decisions
    }

    #[cold]
    fn change(
        &self,
        target: f64,
        now: Now<'_, f64>,
        portfolio: &Portfolio,
        actions: &mut Vec<Action>,
    ) {
        for instrument in 0..2 {
            actions.push(Action::CancelAll(instrument));
            let held = portfolio.positions[instrument].quantity;
            if held != 0.0 {
                let side = Side::closing(held);
                actions.push(Action::Place(Intent::market(instrument, side, Amount::Position)));
            }
        }
        if target == 0.0 {
            return;
        }
        // The gross of both legs is the fraction of equity; a negative hedge ratio puts both legs
        // on one side.
        let ratio = T::hedge_ratio(now);
        let first = self.fraction / (1.0 + ratio.abs());
        let sides = [target, -target * ratio];
        // What sells goes first, for it pays for what buys.
        let legs = [(0, sides[0], first), (1, sides[1], first * ratio.abs())];
        let mut ordered = legs;
        ordered.sort_by(|a, b| a.1.total_cmp(&b.1));
        for (instrument, direction, fraction) in ordered {
            let side = if direction > 0.0 { Side::Buy } else { Side::Sell };
            let amount = Amount::EquityFraction(fraction);
            actions.push(Action::Place(Intent::market(instrument, side, amount)));
        }
    }
}

impl<T: PairTarget> Strategy for PairStrategy<'_, T> {
    #[inline(always)]
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        // Both legs' bars have one number, and the second leg's comes last.
        let Event::Bar { instrument: 1, index, .. } = event else { return };
        read(&mut self.values, &self.columns, T::COLUMNS.len(), *index);
        let now = Now { params: &self.params, values: &self.values, held: self.held };
        let target = T::decide(now);
        if let Some(decisions) = &mut self.decisions {
            decisions.push(target as i8);
        }
        if target != self.held {
            self.change(target, now, portfolio, actions);
            self.held = target;
        }
    }
}

/// Several single-instrument strategies on one account.
#[derive(Debug)]
pub(crate) struct Basket<S>(pub Vec<S>);

impl<S: Strategy> Strategy for Basket<S> {
    #[inline(always)]
    fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
        match event {
            Event::Bar { instrument, .. } => {
                self.0[*instrument].on_event(event, portfolio, actions);
            }
            Event::Fill { fill, .. } => {
                self.0[fill.instrument].on_event(event, portfolio, actions);
            }
            _ => self.0.iter_mut().for_each(|s| s.on_event(event, portfolio, actions)),
        }
    }
}

/// Parameters in a fixed array, the rest 0.
pub(crate) fn padded(params: &Params) -> [f64; MAX_PARAMS] {
    let mut out = [0.0; MAX_PARAMS];
    for (slot, value) in out.iter_mut().zip(params.values()) {
        *slot = *value;
    }
    out
}

/// The columns as slices, so that reading one is no more than an index.
fn slices<'a>(columns: &'a [ColumnData<'a>]) -> [&'a [f64]; MAX_COLUMNS] {
    let mut out: [&[f64]; MAX_COLUMNS] = [&[]; MAX_COLUMNS];
    for (slot, column) in out.iter_mut().zip(columns) {
        *slot = column.values();
    }
    out
}

/// Reads the present bar's values; those beyond `count` stay NaN.
#[inline(always)]
fn read(
    values: &mut [f64; MAX_COLUMNS],
    columns: &[&[f64]; MAX_COLUMNS],
    count: usize,
    index: usize,
) {
    for (value, column) in values[..count].iter_mut().zip(&columns[..count]) {
        *value = column[index];
    }
}
