//! A backtest of a target strategy in lanes: one step, several accounts.
//!
//! This is the same arithmetic as the event kernel's for what it covers: target strategies with
//! market orders at the next open (and a protective stop), linear costs, and a participation cap that does not bind.
//! A lane that leaves this ground is marked, and its row is run through the event kernel instead.

use crate::arithmetic::{affordable, cash_after, equity, linear_fee};
use crate::costs::{LotSize, Tick, floor_to_lot, round_against};
use crate::lane::{Lane, Mask};
use crate::portfolio::LEAST_UNITS;
use crate::target::{MAX_COLUMNS, MAX_MEMORY, MAX_PARAMS, Now, Target};

/// What every lane of a sweep has in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneRules {
    pub(crate) cash: f64,
    pub(crate) fraction: f64,
    pub(crate) lowest: f64,
    pub(crate) fee_rate: f64,
    pub(crate) slippage: f64,
    pub(crate) multiplier: f64,
    pub(crate) participation: Option<f64>,
    pub(crate) tick: Tick,
    pub(crate) lot: LotSize,
}

/// Several accounts side by side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account<L: Lane> {
    pub(crate) params: [L; MAX_PARAMS],
    memory: [L; MAX_MEMORY],
    cash: L,
    quantity: L,
    /// The target that was last decided.
    held: L,
    /// The target that was last traded.
    traded: L,
    /// Stop distance of the position that the next open brings, then the stop's price.
    distance: L,
    stop: L,
    equity: L,
    peak: L,
    worst: L,
    /// Below this share of the peak a drawdown may be a new worst one.
    watch: L,
    /// Σ of returns so far.
    pub(crate) sum: L,
    /// Σ of their squares.
    pub(crate) sum_squares: L,
    closed: L,
    /// 1 in lanes that only the event kernel can account for.
    outside: L,
}

/// Prices of a stretch of bars.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch<'a> {
    pub(crate) open: &'a [f64],
    pub(crate) high: &'a [f64],
    pub(crate) low: &'a [f64],
    pub(crate) close: &'a [f64],
    pub(crate) volume: &'a [f64],
    /// What makes raw distances of signal distances, a bar; empty where they are the same.
    pub(crate) signal_to_raw: &'a [f64],
}

/// A corporate action as lanes book it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LaneAction {
    /// One unit becomes `ratio`; `before` is the last close before.
    Split { ratio: f64, before: f64 },
    /// Cash a unit, at once.
    Dividend { amount: f64 },
}

/// What one lane came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LaneResult {
    pub(crate) final_equity: f64,
    pub(crate) sum: f64,
    pub(crate) sum_squares: f64,
    pub(crate) max_drawdown: f64,
    pub(crate) closed: f64,
    pub(crate) outside: bool,
}

impl<L: Lane> Account<L> {
    /// Accounts that have not begun.
    pub(crate) fn new(params: [L; MAX_PARAMS], rules: &LaneRules) -> Self {
        let zero = L::splat(0.0);
        let cash = L::splat(rules.cash);
        Self {
            params,
            memory: [L::splat(f64::NAN); MAX_MEMORY],
            cash,
            quantity: zero,
            held: zero,
            traded: zero,
            distance: zero,
            stop: L::splat(f64::NAN),
            equity: cash,
            peak: cash,
            worst: zero,
            watch: L::splat(1.0),
            sum: zero,
            sum_squares: zero,
            closed: zero,
            outside: zero,
        }
    }

    /// Runs a stretch of bars; `load(column, bar)` gives a column's value of a bar.
    ///
    /// With `marks` each close is valued, for returns and drawdown; without it only the end is.
    #[inline(always)]
    pub(crate) fn run<T: Target>(
        &mut self,
        stretch: &Stretch<'_>,
        rules: &LaneRules,
        marks: bool,
        changes: &mut Changes<L>,
        load: impl Fn(usize, usize) -> L,
    ) {
        let mut account = *self;
        if T::STOPS {
            account.run_together::<T>(stretch, rules, marks, load);
        } else {
            let count = account.decide_all::<T>(stretch.open.len(), rules, changes, load);
            account.follow(stretch, rules, marks, changes.iter(count));
        }
        if let Some(&last) = stretch.close.last().filter(|_| !marks) {
            account.equity = account.value(last, rules);
        }
        *self = account;
    }

