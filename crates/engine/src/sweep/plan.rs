//! How the rows of a grid are laid out in lanes.
//!
//! Lanes run along the parameter with most values. Rows of one chunk of that parameter differ only
//! in the others, so a column that follows the chunk is packed once and read by all of them, and a
//! column that does not follow it is one value for all lanes.

use std::collections::HashMap;

use crate::columns::{Column, ColumnSpec};
use crate::lane::WIDTH;
use crate::strategy::StrategyError;
use crate::sweep::Grid;

/// Groups worked on together; they share packed columns, and their accounts fit the cache.
const GROUPS_PER_UNIT: usize = 128;

/// Rows side by side; a lane without a row repeats its neighbour.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) rows: [u64; WIDTH],
    /// Which lanes count.
    pub(super) active: [bool; WIDTH],
    /// Number of the column of each slot and lane.
    pub(super) columns: Vec<[u32; WIDTH]>,
}

/// Groups that one worker takes at a time.
pub(super) type Unit = Vec<Group>;

/// All rows of a grid in lanes, and the distinct columns that they read.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) units: Vec<Unit>,
    pub(super) columns: Vec<Column>,
}

/// Numbers for distinct columns.
#[derive(Debug, Default)]
struct ColumnTable {
    columns: Vec<Column>,
    numbers: HashMap<Column, u32>,
    /// For each slot: number by the values of the parameters that the slot depends on.
    by_position: Vec<HashMap<u64, u32>>,
}

impl ColumnTable {
    /// Number of slot `slot`'s column for grid row `row`.
    fn number(
        &mut self,
        grid: &Grid,
        specs: &[ColumnSpec],
        slot: usize,
        row: u64,
    ) -> Result<u32, StrategyError> {
        let mut key = 0;
        for (param, axis) in grid.values().iter().enumerate() {
            if axis.len() > 1 && specs[slot].depends_on(param) {
                key = key * axis.len() as u64 + grid.position(row, param) as u64;
            }
        }
        self.by_position.resize_with(specs.len(), HashMap::new);
        if let Some(&number) = self.by_position[slot].get(&key) {
            return Ok(number);
        }
        let column = specs[slot].resolve(&grid.params(row))?;
        let next = self.columns.len() as u32;
        let number = *self.numbers.entry(column.clone()).or_insert(next);
        if number == next {
            self.columns.push(column);
        }
        self.by_position[slot].insert(key, number);
        Ok(number)
    }
}

/// Lays all rows that satisfy the grid's conditions out in lanes.
pub(super) fn lay_out(grid: &Grid, specs: &[ColumnSpec]) -> Result<Layout, StrategyError> {
    let mut table = ColumnTable::default();
    let mut units = Vec::new();
    let mut unit = Unit::new();
    let mut add = |rows: [Option<u64>; WIDTH], unit: &mut Unit| -> Result<(), StrategyError> {
        let Some(first) = rows.iter().flatten().next().copied() else { return Ok(()) };
        let active = rows.map(|row| row.is_some_and(|row| grid.holds(row)));
        if !active.contains(&true) {
            return Ok(());
        }
        let rows = rows.map(|row| row.unwrap_or(first));
        let mut columns = Vec::with_capacity(specs.len());
        for slot in 0..specs.len() {
            let mut numbers = [0; WIDTH];
            for (number, &row) in numbers.iter_mut().zip(&rows) {
                *number = table.number(grid, specs, slot, row)?;
            }
            columns.push(numbers);
        }
        unit.push(Group { rows, active, columns });
        Ok(())
    };
    if let Some(drawn) = grid.drawn_rows() {
        for chunk in drawn.chunks(WIDTH) {
            add(std::array::from_fn(|lane| chunk.get(lane).copied()), &mut unit)?;
            flush(&mut unit, &mut units, GROUPS_PER_UNIT);
        }
    } else {
        let sizes: Vec<u64> = grid.values().iter().map(|axis| axis.len() as u64).collect();
        let axis = (0..sizes.len()).max_by_key(|&axis| sizes[axis]).unwrap_or_default();
        let length = sizes.get(axis).copied().unwrap_or(1);
        let inner: u64 = sizes.iter().skip(axis + 1).product();
        let others = grid.size() / length;
        for chunk in (0..length).step_by(WIDTH) {
            for other in 0..others {
                let base = other / inner * (length * inner) + other % inner;
                add(
                    std::array::from_fn(|lane| {
                        let position = chunk + lane as u64;
                        (position < length).then(|| base + position * inner)
                    }),
                    &mut unit,
                )?;
                flush(&mut unit, &mut units, GROUPS_PER_UNIT);
            }
            flush(&mut unit, &mut units, 1);
        }
    }
    flush(&mut unit, &mut units, 1);
    // The longest first: then no worker is left with a long one while the others wait.
    units.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
    Ok(Layout { units, columns: table.columns })
}

fn flush(unit: &mut Unit, units: &mut Vec<Unit>, at: usize) {
    if unit.len() >= at {
        units.push(std::mem::take(unit));
    }
}
