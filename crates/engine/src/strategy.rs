//! What the catalogue knows of a strategy, and how it is run.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use crate::backtest::{Run, RunError, Setup, run};
use crate::columns::{ColumnCache, ColumnData, ColumnSpec};
use crate::gate::Gate;
use crate::history::History;
use crate::lane::{Lanes, WIDTH, Wide};
use crate::params::{ParamError, ParamSpec, Params};
use crate::sweep::account::{Account, Changes, LaneRules, Stretch};
use crate::target::{Basket, PairStrategy, PairTarget, Target, TargetSetup, TargetStrategy};

/// One strategy of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// The name on the command line and in JSON, such as `sma_crossover`.
    pub name: &'static str,
    /// The name for people, such as `SMA crossover`.
    pub label: &'static str,
    /// `trend`, `reversion`, `breakout`, `intraday`, `pairs` or `benchmark`.
    pub family: &'static str,
    /// What it does, in a sentence.
    pub description: &'static str,
    /// Where the idea comes from.
    pub source: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// What parameters must satisfy together, such as `fast<slow`.
    pub rule: Option<&'static str>,
    /// Whether it needs several bars a session.
    pub intraday_only: bool,
    /// How it is run.
    pub runner: &'static dyn Runner,
}

/// Everything one backtest of a catalogue strategy needs.
#[derive(Debug)]
pub struct Job<'a> {
    /// The prices.
    pub history: &'a History,
    /// Which bars of the first instrument; indicators see earlier ones too.
    pub range: Range<usize>,
    /// The parameters, checked.
    pub params: &'a Params,
    /// Money, costs and rules.
    pub setup: &'a Setup,
    /// Whether to keep every decision.
    pub record: bool,
}

/// Why a strategy could not be run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StrategyError {
    /// A parameter that the strategy does not take.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// A parameter that an indicator does not take.
    #[error(transparent)]
    Indicator(#[from] quant::indicators::ParameterError),
    /// A pair needs two instruments with the same bars, everything else at least one.
    #[error("{0}")]
    Instruments(String),
    /// The run ended early.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// A run with the targets decided at each bar, one list an instrument, when they were kept.
pub type Outcome = (Run, Option<Vec<Vec<i8>>>);

/// How a strategy is run, whatever its type.
pub trait Runner: std::fmt::Debug + Sync {
    /// Instruments that one instance trades: 1, or 2 for a pair.
    fn legs(&self) -> usize;

    /// The columns it reads.
    fn columns(&self) -> &'static [ColumnSpec];

    /// Runs it through the event kernel.
    ///
    /// # Errors
    /// [`StrategyError`] when the parameters or instruments do not fit, or the run was stopped.
    fn backtest(
        &self,
        job: &Job<'_>,
        gate: &mut dyn Gate,
        stop: &AtomicBool,
    ) -> Result<Outcome, StrategyError>;

    /// How it runs in lanes, if it can.
    fn lanes(&self) -> Option<&dyn LaneRunner>;
}

/// How a strategy runs in lanes of a sweep.
pub trait LaneRunner: Sync {
    /// Runs accounts over a stretch of bars.
    #[doc(hidden)]
    fn run_stretch(&self, task: LaneTask<'_>);
}

/// One stretch of bars for one group of lanes.
#[doc(hidden)]
#[derive(Debug)]
pub struct LaneTask<'a> {
    pub(crate) account: &'a mut Account<Wide>,
    pub(crate) stretch: &'a Stretch<'a>,
    pub(crate) rules: &'a LaneRules,
    pub(crate) slots: &'a [Slot<'a>],
    pub(crate) marks: bool,
    /// Room for what is decided before it is traded.
    pub(crate) changes: &'a mut Changes<Wide>,
}