    /// Decides and trades bar by bar, for a stop may end a position in between.
    #[inline(always)]
    fn run_together<T: Target>(
        &mut self,
        stretch: &Stretch<'_>,
        rules: &LaneRules,
        marks: bool,
        load: impl Fn(usize, usize) -> L,
    ) {
        let bars = stretch.open.len();
        let (open, close) = (&stretch.open[..bars], &stretch.close[..bars]);
        for bar in 0..bars {
            if self.wants_to_trade() {
                self.trade(open[bar], stretch.volume[bar], rules, true);
            }
            self.match_stops(stretch, bar, rules);
            if marks {
                self.mark(close[bar], rules);
            }
            let values = columns::<L, T>(&load, bar);
            let now = Now { params: &self.params, values: &values, held: self.held };
            let target = T::decide(now, &mut self.memory).max(L::splat(rules.lowest));
            let scale = stretch.signal_to_raw.get(bar).copied().unwrap_or(1.0);
            let distance = T::stop_distance(now) * L::splat(scale);
            let changed = target.eq(self.held).not();
            self.distance = L::select(changed, distance, self.distance);
            self.held = target;
        }
    }

    /// Decides on every bar and notes where any lane's target changes; how many such bars there
    /// are.
    ///
    /// Without stops no decision depends on what was traded, so all can be made first. That takes
    /// the one branch that no processor foresees out of the loop over bars.
    #[inline(always)]
    fn decide_all<T: Target>(
        &mut self,
        bars: usize,
        rules: &LaneRules,
        changes: &mut Changes<L>,
        load: impl Fn(usize, usize) -> L,
    ) -> usize {
        let (params, mut memory, mut held) = (self.params, self.memory, self.held);
        let lowest = L::splat(rules.lowest);
        let (at, targets) = changes.room(bars);
        let mut count = 0;
        for bar in 0..bars {
            let values = columns::<L, T>(&load, bar);
            let now = Now { params: &params, values: &values, held };
            let target = T::decide(now, &mut memory).max(lowest);
            // Written always and counted when it is a change: no branch.
            at[count] = bar;
            targets[count] = target;
            count += usize::from(target.eq(held).not().any());
            held = target;
        }
        self.memory = memory;
        count
    }

    /// Trades what was decided: from change to change positions stay as they are.
    #[inline(always)]
    fn follow(
        &mut self,
        stretch: &Stretch<'_>,
        rules: &LaneRules,
        marks: bool,
        changes: impl Iterator<Item = (usize, L)>,
    ) {
        let bars = stretch.open.len();
        let (open, volume) = (&stretch.open[..bars], &stretch.volume[..bars]);
        if bars > 0 && self.wants_to_trade() {
            self.trade(open[0], volume[0], rules, false);
        }
        let mut marked = 0;
        for (bar, target) in changes {
            if marks {
                self.mark_all(&stretch.close[marked..=bar], rules);
                marked = bar + 1;
            }
            self.held = target;
            // What the last bar decides is traded on the first of the next stretch.
            if bar + 1 < bars {
                self.trade(open[bar + 1], volume[bar + 1], rules, false);
            }
        }
        if marks {
            self.mark_all(&stretch.close[marked..], rules);
        }
    }

    #[inline(always)]
    fn mark_all(&mut self, closes: &[f64], rules: &LaneRules) {
        for &close in closes {
            self.mark(close, rules);
        }
    }

    #[inline(always)]
    fn wants_to_trade(&self) -> bool {
        self.held.eq(self.traded).not().any()
    }

    #[inline(always)]
    fn value(&self, close: f64, rules: &LaneRules) -> L {
        equity(self.cash, self.quantity * L::splat(rules.multiplier), L::splat(close))
    }

