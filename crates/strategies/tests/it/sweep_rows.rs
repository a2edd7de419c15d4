//! A row of a sweep equals the single backtest with the same parameters, bit for bit.

use std::ops::Range;

use engine::costs::Financing;
use engine::sweep::{Grid, Measures, Row, Sweep, Watch, sweep};
use engine::{Entry, FillAt, History, Params, Setup};
use proptest::prelude::{ProptestConfig, any, proptest};
use quant::metrics::{Metrics, Moments, equity_returns};
use strategies::catalogue;

use crate::cases::cases;
use crate::scenario::{Kind, backtest, consolidated, history, params, setup, value};
use crate::seeded::Chance;

/// One parameter set with one or two of its parameters varied, 1 to 20 values each.
fn grid(chance: &mut Chance, entry: &'static Entry) -> Grid {
    let base = params(chance, entry);
    let mut axes: Vec<(String, Vec<f64>)> = entry
        .params
        .iter()
        .zip(base.values())
        .map(|(spec, &value)| (spec.name.to_owned(), vec![value]))
        .collect();
    for most in [20, 4] {
        if axes.is_empty() {
            break;
        }
        let param = chance.below(axes.len());
        let spec = &entry.params[param];
        let wanted = 1 + chance.below(most);
        for _ in 0..wanted * 2 {
            let value = value(chance, spec);
            let axis = &mut axes[param].1;
            if axis.len() < wanted && !axis.contains(&value) {
                axis.push(value);
            }
        }
    }
    let grid = Grid::new(entry, &axes, &[]).unwrap();
    if chance.once_in(3) { grid.drawn(1 + chance.below(12), chance.bits()) } else { grid }
}

/// The row that the single backtest makes.
fn expected(
    entry: &'static Entry,
    history: &History,
    params: &Params,
    setup: &Setup,
    range: Range<usize>,
) -> [f64; 6] {
    let (run, _) = backtest(entry, history, params, setup, range);
    let metrics = Metrics::of_equity(&run.equity, None, history.periods_per_year, 0.0);
    let moments = Moments::of(&equity_returns(&run.equity));
    [
        *run.equity.last().unwrap(),
        metrics.total_return.unwrap_or(f64::NAN),
        moments.mean_over_deviation().unwrap_or(f64::NAN),
        moments.deviation().unwrap_or(f64::NAN),
        metrics.max_drawdown.unwrap_or(f64::NAN),
        run.portfolio.trades.len() as f64,
    ]
}

fn found(row: &Row) -> [f64; 6] {
    [
        row.final_equity,
        row.total_return,
        row.bar_sharpe,
        row.bar_deviation,
        row.max_drawdown,
        f64::from(row.closed_trades),
    ]
}

const FIELDS: [&str; 6] =
    ["final equity", "total return", "bar sharpe", "deviation", "max drawdown", "closed trades"];

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Checks all rows of a random sweep; how many there were, and how many lanes computed.
fn check(entry: &'static Entry, seed: u64, kind: Kind) -> (usize, usize) {
    let mut chance = Chance::new(seed);
    let history = history(&mut chance, kind);
    let setup = setup(&mut chance);
    let grid = grid(&mut chance, entry);
    let start = if chance.once_in(2) { chance.below(kind.bars - 1) } else { 0 };
    let end = start + 2 + chance.below(kind.bars - start - 1);
    let range = start..end;
    let measures = if chance.once_in(4) { Measures::EndOnly } else { Measures::Full };
    let task = Sweep {
        entry,
        grid: &grid,
        subjects: std::slice::from_ref(&history),
        ranges: std::slice::from_ref(&range),
        setup: &setup,
        metric: if measures == Measures::Full { "sharpe_ratio" } else { "total_return" },
        seed: 1,
        measures,
        workers: 1 + chance.below(2),
        column_bytes: chance.pick(&[1 << 24, 20_000]),
    };
    let result = sweep(&task, &Watch::default()).unwrap();
    let wanted: Vec<u64> = match grid.drawn_rows() {
        Some(rows) => rows.to_vec(),
        None => (0..grid.size()).filter(|&row| grid.holds(row)).collect(),
    };
    let rows: Vec<u64> = result.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, wanted, "{} seed {seed}", entry.name);
    let measured = if measures == Measures::Full { 0..6 } else { 0..2 };
    for row in &result.rows {
        let params = Params::from_values(grid.params(row.row));
        let expected = expected(entry, &history, &params, &setup, range.clone());
        let found = found(row);
        for field in measured.clone() {
            assert!(
                same(found[field], expected[field]),
                "{} seed {seed} {kind:?}: {} is {} in the sweep and {} alone; {:?} bars \
                 {range:?} {setup:?} {:?} {:?}",
                entry.name,
                FIELDS[field],
                found[field],
                expected[field],
                params,
                history.series[0].rules,
                history.series[0].actions,
            );
        }
        assert_eq!(found[5], expected[5], "{} seed {seed}: closed trades", entry.name);
    }
    let through_kernel = result.through_kernel as usize;
    (result.rows.len(), result.rows.len() - through_kernel)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 400, ..cases(60) })]

    #[test]
    fn rows_equal_single_backtests(
        seed in any::<u64>(),
        bars in 3_usize..300,
        intraday in any::<bool>(),
        actions in any::<bool>(),
    ) {
        for entry in catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
            check(entry, seed, Kind { bars, intraday, actions });
        }
    }
}

