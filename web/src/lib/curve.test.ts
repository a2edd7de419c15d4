import { expect, it } from 'vitest';
import type { EquityPoint } from './api/schema';
import { growth, holdOf, monthlyReturns, worstFalls, yearly, yearsOf } from './curve';

const curve = (...values: [string, number, number?][]): EquityPoint[] =>
  values.map(([timestamp, equity, hold]) => ({
    timestamp,
    equity,
    drawdown: 0,
    buy_and_hold: hold ?? null,
  }));

it('takes months from close to close, and the year from all of them', () => {
  const { years, rows } = monthlyReturns(
    curve(['2019-11-29', 100], ['2019-12-02', 105], ['2019-12-31', 110], ['2020-02-28', 99]),
  );
  expect(years).toEqual(['2019', '2020']);
  expect(rows[0]?.months[10]).toBeCloseTo(0);
  expect(rows[0]?.months[11]).toBeCloseTo(0.1);
  expect(rows[0]?.year).toBeCloseTo(0.1);
  expect(rows[1]?.months[0]).toBeNull();
  expect(rows[1]?.months[1]).toBeCloseTo(-0.1);
});

it('measures what holding brought', () => {
  const hold = holdOf(curve(['a', 1, 100], ['b', 1, 150], ['c', 1, 90], ['d', 1, 120]));
  expect(hold?.totalReturn).toBeCloseTo(0.2);
  expect(hold?.maxDrawdown).toBeCloseTo(-0.4);
  expect(holdOf(curve(['a', 1]))).toBeNull();
});

it('undoes the yearly rate', () => {
  const years = yearsOf(0.21, 0.1);
  expect(years).toBeCloseTo(2);
  expect(yearly(0.21, years ?? 0)).toBeCloseTo(0.1);
  expect(yearsOf(0, 0)).toBeNull();
  expect(yearsOf(-1, -1)).toBeNull();
});

it('finds falls from peak to recovery, deepest first', () => {
  const falls = worstFalls(
    curve(['a', 100], ['b', 90], ['c', 95], ['d', 101], ['e', 60], ['f', 80]),
    5,
  );
  expect(falls).toEqual([
    { from: 'd', trough: 'e', to: null, depth: 60 / 101 - 1 },
    { from: 'a', trough: 'b', to: 'd', depth: 90 / 100 - 1 },
  ]);
});

it('starts growth at one', () => {
  expect(growth(curve(['a', 50], ['b', 75])).map((point) => point.value)).toEqual([1, 1.5]);
});
