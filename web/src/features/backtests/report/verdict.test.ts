import { expect, it } from 'vitest';
import type { BacktestReport } from '@/lib/api/schema';
import rsi from '../../../../test/fixtures/backtest-rsi.json';
import { verdictOf } from './verdict';

const report = rsi as unknown as BacktestReport;
const title = (total: number, hold: number | null) =>
  verdictOf({ ...report, metrics: { ...report.metrics, total_return: total } }, hold, 13).title;

it('measures a result against holding', () => {
  expect(title(0.5, 0.2)).toBe('Beats buy-and-hold after costs');
  expect(title(0.5, 0.9)).toBe('Gains, but less than buy-and-hold');
  expect(title(-0.5, 0.9)).toBe('Loses money where holding gains');
  expect(title(-0.2, -0.5)).toBe('Loses money, but less than buy-and-hold');
  expect(title(0.5, null)).toBe('Gains after costs');
});

it('says what chance could have done', () => {
  const text = verdictOf(report, 4, 13).sentences.join(' ');
  expect(text).toContain('−50.5%');
  expect(text).toContain('cannot be told from luck');
  expect(text).toContain('8 closed trades');
});

it('tells that a strategy never traded', () => {
  expect(verdictOf({ ...report, trades: [] }, 1, 1).title).toBe('Never traded');
});

it('believes nothing that looked ahead', () => {
  const lookahead = { passed: false, checked: 1, cuts: 1, first_difference: null };
  expect(verdictOf({ ...report, lookahead }, 1, 1).title).toBe(
    'Looked ahead: its result means nothing',
  );
});
