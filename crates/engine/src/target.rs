//! Strategies that want a position of −1, 0 or 1, and the adapter that makes orders of it.
//!
//! A target strategy is a pure function of the present bar's columns, its parameters, what it holds
//! and a few remembered numbers. It is written once, generic over [`Lane`], so that a sweep
//! evaluates several parameter sets in one register; and it never sees a later bar, because only
//! the present bar's values are handed to it.

use std::ops::Range;

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

    fn pass(&mut self, instrument: InstrumentIndex, bars: Range<usize>) -> usize {
        if instrument != self.instrument {
            return bars.len();
        }
        let (params, columns, held) = (self.params, self.columns, self.held);
        let mut memory = self.memory;
        let mut values = [f64::NAN; MAX_COLUMNS];
        let mut passed = bars.len();
        for index in bars.clone() {
            read(&mut values, &columns, T::COLUMNS.len(), index);
            let now = Now { params: &params, values: &values, held };
            let mut next = memory;
            let target = Lane::max(T::decide(now, &mut next), self.lowest);
            if target != held {
                passed = index - bars.start;
                break;
            }
            memory = next;
        }
        self.memory = memory;
        if let Some(decisions) = &mut self.decisions {
            decisions.resize(decisions.len() + passed, held as i8);
        }
        passed
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
        let legs = [(0, target, first), (1, -target * ratio, first * ratio.abs())];
        for (instrument, direction, fraction) in legs {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use market::{Bar, BarSeries, Calendar, Timeframe};

    use super::*;
    use crate::costs::{Commission, Financing, Slippage};
    use crate::venue::{ExecutionRules, LimitFill};
    use crate::{AllowAll, FillAt, History, ParamSpec, Range, Run, Series, Setup, run};

    /// Long above its parameter and short below it, but only after three bars on that side.
    #[derive(Clone, Copy, Debug)]
    struct Patient;

    impl Target for Patient {
        const COLUMNS: &'static [ColumnSpec] = &[ColumnSpec::Close];

        fn decide<L: Lane>(now: Now<'_, L>, memory: &mut [L; MAX_MEMORY]) -> L {
            let ([level, ..], [close, ..]) = (*now.params, *now.values);
            let zero = L::splat(0.0);
            let count = |side: L::Mask, so_far: L| {
                L::select(side, Lane::max(so_far, zero) + L::splat(1.0), zero)
            };
            memory[0] = count(close.gt(level), memory[0]);
            memory[1] = count(close.lt(level), memory[1]);
            let long = L::select(memory[0].ge(L::splat(3.0)), L::splat(1.0), now.held);
            L::select(memory[1].ge(L::splat(3.0)), L::splat(-1.0), long)
        }
    }

    /// The same strategy, asked at every bar.
    struct Asked<S>(S);

    impl<S: Strategy> Strategy for Asked<S> {
        fn on_event(&mut self, event: &Event, portfolio: &Portfolio, actions: &mut Vec<Action>) {
            self.0.on_event(event, portfolio, actions);
        }
    }

    /// Prices that wander around 100; from bar `soars` on they double day by day.
    fn wandering(bars: usize, soars: usize) -> History {
        let mut state = 1_u64;
        let (mut price, mut series) = (100.0, BarSeries::with_capacity(bars));
        for bar in 0..bars {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let step = (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5;
            let back = 0.02 * (100.0 - price);
            let close = if bar < soars { price + step + back } else { price * 2.0 };
            let (high, low) = (f64::max(price, close), f64::min(price, close));
            let ts = bar as i64 * 86_400_000_000;
            series.push(Bar { ts, open: price, high, low, close, volume: 1e6 });
            price = close;
        }
        let rules = ExecutionRules {
            commission: Commission::bps(5.0),
            slippage: Slippage { bps: 2.0, ..Slippage::default() },
            participation: None,
            tick: 0.0,
            lot: 0.0,
            limit_fill: LimitFill::default(),
        };
        let (timeframe, calendar) = (Timeframe::Day1, Calendar::CRYPTO);
        let series = Series::new("X", Arc::new(series), &[], timeframe, calendar, rules).unwrap();
        History::new(vec![series], timeframe, calendar).unwrap()
    }

    fn patient(history: &History, asked: bool) -> (Option<Vec<i8>>, Run) {
        const LEVEL: &[ParamSpec] = &[ParamSpec {
            name: "level",
            description: "the price between long and short",
            default: 100.0,
            min: 1.0,
            max: 1e6,
            integer: false,
            sweep: Range { from: 90.0, to: 110.0, step: 1.0 },
        }];
        let params = Params::parse("patient", LEVEL, &[]).unwrap();
        let setup = Setup {
            cash: 10_000.0,
            fill_at: FillAt::NextOpen,
            allow_short: true,
            fraction: 1.0,
            financing: Financing::default(),
        };
        let target = TargetSetup { fraction: 1.0, allow_short: true, record: true };
        let columns = [ColumnData::Own(history.series[0].signal().close)];
        let strategy =
            TargetStrategy::<Patient>::new(0, &history.series[0], &columns, &params, target);
        let bars = 0..history.series[0].len();
        let stop = AtomicBool::new(false);
        if asked {
            let (strategy, run) =
                run(history, bars, &setup, Asked(strategy), &mut AllowAll, &stop).unwrap();
            (strategy.0.into_decisions(), run)
        } else {
            let (strategy, run) =
                run(history, bars, &setup, strategy, &mut AllowAll, &stop).unwrap();
            (strategy.into_decisions(), run)
        }
    }

    #[test]
    fn bars_passed_at_once_are_bars_shown_one_by_one() {
        let history = wandering(5_000, usize::MAX);
        let (at_once, one_by_one) = (patient(&history, false), patient(&history, true));
        assert!(at_once.1.portfolio.trades.len() > 10, "it trades");
        assert_eq!(at_once, one_by_one);
    }

    #[test]
    fn a_short_position_is_ruined_on_the_same_bar_either_way() {
        let history = (0..200)
            .map(|soars| wandering(260, 50 + soars))
            .find(|history| patient(history, true).1.ruined)
            .expect("some short position meets a price that doubles");
        let (at_once, one_by_one) = (patient(&history, false), patient(&history, true));
        assert!(at_once.1.ruined);
        assert_eq!(at_once.1, one_by_one.1);
    }
}
