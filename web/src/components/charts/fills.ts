import type { Trade } from '@/lib/api/schema';

/** One execution of a trade, as the price chart marks it. */
export interface FillMark {
  time: string;
  side: 'buy' | 'sell';
  /** How many fills this mark stands for. */
  count: number;
}

/** Entries and exits in order of time. */
export function fillsOf(trades: readonly Trade[]): FillMark[] {
  const fills = trades.flatMap((trade): FillMark[] => {
    const exit = trade.side === 'buy' ? 'sell' : 'buy';
    const entered: FillMark = { time: trade.entry_time, side: trade.side, count: 1 };
    return trade.exit_time === null
      ? [entered]
      : [entered, { time: trade.exit_time, side: exit, count: 1 }];
  });
  return fills.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/**
 * Joins fills of one side that lie closer than `gap` bars, so that dense ones stay readable.
 *
 * `indexOf` gives a time's bar. Each cluster stands at its first fill.
 */
export function clusterFills(
  fills: readonly FillMark[],
  indexOf: (time: string) => number,
  gap: number,
): FillMark[] {
  const open: Partial<Record<FillMark['side'], { mark: FillMark; at: number }>> = {};
  const marks: FillMark[] = [];
  for (const fill of fills) {
    const at = indexOf(fill.time);
    const cluster = open[fill.side];
    if (cluster && at - cluster.at < gap) {
      cluster.mark.count += fill.count;
    } else {
      const mark = { ...fill };
      marks.push(mark);
      open[fill.side] = { mark, at };
    }
  }
  return marks;
}