    #[inline(always)]
    fn mark(&mut self, close: f64, rules: &LaneRules) {
        let equity = self.value(close, rules);
        let change = equity / self.equity - L::splat(1.0);
        self.sum = self.sum + change;
        self.sum_squares = self.sum_squares + change * change;
        self.equity = equity;
        self.peak = equity.max(self.peak);
        // The division is made only where a new worst drawdown is possible at all.
        if equity.lt(self.peak * self.watch).any() {
            let drawdown = equity / self.peak - L::splat(1.0);
            self.worst = drawdown.min(self.worst);
            let watch = (L::splat(1.0) + self.worst) * L::splat(WATCH_SLACK);
            self.watch = L::select(self.worst.lt(L::splat(0.0)), watch, L::splat(1.0));
            let ruined = equity.le(L::splat(0.0));
            self.outside = L::select(ruined, L::splat(1.0), self.outside);
        }
    }

    /// Trades lanes whose target changed: what is held is closed, then the new side is opened.
    #[inline(always)]
    fn trade(&mut self, at: f64, volume: f64, rules: &LaneRules, stops: bool) {
        let (zero, one) = (L::splat(0.0), L::splat(1.0));
        let changes = self.held.eq(self.traded).not();
        let buy = L::splat(round_against(at * (1.0 + rules.slippage), rules.tick, true));
        let sell = L::splat(round_against(at * (1.0 - rules.slippage), rules.tick, false));
        let multiplier = L::splat(rules.multiplier);

        let had = self.quantity.eq(zero).not();
        let price = L::select(self.quantity.gt(zero), sell, buy);
        let units = self.quantity * multiplier;
        let fee = linear_fee(self.quantity.abs() * multiplier, price, rules.fee_rate);
        let cash = L::select(had, cash_after(self.cash, -units, price, fee), self.cash);

        let opens = self.held.eq(zero).not();
        let longs = self.held.gt(zero);
        let price = L::select(longs, buy, sell);
        let money = L::splat(rules.fraction) * cash;
        let money = L::select(longs, money.min(cash), money);
        let lot = affordable(money, price * multiplier, rules.fee_rate, rules.lot);
        let quantity = L::select(longs, lot, -lot);
        let fee = linear_fee(lot * multiplier, price, rules.fee_rate);
        let after = cash_after(cash, quantity * multiplier, price, fee);
        let opens = opens.and(lot.gt(zero));
        // What is left of a lost account buys less than the portfolio counts as a position.
        let dust = changes.and(opens).and(lot.le(L::splat(LEAST_UNITS)));
        self.outside = L::select(dust, one, self.outside);

        if let Some(share) = rules.participation {
            // A stop may close on the same bar what opens here, and both share the bar's volume.
            let kept = if stops { 0.5 } else { 1.0 };
            let budget = L::splat(floor_to_lot(share * volume, rules.lot) * kept);
            let traded = L::select(had, self.quantity.abs(), zero) + L::select(opens, lot, zero);
            let bound = changes.and(traded.gt(budget));
            self.outside = L::select(bound, one, self.outside);
        }
        self.closed = L::select(changes.and(had), self.closed + one, self.closed);
        self.cash = L::select(changes, L::select(opens, after, cash), self.cash);
        self.quantity = L::select(changes, L::select(opens, quantity, zero), self.quantity);
        let level = price - self.held * self.distance;
        let guarded = opens.and(self.distance.gt(zero));
        let level = L::select(guarded, level, L::splat(f64::NAN));
        self.stop = L::select(changes, level, self.stop);
        self.traded = self.held;
    }

    /// Closes lanes whose stop the bar reached, at the open if it gapped through.
    #[inline(always)]
    fn match_stops(&mut self, stretch: &Stretch<'_>, bar: usize, rules: &LaneRules) {
        let zero = L::splat(0.0);
        let long = self.quantity.gt(zero);
        let short = zero.gt(self.quantity);
        let (open, high, low) =
            (L::splat(stretch.open[bar]), L::splat(stretch.high[bar]), L::splat(stretch.low[bar]));
        let gapped = long.and(open.le(self.stop)).or(short.and(open.ge(self.stop)));
        let reached = gapped.or(long.and(low.le(self.stop))).or(short.and(high.ge(self.stop)));
        if !reached.any() {
            return;
        }
        let at = L::select(gapped, open, self.stop);
        let buy = round_against(at * L::splat(1.0 + rules.slippage), rules.tick, true);
        let sell = round_against(at * L::splat(1.0 - rules.slippage), rules.tick, false);
        let price = L::select(long, sell, buy);
        let multiplier = L::splat(rules.multiplier);
        let fee = linear_fee(self.quantity.abs() * multiplier, price, rules.fee_rate);
        let cash = cash_after(self.cash, -(self.quantity * multiplier), price, fee);
        if let Some(share) = rules.participation {
            // The entry may have taken its share of the same bar, so the cap is not judged here.
            let budget = L::splat(floor_to_lot(share * stretch.volume[bar], rules.lot) * 0.5);
            let bound = reached.and(self.quantity.abs().gt(budget));
            self.outside = L::select(bound, L::splat(1.0), self.outside);
        }
        self.cash = L::select(reached, cash, self.cash);
        self.quantity = L::select(reached, zero, self.quantity);
        self.closed = L::select(reached, self.closed + L::splat(1.0), self.closed);
        self.held = L::select(reached, zero, self.held);
        self.traded = L::select(reached, zero, self.traded);
        self.stop = L::select(reached, L::splat(f64::NAN), self.stop);
    }

