//! A sweep in parts: each is run apart, even on another machine, and joined they are the whole.
//!
//! A part is a box of the grid, so that lanes work on it as on a grid of its own. The rows that
//! cross-validation compares are drawn from the whole grid, whatever part they lie in.

use std::ops::Range;

use quant::statistics::BlockSum;

use super::{Grid, Row, Sweep, SweepResult, Watch, run_subjects, sampled_rows};
use crate::strategy::StrategyError;

/// Words of a row in the flat form of a result.
const ROW_WORDS: usize = 9;

/// Some rows of a grid.
#[derive(Clone, Debug)]
pub struct GridPart {
    start: u64,
    grid: Grid,
}

impl Grid {
    /// Cuts the grid into parts of about `most` rows each, conditions apart, in grid order.
    pub fn parts(&self, most: u64) -> Vec<Range<u64>> {
        self.boxes(most)
    }

    /// The part with these rows; `None` for a range that [`Grid::parts`] would not give.
    pub fn part(&self, rows: &Range<u64>) -> Option<GridPart> {
        Some(GridPart { start: rows.start, grid: self.box_of(rows)? })
    }
}

/// Runs a part of a sweep. `whole` names the whole grid.
///
/// # Errors
/// As [`sweep`](super::sweep).
pub fn sweep_part(
    whole: &Sweep<'_>,
    part: &GridPart,
    watch: &Watch,
) -> Result<SweepResult, StrategyError> {
    let GridPart { start, grid } = part;
    let task = Sweep { grid, ..*whole };
    let inside = *start..start + grid.size();
    let sampled = |observations| {
        let rows = sampled_rows(whole, observations).into_iter();
        rows.filter(|row| inside.contains(row)).map(|row| row - start).collect()
    };
    let mut found = run_subjects(&task, sampled, watch)?;
    for row in &mut found.rows {
        row.row += start;
    }
    Ok(found)
}

impl SweepResult {
    /// Puts a part's result behind what is there. `first`: the subject of the whole that is the
    /// part's first. Parts come by subject, then in grid order.
    pub fn append(&mut self, first: usize, part: Self) {
        let subjects = first + part.observations.len();
        self.observations.resize(self.observations.len().max(subjects), 0);
        self.blocks.resize_with(self.blocks.len().max(subjects), Vec::new);
        for (offset, observations) in part.observations.into_iter().enumerate() {
            self.observations[first + offset] = observations;
        }
        for (offset, blocks) in part.blocks.into_iter().enumerate() {
            self.blocks[first + offset].extend(blocks);
        }
        let moved = |row: Row| Row { subject: row.subject + first as u32, ..row };
        self.rows.extend(part.rows.into_iter().map(moved));
        self.through_kernel += part.through_kernel;
    }

    /// The result as words, with every bit of every number, for keeping it.
    pub fn to_words(&self) -> Vec<u64> {
        let mut words = vec![self.through_kernel, self.observations.len() as u64];
        for (observations, variants) in self.observations.iter().zip(&self.blocks) {
            let blocks = variants.first().map_or(0, Vec::len);
            words.extend([*observations as u64, variants.len() as u64, blocks as u64]);
            for sum in variants.iter().flatten() {
                words.extend([sum.sum.to_bits(), sum.sum_squares.to_bits()]);
            }
        }
        words.push(self.rows.len() as u64);
        for row in &self.rows {
            words.extend([
                u64::from(row.subject),
                row.row,
                row.final_equity.to_bits(),
                row.total_return.to_bits(),
                row.bar_sharpe.to_bits(),
                row.bar_deviation.to_bits(),
                row.max_drawdown.to_bits(),
                u64::from(row.closed_trades),
                row.score.to_bits(),
            ]);
        }
        words
    }

    /// The result that [`to_words`](Self::to_words) made these words of; `None` for other words.
    pub fn from_words(words: &[u64]) -> Option<Self> {
        let mut words = Words(words);
        let mut result = Self { through_kernel: words.next()?, ..Self::default() };
        for _ in 0..words.count(3)? {
            result.observations.push(usize::try_from(words.next()?).ok()?);
            let (variants, blocks) = (words.next()?, words.next()?);
            if variants > 0 && blocks == 0 {
                return None;
            }
            let variants: Option<Vec<_>> = (0..variants)
                .map(|_| (0..blocks).map(|_| words.block()).collect::<Option<Vec<_>>>())
                .collect();
            result.blocks.push(variants?);
        }
        for _ in 0..words.count(ROW_WORDS)? {
            result.rows.push(words.row()?);
        }
        words.0.is_empty().then_some(result)
    }
}

/// Words that are yet to be read.
struct Words<'a>(&'a [u64]);

impl Words<'_> {
    fn next(&mut self) -> Option<u64> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// A number of things of at least `words` words each, so never more than there can be.
    fn count(&mut self, words: usize) -> Option<u64> {
        self.next().filter(|&count| count <= (self.0.len() / words) as u64)
    }

    fn float(&mut self) -> Option<f64> {
        self.next().map(f64::from_bits)
    }

    fn block(&mut self) -> Option<BlockSum> {
        Some(BlockSum { sum: self.float()?, sum_squares: self.float()? })
    }

    fn row(&mut self) -> Option<Row> {
        Some(Row {
            subject: u32::try_from(self.next()?).ok()?,
            row: self.next()?,
            final_equity: self.float()?,
            total_return: self.float()?,
            bar_sharpe: self.float()?,
            bar_deviation: self.float()?,
            max_drawdown: self.float()?,
            closed_trades: u32::try_from(self.next()?).ok()?,
            score: self.float()?,
        })
    }
}