/// Scenes on which lanes and kernel once differed.
#[test]
fn what_little_a_lost_account_buys_equals_single_backtests() {
    let entry = strategies::find("ema_crossover").unwrap();
    check(entry, 2_625_610_892_088_900_601, Kind { bars: 180, intraday: false, actions: true });
}

/// Scenes on which lanes and kernel once differed.
#[test]
fn stops_after_a_split_and_under_a_participation_cap_equal_single_backtests() {
    let entry = strategies::find("donchian_turtle").unwrap();
    // The split left the stop an ulp short of the position that it guards.
    check(entry, 202_959, Kind { bars: 174, intraday: false, actions: true });
    // A reversal and its stop on one bar took more of the volume together than the cap allows.
    check(entry, 210_540, Kind { bars: 227, intraday: false, actions: false });
}

/// A split that leaves less than one unit ends a position without an order.
#[test]
fn what_a_split_pays_out_whole_is_closed_in_lanes_too() {
    let entry = strategies::find("sma_crossover").unwrap();
    let history = consolidated(40, 20);
    let axes = [("fast".to_owned(), vec![2.0, 3.0]), ("slow".to_owned(), vec![5.0, 8.0])];
    let grid = Grid::new(entry, &axes, &[]).unwrap();
    let setup = Setup {
        cash: 10_000.0,
        fill_at: FillAt::NextOpen,
        allow_short: false,
        fraction: 1.0,
        financing: Financing::default(),
    };
    let range = 0..40;
    let task = Sweep {
        entry,
        grid: &grid,
        subjects: std::slice::from_ref(&history),
        ranges: std::slice::from_ref(&range),
        setup: &setup,
        metric: "sharpe_ratio",
        seed: 1,
        measures: Measures::Full,
        workers: 1,
        column_bytes: 1 << 24,
    };
    let result = sweep(&task, &Watch::default()).unwrap();
    assert_eq!((result.rows.len(), result.through_kernel), (4, 0));
    for row in &result.rows {
        let params = Params::from_values(grid.params(row.row));
        let expected = expected(entry, &history, &params, &setup, range.clone());
        assert_eq!(found(row), expected);
        assert_eq!(row.closed_trades, 1);
    }
}

/// Tiles of columns, and more rows than one unit of lanes holds.
#[test]
fn rows_of_long_histories_equal_single_backtests() {
    for entry in catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
        for seed in 0..4 {
            check(entry, seed, Kind { bars: 2_500, intraday: seed % 2 == 0, actions: seed > 1 });
        }
    }
}

/// The comparison above means nothing where the event kernel computes both sides.
#[test]
fn many_rows_run_in_lanes() {
    for entry in catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
        let (mut rows, mut in_lanes) = (0, 0);
        for seed in 100..130 {
            let kind = Kind { bars: 200, intraday: entry.intraday_only, actions: true };
            let (all, lanes) = check(entry, seed, kind);
            (rows, in_lanes) = (rows + all, in_lanes + lanes);
        }
        assert!(in_lanes * 5 > rows, "{}: {in_lanes} of {rows}", entry.name);
    }
}
