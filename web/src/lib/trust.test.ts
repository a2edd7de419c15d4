import { expect, it } from 'vitest';
import rsi from '../../test/fixtures/backtest-rsi.json';
import type { BacktestReport } from './api/schema';
import { trustOf } from './trust';

const report = rsi as unknown as BacktestReport;

/** A report to which no objection is left. */
const sound: BacktestReport = {
  ...report,
  statistics: { ...report.statistics, deflated_sharpe: 0.97 },
  metrics: { ...report.metrics, closed_trades: 30 },
  robustness: {
    split_at: '2009-04-01',
    in_sample: { sharpe_ratio: 1.2 },
    out_of_sample: { sharpe_ratio: 0.6 },
  },
};

const met = (changed: Partial<BacktestReport>) =>
  Object.fromEntries(trustOf({ ...sound, ...changed }).reasons.map((r) => [r.id, r.isMet]));

it('gives five points when nothing is left to say against a result', () => {
  expect(trustOf(sound).score).toBe(5);
});

it('takes a point for each reason that fails', () => {
  expect(met({ fees: 0 }).costs).toBe(false);
  expect(met({ metrics: { closed_trades: 29 } }).trades).toBe(false);
  expect(met({ statistics: { ...sound.statistics, deflated_sharpe: 0.94 } }).variants).toBe(false);
  expect(met({ from: '2001-01-02' }).regimes).toBe(false);
  expect(trustOf({ ...sound, fees: 0, from: '2001-01-02' }).score).toBe(3);
});

it('tells what nobody measured from what failed', () => {
  expect(met({ robustness: undefined }).out_of_sample).toBeNull();
  expect(met({ statistics: { ...sound.statistics, deflated_sharpe: null } }).variants).toBeNull();
});

it('wants half of the in-sample Sharpe ratio kept, and one to keep', () => {
  const robust = (inside: number, outside: number) =>
    met({
      robustness: {
        split_at: '',
        in_sample: { sharpe_ratio: inside },
        out_of_sample: { sharpe_ratio: outside },
      },
    }).out_of_sample;
  expect(robust(1, 0.5)).toBe(true);
  expect(robust(1, 0.49)).toBe(false);
  expect(robust(-1, -0.2)).toBe(false);
  expect(robust(-0.24, 0.02)).toBe(false);
});

it('believes nothing that looked ahead, and not quite all that was not checked', () => {
  const failed = { passed: false, checked: 9, cuts: 3, first_difference: null };
  expect(trustOf({ ...sound, lookahead: failed }).score).toBe(0);
  expect(trustOf({ ...sound, lookahead: undefined }).score).toBe(4);
});
