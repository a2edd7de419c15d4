//! Random markets, setups and parameters, all of one seed.
//!
//! Prices lie on a grid of cents, so that averages tie; they stand still at times, gap, and trade
//! nothing. A failing property prints the seed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use engine::costs::{Commission, Financing, Slippage};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{AllowAll, Entry, FillAt, History, Job, Outcome, ParamSpec, Params, Series, Setup};
use market::{
    ActionKind, Bar, BarSeries, Calendar, CorporateAction, MICROS_PER_MINUTE, Micros, Timeframe,
    date_of, midnight,
};

use crate::seeded::Chance;

/// Which markets a property is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kind {
    pub(crate) bars: usize,
    pub(crate) intraday: bool,
    pub(crate) actions: bool,
}

/// Opening instants of the bars.
fn instants(chance: &mut Chance, kind: Kind) -> (Vec<Micros>, Timeframe) {
    let calendar = Calendar::NYSE;
    let first = date_of(1_420_070_400_000_000 + chance.below(2_000) as i64 * 86_400_000_000);
    let mut session = calendar.first_session_on_or_after(first).expect("a session");
    let mut instants = Vec::with_capacity(kind.bars);
    let timeframe = if kind.intraday {
        chance.pick(&[Timeframe::Minute5, Timeframe::Minute30])
    } else {
        Timeframe::Day1
    };
    let step = timeframe.minutes().map(|minutes| i64::from(minutes) * MICROS_PER_MINUTE);
    while instants.len() < kind.bars {
        match step {
            None => instants.push(midnight(session.date)),
            Some(step) => {
                let mut ts = session.open;
                while ts < session.close && instants.len() < kind.bars {
                    // Bars without a trade do not exist.
                    if !chance.once_in(40) {
                        instants.push(ts);
                    }
                    ts += step;
                }
            }
        }
        session = calendar.plus_sessions(session.date, 1).expect("a session");
    }
    (instants, timeframe)
}

/// A market that does what markets do.
pub(crate) fn bars(chance: &mut Chance, instants: &[Micros]) -> BarSeries {
    let mut series = BarSeries::with_capacity(instants.len());
    let mut cents = 500.0 + chance.below(20_000) as f64;
    let wild = chance.pick(&[0.002, 0.01, 0.04]);
    let (mut still, mut drift) = (0, 0.0);
    if chance.once_in(3) {
        still = chance.below(40);
    }
    for &ts in instants {
        if still == 0 && chance.once_in(60) {
            still = 1 + chance.below(30);
        }
        if chance.once_in(25) {
            drift = chance.between(-wild, wild) * 0.7;
        }
        let move_by = |chance: &mut Chance, cents: f64, by: f64| {
            (cents * (1.0 + drift * 0.5 + chance.between(-by, by))).round().clamp(5.0, 5e6)
        };
        let open = if still > 0 || chance.once_in(3) {
            cents
        } else {
            let gap = if chance.once_in(30) { 8.0 } else { 0.5 };
            move_by(chance, cents, wild * gap)
        };
        let close = if still > 0 { open } else { move_by(chance, open, wild) };
        let reach = |chance: &mut Chance| {
            if still > 0 && !chance.once_in(4) {
                0.0
            } else {
                (open * chance.between(0.0, wild * 0.5)).round()
            }
        };
        let high = open.max(close) + reach(chance);
        let low = (open.min(close) - reach(chance)).max(1.0);
        cents = close;
        still -= usize::from(still > 0);
        let volume = if chance.once_in(30) { 0.0 } else { chance.below(2_000_000) as f64 };
        let [open, high, low, close] = [open, high, low, close].map(|cents| cents / 100.0);
        series.push(Bar { ts, open, high, low, close, volume });
    }
    series
}

fn actions(chance: &mut Chance, bars: &BarSeries) -> Vec<CorporateAction> {
    let mut dates: Vec<_> = bars.ts.iter().map(|&ts| date_of(ts)).collect();
    dates.dedup();
    let mut actions: Vec<CorporateAction> = Vec::new();
    for _ in 0..chance.below(5) {
        // Several on one day too.
        let again = actions.last().filter(|_| chance.once_in(4)).map(|action| action.ex_date);
        let ex_date = again.unwrap_or_else(|| chance.pick(&dates));
        let kind = if chance.once_in(2) {
            ActionKind::Split { ratio: chance.pick(&[2.0, 3.0, 1.5, 0.5, 0.1]) }
        } else {
            ActionKind::Dividend { amount: chance.pick(&[0.01, 0.005, 0.037]), pay_date: None }
        };
        actions.push(CorporateAction { ex_date, kind });
    }
    actions
}

fn rules(chance: &mut Chance) -> ExecutionRules {
    ExecutionRules {
        commission: if chance.once_in(3) { Commission::none() } else { Commission::bps(5.0) },
        slippage: Slippage { bps: chance.pick(&[0.0, 2.0, 7.3]), ..Slippage::default() },
        participation: chance.pick(&[None, None, Some(0.1)]),
        tick: chance.pick(&[0.0, 0.01, 0.25]),
        lot: chance.pick(&[0.0, 1.0, 0.001]),
        limit_fill: LimitFill::default(),
    }
}

