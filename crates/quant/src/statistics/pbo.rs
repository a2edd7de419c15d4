//! Probability of backtest overfitting by combinatorially symmetric cross-validation.
//!
//! Source: Bailey, Borwein, López de Prado & Zhu, “The Probability of Backtest Overfitting” (2015).
//! Time is cut into blocks; each choice of half of them as training picks the variant with the
//! best Sharpe ratio there, and the other half shows where that variant then ranks. Only Σr and
//! Σr² of each block are needed, so a sweep never keeps its returns.

/// More blocks than this would need more combinations than a report may take time for.
const MOST_BLOCKS: usize = 20;

/// Below this share of Σr² a dispersion is rounding noise.
const NO_DISPERSION: f64 = 1e-12;

/// Why a probability of backtest overfitting cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PboError {
    /// The number of blocks is odd, or out of range.
    #[error("{blocks} blocks: an even number from 2 to 20 is needed")]
    Blocks {
        /// The number asked for.
        blocks: usize,
    },
    /// There is not even one return for each block, or only one for each half.
    #[error("{observations} returns are too few for {blocks} blocks")]
    TooFewReturns {
        /// The number of returns of a variant.
        observations: usize,
        /// The number of blocks asked for.
        blocks: usize,
    },
    /// Nothing can be selected among fewer than two variants.
    #[error("{variants} variants: at least 2 are needed")]
    TooFewVariants {
        /// The number of variants.
        variants: usize,
    },
    /// A variant has another number of returns, or of blocks, than the first one.
    #[error("variant {variant} has {found} values, not {expected}")]
    Ragged {
        /// The variant's index.
        variant: usize,
        /// What it has.
        found: usize,
        /// What the others have.
        expected: usize,
    },
    /// A return is not finite.
    #[error("variant {variant} has a return that is not finite")]
    NotFinite {
        /// The variant's index.
        variant: usize,
    },
}

/// Sums of the returns of one variant in one block, added plainly, oldest first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BlockSum {
    /// Σr.
    pub sum: f64,
    /// Σr².
    pub sum_squares: f64,
}

impl BlockSum {
    /// Sums one block of returns.
    pub fn of(returns: &[f64]) -> BlockSum {
        returns.iter().fold(BlockSum::default(), |total, r| BlockSum {
            sum: total.sum + r,
            sum_squares: total.sum_squares + r * r,
        })
    }

    fn plus(self, other: BlockSum) -> BlockSum {
        BlockSum { sum: self.sum + other.sum, sum_squares: self.sum_squares + other.sum_squares }
    }
}

/// What is kept of each variant: its returns summed over equal blocks of time.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockSums {
    observations: usize,
    blocks: usize,
    /// Variant after variant, each with its blocks in the order of time.
    sums: Vec<BlockSum>,
}

impl BlockSums {
    /// Prepares for variants of `observations` returns each, cut into `blocks` equal blocks; the
    /// first `observations mod blocks` returns are left out.
    ///
    /// # Errors
    /// [`PboError::Blocks`] for an odd number of blocks or one out of range, and
    /// [`PboError::TooFewReturns`].
    pub fn new(observations: usize, blocks: usize) -> Result<BlockSums, PboError> {
        if !(2..=MOST_BLOCKS).contains(&blocks) || !blocks.is_multiple_of(2) {
            return Err(PboError::Blocks { blocks });
        }
        if observations / blocks * (blocks / 2) < 2 {
            return Err(PboError::TooFewReturns { observations, blocks });
        }
        Ok(BlockSums { observations, blocks, sums: Vec::new() })
    }

    /// Sums a matrix of returns, `rows[t][variant]`, oldest first.
    ///
    /// # Errors
    /// As [`new`](Self::new) and [`push_returns`](Self::push_returns).
    pub fn from_rows<R: AsRef<[f64]>>(rows: &[R], blocks: usize) -> Result<BlockSums, PboError> {
        let mut sums = BlockSums::new(rows.len(), blocks)?;
        let variants = rows.first().map_or(0, |row| row.as_ref().len());
        let mut column = Vec::with_capacity(rows.len());
        for variant in 0..variants {
            column.clear();
            column.extend(rows.iter().filter_map(|row| row.as_ref().get(variant)));
            sums.push_returns(&column)?;
        }
        // A row that is longer than the first one shows only here.
        if let Some(row) = rows.iter().find(|row| row.as_ref().len() != variants) {
            let found = row.as_ref().len();
            return Err(PboError::Ragged { variant: variants, found, expected: variants });
        }
        Ok(sums)
    }

