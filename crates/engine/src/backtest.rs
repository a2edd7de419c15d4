//! A backtest: history through the kernel and the simulated venue.

use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use market::{ActionKind, Bar, BarSeries, Bars, Micros};
use serde::{Deserialize, Serialize};

use crate::costs::{Financing, ImpactContext, LotSize, floor_to_lot};
use crate::gate::Gate;
use crate::history::{History, Series};
use crate::kernel::{Action, Event, Kernel, Strategy};
use crate::marks::Marks;
use crate::order::{Fill, InstrumentIndex};
use crate::portfolio::Portfolio;
use crate::venue::{BarContext, ExecutionRules, SimulatedVenue};

/// At which price a decision made at a close is traded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FillAt {
    /// At the next bar's open.
    #[default]
    NextOpen,
    /// At the close that decided it: optimistic, for nobody can trade at a price already past.
    Close,
}

/// What every backtest of a run has in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Money to begin with.
    pub cash: f64,
    /// At which price decisions trade.
    pub fill_at: FillAt,
    /// Whether strategies may sell short.
    pub allow_short: bool,
    /// Share of equity that all targets together take.
    pub fraction: f64,
    /// What holding positions costs.
    pub financing: Financing,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Opening instants of the bars, one a mark.
    pub timeline: Timeline,
    /// Equity at each bar's close.
    pub equity: Vec<f64>,
    /// Bars at whose close a position was held.
    pub bars_in_market: usize,
    /// Sum over bars of gross exposure as a share of equity.
    pub gross_exposure: f64,
    /// The account at the end.
    pub portfolio: Portfolio,
    /// Executions, in order.
    pub fills: Vec<Fill>,
    /// Orders that the gate denied.
    pub denied: usize,
    /// Whether equity fell to zero or below, which ended trading.
    pub ruined: bool,
}

/// Opening instants of the bars of a run: those of its only instrument, or of several merged.
#[derive(Clone, Debug, PartialEq)]
pub enum Timeline {
    /// A stretch of the bars of one instrument, shared with it.
    Shared(Arc<BarSeries>, Range<usize>),
    /// Instants of several instruments.
    Merged(Vec<Micros>),
}

impl Deref for Timeline {
    type Target = [Micros];

    fn deref(&self) -> &[Micros] {
        match self {
            Self::Shared(series, range) => &series.ts[range.clone()],
            Self::Merged(instants) => instants,
        }
    }
}

/// Why a run has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
}

/// Runs a strategy over bars `range` of a history.
///
/// For several instruments the range counts bars of the first, and bounds the others in time.
/// `stop` is looked at now and then.
///
/// # Errors
/// [`RunError::Stopped`] when `stop` became true.
pub fn run<S: Strategy>(
    history: &History,
    range: Range<usize>,
    setup: &Setup,
    strategy: S,
    gate: &mut impl Gate,
    stop: &AtomicBool,
) -> Result<(S, Run), RunError> {
    Driver::new(history, range, setup, strategy).run(gate, stop)
}

struct Driver<'a, S> {
    history: &'a History,
    setup: &'a Setup,
    kernel: Kernel<S>,
    venue: SimulatedVenue,
    cursors: Vec<Cursor>,
    run: Run,
    needs_month: bool,
    holding_costs: bool,
    /// Whether a new day may bring bookings: holding costs, or dividends that wait for their day.
    books_days: bool,
    pending_dividends: Vec<(Micros, f64)>,
    last_financing: Option<Micros>,
    scratch: Vec<Action>,
}

/// Where an instrument's feed stands.
#[derive(Clone, Debug)]
struct Cursor {
    next: usize,
    end: usize,
    next_action: usize,
    /// Bar of the next corporate action.
    action_bar: usize,
}

/// A bar of the present instant: whose, and its number.
type Present<'a> = (InstrumentIndex, &'a Series, usize);

