import { expect, it } from 'vitest';
import type { Strategy } from '@/lib/api/schema';
import catalogue from '../../../test/fixtures/strategies.json';
import { readSentence } from './verbs';

const strategies = catalogue.strategies as unknown as Strategy[];
const read = (sentence: string) => readSentence(sentence, strategies, '2026-11-21');

it('reads verb, strategy, tickers and span in any order', () => {
  expect(read('backtest sma aapl 5y')).toEqual({
    kind: 'backtest',
    strategy: 'sma_crossover',
    tickers: ['AAPL'],
    from: '2021-11-21',
  });
  expect(read('Sweep ^gspc RSI')).toEqual({
    kind: 'sweep',
    strategy: 'rsi_mean_reversion',
    tickers: ['^GSPC'],
  });
  expect(read('backtest pairs ko pep')?.tickers).toEqual(['KO', 'PEP']);
});

it('waits for what is missing', () => {
  expect(read('backtest')).toBeNull();
  expect(read('backtest sma')).toBeNull();
  expect(read('aapl')).toBeNull();
  expect(read('')).toBeNull();
});