/// Where lanes read a column.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot<'a> {
    /// Every lane reads the same value.
    Shared(&'a [f64]),
    /// Each lane reads its own.
    Packed(&'a [[f64; WIDTH]]),
}

impl Entry {
    /// Parameters from what was given, checked against bounds and the strategy's rule.
    ///
    /// # Errors
    /// [`ParamError`].
    pub fn parse(&'static self, given: &[(String, f64)]) -> Result<Params, ParamError> {
        let params = Params::parse(self.name, self.params, given)?;
        self.check(&params)?;
        Ok(params)
    }

    /// Whether parameters satisfy the strategy's rule.
    ///
    /// # Errors
    /// [`ParamError::Contradiction`].
    pub fn check(&'static self, params: &Params) -> Result<(), ParamError> {
        let Some(rule) = self.rule else { return Ok(()) };
        let grid = crate::sweep::Grid::new(self, &[], &[]).ok();
        if grid.is_some_and(|grid| grid.holds_for(params.values())) {
            Ok(())
        } else {
            Err(ParamError::Contradiction { strategy: self.name, rule })
        }
    }

    /// Parameters by name, for JSON.
    pub fn named(&self, values: &[f64]) -> serde_json::Map<String, serde_json::Value> {
        self.params
            .iter()
            .zip(values)
            .map(|(spec, &value)| {
                let number = if spec.integer {
                    serde_json::Value::from(value as i64)
                } else {
                    serde_json::Value::from(value)
                };
                (spec.name.to_owned(), number)
            })
            .collect()
    }
}

/// Runs a [`Target`], one instance an instrument.
#[derive(Debug)]
pub struct Single<T>(PhantomData<T>);

impl<T: Target> Single<T> {
    /// The runner of `T`.
    pub const RUNNER: Self = Self(PhantomData);
}

impl<T: Target + std::fmt::Debug> Runner for Single<T> {
    fn legs(&self) -> usize {
        1
    }

    fn columns(&self) -> &'static [ColumnSpec] {
        T::COLUMNS
    }

    fn backtest(
        &self,
        job: &Job<'_>,
        mut gate: &mut dyn Gate,
        stop: &AtomicBool,
    ) -> Result<Outcome, StrategyError> {
        let instruments = job.history.series.len();
        let setup = target_setup(job, instruments);
        let columns = job
            .history
            .series
            .iter()
            .map(|series| resolve(&mut ColumnCache::new(series, None), T::COLUMNS, job.params));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut strategies: Vec<_> = job
            .history
            .series
            .iter()
            .zip(&columns)
            .enumerate()
            .map(|(instrument, (series, columns))| {
                TargetStrategy::<T>::new(instrument, series, columns, job.params, setup)
            })
            .collect();
        let range = job.range.clone();
        if instruments == 1
            && let Some(strategy) = strategies.pop()
        {
            let (strategy, run) = run(job.history, range, job.setup, strategy, &mut gate, stop)?;
            return Ok((run, strategy.into_decisions().map(|decisions| vec![decisions])));
        }
        let basket = Basket(strategies);
        let (basket, run) = run(job.history, range, job.setup, basket, &mut gate, stop)?;
        let decisions = basket.0.into_iter().map(TargetStrategy::into_decisions).collect();
        Ok((run, decisions))
    }

    fn lanes(&self) -> Option<&dyn LaneRunner> {
        has_lanes().then_some(self)
    }
}

impl<T: Target> LaneRunner for Single<T> {
    fn run_stretch(&self, task: LaneTask<'_>) {
        dispatch::<T>(task);
    }
}

/// Runs a [`PairTarget`] on two instruments.
#[derive(Debug)]
pub struct Pair<T>(PhantomData<T>);

impl<T: PairTarget> Pair<T> {
    /// The runner of `T`.
    pub const RUNNER: Self = Self(PhantomData);
}

impl<T: PairTarget + std::fmt::Debug> Runner for Pair<T> {
    fn legs(&self) -> usize {
        2
    }

    fn columns(&self) -> &'static [ColumnSpec] {
        T::COLUMNS
    }

    fn backtest(
        &self,
        job: &Job<'_>,
        mut gate: &mut dyn Gate,
        stop: &AtomicBool,
    ) -> Result<Outcome, StrategyError> {
        let [first, second] = job.history.series.as_slice() else {
            let given = job.history.series.len();
            let text = format!("a pair needs two instruments, {given} given");
            return Err(StrategyError::Instruments(text));
        };
        if first.raw().ts != second.raw().ts {
            let text = format!("{} and {} do not have the same bars", first.symbol, second.symbol);
            return Err(StrategyError::Instruments(text));
        }
        let mut cache = ColumnCache::new(first, Some(second));
        let columns = resolve(&mut cache, T::COLUMNS, job.params)?;
        let strategy = PairStrategy::<T>::new(&columns, job.params, target_setup(job, 1));
        let range = job.range.clone();
        let (strategy, run) = run(job.history, range, job.setup, strategy, &mut gate, stop)?;
        Ok((run, strategy.into_decisions().map(|decisions| vec![decisions])))
    }

    fn lanes(&self) -> Option<&dyn LaneRunner> {
        None
    }
}