const DAY: Micros = 86_400_000_000;
/// Bars between two looks at the stop flag.
const STOP_INTERVAL: usize = 1 << 16;
/// Bars that a strategy is first asked to pass at once.
const FIRST_PASS: usize = 16;
/// Bars that it is asked to pass at once at most.
const LONGEST_PASS: usize = 1024;

impl<'a, S: Strategy> Driver<'a, S> {
    fn new(history: &'a History, range: Range<usize>, setup: &'a Setup, strategy: S) -> Self {
        let first = &history.series[0];
        let from = first.raw().ts[range.start];
        let until = first.raw().ts[range.end - 1];
        let cursors: Vec<Cursor> = history
            .series
            .iter()
            .map(|series| {
                let next = series.raw().ts.partition_point(|&ts| ts < from);
                let end = series.raw().ts.partition_point(|&ts| ts <= until);
                // An action on the first bar itself concerns nobody: there is no position yet.
                let next_action = series.actions.partition_point(|action| action.bar <= next);
                Cursor { next, end, next_action, action_bar: series.action_bar(next_action) }
            })
            .collect();
        let bars = cursors.iter().map(|cursor| cursor.end - cursor.next).max().unwrap_or_default();
        let portfolio =
            Portfolio::new(setup.cash, history.series.iter().map(|series| series.multiplier));
        let venue = SimulatedVenue::new(history.series.iter().map(|series| {
            let impact = series
                .rules
                .slippage
                .linear_rate()
                .is_none()
                .then(|| ImpactContext::new(series.raw(), &series.marks.session));
            (series.rules.clone(), series.multiplier, impact)
        }));
        let run = Run {
            timeline: Timeline::Merged(Vec::new()),
            equity: Vec::with_capacity(bars),
            bars_in_market: 0,
            gross_exposure: 0.0,
            portfolio: Portfolio::new(0.0, []),
            fills: Vec::new(),
            denied: 0,
            ruined: false,
        };
        Self {
            history,
            setup,
            kernel: Kernel::new(strategy, portfolio),
            venue,
            cursors,
            run,
            needs_month: history.series.iter().any(|s| s.rules.commission.linear_rate().is_none()),
            holding_costs: !setup.financing.is_zero(),
            books_days: !setup.financing.is_zero(),
            pending_dividends: Vec::new(),
            last_financing: None,
            scratch: Vec::new(),
        }
    }

    fn run(mut self, gate: &mut impl Gate, stop: &AtomicBool) -> Result<(S, Run), RunError> {
        match self.history.series.as_slice() {
            [series] => self.run_one(series, gate, stop)?,
            _ => self.run_many(gate, stop)?,
        }
        let (strategy, portfolio) = self.kernel.into_parts();
        self.run.portfolio = portfolio;
        Ok((strategy, self.run))
    }

    /// The feed of one instrument: its bars in order.
    fn run_one(
        &mut self,
        series: &Series,
        gate: &mut impl Gate,
        stop: &AtomicBool,
    ) -> Result<(), RunError> {
        let Cursor { next, end, .. } = self.cursors[0];
        let bars = series.raw();
        let mut marks = Marks::new(std::mem::take(&mut self.run.equity));
        let mut index = next;
        let mut look = next;
        while index < end {
            if index >= look {
                if stop.load(Ordering::Relaxed) {
                    return Err(RunError::Stopped);
                }
                look = index + STOP_INTERVAL;
            }
            let bar = bars.get(index);
            self.begin_day(bar.ts);
            self.open(0, series, index, gate);
            self.kernel.mark(0, bar.close);
            if marks.add(self.kernel.portfolio().value()) && !self.run.ruined {
                self.liquidate();
            }
            self.decide(0, series, (index, bar), index + 1 == end, gate);
            index += 1;
            index += self.pass_quiet_bars(series, index..end.min(look), &mut marks);
        }
        marks.into_run(&mut self.run);
        self.run.timeline = Timeline::Shared(series.shared(), next..end);
        Ok(())
    }

