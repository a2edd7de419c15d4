//! Which rows come first.

use std::cmp::Ordering;

use quant::metrics::{Direction, direction};

use super::{Row, SweepResult};

/// Place of a row in a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Index into [`SweepResult::rows`].
    pub index: usize,
}

/// The best `count` rows: by the metric that scored them, then by fewer trades, then in grid
/// order; rows without a score come last.
pub fn rank(result: &SweepResult, metric: &str, count: usize) -> Vec<Ranked> {
    let lower_is_better = direction(metric) == Some(Direction::LowerIsBetter);
    let rows = &result.rows;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let compare =
        |&a: &usize, &b: &usize| compare(&rows[a], &rows[b], lower_is_better).then(a.cmp(&b));
    if count < order.len() {
        order.select_nth_unstable_by(count, compare);
        order.truncate(count);
    }
    order.sort_unstable_by(compare);
    order.into_iter().map(|index| Ranked { index }).collect()
}

fn compare(a: &Row, b: &Row, lower_is_better: bool) -> Ordering {
    let by_score = match (a.score.is_nan(), b.score.is_nan()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) if lower_is_better => a.score.total_cmp(&b.score),
        (false, false) => b.score.total_cmp(&a.score),
    };
    by_score.then(a.closed_trades.cmp(&b.closed_trades))
}