    /// Adds a variant by its returns.
    ///
    /// # Errors
    /// [`PboError::Ragged`] when there are not as many returns as announced,
    /// [`PboError::NotFinite`].
    pub fn push_returns(&mut self, returns: &[f64]) -> Result<(), PboError> {
        let (variant, found, expected) = (self.variants(), returns.len(), self.observations);
        if found != expected {
            return Err(PboError::Ragged { variant, found, expected });
        }
        let blocks = returns[self.dropped()..].chunks_exact(self.block_length());
        let sums: Vec<BlockSum> = blocks.map(BlockSum::of).collect();
        self.push_sums(&sums)
    }

    /// Adds a variant by the sums of its blocks, in the order of time.
    ///
    /// # Errors
    /// [`PboError::Ragged`] when there are not as many sums as blocks, [`PboError::NotFinite`].
    pub fn push_sums(&mut self, sums: &[BlockSum]) -> Result<(), PboError> {
        let (variant, found, expected) = (self.variants(), sums.len(), self.blocks);
        if found != expected {
            return Err(PboError::Ragged { variant, found, expected });
        }
        if !sums.iter().all(|block| block.sum.is_finite() && block.sum_squares.is_finite()) {
            return Err(PboError::NotFinite { variant });
        }
        self.sums.extend_from_slice(sums);
        Ok(())
    }

    /// The number of variants added so far.
    pub fn variants(&self) -> usize {
        self.sums.len() / self.blocks
    }

    /// The number of blocks.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// How many of the oldest returns belong to no block.
    pub fn dropped(&self) -> usize {
        self.observations % self.blocks
    }

    /// The number of returns in a block.
    pub fn block_length(&self) -> usize {
        self.observations / self.blocks
    }
}

/// What the cross-validation found.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Pbo {
    /// Share of combinations in which the variant chosen in sample ranks in the lower half, or in
    /// the middle, out of sample (logit ≤ 0).
    pub pbo: f64,
    /// Mean of ln(ω/(1−ω)), ω = rank/(variants + 1) of the chosen variant out of sample.
    pub mean_logit: f64,
    /// Share of combinations in which the chosen variant has a Sharpe ratio below 0 out of sample.
    pub probability_of_oos_loss: f64,
    /// Slope of the chosen variants' Sharpe ratios out of sample on those in sample, both per
    /// period; undefined when the latter never vary.
    pub slope: Option<f64>,
    /// The number of blocks.
    pub blocks: usize,
    /// The number of ways to choose half of them.
    pub combinations: usize,
    /// The number of variants.
    pub variants: usize,
}

/// Cross-validates the choice of the variant with the best Sharpe ratio.
///
/// The first variant wins a tie; ranks of equal ratios are averaged. A variant without dispersion,
/// such as one that never traded, counts with a ratio of 0.
///
/// # Errors
/// [`PboError::TooFewVariants`] for fewer than two.
pub fn pbo(blocks: &BlockSums) -> Result<Pbo, PboError> {
    let variants = blocks.variants();
    if variants < 2 {
        return Err(PboError::TooFewVariants { variants });
    }
    // A half is a subset of the early blocks plus a subset of the late ones. All these subsets are
    // summed once, so that a combination costs one addition a variant, and each subset of blocks
    // has one sum, whatever order the combinations come in.
    let early_blocks = blocks.blocks / 2;
    let early = subset_sums(blocks, 0, early_blocks);
    let late = subset_sums(blocks, early_blocks, blocks.blocks - early_blocks);
    let half = |mask: usize, sharpes: &mut [f64]| {
        let early = &early[(mask & ((1 << early_blocks) - 1)) * variants..][..variants];
        let late = &late[(mask >> early_blocks) * variants..][..variants];
        sharpes_of_half(early, late, blocks.block_length() * early_blocks, sharpes);
    };

    let all = (1_usize << blocks.blocks) - 1;
    let mut tally = Tally::default();
    let (mut one, mut other) = (vec![0.0; variants], vec![0.0; variants]);
    // Halves come in complementary pairs, each in turn the training half. Those that hold the last
    // block are the others' complements.
    for mask in (0..=all >> 1).filter(|mask| mask.count_ones() as usize == early_blocks) {
        half(mask, &mut one);
        half(all & !mask, &mut other);
        tally.add(&one, &other);
        tally.add(&other, &one);
    }
    Ok(tally.result(blocks))
}

