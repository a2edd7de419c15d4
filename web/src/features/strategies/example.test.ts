import { expect, it } from 'vitest';
import { tradesOf } from './example';

const bars = ['01', '02', '03', '04', '05'].map((date, index) => ({
  date,
  open: index,
  high: index,
  low: index,
  close: index,
  volume: 1,
}));

it('makes trades of targets, turning over at once and leaving the last open', () => {
  const trades = tradesOf({ symbol: 'A', bars, targets: [null, 1, 1, -1, 0] });
  expect(trades.map((trade) => [trade.side, trade.entry_time, trade.exit_time])).toEqual([
    ['buy', '02', '04'],
    ['sell', '04', '05'],
  ]);
  expect(tradesOf({ symbol: 'A', bars, targets: [0, 0, 0, 0, 1] })[0]?.exit_time).toBeNull();
  expect(tradesOf({ symbol: 'A', bars, targets: [0, 0, null, 0, 0] })).toEqual([]);
});
