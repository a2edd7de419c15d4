//! Rows of a sweep that run in vector lanes.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use market::ActionKind;
use quant::statistics::{BlockSum, BlockSums};

use super::account::{Account, Changes, LaneAction, LaneResult, LaneRules, Stretch};
use super::plan::{Group, Layout, Unit};
use super::{Measures, PBO_BLOCKS, Sweep, Watch, in_parallel};
use crate::backtest::{FillAt, RunError};
use crate::columns::{Column, ColumnCache, ColumnData};
use crate::costs::{LotSize, Tick};
use crate::history::{History, Series};
use crate::lane::{Lanes, WIDTH, Wide};
use crate::strategy::{LaneRunner, LaneTask, Slot, StrategyError};
use crate::target::MAX_PARAMS;

/// Bars worked on at a time: packed columns of this length stay in the cache.
const TILE: usize = 1024;

/// Block sums by row.
pub(super) type Blocks = Vec<(u64, Vec<BlockSum>)>;

/// What lanes came to.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Results by row.
    pub(super) rows: Vec<(u64, LaneResult)>,
    /// Block sums of the sampled rows.
    pub(super) blocks: Blocks,
}

/// Whether rows on this history can run in lanes at all.
pub(super) fn eligible(task: &Sweep<'_>, history: &History) -> bool {
    let [series] = history.series.as_slice() else { return false };
    // A dividend paid later than it is due is money that cannot be spent yet: two balances.
    let waits = |kind: ActionKind| matches!(kind, ActionKind::Dividend { pay_date: Some(_), .. });
    // A second split before one bar starts from a price that lanes do not keep.
    let stacked = series.actions.windows(2).any(|pair| pair[0].bar == pair[1].bar);
    task.entry.runner.lanes().is_some()
        && super::LANE_METRICS.contains(&task.metric)
        && task.setup.financing.is_zero()
        && task.setup.fill_at == FillAt::NextOpen
        && series.rules.commission.linear_rate().is_some()
        && series.rules.slippage.linear_rate().is_some()
        && !stacked
        && !series.actions.iter().any(|action| waits(action.kind))
}

/// Runs every row of the grid in lanes; what a lane cannot account for comes back marked.
pub(super) fn run(
    task: &Sweep<'_>,
    layout: &Layout,
    history: &History,
    range: Range<usize>,
    sampled: &[u64],
    watch: &Watch,
) -> Result<Outcomes, StrategyError> {
    let mut outcomes = Outcomes::default();
    let (Some(runner), Some(series)) = (task.entry.runner.lanes(), history.series.first()) else {
        return Ok(outcomes);
    };
    let field = Field::new(task, series, range, runner, sampled);
    let mut units = layout.units.as_slice();
    while !units.is_empty() {
        let (now, later) =
            units.split_at(batch(units, layout.columns.len(), task.column_bytes, series.len()));
        units = later;
        let columns = compute(task, series, &layout.columns, now, watch)?;
        let next = AtomicUsize::new(0);
        let found = Mutex::new(&mut outcomes);
        in_parallel(task.workers, now.len(), || {
            let mut worker = Worker::default();
            while let Some(unit) = now.get(next.fetch_add(1, Ordering::Relaxed)) {
                if watch.stop.load(Ordering::Relaxed) {
                    return Err(StrategyError::from(RunError::Stopped));
                }
                let rows = worker.run(&field, &columns, unit);
                watch.done.fetch_add(rows, Ordering::Relaxed);
            }
            let mut found = found.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            found.rows.append(&mut worker.found.rows);
            found.blocks.append(&mut worker.found.blocks);
            Ok(())
        })?;
    }
    Ok(outcomes)
}

/// How many units fit the budget of columns; at least one.
fn batch(units: &[Unit], columns: usize, budget: usize, bars: usize) -> usize {
    let most = (budget / (bars * size_of::<f64>()).max(1)).max(1);
    let mut marks = Marks { marked: vec![false; columns], count: 0 };
    let fits = units.iter().take_while(|unit| {
        marks.add(unit);
        marks.count <= most
    });
    fits.count().max(1)
}

/// Which columns units read.
struct Marks {
    marked: Vec<bool>,
    count: usize,
}

impl Marks {
    fn add(&mut self, unit: &Unit) {
        for &number in unit.iter().flat_map(|group| &group.columns).flatten() {
            let mark = &mut self.marked[number as usize];
            self.count += usize::from(!*mark);
            *mark = true;
        }
    }
}