    /// Passes the bars on which nothing happens but that they are valued: nothing works at the
    /// venue, no event is due, and the strategy asks for nothing. How many those are.
    #[inline]
    fn pass_quiet_bars(&mut self, series: &Series, bars: Range<usize>, marks: &mut Marks) -> usize {
        if !self.venue.is_idle() || self.books_days || self.run.ruined {
            return 0;
        }
        let until = bars.end.min(self.cursors[0].action_bar);
        let holding = self.kernel.portfolio().holding();
        let closes = &series.raw().close;
        let mut next = bars.start;
        // Few at first, for the next trade may be near, then more.
        let mut most = FIRST_PASS;
        while next < until {
            let stretch = next..until.min(next + most);
            touch(series.raw().slice(stretch.clone()));
            let ahead = &closes[stretch];
            let sound = holding.sound_bars(ahead);
            let passed = self.kernel.pass(0, next..next + sound);
            marks.extend(holding, &ahead[..passed]);
            next += passed;
            if passed < most {
                break;
            }
            most = LONGEST_PASS.min(2 * most);
        }
        if next > bars.start {
            self.kernel.mark(0, closes[next - 1]);
        }
        next - bars.start
    }

    /// The feed of several instruments: the earliest bar first, bars of one instant together.
    fn run_many(&mut self, gate: &mut impl Gate, stop: &AtomicBool) -> Result<(), RunError> {
        let history = self.history;
        let mut instants = Vec::new();
        let mut marks = Marks::new(std::mem::take(&mut self.run.equity));
        let mut present = Vec::with_capacity(history.series.len());
        while let Some(ts) = self.next_instant() {
            if instants.len().is_multiple_of(STOP_INTERVAL) && stop.load(Ordering::Relaxed) {
                return Err(RunError::Stopped);
            }
            present.clear();
            for (instrument, series) in history.series.iter().enumerate() {
                let cursor = &mut self.cursors[instrument];
                if cursor.next < cursor.end && series.raw().ts[cursor.next] == ts {
                    present.push((instrument, series, cursor.next));
                    cursor.next += 1;
                }
            }
            self.begin_day(ts);
            self.open_together(&present, gate);
            for &(instrument, series, index) in &present {
                self.kernel.mark(instrument, series.raw().close[index]);
            }
            instants.push(ts);
            if marks.add(self.kernel.portfolio().value()) && !self.run.ruined {
                self.liquidate();
            }
            let last = self.cursors.iter().all(|cursor| cursor.next >= cursor.end);
            for &(instrument, series, index) in &present {
                let bar = series.raw().get(index);
                self.decide(instrument, series, (index, bar), last, gate);
            }
        }
        marks.into_run(&mut self.run);
        self.run.timeline = Timeline::Merged(instants);
        Ok(())
    }

    /// The earliest bar that has not been handled.
    fn next_instant(&self) -> Option<Micros> {
        let heads = self.cursors.iter().zip(&self.history.series);
        heads
            .filter(|(cursor, _)| cursor.next < cursor.end)
            .map(|(cursor, series)| series.raw().ts[cursor.next])
            .min()
    }

    /// Books what a new day brings: financing since the last, and dividends that are paid.
    #[inline(always)]
    fn begin_day(&mut self, ts: Micros) {
        if self.books_days {
            self.book_day(ts);
        }
    }

    #[cold]
    fn book_day(&mut self, ts: Micros) {
        if !self.pending_dividends.is_empty() {
            let (paid, waiting) = self.pending_dividends.iter().partition(|(pay, _)| *pay <= ts);
            let paid: Vec<(Micros, f64)> = paid;
            self.pending_dividends = waiting;
            for (_, amount) in paid {
                self.kernel.handle(&Event::DividendPaid { amount });
            }
            self.books_days = self.holding_costs || !self.pending_dividends.is_empty();
        }
        if !self.holding_costs {
            return;
        }
        let today = ts.div_euclid(DAY);
        let days = self.last_financing.map_or(0, |last| today - last);
        self.last_financing = Some(today);
        if days > 0 {
            let portfolio = self.kernel.portfolio();
            let shorts = portfolio
                .positions
                .iter()
                .filter(|position| position.quantity < 0.0)
                .map(|position| (-position.quantity * position.multiplier, position.mark));
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            let amount = self.setup.financing.charge(portfolio.cash, shorts, days);
            if amount != 0.0 {
                self.kernel.handle(&Event::Financing { amount });
            }
        }
    }