/// Sums of every subset of `count` blocks from `first`: all variants of subset 0, then of 1, ….
fn subset_sums(blocks: &BlockSums, first: usize, count: usize) -> Vec<BlockSum> {
    let variants = blocks.variants();
    let mut sums = vec![BlockSum::default(); variants << count];
    for subset in 1..1_usize << count {
        let lowest = subset.trailing_zeros() as usize;
        let (known, target) = sums.split_at_mut(subset * variants);
        let rest = &known[(subset & (subset - 1)) * variants..][..variants];
        let columns = blocks.sums.chunks_exact(blocks.blocks);
        for ((target, rest), column) in target.iter_mut().zip(rest).zip(columns) {
            *target = rest.plus(column[first + lowest]);
        }
    }
    sums
}

/// Sharpe ratios per period of all variants over one half of the blocks, `n` returns.
fn sharpes_of_half(early: &[BlockSum], late: &[BlockSum], n: usize, sharpes: &mut [f64]) {
    let n = n as f64;
    for ((sharpe, early), late) in sharpes.iter_mut().zip(early).zip(late) {
        let total = early.plus(*late);
        let mean = total.sum / n;
        let scatter = total.sum_squares - total.sum * mean;
        let ratio = mean / (scatter / (n - 1.0)).sqrt();
        *sharpe = if scatter > NO_DISPERSION * total.sum_squares { ratio } else { 0.0 };
    }
}

/// Running sums over combinations.
#[derive(Default)]
struct Tally {
    combinations: usize,
    not_above_middle: usize,
    losses: usize,
    logits: f64,
    pairs: Vec<(f64, f64)>,
}

impl Tally {
    fn add(&mut self, train: &[f64], test: &[f64]) {
        let (mut best, mut highest) = (0, f64::NEG_INFINITY);
        for (variant, sharpe) in train.iter().enumerate() {
            if *sharpe > highest {
                (best, highest) = (variant, *sharpe);
            }
        }
        let out_of_sample = test[best];
        let (mut below, mut equal) = (0_usize, 0_usize);
        for sharpe in test {
            below += usize::from(*sharpe < out_of_sample);
            equal += usize::from(*sharpe == out_of_sample);
        }
        let above = test.len() - below - equal;
        // Twice the average-tie rank, and twice its distance from the top: whole numbers, so that
        // the middle is exactly the middle. ω/(1−ω) = rank/(variants + 1 − rank).
        let (rank, from_top) = (2 * below + equal + 1, 2 * above + equal + 1);
        self.combinations += 1;
        self.not_above_middle += usize::from(rank <= from_top);
        self.losses += usize::from(out_of_sample < 0.0);
        self.logits += libm::log(rank as f64 / from_top as f64);
        self.pairs.push((highest, out_of_sample));
    }

    fn result(&self, blocks: &BlockSums) -> Pbo {
        let combinations = self.combinations as f64;
        Pbo {
            pbo: self.not_above_middle as f64 / combinations,
            mean_logit: self.logits / combinations,
            probability_of_oos_loss: self.losses as f64 / combinations,
            slope: slope(&self.pairs),
            blocks: blocks.blocks,
            combinations: self.combinations,
            variants: blocks.variants(),
        }
    }
}

