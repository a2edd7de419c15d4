import { expect, it } from 'vitest';
import { RULE } from '@/components/lab/param-form';
import type { Strategy } from '@/lib/api/schema';
import catalogue from '../../../test/fixtures/strategies.json';
import {
  gridSize,
  initialValues,
  readBacktest,
  readGrid,
  readSweep,
  readWalkForward,
  searchOf,
} from './form-values';
import { parseSearch } from './search';

const strategy = (name: string) => {
  const found = catalogue.strategies.find((entry) => entry.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found as unknown as Strategy;
};
const sma = strategy('sma_crossover');

it('sends the catalogue’s defaults untouched', () => {
  const { request, errors } = readBacktest(initialValues({ tickers: 'aapl, ibm' }), sma);
  expect(errors).toEqual({});
  expect(request).toMatchObject({
    tickers: ['AAPL', 'IBM'],
    params: { fast: 20, slow: 50 },
    cash: 10_000,
    fee_bps: 5,
    slippage_bps: 2,
    start_date: null,
  });
});

it.each([
  [{ params: { fast: '' } }, 'fast'],
  [{ params: { fast: '2.5' } }, 'fast'],
  [{ params: { fast: '0' } }, 'fast'],
  [{ params: { fast: '50' } }, RULE],
  [{ tickers: ' , ' }, 'tickers'],
  [{ tickers: 'A'.repeat(21) }, 'tickers'],
  [{ cash: '0' }, 'cash'],
  [{ cash: 'x' }, 'cash'],
  [{ feeBps: '-1' }, 'feeBps'],
  [{ slippageBps: '' }, 'slippageBps'],
  [{ from: '2020-01-02', to: '2019-01-02' }, 'to'],
])('refuses %o', (change, field) => {
  const { errors } = readBacktest({ ...initialValues({}), ...change }, sma);
  expect(Object.keys(errors)).toEqual([field]);
});

it('wants both legs of a pair', () => {
  expect(readBacktest(initialValues({}), strategy('pairs_zscore')).errors).toHaveProperty(
    'tickers',
  );
});

it('opens the form again with the request of a run', () => {
  const { request } = readBacktest(
    {
      ...initialValues({ tickers: 'IBM' }),
      params: { fast: '7' },
      allowShort: true,
      fill: 'close',
    },
    sma,
  );
  const search = parseSearch(JSON.parse(JSON.stringify(searchOf(request, 'backtest'))));
  expect(readBacktest(initialValues(search), sma).request).toEqual(request);
});

it('reads ranges and lists, and counts their values', () => {
  expect(readGrid('2:100:1')).toEqual({ from: 2, to: 100, step: 1 });
  expect(readGrid('5, 10,20')).toEqual([5, 10, 20]);
  expect([
    readGrid('5:1:1'),
    readGrid('1:5:0'),
    readGrid(''),
    readGrid('a'),
    readGrid('1,,2'),
  ]).toEqual([null, null, null, null, null]);
  expect(gridSize({ from: 1.5, to: 2.5, step: 0.25 })).toBe(5);
  expect(gridSize([1, 2])).toBe(2);
});

it('sweeps the proposed ranges under the strategy’s own rule', () => {
  const { request, errors } = readSweep({ ...initialValues({}), grid: { fast: '5, 10' } }, sma);
  expect(errors).toEqual({});
  expect(request).toMatchObject({
    grid: { fast: [5, 10], slow: { from: 5, to: 200, step: 5 } },
    where: 'fast<slow',
  });
});

it('walks forward by sessions', () => {
  const { request, errors } = readWalkForward({ ...initialValues({}), train: '0' }, sma);
  expect(errors).toHaveProperty('train');
  expect(request).toMatchObject({ test: 126, anchored: false });
});