/// Computes the columns that `units` read, each indicator once, on every core.
fn compute<'a>(
    task: &Sweep<'_>,
    series: &'a Series,
    columns: &[Column],
    units: &[Unit],
    watch: &Watch,
) -> Result<Vec<Option<ColumnData<'a>>>, StrategyError> {
    let mut marks = Marks { marked: vec![false; columns.len()], count: 0 };
    units.iter().for_each(|unit| marks.add(unit));
    let wanted =
        marks.marked.iter().zip(0..).filter_map(|(&marked, number)| marked.then_some(number));
    // Columns of one indicator belong together, for one computation gives all its outputs.
    let mut families: Vec<Vec<u32>> = Vec::new();
    let mut by_indicator = HashMap::new();
    for number in wanted {
        let family = match &columns[number as usize] {
            Column::Indicator { indicator, .. } => {
                *by_indicator.entry(indicator).or_insert(families.len())
            }
            _ => families.len(),
        };
        match families.get_mut(family) {
            Some(family) => family.push(number),
            None => families.push(vec![number]),
        }
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(vec![None; columns.len()]);
    in_parallel(task.workers, families.len(), || {
        while let Some(family) = families.get(next.fetch_add(1, Ordering::Relaxed)) {
            if watch.stop.load(Ordering::Relaxed) {
                return Err(StrategyError::from(RunError::Stopped));
            }
            let mut cache = ColumnCache::new(series, None);
            for &number in family {
                let data = cache.get(&columns[number as usize]);
                let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                done[number as usize] = Some(data);
            }
        }
        Ok(())
    })?;
    Ok(done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// What all units of a subject share.
struct Field<'a> {
    runner: &'a dyn LaneRunner,
    series: &'a Series,
    rules: LaneRules,
    /// Stretches of bars, and whether a block of the cross-validation ends with each.
    cuts: Vec<(Range<usize>, bool)>,
    actions: Vec<(usize, LaneAction)>,
    signal_to_raw: Vec<f64>,
    marks: bool,
    sampled: &'a [u64],
    grid: &'a super::Grid,
}

impl<'a> Field<'a> {
    fn new(
        task: &'a Sweep<'_>,
        series: &'a Series,
        range: Range<usize>,
        runner: &'a dyn LaneRunner,
        sampled: &'a [u64],
    ) -> Self {
        let rules = LaneRules {
            cash: task.setup.cash,
            fraction: task.setup.fraction,
            lowest: if task.setup.allow_short { -1.0 } else { 0.0 },
            fee_rate: series.rules.commission.linear_rate().unwrap_or_default(),
            slippage: series.rules.slippage.linear_rate().unwrap_or_default(),
            multiplier: series.multiplier,
            participation: series.rules.participation,
            tick: Tick::new(series.rules.tick),
            lot: LotSize::new(series.rules.lot),
        };
        let raw = series.raw();
        let actions: Vec<(usize, LaneAction)> = series
            .actions
            .iter()
            .filter(|action| range.contains(&action.bar) && action.bar > range.start)
            .map(|action| match action.kind {
                ActionKind::Split { ratio } => {
                    let before = raw.close[action.bar - 1];
                    (action.bar, LaneAction::Split { ratio, before })
                }
                ActionKind::Dividend { amount, .. } => {
                    (action.bar, LaneAction::Dividend { amount })
                }
            })
            .collect();
        let signal_to_raw = if series.actions.is_empty() {
            Vec::new()
        } else {
            (0..series.len()).map(|bar| series.signal_to_raw(bar)).collect()
        };
        // Without shorts equity cannot fall below zero, so nothing has to be valued on the way.
        let marks = task.measures != Measures::EndOnly || task.setup.allow_short;
        let action_bars: Vec<usize> = actions.iter().map(|&(bar, _)| bar).collect();
        let cuts = cuts(&range, !sampled.is_empty(), &action_bars);
        Self {
            runner,
            series,
            rules,
            cuts,
            actions,
            signal_to_raw,
            marks,
            sampled,
            grid: task.grid,
        }
    }

    fn stretch(&self, bars: &Range<usize>) -> Stretch<'_> {
        let raw = self.series.raw().slice(bars.clone());
        Stretch {
            open: raw.open,
            high: raw.high,
            low: raw.low,
            close: raw.close,
            volume: raw.volume,
            signal_to_raw: self.signal_to_raw.get(bars.clone()).unwrap_or_default(),
        }
    }
}

/// Cuts a range of bars into tiles that end where blocks of the cross-validation end, and begin
/// where corporate actions take effect.
fn cuts(range: &Range<usize>, blocks: bool, actions: &[usize]) -> Vec<(Range<usize>, bool)> {
    let mut ends: BTreeMap<usize, bool> = actions.iter().map(|&bar| (bar, false)).collect();
    ends.insert(range.end, false);
    // Return i belongs to bar i + 1: the first bar has none.
    if blocks && let Ok(shape) = BlockSums::new(range.len() - 1, PBO_BLOCKS) {
        let first = range.start + 1 + shape.dropped();
        ends.extend((0..=PBO_BLOCKS).map(|block| (first + block * shape.block_length(), true)));
    }
    let mut cuts = Vec::new();
    let mut start = range.start;
    for (end, ends_block) in ends {
        while end - start > TILE {
            cuts.push((start..start + TILE, false));
            start += TILE;
        }
        cuts.push((start..end, ends_block));
        start = end;
    }
    cuts
}

