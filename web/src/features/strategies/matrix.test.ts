import { expect, it } from 'vitest';
import type { Evaluation } from '@/lib/api/schema';
import evaluation from '../../../test/fixtures/evaluation.json';
import { bestRows, matrixOf } from './matrix';

const results = evaluation as unknown as Evaluation;

it('lays every strategy out on every ticker, best mean first', () => {
  const { tickers, strategies, cells } = matrixOf(results, 'out_of_sample');
  expect(tickers).toEqual(['AAPL', 'IBM', 'MSFT']);
  expect(strategies).toHaveLength(12);
  const means = cells.map(
    (row) => row.reduce((sum: number, value) => sum + (value ?? 0), 0) / row.length,
  );
  expect(means).toEqual([...means].sort((a, b) => b - a));
  const row = strategies.indexOf('sma_crossover');
  expect(cells[row]?.[0]).toBe(results.AAPL?.all_results.sma_crossover?.out_of_sample);
});

it('sets holding beside the best of each ticker', () => {
  const [aapl] = bestRows(results);
  expect(aapl).toMatchObject({ ticker: 'AAPL', strategy: 'sma_crossover' });
  expect(aapl?.hold).toBe(results.AAPL?.all_results.buy_and_hold?.out_of_sample);
});

it('keeps a ticker on which nothing ran', () => {
  const empty = { X: { best_strategy: null, best_score: null, metric: 'cagr', all_results: {} } };
  expect(bestRows(empty)[0]).toMatchObject({ ticker: 'X', strategy: null, outside: null });
  expect(matrixOf(empty, 'in_sample')).toEqual({ tickers: ['X'], strategies: [], cells: [] });
});