    /// Books a corporate action before the open of the next stretch.
    pub(crate) fn act(&mut self, action: LaneAction, rules: &LaneRules) {
        match action {
            LaneAction::Split { ratio, before } => self.split(ratio, before, rules),
            LaneAction::Dividend { amount } => {
                let units = self.quantity * L::splat(rules.multiplier);
                self.cash = self.cash + units * L::splat(amount);
            }
        }
    }

    fn split(&mut self, ratio: f64, before: f64, rules: &LaneRules) {
        let zero = L::splat(0.0);
        let grown = self.quantity * L::splat(ratio);
        let kept = floor_to_lot(grown.abs(), rules.lot);
        let kept = L::select(zero.gt(grown), -kept, kept);
        let price = L::splat(before / ratio);
        self.cash = self.cash + (grown - kept) * price * L::splat(rules.multiplier);
        // What is paid out whole is a round trip that ended.
        let ended = kept.eq(zero).and(self.quantity.eq(zero).not());
        self.closed = L::select(ended, self.closed + L::splat(1.0), self.closed);
        self.quantity = kept;
        self.stop = self.stop / L::splat(ratio);
        self.distance = self.distance / L::splat(ratio);
    }
}

/// Bars of a stretch on which the target of any lane changed, and the targets from then on.
#[derive(Debug)]
pub(crate) struct Changes<L> {
    at: Vec<usize>,
    targets: Vec<L>,
}

impl<L> Default for Changes<L> {
    fn default() -> Self {
        Self { at: Vec::new(), targets: Vec::new() }
    }
}

impl<L: Lane> Changes<L> {
    /// Room for a change on each of so many bars.
    fn room(&mut self, bars: usize) -> (&mut [usize], &mut [L]) {
        if self.at.len() < bars {
            self.at.resize(bars, 0);
            self.targets.resize(bars, L::splat(0.0));
        }
        (&mut self.at[..bars], &mut self.targets[..bars])
    }

    /// The first `count` changes.
    fn iter(&self, count: usize) -> impl Iterator<Item = (usize, L)> {
        self.at[..count].iter().copied().zip(self.targets[..count].iter().copied())
    }
}

/// A bar's values of the columns that a strategy reads; those beyond stay NaN.
#[inline(always)]
fn columns<L: Lane, T: Target>(load: &impl Fn(usize, usize) -> L, bar: usize) -> [L; MAX_COLUMNS] {
    let mut values = [L::splat(f64::NAN); MAX_COLUMNS];
    for (column, value) in values.iter_mut().enumerate().take(T::COLUMNS.len()) {
        *value = load(column, bar);
    }
    values
}

/// Keeps a drawdown that equals the worst but for rounding from being overlooked.
const WATCH_SLACK: f64 = 1.0 + 1e-14;

impl<const N: usize> Account<crate::lane::Lanes<N>> {
    /// What one lane came to.
    pub(crate) fn result(&self, lane: usize) -> LaneResult {
        LaneResult {
            final_equity: self.equity.0[lane],
            sum: self.sum.0[lane],
            sum_squares: self.sum_squares.0[lane],
            max_drawdown: self.worst.0[lane],
            closed: self.closed.0[lane],
            outside: self.outside.0[lane] != 0.0,
        }
    }
}