    /// Corporate actions, then orders that were working before the open.
    #[inline(always)]
    fn open(
        &mut self,
        instrument: InstrumentIndex,
        series: &Series,
        index: usize,
        gate: &mut impl Gate,
    ) {
        if self.cursors[instrument].action_bar == index {
            self.act(instrument, series, index);
        }
        if !self.venue.is_idle() {
            self.match_orders(instrument, series, index, gate);
        }
    }

    /// The same for bars of one instant.
    fn open_together(&mut self, present: &[Present<'_>], gate: &mut impl Gate) {
        for &(instrument, series, index) in present {
            if self.cursors[instrument].action_bar == index {
                self.act(instrument, series, index);
            }
        }
        if self.venue.is_idle() {
            return;
        }
        let bars: Vec<BarContext<'_>> = present
            .iter()
            .map(|&(instrument, series, index)| self.context(instrument, series, index))
            .collect();
        self.venue.open_bars(&bars);
        while let Some((number, fill)) = self.venue.next_fill_of(&bars, self.kernel.portfolio()) {
            self.fill(fill, &bars[number], present[number].1, gate);
        }
        for bar in &bars {
            self.venue.close_bar(bar);
        }
        self.tell_canceled(gate);
    }

    #[inline(never)]
    fn match_orders(
        &mut self,
        instrument: InstrumentIndex,
        series: &Series,
        index: usize,
        gate: &mut impl Gate,
    ) {
        let bar = self.context(instrument, series, index);
        self.venue.open_bar(&bar);
        while let Some(fill) = self.venue.next_fill(&bar, self.kernel.portfolio()) {
            self.fill(fill, &bar, series, gate);
        }
        self.venue.close_bar(&bar);
        self.tell_canceled(gate);
    }

    /// The strategy sees the bar; what it wants is active from the next bar on.
    #[inline(always)]
    fn decide(
        &mut self,
        instrument: InstrumentIndex,
        series: &Series,
        (index, bar): (usize, Bar),
        last: bool,
        gate: &mut impl Gate,
    ) {
        let actions = self.kernel.handle(&Event::Bar { instrument, index, bar });
        if !actions.is_empty() && !last && !self.run.ruined {
            self.kernel.swap_actions(&mut self.scratch);
            self.act_on_bar(instrument, series, index, gate);
        }
    }

    #[inline(never)]
    fn act_on_bar(
        &mut self,
        instrument: InstrumentIndex,
        series: &Series,
        index: usize,
        gate: &mut impl Gate,
    ) {
        self.perform(gate);
        if self.setup.fill_at == FillAt::Close {
            let bar = self.context(instrument, series, index);
            while let Some(fill) = self.venue.fill_at_close(&bar, self.kernel.portfolio()) {
                self.fill(fill, &bar, series, gate);
            }
            self.venue.close_bar(&bar);
        }
        self.tell_canceled(gate);
    }

    fn fill(&mut self, fill: Fill, bar: &BarContext<'_>, series: &Series, gate: &mut impl Gate) {
        self.run.fills.push(fill);
        let (time, index) = (series.raw().ts[bar.index], bar.index);
        let actions = self.kernel.handle(&Event::Fill { fill, time, index });
        if !actions.is_empty() && !self.run.ruined {
            self.kernel.swap_actions(&mut self.scratch);
            self.perform(gate);
        }
    }

    fn tell_canceled(&mut self, gate: &mut impl Gate) {
        while let Some((order, reason)) = self.venue.next_canceled() {
            let actions = self.kernel.handle(&Event::Canceled { order, reason });
            if !actions.is_empty() && !self.run.ruined {
                self.kernel.swap_actions(&mut self.scratch);
                self.perform(gate);
            }
        }
    }

    /// Passes the actions in `scratch` through the gate to the venue.
    fn perform(&mut self, gate: &mut impl Gate) {
        for action in &self.scratch {
            match action {
                Action::Place(intent) if gate.allows(intent, self.kernel.portfolio()) => {
                    self.venue.submit(*intent);
                }
                Action::Place(_) => self.run.denied += 1,
                Action::Cancel(order) => self.venue.cancel(*order),
                Action::CancelAll(instrument) => self.venue.cancel_all(*instrument),
            }
        }
    }

    #[cold]
    fn act(&mut self, instrument: InstrumentIndex, series: &Series, index: usize) {
        let cursor = &mut self.cursors[instrument];
        let due = series.actions[cursor.next_action..].iter().take_while(|a| a.bar == index);
        let due: Vec<ActionKind> = due.map(|action| action.kind).collect();
        cursor.next_action += due.len();
        cursor.action_bar = series.action_bar(cursor.next_action);
        for kind in due {
            self.book_action(instrument, series, index, kind);
        }
    }

    fn book_action(
        &mut self,
        instrument: InstrumentIndex,
        series: &Series,
        index: usize,
        kind: ActionKind,
    ) {
        let position = &self.kernel.portfolio().positions[instrument];
        let (held, mark) = (position.quantity, position.mark);
        let (kept, price) = match kind {
            ActionKind::Split { ratio } => {
                self.venue.split(instrument, ratio);
                (split_units(held, ratio, &series.rules), mark / ratio)
            }
            ActionKind::Dividend { amount, pay_date } => {
                if let Some(date) = pay_date {
                    let due = held * position.multiplier * amount;
                    self.books_days = true;
                    self.pending_dividends.push((market::midnight(date), due));
                }
                (held, mark)
            }
        };
        let time = series.raw().ts[index];
        self.kernel.handle(&Event::CorporateAction { instrument, kind, kept, price, time, index });
    }

    /// Ends trading when nothing is left.
    #[cold]
    fn liquidate(&mut self) {
        use crate::order::{Amount, Intent, Side};
        self.run.ruined = true;
        for instrument in 0..self.history.series.len() {
            self.venue.cancel_all(instrument);
            let held = self.kernel.portfolio().positions[instrument].quantity;
            if held != 0.0 {
                self.venue.submit(Intent::market(
                    instrument,
                    Side::closing(held),
                    Amount::Position,
                ));
            }
        }
    }

    #[inline(always)]
    fn context<'s>(
        &self,
        instrument: InstrumentIndex,
        series: &'s Series,
        index: usize,
    ) -> BarContext<'s> {
        let (bars, marks) = (series.raw(), &series.marks);
        BarContext {
            instrument,
            index,
            open: &bars.open[index],
            high: &bars.high[index],
            low: &bars.low[index],
            close: &bars.close[index],
            volume: &bars.volume[index],
            session: &marks.session[index],
            bar_in_session: &marks.bar_in_session[index],
            bars_to_close: &marks.bars_to_close[index],
            month: if self.needs_month { month_of(bars.ts[index]) } else { 0 },
        }
    }
}

/// Brings what a trade will read into the cache.
///
/// Nothing else reads these columns in order, so each trade would wait for the memory: a fourth of
/// a run.
fn touch(bars: Bars<'_>) {
    const LINE: usize = 64 / size_of::<f64>();
    for (open, ts) in bars.open.iter().zip(bars.ts).step_by(LINE) {
        std::hint::black_box((*open, *ts));
    }
}

/// Units after a split: a fraction that no lot holds is paid in cash.
pub(crate) fn split_units(held: f64, ratio: f64, rules: &ExecutionRules) -> f64 {
    let grown = held * ratio;
    grown.signum() * floor_to_lot(grown.abs(), LotSize::new(rules.lot))
}

/// Calendar month of an instant in UTC, counted from year 0.
fn month_of(ts: Micros) -> i32 {
    let date = market::date_of(ts);
    i32::from(date.year()) * 12 + i32::from(date.month())
}