/// One thread's buffers and results.
#[derive(Default)]
struct Worker {
    accounts: Vec<Account<Wide>>,
    packs: Vec<Pack>,
    changes: Changes<Wide>,
    /// Sums at the ends of blocks, by group: outer by group, then by block.
    snapshots: Vec<Vec<(Wide, Wide)>>,
    found: Outcomes,
}

/// A slot's columns brought side by side for one tile.
#[derive(Default)]
struct Pack {
    of: Option<([u32; WIDTH], usize)>,
    values: Vec<[f64; WIDTH]>,
}

impl Worker {
    /// Runs a unit through all bars; the number of rows it held.
    fn run(&mut self, field: &Field<'_>, columns: &[Option<ColumnData<'_>>], unit: &Unit) -> u64 {
        self.accounts.clear();
        self.accounts.extend(unit.iter().map(|group| {
            let mut params = [Lanes([0.0; WIDTH]); MAX_PARAMS];
            for (param, (lanes, axis)) in params.iter_mut().zip(field.grid.values()).enumerate() {
                *lanes = Lanes(group.rows.map(|row| axis[field.grid.position(row, param)]));
            }
            Account::new(params, &field.rules)
        }));
        self.snapshots.clear();
        self.snapshots.resize_with(unit.len(), Vec::new);
        let samples: Vec<bool> = unit
            .iter()
            .map(|group| {
                group
                    .rows
                    .iter()
                    .zip(group.active)
                    .any(|(row, active)| active && field.sampled.binary_search(row).is_ok())
            })
            .collect();
        for pack in &mut self.packs {
            pack.of = None;
        }
        for (bars, ends_block) in &field.cuts {
            let stretch = field.stretch(bars);
            let actions = field.actions.iter().filter(|(bar, _)| *bar == bars.start);
            for &(_, action) in actions {
                for account in &mut self.accounts {
                    account.act(action, &field.rules);
                }
            }
            for (number, group) in unit.iter().enumerate() {
                self.run_group(field, columns, group, number, bars, &stretch);
                if *ends_block && samples[number] {
                    let account = &self.accounts[number];
                    self.snapshots[number].push((account.sum, account.sum_squares));
                }
            }
        }
        self.collect(field, unit)
    }

    fn run_group(
        &mut self,
        field: &Field<'_>,
        columns: &[Option<ColumnData<'_>>],
        group: &Group,
        number: usize,
        bars: &Range<usize>,
        stretch: &Stretch<'_>,
    ) {
        self.packs.resize_with(group.columns.len(), Pack::default);
        let of = |number: u32| {
            let data = columns.get(number as usize).and_then(Option::as_ref);
            data.and_then(|data| data.values().get(bars.clone())).unwrap_or_default()
        };
        for (pack, numbers) in self.packs.iter_mut().zip(&group.columns) {
            if numbers.iter().any(|&other| other != numbers[0]) {
                pack.fill(*numbers, bars, of);
            }
        }
        let mut slots = [Slot::Shared(&[]); crate::target::MAX_COLUMNS];
        for ((slot, pack), numbers) in slots.iter_mut().zip(&self.packs).zip(&group.columns) {
            *slot = if numbers.iter().all(|&other| other == numbers[0]) {
                Slot::Shared(of(numbers[0]))
            } else {
                Slot::Packed(&pack.values)
            };
        }
        field.runner.run_stretch(LaneTask {
            account: &mut self.accounts[number],
            stretch,
            rules: &field.rules,
            slots: &slots[..group.columns.len()],
            marks: field.marks,
            changes: &mut self.changes,
        });
    }

    fn collect(&mut self, field: &Field<'_>, unit: &Unit) -> u64 {
        let mut rows = 0;
        for ((group, account), snapshots) in unit.iter().zip(&self.accounts).zip(&self.snapshots) {
            for lane in (0..WIDTH).filter(|&lane| group.active[lane]) {
                let row = group.rows[lane];
                rows += 1;
                let result = account.result(lane);
                self.found.rows.push((row, result));
                if !result.outside
                    && snapshots.len() > PBO_BLOCKS
                    && field.sampled.binary_search(&row).is_ok()
                {
                    let sums = snapshots.windows(2).map(|ends| BlockSum {
                        sum: ends[1].0.0[lane] - ends[0].0.0[lane],
                        sum_squares: ends[1].1.0[lane] - ends[0].1.0[lane],
                    });
                    self.found.blocks.push((row, sums.collect()));
                }
            }
        }
        rows
    }
}

impl Pack {
    fn fill<'a>(
        &mut self,
        numbers: [u32; WIDTH],
        bars: &Range<usize>,
        of: impl Fn(u32) -> &'a [f64],
    ) {
        if self.of == Some((numbers, bars.start)) {
            return;
        }
        self.of = Some((numbers, bars.start));
        let columns = numbers.map(|number| &of(number)[..bars.len()]);
        self.values.clear();
        self.values.extend((0..bars.len()).map(|bar| columns.map(|column| column[bar])));
    }
}