fn target_setup(job: &Job<'_>, instruments: usize) -> TargetSetup {
    TargetSetup {
        fraction: job.setup.fraction / instruments as f64,
        allow_short: job.setup.allow_short,
        record: job.record,
    }
}

fn resolve<'a>(
    cache: &mut ColumnCache<'a>,
    columns: &[ColumnSpec],
    params: &Params,
) -> Result<Vec<ColumnData<'a>>, StrategyError> {
    columns.iter().map(|spec| Ok(cache.get(&spec.resolve(params.values())?))).collect()
}

/// The vector instructions that lanes are compiled for.
///
/// They change the speed and nothing else: no operation is fused or reordered, so the bits are the
/// same on every processor. One without them runs sweeps through the event kernel.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Vectors {
    Avx512,
    Avx2,
}

#[cfg(target_arch = "x86_64")]
impl Vectors {
    fn detected() -> Option<Self> {
        let has_avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw");
        if has_avx512 {
            Some(Self::Avx512)
        } else {
            is_x86_feature_detected!("avx2").then_some(Self::Avx2)
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn has_lanes() -> bool {
    Vectors::detected().is_some()
}

#[cfg(not(target_arch = "x86_64"))]
fn has_lanes() -> bool {
    true
}

/// Runs a stretch with the widest instructions that this processor has.
#[cfg(target_arch = "x86_64")]
fn dispatch<T: Target>(task: LaneTask<'_>) {
    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    fn with_avx512<T: Target>(task: LaneTask<'_>) {
        lanes::<T>(task);
    }
    #[target_feature(enable = "avx2")]
    fn with_avx2<T: Target>(task: LaneTask<'_>) {
        lanes::<T>(task);
    }
    match Vectors::detected() {
        Some(Vectors::Avx512) => {
            #[expect(unsafe_code, reason = "3 times the speed of SSE2; see bench/RESULTS.md")]
            // SAFETY: every feature that `with_avx512` enables was detected.
            unsafe {
                with_avx512::<T>(task);
            }
        }
        Some(Vectors::Avx2) => {
            #[expect(unsafe_code, reason = "twice the speed of SSE2; see bench/RESULTS.md")]
            // SAFETY: the feature that `with_avx2` enables was detected.
            unsafe {
                with_avx2::<T>(task);
            }
        }
        // `Runner::lanes` offers none on such a processor.
        None => {}
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn dispatch<T: Target>(task: LaneTask<'_>) {
    lanes::<T>(task);
}

#[inline(always)]
fn lanes<T: Target>(task: LaneTask<'_>) {
    let LaneTask { account, stretch, rules, slots, marks, changes } = task;
    let bars = stretch.open.len();
    // What a slot is does not change from bar to bar, so the loops of the many strategies that
    // read two columns do not ask.
    match *slots {
        [Slot::Shared(a), Slot::Packed(b)] if T::COLUMNS.len() == 2 => {
            let (a, b) = (&a[..bars], &b[..bars]);
            account.run::<T>(stretch, rules, marks, changes, |column, bar| match column {
                0 => Lanes([a[bar]; WIDTH]),
                _ => Lanes(b[bar]),
            });
        }
        [Slot::Packed(a), Slot::Shared(b)] if T::COLUMNS.len() == 2 => {
            let (a, b) = (&a[..bars], &b[..bars]);
            account.run::<T>(stretch, rules, marks, changes, |column, bar| match column {
                0 => Lanes(a[bar]),
                _ => Lanes([b[bar]; WIDTH]),
            });
        }
        _ => account.run::<T>(stretch, rules, marks, changes, |column, bar| match slots[column] {
            Slot::Shared(values) => Lanes([values[bar]; WIDTH]),
            Slot::Packed(values) => Lanes(values[bar]),
        }),
    }
}