/// A history of one instrument.
pub(crate) fn history(chance: &mut Chance, kind: Kind) -> History {
    let (instants, timeframe) = instants(chance, kind);
    let bars = bars(chance, &instants);
    let actions = if kind.actions { actions(chance, &bars) } else { Vec::new() };
    let rules = rules(chance);
    let mut history = one(bars, &actions, timeframe, rules);
    history.series[0].multiplier = chance.pick(&[1.0, 1.0, 1.0, 50.0]);
    history
}

/// A history of these bars.
pub(crate) fn one(
    bars: BarSeries,
    actions: &[CorporateAction],
    timeframe: Timeframe,
    rules: ExecutionRules,
) -> History {
    let series = Series::new("X", Arc::new(bars), actions, timeframe, Calendar::NYSE, rules)
        .expect("events that make sense");
    History::new(vec![series], timeframe, Calendar::NYSE).expect("two bars at least")
}

/// A history of daily bars that rise by 1 % each, of whole units; at `split` 100 become one.
pub(crate) fn consolidated(bars: usize, split: usize) -> History {
    let kind = Kind { bars, intraday: false, actions: true };
    let (instants, timeframe) = instants(&mut Chance::new(1), kind);
    let mut series = BarSeries::with_capacity(bars);
    for (bar, &ts) in instants.iter().enumerate() {
        let scale = if bar < split { 400.0 } else { 40_000.0 };
        let open = scale * 1.01_f64.powi(bar as i32);
        let close = open * 1.01;
        series.push(Bar { ts, open, high: close, low: open, close, volume: 1e6 });
    }
    let rules = ExecutionRules {
        commission: Commission::bps(5.0),
        slippage: Slippage::default(),
        participation: None,
        tick: 0.0,
        lot: 1.0,
        limit_fill: LimitFill::default(),
    };
    let kind = ActionKind::Split { ratio: 0.01 };
    one(series, &[CorporateAction { ex_date: date_of(instants[split]), kind }], timeframe, rules)
}

/// A history of two instruments with the same bars that move together.
pub(crate) fn pair(chance: &mut Chance, kind: Kind) -> History {
    let (instants, timeframe) = instants(chance, kind);
    let first = bars(chance, &instants);
    let mut second = BarSeries::with_capacity(first.len());
    for index in 0..first.len() {
        let bar = first.bars().get(index);
        let scale = (70.0 * (1.0 + chance.between(-0.02, 0.02))).round() / 100.0;
        let [open, high, low, close] =
            [bar.open, bar.high, bar.low, bar.close].map(|price| price * scale);
        second.push(Bar { open, high, low, close, ..bar });
    }
    let rules = rules(chance);
    let calendar = Calendar::NYSE;
    let series = [("A", first), ("B", second)].map(|(symbol, bars)| {
        let actions = if kind.actions { actions(chance, &bars) } else { Vec::new() };
        Series::new(symbol, Arc::new(bars), &actions, timeframe, calendar, rules.clone())
            .expect("events that make sense")
    });
    History::new(series.to_vec(), timeframe, calendar).expect("two bars at least")
}

/// Money and rules.
pub(crate) fn setup(chance: &mut Chance) -> Setup {
    Setup {
        cash: chance.pick(&[100_000.0, 10_000.0, 12_345.67]),
        fill_at: chance.pick(&[FillAt::NextOpen, FillAt::Close]),
        allow_short: chance.once_in(2),
        fraction: chance.pick(&[1.0, 1.0, 0.5]),
        financing: Financing::default(),
    }
}

/// A value that the parameter allows, mostly one that matters on short series.
pub(crate) fn value(chance: &mut Chance, spec: &ParamSpec) -> f64 {
    if spec.integer {
        let most = chance.pick(&[4, 12, 40, 40, 90]);
        return spec.min + chance.below(most) as f64;
    }
    if spec.max <= 100.0 {
        return chance.pick(&[0.0, 5.0, 20.0, 30.0, 45.0, 50.0, 55.0, 70.0, 80.0, 95.0, 100.0]);
    }
    match chance.below(4) {
        0 => 0.0,
        1 => chance.between(0.0, 4.0),
        2 => chance.below(9) as f64 * 0.25,
        _ => chance.below(9) as f64 * 0.5,
    }
}

/// Parameters within bounds that satisfy the strategy's rule.
pub(crate) fn params(chance: &mut Chance, entry: &'static Entry) -> Params {
    loop {
        let values = entry.params.iter().map(|spec| value(chance, spec)).collect();
        let params = Params::from_values(values);
        if entry.check(&params).is_ok() {
            return params;
        }
    }
}

/// Runs one strategy and keeps its decisions.
pub(crate) fn backtest(
    entry: &'static Entry,
    history: &History,
    params: &Params,
    setup: &Setup,
    range: std::ops::Range<usize>,
) -> Outcome {
    let job = Job { history, range, params, setup, record: true };
    entry
        .runner
        .backtest(&job, &mut AllowAll, &AtomicBool::new(false))
        .expect("parameters within bounds")
}

/// The targets of a strategy over all bars of a history.
pub(crate) fn targets(
    entry: &'static Entry,
    history: &History,
    params: &Params,
    setup: &Setup,
) -> Vec<i8> {
    let range = 0..history.series[0].len();
    let (_, decisions) = backtest(entry, history, params, setup, range);
    decisions.expect("decisions were asked for").remove(0)
}