/// Slope of the least-squares line of y on x.
fn slope(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean_x = pairs.iter().map(|(x, _)| x).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut covariation, mut variation) = (0.0, 0.0);
    let varies = pairs.windows(2).any(|pair| pair[0].0 != pair[1].0);
    for (x, y) in pairs {
        covariation += (x - mean_x) * (y - mean_y);
        variation += (x - mean_x) * (x - mean_x);
    }
    let slope = covariation / variation;
    (varies && slope.is_finite()).then_some(slope)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{BlockSum, BlockSums, PboError, pbo};

    fn of_columns(columns: &[Vec<f64>], blocks: usize) -> BlockSums {
        let mut sums = BlockSums::new(columns[0].len(), blocks).unwrap();
        columns.iter().for_each(|column| sums.push_returns(column).unwrap());
        sums
    }

    /// Returns that differ in every block, without a generator of random numbers.
    fn wave(length: usize, step: f64) -> Vec<f64> {
        (0..length).map(|t| libm::sin(1.0 + step * t as f64) * 0.01).collect()
    }

    #[test]
    fn faults() {
        for blocks in [0, 1, 3, 22] {
            assert_eq!(BlockSums::new(1000, blocks).err(), Some(PboError::Blocks { blocks }));
        }
        let too_few = PboError::TooFewReturns { observations: 3, blocks: 4 };
        assert_eq!(BlockSums::new(3, 4).err(), Some(too_few));
        assert!(BlockSums::new(2, 2).is_err(), "a half of one return has no deviation");
        assert!(BlockSums::new(4, 4).is_ok());

        let mut sums = BlockSums::new(8, 4).unwrap();
        let ragged = PboError::Ragged { variant: 0, found: 7, expected: 8 };
        assert_eq!(sums.push_returns(&[0.0; 7]), Err(ragged));
        assert_eq!(sums.push_returns(&[f64::NAN; 8]), Err(PboError::NotFinite { variant: 0 }));
        sums.push_returns(&[0.1; 8]).unwrap();
        assert_eq!(pbo(&sums), Err(PboError::TooFewVariants { variants: 1 }));

        let rows = [vec![0.1, 0.2], vec![0.1, 0.2], vec![0.1], vec![0.1, 0.2]];
        assert!(matches!(BlockSums::from_rows(&rows, 2), Err(PboError::Ragged { .. })));
        let rows = [vec![0.1], vec![0.2], vec![0.3], vec![0.4, 0.5]];
        assert!(matches!(BlockSums::from_rows(&rows, 2), Err(PboError::Ragged { .. })));
    }

    #[test]
    fn the_oldest_returns_are_dropped() {
        let mut long = wave(43, 0.7);
        long[..3].fill(9.0);
        let other = wave(43, 1.3);
        let with = of_columns(&[long.clone(), other.clone()], 4);
        assert_eq!((with.dropped(), with.block_length()), (3, 10));
        let without = of_columns(&[long[3..].to_vec(), other[3..].to_vec()], 4);
        assert_eq!(pbo(&with), pbo(&without));
    }

    #[test]
    fn identical_variants_are_in_the_middle_everywhere() {
        let found = pbo(&of_columns(&vec![wave(64, 0.7); 5], 8)).unwrap();
        assert_eq!((found.pbo, found.mean_logit, found.combinations), (1.0, 0.0, 70));
    }

    #[test]
    fn a_variant_that_is_better_everywhere_is_not_overfitted() {
        let columns: Vec<Vec<f64>> = (0..4)
            .map(|skill| wave(64, 0.7).iter().map(|r| r + 0.01 * f64::from(skill)).collect())
            .collect();
        let found = pbo(&of_columns(&columns, 8)).unwrap();
        assert_eq!((found.pbo, found.probability_of_oos_loss), (0.0, 0.0));
        assert!((found.mean_logit - 4.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_first_variant_wins_a_tie() {
        // Equal in the first block; in the second one the first variant is better. So it is chosen
        // both times, and ranks first of two, then in the middle of a tie.
        let better = vec![0.01, 0.02, 0.03, 0.02];
        let worse = vec![0.01, 0.02, 0.03, -0.02];
        let found = pbo(&of_columns(&[better, worse], 2)).unwrap();
        assert_eq!((found.combinations, found.pbo), (2, 0.5));
        assert!((found.mean_logit - 2.0_f64.ln() / 2.0).abs() < 1e-15);
    }

    #[test]
    fn variants_that_never_trade_count_as_zero() {
        let losing: Vec<f64> = wave(32, 0.7).iter().map(|r| r - 0.02).collect();
        let found = pbo(&of_columns(&[losing, vec![0.0; 32]], 4)).unwrap();
        assert_eq!((found.pbo, found.probability_of_oos_loss, found.slope), (0.0, 0.0, None));
    }

    proptest! {
        #[test]
        fn sums_say_all_that_returns_say(columns in vec(vec(-0.05_f64..0.05, 50), 2..8)) {
            let by_returns = of_columns(&columns, 6);
            let mut by_sums = BlockSums::new(50, 6).unwrap();
            for column in &columns {
                let sums: Vec<BlockSum> = column[2..].chunks(8).map(BlockSum::of).collect();
                by_sums.push_sums(&sums).unwrap();
            }
            prop_assert_eq!(&by_sums, &by_returns);
            let found = pbo(&by_sums).unwrap();
            prop_assert!((0.0..=1.0).contains(&found.pbo));
            prop_assert!((0.0..=1.0).contains(&found.probability_of_oos_loss));
            prop_assert_eq!(found.combinations, 20);
        }

        /// The order of variants matters to ties only; of returns within a block, to nothing.
        #[test]
        fn the_order_of_distinct_variants_is_no_matter(columns in vec(vec(-0.05_f64..0.05, 48), 2..8)) {
            let forwards = pbo(&of_columns(&columns, 6)).unwrap();
            let reversed: Vec<Vec<f64>> = columns.iter().rev().cloned().collect();
            prop_assert_eq!(forwards, pbo(&of_columns(&reversed, 6)).unwrap());
        }
    }
}
