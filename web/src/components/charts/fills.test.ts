import { expect, it } from 'vitest';
import type { Trade } from '@/lib/api/schema';
import { clusterFills, fillsOf } from './fills';

const trade = (side: 'buy' | 'sell', entry: string, exit: string | null) =>
  ({ side, entry_time: entry, exit_time: exit }) as Trade;

it('makes two fills of a closed trade and one of an open one', () => {
  const fills = fillsOf([
    trade('sell', '2020-02-03', null),
    trade('buy', '2020-01-02', '2020-01-09'),
  ]);
  expect(fills.map((fill) => [fill.time, fill.side])).toEqual([
    ['2020-01-02', 'buy'],
    ['2020-01-09', 'sell'],
    ['2020-02-03', 'sell'],
  ]);
});

it('joins near fills of one side and loses none', () => {
  const days = ['01', '02', '03', '10', '11', '30'];
  const fills = days.map((day, i) => ({
    time: day,
    side: i % 2 === 0 ? ('buy' as const) : ('sell' as const),
    count: 1,
  }));
  const joined = clusterFills(fills, Number, 10);
  expect(joined.map((mark) => [mark.time, mark.side, mark.count])).toEqual([
    ['01', 'buy', 2],
    ['02', 'sell', 2],
    ['11', 'buy', 1],
    ['30', 'sell', 1],
  ]);
  expect(clusterFills(fills, Number, 1)).toHaveLength(6);
});
