//! Small strategies of the catalogue's form.

use engine::{
    Argument, ColumnSpec, Entry, Lane, MAX_MEMORY, Now, PairTarget, ParamSpec, Range, Single,
    Target,
};
use quant::indicators::SMA;

/// Wants the same position at all times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constant;

impl Target for Constant {
    const COLUMNS: &'static [ColumnSpec] = &[];

    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        now.params[0]
    }
}

/// Long above an average of closes, short below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Follow;

impl Target for Follow {
    const COLUMNS: &'static [ColumnSpec] =
        &[ColumnSpec::Close, ColumnSpec::of(&SMA, &[Argument::Param(0)])];

    fn decide<L: Lane>(now: Now<'_, L>, _: &mut [L; MAX_MEMORY]) -> L {
        let [close, average, ..] = *now.values;
        // Adjusted prices are rounded, so what is equal may miss by a little.
        let slack = average * L::splat(1e-9);
        let up = L::select(close.gt(average + slack), L::splat(1.0), now.held);
        L::select(close.lt(average - slack), L::splat(-1.0), up)
    }
}

/// The same, with a stop so many signal points away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guarded;

impl Target for Guarded {
    const COLUMNS: &'static [ColumnSpec] = Follow::COLUMNS;
    const STOPS: bool = true;

    fn decide<L: Lane>(now: Now<'_, L>, memory: &mut [L; MAX_MEMORY]) -> L {
        Follow::decide(now, memory)
    }

    fn stop_distance<L: Lane>(now: Now<'_, L>) -> L {
        now.params[1]
    }
}

/// Long the first leg while it is dearer, short while it is cheaper.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Apart;

impl PairTarget for Apart {
    const COLUMNS: &'static [ColumnSpec] = &[ColumnSpec::Close];

    fn decide(now: Now<'_, f64>) -> f64 {
        if now.values[0] > 100.0 { 1.0 } else { 0.0 }
    }

    fn hedge_ratio(now: Now<'_, f64>) -> f64 {
        now.params[0]
    }
}

const fn param(name: &'static str, default: f64, min: f64, max: f64, integer: bool) -> ParamSpec {
    let sweep = Range { from: min, to: max, step: 1.0 };
    ParamSpec { name, description: "of a test", default, min, max, integer, sweep }
}

const fn entry(
    name: &'static str,
    family: &'static str,
    params: &'static [ParamSpec],
    runner: &'static dyn engine::Runner,
) -> Entry {
    Entry {
        name,
        label: name,
        family,
        description: "",
        source: "",
        params,
        rule: None,
        intraday_only: false,
        runner,
    }
}

pub(crate) static CONSTANT: Entry =
    entry("constant", "trend", &[param("side", 1.0, -1.0, 1.0, true)], &Single::<Constant>::RUNNER);

/// Holds from the first open on, and so never trades often.
pub(crate) static HOLD: Entry =
    entry("hold", "benchmark", &[param("side", 1.0, -1.0, 1.0, true)], &Single::<Constant>::RUNNER);

pub(crate) static FOLLOW: Entry =
    entry("follow", "trend", &[param("period", 3.0, 2.0, 50.0, true)], &Single::<Follow>::RUNNER);

/// As `follow`, but over a longer span.
pub(crate) static FOLLOW_SLOWLY: Entry = entry(
    "follow_slowly",
    "trend",
    &[param("period", 9.0, 2.0, 50.0, true)],
    &Single::<Follow>::RUNNER,
);

pub(crate) static GUARDED: Entry = entry(
    "guarded",
    "trend",
    &[param("period", 2.0, 2.0, 50.0, true), param("distance", 5.0, 0.0, 1e3, false)],
    &Single::<Guarded>::RUNNER,
);

pub(crate) static APART: Entry = entry(
    "apart",
    "pairs",
    &[param("ratio", 0.5, -5.0, 5.0, false)],
    &engine::Pair::<Apart>::RUNNER,
);

/// Only for several bars a session.
pub(crate) static WITHIN_A_DAY: Entry = Entry {
    intraday_only: true,
    ..entry(
        "within_a_day",
        "intraday",
        &[param("period", 3.0, 2.0, 50.0, true)],
        &Single::<Follow>::RUNNER,
    )
};
